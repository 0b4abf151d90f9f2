package plantest

import (
	"context"
	"database/sql"
	"errors"

	"liandong/plan"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Circle is the circle in which the offices of a test meet.
const Circle = "suitong"

// Meet lets offices open their books of the circle and recognise each other in them.
func Meet(all ...*Office) {
	for _, o := range all {
		o.t.Helper()
		o.Write(func(ctx context.Context, w *node.Writing) error {
			var codes []string
			for _, m := range all {
				codes = append(codes, m.Node().Member)
			}
			if err := region.OpenCircle(ctx, w, region.Circle{ID: Circle, Name: "遂潼一体化", Members: codes}); err != nil {
				return err
			}
			for _, other := range all {
				if other == o {
					continue
				}
				_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
					Circle: Circle, Facts: other.recognised(), Words: &region.RecognisedWords{Name: other.Node().Name},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (o *Office) recognised() region.RecognisedFacts {
	key := region.KeyText(o.Key.Public())
	return region.RecognisedFacts{Member: o.Node().Member, Origin: o.Node().Origin, Key: key, Witness: key, Request: key}
}

// Size is how many entries of an office's book of the circle are here.
func (o *Office) Size(of *Office) (size int64) {
	o.t.Helper()
	err := o.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Row(context.Background(), `SELECT COALESCE(max(size), 0) FROM book_head WHERE book = ?`, of.Node().BookName(Circle)).Scan(&size)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return size
}

// Page is a stretch of the office's book of the circle as its neighbours get it.
func (o *Office) Page(from int64, count int) node.Page {
	o.t.Helper()
	page := node.Page{Book: o.Node().BookName(Circle), From: from}
	ctx := context.Background()
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		head, checkpoint, err := node.Head(ctx, tx, page.Book)
		if err != nil {
			return err
		}
		page.Head, page.Key = checkpoint, head.Key
		if page.Entries, err = node.Entries(ctx, tx, page.Book, from, count); err != nil {
			return err
		}
		page.Beside, err = node.Beside(ctx, tx, page.Book, from, count)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return page
}

// Hear takes in what neighbours have said and is not here yet.
func (o *Office) Hear(all ...*Office) {
	o.t.Helper()
	for _, of := range all {
		for have, there := o.Size(of), of.Size(of); have < there; have = o.Size(of) {
			o.HearPart(of, have, 256)
		}
	}
}

// HearPart takes a stretch of a neighbour's book in, with the proof that its head continues the one that stands here.
func (o *Office) HearPart(of *Office, from int64, count int) {
	o.t.Helper()
	page, ctx := of.Page(from, count), context.Background()
	var held []byte
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT checkpoint FROM book_head WHERE book = ?`, page.Book).Scan(&held)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil // nothing of it came yet
	}
	if err == nil && len(held) > 0 {
		page.Since, err = of.continues(held, page.Book)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	o.Receive(page)
}

// continues proves that the office's book of the circle is what an earlier head of it signed, and more.
func (o *Office) continues(earlier []byte, name string) (proof []tlog.Hash, err error) {
	origin := o.Node().OriginOf(Circle)
	verifier, err := book.Verifier(book.VerifierKey(origin, o.Key.Public()))
	if err != nil {
		return nil, err
	}
	was, err := book.OpenCheckpoint(earlier, origin, verifier)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	err = o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		now, _, err := node.Head(ctx, tx, name)
		if err != nil {
			return err
		}
		proof, err = book.ProveConsistency(was.Size, now.Size, func(level int, n int64, width int) ([]byte, error) {
			return node.Tile(ctx, tx, name, level, n, width)
		})
		return err
	})
	return proof, err
}

// Receive takes a page in.
func (o *Office) Receive(page node.Page) {
	o.t.Helper()
	if _, err := o.Node().Receive(context.Background(), page); err != nil {
		o.t.Fatal(err)
	}
}

// Forge is a book of the circle with these entries, signed by the office although its own node never
// wrote them.
func (o *Office) Forge(entries [][]byte, beside []book.Beside) node.Page {
	o.t.Helper()
	tree, origin := &book.Tree{}, o.Node().OriginOf(Circle)
	for _, raw := range entries {
		tree.Append(book.LeafHash(raw))
	}
	head, err := book.SignCheckpoint(origin, tree.Size(), tree.Root(), o.Key.Signer(origin))
	if err != nil {
		o.t.Fatal(err)
	}
	return node.Page{
		Book: o.Node().BookName(Circle), Entries: entries, Beside: beside, Head: head, Key: book.VerifierKey(origin, o.Key.Public()),
	}
}

// AllCame says of those who did not answer an invitation that they were there.
func AllCame(n *plan.MinutesDraft) {
	for i := range n.Present {
		if n.Present[i].State == "" {
			n.Present[i].State = plan.WasPresent
		}
	}
}
