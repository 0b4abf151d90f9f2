package board

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web/ui"
)

// unitsShown is how many units stand on the overview before "all".
const unitsShown = 15

// itemsLink leads to the items behind a figure of the overview; pairs are parameters beside those
// of the overview itself.
func itemsLink(b plan.Board, v view, pairs ...string) string {
	year := ""
	if len(b.Years) > 1 {
		year = strconv.Itoa(b.Query.Year)
	}
	return v.to("/items", append([]string{
		"circle", b.Query.Circle, "unit", b.Query.Unit, "year", year, "period", string(b.Query.Period),
	}, pairs...)...)
}

// listLink leads to the rows of a list behind a figure of the overview.
func listLink(b plan.Board, r plan.BoardRow, v view, pairs ...string) string {
	period := ""
	if b.Query.Period != "" {
		period = string(r.Report.Period)
	}
	return v.to("/plan/"+r.Key, append([]string{"unit", b.Query.Unit, "period", period, "known", known(b.Query.Shared())}, pairs...)...)
}

// known is the address's word for how reports are counted: by the circle's books, or as this member knows them.
func known(shared bool) string {
	if shared {
		return "circle"
	}
	return ""
}

// reportFigures are the reports of a period as four numbers, each with the filing that it asks for.
func reportFigures(r plan.Reporting) [4]reportFigure {
	return [4]reportFigure{
		{r.Owed, plan.Owed}, {r.Reported(), plan.Reported}, {r.OnTime, plan.InTime}, {r.Missing, judge.Missed},
	}
}

type reportFigure struct {
	n      int
	filing judge.FilingState
}

// onTimeRate is the share that came in by the cut-off; empty before it is reached.
func onTimeRate(r plan.Reporting, asOf judge.Date) string {
	if r.Cutoff == "" || r.Cutoff > asOf {
		return ""
	}
	return ui.Percent(r.OnTime, r.Owed)
}

func overviewFacts(ctx context.Context, b plan.Board, v view) []ui.Figure {
	done := b.Totals[judge.Done] + b.Totals[judge.DoneLate]
	all := []ui.Figure{
		{Label: t(ctx, "figure.items"), N: ui.Count(b.Totals.Standing()), Unit: t(ctx, "unit.item"), Note: t(ctx, "figure.items.note", "n", ui.Count(b.Lists)), Href: itemsLink(b, v, "state", string(plan.Standing))},
		{Label: t(ctx, "figure.done"), N: ui.Count(done), Unit: t(ctx, "unit.item"), Note: ui.Percent(done, b.Totals.Standing()), Href: itemsLink(b, v, "state", string(plan.Finished))},
		{Label: stateWord(ctx, judge.Late), N: ui.Count(b.Totals[judge.Late]), Unit: t(ctx, "unit.item"), Note: ui.Percent(b.Totals[judge.Late], b.Totals.Standing()), Href: itemsLink(b, v, "state", string(judge.Late))},
	}
	r := b.Report
	if r.Owed == 0 {
		return all
	}
	note := ui.Percent(r.Reported(), r.Owed)
	if rate := onTimeRate(r, v.AsOf); rate != "" {
		note = t(ctx, "figure.on-time", "rate", rate)
	}
	return append(all,
		ui.Figure{Label: t(ctx, reportedKey(b.Query.Shared()), "period", shownPeriod(ctx, r)), N: ui.Count(r.Reported()), Unit: "/ " + ui.Count(r.Owed), Note: note, Href: itemsLink(b, v, "filing", string(plan.Reported))},
		ui.Figure{Label: t(ctx, missingKey(r, b.Query.Shared())), N: ui.Count(r.Missing), Unit: t(ctx, "unit.item"), Note: owing(ctx, b), Href: itemsLink(b, v, "filing", string(judge.Missed))},
	)
}

// mostOwing is how many units the figure of missing reports names.
const mostOwing = 3

// owing names the units that owe most reports: who looks at the figures asks that first.
func owing(ctx context.Context, b plan.Board) string {
	var names []string
	more := 0
	for _, u := range b.Units {
		switch {
		case u.Report.Missing == 0 || b.Query.Unit != "":
		case len(names) < mostOwing:
			names = append(names, u.Name+" "+ui.Count(u.Report.Missing))
		default:
			more++
		}
	}
	text := strings.Join(names, t(ctx, "comma"))
	if more > 0 {
		text = t(ctx, "figure.owing", "units", text, "n", ui.Count(more+len(names)))
	}
	return text
}

