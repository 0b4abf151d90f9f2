package plan

import (
	"context"
	"fmt"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// counting adds up tallies for an as-of date.
type counting struct {
	ctx         context.Context
	tx          *store.Tx
	asOf, today judge.Date
	sums        *sums
}

// states counts, per scope, how many stand in each of the given states on the as-of date: the
// months before and the days of its month.
// What it returns is shared: it is not to be changed.
func (c counting) states(scopes []string, states []judge.WorkState) (map[string]Counts, error) {
	return once(c, fmt.Sprint("states ", c.asOf, states, scopes), func() (map[string]Counts, error) {
		return c.addStates(scopes, states)
	})
}

func (c counting) addStates(scopes []string, states []judge.WorkState) (map[string]Counts, error) {
	all := map[string]Counts{}
	for _, s := range scopes {
		all[s] = Counts{}
	}
	if len(scopes) == 0 {
		return all, nil
	}
	month := monthOf(string(c.asOf))
	// The months before are the same for each day of a month.
	before, err := once(c, fmt.Sprint("months ", month, states, scopes), func() (map[string]Counts, error) {
		sums := map[string]Counts{}
		return sums, c.addTallies(sums, `plan_tally_month`, `month < ?`, scopes, states, month)
	})
	if err != nil {
		return nil, err
	}
	for scope, counts := range before {
		for state, n := range counts {
			all[scope][state] = n
		}
	}
	if err := c.addTallies(all, `plan_tally`, `from_day >= ? AND from_day <= ?`, scopes, states, month, string(c.asOf)); err != nil {
		return nil, err
	}
	for _, counts := range all {
		for state, n := range counts {
			if n == 0 {
				delete(counts, state)
			}
		}
	}
	return all, nil
}

// addTallies adds the sums of a table of tallies over a time.
func (c counting) addTallies(all map[string]Counts, table, when string, scopes []string, states []judge.WorkState, times ...any) error {
	in, args := places(scopes)
	stateIn, stateArgs := places(states)
	args = append(append(args, stateArgs...), times...)
	rows, err := c.tx.Query(c.ctx, `SELECT scope, state, SUM(n) FROM `+table+` WHERE scope IN (`+in+`) AND state IN (`+stateIn+`)
		AND `+when+` GROUP BY scope, state`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var scope string
		var state judge.WorkState
		var n int
		if err := rows.Scan(&scope, &state, &n); err != nil {
			return err
		}
		if all[scope] == nil {
			all[scope] = Counts{}
		}
		all[scope][state] += n
	}
	return rows.Err()
}

// places are placeholders for values, and the values.
func places[T ~string](values []T) (string, []any) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	return strings.TrimSuffix(strings.Repeat("?,", len(values)), ","), args
}

// asking is the period of a scope whose reports are counted.
type asking struct {
	period judge.Period
	rhythm judge.Rhythm
}

// reports counts, per scope, the reports of the period asked for as they stand on the as-of date.
// What it returns is shared: it is not to be changed.
func (c counting) reports(asked map[string]asking) (map[string]Reporting, error) {
	return once(c, fmt.Sprint("reports ", c.asOf, asked), func() (map[string]Reporting, error) {
		return c.addReports(asked)
	})
}

func (c counting) addReports(asked map[string]asking) (map[string]Reporting, error) {
	all := map[string]Reporting{}
	byPeriod := map[judge.Period][]string{}
	for scope, a := range asked {
		r := Reporting{Period: a.period}
		if a.period != "" {
			f := judge.FilingOf(a.period, a.rhythm)
			r.Opens, r.Cutoff = f.Opens, f.Cutoff
			r.OpenState = judge.At(judge.ReportOutlook(f), c.asOf).State
			byPeriod[a.period] = append(byPeriod[a.period], scope)
		}
		all[scope] = r
	}
	for period, scopes := range byPeriod {
		if err := c.owed(period, sortedTexts(scopes), all); err != nil {
			return nil, err
		}
		if err := c.filed(period, scopes, all); err != nil {
			return nil, err
		}
	}
	for scope, r := range all {
		r.Missing = max(0, r.Owed-r.Filed-r.Returned-r.Accepted)
		all[scope] = r
	}
	return all, nil
}

