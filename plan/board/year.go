package board

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/web"
	"liandong/web/ui"
)

// year sets a list's plan against its outcome. GET /plan/{key}/year
func (b board) year(w http.ResponseWriter, r *http.Request) error {
	p, v, err := b.readYear(r)
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, yearPage(p, v))
}

// calendar draws a list's year, to be printed on A3. GET /plan/{key}/calendar
func (b board) calendar(w http.ResponseWriter, r *http.Request) error {
	p, v, err := b.readYear(r)
	if err != nil {
		return gone(err)
	}
	return web.Show(w, r, calendarPage(p, v))
}

// yearSheet is the year as a table. GET /plan/{key}/year.xlsx
func (b board) yearSheet(w http.ResponseWriter, r *http.Request) error {
	name, content, err := b.yearXlsx(r.Context(), r.PathValue("key"), judge.Date(r.URL.Query().Get("as-of")))
	if err != nil {
		return gone(err)
	}
	return web.Download(w, name, letter.XlsxType, content)
}

func (b board) yearXlsx(ctx context.Context, key string, day judge.Date) (name string, content []byte, err error) {
	p, err := b.desk.Year(ctx, key, day)
	if err != nil {
		return "", nil, err
	}
	asOf := p.Query.AsOf
	sheet := letter.Sheet{Name: t(ctx, "outcome"), Title: yearTitle(ctx, p), AsOf: t(ctx, "year.as-of", "day", ui.Date(ctx, string(asOf)))}
	for _, c := range []struct {
		key   string
		width float64
	}{
		{"col.number", 6},
		{"col.task", 40},
		{"col.lead", 18},
		{"col.deadline", 14},
		{"year.half", 12},
		{"col.state", 12},
		{"item.milestones", 36},
		{"year.way", 10},
		{"year.outcome", 40},
		{"year.goes", 30},
		{"col.last", 40},
	} {
		sheet.Columns = append(sheet.Columns, letter.SheetColumn{Title: t(ctx, c.key), Width: c.width})
	}
	for _, y := range p.Rows {
		var cells []letter.Cell
		for _, text := range []string{
			y.Words.Number, y.Words.Title, leadText(y.Row), deadlineText(ctx, y.Words), halfWord(ctx, p, y), lampWord(ctx, p.Legend, y.Work.State),
			strings.Join(stepTexts(ctx, y.Steps, asOf), "\n"), wayText(y.Steps), strings.Join(outcomeTexts(ctx, y.Outcomes), "\n"),
			strings.Join(goesTexts(ctx, y.Goes), "\n"), y.Last.Text,
		} {
			cells = append(cells, letter.Cell{Text: text})
		}
		sheet.Rows = append(sheet.Rows, cells)
	}
	if b.demo {
		sheet.Notes = append(sheet.Notes, t(ctx, "year.demo"))
	}
	content, err = letter.Xlsx(letter.Workbook{Title: sheet.Title, Sheets: []letter.Sheet{sheet}})
	return sheet.Title + ".xlsx", content, err
}

func (b board) readYear(r *http.Request) (p plan.YearPage, v view, err error) {
	p, err = b.desk.Year(r.Context(), r.PathValue("key"), judge.Date(r.URL.Query().Get("as-of")))
	return p, viewOf(r, p.Query.AsOf), err
}

func yearTitle(ctx context.Context, p plan.YearPage) string {
	return t(ctx, "year.title", "list", listTitle(p.ListPage))
}

