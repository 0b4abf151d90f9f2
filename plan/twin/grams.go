package twin

import (
	"cmp"
	"math"
	"slices"
)

// gram is a character or two neighbouring ones of what a work says, office words left out.
// Grams find likeness where the lexicon knows no word (保租房, 保障性租赁住房).
type gram struct {
	key   uint64 // one or two runes; the lower one is 0 for a single character
	id    int32  // of the key in the index, none where no item has it
	title bool
}

// grams gives the single and double characters of a work, each once, sorted by key.
func grams(title, rest []piece) []gram {
	out := make([]gram, 0, 96)
	out = appendGrams(out, title, true)
	out = appendGrams(out, rest, false)
	slices.SortFunc(out, func(a, b gram) int {
		if c := cmp.Compare(a.key, b.key); c != 0 || a.title == b.title {
			return c
		}
		if a.title {
			return -1
		}
		return 1
	})
	return slices.Clone(slices.CompactFunc(out, func(a, b gram) bool { return a.key == b.key }))
}

func appendGrams(out []gram, pieces []piece, title bool) []gram {
	var before rune
	for _, p := range pieces {
		if p.known && (p.word.class == classEmpty || p.word.class == classNumber) {
			before = 0
			continue
		}
		for _, r := range p.text {
			out = append(out, gram{key: uint64(r) << 32, title: title})
			if before != 0 {
				out = append(out, gram{key: uint64(before)<<32 | uint64(r), title: title})
			}
			before = r
		}
	}
	return out
}

func (g gram) double() bool { return uint32(g.key) != 0 }

// alike is how much two works have in common by their characters, each counted the more the
// rarer it is among the items. All are 0..1.
type alike struct {
	titles   float64 // double characters of the titles, cosine
	chars    float64 // single characters of the titles, cosine
	whole    float64 // double characters of all that is said, cosine
	rowIn    float64 // share of the row's title that the item says somewhere
	itemIn   float64 // share of the item's title that the row says somewhere
	rowPairs float64 // the same by double characters
	itemPair float64
}

func (x *Index) alike(a, b []gram) alike {
	var titles, chars, whole cosine
	var row, item, rowPairs, itemPairs share
	for len(a) > 0 || len(b) > 0 {
		var g, h gram
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].key < b[0].key:
			g, a = a[0], a[1:]
		case len(a) == 0 || b[0].key < a[0].key:
			h, b = b[0], b[1:]
		default:
			g, h, a, b = a[0], b[0], a[1:], b[1:]
		}
		w := x.rare(cmp.Or(g, h).id)
		if g.double() || h.double() {
			titles.count(w, g.title, h.title)
			whole.count(w, g.key > 0, h.key > 0)
			rowPairs.count(w, g.title, h.key > 0)
			itemPairs.count(w, h.title, g.key > 0)
			continue
		}
		chars.count(w, g.title, h.title)
		row.count(w, g.title, h.key > 0)
		item.count(w, h.title, g.key > 0)
	}
	return alike{titles.of(), chars.of(), whole.of(), row.of(), item.of(), rowPairs.of(), itemPairs.of()}
}

// rare is 0.2..1: how rare a gram is among the items.
func (x *Index) rare(id int32) float64 {
	if id == none {
		return 1
	}
	return max(0.2, x.rarity(int(x.grams.items[id])))
}

type cosine struct{ both, a, b float64 }

func (c *cosine) count(w float64, inA, inB bool) {
	w *= w
	if inA && inB {
		c.both += w
	}
	if inA {
		c.a += w
	}
	if inB {
		c.b += w
	}
}

func (c cosine) of() float64 {
	if c.both == 0 {
		return 0
	}
	return c.both / math.Sqrt(c.a*c.b)
}

type share struct{ of0, found float64 }

func (s *share) count(w float64, is, there bool) {
	if is {
		s.of0 += w
		if there {
			s.found += w
		}
	}
}

func (s share) of() float64 {
	if s.of0 == 0 {
		return 0
	}
	return s.found / s.of0
}
