package figure

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Direction says which way is good.
type Direction string

const (
	Up   Direction = "up"   // 越高越好
	Down Direction = "down" // 越低越好
	None Direction = "none" // 只作记录
)

// Mode says what a reported value counts.
type Mode string

const (
	Period     Mode = "period"     // 当期数
	Cumulative Mode = "cumulative" // 累计数, from the beginning of the year
)

// Indicator is the definition of an indicator (指标) of an item.
type Indicator struct {
	Name      string    `json:"name"`
	Unit      string    `json:"unit"`   // empty for a bare count
	Base      string    `json:"base"`   // decimal in Unit, may be empty
	Target    string    `json:"target"` // decimal in Unit, may be empty
	Direction Direction `json:"direction"`
	Mode      Mode      `json:"mode"`
	Decimals  int       `json:"decimals"` // most decimals a value may have, 0..6
}

// Problem names a field of a definition that does not hold.
// Field is the JSON name of the field; Code starts with "indicator.".
type Problem struct{ Field, Code, Zh, En string }

// Check finds every problem of a definition at once; none means it may be used.
func (i Indicator) Check() []Problem {
	var out []Problem
	refuse := func(bad bool, field, code, zh, en string) {
		if bad {
			out = append(out, Problem{field, "indicator." + code, zh, en})
		}
	}
	n := utf8.RuneCountInString(strings.TrimSpace(i.Name))
	refuse(n == 0 || n > 60, "name", "name", "指标名称应为1至60个字。", "The name takes 1 to 60 characters.")
	refuse(!plainUnit(i.Unit), "unit", "unit", "单位应为不带数字、不超过12个字的词，如“亿元”。", "The unit is a word of at most 12 characters without digits, such as 亿元.")
	refuse(i.Direction != Up && i.Direction != Down && i.Direction != None, "direction", "direction", "方向应为越高越好、越低越好或只作记录。", "The direction is up, down or none.")
	refuse(i.Mode != Period && i.Mode != Cumulative, "mode", "mode", "口径应为当期数或累计数。", "The mode is period or cumulative.")
	refuse(i.Decimals < 0 || i.Decimals > 6, "decimals", "decimals", "小数位数应为0至6。", "Decimals are 0 to 6.")
	for _, f := range []struct{ field, value, zh, en string }{{"base", i.Base, "基数", "base"}, {"target", i.Target, "目标值", "target"}} {
		if f.value == "" {
			continue
		}
		_, ok := number(f.value)
		refuse(!ok, f.field, "not-a-number", f.zh+"“"+f.value+"”不是数字，请只填数字。", "The "+f.en+" is not a number; give digits only.")
		refuse(ok && decimalsOf(f.value) > i.Decimals, f.field, "too-many-decimals", fmt.Sprintf("%s最多%d位小数。", f.zh, i.Decimals), fmt.Sprintf("The %s takes at most %d decimals.", f.en, i.Decimals))
	}
	refuse(i.goesBack(), "target", "against-direction", "目标值与方向相反：请核对基数、目标值和方向。", "The target lies against the direction: check base, target and direction.")
	return out
}

func plainUnit(s string) bool {
	return utf8.RuneCountInString(s) <= 12 && !strings.ContainsAny(s, "0123456789 \t\n,，;；")
}

// goesBack: the target is worse than the base.
func (i Indicator) goesBack() bool {
	b, okB := number(i.Base)
	t, okT := number(i.Target)
	if !okB || !okT {
		return false
	}
	c := t.Cmp(b)
	return i.Direction == Up && c < 0 || i.Direction == Down && c > 0
}

// Value reads what a person typed for this indicator and gives the decimal in its unit:
// under 亿元, "3500万元" is 0.35. Too many decimals are refused, not rounded.
func (i Indicator) Value(typed string) (string, error) {
	f, err := ParseFor(typed, i.Unit)
	if err != nil {
		return "", err
	}
	v, err := Convert(f.Value, f.Unit, i.ownUnit())
	if err != nil {
		return "", err
	}
	if decimalsOf(v) > i.Decimals {
		e := errorf("figure.decimals", typed, "“%s”的小数位数太多。", "“%s” has too many decimals.")
		e.Zh += fmt.Sprintf("本指标最多%d位小数。", i.Decimals)
		e.En += fmt.Sprintf(" This indicator takes at most %d.", i.Decimals)
		return "", e
	}
	return v, nil
}

func (i Indicator) ownUnit() string {
	if name, ok := UnitName(i.Unit); ok {
		return name
	}
	return i.Unit
}
