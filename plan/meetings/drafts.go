package meetings

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// begin begins a meeting: of a group, inside, or with neighbours of a circle. POST /meetings/new
func (p pages) begin(w http.ResponseWriter, r *http.Request) error {
	m := plan.MeetingDraft{}
	switch sort, id, _ := strings.Cut(r.PostFormValue("of"), ":"); sort {
	case "group":
		m.Group = id
	case "circle":
		m.Circle = id
	}
	id, err := p.desk.NewMeetingDraft(r.Context(), web.Actor(r), m)
	if err != nil {
		return gone(err)
	}
	return web.Redirect(w, r, "/meetings/draft/"+id)
}

type draftView struct {
	plan.MeetingDraft
	GroupName         string
	Units, Neighbours []ui.Option
	CircleName        string
	Days              string // how far the agenda looks ahead, as typed
	Asked             bool   // the agenda was drawn
	Drawn             []plan.DrawnPoint
	Chosen            []string // keys of drawn points that were ticked
	Looks             map[string]*plan.ItemLook
	Uninvited         []plan.MeetingUnit // who leads the work of a point and is not invited
	Title, Text       string             // of a point that was not taken
	Today             judge.Date
	Key               string
	Errors            []ui.FieldError
}

// draft is a meeting in preparation; ?days= draws the agenda. GET /meetings/draft/{id}
func (p pages) draft(w http.ResponseWriter, r *http.Request) error {
	return p.showDraft(w, r, http.StatusOK, nil, draftView{Days: r.URL.Query().Get("days")})
}

// showDraft shows it as it was typed, where that was refused.
func (p pages) showDraft(w http.ResponseWriter, r *http.Request, status int, typed *plan.MeetingDraft, v draftView) (err error) {
	ctx := r.Context()
	if v.MeetingDraft, err = p.desk.MeetingDraft(ctx, r.PathValue("id")); err != nil {
		return gone(err)
	}
	if typed != nil {
		v.MeetingDraft = *typed
	}
	orgs, members, circles, err := p.desk.MeetingChoices(ctx, v.Circle)
	if err != nil {
		return err
	}
	if v.Uninvited, err = p.desk.UninvitedLeads(ctx, v.MeetingDraft); err != nil {
		return err
	}
	v.Units, v.Neighbours, v.Today, v.Key = options(orgs), options(members), p.desk.Today(), web.NewRequestKey()
	for _, c := range circles {
		if c.ID == v.Circle {
			v.CircleName = c.Name
		}
	}
	if v.Group != "" {
		g, err := p.desk.Group(ctx, v.Group, plan.ViewerOf(web.Actor(r)))
		if err != nil {
			return gone(err)
		}
		v.GroupName = groupName(ctx, g)
	}
	if v.Days != "" {
		days, err := strconv.Atoi(v.Days)
		if err != nil || days < 0 || days > plan.MostAhead {
			v.Errors = append(v.Errors, ui.FieldError{Field: "days", Text: t(ctx, "draw.days.wrong", "most", plan.MostAhead)})
			status = http.StatusUnprocessableEntity
		} else if v.Drawn, err = p.desk.DrawAgenda(ctx, v.ID, days, plan.ViewerOf(web.Actor(r))); err != nil {
			return err
		} else {
			v.Asked = true
		}
	} else {
		v.Days = strconv.Itoa(plan.AgendaDays)
	}
	return web.ShowStatus(w, r, status, draftPage(v))
}

// saveDraft keeps the head of a meeting in preparation. POST /meetings/draft/{id}
func (p pages) saveDraft(w http.ResponseWriter, r *http.Request) error {
	return p.changeDraft(w, r, "saved", draftView{}, func(m *plan.MeetingDraft) {
		field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
		m.Day, m.Clock, m.Convener = judge.Date(field("day")), field("clock"), field("convener")
		m.Orgs, m.Members = slices.Clone(r.PostForm["orgs"]), slices.Clone(r.PostForm["members"])
		m.Words = plan.MeetingWords{Title: field("title"), Kind: field("kind"), Place: field("place"), Note: field("note"), Reason: field("reason")}
	})
}

