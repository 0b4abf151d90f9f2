package filing

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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
	Since    int64  // newest filing of all, when the page that asks for the file was made
	Direct   bool   // rows without a doubt are filed at once, without a preview
	Answers  string // the key of what was sent, if the page answers it
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

// sheetPage asks for the file, or shows the preview of one that was sent and read. GET /report/sheet?blob=&period=
func (p *pages) sheetPage(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	v, err := p.emptySheet(r)
	if err != nil {
		return err
	}
	if !asked.Has("blob") {
		web.KeepOnDevice(w, r)
		return web.Show(w, r, sheetTable(v))
	}
	if v.Period, err = periodOf(asked.Get("period")); err != nil {
		return err
	}
	if err := p.readSheet(r, v, &sent{Values: url.Values{"blob": asked["blob"]}}); err != nil {
		return err
	}
	return web.ShowStatus(w, r, statusOf(v.Errors), sheetTable(v))
}

// queueTitle names a preview that was confirmed among what waits on a device.
func (v *sheetView) queueTitle(ctx context.Context) string {
	text := web.T(ctx, "filing.sheet.title") + web.T(ctx, "filing.queue.dot") + v.File.Name
	if v.Period != "" {
		text += web.T(ctx, "filing.queue.dot") + periodName(ctx, v.Period)
	}
	return text
}

// href is the preview of the file.
func (v *sheetView) href() string {
	return ui.With(&url.URL{Path: "/report/sheet"}, "blob", v.File.Blob, "period", string(v.Period))
}

func (p *pages) emptySheet(r *http.Request) (*sheetView, error) {
	v := &sheetView{Today: p.desk.Today(), Request: web.NewRequestKey(), Limit: p.limits.File}
	var err error
	if v.Waiting, err = p.desk.WaitingPeriods(r.Context(), web.Actor(r)); err != nil {
		return nil, err
	}
	v.Since, err = p.desk.NewestFiling(r.Context())
	return v, err
}

func (v *sheetView) periods(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: web.T(ctx, "filing.grid.newest")}}
	for _, p := range v.Waiting {
		all = append(all, ui.Option{Value: string(p), Label: periodName(ctx, p)})
	}
	return all
}

// postSheet reads the file and shows what would become reports, with what is asked about their
// figures; confirmed, it files them. A file that is to be filed at once (it may have waited for a line) becomes
// reports where its rows leave no doubt.
// POST /report/sheet
func (p *pages) postSheet(w http.ResponseWriter, r *http.Request) error {
	if err := web.CheckWho(r); err != nil {
		return err
	}
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
	v.Errors, v.Answers = s.errors, s.Get("request")
	files := s.Get("act") == "file"
	if s.held != nil && v.Period == "" && s.Get("on") != "" && s.Get("on") != string(p.desk.Today()) {
		files = false // it waited: the newest period may be another by now, and only its preview says which
	}
	v.Direct = s.held != nil && files
	if err := p.readSheet(r, v, s); err != nil {
		return err
	}
	switch {
	case len(v.Errors) == 0 && files:
		return p.fileSheet(w, r, v, s)
	case fromScript(r):
		return v.sayRead(w, r)
	}
	return web.ShowStatus(w, r, statusOf(v.Errors), sheetTable(v))
}

// sayRead says that the file was read and waits for somebody to look at its preview, or why it was not read.
func (v *sheetView) sayRead(w http.ResponseWriter, r *http.Request) error {
	var a queueAnswer
	for _, e := range v.Errors {
		a.Errors = append(a.Errors, e.Text)
	}
	if len(v.Errors) == 0 {
		a.Errors, a.Open = []string{web.T(r.Context(), "filing.sheet.look", "n", v.ready())}, v.href()
	}
	return sayJSON(w, http.StatusUnprocessableEntity, a)
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
	row.FilingForm, row.Seen = g.Form, seenIn(s, g.Form)
	row.Progress, row.Problem = g.Progress.Done, withNext(g.Progress.Trouble, g.Progress.Next)
	row.Claim = string(g.Claim)
	row.Done = g.Claim == judge.Done
	if row.Figures = g.Figures; s.Values[row.field("f")] != nil {
		row.Figures = s.text(row.field("f"))
	}
	row.Answer = s.text(row.field("a"))
	figures, _ := readFigures(ctx, row.Figures, row.Indicators)
	if c := g.Form.Current; c != nil && c.Words.Progress == row.Progress && withNext(c.Words.Problem, c.Words.Next) == row.Problem &&
		(row.Claim == "" || row.Claim == string(c.Facts.Claim)) && g.Form.State != judge.Returned &&
		(len(figures) == 0 || slices.Equal(figures, c.Facts.Figures)) {
		row.Same, row.Skip = true, web.T(ctx, "filing.sheet.same")
	}
	if row.empty() {
		row.Skip = web.T(ctx, "filing.sheet.nothing")
	}
	return row
}

