package plan

import (
	"cmp"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	"liandong/plan/judge"
)

// tallies collects what a request moves in the sums of a board.
type tallies map[tallyKey]int

// tallyKey is a row of plan_tally (from: first day) or, with a period, of plan_filing_tally or,
// with month set, of plan_tally_month (from: the month): the same sums as plan_tally, so that a
// board adds up at most the months before and the days of one.
type tallyKey struct {
	scope, state, period, from string
	month                      bool
	onTime                     int
}

func (t tallies) spans(scopes []string, spans []judge.WorkSpan, sign int) {
	for _, d := range judge.Deltas(spans) {
		for _, scope := range scopes {
			t[tallyKey{scope: scope, state: string(d.State), from: string(d.From)}] += sign * d.N
		}
	}
}

// owed counts who owes a report, by cycle: from the first day of a period on. since is the first
// day in the list: within the first period, who looks at an earlier day takes it off.
func (t tallies) owed(scopes []string, cycle judge.Cycle, w window, since judge.Date, sign int) {
	if w.from == "" {
		return
	}
	for _, scope := range scopes {
		t[tallyKey{scope: scope, state: owedState(cycle), from: string(w.from)}] += sign
		t[tallyKey{scope: scope, state: owedState(cycle), from: string(w.until)}] -= sign
		if since > w.from {
			t[tallyKey{scope: scope, state: joinedState(cycle), from: string(since)}] += sign
		}
	}
}

func owedState(c judge.Cycle) string { return "owed:" + string(c) }

func joinedState(c judge.Cycle) string { return "joined:" + string(c) }

// begins is the first day of spans; "" if there are none.
func begins(spans []judge.WorkSpan) judge.Date {
	if len(spans) == 0 {
		return ""
	}
	return spans[0].From
}

func beginAlike(a, b []judge.WorkSpan) bool { return begins(a) == begins(b) }

// filedSince are sums in which a report is counted, each with the first day of what it is filed for:
// "2022-03-01 plan:…".
func filedSince(since judge.Date, scopes []string) []string {
	all := make([]string, len(scopes))
	for i, scope := range scopes {
		all[i] = string(since) + " " + scope
	}
	return all
}

// flush adds what was collected and removes what became nothing, so that the rows are those of a
// count from nothing.
func (p *projector) flush() error {
	p.tallies.months()
	keys := make([]tallyKey, 0, len(p.tallies))
	for k, n := range p.tallies {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, tallyKey.compare)
	for _, k := range keys {
		if err := p.move(k, p.tallies[k]); err != nil {
			return err
		}
	}
	return nil
}

// compare orders the sums as they stand in their tables.
func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(strings.Compare(k.scope, o.scope), strings.Compare(k.period, o.period), strings.Compare(k.state, o.state),
		cmp.Compare(k.onTime, o.onTime), strings.Compare(k.from, o.from), compareBools(k.month, o.month))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// months adds to each sum of a day that of its month.
func (t tallies) months() {
	sums := tallies{}
	for k, n := range t {
		if k.period == "" {
			sums[tallyKey{scope: k.scope, state: k.state, from: monthOf(k.from), month: true}] += n
		}
	}
	maps.Copy(t, sums)
}

func monthOf(day string) string { return day[:min(len(day), len("2006-01"))] }

func (p *projector) move(k tallyKey, n int) error {
	if p.anew {
		return p.moveAnew(k, n)
	}
	if k.month {
		return p.moveMonth(k, n)
	}
	if k.period != "" {
		return p.moveFiling(k, n)
	}
	_, err := p.tx.Exec(p.ctx, `INSERT INTO plan_tally (scope, state, from_day, n) VALUES (?, ?, ?, ?)
		ON CONFLICT (scope, state, from_day) DO UPDATE SET n = plan_tally.n + excluded.n`, k.scope, k.state, k.from, n)
	if err != nil {
		return err
	}
	_, err = p.tx.Exec(p.ctx, `DELETE FROM plan_tally WHERE scope = ? AND state = ? AND from_day = ? AND n = 0`,
		k.scope, k.state, k.from)
	return err
}

// moveAnew stores a sum that has no row yet.
func (p *projector) moveAnew(k tallyKey, n int) error {
	switch {
	case k.month:
		return p.tx.Later(p.ctx, tallyMonthTable, k.scope, k.state, k.from, n)
	case k.period != "":
		return p.tx.Later(p.ctx, filingTallyTable, k.scope, k.period, k.state, k.onTime, k.from, n)
	}
	return p.tx.Later(p.ctx, tallyTable, k.scope, k.state, k.from, n)
}

func (p *projector) moveFiling(k tallyKey, n int) error {
	_, err := p.tx.Exec(p.ctx, `INSERT INTO plan_filing_tally (scope, period, state, on_time, from_day, n) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (scope, period, state, on_time, from_day) DO UPDATE SET n = plan_filing_tally.n + excluded.n`,
		k.scope, k.period, k.state, k.onTime, k.from, n)
	if err != nil {
		return err
	}
	_, err = p.tx.Exec(p.ctx, `DELETE FROM plan_filing_tally
		WHERE scope = ? AND period = ? AND state = ? AND on_time = ? AND from_day = ? AND n = 0`,
		k.scope, k.period, k.state, k.onTime, k.from)
	return err
}

