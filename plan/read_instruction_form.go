package plan

import (
	"context"
	"slices"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// InstructionForm is what the form of a leader's word offers.
type InstructionForm struct {
	Item   string // id; empty: of no item
	Plan   string // id of the list; empty: of none
	Title  string // of the item or the list
	Near   []ItemUnit
	Others []ItemUnit
	// Leaders are those whose word from paper can be entered as theirs.
	Leaders []region.Person
	Due     judge.Date // proposed
}

// proposedDays is how many working days the form proposes for an answer. It has no source, and is only what stands in the field.
const proposedDays = 10

// InstructionForm reads what is offered for a word about an item or a list: the units of that first, then this member's others. The
// ids of units are as the own book says them.
func (d *Desk) InstructionForm(ctx context.Context, item, key string, v Viewer) (f InstructionForm, err error) {
	if f.Due, err = d.daysFromToday(ctx, proposedDays); err != nil {
		return f, err
	}
	var near []string
	switch {
	case item != "":
		page, err := d.Item(ctx, item, "", v)
		if err != nil {
			return f, err
		}
		if err := d.ours(page.Item); err != nil {
			return f, err
		}
		f.Item, f.Title = page.Item, page.Words.Title
		for _, u := range slices.Concat(page.Leads, page.Supports) {
			near = append(near, saidID(u.Org))
		}
	case key != "":
		page, err := d.List(ctx, ListQuery{Plan: key, Size: 1})
		if err != nil {
			return f, err
		}
		f.Plan, f.Title = page.Plan.Facts.Plan, page.Plan.Words.Title
		for _, u := range page.Units {
			if memberOf(u.Org) == d.node.Member {
				near = append(near, saidID(u.Org))
			}
		}
	}
	if f.Leaders, err = d.Leaders(ctx); err != nil {
		return f, err
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		orgs, err := region.Orgs(ctx, tx)
		for _, o := range orgs {
			if o.Group || o.Closed || o.Side != d.node.Member {
				continue
			}
			if u := (ItemUnit{o.ID, o.Name}); slices.Contains(near, o.ID) {
				f.Near = append(f.Near, u)
			} else {
				f.Others = append(f.Others, u)
			}
		}
		return err
	})
	slices.SortStableFunc(f.Near, func(a, b ItemUnit) int { return slices.Index(near, a.Org) - slices.Index(near, b.Org) })
	return f, err
}
