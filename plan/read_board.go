package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// BoardQuery says which lists a board shows and for which day it is judged.
type BoardQuery struct {
	Circle string       // "": all; "self": the member's own lists
	Unit   string       // "": all; id of a lead unit
	Year   int          // 0: the as-of date's if a list is of it, the newest otherwise
	AsOf   judge.Date   // "": today
	Period judge.Period // "": each list's current one
	After  string       // cursor: id of the last list of the page before

	member string // whose board it is
}

// BoardPageSize is how many lists stand on one page of the board.
const BoardPageSize = 100

// Counts are how many rows or items stand in each state.
type Counts map[judge.WorkState]int

// Total is all of them; Open are those on which work is still owed.
func (c Counts) Total() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// Standing is how many there are but for the dropped.
func (c Counts) Standing() int { return c.Total() - c[judge.Dropped] }

// Reporting is how the reports of one period stand. Over a circle only what was accepted is known to all: who filed nothing yet and
// whose report waits for a review or was sent back are both missing there.
type Reporting struct {
	Period    judge.Period      `json:"period"`
	Opens     judge.Date        `json:"opens"`
	Cutoff    judge.Date        `json:"cutoff"`
	Owed      int               `json:"owed"`      // who owes a report
	Filed     int               `json:"filed"`     // filed, waiting for the coordinator
	Returned  int               `json:"returned"`  // sent back
	Accepted  int               `json:"accepted"`  // accepted
	Missing   int               `json:"missing"`   // owed and nothing filed
	OnTime    int               `json:"onTime"`    // first filed by the cut-off
	OpenState judge.FilingState `json:"openState"` // how the missing stand: not-due, due or missed
}

// Reported is how many reports have come in and were not sent back.
func (r Reporting) Reported() int { return r.Filed + r.Accepted }

func (r Reporting) add(o Reporting) Reporting {
	if r.Period != o.Period {
		r.Period, r.Opens, r.Cutoff = "", "", ""
	}
	r.Owed, r.Filed, r.Returned = r.Owed+o.Owed, r.Filed+o.Filed, r.Returned+o.Returned
	r.Accepted, r.Missing, r.OnTime = r.Accepted+o.Accepted, r.Missing+o.Missing, r.OnTime+o.OnTime
	return r
}

// count is how many reports stand as asked; all that are owed where nothing is asked.
func (r Reporting) count(asked judge.FilingState) int {
	switch asked {
	case Reported:
		return r.Reported()
	case InTime:
		return r.OnTime
	case judge.Filed:
		return r.Filed
	case judge.Returned:
		return r.Returned
	case judge.Accepted:
		return r.Accepted
	case judge.Missed, judge.Due, judge.NotDue:
		return r.Missing
	}
	return r.Owed
}

// BoardRow is one list on the board. With a unit asked for, its figures are of the rows that this
// unit leads.
type BoardRow struct {
	Plan   PlanHead
	Key    string
	Member string // name of the neighbour whose list it is; empty: this member's own
	// Same are the lists of other members that are the same document by both sides' word, over a circle: it stands for them.
	Same   []OtherCopy
	States Counts
	Report Reporting
	Legend judge.Legend
}

// UnitRow is one lead unit on the board; its figures count each item once.
type UnitRow struct {
	Org, Name string
	States    Counts
	Report    Reporting
}

// Board is the overview of all lists (总览).
type Board struct {
	Query   BoardQuery // as it was understood
	Years   []int
	Circles []region.Circle
	Rows    []BoardRow
	Next    string    // cursor of the next page
	Lists   int       // on all pages
	Totals  Counts    // items, each counted once
	Listed  Counts    // rows of the lists on this page
	Report  Reporting // of items, each counted once
	Calls   []Call    // of the lists shown, not over before this month, the latest due first
	Units   []UnitRow // worst first
	Legend  judge.Legend
	Heard   []Heard // from the neighbours whose lists are counted
}

// Board reads the overview. Every number is a sum of tallies: it costs the same for few and for
// many items.
func (d *Desk) Board(ctx context.Context, q BoardQuery) (b Board, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		b, err = d.board(ctx, tx, q)
		return err
	})
	return b, err
}

