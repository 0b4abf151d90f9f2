package twin

import (
	"regexp"
	"slices"
	"strings"
)

// beyond is what two titles say after the last word they share, and amid what stands on both
// sides before a shared word. The word that says what is done stands last in Chinese, so more
// words there are another work about the same thing (水资源配置工程, 水资源配置工程征地移民安置),
// while more words before it only tell more of the same. Only what the other work says nowhere counts.
type beyond struct{ row, item, amid float64 }

func beyondOf(row, item *entry, restRow, restItem []mention) (b beyond) {
	pairs := aligned(row.tokens, item.tokens)
	pairs = slices.DeleteFunc(pairs, func(p [2]int) bool { return row.tokens[p[0]].class < classPlace })
	if len(pairs) == 0 {
		return b
	}
	i, j := 0, 0
	for _, p := range pairs {
		b.amid = max(b.amid, min(fresh(row.tokens[i:p[0]], item, restItem), fresh(item.tokens[j:p[1]], row, restRow)))
		i, j = p[0]+1, p[1]+1
	}
	b.row, b.item = fresh(row.tokens[i:], item, restItem), fresh(item.tokens[j:], row, restRow)
	return b
}

// fresh weighs the things and names among ts of which the other work says nothing; a name counts
// whole from three characters on.
func fresh(ts []token, other *entry, rest []mention) float64 {
	sum := 0.0
	for _, t := range ts {
		if t.class < classSubject || t.class >= classNumber {
			continue
		}
		w := weightOf[t.class]
		if t.class == className {
			w *= nameWeight(t.text)
		}
		sum += w * (1 - explained(t, other, rest))
	}
	return sum
}

// stretch matches a segment of a road, river or railway: 绵阳至遂宁段, 船山过境段.
var stretch = regexp.MustCompile(`(\p{Han}{2,3})[至到](\p{Han}{2,3})(?:段|界)|(\p{Han}{2,3})(?:过境|绕城|境内)?段`)

// stretches gives the segments that a title names, each as its one or two ends.
func stretches(title string) (out [][]string) {
	for _, m := range stretch.FindAllStringSubmatch(title, -1) {
		switch {
		case m[1] != "":
			out = append(out, []string{m[1], m[2]})
		case m[3] != "":
			out = append(out, []string{m[3]})
		}
	}
	return out
}

// stretchesApart tells the segments where both name some, and none is a short form or an end of another.
func stretchesApart(a, b [][]string) string {
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	for _, s := range a {
		for _, t := range b {
			if sameStretch(s, t) || sameStretch(t, s) {
				return ""
			}
		}
	}
	return unlike(strings.Join(a[0], "至"), strings.Join(b[0], "至"))
}

func sameStretch(a, b []string) bool {
	if len(a) == 1 && slices.ContainsFunc(b, func(end string) bool { return strings.HasSuffix(a[0], end) }) {
		return true
	}
	return inOrder(strings.Join(a, ""), strings.Join(b, ""))
}
