package filing

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// draft is what is kept of a form while it is written: for the unit, so that it stands there again in
// another browser, for a colleague and after the session ended.
type draft struct {
	plan.Typing
	Known int64      // version that this page was made from
	Other url.Values // what a colleague saved since; nil if nobody did
}

// passing are the values of a form that are not typed.
var passing = []string{"request", "version", "act", "merge", "block"}

// textOf encodes what was typed into a form.
func textOf(v url.Values) string {
	typed := url.Values{}
	for name, all := range v {
		if !slices.Contains(passing, name) && strings.Join(all, "") != "" {
			typed[name] = all
		}
	}
	return typed.Encode()
}

// version is which draft the page was made from.
func (s *sent) version() int64 {
	n, err := strconv.ParseInt(s.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// fromScript says that the page itself saves what is being typed, and wants no page for an answer.
func fromScript(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

func sayVersion(w http.ResponseWriter, version int64) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte(strconv.FormatInt(version, 10)))
	return err
}

// readDraft reads a draft with its values; nil values where there is none.
func (p *pages) readDraft(r *http.Request, name string) (d draft, v url.Values, err error) {
	if d.Typing, err = p.desk.Typing(r.Context(), web.Actor(r), name); err != nil || d.Version == 0 {
		return d, nil, err
	}
	d.Known = d.Version
	v, err = url.ParseQuery(d.Text)
	return d, v, err
}

// reportDraft keeps what was typed into a report's form, or gives the draft up.
// POST /item/{id}/report/draft?period=
func (p *pages) reportDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := p.form(r, judge.Period(r.URL.Query().Get("period")))
	if err != nil {
		return err
	}
	s, err := p.readSent(r)
	if err != nil {
		return err
	}
	name, actor := f.draftName(), web.Actor(r)
	if s.Get("act") == "discard" {
		if err := p.desk.DropTyping(r.Context(), actor, name, s.version(), ""); err != nil {
			return err
		}
		web.Flash(w, r, ui.Good, web.T(r.Context(), "filing.draft.discarded"))
		return web.Redirect(w, r, reportHref(f.Item, f.Period))
	}
	if err := p.fill(r, f, s); err != nil {
		return err
	}
	version, err := p.desk.KeepTyping(r.Context(), actor, name, s.version(), f.draftText(s))
	if fromScript(r) {
		if err != nil {
			return err
		}
		return sayVersion(w, version)
	}
	if err == nil && len(f.Errors) == 0 {
		web.Flash(w, r, ui.Good, web.T(r.Context(), "filing.draft.saved"))
		return web.Redirect(w, r, reportHref(f.Item, f.Period))
	}
	return p.draftRefused(w, r, f, version, err)
}

// draftRefused shows the form with what was typed beside what a colleague saved; the next saving
// knows of it.
func (p *pages) draftRefused(w http.ResponseWriter, r *http.Request, f *reportForm, version int64, err error) error {
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		f.Errors = append(f.Errors, fields...)
	} else if err != nil {
		return err
	}
	if f.Draft.Known = version; err != nil {
		now, other, err := p.readDraft(r, f.draftName())
		if err != nil {
			return err
		}
		f.Draft = now
		f.Draft.Other = other
	}
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, reportView(f))
}

func (f *reportForm) draftName() string { return plan.TypingName(f.Item, f.Period) }

func (f *reportForm) draftHref() string {
	return "/item/" + f.Item + "/report/draft?period=" + string(f.Period)
}

// draftText is what was typed, with the files that were stored on the way.
func (f *reportForm) draftText(s *sent) string {
	v := url.Values{}
	for name, all := range s.Values {
		v[name] = all
	}
	delete(v, "keep")
	for _, file := range f.Files {
		v.Add("keep", file.Blob)
	}
	return textOf(v)
}

// resume puts a draft into the form.
func (p *pages) resume(r *http.Request, f *reportForm) error {
	d, v, err := p.readDraft(r, f.draftName())
	if err != nil || v == nil {
		return err
	}
	f.Met, f.Answers, f.Merged = map[string]string{}, map[string]string{}, nil
	err = p.fill(r, f, &sent{Values: v})
	f.Draft = d
	return err
}
