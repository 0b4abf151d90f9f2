package split

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sent"
	"liandong/web"
	"liandong/web/ui"
)

// draft is what is kept of a part while it is written: for the unit, so that it stands there again in another browser and for a colleague.
type draft struct {
	plan.Typing
	Known int64      // version that this page was made from
	Other url.Values // what a colleague saved since; nil if nobody did
}

// draftName names the draft of a part for a period.
func draftName(l plan.ShareLine) string { return "share:" + l.ID + "@" + string(l.Period) }

func (v shareView) draftHref() string {
	return "/share/" + v.ID + "/draft?period=" + url.QueryEscape(string(v.Period))
}

// versionOf is the version of the draft that a form was made from.
func versionOf(s *sent.Form) int64 {
	n, err := strconv.ParseInt(s.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// draftText is what was typed, with the files that were stored on the way.
func draftText(s *sent.Form, files []plan.FileRef) string {
	typed := url.Values{}
	for name, all := range s.Values {
		if (name == "progress" || name == "problem" || strings.HasPrefix(name, "fig-")) && strings.Join(all, "") != "" {
			typed[name] = all
		}
	}
	for _, f := range files {
		typed.Add("keep", f.Blob)
	}
	return typed.Encode()
}

// readDraft reads the draft of a part; its version is 0 where there is none.
func (p pages) readDraft(r *http.Request, l plan.ShareLine) (d draft, v url.Values, err error) {
	if d.Typing, err = p.desk.Typing(r.Context(), web.Actor(r), draftName(l)); err != nil || d.Version == 0 {
		return d, nil, err
	}
	d.Known = d.Version
	v, err = url.ParseQuery(d.Text)
	return d, v, err
}

// resume puts a draft into the form.
func (p pages) resume(r *http.Request, v *shareView) error {
	d, typed, err := p.readDraft(r, v.ShareLine)
	if err != nil || typed == nil {
		return err
	}
	v.Draft = d
	v.Progress, v.Problem, v.Figures = typed.Get("progress"), typed.Get("problem"), map[string]string{}
	for _, i := range v.Indicators {
		v.Figures[i.ID] = typed.Get("fig-" + i.ID)
	}
	v.Files, err = p.filesOf(r, typed, v.ShareLine)
	return err
}

// filesOf are the files that a draft names: those of the reader that were not reported yet, and those of the earlier report.
func (p pages) filesOf(r *http.Request, typed url.Values, l plan.ShareLine) ([]plan.FileRef, error) {
	all, err := p.desk.Uploaded(r.Context(), web.Actor(r).Person, typed["keep"])
	if l.Said != nil {
		for _, f := range l.Said.Words.Files {
			if slices.Contains(typed["keep"], f.Blob) {
				all = append(all, f)
			}
		}
	}
	return all, err
}

// saveDraft keeps what was typed into a part's form, or gives the draft up. POST /share/{id}/draft?period=
func (p pages) saveDraft(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r)
	l, indicators, err := p.desk.ShareOf(ctx, r.PathValue("id"), judge.Period(r.URL.Query().Get("period")), plan.ViewerOf(actor))
	if err != nil {
		return gone(err)
	}
	if !plan.MayReportShare(actor, l.Share) {
		return web.ErrForbidden
	}
	s, err := sent.Read(r, p.desk)
	if err != nil {
		return err
	}
	back := "/share/" + l.ID + "?period=" + url.QueryEscape(string(l.Period)) + "#report"
	if s.Get("act") == "discard" {
		if err := p.desk.DropTyping(ctx, actor, draftName(l), versionOf(s), ""); err != nil {
			return err
		}
		web.Flash(w, r, ui.Good, t(ctx, "draft.discarded"))
		return web.Redirect(w, r, back)
	}
	files := keptFiles(s, l)
	version, err := p.desk.KeepTyping(ctx, actor, draftName(l), versionOf(s), draftText(s, files))
	if r.Header.Get("Accept") == "application/json" { // the page saves by itself
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err = w.Write([]byte(strconv.FormatInt(version, 10)))
		return err
	}
	if err == nil && len(s.Errors) == 0 {
		web.Flash(w, r, ui.Good, t(ctx, "draft.saved"))
		return web.Redirect(w, r, back)
	}
	v := shareView{Under: "report", Progress: s.Text("progress"), Problem: s.Text("problem"), Figures: map[string]string{}, Files: files, Errors: s.Errors}
	for _, i := range indicators {
		v.Figures[i.ID] = s.Text("fig-" + i.ID)
	}
	if v.Draft.Known = version; err != nil {
		wrong, ok := web.FieldErrors(ctx, err)
		if !ok {
			return err
		}
		v.Errors = append(v.Errors, wrong...)
		now, other, err := p.readDraft(r, l) // the next saving knows of it
		if err != nil {
			return err
		}
		v.Draft, v.Draft.Other = now, other
	}
	return p.showShare(w, r, http.StatusUnprocessableEntity, v)
}
