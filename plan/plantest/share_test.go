package plantest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

const section, county = "市交通运输局建设科", "船山区"

// splitting is an office whose roads have a section and a target, and that has a county.
func splitting(t *testing.T, s *store.Store) (o *plantest.Office, item string) {
	t.Helper()
	o = open(t, s)
	o.AddUnits(section, county)
	o.Write(func(ctx context.Context, w *node.Writing) error {
		for _, f := range []region.PlaceFacts{{Org: o.Units[section], Under: o.Units[roads]}, {Org: o.Units[county], Local: true}} {
			if _, err := region.OrgPlaced.Say(ctx, w, node.Said[region.PlaceFacts, region.NoWords]{Circle: node.Self, Facts: f}); err != nil {
				return err
			}
		}
		return nil
	})
	_, item = o.Row("遂渝高速公路扩容")
	err := o.ReviseItem(context.Background(), o.Coordinator(), plan.ItemFacts{
		Item: item, Leads: []string{o.Units[roads]}, Supports: []string{o.Units[farms]}, Milestones: []plan.MilestoneFacts{},
		Indicators: []plan.IndicatorFacts{{ID: "k1", Unit: "亿元", Target: "20", Direction: "up", Mode: "cumulative", Decimals: 2}},
	}, plan.ItemWords{Title: "遂渝高速公路扩容", Indicators: map[string]string{"k1": "完成投资"}})
	if err != nil {
		t.Fatal(err)
	}
	o.Day("2022-06-13")
	return o, item
}

