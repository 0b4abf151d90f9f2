package plan

import "slices"

// mark cuts a text into what was asked for and what was not.
func mark(text string, needles [][]rune) []Piece {
	plain, folded := []rune(text), []rune(fold(text))
	if len(plain) != len(folded) {
		return []Piece{{Text: text}} // a character that folds into several: nothing is marked
	}
	marked := make([]bool, len(plain))
	for _, n := range needles {
		for i := 0; i+len(n) <= len(folded); i++ {
			if slices.Equal(folded[i:i+len(n)], n) {
				for j := range n {
					marked[i+j] = true
				}
			}
		}
	}
	var pieces []Piece
	for from := 0; from < len(plain); {
		to := from
		for to < len(plain) && marked[to] == marked[from] {
			to++
		}
		pieces = append(pieces, Piece{Text: string(plain[from:to]), Found: marked[from]})
		from = to
	}
	return pieces
}

// around is how many characters of a text stand before and behind what was found.
const around = 30

// snippet is the part of the first text that has something of what was asked for.
func snippet(texts []string, needles [][]rune) []Piece {
	for _, text := range texts {
		folded := []rune(fold(text))
		for _, n := range needles {
			at := indexRunes(folded, n)
			if at < 0 || len(folded) != len([]rune(text)) {
				continue
			}
			from, to := max(0, at-around), min(len(folded), at+len(n)+2*around)
			pieces := mark(string([]rune(text)[from:to]), needles)
			if from > 0 {
				pieces = append([]Piece{{Text: "…"}}, pieces...)
			}
			if to < len(folded) {
				pieces = append(pieces, Piece{Text: "…"})
			}
			return pieces
		}
	}
	return nil
}

func indexRunes(text, n []rune) int {
	for i := 0; i+len(n) <= len(text); i++ {
		if slices.Equal(text[i:i+len(n)], n) {
			return i
		}
	}
	return -1
}
