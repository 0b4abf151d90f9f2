package plan

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// PlainItems reads what Items is to show, without any search: all tables are read whole, and each item is asked for each report,
// one after the other.
type PlainItems struct {
	d                                         *Desk
	spans, owed, called, filed, known, listed []plainRow
}

// plainRow is a row of one of the tables.
type plainRow struct{ a, b, c, d, e string }

// ReadPlain reads the tables.
func ReadPlain(ctx context.Context, d *Desk) (p PlainItems, err error) {
	p.d = d
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		for into, query := range map[*[]plainRow]string{
			&p.spans:  `SELECT item, scope, from_day, until_day, state FROM plan_item_span ORDER BY item, seq`,
			&p.owed:   `SELECT item, scope, cycle, owed_from, owed_until FROM plan_item_owed`,
			&p.called: `SELECT owner, scope, day, '', '' FROM plan_asked`,
			&p.filed:  `SELECT listing, period, steps, CAST(on_time AS TEXT), '' FROM plan_filing`,
			&p.known:  `SELECT item, '', '', '', '' FROM plan_item_now WHERE book <> ''`,
			&p.listed: `SELECT p.item, CAST(y.year AS TEXT), '', '', '' FROM plan_pointer p JOIN plan_now n ON n.listing = p.listing
				JOIN plan_plan y ON y.book = n.book AND y.plan = n.plan`,
		} {
			rows, err := tx.Query(ctx, query)
			if err != nil {
				return err
			}
			*into, err = store.Collect(rows, func(scan func(...any) error) (r plainRow, err error) {
				err = scan(&r.a, &r.b, &r.c, &r.d, &r.e)
				return r, err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// Of are "ITEM STATE PERIOD FILING" of all items that a query is to show.
func (p PlainItems) Of(ctx context.Context, q ItemsQuery) (shown []string, err error) {
	r := itemsReading{counting: counting{ctx: ctx, asOf: q.AsOf, today: p.d.Today(), sums: &p.d.sums}, q: q, d: p.d, member: p.d.node.Member}
	var asked []asking
	err = p.d.node.Store.Read(ctx, func(tx *store.Tx) error {
		r.tx = tx
		if r.heads, err = planHeads(ctx, tx, ``); err == nil {
			asked, err = r.asked()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	has := slices.ContainsFunc[[]plainRow]
	for _, s := range p.spans {
		day := string(q.AsOf)
		if s.b != r.scope() || s.c > day || s.d != "" && s.d <= day || !plainState(judge.WorkState(s.e), q.State) {
			continue
		}
		if !has(p.known, func(k plainRow) bool { return k.a == s.a }) {
			continue
		}
		if q.Circle != "" && q.Unit != "" && !has(p.spans, func(u plainRow) bool { return u.a == s.a && u.b == "unit:"+q.Unit }) {
			continue
		}
		if q.Year != 0 && !has(p.listed, func(y plainRow) bool { return y.a == s.a && y.b == strconv.Itoa(q.Year) }) {
			continue
		}
		if q.Filing == "" && !adHoc(string(q.Period)) {
			shown = append(shown, strings.Join([]string{s.a, s.e, "", ""}, " "))
			continue
		}
		for _, a := range asked {
			period := string(a.period)
			owes := has(p.called, func(c plainRow) bool { return c.a == itemOwner(s.a) && c.b == s.b && c.c == period })
			if !adHoc(period) {
				owes = has(p.owed, func(o plainRow) bool {
					return o.a == s.a && o.b == s.b && judge.Cycle(o.c) == a.period.Cycle() && window{judge.Date(o.d), judge.Date(o.e)}.holds(period)
				})
			}
			report := plainRow{}
			if at := slices.IndexFunc(p.filed, func(f plainRow) bool { return f.a == r.owner(s.a) && f.b == period }); at >= 0 {
				report = p.filed[at]
			}
			stands := filingAt(a.period, a.rhythm, report.c, q.AsOf)
			if owes && (q.Filing == "" || matches(stands.State, report.d == "1", q.Filing)) {
				shown = append(shown, strings.Join([]string{s.a, s.e, period, string(stands.State)}, " "))
				break
			}
		}
	}
	return shown, nil
}

func plainState(stands, asked judge.WorkState) bool {
	switch asked {
	case "":
		return true
	case Standing:
		return stands != judge.Dropped
	case Finished:
		return stands == judge.Done || stands == judge.DoneLate
	}
	return stands == asked
}
