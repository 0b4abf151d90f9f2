package exchange

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// Local is a book that stands in this node, as a source: for bundles, and for nodes in one process.
type Local struct {
	Node *node.Node
	Book string
}

// Checkpoint implements Source.
func (l Local) Checkpoint(ctx context.Context) (b []byte, err error) {
	err = l.Node.Store.Read(ctx, func(tx *store.Tx) error {
		f, err := standing(ctx, tx, l.Book, "checkpoint")
		b = f.body
		return err
	})
	return b, err
}

// Tile implements Source.
func (l Local) Tile(ctx context.Context, level int, n int64, width int) (b []byte, err error) {
	err = l.Node.Store.Read(ctx, func(tx *store.Tx) error {
		b, err = node.Tile(ctx, tx, l.Book, level, n, width)
		return err
	})
	return b, err
}

// Entries implements Source.
func (l Local) Entries(ctx context.Context, n int64, width int) (all [][]byte, err error) {
	err = l.Node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = node.Entries(ctx, tx, l.Book, n*book.TileWidth, width)
		return err
	})
	return all, err
}

// Beside implements Source.
func (l Local) Beside(ctx context.Context, from int64, count int) (all []book.Beside, err error) {
	err = l.Node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = node.Beside(ctx, tx, l.Book, from, count)
		return err
	})
	return all, err
}
