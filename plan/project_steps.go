package plan

import (
	"strings"

	"liandong/node"
	"liandong/plan/judge"
)

// filing counts a report in each state it was in, from the day on which it came into it or, if that
// is later, on which its row came into its list. scopes are those of filedSince.
func (t tallies) filing(scopes []string, period string, f filingRow, sign int) {
	if f.state == "" || len(scopes) == 0 {
		return
	}
	outlook := judge.ReportOutlook(judge.Filing{Steps: parseSteps(f.steps)})
	for _, d := range judge.Deltas(outlook) {
		if nothingFiled(d.State) {
			continue
		}
		for _, s := range scopes {
			since, scope, _ := strings.Cut(s, " ")
			from := max(string(d.From), since)
			t[tallyKey{scope: scope, state: string(d.State), period: period, from: from, onTime: f.onTime}] += sign * d.N
		}
	}
}

// filingRow is a row of plan_filing: how the report of a period stands for one list, or for the
// item itself (plan "").
type filingRow struct {
	plan, lead, state, steps string
	onTime                   int
	scopes                   []string
}

// steps reads what was done with the report of an item for a period: in the own book all acts,
// of a neighbour's item what its circle knows.
func (p *projector) steps(item, circle, period string) ([]judge.Step, error) {
	steps, err := p.ownSteps(item, period)
	if err != nil || len(steps) > 0 {
		return steps, err
	}
	rows, err := p.tx.Query(p.ctx, `SELECT filed, day FROM plan_accepted WHERE item = ? AND circle = ? AND period = ?
		ORDER BY book, idx`, item, circle, period)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var filed, day judge.Date
		if err := rows.Scan(&filed, &day); err != nil {
			return nil, err
		}
		steps = append(steps, judge.Step{What: judge.Filed, On: filed}, judge.Step{What: judge.Accepted, On: day})
	}
	return steps, rows.Err()
}

// ownSteps are the acts of the own book. When the view is made from nothing, those of all periods
// of an item are read at once: they are asked for one after the other.
func (p *projector) ownSteps(item, period string) ([]judge.Step, error) {
	if said, ok := p.said[item]; ok {
		return said.steps[period], nil
	}
	only, args := ` AND period = ?`, []any{item, period, item, period, item, period}
	if p.anew {
		only, args = ``, []any{item, item, item}
	}
	rows, err := p.tx.Query(p.ctx, `SELECT period, what, day FROM (
		SELECT idx, period, 'filed' AS what, day FROM plan_filed WHERE item = ?`+only+`
		UNION ALL SELECT idx, period, 'returned', day FROM plan_returned WHERE item = ?`+only+`
		UNION ALL SELECT idx, period, 'accepted', day FROM plan_accepted WHERE item = ?`+only+` AND circle = '`+node.Self+`'
		) AS s ORDER BY idx`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	said := saidOf{steps: map[string][]judge.Step{}, filings: map[filingKey]filingRow{}}
	for rows.Next() {
		var of string
		var s judge.Step
		if err := rows.Scan(&of, &s.What, &s.On); err != nil {
			return nil, err
		}
		said.steps[of] = append(said.steps[of], s)
	}
	if p.anew {
		p.said[item] = said
	}
	return said.steps[period], rows.Err()
}

// filing judges a period's report over the given items: it stands where it stands worst, and not
// at all while one of them has filed nothing.
func (p *projector) filing(items []string, circle, period string, r judge.Rhythm) (filingRow, error) {
	key := filingKey{circle, period, r}
	if len(items) == 1 {
		if row, ok := p.said[items[0]].filings[key]; ok {
			return row, nil
		}
	}
	row := filingRow{onTime: 1}
	worst := map[judge.FilingState]int{judge.Returned: 3, judge.Filed: 2, judge.Accepted: 1}
	for _, item := range items {
		steps, err := p.steps(item, circle, period)
		if err != nil {
			return row, err
		}
		if len(steps) == 0 {
			return filingRow{}, nil
		}
		f := judge.FilingOf(judge.Period(period), r, steps...)
		state := judge.At(judge.ReportOutlook(f), farFuture).State
		if worst[state] > worst[judge.FilingState(row.state)] {
			row.state, row.steps = string(state), stepText(steps)
		}
		if !f.OnTime(farFuture) {
			row.onTime = 0
		}
	}
	if len(items) == 1 && p.anew {
		p.said[items[0]].filings[key] = row
	}
	return row, nil
}

// stepText keeps steps in a column: "filed 2022-06-20,returned 2022-06-21".
func stepText(steps []judge.Step) string {
	var all []string
	for _, s := range steps {
		all = append(all, string(s.What)+" "+string(s.On))
	}
	return strings.Join(all, ",")
}

func parseSteps(text string) []judge.Step {
	var steps []judge.Step
	for part := range strings.SplitSeq(text, ",") {
		if what, on, ok := strings.Cut(part, " "); ok {
			steps = append(steps, judge.Step{What: judge.FilingState(what), On: judge.Date(on)})
		}
	}
	return steps
}