func lineOf(t *testing.T, o *plantest.Office, id string, p judge.Period) plan.ShareLine {
	t.Helper()
	l, _, err := o.ShareOf(context.Background(), id, p, plan.ViewerOf(o.As(region.Auditor, plantest.UnitNames[0]).Actor))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestALeadSplitsAnItemAndMergesTheParts: a lead asks its section, a county and a supporting unit; parts come, are late, are declined, asked
// again and withdrawn, and its report says which it took up.
func TestALeadSplitsAnItemAndMergesTheParts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := splitting(t, s)
		lead := o.As(region.Reporter, roads)
		ask := func(n plan.NewShare) []string {
			t.Helper()
			n.Item = item
			ids, err := o.AskShare(ctx, lead, n)
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		both := ask(plan.NewShare{Orgs: []string{o.Units[section], o.Units[farms], o.Units[section]}, Period: "2022-06", Text: "报路基和征地进展"})
		if len(both) != 2 {
			t.Fatalf("%d were asked", len(both))
		}
		of := ask(plan.NewShare{Orgs: []string{o.Units[county]}, Period: "2022-06", Once: true, Due: "2022-06-20", Indicator: "k1", Target: "50000万元", Text: "报本区投资"})[0]
		ask(plan.NewShare{Orgs: []string{o.Units[farms]}, Period: "2022-06", Once: true, Indicator: "k1", Target: "16.5", Text: "报青苗补偿投资"})
		mine, theirs := both[0], both[1]
		l := lineOf(t, o, mine, "")
		if l.Due != "2022-06-21" || l.State != plan.ShareIsAsked || l.Period != "2022-06" || l.Ahead != 3 || l.Book != "510900/self" {
			t.Errorf("asked: %+v", l)
		}
		split, err := o.Split(ctx, item, "", lead.Actor)
		if err != nil || len(split.Lines) != 4 || split.Targets[0].Sum != "21.5" || split.Targets[0].Left != "-1.5" || len(split.Askable) != 3 {
			t.Errorf("split: %+v, %v", split, err)
		}
		waits := func(when string, want map[string]int) {
			t.Helper()
			for _, unit := range []string{section, farms, county, roads} {
				todo, err := o.Todo(ctx, o.As(region.Reporter, unit).Actor)
				if err != nil || len(todo.Shares) != want[unit] {
					t.Errorf("%s: %d parts wait for %s, want %d, %v", when, len(todo.Shares), unit, want[unit], err)
				}
			}
		}
		waits("asked", map[string]int{section: 1, farms: 2, county: 1})

		if _, err := o.ReportShare(ctx, o.As(region.Reporter, section), plan.ShareReportFacts{Share: mine, Period: "2022-06"}, plan.ReportWords{Progress: " "}); !refuse.Is(err, "plan.report-empty") {
			t.Errorf("an empty part: %v", err)
		}
		if _, err := o.ReportShare(ctx, o.As(region.Reporter, section), plan.ShareReportFacts{Share: mine, Period: "2022-05"}, plan.ReportWords{Progress: "早了"}); !refuse.Is(err, "plan.share-period") {
			t.Errorf("a part for a period before: %v", err)
		}
		if _, err := o.ReportShare(ctx, o.As(region.Reporter, section), plan.ShareReportFacts{Share: mine, Period: "2022-06"}, plan.ReportWords{Progress: "路基完成七成", Files: scanOf(t, o, region.Reporter, section)}); err != nil {
			t.Fatal(err)
		}
		if err := o.DeclineShare(ctx, o.As(region.Reporter, farms), theirs, ""); !refuse.Is(err, "plan.reason-missing") {
			t.Errorf("declined without a reason: %v", err)
		}
		if err := o.DeclineShare(ctx, o.As(region.Reporter, farms), theirs, "征地不归我局"); err != nil {
			t.Fatal(err)
		}
		if got := lineOf(t, o, theirs, "2022-06"); got.State != plan.ShareIsDeclined || got.Reason != "征地不归我局" {
			t.Errorf("declined: %+v", got)
		}
		waits("answered", map[string]int{farms: 1, county: 1})
		todo, err := o.Todo(ctx, lead.Actor)
		if err != nil || todo.Owed != 1 {
			t.Errorf("the lead is told of %d, %v", todo.Owed, err)
		}
		if ids := ask(plan.NewShare{Share: theirs, Orgs: []string{o.Units[farms]}, Period: "2022-06", Text: "只报青苗补偿"}); ids[0] != theirs {
			t.Errorf("asked again under %s", ids)
		}
		o.Day("2022-06-22")
		if a, b := lineOf(t, o, theirs, "2022-06"), lineOf(t, o, of, ""); a.State != plan.ShareIsLate || b.State != plan.ShareIsLate {
			t.Errorf("after their days: %s, %s", a.State, b.State)
		}
		_, err = o.ReportShare(ctx, o.As(region.Reporter, county), plan.ShareReportFacts{Share: of, Period: "2022-06", Figures: []plan.FigureFacts{{Indicator: "k1", Value: "3.2"}}}, plan.ReportWords{})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.WithdrawShare(ctx, lead, theirs, "并入下月"); err != nil {
			t.Fatal(err)
		}
		if err := o.DeclineShare(ctx, o.As(region.Reporter, farms), theirs, "晚了"); !refuse.Is(err, "plan.share-over") {
			t.Errorf("declined after it was withdrawn: %v", err)
		}

		form, err := o.FilingForm(ctx, lead.Actor, item, "2022-06")
		if err != nil || len(form.Parts) != 2 || len(form.Shares) != 3 {
			t.Fatalf("the form has %d parts of %d, %v", len(form.Parts), len(form.Shares), err)
		}
		f := plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime, Parts: []int64{form.Parts[0].Index, form.Parts[1].Index}}
		if _, err := o.File(ctx, lead, f, plan.ReportWords{Progress: "市交通运输局建设科：路基完成七成", Files: form.Parts[0].Words.Files}); err != nil {
			t.Fatal(err)
		}
		story, err := o.Story(ctx, item, "", plan.ViewerOf(lead.Actor))
		if err != nil || len(story.Events) == 0 || len(story.Events[0].Used) != 2 || story.Events[0].Used[0].Name != section {
			t.Errorf("the report was made of %+v, %v", story.Events[0].Used, err)
		}
		waits("filed", nil)

		o.Day("2022-07-18")
		if got := lineOf(t, o, mine, ""); got.Period != "2022-07" || got.Due != "2022-07-20" || got.State != plan.ShareIsAsked {
			t.Errorf("the month after: %+v", got)
		}
		waits("next month", map[string]int{section: 1})

		o.Clean()
		kindtest.Prove(t, o.Node())
		if strings.HasSuffix(t.Name(), "/sqlite") {
			kindtest.Golden(t, o.Node(), "testdata/golden-share.txt")
		}
	})
}

