package plan

import (
	"context"
	"slices"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ItemsQuery says which items are wanted: the rows behind a figure of the board.
type ItemsQuery struct {
	Circle string            // "": all
	Unit   string            // "": all; id of a lead unit
	Year   int               // 0: all; else only items in a list of that year
	State  judge.WorkState   // "": all; also Standing, Finished
	Filing judge.FilingState // "": all; as in ListQuery, of the period that the board counts
	Period judge.Period      // of reports; "": the newest of each cycle that has opened
	AsOf   judge.Date        // "": today
	After  string            // cursor: the last item of the page before
	Size   int               // items of a page; 0: ListPageSize
}

// ItemRow is one item as it stands over the lists asked for.
type ItemRow struct {
	Item, Title string
	Leads       []ItemUnit
	Lists       int
	Work        judge.WorkSpan
	Period      judge.Period // of the report; only where reports were asked for
	Filing      judge.FilingSpan
}

// ItemsPage are items, each once in however many lists it stands.
type ItemsPage struct {
	Query  ItemsQuery
	Unit   string // name
	Circle region.Circle
	Legend judge.Legend
	Rows   []ItemRow
	Next   string
	Total  int // on all pages; -1 where no sum stands that says it
}

// Items reads items by how they stand.
func (d *Desk) Items(ctx context.Context, q ItemsQuery) (p ItemsPage, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = d.items(ctx, tx, q)
		return err
	})
	return p, err
}

func (d *Desk) items(ctx context.Context, tx *store.Tx, q ItemsQuery) (p ItemsPage, err error) {
	if q.AsOf, err = d.asOf(q.AsOf); err != nil {
		return p, err
	}
	if q.Unit != "" {
		q.Unit = d.ID(q.Unit)
	}
	if q.After != "" {
		q.After = d.ID(q.After)
	}
	if err := checkState(q.State); err != nil {
		return p, err
	}
	if _, err := judge.ParsePeriod(string(q.Period)); q.Period != "" && err != nil {
		return p, refuse.New("plan.period", "period", string(q.Period)).At("period")
	}
	if q.Size <= 0 {
		q.Size = ListPageSize
	}
	p.Query = q
	names, err := d.orgNames(ctx, tx)
	if err != nil {
		return p, err
	}
	if p.Unit = names[q.Unit]; p.Unit != "" {
		p.Unit = d.apart(q.Unit, p.Unit)
	}
	if q.Unit != "" && p.Unit == "" {
		return p, refuse.New("plan.org-form", "org", q.Unit).At("unit")
	}
	circles, err := region.CirclesOf(ctx, tx, d.node.Member)
	if err != nil {
		return p, err
	}
	for _, c := range circles {
		if c.ID == q.Circle {
			p.Circle = c
		}
	}
	legends, err := readLegends(ctx, tx)
	if err != nil {
		return p, err
	}
	p.Legend = legends.of("")
	heads, err := planHeads(ctx, tx, ``)
	if err != nil {
		return p, err
	}
	r := itemsReading{counting{ctx: ctx, tx: tx, asOf: q.AsOf, today: d.Today(), sums: &d.sums}, q, d, d.node.Member, heads, names}
	if p.Rows, p.Next, err = r.page(); err != nil {
		return p, err
	}
	p.Total, err = r.total(p)
	return p, err
}

// total is how many items there are on all pages, from the sums that the board shows.
func (r itemsReading) total(p ItemsPage) (n int, err error) {
	switch {
	case r.q.After == "" && p.Next == "":
		return len(p.Rows), nil
	case r.q.Year != 0 || r.reporting() && r.q.State != "":
		return -1, nil
	case r.reporting():
		asked, err := r.asked()
		if err != nil || !countedOnce(asked) {
			return -1, err
		}
		reports, err := r.unitReports([]string{r.counted()}, asked)
		return reports[r.counted()].count(r.q.Filing), err
	}
	states, err := r.states([]string{r.counted()}, judge.WorkStates())
	for s, of := range states[r.counted()] {
		if in := statesIn(r.q.State); in == nil || slices.Contains(in, s) {
			n += of
		}
	}
	return n, err
}

// itemsReading reads the rows of items that a query asks for.
type itemsReading struct {
	counting
	q      ItemsQuery
	d      *Desk
	member string
	heads  []PlanHead
	names  map[string]string // of organisations
}

// scope are the sums by whose spans the items shown stand; counted those that count just what is shown.
func (r itemsReading) scope() string {
	if r.q.Circle != "" {
		return itemScope(r.q.Circle, "", r.member)
	}
	return itemScope("", r.q.Unit, r.member)
}

func (r itemsReading) counted() string { return itemScope(r.q.Circle, r.q.Unit, r.member) }

// reporting says that only items are shown of which a report is owed.
func (r itemsReading) reporting() bool { return r.q.Filing != "" || adHoc(string(r.q.Period)) }

// shared says that reports are looked at as the circle's books know them.
func (r itemsReading) shared() bool { return BoardQuery{Circle: r.q.Circle}.Shared() }

// owner names how the report of an item stands in plan_filing.
func (r itemsReading) owner(item string) string {
	if r.shared() {
		return sharedItem(r.q.Circle, item)
	}
	return itemOwner(item)
}

// asked are the periods whose reports are looked at: those that the board counts. An item owes the report of at most one
// cycle, and of one call beside it; the call's comes last.
func (r itemsReading) asked() ([]asking, error) {
	known, err := r.known(slices.DeleteFunc(slices.Clone(r.heads), func(h PlanHead) bool { return !inScope(h, r.q.Circle, r.member) }))
	if err != nil || !r.reporting() {
		return nil, err
	}
	year, _ := yearOf(BoardQuery{Year: r.q.Year, AsOf: r.asOf}, known)
	shown := slices.DeleteFunc(known, func(h PlanHead) bool {
		return h.Facts.Year != year
	})
	calls, err := callsTo(r.ctx, r.tx, shown, r.asOf)
	all := askings(shown, calls, r.q.Period, r.asOf)
	slices.SortStableFunc(all, func(a, b asking) int { return bit(a.called()) - bit(b.called()) })
	return all, err
}

// called says that the report was called for by hand.
func (a asking) called() bool { return adHoc(string(a.period)) }

// countedOnce says that no item owes two of the reports, so that the sums count each item once.
func countedOnce(asked []asking) bool {
	return len(asked) == 1 || !slices.ContainsFunc(asked, asking.called)
}
