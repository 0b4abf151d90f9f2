package filing

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/web"
	"liandong/web/ui"
)

// sheetView is the page of a file that a unit sends back: nothing yet, or its preview.
type sheetView struct {
	Today    judge.Date
	File     plan.FileRef
	Rows     []*sheetRow
	Missing  []sheet.Known
	Problems []sheet.Problem
	Others   int // rows of other units
	Errors   []ui.FieldError
	Request  string
	Filed    int
	Period   judge.Period   // empty: of each item the newest
	Waiting  []judge.Period // that may be chosen
	Limit    int64
}

// sheetRow is a row of the file that would become a report.
type sheetRow struct {
	gridRow
	Sheet string
	Row   int
	Near  bool   // its wording differs from the list's
	Same  bool   // says what was filed already
	Done  bool   // claims to be done
	Skip  string // why it becomes no report
}

// sheetPage asks for the file. GET /report/sheet
func (p *pages) sheetPage(w http.ResponseWriter, r *http.Request) error {
	v, err := p.emptySheet(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, sheetTable(v))
}

func (p *pages) emptySheet(r *http.Request) (*sheetView, error) {
	waiting, err := p.desk.WaitingPeriods(r.Context(), web.Actor(r))
	return &sheetView{Today: p.desk.Today(), Waiting: waiting, Request: web.NewRequestKey(), Limit: p.limits.File}, err
}

func (v *sheetView) periods(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: web.T(ctx, "filing.grid.newest")}}
	for _, p := range v.Waiting {
		all = append(all, ui.Option{Value: string(p), Label: periodName(ctx, p)})
	}
	return all
}

// postSheet reads the file and shows what would become reports, with what is asked about their
// figures; confirmed, it files them.
// POST /report/sheet
func (p *pages) postSheet(w http.ResponseWriter, r *http.Request) error {
	s, err := readForm(r, p.hold)
	if err != nil {
		return err
	}
	v, err := p.emptySheet(r)
	if err != nil {
		return err
	}
	if v.Period, err = periodOf(s.Get("period")); err != nil {
		return err
	}
	v.Errors = s.errors
	if err := p.readSheet(r, v, s); err != nil {
		return err
	}
	if s.Get("act") != "file" || len(v.Errors) > 0 {
		return web.ShowStatus(w, r, statusOf(v.Errors), sheetTable(v))
	}
	return p.fileSheet(w, r, v, s)
}

