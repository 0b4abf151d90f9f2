package board

import (
	"context"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/ui"
)

// unitsShown is how many units stand on the overview before "all".
const unitsShown = 15

// itemsLink leads to the items behind a figure of the overview.
func itemsLink(b plan.Board, v view, s judge.WorkState) string {
	return v.to("/items", "circle", b.Query.Circle, "unit", b.Query.Unit, "state", string(s))
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

func nameOfCircle(all []region.Circle, id string) string {
	for _, c := range all {
		if c.ID == id {
			return c.Name
		}
	}
	return region.KnownCircle(id).Name
}

func percentSign(r plan.Reporting) string {
	if r.Owed == 0 {
		return ""
	}
	return "%"
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

func unitNames(units []plan.ItemUnit) string {
	var names []string
	for _, u := range units {
		names = append(names, u.Name)
	}
	return strings.Join(names, "、")
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
		groups = append(groups, ui.FilterGroup{Label: t(ctx, "col.unit"), Choices: []ui.Choice{
			{Label: t(ctx, "all"), Href: ui.With(v.URL, "unit", "")},
			{Label: b.Units[0].Name, Href: ui.With(v.URL), Chosen: true},
		}})
	}
	return groups
}

func itemsTitle(ctx context.Context, p plan.ItemsPage) string {
	title := t(ctx, "items.title")
	if p.Query.Missing {
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
	}}
	for _, s := range judge.WorkStates() {
		g.Choices = append(g.Choices, ui.Choice{Label: stateWord(ctx, s), Href: ui.With(v.URL, "state", string(s)), Chosen: p.Query.State == s})
	}
	return []ui.FilterGroup{g, {Label: t(ctx, "col.filing"), Choices: []ui.Choice{
		{Label: t(ctx, "all"), Href: ui.With(v.URL, "missing", ""), Chosen: !p.Query.Missing},
		{Label: t(ctx, "items.missing"), Href: ui.With(v.URL, "missing", "1"), Chosen: p.Query.Missing},
	}}}
}
