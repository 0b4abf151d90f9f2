package node

import (
	"context"
	"fmt"
	"slices"

	"liandong/book"
	"liandong/store"
)

var subjectTable = store.TableOf("node_subject", "book", "subject", "idx")

// index notes what an entry is about.
func (o *Own) index(ctx context.Context, e book.Entry) error {
	for n, subject := range e.Subjects {
		if slices.Contains(e.Subjects[:n], subject) {
			continue
		}
		if err := o.tx.Later(ctx, subjectTable, o.Book, subject, o.Index); err != nil {
			return err
		}
	}
	return nil
}

// EntriesAbout reads the entries of a book that name a subject, in their order.
func EntriesAbout(ctx context.Context, tx *store.Tx, name, subject string) ([]book.Entry, error) {
	rows, err := tx.Query(ctx, `SELECT e.entry FROM node_subject s
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		WHERE s.subject = ? AND s.book = ? ORDER BY s.idx`, subject, name)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (e book.Entry, err error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return e, err
		}
		if e, err = book.Scan(raw); err != nil {
			return e, fmt.Errorf("entry of %s about %s: %w", name, subject, err)
		}
		return e, nil
	})
}
