package judge

import "slices"

// WorkState is how the work of a listing stands (工作状态).
type WorkState string

// The work states.
const (
	Planned  WorkState = "planned"   // 未启动
	OnTime   WorkState = "on-time"   // 正常推进
	AtRisk   WorkState = "at-risk"   // 有风险
	Late     WorkState = "late"      // 滞后
	Done     WorkState = "done"      // 已完成
	DoneLate WorkState = "done-late" // 逾期完成
	Dropped  WorkState = "dropped"   // 已取消
)

type stateFact[S StateWord] struct {
	state  S
	zh, en string
}

// workStates stands from the worst to the best: the order of [Merge].
var workStates = []stateFact[WorkState]{
	{Late, "滞后", "late"},
	{AtRisk, "有风险", "at risk"},
	{Planned, "未启动", "planned"},
	{OnTime, "正常推进", "on time"},
	{DoneLate, "逾期完成", "done late"},
	{Done, "已完成", "done"},
	{Dropped, "已取消", "dropped"},
}

// WorkStates lists all work states, worst first.
func WorkStates() []WorkState { return listed(workStates) }

// ParseWorkState reads a state's code.
func ParseWorkState(code string) (WorkState, error) {
	if s := WorkState(code); slices.Contains(WorkStates(), s) {
		return s, nil
	}
	return "", problem("work-state-unknown", "工作状态“%s”无法识别", "work state %q is unknown", code)
}

// Zh is the official word: 正常推进.
func (s WorkState) Zh() string { zh, _ := wordOf(workStates, s); return zh }

// En is the English word: on time.
func (s WorkState) En() string { _, en := wordOf(workStates, s); return en }

// Open tells whether work is still owed: planned, on time, at risk or late.
func (s WorkState) Open() bool { return s == Planned || s == OnTime || s == AtRisk || s == Late }

func listed[S StateWord](facts []stateFact[S]) []S {
	all := make([]S, 0, len(facts))
	for _, f := range facts {
		all = append(all, f.state)
	}
	return all
}

func wordOf[S StateWord](facts []stateFact[S], s S) (zh, en string) {
	for _, f := range facts {
		if f.state == s {
			return f.zh, f.en
		}
	}
	return string(s), string(s)
}

// DeadlineKind is what kind of 完成时限 a list gives.
type DeadlineKind string

// The kinds of deadline. Only By has a day after which the work is late: whether each month's
// or quarter's report came is the other question, and nothing else says that a month's work
// was not done.
const (
	By           DeadlineKind = "by"            // 某日前，含当日
	EveryMonth   DeadlineKind = "every-month"   // 每月
	EveryQuarter DeadlineKind = "every-quarter" // 每季度
	Ongoing      DeadlineKind = "ongoing"       // 持续推进
	Unclear      DeadlineKind = "unclear"       // 待明确
)

// Deadline is the 完成时限 of a listing; Date is judged for kind By only.
type Deadline struct {
	Kind DeadlineKind
	Date Date
}

// last is the last day on which the work is in time; "" if there is none.
func (d Deadline) last() Date {
	if d.Kind == By {
		return d.Date
	}
	return ""
}

// Milestone is a 节点: due on a day (included), done on a day or not yet ("").
type Milestone struct {
	ID   string
	Due  Date
	Done Date
}

// Claim is what the latest accepted report says of the work: OnTime, AtRisk or Done. A unit
// that calls itself Late warns, as AtRisk does: red comes from due days and the coordinator
// alone. A report without a claim (State "") says only that the work has begun.
type Claim struct {
	State WorkState
	Date  Date // since when it counts; "" = no claim
}

// Completion is the coordinator's confirmation (销号) that the work is done.
type Completion struct {
	On        Date // day the work was done; "" = the day of confirmation
	Confirmed Date // day of the confirmation; "" = not confirmed
}

// Overrule is a coordinator's own judgement (协调单位认定).
type Overrule struct {
	State WorkState
	Date  Date   // since when it counts; "" = none
	Ref   string // where the reason's words are found
}

// DefaultWarnDays is how many days before a due day work counts as "near due". RULES §2.1
// gives the yellow light for it but no number, so this is ours and a plan may set its own.
const DefaultWarnDays = 15

// Work is what is known of ONE listing with its item. It holds the newest claim and the newest
// overrule only: for an as-of date before these, build it from the facts up to that date.
// Figures do not judge: no rule says which share of a target is due on which day.
type Work struct {
	Deadline   Deadline
	Milestones []Milestone
	Started    Date // day of the first accepted report; "" = none yet
	Claim      Claim
	Completion Completion
	Dropped    Date // day it was dropped from the list or cancelled; "" = not
	Overrule   Overrule
	WarnDays   int // 0 = DefaultWarnDays, negative = no warning
}

// Known is the work without the facts dated after the as-of date. Due days stay: they were
// known before they came.
func (w Work) Known(asOf Date) Work {
	if !w.Claim.Date.happened(asOf) {
		w.Claim = Claim{}
	}
	if !w.Completion.Confirmed.happened(asOf) {
		w.Completion = Completion{}
	}
	if !w.Overrule.Date.happened(asOf) {
		w.Overrule = Overrule{}
	}
	if !w.Dropped.happened(asOf) {
		w.Dropped = ""
	}
	if !w.Started.happened(asOf) {
		w.Started = ""
	}
	w.Milestones = slices.Clone(w.Milestones)
	for i, m := range w.Milestones {
		if !m.Done.happened(asOf) {
			w.Milestones[i].Done = ""
		}
	}
	return w
}