// Over a circle only what was accepted has come in, and what is missing may wait for a review at its member.
func reportedKey(shared bool) string {
	if shared {
		return "figure.accepted"
	}
	return "figure.reported"
}

func missingKey(r plan.Reporting, shared bool) string {
	if shared {
		return "figure.unaccepted"
	}
	return "figure.missing." + string(orDue(r.OpenState))
}

// shownPeriod is the period that reports are of; where cycles differ, the present one of each.
func shownPeriod(ctx context.Context, r plan.Reporting) string {
	if r.Period == "" {
		return t(ctx, "this-period")
	}
	return shortPeriod(ctx, r.Period)
}

func orDue(s judge.FilingState) judge.FilingState {
	if s == "" {
		return judge.Due
	}
	return s
}

func planTitle(r plan.BoardRow) string {
	if r.Plan.Words.Title == "" {
		return r.Key
	}
	return r.Plan.Words.Title
}

// planSub is a list's document, year and rhythm in one line.
func planSub(ctx context.Context, h plan.PlanHead) string {
	cycle := h.Facts.Cycle.Zh()
	if english(ctx) {
		cycle = h.Facts.Cycle.En()
	}
	var parts []string
	if h.Words.DocumentNo != "" {
		parts = append(parts, h.Words.DocumentNo)
	}
	parts = append(parts, t(ctx, "year", "year", h.Facts.Year), t(ctx, "rhythm", "cycle", cycle))
	return strings.Join(parts, " · ")
}

func linkIf(n int, href string) string {
	if n == 0 {
		return ""
	}
	return href
}

func nextPage(v view, cursor string) string {
	if cursor == "" {
		return ""
	}
	return ui.With(v.URL, "after", cursor)
}

func unitNames(ctx context.Context, units []plan.ItemUnit) string {
	var names []string
	for _, u := range units {
		names = append(names, u.Name)
	}
	return strings.Join(names, t(ctx, "comma"))
}

func boardFilters(ctx context.Context, b plan.Board, v view) []ui.FilterGroup {
	var groups []ui.FilterGroup
	if len(b.Years) > 1 {
		g := ui.FilterGroup{Label: t(ctx, "filter.year")}
		for _, y := range b.Years {
			g.Choices = append(g.Choices, ui.Choice{Label: strconv.Itoa(y), Href: ui.With(v.URL, "year", strconv.Itoa(y)), Chosen: y == b.Query.Year})
		}
		groups = append(groups, g)
	}
	g := ui.FilterGroup{Label: t(ctx, "filter.circle"), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, "circle", ""), Chosen: b.Query.Circle == ""},
	}}
	for _, c := range b.Circles {
		g.Choices = append(g.Choices, ui.Choice{Label: circleName(ctx, c.ID, c.Name), Href: ui.With(v.URL, "circle", c.ID), Chosen: b.Query.Circle == c.ID})
	}
	g.Choices = append(g.Choices, ui.Choice{Label: t(ctx, "circle.self"), Href: ui.With(v.URL, "circle", "self"), Chosen: b.Query.Circle == "self"})
	groups = append(groups, g)
	if b.Query.Unit != "" && len(b.Units) == 1 {
		groups = append(groups, chosenOnly(ctx, v, "unit", "col.unit", b.Units[0].Name))
	}
	if calls := callDays(b.Calls); len(calls) > 0 || b.Query.Period != "" {
		groups = append(groups, boardPeriods(ctx, b, v, calls))
	}
	return groups
}

// boardPeriods are the reports that a board can count: those of the present periods, and those that a
// call asks for by a day.
func boardPeriods(ctx context.Context, b plan.Board, v view, calls []judge.Period) ui.FilterGroup {
	g := ui.FilterGroup{Label: t(ctx, "list.period"), Choices: []ui.Choice{
		{Label: t(ctx, "this-period"), Href: ui.With(v.URL, "period", ""), Chosen: b.Query.Period == ""},
	}}
	if b.Query.Period != "" && !slices.Contains(calls, b.Query.Period) {
		calls = append(calls, b.Query.Period)
	}
	for _, p := range calls {
		g.Choices = append(g.Choices, ui.Choice{Label: calledPeriod(ctx, p), Href: ui.With(v.URL, "period", string(p)), Chosen: p == b.Query.Period})
	}
	return g
}

