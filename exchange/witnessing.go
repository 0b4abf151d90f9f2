package exchange

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// NewWitness is the witness that a node is for the books of everybody whom it recognises.
func NewWitness(n *node.Node, log *slog.Logger) Witness {
	return Witness{
		Node:     n,
		Cosigner: n.Cosigner, Write: newTogether(n.Store.Write).Write, Now: n.Now,
		Keys: func(ctx context.Context, origin string) (keys []string, err error) {
			err = n.Store.Read(ctx, func(tx *store.Tx) error {
				_, keys, err = ofOrigin(ctx, tx, n, origin)
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

// keepConflict makes evidence of two heads of one size, also where the key was rolled between them. Of other sizes the follower finds it, who has
// the tiles.
func keepConflict(ctx context.Context, n *node.Node, c Conflict) error {
	seen, err := book.SizeOf(c.Seen)
	if err != nil {
		return nil // nothing was seen before
	}
	if size, err := book.SizeOf(c.Checkpoint); err != nil || size != seen {
		return err
	}
	circle, member := circleOf(c.Origin), ""
	var keys []Key
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if member, _, err = ofOrigin(ctx, tx, n, c.Origin); err == nil && member != "" {
			keys, err = Recognised(ctx, tx, n.BookName(circle), member)
		}
		return err
	})
	if err != nil || member == "" {
		return err
	}
	catching := Catching{Node: n, Book: member + "/" + circle, Keys: keys, Ties: tiesIn(n, circle, member)}
	var heads [2]side
	for i, note := range [][]byte{c.Seen, c.Checkpoint} {
		if heads[i].signedHead, err = catching.opened(note); errors.Is(err, ErrNoKey) {
			return nil // its key was found to be lost before
		}
		if err != nil {
			return err
		}
	}
	f, err := catching.evidence(ctx, heads[0], heads[1])
	if errors.Is(err, errUntied) {
		return nil
	}
	if err != nil {
		return err
	}
	return n.Store.Write(ctx, func(tx *store.Tx) error { return KeepEvidence(ctx, tx, catching.Book, f, n.Now()) })
}

// ofOrigin is the member whose book an origin names, and the keys under which our own book of its circle recognises it
// now. What other members recognise is their affair. Nobody where it is suspended or not known.
func ofOrigin(ctx context.Context, tx *store.Tx, n *node.Node, origin string) (member string, keys []string, err error) {
	circle := circleOf(origin)
	one, err := region.NeighbourFrom(ctx, tx, n.Member, circle, strings.TrimSuffix(origin, "/"+circle))
	if err != nil || one == nil || one.Suspended {
		return "", nil, err
	}
	return one.Member, []string{one.Verifier(circle)}, nil
}

// circleOf is the circle of a book's origin.
func circleOf(origin string) string { return origin[strings.LastIndexByte(origin, '/')+1:] }
