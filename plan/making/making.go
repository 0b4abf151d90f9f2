package making

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
	"liandong/web/lang"
	"liandong/web/ui"
)

type makingView struct {
	plan.Making
	Head         headFields
	Circle       string // its name
	Own          string // name of the member whose list it is
	Consultation *plan.Consultation
	Issue        issueFields
	Cycles       []ui.Option
	Key          string
	Under        string // whose form the errors are of
	Errors       []ui.FieldError
}

// issueFields are what an issued list has that its draft has not.
type issueFields struct{ Plan, Number, Issued, Cycle, Cutoff string }

// making shows a list in the making; one that was issued leads to the list that it became. GET /making/{id}
func (p pages) making(w http.ResponseWriter, r *http.Request) error {
	into, err := p.desk.MadeInto(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if into != "" {
		return web.Redirect(w, r, "/plan/"+p.desk.PlanKey(into))
	}
	return p.showMaking(w, r, http.StatusOK, makingView{})
}

func (p pages) showMaking(w http.ResponseWriter, r *http.Request, status int, v makingView) (err error) {
	ctx := r.Context()
	if v.Making, err = p.desk.Making(ctx, r.PathValue("id")); err != nil {
		return gone(err)
	}
	m := v.Making
	v.Own = p.own()
	if v.Under != "head" {
		v.Head = headFields{Title: m.Title, Year: strconv.Itoa(m.Year), Circle: m.Circle, Plan: m.Plan}
	}
	if v.Under != "issue" {
		v.Issue = issueFields{Plan: m.Plan, Issued: string(p.desk.Today()), Cycle: string(judge.Month), Cutoff: strconv.Itoa(judge.DefaultCutoffDay)}
	}
	if v.Head.Circles, err = p.circles(ctx); err != nil {
		return err
	}
	for _, o := range v.Head.Circles {
		if o.Value == m.Circle {
			v.Circle = o.Label
		}
	}
	if m.Consultation != "" {
		if v.Consultation, err = p.desk.Consultation(ctx, m.Consultation, plan.ViewerOf(web.Actor(r))); err != nil {
			return err
		}
	}
	v.Cycles, v.Key = cycles(ctx), web.NewRequestKey()
	return web.ShowStatus(w, r, status, makingPage(v))
}

func cycles(ctx context.Context) (all []ui.Option) {
	for _, c := range judge.Cycles() {
		all = append(all, ui.Option{Value: string(c), Label: lang.Pick(ctx, c.Zh(), c.En())})
	}
	return all
}

// setHead changes title, year, circle and key. POST /making/{id}/head
func (p pages) setHead(w http.ResponseWriter, r *http.Request) error {
	ctx, head := r.Context(), headOf(r)
	err := p.desk.SetMaking(ctx, head.making(r.PathValue("id")))
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return p.showMaking(w, r, http.StatusUnprocessableEntity, makingView{Head: head, Under: "head", Errors: fields})
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "saved"))
	return web.Redirect(w, r, "/making/"+r.PathValue("id"))
}

// drop gives a list up. POST /making/{id}/drop
func (p pages) drop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := p.desk.DropMaking(ctx, r.PathValue("id"))
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return p.showMaking(w, r, http.StatusUnprocessableEntity, makingView{Errors: fields})
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "dropped"))
	return web.Redirect(w, r, "/making")
}

type rowView struct {
	plan.MakingRow
	ID       string // of the list
	Title    string // of the list
	Lead     string
	Support  string
	Section  string
	Comments []plan.RowComment // of the running consultation on this row
	Errors   []ui.FieldError
}

// isNew says that the row is added by saving it.
func (v rowView) isNew() bool { return v.Row == 0 }

// rowOf is the row that an address names; "new" is one that is added.
func rowOf(r *http.Request) (int, bool) {
	text := r.PathValue("row")
	if text == "new" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n > 0
}

// row is the form of one row. GET /making/{id}/row/{row}
func (p pages) row(w http.ResponseWriter, r *http.Request) error {
	return p.showRow(w, r, http.StatusOK, nil, nil)
}

func (p pages) showRow(w http.ResponseWriter, r *http.Request, status int, typed *plan.ListingWords, wrong []ui.FieldError) error {
	ctx := r.Context()
	m, err := p.desk.Making(ctx, r.PathValue("id"))
	if err != nil {
		return gone(err)
	}
	row, ok := rowOf(r)
	v := rowView{ID: m.ID, Title: m.Title, Errors: wrong}
	if at := slices.IndexFunc(m.Rows, func(x plan.MakingRow) bool { return x.Row == row }); at >= 0 {
		v.MakingRow = m.Rows[at]
	} else if !ok || row != 0 && typed == nil {
		return web.ErrNotFound
	}
	if row == 0 {
		v.Words.Number = strconv.Itoa(len(m.Rows) + 1)
	}
	if typed != nil {
		v.Words = *typed
		if known, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64); err == nil {
			v.Version = known
		}
	}
	v.Lead, v.Support, v.Section = v.Words.LeadText(p.own()), v.Words.SupportText(p.own()), strings.Join(v.Words.Section, " / ")
	if m.Consultation != "" && row != 0 {
		c, err := p.desk.Consultation(ctx, m.Consultation, plan.ViewerOf(web.Actor(r)))
		if err != nil {
			return err
		}
		if l := c.Row(row); l != nil {
			v.Comments = l.Comments
		}
	}
	return web.ShowStatus(w, r, status, rowPage(v))
}

