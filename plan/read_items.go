package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

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
	asked, scope := r.q.Filing != "" || r.q.Period.Cycle() == judge.AdHoc, itemScope(r.q.Circle, r.q.Unit, r.member)
	switch {
	case r.q.After == "" && p.Next == "":
		return len(p.Rows), nil
	case r.q.Year != 0 || asked && r.q.State != "":
		return -1, nil
	case asked:
		periods, err := r.asked()
		if err != nil {
			return -1, err
		}
		reports, err := r.unitReports([]string{scope}, periods)
		return reports[scope].count(r.q.Filing), err
	}
	states, err := r.states([]string{scope}, judge.WorkStates())
	for s, of := range states[scope] {
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

// page reads one page. How the reporting stood on a day that is over no index knows: then all rows
// are read and those asked for are picked.
func (r itemsReading) page() (rows []ItemRow, next string, err error) {
	asked, err := r.asked()
	if err != nil {
		return nil, "", err
	}
	pick := r.q.Filing != "" && r.asOf < r.today
	query, args := r.query(asked, pick)
	found, err := r.tx.Query(r.ctx, query, args...)
	if err != nil {
		return nil, "", err
	}
	onTime := map[string]bool{}
	rows, err = store.Collect(found, func(scan func(...any) error) (ItemRow, error) { return r.scan(scan, asked, onTime) })
	if pick {
		rows = slices.DeleteFunc(rows, func(w ItemRow) bool { return !matches(w.Filing.State, onTime[w.Item], r.q.Filing) })
	}
	if err == nil && len(rows) > ListPageSize {
		rows = rows[:ListPageSize]
		next = rows[ListPageSize-1].Item
	}
	return rows, next, err
}

// asked are the periods whose reports are looked at: those that the board counts.
func (r itemsReading) asked() ([]asking, error) {
	known, err := r.known(slices.DeleteFunc(slices.Clone(r.heads), func(h PlanHead) bool { return !inScope(h, r.q.Circle, r.member) }))
	if err != nil || r.q.Filing == "" && r.q.Period.Cycle() != judge.AdHoc {
		return nil, err
	}
	year, _ := yearOf(BoardQuery{Year: r.q.Year, AsOf: r.asOf}, known)
	shown := slices.DeleteFunc(known, func(h PlanHead) bool {
		return h.Facts.Year != year
	})
	calls, err := callsTo(r.ctx, r.tx, shown, r.asOf)
	return askings(shown, calls, r.q.Period, r.asOf), err
}

func (r itemsReading) scan(scan func(...any) error, asked []asking, onTime map[string]bool) (w ItemRow, err error) {
	var leads, steps string
	var cycle judge.Cycle
	var raw []byte
	var inTime int
	err = scan(&w.Item, &leads, &w.Lists, &cycle, &w.Work.State, &w.Work.Reason.Code, &w.Work.Reason.Date,
		&w.Work.Reason.On, &w.Work.Reason.Ref, &steps, &inTime, &raw)
	if err != nil {
		return w, err
	}
	for org := range strings.FieldsSeq(leads) {
		w.Leads = append(w.Leads, ItemUnit{org, r.d.apart(org, cmp.Or(r.names[org], saidID(org)))})
	}
	for _, a := range asked {
		if a.period.Cycle() == cycle || a.period == r.q.Period {
			w.Period, w.Filing = a.period, filingAt(a.period, a.rhythm, steps, r.asOf)
		}
	}
	onTime[w.Item] = inTime == 1
	said, _, err := words[ItemWords](raw)
	w.Title = said.Title
	return w, err
}

// query selects items in the order of their ids; all leaves the report to be looked at later.
func (r itemsReading) query(asked []asking, all bool) (string, []any) {
	scope := itemScope("", r.q.Unit, r.member)
	if r.q.Circle != "" {
		scope = itemScope(r.q.Circle, "", r.member)
	}
	where := `s.scope = ? AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)`
	args := []any{scope, string(r.asOf), string(r.asOf)}
	and := func(condition string, more ...any) {
		where, args = where+" AND "+condition, append(args, more...)
	}
	if states := statesIn(r.q.State); states != nil {
		in, more := places(states)
		and(`s.state IN (`+in+`)`, more...)
	}
	if r.q.Unit != "" && r.q.Circle != "" {
		and(`EXISTS (SELECT 1 FROM plan_item_span u WHERE u.item = s.item AND u.scope = ? AND u.seq = 0)`, itemScope("", r.q.Unit, r.member))
	}
	if r.q.Year != 0 {
		and(`EXISTS (SELECT 1 FROM plan_pointer p JOIN plan_now n ON n.listing = p.listing
			JOIN plan_plan y ON y.book = n.book AND y.plan = n.plan WHERE p.item = s.item AND y.year = ?)`, r.q.Year)
	}
	if r.q.After != "" {
		and(`s.item > ?`, r.q.After)
	}
	if r.q.Filing != "" || r.q.Period.Cycle() == judge.AdHoc {
		r.reports(asked, all || r.q.Filing == "", and)
	}
	period, periods := periodFor(asked, r.q.Period)
	query := `SELECT s.item, i.leads, i.lists, ` + itemCycle + `, s.state, s.code, s.day, s.on_day, s.ref,
		COALESCE(f.steps, ''), COALESCE(f.on_time, 0), e.words
		FROM plan_item_span s JOIN plan_item_now i ON i.item = s.item
		JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		LEFT JOIN plan_filing f ON f.listing = ` + r.owner() + ` AND f.period = ` + period + `
		WHERE ` + where + ` ORDER BY s.item`
	args = append(periods, args...)
	if all {
		return query, args
	}
	return query + ` LIMIT ?`, append(args, ListPageSize+1)
}

// reports leaves items that owe a report of their cycle's period, as it was asked for.
func (r itemsReading) reports(asked []asking, all bool, and func(string, ...any)) {
	any, args := []string{"1 = 0"}, []any{}
	for _, a := range asked {
		if a.period.Cycle() == judge.AdHoc {
			any = append(any, `EXISTS (SELECT 1 FROM plan_asked a WHERE a.owner = `+itemOwnerSQL+`s.item AND a.scope = s.scope AND a.day = ?)`)
			args = append(args, string(a.period))
			continue
		}
		any = append(any, `EXISTS (SELECT 1 FROM plan_item_owed o WHERE o.item = s.item AND o.scope = s.scope AND o.cycle = ?
			AND o.owed_from <> '' AND o.owed_from <= ? AND o.owed_until > ?)`)
		args = append(args, string(a.period.Cycle()), string(a.period.First()), string(a.period.First()))
	}
	and(`(`+strings.Join(any, ` OR `)+`)`, args...)
	if !all && r.q.Filing != Owed {
		condition, more := filingIs(r.q.Filing)
		and(condition, more...)
	}
}

// itemCycle is the cycle at which an item reports over a scope; none where it owes nothing.
const itemCycle = `COALESCE((SELECT o.cycle FROM plan_item_owed o WHERE o.item = s.item AND o.scope = s.scope), '')`

// owner is, as an expression, whose row of plan_filing says how the report of an item stands: in a circle as its books know it.
func (r itemsReading) owner() string {
	if (BoardQuery{Circle: r.q.Circle}).Shared() {
		return `s.scope || ' ' || s.item`
	}
	return itemOwnerSQL + `s.item`
}

// periodFor is the period of an item's report: the day of the call that was asked for, or by its cycle.
func periodFor(asked []asking, wanted judge.Period) (expression string, args []any) {
	if len(asked) == 0 {
		return `''`, nil
	}
	if wanted.Cycle() == judge.AdHoc {
		return `?`, []any{string(wanted)}
	}
	var b strings.Builder
	b.WriteString(`CASE ` + itemCycle)
	for _, a := range asked {
		b.WriteString(` WHEN ? THEN ?`)
		args = append(args, string(a.period.Cycle()), string(a.period))
	}
	return b.String() + ` END`, args
}
