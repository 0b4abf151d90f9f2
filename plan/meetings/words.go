package meetings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

func groupName(ctx context.Context, g plan.Group) string {
	if g.Erased {
		return t(ctx, "erased")
	}
	return g.Words.Name
}

func meetingTitle(ctx context.Context, m *plan.Meeting) string {
	if m.Erased {
		return t(ctx, "erased")
	}
	return m.Words.Title
}

// when is the day and the time of a meeting.
func when(ctx context.Context, m *plan.Meeting) string {
	return ui.Date(ctx, string(m.Day)) + " " + m.Clock
}

// number is how the minutes are numbered: 纪要〔2022〕3号.
func number(m *plan.Minutes) string {
	return "纪要〔" + strconv.Itoa(m.Year) + "〕" + strconv.Itoa(m.Number) + "号"
}

// status is how far a meeting is, as a chip; a step that is the reader's comes first.
func status(ctx context.Context, m *plan.Meeting, step plan.MeetingStep) ui.Status {
	if step != plan.NoStep {
		return ui.Status{Tone: ui.Risk, Icon: "clock-exclamation", Word: t(ctx, "step."+string(step))}
	}
	word := t(ctx, "state."+string(m.State))
	switch m.State {
	case plan.MeetingIsCancelled:
		return ui.Status{Tone: ui.Gone, Icon: "ban", Word: word, Why: m.Reason}
	case plan.MeetingIsMinuted:
		return ui.Status{Tone: ui.Good, Icon: "checks", Word: word, Why: number(m.Minutes)}
	}
	return ui.Status{Tone: ui.Info, Icon: "calendar", Word: word}
}

// heard says how many of those invited have answered.
func heard(ctx context.Context, m *plan.Meeting) string {
	n := 0
	for _, a := range m.Asked {
		if a.Reply != "" && !a.Stale {
			n++
		}
	}
	return t(ctx, "heard", "n", n, "all", len(m.Asked))
}

func unitNames(all []plan.MeetingUnit) string {
	var names []string
	for _, u := range all {
		names = append(names, u.Name)
	}
	return strings.Join(names, "、")
}

// replyStatus is what one of those invited answered, as a chip.
func replyStatus(ctx context.Context, a plan.Invited) ui.Status {
	word := t(ctx, "reply."+string(a.Reply))
	switch {
	case a.Reply == "":
		return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "reply.none")}
	case a.Stale:
		return ui.Status{Tone: ui.Risk, Icon: "clock-exclamation", Word: word, Why: t(ctx, "reply.stale")}
	case a.Reply == plan.MeetingExcused:
		return ui.Status{Tone: ui.Gone, Icon: "x", Word: word, Why: a.Reason}
	}
	return ui.Status{Tone: ui.Good, Icon: "check", Word: word}
}

// lookStatus is how an item stands, as a chip of its legend's light.
func lookStatus(ctx context.Context, l *plan.ItemLook) ui.Status {
	english := lang.Of(ctx) == lang.En
	s := ui.Status{Tone: ui.Plain, Word: ui.Capital(l.Legend.Word(l.Work.State, english))}
	zh, en := l.Work.Reason.Words(l.Why, l.AsOf)
	if s.Why = zh; english {
		s.Why = en
	}
	switch l.Legend.Lamp(l.Work.State).Light {
	case judge.Green:
		s.Tone = ui.Good
	case judge.Yellow:
		s.Tone = ui.Risk
	case judge.Orange:
		s.Tone = ui.Grave
	case judge.Red:
		s.Tone = ui.Late
	case judge.Blue:
		s.Tone = ui.Info
	}
	switch l.Work.State {
	case judge.Done, judge.DoneLate:
		s.Icon = "checks"
	case judge.Dropped:
		s.Tone, s.Icon = ui.Gone, "ban"
	}
	return s
}

// progress is what was last reported of an item.
func progress(ctx context.Context, l *plan.ItemLook) string {
	return lang.Pick(ctx, l.Period.Zh()+"：", l.Period.En()+": ") + l.Progress
}

func replies(ctx context.Context) (all []ui.Option) {
	for _, r := range plan.MeetingReplies {
		all = append(all, ui.Option{Value: string(r), Label: t(ctx, "reply."+string(r))})
	}
	return all
}

