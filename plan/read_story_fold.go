package plan

import "slices"

// saying is what was said at once, in one book or in several, with what was written together with it.
type saying struct {
	said []told
	with [][]told
}

// foldAmended puts an amendment together with what it was written with: the yes of the list's office, the row's new version and the item's. They
// tell one thing, whose reason and change the amendment says.
func foldAmended(merged [][]told) []saying {
	folded := make([]bool, len(merged))
	with := map[int][][]told{}
	for i, said := range merged {
		if said[0].entry.Kind != ListingAmended.Name {
			continue
		}
		for n, part := range merged {
			if !folded[n] && n != i && writtenWith(said[0], part) && !answeredTwice(with[i], part) {
				folded[n] = true
				with[i] = append(with[i], part)
			}
		}
	}
	var all []saying
	for i, said := range merged {
		if !folded[i] {
			all = append(all, saying{said, with[i]})
		}
	}
	return all
}

// writtenWith: the item and the row stand just before the amendment in its book. The yes stands in the own book; it names the row, and was said at
// the same moment.
func writtenWith(a told, part []told) bool {
	e := part[0].entry
	switch e.Kind {
	case ItemOpened.Name, Listed.Name:
		return slices.ContainsFunc(part, func(t told) bool {
			return t.book == a.book && t.idx < a.idx && t.idx >= a.idx-2 && t.entry.At.Equal(a.entry.At) && t.entry.Person == a.entry.Person
		})
	case AmendmentAnswered.Name:
		var yes AmendmentAnswerFacts
		var of AmendedFacts
		return factsIn(e, &yes) == nil && factsIn(a.entry, &of) == nil && yes.Accepted && of.Asked && e.At.Equal(a.entry.At) &&
			e.Member == a.entry.Member && first(e.Subjects) == first(a.entry.Subjects)
	}
	return false
}

// answeredTwice: an amendment answers one application, though another of the row may have been answered in the same moment.
func answeredTwice(with [][]told, part []told) bool {
	return part[0].entry.Kind == AmendmentAnswered.Name &&
		slices.ContainsFunc(with, func(w []told) bool { return w[0].entry.Kind == AmendmentAnswered.Name })
}
