package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

// readSaid reads what was said for this period and for the one before.
func (d *Desk) readSaid(ctx context.Context, tx *store.Tx, actor node.Actor, f *FilingForm, done history, names map[string]string) error {
	var filed, accepted, returned *act
	acts := done.of(f.Item, f.Period)
	for i := range acts {
		a := &acts[i]
		switch a.What {
		case judge.Filed:
			filed, returned = a, nil
		case judge.Returned:
			returned = a
		case judge.Accepted:
			accepted = a
		}
	}
	read := func(a *act, into **Said) error {
		if a == nil {
			return nil
		}
		said, err := d.saidAt(ctx, tx, a.idx, names)
		*into = said
		return err
	}
	err := errors.Join(read(accepted, &f.Accepted), read(before(f.Item, f.Period, done), &f.Last))
	if err != nil {
		return err
	}
	if f.AsPart {
		if f.Parts, err = d.partsFor(ctx, tx, f.Item, f.Period, names); err != nil {
			return err
		}
		for i, p := range f.Parts {
			if p.Org == actor.Org {
				f.Current = &f.Parts[i]
			}
		}
		f.Parts = nil // what other units added is for the lead
		f.Share, err = d.shareFor(ctx, tx, actor.Org, f.Item, f.Period)
		return err
	}
	if err := errors.Join(read(filed, &f.Current), d.readReturn(ctx, tx, returned, f)); err != nil {
		return err
	}
	if f.Parts, err = d.partsFor(ctx, tx, f.Item, f.Period, names); err != nil {
		return err
	}
	if f.Signed, err = signs(ctx, tx, d.node.BookName(node.Self), actor.Org); err != nil {
		return err
	}
	if f.Submitted, err = d.newestSubmission(ctx, tx, actor.Org, f.Item, f.Period); err != nil {
		return err
	}
	if f.Shares, err = d.linesFor(ctx, tx, f.Item, f.Period, ViewerOf(actor)); err != nil {
		return err
	}
	for _, l := range f.Shares {
		if l.Said != nil {
			f.Parts = append(f.Parts, *l.Said)
		}
	}
	return nil
}

func (d *Desk) readReturn(ctx context.Context, tx *store.Tx, returned *act, f *FilingForm) error {
	if returned == nil {
		return nil
	}
	said, erased, err := wordsAt[ReasonWords](ctx, tx, d.node.BookName(node.Self), returned.idx)
	f.Returned = &Said{Index: returned.idx, Day: returned.On, Words: ReportWords{Progress: said.Reason}, Erased: erased}
	return err
}

// before is the report of an earlier period of the same cycle: what was accepted last, or else
// filed last.
func before(item string, p judge.Period, done history) *act {
	for q := p.Prev(); q != "" && q.First() >= p.First().AddDays(-800); q = q.Prev() {
		acts := done.of(item, q)
		for _, what := range []judge.FilingState{judge.Accepted, judge.Filed} {
			for i := range slices.Backward(acts) {
				if acts[i].What == what {
					return &acts[i]
				}
			}
		}
	}
	return nil
}

// saidAt reads a filing, part or acceptance of the own book.
func (d *Desk) saidAt(ctx context.Context, tx *store.Tx, idx int64, names map[string]string) (*Said, error) {
	var raw, wordsRaw []byte
	err := tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`,
		d.node.BookName(node.Self), idx).Scan(&raw, &wordsRaw)
	if err != nil {
		return nil, fmt.Errorf("entry %d: %w", idx, err)
	}
	return readSaid(raw, wordsRaw, idx, names)
}

// partsFor reads the newest part of each supporting unit.
func (d *Desk) partsFor(ctx context.Context, tx *store.Tx, item string, p judge.Period, names map[string]string) ([]Said, error) {
	rows, err := tx.Query(ctx, `SELECT e.entry, e.words, x.idx FROM plan_part x
		JOIN book_entry e ON e.book = x.book AND e.idx = x.idx
		WHERE x.book = ? AND x.item = ? AND x.period = ? AND x.idx = (SELECT max(y.idx) FROM plan_part y
			WHERE y.book = x.book AND y.item = x.item AND y.period = x.period AND y.org = x.org)
		ORDER BY x.idx`, d.node.BookName(node.Self), item, string(p))
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (s Said, err error) {
		var raw, wordsRaw []byte
		var idx int64
		if err := scan(&raw, &wordsRaw, &idx); err != nil {
			return s, err
		}
		p, err := readSaid(raw, wordsRaw, idx, names)
		if err != nil {
			return s, err
		}
		return *p, nil
	})
}

// readValues joins each indicator's newest earlier value, and each milestone's day.
func (d *Desk) readValues(ctx context.Context, tx *store.Tx, f *FilingForm, facts ItemFacts, said ItemWords) error {
	known, err := acceptedOf(ctx, tx, d.node.BookName(node.Self), f.Item)
	if err != nil {
		return err
	}
	for _, i := range facts.Indicators {
		line := IndicatorLine{IndicatorFacts: i, Name: said.Indicators[i.ID], TargetText: said.Targets[i.ID]}
		line.Last, line.LastPeriod = lastValue(known, i.ID, f.Period)
		f.Indicators = append(f.Indicators, line)
	}
	for _, m := range facts.Milestones {
		line := MilestoneLine{ID: m.ID, Name: said.Milestones[m.ID], Due: m.Day}
		for _, a := range known {
			for _, met := range a.Facts.Report.Met {
				if met.Milestone == m.ID {
					line.Reached = met.Day
				}
			}
		}
		f.Milestones = append(f.Milestones, line)
	}
	return nil
}

// lastValue is an indicator's value in the newest accepted report of a period that ended before p
// began, of p's own cycle.
func lastValue(known []Accepted, indicator string, p judge.Period) (value string, of judge.Period) {
	for _, a := range known {
		r := a.Facts.Report
		if r.Period.Last() >= p.First() || r.Period.Cycle() != p.Cycle() {
			continue
		}
		for _, x := range r.Figures {
			if x.Indicator == indicator {
				value, of = x.Value, r.Period
			}
		}
	}
	return value, of
}
