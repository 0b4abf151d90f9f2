package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
)

// sharePeriods are the periods for which a part may be waited for by a day: the one for which it was asked and those that are open.
func sharePeriods(it unitItem, s Share, today judge.Date) (all []asking) {
	if s.withdrawn > s.Index || s.declined > s.Index {
		return nil
	}
	first, asked := it.rhythmOf(s.From, today)
	if asked {
		all = append(all, asking{s.From, first})
	}
	for _, a := range it.opened(s.From.Cycle(), today) {
		if a.period != s.From && covers(s.Once, s.From, a.period) {
			all = append(all, a)
		}
	}
	return all
}

// answered is the filing that holds for a period whose report is not waited for any more: the newest that was not returned. Its index is -1
// where there is none.
func (h history) answered(item string, a asking, today judge.Date) (holds act) {
	none := act{idx: -1}
	holds = none
	if state := h.state(item, a.period, a.rhythm, today).State; state != judge.Filed && state != judge.Accepted {
		return none
	}
	waits := none
	for _, x := range h.of(item, a.period) {
		switch x.What {
		case judge.Filed:
			waits = x
		case judge.Returned:
			waits = none
		case judge.Accepted:
			if waits.idx >= 0 {
				holds = waits
			}
			waits = none
		}
	}
	if waits.idx >= 0 {
		return waits
	}
	return holds
}

// writtenAt is when a filing was written: where it was signed first, as it was submitted.
func (d *Desk) writtenAt(ctx context.Context, tx *store.Tx, filing int64) (idx int64, err error) {
	if filing < 0 {
		return filing, nil
	}
	err = tx.Row(ctx, `SELECT COALESCE(max(of_idx), ?) FROM plan_submission_answer WHERE book = ? AND idx = ? AND signed = 1`,
		filing, d.node.BookName(node.Self), filing).Scan(&idx)
	return idx, err
}

// answer notes whether the lead's report, written as this index, was before the part was asked for or came.
func (l *ShareLine) answer(written int64) {
	l.Answered = written >= 0 && (l.Index > written || l.Said != nil && l.Said.Index > written)
}

// openLine is a part for one period, and whether it still matters: what was asked in time is closed by the lead's report. What was asked
// after it, or came after it in the newest period, waits until the lead files again, for only so it comes in.
func (d *Desk) openLine(ctx context.Context, tx *store.Tx, s Share, a asking, answered int64, newest bool) (l ShareLine, open bool, err error) {
	written, err := d.writtenAt(ctx, tx, answered)
	if err != nil || written > s.Index && !newest {
		return l, false, err
	}
	l, err = d.line(ctx, tx, s, a.period, a.rhythm.Cutoff(a.period), d.Today())
	if err != nil || written < 0 {
		return l, err == nil, err
	}
	l.answer(written)
	return l, l.Answered && (newest || l.State != ShareIsReported), nil
}

// openLines are the parts that still matter on a day, of the shares that a query names.
func (d *Desk) openLines(ctx context.Context, tx *store.Tx, today judge.Date, which string, args ...any) (all []ShareLine, err error) {
	shares, err := d.sharesWhere(ctx, tx, which, args...)
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(shares); {
		item, until := shares[at].Item, at
		for until < len(shares) && shares[until].Item == item {
			until++
		}
		it := unitItem{id: item}
		if it.lists, err = listsOf(ctx, tx, item); err != nil {
			return nil, err
		}
		done, err := d.actsOf(ctx, tx, `x.item = ?`, item)
		if err != nil {
			return nil, err
		}
		for _, s := range shares[at:until] {
			newest := it.newest(s.From.Cycle(), today)
			for _, a := range sharePeriods(it, s, today) {
				l, open, err := d.openLine(ctx, tx, s, a, done.answered(item, a, today).idx, a.period.First() >= newest.First())
				if err != nil {
					return nil, err
				}
				if open {
					all = append(all, l)
				}
			}
		}
		at = until
	}
	slices.SortStableFunc(all, func(a, b ShareLine) int { return cmp.Compare(a.Due, b.Due) })
	return all, nil
}

// newest is the newest period of a cycle whose report is waited for by a day; empty: there is none.
func (u unitItem) newest(cycle judge.Cycle, today judge.Date) judge.Period {
	if opened := u.opened(cycle, today); len(opened) > 0 {
		return opened[len(opened)-1].period
	}
	return ""
}

// sharesWaiting are the parts that an organisation has still to report.
func (d *Desk) sharesWaiting(ctx context.Context, tx *store.Tx, org string, today judge.Date) ([]ShareLine, error) {
	all, err := d.openLines(ctx, tx, today, `s.org = ?`, org)
	return slices.DeleteFunc(all, func(l ShareLine) bool { return !l.Waits() }), err
}

