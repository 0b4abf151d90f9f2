package exchange

import (
	"context"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/note"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// noteSeen keeps that this node had verified a head of a neighbour's book, by its own clock, and what other witnesses
// say of that head. Whoever dates an entry back is bounded by when others saw the book without it.
func (f *Follower) noteSeen(ctx context.Context, tx *store.Tx, circle string, head signedHead, grown bool, at time.Time) error {
	if grown {
		if err := keepSighting(ctx, tx, head, book.Cosignature{Witness: node.WitnessName(f.Node.Origin), At: at}, nil); err != nil {
			return err
		}
	}
	neighbours, err := region.Neighbours(ctx, tx, f.Node.Member, circle)
	if err != nil {
		return err
	}
	own, err := book.Verifier(head.verifier)
	if err != nil {
		return err
	}
	for _, n := range neighbours {
		v, err := witnessOf(n)
		if err != nil {
			continue // of one neighbour, whose lines can stand under no head: the others' do
		}
		_, seen, err := book.OpenCosigned(head.came, head.Origin, own, v)
		if err != nil || len(seen) == 0 {
			continue // a line that does not hold says nothing of the book
		}
		line, err := lineOf(head.came, v)
		if err != nil {
			return err
		}
		if err := keepSighting(ctx, tx, head, seen[0], line); err != nil {
			return err
		}
	}
	return nil
}

// witnessOf checks the lines of a neighbour's witness.
func witnessOf(n region.Neighbour) (note.Verifier, error) {
	key, err := region.PublicKey(n.Witness)
	if err != nil {
		return nil, err
	}
	return book.WitnessVerifier(book.CosignerKey(node.WitnessName(n.Origin), key))
}

// lineOf is a witness's signature line under a head.
func lineOf(signed []byte, v note.Verifier) ([]byte, error) {
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return nil, err
	}
	if len(n.Sigs) == 0 {
		return nil, errors.New("no line of this witness")
	}
	return []byte("— " + n.Sigs[0].Name + " " + n.Sigs[0].Base64 + "\n"), nil
}

func keepSighting(ctx context.Context, tx *store.Tx, head signedHead, seen book.Cosignature, line []byte) error {
	if line == nil {
		line = []byte{}
	}
	_, err := tx.Exec(ctx, `INSERT INTO exchange_cosigned (origin, witness, size, root, at, checkpoint, line) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (origin, witness, size) DO NOTHING`,
		head.Origin, seen.Witness, head.Size, head.Root[:], seen.At.UnixMilli(), head.note, line)
	return err
}
