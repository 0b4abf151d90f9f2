package meetings

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

type meetingView struct {
	*plan.Meeting
	Today judge.Date
	Step  plan.MeetingStep
	Own   *plan.Invited // the reader's unit, or his member; nil: not invited
	Acts  bool          // the reader called it, and it is open

	Corrects bool                   // the reader may correct its minutes
	Slips    map[string][]plan.Slip // open ones on items of decisions that were corrected, by item

	Typed  map[string]string
	Under  string // whose form the errors are of
	Key    string
	Errors []ui.FieldError
}

// meeting shows one with all that was answered and decided. GET /meeting/{id}
func (p pages) meeting(w http.ResponseWriter, r *http.Request) error {
	return p.showMeeting(w, r, http.StatusOK, meetingView{})
}

func (p pages) showMeeting(w http.ResponseWriter, r *http.Request, status int, v meetingView) (err error) {
	ctx, actor := r.Context(), web.Actor(r)
	if v.Meeting, err = p.desk.Meeting(ctx, r.PathValue("id"), plan.ViewerOf(actor)); err != nil {
		return gone(err)
	}
	open := v.State == plan.MeetingIsCalled || v.State == plan.MeetingIsHeld
	v.Today, v.Key, v.Step = p.desk.Today(), web.NewRequestKey(), p.desk.MeetingWaits(v.Meeting, actor)
	if web.May(ctx, region.MeetingAnswer) {
		v.Own = p.desk.AsInvited(v.Meeting, actor)
	}
	v.Acts = open && v.Ours && web.May(ctx, region.PlanMeeting)
	v.Corrects = v.Minutes != nil && !v.Minutes.Erased && v.Ours && web.May(ctx, region.PlanMeeting)
	if v.Slips, err = p.slipsOf(ctx, v.Minutes, plan.ViewerOf(actor)); err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, meetingPage(v))
}

