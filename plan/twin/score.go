package twin

import (
	"slices"
	"strings"
)

// match is what a careful comparison of a row with an item found.
type match struct {
	score               float64
	odds                float64  // logarithm of the odds, before rounding
	otherItem, otherRow bool     // another item, or row, fits better
	words               []string // shared, weightiest first
	weights             []float64
	shared              float64
	row, item           float64 // weight that only one of them has
	leads               int     // 1 shared, -1 both named but none shared, 0 not known
	crossed             bool    // the leads differ; the one side's supports the other
	places              bool    // two different places
	phase               string  // 一期≠二期
	which               int     // shared things before which different names stand
	heads               bool    // what is done is done to different things
	figures             bool    // share a telling figure
	figuresOff          string  // 15公里≠20公里: same unit, other figure, none shared
	figureMass          float64 // weight of the shared figures
	things              float64 // weight of shared things and names, title or not
	stage               string  // the same, in target or measures
	clash               clash   // the same words around different names
	alike               alike
	kinTitles           float64
	kinWhole            float64
	beyond              beyond
	here, there         object   // other things of one sort are named
	same                []object // named by both
	acts                bool     // different things are done
	oddKnown            float64  // weight of known words that each title has for itself, of the lighter one
	oddBoth             float64  // the same of all words
	oddHeads            float64  // both titles end in words of their own
	oddHead             float64  // one does
	restTitles          float64  // likeness of topics of what each says for itself
	restWhole           float64
	restApart           bool   // it is of other topics
	along               string // two different segments of a line: 船山≠安居至蓬溪
	noTopic             bool   // nothing is known of what one of them is about
	deadline            int    // 1 the same and not the year's end, -1 different, 0 not known or year's end
}

// wordForWord is the score of two equal titles whose lead units are not known.
const wordForWord = 0.97

// compare weighs shared terms against those that only one side has. A term that only one side
// has is cheap, the other office just says more; terms of their own on both sides are dear. What can not score least
// is left when that shows, with a score of 0.
func (x *Index) compare(row, item *entry, least float64) (m match) {
	var bufferRow, bufferItem [64]*term
	onlyRow, onlyItem := x.meet(&m, row.terms, item.terms, bufferRow[:0], bufferItem[:0])
	if m.shared == 0 {
		return match{}
	}
	m.row = x.lonely(&m, onlyRow, item)
	m.item = x.lonely(&m, onlyItem, row)
	m.leads, m.crossed = leadsOf(&row.work, &item.work)
	m.kinTitles, m.kinWhole = x.kinship(row.topics, item.topics)
	m.noTopic = len(row.topics) == 0 || len(item.topics) == 0
	m.deadline = deadlines(row.work.due(), item.work.due())
	m.alike = x.alike(row.grams, item.grams)
	if row.text != item.text && m.atMost() < least {
		return match{}
	}
	if !m.figures {
		m.figuresOff = figuresApart(onlyRow, onlyItem)
	}
	pairs := aligned(row.tokens, item.tokens)
	m.contrast(row, item, pairs)
	if row.text != item.text && m.atMost() < least {
		return match{}
	}
	m.compareRest(x, row, item, pairs)
	m.score = m.judge()
	if row.text == item.text && !m.another() {
		m.score = max(m.score, wordForWord+0.02*float64(m.leads))
	}
	if m.score >= least {
		m.words, m.weights = x.sharedWords(row.terms, item.terms)
	}
	return m
}

// contrast finds what speaks against a pair that is alike, but for what compareRest finds.
func (m *match) contrast(row, item *entry, pairs [][2]int) {
	m.places = placesApart(row.terms, item.terms)
	m.phase = phasesApart(row.phases, item.phases)
	m.stage = phasesApart(row.stages, item.stages)
	m.clash = clashing(row, item, pairs)
	m.heads = headsApart(row.terms, item.terms)
	m.which = whichApart(row.terms, item.terms)
	m.here, m.there = objectsApart(row, item)
	m.same = sameObjects(row, item)
	m.acts = actsApart(row, item)
	m.along = stretchesApart(row.along, item.along)
}

