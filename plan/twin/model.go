package twin

import (
	"math"
	"slices"
)

// features are what the judgement rests on, in the order of names; each is about 0..1.
func (m *match) features() [len(names)]float64 {
	lo, hi := min(m.row, m.item), max(m.row, m.item)
	near := 0.0
	if m.shared > 0 {
		near = m.shared / (m.shared + 0.68*lo + 0.2*(hi-lo))
	}
	a := m.alike
	figure := min(m.figureMass, 1)
	return [...]float64{
		1, near, near * m.shared / (m.shared + 0.76), near * near, m.shared / (m.shared + 2), m.things / (m.things + 1),
		lo / (lo + 1), hi / (hi + 1),
		a.titles, a.chars, a.whole, max(a.rowIn, a.itemIn), min(a.rowIn, a.itemIn), max(a.rowPairs, a.itemPair), min(a.rowPairs, a.itemPair),
		figure, yes(m.leads > 0), yes(m.leads < 0), figure * yes(m.leads > 0),
		m.kinWhole, max(m.kinTitles, m.kinWhole) * figure, yes(m.noTopic), yes(m.noTopic) * figure,
		yes(m.deadline > 0), yes(m.deadline < 0),
		// what contrast finds
		yes(m.figuresOff != ""),
		m.clash.share, yes(m.clash.proper), yes(m.stage != ""),
		yes(m.places), yes(m.phase != ""), yes(m.which > 0), yes(m.heads),
		half(max(m.beyond.row, m.beyond.item)), half(m.beyond.amid),
		half(m.oddKnown), half(m.oddBoth), m.oddHeads, m.oddHead,
		m.restTitles, m.restWhole, yes(m.restApart), yes(m.acts),
	}
}

// names of the features, as the fitting test prints them.
var names = [...]string{
	"bias", "near", "near-and-much", "near-squared", "much", "things",
	"own-of-both", "own-of-one",
	"titles", "chars", "whole", "in-either", "in-both", "pairs-in-either", "pairs-in-both",
	"figure", "lead", "other-lead", "figure-and-lead",
	"kin-whole", "kin-and-figure", "no-topic", "no-topic-and-figure",
	"deadline", "other-deadline",
	firstContrast,
	"clash-share", "clash-of-names", "other-stage",
	"other-place", "other-phase", "other-which", "other-head",
	"beyond", "amid",
	"odd-known", "odd-both", "odd-heads", "odd-head",
	"kin-rest-titles", "kin-rest", "kin-rest-apart", "other-acts",
}

// firstContrast is the first of the features that are only looked at where the others leave a chance.
const firstContrast = "figures-off"

// half brings a weight to 0..1.
func half(v float64) float64 { return v / (1 + v) }

func yes(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// apart are what two works are not one with, however alike: another 期 or 号, another segment
// of a line, or other names among the same words. Few rows of any labelled set show it, so it is a rule and not fitted.
const apart = 0.45

// atMost is the highest score that a match may still get, whatever has not been asked yet.
func (m *match) atMost() float64 {
	score := 1 / (1 + math.Exp(-m.sum()-open))
	if m.another() || m.thin() {
		score *= apart
	}
	return score
}

func (m *match) sum() (sum float64) {
	for i, f := range m.features() {
		sum += weights[i] * f
	}
	return sum
}

// open is what contrast can add: all else that it finds speaks against.
var open = func() (sum float64) {
	for i := slices.Index(names[:], firstContrast); i < len(names); i++ {
		sum += max(0, weights[i])
	}
	return sum
}()

// judge is the likelihood, by a logistic model, that a pair as like as this is one work.
func (m *match) judge() float64 {
	if m.shared == 0 {
		return 0
	}
	sum := m.sum()
	score := 1 / (1 + math.Exp(-sum))
	m.odds = sum
	if m.another() || m.thin() {
		score *= apart
		m.odds = math.Log(score / (1 - score))
	}
	return math.Round(100*score) / 100
}

// enough is how much two works must share where neither a thing, a name, a figure nor the lead is among it.
const enough = 1.0

// enoughOfOneLead is the same where the lead is one: that a unit holds two meetings (召开) makes them no one work.
const enoughOfOneLead = 0.4

// thin: what is shared are words of many works (物流, 企业), and too few. A row of a few such words (支持物流企业做大做强) stands
// whole in every longer one about them, which is no likeness.
func (m *match) thin() bool {
	least := enough
	if m.leads > 0 {
		least = enoughOfOneLead
	}
	return m.things == 0 && !m.figures && m.shared < least
}

func (m *match) another() bool {
	return m.phase != "" || m.along != "" || m.stage != "" || m.here.name != "" || m.clash.proper && m.clash.share >= 0.5
}
