package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"liandong/node"
	"liandong/store"
)

// noteUnread notes which entries of a batch have no words yet: a neighbour that has them only in part handed them on, and another,
// or a bundle, may bring them.
func noteUnread(ctx context.Context, tx *store.Tx, name string, from, to int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO plan_search_unread (book, idx) SELECT book, idx FROM book_entry
		WHERE book = ? AND idx >= ? AND idx < ? AND erased = ? ON CONFLICT (book, idx) DO NOTHING`, name, from, to, node.WordsWithheld)
	return err
}

// lateEntry is an entry whose words came after the index had passed it, or were erased meanwhile.
type lateEntry struct {
	saidEntry
	book string
}

// CatchUpLateWords indexes the words that came after the index had passed their entries.
func (d *Desk) CatchUpLateWords(ctx context.Context) error {
	for {
		var some bool
		err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
			came, err := lateEntries(ctx, tx, 1)
			some = len(came) > 0
			return err
		})
		if err != nil || !some {
			return err
		}
		err = d.node.Store.Write(ctx, func(tx *store.Tx) error {
			if err := lockSearch(ctx, tx); err != nil {
				return err
			}
			came, err := lateEntries(ctx, tx, searchBatch)
			if err != nil {
				return err
			}
			w := indexWriting{ctx: ctx, tx: tx}
			for _, e := range came {
				if err := w.late(e); err != nil {
					return fmt.Errorf("%s/%d: %w", e.book, e.idx, err)
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("index of words that came late: %w", err)
		}
	}
}

func lateEntries(ctx context.Context, tx *store.Tx, most int) ([]lateEntry, error) {
	rows, err := tx.Query(ctx, `SELECT u.book, u.idx, e.entry, e.words, CASE WHEN a.idx IS NULL THEN 0 ELSE 1 END FROM plan_search_unread u
		JOIN book_entry e ON e.book = u.book AND e.idx = u.idx
		LEFT JOIN node_aside a ON a.book = u.book AND a.idx = u.idx
		WHERE e.erased <> ? ORDER BY u.book, u.idx LIMIT ?`, node.WordsWithheld, most)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (e lateEntry, err error) {
		err = scan(&e.book, &e.idx, &e.raw, &e.words, &e.aside)
		return e, err
	})
}

// late indexes words that came late, unless something newer was said on the subject since, or elsewhere.
func (w indexWriting) late(e lateEntry) error {
	if _, err := w.tx.Exec(w.ctx, `DELETE FROM plan_search_unread WHERE book = ? AND idx = ?`, e.book, e.idx); err != nil {
		return err
	}
	if e.aside || e.words == nil {
		return nil
	}
	d, err := w.docOf(e.book, e.saidEntry)
	if err != nil || d.kind == "" {
		return err
	}
	var in string
	var at int64
	err = w.tx.Row(w.ctx, `SELECT book, idx FROM plan_search WHERE kind = ? AND id = ?`, string(d.kind), d.id).Scan(&in, &at)
	if err == nil && (in != d.book || at > d.idx) {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return w.put(d)
}
