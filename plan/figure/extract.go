package figure

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Found is a figure that stands in prose, with the name of what it counts as far as it can be told.
type Found struct {
	Figure Figure `json:"figure"`
	Name   string `json:"name"`  // 蔬菜基地 of "建成蔬菜基地4万亩"; may be empty
	Start  int    `json:"start"` // bytes of the text
	End    int    `json:"end"`
	Text   string `json:"text"` // the figure as written, with the words that bind it
}

// notFigures stand behind a number that is a date, an ordinal or the number of a document.
var notFigures = []string{"年", "月", "日", "号", "时", "季度", "期", "届", "批次", "线", "版", "条措施"}

// officeVerbs open a clause and are not part of the name of what is counted.
var officeVerbs = []string{
	"全年", "力争", "争取", "确保", "累计", "预计", "完成", "实现", "建成", "建设", "新建", "改扩建", "新改建", "扩建", "改造", "整治", "治理", "新增", "引进", "培育", "举办", "开展",
	"实施", "推进", "加快", "打造", "发展", "达到", "达", "增长", "下降", "为", "约", "超过", "突破", "不低于", "不少于", "不超过", "控制在", "稳定在", "保持在", "和", "及", "与", "共", "全市", "年", "的", "等", "其中", "≥", "≤", ">", "<", "以",
}

// Extract finds the figures of prose targets: "建成蔬菜基地4万亩，产值1.5亿元以上" gives 蔬菜基地
// 4万亩 and 产值 1.5亿元以上. Dates, ordinals, numbers of roads and documents, and numbers
// without a known unit are passed over.
func Extract(s string) []Found {
	x := extraction{[]rune(fold(s)), offsets(s)}
	var out []Found
	last := 0
	for i := 0; i < len(x.runes); {
		f, next, ok := x.figureAt(i, last)
		if ok {
			f.Text = s[f.Start:f.End]
			out = append(out, f)
			last = next
		}
		i = max(next, i+1)
	}
	return out
}

type extraction struct {
	runes []rune
	at    []int // byte of the text at which each rune starts, and its length at the end
}

func offsets(s string) []int {
	var at []int
	for i := range s {
		at = append(at, i)
	}
	return append(at, len(s))
}

// figureAt reads a figure whose number starts at rune i; next is where to go on.
// No word before rune last belongs to it.
func (x extraction) figureAt(i, last int) (found Found, next int, ok bool) {
	end := x.numberEnd(i)
	if end == i || !x.opens(i) {
		return found, max(end, i+1), false
	}
	unitStart := x.skip(end)
	u, n := unitAt(x.runes[unitStart:])
	if n == 0 || x.isDate(unitStart) {
		return found, end, false
	}
	next = x.afterWords(unitStart + n)
	start := x.beforeWords(i, last)
	f, err := Parse(string(x.runes[start:next]))
	if err != nil || f.Unit != u.name {
		return found, end, false
	}
	found = Found{Figure: f, Start: x.at[start], End: x.at[next]}
	found.Name = x.nameBefore(start, last)
	if found.Name == "" {
		found.Name = x.nameBehind(next)
	}
	return found, next, true
}

// numberEnd is where the number that starts at i ends; commas count only between digits.
func (x extraction) numberEnd(i int) int {
	end := i
	for end < len(x.runes) && (isDigit(x.runes[end]) || end > i && (x.runes[end] == '.' || x.runes[end] == ',') && end+1 < len(x.runes) && isDigit(x.runes[end+1])) {
		end++
	}
	if end == i || !isDigit(x.runes[i]) {
		return i
	}
	return end
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// opens: a number that stands behind a letter (G93), a digit's point or 第 is a name.
func (x extraction) opens(i int) bool {
	if i == 0 {
		return true
	}
	p := x.runes[i-1]
	return p != '第' && p != '.' && p != '〔' && p != '+' && !(p < 0x80 && unicode.IsLetter(p))
}

func (x extraction) skip(i int) int {
	for i < len(x.runes) && (x.runes[i] == ' ' || x.runes[i] == '余' || x.runes[i] == '多') {
		i++
	}
	return i
}

func (x extraction) isDate(i int) bool {
	rest := string(x.runes[i:min(len(x.runes), i+4)])
	for _, w := range notFigures {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

func (x extraction) afterWords(i int) int {
	rest := string(x.runes[i:min(len(x.runes), i+4)])
	for _, a := range afters {
		if strings.HasPrefix(rest, a.word) {
			return i + len([]rune(a.word))
		}
	}
	return i
}

// beforeWords goes back over 约, 不低于, 增长 as far as they touch the number.
func (x extraction) beforeWords(i, last int) int {
	for moved := true; moved; {
		moved = false
		text := string(x.runes[last:i])
		for _, w := range boundWords {
			if strings.HasSuffix(text, w) {
				i -= len([]rune(w))
				moved = true
				break
			}
		}
	}
	return i
}

// boundWords are the words that belong to the figure behind them, as Parse reads them, the longer
// first: 不超过 ends in 超过 and means the contrary.
var boundWords = func() (words []string) {
	for _, b := range befores {
		words = append(words, b.word)
	}
	for _, s := range senses {
		words = append(words, s.typed)
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}()

// nameBefore is what the clause says before the figure, without office verbs.
func (x extraction) nameBefore(i, last int) string {
	from := i
	for from > last && (nameRune(x.runes[from-1]) || x.isPoint(from-1)) {
		from--
	}
	name := leadingDate.ReplaceAllString(string(x.runes[from:i]), "")
	for trimmed := ""; trimmed != name; {
		trimmed = name
		for _, v := range officeVerbs {
			name = strings.TrimSuffix(strings.TrimPrefix(name, v), v)
		}
	}
	return clip(name)
}

// nameBehind is what is counted when it stands behind: 新增120个停车位.
func (x extraction) nameBehind(i int) string {
	to := i
	for to < len(x.runes) && nameRune(x.runes[to]) && !isDigit(x.runes[to]) {
		to++
	}
	return clip(strings.TrimPrefix(string(x.runes[i:to]), "的"))
}

// isPoint: the point of PM2.5.
func (x extraction) isPoint(i int) bool {
	return x.runes[i] == '.' && i > 0 && i+1 < len(x.runes) && isDigit(x.runes[i-1]) && isDigit(x.runes[i+1])
}

// leadingDate is a time limit before the task: 2022年6月30日前完成…
var leadingDate = regexp.MustCompile(`^.*\d(?:年|月|日|季度)(?:底|末|上旬|中旬|下旬)?之?前?`)

func nameRune(r rune) bool {
	return unicode.Is(unicode.Han, r) || unicode.IsLetter(r) || isDigit(r)
}

// clip keeps a name short enough for a column; what is longer is a sentence and no name.
func clip(name string) string {
	const most = 16
	if r := []rune(name); len(r) > most {
		return string(r[len(r)-most:])
	}
	return name
}
