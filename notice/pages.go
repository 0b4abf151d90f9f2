package notice

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// Routes adds the pages and the bell.
func (d *Desk) Routes(site *web.Site) {
	site.Handle("GET /inbox", region.SelfAct, d.inboxPage)
	site.Handle("POST /inbox/read", region.SelfAct, d.postRead)
	site.Handle("GET /me/notices", region.SelfAct, d.prefPage)
	site.Handle("POST /me/notices", region.SelfAct, d.postPref)
	site.Handle("GET /admin/notices", region.NoticeManage, d.deliveriesPage)
	site.Handle("POST /admin/notices/retry", region.NoticeManage, d.postRetry)
	d.hookRoutes(site)
	d.calendarRoutes(site)
	site.Bell("/inbox", d.Unread)
	site.Mine(web.NavItem{LabelKey: "notice.pref.title", Href: "/me/notices", Icon: "bell"})
	site.Nav(web.NavItem{LabelKey: "notice.admin.nav", Href: "/admin/notices", Action: region.NoticeManage})
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "notice."+key, args...)
}

// inboxPage shows what the person was told. GET /inbox
func (d *Desk) inboxPage(w http.ResponseWriter, r *http.Request) error {
	all, err := d.Inbox(r.Context(), web.Actor(r).Person)
	if err != nil {
		return err
	}
	return web.Show(w, r, inboxView(all))
}

// postRead 标为已读. POST /inbox/read
func (d *Desk) postRead(w http.ResponseWriter, r *http.Request) error {
	if err := d.MarkRead(r.Context(), web.Actor(r).Person, r.PostFormValue("matter")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/inbox")
}

type prefData struct {
	Pref
	Lines    lines
	Calendar string // address that was just made, shown once
	Seated   bool
	Errors   []ui.FieldError
}

// lines are those that this node has.
type lines struct{ Mail, SMS bool }

func (d *Desk) hasLines(ctx context.Context) (lines, error) {
	all, err := d.Hooks(ctx)
	return lines{Mail: d.Mail != nil, SMS: slices.ContainsFunc(all, func(h Hook) bool { return h.Kind == SMS })}, err
}

// prefPage asks how the person wants to be told. GET /me/notices
func (d *Desk) prefPage(w http.ResponseWriter, r *http.Request) error {
	p, err := d.Pref(r.Context(), web.Actor(r).Person)
	if err != nil {
		return err
	}
	return d.showPref(w, r, http.StatusOK, prefData{Pref: p})
}

func (d *Desk) showPref(w http.ResponseWriter, r *http.Request, status int, v prefData) (err error) {
	if v.Lines, err = d.hasLines(r.Context()); err != nil {
		return err
	}
	v.Seated = web.Actor(r).Seat != ""
	return web.ShowStatus(w, r, status, prefView(v))
}

// postPref 提醒方式. POST /me/notices
func (d *Desk) postPref(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	hour := func(name string) int {
		n, err := strconv.Atoi(r.PostFormValue(name))
		if err != nil {
			return -1 // refused as no hour
		}
		return n
	}
	p := Pref{
		Lang: lang.Of(ctx), Mail: r.PostFormValue("mail"), ByMail: r.PostFormValue("by-mail") != "",
		Phone: r.PostFormValue("phone"), BySMS: r.PostFormValue("by-sms") != "", DigestHour: hour("digest-hour"),
		QuietFrom: hour("quiet-from"), QuietUntil: hour("quiet-until"), AtOnce: r.PostFormValue("at-once") != "",
	}
	err := d.SetPref(ctx, web.Actor(r).Person, p)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return d.showPref(w, r, http.StatusUnprocessableEntity, prefData{Pref: p, Errors: fields})
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, "pref.done"))
	return web.Redirect(w, r, "/me/notices")
}

type deliveriesData struct {
	State State
	Some  []Delivery
	All   map[State]int
	Lines lines
}

// deliveriesPage shows what was sent, what waits and what could not be sent. GET /admin/notices
func (d *Desk) deliveriesPage(w http.ResponseWriter, r *http.Request) error {
	v := deliveriesData{State: State(r.URL.Query().Get("state"))}
	if !v.State.known() {
		v.State = Dead
	}
	var err error
	if v.Lines, err = d.hasLines(r.Context()); err != nil {
		return err
	}
	if v.Some, v.All, err = d.Deliveries(r.Context(), v.State); err != nil {
		return err
	}
	return web.Show(w, r, deliveriesView(v))
}

// states are those that the page offers, dead letters first.
var states = []State{Dead, Waiting, Sent, Moot}

func (s State) known() bool {
	return slices.Contains(states, s)
}

// postRetry 重新投递. POST /admin/notices/retry
func (d *Desk) postRetry(w http.ResponseWriter, r *http.Request) error {
	n, err := d.Retry(r.Context(), r.PostFormValue("delivery"))
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "admin.retried", "n", n))
	return web.Redirect(w, r, "/admin/notices?state="+string(Waiting))
}

func hours() (all []ui.Option) {
	for h := range 24 {
		all = append(all, ui.Option{Value: strconv.Itoa(h), Label: strconv.Itoa(h) + ":00"})
	}
	return all
}

func checked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

// tone of a line of the inbox.
func tone(m Told) ui.Status {
	switch {
	case m.Ended:
		return ui.Status{Tone: ui.Good, Word: "inbox.ended"}
	case m.Read:
		return ui.Status{Tone: ui.Plain, Word: "inbox.was-read"}
	case m.Urgent:
		return ui.Status{Tone: ui.Late, Word: "inbox.urgent"}
	}
	return ui.Status{Tone: ui.Info, Word: "inbox.new"}
}

func lineName(ctx context.Context, line string) string {
	if isHook(line) {
		return t(ctx, "line.hook")
	}
	return t(ctx, "line."+line)
}

func stateStatus(ctx context.Context, s State) ui.Status {
	tones := map[State]ui.Tone{Dead: ui.Late, Waiting: ui.Info, Sent: ui.Good, Moot: ui.Gone}
	return ui.Status{Tone: tones[s], Word: t(ctx, "state."+string(s))}
}

func open(all []Told) (n int) {
	for _, m := range all {
		if !m.Ended && !m.Read {
			n++
		}
	}
	return n
}

func stateFilter(ctx context.Context, v deliveriesData) ui.FilterGroup {
	g := ui.FilterGroup{Label: t(ctx, "inbox.state")}
	for _, s := range states {
		g.Choices = append(g.Choices, ui.Choice{
			Label: t(ctx, "state."+string(s)), Href: "/admin/notices?state=" + string(s), Count: ui.Count(v.All[s]), Chosen: s == v.State,
		})
	}
	return g
}
