package plantest_test

import (
	"context"
	"strings"
	"testing"

	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

const road = "市交通运输局"

// called is an office on 2 June whose coordinator asked the whole monthly list of suitong for a
// report by the 15th, and one row of chengyu, the same road, by the same day; both were said on the 1st
// and the 2nd.
func called(t *testing.T, s *store.Store) (o *plantest.Office, item string) {
	t.Helper()
	o = open(t, s)
	_, item = o.Row("遂渝高速公路扩容")
	o.Day("2022-06-01")
	call(o, t, "chengyu", "2022-06-15", rowOf(o, t, "chengyu", item))
	o.Day("2022-06-02")
	call(o, t, "suitong", "2022-06-15")
	return o, item
}

func call(o *plantest.Office, t *testing.T, list string, day judge.Date, rows ...string) {
	t.Helper()
	_, err := o.Call(context.Background(), o.Coordinator(), plan.CallFacts{Plan: list, Day: day, Listings: rows}, "迎接省督查，请报截至昨日的进度")
	if err != nil {
		t.Fatal(err)
	}
}

func rowOf(o *plantest.Office, t *testing.T, list, item string) string {
	t.Helper()
	p, err := o.List(context.Background(), plan.ListQuery{Plan: list})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		if r.Item == item {
			return r.Listing
		}
	}
	t.Fatalf("%s has no row of %s", list, item)
	return ""
}

func reporting(o *plantest.Office, t *testing.T, list string, p judge.Period) plan.Reporting {
	t.Helper()
	page, err := o.List(context.Background(), plan.ListQuery{Plan: list, Period: p})
	if err != nil {
		t.Fatal(err)
	}
	return page.Report
}

// dutyFor is what a unit's to-do says of an item and period.
func dutyFor(o *plantest.Office, t *testing.T, unit, item string, p judge.Period) (plan.Duty, bool) {
	t.Helper()
	todo, err := o.Todo(context.Background(), o.As(region.Reporter, unit).Actor)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range todo.Reports {
		if d.Item == item && d.Period == p {
			return d, true
		}
	}
	return plan.Duty{}, false
}

// TestACallIsOwedOnceAndAnsweredOnce: a call stands in the to-do with its words, is counted in every
// list that made it, and one report answers them all; the months go on as they did.
func TestACallIsOwedOnceAndAnsweredOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := called(t, s)
		d, ok := dutyFor(o, t, road, item, "2022-06-15")
		if !ok {
			t.Fatal("nobody's to-do says that a report was asked for")
		}
		if d.State != judge.Due || d.Cutoff != "2022-06-15" || d.Composed || len(d.Lists) != 2 || len(d.Called) != 2 ||
			!strings.Contains(d.Called[0].Text, "省督查") {
			t.Errorf("the duty: %+v", d)
		}
		whole := reporting(o, t, "suitong", "2022-06-15")
		if whole.Owed < 2 || whole.Missing != whole.Owed || whole.OpenState != judge.Due {
			t.Errorf("suitong: %+v", whole)
		}
		if r := reporting(o, t, "chengyu", "2022-06-15"); r.Owed != 1 || r.Missing != 1 {
			t.Errorf("chengyu asked one row: %+v", r)
		}
		if r := reporting(o, t, "suitong", "2022-06"); r.Owed != whole.Owed {
			t.Errorf("the month owes %d, want %d as before", r.Owed, whole.Owed)
		}
		o.FileAs(road, item, "2022-06-15", judge.OnTime, "路基工程完成四成")
		o.AcceptNow(item, "2022-06-15", false)
		for list, want := range map[string]plan.Reporting{"suitong": whole, "chengyu": {Owed: 1, Missing: 1}} {
			r := reporting(o, t, list, "2022-06-15")
			if r.Owed != want.Owed || r.Missing != want.Missing-1 || r.Accepted != 1 || r.OnTime != 1 {
				t.Errorf("%s after one report: %+v", list, r)
			}
		}
		if _, ok := dutyFor(o, t, road, item, "2022-06-15"); ok {
			t.Error("what was answered is still in the to-do")
		}
		if r := reporting(o, t, "suitong", "2022-06"); r.Filed+r.Accepted != 0 {
			t.Errorf("an ad hoc report counts for the month: %+v", r)
		}
		o.Day("2022-06-16")
		m, err := o.Missing(ctx, "suitong", "2022-06-15", "")
		if err != nil {
			t.Fatal(err)
		}
		if m.Page.Report.OpenState != judge.Missed || len(m.Units) == 0 {
			t.Errorf("who has not reported: %+v", m)
		}
		for _, u := range m.Units {
			if u.Name == road {
				t.Errorf("%s reported and is asked again", road)
			}
		}
		o.Clean()
	})
}

