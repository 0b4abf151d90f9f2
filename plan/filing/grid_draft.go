package filing

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"liandong/web"
	"liandong/web/ui"
)

// gridResume reads the draft of the grid that is shown.
func (p *pages) gridResume(r *http.Request, v *gridView) (typed url.Values, err error) {
	v.Draft, typed, err = p.readDraft(r, v.draftName())
	for _, row := range v.Rows {
		if typed.Get(row.field("period")) != string(row.Period) {
			for _, c := range []string{"p", "f", "t", "a", "r", "seen"} {
				delete(typed, row.field(c)) // typed for a period that is over
			}
		}
	}
	return typed, err
}

func (at gridPlace) draftName() string {
	if at.From > 0 {
		return fmt.Sprintf("grid@%s+%d", at.Period, at.From)
	}
	return "grid@" + string(at.Period)
}

func (at gridPlace) draftHref() string {
	return "/report/grid/draft" + strings.TrimPrefix(at.href(), "/report/grid")
}

// gridDraft keeps what was typed into the grid. POST /report/grid/draft
func (p *pages) gridDraft(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	place, err := placeOf(r)
	if err != nil {
		return err
	}
	s := &sent{Values: r.PostForm}
	name := place.draftName()
	if s.Get("act") == "discard" {
		if err := p.desk.DropTyping(r.Context(), web.Actor(r), name, s.version(), ""); err != nil {
			return err
		}
		web.Flash(w, r, ui.Good, web.T(r.Context(), "filing.draft.discarded"))
		return web.Redirect(w, r, place.href())
	}
	version, err := p.desk.KeepTyping(r.Context(), web.Actor(r), name, s.version(), gridText(s.Values))
	if fromScript(r) {
		if err != nil {
			return err
		}
		return sayVersion(w, version)
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return p.gridAgain(w, r, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "filing.draft.saved"))
	return web.Redirect(w, r, place.href())
}

// gridAgain shows the grid with what was typed and why it was not kept; the next saving knows of
// the colleague's.
func (p *pages) gridAgain(w http.ResponseWriter, r *http.Request, wrong []ui.FieldError) error {
	v, err := p.grid(r)
	if err != nil {
		return err
	}
	for _, row := range v.Rows {
		row.fill(r.PostForm)
	}
	if v.Draft, v.Draft.Other, err = p.readDraft(r, v.draftName()); err != nil {
		return err
	}
	v.Errors = wrong
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, gridTable(v))
}

// gridText leaves out the rows in which nothing is typed.
func gridText(v url.Values) string {
	typed := url.Values{}
	for name, all := range v {
		column, item, ok := strings.Cut(name, "-")
		if !ok || strings.Join(all, "") == "" || v.Get("p-"+item)+v.Get("f-"+item)+v.Get("t-"+item) == "" {
			continue
		}
		if slices.Contains([]string{"period", "p", "f", "t", "c", "a", "r", "seen"}, column) {
			typed[name] = all
		}
	}
	return textOf(typed)
}
