package twin

import "strings"

// token is a piece of a title that tells something, in the order of the title.
type token struct {
	key   string
	text  string
	class class
}

const longestTitle = 40 // tokens; a clash further back in a title does not matter

func tokens(title []piece) []token {
	out := make([]token, 0, min(len(title), longestTitle))
	for _, p := range title {
		switch {
		case len(out) == longestTitle:
			return out
		case !p.known:
			out = append(out, token{p.text, p.text, className})
		case p.word.class != classEmpty && p.word.class != classNumber:
			out = append(out, token{p.word.term, p.text, p.word.class})
		}
	}
	return out
}

// clash is what the alignment of two titles shows.
type clash struct {
	share  float64 // of the shorter title that is the same; 0 when nothing clashes
	proper bool    // what clashes are names: 蓬溪文井镇污水处理站, 蓬溪红江镇污水处理站
	names  string  // 文井镇≠红江镇
}

// clashing finds the same words around different ones in two titles; pairs are the same words.
func clashing(a, b *entry, pairs [][2]int) (c clash) {
	any := false
	i, j := 0, 0
	for _, p := range pairs {
		x, y := a.tokens[i:p[0]], b.tokens[j:p[1]]
		if differentNames(x, y) {
			any = true
			if !c.proper && named(x, b.text) && named(y, a.text) && !regions(x, y) {
				c.proper, c.names = true, unlike(x[len(x)-1].text, y[len(y)-1].text)
			}
		}
		i, j = p[0]+1, p[1]+1
	}
	if any {
		c.share = float64(len(pairs)) / float64(min(len(a.tokens), len(b.tokens)))
	}
	return c
}

// named: what stands last in ts is a name, of which nothing stands in the other title.
func named(ts []token, other string) bool {
	last := ts[len(ts)-1]
	switch last.class {
	case classPlace, classRegion:
	case className:
		if !ideograph(last.text) || len(last.text) < 6 || topical(last.text) {
			return false
		}
	default:
		return false
	}
	return !inOrder(last.text, other) && partIn(last.text, other) < 0.3
}

// regions: one ends in the name of a region and the other too or in a place; 川渝, 成渝, 遂渝
// and 潼南 are said of one work.
func regions(a, b []token) bool {
	x, y := a[len(a)-1].class, b[len(b)-1].class
	return x != className && y != className && (x == classRegion || y == classRegion)
}

// aligned gives the longest common subsequence of two titles as pairs of positions.
func aligned(a, b []token) (pairs [][2]int) {
	var best [longestTitle + 1][longestTitle + 1]int8
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if a[i].key == b[j].key {
				best[i][j] = max(best[i][j], best[i+1][j+1]+1)
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].key == b[j].key:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// differentNames: what stands on the two sides before the same word tells which one is meant,
// and is neither the same in another form nor a part of the other.
func differentNames(a, b []token) bool {
	x, y := telltales(a), telltales(b)
	return x != "" && y != "" && !inOrder(x, y) && !inOrder(y, x)
}

func telltales(ts []token) string {
	var s strings.Builder
	for _, t := range ts {
		if telltale(t.class) {
			s.WriteString(t.text)
		}
	}
	return s.String()
}

// inOrder: the characters of short stand in long in their order (职教园, 职业教育园区).
func inOrder(short, long string) bool {
	for _, r := range short {
		_, rest, ok := strings.Cut(long, string(r))
		if !ok {
			return false
		}
		long = rest
	}
	return true
}
