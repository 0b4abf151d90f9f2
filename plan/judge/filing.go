package judge

import (
	"slices"
	"strconv"
)

// FilingState is how the report of one period stands (填报状态).
type FilingState string

// The filing states.
const (
	NotDue   FilingState = "not-due"  // 未到期
	Due      FilingState = "due"      // 待报
	Filed    FilingState = "filed"    // 已报待审
	Returned FilingState = "returned" // 已退回
	Accepted FilingState = "accepted" // 已采用
	Missed   FilingState = "missed"   // 逾期未报
)

var filingStates = []stateFact[FilingState]{
	{NotDue, "未到期", "not due"},
	{Due, "待报", "due"},
	{Filed, "已报待审", "filed"},
	{Returned, "已退回", "returned"},
	{Accepted, "已采用", "accepted"},
	{Missed, "逾期未报", "missed"},
}

// FilingStates lists all filing states.
func FilingStates() []FilingState { return listed(filingStates) }

// ParseFilingState reads a state's code.
func ParseFilingState(code string) (FilingState, error) {
	if s := FilingState(code); slices.Contains(FilingStates(), s) {
		return s, nil
	}
	return "", problem("filing-state-unknown", "填报状态“%s”无法识别", "filing state %q is unknown", code)
}

// Zh is the official word: 已报待审.
func (s FilingState) Zh() string { zh, _ := wordOf(filingStates, s); return zh }

// En is the English word: filed.
func (s FilingState) En() string { _, en := wordOf(filingStates, s); return en }

// Step is one act on a period's report.
type Step struct {
	What FilingState // Filed, Returned or Accepted; a correction is Filed again
	On   Date
}

// Filing is a period's report: its dates and what was done with it, in the order of the book
// (two acts may fall on one day).
type Filing struct {
	Opens  Date // first day on which it is waited for; see [Rhythm.Opens]
	Cutoff Date // last day in time, included (截止日); see [Rhythm.Cutoff]
	Steps  []Step
}

// FilingOf is the report of a period under a plan's rhythm.
func FilingOf(p Period, r Rhythm, steps ...Step) Filing {
	return Filing{Opens: r.Opens(p), Cutoff: r.Cutoff(p), Steps: steps}
}

// ReportOutlook is how the report stands as days pass, if nobody writes anything more: all
// time, without gap or overlap. On each day only steps up to that day count.
func ReportOutlook(f Filing) []FilingSpan {
	cuts := []Date{f.Opens, f.Cutoff.AddDays(1)}
	for _, s := range f.Steps {
		cuts = append(cuts, s.On)
	}
	return spread(cuts, f.on)
}

// on decides for one day.
func (f Filing) on(day Date) (FilingState, Reason) {
	filed, returned, accepted := f.latest(day)
	switch {
	case accepted != "" && filed != "":
		return Accepted, Reason{Code: AcceptedChanged, Date: accepted, On: filed}
	case accepted != "":
		return Accepted, Reason{Code: WasAccepted, Date: accepted, On: f.Cutoff}
	case returned != "":
		return Returned, Reason{Code: WasReturned, Date: returned, On: f.Cutoff}
	case filed != "" && f.first() > f.Cutoff:
		return Filed, Reason{Code: FiledLate, Date: filed, On: f.Cutoff}
	case filed != "":
		return Filed, Reason{Code: FiledInTime, Date: filed, On: f.Cutoff}
	case day > f.Cutoff:
		return Missed, Reason{Code: NotFiled, Date: f.Cutoff}
	case day >= f.Opens:
		return Due, Reason{Code: Awaited, Date: f.Cutoff}
	}
	return NotDue, Reason{Code: OpensLater, Date: f.Opens, On: f.Cutoff}
}

// latest replays the steps up to a day: filed is a filing that nobody has answered yet. What
// was accepted stays accepted: a correction waits beside it, and its return takes it away.
func (f Filing) latest(day Date) (filed, returned, accepted Date) {
	for _, s := range f.Steps {
		if !s.On.happened(day) {
			continue
		}
		switch s.What {
		case Filed:
			filed, returned = s.On, ""
		case Returned:
			filed, returned = "", s.On
		case Accepted:
			filed, returned, accepted = "", "", s.On
		}
	}
	return filed, returned, accepted
}

func (f Filing) first() Date {
	for _, s := range f.Steps {
		if s.What == Filed {
			return s.On
		}
	}
	return ""
}

// OnTime tells whether, as known on the as-of date, the report was filed by its cut-off. The
// first filing counts: who filed in time and was sent back is not late by the reviewer's day.
func (f Filing) OnTime(asOf Date) bool {
	first := f.first()
	return first.happened(asOf) && first <= f.Cutoff
}

// Rate is the rate of reports on time (按时填报率) as an exact fraction.
type Rate struct {
	OnTime int `json:"onTime"` // filed by the cut-off
	Due    int `json:"due"`    // cut-off reached
}

// RateOf counts the reports whose cut-off is reached on the as-of date (that day included).
func RateOf(filings []Filing, asOf Date) Rate {
	var r Rate
	for _, f := range filings {
		if f.Cutoff == "" || f.Cutoff > asOf {
			continue
		}
		r.Due++
		if f.OnTime(asOf) {
			r.OnTime++
		}
	}
	return r
}

// Add sums two rates: 3/4 and 1/2 are 4/6.
func (r Rate) Add(o Rate) Rate { return Rate{r.OnTime + o.OnTime, r.Due + o.Due} }

// String is the fraction: 15/16.
func (r Rate) String() string { return strconv.Itoa(r.OnTime) + "/" + strconv.Itoa(r.Due) }

// Percent has one decimal, rounded half up: 93.8%. "" where nothing was due: no report due is
// neither 0 % nor 100 %.
func (r Rate) Percent() string {
	if r.Due <= 0 {
		return ""
	}
	tenths := (r.OnTime*2000 + r.Due) / (2 * r.Due)
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10) + "%"
}

// Composable tells whether a longer report can be composed and confirmed: it has parts, and
// each of them is accepted.
func Composable(parts ...FilingState) bool {
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(s FilingState) bool { return s != Accepted })
}
