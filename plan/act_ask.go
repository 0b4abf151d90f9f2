package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// AskNeighbours asks the members whose units the rows of a list name, as far as this member recognises them in the
// list's circle and has not asked them yet; it says how many rows ask somebody now.
func (d *Desk) AskNeighbours(ctx context.Context, req node.Request, plan string) (asked int, err error) {
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		head, err := d.ownPlan(ctx, w, plan)
		if err != nil {
			return err
		}
		_, n, err := d.askRows(ctx, w, head)
		w.Note(strconv.Itoa(n)) // whoever sends the request again is told the same
		return err
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(receipt.Note)
}

// AskAgain asks a member once more that declined a row of this member's, or would do it by another day, by the row as it stands now.
// Refused: plan.not-declined where its standing answer is none of these.
func (d *Desk) AskAgain(ctx context.Context, req node.Request, listing, member string) (node.Receipt, error) {
	listing = d.ID(listing)
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		var at node.Position
		err := w.Tx().Row(ctx, `SELECT w.book, w.idx, e.leaf`+refusedRows+` AND a.listing = ? AND a.member = ?`,
			d.node.Member, yearOfDay(d.Today()), listing, member).
			Scan(&at.Book, &at.Index, scanLeaf{&at})
		if err := refuseMissing(err, "plan.not-declined"); err != nil {
			return err
		}
		_, err = say(ctx, w, WorkAskedAgain, node.Said[AskAgainFacts, region.NoWords]{
			Circle: circleOfBook(at.Book), Subjects: []string{listing}, Causes: []node.Position{at}, Facts: AskAgainFacts{Listing: listing, Member: member},
		})
		return err
	})
}

// askRows asks for each row of a list that names units of neighbours; a row that stands as it was asked is not asked again.
// It tells who is asked and who is not, and how many rows ask.
func (d *Desk) askRows(ctx context.Context, w *node.Writing, list *PlanHead) (all Asking, n int, err error) {
	circle := list.Circle
	a, err := d.askerOf(ctx, w.Tx(), circle, list.Words.Shape)
	if err != nil {
		return all, 0, err
	}
	rows, err := listingsOf(ctx, w.Tx(), list.Facts.Plan)
	if err != nil {
		return all, 0, err
	}
	standing, err := asksOf(ctx, w.Tx(), d.node.BookName(circle))
	if err != nil {
		return all, 0, err
	}
	var sum asks
	for _, l := range rows {
		now := AskFacts{Listing: l.ID}
		if l.Dropped == "" && !l.Erased {
			now.Members, now.Alone = a.named(l.Words)
			sum.add(a, l.Words)
		}
		if len(now.Members) > 0 {
			n++
		}
		if was := standing[l.ID]; slices.Equal(was.Members, now.Members) && (was.Alone == now.Alone || len(now.Members) == 0) {
			continue
		}
		if now.Members == nil {
			now.Members = []string{}
		}
		_, err := say(ctx, w, WorkAsked, node.Said[AskFacts, region.NoWords]{Circle: circle, Subjects: []string{l.ID}, Facts: now})
		if err != nil {
			return all, n, err
		}
	}
	return sum.sums(a), n, nil
}

func asksOf(ctx context.Context, tx *store.Tx, book string) (map[string]AskFacts, error) {
	rows, err := tx.Query(ctx, `SELECT listing, member, alone FROM plan_ask WHERE book = ? ORDER BY listing, member`, book)
	if err != nil {
		return nil, err
	}
	all := map[string]AskFacts{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var listing, member string
		var alone int
		err = scan(&listing, &member, &alone)
		f := all[listing]
		f.Members, f.Alone = append(f.Members, member), alone == 1
		all[listing] = f
		return none, err
	})
	return all, err
}

// asking is a neighbour's row that asks this member, as an answer needs it.
type askedRow struct {
	at  node.Position
	row ListingRow
}

