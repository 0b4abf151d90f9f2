package twin

import (
	"unicode"
)

// piece is a stretch of a clause: a word of the lexicon, a number, or a run the lexicon does not know.
type piece struct {
	text  string
	word  word
	known bool
}

// step is the cheapest way to a place in a clause: the piece that ends there starts at rune from.
type step struct {
	cost, from int
	word       word
	known      bool // a word or a figure
}

// cut segments a normal clause so that the fewest characters stay unknown and, among those
// ways, the fewest words are used.
func cut(clause string) []piece {
	var placesKept [64]int
	var stepsKept [64]step
	at := runeStarts(clause, placesKept[:0])
	way := cheapestWay(clause, at, stepsKept[:0])
	back := make([]piece, 0, len(at)/2+1)
	for end := len(at) - 1; end > 0; end = way[end].from {
		s := way[end]
		back = append(back, piece{clause[at[s.from]:at[end]], s.word, s.known})
	}
	for i := range back {
		if p := &back[i]; p.known && p.word == (word{}) {
			p.word = word{numberTerm(p.text), classNumber}
		}
	}
	return joinUnknown(back)
}

// runeStarts appends the byte at which each rune starts, and the length at the end.
func runeStarts(s string, at []int) []int {
	for i := range s {
		at = append(at, i)
	}
	return append(at, len(s))
}

// cheapestWay gives for each rune the cheapest step that ends before it. A word of one character costs more, or it would cut up names.
func cheapestWay(clause string, at []int, way []step) []step {
	const perVerb, perWord, perShort, perUnknown, never = 9, 10, 12, 13, 1 << 30
	way = append(way, step{})
	for range at[1:] {
		way = append(way, step{cost: never})
	}
	numbers := numberSpans(clause, at)
	for start := range len(at) - 1 {
		reach := func(end, price int, w word, known bool) {
			if c := way[start].cost + price; c < way[end].cost {
				way[end] = step{c, start, w, known}
			}
		}
		for have := lexiconLengths.at(clause[at[start]:]); have != 0; {
			var long int
			if long, have = have.longest(); start+long >= len(at) {
				continue
			}
			w, ok := lexicon[clause[at[start]:at[start+long]]]
			switch {
			case !ok:
			case long == 1:
				reach(start+1, perShort, w, true)
			case w.class == classEmpty: // 完成|遂内 rather than 完|成遂|内
				reach(start+long, perVerb, w, true)
			default:
				reach(start+long, perWord, w, true)
			}
		}
		if end, ok := numbers[start]; ok {
			reach(end, perWord, word{}, true)
		}
		reach(start+1, perUnknown, word{}, false)
	}
	return way
}

// joinUnknown turns the pieces round and joins neighbouring unknown characters to runs;
// digits and letters never join with ideographs.
func joinUnknown(back []piece) []piece {
	out := make([]piece, 0, len(back))
	for i := len(back) - 1; i >= 0; i-- {
		p := back[i]
		if n := len(out); !p.known && n > 0 && !out[n-1].known && sameScript(out[n-1].text, p.text) {
			out[n-1].text += p.text
			continue
		}
		out = append(out, p)
	}
	return out
}

func sameScript(a, b string) bool { return ideograph(a) == ideograph(b) }

func ideograph(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Han, r)
	}
	return false
}
