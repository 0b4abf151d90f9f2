package plan

import (
	"context"
	"errors"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// NewShare is what a lead asks of one or several units, as he types it.
type NewShare struct {
	Item      string
	Orgs      []string // ids, of this member; a share of a target is given to one at a time
	Period    judge.Period
	Once      bool
	Due       judge.Date // empty: three working days before the lead's own last day
	Indicator string     // id; empty: no share of a target
	Target    string     // as typed, in the indicator's unit
	Text      string
	Share     string // id of a part that is asked again; empty: a new one
}

// usualAhead is how many working days before the lead's own last day a part is due unless somebody says otherwise. It has no source; it is ours.
const usualAhead = 3

// AskShare 分解任务: asks each unit for its part and returns the ids. Refused: plan.share-unit for a unit that is neither below the
// lead's nor a county nor a supporting unit.
func (d *Desk) AskShare(ctx context.Context, req node.Request, n NewShare) ([]string, error) {
	n.Item, n.Text = d.ID(n.Item), strings.TrimSpace(n.Text)
	if err := errors.Join(textsShort(map[string]string{"text": n.Text}), d.ours(n.Item)); err != nil {
		return nil, err
	}
	if len(n.Orgs) == 0 {
		return nil, refuse.New("plan.share-unit").At("org")
	}
	if n.Indicator != "" && len(n.Orgs) > 1 {
		return nil, refuse.New("plan.share-one").At("target")
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		f, err := d.shareFacts(ctx, w, n)
		if err != nil {
			return err
		}
		var ids []string
		for i, org := range n.Orgs {
			if slices.Contains(n.Orgs[:i], org) {
				continue
			}
			if err := d.ours(org); err != nil {
				return err
			}
			f.Org = saidID(org)
			if f.Share = n.Share; n.Share == "" {
				f.Share = d.newID("h")
			}
			ids = append(ids, f.Share)
			_, err := say(ctx, w, ShareAsked, node.Said[ShareFacts, ShareWords]{
				Circle: node.Self, Subjects: []string{n.Item}, Facts: f, Words: &ShareWords{Text: n.Text},
			})
			if err != nil {
				return err
			}
		}
		w.Note(strings.Join(ids, " "))
		return nil
	})
	return strings.Fields(receipt.Note), err
}

// shareFacts completes what was typed: by when, and what is told in the indicator's own unit.
func (d *Desk) shareFacts(ctx context.Context, w *node.Writing, n NewShare) (f ShareFacts, err error) {
	today := judge.DateIn(w.Now(), judge.Beijing)
	f = ShareFacts{Item: n.Item, Once: n.Once, Period: n.Period, Due: n.Due, Indicator: n.Indicator}
	cutoff, err := cutoffOf(ctx, w.Tx(), n.Item, n.Period, today)
	if err != nil {
		return f, err
	}
	days, err := calendarOf(ctx, w.Tx())
	if err != nil {
		return f, err
	}
	if f.Due == "" {
		f.Due = days.dueBefore(cutoff, usualAhead, n.Period, today)
	}
	if _, err := judge.ParseDate(string(f.Due)); err != nil {
		return f, refuse.New("plan.day", "day", string(f.Due)).At("due")
	}
	f.Ahead = min(days.between(f.Due, cutoff), mostAhead)
	if n.Indicator == "" {
		if n.Target != "" {
			return f, refuse.New("plan.share-which").At("indicator")
		}
		return f, nil
	}
	facts, said, _, err := readItemEntry(ctx, w.Tx(), d.node.BookName(node.Self), n.Item)
	if err != nil {
		return f, err
	}
	at := slices.IndexFunc(facts.Indicators, func(i IndicatorFacts) bool { return i.ID == n.Indicator })
	if at < 0 {
		return f, refuse.New("plan.indicator-unknown", "indicator", n.Indicator).At("indicator")
	}
	f.Target, err = facts.Indicators[at].figure(said.Indicators[n.Indicator]).Value(n.Target)
	if err != nil {
		return f, refuse.New("plan.figure-form", "indicator", said.Indicators[n.Indicator]).At("target")
	}
	return f, nil
}

// dueBefore is so many working days before a report's last day, but not before today or the period's first day.
func (c calendar) dueBefore(cutoff judge.Date, ahead int, p judge.Period, today judge.Date) judge.Date {
	due := c.before(cutoff, ahead)
	if floor := max(today, p.First()); due < floor {
		due = c.after(floor, 0)
	}
	return due
}

// ReportShare 报送分工: progress, figures and files of a part.
func (d *Desk) ReportShare(ctx context.Context, req node.Request, f ShareReportFacts, words ReportWords) (node.Receipt, error) {
	if err := words.fit(); err != nil {
		return node.Receipt{}, err
	}
	if f.Figures == nil {
		f.Figures = []FigureFacts{}
	}
	return d.toShare(ctx, req, f.Share, func(ctx context.Context, w *node.Writing, s Share) error {
		if err := d.used(ctx, w, s.Item, words.Files); err != nil {
			return err
		}
		_, err := ShareReported.Say(ctx, w, node.Said[ShareReportFacts, ReportWords]{
			Circle: node.Self, Subjects: []string{saidID(s.Item)}, Facts: f, Words: &words,
		})
		return err
	})
}

// DeclineShare 退回分工, with a reason.
func (d *Desk) DeclineShare(ctx context.Context, req node.Request, share, reason string) error {
	return d.endShare(ctx, req, ShareDeclined, share, reason)
}

// WithdrawShare 撤回分工; a reason may be left out.
func (d *Desk) WithdrawShare(ctx context.Context, req node.Request, share, reason string) error {
	return d.endShare(ctx, req, ShareWithdrawn, share, reason)
}

func (d *Desk) endShare(ctx context.Context, req node.Request, k *node.Kind[ShareSaidFacts, ReasonWords], share, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	_, err := d.toShare(ctx, req, share, func(ctx context.Context, w *node.Writing, s Share) error {
		_, err := k.Say(ctx, w, node.Said[ShareSaidFacts, ReasonWords]{
			Circle: node.Self, Subjects: []string{saidID(s.Item)}, Facts: ShareSaidFacts{Share: s.ID}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}

// toShare acts on a part that the actor may read; to whom it is not shown it is not there.
func (d *Desk) toShare(ctx context.Context, req node.Request, id string, act func(context.Context, *node.Writing, Share) error) (node.Receipt, error) {
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		s, err := d.share(ctx, w.Tx(), id, ViewerOf(w.Actor))
		if err != nil {
			return err
		}
		return act(ctx, w, s)
	})
}

// MayReportShare says whether a seat reports the parts of its unit: for what pages offer.
func MayReportShare(actor node.Actor, s Share) bool {
	return region.May(region.Seat(actor.Seat), region.ShareAnswer) && actor.Org == s.Org
}

// MaySplit says whether a seat asks for parts of what its unit leads, and takes them back.
func MaySplit(actor node.Actor, lead string) bool {
	return region.May(region.Seat(actor.Seat), region.PlanSplit) && actor.Org == lead
}
