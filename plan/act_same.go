package plan

import (
	"context"
	"errors"
	"slices"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

// SamePair is a row of this member's list and one of a neighbour's that are one row.
type SamePair struct{ Listing, Theirs string }

// SayWith says that a list of this member's and one of a neighbour's are one document (认作同一清单), and which of their rows are one;
// none: that they are not. It holds once the neighbour said the same. Refused: plan.same-with where the two are not in one circle.
func (d *Desk) SayWith(ctx context.Context, req node.Request, plan, with string, pairs []SamePair) (node.Receipt, error) {
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		ours, err := d.ownPlan(ctx, w, plan)
		if err != nil {
			return err
		}
		theirs, err := planHead(ctx, w.Tx(), with)
		if err != nil {
			return err
		}
		if theirs == nil || theirs.Circle != ours.Circle || theirs.Circle == node.Self || memberOfBook(theirs.Book) == d.node.Member {
			return refuse.New("plan.same-with", "plan", with).At("with")
		}
		cause, err := positionOf(ctx, w.Tx(), theirs.Book, theirs.Index)
		if err != nil {
			return err
		}
		f := SameFacts{Plan: ours.Facts.Plan, With: theirs.Facts.Plan, Rows: []SameRow{}}
		doers, err := d.doers(ctx, w, ours)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			row := SameRow{Listing: d.ID(p.Listing), Theirs: saidID(p.Theirs)}
			if row.By = doers[row.Listing]; row.By == nil {
				return refuse.New("plan.listing-unknown", "listing", p.Listing)
			}
			f.Rows = append(f.Rows, row)
		}
		_, err = say(ctx, w, ListsSame, node.Said[SameFacts, region.NoWords]{
			Circle: ours.Circle, Subjects: []string{f.Plan}, Causes: []node.Position{cause}, Facts: f,
		})
		return err
	})
}

// doers are, by row of a list of this member's, the members whose units the row names as its leads. A row that names none is its own
// member's.
func (d *Desk) doers(ctx context.Context, w *node.Writing, head *PlanHead) (map[string][]string, error) {
	a, askerErr := d.askerOf(ctx, w.Tx(), head.Circle, head.Words.Shape)
	rows, err := listingsOf(ctx, w.Tx(), head.Facts.Plan)
	if err := errors.Join(askerErr, err); err != nil {
		return nil, err
	}
	by := map[string][]string{}
	for _, l := range rows {
		members, alone := a.named(l.Words)
		if !alone || len(members) == 0 {
			members = append(members, d.node.Member)
		}
		slices.Sort(members)
		by[l.ID] = slices.Compact(members)
	}
	return by, nil
}