// TestTheBoardCountsACall: who asks for the day of a call sees it counted by unit, each item once however
// many lists call, and every figure has its items.
func TestTheBoardCountsACall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := called(t, s)
		o.FileAs(road, item, "2022-06-15", judge.OnTime, "路基工程完成四成")
		whole := reporting(o, t, "suitong", "2022-06-15")
		b, err := o.Board(ctx, plan.BoardQuery{Period: "2022-06-15"})
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Calls) != 2 || b.Report.Owed != whole.Owed || b.Report.Filed != 1 || b.Report.Cutoff != "2022-06-15" {
			t.Errorf("%d calls, reports %+v; want those of %+v, the road once", len(b.Calls), b.Report, whole)
		}
		sum, named := plan.Reporting{}, false
		for _, u := range b.Units {
			named = named || u.Name == road
			if u.Name == road && u.Report.Filed != 1 {
				t.Errorf("%s: %+v", road, u.Report)
			}
			sum.Owed, sum.Filed, sum.Missing = sum.Owed+u.Report.Owed, sum.Filed+u.Report.Filed, sum.Missing+u.Report.Missing
			page, err := o.Items(ctx, plan.ItemsQuery{Period: "2022-06-15", Unit: u.Org, Filing: judge.Missed})
			if err != nil || len(page.Rows) != u.Report.Missing {
				t.Errorf("%s: %d items have not been reported, the board says %d: %v", u.Name, len(page.Rows), u.Report.Missing, err)
			}
		}
		if !named || sum.Owed != whole.Owed || sum.Filed != 1 || sum.Missing != whole.Owed-1 {
			t.Errorf("the units' sum is %+v, want that of %+v", sum, whole)
		}
		for filing, want := range map[judge.FilingState]int{"": whole.Owed, plan.Owed: whole.Owed, plan.Reported: 1, judge.Missed: whole.Owed - 1} {
			page, err := o.Items(ctx, plan.ItemsQuery{Period: "2022-06-15", Filing: filing})
			if err != nil || len(page.Rows) != want || page.Total != want {
				t.Errorf("%q: %d items of %d, want %d: %v", filing, len(page.Rows), page.Total, want, err)
			}
			for _, r := range page.Rows {
				if r.Period != "2022-06-15" {
					t.Errorf("%s: the report of %s", r.Title, r.Period)
				}
			}
		}
		if b, err := o.Board(ctx, plan.BoardQuery{}); err != nil || b.Report.Owed == 0 || b.Report.Filed != 0 {
			t.Errorf("the present periods: %+v, %v", b.Report, err)
		}
		o.Day("2022-07-01")
		if b, err := o.Board(ctx, plan.BoardQuery{}); err != nil || len(b.Calls) != 0 {
			t.Errorf("in July the board still offers %d calls of June: %v", len(b.Calls), err)
		}
	})
}

// TestAWithdrawnCallIsOwedByNobody: the to-do, the sums and the list forget it, what was filed stays,
// and the same day may be called anew.
func TestAWithdrawnCallIsOwedByNobody(t *testing.T) {
	ctx := context.Background()
	o, item := called(t, storetest.OpenSQLite(t))
	o.FileAs(road, item, "2022-06-15", judge.OnTime, "路基工程完成四成")
	for _, list := range []string{"suitong", "chengyu"} {
		if err := o.Uncall(ctx, o.Coordinator(), list, "2022-06-15", ""); !refuse.Is(err, "plan.reason-missing") {
			t.Fatalf("%s withdrawn without a reason: %v", list, err)
		}
		if err := o.Uncall(ctx, o.Coordinator(), list, "2022-06-15", "督查改期"); err != nil {
			t.Fatal(err)
		}
		p, err := o.List(ctx, plan.ListQuery{Plan: list, Period: "2022-06-15"})
		if err != nil || len(p.Calls) != 0 || p.Query.Period == "2022-06-15" {
			t.Errorf("%s still shows a call: %v, %+v, period %s", list, err, p.Calls, p.Query.Period)
		}
	}
	if err := o.Uncall(ctx, o.Coordinator(), "suitong", "2022-06-15", "督查改期"); !refuse.Is(err, "plan.call-unknown") {
		t.Errorf("withdrawn twice: %v", err)
	}
	o.AcceptNow(item, "2022-06-15", false)
	f := plan.ReportFacts{Item: item, Period: "2022-06-15"}
	_, err := o.File(ctx, o.As(region.Reporter, road), f, plan.ReportWords{Progress: "再报", Reason: "更正"})
	if !refuse.Is(err, "plan.period-not-asked") && !refuse.Is(err, "plan.period-not-begun") {
		t.Errorf("filed for a call that was withdrawn: %v", err)
	}
	call(o, t, "suitong", "2022-06-15")
	if r := reporting(o, t, "suitong", "2022-06-15"); r.Accepted != 1 {
		t.Errorf("called anew: %+v, want what was accepted before to answer it", r)
	}
	o.Clean()
}

