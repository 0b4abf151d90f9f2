package plan

import (
	"fmt"
	"slices"
	"strings"

	"liandong/plan/judge"
)

// condition is something that is asked of the rows of a list.
type condition struct {
	n         int    // about how many rows of the whole list it holds for
	asking    int    // what it costs to ask a row, in rows taken from an index
	holds     string // on n, a row of plan_now
	holdsArgs []any
	ids       string // selects the listings for which it holds, and few others; "" if no index knows
	idsArgs   []any
	rest      string // what is still to be asked of a row that ids selects; "": nothing
	restArgs  []any
}

// walkCost is what a row costs that is met along the list, in rows taken from the index of a condition. Only
// tests change it.
var walkCost = 1.0

// find is a query for listing and ord of the rows of a page, in the order of the list. Where few
// rows meet a condition they are found by its index; where many do, the list is walked until the
// page is full. So a page costs about the same in a list of a hundred rows and in one of ten
// thousand.
func (r rowReading) find(all []condition, limit int) (query string, args []any, err error) {
	from, where := `plan_now n`, `n.plan = ?`
	sought := r.seek(all, limit)
	if sought != nil {
		from, where = `(`+sought.ids+`) AS k CROSS JOIN plan_now n`, `n.listing = k.listing AND n.plan = ?`
		args = slices.Clone(sought.idsArgs)
	}
	args = append(args, r.q.Plan)
	and := func(condition string, more ...any) {
		where, args = where+" AND "+condition, append(args, more...)
	}
	if r.q.Unit != "" {
		and(`n.lead = ?`, r.q.Unit)
	}
	if r.q.After != "" {
		order, listing, err := parseCursor(r.q.After)
		if err != nil {
			return "", nil, err
		}
		and(`n.ord >= ? AND (n.ord > ? OR n.listing > ?)`, order, order, listing)
	}
	if r.q.State == "" { // what stands in a state has begun
		and(`n.begun <> '' AND n.begun <= ?`, string(r.asOf))
	}
	for i := range all { // what fewest meet is asked first
		switch c := &all[i]; {
		case c != sought:
			and(c.holds, c.holdsArgs...)
		case c.rest != "":
			and(c.rest, c.restArgs...)
		}
	}
	// A limit that is an argument makes SQLite plan the query anew for each page.
	return fmt.Sprintf(`SELECT n.listing, n.ord FROM %s WHERE %s ORDER BY n.ord, n.listing LIMIT %d`, from, where, limit), args, nil
}

// seek is the condition by whose index a page is found sooner than along the list, nil if by none. It puts the
// conditions into the order in which rows are asked.
func (r rowReading) seek(all []condition, limit int) *condition {
	slices.SortStableFunc(all, func(a, b condition) int { return a.n - b.n })
	i := slices.IndexFunc(all, func(c condition) bool { return c.ids != "" })
	if i < 0 {
		return nil
	}
	left, walking, asked := 1.0, 1.0, 1.0 // of each row: the share that meets what was asked so far, and what that cost
	for j, c := range all {
		walking += left * float64(c.asking)
		left *= float64(c.n) / float64(max(r.whole, 1))
		if j != i {
			asked += float64(c.asking)
		}
	}
	walked := float64(r.total)
	if met := walked * left; met > float64(limit) {
		walked *= float64(limit) / met
	}
	if float64(all[i].n)*asked > walked*walking*walkCost {
		return nil
	}
	return &all[i]
}

// inWhole is about how many rows of the whole list are meant by a number that, where a unit is asked
// for, is of what this leads.
func (r rowReading) inWhole(n int) int { return n * r.whole / max(r.total, 1) }

