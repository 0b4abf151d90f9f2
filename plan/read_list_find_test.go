package plan_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/store/storetest"
)

// TestFiltersFindWhatStandsInTheList: whatever was said, each filter finds, page by page, the rows
// of the unfiltered list that it is meant for and no others; by index and along the list; today,
// later and for days that are over. The sums beside the list agree.
func TestFiltersFindWhatStandsInTheList(t *testing.T) {
	t.Run("by index", findsAll)
	t.Run("along the list", func(t *testing.T) {
		plan.Walking(t)
		findsAll(t)
	})
}

func findsAll(t *testing.T) {
	fewChecks()
	rapid.Check(t, func(r *rapid.T) {
		w := &world{office: newOffice(t, storetest.OpenSQLite(t)), r: r}
		for range rapid.IntRange(3, 30).Draw(r, "acts") {
			w.act()
		}
		key, ok := w.some(`SELECT plan FROM plan_plan ORDER BY plan`)
		if !ok {
			return
		}
		day := w.Today().AddDays(rapid.IntRange(-120, 60).Draw(r, "day"))
		all := w.listed(plan.ListQuery{Plan: key, AsOf: day})
		for _, filing := range append(judge.FilingStates(), plan.Owed, plan.Reported, plan.InTime, "") {
			for _, state := range append(judge.WorkStates(), plan.Standing, plan.Finished, "") {
				q := plan.ListQuery{Plan: key, AsOf: day, State: state, Filing: filing, Size: 2}
				if got, want := ids(w.listed(q)), ids(meant(all, q)); !slices.Equal(got, want) {
					r.Fatalf("%s on %s, state %q, filing %q: %v, want %v", key, day, state, filing, got, want)
				}
			}
		}
		w.sumsAgree(key, day, all)
	})
}

// listed reads a list to its end.
func (w *world) listed(q plan.ListQuery) (all []plan.Row) {
	for {
		p, err := w.List(context.Background(), q)
		if err != nil {
			w.r.Fatal(err)
		}
		all = append(all, p.Rows...)
		if q.After = p.Next; q.After == "" {
			return all
		}
	}
}

func meant(all []plan.Row, q plan.ListQuery) (some []plan.Row) {
	states := map[judge.WorkState][]judge.WorkState{
		plan.Standing: slices.DeleteFunc(judge.WorkStates(), func(s judge.WorkState) bool { return s == judge.Dropped }),
		plan.Finished: {judge.Done, judge.DoneLate},
	}
	for _, row := range all {
		stands := q.State == "" || row.Work.State == q.State || slices.Contains(states[q.State], row.Work.State)
		if stands && files(row, q.Filing) {
			some = append(some, row)
		}
	}
	return some
}

func files(row plan.Row, asked judge.FilingState) bool {
	unfiled := []judge.FilingState{judge.NotDue, judge.Due, judge.Missed}
	stands := row.Filing.State
	switch {
	case asked == "":
		return true
	case !row.Owes:
		return false
	case asked == plan.Owed:
		return true
	case asked == plan.Reported:
		return stands == judge.Filed || stands == judge.Accepted
	case asked == plan.InTime:
		return plan.InTimeOf(row) && !slices.Contains(unfiled, stands)
	}
	return stands == asked || slices.Contains(unfiled, asked) && slices.Contains(unfiled, stands)
}

func ids(rows []plan.Row) (all []string) {
	for _, row := range rows {
		all = append(all, row.Listing)
	}
	return all
}

func (w *world) sumsAgree(key string, day judge.Date, all []plan.Row) {
	p, err := w.List(context.Background(), plan.ListQuery{Plan: key, AsOf: day})
	if err != nil {
		w.r.Fatal(err)
	}
	of := func(f judge.FilingState) int { return len(meant(all, plan.ListQuery{Filing: f})) }
	got := [5]int{p.Report.Filed, p.Report.Returned, p.Report.Accepted, p.Report.Missing, p.Report.OnTime}
	want := [5]int{of(judge.Filed), of(judge.Returned), of(judge.Accepted), of(judge.Missed), of(plan.InTime)}
	if got != want {
		w.r.Fatalf("%s on %s: filed, returned, accepted, missing, in time %v, want %v", key, day, got, want)
	}
	units := 0
	for _, u := range p.Units {
		units += u.N
	}
	if led := len(slices.DeleteFunc(all, func(r plan.Row) bool { return r.Lead == "" })); units != led {
		w.r.Fatalf("%s: %d rows by unit, want %d", key, units, led)
	}
}