// TestWhoIsAskedAndByWhen: each rule of asking refuses by itself.
func TestWhoIsAskedAndByWhen(t *testing.T) {
	ctx := context.Background()
	o, item := splitting(t, storetest.OpenSQLite(t))
	good := plan.NewShare{Item: item, Orgs: []string{o.Units[section]}, Period: "2022-06", Text: "报进展"}
	for _, c := range []struct {
		name string
		who  node.Request
		but  func(*plan.NewShare)
		want string
	}{
		{"nothing asked", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Text = " " }, "plan.share-text"},
		{"nobody", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Orgs = nil }, "plan.share-unit"},
		{"a unit that has nothing to do with it", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Orgs = []string{o.Units[schools]} }, "plan.share-unit"},
		{"itself", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Orgs = []string{o.Units[roads]} }, "plan.share-unit"},
		{"a neighbour's", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Orgs = []string{"o-1@500152"} }, "plan.not-ours"},
		{"a day that is over", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Due = "2022-06-10" }, "plan.share-past"},
		{"the lead's own last day", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Due = "2022-06-25" }, "plan.share-after"},
		{"a Sunday", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Due = "2022-06-19" }, "plan.share-day-off"},
		{"no day", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Due = "2022-06-31" }, "plan.day"},
		{"before its period", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Period, n.Due = "2022-07", "2022-06-20" }, "plan.share-before"},
		{"no period of its lists", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Period = "2022-Q2" }, "plan.period-not-asked"},
		{"a target without an indicator", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Target = "3" }, "plan.share-which"},
		{"no number", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Indicator, n.Target = "k1", "若干" }, "plan.figure-form"},
		{"an indicator of none", o.As(region.Reporter, roads), func(n *plan.NewShare) { n.Indicator, n.Target = "k9", "3" }, "plan.indicator-unknown"},
		{"one target for two", o.As(region.Reporter, roads), func(n *plan.NewShare) {
			n.Indicator, n.Target, n.Orgs = "k1", "3", []string{o.Units[section], o.Units[county]}
		}, "plan.share-one"},
		{"a supporting unit asks", o.As(region.Reporter, farms), func(n *plan.NewShare) { n.Orgs = []string{o.Units[county]} }, "plan.share-not-lead"},
		{"the coordinator asks", o.Coordinator(), func(*plan.NewShare) {}, "node.not-permitted"},
		{"the lead's head asks", o.As(region.Reviewer, roads), func(*plan.NewShare) {}, ""},
	} {
		n := good
		c.but(&n)
		if _, err := o.AskShare(ctx, c.who, n); c.want == "" && err != nil || c.want != "" && !refuse.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestAPartIsForWhomItConcerns: others neither read nor answer it, in no way in.
func TestAPartIsForWhomItConcerns(t *testing.T) {
	ctx := context.Background()
	o, item := splitting(t, storetest.OpenSQLite(t))
	ids, err := o.AskShare(ctx, o.As(region.Reporter, roads), plan.NewShare{Item: item, Orgs: []string{o.Units[section]}, Period: "2022-06", Text: "只给建设科看"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		seat region.Seat
		unit string
		sees bool
	}{
		{region.Reporter, section, true},
		{region.Reporter, roads, true},
		{region.Reviewer, roads, true},
		{region.Auditor, plantest.UnitNames[0], true},
		{region.Coordinator, plantest.UnitNames[0], false},
		{region.Reporter, farms, false},
		{region.Reader, roads, false},
		{region.Leader, plantest.UnitNames[0], false},
		{region.Administrator, roads, false},
	} {
		who := o.As(c.seat, c.unit)
		_, _, err := o.ShareOf(ctx, ids[0], "", plan.ViewerOf(who.Actor))
		if (err == nil) != c.sees || err != nil && !refuse.Is(err, "plan.share-unknown") {
			t.Errorf("%s of %s: %v", c.seat, c.unit, err)
		}
		story, err := o.Story(ctx, item, "", plan.ViewerOf(who.Actor))
		told := false
		for _, h := range story.Events {
			told = told || h.Text == "只给建设科看"
		}
		if err != nil || told != c.sees {
			t.Errorf("the story tells %s of %s: %v, %v", c.seat, c.unit, told, err)
		}
		if c.unit == section {
			continue
		}
		if _, err := o.ReportShare(ctx, who, plan.ShareReportFacts{Share: ids[0], Period: "2022-06"}, plan.ReportWords{Progress: "代报"}); err == nil {
			t.Errorf("%s of %s reports it", c.seat, c.unit)
		}
		if err := o.DeclineShare(ctx, who, ids[0], "不办"); err == nil {
			t.Errorf("%s of %s declines it", c.seat, c.unit)
		}
	}
	if err := o.WithdrawShare(ctx, o.As(region.Reporter, section), ids[0], ""); !refuse.Is(err, "plan.share-not-yours") {
		t.Errorf("who was asked withdraws it: %v", err)
	}
}

// TestAPartAskedAfterTheReport: what a lead asks for after it filed is waited for, and what comes is told by its next filing; what it asked
// for in time is closed by the report, but for what came late.
func TestAPartAskedAfterTheReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, item := splitting(t, s)
		lead := o.As(region.Reporter, roads)
		ask := func(unit, text string) string {
			t.Helper()
			ids, err := o.AskShare(ctx, lead, plan.NewShare{Item: item, Orgs: []string{o.Units[unit]}, Period: "2022-06", Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return ids[0]
		}
		report := func(unit, id string) {
			t.Helper()
			_, err := o.ReportShare(ctx, o.As(region.Reporter, unit), plan.ShareReportFacts{Share: id, Period: "2022-06"}, plan.ReportWords{Progress: unit + "报的"})
			if err != nil {
				t.Fatal(err)
			}
		}
		file := func() {
			t.Helper()
			if _, err := o.File(ctx, lead, plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}, plan.ReportWords{Progress: "路基完成七成", Reason: "补报"}); err != nil {
				t.Fatal(err)
			}
		}
		stands := func(when, unit string, waits, asked, owed int) {
			t.Helper()
			todo, err := o.Todo(ctx, o.As(region.Reporter, unit).Actor)
			if err != nil || len(todo.Shares) != waits {
				t.Errorf("%s: %d parts wait for %s, want %d, %v", when, len(todo.Shares), unit, waits, err)
			}
			u, err := o.UnitShares(ctx, lead.Actor)
			if todo, _ = o.Todo(ctx, lead.Actor); err != nil || len(u.Asked) != asked || todo.Owed != owed {
				t.Errorf("%s: the lead sees %d parts and is told of %d, want %d and %d, %v", when, len(u.Asked), todo.Owed, asked, owed, err)
			}
		}
		inTime := ask(county, "报征地")
		split, err := o.Split(ctx, item, "2022-06", lead.Actor)
		if err != nil || split.Answered != "" || split.Next != "2022-07" {
			t.Errorf("before the report: %q, next %s, %v", split.Answered, split.Next, err)
		}
		file()
		stands("filed", county, 0, 0, 0)
		if split, err = o.Split(ctx, item, "2022-06", lead.Actor); err != nil || split.Answered != "2022-06-13" {
			t.Errorf("after the report: %q, %v", split.Answered, err)
		}
		after := ask(section, "报路基")
		stands("asked after the report", section, 1, 1, 0)
		report(section, after)
		if l := lineOf(t, o, after, "2022-06"); !l.Unmerged() {
			t.Errorf("it came after the report: %+v", l)
		}
		stands("it came", section, 0, 1, 1)
		report(county, inTime)
		stands("one came late", county, 0, 2, 2)
		file()
		stands("filed again", section, 0, 0, 0)
		if l := lineOf(t, o, after, "2022-06"); l.Unmerged() || l.Answered {
			t.Errorf("the report tells it: %+v", l)
		}
		if split, err = o.Split(ctx, item, "2022-06", lead.Actor); err != nil || slices.ContainsFunc(split.Lines, plan.ShareLine.Unmerged) {
			t.Errorf("the page of the parts: %+v, %v", split.Lines, err)
		}
		after = ask(farms, "报青苗补偿")
		o.Day("2022-07-18")
		stands("a month later it waits, beside July's", farms, 2, 4, 1)
		report(farms, after)
		stands("what came for June is July's business no more", farms, 1, 3, 0)
	})
}

