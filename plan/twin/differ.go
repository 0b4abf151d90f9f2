package twin

import (
	"slices"
	"strings"
)

// Differences names the fields in which b (there) is not as a (here), in a fixed order:
// title, measures, target, lead, support, deadline, section. Spacing, width of characters and
// the order of units make no difference.
func Differences(a, b Work) []Difference {
	var out []Difference
	text := func(field, here, there string) {
		if normal(here) != normal(there) {
			out = append(out, Difference{field, here, there})
		}
	}
	set := func(field string, here, there []string) {
		if !slices.Equal(slices.Sorted(slices.Values(here)), slices.Sorted(slices.Values(there))) {
			out = append(out, Difference{field, strings.Join(here, "、"), strings.Join(there, "、")})
		}
	}
	text("title", a.Title, b.Title)
	text("measures", a.Measures, b.Measures)
	text("target", a.Target, b.Target)
	set("lead", a.Leads, b.Leads)
	set("support", a.Supports, b.Supports)
	if a.Deadline != b.Deadline {
		out = append(out, Difference{"deadline", a.Deadline, b.Deadline})
	}
	set("section", a.Sections, b.Sections)
	return out
}
