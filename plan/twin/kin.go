package twin

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed kin.txt
var kinText string

// kinWord is a word of kin.txt with the topics (lines) that it speaks of.
type kinWord struct {
	lines  []uint16
	weight float64 // for each of its lines: less the more lines and the shorter the word
}

// kin finds the words of kin.txt in kinWords.
var kin, kinWords, kinLengths = readKin(kinText)

// readKin reads the format that stands at the head of kin.txt.
func readKin(text string) (of map[string]int32, words []kinWord, long lengths) {
	of, long = map[string]int32{}, lengths{}
	line := uint16(0)
	for l := range strings.Lines(text) {
		f := strings.Fields(l)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		line++
		for _, w := range f {
			w = normal(w)
			i, known := of[w]
			if !known {
				i = int32(len(words))
				of[w], words = i, append(words, kinWord{})
			}
			if !slices.Contains(words[i].lines, line) {
				words[i].lines = append(words[i].lines, line)
			}
			long.add(w)
		}
	}
	for w, i := range of {
		words[i].weight = (0.4 + 0.2*float64(min(utf8.RuneCountInString(w), 5))) / math.Sqrt(float64(len(words[i].lines)))
	}
	return of, words, long
}

// mention is a word of kin.txt that a work says, in its title or elsewhere.
type mention struct {
	word  int32
	title bool
}

// mentions gives the words that a work says, each as often as it says it, sorted by word, those of the title first. Words are looked for
// everywhere, also inside each other.
func mentions(title, rest string) []mention {
	all := appendMentions(appendMentions(make([]mention, 0, 32), title, true), rest, false)
	slices.SortStableFunc(all, func(a, b mention) int { return cmp.Compare(a.word, b.word) })
	return slices.Clone(all)
}

func appendMentions(all []mention, text string, title bool) []mention {
	var placesKept [256]int
	at := runeStarts(text, placesKept[:0])
	for i := range len(at) - 1 {
		for have := kinLengths.at(text[at[i]:]); have != 0; {
			var long int
			if long, have = have.longest(); i+long >= len(at) {
				continue
			}
			if w, ok := kin[text[at[i]:at[i+long]]]; ok {
				all = append(all, mention{w, title})
			}
		}
	}
	return all
}

// topical: the text holds a word of kin.txt.
func topical(text string) bool { return len(appendMentions(nil, text, false)) > 0 }

// only gives the mentions of a whose words b does not say.
func only(a, b []mention) (out []mention) {
	for _, m := range a {
		for len(b) > 0 && b[0].word < m.word {
			b = b[1:]
		}
		if len(b) == 0 || b[0].word != m.word {
			out = append(out, m)
		}
	}
	return out
}

// topic is how much of a work is about one line of kin.txt.
type topic struct {
	line  uint16
	title float64
	whole float64
}

// topicsOf gives what mentions are about, sorted by line: those of the title count whole, others less.
// A further word of one line adds half.
func topicsOf(ms []mention) []topic {
	var rest []float64 // of the lines, what is said elsewhere than in the title
	out := make([]topic, 0, 16)
	for _, m := range ms {
		w := kinWords[m.word].weight
		for _, l := range kinWords[m.word].lines {
			i, found := slices.BinarySearchFunc(out, l, func(t topic, l uint16) int { return cmp.Compare(t.line, l) })
			if !found {
				out, rest = slices.Insert(out, i, topic{line: l}), slices.Insert(rest, i, 0)
			}
			if m.title {
				out[i].title = max(out[i].title, w) + min(out[i].title, w)/2
			} else {
				rest[i] = max(rest[i], w) + min(rest[i], w)/2
			}
		}
	}
	for i := range out {
		out[i].whole = out[i].title + inTarget*rest[i]
	}
	return slices.Clip(out)
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
func (x *Index) rareTopic(line uint16) float64 { return max(0.3, x.rarity(int(x.topics[line]))) }
