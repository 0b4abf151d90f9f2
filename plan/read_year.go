package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/store"
)

// YearPage (年度成效) sets what a list planned against what came of it by a day: milestones, targets and states, row by row.
type YearPage struct {
	ListPage
	Year  int
	Today judge.Date
	Rows  []YearRow
	// Measured are targets with a figure to reach, Met those of them that were reached.
	Measured, Met int
	// Reached and Due are the milestones of all rows, each once: those behind, and those due by the day.
	Reached, Due, Steps int
}

// YearRow is a row of a list over its year.
type YearRow struct {
	Row
	Half     judge.WorkState // how it stood at the end of June; "" while that is to come, and where it was not listed yet
	From     judge.Date      // listed
	By       judge.Date      // its deadline; "": the year's end, or it goes on
	Items    []string        // by which it is done, those of neighbours too
	Steps    Steps
	Outcomes []Outcome
	Goes     []ListRef // rows of later years that go on with it
}

// Outcome (目标完成情况) is an indicator with what was reported of it by a day.
type Outcome struct {
	IndicatorFacts
	Name  string
	Text  string       // the target as the list words it
	Value string       // canonical decimal in the indicator's unit; "": nothing was reported
	As    judge.Period // the last period that told it
	Share string       // figure.Progress from the base to the target; "": no target, or nothing reported
	Item  string       // whose outcome it is
	Whose string       // its lead's name, where the row has several items; with its title where they have one lead. "": the row has one item
}

// Reached tells whether a target with a figure was reached.
func (o Outcome) Reached() bool {
	return o.Share != "" && o.Share != "0" && (o.Share == "1" || o.Share[0] != '0')
}

// Percent prints Share, cut to one decimal: what is not complete never reads 100%. "" where there is none.
func (o Outcome) Percent() string {
	if o.Share == "" {
		return ""
	}
	whole, part, _ := strings.Cut(o.Share, ".")
	part = (part + "000")[:3]
	percent := strings.TrimLeft(whole+part[:2], "0")
	if percent == "" {
		percent = "0"
	}
	if part[2] != '0' {
		percent += "." + part[2:]
	}
	return percent + "%"
}

// Year reads a list's whole year as it stands on a day; asOf "" is today, or the year's last day if that is over. What was listed or
// changed later than the day is not in it.
func (d *Desk) Year(ctx context.Context, plan string, asOf judge.Date) (p YearPage, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = d.year(ctx, tx, plan, asOf)
		return err
	})
	return p, err
}

func (d *Desk) year(ctx context.Context, tx *store.Tx, plan string, asOf judge.Date) (p YearPage, err error) {
	head, err := planHead(ctx, tx, d.PlanID(plan))
	if err != nil {
		return p, err
	}
	if head != nil && asOf == "" {
		asOf = min(d.Today(), judge.Period(yearText(head.Facts.Year)).Last())
	}
	if p.ListPage, err = d.list(ctx, tx, ListQuery{Plan: plan, AsOf: asOf, Size: 1 << 20}); err != nil {
		return p, err
	}
	p.Year, p.Today = p.Plan.Facts.Year, d.Today()
	r := yearReading{counting: counting{ctx: ctx, tx: tx, asOf: p.Query.AsOf, today: d.Today(), sums: &d.sums}, d: d, plan: p.Plan.Facts.Plan}
	if err := r.read(p.Year); err != nil {
		return p, err
	}
	seen := map[string]bool{}
	for _, row := range p.ListPage.Rows {
		span := r.spans[row.Listing]
		y := YearRow{Row: row, Half: r.half[row.Listing], From: span[0], By: span[1], Items: r.items[row.Listing], Goes: r.goes[row.Listing]}
		for _, item := range y.Items {
			w := r.work[item]
			y.Steps, y.Outcomes = append(y.Steps, w.steps...), append(y.Outcomes, r.whose(y.Items, item)...)
			if !seen[item] {
				seen[item] = true
				p.count(w)
			}
		}
		p.Rows = append(p.Rows, y)
	}
	return p, nil
}

// whose are the outcomes of one of a row's items, where there are several with whose they are.
func (r *yearReading) whose(items []string, item string) []Outcome {
	w := r.work[item]
	if len(items) < 2 {
		return w.outcomes
	}
	whose := w.lead
	for _, other := range items {
		if other != item && r.work[other].lead == w.lead {
			whose = w.lead + "《" + cmp.Or(w.title, item) + "》"
			break
		}
	}
	all := slices.Clone(w.outcomes)
	for i := range all {
		all[i].Whose = whose
	}
	return all
}

