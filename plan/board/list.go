package board

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"liandong/node"
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
		key := "list.cutoff"
		if p.Query.Period.Cycle() == judge.AdHoc {
			key = "list.cutoff.called" // its period is the day itself
		}
		parts = append(parts, t(ctx, key, "period", shortPeriod(ctx, p.Query.Period), "cutoff", shortDay(ctx, p.Report.Cutoff)))
	}
	return strings.Join(parts, " · ")
}

// legendEdit is where the colours of a list are changed; "" for a neighbour's.
func legendEdit(p plan.ListPage) string {
	if !p.Own {
		return ""
	}
	return "/plan/" + p.Key + "/legend"
}

// bulletinHref leads to the month's bulletin that the list belongs in: its circle's, or the own one.
func bulletinHref(p plan.ListPage, v view) string {
	return ui.With(&url.URL{Path: "/bulletin/" + string(judge.PeriodOf(judge.Month, v.AsOf))}, "circle", p.Circle.ID)
}

func openIf(open bool) templ.Attributes {
	if open {
		return templ.Attributes{"open": true}
	}
	return nil
}

func listFigures(ctx context.Context, p plan.ListPage, v view) []ui.Figure {
	done := p.States[judge.Done] + p.States[judge.DoneLate]
	all := []ui.Figure{
		{Label: t(ctx, "figure.rows"), N: ui.Count(p.States.Standing()), Unit: t(ctx, "unit.item"), Href: rowsLink(p, v, "state", string(plan.Standing))},
		{Label: t(ctx, "figure.done"), N: ui.Count(done), Unit: t(ctx, "unit.item"), Note: ui.Percent(done, p.States.Standing()), Href: rowsLink(p, v, "state", string(plan.Finished))},
		{Label: stateWord(ctx, judge.Late), N: ui.Count(p.States[judge.Late]), Unit: t(ctx, "unit.item"), Note: ui.Percent(p.States[judge.Late], p.States.Standing()), Href: rowsLink(p, v, "state", string(judge.Late))},
	}
	r := p.Report
	if r.Owed == 0 {
		return all
	}
	note := ui.Percent(r.Reported(), r.Owed)
	if rate := onTimeRate(r, v.AsOf); rate != "" {
		note = t(ctx, "figure.on-time", "rate", rate)
	}
	missing := rowsLink(p, v, "filing", string(judge.Missed))
	if p.Query.Unit == "" && !p.Query.Shared {
		missing = v.to("/plan/"+p.Key+"/missing", "period", string(p.Query.Period))
	}
	return append(all,
		ui.Figure{Label: t(ctx, reportedKey(p.Query.Shared), "period", shortPeriod(ctx, p.Query.Period)), N: ui.Count(r.Reported()), Unit: "/ " + ui.Count(r.Owed), Note: note, Href: rowsLink(p, v, "filing", string(plan.Reported))},
		ui.Figure{Label: t(ctx, missingKey(r, p.Query.Shared)), N: ui.Count(r.Missing), Unit: t(ctx, "unit.item"), Href: missing},
	)
}

// rowsLink leads to the rows behind a figure of the list. Figures are of the whole list, or of one
// unit's rows: the other filters do not stand in their links.
func rowsLink(p plan.ListPage, v view, pairs ...string) string {
	period := ""
	if v.URL.Query().Get("period") != "" {
		period = string(p.Query.Period)
	}
	return v.to("/plan/"+p.Key, append([]string{"unit", p.Query.Unit, "period", period, "known", known(p.Query.Shared)}, pairs...)...) + "#rows"
}

// countIf is a count beside a filter, where no other filter stands in its way.
func countIf(alone bool, n int) string {
	if !alone {
		return ""
	}
	return ui.Count(n)
}

func listFilters(ctx context.Context, p plan.ListPage, v view) []ui.FilterGroup {
	q := p.Query
	words := q.Section != "" || q.Text != ""
	states := ui.FilterGroup{Label: t(ctx, "col.state")}
	state := func(s judge.WorkState, label string, n int) {
		states.Choices = append(states.Choices, ui.Choice{
			Label: label, Count: countIf(!words && q.Filing == "", n), Href: ui.With(v.URL, "state", string(s)), Chosen: q.State == s,
		})
	}
	state("", t(ctx, "all"), p.States.Total())
	if q.State == plan.Standing {
		state(q.State, stateName(ctx, q.State), p.States.Standing())
	}
	if q.State == plan.Finished {
		state(q.State, stateName(ctx, q.State), p.States[judge.Done]+p.States[judge.DoneLate])
	}
	for _, s := range judge.WorkStates() {
		if p.States[s] > 0 || q.State == s {
			state(s, lampWord(ctx, p.Legend, s), p.States[s])
		}
	}
	r := p.Report
	if r.Owed == 0 {
		return []ui.FilterGroup{states}
	}
	filings := ui.FilterGroup{Label: t(ctx, "filing.of", "period", shortPeriod(ctx, q.Period)), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, "filing", ""), Chosen: q.Filing == ""},
	}}
	for _, c := range []reportFigure{
		{r.Owed, plan.Owed},
		{r.Reported(), plan.Reported},
		{r.OnTime, plan.InTime},
		{r.Filed, judge.Filed},
		{r.Returned, judge.Returned},
		{r.Accepted, judge.Accepted},
		{r.Missing, judge.Missed},
	} {
		if (c.n > 0 || q.Filing == c.filing) && !(q.Shared && c.filing == judge.Accepted) {
			filings.Choices = append(filings.Choices, ui.Choice{
				Label: filingWord(ctx, c.filing, q.Shared), Count: countIf(!words && q.State == "", c.n),
				Href: ui.With(v.URL, "filing", string(c.filing)), Chosen: q.Filing == c.filing,
			})
		}
	}
	if !slices.ContainsFunc(filings.Choices, func(c ui.Choice) bool { return c.Chosen }) { // one that no figure leads to
		filings.Choices = append(filings.Choices, ui.Choice{Label: filingWord(ctx, q.Filing, q.Shared), Href: ui.With(v.URL, "filing", string(q.Filing)), Chosen: true})
	}
	return append([]ui.FilterGroup{states, filings}, knownFilter(ctx, p, v)...)
}