func (d *Desk) board(ctx context.Context, tx *store.Tx, q BoardQuery) (b Board, err error) {
	q.member = d.node.Member
	if q.Unit != "" {
		q.Unit = d.ID(q.Unit)
	}
	if q.AsOf, err = d.asOf(q.AsOf); err != nil {
		return b, err
	}
	heads, err := planHeads(ctx, tx, ``)
	if err != nil {
		return b, err
	}
	c := counting{ctx: ctx, tx: tx, asOf: q.AsOf, today: d.Today(), sums: &d.sums}
	heads = slices.DeleteFunc(heads, func(h PlanHead) bool { return !inScope(h, q.Circle, q.member) })
	if heads, err = c.known(heads); err != nil {
		return b, err
	}
	legends, err := readLegends(ctx, tx)
	if err != nil {
		return b, err
	}
	b.Legend = legends.of("")
	if b.Circles, err = region.CirclesOf(ctx, tx, d.node.Member); err != nil {
		return b, err
	}
	q.Year, b.Years = yearOf(q, heads)
	b.Query = q
	shown := slices.DeleteFunc(slices.Clone(heads), func(h PlanHead) bool {
		return h.Facts.Year != q.Year
	})
	same := sameInCircle{}
	if q.Shared() {
		if same, err = readSame(ctx, tx, q.Circle); err != nil {
			return b, err
		}
	}
	rows := slices.DeleteFunc(slices.Clone(shown), func(h PlanHead) bool { return same.shown(h.Facts.Plan) != h.Facts.Plan })
	b.Lists = len(rows)
	calls, err := callsTo(ctx, tx, shown, q.AsOf)
	if err != nil {
		return b, err
	}
	month := judge.PeriodOf(judge.Month, q.AsOf).First()
	b.Calls = slices.DeleteFunc(slices.Clone(calls), func(c Call) bool { return c.Day < month })
	if b.Rows, b.Next, err = d.boardRows(ctx, tx, q, rows); err != nil {
		return b, err
	}
	b.Listed = Counts{}
	for i, r := range b.Rows {
		b.Rows[i].Legend = legends.of(r.Plan.Facts.Plan)
		if others := same.others(r.Plan.Facts.Plan); len(others) > 0 {
			all, err := d.samesOf(ctx, tx, r.Plan)
			if err != nil {
				return b, err
			}
			b.Rows[i].Same = slices.DeleteFunc(all, func(s OtherCopy) bool { return !slices.Contains(others, s.Plan) })
		}
		for s, n := range r.States {
			b.Listed[s] += n
		}
	}
	asked := askings(shown, calls, q.Period, q.AsOf)
	if err := c.totals(&b, shown, asked); err != nil {
		return b, err
	}
	names, err := d.orgNames(ctx, tx)
	if err != nil {
		return b, err
	}
	if q.Circle != "" {
		if b.Heard, err = d.heard(ctx, tx, q.Circle); err != nil {
			return b, err
		}
	}
	b.Units, err = c.units(q, asked, func(org string) string { return d.apart(org, cmp.Or(names[org], saidID(org))) })
	return b, err
}

// known leaves out the lists that had not been taken in on the as-of date.
func (c counting) known(heads []PlanHead) ([]PlanHead, error) {
	if c.asOf >= c.today {
		return heads, nil
	}
	scopes := make([]string, len(heads))
	for i, h := range heads {
		scopes[i] = planScope(h.Facts.Plan, "")
	}
	states, err := c.states(scopes, judge.WorkStates())
	return slices.DeleteFunc(heads, func(h PlanHead) bool { return states[planScope(h.Facts.Plan, "")].Total() == 0 }), err
}

// asOf is the day asked for, or today.
func (d *Desk) asOf(day judge.Date) (judge.Date, error) {
	if day == "" {
		return d.Today(), nil
	}
	if _, err := judge.ParseDate(string(day)); err != nil {
		return "", refuse.New("plan.day", "day", string(day)).At("as-of")
	}
	return day, nil
}

