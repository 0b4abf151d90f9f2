package reform

import (
	"cmp"
	"context"
	"strings"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func crumbs(ctx context.Context, v unitView) []ui.Link {
	return []ui.Link{
		{Label: web.T(ctx, "admin.title"), Href: "/admin"}, {Label: web.T(ctx, "admin.orgs"), Href: "/admin/orgs"}, {Label: v.Org.Name, Href: "/admin/orgs/" + v.Org.ID},
	}
}

func (v unitView) errorOf(form, field string) string {
	if v.Under != form {
		return ""
	}
	return ui.ErrorOf(v.Errors, field)
}

// newNameError: a name that is taken is refused as the name, whichever form it was typed into.
func (v unitView) newNameError() string {
	return cmp.Or(v.errorOf("merge", "newName"), v.errorOf("merge", "name"))
}

func (v unitView) mergeDay() string { return cmp.Or(string(v.Merge.Day), v.Day) }

func formerName(ctx context.Context, f region.FormerName) string {
	if f.Name == "" {
		return t(ctx, "past.erased")
	}
	return t(ctx, "past.name", "name", f.Name)
}

func list(ctx context.Context, names []string) string { return strings.Join(names, t(ctx, "and")) }

func unitOptions(all []region.Org) (options []ui.Option) {
	for _, o := range all {
		options = append(options, ui.Option{Value: o.ID, Label: o.Name})
	}
	return options
}

func heirs(ctx context.Context, all []region.Org) []ui.Option {
	return append([]ui.Option{{Value: "", Label: t(ctx, "into.new")}}, unitOptions(all)...)
}

func hidden(v countView) (all [][2]string) {
	m := v.Merge
	for _, also := range m.From[1:] {
		all = append(all, [2]string{"also", also})
	}
	return append(all, [][2]string{{"into", m.Into}, {"newName", m.NewName}, {"day", v.mergeDay()}, {"document", m.Document}, {"note", m.Note}}...)
}

func record(ctx context.Context, v unitView) []ui.Fact {
	r := v.Record
	return []ui.Fact{
		{Label: t(ctx, "record.reports"), Value: t(ctx, "record.of", "n", r.Reports, "intime", r.InTime)},
		{Label: t(ctx, "record.slips"), Value: t(ctx, "record.of", "n", r.Slips, "intime", r.SlipsInTime)},
		{Label: t(ctx, "record.instructions"), Value: ui.Count(int64(r.Instructions))},
	}
}

// passes are the counts, those that are none left out.
func passes(ctx context.Context, p plan.Passes) (all []ui.Fact) {
	for _, x := range []struct {
		key string
		n   int
	}{
		{"leads", p.Leads},
		{"supports", p.Supports},
		{"slips", p.Slips},
		{"shares", p.Shares},
		{"instructions", p.Instructions},
		{"meetings", p.Meetings},
		{"groups", p.Groups},
		{"drafts", p.Drafts},
		{"submissions", p.Submissions},
		{"amendments", p.Amendments},
		{"people", p.People},
		{"seats", p.Seats},
		{"sections", p.Sections},
	} {
		if x.n > 0 {
			all = append(all, ui.Fact{Label: t(ctx, "passes."+x.key), Value: ui.Count(int64(x.n))})
		}
	}
	if len(all) == 0 {
		all = []ui.Fact{{Label: t(ctx, "passes.none"), Value: "0"}}
	}
	return all
}
