package plan

import (
	"context"

	"liandong/plan/judge"
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
	at := map[string]int{}
	for _, r := range m.Page.Rows {
		i, ok := at[r.Lead]
		if !ok {
			i = len(m.Units)
			at[r.Lead] = i
			m.Units = append(m.Units, MissingUnit{Org: r.Lead, Name: r.LeadName})
		}
		m.Units[i].Rows = append(m.Units[i].Rows, r)
	}
	return m, nil
}