// sharesOwed counts the parts that an organisation asked of others and that are late, were declined or came after its own report.
func (d *Desk) sharesOwed(ctx context.Context, tx *store.Tx, org string, today judge.Date) (n int, err error) {
	all, err := d.openLines(ctx, tx, today, `s.lead = ?`, org)
	for _, l := range all {
		n += bit(l.State == ShareIsLate || l.Unmerged())
	}
	if err != nil {
		return n, err
	}
	var declined int
	err = tx.Row(ctx, `SELECT count(*) FROM plan_share s WHERE s.lead = ? AND s.book || '' = ?
		AND EXISTS (SELECT 1 FROM plan_share_end x WHERE x.book = s.book AND x.share = s.share AND x.what = 'declined' AND x.idx > s.idx)
		AND NOT EXISTS (SELECT 1 FROM plan_share_end x WHERE x.book = s.book AND x.share = s.share AND x.what = 'withdrawn' AND x.idx > s.idx)`,
		org, d.node.BookName(node.Self)).Scan(&declined)
	return n + declined, err
}

// runningPeriod is the period of an item for which parts are asked or shown unless another is named: the one that runs, for parts are
// asked before its report is waited for, or where none is owed of it the newest that was.
func (u unitItem) runningPeriod(today judge.Date) judge.Period {
	cycle := u.shortest()
	if cycle == "" {
		return ""
	}
	runs := judge.PeriodOf(cycle, today)
	owed, _ := u.asked(cycle)
	if opened := u.opened(cycle, today); !owed.holds(string(runs)) && len(opened) > 0 {
		return opened[len(opened)-1].period
	}
	return runs
}

// nextAsked is the period after one, empty where no report is owed of it.
func (u unitItem) nextAsked(p judge.Period) judge.Period {
	if p.Cycle() == judge.AdHoc {
		return ""
	}
	next := p.Next()
	if owed, _ := u.asked(p.Cycle()); !owed.holds(string(next)) {
		return ""
	}
	return next
}

