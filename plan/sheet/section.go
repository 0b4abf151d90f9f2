package sheet

import (
	"regexp"
	"strings"
)

// headings by rank: 第一部分, 一、, （一）, 1．, （1）.
var headings = []*regexp.Regexp{
	regexp.MustCompile(`^第[一二三四五六七八九十百]+(部分|章|篇|类|板块|节)`),
	regexp.MustCompile(`^[一二三四五六七八九十百]+\s*[、.．,，:：]|^[一二三四五六七八九十]+\s+\p{Han}`),
	regexp.MustCompile(`^[（(]\s*[一二三四五六七八九十百]+\s*[)）]`),
	regexp.MustCompile(`^\d{1,3}\s*[、.．]\s*(\D|$)`),
	regexp.MustCompile(`^[（(]\s*\d{1,3}\s*[)）]|^\d{1,2}[)）]`),
}

const noRank = 9 // a heading without number stands deepest

func rankOf(s string) int {
	for i, re := range headings {
		if re.MatchString(s) {
			return i
		}
	}
	return noRank
}

// isHeading: begins as a heading of the upper ranks does.
func isHeading(s string) bool { return rankOf(s) <= 2 }

// sections is the path of headings down to the current row.
type sections struct {
	names []string
	ranks []int
	lead  []string // units a heading names for all rows under it, by depth
}

// push enters a heading: it replaces those of its own rank and below.
func (s *sections) push(text string) {
	rank := rankOf(text)
	n := len(s.ranks)
	for n > 0 && s.ranks[n-1] >= rank {
		n--
	}
	units := ""
	if c, ok := cutUnits(text); ok {
		units = c.units
	}
	s.names = append(s.names[:n:n], text)
	s.ranks = append(s.ranks[:n:n], rank)
	s.lead = append(s.lead[:n:n], units)
}

// units of the nearest heading that names some.
func (s *sections) units() string {
	for i := len(s.lead) - 1; i >= 0; i-- {
		if s.lead[i] != "" {
			return s.lead[i]
		}
	}
	return ""
}

var (
	noteStart  = regexp.MustCompile(`^(?:注\s*[:：\d]|备注\s*[:：]|说明\s*[:：]|填表说明|填报说明|附注|注释|[*＊※★]|注[、.])`)
	formFooter = regexp.MustCompile(`^(填报|填表|制表|审核|审签|联系人|联系电话|报送|填报单位|单位负责人|经办|签发|分管领导签字|主要领导签字|领导签字)(人|单位|日期|时间|电话)?\s*[:：]`)
	totalRow   = regexp.MustCompile(`^(合计|总计|小计|共计|总\s*计|合\s*计|小\s*计|本页小计)(\d|[:：（(]|$)`)
	unitRow    = regexp.MustCompile(`(?:^|[\s(（])(?:金额|计量|投资|数据|资金)?单位\s*[:：]\s*(亿元|万元|百万元|千元|元|万亩|亩|公里|个|万吨|吨)`)
	annexRow   = regexp.MustCompile(`^附(件|表|录)?\s*[\d一二三四五六七八九十]*(?:-\d+)?\s*[:：]?$`)
	docNumber  = regexp.MustCompile(`[\p{Han}]{1,12}[〔\[［﹝（(]\s*(20\d\d)\s*[〕\]］﹞）)]\s*\d{1,4}\s*号`)
	// issuesAnother: 关于印发《…清单》的通知 names the list itself in its quotes.
	issuesAnother = regexp.MustCompile(`(?:印发|下发|报送|征求)[^《]{0,12}《([^《》]{4,60})》`)
	// numberAlone: a line of nothing but the document's number, put as №, or with who signed it (签发人).
	numberAlone = regexp.MustCompile(`^№(?:签发人?[:：].{1,12})?$`)
	titleEnd    = regexp.MustCompile(`(清单|计划|要点|方案|表|分工|安排|台账|任务|目录)([（(].*[)）])?$`)
	stampRow    = regexp.MustCompile(`^[(（]?(?:截至|截止|填报时间|填报日期|填报单位|报送单位|制表|日期|更新时间|统计时间|报送时间|填表单位|编制单位|印发)`)
)

func isNote(text string) bool {
	return noteStart.MatchString(text) || formFooter.MatchString(text)
}

// joinNumber puts a heading's number and text together: "一" beside "基础设施" is "一、基础设施".
func joinNumber(number, text string) string {
	if number == "" || strings.HasPrefix(text, number) {
		return text
	}
	if strings.HasSuffix(number, "、") || strings.HasSuffix(number, "）") || strings.HasSuffix(number, ")") || strings.HasSuffix(number, ".") || strings.HasSuffix(number, "．") {
		return number + text
	}
	return number + "、" + text
}

var titleYear = regexp.MustCompile(`(20\d\d)年`)