// TestWhatMayBeCalled: by the coordinator, of a list's own standing rows, with words, once a day,
// not for a day that is over.
func TestWhatMayBeCalled(t *testing.T) {
	ctx := context.Background()
	o, item := called(t, storetest.OpenSQLite(t))
	road := rowOf(o, t, "suitong", item)
	other := rowOf(o, t, "chengyu", item)
	for _, c := range []struct {
		why  string
		f    plan.CallFacts
		text string
		code string
	}{
		{"the day is over", plan.CallFacts{Plan: "suitong", Day: "2022-06-01"}, "请报", "plan.call-past"},
		{"no day", plan.CallFacts{Plan: "suitong"}, "请报", "plan.day"},
		{"no such day", plan.CallFacts{Plan: "suitong", Day: "2022-06-31"}, "请报", "plan.day"},
		{"nothing is asked", plan.CallFacts{Plan: "suitong", Day: "2022-06-20"}, " ", "plan.call-text"},
		{"twice for one day", plan.CallFacts{Plan: "suitong", Day: "2022-06-15"}, "请报", "plan.call-twice"},
		{"no such list", plan.CallFacts{Plan: "none", Day: "2022-06-20"}, "请报", "plan.unknown"},
		{"a row of another list", plan.CallFacts{Plan: "suitong", Day: "2022-06-20", Listings: []string{other}}, "请报", "plan.call-row"},
		{"a row twice", plan.CallFacts{Plan: "suitong", Day: "2022-06-20", Listings: []string{road, road}}, "请报", "plan.call-row-twice"},
	} {
		if _, err := o.Call(ctx, o.Coordinator(), c.f, c.text); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", c.why, err, c.code)
		}
	}
	for _, seat := range region.Seats {
		_, err := o.Call(ctx, o.As(seat, plantest.UnitNames[0]), plan.CallFacts{Plan: "suitong", Day: "2022-06-20", Listings: []string{road}}, "请报")
		if refused := refuse.Is(err, "node.not-permitted"); refused == (seat == region.Coordinator) {
			t.Errorf("%s: %v", seat, err)
		}
	}
}

// TestACallAsksWhatIsOpen: rows dropped by the day are not asked, nor those confirmed done before the
// call; who confirms later has not asked in vain.
func TestACallAsksWhatIsOpen(t *testing.T) {
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-05-20")
	all := reporting(o, t, "suitong", "2022-05").Owed
	o.FileAs(road, item, "2022-05", judge.Done, "建成通车")
	o.Day("2022-05-21")
	o.AcceptNow(item, "2022-05", true)
	o.Day("2022-06-02")
	call(o, t, "suitong", "2022-06-15")
	if r := reporting(o, t, "suitong", "2022-06-15"); r.Owed != all-1 {
		t.Errorf("asked %d rows of %d with one done", r.Owed, all)
	}
	if _, ok := dutyFor(o, t, road, item, "2022-06-15"); ok {
		t.Error("a report is asked of work that was done before")
	}
	o.Clean()
}

// TestCallsSeeTheirOwnBookOnlyAndKeepTheirMeaning: the kinds of calls, with a withdrawal and an answer.
func TestCallsSeeTheirOwnBookOnlyAndKeepTheirMeaning(t *testing.T) {
	o, item := called(t, storetest.OpenSQLite(t))
	o.FileAs(road, item, "2022-06-15", judge.OnTime, "路基工程完成四成")
	o.AcceptNow(item, "2022-06-15", false)
	call(o, t, "suitong", "2022-06-30", rowOf(o, t, "suitong", item))
	if err := o.Uncall(context.Background(), o.Coordinator(), "chengyu", "2022-06-15", "督查改期"); err != nil {
		t.Fatal(err)
	}
	kindtest.Prove(t, o.Node())
	kindtest.Golden(t, o.Node(), "testdata/golden-call.txt")
}

// TestAnItemThatStandsForCallsAloneOwesNothingElse: a row of a monthly list was dropped, and the item stands in one that only calls.
// A report that was called for from another row is not counted as owed by it.
func TestAnItemThatStandsForCallsAloneOwesNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := plantest.New(t, s)
		const kept = "序号,工作任务,牵头单位,完成时限\n1,整治涪江水环境,市农业农村局,年底前\n"
		o.Take(plan.ImportOptions{Plan: "monthly", Year: 2022, Circle: "suitong", Title: "月度清单"}, kept+"2,扩容遂渝高速公路,市交通运输局,年底前\n")
		_, river := o.Row("整治涪江水环境")
		call(o, t, "monthly", "2022-01-14", rowOf(o, t, "monthly", river))
		o.Day("2022-02-26")
		o.Take(plan.ImportOptions{Plan: "adhoc", Year: 2022, Circle: "chengyu", Title: "临时清单", Cycle: judge.AdHoc}, "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,年底前\n")
		o.Take(plan.ImportOptions{Plan: "monthly", Year: 2022, Circle: "suitong", Title: "月度清单"}, kept)
		b, err := o.Board(context.Background(), plan.BoardQuery{Period: "2022-01-14"})
		if err != nil || b.Report.Owed != 1 {
			t.Errorf("%d items owe the report, %v; want the one that was called for", b.Report.Owed, err)
		}
		o.Clean()
	})
}
