package plan_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestStepsWeigh: the share of the way behind, for weights of all kinds.
func TestStepsWeigh(t *testing.T) {
	step := func(weight int, due, done judge.Date) plan.ItemMilestone {
		return plan.ItemMilestone{Weight: weight, Due: due, Done: done}
	}
	for _, c := range []struct {
		name         string
		steps        plan.Steps
		reached, due int
	}{
		{"none", nil, -1, -1},
		{"without weights", plan.Steps{step(0, "2022-03-31", "2022-03-20"), step(0, "2022-06-30", ""), step(0, "2022-12-31", "")}, 33, 66},
		{"all weighed", plan.Steps{step(10, "2022-03-31", "2022-04-01"), step(30, "2022-06-30", ""), step(60, "2022-12-31", "2022-06-01")}, 70, 40},
		{"two share the rest", plan.Steps{step(40, "2022-03-31", "2022-03-31"), step(0, "2022-06-30", "2022-06-30"), step(0, "2022-12-31", "")}, 70, 70},
		{"all behind", plan.Steps{step(0, "2022-03-31", "2022-03-31"), step(0, "2022-06-30", "2022-06-30"), step(0, "2022-12-31", "2022-12-01")}, 100, 66},
		{"one added later, when nothing was left", plan.Steps{step(40, "2022-03-31", "2022-03-31"), step(60, "2022-06-30", ""), step(0, "2022-12-31", "2022-12-01")}, 40, 100},
	} {
		if got := c.steps.Reached(); got != c.reached {
			t.Errorf("%s: %d%% reached, want %d", c.name, got, c.reached)
		}
		if got := c.steps.Due("2022-06-30"); got != c.due {
			t.Errorf("%s: %d%% due, want %d", c.name, got, c.due)
		}
	}
}

// aYear is an office whose motorway was reported from January to June, each month 2亿元 more, with two milestones of which one is behind.
func aYear(t *testing.T, s *store.Store) (o *office, item string) {
	t.Helper()
	o, _ = withFiles(t, s)
	o.day("2022-01-05")
	o.take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
	item = o.itemOf(motorway)
	f := plan.ItemFacts{
		Item: item, Leads: []string{o.names["市交通运输局"]}, Supports: []string{},
		Milestones: []plan.MilestoneFacts{{ID: "m1", Day: "2022-03-31"}, {ID: "m2", Day: "2022-11-30"}},
		Indicators: []plan.IndicatorFacts{
			{ID: "k1", Unit: "亿元", Target: "20", Direction: "up", Mode: "cumulative", Decimals: 2},
			{ID: "k2", Unit: "公里", Target: "6", Direction: "up", Mode: "period", Decimals: 1},
		},
	}
	w := plan.ItemWords{
		Title: motorway, Milestones: map[string]string{"m1": "征地完成", "m2": "路面完成"}, Weights: map[string]int{"m1": 30, "m2": 70},
		Indicators: map[string]string{"k1": "完成投资", "k2": "建成里程"}, Targets: map[string]string{"k1": "完成投资20亿元"},
	}
	if err := o.ReviseItem(context.Background(), o.coordinator(), f, w); err != nil {
		t.Fatal(err)
	}
	for i, p := range judge.Parts("2022-H1", judge.Month) {
		o.day(string(p.Last().AddDays(-8)))
		f := plan.ReportFacts{Item: item, Period: p, Claim: judge.OnTime, Figures: []plan.FigureFacts{
			{Indicator: "k1", Value: []string{"2", "4", "6", "8", "10", "12"}[i]}, {Indicator: "k2", Value: "1"},
		}}
		if p == "2022-03" {
			f.Met = []plan.MetFacts{{Milestone: "m1", Day: o.Today()}}
		}
		if _, err := o.File(context.Background(), o.reporter(), f, plan.ReportWords{Progress: p.ShortZh() + "路基填筑。"}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Accept(context.Background(), o.coordinator(), item, p, false); err != nil {
			t.Fatal(err)
		}
	}
	return o, item
}

// TestAYearIsLookedBackOn: what was planned, what came of it by a day, and where it goes on.
func TestAYearIsLookedBackOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := aYear(t, s)
		o.day("2022-07-04")
		y, err := o.Year(ctx, "suitong", "")
		if err != nil || len(y.Rows) != 3 || y.Rows[0].Item != item {
			t.Fatalf("%+v %v", y.Rows, err)
		}
		row := y.Rows[0]
		if row.Half != judge.OnTime || row.By != "2022-12-31" || row.Steps.Reached() != 30 || row.Steps.Due(y.Query.AsOf) != 30 || len(row.Goes) != 0 {
			t.Errorf("half %s, by %s, %d%% of %d%%, goes on in %v", row.Half, row.By, row.Steps.Reached(), row.Steps.Due(y.Query.AsOf), row.Goes)
		}
		for i, want := range []struct{ value, percent string }{{"12", "60%"}, {"6", "100%"}} {
			if o := row.Outcomes[i]; o.Value != want.value || o.Percent() != want.percent || o.As != "2022-06" || o.Reached() != (i == 1) {
				t.Errorf("%s: %s as of %s, %s", o.Name, o.Value, o.As, o.Percent())
			}
		}
		if y.Reached != 1 || y.Due != 1 || y.Steps != 2 || y.Met != 1 || y.Measured < 2 {
			t.Errorf("%d of %d milestones, %d due; %d of %d targets", y.Reached, y.Steps, y.Due, y.Met, y.Measured)
		}
		march, err := o.Year(ctx, "suitong", "2022-03-10")
		if err != nil || march.Rows[0].Outcomes[0].Value != "4" || march.Rows[0].Steps.Reached() != 0 || march.Rows[0].Half != "" {
			t.Errorf("as of March: %+v %v", march.Rows[0], err)
		}
		o.take(plan.ImportOptions{Plan: "next", Year: 2023, Circle: "suitong", Title: "2023年遂潼工作计划"}, "序号,工作任务,牵头单位,完成时限\n7,继续扩容遂渝高速公路并建成通车,市交通运输局,年底前\n")
		next, err := o.List(ctx, plan.ListQuery{Plan: "next"})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Link(ctx, o.coordinator(), next.Rows[0].Listing, []string{item}, "同一工程"); err != nil {
			t.Fatal(err)
		}
		if y, err = o.Year(ctx, "suitong", ""); err != nil || len(y.Rows[0].Goes) != 1 || y.Rows[0].Goes[0].Number != "7" || y.Rows[0].Goes[0].Title != "2023年遂潼工作计划" {
			t.Errorf("goes on in %+v %v", y.Rows[0].Goes, err)
		}
		if _, err := o.Year(ctx, "nowhere", ""); !refuse.Is(err, "plan.unknown") {
			t.Errorf("a list that is not there: %v", err)
		}
	})
}