// owed counts who owes a report for a period, but for what was not yet in its list on the as-of
// date.
func (c counting) owed(period judge.Period, scopes []string, into map[string]Reporting) error {
	in, args := places(scopes)
	args = append(append(append([]any{}, args...), owedState(period.Cycle()), string(period.First())), args...)
	args = append(args, joinedState(period.Cycle()), string(max(c.asOf, period.First())), string(period.Last()))
	rows, err := c.tx.Query(c.ctx, `SELECT scope, SUM(n) FROM (
		SELECT scope, n FROM plan_tally WHERE scope IN (`+in+`) AND state = ? AND from_day <= ?
		UNION ALL SELECT scope, -n FROM plan_tally WHERE scope IN (`+in+`) AND state = ?
		AND from_day > ? AND from_day <= ?) AS t GROUP BY scope`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var scope string
		var n int
		if err := rows.Scan(&scope, &n); err != nil {
			return err
		}
		r := into[scope]
		r.Owed = n
		into[scope] = r
	}
	return rows.Err()
}

// filed counts what was known on the as-of date.
func (c counting) filed(period judge.Period, scopes []string, into map[string]Reporting) error {
	in, args := places(scopes)
	rows, err := c.tx.Query(c.ctx, `SELECT scope, state, on_time, SUM(n) FROM plan_filing_tally
		WHERE scope IN (`+in+`) AND period = ? AND from_day <= ? GROUP BY scope, state, on_time`,
		append(args, string(period), string(c.asOf))...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var scope string
		var state judge.FilingState
		var onTime, n int
		if err := rows.Scan(&scope, &state, &onTime, &n); err != nil {
			return err
		}
		into[scope] = into[scope].plus(state, onTime == 1, n)
	}
	return rows.Err()
}

func (r Reporting) plus(state judge.FilingState, onTime bool, n int) Reporting {
	switch state {
	case judge.Filed:
		r.Filed += n
	case judge.Returned:
		r.Returned += n
	case judge.Accepted:
		r.Accepted += n
	default:
		return r
	}
	if onTime {
		r.OnTime += n
	}
	return r
}

// filingAt is how a report stands on a day, from the steps kept with its row.
func filingAt(p judge.Period, r judge.Rhythm, steps string, asOf judge.Date) judge.FilingSpan {
	return judge.At(judge.ReportOutlook(judge.FilingOf(p, r, parseSteps(steps)...)), asOf)
}

// itemsOf counts the items of some lists once where no tally is kept for just these.
func (c counting) itemsOf(q BoardQuery, heads []PlanHead) (Counts, error) {
	return once(c, fmt.Sprint("items ", c.asOf, q.Circle, " ", q.Unit, " ", q.Year), func() (Counts, error) {
		return c.addItems(q, heads)
	})
}

func (c counting) addItems(q BoardQuery, heads []PlanHead) (Counts, error) {
	counts := Counts{}
	if len(heads) == 0 {
		return counts, nil
	}
	scope := itemScope(q.Circle, "", q.member)
	plans := make([]string, len(heads))
	for i, h := range heads {
		plans[i] = h.Facts.Plan
	}
	in, planArgs := places(plans)
	query := `SELECT s.state, count(*) FROM plan_item_span s WHERE s.scope = ? AND s.from_day <= ?
		AND (s.until_day = '' OR s.until_day > ?) AND s.item IN (SELECT p.item FROM plan_pointer p
		JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing WHERE l.plan IN (` + in + `))`
	args := append([]any{scope, string(c.asOf), string(c.asOf)}, planArgs...)
	if q.Unit != "" {
		query += ` AND s.item IN (SELECT u.item FROM plan_item_span u WHERE u.scope = ? AND u.seq = 0)`
		args = append(args, itemScope("", q.Unit, q.member))
	}
	rows, err := c.tx.Query(c.ctx, query+` GROUP BY s.state`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var state judge.WorkState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// unitPrefix begins the sums of the lead units: over all lists, or over those of one circle.
func unitPrefix(circle string) string {
	if circle == "" {
		return "unit:"
	}
	return circleUnit(circle, "")
}

// leads are the units that lead anything over some lists.
func (c counting) leads(prefix string) (orgs []string, err error) {
	scopes, err := once(c, "scopes "+prefix, func() ([]string, error) { return c.scopes(prefix) })
	for _, scope := range scopes {
		orgs = append(orgs, strings.TrimPrefix(scope, prefix))
	}
	return orgs, err
}

// scopes are those that begin with a prefix: each has sums, so they are found by leaping from one
// to the next.
func (c counting) scopes(prefix string) ([]string, error) {
	end := prefix[:len(prefix)-1] + string(prefix[len(prefix)-1]+1)
	rows, err := c.tx.Query(c.ctx, `WITH RECURSIVE leap (scope) AS (
		SELECT (SELECT min(scope) FROM plan_tally_month WHERE scope > ? AND scope < ?)
		UNION ALL SELECT (SELECT min(t.scope) FROM plan_tally_month t WHERE t.scope > leap.scope AND t.scope < ?)
		FROM leap WHERE leap.scope IS NOT NULL) SELECT scope FROM leap WHERE scope IS NOT NULL`, prefix, end, end)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}
