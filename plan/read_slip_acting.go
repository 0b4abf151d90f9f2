package plan

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// markStandIns says of a slip and of what happened to it who acted for whom (代). Of neighbours only the ids of people are known here, which
// nobody would read.
func (d *Desk) markStandIns(ctx context.Context, tx *store.Tx, s *Slip) (err error) {
	if s.Acting, err = d.actingAt(ctx, tx, s.Book, s.Index); err != nil {
		return err
	}
	for i := range s.Story {
		e := &s.Story[i]
		if e.Acting, err = d.actingAt(ctx, tx, e.Book, e.Index); err != nil {
			return err
		}
	}
	return nil
}

// actingAt is who said an entry of this member's for whom, as 周禾（代陈岚）; empty where he said it for himself.
func (d *Desk) actingAt(ctx context.Context, tx *store.Tx, in string, index int64) (string, error) {
	if memberOfBook(in) != d.node.Member {
		return "", nil
	}
	var raw []byte
	if err := tx.Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, in, index).Scan(&raw); err != nil {
		return "", err
	}
	e, err := book.Scan(raw)
	if err != nil || node.ForOf(e) == "" {
		return "", err
	}
	return region.ActingName(ctx, tx, e.Person, node.ForOf(e))
}