// seenIn is the newest filing of a row that who sends its file knows: as its preview had it, or none after the page that asked for the file;
// whichever, of a form that says neither.
func seenIn(s *sent, f *plan.FilingForm) int64 {
	if n, err := strconv.ParseInt(s.Get("seen-"+f.Item), 10, 64); err == nil {
		return n
	}
	since, err := strconv.ParseInt(s.Get("since"), 10, 64)
	switch newest := newestOf(f); {
	case s.Get("act") != "file" || err == nil && newest <= since:
		return newest
	case err == nil:
		return plan.NoFiling
	}
	return plan.AnyFiling
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

// fileSheet files the rows that are still ticked, or of a file that is filed at once all of which there is no doubt; each as a request of its own.
func (p *pages) fileSheet(w http.ResponseWriter, r *http.Request, v *sheetView, s *sent) error {
	ctx := r.Context()
	for _, row := range v.Rows {
		if !v.Direct && !s.has("pick", row.key()) || row.Skip != "" && !row.Same {
			continue
		}
		if row.Same { // the form was sent twice, or somebody else of the unit was faster
			v.Filed++
			continue
		}
		row.Reason = s.text(row.field("r"))
		if err := p.fileSheetRow(r, row, v.Direct); err != nil {
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
		none := "filing.review.none-picked"
		if v.Direct {
			none = "filing.sheet.none.text"
		}
		v.Errors = []ui.FieldError{{Text: web.T(ctx, none)}}
	}
	if len(v.Errors) > 0 || v.Direct && len(v.Problems) > 0 {
		return v.refused(w, r)
	}
	return done(w, r, p.told(r, web.T(ctx, "filing.grid.filed", "n", v.Filed)))
}

// refused shows the preview with what is wrong in it, or tells a script so. Who pressed and waits learns on the next page how many were filed.
func (v *sheetView) refused(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !fromScript(r) {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, sheetTable(v))
	}
	var a queueAnswer
	if v.Direct {
		a.Open = v.href()
	}
	for _, e := range v.Errors {
		if e.Field == "" {
			a.Errors = append(a.Errors, e.Text)
		}
	}
	for _, row := range v.Rows {
		filed := row.gridRow
		if filed.Filed = row.Filed || row.Same; !filed.Filed && ui.ErrorOf(v.Errors, "row-"+row.Item) == "" {
			continue // nobody asked for it
		}
		a.tell(ctx, &filed, web.T(ctx, "filing.sheet.at", "sheet", row.Sheet, "row", row.Row))
	}
	for _, p := range v.Problems {
		a.Errors = append(a.Errors, strings.TrimSpace(p.Sheet+" "+p.Cell)+web.T(ctx, "filing.colon")+p.Message+p.Suggestion)
	}
	if pressed(r) && v.Filed > 0 {
		web.Flash(w, r, ui.Good, web.T(ctx, "filing.sheet.left", "n", v.Filed))
	}
	return sayJSON(w, http.StatusUnprocessableEntity, a)
}

// mark lets the script take a row along that may be ticked.
func (row *sheetRow) mark() templ.Attributes {
	if row.Skip != "" || row.Filed {
		return nil
	}
	return templ.Attributes{"data-row": row.Item, "data-title": row.Title}
}

// key tells the rows of a file apart, with what would be filed of them.
func (row *sheetRow) key() string { return row.Item + "@" + string(row.Period) }

// fileSheetRow files a row as it stands in the file, with its figures and answers; at once, if nobody looked at it, only one that is worded as
// the list has it.
func (p *pages) fileSheetRow(r *http.Request, row *sheetRow, direct bool) error {
	filed := row.gridRow
	if filed.Errors = nil; direct && row.Near { // those of the preview are found again
		row.Errors = []cellError{{"p", web.T(r.Context(), "filing.sheet.near")}}
		return nil
	}
	if err := p.fileRow(r, &filed); err != nil {
		return err
	}
	row.Filed, row.Errors, row.Questions, row.Newer = filed.Filed || filed.Same, filed.Errors, filed.Questions, filed.Newer
	return nil
}

// ready counts the rows that would be filed.
func (v *sheetView) ready() int {
	return len(slices.DeleteFunc(slices.Clone(v.Rows), func(r *sheetRow) bool { return r.Skip != "" || r.Filed }))
}

func (row *sheetRow) claim() judge.WorkState { return judge.WorkState(row.Claim) }
