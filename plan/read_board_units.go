package plan

import (
	"cmp"
	"slices"
	"strings"

	"liandong/plan/judge"
)

// units are the lead units, those with most that is late or missing first.
func (c counting) units(q BoardQuery, asked []asking, names func(org string) string) ([]UnitRow, error) {
	prefix := unitPrefix(q.Circle)
	leads, err := c.leads(prefix)
	if err != nil {
		return nil, err
	}
	if q.Circle == "" {
		leads = slices.DeleteFunc(leads, func(org string) bool { return memberOf(org) != q.member })
	}
	if q.Unit != "" {
		leads = []string{q.Unit}
	}
	scopes := make([]string, len(leads))
	for i, org := range leads {
		scopes[i] = prefix + org
	}
	states, err := c.states(scopes, judge.WorkStates())
	if err != nil {
		return nil, err
	}
	byUnit, err := c.unitReports(scopes, asked)
	if err != nil {
		return nil, err
	}
	var rows []UnitRow
	for i, org := range leads {
		if s := states[scopes[i]]; s.Total() > 0 {
			rows = append(rows, UnitRow{Org: org, Name: names(org), States: s, Report: byUnit[scopes[i]]})
		}
	}
	slices.SortStableFunc(rows, func(a, b UnitRow) int {
		return cmp.Or(cmp.Compare(b.Report.Missing, a.Report.Missing), cmp.Compare(b.States[judge.Late], a.States[judge.Late]),
			cmp.Compare(b.States[judge.AtRisk], a.States[judge.AtRisk]), strings.Compare(a.Org, b.Org))
	})
	return rows, nil
}

// unitReports sums, per scope of items, the reports of some periods: an item reports once, at the
// shortest cycle of its lists, and once for each day that it was called for.
func (c counting) unitReports(scopes []string, periods []asking) (map[string]Reporting, error) {
	sum := map[string]Reporting{}
	for i, a := range periods {
		asked := map[string]asking{}
		for _, scope := range scopes {
			asked[scope] = a
		}
		reports, err := c.reports(asked)
		if err != nil {
			return nil, err
		}
		for scope, r := range reports {
			if i == 0 {
				sum[scope] = r
				continue
			}
			sum[scope] = sum[scope].add(r)
		}
	}
	return sum, nil
}

// askings are the periods for which the items of some lists owe reports: one of each cycle in use,
// by the rhythm of the first list of that cycle, with the newest call of lists that have no cycle. Who
// asks for the day of a call asks for that report alone.
func askings(heads []PlanHead, calls []Call, period judge.Period, asOf judge.Date) (all []asking) {
	first := map[judge.Cycle]PlanFacts{}
	for _, h := range heads {
		if _, ok := first[h.Facts.Cycle]; !ok {
			first[h.Facts.Cycle] = h.Facts
		}
	}
	_, free := first[judge.AdHoc]
	if period.Cycle() == judge.AdHoc || free && period == "" {
		all = called(calls, period)
	}
	if period.Cycle() == judge.AdHoc {
		return all
	}
	for _, cycle := range judge.Cycles() {
		f, ok := first[cycle]
		if p := periodOf(f, period, asOf); ok && p != "" {
			all = append(all, asking{period: p, rhythm: f.Rhythm})
		}
	}
	return all
}

// called is the report of one day that calls ask for, or of the latest; of two calls for it the earlier
// opens it.
func called(calls []Call, day judge.Period) []asking {
	made := days{}
	for _, c := range calls {
		if day == "" {
			day = c.Period()
		}
		if c.Period() == day {
			made.add(days{c.Day: c.Called})
		}
	}
	for due, by := range made {
		return []asking{Call{Day: due, Called: by}.asking()}
	}
	return nil
}