// TestOutcomesOfSeveralItemsSayWhose: a row that stands for several items names the lead of each outcome, and the title too where two have one lead.
func TestOutcomesOfSeveralItemsSayWhose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := aYear(t, s)
		o.take(plan.ImportOptions{Plan: "more", Year: 2022, Circle: "suitong", Title: "其他任务"}, "序号,工作任务,年度目标,牵头单位,完成时限\n1,新建遂潼三桥,完成投资3亿元,市交通运输局,年底前\n")
		bridge := o.itemOf("新建遂潼三桥")
		y, err := o.Year(ctx, "suitong", "")
		if err != nil {
			t.Fatal(err)
		}
		whose := func() (all []string) {
			t.Helper()
			if y, err = o.Year(ctx, "suitong", ""); err != nil {
				t.Fatal(err)
			}
			for _, row := range y.Rows {
				for _, one := range row.Outcomes {
					if one.Item == "" || (one.Whose == "") != (len(row.Items) < 2) {
						t.Errorf("row %s of %d items, outcome of %q: %q", row.Words.Number, len(row.Items), one.Item, one.Whose)
					}
				}
			}
			for _, one := range y.Rows[1].Outcomes {
				if len(all) == 0 || all[len(all)-1] != one.Whose {
					all = append(all, one.Whose)
				}
			}
			return all
		}
		listing, farm := y.Rows[1].Listing, y.Rows[1].Item
		if got := whose(); len(got) != 1 || got[0] != "" {
			t.Errorf("of one item: %q", got)
		}
		for _, c := range []struct {
			items []string
			want  string
		}{
			{[]string{farm, item}, "市农业农村局 市交通运输局"},
			{[]string{farm, item, bridge}, "市农业农村局 市交通运输局《" + motorway + "》 市交通运输局《新建遂潼三桥》"},
		} {
			if err := o.Link(ctx, o.coordinator(), listing, c.items, "合并考核"); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(whose(), " "); got != c.want {
				t.Errorf("of %d items: %q, want %q", len(c.items), got, c.want)
			}
		}
	})
}

