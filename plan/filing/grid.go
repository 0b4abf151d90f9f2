package filing

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"liandong/node"
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
	Claim, Answer              string
	Errors                     []string
	Questions                  []plan.Question
	Filed                      bool // just now
}

type gridView struct {
	Rows    []*gridRow
	Period  judge.Period   // empty: of each item the newest
	Waiting []judge.Period // that may be chosen
	Today   judge.Date
	Request string
	Filed   int // just now
	Errors  []ui.FieldError
	Tried   bool
}

// gridPage shows all items of the unit as rows. GET /report/grid
func (p *pages) gridPage(w http.ResponseWriter, r *http.Request) error {
	v, err := p.grid(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, gridTable(v))
}

func (p *pages) grid(r *http.Request) (*gridView, error) {
	period, err := periodOf(r.URL.Query().Get("period"))
	if err != nil {
		return nil, err
	}
	forms, waiting, err := p.desk.UnitForms(r.Context(), web.Actor(r), period)
	if err != nil {
		return nil, err
	}
	v := &gridView{Period: period, Waiting: waiting, Today: p.desk.Today(), Request: web.NewRequestKey()}
	for i, f := range forms {
		row := &gridRow{FilingForm: f, N: i, Claim: string(judge.OnTime)}
		if f.Last != nil && f.Last.Facts.Claim == judge.AtRisk {
			row.Claim = string(judge.AtRisk)
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
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

func gridHref(p judge.Period) string {
	if p == "" {
		return "/report/grid"
	}
	return "/report/grid?period=" + string(p)
}

// postGrid files each row in which something was typed, as a request of its own: a wrong row stays
// with what was typed, the others are filed. POST /report/grid
func (p *pages) postGrid(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	v, err := p.grid(r)
	if err != nil {
		return err
	}
	v.Tried = true
	for _, row := range v.Rows {
		// The page was made for a period; a later one may have opened since.
		period := judge.Period(r.PostForm.Get("period-" + row.Item))
		if row.fill(r.PostForm); row.empty() || period == "" {
			continue
		}
		if period != row.Period {
			row.Errors = append(row.Errors, web.T(r.Context(), "filing.grid.other-period", "period", periodName(r.Context(), period)))
			continue
		}
		if err := p.fileRow(r, row); err != nil {
			return err
		}
		if row.Filed {
			v.Filed++
		}
	}
	return p.gridResult(w, r, v)
}

func (p *pages) gridResult(w http.ResponseWriter, r *http.Request, v *gridView) error {
	ctx := r.Context()
	for _, row := range v.Rows {
		if len(row.Errors) > 0 {
			v.Errors = append(v.Errors, ui.FieldError{Field: row.field("p"), Text: row.Title + web.T(ctx, "filing.colon") + row.Errors[0]})
		}
	}
	switch {
	case len(v.Errors) > 0:
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, gridTable(v))
	case v.Filed == 0:
		v.Errors = []ui.FieldError{{Text: web.T(ctx, "filing.grid.nothing")}}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, gridTable(v))
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "filing.grid.filed", "n", v.Filed))
	return web.Redirect(w, r, "/")
}

func (row *gridRow) fill(v map[string][]string) {
	get := func(column string) string {
		if all := v[column+"-"+row.Item]; len(all) > 0 {
			return strings.TrimSpace(strings.ReplaceAll(all[0], "\r\n", "\n"))
		}
		return ""
	}
	row.Progress, row.Figures, row.Problem, row.Answer = get("p"), get("f"), get("t"), get("a")
	if c := get("c"); c != "" {
		row.Claim = c
	}
}

func (row *gridRow) field(column string) string { return column + "-" + row.Item }

func (row *gridRow) empty() bool { return row.Progress == "" && row.Figures == "" && row.Problem == "" }

// fileRow files one row; what is wrong with it stays in the row, any other error ends the request.
func (p *pages) fileRow(r *http.Request, row *gridRow) error {
	ctx := r.Context()
	facts := plan.ReportFacts{Item: row.Item, Period: row.Period, Claim: judge.WorkState(row.Claim)}
	words := plan.ReportWords{Progress: row.Progress, Problem: row.Problem, Answers: map[string]string{}}
	facts.Figures, row.Errors = readFigures(ctx, row.Figures, row.Indicators)
	if len(row.Errors) > 0 {
		return nil
	}
	asked, err := p.desk.Ask(ctx, facts)
	if err != nil {
		return err
	}
	for _, q := range asked {
		words.Answers[q.ID] = row.Answer
	}
	print := strings.Join([]string{row.Item, string(row.Period), row.Progress, row.Figures, row.Problem, row.Claim, row.Answer}, "\x00")
	req := node.Request{ID: rowKey(r, row.Item), Print: []byte(print), Actor: web.Actor(r)}
	_, err = p.desk.File(ctx, req, facts, words)
	if fields, refused := web.FieldErrors(ctx, err); refused {
		row.Questions = asked
		for _, f := range fields {
			row.Errors = append(row.Errors, f.Text)
		}
		return nil
	}
	if err != nil {
		return err
	}
	row.Filed, row.State = true, judge.Filed
	row.Progress, row.Figures, row.Problem, row.Answer = "", "", "", ""
	return nil
}

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
