package node

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// Evidence gives what anybody needs to check one entry without us: its bytes, its words, its
// inclusion proof and the signed checkpoint (证据). memberName is what the file calls the member.
func Evidence(ctx context.Context, tx *store.Tx, name string, index int64, memberName string) (book.Evidence, error) {
	var e stored
	err := tx.Row(ctx, `SELECT entry, salt, words, erased FROM book_entry WHERE book = ? AND idx = ?`, name, index).
		Scan(&e.entry, &e.salt, &e.words, &e.erased)
	if errors.Is(err, sql.ErrNoRows) {
		return book.Evidence{}, unknownEntry(ctx, tx, name, index)
	}
	if err != nil {
		return book.Evidence{}, fmt.Errorf("entry %d of %s: %w", index, name, err)
	}
	head, checkpoint, err := Head(ctx, tx, name)
	if err != nil {
		return book.Evidence{}, err
	}
	if size, err := book.SizeOf(checkpoint); err != nil || size != head.Size {
		return book.Evidence{}, refuse.New("node.catching-up", "book", name)
	}
	words, err := e.state()
	if err != nil {
		return book.Evidence{}, fmt.Errorf("%w: words of entry %d of %s: %w", book.ErrUnproven, index, name, err)
	}
	proof, err := book.ProveInclusion(head.Size, index, func(level int, n int64, width int) ([]byte, error) {
		return Tile(ctx, tx, name, level, n, width)
	})
	if err != nil {
		return book.Evidence{}, err
	}
	return book.NewEvidence(e.entry, words, index, proof, checkpoint, head.Key, memberName)
}

// unknownEntry says what there is instead: other books, or fewer entries.
func unknownEntry(ctx context.Context, tx *store.Tx, name string, index int64) error {
	rows, err := tx.Query(ctx, `SELECT book FROM book_head ORDER BY book`)
	if err != nil {
		return err
	}
	have, err := store.Collect(rows, func(scan func(...any) error) (name string, err error) { return name, scan(&name) })
	if err != nil || slices.Contains(have, name) {
		return cmp.Or(err, error(refuse.New("node.entry-unknown", "book", name, "index", index)))
	}
	return refuse.New("node.book-absent", "book", name, "have", strings.Join(have, "、"))
}
