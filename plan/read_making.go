package plan

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// IssuedList is a list as its notice prints it.
type IssuedList struct {
	Head PlanHead
	Rows []ListingRow // that stand in it, in order
}

// IssuedList reads a list for its notice (印发通知), nil if there is none.
func (d *Desk) IssuedList(ctx context.Context, plan string) (l *IssuedList, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		head, err := planHead(ctx, tx, d.PlanID(plan))
		if err != nil || head == nil {
			return err
		}
		l = &IssuedList{Head: *head}
		l.Rows, err = listingsOf(ctx, tx, head.Facts.Plan)
		l.Rows = slices.DeleteFunc(l.Rows, func(r ListingRow) bool { return r.Dropped != "" })
		return err
	})
	return l, err
}

// CommentDays is how many working days the form proposes for comments. It has no source; it is ours, and each consultation sets its own day.
const CommentDays = 5

// CommentsBy is the day that the form proposes: CommentDays working days from today.
func (d *Desk) CommentsBy(ctx context.Context) (judge.Date, error) {
	return d.daysFromToday(ctx, CommentDays)
}

// Heads are the lists of this node, of all members and years, this member's own first.
func (d *Desk) Heads(ctx context.Context) (all []PlanHead, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = planHeads(ctx, tx, ``)
		slices.SortStableFunc(all, func(a, b PlanHead) int { return bit(d.oursBook(a.Book) != nil) - bit(d.oursBook(b.Book) != nil) })
		return err
	})
	return all, err
}

// MakingOf is the list in the making that a consultation asks about, empty where there is none any more.
func (d *Desk) MakingOf(ctx context.Context, consultation string) (id string, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := makings(ctx, tx, `WHERE m.consultation = ?`, saidID(consultation))
		if len(all) > 0 {
			id = all[0].ID
		}
		return err
	})
	return id, err
}

// MadeInto is the list as which a list in the making was issued; empty: it was not.
func (d *Desk) MadeInto(ctx context.Context, making string) (plan string, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT plan FROM plan_making_issued WHERE making = ?`, making).Scan(&plan)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return plan, err
}

// By is the name of the member that issued the list.
func (l *IssuedList) By() string { return region.MemberName(memberOfBook(l.Head.Book)) }