func (p pages) own() string { return region.MemberName(p.desk.Node().Member) }

// wordsOf is a row as it was typed over what stands: what the form does not show stays. Units are taken apart where the row is kept.
func wordsOf(r *http.Request, old plan.ListingWords) plan.ListingWords {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	old.Number, old.Title, old.Measures, old.Target = field("number"), field("title"), field("measures"), field("target")
	old.Leader, old.Deadline, old.Note = field("leader"), field("deadline"), field("note")
	old.Lead, old.Support, old.Sides = split(field("lead"), "\n"), split(field("support"), "\n"), nil
	old.Section = split(field("section"), "/／")
	return old
}

func split(text, at string) (all []string) {
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(at, c) }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// setRow saves a row. POST /making/{id}/row/{row}
func (p pages) setRow(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	m, err := p.desk.Making(ctx, id)
	if err != nil {
		return gone(err)
	}
	row, ok := rowOf(r)
	if !ok {
		return web.ErrNotFound
	}
	var old plan.ListingWords
	if at := slices.IndexFunc(m.Rows, func(x plan.MakingRow) bool { return x.Row == row }); at >= 0 {
		old = m.Rows[at].Words
	}
	typed := wordsOf(r, old)
	known, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		known = 0
	}
	_, err = p.desk.SetMakingRow(ctx, id, row, known, typed)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return p.showRow(w, r, http.StatusUnprocessableEntity, &typed, fields)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "saved"))
	if r.PostFormValue("then") == "next" {
		return web.Redirect(w, r, "/making/"+id+"/row/new")
	}
	return web.Redirect(w, r, "/making/"+id)
}

// moveRow moves a row one place. POST /making/{id}/row/{row}/move
func (p pages) moveRow(w http.ResponseWriter, r *http.Request) error {
	row, _ := rowOf(r)
	by := 1
	if r.PostFormValue("to") == "up" {
		by = -1
	}
	if err := p.desk.MoveMakingRow(r.Context(), r.PathValue("id"), row, by); err != nil {
		return gone(err)
	}
	return web.Redirect(w, r, "/making/"+r.PathValue("id")+"#rows")
}

// dropRow takes a row out. POST /making/{id}/row/{row}/drop
func (p pages) dropRow(w http.ResponseWriter, r *http.Request) error {
	row, _ := rowOf(r)
	if err := p.desk.DropMakingRow(r.Context(), r.PathValue("id"), row); err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "row.dropped"))
	return web.Redirect(w, r, "/making/"+r.PathValue("id")+"#rows")
}

// issue leads to the preview of the import, where the list is issued. POST /making/{id}/issue
func (p pages) issue(w http.ResponseWriter, r *http.Request) error {
	ctx, field := r.Context(), func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f := issueFields{Plan: field("key"), Number: field("document"), Issued: field("issued"), Cycle: field("cycle"), Cutoff: field("cutoff")}
	o := plan.IssueOptions{Plan: f.Plan, Number: f.Number, Issued: judge.Date(f.Issued), Cycle: judge.Cycle(f.Cycle)}
	var wrong []ui.FieldError
	if _, err := judge.ParseDate(f.Issued); err != nil {
		wrong = append(wrong, ui.FieldError{Field: "issued", Text: t(ctx, "issued.wrong")})
	}
	if o.Rhythm.CutoffDay, _ = strconv.Atoi(f.Cutoff); o.Rhythm.CutoffDay < 1 || o.Rhythm.CutoffDay > 31 {
		wrong = append(wrong, ui.FieldError{Field: "cutoff", Text: t(ctx, "cutoff.wrong")})
	}
	var draft *plan.Draft
	if len(wrong) == 0 {
		var err error
		draft, err = p.desk.PrepareIssue(ctx, web.Actor(r), r.PathValue("id"), o)
		if fields, ok := web.FieldErrors(ctx, err); ok {
			wrong = fields
		} else if err != nil {
			return gone(err)
		}
	}
	if len(wrong) > 0 {
		for i := range wrong {
			if wrong[i].Field == "plan" || wrong[i].Field == "to" {
				wrong[i].Field = "key"
			}
		}
		return p.showMaking(w, r, http.StatusUnprocessableEntity, makingView{Issue: f, Under: "issue", Errors: wrong})
	}
	return web.Redirect(w, r, "/plan/"+p.desk.PlanKey(draft.Options.Plan)+"/import/"+draft.ID)
}

// errorsUnder are the errors of one of the forms; both ask for a key.
func (v makingView) errorsUnder(form string) []ui.FieldError {
	if v.Under == form {
		return v.Errors
	}
	return nil
}

// mayIssue says why a list cannot be issued yet; empty: it can.
func (v makingView) mayIssue(ctx context.Context) string {
	switch {
	case len(v.Rows) == 0:
		return t(ctx, "issue.no-rows")
	case v.Consultation != nil && v.Consultation.Undecided > 0:
		return t(ctx, "issue.open", "n", v.Consultation.Undecided)
	}
	return ""
}
