package plan

import (
	"context"
	"slices"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// ItemTitle is what a page shows of an item that a row may be linked to.
type ItemTitle struct {
	Title string
	Leads []string // names
	Lists []string // titles of the lists it stands in
	Shows int      // periods accepted of it that the circle asked about cannot read yet
}

// ItemTitles reads the titles of items for the pairs of an import, with who leads them and the lists
// they stand in, and how many of their reports linking a row of a list of circle would show there.
func (d *Desk) ItemTitles(ctx context.Context, ids []string, circle string) (map[string]ItemTitle, error) {
	all := map[string]ItemTitle{}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range d.knownAll(ids) {
			if _, ok := all[id]; ok {
				continue
			}
			t, err := d.itemTitle(ctx, tx, id, names)
			if err != nil {
				return err
			}
			if t.Shows, err = d.wouldShow(ctx, tx, circle, id); err != nil {
				return err
			}
			all[id] = t
		}
		return nil
	})
	return all, err
}

// wouldShow counts the periods accepted of an item that a circle's book lacks: what publish writes
// into it beyond corrections. The own book is read by nobody else.
func (d *Desk) wouldShow(ctx context.Context, tx *store.Tx, circle, item string) (n int, err error) {
	if circle == "" || circle == node.Self {
		return 0, nil
	}
	err = tx.Row(ctx, `SELECT count(DISTINCT a.period) FROM plan_accepted a WHERE a.book = ? AND a.item = ? AND NOT EXISTS (
		SELECT 1 FROM plan_accepted b WHERE b.book = ? AND b.item = a.item AND b.period = a.period)`,
		d.node.BookName(node.Self), item, d.node.BookName(circle)).Scan(&n)
	return n, err
}

// CircleName is what a circle is called; what the design calls it, or its id, where it is not open here.
func (d *Desk) CircleName(ctx context.Context, circle string) (name string, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		name, err = d.circleName(ctx, tx, circle)
		return err
	})
	return name, err
}

func (d *Desk) circleName(ctx context.Context, tx *store.Tx, circle string) (string, error) {
	all, err := region.CirclesOf(ctx, tx, d.node.Member)
	if err != nil {
		return "", err
	}
	return region.NameIn(all, circle), nil
}

func (d *Desk) itemTitle(ctx context.Context, tx *store.Tx, id string, names map[string]string) (ItemTitle, error) {
	f, w, _, err := readItemEntry(ctx, tx, d.node.BookName(node.Self), id)
	if err != nil {
		return ItemTitle{}, err
	}
	t := ItemTitle{Title: w.Title}
	for _, org := range f.Leads {
		t.Leads = append(t.Leads, names[org])
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT l.plan FROM plan_pointer p
		JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing WHERE p.item = ? ORDER BY l.plan`, id)
	if err != nil {
		return t, err
	}
	plans, err := texts(rows)
	for _, plan := range plans {
		head, err := planHead(ctx, tx, plan)
		if err != nil {
			return t, err
		}
		if head != nil && !slices.Contains(t.Lists, head.Words.Title) {
			t.Lists = append(t.Lists, head.Words.Title)
		}
	}
	return t, err
}

// ListChoices are what the form of an import offers: the circles this member has a book for, and the
// units of the directory by member.
func (d *Desk) ListChoices(ctx context.Context) (circles []region.Circle, units []region.Org, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if circles, err = region.CirclesOf(ctx, tx, d.node.Member); err != nil {
			return err
		}
		units, err = region.Orgs(ctx, tx)
		return err
	})
	return circles, units, err
}

// Head reads a list's head, nil if there is no such list.
func (d *Desk) Head(ctx context.Context, plan string) (head *PlanHead, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		head, err = planHead(ctx, tx, d.PlanID(plan))
		return err
	})
	return head, err
}

// LinkedTitles reads the rows that an import linked, for the page that offers to undo it; a row that
// was unlinked since is left out.
func (d *Desk) LinkedTitles(ctx context.Context, links []LinkedRow) ([]LinkedTitle, error) {
	var all []LinkedTitle
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range links {
			l.Listing, l.Item = d.ID(l.Listing), d.ID(l.Item)
			row, err := listingByID(ctx, tx, l.Listing)
			if err != nil {
				return err
			}
			if !slices.Contains(row.Facts.Items, l.Item) {
				continue
			}
			item, err := d.itemTitle(ctx, tx, l.Item, names)
			if err != nil {
				return err
			}
			all = append(all, LinkedTitle{LinkedRow: l, Number: row.Words.Number, Title: row.Words.Title, With: item})
		}
		return nil
	})
	return all, err
}

// LinkedTitle is a linked row in words.
type LinkedTitle struct {
	LinkedRow
	Number, Title string
	With          ItemTitle
}