// askedOf finds what a listing of a neighbour's asks of this member.
func (d *Desk) askedOf(ctx context.Context, tx *store.Tx, listing string) (a askedRow, err error) {
	return askedBy(ctx, tx, listing, d.node.Member)
}

type scanLeaf struct{ at *node.Position }

func (s scanLeaf) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b) != len(s.at.Leaf) {
		return fmt.Errorf("a leaf of %T", v)
	}
	copy(s.at.Leaf[:], b)
	return nil
}

// Claim takes on what a neighbour's row asks (认领): by an item of this member's, or with item "" by a new one that these
// units lead. It stands in a list of this member's in the same circle from then on, by the rhythm of the list that asks, so
// that its units report on it; what is accepted counts in the neighbour's row.
func (d *Desk) Claim(ctx context.Context, req node.Request, listing, item string, leads []string) (node.Receipt, error) {
	listing = d.ID(listing)
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		asked, err := d.askedOf(ctx, w.Tx(), listing)
		if err != nil {
			return err
		}
		circle, item := asked.row.Circle, item // an act may run twice
		if item == "" {
			if item, err = d.openAsked(ctx, w, asked, leads); err != nil {
				return err
			}
		} else {
			item = d.ID(item)
		}
		if err := d.publish(ctx, w, circle, item); err != nil {
			return err
		}
		in, err := listedIn(ctx, w.Tx(), d.node.Member, item) // what no list of this circle holds, it hears nothing of
		if err != nil {
			return err
		}
		if !slices.Contains(in, circle) {
			if err := d.listAsked(ctx, w, asked, item); err != nil {
				return err
			}
		}
		_, err = say(ctx, w, WorkClaimed, node.Said[ClaimFacts, region.NoWords]{
			Circle: circle, Subjects: []string{item}, Causes: []node.Position{asked.at}, Facts: ClaimFacts{Item: item},
		})
		return err
	})
}

// openAsked makes the item by which a neighbour's row is done here.
func (d *Desk) openAsked(ctx context.Context, w *node.Writing, asked askedRow, leads []string) (item string, err error) {
	if len(leads) == 0 {
		return "", refuse.New("plan.claim-lead").At("lead")
	}
	f := ItemFacts{Item: d.ID(d.newID("i")), Leads: leads, Supports: []string{}, Milestones: []MilestoneFacts{}}
	words := ItemWords{Title: asked.row.Words.Title}
	f.Indicators, words.Indicators, words.Targets = indicatorsOf(asked.row.Words.Target)
	return f.Item, sayItemShown(ctx, w, []string{node.Self, asked.row.Circle}, f, words)
}

// listAsked puts the item into this member's list of what that neighbour asks, which the first such row opens.
func (d *Desk) listAsked(ctx context.Context, w *node.Writing, asked askedRow, item string) error {
	theirs, err := planHead(ctx, w.Tx(), asked.row.Facts.Plan)
	if err != nil || theirs == nil {
		return errors.Join(err, refuse.New("plan.unknown", "plan", asked.row.Facts.Plan))
	}
	circle, member := asked.row.Circle, memberOf(asked.row.ID)
	f := theirs.Facts
	f.Plan, f.Issued = d.PlanID(fmt.Sprintf("asked-%s-%d-%s", member, f.Year, f.Cycle)), ""
	if len(f.Plan) > 64 {
		return refuse.New("plan.key-form", "plan", f.Plan)
	}
	head, err := planHead(ctx, w.Tx(), f.Plan)
	if err != nil {
		return err
	}
	if head != nil && head.Circle != circle { // that neighbour asks in several circles
		f.Plan = d.PlanID(fmt.Sprintf("asked-%s-%d-%s-%s", member, f.Year, f.Cycle, circle))
		if len(f.Plan) > 64 {
			return refuse.New("plan.key-form", "plan", f.Plan)
		}
		if head, err = planHead(ctx, w.Tx(), f.Plan); err != nil {
			return err
		}
	}
	if head != nil && head.Circle != circle {
		return refuse.New("plan.other-circle", "circle", head.Circle)
	}
	if err := d.openList(ctx, w, circle, f, fmt.Sprintf("%s请办事项（%d年）", region.MemberName(member), f.Year)); err != nil {
		return err
	}
	_, err = d.appendRow(ctx, w, circle, ListingFacts{Plan: f.Plan, Items: []string{item}, Deadline: asked.row.Facts.Deadline}, ListingWords{
		Title: asked.row.Words.Title, Measures: asked.row.Words.Measures, Target: asked.row.Words.Target, Deadline: asked.row.Words.Deadline,
		Lead: asked.row.Words.Sides[d.node.Member].Lead, Support: asked.row.Words.Sides[d.node.Member].Support,
	})
	return err
}

