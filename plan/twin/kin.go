package twin

import (
	"cmp"
	_ "embed"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed kin.txt
var kinText string

// kin is kin.txt: the topics (lines) that each word speaks of.
var kin, longestKin = readKin(kinText)

// readKin reads the format that stands at the head of kin.txt; longest as for the lexicon.
func readKin(text string) (of map[string][]uint16, longest map[rune]int) {
	of, longest = map[string][]uint16{}, map[rune]int{}
	line := uint16(0)
	for l := range strings.Lines(text) {
		f := strings.Fields(l)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		line++
		for _, w := range f {
			w = normal(w)
			if slices.Contains(of[w], line) {
				continue
			}
			of[w] = append(of[w], line)
			first, _ := utf8.DecodeRuneInString(w)
			longest[first] = max(longest[first], utf8.RuneCountInString(w))
		}
	}
	return of, longest
}

// topic is how much of a work is about one line of kin.txt.
type topic struct {
	line  uint16
	title float64
	whole float64
}

// topics gives what a work is about, sorted by line: by its title, and less by its target and measures.
func topics(title, rest string) []topic {
	about := map[uint16]topic{}
	for line, w := range spoken(title) {
		about[line] = topic{line, w, w}
	}
	for line, w := range spoken(rest) {
		a := about[line]
		about[line] = topic{line, a.title, a.whole + inTarget*w}
	}
	return slices.SortedFunc(maps.Values(about), func(a, b topic) int { return cmp.Compare(a.line, b.line) })
}

// spoken weighs the topics of a normal text. Words are looked for everywhere, also inside each
// other; the second word of one line adds half, and a word of several lines counts less for each.
func spoken(text string) map[uint16]float64 {
	about := map[uint16]float64{}
	at := runeStarts(text)
	for i := range len(at) - 1 {
		first, _ := utf8.DecodeRuneInString(text[at[i]:])
		for end := min(i+longestKin[first], len(at)-1); end > i; end-- {
			lines := kin[text[at[i]:at[end]]]
			w := (0.4 + 0.2*float64(min(end-i, 5))) / math.Sqrt(float64(len(lines)))
			for _, l := range lines {
				about[l] = max(about[l], w) + min(about[l], w)/2
			}
		}
	}
	return about
}

// kinship is the cosine of what two works are about: by their titles, and by all they say.
func (x *Index) kinship(a, b []topic) (titles, whole float64) {
	var t, w cosine
	for len(a) > 0 || len(b) > 0 {
		var g, h topic
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].line < b[0].line:
			g, a = a[0], a[1:]
		case len(a) == 0 || b[0].line < a[0].line:
			h, b = b[0], b[1:]
		default:
			g, h, a, b = a[0], b[0], a[1:], b[1:]
		}
		r := x.rareTopic(max(g.line, h.line))
		t.weigh(g.title*r, h.title*r)
		w.weigh(g.whole*r, h.whole*r)
	}
	return t.of(), w.of()
}

func (c *cosine) weigh(a, b float64) {
	c.both += a * b
	c.a += a * a
	c.b += b * b
}

// rareTopic is 0.3..1: how few items speak of it.
func (x *Index) rareTopic(line uint16) float64 {
	const smallest = 200
	n := float64(max(len(x.items), smallest)) + 1
	return max(0.3, min(1, math.Log(n/(float64(x.topics[line])+0.5))/math.Log(n/1.5)))
}
