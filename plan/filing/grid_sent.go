package filing

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// postGrid files each row in which something was typed, as a request of its own: a wrong row stays
// with what was typed, the others are filed. POST /report/grid
func (p *pages) postGrid(w http.ResponseWriter, r *http.Request) error {
	if err := web.CheckWho(r); err != nil {
		return err
	}
	s, err := readForm(r, noFile)
	if err != nil {
		return err
	}
	v, err := p.grid(r)
	if err != nil {
		return err
	}
	if v.Draft.Known, v.Answers = s.version(), s.Get("request"); s.Get("act") == "paste" {
		return p.pasteGrid(w, r, v)
	}
	v.Tried = true
	if err := p.strays(r, v, s); err != nil {
		return err
	}
	for _, row := range v.Rows {
		if err := p.postRow(r, row); err != nil {
			return err
		}
		if row.Filed {
			v.Filed++
		}
		if row.Same {
			v.Same++
		}
	}
	return p.gridResult(w, r, v)
}

// strays adds the rows that were typed and stand on this page of the grid no longer: items come and go and move on to the next page while
// what was typed waits for a line. What the unit has no say in any more is told with what was typed.
func (p *pages) strays(r *http.Request, v *gridView, s *sent) error {
	ctx := r.Context()
	for _, name := range slices.Sorted(maps.Keys(s.Values)) {
		item, ok := strings.CutPrefix(name, "period-")
		if !ok || slices.ContainsFunc(v.Rows, func(row *gridRow) bool { return row.Item == item }) {
			continue
		}
		typed := newRow(&plan.FilingForm{Item: item}, 0)
		if typed.fill(s.Values); typed.empty() {
			continue
		}
		period, err := judge.ParsePeriod(s.Get(name))
		if err != nil {
			continue
		}
		form, err := p.desk.FilingForm(ctx, web.Actor(r), item, period)
		if _, refused := web.FieldErrors(ctx, err); refused || err == nil && form.AsPart {
			text := strings.Join(slices.DeleteFunc([]string{typed.Progress, typed.Figures, typed.Problem}, func(s string) bool { return s == "" }), web.T(ctx, "filing.semicolon"))
			v.Errors = append(v.Errors, ui.FieldError{Text: web.T(ctx, "filing.grid.not-yours", "text", text)})
			continue
		}
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, newRow(form, len(v.Rows)))
	}
	return nil
}

func (p *pages) postRow(r *http.Request, row *gridRow) error {
	// The page was made for a period; a later one may have opened since.
	period := judge.Period(r.PostForm.Get(row.field("period")))
	row.Seen = plan.AnyFiling
	if row.fill(r.PostForm); row.empty() || period == "" {
		return nil
	}
	if period != row.Period {
		row.Seen = newestOf(row.FilingForm) // of the period that is shown now
		row.wrong("p", web.T(r.Context(), "filing.grid.other-period", "period", periodName(r.Context(), period)))
		return nil
	}
	return p.fileRow(r, row)
}

// pasteGrid fills the rows from a block that was pasted whole; nothing is filed.
func (p *pages) pasteGrid(w http.ResponseWriter, r *http.Request, v *gridView) error {
	for _, row := range v.Rows {
		row.fill(r.PostForm)
	}
	did := pasteBlock(v.Rows, r.PostForm.Get("block"), cellAt(v.Rows, r.PostForm.Get("block-at")))
	for _, row := range v.Rows {
		_, wrong := readFigures(r.Context(), row.Figures, row.Indicators)
		for _, why := range wrong {
			row.wrong("f", why)
		}
	}
	v.Pasted = &did
	return web.Show(w, r, gridTable(v))
}

func (p *pages) gridResult(w http.ResponseWriter, r *http.Request, v *gridView) error {
	ctx := r.Context()
	for _, row := range v.Rows {
		for _, e := range row.Errors {
			v.Errors = append(v.Errors, ui.FieldError{Field: row.field(e.Column), Text: row.Title + web.T(ctx, "filing.colon") + e.Text})
		}
	}
	if len(v.Errors) == 0 && v.Filed == 0 && v.Same == 0 {
		v.Errors = []ui.FieldError{{Text: web.T(ctx, "filing.grid.nothing")}}
	}
	if len(v.Errors) > 0 {
		return v.refused(w, r)
	}
	err := p.desk.DropTyping(ctx, web.Actor(r), v.draftName(), v.Draft.Known, gridText(r.PostForm))
	if err != nil {
		return err
	}
	return done(w, r, p.told(r, v.outcome(ctx)))
}

// refused shows the grid with what is wrong in it. A script learns which rows are filed, and sends the others once more to see that page.
func (v *gridView) refused(w http.ResponseWriter, r *http.Request) error {
	if !fromScript(r) {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, gridTable(v))
	}
	ctx := r.Context()
	var a queueAnswer
	for _, e := range v.Errors {
		if e.Field == "" {
			a.Errors = append(a.Errors, e.Text)
		}
	}
	for _, row := range v.Rows {
		a.tell(ctx, row, "")
	}
	if pressed(r) && v.Filed+v.Same > 0 {
		web.Flash(w, r, ui.Good, v.outcome(ctx))
	}
	return sayJSON(w, http.StatusUnprocessableEntity, a)
}

// outcome says how many rows were filed, and how many had been before.
func (v *gridView) outcome(ctx context.Context) string {
	text := web.T(ctx, "filing.grid.filed", "n", v.Filed)
	switch {
	case v.Same > 0 && v.Filed == 0:
		return web.T(ctx, "filing.grid.only-same", "n", v.Same)
	case v.Same > 0:
		text += web.T(ctx, "filing.grid.same", "n", v.Same)
	}
	return text
}

// queueTitle names the page of the grid among what waits on a device.
func (v *gridView) queueTitle(ctx context.Context) string {
	text := web.T(ctx, "filing.grid.title") + web.T(ctx, "filing.queue.dot")
	if v.Period == "" {
		text += web.T(ctx, "filing.grid.newest")
	} else {
		text += periodName(ctx, v.Period)
	}
	if page := v.pager(ctx).Text; page != "" {
		text += web.T(ctx, "filing.bracket", "text", page)
	}
	return text
}
