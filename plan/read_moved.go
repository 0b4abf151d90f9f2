package plan

import (
	"context"
	"slices"

	"liandong/book"
	"liandong/store"
)

// NamedItem is an item with its title.
type NamedItem struct{ Item, Title string }

// movedTo says of an item whether it stands in no list any more (不在任何清单), and if so what the rows that stood for it stand for
// now (并入). Nothing is merged: its reports stay its own, and a row may come back to it.
func movedTo(ctx context.Context, tx *store.Tx, item string) (gone bool, into []NamedItem, err error) {
	var rows int
	err = tx.Row(ctx, `SELECT (SELECT count(*) FROM plan_pointer WHERE item = ?) + (SELECT count(*) FROM plan_claimed WHERE item = ?)`, item, item).Scan(&rows)
	if err != nil || rows > 0 {
		return false, nil, err
	}
	former, err := formerListings(ctx, tx, item)
	if err != nil {
		return true, nil, err
	}
	for _, listing := range former {
		now, err := tx.Query(ctx, `SELECT item FROM plan_pointer WHERE listing = ? ORDER BY ord`, listing)
		if err != nil {
			return true, nil, err
		}
		ids, err := texts(now)
		if err != nil {
			return true, nil, err
		}
		for _, id := range ids {
			if slices.ContainsFunc(into, func(n NamedItem) bool { return n.Item == id }) {
				continue
			}
			title, err := itemTitle(ctx, tx, id)
			if err != nil {
				return true, nil, err
			}
			into = append(into, NamedItem{id, title})
		}
	}
	return true, into, nil
}

// formerListings are the rows that ever stood for an item, by the books of its member.
func formerListings(ctx context.Context, tx *store.Tx, item string) ([]string, error) {
	member := memberOf(item)
	rows, err := tx.Query(ctx, `SELECT e.entry FROM node_subject s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		WHERE s.subject = ? AND s.book LIKE ? ORDER BY s.book, s.idx`, saidID(item), member+"/%")
	if err != nil {
		return nil, err
	}
	var all []string
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return none, err
		}
		e, err := book.Scan(raw)
		if err != nil || e.Kind != Listed.Name && e.Kind != Pointed.Name {
			return none, err
		}
		if listing := idOf(member, e.Subjects[0]); e.Subjects[0] != saidID(item) && !slices.Contains(all, listing) {
			all = append(all, listing)
		}
		return none, nil
	})
	return all, err
}