// openList issues a list of this member's that its first row opens; one that stands stays as it is.
func (d *Desk) openList(ctx context.Context, w *node.Writing, circle string, f PlanFacts, title string) error {
	head, err := planHead(ctx, w.Tx(), f.Plan)
	if err != nil || head != nil {
		return err
	}
	_, err = say(ctx, w, PlanIssued, node.Said[PlanFacts, PlanWords]{Circle: circle, Subjects: []string{f.Plan}, Facts: f, Words: &PlanWords{Title: title}})
	return err
}

// appendRow puts a row behind the last of a list, numbered by its place; its id.
func (d *Desk) appendRow(ctx context.Context, w *node.Writing, circle string, f ListingFacts, words ListingWords) (string, error) {
	f.Listing = d.ID(d.newID("l"))
	if err := w.Tx().Row(ctx, `SELECT COALESCE(max(ord), 0) + 1 FROM plan_listing WHERE plan = ?`, f.Plan).Scan(&f.Order); err != nil {
		return "", err
	}
	words.Number = strconv.Itoa(f.Order)
	_, err := say(ctx, w, Listed, node.Said[ListingFacts, ListingWords]{
		Circle: circle, Subjects: append([]string{f.Listing}, f.Items...), Facts: f, Words: &words,
	})
	return f.Listing, err
}

// Decline says why this member does not do what a neighbour's row asks (谢绝), or that it would by another day (另议).
func (d *Desk) Decline(ctx context.Context, req node.Request, listing, reason string, by judge.Date) (node.Receipt, error) {
	listing = d.ID(listing)
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		asked, err := d.askedOf(ctx, w.Tx(), listing)
		if err != nil {
			return err
		}
		_, err = say(ctx, w, WorkDeclined, node.Said[DeclineFacts, ReasonWords]{
			Circle: asked.row.Circle, Causes: []node.Position{asked.at}, Facts: DeclineFacts{Deadline: by}, Words: &ReasonWords{Reason: reason},
		})
		return err
	})
}

// toAsk are the members that rows of a page name, who could be asked and were not.
func (d *Desk) toAsk(ctx context.Context, tx *store.Tx, p ListPage) (all []string, err error) {
	if !p.Own || p.Plan.Circle == node.Self || len(p.Rows) == 0 || len(p.Rows) > ListPageSize {
		return nil, nil
	}
	a, err := d.askerOf(ctx, tx, p.Plan.Circle, p.Plan.Words.Shape)
	if err != nil || !a.anybody() {
		return nil, err
	}
	ids := make([]string, len(p.Rows))
	for i, r := range p.Rows {
		ids[i] = r.Listing
	}
	in, args := places(ids)
	rows, err := tx.Query(ctx, `SELECT listing || ' ' || member FROM plan_ask WHERE book = ? AND listing IN (`+in+`)`,
		append([]any{p.Plan.Book}, args...)...)
	if err != nil {
		return nil, err
	}
	asked, err := texts(rows)
	for _, r := range p.Rows {
		named, _ := a.named(r.Words)
		for _, member := range named {
			if !slices.Contains(asked, r.Listing+" "+member) && !slices.Contains(all, member) {
				all = append(all, member)
			}
		}
	}
	slices.Sort(all)
	return all, err
}
