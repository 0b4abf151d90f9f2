package judge

import (
	"slices"
	"testing"
)

func TestFilingStands(t *testing.T) {
	filed := func(d Date) Step { return Step{Filed, d} }
	returned := func(d Date) Step { return Step{Returned, d} }
	accepted := func(d Date) Step { return Step{Accepted, d} }
	for _, c := range []struct {
		remark string
		steps  []Step
		asOf   Date
		want   string
		onTime bool
	}{
		{"the month is young", nil, "2022-06-14", "未到期：6月15日起填报，6月25日截止", false},
		{"ten days before the cut-off", nil, "2022-06-15", "待报：6月25日前填报，含当日", false},
		{"on the cut-off's day", nil, "2022-06-25", "待报：6月25日前填报，含当日", false},
		{"the day after", nil, "2022-06-26", "逾期未报：应于6月25日前填报，未报", false},
		{"filed early", []Step{filed("2022-06-10")}, "2022-06-14", "已报待审：6月10日已报，待审", true},
		{"filed on the last day", []Step{filed("2022-06-25")}, "2022-07-14", "已报待审：6月25日已报，待审", true},
		{"not known before it was filed", []Step{filed("2022-06-25")}, "2022-06-24", "待报：6月25日前填报，含当日", false},
		{"filed late", []Step{filed("2022-06-27")}, "2022-06-28", "已报待审：6月27日补报，已过6月25日截止日，待审", false},
		{"missed until it was filed", []Step{filed("2022-06-27")}, "2022-06-26", "逾期未报：应于6月25日前填报，未报", false},
		{"returned", []Step{filed("2022-06-24"), returned("2022-06-26")}, "2022-06-27", "已退回：6月26日退回，待重新填报", true},
		{"refiled after the cut-off: the first filing counts", []Step{filed("2022-06-24"), returned("2022-06-26"), filed("2022-06-28")}, "2022-06-29", "已报待审：6月28日已报，待审", true},
		{"filed, returned and refiled on one day", []Step{filed("2022-06-24"), returned("2022-06-24"), filed("2022-06-24")}, "2022-06-24", "已报待审：6月24日已报，待审", true},
		{"accepted", []Step{filed("2022-06-24"), accepted("2022-06-26")}, "2022-06-30", "已采用：6月26日采用", true},
		{"accepted though filed late", []Step{filed("2022-06-28"), accepted("2022-06-29")}, "2022-06-30", "已采用：6月29日采用", false},
		{"corrected after acceptance stays accepted", []Step{filed("2022-06-24"), accepted("2022-06-26"), filed("2022-07-01")}, "2022-07-01", "已采用：6月26日采用，7月1日有更正待审", true},
		{"the correction was sent back", []Step{filed("2022-06-24"), accepted("2022-06-26"), filed("2022-07-01"), returned("2022-07-02")}, "2022-07-02", "已采用：6月26日采用", true},
		{"the correction was accepted", []Step{filed("2022-06-24"), accepted("2022-06-26"), filed("2022-07-01"), accepted("2022-07-02")}, "2022-07-02", "已采用：7月2日采用", true},
	} {
		t.Run(c.remark, func(t *testing.T) {
			f := FilingOf("2022-06", Rhythm{}, c.steps...)
			if got := At(ReportOutlook(f), c.asOf).Zh("", c.asOf); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if got := f.OnTime(c.asOf); got != c.onTime {
				t.Errorf("on time %v, want %v", got, c.onTime)
			}
		})
	}
}

func TestRateOnTime(t *testing.T) {
	june := func(steps ...Step) Filing { return FilingOf("2022-06", Rhythm{}, steps...) }
	filings := []Filing{
		june(Step{Filed, "2022-06-20"}), june(Step{Filed, "2022-06-26"}), june(),
		FilingOf("2022-07", Rhythm{}, Step{Filed, "2022-06-20"}),
		{}, // no cut-off: never due
	}
	for _, c := range []struct {
		remark string
		asOf   Date
		want   Rate
		text   string
	}{
		{"nothing due yet", "2022-06-24", Rate{0, 0}, ""},
		{"the cut-off's day counts", "2022-06-25", Rate{1, 3}, "33.3%"},
		{"a late report does not help", "2022-06-30", Rate{1, 3}, "33.3%"},
		{"the next month's early report counts when due", "2022-07-25", Rate{2, 4}, "50.0%"},
	} {
		if got := RateOf(filings, c.asOf); got != c.want || got.Percent() != c.text {
			t.Errorf("%s: %v %q, want %v %q", c.remark, got, got.Percent(), c.want, c.text)
		}
	}
	for _, c := range []struct {
		remark, want string
		rate         Rate
	}{
		{"all", "100.0%", Rate{7, 7}},
		{"none", "0.0%", Rate{0, 7}},
		{"half up at the tie: 93.75", "93.8%", Rate{15, 16}},
		{"half up at the tie: 6.25", "6.3%", Rate{1, 16}},
		{"two thirds", "66.7%", Rate{2, 3}},
		{"almost all is rounded to all, as people expect of one decimal", "100.0%", Rate{2999, 3000}},
	} {
		if got := c.rate.Percent(); got != c.want {
			t.Errorf("%s: %s, want %s", c.remark, got, c.want)
		}
	}
	if got := (Rate{3, 4}).Add(Rate{1, 2}); got.String() != "4/6" {
		t.Error(got)
	}
}