// meet walks both sorted lists, sums up what they share, and appends what only one side has.
func (x *Index) meet(m *match, a, b []term, onlyA, onlyB []*term) ([]*term, []*term) {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		t, u := &a[i], &b[j]
		switch c := strings.Compare(t.key, u.key); {
		case c < 0:
			onlyA, i = append(onlyA, t), i+1
		case c > 0:
			onlyB, j = append(onlyB, u), j+1
		default:
			m.share(t, u, x.weight(t))
			i, j = i+1, j+1
		}
	}
	for ; i < len(a); i++ {
		onlyA = append(onlyA, &a[i])
	}
	for ; j < len(b); j++ {
		onlyB = append(onlyB, &b[j])
	}
	return onlyA, onlyB
}

func (m *match) share(t, u *term, w float64) {
	at := w * nearness(t, u)
	m.shared += at
	switch t.class {
	case classNumber:
		m.figures = m.figures || t.tells > 0.6
		m.sameFigure(t.text, u.text, w)
	case classThing, className:
		m.things += at
	}
}

// sharedWords gives what both sorted lists have as the first writes it, and its weights, weightiest first.
func (x *Index) sharedWords(a, b []term) (words []string, weights []float64) {
	for i := range a {
		u, ok := find(b, a[i].key)
		if !ok {
			continue
		}
		w := x.weight(&a[i]) * nearness(&a[i], u)
		at := len(weights)
		for at > 0 && weights[at-1] < w {
			at--
		}
		words, weights = slices.Insert(words, at, a[i].text), slices.Insert(weights, at, w)
	}
	return words, weights
}

// sameFigure: a figure tells the same wherever it stands; less when it counts other things.
func (m *match) sameFigure(a, b string, w float64) {
	w /= weightOf[classNumber]
	m.figureMass += w * alikeCounted(a, b)
}

// nearness: a term in both titles counts whole; one that only the measures share counts little,
// for measures of quite different works are alike (完成初步设计审批).
func nearness(a, b *term) float64 {
	if max(a.place, b.place) < inTail {
		return 0.15
	}
	return (a.place + b.place) / 2
}

// noise is how much an unknown pair of characters counts against, beside a known word; chars how
// much of a word counts as shared when only its single characters stand in the other title.
const noise, chars = 0.42, 0.5

// lonely sums what only one side has, as far as it stands in its title. A term of which a part
// stands in the other's title, or for which the other has a short form, is partly shared.
func (x *Index) lonely(m *match, own []*term, other *entry) float64 {
	sum := 0.0
	for _, t := range own {
		if t.place < inTail || t.class >= classNumber {
			continue
		}
		w := x.weight(t) * t.place
		if t.class == className {
			w *= noise
		}
		part := partIn(t.text, other.text)
		m.shared += w * part / 3
		sum += w * (1 - part)
	}
	return sum
}

// partIn says how much of a word, 0..0.8, stands in a text: as bigrams, or as a short form
// (高企 for 高新技术企业) whose characters stand in the text in order and close together.
func partIn(word, text string) float64 {
	r := []rune(word)
	if len(r) < 2 || !ideograph(word) {
		return 0
	}
	found := 0
	for i := 0; i+1 < len(r); i++ {
		if strings.Contains(text, string(r[i:i+2])) {
			found++
		}
	}
	if found > 0 {
		return 0.8 * float64(found) / float64(len(r)-1)
	}
	if len(r) == 2 && abbreviates(r[0], r[1], text) {
		return 0.6
	}
	for _, c := range r {
		if strings.ContainsRune(text, c) {
			found++
		}
	}
	return chars * float64(found) / float64(len(r))
}