// callDays are the days of calls, each once.
func callDays(all []plan.Call) (days []judge.Period) {
	for _, c := range all {
		if !slices.Contains(days, c.Period()) {
			days = append(days, c.Period())
		}
	}
	return days
}

func calledPeriod(ctx context.Context, p judge.Period) string {
	if p.Cycle() == judge.AdHoc {
		return t(ctx, "call.period", "day", shortPeriod(ctx, p))
	}
	return shortPeriod(ctx, p)
}

// chosenOnly is a filter that has too many answers for chips: the one chosen, and none.
func chosenOnly(ctx context.Context, v view, parameter, label, chosen string) ui.FilterGroup {
	return ui.FilterGroup{Label: t(ctx, label), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, parameter, "")},
		{Label: chosen, Href: ui.With(v.URL), Chosen: true},
	}}
}

func itemsTitle(ctx context.Context, p plan.ItemsPage) string {
	title := t(ctx, "items.title")
	if p.Query.Filing == judge.Missed {
		title = t(ctx, "items.missing")
	}
	if p.Unit != "" {
		return p.Unit + " · " + title
	}
	if p.Query.Circle != "" {
		return circleName(ctx, p.Query.Circle, p.Circle.Name) + " · " + title
	}
	return title
}

func itemsFilters(ctx context.Context, p plan.ItemsPage, v view) []ui.FilterGroup {
	g := ui.FilterGroup{Label: t(ctx, "col.state"), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, "state", ""), Chosen: p.Query.State == ""},
		{Label: stateName(ctx, plan.Standing), Href: ui.With(v.URL, "state", string(plan.Standing)), Chosen: p.Query.State == plan.Standing},
		{Label: stateName(ctx, plan.Finished), Href: ui.With(v.URL, "state", string(plan.Finished)), Chosen: p.Query.State == plan.Finished},
	}}
	for _, s := range judge.WorkStates() {
		g.Choices = append(g.Choices, ui.Choice{Label: stateWord(ctx, s), Href: ui.With(v.URL, "state", string(s)), Chosen: p.Query.State == s})
	}
	filings := ui.FilterGroup{Label: t(ctx, "col.filing"), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, "filing", ""), Chosen: p.Query.Filing == ""},
	}}
	shared := plan.BoardQuery{Circle: p.Query.Circle}.Shared()
	for _, s := range []judge.FilingState{plan.Owed, plan.Reported, plan.InTime, judge.Returned, judge.Missed} {
		if shared && s == judge.Returned {
			continue
		}
		filings.Choices = append(filings.Choices, ui.Choice{Label: filingWord(ctx, s, shared), Href: ui.With(v.URL, "filing", string(s)), Chosen: p.Query.Filing == s})
	}
	groups := []ui.FilterGroup{g, filings}
	if p.Query.Circle != "" {
		groups = append(groups, chosenOnly(ctx, v, "circle", "filter.circle", circleName(ctx, p.Query.Circle, p.Circle.Name)))
	}
	if p.Unit != "" {
		groups = append(groups, chosenOnly(ctx, v, "unit", "col.lead", p.Unit))
	}
	if p.Query.Period != "" {
		groups = append(groups, ui.FilterGroup{Label: t(ctx, "list.period"), Choices: []ui.Choice{
			{Label: t(ctx, "this-period"), Href: ui.With(v.URL, "period", "")},
			{Label: calledPeriod(ctx, p.Query.Period), Href: ui.With(v.URL), Chosen: true},
		}})
	}
	return groups
}

// itemsCount says how many items there are, of which a page shows a part.
func itemsCount(ctx context.Context, p plan.ItemsPage) string {
	switch {
	case p.Total == len(p.Rows):
		return t(ctx, "items.total", "n", ui.Count(p.Total))
	case p.Total > len(p.Rows):
		return t(ctx, "items.part", "n", ui.Count(p.Total), "shown", ui.Count(len(p.Rows)))
	}
	return t(ctx, "items.count", "n", ui.Count(len(p.Rows)))
}

// stateName is a state or a group of states in the reader's language.
func stateName(ctx context.Context, s judge.WorkState) string {
	switch s {
	case plan.Standing, plan.Finished:
		return t(ctx, "state-of."+string(s))
	}
	return stateWord(ctx, s)
}
