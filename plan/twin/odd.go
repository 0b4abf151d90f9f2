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

// oddIn finds what is odd in the title of own beside other; rest is what other says about topics and own does not.
func oddIn(own, other *entry, rest []mention) (o odd) {
	headSeen := false
	for i := len(own.tokens) - 1; i >= 0; i-- {
		t := own.tokens[i]
		if t.class < classAction || t.class == classRegion || t.class == classPlace || t.key == build {
			continue
		}
		miss := 1 - explained(t, other, rest)
		switch t.class {
		case classThing, classSubject:
			o.known += weightOf[t.class] * miss
		case className:
			miss *= nameWeight(t.text)
			o.names += miss
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

// compareRest compares what each work says for itself.
func (m *match) compareRest(x *Index, row, item *entry) {
	restRow, restItem := only(row.mentions, item.mentions), only(item.mentions, row.mentions)
	a, b := oddIn(row, item, restItem), oddIn(item, row, restRow)
	m.oddKnown = min(a.known, b.known)
	m.oddBoth = min(a.known+a.names, b.known+b.names)
	m.oddHeads, m.oddHead = min(a.head, b.head), max(a.head, b.head)
	m.beyond = beyondOf(row, item, restRow, restItem)
	topicsRow, topicsItem := topicsOf(restRow), topicsOf(restItem)
	m.restTitles, m.restWhole = x.kinship(topicsRow, topicsItem)
	m.restApart = m.restWhole == 0 && titled(restRow) && titled(restItem)
}

func titled(ms []mention) bool {
	return slices.ContainsFunc(ms, func(m mention) bool { return m.title })
}
