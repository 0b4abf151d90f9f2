package exchange

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// tiesOf are the entries by which a neighbour's key became another, each under a head of the key before: they lie beside the
// entries by which our book recognised the next one. None if its people lost a key, or if the two keys are not its.
func tiesOf(ctx context.Context, tx *store.Tx, ours, member, from, to string) (ties []book.Evidence, err error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT idx FROM node_key WHERE book = ? AND member = ? ORDER BY idx`, ours, member)
	if err != nil {
		return nil, err
	}
	at, err := store.Column[int64](rows)
	if err != nil {
		return nil, err
	}
	for _, idx := range at {
		beside, err := node.Beside(ctx, tx, ours, idx, 1)
		if err != nil || len(beside) == 0 {
			return nil, err
		}
		for _, c := range beside[0].Causes {
			r, err := c.Evidence.Verify(from)
			if err != nil {
				continue // another neighbour's, or another roll
			}
			if next, ok := region.RolledTo(r.Origin, r.Entry); ok {
				ties, from = append(ties, c.Evidence), next
			}
		}
		if from == to {
			return ties, nil
		}
	}
	return nil, nil
}

// tiesIn is tiesOf for a member of a circle, as Catching asks for them.
func tiesIn(n *node.Node, circle, member string) func(ctx context.Context, from, to string) ([]book.Evidence, error) {
	return func(ctx context.Context, from, to string) (ties []book.Evidence, err error) {
		err = n.Store.Read(ctx, func(tx *store.Tx) error {
			ties, err = tiesOf(ctx, tx, n.BookName(circle), member, from, to)
			return err
		})
		return ties, err
	}
}
