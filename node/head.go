package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// head is what the writer remembers of a book: it holds only what is committed, until a batch
// or a request works on a copy.
type head struct {
	book, circle, origin string
	verifier             string // key that signs it
	size                 int64
	lastAt               int64      // Unix ms of the last entry
	clockOK              int64      // clock reading that a reasoned entry confirmed, Unix ms
	tree                 *book.Tree // of the entries before leaves; nobody changes it
	leaves               []tlog.Hash
}

// clone is a copy that another may append to, without the leaves.
func (h *head) clone() *head {
	c := *h
	c.leaves = nil
	return &c
}

// grow takes over what a request appended to its copy.
func (h *head) grow(by *head) {
	h.size, h.lastAt, h.clockOK = by.size, by.lastAt, by.clockOK
	h.leaves = append(h.leaves, by.leaves...)
}

// head returns the committed head of a circle's book, reread from its locked row: another
// process may have written since, and two writers never make one index twice.
func (b *batch) head(ctx context.Context, circle string) (*head, error) {
	if h, ok := b.heads[circle]; ok {
		return h, nil
	}
	remembered := b.node.heads[circle]
	row := &head{book: b.node.BookName(circle), circle: circle, origin: b.node.OriginOf(circle)}
	err := b.tx.Row(ctx, `SELECT verifier, size, last_at, clock_ok FROM book_head WHERE book = ?`+b.tx.ForUpdate(),
		row.book).Scan(&row.verifier, &row.size, &row.lastAt, &row.clockOK)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, refuse.New("node.book-unknown", "circle", circle)
	}
	if err != nil {
		return nil, fmt.Errorf("head of %s: %w", row.book, err)
	}
	if row.verifier != book.VerifierKey(row.origin, b.node.SigningKey().Public()) {
		return nil, refuse.New("node.key-rolled", "book", row.book)
	}
	if remembered != nil && remembered.size == row.size {
		row.tree = remembered.tree
	} else if row.tree, err = openTree(ctx, b.tx, row.book, row.size); err != nil {
		return nil, err
	}
	b.heads[circle] = row
	return row, nil
}

// openTree reads the right edge of a book's tree.
func openTree(ctx context.Context, tx *store.Tx, name string, size int64) (*book.Tree, error) {
	t, err := book.OpenTree(size, func(level int, n int64, width int) ([]byte, error) {
		return Tile(ctx, tx, name, level, n, width)
	})
	if err != nil {
		return nil, fmt.Errorf("tree of %s: %w", name, err)
	}
	return t, nil
}

const tileWidth = 256

// Tile returns the first width hashes of a tile of a book. Partial tiles of level 0 are not
// stored but made from the entries.
func Tile(ctx context.Context, tx *store.Tx, name string, level int, n int64, width int) ([]byte, error) {
	if level == 0 && width < tileWidth {
		return leafTile(ctx, tx, name, n, width)
	}
	var hashes []byte
	err := tx.Row(ctx, `SELECT hashes FROM book_tile WHERE book = ? AND level = ? AND n = ?`,
		name, level, n).Scan(&hashes)
	if err != nil {
		return nil, fmt.Errorf("tile %d/%d of %s: %w", level, n, name, err)
	}
	if len(hashes) < width*tlog.HashSize {
		return nil, fmt.Errorf("tile %d/%d of %s holds %d hashes, %d are needed", level, n, name,
			len(hashes)/tlog.HashSize, width)
	}
	return hashes[:width*tlog.HashSize], nil
}

func leafTile(ctx context.Context, tx *store.Tx, name string, n int64, width int) ([]byte, error) {
	rows, err := tx.Query(ctx, `SELECT leaf FROM book_entry WHERE book = ? AND idx >= ? AND idx < ? ORDER BY idx`,
		name, n*tileWidth, n*tileWidth+int64(width))
	if err != nil {
		return nil, err
	}
	leaves, err := store.Collect(rows, func(scan func(...any) error) (leaf []byte, err error) {
		err = scan(&leaf)
		return leaf, err
	})
	if err != nil {
		return nil, err
	}
	if len(leaves) != width {
		return nil, fmt.Errorf("%s has %d of the %d entries from %d", name, len(leaves), width, n*tileWidth)
	}
	return slices.Concat(leaves...), nil
}

// Entries returns the bytes of up to count entries of a book from an index on.
func Entries(ctx context.Context, tx *store.Tx, name string, from int64, count int) ([][]byte, error) {
	rows, err := tx.Query(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx >= ? AND idx < ?
		ORDER BY idx`, name, from, from+int64(count))
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (e []byte, err error) {
		err = scan(&e)
		return e, err
	})
}

// signHead signs a head with the member's key, and with SM2 beside it where that is asked for.
func (n *Node) signHead(key book.Key, origin string, size int64, root tlog.Hash) ([]byte, error) {
	signers := []note.Signer{key.Signer(origin)}
	if n.sm2 {
		second, err := key.SM2Signer(origin)
		if err != nil {
			return nil, err
		}
		signers = append(signers, second)
	}
	return book.SignCheckpoint(origin, size, root, signers...)
}

// SM2Key is the verifier key of the second line of a book's heads; empty where there is none.
func (n *Node) SM2Key(origin string) (string, error) {
	if !n.sm2 {
		return "", nil
	}
	return n.SigningKey().SM2VerifierKey(origin)
}
