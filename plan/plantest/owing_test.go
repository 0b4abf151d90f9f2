package plantest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWhoHasReportedIsNotAskedAgain: a row of two sides counts as the worse of them; who is named as not having reported is the
// side that has not.
func TestWhoHasReportedIsNotAskedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(suining, tongnan)
		suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
		both, ours := suining.Row("遂潼产业园")
		tongnan.Hear(suining)
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), both, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
			t.Fatal(err)
		}
		suining.Hear(tongnan)
		suining.Day("2022-06-24")
		tongnan.Day("2022-06-24")
		owes := func(want string) {
			t.Helper()
			m, err := suining.Missing(ctx, "suitong-2022", "2022-06", "")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range m.Units {
				for _, r := range u.Rows {
					if r.Listing == both {
						got = append(got, u.Name)
					}
				}
			}
			if text := strings.Join(got, " "); text != want {
				t.Errorf("the row of both sides is owed by %q, want %q", text, want)
			}
		}
		owes("潼南区 市经济和信息化局")
		suining.FileAs("市经济和信息化局", ours, "2022-06", judge.OnTime, "产业园开工")
		suining.AcceptNow(ours, "2022-06", false)
		owes("潼南区")
		asked, err := tongnan.AskedOfUs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range asked {
			if a.Item != "" {
				tongnan.FileAs("市农业农村局", a.Item, "2022-06", judge.OnTime, "潼南侧开工")
				tongnan.AcceptNow(a.Item, "2022-06", false)
			}
		}
		suining.Hear(tongnan)
		owes("")
	})
}

// TestNothingIsOwedBetweenTwoLists: a row was dropped in February, and another list asks for the same work from September on. For the
// months between nobody is asked, and nothing counts as missed.
func TestNothingIsOwedBetweenTwoLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		const kept = "序号,工作任务,牵头单位,完成时限\n1,整治涪江水环境,市农业农村局,年底前\n"
		const road = "1,扩容遂渝高速公路,市交通运输局,年底前\n"
		monthly := plan.ImportOptions{Plan: "monthly", Year: 2022, Circle: "suitong", Title: "月度清单"}
		o.Take(monthly, kept+"2"+road[1:])
		_, item := o.Row("扩容遂渝高速公路")
		o.Day("2022-02-26")
		o.Take(monthly, kept)
		o.Day("2022-09-05")
		o.Take(plan.ImportOptions{Plan: "later", Year: 2022, Circle: "chengyu", Title: "下半年清单"}, "序号,工作任务,牵头单位,完成时限\n"+road)
		if listing, again := o.Row("扩容遂渝高速公路"); again != item { // the dropped row is no twin that is proposed
			if err := o.Link(ctx, o.Coordinator(), listing, []string{item}, "同一事项"); err != nil {
				t.Fatal(err)
			}
		}
		o.Day("2022-10-26")
		for period, want := range map[judge.Period]bool{"2022-01": true, "2022-05": false, "2022-08": false, "2022-09": true, "2022-10": true} {
			p, err := o.Items(ctx, plan.ItemsQuery{Unit: o.Units["市交通运输局"], Period: period, Filing: plan.Owed, AsOf: "2022-10-26", Size: 10})
			if err != nil {
				t.Fatal(err)
			}
			b, err := o.Board(ctx, plan.BoardQuery{Year: 2022, Period: period, AsOf: "2022-10-26"})
			if err != nil {
				t.Fatal(err)
			}
			owed := 1 // the river's
			if want {
				owed++
			}
			if owes := len(p.Rows) == 1; owes != want || b.Report.Owed != owed {
				t.Errorf("%s: owed by the road: %v, by all: %d; want %v and %d", period, owes, b.Report.Owed, want, owed)
			}
		}
		todo, err := o.Todo(ctx, o.As(region.Reporter, "市交通运输局").Actor)
		if err != nil {
			t.Fatal(err)
		}
		var asked []judge.Period
		for _, d := range todo.Reports {
			asked = append(asked, d.Period)
		}
		if !slices.Equal(asked, []judge.Period{"2022-09", "2022-10"}) {
			t.Errorf("the unit is asked for %v", asked)
		}
		o.Clean()
	})
}
