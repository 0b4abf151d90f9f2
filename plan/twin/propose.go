package twin

import (
	"cmp"
	"slices"
)

// Propose gives the items that are likely the same work as w, best first, none under least (0..1).
// A row usually is one piece of work: a second item keeps its score when it is as good within a
// hair, or when it shares other words with the row (one row may hold two works); else it is
// rivalled. An item with the row's own id is left out.
func (x *Index) Propose(w Work, least float64) []Proposal {
	found := x.found(w, least)
	settleRow(found)
	return x.proposals(w, found, least, mostShown)
}

// Rank gives all items that are as likely as least, best first and at most so many, for a person
// who looks for one: none is rivalled.
func (x *Index) Rank(w Work, least float64, most int) []Proposal {
	return x.proposals(w, x.found(w, least), least, most)
}

// ProposeList is Propose for all rows of one list together. A list seldom names one piece of
// work twice, so where several rows lead to one item those that are clearly less like it are rivalled,
// unless they share other words with the item (two rows may be parts of one work).
func (x *Index) ProposeList(rows []Work, least float64) [][]Proposal {
	all := make([][]scored, len(rows))
	spread(len(rows), func(i int) {
		all[i] = x.found(rows[i], least)
		settleRow(all[i])
	})
	settleItems(all)
	out := make([][]Proposal, len(rows))
	spread(len(rows), func(i int) { out[i] = x.proposals(rows[i], all[i], least, mostShown) })
	return out
}

// scored is an item beside one row.
type scored struct {
	item *entry
	match
}

// mostFound bounds what is kept of one row.
const mostFound = 12

// found gives the items that score least or more, best first.
func (x *Index) found(w Work, least float64) (found []scored) {
	e := prepare(w)
	x.known(&e)
	for _, i := range x.candidates(&e) {
		item := &x.items[i]
		if item.work.ID == w.ID && w.ID != "" {
			continue
		}
		if m := x.compare(&e, item, least); m.score >= least && m.score > 0 {
			found = append(found, scored{item, m})
		}
	}
	slices.SortStableFunc(found, byOdds)
	return slices.Clone(found[:min(len(found), mostFound)])
}

func byOdds(a, b scored) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.odds, a.odds), cmp.Compare(a.item.work.ID, b.item.work.ID))
}

// rivalled is what a score keeps where another row or item fits clearly better; clearly is by how
// much, in log-odds; other is the share of the shared words that must be others.
const (
	rivalled = 0.45
	clearly  = 1.0
	hair     = 0.25 // of odds, between two items that fit a row alike
	other    = 0.5
)

// settleRow rivals the items of a row that fit less well than a better one by the same words.
func settleRow(found []scored) {
	for i := 1; i < len(found); i++ {
		better := found[:i]
		if found[0].odds-found[i].odds <= hair || found[i].item.work.ID == found[0].item.work.ID {
			continue
		}
		if found[i].news(better) < other {
			found[i].rivalled(&found[i].otherItem)
		}
	}
}

// settleItems rivals the rows that fit an item clearly less well than another row.
func settleItems(all [][]scored) {
	of := map[string][]*scored{} // by item, in whichever wording
	for i := range all {
		for j := range all[i] {
			id := all[i][j].item.work.ID
			of[id] = append(of[id], &all[i][j])
		}
	}
	for _, rows := range of {
		slices.SortStableFunc(rows, func(a, b *scored) int { return cmp.Compare(b.odds, a.odds) })
		for i := 1; i < len(rows); i++ {
			if rows[0].odds-rows[i].odds <= clearly {
				continue
			}
			rows[i].rivalled(&rows[i].otherRow)
		}
	}
}

func (m *match) rivalled(by *bool) {
	*by = true
	m.score *= rivalled
}

// news is the share of what m shares that none of the better ones shares.
func (m *match) news(better []scored) float64 {
	sum, own := 0.0, 0.0
	for i, w := range m.words {
		sum += m.weights[i]
		if !slices.ContainsFunc(better, func(b scored) bool { return slices.Contains(b.words, w) }) {
			own += m.weights[i]
		}
	}
	if sum == 0 {
		return 0
	}
	return own / sum
}

// mostShown bounds what is proposed for one row.
const mostShown = 3

func (x *Index) proposals(w Work, found []scored, least float64, most int) (out []Proposal) {
	slices.SortStableFunc(found, byOdds)
	for _, s := range found {
		if len(out) == most || s.score < least {
			break
		}
		if !slices.ContainsFunc(out, func(p Proposal) bool { return p.Item == s.item.work.ID }) { // an item stands in several wordings
			out = append(out, Proposal{s.item.work.ID, s.score, s.reason(), Differences(w, s.item.work)})
		}
	}
	return out
}
