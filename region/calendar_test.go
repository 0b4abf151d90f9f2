package region_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/rules/workday"
	"liandong/store"
)

// lays enters a year's arrangement as who has a seat.
func (g government) lays(seat region.Seat, f region.CalendarFacts, document string) error {
	return g.in("admin", seat, func(ctx context.Context, w *node.Writing) error {
		return region.SetCalendar(ctx, w, f, region.CalendarWords{Document: document})
	})
}

// TestACalendarIsSetByItsRules: by the administrator, for a year that is not over, by a document, with every wrong day named.
func TestACalendarIsSetByItsRules(t *testing.T) {
	g := town(t)
	year := g.Now().Year() + 1
	day := func(month time.Month, day int) string {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	good := region.CalendarFacts{Year: year, Off: []string{day(10, 2), day(10, 1), day(10, 3)}}
	for d := time.Date(year, 9, 1, 0, 0, 0, 0, time.UTC); len(good.Work) == 0; d = d.AddDate(0, 0, 1) {
		if d.Weekday() == time.Sunday {
			good.Work = []string{d.Format(time.DateOnly)}
		}
	}
	with := func(change func(f *region.CalendarFacts)) region.CalendarFacts {
		f := good
		f.Off, f.Work = slices.Clone(f.Off), slices.Clone(f.Work)
		change(&f)
		return f
	}
	const doc = "国办发明电〔2026〕9号（演示数据）"
	walk(t, []step{
		{"a coordinator has no say", g.lays(region.Coordinator, good, doc), "node.not-permitted"},
		{"nor the security administrator", g.lays(region.Security, good, doc), "node.not-permitted"},
		{"no document", g.lays(region.Administrator, good, " "), "region.calendar.document"},
		{"a year that is over", g.lays(region.Administrator, region.CalendarFacts{Year: year - 2, Off: []string{}}, doc), "region.calendar.year"},
		{"far ahead", g.lays(region.Administrator, region.CalendarFacts{Year: year + 3}, doc), "region.calendar.year"},
		{"twice", g.lays(region.Administrator, with(func(f *region.CalendarFacts) { f.Off = append(f.Off, f.Off[0]) }), doc), "region.calendar.twice"},
		{"another year", g.lays(region.Administrator, with(func(f *region.CalendarFacts) { f.Year++ }), doc), "region.calendar.other-year"},
		{"off and worked", g.lays(region.Administrator, with(func(f *region.CalendarFacts) { f.Off = append(f.Off, f.Work[0]) }), doc), "region.calendar.both"},
		{"no holidays", g.lays(region.Administrator, region.CalendarFacts{Year: year}, doc), "region.calendar.nothing-off"},
		{"shipped, with days", g.lays(region.Administrator, region.CalendarFacts{Year: 2026, Shipped: true, Off: []string{"2026-01-01"}}, doc), "region.calendar.no-year"},
		{"good", g.lays(region.Administrator, good, doc), ""},
	})
	err := g.Store.Read(context.Background(), func(tx *store.Tx) error {
		all, err := region.Arrangements(context.Background(), tx)
		if err != nil || len(all) != 1 || all[0].Document != doc || !slices.IsSorted(all[0].Days.Off) || all[0].Day != region.Today(g.Now()) {
			t.Errorf("%+v, %v", all, err)
		}
		c, err := region.Workdays(context.Background(), tx)
		if err != nil {
			return err
		}
		made := time.Date(year, 10, 1, 0, 0, 0, 0, time.UTC)
		if works, known := c.Is(made); works || !known {
			t.Errorf("the first of October is worked (%v), known %v", works, known)
		}
		if shipped, _ := workday.Official.Is(made); shipped != !workday.Weekend(made) && year > 2026 {
			t.Error("what a member enters changed the program's own calendar")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	says := func(circle string) error {
		return g.in("admin", region.Administrator, func(ctx context.Context, w *node.Writing) error {
			if circle != node.Self {
				if err := w.OpenBook(ctx, circle); err != nil {
					return err
				}
			}
			_, err := region.CalendarSet.Say(ctx, w, node.Said[region.CalendarFacts, region.CalendarWords]{Circle: circle, Facts: good, Words: &region.CalendarWords{Document: doc}})
			return err
		})
	}
	if err := says("suitong"); !refuse.Is(err, "region.only-self") {
		t.Errorf("in a circle's book: %v", err)
	}
	kindtest.Prove(t, g.Node)
	kindtest.Golden(t, g.Node, "testdata/golden-calendar.txt")
}