func yearOf(q BoardQuery, heads []PlanHead) (year int, years []int) {
	for _, h := range heads {
		years = append(years, h.Facts.Year)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	slices.Reverse(years)
	year = q.Year
	if year == 0 && len(years) > 0 {
		if year = years[0]; slices.Contains(years, yearNumber(q.AsOf)) {
			year = yearNumber(q.AsOf)
		}
	}
	return year, years
}

func yearNumber(day judge.Date) (year int) {
	for _, r := range day[:min(4, len(day))] {
		year = year*10 + int(r-'0')
	}
	return year
}

func (d *Desk) boardRows(ctx context.Context, tx *store.Tx, q BoardQuery, heads []PlanHead) (rows []BoardRow, next string, err error) {
	if q.After != "" {
		at := slices.IndexFunc(heads, func(h PlanHead) bool { return h.Facts.Plan == q.After })
		heads = heads[at+1:]
	}
	if len(heads) > BoardPageSize {
		heads = heads[:BoardPageSize]
		next = heads[BoardPageSize-1].Facts.Plan
	}
	c := counting{ctx: ctx, tx: tx, asOf: q.AsOf, today: d.Today(), sums: &d.sums}
	calls, err := callsByList(ctx, tx, q.AsOf)
	if err != nil {
		return nil, "", err
	}
	var scopes, reporting []string
	asked := map[string]asking{}
	for _, h := range heads {
		scopes = append(scopes, planScope(h.Facts.Plan, q.Unit))
		scope := reportScope(h.Facts.Plan, q.Unit, q.Shared())
		reporting = append(reporting, scope)
		asked[scope] = askingOf(h.Facts, calls[h.Facts.Plan], q.Period, q.AsOf)
		if q.Period.Cycle() == judge.AdHoc && asked[scope].period != q.Period {
			asked[scope] = asking{} // the list did not call
		}
	}
	states, err := c.states(scopes, judge.WorkStates())
	if err != nil {
		return nil, "", err
	}
	reports, err := c.reports(asked)
	if err != nil {
		return nil, "", err
	}
	for i, h := range heads {
		row := BoardRow{Plan: h, Key: d.PlanKey(h.Facts.Plan), Member: d.neighbour(h.Book), States: states[scopes[i]], Report: reports[reporting[i]]}
		if q.Unit == "" || row.States.Total() > 0 {
			rows = append(rows, row)
		}
	}
	return rows, next, nil
}

// Shared says that reports are counted as the circle's books know them (圈内口径): the same on every node.
func (q BoardQuery) Shared() bool { return q.Circle != "" && q.Circle != node.Self }

func planScope(plan, unit string) string {
	if unit != "" {
		return "planunit:" + plan + " " + unit
	}
	return "plan:" + plan
}

// periodOf is the period of a list whose reports are looked at: the one asked for if it is of the
// list's cycle, or the newest that has opened by the day.
func periodOf(f PlanFacts, asked judge.Period, asOf judge.Date) judge.Period {
	if asked != "" && asked.Cycle() == f.Cycle {
		return asked
	}
	all := judge.PeriodsOf(f.Cycle, f.Year)
	for i := len(all) - 1; i > 0; i-- {
		if f.Rhythm.Opens(all[i]) <= asOf {
			return all[i]
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// askingOf is the period of a list whose reports are looked at, with its rhythm: the call for the
// day asked for, the newest call of a list without a cycle, or else that of periodOf.
func askingOf(f PlanFacts, calls []Call, asked judge.Period, asOf judge.Date) asking {
	for _, c := range calls {
		if c.Period() == asked || asked.Cycle() != judge.AdHoc && f.Cycle == judge.AdHoc {
			return c.asking()
		}
	}
	return asking{period: periodOf(f, asked, asOf), rhythm: f.Rhythm}
}

// totals counts the items of the lists shown and their reports, each once.
func (c counting) totals(b *Board, shown []PlanHead, asked []asking) (err error) {
	q := b.Query
	scope := itemScope(q.Circle, q.Unit, q.member)
	if len(b.Years) > 1 {
		b.Totals, err = c.itemsOf(q, shown)
	} else {
		var states map[string]Counts
		states, err = c.states([]string{scope}, judge.WorkStates())
		b.Totals = states[scope]
	}
	if err != nil {
		return err
	}
	reports, err := c.unitReports([]string{scope}, asked)
	b.Report = reports[scope]
	return err
}

// inScope says whether a list is one that is counted: of a circle those of all its members, without
// a circle this member's own in all its books.
func inScope(h PlanHead, circle, member string) bool {
	if circle != "" {
		return h.Circle == circle
	}
	return memberOfBook(h.Book) == member
}

// itemScope names the sums in which the items of a circle and a lead unit are counted once; either
// may be empty. Without a circle they are the member's.
func itemScope(circle, unit, member string) string {
	switch {
	case unit != "":
		return unitPrefix(circle) + unit
	case circle != "":
		return "circle:" + circle
	}
	return allOf(member)
}
