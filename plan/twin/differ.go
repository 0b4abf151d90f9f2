package twin

import (
	"slices"
	"strings"
)

// Differences names the fields in which b (there) is not as a (here), in a fixed order:
// title, measures, target, lead, support, deadline, section. Spacing, width of characters, the
// order of units, and one unit or day under two names make no difference.
func Differences(a, b Work) []Difference {
	var out []Difference
	text := func(field, here, there string) {
		if here != there && normal(here) != normal(there) {
			out = append(out, Difference{field, here, there})
		}
	}
	set := func(field string, here, there, hereMeans, thereMeans []string) {
		if !slices.Equal(slices.Sorted(slices.Values(hereMeans)), slices.Sorted(slices.Values(thereMeans))) {
			out = append(out, Difference{field, strings.Join(here, "、"), strings.Join(there, "、")})
		}
	}
	leadsA, supportsA := a.units()
	leadsB, supportsB := b.units()
	text("title", a.Title, b.Title)
	text("measures", a.Measures, b.Measures)
	text("target", a.Target, b.Target)
	set("lead", a.Leads, b.Leads, leadsA, leadsB)
	set("support", a.Supports, b.Supports, supportsA, supportsB)
	if a.Deadline != b.Deadline && (a.due() == "" || a.due() != b.due()) {
		out = append(out, Difference{"deadline", a.Deadline, b.Deadline})
	}
	set("section", a.Sections, b.Sections, a.Sections, b.Sections)
	return out
}
