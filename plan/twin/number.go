package twin

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// units are what may stand behind a number and its scale; longer ones first, for the first that fits is taken.
const units = `平方公里|平方千米|km2|平方米|万方|立方米|方|公里|km|米|亩|公顷|元|吨|千瓦时|千瓦|兆瓦|千伏|kv|mw|kw|` +
	`个工作日|工作日|天|小时|人次|站次|件次|台件|场次|条次|人|户|个|家|座|处|所|项|条|套|台|部|名|场|次|辆|头|只|列|艘|路|对|` +
	`栋|间|件|款|米|度|微克|张|期|号|型|类|宗|枚|株|批|篇|份|起|笔|架|支|位|块|回|口|万`

// figure matches a number with the scale and unit behind it, as far as units are known.
var figure = regexp.MustCompile(`\d+(?:\.\d+)?(?:%|个?百分点|[百千万亿]*(?:` + units + `)|[百千万亿]*)`)

// sameUnit are units that mean one. Counting words (80个, 80处, 80家) and money are left out
// of a term: offices exchange the first freely and often drop the second (2亿).
var sameUnit = map[string]string{
	"平方千米": "平方公里", "km2": "平方公里", "方": "立方米", "km": "公里", "kv": "千伏", "kw": "千瓦", "个工作日": "天", "工作日": "天",
	"个百分点": "%", "百分点": "%", "%": "%", "平方公里": "平方公里", "平方米": "平方米", "立方米": "立方米", "公里": "公里", "米": "米", "亩": "亩",
	"公顷": "公顷", "吨": "吨", "千瓦时": "千瓦时", "千瓦": "千瓦", "千伏": "千伏", "天": "天", "小时": "小时", "微克": "微克", "期": "期", "号": "号", "型": "型", "度": "度",
}

// numberSpans gives the stretches of a clause that are figures, start to end in runes;
// at is where each rune starts.
func numberSpans(clause string, at []int) map[int]int {
	if !strings.ContainsAny(clause, "0123456789") {
		return nil
	}
	spans := map[int]int{}
	for _, m := range figure.FindAllStringIndex(clause, -1) {
		start, _ := slices.BinarySearch(at, m[0])
		end, _ := slices.BinarySearch(at, m[1])
		spans[start] = end
	}
	return spans
}

// numberTerm is a figure in one form: its digits without zeros at the end, the power of ten, and
// the unit unless it only counts. 1.3万人 and 13000名 are "#13e3", 10万千瓦 and 100兆瓦 "#1e5千瓦".
func numberTerm(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(text)
	}
	digits, unit := text[:end], text[end:]
	power := 0
	for scale, p := range map[string]int{"百": 2, "千": 3, "万": 4, "亿": 8} {
		if strings.HasPrefix(unit, scale) && sameUnit[unit] == "" {
			power, unit = p, unit[len(scale):]
			break
		}
	}
	for scale, p := range map[string]int{"万": 4, "亿": 8} { // 百万, 千万, 万亿
		if rest, ok := strings.CutPrefix(unit, scale); ok {
			power, unit = power+p, rest
			break
		}
	}
	if unit == "兆瓦" || unit == "mw" {
		power, unit = power+3, "千瓦"
	}
	return "#" + plain(digits, power) + sameUnit[unit]
}

// plain writes digits times a power of ten as whole digits without zeros at the end, e, power.
func plain(digits string, power int) string {
	whole, parts, _ := strings.Cut(digits, ".")
	parts = strings.TrimRight(parts, "0")
	power -= len(parts)
	d := strings.TrimLeft(whole+parts, "0")
	short := strings.TrimRight(d, "0")
	if short == "" {
		return "0"
	}
	return short + "e" + strconv.Itoa(power+len(d)-len(short))
}

// telling says how much a figure can tell: 1 tells little, 5万亩 more, 1234 much.
func telling(term string) float64 {
	digits, rest, _ := strings.Cut(strings.TrimPrefix(term, "#"), "e")
	t := 0.25 + 0.25*float64(len(digits))
	if len(rest) > 1 || rest > "3" { // a unit, or tens of thousands
		t += 0.2
	}
	if rest != "0" {
		t += 0.1
	}
	if term == "#1e2%" { // everything, every office says so
		t = 0.2
	}
	return min(t, 1.2)
}

// unitAs is the unit as written, without the scale: two figures can only contradict each other
// when they count the same.
func unitAs(text string) string {
	return strings.TrimLeft(text, "0123456789.百千万亿")
}

// counted are counting words that never stand for one another; what is not here may stand for most
// others (80个, 80处, 80家).
var counted = map[string]byte{
	"场": 'e', "场次": 'e', "次": 'e', "站次": 'e',
	"人": 'p', "名": 'p', "人次": 'p', "位": 'p',
	"辆": 'm', "架": 'm', "艘": 'm', "列": 'm',
}

// alikeCounted is how likely two equal figures count one thing.
func alikeCounted(a, b string) float64 {
	a, b = unitAs(a), unitAs(b)
	switch {
	case a == b:
		return 1
	case counted[a] != counted[b] && a != "" && b != "":
		return 0.1
	default:
		return 0.6
	}
}
