package twin

import "unicode"

// piece is a stretch of a clause: a word of the lexicon, a number, or a run the lexicon does not know.
type piece struct {
	text  string
	word  word
	known bool
}

// cut segments a normal clause so that the fewest characters stay unknown and, among those
// ways, the fewest words are used.
func cut(clause string) []piece {
	runes := []rune(clause)
	from, known := cheapestPath(runes, numberSpans(clause))
	var back []piece
	for end := len(runes); end > 0; end = from[end] {
		text := string(runes[from[end]:end])
		w, inLexicon := lexicon[text]
		if !inLexicon && known[end] {
			w = word{numberTerm(text), classNumber}
		}
		back = append(back, piece{text, w, known[end]})
	}
	return joinUnknown(back)
}

// cheapestPath: from[i] is where the piece that ends at i starts; known[i] says whether it is
// a word or a figure. A word of one character costs more, or it would cut up names.
func cheapestPath(runes []rune, numbers map[int]int) (from []int, known []bool) {
	const perWord, perShort, perUnknown = 10, 12, 13
	cost := make([]int, len(runes)+1)
	from, known = make([]int, len(runes)+1), make([]bool, len(runes)+1)
	for end := 1; end <= len(runes); end++ {
		from[end], cost[end] = end-1, cost[end-1]+perUnknown
		for start := max(0, end-longestWord); start < end; start++ {
			_, ok := lexicon[string(runes[start:end])]
			price := perWord
			if end-start == 1 {
				price = perShort
			}
			if c := cost[start] + price; ok && c < cost[end] {
				cost[end], from[end], known[end] = c, start, true
			}
		}
		if start, ok := numbers[end]; ok && cost[start]+perWord < cost[end] {
			cost[end], from[end], known[end] = cost[start]+perWord, start, true
		}
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
