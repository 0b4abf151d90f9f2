package twin

import (
	"unicode"
	"unicode/utf8"
)

// piece is a stretch of a clause: a word of the lexicon, a number, or a run the lexicon does not know.
type piece struct {
	text  string
	word  word
	known bool
}

// cut segments a normal clause so that the fewest characters stay unknown and, among those
// ways, the fewest words are used.
func cut(clause string) []piece {
	at := runeStarts(clause)
	from, known := cheapestPath(clause, at)
	var back []piece
	for end := len(at) - 1; end > 0; end = from[end] {
		text := clause[at[from[end]]:at[end]]
		w, inLexicon := lexicon[text]
		if !inLexicon && known[end] {
			w = word{numberTerm(text), classNumber}
		}
		back = append(back, piece{text, w, known[end]})
	}
	return joinUnknown(back)
}

// runeStarts gives the byte at which each rune starts, and the length at the end.
func runeStarts(s string) []int {
	at := make([]int, 0, len(s)/3+2)
	for i := range s {
		at = append(at, i)
	}
	return append(at, len(s))
}

// cheapestPath: from[i] is where the piece that ends before rune i starts; known[i] says whether
// it is a word or a figure. A word of one character costs more, or it would cut up names.
func cheapestPath(clause string, at []int) (from []int, known []bool) {
	const perVerb, perWord, perShort, perUnknown, never = 9, 10, 12, 13, 1 << 30
	n := len(at)
	cost := make([]int, n)
	from, known = make([]int, n), make([]bool, n)
	for i := 1; i < n; i++ {
		cost[i] = never
	}
	numbers := numberSpans(clause, at)
	for start := range n - 1 {
		reach := func(end, price int, isKnown bool) {
			if c := cost[start] + price; c < cost[end] {
				cost[end], from[end], known[end] = c, start, isKnown
			}
		}
		first, _ := utf8.DecodeRuneInString(clause[at[start]:])
		for end := min(start+longestFrom[first], n-1); end > start; end-- {
			w, ok := lexicon[clause[at[start]:at[end]]]
			switch {
			case !ok:
			case end-start == 1:
				reach(end, perShort, true)
			case w.class == classEmpty: // 完成|遂内 rather than 完|成遂|内
				reach(end, perVerb, true)
			default:
				reach(end, perWord, true)
			}
		}
		if end, ok := numbers[start]; ok {
			reach(end, perWord, true)
		}
		reach(start+1, perUnknown, false)
	}
	return from, known
}

// joinUnknown turns the pieces round and joins neighbouring unknown characters to runs;
// digits and letters never join with ideographs.
func joinUnknown(back []piece) []piece {
	var out []piece
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
