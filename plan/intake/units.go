package intake

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"liandong/plan/sheet"
	"liandong/region"
	"liandong/web/ui"
)

// unitChoice is a name of the file that the directory does not know.
type unitChoice struct {
	Key, Name, Side string
	Value           string // id of the unit, or sheet.AsNew
	Proposed        bool   // the value is the page's own proposal, nobody chose it yet
	As              string // name of the new unit that the file names otherwise too
	Place           string // code of the other member whose name it begins with
	Near            []ui.Option
	All             []ui.Option
}

func (p *pages) units(ctx context.Context, page *reviewPage) error {
	_, orgs, err := p.desk.ListChoices(ctx)
	if err != nil {
		return err
	}
	bySide := map[string][]ui.Option{}
	names := map[string]region.Org{}
	for _, o := range orgs {
		names[o.ID] = o
		if !o.Closed {
			bySide[o.Side] = append(bySide[o.Side], ui.Option{Value: o.ID, Label: o.Name})
		}
	}
	for _, u := range page.Preview.Unknown {
		c := unitChoice{
			Key: u.Key, Name: u.Name, Side: u.Side, Value: cmp.Or(u.Is, sheet.NewUnit{Of: u.Of, As: u.As}.String()),
			Proposed: u.Is != "" || u.Of != "" && !u.Chosen, As: u.As, Place: u.Place,
		}
		for _, near := range u.Proposals {
			c.Near = append(c.Near, ui.Option{Value: near.ID, Label: near.Name, Hint: percent(near.Score)})
		}
		c.All = others(bySide[u.Side], c.Near)
		page.Units = append(page.Units, c)
	}
	resolved := page.Preview.List.Resolved
	for _, key := range slices.Sorted(maps.Keys(resolved)) {
		m := resolved[key]
		if o := names[m.ID]; m.By == "remembered" && !calls(o, m.Name) {
			page.Chosen = append(page.Chosen, unitChoice{Key: key, Name: m.Name, Side: o.Side, Value: m.ID, All: with(others(bySide[o.Side], nil), o)})
		}
	}
	return nil
}

// calls says that the unit bears the name, such as one that was registered from a file: then nothing is
// left to be asked about it.
func calls(o region.Org, name string) bool {
	return o.Name == name || slices.Contains(o.Aliases, name)
}

// mostUnits: a longer directory is not repeated for each name; the near ones are offered.
const mostUnits = 300

func others(all, near []ui.Option) []ui.Option {
	if len(all) > mostUnits {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(o ui.Option) bool {
		return slices.ContainsFunc(near, func(n ui.Option) bool { return n.Value == o.Value })
	})
}

// with holds the unit that was chosen, though it is closed since or the directory is a long one: a
// form without it would say something else unasked.
func with(all []ui.Option, o region.Org) []ui.Option {
	if slices.ContainsFunc(all, func(x ui.Option) bool { return x.Value == o.ID }) {
		return all
	}
	return append([]ui.Option{{Value: o.ID, Label: o.Name}}, all...)
}
