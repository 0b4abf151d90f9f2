package plan

import (
	"cmp"
	"context"
	"strings"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// ItemsQuery says which items are wanted: the rows behind a figure of the board.
type ItemsQuery struct {
	Circle string          // "": all
	Unit   string          // "": all; id of a lead unit
	State  judge.WorkState // "": all
	// Missing leaves only items whose report is owed and has not come in, for the newest period
	// of their cycle that has opened.
	Missing bool
	AsOf    judge.Date // "": today
	After   string     // cursor: the last item of the page before
}

// ItemRow is one item as it stands over the lists asked for.
type ItemRow struct {
	Item, Title string
	Leads       []ItemUnit
	Lists       int
	Work        judge.WorkSpan
	Period      judge.Period // the report that is missing; only where missing ones were asked for
}

// ItemsPage are items, each once in however many lists it stands.
type ItemsPage struct {
	Query  ItemsQuery
	Unit   string // name
	Circle region.Circle
	Rows   []ItemRow
	Next   string
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
	if err := checkState(q.State); err != nil {
		return p, err
	}
	p.Query = q
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return p, err
	}
	if p.Unit = names[q.Unit]; q.Unit != "" && p.Unit == "" {
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
	where, args, err := d.itemsWhere(ctx, tx, q)
	if err != nil {
		return p, err
	}
	rows, err := tx.Query(ctx, `SELECT s.item, i.leads, i.lists, i.cycle, s.state, s.code, s.day, s.on_day, s.ref, e.words
		FROM plan_item_span s JOIN plan_item_now i ON i.item = s.item
		JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE `+where+` ORDER BY s.item LIMIT ?`, append(args, ListPageSize+1)...)
	if err != nil {
		return p, err
	}
	p.Rows, err = store.Collect(rows, func(scan func(...any) error) (r ItemRow, err error) {
		var leads string
		var cycle judge.Cycle
		var raw []byte
		err = scan(&r.Item, &leads, &r.Lists, &cycle, &r.Work.State, &r.Work.Reason.Code, &r.Work.Reason.Date,
			&r.Work.Reason.On, &r.Work.Reason.Ref, &raw)
		if err != nil {
			return r, err
		}
		for org := range strings.FieldsSeq(leads) {
			r.Leads = append(r.Leads, ItemUnit{org, cmp.Or(names[org], org)})
		}
		if q.Missing {
			r.Period = openPeriod(cycle, q.AsOf)
		}
		w, _, err := words[ItemWords](raw)
		r.Title = w.Title
		return r, err
	})
	if err == nil && len(p.Rows) > ListPageSize {
		p.Rows = p.Rows[:ListPageSize]
		p.Next = p.Rows[ListPageSize-1].Item
	}
	return p, err
}

// openPeriod is the newest period of a cycle that has opened by a day, by the default rhythm: an
// item is in several lists and has no rhythm of its own.
func openPeriod(c judge.Cycle, asOf judge.Date) judge.Period {
	return periodOf(PlanFacts{Cycle: c, Year: yearNumber(asOf)}, "", asOf)
}

func (d *Desk) itemsWhere(ctx context.Context, tx *store.Tx, q ItemsQuery) (where string, args []any, err error) {
	scope := "all"
	switch {
	case q.Unit != "":
		scope = "unit:" + q.Unit
	case q.Circle != "":
		scope = "circle:" + q.Circle
	}
	where = `s.scope = ? AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)`
	args = []any{scope, string(q.AsOf), string(q.AsOf)}
	and := func(condition string, more ...any) {
		where, args = where+" AND "+condition, append(args, more...)
	}
	if q.State != "" {
		and(`s.state = ?`, string(q.State))
	}
	if q.Unit != "" && q.Circle != "" {
		and(`EXISTS (SELECT 1 FROM plan_item_span c WHERE c.item = s.item AND c.scope = ? AND c.seq = 0)`, "circle:"+q.Circle)
	}
	if q.After != "" {
		and(`s.item > ?`, q.After)
	}
	if !q.Missing {
		return where, args, nil
	}
	var any []string
	for _, cycle := range judge.Cycles() {
		p := openPeriod(cycle, q.AsOf)
		if p == "" {
			continue
		}
		any = append(any, `(i.cycle = ? AND EXISTS (SELECT 1 FROM plan_item_owed o WHERE o.item = s.item AND o.scope = s.scope
			AND o.owed_from <> '' AND o.owed_from <= ? AND o.owed_until > ?)
			AND NOT EXISTS (SELECT 1 FROM plan_filing f WHERE f.listing = s.item AND f.period = ? AND substr(f.steps, 1, 16) <= ?))`)
		args = append(args, string(cycle), string(p.First()), string(p.First()), string(p), "filed "+string(q.AsOf))
	}
	where += " AND (" + strings.Join(any, " OR ") + ")"
	return where, args, nil
}
