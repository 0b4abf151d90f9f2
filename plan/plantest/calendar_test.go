package plantest_test

import (
	"context"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/workday"
	"liandong/store"
	"liandong/store/storetest"
)

// TestACalendarMovesWhatIsCountedAndNothingThatWasSaid: parts of periods to come follow the calendar; the day that was said stays, and so does what
// is over, whatever is entered later.
func TestACalendarMovesWhatIsCountedAndNothingThatWasSaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := splitting(t, s)
		ids, err := o.AskShare(ctx, o.As(region.Reporter, roads), plan.NewShare{Item: item, Orgs: []string{o.Units[farms]}, Period: "2022-06", Text: "报进展"})
		if err != nil {
			t.Fatal(err)
		}
		due := func(p judge.Period, want judge.Date) {
			t.Helper()
			if l := lineOf(t, o, ids[0], p); l.Due != want {
				t.Errorf("the part for %s is due on %s, want %s", p, l.Due, want)
			}
		}
		due("2022-06", "2022-06-21")
		due("2022-07", "2022-07-20")
		days, _ := workday.Shipped(2022)
		days.Off = append(append([]string{}, days.Off...), "2022-06-22", "2022-07-20", "2022-07-21")
		all, err := o.Shifts(ctx, workday.Setting{Year: 2022, Days: days})
		if err != nil {
			t.Fatal(err)
		}
		found := map[plan.ShiftOf]plan.Shift{}
		for _, one := range all {
			if _, first := found[one.What]; !first {
				found[one.What] = one
			}
		}
		for what, want := range map[plan.ShiftOf]plan.Shift{
			plan.ShiftOfPart:      {What: plan.ShiftOfPart, Unit: farms, Was: "2022-06-21", Will: "2022-06-20", Stays: true},
			plan.ShiftOfLaterPart: {What: plan.ShiftOfLaterPart, Unit: farms, Was: "2022-07-20", Will: "2022-07-18"},
		} {
			if found[what] != want {
				t.Errorf("%s: %+v, want %+v", what, found[what], want)
			}
		}
		next, _ := workday.Shipped(2023)
		next.Off = append(append([]string{}, next.Off...), "2023-01-18", "2023-01-19", "2023-01-20", "2023-02-21", "2023-02-22")
		if all, err = o.Shifts(ctx, workday.Setting{Year: 2023, Days: next}); err != nil || len(all) != 0 {
			t.Errorf("the list ends with 2022, and days of 2023 move: %+v, %v", all, err)
		}
		set := func(days workday.Year) {
			t.Helper()
			_, err := o.Node().Write(ctx, o.As(region.Administrator, plantest.UnitNames[0]), func(ctx context.Context, w *node.Writing) error {
				return region.SetCalendar(ctx, w, region.CalendarFacts{Year: 2022, Off: days.Off, Work: days.Work}, region.CalendarWords{Document: "国办发明电〔2021〕11号（演示数据）"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		set(days)
		due("2022-06", "2022-06-21")
		due("2022-07", "2022-07-18")
		o.Day("2022-08-01")
		shipped, _ := workday.Shipped(2022)
		set(shipped)
		due("2022-07", "2022-07-18")
		due("2022-08", "2022-08-22")
	})
}
