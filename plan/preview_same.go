package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/twin"
	"liandong/rules/refuse"
	"liandong/store"
)

// SameList is a list of this member, of the same circle and year as the file, in which all or nearly
// all rows of the file stand already: most likely it is that list once more.
type SameList struct {
	Plan  string `json:"plan"` // key
	Title string `json:"title"`
	Same  int    `json:"same"` // rows of the file that stand in it with the same title and lead
	Rows  int    `json:"rows"` // of the file
}

const (
	// nearlyAll is the share of a file's rows that make it the same list. It has no source; it is ours:
	// a list that was revised under another key is found too, two lists that share works are not.
	nearlyAll = 0.9
	// fewRows say nothing: two lists of one or two rows may well share them.
	fewRows = 3
)

// sameList finds the list that the rows of a new one stand in already; nil if there is none. Works are
// the rows of all other lists of this member.
func (d *Desk) sameList(ctx context.Context, tx *store.Tx, o ImportOptions, rows, works []twin.Work) (*SameList, error) {
	if len(rows) < fewRows {
		return nil, nil
	}
	heads, err := d.ownHeads(ctx, tx)
	if err != nil {
		return nil, err
	}
	stand := map[string]map[string]int{} // by list: how often it has a row
	for _, h := range heads {
		if h.Facts.Year == o.Year && h.Circle == cmp.Or(o.Circle, node.Self) && h.Facts.Plan != o.Plan {
			stand[h.Facts.Plan] = map[string]int{}
		}
	}
	for _, w := range works {
		if list := stand[first(w.Lists)]; list != nil {
			list[rowKey(w)]++
		}
	}
	var found *SameList
	for _, h := range heads {
		list := stand[h.Facts.Plan]
		same := 0
		for _, w := range rows {
			if k := rowKey(w); list[k] > 0 {
				list[k]--
				same++
			}
		}
		if float64(same) >= nearlyAll*float64(len(rows)) && (found == nil || same > found.Same) {
			found = &SameList{Plan: d.PlanKey(h.Facts.Plan), Title: h.Words.Title, Same: same, Rows: len(rows)}
		}
	}
	return found, nil
}

// rowKey is what makes a row of two lists one: its title and who leads it.
func rowKey(w twin.Work) string {
	leads := slices.Clone(w.Leads)
	slices.Sort(leads)
	return squeeze(w.Title) + "\n\n" + strings.Join(leads, "\n")
}

// asked refuses to take in as another list what stands in one already, unless somebody said so: its
// rows would be linked, or counted twice, and nobody would have been asked.
func (p *Preview) asked() error {
	if p.Same == nil || p.Options.Another {
		return nil
	}
	return refuse.New("plan.import-same-list", "plan", p.Same.Plan, "same", p.Same.Same, "rows", p.Same.Rows).At("another")
}

// Revise makes of a file under preview a revision of the list that its rows stand in. What was corrected
// in the reading stays; what the list is called and how it reports is as it stands there.
func (dr *Draft) Revise(list *SameList) {
	o := dr.Options
	dr.Options = ImportOptions{Plan: list.Plan, Columns: o.Columns, Units: o.Units, Hidden: o.Hidden}
	dr.Choices = Choices{}
}

// TakeAsAnother says that a file under preview is a list of its own: its rows are linked as proposed.
func (dr *Draft) TakeAsAnother() {
	dr.Options.Another = true
	dr.Choices.Items = nil
}