func (p *projector) moveMonth(k tallyKey, n int) error {
	_, err := p.tx.Exec(p.ctx, `INSERT INTO plan_tally_month (scope, state, month, n) VALUES (?, ?, ?, ?)
		ON CONFLICT (scope, state, month) DO UPDATE SET n = plan_tally_month.n + excluded.n`, k.scope, k.state, k.from, n)
	if err != nil {
		return err
	}
	_, err = p.tx.Exec(p.ctx, `DELETE FROM plan_tally_month WHERE scope = ? AND state = ? AND month = ? AND n = 0`,
		k.scope, k.state, k.from)
	return err
}

func (p *projector) oldItem(id string) (r itemRow, err error) {
	r = emptyItem(memberOf(id))
	if p.anew {
		return r, nil
	}
	var leads, scopes string
	err = p.tx.Row(p.ctx, `SELECT cycle, leads, scopes FROM plan_item_now WHERE item = ?`, id).Scan(&r.cycle, &leads, &scopes)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	r.leads = strings.Fields(leads)
	for scope := range strings.FieldsSeq(scopes) {
		r.spans[scope], err = p.oldSpans(`SELECT from_day, until_day, state, code, day, on_day, ref FROM plan_item_span
			WHERE scope = ? AND item = ? ORDER BY seq`, scope, id)
		if err != nil {
			return r, err
		}
	}
	return r, p.oldOwed(id, r)
}

func (p *projector) oldOwed(id string, into itemRow) error {
	rows, err := p.tx.Query(p.ctx, `SELECT scope, cycle, owed_from, owed_until FROM plan_item_owed WHERE item = ? ORDER BY scope, owed_from`, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var scope string
		var cycle judge.Cycle
		var w window
		if err := rows.Scan(&scope, &cycle, &w.from, &w.until); err != nil {
			return err
		}
		into.owed[scope], into.cycles[scope] = append(into.owed[scope], w), rhythmic{cycle: cycle}
	}
	return rows.Err()
}

// counted are the sums that an item moves by how it stands over a scope: the scope's own, and of a
// circle also those of each lead unit within it, which need no spans of their own.
func counted(scope string, leads []string) []string {
	all := []string{scope}
	if circle, ok := strings.CutPrefix(scope, "circle:"); ok {
		for _, lead := range leads {
			all = append(all, circleUnit(circle, lead))
		}
	}
	return all
}

func circleUnit(circle, lead string) string { return "circleunit:" + circle + " " + lead }

// itemSpans keeps, per scope, how the item stands; what stands as before is left alone.
func (p *projector) itemSpans(id string, old, now itemRow) error {
	for scope := range union(old.spans, now.spans) {
		before, spans := old.spans[scope], now.spans[scope]
		p.tallies.spans(counted(scope, old.leads), before, -1)
		p.tallies.spans(counted(scope, now.leads), spans, 1)
		same := sameSpans(before, spans)
		if same < len(before) {
			_, err := p.tx.Exec(p.ctx, `DELETE FROM plan_item_span WHERE scope = ? AND item = ? AND seq >= ?`, scope, id, same)
			if err != nil {
				return err
			}
		}
		for i, s := range spans[same:] {
			err := p.tx.Later(p.ctx, itemSpanTable, id, scope, same+i, string(s.From), string(s.Until), forkOf(s.From, s.Until), string(s.State),
				string(s.Reason.Code), string(s.Reason.Date), string(s.Reason.On), s.Reason.Ref)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *projector) storeItem(id string, r itemRow) error {
	if !p.anew {
		if _, err := p.tx.Exec(p.ctx, `DELETE FROM plan_item_owed WHERE item = ?`, id); err != nil {
			return err
		}
	}
	for scope, all := range r.owed {
		for _, w := range all {
			err := p.tx.Later(p.ctx, itemOwedTable, id, scope, string(r.cycles[scope].cycle), string(w.from), string(w.until))
			if err != nil {
				return err
			}
		}
	}
	scopes := strings.Join(sortedKeys(r.spans), " ")
	if p.anew {
		return p.tx.Later(p.ctx, itemNowTable, id, r.book, r.idx, strings.Join(r.leads, " "), r.lists, string(r.cycle), scopes)
	}
	_, err := p.tx.Exec(p.ctx, `INSERT INTO plan_item_now (item, book, idx, leads, lists, cycle, scopes) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (item) DO UPDATE SET book = excluded.book, idx = excluded.idx, leads = excluded.leads,
		lists = excluded.lists, cycle = excluded.cycle, scopes = excluded.scopes`,
		id, r.book, r.idx, strings.Join(r.leads, " "), r.lists, string(r.cycle), scopes)
	return err
}

// farFuture is after every day: how a report stands once all that is known has happened.
const farFuture = judge.Date("9999-12-31")
