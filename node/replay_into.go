package node

import (
	"context"
	"fmt"
	"strings"

	"liandong/book"
	"liandong/store"
)

// ReplayInto replays some of the books, in the given order, into an empty store: the proof that
// kinds see only their own book.
func (n *Node) ReplayInto(ctx context.Context, s *store.Store, names []string) error {
	return n.Store.Read(ctx, func(from *store.Tx) error {
		return s.Write(ctx, func(to *store.Tx) error {
			if err := n.createView(ctx, to); err != nil {
				return err
			}
			touched := &Writing{node: n, batch: &batch{node: n, tx: to}}
			for _, name := range names {
				head, _, err := Head(ctx, from, name)
				if err != nil {
					return err
				}
				var inOrder order
				err = eachEntry(ctx, from, name, head.Size, func(index int64, raw []byte) error {
					return n.apply(ctx, touched, &Own{tx: to, books: from, Book: name, Index: index, order: &inOrder}, raw)
				})
				if err != nil {
					return err
				}
			}
			return touched.project(ctx)
		})
	})
}

// Replayed is an entry from a file.
type Replayed struct {
	Book   string // 510900/suitong
	Origin string // suining.example/suitong
	Entry  []byte
}

// ReplayEntries replays entries from a file into an empty store. They need no signatures: it
// is the kinds that are held to their meaning.
func (n *Node) ReplayEntries(ctx context.Context, s *store.Store, entries []Replayed) error {
	other := n.plain()
	other.Store = s
	if err := other.migrate(ctx); err != nil {
		return err
	}
	return s.Write(ctx, func(tx *store.Tx) error {
		for _, e := range entries {
			if err := e.store(ctx, tx); err != nil {
				return fmt.Errorf("entry of %s: %w", e.Book, err)
			}
		}
		if err := n.createView(ctx, tx); err != nil {
			return err
		}
		return n.replay(ctx, tx, tx, nil)
	})
}

func (e Replayed) store(ctx context.Context, tx *store.Tx) error {
	member, circle, _ := strings.Cut(e.Book, "/")
	var index int64
	err := tx.Row(ctx, `INSERT INTO book_head
		(book, member, circle, origin, verifier, size, root, last_at, clock_ok, checkpoint)
		VALUES (?, ?, ?, ?, '', 1, ?, 0, 0, ?) ON CONFLICT (book) DO UPDATE SET size = book_head.size + 1
		RETURNING size - 1`, e.Book, member, circle, e.Origin, []byte{}, []byte{}).Scan(&index)
	if err != nil {
		return err
	}
	leaf := book.LeafHash(e.Entry)
	_, err = tx.Exec(ctx, `INSERT INTO book_entry (book, idx, entry, leaf) VALUES (?, ?, ?, ?)`,
		e.Book, index, e.Entry, leaf[:])
	return err
}
