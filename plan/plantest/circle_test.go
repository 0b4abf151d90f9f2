package plantest_test

import (
	"context"
	"maps"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// circleOffices are two offices in the middle of June: Suining's list asks Tongnan for one row together and one alone, Tongnan keeps
// a list of its own, one report of each is accepted, and one of Suining's waits for a review.
func circleOffices(t *testing.T, s *store.Store) (suining, tongnan *plantest.Office) {
	t.Helper()
	ctx := context.Background()
	suining, tongnan = plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	tongnan.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Circle: plantest.Circle, Title: "潼南任务"},
		"序号,工作任务,牵头单位,完成时限\n1,建设智慧交通,市交通运输局,年底前\n2,推行一卡通一码通,市发展改革委,9月底前\n")
	tongnan.Take(plan.ImportOptions{Plan: "inside-2022", Year: 2022, Title: "内部台账", Cycle: judge.TenDay}, // each ten days, which no neighbour knows
		"序号,工作任务,牵头单位,完成时限\n1,推行一卡通一码通,市发展改革委,9月底前\n")
	tongnan.Hear(suining)
	for _, title := range []string{"整治琼江", "遂潼产业园"} {
		listing, _ := suining.Row(title)
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), listing, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
			t.Fatal(err)
		}
	}
	suining.Day("2022-06-20")
	tongnan.Day("2022-06-20")
	_, road := suining.Row("扩容遂渝高速公路")
	_, park := suining.Row("遂潼产业园")
	_, traffic := tongnan.Row("建设智慧交通")
	suining.FileAs("市交通运输局", road, "2022-06", judge.OnTime, "路基完成")
	suining.FileAs("市经济和信息化局", park, "2022-06", judge.OnTime, "等待审核")
	suining.AcceptNow(road, "2022-06", false)
	tongnan.FileAs("市交通运输局", traffic, "2022-06", judge.AtRisk, "设备到货推迟")
	tongnan.AcceptNow(traffic, "2022-06", false)
	suining.Hear(tongnan)
	tongnan.Hear(suining)
	return suining, tongnan
}

// TestTheCircleReadsTheSameEverywhere: board, list and bulletin over a circle have the same figures on both nodes, though each knows
// more of its own reports.
func TestTheCircleReadsTheSameEverywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := circleOffices(t, s)
		var boards []plan.Board
		var bulletins []plan.BulletinPage
		for _, o := range []*plantest.Office{suining, tongnan} {
			b, err := o.Board(ctx, plan.BoardQuery{Circle: plantest.Circle, Period: "2022-06"})
			if err != nil {
				t.Fatal(err)
			}
			p, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-06", Circle: plantest.Circle})
			if err != nil {
				t.Fatal(err)
			}
			boards, bulletins = append(boards, b), append(bulletins, p)
			o.Clean()
		}
		a, b := boards[0], boards[1]
		if !maps.Equal(a.Totals, b.Totals) || a.Report != b.Report || a.Lists != b.Lists || len(a.Rows) != len(b.Rows) || len(a.Units) != len(b.Units) {
			t.Errorf("Suining's board has %v %+v, Tongnan's %v %+v", a.Totals, a.Report, b.Totals, b.Report)
		}
		for i := range a.Rows {
			if x, y := a.Rows[i], b.Rows[i]; x.Plan.Facts.Plan != y.Plan.Facts.Plan || !maps.Equal(x.States, y.States) || x.Report != y.Report {
				t.Errorf("list %s: %v %+v, and %v %+v", x.Plan.Facts.Plan, x.States, x.Report, y.States, y.Report)
			}
		}
		for i := range a.Units {
			if x, y := a.Units[i], b.Units[i]; x.Org != y.Org || !maps.Equal(x.States, y.States) || x.Report != y.Report {
				t.Errorf("unit %s: %v %+v, and %v %+v", x.Org, x.States, x.Report, y.States, y.Report)
			}
		}
		// Six pieces of work: Suining's two, one of them with Tongnan's part, the one Tongnan does alone, and Tongnan's two.
		if a.Report.Owed != 6 || a.Report.Accepted != 2 || a.Report.Filed != 0 || a.Report.Missing != 4 {
			t.Errorf("the circle's reports are %+v", a.Report)
		}
		own, err := suining.Board(ctx, plan.BoardQuery{Period: "2022-06"})
		if err != nil || own.Report.Filed != 1 {
			t.Errorf("what waits for a review is not on the own board: %+v, %v", own.Report, err)
		}
		if len(a.Heard) != 1 || a.Heard[0].Name != "潼南区" || len(b.Heard) != 1 || b.Heard[0].Name != "遂宁市" {
			t.Errorf("as of: %+v and %+v", a.Heard, b.Heard)
		}

		p, q := bulletins[0], bulletins[1]
		if !maps.Equal(p.Draft.Fields, q.Draft.Fields) {
			t.Errorf("the bulletins' figures differ: %v and %v", p.Draft.Fields, q.Draft.Fields)
		}
		if p.Draft.Fields["事项数"] != "6" || p.Draft.Fields["已报数"] != "2" {
			t.Errorf("the bulletin counts %v", p.Draft.Fields)
		}
		if len(p.Candidates) != 2 || len(q.Candidates) != 2 || p.Candidates[0].Unit == q.Candidates[1].Unit {
			t.Errorf("reports to quote: %+v and %+v", p.Candidates, q.Candidates)
		}
		if p.Draft.In.Seen == "" || len(p.Heads) != 3 {
			t.Errorf("seen %q, heads %+v", p.Draft.In.Seen, p.Heads)
		}
	})
}

// TestAListAsItsCircleKnowsIt: the rows behind the circle's figures are those that these count.
func TestAListAsItsCircleKnowsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := circleOffices(t, s)
		for _, o := range []*plantest.Office{suining, tongnan} {
			for _, c := range []struct {
				filing judge.FilingState
				rows   int
			}{{judge.Missed, 2}, {plan.Reported, 1}, {judge.Accepted, 1}, {judge.Filed, 0}, {plan.InTime, 1}, {plan.Owed, 3}} {
				p, err := o.List(ctx, plan.ListQuery{Plan: "510900:suitong-2022", Period: "2022-06", Filing: c.filing, Shared: true})
				if err != nil {
					t.Fatal(err)
				}
				if len(p.Rows) != c.rows {
					t.Errorf("%s: %d rows %s, want %d", o.Node().Name, len(p.Rows), c.filing, c.rows)
				}
			}
		}
		for _, o := range []*plantest.Office{suining, tongnan} {
			for filing, rows := range map[judge.FilingState]int{judge.Missed: 4, plan.Reported: 2, judge.Filed: 0, plan.Owed: 6} {
				p, err := o.Items(ctx, plan.ItemsQuery{Circle: plantest.Circle, Filing: filing, Period: "2022-06"})
				if err != nil || len(p.Rows) != rows {
					t.Errorf("%s: %d items %s, want %d, %v", o.Node().Name, len(p.Rows), filing, rows, err)
				}
			}
		}
		p, err := suining.List(ctx, plan.ListQuery{Plan: "suitong-2022", Period: "2022-06", Filing: judge.Filed})
		if err != nil || len(p.Rows) != 0 { // the row waits for both sides
			t.Errorf("%d rows wait for a review, %v", len(p.Rows), err)
		}
	})
}
