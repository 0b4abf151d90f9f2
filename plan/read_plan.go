package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/store"
)

// PlanHead is a list's title, document and rhythm.
type PlanHead struct {
	Book   string
	Circle string
	Index  int64
	Facts  PlanFacts
	Words  PlanWords
}

// planHead reads a plan's newest head, nil if there is no such plan.
func planHead(ctx context.Context, tx *store.Tx, id string) (*PlanHead, error) {
	all, err := planHeads(ctx, tx, `WHERE p.plan = ?`, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// ownHeads reads the heads of this member's lists.
func (d *Desk) ownHeads(ctx context.Context, tx *store.Tx) ([]PlanHead, error) {
	return planHeads(ctx, tx, `WHERE substr(p.book, 1, 6) = ?`, d.node.Member)
}

// planHeads reads the heads of lists, of every member.
func planHeads(ctx context.Context, tx *store.Tx, where string, args ...any) ([]PlanHead, error) {
	rows, err := tx.Query(ctx, `SELECT p.book, p.circle, p.idx, p.plan, p.year, p.cycle, p.cutoff_day,
		p.ten_day_grace, p.open_days, p.warn_days, p.issued, e.words
		FROM plan_plan p JOIN book_entry e ON e.book = p.book AND e.idx = p.idx `+where+` ORDER BY p.year DESC, p.plan`, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (h PlanHead, err error) {
		var raw []byte
		err = scan(&h.Book, &h.Circle, &h.Index, &h.Facts.Plan, &h.Facts.Year, &h.Facts.Cycle,
			&h.Facts.Rhythm.CutoffDay, &h.Facts.Rhythm.TenDayGrace, &h.Facts.Rhythm.OpenDays,
			&h.Facts.WarnDays, &h.Facts.Issued, &raw)
		if err != nil {
			return h, err
		}
		h.Words, _, err = words[PlanWords](raw)
		return h, err
	})
}

// ListingRow is a row of a list as its book says it.
type ListingRow struct {
	ID, Book, Circle string
	Index            int64
	Dropped          judge.Date
	Facts            ListingFacts
	Words            ListingWords
	Erased           bool
}

// listingsOf reads all rows of a list in its order, dropped ones too.
func listingsOf(ctx context.Context, tx *store.Tx, plan string) ([]ListingRow, error) {
	rows, err := tx.Query(ctx, `SELECT l.listing, l.book, l.circle, l.idx, COALESCE(d.day, ''), l.ord,
		l.deadline_kind, l.deadline, e.words FROM plan_listing l
		JOIN book_entry e ON e.book = l.book AND e.idx = l.idx
		LEFT JOIN plan_dropped d ON d.book = l.book AND d.listing = l.listing
		WHERE l.plan = ? ORDER BY l.ord, l.listing`, plan)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (l ListingRow, err error) {
		var raw []byte
		err = scan(&l.ID, &l.Book, &l.Circle, &l.Index, &l.Dropped, &l.Facts.Order,
			&l.Facts.Deadline.Kind, &l.Facts.Deadline.Date, &raw)
		if err != nil {
			return l, err
		}
		l.Facts.Plan, l.Facts.Listing = plan, l.ID
		l.Words, l.Erased, err = words[ListingWords](raw)
		return l, err
	})
	if err != nil {
		return nil, err
	}
	pointers, err := pointersOf(ctx, tx, plan)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Facts.Items = pointers[all[i].ID]
	}
	return all, nil
}

func pointersOf(ctx context.Context, tx *store.Tx, plan string) (map[string][]string, error) {
	rows, err := tx.Query(ctx, `SELECT p.listing, p.item FROM plan_pointer p
		JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing WHERE l.plan = ? ORDER BY p.listing, p.ord`, plan)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string][]string{}
	for rows.Next() {
		var l, i string
		if err := rows.Scan(&l, &i); err != nil {
			return nil, err
		}
		all[l] = append(all[l], i)
	}
	return all, rows.Err()
}

// readItemEntry reads the entry that describes an item in a book; ok is false if the book has
// none.
func readItemEntry(ctx context.Context, tx *store.Tx, book, item string) (f ItemFacts, w ItemWords, ok bool, err error) {
	var raw, wordsRaw []byte
	err = tx.Row(ctx, `SELECT e.entry, e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.book = ? AND i.item = ?`, book, item).Scan(&raw, &wordsRaw)
	if errors.Is(err, sql.ErrNoRows) {
		return f, w, false, nil
	}
	if err != nil {
		return f, w, false, fmt.Errorf("item %s in %s: %w", item, book, err)
	}
	if err := factsOf(raw, &f); err != nil {
		return f, w, false, err
	}
	w, _, err = words[ItemWords](wordsRaw)
	return f, w, true, err
}

// recall finds the corrections remembered for files of a shape.
func recall(ctx context.Context, tx *store.Tx, shape string) (*sheet.Shape, error) {
	var text string
	err := tx.Row(ctx, `SELECT corrections FROM plan_shape WHERE shape = ?`, shape).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("remembered corrections: %w", err)
	}
	var s sheet.Shape
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("remembered corrections: %w", err)
	}
	return &s, nil
}

// remember keeps a person's corrections for files of this shape.
func remember(ctx context.Context, tx *store.Tx, s sheet.Shape, at int64) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO plan_shape (shape, corrections, at) VALUES (?, ?, ?)
		ON CONFLICT (shape) DO UPDATE SET corrections = excluded.corrections, at = excluded.at`, s.Hash, string(text), at)
	return err
}
