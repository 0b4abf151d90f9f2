package plan

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ListQuery says which rows of a list are shown and for which day they are judged.
type ListQuery struct {
	Plan    string            // id or key
	AsOf    judge.Date        // "": today
	Period  judge.Period      // "": the current one
	State   judge.WorkState   // "": all; also Standing, Finished
	Filing  judge.FilingState // "": all; not-due, due and missed all mean "nothing filed"; also Owed, Reported, InTime
	Shared  bool              // reports as the circle's books know them, and not as this member does
	Unit    string            // "": all; id of the first lead unit
	Section string            // "": all; first heading, as the list words it
	Text    string            // "": all; words that the row has
	After   string            // cursor of the page before
	Size    int               // rows of a page; 0: ListPageSize
}

// ListPageSize is how many rows stand on one page of a list.
const ListPageSize = 100

// Last is the newest accepted report of a row, as known on the as-of date.
type Last struct {
	Period judge.Period
	Day    judge.Date // of acceptance
	Text   string     // its progress; empty if erased
	Book   string
	Index  int64
}

// Row is one row of a list with how it stands.
type Row struct {
	Listing, Item string
	Items         int // more than one: the row stands for several
	Book          string
	Index         int64
	Lead          string // id of the first lead unit
	LeadName      string
	Words         ListingWords
	Erased        bool
	Work          judge.WorkSpan
	Why           string // name of the milestone or reason of the verdict that the span refers to
	Filing        judge.FilingSpan
	Owes          bool // a report is owed for the period
	Last          Last
	Parts         []RowPart // where other members do it too, or alone
	order         int64
	onTime        bool // the report first came in by the cut-off
}

// SectionCount is a heading of a list and how many rows stand under it.
type SectionCount struct {
	Name string
	N    int
}

// ListPage is a list as its office knows it.
type ListPage struct {
	Query    ListQuery // as it was understood
	Plan     PlanHead
	Key      string
	Circle   region.Circle // of the list; zero for the member's own
	Rows     []Row
	Next     string // cursor
	States   Counts // of all rows of the list, and of the unit if one was asked for
	Report   Reporting
	Units    []UnitCount
	Sections []SectionCount
	Periods  []judge.Period // that have begun by the as-of date, newest first
	Calls    []Call         // made by the as-of date, the latest due first
	Own      bool           // kept by this member
	Member   string         // name of the neighbour that keeps it; empty: this member
	Heard    *Heard         // from that neighbour
	Same     []OtherCopy    // neighbours' lists of the circle that are the same document, or look so
	// Neighbours are the members whose units rows of the page name, who could be asked and were not.
	Neighbours []string
	Legend     judge.Legend
}

// UnitCount is a lead unit of a list and how many rows it leads.
type UnitCount struct {
	Org, Name string
	N         int
}

// List reads one page of a list.
func (d *Desk) List(ctx context.Context, q ListQuery) (p ListPage, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = d.list(ctx, tx, q)
		return err
	})
	return p, err
}

