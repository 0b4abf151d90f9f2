package twin

import (
	_ "embed"
	"math/bits"
	"strings"
	"unicode/utf8"
)

//go:embed lexicon.txt
var lexiconText string

// class says how much a word can tell about which work is meant.
type class byte

const (
	classEmpty   class = iota // verbs and adverbs of the office: nothing
	classGeneral              // 工程, 体系: nearly nothing
	classAction               // 建设, 改造: a little
	classRegion               // 川渝: a little, half the rows have one
	classPlace                // 船山区: something, and two different ones speak against
	classSubject              // 企业: something
	classThing                // 幼儿园: much
	className                 // unknown to the lexicon: mostly names
	classNumber               // 15万亩
	classPhrase               // 协同创新: two weak words together, only ever speaks for
)

var weightOf = [...]float64{
	classEmpty: 0, classGeneral: 0.16, classAction: 0.22, classRegion: 0.16,
	classPlace: 0.45, classSubject: 0.48, classThing: 1, className: 0.9, classNumber: 0.52, classPhrase: 0.17,
}

type word struct {
	term  string // the concept: first word of its line, or the word itself
	class class
}

var lexicon, lexiconLengths = readLexicon(lexiconText)

// lengths gives for a character how long the words are that start with it: bit n for n runes. Most
// stretches of a text need not be looked up then.
type lengths map[rune]uint32

func (l lengths) add(word string) {
	first, _ := utf8.DecodeRuneInString(word)
	l[first] |= 1 << min(utf8.RuneCountInString(word), 31)
}

// at gives how long the words are that start like a text.
func (l lengths) at(text string) lengthSet {
	first, _ := utf8.DecodeRuneInString(text)
	return lengthSet(l[first])
}

// lengthSet is a set of lengths of words.
type lengthSet uint32

// longest gives the longest of at least one length, and the shorter ones.
func (s lengthSet) longest() (n int, shorter lengthSet) {
	n = bits.Len32(uint32(s)) - 1
	return n, s &^ (1 << n)
}

// readLexicon reads the format that stands at the head of lexicon.txt.
func readLexicon(text string) (words map[string]word, long lengths) {
	words, long = map[string]word{}, lengths{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		c, shared := lineClass(f[0])
		for _, w := range f[1:] {
			term := w
			if shared {
				term = f[1]
			}
			w = normal(w)
			words[w] = word{term, c}
			long.add(w)
		}
	}
	return words, long
}

func lineClass(mark string) (c class, shared bool) {
	switch mark {
	case "0":
		return classEmpty, false
	case "g":
		return classGeneral, false
	case "a":
		return classAction, true
	case "A":
		return classAction, false
	case "r":
		return classRegion, true
	case "p":
		return classPlace, true
	case "s":
		return classSubject, true
	case "S":
		return classSubject, false
	case "n":
		return classThing, true
	default:
		return classThing, false
	}
}
