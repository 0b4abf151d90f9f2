package twin

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// beyond is what two titles say after the last word they share, and amid what stands on both
// sides before a shared word. The word that says what is done stands last in Chinese, so more
// words there are another work about the same thing (水资源配置工程, 水资源配置工程征地移民安置),
// while more words before it only tell more of the same. Only what the other work says nowhere counts.
type beyond struct{ row, item, amid float64 }

func beyondOf(row, item *entry) (b beyond) {
	pairs := aligned(row.tokens, item.tokens)
	if len(pairs) == 0 {
		return b
	}
	i, j := 0, 0
	for _, p := range pairs {
		b.amid = max(b.amid, min(fresh(row.tokens[i:p[0]], item), fresh(item.tokens[j:p[1]], row)))
		i, j = p[0]+1, p[1]+1
	}
	b.row, b.item = fresh(row.tokens[i:], item), fresh(item.tokens[j:], row)
	return b
}

// fresh weighs the things and names among ts of which the other work says nothing; a name counts
// whole from three characters on.
func fresh(ts []token, other *entry) float64 {
	sum := 0.0
	for _, t := range ts {
		if t.class < classSubject || t.class >= classNumber || strings.Contains(other.said, t.text) {
			continue
		}
		if _, ok := find(other.terms, t.key); ok {
			continue
		}
		w := weightOf[t.class]
		if t.class == className {
			w *= min(1, float64(utf8.RuneCountInString(t.text))/3)
		}
		sum += w * (1 - partIn(t.text, other.said))
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

// stretchesApart: both name a segment, and neither is a short form or an end of the other.
func stretchesApart(a, b [][]string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for _, s := range a {
		for _, t := range b {
			if sameStretch(s, t) || sameStretch(t, s) {
				return false
			}
		}
	}
	return true
}

func sameStretch(a, b []string) bool {
	if len(a) == 1 && slices.ContainsFunc(b, func(end string) bool { return strings.HasSuffix(a[0], end) }) {
		return true
	}
	return inOrder(strings.Join(a, ""), strings.Join(b, ""))
}
