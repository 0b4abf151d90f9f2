package plan

import (
	"context"
	"fmt"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
)

// listingByID reads one row of a list.
func listingByID(ctx context.Context, tx *store.Tx, id string) (ListingRow, error) {
	rows, err := tx.Query(ctx, `SELECT plan FROM plan_listing WHERE listing = ?`, id)
	if err != nil {
		return ListingRow{}, err
	}
	plans, err := texts(rows)
	if err != nil {
		return ListingRow{}, err
	}
	if len(plans) == 0 {
		return ListingRow{}, refuse.New("plan.listing-unknown", "listing", id)
	}
	var l ListingRow
	var raw []byte
	err = tx.Row(ctx, `SELECT l.book, l.circle, l.idx, COALESCE(d.day, ''), l.ord, l.deadline_kind, l.deadline, e.words
		FROM plan_listing l JOIN book_entry e ON e.book = l.book AND e.idx = l.idx
		LEFT JOIN plan_dropped d ON d.book = l.book AND d.listing = l.listing WHERE l.listing = ?`, id).Scan(
		&l.Book, &l.Circle, &l.Index, &l.Dropped, &l.Facts.Order, &l.Facts.Deadline.Kind, &l.Facts.Deadline.Date, &raw)
	if err != nil {
		return l, fmt.Errorf("listing %s: %w", id, err)
	}
	l.ID, l.Facts.Listing, l.Facts.Plan = id, id, plans[0]
	if l.Words, l.Erased, err = words[ListingWords](raw); err != nil {
		return l, err
	}
	rows, err = tx.Query(ctx, `SELECT item FROM plan_pointer WHERE book = ? AND listing = ? ORDER BY ord`, l.Book, id)
	if err != nil {
		return l, err
	}
	l.Facts.Items, err = texts(rows)
	return l, err
}

// itemCircles names this member's books, by circle, in which an item is described.
func itemCircles(ctx context.Context, tx *store.Tx, member, item string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT h.circle FROM plan_item i JOIN book_head h ON h.book = i.book
		WHERE i.item = ? AND h.member = ? ORDER BY h.circle`, item, member)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// formerItems are the items that a listing pointed at in the past, latest first.
func formerItems(ctx context.Context, tx *store.Tx, book, listing string) ([]string, error) {
	entries, err := node.EntriesAbout(ctx, tx, book, saidID(listing))
	if err != nil {
		return nil, err
	}
	var all []string
	seen := map[string]bool{}
	for n := len(entries) - 1; n >= 0; n-- {
		for _, s := range node.About(entries[n])[1:] {
			if s = idOf(memberOfBook(book), s); !seen[s] {
				seen[s] = true
				all = append(all, s)
			}
		}
	}
	return all, nil
}

// IDsOf are the ids that milestones and indicators of an item have or ever had: what was reported of one is never another's.
func (d *Desk) IDsOf(ctx context.Context, tx *store.Tx, item string) (map[string]bool, error) {
	entries, err := node.EntriesAbout(ctx, tx, d.node.BookName(node.Self), saidID(item))
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, e := range entries {
		var f ItemFacts
		if e.Kind != ItemOpened.Name || factsIn(e, &f) != nil || f.Item != item {
			continue
		}
		for _, m := range f.Milestones {
			all[m.ID] = true
		}
		for _, k := range f.Indicators {
			all[k.ID] = true
		}
	}
	return all, nil
}

// Accepted is a report as it was accepted in one book.
type Accepted struct {
	Book   string
	Index  int64
	Day    judge.Date
	Facts  AcceptFacts
	Words  ReportWords
	Erased bool
}

// acceptedOf reads the newest accepted version of each period of an item in a book, in the order
// of the periods.
func acceptedOf(ctx context.Context, tx *store.Tx, book, item string) ([]Accepted, error) {
	rows, err := tx.Query(ctx, `SELECT a.book, a.idx, a.day, e.entry, e.words FROM plan_accepted a
		JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		WHERE a.book = ? AND a.item = ? AND a.idx = (SELECT max(x.idx) FROM plan_accepted x
			WHERE x.book = a.book AND x.item = a.item AND x.period = a.period)
		ORDER BY a.period_last, a.idx`, book, item)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (a Accepted, err error) {
		var raw, wordsRaw []byte
		if err := scan(&a.Book, &a.Index, &a.Day, &raw, &wordsRaw); err != nil {
			return a, err
		}
		if err := factsOf(raw, &a.Facts); err != nil {
			return a, err
		}
		a.Words, a.Erased, err = words[ReportWords](wordsRaw)
		return a, err
	})
}
