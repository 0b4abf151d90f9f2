package filing

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// gridRow is one item of the grid with what was typed.
type gridRow struct {
	*plan.FilingForm
	N                          int
	Progress, Figures, Problem string
	Claim, Answer, Reason      string
	Homeless                   string // a figure that was pasted and has no indicator here
	Errors                     []cellError
	Questions                  []plan.Question
	Filed                      bool  // just now
	Same                       bool  // what was typed is filed already
	Seen                       int64 // the newest filing that the writer knows
	Newer                      bool  // another was filed since
}

// cellError is what is wrong in one cell of a row.
type cellError struct{ Column, Text string }

func (row *gridRow) wrong(column, text string) {
	row.Errors = append(row.Errors, cellError{column, text})
}

// errorsOf are those of one cell.
func (row *gridRow) errorsOf(column string) (all []string) {
	for _, e := range row.Errors {
		if e.Column == column {
			all = append(all, e.Text)
		}
	}
	return all
}

// gridSize is how many items stand on a page of the grid.
const gridSize = 100

// gridPlace is a page of the grid; its draft is its own.
type gridPlace struct {
	Period judge.Period // empty: of each item the newest
	From   int          // items on the pages before
}

type gridView struct {
	gridPlace
	Rows    []*gridRow
	Total   int            // items on all pages
	Waiting []judge.Period // that may be chosen
	Today   judge.Date
	Request string
	Answers string // the key of what was sent, if the page answers it
	Filed   int    // just now
	Same    int    // typed as they are filed already
	Errors  []ui.FieldError
	Tried   bool
	Draft   draft
	Pasted  *pasted
}

// gridPage shows all items of the unit as rows. GET /report/grid
func (p *pages) gridPage(w http.ResponseWriter, r *http.Request) error {
	v, err := p.grid(r)
	if err != nil {
		return err
	}
	typed, err := p.gridResume(r, v)
	if err != nil {
		return err
	}
	for _, row := range v.Rows {
		if row.fill(typed); row.Current != nil && row.Current.Words.Progress == row.Progress {
			row.Progress, row.Figures, row.Problem, row.Seen = "", "", "", newestOf(row.FilingForm) // filed since
		}
	}
	web.KeepOnDevice(w, r)
	return web.Show(w, r, gridTable(v))
}

func (p *pages) grid(r *http.Request) (*gridView, error) {
	place, err := placeOf(r)
	if err != nil {
		return nil, err
	}
	unit, err := p.desk.UnitForms(r.Context(), web.Actor(r), plan.FormsQuery{Period: place.Period, From: place.From, Size: gridSize})
	if err != nil {
		return nil, err
	}
	v := &gridView{gridPlace: place, Total: unit.Total, Waiting: unit.Waiting, Today: p.desk.Today(), Request: web.NewRequestKey()}
	for i, f := range unit.Forms {
		v.Rows = append(v.Rows, newRow(f, i))
	}
	return v, nil
}

func newRow(f *plan.FilingForm, n int) *gridRow {
	row := &gridRow{FilingForm: f, N: n, Claim: string(judge.OnTime), Seen: newestOf(f)}
	if said := cmp.Or(f.Current, f.Last); said != nil && said.Facts.Claim == judge.AtRisk {
		row.Claim = string(judge.AtRisk)
	}
	return row
}

// periodOf reads a period of an address; none is the newest.
func periodOf(text string) (judge.Period, error) {
	if text == "" {
		return "", nil
	}
	p, err := judge.ParsePeriod(text)
	if err != nil {
		return "", web.ErrNotFound
	}
	return p, nil
}

// placeOf is the page of the grid that an address names.
func placeOf(r *http.Request) (at gridPlace, err error) {
	if at.Period, err = periodOf(r.URL.Query().Get("period")); err != nil {
		return at, err
	}
	if from := r.URL.Query().Get("from"); from != "" {
		if at.From, err = strconv.Atoi(from); err != nil || at.From < 0 {
			return at, web.ErrNotFound
		}
	}
	return at, nil
}

func (at gridPlace) href() string {
	from := ""
	if at.From > 0 {
		from = strconv.Itoa(at.From)
	}
	return ui.With(&url.URL{Path: "/report/grid"}, "period", string(at.Period), "from", from)
}

