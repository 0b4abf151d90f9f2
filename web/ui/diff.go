package ui

import "unicode"

// Segment is a stretch of text that stands in both versions, or only in one.
type Segment struct {
	Text string
	Only bool // stands in this version only
}

// mostWords bounds the work of a comparison: longer texts are shown unmarked.
const mostWords = 2500

// WordDiff marks in the old and the new text what stands in one of them only. A word is a Chinese
// character, or a run of letters or digits: a figure changes as a whole. Texts that have little in
// common are different texts, and marking them would only make noise.
func WordDiff(before, after string) (old, new []Segment) {
	a, b := splitWords(before), splitWords(after)
	if len(a) > mostWords || len(b) > mostWords || len(a) == 0 || len(b) == 0 {
		return []Segment{{before, false}}, []Segment{{after, false}}
	}
	inA, inB, same := common(a, b)
	if same*3 < min(len(a), len(b)) {
		return []Segment{{before, false}}, []Segment{{after, false}}
	}
	return segments(a, inA), segments(b, inB)
}

func splitWords(s string) (words []string) {
	var run []rune
	end := func() {
		if len(run) > 0 {
			words, run = append(words, string(run)), nil
		}
	}
	for _, r := range s {
		switch {
		case r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '.' && len(run) > 0:
			run = append(run, r)
		default:
			end()
			words = append(words, string(r))
		}
	}
	end()
	return words
}

// common finds a longest common subsequence and marks its words in both texts.
func common(a, b []string) (inA, inB []bool, n int) {
	width := len(b) + 1
	longest := make([]uint16, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			at := i*width + j
			if a[i] == b[j] {
				longest[at] = longest[at+width+1] + 1
			} else {
				longest[at] = max(longest[at+width], longest[at+1])
			}
		}
	}
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch at := i*width + j; {
		case a[i] == b[j]:
			inA[i], inB[j] = true, true
			i, j, n = i+1, j+1, n+1
		case longest[at+width] >= longest[at+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB, n
}

func segments(words []string, both []bool) (all []Segment) {
	for i, w := range words {
		if len(all) == 0 || all[len(all)-1].Only == both[i] {
			all = append(all, Segment{Only: !both[i]})
		}
		all[len(all)-1].Text += w
	}
	return all
}
