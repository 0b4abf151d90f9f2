package plantest_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store/storetest"
)

// TestAnIDIsNeverUsedAgain: a milestone that a revision puts in is not reached by what was reported of one that it took out.
func TestAnIDIsNeverUsedAgain(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "要点"}
	const row = "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,"
	o.Take(opt, row+"3月底前完成方案、6月底前开工、年底前建成\n")
	_, item := o.Row("扩容遂渝高速公路")
	o.Day("2022-03-20")
	f := plan.ReportFacts{Item: item, Period: "2022-03", Claim: judge.OnTime, Met: []plan.MetFacts{{Milestone: "m1", Day: "2022-03-20"}}}
	if _, err := o.File(ctx, o.As(region.Reporter, "市交通运输局"), f, plan.ReportWords{Progress: "方案完成"}); err != nil {
		t.Fatal(err)
	}
	o.AcceptNow(item, "2022-03", false)
	o.Day("2022-04-01")
	o.Take(opt, row+"6月底前开工、9月底前主体完工、年底前建成\n")
	o.Day("2022-10-05")
	p, err := o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Milestones {
		if m.Due == "2022-09-30" && m.Done != "" {
			t.Errorf("the new milestone counts as reached: %+v", m)
		}
	}
	if p.Work.State != judge.Late {
		t.Errorf("with a milestone of September not reached in October the work is %s", p.Work.State)
	}
}

// TestACorrectionTakesAMilestoneBack, on the row and on the page alike.
func TestACorrectionTakesAMilestoneBack(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "要点"}, "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,3月底前完成方案、年底前建成\n")
	_, item := o.Row("扩容遂渝高速公路")
	o.Day("2022-03-20")
	for _, met := range [][]plan.MetFacts{{{Milestone: "m1", Day: "2022-03-19"}}, {}} {
		f := plan.ReportFacts{Item: item, Period: "2022-03", Claim: judge.OnTime, Met: met}
		if _, err := o.File(ctx, o.As(region.Reporter, "市交通运输局"), f, plan.ReportWords{Progress: "方案", Reason: "误报，方案未完成"}); err != nil {
			t.Fatal(err)
		}
		o.AcceptNow(item, "2022-03", false)
	}
	o.Day("2022-04-10")
	p, err := o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor))
	if err != nil || p.Milestones[0].Done != "" || p.Work.State != judge.Late {
		t.Errorf("%+v, %s, %v", p.Milestones, p.Work.State, err)
	}
	o.Clean()
}

// TestAnItemIsLinkedAfterItLostAnIndicator: what was reported of the indicator is said to no book again.
func TestAnItemIsLinkedAfterItLostAnIndicator(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "要点"}, "序号,工作任务,牵头单位,完成时限,年度目标\n1,扩容遂渝高速公路,市交通运输局,年底前,完成投资5亿元\n")
	o.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼"}, "序号,工作任务,牵头单位\n1,建设蔬菜生产基地,市农业农村局\n")
	_, item := o.Row("扩容遂渝高速公路")
	other, _ := o.Row("建设蔬菜生产基地")
	o.Day("2022-03-20")
	file := func(period judge.Period) {
		f := plan.ReportFacts{Item: item, Period: period, Claim: judge.OnTime, Figures: []plan.FigureFacts{{Indicator: "k1", Value: "1.5"}}}
		if _, err := o.File(ctx, o.As(region.Reporter, "市交通运输局"), f, plan.ReportWords{Progress: "方案完成"}); err != nil {
			t.Fatal(err)
		}
	}
	file("2022-02")
	o.AcceptNow(item, "2022-02", false)
	file("2022-03")
	p, err := o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	facts, words := p.Facts, p.Words
	facts.Indicators, words.Indicators, words.Targets = []plan.IndicatorFacts{}, nil, nil
	if err := o.ReviseItem(ctx, o.Coordinator(), facts, words); err != nil {
		t.Fatal(err)
	}
	o.AcceptNow(item, "2022-03", false) // it was filed before
	if err := o.Link(ctx, o.Coordinator(), other, []string{item}, "同一件事"); err != nil {
		t.Errorf("not linked: %v", err)
	}
	o.Clean()
}

// TestAClaimByAnItemOfOnesOwn: the neighbour's row hears of what is accepted, though the item stood only in a list of no circle; and what
// one neighbour asks in two circles stands in two lists.
func TestAClaimByAnItemOfOnesOwn(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	tongnan.Take(plan.ImportOptions{Plan: "inside-2022", Year: 2022, Title: "内部台账"}, "序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,市农业农村局,6月底前\n")
	tongnan.Hear(suining)
	row, _ := rowIn(t, suining, suiningsList, "整治琼江")
	_, item := rowIn(t, tongnan, "inside-2022", "整治琼江")
	if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), row, item, nil); err != nil {
		t.Fatal(err)
	}
	suining.Day("2022-06-20")
	tongnan.Day("2022-06-20")
	tongnan.FileAs("市农业农村局", item, "2022-06", judge.Done, "完工")
	tongnan.AcceptNow(item, "2022-06", true)
	suining.Hear(tongnan)
	if got := stateOf(t, suining, "suitong-2022", row); got != judge.Done {
		t.Errorf("the neighbour's row is %s", got)
	}
	out, err := suining.Export(ctx, "suitong-2022", "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(cells(t, out.Content), "完工") {
		t.Error("the export does not say what the neighbour reported")
	}
}

