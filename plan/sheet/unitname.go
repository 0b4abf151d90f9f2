package sheet

import (
	"regexp"
	"strings"
)

var (
	unitEnd = regexp.MustCompile(`(局|委|办|部|厅|院|校|处|科|站|所|社|会|中心|公司|集团|政府|专班|学院|大学|行|园区|园|区|县|市|州|镇|乡|街道|街|海关|关|部门|单位|小组|组|机关|队|企业|基地|联|馆|台|厂|军分区|消防|电力|供电|税务|邮政|烟草|气象|人行|方|党校|办公室)$`)
	// tails of enumerations that name nobody.
	etc      = regexp.MustCompile(`等(?:市级|市直|区级|有关|相关|各|责任|多个|市|区|县)*(?:部门|单位|地区|企业|成员单位|[一二三四五六七八九十\d]+个?(?:部门|单位))*$`)
	duty     = regexp.MustCompile(`(?:具体负责|分别负责|共同负责|负责落实|牵头负责|负责|抓落实)$`)
	lineMark = regexp.MustCompile(`^\s*(?:[(（]?\d{1,2}[)）]|\d{1,2}\s*[.．、]|[①-⑳])\s*`)
	// （市级）市公安局: the level is said for the reader, it is no part of the name.
	levelBracket = regexp.MustCompile(`^[（(【\[](?:省|市|区|县|镇)(?:级|直|直部门|级部门|级单位)[）)】\]]\s*`)
	leadIn       = regexp.MustCompile(`^(?:由|以及|以|及|和|与|其中|责成|请)`)
	joined       = regexp.MustCompile(`(局|委|办|中心|政府|公司|委员会|办公室|区|县|管委会)(?:和|及|与|以及)(市|区|县|各|省|遂宁|潼南|有关|相关)`)
	brackets     = regexp.MustCompile(`[（(【\[][^）)】\]]*[）)】\]]`)
	endMarked    = regexp.MustCompile(`^(?:等|等等|等部门|等单位|有关|相关)$`)
)

// looksLikeUnit: ends as names of offices and places do.
func looksLikeUnit(name string) bool {
	name = strings.TrimSpace(brackets.ReplaceAllString(name, ""))
	return length(name) >= 2 && unitEnd.MatchString(name)
}

// cleanUnit is a name without enumeration marks, tails such as 等部门, and spaces inside.
func cleanUnit(s string) string {
	s = lineMark.ReplaceAllString(strings.TrimSpace(s), "")
	s = strings.Trim(s, " \n。.,，;；:：、/／|·•*")
	s = levelBracket.ReplaceAllString(s, "")
	s = leadIn.ReplaceAllString(s, "")
	s = duty.ReplaceAllString(s, "")
	s = etc.ReplaceAllString(s, "")
	s = strings.TrimSpace(strings.ReplaceAll(s, "\n", ""))
	if endMarked.MatchString(s) || nothing.MatchString(s) {
		return ""
	}
	if open, close := strings.Count(s, "（")+strings.Count(s, "("), strings.Count(s, "）")+strings.Count(s, ")"); open != close {
		s = strings.Trim(s, "（()） \u3000")
	}
	return strings.TrimSpace(prose(s))
}

// tokens parts a segment into names. Brackets protect what is inside: 各县（市、区）人民政府.
func (u *unitReader) tokens(text string) []string {
	text = joined.ReplaceAllString(text, "$1、$2")
	var out []string
	depth, start := 0, 0
	for i, r := range text {
		switch r {
		case '（', '(', '【', '[':
			depth++
		case '）', ')', '】', ']':
			depth = max(depth-1, 0)
		case '、', '，', ',', ';', '；', '/', '／', '|', '｜', '。', '\\':
			if depth == 0 {
				out = append(out, u.spaced(text[start:i])...)
				start = i + len(string(r))
			}
		}
	}
	return append(out, u.spaced(text[start:])...)
}

