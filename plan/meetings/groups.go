package meetings

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

type listView struct {
	Coming, Past []plan.Meeting
	Groups       []plan.Group
	Drafts       []plan.MeetingDraft
	Today        judge.Date
	Calls        bool // the reader calls meetings
	Of           []ui.Option
	waits        map[string]plan.MeetingStep
}

// list shows what the reader is invited to, what was held, and the groups. GET /meetings
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r)
	v := listView{Today: p.desk.Today(), Calls: web.May(ctx, region.PlanMeeting), waits: map[string]plan.MeetingStep{}}
	all, err := p.desk.Meetings(ctx, plan.ViewerOf(actor))
	if err != nil {
		return err
	}
	waiting, err := p.desk.WaitingMeetings(ctx, actor)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		v.waits[m.ID] = p.desk.MeetingWaits(&m, actor)
	}
	for _, m := range all {
		if m.State == plan.MeetingIsCalled || m.State == plan.MeetingIsHeld {
			v.Coming = append(v.Coming, m)
		} else {
			v.Past = append(v.Past, m)
		}
	}
	if v.Groups, err = p.desk.Groups(ctx, plan.ViewerOf(actor)); err != nil {
		return err
	}
	if v.Calls {
		if v.Drafts, err = p.desk.MeetingDrafts(ctx); err != nil {
			return err
		}
		if v.Of, err = p.kinds(ctx, v.Groups); err != nil {
			return err
		}
	}
	return web.Show(w, r, listPage(v))
}

// kinds are what a new meeting may be of: one of the own groups, inside, or a circle.
func (p pages) kinds(ctx context.Context, groups []plan.Group) ([]ui.Option, error) {
	_, _, circles, err := p.desk.MeetingChoices(ctx, "")
	all := []ui.Option{{Value: "", Label: t(ctx, "of.inside")}}
	for _, c := range circles {
		all = append(all, ui.Option{Value: "circle:" + c.ID, Label: t(ctx, "of.circle", "circle", c.Name)})
	}
	for _, g := range groups {
		if g.Ours && g.Over == "" {
			all = append(all, ui.Option{Value: "group:" + g.ID, Label: t(ctx, "of.group", "group", groupName(ctx, g))})
		}
	}
	return all, err
}

type groupForm struct {
	ID                         string // empty: a new one
	Circle                     string
	Name, Duties, Reason       string
	Convener                   string
	Orgs, Members, Plans       []string
	Sides                      map[string]string
	Units, Neighbours, Choices []ui.Option
	Circles                    []region.Circle
	Key                        string
	Errors                     []ui.FieldError
}

// newGroup is the form of a working group; ?circle= says with whom. GET /meetings/groups/new
func (p pages) newGroup(w http.ResponseWriter, r *http.Request) error {
	return p.showGroupForm(w, r, http.StatusOK, groupForm{Circle: r.URL.Query().Get("circle"), Convener: web.Actor(r).Org})
}

func (p pages) showGroupForm(w http.ResponseWriter, r *http.Request, status int, v groupForm) error {
	ctx := r.Context()
	orgs, members, circles, err := p.desk.MeetingChoices(ctx, v.Circle)
	if err != nil {
		return err
	}
	heads, err := p.desk.Heads(ctx)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if v.Circle == "" || h.Circle == v.Circle {
			v.Choices = append(v.Choices, ui.Option{Value: h.Facts.Plan, Label: h.Words.Title})
		}
	}
	v.Units, v.Neighbours, v.Circles, v.Key = options(orgs), options(members), circles, web.NewRequestKey()
	return web.ShowStatus(w, r, status, groupFormPage(v))
}

func options(all []plan.Choice) (o []ui.Option) {
	for _, c := range all {
		o = append(o, ui.Option{Value: c.ID, Label: c.Name})
	}
	return o
}

func readGroupForm(r *http.Request) (groupForm, error) {
	if err := r.ParseForm(); err != nil {
		return groupForm{}, err
	}
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	v := groupForm{
		Circle: field("circle"), Name: field("name"), Duties: field("duties"), Reason: field("reason"), Convener: field("convener"),
		Orgs: r.PostForm["orgs"], Members: r.PostForm["members"], Plans: r.PostForm["plans"], Sides: map[string]string{},
	}
	for _, m := range v.Members {
		if side := field("side-" + m); side != "" {
			v.Sides[m] = side
		}
	}
	return v, nil
}

func (v groupForm) group() plan.NewGroup {
	return plan.NewGroup{
		Circle: v.Circle, Convener: v.Convener, Orgs: v.Orgs, Members: v.Members, Plans: v.Plans,
		Words: plan.GroupWords{Name: v.Name, Duties: v.Duties, Sides: v.Sides, Reason: v.Reason},
	}
}

