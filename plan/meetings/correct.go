package meetings

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

type correctView struct {
	*plan.Meeting
	Now               plan.MinutesCorrection // as the form has it
	Units, Neighbours []ui.Option
	Newer             bool // somebody corrected them after the form was opened
	Key               string
	Errors            []ui.FieldError
}

// correcting is the form that corrects issued minutes. GET /meeting/{id}/correct
func (p pages) correcting(w http.ResponseWriter, r *http.Request) error {
	n, err := p.desk.CorrectionOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return noCorrection(err)
	}
	return p.showCorrecting(w, r, http.StatusOK, correctView{Now: n})
}

// noCorrection makes minutes that are not there, or not this member's, the page that says so.
func noCorrection(err error) error {
	if refuse.Is(err, "plan.minutes-none") || refuse.Is(err, "plan.not-ours") {
		return web.ErrNotFound
	}
	return gone(err)
}

func (p pages) showCorrecting(w http.ResponseWriter, r *http.Request, status int, v correctView) (err error) {
	ctx := r.Context()
	v.Key = web.NewRequestKey()
	if v.Meeting, err = p.desk.Meeting(ctx, r.PathValue("id"), plan.ViewerOf(web.Actor(r))); err != nil {
		return gone(err)
	}
	orgs, members, _, err := p.desk.MeetingChoices(ctx, v.Circle)
	if err != nil {
		return err
	}
	v.Units, v.Neighbours = options(orgs), options(members)
	return web.ShowStatus(w, r, status, correctPage(v))
}

// correct 更正会议纪要. Whoever was slower sees what holds now with what he changed in it. POST /meeting/{id}/correct
func (p pages) correct(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	if err := r.ParseForm(); err != nil {
		return err
	}
	seen, err := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if err != nil {
		seen = plan.AnyMinutes // no minutes hold by it: refused as older ones
	}
	err = p.desk.CorrectMinutes(ctx, web.RequestOf(r), id, func(n *plan.MinutesCorrection) {
		readCorrection(r, n)
		n.Seen = seen
	})
	fields, refused := web.FieldErrors(ctx, err)
	if err = noCorrection(err); err == web.ErrNotFound || err != nil && !refused { //nolint:errorlint // noCorrection gives it as it is
		return err
	}
	if !refused {
		web.Flash(w, r, ui.Good, t(ctx, "corrected.done"))
		return web.Redirect(w, r, "/meeting/"+id)
	}
	now, err := p.desk.CorrectionOf(ctx, id)
	if err != nil {
		return noCorrection(err)
	}
	was, err := p.desk.CorrectionSeen(ctx, id, seen)
	if err != nil {
		return noCorrection(err)
	}
	typed := was
	typed.Present, typed.Points, typed.Resolutions = slices.Clone(was.Present), slices.Clone(was.Points), slices.Clone(was.Resolutions)
	readCorrection(r, &typed)
	for i, f := range fields {
		if f.Field == "seen" { // no field of the form
			fields[i].Field = ""
		}
	}
	v := correctView{Now: typed.Onto(was, now), Errors: fields, Newer: now.Seen != seen}
	status := http.StatusUnprocessableEntity
	if v.Newer {
		status = http.StatusConflict
	}
	return p.showCorrecting(w, r, status, v)
}

// readCorrection reads the form into what it corrects; what the form does not have stays.
func readCorrection(r *http.Request, n *plan.MinutesCorrection) {
	read := func(to *string, name string) {
		if r.PostForm.Has(name) {
			*to = strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"))
		}
	}
	read(&n.Reason, "reason")
	read(&n.Chair, "chair")
	read(&n.Recorder, "recorder")
	for i := range n.Present {
		at, state := strconv.Itoa(i), string(n.Present[i].State)
		read(&state, "present-"+at)
		n.Present[i].State = plan.Attendance(state)
		read(&n.Present[i].People, "people-"+at)
	}
	for i := range n.Points {
		at := strconv.Itoa(i)
		read(&n.Points[i].Title, "title-"+at)
		read(&n.Points[i].Text, "text-"+at)
	}
	for i := range n.Resolutions {
		at, d := strconv.Itoa(i), &n.Resolutions[i]
		if !r.PostForm.Has("decision-" + at) {
			continue
		}
		read(&d.Text, "decision-"+at)
		read(&d.Side, "side-"+at)
		unit, due := unitValue(*d), string(d.Due)
		read(&unit, "unit-"+at)
		read(&due, "due-"+at)
		d.Due = judge.Date(due)
		if d.Org, d.Member = unit, ""; strings.HasPrefix(unit, "@") {
			d.Org, d.Member = "", unit[1:]
		}
		d.Supports = r.PostForm["supports-"+at]
	}
}

// slipsOf are the open slips on items of decisions that were corrected, by item: a correction does not change them.
func (p pages) slipsOf(ctx context.Context, n *plan.Minutes, v plan.Viewer) (map[string][]plan.Slip, error) {
	by := map[string][]plan.Slip{}
	if n == nil {
		return by, nil
	}
	for _, c := range n.Corrections {
		for _, x := range c.Texts {
			if _, known := by[x.Item]; known || !x.Follows() {
				continue
			}
			all, err := p.desk.Slips(ctx, plan.SlipQuery{Open: true, Item: x.Item}, v)
			if err != nil {
				return nil, err
			}
			by[x.Item] = all
		}
	}
	return by, nil
}

func (v correctView) unitOptions(ctx context.Context) []ui.Option {
	return minutesView{Units: v.Units, Neighbours: v.Neighbours}.unitOptions(ctx)
}

// item is where the work of a decision is followed, which a correction leaves as it is; empty: nowhere.
func (v correctView) item(i int) string {
	if i < len(v.Minutes.Resolutions) {
		return v.Minutes.Resolutions[i].Item
	}
	return ""
}
