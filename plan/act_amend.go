package plan

import (
	"cmp"
	"context"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/rules/refuse"
)

// Amendment is what shall be otherwise of a row: another deadline or target, in words as a list writes them. Empty: it stays.
type Amendment struct {
	Deadline string
	Target   string
	Reason   string
}

// ProposeAmendment 申请调整: the unit that leads a row asks for another deadline or target, and the list's office answers. Refused:
// plan.amendment-not-lead, plan.amendment-waiting as long as another of the same row waits.
func (d *Desk) ProposeAmendment(ctx context.Context, req node.Request, listing string, a Amendment) (string, error) {
	a = a.trimmed()
	if err := a.short(); err != nil {
		return "", err
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		row, head, err := d.ownRow(ctx, w, listing)
		if err != nil {
			return err
		}
		deadline, err := a.over(row, head.Facts.Year)
		if err != nil {
			return err
		}
		var item string
		err = w.Tx().Row(ctx, `SELECT p.item FROM plan_pointer p JOIN plan_item_now i ON i.item = p.item JOIN plan_item_unit u ON u.book = i.book AND u.item = i.item
			WHERE p.listing = ? AND u.org = ? AND u.leads = 1 ORDER BY p.ord LIMIT 1`, row.ID, w.Actor.Org).Scan(&item)
		if err := refuseMissing(err, "plan.amendment-not-lead"); err != nil {
			return err
		}
		var waiting int
		err = w.Tx().Row(ctx, `SELECT count(*) FROM plan_amendment a LEFT JOIN plan_amendment_answer b ON b.book = a.book AND b.amendment = a.amendment
			WHERE a.listing = ? AND b.amendment IS NULL`, row.ID).Scan(&waiting)
		if err == nil && waiting > 0 {
			err = refuse.New("plan.amendment-waiting")
		}
		if err != nil {
			return err
		}
		f := AmendmentFacts{Amendment: d.newID("a"), Listing: row.ID, Item: item, Target: a.Target != ""}
		if a.Deadline != "" {
			f.Deadline = deadline
		}
		w.Note(f.Amendment)
		_, err = say(ctx, w, AmendmentProposed, node.Said[AmendmentFacts, ChangeWords]{
			Circle: node.Self, Subjects: []string{row.ID, item}, Facts: f, Words: &ChangeWords{Deadline: a.Deadline, Target: a.Target, Reason: a.Reason},
		})
		return err
	})
	return receipt.Note, err
}

// AnswerAmendment 审批调整申请: with a yes the row is amended at once, as it was asked for. Refused: plan.amendment-unknown, also where it was answered.
func (d *Desk) AnswerAmendment(ctx context.Context, req node.Request, id string, accepted bool, reason string) error {
	reason = strings.TrimSpace(reason)
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		all, err := d.amendmentsWhere(ctx, w.Tx(), `WHERE a.amendment = ? AND b.amendment IS NULL`, id)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return refuse.New("plan.amendment-unknown")
		}
		asked := all[0]
		_, err = AmendmentAnswered.Say(ctx, w, node.Said[AmendmentAnswerFacts, ReasonWords]{
			Circle: node.Self, Subjects: []string{saidID(asked.Listing), saidID(asked.Item)},
			Facts: AmendmentAnswerFacts{Amendment: id, Accepted: accepted}, Words: &ReasonWords{Reason: reason},
		})
		if err != nil || !accepted {
			return err
		}
		return d.amend(ctx, w, asked.Listing, Amendment{Deadline: asked.Words.Deadline, Target: asked.Words.Target, Reason: asked.Words.Reason}, true)
	})
	return err
}

// AmendListing 调整清单事项: the list's office itself gives a row another deadline or target, with the reason.
func (d *Desk) AmendListing(ctx context.Context, req node.Request, listing string, a Amendment) error {
	a = a.trimmed()
	if err := a.short(); err != nil {
		return err
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error { return d.amend(ctx, w, listing, a, false) })
	return err
}

func (a Amendment) trimmed() Amendment {
	return Amendment{strings.TrimSpace(a.Deadline), strings.TrimSpace(a.Target), strings.TrimSpace(a.Reason)}
}

func (a Amendment) short() error {
	return textsShort(map[string]string{"deadline": a.Deadline, "target": a.Target, "reason": a.Reason})
}