// attendances begin with no choice: who did not answer was neither there nor not.
func attendances(ctx context.Context) (all []ui.Option) {
	all = append(all, ui.Option{Value: "", Label: t(ctx, "present.choose")})
	for _, a := range plan.Attendances {
		all = append(all, ui.Option{Value: string(a), Label: t(ctx, "present."+string(a))})
	}
	return all
}

// pointOptions are the points that a decision may belong to.
func (v minutesView) pointOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "0", Label: t(ctx, "decision.point.none")}}
	for i, p := range v.Draft.Points {
		all = append(all, ui.Option{Value: strconv.Itoa(i + 1), Label: strconv.Itoa(i+1) + ". " + p.Title})
	}
	return all
}

// unitOptions are who may do a decision: own units, and where the meeting is with neighbours these.
func (v minutesView) unitOptions(ctx context.Context) []ui.Option {
	all := append([]ui.Option{{Value: "", Label: t(ctx, "decision.unit.none")}}, v.Units...)
	for _, m := range v.Neighbours {
		all = append(all, ui.Option{Value: "@" + m.Value, Label: m.Label})
	}
	return all
}

// followOptions are how a decision may be followed: by a new item, by one of the agenda's or of an earlier decision's, by none.
func (v minutesView) followOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: plan.FollowNew, Label: t(ctx, "follow.new")}, {Value: plan.FollowNone, Label: t(ctx, "follow.none")}}
	seen := []string{""}
	add := func(item, title string) {
		if !slices.Contains(seen, item) {
			seen = append(seen, item)
			all = append(all, ui.Option{Value: item, Label: t(ctx, "follow.item", "title", title)})
		}
	}
	for _, p := range v.Draft.Points {
		add(p.Item, p.Title)
	}
	for _, r := range v.Before {
		add(r.Item, r.Text)
	}
	return all
}

// decisions are those typed, and some empty places.
func (v minutesView) decisions() []plan.DraftResolution {
	all := slices.Clone(v.Draft.Resolutions)
	for range moreDecisions {
		all = append(all, plan.DraftResolution{Follow: plan.FollowNew})
	}
	return all
}

func unitValue(d plan.DraftResolution) string {
	if d.Member != "" {
		return "@" + d.Member
	}
	return d.Org
}

// contacts are those typed, and some empty places.
func (v groupView) contacts() []plan.Contact {
	return append(slices.Clone(v.Typed), make([]plan.Contact, moreContacts)...)
}

// typed is what was typed into a field of a form that was not accepted.
func (v meetingView) typed(field, otherwise string) string {
	if text, ok := v.Typed[field]; ok {
		return text
	}
	return otherwise
}

func happened(ctx context.Context, h plan.GroupHappened, first bool) ui.Happening {
	what := t(ctx, "event."+h.Kind)
	if first {
		what = t(ctx, "event.begun")
	}
	return ui.Happening{What: what, Who: ui.Date(ctx, string(h.Day)), Proof: web.ProofHref(h.Book, h.Index)}
}

func draftTitle(ctx context.Context, d plan.MeetingDraft) string {
	if d.Words.Title == "" {
		return t(ctx, "untitled")
	}
	return d.Words.Title
}

func takeID(i int) string {
	if i == 0 {
		return "take" // the error summary leads here
	}
	return "take-" + strconv.Itoa(i)
}

// uninvitedOptions are the leads of agenda points that are not invited, as the form names them.
func (v draftView) uninvitedOptions() (all []ui.Option) {
	for _, u := range v.Uninvited {
		value := u.Who
		if u.Neighbour {
			value = "@" + value
		}
		all = append(all, ui.Option{Value: value, Label: u.Name})
	}
	return all
}

func (v draftView) uninvitedValues() (all []string) {
	for _, o := range v.uninvitedOptions() {
		all = append(all, o.Value)
	}
	return all
}

// lede says of what a meeting in preparation is.
func (v draftView) lede(ctx context.Context) string {
	switch {
	case v.Meeting != "":
		return t(ctx, "draft.change")
	case v.GroupName != "":
		return t(ctx, "of.group", "group", v.GroupName)
	case v.Circle != "":
		return t(ctx, "of.circle", "circle", v.CircleName)
	}
	return t(ctx, "of.inside")
}

