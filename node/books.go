package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"liandong/store"
)

// ErrNoBook: no book of this name stands here.
var ErrNoBook = errors.New("没有这本账 (no such book)")

// storedHead is a row of book_head.
type storedHead struct {
	BookVerified
	lastAt     int64
	clockOK    int64
	checkpoint []byte
	root       []byte
}

const selectHeads = `SELECT book, member, circle, origin, verifier, size, root, last_at, clock_ok, checkpoint FROM book_head`

func (h *storedHead) scan(scan func(...any) error) error {
	err := scan(&h.Book, &h.Member, &h.Circle, &h.Origin, &h.Key, &h.Size, &h.root, &h.lastAt, &h.clockOK, &h.checkpoint)
	copy(h.Root[:], h.root)
	return err
}

func storedHeads(ctx context.Context, tx *store.Tx) ([]storedHead, error) {
	rows, err := tx.Query(ctx, selectHeads+` ORDER BY book`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (h storedHead, err error) {
		err = h.scan(scan)
		return h, err
	})
}

// Books lists all books that stand here with their committed heads, in the order of their names.
func Books(ctx context.Context, tx *store.Tx) ([]BookVerified, error) {
	heads, err := storedHeads(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := make([]BookVerified, 0, len(heads))
	for _, h := range heads {
		all = append(all, h.BookVerified)
	}
	return all, nil
}

// Head gives a book's committed head and its signed checkpoint; ErrNoBook if there is none.
func Head(ctx context.Context, tx *store.Tx, name string) (BookVerified, []byte, error) {
	var h storedHead
	err := h.scan(tx.Row(ctx, selectHeads+` WHERE book = ?`, name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return BookVerified{}, nil, fmt.Errorf("%s: %w", name, ErrNoBook)
	}
	if err != nil {
		return BookVerified{}, nil, fmt.Errorf("head of %s: %w", name, err)
	}
	return h.BookVerified, h.checkpoint, nil
}
