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

func beyondOf(row, item []token, pairs [][2]int, strangeRow, strangeItem *strange) (b beyond) {
	i, j := 0, 0
	for _, p := range pairs {
		if row[p[0]].class < classPlace {
			continue
		}
		b.amid = max(b.amid, min(fresh(row, strangeRow, i, p[0]), fresh(item, strangeItem, j, p[1])))
		i, j = p[0]+1, p[1]+1
	}
	if i > 0 {
		b.row, b.item = fresh(row, strangeRow, i, len(row)), fresh(item, strangeItem, j, len(item))
	}
	return b
}

// fresh weighs the strange things and names from one token to before another.
func fresh(ts []token, s *strange, from, to int) float64 {
	sum := 0.0
	for i := from; i < to; i++ {
		switch c := ts[i].class; c {
		case classSubject, classThing:
			sum += weightOf[c] * s[i]
		case className:
			sum += weightOf[c] * s[i] * nameWeight(ts[i].text)
		}
	}
	return sum
}

// stretch matches a segment of a road, river or railway: 绵阳至遂宁段, 船山过境段.
var stretch = regexp.MustCompile(`(\p{Han}{2,3})[至到](\p{Han}{2,3})(?:段|界)|(\p{Han}{2,3})(?:过境|绕城|境内)?段`)

// stretches gives the segments that a title names, each as its one or two ends.
func stretches(title string) (out [][]string) {
	if !strings.ContainsAny(title, "段界") {
		return nil
	}
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