// spaced decides whether spaces and line breaks part names or only align or wrap one. Pieces that
// look like names stand alone; the others are joined to what follows.
func (u *unitReader) spaced(s string) []string {
	pieces := fieldsOutside(s)
	if len(pieces) < 2 {
		return []string{s}
	}
	var out []string
	held := ""
	for i, p := range pieces {
		held += p
		last := i == len(pieces)-1
		if !last && (!u.stands(held) || !u.begins(pieces[i+1:])) {
			continue
		}
		out = append(out, held)
		held = ""
	}
	if held != "" {
		out = append(out, held)
	}
	return out
}

// fieldsOutside splits at spaces and breaks that are not inside brackets.
func fieldsOutside(s string) []string {
	depth := 0
	return strings.FieldsFunc(s, func(r rune) bool {
		switch r {
		case '（', '(':
			depth++
		case '）', ')':
			depth--
		}
		return depth <= 0 && (r == ' ' || r == '\n')
	})
}

func (u *unitReader) stands(s string) bool {
	name, _ := unmark(s)
	return length(s) >= 3 && (looksLikeUnit(name) || u.known(name) || etc.MatchString(name)) || length(s) == 2 && u.known(s)
}

// begins: what follows a space can be a name of its own, or a person. "市水 利局" is one name.
func (u *unitReader) begins(rest []string) bool {
	next := rest[0]
	if u.known(next) || personName.MatchString(next) && !looksLikeUnit(next) {
		return true
	}
	if length(next) < 3 {
		return false
	}
	name, _ := unmark(next)
	return looksLikeUnit(name) || strings.ContainsRune("市区县省州各遂潼重成", []rune(next)[0])
}

// cut is prose with the units and the deadline that stood in brackets at its end.
type cut struct{ text, units, deadline string }

var (
	unitsInside = regexp.MustCompile(`^\s*(?:` + roleWord + `)\s*[:：]`)
	looseUnits  = regexp.MustCompile(`[\n。；;]\s*((?:牵头|责任|主办)(?:单位|部门)\s*[:：][^。]*)[。]?$`)
	dueInside   = regexp.MustCompile(`[，,；;。\s]*(?:完成时限|完成时间|时限要求|时限|完成期限|时间节点)\s*[:：]\s*([^；;。）)]+)`)
)

// cutUnits takes "（责任单位：…；完成时限：…）" off the end of prose.
func cutUnits(text string) (cut, bool) {
	body := strings.TrimRight(text, "。. \n；;")
	if inner, before, ok := lastBracket(body); ok && isUnitsBracket(inner) {
		return splitDue(before, inner), true
	}
	if m := looseUnits.FindStringSubmatchIndex(text); m != nil {
		return splitDue(text[:m[0]], text[m[2]:m[3]]), true
	}
	return cut{}, false
}

func splitDue(before, inner string) cut {
	c := cut{text: strings.TrimRight(before, " \n"), units: inner}
	if m := dueInside.FindStringSubmatchIndex(inner); m != nil {
		c.deadline = strings.TrimSpace(inner[m[2]:m[3]])
		c.units = inner[:m[0]] + inner[m[1]:]
	}
	return c
}

func isUnitsBracket(inner string) bool {
	if unitsInside.MatchString(inner) {
		return true
	}
	head := strings.TrimRight(inner, "。")
	return (strings.Contains(head, "牵头") || strings.HasSuffix(head, "负责")) && length(head) < 120 &&
		looksLikeUnit(strings.TrimSpace(unitPrefix.FindString(head)))
}

var unitPrefix = regexp.MustCompile(`^由?[\p{Han}]{1,20}?(?:局|委|办|中心|政府|公司|委员会|办公室|区|县|管委会)`)

// lastBracket finds the bracket that closes at the end of text, with brackets inside it.
func lastBracket(text string) (inner, before string, ok bool) {
	r := []rune(text)
	if len(r) == 0 || !strings.ContainsRune("）)】]〕］", r[len(r)-1]) {
		return "", "", false
	}
	depth := 0
	for i := len(r) - 1; i >= 0; i-- {
		switch r[i] {
		case '）', ')', '】', ']', '〕', '］':
			depth++
		case '（', '(', '【', '[', '〔', '［':
			if depth--; depth == 0 {
				return string(r[i+1 : len(r)-1]), string(r[:i]), true
			}
		}
	}
	return "", "", false
}
