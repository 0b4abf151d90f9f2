package plan

import (
	"context"
	"slices"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// MissingUnit is a unit that owes reports of a list for a period, with the rows it owes.
type MissingUnit struct {
	Org, Name string
	Rows      []Row
}

// Missing is who has not reported (未报单位) for a period of a list.
type Missing struct {
	Page  ListPage // head, period and sums; its rows are those below
	Units []MissingUnit
}

// missingAtMost is how many rows a reminder names; who has more to ask for asks by unit.
const missingAtMost = 1000

// Missing reads who has not reported for a period of a list.
func (d *Desk) Missing(ctx context.Context, plan string, period judge.Period, asOf judge.Date) (m Missing, err error) {
	m.Page, err = d.List(ctx, ListQuery{Plan: plan, Period: period, AsOf: asOf, Filing: judge.Missed, Size: missingAtMost})
	if err != nil {
		return m, err
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := d.orgNames(ctx, tx)
		if err != nil {
			return err
		}
		at := map[string]int{}
		for _, r := range m.Page.Rows {
			owing, err := d.owing(ctx, tx, r, m.Page.Query, names)
			if err != nil {
				return err
			}
			for _, u := range owing {
				i, ok := at[u.Org]
				if !ok {
					i = len(m.Units)
					at[u.Org] = i
					m.Units = append(m.Units, u)
				}
				m.Units[i].Rows = append(m.Units[i].Rows, r)
			}
		}
		return nil
	})
	return m, err
}

// owing are the units that owe the report of a row: its lead; where the row stands for several works, or a neighbour does a
// part of it, the leads of those of which none came. A row counts as its worst part, and whoever has reported his is not
// asked again.
func (d *Desk) owing(ctx context.Context, tx *store.Tx, r Row, q ListQuery, names map[string]string) (units []MissingUnit, err error) {
	lead := []MissingUnit{{Org: r.Lead, Name: r.LeadName}}
	rows, err := tx.Query(ctx, `SELECT x.item, x.book, COALESCE(i.cycle, ''), COALESCE(f.steps, ''), COALESCE(u.org, '') FROM (
			SELECT item, book FROM plan_pointer WHERE book = ? AND listing = ?
			UNION SELECT item, book FROM plan_claimed WHERE listing = ?) AS x
		LEFT JOIN plan_item_now i ON i.item = x.item
		LEFT JOIN plan_filing f ON f.listing = `+itemOwnerSQL+`x.item AND f.period = ?
		LEFT JOIN plan_item_unit u ON u.book = x.book AND u.item = x.item AND u.leads = 1 AND u.ord = 0
		ORDER BY x.book, x.item`, r.Book, r.Listing, r.Listing, string(q.Period))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	parts := 0
	for rows.Next() {
		var item, book, cycle, steps, org string
		if err := rows.Scan(&item, &book, &cycle, &steps, &org); err != nil {
			return nil, err
		}
		if parts++; judge.Cycle(cycle) != q.Period.Cycle() {
			return lead, nil // its reports are of other periods: which of them is missing cannot be told by one
		}
		if !nothingFiled(filingAt(q.Period, judge.Rhythm{}, steps, q.AsOf).State) {
			continue
		}
		if org != "" && memberOf(org) == "" {
			org = idOf(memberOfBook(book), org)
		}
		u := MissingUnit{Org: org, Name: names[org]}
		if member := memberOfBook(book); member != d.node.Member {
			u = MissingUnit{Org: member, Name: region.MemberName(member)}
		}
		if u.Org == "" {
			u = lead[0]
		}
		if !slices.ContainsFunc(units, func(o MissingUnit) bool { return o.Org == u.Org }) {
			units = append(units, u)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if parts < 2 || len(units) == 0 {
		return lead, nil
	}
	return units, nil
}