// knownFilter chooses, for a circle's list, whose knowledge of reports is shown.
func knownFilter(ctx context.Context, p plan.ListPage, v view) []ui.FilterGroup {
	if p.Circle.ID == "" || p.Circle.ID == node.Self {
		return nil
	}
	return []ui.FilterGroup{{Label: t(ctx, "known"), Choices: []ui.Choice{
		{Label: t(ctx, "known.here"), Href: ui.With(v.URL, "known", ""), Chosen: !p.Query.Shared},
		{Label: t(ctx, "known.circle"), Href: ui.With(v.URL, "known", "circle"), Chosen: p.Query.Shared},
	}}}
}

func periodFilter(ctx context.Context, p plan.ListPage, v view) []ui.FilterGroup {
	g := ui.FilterGroup{Label: t(ctx, "list.period")}
	for _, c := range p.Calls {
		g.Choices = append(g.Choices, ui.Choice{Label: periodWord(ctx, p, c.Period()), Href: ui.With(v.URL, "period", string(c.Day)), Chosen: c.Period() == p.Query.Period})
	}
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
	for _, c := range p.Calls {
		all = append(all, ui.Option{Value: string(c.Day), Label: periodWord(ctx, p, c.Period())})
	}
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

// rowsCount says how many rows there are, or how many the page has of more than one, and how many of
// them were dropped: those stand in no figure.
func rowsCount(ctx context.Context, p plan.ListPage) string {
	key := "list.total"
	if paged(p) {
		key = "items.count"
	}
	text := t(ctx, key, "n", ui.Count(len(p.Rows)))
	dropped := len(p.Rows) - len(standing(p.Rows))
	if dropped == 0 || dropped == len(p.Rows) {
		return text
	}
	return text + t(ctx, "list.dropped", "state", p.Legend.Word(judge.Dropped, english(ctx)), "n", ui.Count(dropped))
}

// rowsShown says which rows of the list a page has, of more than one. Only rows that stand have a
// place in the list; a dropped one keeps the place that is another's now.
func rowsShown(ctx context.Context, p plan.ListPage) string {
	rows := standing(p.Rows)
	if !paged(p) || len(rows) == 0 {
		return ""
	}
	return t(ctx, "list.shown", "from", ui.Count(rows[0].Place()), "to", ui.Count(rows[len(rows)-1].Place()))
}

// paged says that the page has a part of the rows that were asked for.
func paged(p plan.ListPage) bool { return p.Query.After != "" || p.Next != "" }

func standing(rows []plan.Row) []plan.Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r plan.Row) bool { return r.Work.State == judge.Dropped })
}

// columnClass of what should not be broken into short lines.
var columnClass = map[string]string{"lead": "unit"}

// tableOf has the columns in the order of a list on paper: number, task and what belongs to it,
// who, when; then how it stands.
func tableOf(ctx context.Context, p plan.ListPage, cols columns) ui.Table {
	tb := ui.Table{Caption: listTitle(p), Count: rowsCount(ctx, p), Columns: []ui.Column{
		{Label: t(ctx, "col.number"), Class: "tight"}, {Key: "title", Label: t(ctx, "col.task"), Class: "main"},
	}}
	for _, n := range []string{"measures", "target", "lead", "support", "leader", "deadline", "note", "extra"} {
		if cols[n] {
			tb.Columns = append(tb.Columns, ui.Column{Key: n, Label: t(ctx, "col."+n), Class: columnClass[n]})
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

// filingWord is a filing state or a group of them in the reader's language. Reports that have not
// come in are asked for together, whether their cut-off is over or not.
func filingWord(ctx context.Context, s judge.FilingState, shared bool) string {
	switch {
	case shared && s == plan.Reported:
		return stateWord(ctx, judge.Accepted)
	case shared && (s == judge.Missed || s == judge.Due || s == judge.NotDue):
		return t(ctx, "filing.unaccepted")
	}
	switch s {
	case plan.Owed, plan.Reported, plan.InTime:
		return t(ctx, "filing."+string(s))
	case judge.Missed, judge.Due, judge.NotDue:
		return t(ctx, "filing.missing")
	}
	return stateWord(ctx, s)
}

func shortDay(ctx context.Context, d judge.Date) string {
	if english(ctx) {
		return d.ShortEn()
	}
	return d.ShortZh()
}
