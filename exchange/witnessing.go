package exchange

import (
	"context"
	"log/slog"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// NewWitness is the witness that a node is for the books of everybody whom it recognises.
func NewWitness(n *node.Node, log *slog.Logger) Witness {
	return Witness{
		Cosigner: n.Cosigner, Write: newTogether(n.Store.Write).Write, Now: n.Now,
		Keys: func(ctx context.Context, origin string) (keys []string, err error) {
			err = n.Store.Read(ctx, func(tx *store.Tx) error {
				rows, err := tx.Query(ctx, `SELECT DISTINCT verifier FROM node_key WHERE origin = ? AND until = 0 ORDER BY verifier`, origin)
				if err != nil {
					return err
				}
				keys, err = store.Collect(rows, func(scan func(...any) error) (k string, err error) {
					err = scan(&k)
					return k, err
				})
				return err
			})
			return keys, err
		},
		Conflict: func(ctx context.Context, c Conflict) {
			log.Error("a head that was submitted does not continue the one seen before", "origin", c.Origin)
			if err := keepConflict(ctx, n, c); err != nil {
				log.Error("the evidence of a fork could not be kept", "origin", c.Origin, "error", err)
			}
		},
	}
}

// keepConflict makes evidence of two heads of one size. Of other sizes the follower finds it, who has the tiles.
func keepConflict(ctx context.Context, n *node.Node, c Conflict) error {
	seen, err := book.SizeOf(c.Seen)
	if err != nil {
		return nil // nothing was seen before
	}
	if size, err := book.SizeOf(c.Checkpoint); err != nil || size != seen {
		return err
	}
	return n.Store.Write(ctx, func(tx *store.Tx) error {
		var member, verifier, ours string
		err := tx.Row(ctx, `SELECT member, verifier, book FROM node_key WHERE origin = ? AND until = 0 ORDER BY book, idx DESC LIMIT 1`, c.Origin).
			Scan(&member, &verifier, &ours)
		if err != nil {
			return err
		}
		f, err := book.FindFork(verifier, book.Shown{Checkpoint: c.Seen}, book.Shown{Checkpoint: c.Checkpoint})
		if err != nil {
			return err
		}
		return KeepEvidence(ctx, tx, member+ours[len(member):], f, n.Now())
	})
}
