package sheet

import (
	"slices"
	"strings"
)

// How near names must be. The figures have no source; they are ours, held by the names of
// TestNearNames: what differs by its end, lacks its level, or has one slip of the pen in a long name
// comes to 0.92 and more; any other name, however much it shares, to 0.86 at most.
const (
	nearEnough = 0.55 // below this a proposal helps nobody
	takeFrom   = 0.87 // from here on a proposal is taken unless a person says otherwise
	takeLead   = 0.1  // and if it is so much nearer than the next
	rounding   = 1e-9
	slipCore   = 0.9  // how like two cores are that differ by a slip
	otherCore  = 0.83 // and others at most
	proposals  = 3
)

// near proposes units whose names look alike.
func (b *unitBook) near(f unitForm, member string) []Proposal {
	var out []Proposal
	for i, forms := range b.forms {
		u := b.dir.Units[i]
		best := 0.0
		for _, g := range forms {
			best = max(best, alike(f, g))
		}
		switch {
		case member != "" && u.Member != "" && u.Member != member:
			best -= 0.4
		case member == "" && b.dir.Self != "" && u.Member != b.dir.Self:
			best -= 0.15
		}
		if best >= nearEnough {
			out = append(out, Proposal{u.ID, u.Name, float64(int(best*100)) / 100})
		}
	}
	slices.SortStableFunc(out, func(a, c Proposal) int {
		switch {
		case a.Score > c.Score:
			return -1
		case a.Score < c.Score:
			return 1
		}
		return strings.Compare(a.ID, c.ID)
	})
	return out[:min(len(out), proposals)]
}

// alike compares two names: mostly their core, a little the level and the end.
func alike(f, g unitForm) float64 {
	core := min(otherCore, max(similar(f.core, g.core), inside(f.core, g.core)))
	switch {
	case f.core == g.core:
		core = 1
	case slip(f.base, g.base):
		core = slipCore
	}
	score := 0.8 * core
	switch {
	case f.level == g.level:
		score += 0.1
	case f.level == "" || g.level == "":
		score += 0.06
	default:
		score -= 0.2 // a city's office is not a district's
	}
	switch {
	case f.end == g.end:
		score += 0.1
	case f.end == "" || g.end == "":
		score += 0.05
	default:
		score += 0.03
	}
	return score
}

// inside: one core stands in the other, "农业" for 农业农村; never enough to be taken, for 科技馆 is
// not 科技局 and 金融监管 not 金融工作.
func inside(a, b string) float64 {
	short, long := []rune(a), []rune(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) < 2 || !strings.Contains(string(long), string(short)) {
		return 0
	}
	return 0.6 + 0.25*float64(len(short))/float64(len(long))
}

// similar is the share of characters that need no edit.
func similar(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	longest := max(len(x), len(y))
	if longest == 0 {
		return 0
	}
	return 1 - float64(edits(x, y))/float64(longest)
}

// edits is the Levenshtein distance.
func edits(a, b []rune) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		corner := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := corner
			if x != y {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, cost)
		}
	}
	return row[len(b)]
}

// tellApart are characters that make another office of a name: 第一 and 第二, 城东 and 城西.
const tellApart = "零一二三四五六七八九十两0123456789东西南北中上下前后左右大小新老"

// slip: two long names are one but for a single character typed wrong, left out or doubled. What
// stands at the end of only one of them is no slip.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if min(len(x), len(y)) < 4 || len(x) != len(y) && x[len(x)-1] != y[len(y)-1] || edits(x, y) != 1 {
		return false
	}
	at := 0
	for at < min(len(x), len(y)) && x[at] == y[at] {
		at++
	}
	for _, r := range [][]rune{x, y} {
		if at < len(r) && strings.ContainsRune(tellApart, r[at]) {
			return false
		}
	}
	return true
}
