package board

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web/ui"
)

func listTitle(p plan.ListPage) string {
	if p.Plan.Words.Title == "" {
		return p.Key
	}
	return p.Plan.Words.Title
}

func listLede(ctx context.Context, p plan.ListPage) string {
	parts := []string{circleName(ctx, p.Plan.Circle, p.Circle.Name), planSub(ctx, p.Plan)}
	if p.Report.Cutoff != "" {
		parts = append(parts, t(ctx, "list.cutoff", "period", shortPeriod(ctx, p.Query.Period), "cutoff", shortDay(ctx, p.Report.Cutoff)))
	}
	return strings.Join(parts, " · ")
}

func monthOf(day judge.Date) string { return string(judge.PeriodOf(judge.Month, day)) }

func openIf(open bool) templ.Attributes {
	if open {
		return templ.Attributes{"open": true}
	}
	return nil
}

func listFigures(ctx context.Context, p plan.ListPage, v view) []ui.Figure {
	all := []ui.Figure{
		{Label: t(ctx, "figure.rows"), N: ui.Count(p.States.Standing()), Unit: t(ctx, "unit.item"), Href: v.to("/plan/" + p.Key)},
		{Label: stateWord(ctx, judge.Late), N: ui.Count(p.States[judge.Late]), Unit: t(ctx, "unit.item"), Note: ui.Percent(p.States[judge.Late], p.States.Standing()), Href: ui.With(v.URL, "state", string(judge.Late)) + "#rows"},
	}
	if p.Report.Owed == 0 {
		return all
	}
	missing := t(ctx, "figure.missing."+string(p.Report.OpenState))
	return append(all,
		ui.Figure{Label: t(ctx, "figure.reported", "period", shortPeriod(ctx, p.Query.Period)), N: ui.Count(p.Report.Reported()), Unit: "/ " + ui.Count(p.Report.Owed), Note: ui.Percent(p.Report.Reported(), p.Report.Owed), Href: ui.With(v.URL, "filing", string(plan.Reported), "state", "") + "#rows"},
		ui.Figure{Label: missing, N: ui.Count(p.Report.Missing), Unit: t(ctx, "unit.item"), Href: v.to("/plan/"+p.Key+"/missing", "period", string(p.Query.Period))},
	)
}

func listFilters(ctx context.Context, p plan.ListPage, v view) []ui.FilterGroup {
	states := ui.FilterGroup{Label: t(ctx, "col.state"), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Count: ui.Count(p.States.Total()), Href: ui.With(v.URL, "state", ""), Chosen: p.Query.State == ""},
	}}
	for _, s := range judge.WorkStates() {
		if p.States[s] > 0 || p.Query.State == s {
			states.Choices = append(states.Choices, ui.Choice{Label: stateWord(ctx, s), Count: ui.Count(p.States[s]), Href: ui.With(v.URL, "state", string(s)), Chosen: p.Query.State == s})
		}
	}
	if p.Report.Owed == 0 {
		return []ui.FilterGroup{states}
	}
	r := p.Report
	filings := ui.FilterGroup{Label: t(ctx, "filing.of", "period", shortPeriod(ctx, p.Query.Period)), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, "filing", ""), Chosen: p.Query.Filing == ""},
	}}
	for _, c := range []struct {
		s judge.FilingState
		n int
	}{{r.OpenState, r.Missing}, {plan.Reported, reportedIf(p)}, {judge.Filed, r.Filed}, {judge.Returned, r.Returned}, {judge.Accepted, r.Accepted}} {
		if c.n > 0 || p.Query.Filing == c.s {
			filings.Choices = append(filings.Choices, ui.Choice{Label: filingWord(ctx, c.s), Count: ui.Count(c.n), Href: ui.With(v.URL, "filing", string(c.s)), Chosen: p.Query.Filing == c.s})
		}
	}
	return []ui.FilterGroup{states, filings}
}

func periodFilter(ctx context.Context, p plan.ListPage, v view) []ui.FilterGroup {
	g := ui.FilterGroup{Label: t(ctx, "list.period")}
	for _, period := range p.Periods {
		g.Choices = append(g.Choices, ui.Choice{Label: shortPeriod(ctx, period), Href: ui.With(v.URL, "period", string(period)), Chosen: period == p.Query.Period})
	}
	return []ui.FilterGroup{g}
}

func unitOptions(ctx context.Context, p plan.ListPage) []ui.Option {
	all := []ui.Option{{Label: t(ctx, "all")}}
	for _, u := range p.Units {
		all = append(all, ui.Option{Value: u.Org, Label: u.Name + "（" + strconv.Itoa(u.N) + "）"})
	}
	return all
}

func sectionOptions(ctx context.Context, p plan.ListPage) []ui.Option {
	all := []ui.Option{{Label: t(ctx, "all")}}
	for _, s := range p.Sections {
		all = append(all, ui.Option{Value: s.Name, Label: s.Name + "（" + strconv.Itoa(s.N) + "）"})
	}
	return all
}

func periodOptions(ctx context.Context, p plan.ListPage) (all []ui.Option) {
	for _, q := range p.Periods {
		all = append(all, ui.Option{Value: string(q), Label: period(ctx, q)})
	}
	return all
}

func chosenColumns(c columns) (names []string) {
	for _, n := range append(append([]string{}, usual...), optional...) {
		if c[n] {
			names = append(names, n)
		}
	}
	return names
}

func columnOptions(ctx context.Context) (all []ui.Option) {
	for _, n := range append(append([]string{}, usual...), optional...) {
		all = append(all, ui.Option{Value: n, Label: t(ctx, "col."+n)})
	}
	return all
}

// tableOf has the columns in the order of a list on paper: number, task and what belongs to it,
// who, when; then how it stands.
func tableOf(ctx context.Context, p plan.ListPage, cols columns) ui.Table {
	tb := ui.Table{Caption: listTitle(p), Count: t(ctx, "items.count", "n", len(p.Rows)), Columns: []ui.Column{
		{Label: t(ctx, "col.number"), Class: "tight"}, {Key: "title", Label: t(ctx, "col.task"), Class: "main"},
	}}
	for _, n := range []string{"measures", "target", "lead", "support", "leader", "deadline", "note", "extra"} {
		if cols[n] {
			tb.Columns = append(tb.Columns, ui.Column{Key: n, Label: t(ctx, "col."+n)})
		}
	}
	tb.Columns = append(tb.Columns, ui.Column{Key: "state", Label: t(ctx, "col.state")})
	for _, n := range []string{"filing", "last"} {
		if cols[n] {
			tb.Columns = append(tb.Columns, ui.Column{Key: n, Label: t(ctx, "col."+n)})
		}
	}
	return tb
}

// reportedIf counts what came in only where the reader asked for it: it is the sum of two others.
func reportedIf(p plan.ListPage) int {
	if p.Query.Filing != plan.Reported {
		return 0
	}
	return p.Report.Reported()
}

func filingWord(ctx context.Context, s judge.FilingState) string {
	if s == plan.Reported {
		return t(ctx, "filing.reported")
	}
	return stateWord(ctx, s)
}

func shortDay(ctx context.Context, d judge.Date) string {
	if english(ctx) {
		return d.ShortEn()
	}
	return d.ShortZh()
}
