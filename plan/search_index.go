package plan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"liandong/node"
	"liandong/store"
)

// The index of words is lasting and no part of the view: it follows the books from a stored
// position after each commit. Its table of terms differs between the engines and is made here.
const (
	termsSQLite = `CREATE VIRTUAL TABLE plan_search_terms USING fts5(terms, content='', contentless_delete=1,
		detail=none, tokenize="unicode61 remove_diacritics 0")`
	termsPostgres = `CREATE TABLE plan_search_terms (doc BIGINT PRIMARY KEY, terms tsvector NOT NULL);
		CREATE INDEX plan_search_terms_gin ON plan_search_terms USING GIN (terms)`
)

func searchStands(ctx context.Context, tx *store.Tx) (bool, error) {
	query := `SELECT count(*) FROM sqlite_master WHERE name = 'plan_search_terms'`
	if tx.Dialect() == store.Postgres {
		query = `SELECT count(*) FROM pg_class WHERE relname = 'plan_search_terms' AND pg_table_is_visible(oid)`
	}
	var n int
	err := tx.Row(ctx, query).Scan(&n)
	return n > 0, err
}

func (d *Desk) openSearch(ctx context.Context) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		if err := lockSearch(ctx, tx); err != nil {
			return err
		}
		if stands, err := searchStands(ctx, tx); err != nil || stands {
			return err
		}
		if tx.Dialect() == store.Postgres {
			return tx.Script(ctx, termsPostgres)
		}
		return tx.Script(ctx, termsSQLite)
	})
}

// FollowSearch makes the index of words if there is none and keeps it up with the books until
// stop is called. What was erased while nobody followed is taken out first.
func (d *Desk) FollowSearch(ctx context.Context) (stop func(), err error) {
	if err := d.openSearch(ctx); err != nil {
		return nil, fmt.Errorf("index of words: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	d.node.AfterCommit(func() {
		select {
		case wake <- struct{}{}:
		default: // awake already
		}
	})
	var running sync.WaitGroup
	running.Go(func() { d.followSearch(ctx, wake) })
	return func() { cancel(); running.Wait() }, nil
}

// lateEvery is how often it is looked for words that came after their entries: they are few, and looking after each commit costs the
// more the more are still to come.
const lateEvery = 10 * time.Second

func (d *Desk) followSearch(ctx context.Context, wake <-chan struct{}) {
	swept := false
	late := time.NewTicker(lateEvery)
	defer late.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-late.C:
			if err := d.CatchUpLateWords(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "words that came late are not in the index yet; tried again", "error", err)
			}
			continue
		}
		// What fails now is tried again after the next commit: the position was not moved.
		err := d.renewSearch(ctx)
		if err == nil {
			err = d.CatchUpSearch(ctx)
		}
		if err == nil && !swept {
			if err = d.sweepSearch(ctx); err == nil {
				swept, err = true, d.node.Store.Shrink(ctx) // all texts were looked at, and are not needed in memory
			}
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "the index of words does not keep up with the books; tried again after the next commit", "error", err)
		}
	}
}

// TidySearch merges what has been added to SQLite's index of words and what was taken out of it: an index in many pieces, with marks of
// what is gone, takes twice as long to search. PostgreSQL tidies its own.
func (d *Desk) TidySearch(ctx context.Context) error {
	if d.node.Store.Dialect != store.SQLite {
		return nil
	}
	if err := mergeSearch(ctx, d.node.Store); err != nil {
		return fmt.Errorf("tidy the index of words: %w", err)
	}
	return nil
}

// mergePages is how much of the index is merged in one transaction, some 2 MB: who writes waits no longer than that takes.
const mergePages = 500