// Outlook is how the listing stands as days pass, if nobody writes anything more: all time,
// without gap or overlap. On each day only facts dated up to that day count, so that
// At(Outlook(w), d) = At(Outlook(w.Known(d)), d).
func Outlook(w Work) []WorkSpan {
	cuts := []Date{
		w.Started, w.Claim.Date, w.Completion.Confirmed, w.Dropped, w.Overrule.Date,
		w.warnFrom(w.Deadline.last()), w.Deadline.last().AddDays(1),
	}
	for _, m := range w.Milestones {
		cuts = append(cuts, m.Done, w.warnFrom(m.Due), m.Due.AddDays(1))
	}
	return spread(cuts, w.on)
}

// warnFrom is the first day on which a due day is near; "" if there is no due day.
func (w Work) warnFrom(due Date) Date {
	switch {
	case w.WarnDays < 0:
		return due.AddDays(1) // never: the day after is late already
	case w.WarnDays == 0:
		return due.AddDays(-DefaultWarnDays)
	}
	return due.AddDays(-w.WarnDays)
}

// on decides for one day. The order of the steps is the rule of docs/reference/status.md.
func (w Work) on(day Date) (WorkState, Reason) {
	switch {
	case w.Dropped.happened(day):
		return Dropped, Reason{Code: WasDropped, Date: w.Dropped}
	case w.overruled(day):
		return w.Overrule.State, Reason{Code: Overruled, Date: w.Overrule.Date, Ref: w.Overrule.Ref}
	case w.Completion.Confirmed.happened(day):
		return w.completed()
	case w.Claim.State == Done && w.Claim.Date.happened(day):
		return w.claimedDone()
	}
	if r, ok := w.overdue(day); ok {
		return Late, r
	}
	if (w.Claim.State == AtRisk || w.Claim.State == Late) && w.Claim.Date.happened(day) {
		return AtRisk, Reason{Code: ClaimedAtRisk, Date: w.Claim.Date}
	}
	if r, ok := w.nearDue(day); ok {
		return AtRisk, r
	}
	switch {
	case w.Claim.State == OnTime && w.Claim.Date.happened(day):
		return OnTime, Reason{Code: ClaimedOnTime, Date: w.Claim.Date}
	case w.Started.happened(day):
		return OnTime, Reason{Code: Reported, Date: w.Started}
	case w.Claim.Date.happened(day):
		return OnTime, Reason{Code: Reported, Date: w.Claim.Date}
	}
	return Planned, Reason{Code: NoReport}
}

// overruled: the coordinator's word holds until something newer is accepted or confirmed. On
// the same day it is the overrule that holds, because it is the reasoned act.
func (w Work) overruled(day Date) bool {
	newer := func(d Date) bool { return d.happened(day) && d > w.Overrule.Date }
	return w.Overrule.Date.happened(day) && !newer(w.Claim.Date) && !newer(w.Completion.Confirmed)
}

// completed: in time is judged by the day the work was done, not by the day of confirmation,
// and by the deadline alone: a milestone missed on the way is forgiven.
func (w Work) completed() (WorkState, Reason) {
	done := w.Completion.On
	if done == "" {
		done = w.Completion.Confirmed
	}
	if last := w.Deadline.last(); last != "" && done > last {
		return DoneLate, Reason{Code: DoneAfterDeadline, Date: last, On: done}
	}
	return Done, Reason{Code: DoneConfirmed, Date: done, On: w.Completion.Confirmed}
}

// claimedDone: who reported the work done in time must not become late by the coordinator's
// waiting, and who reported it too late stays late until it is confirmed.
func (w Work) claimedDone() (WorkState, Reason) {
	if last := w.Deadline.last(); last != "" && w.Claim.Date > last {
		return Late, Reason{Code: ClaimedDoneLate, Date: last, On: w.Claim.Date}
	}
	return OnTime, Reason{Code: ClaimedDone, Date: w.Claim.Date}
}

// overdue names the deadline first, then the milestone that has been missed longest.
func (w Work) overdue(day Date) (Reason, bool) {
	if last := w.Deadline.last(); last != "" && day > last {
		return Reason{Code: DeadlinePassed, Date: last}, true
	}
	m, ok := w.firstOpen(day, func(m Milestone) bool { return day > m.Due })
	return Reason{Code: MilestoneMissed, Date: m.Due, Ref: m.ID}, ok
}

// nearDue names the nearest due day; of one day the deadline before a milestone.
func (w Work) nearDue(day Date) (Reason, bool) {
	m, ok := w.firstOpen(day, func(m Milestone) bool { return day >= w.warnFrom(m.Due) })
	last := w.Deadline.last()
	if last != "" && day >= w.warnFrom(last) && (!ok || last <= m.Due) {
		return Reason{Code: DeadlineNear, Date: last}, true
	}
	return Reason{Code: MilestoneNear, Date: m.Due, Ref: m.ID}, ok
}

// firstOpen is the earliest milestone not done by the day, of those asked for; of one day the
// smaller id, so that the order in which milestones are handed in does not matter.
func (w Work) firstOpen(day Date, asked func(Milestone) bool) (first Milestone, found bool) {
	for _, m := range w.Milestones {
		if m.Due == "" || m.Done.happened(day) || !asked(m) {
			continue
		}
		if !found || m.Due < first.Due || m.Due == first.Due && m.ID < first.ID {
			first, found = m, true
		}
	}
	return first, found
}