// did leads back to the meeting, or shows the form of a refused act again, with what was typed.
func (p pages) did(w http.ResponseWriter, r *http.Request, under, done string, err error, fields ...string) error {
	ctx := r.Context()
	if err = gone(err); err == web.ErrNotFound { //nolint:errorlint // gone gives it as it is
		return err
	}
	if wrong, ok := web.FieldErrors(ctx, err); ok {
		v := meetingView{Under: under, Errors: wrong, Typed: map[string]string{}}
		for i, e := range wrong {
			if e.Field == "reason" || e.Field == "seen" || e.Field == "" {
				v.Errors[i].Field = under
			}
		}
		for _, f := range fields {
			v.Typed[f] = r.PostFormValue(f)
		}
		status := http.StatusUnprocessableEntity
		if refuse.Is(err, "plan.minutes-newer") { // they may be answered once they were read
			status = http.StatusConflict
		}
		return p.showMeeting(w, r, status, v)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/meeting/"+r.PathValue("id"))
}

// cancel 取消会议. POST /meeting/{id}/cancel
func (p pages) cancel(w http.ResponseWriter, r *http.Request) error {
	return p.did(w, r, "cancel", "cancelled", p.desk.CancelMeeting(r.Context(), web.RequestOf(r), r.PathValue("id"), r.PostFormValue("cancel")), "cancel")
}

// reply 会议回执. POST /meeting/{id}/reply
func (p pages) reply(w http.ResponseWriter, r *http.Request) error {
	err := p.desk.ReplyMeeting(r.Context(), web.RequestOf(r), r.PathValue("id"), plan.MeetingReply(r.PostFormValue("reply")),
		plan.MeetingReplyWords{People: r.PostFormValue("people"), Reason: r.PostFormValue("excuse")})
	return p.did(w, r, "excuse", "replied", err, "reply", "people", "excuse")
}

// propose 提出议题. POST /meeting/{id}/propose
func (p pages) propose(w http.ResponseWriter, r *http.Request) error {
	err := p.desk.ProposePoint(r.Context(), web.RequestOf(r), r.PathValue("id"), plan.AgendaWords{Title: r.PostFormValue("point"), Text: r.PostFormValue("point-text")})
	return p.did(w, r, "point", "proposed", err, "point", "point-text")
}

// answerPoint 答复议题. POST /meeting/{id}/point
func (p pages) answerPoint(w http.ResponseWriter, r *http.Request) error {
	index, err := strconv.ParseInt(r.PostFormValue("index"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	name := r.PostFormValue("book")
	err = p.desk.AnswerPoint(r.Context(), web.RequestOf(r), r.PathValue("id"), name, index, r.PostFormValue("do") == "take", r.PostFormValue("reason"))
	return p.did(w, r, pointField(name, index), "point.answered", err)
}

// pointField is the id of the form on which a proposed point is answered.
func pointField(book string, index int64) string {
	return fmt.Sprintf("p-%s-%d", strings.ReplaceAll(book, "/", "-"), index)
}

// confirm 确认纪要, or 提出异议. POST /meeting/{id}/confirm
func (p pages) confirm(w http.ResponseWriter, r *http.Request) error {
	agrees := r.PostFormValue("do") == "agree"
	done := "confirmed"
	if !agrees {
		done = "objected"
	}
	seen, err := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if err != nil {
		seen = plan.AnyMinutes
	}
	err = p.desk.AnswerMinutes(r.Context(), web.RequestOf(r), r.PathValue("id"), seen, agrees, r.PostFormValue("objection"))
	return p.did(w, r, "objection", done, err, "objection")
}

type minutesView struct {
	*plan.Meeting
	Draft             plan.MinutesDraft
	Units, Neighbours []ui.Option
	Key               string
	Errors            []ui.FieldError
}

// moreDecisions is how many empty places the form has.
const moreDecisions = 3

// minutes is the form of the minutes. GET /meeting/{id}/minutes
func (p pages) minutes(w http.ResponseWriter, r *http.Request) error {
	return p.showMinutes(w, r, http.StatusOK, nil, nil)
}

func (p pages) showMinutes(w http.ResponseWriter, r *http.Request, status int, typed *plan.MinutesDraft, wrong []ui.FieldError) (err error) {
	ctx, viewer := r.Context(), plan.ViewerOf(web.Actor(r))
	v := minutesView{Key: web.NewRequestKey(), Errors: wrong}
	if v.Meeting, err = p.desk.Meeting(ctx, r.PathValue("id"), viewer); err != nil {
		return gone(err)
	}
	if !v.Ours || v.State == plan.MeetingIsCancelled || v.State == plan.MeetingIsMinuted {
		return web.ErrNotFound
	}
	if typed != nil {
		v.Draft = *typed
	} else if v.Draft, err = p.desk.MinutesDraft(ctx, v.ID, viewer); err != nil {
		return gone(err)
	}
	orgs, members, _, err := p.desk.MeetingChoices(ctx, v.Circle)
	if err != nil {
		return err
	}
	v.Units, v.Neighbours = options(orgs), options(members)
	return web.ShowStatus(w, r, status, minutesPage(v))
}

// writeMinutes keeps the minutes as they are typed, or issues them. POST /meeting/{id}/minutes
func (p pages) writeMinutes(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	if err := r.ParseForm(); err != nil {
		return err
	}
	m, err := p.desk.Meeting(ctx, id, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	n := readMinutes(r, m)
	to, done := "/meeting/"+id+"/minutes", "saved"
	if r.PostFormValue("do") == "issue" {
		to, done = "/meeting/"+id, "issued"
		err = p.desk.IssueMinutes(ctx, web.RequestOf(r), id, n)
	} else {
		err = p.desk.SaveMinutes(ctx, id, n)
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return p.showMinutes(w, r, http.StatusUnprocessableEntity, &n, fields)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, to)
}

// readMinutes reads the form: who was there by the order of the invitation, points and decisions by their place.
func readMinutes(r *http.Request, m *plan.Meeting) (n plan.MinutesDraft) {
	field := func(name string, i int) string { return strings.TrimSpace(r.PostFormValue(name + strconv.Itoa(i))) }
	n.Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no number is refused as an older version
	n.Chair, n.Recorder = strings.TrimSpace(r.PostFormValue("chair")), strings.TrimSpace(r.PostFormValue("recorder"))
	n.Present = append(n.Present, plan.DraftPresent{MeetingUnit: m.ConvenerUnit(), State: plan.WasPresent, People: strings.TrimSpace(r.PostFormValue("people-own"))})
	for i, a := range m.Asked {
		n.Present = append(n.Present, plan.DraftPresent{MeetingUnit: a.MeetingUnit, State: plan.Attendance(field("present-", i)), People: field("people-", i)})
	}
	for i := 0; r.PostForm.Has("title-" + strconv.Itoa(i)); i++ {
		n.Points = append(n.Points, plan.MinutesPoint{Title: field("title-", i), Text: field("text-", i), Item: field("item-", i)})
	}
	for i := 0; r.PostForm.Has("decision-" + strconv.Itoa(i)); i++ {
		d := plan.DraftResolution{Text: field("decision-", i), Side: field("side-", i), Due: judge.Date(field("due-", i)), Follow: field("follow-", i)}
		d.Point, _ = strconv.Atoi(field("point-", i)) // what is no number is of no point
		if unit := field("unit-", i); strings.HasPrefix(unit, "@") {
			d.Member = unit[1:]
		} else {
			d.Org = unit
		}
		d.Supports = r.PostForm["supports-"+strconv.Itoa(i)]
		if d.Text != "" {
			n.Resolutions = append(n.Resolutions, d)
		}
	}
	return n
}
