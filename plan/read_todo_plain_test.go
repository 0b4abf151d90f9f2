package plan

import (
	"context"
	"slices"

	"liandong/node"
	"liandong/store"
)

// PlainTodo reads what Todo is to say to a reporter of a unit, item by item: each with its lists and calls in full, and all acts on it.
func PlainTodo(ctx context.Context, d *Desk, org string) (t Todo, err error) {
	t.AsOf = d.Today()
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		items, done, err := d.plainItems(ctx, tx, org, true)
		if err != nil {
			return err
		}
		for _, it := range items {
			t.Reports = append(t.Reports, duties(it, done, t.AsOf)...)
			t.Waiting += unanswered(it, done, t.AsOf)
		}
		unowed, err := d.filedUnowed(ctx, tx, items, t.AsOf)
		if err != nil {
			return err
		}
		t.Waiting += unowed
		t.Plans = unitLines(items, done, t.AsOf)
		slices.SortStableFunc(t.Reports, byUrgency(t.AsOf))
		if err := d.plainWords(ctx, tx, t.Reports, done); err != nil {
			return err
		}
		if items, done, err = d.plainItems(ctx, tx, org, false); err != nil {
			return err
		}
		if t.Parts, err = d.partsAsked(ctx, tx, org, items, done, t.AsOf); err != nil {
			return err
		}
		return d.plainWords(ctx, tx, t.Parts, done)
	})
	return t, err
}

func (d *Desk) plainItems(ctx context.Context, tx *store.Tx, org string, leads bool) (all []unitItem, done history, err error) {
	done.acts = map[string][]act{}
	rows, err := tx.Query(ctx, `SELECT u.item FROM plan_item_unit u JOIN plan_pointer pt ON pt.item = u.item
		JOIN plan_now n ON n.listing = pt.listing AND n.book = pt.book
		LEFT JOIN plan_dropped d ON d.book = n.book AND d.listing = n.listing
		WHERE u.book = ? AND u.org = ? AND u.leads = ? AND d.day IS NULL ORDER BY n.plan, n.ord, n.listing, pt.ord`, d.node.BookName(node.Self), org, bit(leads))
	if err != nil {
		return nil, done, err
	}
	ids, err := texts(rows)
	if err != nil {
		return nil, done, err
	}
	seen := map[string]bool{}
	for _, id := range ids {
		it := unitItem{id: id}
		if it.lists, err = listsOf(ctx, tx, id); err != nil {
			return nil, done, err
		}
		if len(it.lists) == 0 || seen[id] {
			continue
		}
		seen[id] = true
		all = append(all, it)
		acts, err := d.actsOf(ctx, tx, `x.item = ?`, id)
		if err != nil {
			return nil, done, err
		}
		for key, of := range acts.acts {
			done.acts[key] = of
		}
	}
	return all, done, nil
}

func (d *Desk) plainWords(ctx context.Context, tx *store.Tx, all []Duty, done history) error {
	for i := range all {
		f := &FilingForm{Item: all[i].Item}
		if _, _, err := d.describe(ctx, tx, f, nil); err != nil {
			return err
		}
		all[i].Title = f.Title
	}
	return d.whyReturned(ctx, tx, all, done)
}
