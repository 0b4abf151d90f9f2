package letter

import (
	"strings"
	"unicode/utf8"
)

// em is the width of text in characters of its own size: Latin letters and figures are half.
func em(text string) float64 {
	w := 0.0
	for _, r := range text {
		if r < utf8.RuneSelf {
			w += 0.5
		} else {
			w++
		}
	}
	return w
}

// oneLine folds every run of space and line breaks into nothing between Chinese characters
// and into one space elsewhere.
func oneLine(s string) string {
	words := strings.Fields(s)
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(words[i-1])
			after, _ := utf8.DecodeRuneInString(w)
			if before < utf8.RuneSelf && after < utf8.RuneSelf {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

// balance breaks a title into as few lines as hold it, each longer than the next or the
// other way round (梯形), at places where reading pauses. Line breaks set by hand stay.
// Source: GB/T 9704-2012, 7.3.1 词意完整，排列对称，长短适宜.
func balance(title string, perLine int) []string {
	title = strings.TrimSpace(plainBreaks(title))
	if strings.Contains(title, "\n") {
		return strings.Split(title, "\n")
	}
	title = oneLine(title)
	if em(title) <= float64(perLine) {
		return []string{title}
	}
	rs := []rune(title)
	count := int(em(title))/perLine + 1
	if count == 2 {
		return splitTwo(rs, perLine)
	}
	return splitMany(rs, count)
}

// splitTwo tries each place and takes the one whose pause is best for its imbalance.
func splitTwo(rs []rune, perLine int) []string {
	best, bestCost := len(rs)/2, 1e9
	for i := 2; i < len(rs)-1; i++ {
		a, b := em(string(rs[:i])), em(string(rs[i:]))
		if a > float64(perLine) || b > float64(perLine) {
			continue
		}
		gap := a - b
		if gap < 0 {
			gap = -gap
		}
		if gap < 1 {
			gap += 3 // two equal lines are a block, not a trapezium
		}
		if cost := gap + breakCost(rs, i); cost < bestCost {
			best, bestCost = i, cost
		}
	}
	return []string{string(rs[:best]), string(rs[best:])}
}

// splitMany cuts near equal parts, each moved to the best pause within three characters.
func splitMany(rs []rune, count int) []string {
	var out []string
	from := 0
	for left := count; left > 1; left-- {
		want := from + (len(rs)-from)/left
		best, bestCost := want, 1e9
		for i := max(from+1, want-3); i <= min(len(rs)-1, want+3); i++ {
			away := i - want
			if away < 0 {
				away = -away
			}
			if cost := float64(away) + breakCost(rs, i); cost < bestCost {
				best, bestCost = i, cost
			}
		}
		out = append(out, string(rs[from:best]))
		from = best
	}
	return append(out, string(rs[from:]))
}

// breakCost rates a line's end before rs[i]: what must not be torn is dear, a pause is free.
func breakCost(rs []rune, i int) float64 {
	before, after := rs[i-1], rs[i]
	switch {
	case strings.ContainsRune("，。、；：！？）〕》”’%", after), strings.ContainsRune("（〔《“‘", before):
		return 1e6
	case before < utf8.RuneSelf && after < utf8.RuneSelf, isFigure(before) && strings.ContainsRune("年月日号期", after):
		return 1e5
	case strings.ContainsRune("的》）、", before), strings.ContainsRune("《（", after):
		return 0
	case startsWith(rs[i:], "关于", "工作", "重点", "情况", "进展", "推进", "建设", "实施", "印发"), isFigure(after):
		return 1
	case strings.ContainsRune("年月", before):
		return 1
	}
	return 12 // no pause is known here; a word may be torn
}

func isFigure(r rune) bool { return r >= '0' && r <= '9' }

func startsWith(rs []rune, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(string(rs[:min(len(rs), 4)]), w) {
			return true
		}
	}
	return false
}
