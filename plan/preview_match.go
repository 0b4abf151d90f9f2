package plan

import (
	"maps"
	"slices"
	"strings"
)

// matching gives each row of a file at most one listing that stands.
type matching struct {
	rows     []Change
	standing []ListingRow
	free     map[string]bool // ids of the listings that no row has yet
}

// match finds for each row the listing it is a version of: the same title under the same number and
// lead, then under the same lead in the same section, then under the same lead, or number, or at all;
// then the same number in the same section with a like title, then a like title. Lists repeat a title
// ("落实年度目标任务") for each unit, and a row put in renumbers all below it. What is left over is new
// here, or dropped there; that is returned.
func match(rows []Change, standing []ListingRow) []ListingRow {
	m := &matching{rows: rows, standing: standing, free: map[string]bool{}}
	for _, l := range standing {
		m.free[l.ID] = true
	}
	number := func(w ListingWords) string { return w.Number }
	section := func(w ListingWords) string { return strings.Join(w.Section, "\n") }
	for _, keys := range [][]func(ListingWords) string{{number, ledBy}, {section, ledBy}, {ledBy}, {number}} {
		m.by(func(w ListingWords) string {
			key := squeeze(w.Title)
			for _, k := range keys {
				key += "\n\n" + k(w)
			}
			return key
		}, nil)
	}
	m.by(func(w ListingWords) string { return squeeze(w.Title) }, nil)
	m.by(func(w ListingWords) string {
		if w.Number == "" {
			return ""
		}
		return w.Number + "\n" + strings.Join(w.Section, "\n")
	}, func(a, b ListingWords) bool { return likeness(pairs(a.Title), pairs(b.Title)) >= alikeEnough })
	m.near()
	return slices.DeleteFunc(slices.Clone(standing), func(l ListingRow) bool { return !m.free[l.ID] })
}

// ledBy are the names of who leads a row, of every side.
func ledBy(w ListingWords) string {
	all := strings.Join(w.Lead, "\n")
	for _, code := range slices.Sorted(maps.Keys(w.Sides)) {
		all += "\n" + code + "\n" + strings.Join(w.Sides[code].Lead, "\n")
	}
	return all
}

// by matches rows and listings that have one key; same, if given, must hold too. A row that was
// dropped yields to one that stands.
func (m *matching) by(key func(ListingWords) string, same func(a, b ListingWords) bool) {
	at := map[string][]int{}
	for _, dropped := range []bool{false, true} {
		for i, l := range m.standing {
			if k := key(l.Words); k != "" && m.free[l.ID] && (l.Dropped != "") == dropped {
				at[k] = append(at[k], i)
			}
		}
	}
	for r := range m.rows {
		if m.rows[r].Listing != "" {
			continue
		}
		for _, i := range at[key(m.rows[r].Words)] {
			if l := &m.standing[i]; m.free[l.ID] && (same == nil || same(m.rows[r].Words, l.Words)) {
				m.take(r, i)
				break
			}
		}
	}
}

func (m *matching) take(row, listing int) {
	m.rows[row].Listing = m.standing[listing].ID
	delete(m.free, m.standing[listing].ID)
}

// alikeEnough is how much of the longer title two versions of one row share, in pairs of
// characters. It has no source; it is ours.
const alikeEnough = 0.6

// tooCommon: a pair of characters in more titles than this leads to no candidates; a title of
// nothing but such pairs is no description of one piece of work.
const tooCommon = 300

// near matches what is left by likeness of titles, the likest first for each row.
func (m *matching) near() {
	titles := map[int]map[string]bool{}
	posts := map[string][]int{}
	for i, l := range m.standing {
		if !m.free[l.ID] {
			continue
		}
		titles[i] = pairs(l.Words.Title)
		for p := range titles[i] {
			posts[p] = append(posts[p], i)
		}
	}
	for r := range m.rows {
		if m.rows[r].Listing != "" {
			continue
		}
		if i, ok := m.likest(pairs(m.rows[r].Words.Title), titles, posts); ok {
			m.take(r, i)
		}
	}
}

func (m *matching) likest(title map[string]bool, titles map[int]map[string]bool, posts map[string][]int) (best int, ok bool) {
	seen, score := map[int]bool{}, alikeEnough
	for p := range title {
		if len(posts[p]) > tooCommon {
			continue
		}
		for _, i := range posts[p] {
			if seen[i] || !m.free[m.standing[i].ID] {
				continue
			}
			seen[i] = true
			if s := likeness(title, titles[i]); s > score || s == score && (!ok || i < best) {
				best, score, ok = i, s, true
			}
		}
	}
	return best, ok
}

// likeness is the share of pairs of characters that two titles have in common, of the longer one.
func likeness(x, y map[string]bool) float64 {
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	shared := 0
	for p := range x {
		if y[p] {
			shared++
		}
	}
	return float64(shared) / float64(max(len(x), len(y)))
}

func pairs(title string) map[string]bool {
	r := []rune(squeeze(title))
	all := map[string]bool{}
	for i := 0; i+1 < len(r); i++ {
		all[string(r[i:i+2])] = true
	}
	return all
}

// squeeze leaves out what does not make a title another one.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n\u3000，。；、,.;:：“”\"（）()", r) {
			return -1
		}
		return r
	}, s)
}
