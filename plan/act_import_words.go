package plan

import (
	"context"
	"maps"

	"liandong/plan/sheet"
	"liandong/region"
)

// correctWords writes the units that a person chose on the check page into the rows of a list that was made here: it is issued as it is
// meant. Rows of another's file stay as its office wrote them.
func (i *importing) correctWords(ctx context.Context) error {
	if i.preview.Options.Making == "" {
		return nil
	}
	names, err := region.OrgNames(ctx, i.w.Tx())
	if err != nil {
		return err
	}
	is := map[string]string{}
	for key, m := range i.preview.List.Resolved {
		if m.By == "remembered" && m.ID != "" {
			is[key] = m.ID
		}
	}
	for _, u := range i.preview.Unknown {
		if u.Is != "" {
			is[u.Key] = u.Is
		}
	}
	corrected := func(side string, units []string) (all []string) {
		for _, unit := range units {
			if name := names[is[sheet.UnitKey(side, unit)]]; name != "" {
				unit = name
			}
			all = append(all, unit)
		}
		return all
	}
	for n := range i.preview.Changes {
		w := &i.preview.Changes[n].Words
		w.Lead, w.Support = corrected("", w.Lead), corrected("", w.Support)
		w.Sides = maps.Clone(w.Sides)
		for member, s := range w.Sides {
			w.Sides[member] = Side{Lead: corrected(member, s.Lead), Support: corrected(member, s.Support)}
		}
	}
	return nil
}
