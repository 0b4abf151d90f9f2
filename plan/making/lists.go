package making

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

type listView struct {
	Makings      []plan.Making
	Open, Closed []*plan.Consultation
	Makes        bool // the reader makes lists
	Today        judge.Date
	waits        map[string]bool
}

// list shows the lists in the making, and what was sent for comment. GET /making
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r)
	v := listView{Makes: makes(ctx), Today: p.desk.Today(), waits: map[string]bool{}}
	all, err := p.desk.Consultations(ctx, plan.ViewerOf(actor))
	if err != nil {
		return err
	}
	for _, c := range all {
		if v.waits[c.ID] = p.desk.ConsultationWaits(c, actor); c.Outcome == "" {
			v.Open = append(v.Open, c)
		} else {
			v.Closed = append(v.Closed, c)
		}
	}
	if v.Makes {
		if v.Makings, err = p.desk.Makings(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, listPage(v))
}

// The ways to begin a list.
const (
	fromNothing    = "blank"
	fromFile       = "file"
	fromList       = "list"
	fromUnfinished = "unfinished"
)

type newView struct {
	headFields
	From   string
	List   string
	Lists  []ui.Option
	Errors []ui.FieldError
}

// headFields are what a list in the making is called, as somebody types it.
type headFields struct {
	Title, Year, Circle, Plan string
	Circles                   []ui.Option
}

func headOf(r *http.Request) headFields {
	field := func(name string) string { return strings.TrimSpace(r.FormValue(name)) }
	return headFields{Title: field("title"), Year: field("year"), Circle: field("circle"), Plan: field("plan")}
}

func (f headFields) making(id string) plan.Making {
	year, err := strconv.Atoi(f.Year)
	if err != nil {
		year = 0
	}
	return plan.Making{ID: id, Title: f.Title, Year: year, Circle: f.Circle, Plan: f.Plan}
}

func (p pages) circles(ctx context.Context) ([]ui.Option, error) {
	have, _, err := p.desk.ListChoices(ctx)
	all := []ui.Option{{Value: "", Label: t(ctx, "circle.own")}}
	for _, c := range have {
		all = append(all, ui.Option{Value: c.ID, Label: c.Name})
	}
	for _, c := range region.KnownBut(have) {
		all = append(all, ui.Option{Value: c.ID, Label: t(ctx, "circle.open", "name", c.Name)})
	}
	return all, err
}

// newPage is the form that begins a list. GET /making/new
func (p pages) newPage(w http.ResponseWriter, r *http.Request) error {
	v := newView{From: fromNothing, List: r.URL.Query().Get("list")}
	if v.List != "" {
		v.From = fromUnfinished
	}
	v.Year = strconv.Itoa(p.desk.Node().Now().In(judge.Beijing).AddDate(0, 2, 0).Year()) // in November the next year's lists are made
	return p.showNew(w, r, http.StatusOK, v)
}

func (p pages) showNew(w http.ResponseWriter, r *http.Request, status int, v newView) (err error) {
	ctx := r.Context()
	if v.Circles, err = p.circles(ctx); err != nil {
		return err
	}
	plans, err := p.desk.Heads(ctx)
	if err != nil {
		return err
	}
	for _, one := range plans {
		v.Lists = append(v.Lists, ui.Option{Value: one.Facts.Plan, Label: one.Words.Title})
	}
	return web.ShowStatus(w, r, status, newPage(v))
}

// begin starts a list with the rows of a file or of another list, or without. POST /making/new
func (p pages) begin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseMultipartForm(maxUpload); err != nil { // all of it in memory: a file that is refused leaves no trace
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = sheet.ErrTooLarge
		} else {
			err = refuse.New("plan.import-form")
		}
		fields, _ := fileErrors(ctx, err)
		return p.showNew(w, r, http.StatusUnprocessableEntity, newView{From: fromFile, Errors: fields})
	}
	v := newView{headFields: headOf(r), From: r.FormValue("from"), List: r.FormValue("list")}
	id, err := p.started(r, &v)
	if fields, ok := fileErrors(ctx, err); ok {
		v.Errors = fields
		return p.showNew(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/making/"+id)
}

func (p pages) started(r *http.Request, v *newView) (string, error) {
	ctx, m := r.Context(), v.making("")
	var rows []plan.ListingWords
	switch v.From {
	case fromFile:
		name, content, err := uploaded(r)
		if err != nil {
			return "", err
		}
		title, read, err := p.desk.RowsOfFile(ctx, name, content, m.Year)
		if err != nil {
			return "", err
		}
		if rows = read; m.Title == "" {
			m.Title, v.Title = title, title
		}
	case fromList, fromUnfinished:
		head, read, err := p.desk.RowsOfPlan(ctx, v.List, v.From == fromUnfinished)
		if refuse.Is(err, "plan.unknown") {
			return "", refuse.New("plan.unknown", "plan", v.List).At("list")
		}
		if err != nil {
			return "", err
		}
		if rows = read; m.Circle == "" && head.Circle != "self" {
			m.Circle = head.Circle
		}
	}
	return p.desk.NewMaking(ctx, m, rows)
}

func uploaded(r *http.Request) (name string, content []byte, err error) {
	f, head, err := r.FormFile("file")
	if err != nil {
		return "", nil, refuse.New("plan.import-no-file").At("file")
	}
	defer f.Close()
	content, err = io.ReadAll(io.LimitReader(f, sheet.DefaultLimits.File+1))
	return path.Base(strings.ReplaceAll(head.Filename, `\`, "/")), content, err
}

// fileErrors are the lines of a form that is shown again; a file that is not read at all says why and what to do.
func fileErrors(ctx context.Context, err error) ([]ui.FieldError, bool) {
	var no *sheet.Refusal
	if errors.As(err, &no) {
		return []ui.FieldError{{Field: "file", Text: plan.RefusalText(ctx, no)}}, true
	}
	return web.FieldErrors(ctx, err)
}