// yearDays are the days on which a year is looked back on: the end of June, the end of the year, and today while it lasts.
func yearDays(ctx context.Context, p plan.YearPage, v view) ui.FilterGroup {
	today := p.Today
	g := ui.FilterGroup{Label: t(ctx, "year.day")}
	year := strconv.Itoa(p.Year)
	for _, d := range []struct {
		key string
		day judge.Date
	}{{"year.day.half", judge.Date(year + "-06-30")}, {"year.day.end", judge.Date(year + "-12-31")}} {
		if d.day <= today {
			g.Choices = append(g.Choices, ui.Choice{Label: t(ctx, d.key), Href: ui.With(v.URL, "as-of", string(d.day)), Chosen: v.AsOf == d.day})
		}
	}
	if now := min(today, judge.Date(year+"-12-31")); now < judge.Date(year+"-12-31") {
		g.Choices = append(g.Choices, ui.Choice{Label: t(ctx, "year.day.now"), Href: ui.With(v.URL, "as-of", ""), Chosen: v.AsOf == now})
	}
	return g
}

func yearFigures(ctx context.Context, p plan.YearPage, v view) []ui.Figure {
	done := p.States[judge.Done] + p.States[judge.DoneLate]
	list := p.ListPage
	return []ui.Figure{
		{Label: t(ctx, "figure.rows"), N: ui.Count(p.States.Standing()), Unit: t(ctx, "unit.item"), Href: rowsLink(list, v, "state", string(plan.Standing))},
		{Label: t(ctx, "year.done"), N: ui.Percent(done, p.States.Standing()), Note: t(ctx, "year.done.of", "n", done, "late", p.States[judge.DoneLate]), Href: rowsLink(list, v, "state", string(plan.Finished))},
		{Label: t(ctx, "year.targets"), N: ui.Count(p.Met), Note: t(ctx, "year.targets.of", "n", p.Measured), Href: "#year-table"},
		{Label: t(ctx, "item.milestones"), N: ui.Count(p.Reached), Note: t(ctx, "year.steps.of", "due", p.Due, "n", p.Steps), Href: "#year-table"},
	}
}

func halfWord(ctx context.Context, p plan.YearPage, y plan.YearRow) string {
	if y.Half == "" {
		return t(ctx, "year.half.none")
	}
	return lampWord(ctx, p.Legend, y.Half)
}

func stepTexts(ctx context.Context, steps plan.Steps, asOf judge.Date) (all []string) {
	for _, m := range steps {
		text := shortDay(ctx, m.Due) + " " + m.Name
		if m.Weight > 0 {
			text += " " + t(ctx, "milestone.weight", "n", m.Weight)
		}
		all = append(all, text+" · "+milestoneWord(ctx, m, asOf))
	}
	return all
}

// wayText is how much of the way is behind; "" without milestones.
func wayText(steps plan.Steps) string {
	if len(steps) == 0 {
		return ""
	}
	return strconv.Itoa(steps.Reached()) + "%"
}

func outcomeTexts(ctx context.Context, all []plan.Outcome) (texts []string) {
	for _, o := range all {
		text := o.Name + t(ctx, "colon") + outcomeText(ctx, o)
		if o.Whose != "" {
			text = o.Whose + t(ctx, "colon") + text
		}
		texts = append(texts, text)
	}
	return texts
}

// outcomeText tells what was reached against what was planned.
func outcomeText(ctx context.Context, o plan.Outcome) string {
	value := t(ctx, "year.untold")
	if o.Value != "" {
		value = ui.Number(o.Value) + o.Unit
	}
	if o.Target == "" {
		return value
	}
	text := t(ctx, "year.of-target", "value", value, "target", ui.Number(o.Target)+o.Unit)
	if o.Share != "" {
		text += t(ctx, "year.share", "share", o.Percent())
	}
	return text
}

func goesTexts(ctx context.Context, all []plan.ListRef) (texts []string) {
	for _, l := range all {
		texts = append(texts, t(ctx, "year.goes.to", "list", l.Title, "no", l.Number))
	}
	return texts
}

// summaryHref leads to the summary of the half year or the year, whichever the day ends.
func summaryHref(p plan.YearPage, v view) string {
	period := strconv.Itoa(p.Year)
	if v.AsOf <= judge.Date(period+"-06-30") {
		period += "-H1"
	}
	return ui.With(&url.URL{Path: "/bulletin/" + period}, "circle", p.Circle.ID)
}
