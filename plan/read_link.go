package plan

import (
	"context"
	"slices"

	"liandong/plan/twin"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// LinkedItem is an item that a row stands for, beside the wording of another list.
type LinkedItem struct {
	Item, Title string
	Lists       []string          // titles of the other lists it stands in, none for a work of this row alone
	Differs     []twin.Difference // between the row and the first other row that stands for it
}

// Alone says that the row stands for one item that no other row stands for: its own wording made it, or
// nothing else is left.
func (p TwinsPage) Alone() bool { return len(p.Items) == 1 && len(p.Items[0].Lists) == 0 }

// Stands says whether the row stands for an item.
func (p TwinsPage) Stands(item string) bool { return slices.Contains(p.Listing.Facts.Items, item) }

// linkedItems reads what a row stands for.
func (d *Desk) linkedItems(ctx context.Context, tx *store.Tx, m meanings, l ListingRow) (all []LinkedItem, err error) {
	row := m.work("", l.Words, l.Facts.Deadline.Date)
	for _, id := range l.Facts.Items {
		page, err := d.item(ctx, tx, id, "", Viewer{Seat: region.Reader})
		if err != nil {
			return nil, err
		}
		one := LinkedItem{Item: id, Title: page.Words.Title}
		for _, other := range page.Listings {
			if other.Listing == l.ID {
				continue
			}
			if len(one.Lists) == 0 {
				one.Differs = twin.Differences(row, m.work("", other.Words, other.Deadline.Date))
			}
			one.Lists = append(one.Lists, other.PlanTitle)
		}
		all = append(all, one)
	}
	return all, nil
}

// Pair is a row and an item side by side, before they are linked.
type Pair struct {
	TwinsPage
	Other   string // the item
	Title   string
	Leads   []ItemUnit
	Lists   []string
	Differs []twin.Difference
	Shows   int    // periods accepted of the item that the row's circle cannot read yet
	Circle  string // name of the row's circle
}

// Pair reads what differs between a row and an item that it is to be linked to, in the wording of
// the list in which the item stands first.
func (d *Desk) Pair(ctx context.Context, listing, item string) (p Pair, err error) {
	listing, item = d.ID(listing), d.ID(item)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if p.Listing, err = listingByID(ctx, tx, listing); err != nil {
			return err
		}
		head, err := planHead(ctx, tx, p.Listing.Facts.Plan)
		if err != nil || head == nil {
			return err
		}
		p.Plan, p.Key, p.Item, p.Other = *head, d.PlanKey(head.Facts.Plan), first(p.Listing.Facts.Items), item
		page, err := d.item(ctx, tx, item, "", Viewer{Seat: region.Reader})
		if err != nil {
			return err
		}
		if len(page.Listings) == 0 {
			return refuse.New("plan.item-unknown", "item", item)
		}
		m, err := d.meanings(ctx, tx)
		if err != nil {
			return err
		}
		if p.Items, err = d.linkedItems(ctx, tx, m, p.Listing); err != nil {
			return err
		}
		p.Title, p.Leads = page.Words.Title, page.Leads
		p.Differs = twin.Differences(m.work("", p.Listing.Words, p.Listing.Facts.Deadline.Date), m.work("", page.Listings[0].Words, page.Listings[0].Deadline.Date))
		if p.Lists, err = listsOfItem(ctx, tx, item); err != nil {
			return err
		}
		if p.Circle, err = d.circleName(ctx, tx, p.Listing.Circle); err != nil {
			return err
		}
		p.Shows, err = d.wouldShow(ctx, tx, p.Listing.Circle, item)
		return err
	})
	return p, err
}
