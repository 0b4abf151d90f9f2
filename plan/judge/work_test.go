package judge

import "testing"

var (
	yearEnd = Deadline{By, "2022-12-31"}
	midYear = Deadline{By, "2022-06-30"}
)

func TestWorkStands(t *testing.T) {
	for _, c := range []struct {
		remark string
		work   Work
		asOf   Date
		want   string
	}{
		{"nothing is known", Work{}, "2022-06-20", "未启动：尚无已采用的进展"},
		{"issued, not begun, far from due", Work{Deadline: yearEnd}, "2022-06-20", "未启动：尚无已采用的进展"},
		{"not begun and near due warns", Work{Deadline: midYear}, "2022-06-15", "有风险：完成时限临近：6月30日"},
		{"not begun and past due", Work{Deadline: midYear}, "2022-07-01", "滞后：完成时限6月30日已过"},
		{"begun", Work{Deadline: yearEnd, Started: "2022-03-25"}, "2022-06-20", "正常推进：3月25日起有进展填报"},
		{"begun last year: the year is said", Work{Started: "2021-12-25"}, "2022-06-20", "正常推进：2021年12月25日起有进展填报"},
		{"claimed on plan", Work{Started: "2022-03-25", Claim: Claim{OnTime, "2022-05-25"}}, "2022-06-20", "正常推进：5月25日报告按计划推进"},
		{"report without a claim", Work{Claim: Claim{"", "2022-05-25"}}, "2022-06-20", "正常推进：5月25日起有进展填报"},
		{"a claim is not known before its day", Work{Started: "2022-03-25", Claim: Claim{AtRisk, "2022-05-25"}}, "2022-05-24", "正常推进：3月25日起有进展填报"},
		{"claimed at risk", Work{Started: "2022-03-25", Claim: Claim{AtRisk, "2022-05-25"}}, "2022-05-25", "有风险：5月25日报告存在风险"},
		{"a unit that calls itself late warns", Work{Claim: Claim{Late, "2022-05-25"}}, "2022-05-25", "有风险：5月25日报告存在风险"},
		{"past due outweighs a risk", Work{Deadline: midYear, Claim: Claim{AtRisk, "2022-05-25"}}, "2022-07-01", "滞后：完成时限6月30日已过"},
		{"claiming to be on plan does not stop the warning", Work{Deadline: midYear, Claim: Claim{OnTime, "2022-06-25"}}, "2022-06-25", "有风险：完成时限临近：6月30日"},

		{"own warning days", Work{Deadline: midYear, WarnDays: 5}, "2022-06-24", "未启动：尚无已采用的进展"},
		{"own warning days, first day", Work{Deadline: midYear, WarnDays: 5}, "2022-06-25", "有风险：完成时限临近：6月30日"},
		{"no warning wanted", Work{Deadline: midYear, WarnDays: -1}, "2022-06-30", "未启动：尚无已采用的进展"},
		{"no warning wanted, late all the same", Work{Deadline: midYear, WarnDays: -1}, "2022-07-01", "滞后：完成时限6月30日已过"},

		{"every month is no due day", Work{Deadline: Deadline{EveryMonth, "2022-01-31"}}, "2022-06-20", "未启动：尚无已采用的进展"},
		{"ongoing is never late", Work{Deadline: Deadline{Ongoing, "2022-01-31"}, Started: "2022-01-25"}, "2023-06-20", "正常推进：2022年1月25日起有进展填报"},
		{"unclear waits for a person", Work{Deadline: Deadline{Unclear, ""}}, "2022-06-20", "未启动：尚无已采用的进展"},

		{"claimed done in time waits in green", Work{Deadline: midYear, Claim: Claim{Done, "2022-06-28"}}, "2022-07-20", "正常推进：6月28日已报完成，待协调单位确认"},
		{"claimed done on the last day is in time", Work{Deadline: midYear, Claim: Claim{Done, "2022-06-30"}}, "2022-07-20", "正常推进：6月30日已报完成，待协调单位确认"},
		{"claimed done too late stays late", Work{Deadline: midYear, Claim: Claim{Done, "2022-07-05"}}, "2022-07-20", "滞后：完成时限6月30日已过，7月5日报完成，待协调单位确认"},
		{"before that claim it was plainly late", Work{Deadline: midYear, Claim: Claim{Done, "2022-07-05"}}, "2022-07-04", "滞后：完成时限6月30日已过"},
		{"confirmed", Work{Deadline: midYear, Completion: Completion{"2022-06-28", "2022-07-05"}}, "2022-07-05", "已完成：6月28日完成，7月5日确认"},
		{"not done before it is confirmed", Work{Deadline: midYear, Completion: Completion{"2022-06-28", "2022-07-05"}}, "2022-07-04", "滞后：完成时限6月30日已过"},
		{"done on the last day", Work{Deadline: midYear, Completion: Completion{"2022-06-30", "2022-07-05"}}, "2022-07-20", "已完成：6月30日完成，7月5日确认"},
		{"done a day late", Work{Deadline: midYear, Completion: Completion{"2022-07-01", "2022-07-05"}}, "2022-07-20", "逾期完成：完成时限6月30日，实际7月1日完成"},
		{"no day given: the day of confirmation", Work{Deadline: midYear, Completion: Completion{"", "2022-07-05"}}, "2022-07-20", "逾期完成：完成时限6月30日，实际7月5日完成"},
		{"done is never late without a due day", Work{Deadline: Deadline{Kind: Ongoing}, Completion: Completion{"", "2023-01-05"}}, "2023-02-01", "已完成：1月5日完成，1月5日确认"},

		{"overruled", Work{Deadline: midYear, Overrule: Overrule{OnTime, "2022-07-02", "r1"}}, "2022-07-02", "正常推进：协调单位7月2日认定：name"},
		{"the day before the overrule", Work{Deadline: midYear, Overrule: Overrule{OnTime, "2022-07-02", "r1"}}, "2022-07-01", "滞后：完成时限6月30日已过"},
		{"days passing do not end an overrule", Work{Deadline: midYear, Overrule: Overrule{OnTime, "2022-06-01", "r1"}}, "2022-12-31", "正常推进：协调单位6月1日认定：name"},
		{"a newer claim ends it", Work{Deadline: midYear, Overrule: Overrule{OnTime, "2022-07-02", "r1"}, Claim: Claim{OnTime, "2022-07-25"}}, "2022-07-25", "滞后：完成时限6月30日已过"},
		{"a claim of the same day does not", Work{Overrule: Overrule{Late, "2022-07-02", "r1"}, Claim: Claim{OnTime, "2022-07-02"}}, "2022-07-02", "滞后：协调单位7月2日认定：name"},
		{"an older confirmation does not", Work{Overrule: Overrule{AtRisk, "2022-07-02", "r1"}, Completion: Completion{"", "2022-06-30"}}, "2022-07-02", "有风险：协调单位7月2日认定：name"},
		{"a newer confirmation does", Work{Overrule: Overrule{AtRisk, "2022-07-02", "r1"}, Completion: Completion{"", "2022-07-03"}}, "2022-07-03", "已完成：7月3日完成，7月3日确认"},
		{"dropped ends everything", Work{Deadline: midYear, Dropped: "2022-08-01", Overrule: Overrule{Late, "2022-08-02", "r1"}, Completion: Completion{"", "2022-07-03"}}, "2022-08-03", "已取消：8月1日取消"},
	} {
		t.Run(c.remark, func(t *testing.T) {
			if got := At(Outlook(c.work), c.asOf).Zh("name", c.asOf); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestMilestones(t *testing.T) {
	half, fourth := Milestone{"half", "2022-06-30", ""}, Milestone{"fourth", "2022-09-30", ""}
	done := func(m Milestone, on Date) Milestone { m.Done = on; return m }
	for _, c := range []struct {
		remark     string
		milestones []Milestone
		asOf       Date
		state      WorkState
		reason     Reason
	}{
		{"the nearest is named", []Milestone{fourth, half}, "2022-06-20", AtRisk, Reason{Code: MilestoneNear, Date: "2022-06-30", Ref: "half"}},
		{"done in time: quiet", []Milestone{done(half, "2022-06-10"), fourth}, "2022-06-20", Planned, Reason{Code: NoReport}},
		{"missed", []Milestone{half, fourth}, "2022-07-01", Late, Reason{Code: MilestoneMissed, Date: "2022-06-30", Ref: "half"}},
		{"the longest missed is named", []Milestone{fourth, half}, "2022-10-01", Late, Reason{Code: MilestoneMissed, Date: "2022-06-30", Ref: "half"}},
		{"late until it is made up", []Milestone{done(half, "2022-07-20")}, "2022-07-19", Late, Reason{Code: MilestoneMissed, Date: "2022-06-30", Ref: "half"}},
		{"made up", []Milestone{done(half, "2022-07-20")}, "2022-07-20", Planned, Reason{Code: NoReport}},
		{"two of one day: the smaller id", []Milestone{{"b", "2022-06-30", ""}, {"a", "2022-06-30", ""}}, "2022-07-01", Late, Reason{Code: MilestoneMissed, Date: "2022-06-30", Ref: "a"}},
		{"without a due day it cannot be missed", []Milestone{{"x", "", ""}}, "2022-07-01", Planned, Reason{Code: NoReport}},
		{"on the deadline's day the deadline is named", []Milestone{{"x", "2022-12-31", ""}}, "2022-12-20", AtRisk, Reason{Code: DeadlineNear, Date: "2022-12-31"}},
		{"missed milestone outweighs the near deadline", []Milestone{half}, "2022-12-20", Late, Reason{Code: MilestoneMissed, Date: "2022-06-30", Ref: "half"}},
	} {
		t.Run(c.remark, func(t *testing.T) {
			s := At(Outlook(Work{Deadline: yearEnd, Milestones: c.milestones}), c.asOf)
			if s.State != c.state || s.Reason != c.reason {
				t.Errorf("%v %v, want %v %v", s.State, s.Reason, c.state, c.reason)
			}
		})
	}
	missed := Work{Deadline: yearEnd, Milestones: []Milestone{half}, Completion: Completion{"2022-11-01", "2022-11-02"}}
	if s := At(Outlook(missed), "2022-11-02"); s.State != Done {
		t.Errorf("a milestone missed on the way made the finished work %s", s.State)
	}
}

// Nobody writes anything; midnight passes; the board changes.
func TestMidnightChangesTheState(t *testing.T) {
	w := Work{Deadline: yearEnd, Started: "2022-03-25", Milestones: []Milestone{{"m1", "2022-06-30", ""}}}
	spans := Outlook(w)
	want := []WorkSpan{
		{"", "2022-03-25", Planned, Reason{Code: NoReport}},
		{"2022-03-25", "2022-06-15", OnTime, Reason{Code: Reported, Date: "2022-03-25"}},
		{"2022-06-15", "2022-07-01", AtRisk, Reason{Code: MilestoneNear, Date: "2022-06-30", Ref: "m1"}},
		{"2022-07-01", "2023-01-01", Late, Reason{Code: MilestoneMissed, Date: "2022-06-30", Ref: "m1"}},
		{"2023-01-01", "", Late, Reason{Code: DeadlinePassed, Date: "2022-12-31"}},
	}
	if len(spans) != len(want) {
		t.Fatalf("%d spans, want %d: %v", len(spans), len(want), spans)
	}
	for i := range want {
		if spans[i] != want[i] {
			t.Errorf("span %d is %v, want %v", i, spans[i], want[i])
		}
	}
	if zh := At(spans, "2022-07-01").Zh("主体完工", "2022-07-01"); zh != "滞后：6月30日节点“主体完工”未完成" {
		t.Error(zh)
	}
	if en := At(spans, "2022-07-01").En("", "2022-07-01"); en != "late: milestone of 30 June not done" {
		t.Error(en)
	}
}

// The same item stands on time in list A and late in list B, and is counted once.
func TestOneItemInTwoLists(t *testing.T) {
	inA := Outlook(Work{Deadline: yearEnd, Started: "2022-03-25"})
	inB := Outlook(Work{Deadline: Deadline{By, "2022-05-31"}, Started: "2022-03-25"})
	const asOf = "2022-06-20"
	if a, b := At(inA, asOf), At(inB, asOf); a.State != OnTime || b.State != Late {
		t.Fatalf("A %s, B %s", a.State, b.State)
	}
	both := Merge(inA, inB)
	if got := At(both, asOf).Zh("", asOf); got != "滞后：完成时限5月31日已过" {
		t.Error(got)
	}
	if n := Counts(Deltas(both), asOf); len(n) != 1 || n[Late] != 1 {
		t.Errorf("counted %v, want once, late", n)
	}
}

func TestMergeOpenBeforeClosed(t *testing.T) {
	always := func(s WorkState) []WorkSpan { return []WorkSpan{{State: s}} }
	for _, c := range []struct {
		remark string
		in     []WorkState
		want   WorkState
	}{
		{"late anywhere is late", []WorkState{Done, OnTime, Late, AtRisk}, Late},
		{"risk before not begun", []WorkState{Planned, AtRisk}, AtRisk},
		{"not begun before on time", []WorkState{OnTime, Planned}, Planned},
		{"open in one list is open", []WorkState{DoneLate, OnTime}, OnTime},
		{"all closed: the worst closing", []WorkState{Done, DoneLate, Dropped}, DoneLate},
		{"dropped from one list, done in the other", []WorkState{Dropped, Done}, Done},
		{"dropped from all", []WorkState{Dropped, Dropped}, Dropped},
	} {
		var outlooks [][]WorkSpan
		for _, s := range c.in {
			outlooks = append(outlooks, always(s))
		}
		if got := At(Merge(outlooks...), "2022-06-20").State; got != c.want {
			t.Errorf("%s: %s, want %s", c.remark, got, c.want)
		}
	}
	if Merge() != nil || Merge(nil, []WorkSpan{}) != nil {
		t.Error("an item in no list stands nowhere")
	}
}

func TestStatesHaveWords(t *testing.T) {
	for _, s := range WorkStates() {
		if got, err := ParseWorkState(string(s)); err != nil || got != s || s.Zh() == string(s) || s.En() == "" {
			t.Errorf("%s: %v %v", s, got, err)
		}
	}
	for _, s := range FilingStates() {
		if got, err := ParseFilingState(string(s)); err != nil || got != s || s.Zh() == string(s) || s.En() == "" {
			t.Errorf("%s: %v %v", s, got, err)
		}
	}
	if _, err := ParseWorkState("Late"); err == nil {
		t.Error("codes have one spelling")
	}
	if _, err := ParseFilingState(""); err == nil {
		t.Error("no state is not a state")
	}
	if !Late.Open() || Done.Open() || DoneLate.Open() || Dropped.Open() {
		t.Error("open is what is still owed")
	}
}