// abbreviates says whether b follows a in the text after one to four other characters.
func abbreviates(a, b rune, text string) bool {
	_, rest, ok := strings.Cut(text, string(a))
	if !ok {
		return false
	}
	n := 0
	for _, r := range rest {
		if r == b {
			return n > 0
		}
		if n++; n > 4 || strings.ContainsRune("，。；,;", r) {
			return false
		}
	}
	return false
}

// whichApart counts the shared things that are another one on each side: 双江航电枢纽 and
// 三星航电枢纽. It does not count when the name before it stands anywhere on the other side.
func whichApart(a, b []term) int {
	n := 0
	for _, t := range a {
		u, ok := find(b, t.key)
		if !ok || t.which == "" || u.which == "" || t.which == u.which || t.place < inTail || u.place < inTail {
			continue
		}
		_, there := find(b, t.which)
		_, here := find(a, u.which)
		if !there && !here {
			n++
		}
	}
	return n
}

func find(ts []term, key string) (*term, bool) {
	i, j := 0, len(ts)
	for i < j {
		if h := (i + j) / 2; ts[h].key < key {
			i = h + 1
		} else {
			j = h
		}
	}
	if i == len(ts) || ts[i].key != key {
		return nil, false
	}
	return &ts[i], true
}

// leadsOf says whether the leads meet, or crossed, only the lead of the one with who supports the other.
func leadsOf(a, b *Work) (meeting int, crossed bool) {
	leadsA, supportsA := a.units()
	leadsB, supportsB := b.units()
	if len(leadsA) == 0 || len(leadsB) == 0 {
		return 0, false
	}
	meet := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(unit string) bool { return slices.Contains(y, unit) })
	}
	if meet(leadsA, leadsB) {
		return 1, false
	}
	if meet(leadsA, supportsB) || meet(leadsB, supportsA) {
		return 1, true
	}
	return -1, false
}

// placesApart: both name places in their titles and none is the same.
func placesApart(a, b []term) bool {
	own := func(ts []term) (out []string) {
		for _, t := range ts {
			if t.class == classPlace && t.place >= inTail {
				out = append(out, t.key)
			}
		}
		return out
	}
	pa, pb := own(a), own(b)
	shared := slices.ContainsFunc(pa, func(p string) bool { return slices.Contains(pb, p) })
	return len(pa) > 0 && len(pb) > 0 && !shared
}

// phasesApart tells the first ordinals of one sort that differ.
func phasesApart(a, b map[string]string) string {
	for _, what := range []string{"第", "期", "桥", "中", "型", "号", "院", "标", "批", "轮"} {
		if a[what] == "" || b[what] == "" || a[what] == b[what] {
			continue
		}
		if what == "第" {
			return unlike(what+a[what], what+b[what])
		}
		return unlike(a[what]+what, b[what]+what)
	}
	return ""
}

// unlike writes two things that are not one.
func unlike(here, there string) string { return here + "≠" + there }

// headsApart: what the row is about does not occur in the item, nor the other way round.
func headsApart(a, b []term) bool { return headMissing(a, b) && headMissing(b, a) }

func headMissing(a, b []term) bool {
	any := false
	for _, t := range a {
		if !t.head {
			continue
		}
		if t.class != classThing { // an unknown word may be said in another way
			return false
		}
		any = true
		if _, ok := find(b, t.key); ok {
			return false
		}
	}
	return any
}

// figuresApart tells two figures that count the same and differ.
func figuresApart(a, b []*term) string {
	for _, t := range a {
		for _, u := range b {
			if t.class == classNumber && u.class == classNumber && unitAs(t.text) == unitAs(u.text) {
				return unlike(t.text, u.text)
			}
		}
	}
	return ""
}

func deadlines(a, b string) int {
	switch {
	case a == "" || b == "":
		return 0
	case a != b:
		return -1
	case strings.HasSuffix(a, "-12-31"):
		return 0
	default:
		return 1
	}
}
