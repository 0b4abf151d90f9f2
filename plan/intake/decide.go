package intake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

// decide takes what a person decided on a preview: read again, import or discard.
// POST /plan/{key}/import/{draft}
func (p *pages) decide(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	draft, err := p.desk.DraftOf(ctx, web.Actor(r), r.PathValue("draft"))
	if err != nil {
		return err
	}
	if draft.Done != nil {
		return web.Redirect(w, r, p.draftPath(draft))
	}
	if err := r.ParseForm(); err != nil {
		return refuse.New("plan.import-form")
	}
	if r.PostForm.Get("do") == "discard" {
		return p.discard(w, r, draft)
	}
	before := seen(draft.Options, r.PostForm)
	wrong := apply(draft, r.PostForm)
	if err := p.whichList(ctx, draft, r.PostForm.Get("do")); err != nil {
		return err
	}
	if err := p.desk.SaveDraft(ctx, draft); err != nil {
		return err
	}
	if fields, ok := fieldErrors(ctx, wrong); ok {
		return p.show(w, r, draft, fields)
	}
	if r.PostForm.Get("do") != "confirm" {
		return web.Redirect(w, r, backTo(p.draftPath(draft), r.PostForm))
	}
	if before != reading(draft.Options) {
		web.Flash(w, r, ui.Info, web.T(ctx, "intake.reread.first"))
		return web.Redirect(w, r, p.draftPath(draft))
	}
	pinUnits(&draft.Options, r.PostForm)
	return p.confirm(w, r, draft)
}

// whichList takes the answer to whether a file is a list that stands: revise it, or another.
func (p *pages) whichList(ctx context.Context, draft *plan.Draft, answer string) error {
	switch answer {
	case "another":
		draft.TakeAsAnother()
	case "revise":
		preview, err := p.desk.PreviewDraft(ctx, draft)
		if err != nil || preview.Same == nil {
			return err
		}
		draft.Revise(preview.Same)
	}
	return nil
}

// seen are the options under which the page was made.
func seen(o plan.ImportOptions, form url.Values) string {
	if year, err := yearOf(form.Get("was-year")); err == nil && o.Year == 0 {
		o.Year = year
	}
	return reading(o)
}

// reading are the options that decide how the file is understood: a person confirms only what he
// saw.
func reading(o plan.ImportOptions) string {
	b, err := json.Marshal([]any{o.Year, o.Columns, o.Units, o.Hidden})
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (p *pages) discard(w http.ResponseWriter, r *http.Request, draft *plan.Draft) error {
	if err := p.desk.DiscardDraft(r.Context(), draft); err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), wordOf(draft, "discarded")))
	if id := draft.Options.Making; id != "" {
		return web.Redirect(w, r, "/making/"+id)
	}
	return web.Redirect(w, r, "/plan/import")
}

func (p *pages) confirm(w http.ResponseWriter, r *http.Request, draft *plan.Draft) error {
	ctx := r.Context()
	text, err := json.Marshal([]any{draft.ID, draft.Options, draft.Choices})
	if err != nil {
		return err
	}
	req := node.Request{ID: web.RequestKey(r), Print: text, Actor: web.Actor(r)}
	_, err = p.desk.ConfirmDraft(ctx, req, draft)
	if fields, ok := fieldErrors(ctx, err); ok {
		return p.show(w, r, draft, fields)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, p.draftPath(draft))
}