// setUp 成立专班. POST /meetings/groups/new
func (p pages) setUp(w http.ResponseWriter, r *http.Request) error { return p.putGroup(w, r, "") }

// changeGroup 调整专班. POST /group/{id}/edit
func (p pages) changeGroup(w http.ResponseWriter, r *http.Request) error {
	return p.putGroup(w, r, r.PathValue("id"))
}

func (p pages) putGroup(w http.ResponseWriter, r *http.Request, id string) error {
	ctx := r.Context()
	v, err := readGroupForm(r)
	if err != nil {
		return err
	}
	v.ID = id
	done, err := p.desk.SetGroup(ctx, web.RequestOf(r), id, v.group())
	if err = gone(err); err == web.ErrNotFound { //nolint:errorlint // gone gives it as it is
		return err
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		v.Errors = fields
		return p.showGroupForm(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, "group.done"))
	return web.Redirect(w, r, "/group/"+done)
}

// editGroup is the form of a change. GET /group/{id}/edit
func (p pages) editGroup(w http.ResponseWriter, r *http.Request) error {
	g, err := p.desk.Group(r.Context(), r.PathValue("id"), plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	if !g.Ours || g.Over != "" {
		return web.ErrNotFound
	}
	f := g.Facts()
	return p.showGroupForm(w, r, http.StatusOK, groupForm{
		ID: g.ID, Circle: g.Circle, Name: g.Words.Name, Duties: g.Words.Duties, Convener: f.Convener, Orgs: f.Orgs, Members: f.Members, Plans: f.Plans, Sides: g.Words.Sides,
	})
}

type groupView struct {
	plan.Group
	Meetings []plan.Meeting
	Lists    []ui.Link
	Acts     bool // the reader may change it
	Typed    []plan.Contact
	Reason   string
	Under    string
	Key      string
	Errors   []ui.FieldError
}

// group shows one. GET /group/{id}
func (p pages) group(w http.ResponseWriter, r *http.Request) error {
	return p.showGroup(w, r, http.StatusOK, groupView{})
}

func (p pages) showGroup(w http.ResponseWriter, r *http.Request, status int, v groupView) (err error) {
	ctx, viewer := r.Context(), plan.ViewerOf(web.Actor(r))
	if v.Group, err = p.desk.Group(ctx, r.PathValue("id"), viewer); err != nil {
		return gone(err)
	}
	all, err := p.desk.Meetings(ctx, viewer)
	if err != nil {
		return err
	}
	v.Meetings = slices.DeleteFunc(all, func(m plan.Meeting) bool { return m.Group != v.ID })
	heads, err := p.desk.Heads(ctx)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if slices.Contains(v.Plans, h.Facts.Plan) {
			v.Lists = append(v.Lists, ui.Link{Label: h.Words.Title, Href: "/plan/" + p.desk.PlanKey(h.Facts.Plan)})
		}
	}
	v.Acts, v.Key = v.Ours && v.Over == "" && web.May(ctx, region.PlanMeeting), web.NewRequestKey()
	if v.Typed == nil {
		v.Typed = v.Contacts
	}
	return web.ShowStatus(w, r, status, groupPage(v))
}

// moreContacts is how many empty places the form of contacts has.
const moreContacts = 3

// setContacts 专班联络员. POST /group/{id}/contacts
func (p pages) setContacts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := groupView{Under: "contacts", Typed: []plan.Contact{}}
	for i := 0; ; i++ {
		n := strconv.Itoa(i)
		if _, ok := r.PostForm["name-"+n]; !ok && r.PostFormValue("name-"+n) == "" {
			break
		}
		v.Typed = append(v.Typed, plan.Contact{Unit: r.PostFormValue("unit-" + n), Name: r.PostFormValue("name-" + n), Phone: r.PostFormValue("phone-" + n)})
	}
	err := p.desk.SetContacts(ctx, web.RequestOf(r), r.PathValue("id"), v.Typed)
	return p.didGroup(w, r, v, "contacts.done", err)
}

// dissolve 撤销专班. POST /group/{id}/dissolve
func (p pages) dissolve(w http.ResponseWriter, r *http.Request) error {
	v := groupView{Under: "dissolve", Reason: r.PostFormValue("reason")}
	return p.didGroup(w, r, v, "dissolved", p.desk.DissolveGroup(r.Context(), web.RequestOf(r), r.PathValue("id"), v.Reason))
}

func (p pages) didGroup(w http.ResponseWriter, r *http.Request, v groupView, done string, err error) error {
	ctx := r.Context()
	if err = gone(err); err == web.ErrNotFound { //nolint:errorlint // gone gives it as it is
		return err
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		for i := range fields {
			fields[i].Field = v.Under
		}
		v.Errors = fields
		return p.showGroup(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/group/"+r.PathValue("id"))
}