// newestLines are the parts of an item as a viewer may read them, each for the newest period that it is asked for.
func (d *Desk) newestLines(ctx context.Context, tx *store.Tx, item string, v Viewer) (all []ShareLine, err error) {
	shares, err := d.sharesWhere(ctx, tx, `s.item = ?`, item)
	shares = slices.DeleteFunc(shares, func(s Share) bool { return !v.seesShares(s.Org, s.Lead) || s.withdrawn > s.Index })
	if err != nil || len(shares) == 0 {
		return nil, err
	}
	it := unitItem{id: item}
	if it.lists, err = listsOf(ctx, tx, item); err != nil {
		return nil, err
	}
	for _, s := range shares {
		p := it.runningPeriod(d.Today())
		if !covers(s.Once, s.From, p) {
			p = s.From
		}
		l, err := d.lineOf(ctx, tx, s, it, p)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// lineOf is a part for a period of its item, also one that is not asked for any more.
func (d *Desk) lineOf(ctx context.Context, tx *store.Tx, s Share, it unitItem, p judge.Period) (l ShareLine, err error) {
	rhythm, asked := it.rhythmOf(p, d.Today())
	if !asked {
		return d.line(ctx, tx, s, p, "", d.Today())
	}
	if l, err = d.line(ctx, tx, s, p, rhythm.Cutoff(p), d.Today()); err != nil {
		return l, err
	}
	written, err := d.writtenReport(ctx, tx, s.Item, asking{p, rhythm})
	l.answer(written)
	return l, err
}

// writtenReport is when the report of an item was written that holds for a period and is not waited for any more; -1: there is none.
func (d *Desk) writtenReport(ctx context.Context, tx *store.Tx, item string, a asking) (int64, error) {
	done, err := d.actsOf(ctx, tx, `x.item = ?`, item)
	if err != nil {
		return -1, err
	}
	return d.writtenAt(ctx, tx, done.answered(item, a, d.Today()).idx)
}

// SplitPage is an item with the parts that its lead asks of others, for one period.
type SplitPage struct {
	Item     string
	Title    string
	Period   judge.Period
	Periods  []judge.Period // that may be chosen, the newest first
	Cutoff   judge.Date     // the lead's own last day
	Usual    judge.Date     // on which a part is due unless somebody says otherwise
	Answered judge.Date     // on which the report for the period was filed, which no part asked for now is in; empty: it is waited for
	Next     judge.Period   // after this one; empty: none is owed
	Lines    []ShareLine
	Targets  []TargetSum
	Askable  []Askable
	Leading  bool   // the viewer asks for parts
	LeadName string // of the viewer's organisation, where it leads
}

// Split reads who owes which part of an item, for who leads it, was asked or audits. An empty period is the newest. Refused:
// plan.not-your-item.
func (d *Desk) Split(ctx context.Context, item string, p judge.Period, actor node.Actor) (s SplitPage, err error) {
	s.Item, s.Period = d.ID(item), p
	if err := d.ours(s.Item); err != nil {
		return s, err
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error { return d.fillSplit(ctx, tx, &s, actor) })
	return s, err
}

func (d *Desk) fillSplit(ctx context.Context, tx *store.Tx, s *SplitPage, actor node.Actor) error {
	facts, said, known, err := readItemEntry(ctx, tx, d.node.BookName(node.Self), s.Item)
	if err != nil {
		return err
	}
	if !known {
		return refuse.New("plan.item-unknown", "item", s.Item)
	}
	today := d.Today()
	it := unitItem{id: s.Item}
	if it.lists, err = listsOf(ctx, tx, s.Item); err != nil {
		return err
	}
	s.Title, s.Leading = said.Title, MaySplit(actor, actor.Org) && slices.Contains(facts.Leads, actor.Org)
	if s.Period == "" {
		s.Period = it.runningPeriod(today)
	}
	for _, cycle := range it.cycles() {
		for _, a := range slices.Backward(it.opened(cycle, today)) {
			s.Periods = append(s.Periods, a.period)
		}
	}
	if s.Period != "" && !slices.Contains(s.Periods, s.Period) {
		s.Periods = append([]judge.Period{s.Period}, s.Periods...)
	}
	if rhythm, asked := it.rhythmOf(s.Period, today); asked {
		s.Cutoff = rhythm.Cutoff(s.Period)
		days, err := calendarOf(ctx, tx)
		if err != nil {
			return err
		}
		s.Usual = days.dueBefore(s.Cutoff, usualAhead, s.Period, today)
		done, err := d.actsOf(ctx, tx, `x.item = ?`, s.Item)
		if err != nil {
			return err
		}
		s.Answered = done.answered(s.Item, asking{s.Period, rhythm}, today).On
		s.Next = it.nextAsked(s.Period)
	}
	if s.Lines, err = d.linesFor(ctx, tx, s.Item, s.Period, ViewerOf(actor)); err != nil {
		return err
	}
	if !s.Leading && len(s.Lines) == 0 {
		return refuse.New("plan.not-your-item", "item", s.Item)
	}
	s.Targets = sumTargets(facts, said, s.Lines)
	if s.Leading {
		s.Askable, err = askableFor(ctx, tx, d.node, s.Item, actor.Org)
	}
	return err
}

// ShareOf reads a part for a period, empty for the newest that waits, with the indicators of its item. Refused: plan.share-unknown, also
// for one that is not the viewer's to read.
func (d *Desk) ShareOf(ctx context.Context, id string, p judge.Period, v Viewer) (l ShareLine, indicators []IndicatorLine, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		s, err := d.share(ctx, tx, id, v)
		if err != nil {
			return err
		}
		it := unitItem{id: s.Item}
		if it.lists, err = listsOf(ctx, tx, s.Item); err != nil {
			return err
		}
		if p == "" {
			if p = s.From; covers(s.Once, s.From, it.runningPeriod(d.Today())) {
				p = it.runningPeriod(d.Today())
			}
		}
		if !covers(s.Once, s.From, p) {
			return refuse.New("plan.share-period", "period", p.Zh()).At("period")
		}
		if l, err = d.lineOf(ctx, tx, s, it, p); err != nil {
			return err
		}
		indicators, err = d.indicatorsOf(ctx, tx, s.Item)
		return err
	})
	return l, indicators, err
}

// UnitShares are the parts that still matter of an actor's unit: those asked of it, and those that it asked of others.
type UnitShares struct {
	Ours  []ShareLine `json:"ours"`  // asked of the unit
	Asked []ShareLine `json:"asked"` // of others, by the unit
}

// UnitShares reads the parts of the actor's unit, the first due first; what was declined stays until it is asked again or withdrawn.
func (d *Desk) UnitShares(ctx context.Context, actor node.Actor) (u UnitShares, err error) {
	if !ViewerOf(actor).seesShares(actor.Org, actor.Org) {
		return u, nil
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if u.Ours, err = d.openLines(ctx, tx, d.Today(), `s.org = ?`, actor.Org); err != nil {
			return err
		}
		if u.Asked, err = d.openLines(ctx, tx, d.Today(), `s.lead = ?`, actor.Org); err != nil {
			return err
		}
		declined, err := d.sharesWhere(ctx, tx, `s.lead = ?`, actor.Org)
		for _, s := range declined {
			if err == nil && s.declined > s.Index && s.withdrawn < s.Index {
				var l ShareLine
				l, err = d.line(ctx, tx, s, s.From, "", d.Today())
				u.Asked = append(u.Asked, l)
			}
		}
		return err
	})
	return u, err
}