// mergeSearch merges all pieces of SQLite's index of words into one, some at a time (FTS5, "The 'merge' Command").
func mergeSearch(ctx context.Context, s *store.Store) error {
	for pages := -mergePages; ; pages = mergePages { // a negative number begins a merge of all pieces
		var before, after int64
		err := s.Write(ctx, func(tx *store.Tx) error {
			if stands, err := searchStands(ctx, tx); err != nil || !stands {
				return err
			}
			if err := tx.Row(ctx, `SELECT total_changes()`).Scan(&before); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO plan_search_terms (plan_search_terms, rank) VALUES ('merge', ?)`, pages); err != nil {
				return err
			}
			return tx.Row(ctx, `SELECT total_changes()`).Scan(&after)
		})
		if err != nil || after-before < 2 { // nothing was left to merge
			return err
		}
	}
}

// searchBatch is how many entries are indexed in one transaction.
const searchBatch = 500

// CatchUpSearch indexes what the books have beyond the stored position.
func (d *Desk) CatchUpSearch(ctx context.Context) error {
	for {
		var from map[string]int64
		err := d.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
			from, err = searchBehind(ctx, tx)
			return err
		})
		if err != nil || len(from) == 0 {
			return err
		}
		for name, next := range from {
			if err := d.indexBatch(ctx, name, next); err != nil {
				return fmt.Errorf("index of words, %s from %d: %w", name, next, err)
			}
		}
	}
}

// searchBehind are the books that have more entries than are indexed, and from where.
func searchBehind(ctx context.Context, tx *store.Tx) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `SELECT h.book, COALESCE(a.next, 0) FROM book_head h
		LEFT JOIN plan_search_at a ON a.book = h.book WHERE h.size > COALESCE(a.next, 0)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	from := map[string]int64{}
	for rows.Next() {
		var name string
		var next int64
		if err := rows.Scan(&name, &next); err != nil {
			return nil, err
		}
		from[name] = next
	}
	return from, rows.Err()
}

type saidEntry struct {
	idx        int64
	aside      bool
	raw, words []byte
}

// lockSearch lets one at a time change the index: several nodes may follow one PostgreSQL.
func lockSearch(ctx context.Context, tx *store.Tx) error {
	if tx.Dialect() != store.Postgres {
		return nil // has one writer
	}
	_, err := tx.Exec(ctx, `LOCK TABLE plan_search_at IN EXCLUSIVE MODE`)
	return err
}

// claimSearch locks the index, and says whether somebody else has moved on from a position.
func claimSearch(ctx context.Context, tx *store.Tx, name string, from int64) (moved bool, err error) {
	if err := lockSearch(ctx, tx); err != nil {
		return false, err
	}
	var next int64
	err = tx.Row(ctx, `SELECT COALESCE(max(next), 0) FROM plan_search_at WHERE book = ?`, name).Scan(&next)
	return next != from, err
}

func (d *Desk) indexBatch(ctx context.Context, name string, from int64) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		if moved, err := claimSearch(ctx, tx, name, from); err != nil || moved {
			return err
		}
		// What was set aside is no text of anybody.
		rows, err := tx.Query(ctx, `SELECT e.idx, e.entry, e.words, CASE WHEN a.idx IS NULL THEN 0 ELSE 1 END FROM book_entry e
			LEFT JOIN node_aside a ON a.book = e.book AND a.idx = e.idx
			WHERE e.book = ? AND e.idx >= ? AND e.idx < ? ORDER BY e.idx`, name, from, from+searchBatch)
		if err != nil {
			return err
		}
		said, err := store.Collect(rows, func(scan func(...any) error) (s saidEntry, err error) {
			err = scan(&s.idx, &s.raw, &s.words, &s.aside)
			return s, err
		})
		if err != nil || len(said) == 0 {
			return err
		}
		w := indexWriting{ctx: ctx, tx: tx}
		for _, s := range said {
			if s.aside {
				continue
			}
			doc, err := w.docOf(name, s)
			if err != nil {
				return fmt.Errorf("entry %d: %w", s.idx, err)
			}
			if err := w.put(doc); err != nil {
				return err
			}
		}
		if err := noteUnread(ctx, tx, name, from, from+int64(len(said))); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO plan_search_at (book, next) VALUES (?, ?)
			ON CONFLICT (book) DO UPDATE SET next = excluded.next`, name, from+int64(len(said)))
		return err
	})
}

type indexWriting struct {
	ctx context.Context
	tx  *store.Tx
}

// put replaces what the index had on the subject. What the own book says of it comes before what
// a circle's does: it is the same, and the own book has all.
func (w indexWriting) put(d doc) error {
	if d.kind == "" {
		return nil
	}
	var number int64
	var had string
	err := w.tx.Row(w.ctx, `SELECT doc, book FROM plan_search WHERE kind = ? AND id = ?`, string(d.kind), d.id).Scan(&number, &had)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = w.tx.Row(w.ctx, `SELECT COALESCE(max(doc), 0) + 1 FROM plan_search`).Scan(&number)
	case err == nil && had != d.book && strings.HasSuffix(had, "/"+node.Self):
		return nil
	case err == nil:
		err = w.remove(number)
	}
	if err != nil {
		return err
	}
	_, err = w.tx.Exec(w.ctx, `INSERT INTO plan_search (doc, kind, id, plan, section, item, book, idx, ord)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, number, string(d.kind), d.id, d.plan, d.section, d.item, d.book, d.idx, d.ord)
	if err != nil {
		return err
	}
	if err := w.countSection(d); err != nil {
		return err
	}
	return w.addTerms(number, d)
}

// countSection adds a row of a list to the sum of its heading.
func (w indexWriting) countSection(d doc) error {
	if d.section == "" {
		return nil
	}
	_, err := w.tx.Exec(w.ctx, `INSERT INTO plan_search_section (plan, section, n) VALUES (?, ?, 1)
		ON CONFLICT (plan, section) DO UPDATE SET n = plan_search_section.n + 1`, d.plan, d.section)
	return err
}

// uncountSection takes a row out of the sum of its heading, which goes with its last row.
func (w indexWriting) uncountSection(number int64) error {
	touched, err := w.tx.Exec(w.ctx, `UPDATE plan_search_section SET n = n - 1
		WHERE (plan, section) IN (SELECT plan, section FROM plan_search WHERE doc = ?)`, number)
	if err != nil || touched == 0 {
		return err
	}
	_, err = w.tx.Exec(w.ctx, `DELETE FROM plan_search_section WHERE n = 0
		AND (plan, section) IN (SELECT plan, section FROM plan_search WHERE doc = ?)`, number)
	return err
}

func (w indexWriting) addTerms(number int64, d doc) error {
	all := indexed(strings.Join(d.text, " "))
	if len(all) == 0 {
		return nil
	}
	all = append(all, kindToken(d.kind))
	if d.plan != "" {
		all = append(all, planToken(d.plan))
	}
	if w.tx.Dialect() == store.Postgres {
		_, err := w.tx.Exec(w.ctx, `INSERT INTO plan_search_terms (doc, terms)
			VALUES (?, array_to_tsvector(string_to_array(?, ' ')))`, number, strings.Join(all, " "))
		return err
	}
	_, err := w.tx.Exec(w.ctx, `INSERT INTO plan_search_terms (rowid, terms) VALUES (?, ?)`, number, strings.Join(all, " "))
	return err
}

func (w indexWriting) remove(number int64) error {
	column := "rowid"
	if w.tx.Dialect() == store.Postgres {
		column = "doc"
	}
	if _, err := w.tx.Exec(w.ctx, `DELETE FROM plan_search_terms WHERE `+column+` = ?`, number); err != nil {
		return err
	}
	if err := w.uncountSection(number); err != nil {
		return err
	}
	_, err := w.tx.Exec(w.ctx, `DELETE FROM plan_search WHERE doc = ?`, number)
	return err
}

// sweepSearch takes out what was erased, some thousand texts at a time.
func (d *Desk) sweepSearch(ctx context.Context) error {
	var last int64
	for {
		var erased []int64
		next := last + 5000
		var most int64
		err := d.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
			if err := tx.Row(ctx, `SELECT COALESCE(max(doc), 0) FROM plan_search`).Scan(&most); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, `SELECT d.doc FROM plan_search d JOIN book_entry e ON e.book = d.book AND e.idx = d.idx
				WHERE d.doc > ? AND d.doc <= ? AND e.words IS NULL`, last, next)
			if err != nil {
				return err
			}
			erased, err = store.Column[int64](rows)
			return err
		})
		if err != nil {
			return err
		}
		if err := d.forget(ctx, erased); err != nil || next >= most {
			return err
		}
		last = next
	}
}

// docsOf are the texts of the index that were made from an entry.
func docsOf(ctx context.Context, tx *store.Tx, name string, idx int64) ([]int64, error) {
	rows, err := tx.Query(ctx, `SELECT doc FROM plan_search WHERE book = ? AND idx = ?`, name, idx)
	if err != nil {
		return nil, err
	}
	return store.Column[int64](rows)
}

func (d *Desk) forget(ctx context.Context, docs []int64) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error { return forgetDocs(ctx, tx, docs) })
}

func forgetDocs(ctx context.Context, tx *store.Tx, docs []int64) error {
	if len(docs) == 0 {
		return nil
	}
	if err := lockSearch(ctx, tx); err != nil {
		return err
	}
	w := indexWriting{ctx: ctx, tx: tx}
	for _, n := range docs {
		if err := w.remove(n); err != nil {
			return err
		}
	}
	return nil
}