// lacks says what a draft needs before it can be sent; empty: nothing.
func (v draftView) lacks(ctx context.Context) string {
	var lacks []string
	for _, c := range []struct {
		missing bool
		what    string
	}{
		{v.Words.Title == "", "name"},
		{v.Day == "", "day"},
		{v.Clock == "", "clock"},
		{len(v.Orgs)+len(v.Members) == 0, "invited"},
		{v.Meeting != "" && v.Words.Reason == "", "change.reason"},
	} {
		if c.missing {
			lacks = append(lacks, t(ctx, c.what))
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return t(ctx, "send.lacks", "what", strings.Join(lacks, t(ctx, "comma")))
}

// sends says who will be told.
func (v draftView) sends(ctx context.Context) string {
	var names []string
	for _, o := range slices.Concat(v.Units, v.Neighbours) {
		if slices.Contains(v.Orgs, o.Value) && o.Value != v.Convener || slices.Contains(v.Members, o.Value) {
			names = append(names, o.Label)
		}
	}
	key := "send.text"
	if v.Circle != "" {
		key = "send.circle"
	}
	return t(ctx, key, "units", strings.Join(names, t(ctx, "comma")), "circle", v.CircleName, "n", len(v.Points))
}

func (v meetingView) crumbs(ctx context.Context) []ui.Link {
	all := []ui.Link{{Label: t(ctx, "title"), Href: "/meetings"}}
	if v.Group != "" && v.GroupIs != "" {
		all = append(all, ui.Link{Label: v.GroupIs, Href: "/group/" + v.Group})
	}
	return all
}

// convenerPeople are who was there for the unit that called the meeting.
func (v meetingView) convenerPeople() string {
	if v.Minutes != nil {
		for _, p := range v.Minutes.Words.Present {
			if p.Unit == v.Convener {
				return p.People
			}
		}
	}
	return ""
}

func (v meetingView) replyNow() string {
	if v.Own.Reply == "" {
		return string(plan.MeetingComes)
	}
	return string(v.Own.Reply)
}

// present is who was there, in the order of the invitation.
func (v minutesView) present() (all []plan.DraftPresent) {
	for _, a := range v.Asked {
		all = append(all, v.presentOf(a.MeetingUnit))
	}
	return all
}

func (v minutesView) presentOf(u plan.MeetingUnit) plan.DraftPresent {
	for _, d := range v.Draft.Present {
		if d.Who == u.Who && d.Neighbour == u.Neighbour {
			d.MeetingUnit = u
			return d
		}
	}
	return plan.DraftPresent{MeetingUnit: u}
}

func resolutionText(ctx context.Context, r plan.Resolution) string {
	if r.Erased {
		return t(ctx, "erased")
	}
	return r.Text
}

func joined(names []string) string { return strings.Join(names, "、") }

// answerOf is what a neighbour answered to what was decided for it.
func answerOf(r plan.Resolution) string {
	if r.Answer == "" {
		return "waiting"
	}
	return r.Answer
}

func (v groupForm) action() string {
	if v.ID == "" {
		return "/meetings/groups/new"
	}
	return "/group/" + v.ID + "/edit"
}

func (v groupForm) back() string {
	if v.ID == "" {
		return "/meetings"
	}
	return "/group/" + v.ID
}

// circleChoices say with whom a group is: inside, or with the neighbours of a circle.
func (v groupForm) circleChoices(ctx context.Context) []ui.Choice {
	all := []ui.Choice{{Label: t(ctx, "inside"), Href: "/meetings/groups/new", Chosen: v.Circle == ""}}
	for _, c := range v.Circles {
		all = append(all, ui.Choice{Label: c.Name, Href: "/meetings/groups/new?circle=" + c.ID, Chosen: v.Circle == c.ID})
	}
	return all
}

// headWrong says that something is wrong with the arrangements, and not with a point.
func (v draftView) headWrong() bool {
	return slices.ContainsFunc(v.Errors, func(e ui.FieldError) bool { return e.Field != "point" && e.Field != "take" && e.Field != "days" })
}

// headSummary opens the arrangements, and says when and where where that is known.
func (v draftView) headSummary(ctx context.Context) string {
	if v.Day == "" || v.Clock == "" {
		return t(ctx, "draft.head")
	}
	return t(ctx, "draft.head.is", "when", ui.Date(ctx, string(v.Day))+" "+v.Clock, "place", v.Words.Place)
}
