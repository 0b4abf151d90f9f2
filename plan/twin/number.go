package twin

import (
	"regexp"
	"slices"
	"strings"
)

// figure matches a number with the scale and unit behind it, as far as units are known.
var figure = regexp.MustCompile(`\d+(?:\.\d+)?(?:%|个?百分点|[百千万亿]*(?:平方米|立方米|平方公里|公里|米|亩|公顷|元|吨|千瓦时|千瓦|千伏|人次|人|户|个|家|座|处|所|项|条|套|台|部|名|场次|场|次|辆|头|只|列|艘|路|对|栋|间|件|条次|款|米|度|微克|张|期|号|型|类)?)`)

// counters are classifiers that offices exchange freely: 80个, 80处, 80家.
var counters = strings.NewReplacer("个", "", "家", "", "座", "", "处", "", "所", "", "项", "", "条", "",
	"套", "", "台", "", "部", "", "场次", "", "场", "", "次", "", "户", "", "名", "", "路", "", "间", "", "栋", "", "件", "", "款", "", "人", "")

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

// numberTerm is the figure without its classifier: "#80", "#15万亩", "#92%".
func numberTerm(text string) string { return "#" + counters.Replace(text) }

// telling says how much a figure can tell: 1 tells little, 5万亩 more, 1200 much.
func telling(term string) float64 {
	digits := 0
	for _, r := range strings.TrimRight(term, "0") {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	t := 0.25 + 0.25*float64(digits)
	if strings.ContainsAny(term, "万亿%") {
		t += 0.2
	}
	if len(term) > 3 {
		t += 0.2
	}
	return min(t, 1.2)
}

// unitOf is what stands behind the digits.
func unitOf(term string) string { return strings.TrimLeft(term, "#0123456789.") }