func yearText(year int) string { return fmt.Sprintf("%04d", year) }

func (p *YearPage) count(w yearWork) {
	for _, s := range w.steps {
		p.Steps++
		if s.Due <= p.Query.AsOf {
			p.Due++
		}
		if s.Done != "" {
			p.Reached++
		}
	}
	for _, o := range w.outcomes {
		if o.Target != "" {
			p.Measured++
		}
		if o.Target != "" && o.Reached() {
			p.Met++
		}
	}
}

// yearReading reads what the rows of a list are done by, all at once.
type yearReading struct {
	counting
	d     *Desk
	plan  string
	items map[string][]string // of listings
	work  map[string]yearWork // of items
	spans map[string][2]judge.Date
	half  map[string]judge.WorkState
	goes  map[string][]ListRef // of listings
}

type yearWork struct {
	steps       Steps
	outcomes    []Outcome
	lead, title string
}

// yearItems are the items by which the rows of a list are done: its own and those by which neighbours claimed them.
const yearItems = `SELECT p.item FROM plan_pointer p JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing WHERE l.plan = ?
	UNION SELECT c.item FROM plan_claimed c JOIN plan_listing l ON l.listing = c.listing WHERE l.plan = ?`

func (r *yearReading) read(year int) (err error) {
	if err := errors.Join(r.readItems(), r.readSpans()); err != nil {
		return err
	}
	if middle := judge.Period(yearText(year) + "-H1").Last(); middle <= r.asOf {
		if r.half, err = statesOn(r.ctx, r.tx, r.plan, middle); err != nil {
			return err
		}
	}
	if r.goes, err = r.readGoes(year); err != nil {
		return err
	}
	return r.readWork()
}

func (r *yearReading) readItems() error {
	rows, err := r.tx.Query(r.ctx, `SELECT p.listing, p.item, p.ord, 0 FROM plan_pointer p JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing
		WHERE l.plan = ? UNION SELECT c.listing, c.item, 0, 1 FROM plan_claimed c JOIN plan_listing l ON l.listing = c.listing
		WHERE l.plan = ? ORDER BY 1, 4, 3, 2`, r.plan, r.plan)
	if err != nil {
		return err
	}
	defer rows.Close()
	r.items = map[string][]string{}
	for rows.Next() {
		var listing, item string
		var order, theirs int
		if err := rows.Scan(&listing, &item, &order, &theirs); err != nil {
			return err
		}
		if !slices.Contains(r.items[listing], item) {
			r.items[listing] = append(r.items[listing], item)
		}
	}
	return rows.Err()
}

// readSpans are when rows were listed and by when they are due, by their list.
func (r *yearReading) readSpans() error {
	rows, err := r.tx.Query(r.ctx, `SELECT listing, listed, CASE deadline_kind WHEN '`+string(judge.By)+`' THEN deadline ELSE '' END FROM plan_listing WHERE plan = ?`, r.plan)
	if err != nil {
		return err
	}
	defer rows.Close()
	r.spans = map[string][2]judge.Date{}
	for rows.Next() {
		var listing string
		var span [2]judge.Date
		if err := rows.Scan(&listing, &span[0], &span[1]); err != nil {
			return err
		}
		r.spans[listing] = span
	}
	return rows.Err()
}

// readGoes finds the rows of lists of later years that stand for the same items: unfinished work that was carried over, or goes on.
func (r *yearReading) readGoes(year int) (map[string][]ListRef, error) {
	rows, err := r.tx.Query(r.ctx, `SELECT DISTINCT p.listing, o.listing, o.plan, h.circle, o.ord, e.words, pe.words FROM plan_pointer p
		JOIN plan_listing l ON l.book = p.book AND l.listing = p.listing AND l.plan = ?
		JOIN plan_pointer q ON q.item = p.item JOIN plan_listing o ON o.book = q.book AND o.listing = q.listing
		JOIN plan_plan h ON h.book = o.book AND h.plan = o.plan AND h.year > ?
		JOIN book_entry e ON e.book = o.book AND e.idx = o.idx JOIN book_entry pe ON pe.book = h.book AND pe.idx = h.idx
		WHERE NOT EXISTS (SELECT 1 FROM plan_dropped x WHERE x.listing = o.listing) ORDER BY o.plan, o.ord`, r.plan, year)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string][]ListRef{}
	for rows.Next() {
		var from string
		var order int64
		var l ListRef
		var raw, head []byte
		if err := rows.Scan(&from, &l.Listing, &l.Plan, &l.Circle, &order, &raw, &head); err != nil {
			return nil, err
		}
		row, _, err := words[ListingWords](raw)
		if err != nil {
			return nil, err
		}
		list, _, err := words[PlanWords](head)
		if err != nil {
			return nil, err
		}
		l.Number, l.Wording, l.Title = row.Number, row.Title, cmp.Or(list.Title, r.d.PlanKey(l.Plan))
		all[from] = append(all[from], l)
	}
	return all, rows.Err()
}