// backTo is the part of the sheet that the form stood beside.
func backTo(path string, form url.Values) string {
	q := url.Values{}
	for _, k := range []string{"sheet", "from"} {
		if v := form.Get("at-" + k); v != "" {
			q.Set(k, v)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// apply lays a form over a draft; what is wrong is left as it was and said.
func apply(draft *plan.Draft, form url.Values) error {
	o := &draft.Options
	applyColumns(o, form)
	applyUnits(o, form)
	if form.Has("hidden-shown") && !slices.Equal(form["hidden"], form["was-hidden"]) {
		o.Hidden = append([]string{}, form["hidden"]...)
	}
	applyPairs(draft, form)
	if form.Has("dropped-shown") {
		draft.Choices.KeepDropped = form.Get("dropped") == "keep"
	}
	if form.Has("reason") {
		draft.Choices.Reason = strings.TrimSpace(form.Get("reason"))
	}
	return applyHead(o, form)
}

// applyColumns: each column comes with what it was when the page was made; only a change is a
// correction.
func applyColumns(o *plan.ImportOptions, form url.Values) {
	for name, values := range form {
		header, ok := strings.CutPrefix(name, "col:")
		if !ok {
			continue
		}
		was := form["was:"+header]
		for i, v := range values {
			if i < len(was) && v != was[i] && slices.Contains(sheet.Fields, sheet.Field(v)) {
				if o.Columns == nil {
					o.Columns = map[string]sheet.Field{}
				}
				o.Columns[header] = sheet.Field(v)
			}
		}
	}
}

// applyUnits: each unknown name comes with what the page took it for; only another answer is a
// decision, a new unit as well as one of the directory.
func applyUnits(o *plan.ImportOptions, form url.Values) {
	for key, is := range unitsOf(form) {
		if is != form.Get("was-unit:"+key) {
			o.SetUnit(key, is)
		}
	}
}

// pinUnits makes what the page showed the decision of who confirms it: the directory may have changed
// since, and with it what is near.
func pinUnits(o *plan.ImportOptions, form url.Values) {
	for key, is := range unitsOf(form) {
		o.SetUnit(key, is)
	}
}

// unitsOf are the answers of a form by the key of the name.
func unitsOf(form url.Values) map[string]string {
	all := map[string]string{}
	for name, values := range form {
		if key, ok := strings.CutPrefix(name, "unit:"); ok {
			all[key] = values[0]
		}
	}
	return all
}

func applyPairs(draft *plan.Draft, form url.Values) {
	for _, row := range form["pair"] {
		if draft.Choices.Items == nil {
			draft.Choices.Items = map[string][]string{}
		}
		draft.Choices.Items[row] = form["link:"+row]
	}
}

func applyHead(o *plan.ImportOptions, form url.Values) error {
	if !form.Has("title") {
		return nil
	}
	var wrong []error
	o.Title, o.Number = strings.TrimSpace(form.Get("title")), strings.TrimSpace(form.Get("number"))
	if year, err := yearOf(strings.TrimSpace(form.Get("year"))); err != nil {
		wrong = append(wrong, err)
	} else {
		o.Year = year
	}
	if c, err := judge.ParseCycle(form.Get("cycle")); err != nil {
		wrong = append(wrong, refuse.New("plan.import-cycle").At("cycle"))
	} else {
		o.Cycle = c
	}
	if day, err := cutoffOf(strings.TrimSpace(form.Get("cutoff"))); err != nil {
		wrong = append(wrong, err)
	} else {
		o.Rhythm.CutoffDay = day
	}
	for _, d := range daysFields {
		if n, err := daysOf(strings.TrimSpace(form.Get(d.name)), d); err != nil {
			wrong = append(wrong, err)
		} else {
			*d.of(o) = n
		}
	}
	if text := strings.TrimSpace(form.Get("issued")); text == "" {
		o.Issued = ""
	} else if day, err := judge.ParseDate(text); err != nil {
		wrong = append(wrong, refuse.New("plan.import-issued").At("issued"))
	} else {
		o.Issued = day
	}
	return errors.Join(wrong...)
}

// daysFields are the numbers of days that a list may set for itself; empty: as the list has them, or the usual ones.
var daysFields = []daysField{
	{"open", 1, 366, func(o *plan.ImportOptions) *int { return &o.Rhythm.OpenDays }},
	{"grace", 0, 10, func(o *plan.ImportOptions) *int { return &o.Rhythm.TenDayGrace }},
	{"warn", 1, 365, func(o *plan.ImportOptions) *int { return &o.WarnDays }},
}

type daysField struct {
	name        string
	least, most int
	of          func(o *plan.ImportOptions) *int
}

func daysOf(text string, d daysField) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < d.least || n > d.most {
		return 0, refuse.New("plan.import-days", "least", d.least, "most", d.most).At(d.name)
	}
	return n, nil
}

// donePage says what an import wrote.
type donePage struct {
	Path, Key string
	Title     string
	Links     []plan.LinkedTitle
	Draft     *plan.Draft
}

func (d donePage) word(key string) string { return wordOf(d.Draft, key) }

func (p *pages) done(w http.ResponseWriter, r *http.Request, draft *plan.Draft) error {
	ctx := r.Context()
	head, err := p.desk.Head(ctx, draft.Done.Plan)
	if err != nil {
		return err
	}
	d := donePage{Path: p.draftPath(draft), Key: p.desk.PlanKey(draft.Done.Plan), Draft: draft}
	if head != nil {
		d.Title = head.Words.Title
	}
	if d.Links, err = p.desk.LinkedTitles(ctx, draft.Done.Links); err != nil {
		return err
	}
	return web.Show(w, r, doneView(d))
}

// undo takes one item from a row that the import linked. POST /plan/{key}/import/{draft}/undo
func (p *pages) undo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	draft, err := p.desk.DraftOf(ctx, web.Actor(r), r.PathValue("draft"))
	if err != nil {
		return err
	}
	link := plan.LinkedRow{Listing: r.PostFormValue("listing"), Item: r.PostFormValue("item")}
	if draft.Done == nil || !slices.Contains(draft.Done.Links, link) {
		return web.ErrNotFound
	}
	req := node.Request{ID: web.RequestKey(r), Print: []byte("undo\n" + link.Listing + "\n" + link.Item), Actor: web.Actor(r)}
	if err := p.desk.RemoveItem(ctx, req, link.Listing, link.Item); err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "intake.undone"))
	return web.Redirect(w, r, p.draftPath(draft))
}