// over is the deadline that a row has under an amendment. Refused: plan.amendment-deadline where it cannot be read, plan.amendment-nothing where
// the row says so already.
func (a Amendment) over(row ListingRow, year int) (judge.Deadline, error) {
	if a.Reason == "" {
		return judge.Deadline{}, refuse.New("plan.amendment-reason").At("reason")
	}
	now := row.Facts.Deadline
	if a.Deadline != "" {
		read := sheet.ParseDeadline(a.Deadline, year)
		if read == nil || judge.DeadlineKind(read.Kind) == judge.Unclear {
			return now, refuse.New("plan.amendment-deadline", "text", a.Deadline).At("deadline")
		}
		now = deadlineOf(&sheet.Row{Deadline: read})
	}
	if (a.Deadline == "" || a.Deadline == row.Words.Deadline) && (a.Target == "" || a.Target == row.Words.Target) {
		return now, refuse.New("plan.amendment-nothing").At("deadline")
	}
	return now, nil
}

// ownRow is a row of a list of this member's that stands.
func (d *Desk) ownRow(ctx context.Context, w *node.Writing, listing string) (ListingRow, *PlanHead, error) {
	listing = d.ID(listing)
	if err := d.ours(listing); err != nil {
		return ListingRow{}, nil, err
	}
	row, err := listingByID(ctx, w.Tx(), listing)
	if err != nil {
		return row, nil, err
	}
	if row.Dropped != "" {
		return row, nil, refuse.New("plan.listing-unknown", "listing", listing)
	}
	head, err := planHead(ctx, w.Tx(), row.Facts.Plan)
	if err == nil && head == nil {
		err = refuse.New("plan.unknown", "plan", row.Facts.Plan)
	}
	return row, head, err
}

// amend writes the row's new version, its item where no other list holds that, and what was changed and why.
func (d *Desk) amend(ctx context.Context, w *node.Writing, listing string, a Amendment, asked bool) error {
	row, head, err := d.ownRow(ctx, w, listing)
	if err != nil {
		return err
	}
	deadline, err := a.over(row, head.Facts.Year)
	if err != nil {
		return err
	}
	c := Change{What: RowChanged, Listing: row.ID, Words: row.Words, Facts: row.Facts, Row: new(rowOf(row, row.Facts.Order))}
	c.Words.Deadline, c.Words.Target = cmp.Or(a.Deadline, row.Words.Deadline), cmp.Or(a.Target, row.Words.Target)
	c.Facts.Deadline = deadline
	c.Row.Target, c.Row.Deadline = c.Words.Target, sheet.ParseDeadline(c.Words.Deadline, head.Facts.Year)
	p := &Preview{
		Options:  ImportOptions{Plan: row.Facts.Plan, Circle: row.Circle, Year: head.Facts.Year},
		standing: map[string]ListingRow{row.ID: row}, member: d.node.Member, head: head,
	}
	i := &importing{desk: d, w: w, preview: p, confirmed: Confirmation{Reason: a.Reason}, units: map[string][]string{}, shown: map[string]bool{}, asked: asked}
	return i.revise(ctx, &c)
}

// amended says what of a row's deadline and target is otherwise, where anything is.
func (i *importing) amended(ctx context.Context, c *Change, old ListingRow) error {
	f := AmendedFacts{Listing: c.Listing, Was: old.Facts.Deadline, Deadline: c.Facts.Deadline, Target: c.Words.Target != old.Words.Target, Asked: i.asked}
	if f.Was == f.Deadline && !f.Target {
		return nil
	}
	for _, d := range []*judge.Deadline{&f.Was, &f.Deadline} {
		d.Kind = cmp.Or(d.Kind, judge.Unclear)
	}
	words := AmendedWords{Reason: cmp.Or(i.confirmed.Reason, i.revision())}
	if f.Was != f.Deadline {
		words.WasDeadline, words.Deadline = old.Words.Deadline, c.Words.Deadline
	}
	if f.Target {
		words.WasTarget, words.Target = old.Words.Target, c.Words.Target
	}
	_, err := say(ctx, i.w, ListingAmended, node.Said[AmendedFacts, AmendedWords]{
		Circle: i.circle(), Subjects: append([]string{f.Listing}, old.Facts.Items...), Facts: f, Words: &words,
	})
	return err
}

// revision is the reason of who takes a revised list in by a command and gives none: the list itself.
func (i *importing) revision() string {
	o := i.preview.Options
	if o.Number != "" {
		return "按修订后的《" + o.Title + "》（" + o.Number + "）"
	}
	return "按修订后的《" + o.Title + "》"
}

// Amends counts the rows whose deadline or target a file changes: who confirms it says why.
func (p *Preview) Amends() (n int) {
	for _, c := range p.Changes {
		old, ok := p.standing[c.Listing]
		if ok && c.What == RowChanged && (old.Facts.Deadline != c.Facts.Deadline || old.Words.Target != c.Words.Target) {
			n++
		}
	}
	return n
}