func TestComposable(t *testing.T) {
	for _, c := range []struct {
		remark string
		parts  []FilingState
		want   bool
	}{
		{"all accepted", []FilingState{Accepted, Accepted, Accepted}, true},
		{"one waits for review", []FilingState{Accepted, Filed, Accepted}, false},
		{"one was missed", []FilingState{Accepted, Accepted, Missed}, false},
		{"of nothing nothing is composed", nil, false},
	} {
		if got := Composable(c.parts...); got != c.want {
			t.Errorf("%s: %v", c.remark, got)
		}
	}
}

func TestRhythm(t *testing.T) {
	for _, c := range []struct {
		remark        string
		period        Period
		rhythm        Rhythm
		opens, cutoff Date
	}{
		{"month, default", "2022-06", Rhythm{}, "2022-06-15", "2022-06-25"},
		{"month, 31st of a month of 30", "2022-06", Rhythm{CutoffDay: 31}, "2022-06-20", "2022-06-30"},
		{"month, 31st of February", "2022-02", Rhythm{CutoffDay: 31}, "2022-02-18", "2022-02-28"},
		{"month, early cut-off opens with the month", "2022-06", Rhythm{CutoffDay: 5}, "2022-06-01", "2022-06-05"},
		{"month, open all the time", "2022-06", Rhythm{OpenDays: 366}, "2022-06-01", "2022-06-25"},
		{"quarter: its last month", "2022-Q2", Rhythm{}, "2022-06-15", "2022-06-25"},
		{"half-year", "2022-H2", Rhythm{}, "2022-12-15", "2022-12-25"},
		{"year, open all year", "2022", Rhythm{OpenDays: 366}, "2022-01-01", "2022-12-25"},
		{"first ten days", "2022-06-x1", Rhythm{}, "2022-06-01", "2022-06-10"},
		{"last ten days of February", "2024-02-x3", Rhythm{}, "2024-02-21", "2024-02-29"},
		{"ten days with grace over the month's end", "2022-06-x3", Rhythm{TenDayGrace: 2}, "2022-06-22", "2022-07-02"},
		{"ad hoc", "2022-06-15", Rhythm{OpenDays: 3}, "2022-06-12", "2022-06-15"},
		{"no period", "", Rhythm{}, "", ""},
	} {
		if o, e := c.rhythm.Opens(c.period), c.rhythm.Cutoff(c.period); o != c.opens || e != c.cutoff {
			t.Errorf("%s: %s to %s, want %s to %s", c.remark, o, e, c.opens, c.cutoff)
		}
	}
	for _, bad := range []Rhythm{{CutoffDay: -1}, {CutoffDay: 32}, {TenDayGrace: -1}, {TenDayGrace: 11}, {OpenDays: -1}, {OpenDays: 367}} {
		if bad.Check() == nil {
			t.Errorf("%+v was let through", bad)
		}
	}
	if err := (Rhythm{CutoffDay: 31, TenDayGrace: 10, OpenDays: 366}).Check(); err != nil {
		t.Error(err)
	}
}

func TestExpected(t *testing.T) {
	for _, c := range []struct {
		remark string
		cycle  Cycle
		active Active
		asOf   Date
		want   []Period
	}{
		{"from the month of issue to the month that runs", Month, Active{From: "2022-03-10"}, "2022-05-01", []Period{"2022-03", "2022-04", "2022-05"}},
		{"issued on the cut-off's day", Month, Active{From: "2022-03-25"}, "2022-04-30", []Period{"2022-03", "2022-04"}},
		{"issued after it: nothing is missed at birth", Month, Active{From: "2022-03-26"}, "2022-04-30", []Period{"2022-04"}},
		{"done: the month of confirmation is the last", Month, Active{From: "2022-03-10", Done: "2022-04-02"}, "2022-09-01", []Period{"2022-03", "2022-04"}},
		{"dropped before the cut-off", Month, Active{From: "2022-03-10", Dropped: "2022-04-20"}, "2022-09-01", []Period{"2022-03"}},
		{"dropped after the cut-off", Month, Active{From: "2022-03-10", Dropped: "2022-04-26"}, "2022-09-01", []Period{"2022-03", "2022-04"}},
		{"the plan ends with its year", Quarter, Active{From: "2022-05-10", Until: "2022-12-31"}, "2026-11-23", []Period{"2022-Q2", "2022-Q3", "2022-Q4"}},
		{"ten days", TenDay, Active{From: "2022-02-15"}, "2022-03-01", []Period{"2022-02-x2", "2022-02-x3", "2022-03-x1"}},
		{"not issued", Month, Active{}, "2022-09-01", nil},
		{"not yet issued", Month, Active{From: "2022-10-01"}, "2022-09-01", nil},
		{"no as-of date", Month, Active{From: "2022-10-01"}, "", nil},
		{"ad hoc is called by people", AdHoc, Active{From: "2022-03-10"}, "2022-09-01", nil},
	} {
		if got := Expected(c.cycle, Rhythm{}, c.active, c.asOf); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.remark, got, c.want)
		}
	}
}
