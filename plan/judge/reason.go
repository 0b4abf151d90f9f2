package judge

import "strings"

// ReasonCode says why a state holds, for machines.
type ReasonCode string

// Reasons of work states. Which of Date, On and Ref they carry stands beside them.
const (
	NoReport          ReasonCode = "no-report"           // –
	Reported          ReasonCode = "reported"            // Date of the first accepted report
	ClaimedOnTime     ReasonCode = "claimed-on-time"     // Date of the claim
	ClaimedAtRisk     ReasonCode = "claimed-at-risk"     // Date of the claim
	ClaimedDone       ReasonCode = "claimed-done"        // Date of the claim
	ClaimedDoneLate   ReasonCode = "claimed-done-late"   // Date the deadline, On the claim
	MilestoneNear     ReasonCode = "milestone-near"      // Date it is due, Ref the milestone's id
	MilestoneMissed   ReasonCode = "milestone-missed"    // Date it was due, Ref the milestone's id
	DeadlineNear      ReasonCode = "deadline-near"       // Date the deadline
	DeadlinePassed    ReasonCode = "deadline-passed"     // Date the deadline
	DoneConfirmed     ReasonCode = "done-confirmed"      // Date it was done, On confirmed
	DoneAfterDeadline ReasonCode = "done-after-deadline" // Date the deadline, On done
	Overruled         ReasonCode = "overruled"           // Date of the overrule, Ref its reason
	WasDropped        ReasonCode = "dropped"             // Date it was dropped
)

// Reasons of filing states. On is the cut-off wherever Date is another day.
const (
	OpensLater      ReasonCode = "opens-later"      // Date it opens, On the cut-off
	Awaited         ReasonCode = "awaited"          // Date the cut-off
	NotFiled        ReasonCode = "not-filed"        // Date the cut-off
	FiledInTime     ReasonCode = "filed-in-time"    // Date of filing, On the cut-off
	FiledLate       ReasonCode = "filed-late"       // Date of filing, On the cut-off
	WasReturned     ReasonCode = "returned"         // Date of the return, On the cut-off
	WasAccepted     ReasonCode = "accepted"         // Date of acceptance, On the cut-off
	AcceptedChanged ReasonCode = "accepted-changed" // Date of acceptance, On the newer filing
)

// Reason is why a state holds. It holds dates and references, never words of people: a page
// joins the milestone's name or the overrule's reason by Ref.
type Reason struct {
	Code ReasonCode `json:"code"`
	Date Date       `json:"date,omitempty"`
	On   Date       `json:"on,omitempty"`
	Ref  string     `json:"ref,omitempty"`
}

// sentences hold {date}, {on} for days and {name}, {said} for what Ref stands for.
var sentences = map[ReasonCode]struct{ zh, en string }{
	NoReport:          {"尚无已采用的进展", "no accepted report yet"},
	Reported:          {"{date}起有进展填报", "reports since {date}"},
	ClaimedOnTime:     {"{date}报告按计划推进", "reported on plan on {date}"},
	ClaimedAtRisk:     {"{date}报告存在风险", "risk reported on {date}"},
	ClaimedDone:       {"{date}已报完成，待协调单位确认", "reported done on {date}, to be confirmed"},
	ClaimedDoneLate:   {"完成时限{date}已过，{on}报完成，待协调单位确认", "deadline of {date} passed, reported done on {on}, to be confirmed"},
	MilestoneNear:     {"节点{name}临近：{date}", "milestone {name}due {date}"},
	MilestoneMissed:   {"{date}节点{name}未完成", "milestone {name}of {date} not done"},
	DeadlineNear:      {"完成时限临近：{date}", "deadline near: {date}"},
	DeadlinePassed:    {"完成时限{date}已过", "deadline of {date} passed"},
	DoneConfirmed:     {"{date}完成，{on}确认", "done on {date}, confirmed on {on}"},
	DoneAfterDeadline: {"完成时限{date}，实际{on}完成", "due {date}, done on {on}"},
	Overruled:         {"协调单位{date}认定{said}", "decided by the coordinator on {date}{said}"},
	WasDropped:        {"{date}取消", "dropped on {date}"},

	OpensLater:      {"{date}起填报，{on}截止", "opens on {date}, due {on}"},
	Awaited:         {"{date}前填报，含当日", "due by the end of {date}"},
	NotFiled:        {"应于{date}前填报，未报", "was due by the end of {date}, not filed"},
	FiledInTime:     {"{date}已报，待审", "filed on {date}, to be reviewed"},
	FiledLate:       {"{date}补报，已过{on}截止日，待审", "filed on {date} after the cut-off of {on}, to be reviewed"},
	WasReturned:     {"{date}退回，待重新填报", "returned on {date}, to be filed again"},
	WasAccepted:     {"{date}采用", "accepted on {date}"},
	AcceptedChanged: {"{date}采用，{on}有更正待审", "accepted on {date}, corrected on {on}, to be reviewed"},
}

// Words explains the reason without its state. The name is what Ref stands for, joined by the
// caller: the milestone's name or the overrule's reason; "" where it is erased or not for us.
// Days in the year of the as-of date are given without their year, as on the page.
func (r Reason) Words(name string, asOf Date) (zh, en string) {
	dateZh, dateEn := r.Date.near(asOf)
	onZh, onEn := r.On.near(asOf)
	s, ok := sentences[r.Code]
	if !ok {
		return string(r.Code), string(r.Code)
	}
	var quotedZh, quotedEn, said, saidEn string
	if name != "" {
		quotedZh, quotedEn = "“"+name+"”", "“"+name+"” "
		said, saidEn = "："+name, ": "+name
	}
	return told(s.zh, dateZh, onZh, quotedZh, said), told(s.en, dateEn, onEn, quotedEn, saidEn)
}

// told fills a sentence's places. A page says some hundred of them.
func told(sentence, date, on, name, said string) string {
	var b strings.Builder
	for {
		before, after, more := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		place, rest, _ := strings.Cut(after, "}")
		switch place {
		case "date":
			b.WriteString(date)
		case "on":
			b.WriteString(on)
		case "name":
			b.WriteString(name)
		case "said":
			b.WriteString(said)
		}
		sentence = rest
	}
}

// before is a total order of reasons: the earlier day first.
func (r Reason) before(o Reason) bool {
	switch {
	case r.Date != o.Date:
		return r.Date < o.Date
	case r.Code != o.Code:
		return r.Code < o.Code
	case r.Ref != o.Ref:
		return r.Ref < o.Ref
	}
	return r.On < o.On
}