// cells is all that stands in a workbook.
func cells(t *testing.T, content []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all.WriteString(strings.Join(row, " ") + "\n")
		}
	}
	return all.String()
}

// TestTheDayOfABulletin is one that came, and its next cut-off that of its lists.
func TestTheDayOfABulletin(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "要点", Rhythm: judge.Rhythm{CutoffDay: 20, OpenDays: 5}}, "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,年底前\n")
	_, item := o.Row("扩容遂渝高速公路")
	o.Day("2022-03-18")
	o.FileAs("市交通运输局", item, "2022-03", judge.OnTime, "方案完成")
	o.AcceptNow(item, "2022-03", false)
	b, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-03"})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := b.Draft.Text(); !strings.Contains(text, "4月20日前报送下期进展") {
		t.Errorf("the next cut-off: %s", text)
	}
	for day, code := range map[judge.Date]string{"2099-01-01": "plan.day-in-future", "2022/3/20": "plan.day"} {
		b.AsOfAsked = day
		if err := o.SaveBulletin(ctx, &b); !refuse.Is(err, code) {
			t.Errorf("saved as of %s: %v", day, err)
		}
	}
	b.AsOf = "2099-01-01"
	if _, err := o.IssueBulletin(ctx, o.Coordinator(), &b, false); !refuse.Is(err, "plan.day-in-future") {
		t.Errorf("issued as of a day to come: %v", err)
	}
	o.Take(plan.ImportOptions{Plan: "own-2022", Rhythm: judge.Rhythm{CutoffDay: 22}}, "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,年底前\n")
	if p, err := o.List(ctx, plan.ListQuery{Plan: "own-2022"}); err != nil || p.Plan.Facts.Rhythm != (judge.Rhythm{CutoffDay: 22, OpenDays: 5}) {
		t.Errorf("the rhythm after an import that says one of it: %+v, %v", p.Plan.Facts.Rhythm, err)
	}
}

// TestAPartIsOfAPeriodThatBegan, and says something.
func TestAPartIsOfAPeriodThatBegan(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Title: "要点"}, "序号,工作任务,牵头单位,配合单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,市发展改革委,3月底前启动、年底前建成\n")
	_, item := o.Row("扩容遂渝高速公路")
	for _, c := range []struct {
		f    plan.ReportFacts
		text string
		code string
	}{
		{plan.ReportFacts{Period: "2031-07"}, "完成", "plan.period-not-begun"},
		{plan.ReportFacts{Period: "2022-01", Met: []plan.MetFacts{{Milestone: "m1", Day: "2099-01-01"}}}, "完成", "plan.day-in-future"},
		{plan.ReportFacts{Period: "2022-01"}, " ", "plan.report-empty"},
	} {
		c.f.Item = item
		if _, err := o.FilePart(ctx, o.As(region.Reporter, "市发展改革委"), c.f, plan.ReportWords{Progress: c.text}); !refuse.Is(err, c.code) {
			t.Errorf("%+v: %v, want %s", c.f, err, c.code)
		}
	}
}

// TestADroppedRowSetsNoCycle: who is left with a list by the quarter owes by the quarter, in his day and on the board.
func TestADroppedRowSetsNoCycle(t *testing.T) {
	ctx := context.Background()
	o := plantest.New(t, storetest.OpenSQLite(t))
	const head, road, field = "序号,工作任务,牵头单位,完成时限\n", "1,扩容遂渝高速公路,市交通运输局,年底前\n", "2,建设蔬菜生产基地,市农业农村局,年底前\n"
	o.Take(plan.ImportOptions{Plan: "a-2022", Year: 2022, Title: "甲", Cycle: judge.Month}, head+road+field)
	o.Take(plan.ImportOptions{Plan: "b-2022", Year: 2022, Title: "乙", Cycle: judge.Quarter}, head+road)
	o.Day("2022-02-01")
	o.Take(plan.ImportOptions{Plan: "a-2022", Year: 2022, Title: "甲"}, head+field)
	o.Day("2022-06-28")
	_, item := rowIn(t, o, "510900:b-2022", "扩容遂渝高速公路")
	for _, p := range []judge.Period{"2022-Q1", "2022-Q2"} {
		o.FileAs("市交通运输局", item, p, judge.OnTime, "推进中")
		o.AcceptNow(item, p, false)
	}
	b, err := o.Board(ctx, plan.BoardQuery{Period: "2022-Q2", Unit: o.Units["市交通运输局"]})
	if err != nil || b.Report.Owed != 1 || b.Report.Accepted != 1 || b.Report.Missing != 0 {
		t.Errorf("the second quarter of the unit: %+v, %v", b.Report, err)
	}
	o.Clean()
}