// changeDraft changes a draft as it stands in the version that was shown, and leads back to it.
func (p pages) changeDraft(w http.ResponseWriter, r *http.Request, done string, v draftView, act func(m *plan.MeetingDraft)) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return err
	}
	m, err := p.desk.MeetingDraft(ctx, r.PathValue("id"))
	if err != nil {
		return gone(err)
	}
	m.Version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no number is refused as an older version
	act(&m)
	err = p.desk.SetMeetingDraft(ctx, m)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		v.Errors = fields
		return p.showDraft(w, r, http.StatusUnprocessableEntity, &m, v)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/meetings/draft/"+m.ID+"#agenda")
}

// invite invites those who lead the work of points of the agenda. POST /meetings/draft/{id}/invite
func (p pages) invite(w http.ResponseWriter, r *http.Request) error {
	return p.changeDraft(w, r, "saved", draftView{}, func(m *plan.MeetingDraft) {
		for _, who := range r.PostForm["invite"] {
			if member, ok := strings.CutPrefix(who, "@"); ok {
				m.Members = append(slices.DeleteFunc(m.Members, func(x string) bool { return x == member }), member)
			} else {
				m.Orgs = append(slices.DeleteFunc(m.Orgs, func(x string) bool { return x == who }), who)
			}
		}
	})
}

// take puts drawn points that were ticked on the agenda. POST /meetings/draft/{id}/take
func (p pages) take(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil {
		return web.ErrNotFound
	}
	drawn, err := p.desk.DrawAgenda(r.Context(), r.PathValue("id"), days, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	var taken []plan.DraftPoint
	for _, d := range drawn {
		if slices.Contains(r.PostForm["take"], d.Key()) {
			taken = append(taken, d.DraftPoint)
		}
	}
	if len(taken) == 0 {
		return p.showDraft(w, r, http.StatusUnprocessableEntity, nil, draftView{
			Days: strconv.Itoa(days), Errors: []ui.FieldError{{Field: "take", Text: t(r.Context(), "take.none")}},
		})
	}
	return p.changeDraft(w, r, "taken", draftView{}, func(m *plan.MeetingDraft) { m.TakePoints(taken) })
}

// changePoint changes, moves, removes or adds ("new") a point. POST /meetings/draft/{id}/point/{n}
func (p pages) changePoint(w http.ResponseWriter, r *http.Request) error {
	title, text := strings.TrimSpace(r.PostFormValue("point")), strings.TrimSpace(r.PostFormValue("point-text"))
	if r.PathValue("n") == "new" {
		return p.changeDraft(w, r, "saved", draftView{Title: title, Text: text}, func(m *plan.MeetingDraft) {
			m.Points = append(m.Points, plan.DraftPoint{Ground: plan.AgendaFree, Title: title, Text: text})
		})
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 {
		return web.ErrNotFound
	}
	return p.changeDraft(w, r, "saved", draftView{}, func(m *plan.MeetingDraft) {
		if n >= len(m.Points) {
			return
		}
		switch to := n + 1; r.PostFormValue("do") {
		case "up":
			to = n - 1
			fallthrough
		case "down":
			if to >= 0 && to < len(m.Points) {
				m.Points[n], m.Points[to] = m.Points[to], m.Points[n]
			}
		case "drop":
			m.Points = slices.Delete(m.Points, n, n+1)
		default:
			m.Points[n].Title, m.Points[n].Text = title, text
		}
	})
}

// call 发出会议通知. POST /meetings/draft/{id}/call
func (p pages) call(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := p.desk.CallMeeting(ctx, web.RequestOf(r), r.PathValue("id"))
	if err = gone(err); err == web.ErrNotFound { //nolint:errorlint // gone gives it as it is
		return err
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return p.showDraft(w, r, http.StatusUnprocessableEntity, nil, draftView{Errors: fields})
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, "called"))
	return web.Redirect(w, r, "/meeting/"+id)
}

// drop gives a meeting in preparation up. POST /meetings/draft/{id}/drop
func (p pages) drop(w http.ResponseWriter, r *http.Request) error {
	if err := p.desk.DropMeetingDraft(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "dropped"))
	return web.Redirect(w, r, "/meetings")
}

// change begins a change of a meeting that was called. POST /meeting/{id}/change
func (p pages) change(w http.ResponseWriter, r *http.Request) error {
	id, err := p.desk.ChangeMeeting(r.Context(), r.PathValue("id"))
	if err != nil {
		return gone(err)
	}
	return web.Redirect(w, r, "/meetings/draft/"+id)
}