// TestAPartIsNotMergedByWhatDidNotKnowIt: a report that was written before a part came and signed after it does not tell it, nor does a
// correction that came back; a part that was asked for once is its month's business alone.
func TestAPartIsNotMergedByWhatDidNotKnowIt(t *testing.T) {
	ctx := context.Background()
	o, item := splitting(t, storetest.OpenSQLite(t))
	lead, head := o.As(region.Reporter, roads), o.As(region.Reviewer, roads)
	if err := o.SetSigning(ctx, head, plan.SigningFacts{Org: o.Units[roads], On: true}); err != nil {
		t.Fatal(err)
	}
	ids, err := o.AskShare(ctx, lead, plan.NewShare{Item: item, Orgs: []string{o.Units[section]}, Period: "2022-06", Once: true, Text: "报路基"})
	if err != nil {
		t.Fatal(err)
	}
	owed := func(when string, want int) {
		t.Helper()
		todo, err := o.Todo(ctx, lead.Actor)
		split, wrong := o.Split(ctx, item, "2022-06", lead.Actor)
		if err != nil || wrong != nil || todo.Owed != want || slices.ContainsFunc(split.Lines, plan.ShareLine.Unmerged) != (want > 0) {
			t.Errorf("%s: %d are not merged, want %d: %+v, %v, %v", when, todo.Owed, want, split.Lines, err, wrong)
		}
	}
	write := func(text string) {
		t.Helper()
		if _, err := o.File(ctx, lead, plan.ReportFacts{Item: item, Period: "2022-06", Claim: judge.OnTime}, plan.ReportWords{Progress: text, Reason: "补报"}); err != nil {
			t.Fatal(err)
		}
	}
	sign := func() {
		t.Helper()
		if _, err := o.SignReport(ctx, head, item, "2022-06", plan.AnyFiling); err != nil {
			t.Fatal(err)
		}
	}
	write("路基完成七成")
	if _, err := o.ReportShare(ctx, o.As(region.Reporter, section), plan.ShareReportFacts{Share: ids[0], Period: "2022-06"}, plan.ReportWords{Progress: "路基八成"}); err != nil {
		t.Fatal(err)
	}
	sign()
	owed("signed after the part came", 1)
	o.AcceptNow(item, "2022-06", false)
	write("路基完成八成")
	sign()
	owed("corrected", 0)
	if err := o.Return(ctx, o.Coordinator(), item, "2022-06", "数字不对"); err != nil {
		t.Fatal(err)
	}
	owed("the correction came back", 1)
	o.Day("2022-07-18")
	if todo, err := o.Todo(ctx, lead.Actor); err != nil || todo.Owed != 0 {
		t.Errorf("its month is over: %d, %v", todo.Owed, err)
	}
}