func (r *yearReading) readWork() error {
	met, err := metBy(r.ctx, r.tx, yearItems, []any{r.plan, r.plan}, r.asOf)
	if err != nil {
		return err
	}
	told, err := r.readFigures()
	if err != nil {
		return err
	}
	names, err := r.d.orgNames(r.ctx, r.tx)
	if err != nil {
		return err
	}
	rows, err := r.tx.Query(r.ctx, `SELECT e.entry, e.words FROM plan_item_now t JOIN plan_item i ON i.book = t.book AND i.item = t.item
		JOIN book_entry e ON e.book = i.book AND e.idx = i.idx WHERE t.item IN (`+yearItems+`)`, r.plan, r.plan)
	if err != nil {
		return err
	}
	defer rows.Close()
	r.work = map[string]yearWork{}
	for rows.Next() {
		var raw, wordsRaw []byte
		if err := rows.Scan(&raw, &wordsRaw); err != nil {
			return err
		}
		var f ItemFacts
		if err := factsOf(raw, &f); err != nil {
			return err
		}
		w, _, err := words[ItemWords](wordsRaw)
		if err != nil {
			return err
		}
		lead := idOf(memberOf(f.Item), first(f.Leads))
		work := yearWork{steps: stepsOf(f, w, met), lead: r.d.apart(lead, cmp.Or(names[lead], first(f.Leads))), title: w.Title}
		for _, i := range f.Indicators {
			o, err := outcomeOf(i, told[[2]string{f.Item, i.ID}])
			if err != nil {
				return err
			}
			o.Name, o.Text, o.Item = cmp.Or(w.Indicators[i.ID], i.ID), w.Targets[i.ID], f.Item
			work.outcomes = append(work.outcomes, o)
		}
		r.work[f.Item] = work
	}
	return rows.Err()
}

// readFigures are what was reported of each item's indicators and accepted by the day, in the order of the periods; of a period only its
// newest report.
func (r *yearReading) readFigures() (map[[2]string][]IndicatorPoint, error) {
	rows, err := r.tx.Query(r.ctx, `SELECT f.item, f.indicator, a.period, f.value FROM plan_item_now t
		JOIN plan_accepted a ON a.book = t.book AND a.item = t.item
		JOIN plan_figure f ON f.book = a.book AND f.idx = a.idx
		WHERE t.item IN (`+yearItems+`) AND a.day <= ? AND NOT EXISTS (SELECT 1 FROM plan_accepted n WHERE n.book = a.book AND n.item = a.item
			AND n.period = a.period AND n.idx > a.idx AND n.day <= ?)
		ORDER BY f.item, f.indicator, a.period_last, a.period`, r.plan, r.plan, string(r.asOf), string(r.asOf))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[[2]string][]IndicatorPoint{}
	for rows.Next() {
		var at [2]string
		var x IndicatorPoint
		if err := rows.Scan(&at[0], &at[1], &x.Period, &x.Value); err != nil {
			return nil, err
		}
		all[at] = append(all[at], x)
	}
	return all, rows.Err()
}

// outcomeOf: a longer period that repeats shorter ones is not added to them.
func outcomeOf(i IndicatorFacts, told []IndicatorPoint) (o Outcome, err error) {
	o.IndicatorFacts = i
	var values []string
	for _, x := range told {
		if !slices.ContainsFunc(told, func(y IndicatorPoint) bool { return y.Period != x.Period && judge.Within(y.Period, x.Period) }) {
			values = append(values, x.Value)
			o.As = x.Period
		}
	}
	if o.Value, err = sumOf(i, values); err != nil || o.Value == "" || i.Target == "" {
		return o, err
	}
	o.Share, err = figure.Progress(i.Base, i.Target, o.Value, figure.Direction(i.Direction))
	return o, err
}