// conditions are what the query asks of the rows, but for unit and place.
func (r rowReading) conditions() (all []condition, err error) {
	if r.q.State != "" {
		all = append(all, r.stands())
	}
	if r.q.Filing != "" {
		c, err := r.reported()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if r.q.Text != "" || r.q.Section != "" {
		c, err := r.worded()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// stands: how the work stands on the day.
func (r rowReading) stands() (c condition) {
	day := string(r.asOf)
	states := statesIn(r.q.State)
	in, args := places(states)
	c.holds = `EXISTS (SELECT 1 FROM plan_span s WHERE s.listing = n.listing AND s.from_day <= ?
		AND (s.until_day = '' OR s.until_day > ?) AND s.state IN (` + in + `))`
	c.holdsArgs = append([]any{day, day}, args...)
	for _, state := range states {
		c.n += r.states[state]
	}
	c.n, c.asking = r.inWhole(c.n), 2
	c.ids, c.idsArgs = spansOn(`listing FROM plan_span WHERE plan = ?`, r.q.Plan, states, r.asOf)
	return c
}

// spansOn selects what stands in one of some states on a day; of names column and table, and the column that
// is the scope.
func spansOn(of, scope string, states []judge.WorkState, day judge.Date) (query string, args []any) {
	before, after := forksOf(day)
	in, inArgs := places(states)
	arm := func(forks []any, dates string, more ...any) string {
		for len(forks) < forkBits { // so that the query is the same on all days
			forks = append(forks, int64(0))
		}
		args = slices.Concat(args, []any{scope}, inArgs, forks, more)
		return `SELECT ` + of + ` AND state IN (` + in + `) AND fork IN (` + marks(forkBits) + `) AND ` + dates
	}
	d := string(day)
	query = arm(after, `from_day <= ? AND (until_day = '' OR until_day > ?)`, d, d) +
		` UNION ALL ` + arm(before, `until_day > ? AND from_day <= ?`, d, d) +
		` UNION ALL ` + arm(before, `until_day = '' AND from_day <= ?`, d)
	return query, args
}

// owing: a report is owed for the period, or was called for; due are those of which none came yet,
// and others.
func (r rowReading) owing() (holds string, args []any, due string, dueArgs []any) {
	first := string(r.q.Period.First())
	if adHoc(string(r.q.Period)) {
		return `EXISTS (SELECT 1 FROM plan_asked a WHERE a.owner = n.listing AND a.scope = '' AND a.day = ?)`, []any{first},
			`SELECT owner AS listing FROM plan_asked WHERE day = ? AND scope = ''`, []any{first}
	}
	return `n.owed_from <> '' AND n.owed_from <= ? AND n.owed_until > ?`, []any{first, first},
		`SELECT listing FROM plan_now WHERE plan = ? AND gap > '' AND gap <= ?`, []any{r.q.Plan, first}
}

// reported: how the report of the period stood on the day. What was done with a report is kept as
// one text with each row, and many rows share one: those that come to what is asked are found first.
func (r rowReading) reported() (c condition, err error) {
	period := string(r.q.Period)
	holds, args, due, dueArgs := r.owing()
	if r.q.Filing == Owed {
		return condition{n: r.inWhole(r.report.Owed), asking: 1, holds: holds, holdsArgs: args}, nil
	}
	fits, others, err := r.histories(r.filedList(), asking{r.q.Period, r.rhythm}, r.q.Filing)
	if err != nil {
		return c, err
	}
	c.asking = 2
	in, fit := padded(fits)
	if !nothingFiled(r.q.Filing) {
		late := ``
		if r.q.Filing == InTime {
			late = ` AND f.on_time = 1`
		}
		c.n = r.inWhole(map[judge.FilingState]int{
			judge.Filed: r.report.Filed, judge.Returned: r.report.Returned, judge.Accepted: r.report.Accepted,
			Reported: r.report.Reported(), InTime: r.report.OnTime,
		}[r.q.Filing])
		c.holds = holds + ` AND EXISTS (SELECT 1 FROM plan_filing f WHERE f.listing = ` + r.filed(`n.listing`) + ` AND f.period = ? AND f.steps IN (` + in + `)` + late + `)`
		c.holdsArgs = slices.Concat(args, []any{period}, fit)
		c.ids = `SELECT ` + r.listing(`f.listing`) + ` FROM plan_filing f WHERE f.plan = ` + r.filed(`?`) + ` AND f.period = ? AND f.steps IN (` + in + `)` + late
		c.idsArgs = append([]any{r.q.Plan, period}, fit...)
		c.rest, c.restArgs = holds, args
		return c, nil
	}
	c.n = r.inWhole(r.report.Missing)
	if !r.q.Shared { // where a row's first gap lies is kept by what this node knows
		c.ids = due + ` UNION SELECT listing FROM plan_filing WHERE plan = ? AND period = ? AND steps IN (` + in + `)`
		c.idsArgs = append(append(dueArgs, r.q.Plan, period), fit...)
	}
	in, other := padded(others)
	c.holds = holds + ` AND NOT EXISTS (SELECT 1 FROM plan_filing f WHERE f.listing = ` + r.filed(`n.listing`) + ` AND f.period = ? AND f.steps IN (` + in + `))`
	c.holdsArgs = slices.Concat(args, []any{period}, other)
	c.rest, c.restArgs = c.holds, c.holdsArgs
	return c, nil
}

// histories are the texts of what was done with reports of a list's rows, or with plan "" of items, found by
// leaping from one to the next: those that on the day came to the state wanted, and the others.
func (c counting) histories(plan string, of asking, wanted judge.FilingState) (fits, others []string, err error) {
	period := string(of.period)
	rows, err := c.tx.Query(c.ctx, `WITH RECURSIVE leap (steps) AS (
		SELECT (SELECT min(steps) FROM plan_filing WHERE plan = ? AND period = ?)
		UNION ALL SELECT (SELECT min(f.steps) FROM plan_filing f WHERE f.plan = ? AND f.period = ? AND f.steps > leap.steps)
		FROM leap WHERE leap.steps IS NOT NULL) SELECT steps FROM leap WHERE steps IS NOT NULL`, plan, period, plan, period)
	if err != nil {
		return nil, nil, err
	}
	all, err := texts(rows)
	for _, steps := range all {
		if matches(filingAt(of.period, of.rhythm, steps, c.asOf).State, true, wanted) {
			fits = append(fits, steps)
		} else {
			others = append(others, steps)
		}
	}
	return fits, others, err
}

// filedList names the list in whose rows of plan_filing its reports stand.
func (r rowReading) filedList() string {
	if r.q.Shared {
		return sharedOwner(r.q.Plan)
	}
	return r.q.Plan
}

// filed is, as an expression, whose row of plan_filing says how the report of a listing, or list, stands.
func (r rowReading) filed(id string) string {
	if r.q.Shared {
		return `'` + sharedMark + `' || ` + id
	}
	return id
}

// listing is the listing of such a row.
func (r rowReading) listing(owner string) string {
	if r.q.Shared {
		return fmt.Sprintf(`substr(%s, %d) AS listing`, owner, len(sharedMark)+1)
	}
	return owner
}

// padded are placeholders for texts, none of which is empty, and their values, some of them twice: so
// that few different queries come of it.
func padded(all []string) (in string, args []any) {
	n := 1
	for n < len(all) {
		n *= 2
	}
	for i := range n {
		value := ""
		if len(all) > 0 {
			value = all[min(i, len(all)-1)]
		}
		args = append(args, value)
	}
	return marks(n), args
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
