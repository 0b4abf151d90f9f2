package plan

import (
	"context"
	"strings"
	"unicode/utf8"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
)

// Call asks the leads of a list's rows for a report by a day, out of turn (临时调度); no listings are
// all rows that are open on that day. The plan is an id or a key.
func (d *Desk) Call(ctx context.Context, req node.Request, f CallFacts, text string) (node.Receipt, error) {
	f.Listings = d.knownAll(f.Listings)
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n > MostRunes {
		return node.Receipt{}, refuse.New("plan.text-too-long", "n", n, "most", MostRunes).At("text")
	}
	if len(f.Listings) > namedRows {
		return node.Receipt{}, refuse.New("plan.call-rows", "n", len(f.Listings), "most", namedRows).At("listings")
	}
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		head, err := d.ownPlan(ctx, w, f.Plan)
		if err != nil {
			return err
		}
		f.Plan = head.Facts.Plan
		asked := f.Listings
		if len(asked) == 0 {
			if asked, err = rowsNamed(ctx, w.Tx(), `SELECT l.listing FROM plan_listing l
				LEFT JOIN plan_dropped d ON d.book = l.book AND d.listing = l.listing
				WHERE l.plan = ? AND d.listing IS NULL ORDER BY l.ord LIMIT ?`, f.Plan); err != nil {
				return err
			}
		}
		_, err = say(ctx, w, ReportCalled, node.Said[CallFacts, CallWords]{
			Circle: head.Circle, Subjects: append([]string{f.Plan}, asked...), Facts: f, Words: &CallWords{Text: text},
		})
		return err
	})
}

// Uncall takes the call of a list for a day back, with a reason.
func (d *Desk) Uncall(ctx context.Context, req node.Request, plan string, day judge.Date, reason string) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		head, err := d.ownPlan(ctx, w, plan)
		if err != nil {
			return err
		}
		asked, err := rowsNamed(ctx, w.Tx(), `SELECT a.owner FROM plan_now n JOIN plan_asked a ON a.owner = n.listing
			WHERE n.plan = ? AND a.scope = '' AND a.day = ? ORDER BY n.ord LIMIT ?`, head.Facts.Plan, string(day))
		if err != nil {
			return err
		}
		_, err = say(ctx, w, CallWithdrawn, node.Said[WithdrawFacts, ReasonWords]{
			Circle: head.Circle, Subjects: append([]string{head.Facts.Plan}, asked...),
			Facts: WithdrawFacts{Plan: head.Facts.Plan, Day: day}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}

// namedRows is how many rows an entry names beside its list, so that their items' stories tell of it:
// an entry has at most 65,535 bytes.
const namedRows = 500

// rowsNamed reads the rows that a call of a whole list asks; the query's last argument is how many.
func rowsNamed(ctx context.Context, tx *store.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, append(args, namedRows)...)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// ownPlan reads the head of a list that this member keeps: nobody acts on a neighbour's list.
func (d *Desk) ownPlan(ctx context.Context, w *node.Writing, plan string) (*PlanHead, error) {
	head, err := planHead(ctx, w.Tx(), d.PlanID(plan))
	if err != nil {
		return nil, err
	}
	if head == nil {
		return nil, refuse.New("plan.unknown", "plan", plan)
	}
	return head, d.oursBook(head.Book)
}
