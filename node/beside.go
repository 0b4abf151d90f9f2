package node

import (
	"context"
	"fmt"

	"liandong/book"
	"liandong/store"
)

// Beside reads what lies beside up to count entries of a book from an index on: one for each entry.
func Beside(ctx context.Context, tx *store.Tx, name string, from int64, count int) ([]book.Beside, error) {
	rows, err := tx.Query(ctx, `SELECT idx, salt, words, erased FROM book_entry
		WHERE book = ? AND idx >= ? AND idx < ? ORDER BY idx`, name, from, from+int64(count))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (b book.Beside, err error) {
		var e stored
		if err := scan(&e.index, &e.salt, &e.words, &e.erased); err != nil {
			return b, err
		}
		b.Index = e.index
		b.Words, err = e.state()
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("words of %s from %d: %w", name, from, err)
	}
	return all, causesBeside(ctx, tx, name, from, all)
}

func causesBeside(ctx context.Context, tx *store.Tx, name string, from int64, all []book.Beside) error {
	rows, err := tx.Query(ctx, `SELECT idx, n, evidence FROM book_cause WHERE book = ? AND idx >= ? AND idx < ? ORDER BY idx, n`,
		name, from, from+int64(len(all)))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var index int64
		var c book.CauseEvidence
		var raw []byte
		if err := rows.Scan(&index, &c.Number, &raw); err != nil {
			return err
		}
		if c.Evidence, err = book.ReadEvidence(raw); err != nil {
			return fmt.Errorf("cause %d of %s/%d: %w", c.Number, name, index, err)
		}
		if at := index - from; at >= 0 && at < int64(len(all)) {
			all[at].Causes = append(all[at].Causes, c)
		}
	}
	return rows.Err()
}
