package plan

import (
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Link says that a listing is the same work as an item: the listing points at it from now on,
// and what was accepted of the item counts in the listing's list. Items are never merged.
func (d *Desk) Link(ctx context.Context, req node.Request, listing string, items []string, reason string) error {
	listing, items = d.ID(listing), d.knownAll(items)
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circle, err := d.circleOf(ctx, w, listing)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := d.publish(ctx, w, circle, item); err != nil {
				return err
			}
		}
		_, err = say(ctx, w, Pointed, node.Said[PointFacts, ReasonWords]{
			Circle: circle, Subjects: append([]string{listing}, items...),
			Facts: PointFacts{Listing: listing, Items: items}, Words: &ReasonWords{Reason: reason},
		})
		return err
	})
	return err
}

// Unlink undoes a link: the listing points at an item of its own again, the one it had before
// or, if it never had one, a new one made from its wording.
func (d *Desk) Unlink(ctx context.Context, req node.Request, listing string) error {
	listing = d.ID(listing)
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circle, err := d.circleOf(ctx, w, listing)
		if err != nil {
			return err
		}
		item, err := d.ownItem(ctx, w, circle, listing)
		if err != nil {
			return err
		}
		if err := d.publish(ctx, w, circle, item); err != nil {
			return err
		}
		_, err = say(ctx, w, Pointed, node.Said[PointFacts, ReasonWords]{
			Circle: circle, Subjects: []string{listing, item},
			Facts: PointFacts{Listing: listing, Items: []string{item}}, Words: &ReasonWords{Reason: "解除关联"},
		})
		return err
	})
	return err
}

// ownItem finds an item that no other listing points at but this one once did, or makes one.
func (d *Desk) ownItem(ctx context.Context, w *node.Writing, circle, listing string) (string, error) {
	past, err := formerItems(ctx, w.Tx(), d.node.BookName(circle), listing)
	if err != nil {
		return "", err
	}
	for _, item := range past {
		var others int
		err := w.Tx().Row(ctx, `SELECT count(*) FROM plan_pointer WHERE item = ?`, item).Scan(&others)
		if err != nil {
			return "", err
		}
		if others == 0 {
			return item, nil
		}
	}
	return d.splitItem(ctx, w, circle, listing)
}

// splitItem makes an item from what the listing says: its own units, milestones and indicators.
// Where the directory knows none of the names any more, those who lead the item it shared lead.
func (d *Desk) splitItem(ctx context.Context, w *node.Writing, circle, listing string) (string, error) {
	row, err := listingByID(ctx, w.Tx(), listing)
	if err != nil {
		return "", err
	}
	units, err := unitsByName(ctx, w.Tx())
	if err != nil {
		return "", err
	}
	now := ItemFacts{Item: d.ID(d.newID("i")), Milestones: []MilestoneFacts{}, Indicators: []IndicatorFacts{}}
	own := row.Words.Sides[d.node.Member]
	now.Leads = units.find(append(row.Words.Lead, own.Lead...), nil)
	now.Supports = units.find(append(row.Words.Support, own.Support...), now.Leads)
	if len(now.Leads) == 0 {
		f, _, ok, err := readItemEntry(ctx, w.Tx(), row.Book, first(row.Facts.Items))
		if err != nil || !ok {
			return "", refuse.New("plan.item-unknown", "item", first(row.Facts.Items))
		}
		now.Leads, now.Supports = f.Leads, f.Supports
	}
	words := ItemWords{Title: row.Words.Title, Leader: row.Words.Leader}
	if due := sheet.ParseDeadline(row.Words.Deadline, yearNumber(row.Facts.Deadline.Date)); due != nil {
		now.Milestones, words.Milestones = steps(due)
	}
	now.Indicators, words.Indicators, words.Targets = indicatorsOf(row.Words.Target)
	circles := []string{node.Self}
	if circle != node.Self {
		circles = append(circles, circle)
	}
	return now.Item, sayItem(ctx, w, circles, now, words)
}

// unitNames are the ids behind every name of the directory; several for a group.
type unitNames map[string][]string

func unitsByName(ctx context.Context, tx *store.Tx) (unitNames, error) {
	orgs, err := region.Orgs(ctx, tx)
	if err != nil {
		return nil, err
	}
	names := unitNames{}
	for _, o := range orgs {
		ids := []string{o.ID}
		if o.Group && len(o.Members) > 0 {
			ids = o.Members
		}
		for _, name := range append([]string{o.Name}, o.Aliases...) {
			names[name] = ids
		}
	}
	return names, nil
}

func (u unitNames) find(names, taken []string) []string {
	ids := []string{}
	for _, name := range names {
		for _, id := range u[name] {
			if !slices.Contains(ids, id) && !slices.Contains(taken, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// ReviseItem writes an item's new description: leads, supports, leader, milestones, indicators.
func (d *Desk) ReviseItem(ctx context.Context, req node.Request, f ItemFacts, words ItemWords) error {
	f.Item = d.ID(f.Item)
	if err := d.ours(f.Item); err != nil {
		return err
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		books, err := itemCircles(ctx, w.Tx(), d.node.Member, f.Item)
		if err != nil {
			return err
		}
		if len(books) == 0 {
			return refuse.New("plan.item-unknown", "item", f.Item)
		}
		return sayItem(ctx, w, books, f, words)
	})
	return err
}

// GiveVerdict is the coordinator's own judgement of how a listing stands; an empty state
// withdraws it.
func (d *Desk) GiveVerdict(ctx context.Context, req node.Request, listing string, state judge.WorkState, reason string) error {
	listing = d.ID(listing)
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circle, err := d.circleOf(ctx, w, listing)
		if err != nil {
			return err
		}
		_, err = say(ctx, w, VerdictGiven, node.Said[VerdictFacts, ReasonWords]{
			Circle: circle, Subjects: []string{listing},
			Facts: VerdictFacts{Listing: listing, State: state}, Words: &ReasonWords{Reason: reason},
		})
		return err
	})
	return err
}

func (d *Desk) circleOf(ctx context.Context, w *node.Writing, listing string) (string, error) {
	if err := d.ours(listing); err != nil {
		return "", err
	}
	row, err := listingByID(ctx, w.Tx(), listing)
	return row.Circle, err
}