func statusOf(wrong []ui.FieldError) int {
	if len(wrong) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// readSheet matches the rows of the file to the unit's items: of one that comes now, which is kept
// only after it was understood, or of one that was kept for the preview.
func (p *pages) readSheet(r *http.Request, v *sheetView, s *sent) error {
	got, err := p.readFile(r, v, s)
	var refused *sheet.Refusal
	if errors.As(err, &refused) {
		v.Errors = []ui.FieldError{{Field: "file", Text: plan.RefusalText(r.Context(), refused)}}
		return nil
	}
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		v.Errors = fields
		return nil
	}
	if err != nil || got == nil {
		return err
	}
	v.Missing, v.Problems, v.Others = got.Missing, got.Problems, got.Others
	for _, g := range got.Rows {
		row := sheetRowOf(r, g, s)
		if err := p.askAbout(r.Context(), row); err != nil {
			return err
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

// readFile sets the view's file when it was read; there is nothing where none was chosen.
func (p *pages) readFile(r *http.Request, v *sheetView, s *sent) (*plan.ReturnedFile, error) {
	ctx, actor := r.Context(), web.Actor(r)
	if h := s.held; h != nil {
		data := bytes.NewReader(h.content)
		got, err := p.desk.ReadSentBack(ctx, actor, sheet.Source{Name: h.name, Data: data, Size: data.Size()}, v.Period)
		if err != nil {
			return nil, err
		}
		v.File, err = p.desk.Attach(ctx, actor, h.name, bytes.NewReader(h.content), p.limits.File)
		return got, err
	}
	kept, err := p.desk.Uploaded(ctx, actor.Person, s.Values["blob"])
	if err != nil {
		return nil, err
	}
	if len(kept) == 0 {
		if len(v.Errors) == 0 {
			v.Errors = []ui.FieldError{{Field: "file", Text: web.T(ctx, "filing.sheet.needed")}}
		}
		return nil, nil
	}
	got, err := p.desk.ReadReturned(ctx, actor, kept[0], v.Period)
	if err == nil {
		v.File = kept[0]
	}
	return got, err
}

// sheetRowOf is a row as the file has it. Its figures, and the answers to what is asked about them,
// are as the person left them on the preview.
func sheetRowOf(r *http.Request, g plan.ReturnedReport, s *sent) *sheetRow {
	ctx := r.Context()
	row := &sheetRow{Sheet: g.Sheet, Row: g.Row, Near: g.Matched == "near"}
	row.FilingForm = g.Form
	row.Progress, row.Problem = g.Progress.Done, withNext(g.Progress.Trouble, g.Progress.Next)
	row.Claim = string(g.Claim)
	row.Done = g.Claim == judge.Done
	if row.Figures = g.Figures; s.Values[row.field("f")] != nil {
		row.Figures = s.text(row.field("f"))
	}
	row.Answer = s.text(row.field("a"))
	figures, _ := readFigures(ctx, row.Figures, row.Indicators)
	if c := g.Form.Current; c != nil && c.Words.Progress == row.Progress && g.Form.State != judge.Returned &&
		(len(figures) == 0 || slices.Equal(figures, c.Facts.Figures)) {
		row.Same, row.Skip = true, web.T(ctx, "filing.sheet.same")
	}
	if row.empty() {
		row.Skip = web.T(ctx, "filing.sheet.nothing")
	}
	return row
}

// askAbout asks what the grid asks before filing: a cumulative figure that falls, a tenfold jump.
func (p *pages) askAbout(ctx context.Context, row *sheetRow) (err error) {
	if row.Skip != "" || row.Figures == "" {
		return nil
	}
	facts := plan.ReportFacts{Item: row.Item, Period: row.Period}
	figures, wrong := readFigures(ctx, row.Figures, row.Indicators)
	for _, text := range wrong {
		row.wrong("f", text)
	}
	if facts.Figures = figures; len(wrong) == 0 {
		row.Questions, err = p.desk.Ask(ctx, facts)
	}
	return err
}

// fileSheet files the rows that are still ticked, each as a request of its own.
func (p *pages) fileSheet(w http.ResponseWriter, r *http.Request, v *sheetView, s *sent) error {
	ctx := r.Context()
	for _, row := range v.Rows {
		if !s.has("pick", row.key()) || row.Skip != "" && !row.Same {
			continue
		}
		if row.Same { // the form was sent twice, or somebody else of the unit was faster
			v.Filed++
			continue
		}
		row.Reason = s.text(row.field("r"))
		if err := p.fileSheetRow(r, row); err != nil {
			return err
		}
		if row.Filed {
			v.Filed++
		}
		if len(row.Errors) > 0 {
			v.Errors = append(v.Errors, ui.FieldError{Field: "row-" + row.Item, Text: row.Title + web.T(ctx, "filing.colon") + row.Errors[0].Text})
		}
	}
	if v.Filed == 0 && len(v.Errors) == 0 {
		v.Errors = []ui.FieldError{{Text: web.T(ctx, "filing.review.none-picked")}}
	}
	if len(v.Errors) > 0 {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, sheetTable(v))
	}
	web.Flash(w, r, ui.Good, p.told(r, web.T(ctx, "filing.grid.filed", "n", v.Filed)))
	return web.Redirect(w, r, "/")
}

// key tells the rows of a file apart, with what would be filed of them.
func (row *sheetRow) key() string { return row.Item + "@" + string(row.Period) }

// fileSheetRow files a row as it stands in the file, with its figures and answers.
func (p *pages) fileSheetRow(r *http.Request, row *sheetRow) error {
	filed := row.gridRow
	filed.Errors = nil // those of the preview are found again
	if err := p.fileRow(r, &filed); err != nil {
		return err
	}
	row.Filed, row.Errors, row.Questions = filed.Filed || filed.Same, filed.Errors, filed.Questions
	return nil
}

// ready counts the rows that would be filed.
func (v *sheetView) ready() int {
	return len(slices.DeleteFunc(slices.Clone(v.Rows), func(r *sheetRow) bool { return r.Skip != "" || r.Filed }))
}

func (row *sheetRow) claim() judge.WorkState { return judge.WorkState(row.Claim) }