// pager leads to the pages beside this one.
func (v *gridView) pager(ctx context.Context) (p ui.Pager) {
	if v.From == 0 && v.Total <= gridSize {
		return p
	}
	if v.From > 0 {
		p.Prev = gridPlace{v.Period, max(0, v.From-gridSize)}.href()
	}
	if v.From+gridSize < v.Total {
		p.Next = gridPlace{v.Period, v.From + gridSize}.href()
	}
	p.Text = web.T(ctx, "filing.grid.page", "from", v.From+1, "to", v.From+len(v.Rows), "n", v.Total)
	return p
}

func (row *gridRow) fill(v map[string][]string) {
	get := func(column string) string {
		if all := v[column+"-"+row.Item]; len(all) > 0 {
			return strings.TrimSpace(strings.ReplaceAll(all[0], "\r\n", "\n"))
		}
		return ""
	}
	row.Progress, row.Figures, row.Problem = get("p"), get("f"), get("t")
	row.Answer, row.Reason = get("a"), get("r")
	if n, err := strconv.ParseInt(get("seen"), 10, 64); err == nil {
		row.Seen = n
	}
	if c := get("c"); c != "" {
		row.Claim = c
	}
}

func (row *gridRow) field(column string) string { return column + "-" + row.Item }

// known is the newest filing that the writer of a row knows once the page is shown: it says what others filed since.
func (row *gridRow) known() string {
	if row.Newer || row.Seen == plan.AnyFiling && !row.Filed {
		return strconv.FormatInt(newestOf(row.FilingForm), 10)
	}
	return strconv.FormatInt(row.Seen, 10)
}

func (row *gridRow) empty() bool { return row.Progress == "" && row.Figures == "" && row.Problem == "" }

// readFigures reads a cell of figures: one for each indicator in their order, or by name, parted by
// semicolons or line ends: "2.5；产值：3亿元".
func readFigures(ctx context.Context, cell string, indicators []plan.IndicatorLine) (all []plan.FigureFacts, wrong []string) {
	all = []plan.FigureFacts{}
	n := 0
	for typed := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune("；;\n\t", r) }) {
		if typed = strings.TrimSpace(typed); typed == "" {
			continue
		}
		at, value := named(typed, indicators)
		if at < 0 {
			at, value = n, typed
		}
		n++
		if at >= len(indicators) {
			return all, append(wrong, web.T(ctx, "filing.grid.too-many-figures", "n", strconv.Itoa(len(indicators))))
		}
		v, err := indicators[at].Value(value)
		if err != nil {
			wrong = append(wrong, indicators[at].Name+web.T(ctx, "filing.colon")+figureError(ctx, err))
			continue
		}
		all = append(all, plan.FigureFacts{Indicator: indicators[at].ID, Value: v})
	}
	return all, wrong
}

// named finds the indicator whose name a figure begins with.
func named(typed string, indicators []plan.IndicatorLine) (at int, value string) {
	at = -1
	for i, ind := range indicators {
		rest, ok := strings.CutPrefix(typed, ind.Name)
		if ok && ind.Name != "" && (at < 0 || len(ind.Name) > len(indicators[at].Name)) {
			at, value = i, strings.TrimLeft(rest, "：: 　")
		}
	}
	return at, value
}

// figurePrompt names the indicators of a row in their order.
func figurePrompt(ctx context.Context, all []plan.IndicatorLine) string {
	var names []string
	for _, i := range all {
		name := i.Name
		if i.Unit != "" {
			name += web.T(ctx, "filing.bracket", "text", i.Unit)
		}
		if i.Last != "" {
			name += web.T(ctx, "filing.grid.last", "value", ui.Number(i.Last))
		}
		names = append(names, name)
	}
	return strings.Join(names, web.T(ctx, "filing.semicolon"))
}

// wrongCell marks a cell with errors, and says where they stand.
func wrongCell(row *gridRow, column string) templ.Attributes {
	if len(row.errorsOf(column)) == 0 {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": row.field(column) + "-error0"}
}

func pastedTone(v *gridView) ui.Tone {
	if v.Pasted.whole() && !slices.ContainsFunc(v.Rows, func(row *gridRow) bool { return len(row.Errors) > 0 }) {
		return ui.Good
	}
	return ui.Risk
}
