package twin

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// odd is what titles say that the other work says nowhere, neither in another word nor by a word of
// the same topic. What only one of them says may be said more closely; what each says
// for itself makes two works of one frame (推进应收账款质押融资, 推进知识产权质押融资).
type odd struct {
	known float64 // things and subjects of the lexicon
	names float64 // words it does not know
	head  float64 // the last word that tells something, 0..1
}

// strange says of each token of a title how little of it the other work explains, 0..1.
type strange [longestTitle]float64

// strangeIn looks at the words that tell what the work is or what is done; rest is what other says about topics and own does not.
func strangeIn(own, other *entry, rest []mention) (s strange) {
	for i, t := range own.tokens {
		if t.class == classAction && t.key != build || t.class >= classSubject && t.class < classNumber {
			s[i] = 1 - explained(t, other, rest)
		}
	}
	return s
}

// oddIn sums up what is strange in a title.
func oddIn(ts []token, s *strange) (o odd) {
	headSeen := false
	for i := len(ts) - 1; i >= 0; i-- {
		t, miss := ts[i], s[i]
		switch t.class {
		case classThing, classSubject:
			o.known += weightOf[t.class] * miss
		case className:
			miss *= nameWeight(t.text)
			o.names += miss
		case classAction:
			if t.key == build {
				continue
			}
		default:
			continue
		}
		if !headSeen {
			o.head, headSeen = miss, true
		}
	}
	return o
}

// build is the term of all words for building, which nearly every work says.
const build = "建设"

// nameWeight: a name counts whole from three characters on.
func nameWeight(name string) float64 { return min(1, float64(utf8.RuneCountInString(name))/3) }

// explained is how much of what a word says other says too, 0..1. Words of one topic explain each other,
// but not when the other word is said by both: 质押 does not make 知识产权 of 应收账款.
func explained(t token, other *entry, rest []mention) float64 {
	if _, ok := find(other.terms, t.key); ok || strings.Contains(other.said, t.text) {
		return 1
	}
	best := partIn(t.text, other.said)
	word, ok := kin[t.text]
	if !ok {
		return best
	}
	lines := kinWords[word]
	for _, m := range rest {
		if slices.ContainsFunc(kinWords[m.word].lines, func(l uint16) bool { return slices.Contains(lines.lines, l) }) {
			if m.title {
				return max(best, 0.7)
			}
			best = max(best, 0.5)
		}
	}
	return best
}

// compareRest compares what each work says for itself; pairs are the tokens that both titles have.
func (m *match) compareRest(x *Index, row, item *entry, pairs [][2]int) {
	restRow, restItem := only(row.mentions, item.mentions), only(item.mentions, row.mentions)
	strangeRow, strangeItem := strangeIn(row, item, restItem), strangeIn(item, row, restRow)
	a, b := oddIn(row.tokens, &strangeRow), oddIn(item.tokens, &strangeItem)
	m.oddKnown = min(a.known, b.known)
	m.oddBoth = min(a.known+a.names, b.known+b.names)
	m.oddHeads, m.oddHead = min(a.head, b.head), max(a.head, b.head)
	m.beyond = beyondOf(row.tokens, item.tokens, pairs, &strangeRow, &strangeItem)
	m.restTitles, m.restWhole = x.kinship(topicsOf(restRow), topicsOf(restItem))
	m.restApart = m.restWhole == 0 && titled(restRow) && titled(restItem)
}

func titled(ms []mention) bool {
	return slices.ContainsFunc(ms, func(m mention) bool { return m.title })
}
