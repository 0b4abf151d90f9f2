package twin

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var spelled = strings.NewReplacer(
	"㎡", "平方米", "㎞", "公里", "千米", "公里", "％", "%",
	"r&d", "研发", "十五分钟", "15分钟",
	"—", "", "–", "", "-", "", "“", "", "”", "", "\"", "", "'", "", "‘", "", "’", "", "《", "", "》", "",
	"·", "", "/", "每",
)

var (
	dates    = regexp.MustCompile(`(?:19|20)\d\d年度?|\d{1,2}月(?:底|末|上旬|中旬|下旬|\d{1,2}日)?(?:之?前)?`)
	yearEnds = regexp.MustCompile(`(?:年底|年末|月底|季度末)前?`)
	duties   = regexp.MustCompile(`[（(](?:责任|牵头|配合)(?:单位|部门)?[:：].*?[）)]`)
	ordinals = regexp.MustCompile(`^\s*(?:[（(]?[0-9一二三四五六七八九十]{1,3}[）).、．]\s*)+`)
	motorway = regexp.MustCompile(`\bg\d{1,4}\b`)
	byNumber = regexp.MustCompile(`\b([gs])(\d{3})\b(?:国道|省道)?线?|(国道|省道|县道)[gsx]?(\d{2,3})线?`)
)

// normal brings a text to one form: half width, small letters, no blanks, no quotation marks,
// no leading list number, no dates and no "（责任单位：…）" at the end. Brackets and stops stay.
func normal(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	if s == "" {
		return s
	}
	if strings.ContainsAny(s[:min(len(s), longestOrdinal)], ").、") {
		s = ordinals.ReplaceAllString(s, "")
	}
	s = strings.Join(strings.Fields(s), "")
	if strings.ContainsAny(s, "(（") {
		s = duties.ReplaceAllString(s, "")
	}
	s = spelled.Replace(s)
	if strings.ContainsAny(s, "0123456789") {
		s = numbered(s)
	}
	if strings.ContainsAny(s, "底末") {
		s = yearEnds.ReplaceAllString(s, "，")
	}
	return s
}

// longestOrdinal is how far, in bytes, the stop behind a list number may stand.
const longestOrdinal = 16

// numbered takes out dates and writes the numbers of roads in one way. Each search is only made where what it looks for may stand.
func numbered(s string) string {
	if strings.ContainsAny(s, "年月") {
		s = dates.ReplaceAllString(s, "，")
	}
	if strings.ContainsAny(s, "gs道") {
		s = byNumber.ReplaceAllStringFunc(s, numberedRoad)
		s = motorway.ReplaceAllStringFunc(s, expressway)
	}
	return s
}

// expressway adds the word to a number of the national network: one or two digits, or four, are a
// motorway (国家高速). Source: JTG A03-2017, numbering of national roads.
func expressway(code string) string { return code + "高速" }

// numberedRoad writes a road with three digits in one way: g318, 国道g318线 and 国道318线 are 国道318.
func numberedRoad(road string) string {
	m := byNumber.FindStringSubmatch(road)
	if m[1] != "" {
		return map[string]string{"g": "国道", "s": "省道"}[m[1]] + m[2]
	}
	return m[3] + m[4]
}

// clauses cuts a normal text at its stops; an enumeration (、) stays together.
func clauses(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(",;:!?。，；：！？\n()（）[]【】", r)
	})
}
