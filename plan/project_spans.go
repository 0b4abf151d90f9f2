package plan

import (
	"fmt"

	"liandong/plan/judge"
	"liandong/store"
)

func (p *projector) storeSpans(l *listingFacts, old nowRow, spans []judge.WorkSpan) error {
	before := old.spans
	p.tallies.spans(planScopes(old.plan, old.lead), before, -1)
	p.tallies.spans(planScopes(l.plan, l.lead), spans, 1)
	same := 0
	if old.plan == l.plan {
		same = sameSpans(before, spans)
	}
	if same < len(before) {
		if _, err := p.tx.Exec(p.ctx, `DELETE FROM plan_span WHERE listing = ? AND seq >= ?`, l.id, same); err != nil {
			return err
		}
	}
	for i, s := range spans[same:] {
		err := p.tx.Later(p.ctx, spanTable, l.id, same+i, l.plan, string(s.From), string(s.Until), forkOf(s.From, s.Until), string(s.State),
			string(s.Reason.Code), string(s.Reason.Date), string(s.Reason.On), s.Reason.Ref)
		if err != nil {
			return err
		}
	}
	return nil
}

// sameSpans is how many spans at the beginning stand as before: what is said today seldom changes
// how things stood last month, and those rows are left alone.
func sameSpans(before, now []judge.WorkSpan) (n int) {
	for n < min(len(before), len(now)) && before[n] == now[n] {
		n++
	}
	return n
}

func (p *projector) oldSpans(query string, args ...any) ([]judge.WorkSpan, error) {
	if p.anew {
		return nil, nil
	}
	rows, err := p.tx.Query(p.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, scanSpan)
}

func scanSpan(scan func(...any) error) (s judge.WorkSpan, err error) {
	err = scan(&s.From, &s.Until, &s.State, &s.Reason.Code, &s.Reason.Date, &s.Reason.On, &s.Reason.Ref)
	return s, err
}

// owed: from the first period whose cut-off was not over when the row was listed, to the year's
// last, the one in which the work was confirmed done, or the last before the row was dropped.
func (l *listingFacts) owed(spans []judge.WorkSpan) window {
	active := l.active(spans)
	ps := judge.Expected(l.cycle, l.rhythm, active, active.Until)
	if len(ps) == 0 {
		return window{}
	}
	return window{from: ps[0].First(), until: ps[len(ps)-1].Last().AddDays(1)}
}

// active is when the listing owes reports.
func (l *listingFacts) active(spans []judge.WorkSpan) judge.Active {
	active := judge.Active{From: l.from, Until: judge.Date(fmt.Sprintf("%04d-12-31", l.year)), Dropped: l.dropped}
	for _, s := range spans {
		if s.State == judge.Done || s.State == judge.DoneLate {
			active.Done = s.From
		}
	}
	return active
}