func (d *Desk) list(ctx context.Context, tx *store.Tx, q ListQuery) (p ListPage, err error) {
	if q.AsOf, err = d.asOf(q.AsOf); err != nil {
		return p, err
	}
	head, err := planHead(ctx, tx, d.PlanID(q.Plan))
	if err != nil {
		return p, err
	}
	if head == nil {
		return p, refuse.New("plan.unknown", "plan", q.Plan)
	}
	if err := checkState(q.State); err != nil {
		return p, err
	}
	q.Plan = head.Facts.Plan
	if q.Unit != "" && memberOf(q.Unit) == "" {
		q.Unit = idOf(memberOfBook(head.Book), q.Unit)
	}
	calls, err := callsBy(ctx, tx, q.Plan, q.AsOf)
	if err != nil {
		return p, err
	}
	ask := askingOf(head.Facts, calls, q.Period, q.AsOf)
	q.Period, q.Shared = ask.period, q.Shared && head.Circle != node.Self
	if q.Size <= 0 {
		q.Size = ListPageSize
	}
	p = ListPage{
		Query: q, Plan: *head, Key: d.PlanKey(q.Plan), Calls: calls, Own: head.Book == d.node.BookName(head.Circle),
		Member: d.neighbour(head.Book),
	}
	legends, err := readLegends(ctx, tx)
	if err != nil {
		return p, err
	}
	p.Legend = legends.of(q.Plan)
	if err := p.surround(ctx, tx, d, ask); err != nil {
		return p, err
	}
	if p.Heard, err = d.heardOf(ctx, tx, head.Book); err != nil {
		return p, err
	}
	if q.After == "" && q.Size == ListPageSize {
		if p.Same, err = d.samesOf(ctx, tx, *head); err != nil {
			return p, err
		}
	}
	r := rowReading{
		counting: counting{ctx: ctx, tx: tx, asOf: q.AsOf, today: d.Today(), sums: &d.sums}, q: q, rhythm: ask.rhythm,
		total: p.States.Total(), states: p.States, report: p.Report, stood: map[string]judge.FilingSpan{},
	}
	if r.whole = r.total; q.Unit != "" {
		r.whole = max(r.total, p.led())
	}
	if p.Rows, p.Next, err = r.page(); err != nil {
		return p, err
	}
	names := map[string]string{}
	for _, u := range p.Units {
		names[u.Org] = u.Name
	}
	for i := range p.Rows {
		p.Rows[i].LeadName = names[p.Rows[i].Lead]
	}
	if p.Neighbours, err = d.toAsk(ctx, tx, p); err != nil {
		return p, err
	}
	if len(p.Rows) <= ListPageSize { // a whole list is read for its export, which has no room for parts
		if err := r.share(p.Rows, d.node.Member); err != nil {
			return p, err
		}
	}
	return p, r.explain(p.Rows)
}

// surround reads what stands around the rows: sums, units, sections, periods.
func (p *ListPage) surround(ctx context.Context, tx *store.Tx, d *Desk, ask asking) (err error) {
	q := p.Query
	c := counting{ctx: ctx, tx: tx, asOf: q.AsOf, today: d.Today(), sums: &d.sums}
	scope := planScope(q.Plan, q.Unit)
	states, err := c.states([]string{scope}, judge.WorkStates())
	if err != nil {
		return err
	}
	p.States = states[scope]
	reporting := reportScope(q.Plan, q.Unit, q.Shared)
	reports, err := c.reports(map[string]asking{reporting: ask})
	if err != nil {
		return err
	}
	p.Report = reports[reporting]
	for _, period := range judge.PeriodsOf(p.Plan.Facts.Cycle, p.Plan.Facts.Year) {
		if period.First() <= q.AsOf {
			p.Periods = append([]judge.Period{period}, p.Periods...)
		}
	}
	circles, err := region.CirclesOf(ctx, tx, d.node.Member)
	if err != nil {
		return err
	}
	for _, circle := range circles {
		if circle.ID == p.Plan.Circle {
			p.Circle = circle
		}
	}
	names, err := d.orgNames(ctx, tx)
	if err != nil {
		return err
	}
	if p.Units, err = c.unitsOf(q.Plan, names); err != nil {
		return err
	}
	p.Sections, err = sectionsOf(ctx, tx, q.Plan)
	return err
}

// led is how many rows of the list are led by any unit.
func (p *ListPage) led() (n int) {
	for _, u := range p.Units {
		n += u.N
	}
	return n
}

// unitsOf are the units that lead rows of a list.
func (c counting) unitsOf(plan string, names map[string]string) (units []UnitCount, err error) {
	prefix := "planunit:" + plan + " "
	leads, err := c.leads(prefix)
	if err != nil {
		return nil, err
	}
	scopes := make([]string, len(leads))
	for i, org := range leads {
		scopes[i] = prefix + org
	}
	counts, err := c.states(scopes, judge.WorkStates())
	if err != nil {
		return nil, err
	}
	for i, org := range leads {
		if n := counts[scopes[i]].Total(); n > 0 {
			units = append(units, UnitCount{Org: org, Name: cmp.Or(names[org], saidID(org)), N: n})
		}
	}
	slices.SortStableFunc(units, func(a, b UnitCount) int { return b.N - a.N })
	return units, nil
}

// cursor is where a page ends: the place of its last row.
func cursor(r Row) string {
	return base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%d %s", r.order, r.Listing)))
}

func parseCursor(text string) (order int64, listing string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		place, id, ok := strings.Cut(string(raw), " ")
		if order, err = strconv.ParseInt(place, 10, 64); err == nil && ok {
			return order, id, nil
		}
	}
	return 0, "", refuse.New("plan.cursor").At("after")
}

// Place is the row's place in its list, from 1.
func (r Row) Place() int64 { return r.order }