// TestWeightsMustFit: weights that make no whole are refused by the act, whoever asks.
func TestWeightsMustFit(t *testing.T) {
	o, item := aYear(t, storetest.OpenSQLite(t))
	p, err := o.Item(context.Background(), item, "", plan.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []map[string]int{{"m1": 30, "m2": 60}, {"m1": 100}, {"m1": 0}, {"m1": 60, "m2": 60}, {"m1": -5}} {
		p.Words.Weights = w
		if err := o.ReviseItem(context.Background(), o.coordinator(), p.Facts, p.Words); !refuse.Is(err, "plan.milestone-weights") {
			t.Errorf("%v: %v", w, err)
		}
	}
}

// TestAHalfYearIsSummedUp: the reports of all its months, each once, and what came of the targets; a month's bulletin is as before.
func TestAHalfYearIsSummedUp(t *testing.T) {
	ctx := context.Background()
	o, _ := aYear(t, storetest.OpenSQLite(t))
	o.day("2022-07-26")
	june, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-06", AsOf: "2022-07-26"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022-H1", AsOf: "2022-07-26", Office: "遂宁市发展改革委"})
	if err != nil {
		t.Fatal(err)
	}
	var owed, inTime, missed int
	for _, p := range judge.Parts("2022-H1", judge.Month) {
		m, err := o.Bulletin(ctx, plan.BulletinQuery{Month: p, AsOf: "2022-07-26"})
		if err != nil {
			t.Fatal(err)
		}
		owed, inTime, missed = owed+m.Draft.In.Total.Due, inTime+m.Draft.In.Total.FiledOnTime, missed+m.Draft.In.Total.Missed
	}
	got := b.Draft.In.Total
	if got.Due != owed || got.FiledOnTime != inTime || got.Missed != missed || inTime != 6 || missed == 0 || len(b.Draft.In.Missing) != missed {
		t.Errorf("%d owed, %d in time, %d missed (%d named); its months %d, %d, %d", got.Due, got.FiledOnTime, got.Missed, len(b.Draft.In.Missing), owed, inTime, missed)
	}
	if got.Items != june.Draft.In.Total.Items || got.OnTime != june.Draft.In.Total.OnTime || june.Draft.In.Outcome != nil || b.Draft.In.Previous != nil {
		t.Errorf("the work itself is counted otherwise: %+v %+v", got, june.Draft.In.Total)
	}
	text, unknown := b.Draft.Text()
	for _, want := range []string{"2022年上半年应报送进展", "量化目标", "工作节点2个", "到期1个，已完成1个", "6月路基填筑"} {
		if !strings.Contains(text, want) || len(unknown) != 0 {
			t.Errorf("%q is not in (%v) %s", want, unknown, text)
		}
	}
	if !strings.HasPrefix(b.Draft.Title(), "2022年上半年") || !strings.HasSuffix(b.Draft.Title(), "工作总结") {
		t.Errorf("title %s", b.Draft.Title())
	}
	if len(b.Candidates) != 1 {
		t.Errorf("%d reports to quote, want the newest of the one item", len(b.Candidates))
	}
	req := o.coordinator()
	req.ID = "issue-half"
	receipt, err := o.IssueBulletin(ctx, req, &b, true)
	if err != nil {
		t.Fatal(err)
	}
	all, err := o.Bulletins(ctx)
	if err != nil || len(all) != 1 || all[0].ID != receipt.Note || all[0].Month != "2022-H1" || all[0].Corrected != 0 {
		t.Fatalf("%+v %v", all, err)
	}
	if said, figures, err := o.Corrections(ctx, all[0].IssuedBulletin); err != nil || len(said)+len(figures) != 0 {
		t.Errorf("corrections before any: %+v %+v %v", said, figures, err)
	}
	o.day("2022-12-31")
	year, err := o.Bulletin(ctx, plan.BulletinQuery{Month: "2022"})
	if err != nil || year.Draft.In.Previous == nil || year.Draft.In.Previous.FiledOnTime != 6 {
		t.Fatalf("the year beside its half: %+v %v", year.Draft.In.Previous, err)
	}
	if text, unknown := year.Draft.Text(); !strings.Contains(text, "与上半年相比") || len(unknown) != 0 {
		t.Errorf("%v %s", unknown, text)
	}
	for _, p := range []judge.Period{"2022-Q2", "2022-06-x1", "2022-06-15"} {
		if _, err := o.Bulletin(ctx, plan.BulletinQuery{Month: p}); !refuse.Is(err, "plan.period") {
			t.Errorf("%s: %v", p, err)
		}
	}
	o.clean()
}
