package plan

import (
	"context"
	"errors"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Link says that a listing is the same work as some items: the listing points at them and no others from now on,
// and what was accepted of them counts in the listing's list. Items are never merged.
func (d *Desk) Link(ctx context.Context, req node.Request, listing string, items []string, reason string) error {
	items = d.knownAll(items)
	return d.repoint(ctx, req, listing, reason, func(ctx context.Context, w *node.Writing, circle string, _ []string) ([]string, error) {
		for _, item := range items {
			if err := d.publish(ctx, w, circle, item); err != nil {
				return nil, err
			}
		}
		return items, nil
	})
}

// AddItem makes a listing stand for one more item, beside those that it stands for. One that it
// stands for already is no fault.
func (d *Desk) AddItem(ctx context.Context, req node.Request, listing, item, reason string) error {
	item = d.ID(item)
	return d.repoint(ctx, req, listing, reason, func(ctx context.Context, w *node.Writing, circle string, now []string) ([]string, error) {
		if slices.Contains(now, item) {
			return now, nil
		}
		return append(now, item), d.publish(ctx, w, circle, item)
	})
}

// RemoveItem takes one item from a listing; the others stay. After the last one the listing stands for an
// item of its own again, as after Unlink.
func (d *Desk) RemoveItem(ctx context.Context, req node.Request, listing, item string) error {
	item = d.ID(item)
	return d.repoint(ctx, req, listing, "解除关联", func(ctx context.Context, w *node.Writing, circle string, now []string) ([]string, error) {
		if !slices.Contains(now, item) {
			return now, nil
		}
		if left := slices.DeleteFunc(now, func(i string) bool { return i == item }); len(left) > 0 {
			return left, nil
		}
		return d.onlyOwn(ctx, w, circle, listing)
	})
}

// Unlink undoes all links of a listing: it stands for an item of its own again, the one it had before
// or, if it never had one, a new one made from its wording.
func (d *Desk) Unlink(ctx context.Context, req node.Request, listing string) error {
	return d.repoint(ctx, req, listing, "解除关联", func(ctx context.Context, w *node.Writing, circle string, _ []string) ([]string, error) {
		return d.onlyOwn(ctx, w, circle, listing)
	})
}

// repoint says which items a listing stands for from now on, decided by those it stands for now, in
// one transaction. Nothing is said where they stay the same.
func (d *Desk) repoint(ctx context.Context, req node.Request, listing, reason string, decide func(ctx context.Context, w *node.Writing, circle string, now []string) ([]string, error)) error {
	listing = d.ID(listing)
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circle, err := d.circleOf(ctx, w, listing)
		if err != nil {
			return err
		}
		row, err := listingByID(ctx, w.Tx(), listing)
		if err != nil {
			return err
		}
		items, err := decide(ctx, w, circle, slices.Clone(row.Facts.Items))
		if err != nil || slices.Equal(items, row.Facts.Items) {
			return err
		}
		_, err = say(ctx, w, Pointed, node.Said[PointFacts, ReasonWords]{
			Circle: circle, Subjects: append([]string{listing}, items...),
			Facts: PointFacts{Listing: listing, Items: items}, Words: &ReasonWords{Reason: reason},
		})
		return err
	})
	return err
}

// onlyOwn gives the listing's own item and makes it known in the circle.
func (d *Desk) onlyOwn(ctx context.Context, w *node.Writing, circle, listing string) ([]string, error) {
	item, err := d.ownItem(ctx, w, circle, listing)
	if err != nil {
		return nil, err
	}
	return []string{item}, d.publish(ctx, w, circle, item)
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
	head, err := planHead(ctx, w.Tx(), row.Facts.Plan)
	if err != nil || head == nil {
		return "", errors.Join(err, refuse.New("plan.unknown", "plan", row.Facts.Plan))
	}
	if due := sheet.ParseDeadline(row.Words.Deadline, head.Facts.Year); due != nil {
		now.Milestones, words.Milestones = steps(due)
	}
	now.Indicators, words.Indicators, words.Targets = indicatorsOf(row.Words.Target)
	circles := []string{node.Self}
	if circle != node.Self {
		circles = append(circles, circle)
	}
	return now.Item, sayItemShown(ctx, w, circles, now, words)
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
		if o.Closed {
			continue
		}
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
	if sum, fit := WeightsFit(words.Weights, len(f.Milestones)); !fit {
		return refuse.New("plan.milestone-weights", "sum", sum).At("milestones")
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		books, err := itemCircles(ctx, w.Tx(), d.node.Member, f.Item)
		if err != nil {
			return err
		}
		if len(books) == 0 {
			return refuse.New("plan.item-unknown", "item", f.Item)
		}
		if err := d.noneEnded(ctx, w.Tx(), f); err != nil {
			return err
		}
		return sayItemShown(ctx, w, books, f, words)
	})
	return err
}

// noneEnded refuses to give an item to a unit that is no more. One that had it already may stay: what is over stays with whom it was.
func (d *Desk) noneEnded(ctx context.Context, tx *store.Tx, f ItemFacts) error {
	was, _, _, err := readItemEntry(ctx, tx, d.node.BookName(node.Self), f.Item)
	if err != nil {
		return err
	}
	for _, org := range slices.Concat(f.Leads, f.Supports) {
		ended, err := region.Ended(ctx, tx, org)
		if err != nil {
			return err
		}
		if ended && !slices.Contains(was.Leads, org) && !slices.Contains(was.Supports, org) {
			return refuse.New("region.reform.ended").At("leads")
		}
	}
	return nil
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
		var alone int // what a neighbour does alone is judged by its version, see JudgePart
		if err := w.Tx().Row(ctx, `SELECT count(*) FROM plan_claimed WHERE listing = ? AND alone = 1`, listing).Scan(&alone); err != nil {
			return err
		}
		if alone > 0 && state != "" {
			return refuse.New("plan.verdict-part").At("state")
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
