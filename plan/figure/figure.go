package figure

import (
	"fmt"
	"strings"
)

// Figure is a decimal with its unit and the words that bind it. The zero Figure is no figure.
type Figure struct {
	Value  string `json:"value"`            // canonical decimal, decimals as typed: "-3.50"
	Unit   string `json:"unit"`             // one name: 亿元, 万亩, %; empty for none
	Sense  string `json:"sense,omitempty"`  // 达到, 增长, 下降, 完成率
	Before string `json:"before,omitempty"` // 约, 不低于, ≥ …, as typed
	After  string `json:"after,omitempty"`  // 以上, 左右, 以内 …
}

// Bound says what a figure asks for.
type Bound string

const (
	Exactly Bound = "exactly"
	About   Bound = "about"    // 约, 左右
	AtLeast Bound = "at-least" // 以上, 不低于, 超过
	AtMost  Bound = "at-most"  // 以内, 不超过
)

// Error says in words why a text is no figure. Code is one of figure.empty, figure.unclear,
// figure.range, figure.unit-unknown, figure.units-differ, figure.decimals.
type Error struct{ Code, Text, Zh, En string }

func (e *Error) Error() string { return e.Zh + " " + e.En }

func errorf(code, text, zh, en string) *Error {
	return &Error{code, text, fmt.Sprintf(zh, text), fmt.Sprintf(en, text)}
}

var (
	noise  = []string{"力争", "争取", "预计", "全年", "累计", "总计", "共计", "实现", "完成", "为", "共", "至", "到", ":", "是", "控制在", "稳定在", "保持在", "以"}
	senses = []struct{ typed, kept string }{
		{"完成率达到", "完成率"},
		{"完成率", "完成率"},
		{"同比增长", "增长"},
		{"增长", "增长"},
		{"增加", "增长"},
		{"提高", "增长"},
		{"上升", "增长"},
		{"增速", "增长"},
		{"同比下降", "下降"},
		{"下降", "下降"},
		{"降低", "下降"},
		{"减少", "下降"},
		{"压缩", "下降"},
		{"达到", "达到"},
		{"达", "达到"},
	}
	befores = []struct {
		word  string
		bound Bound
	}{
		{"大约", About},
		{"约为", About},
		{"约", About},
		{"接近", About},
		{"近", About},
		{"不低于", AtLeast},
		{"不少于", AtLeast},
		{"不小于", AtLeast},
		{"至少", AtLeast},
		{"≥", AtLeast},
		{">=", AtLeast},
		{"超过", AtLeast},
		{"超", AtLeast},
		{"突破", AtLeast},
		{"高于", AtLeast},
		{"大于", AtLeast},
		{">", AtLeast},
		{"不超过", AtMost},
		{"不高于", AtMost},
		{"不多于", AtMost},
		{"不大于", AtMost},
		{"至多", AtMost},
		{"≤", AtMost},
		{"<=", AtMost},
		{"低于", AtMost},
		{"小于", AtMost},
		{"少于", AtMost},
		{"<", AtMost},
	}
	afters = []struct {
		word  string
		bound Bound
	}{
		{"及以上", AtLeast},
		{"以上", AtLeast},
		{"左右", About},
		{"上下", About},
		{"及以下", AtMost},
		{"以下", AtMost},
		{"以内", AtMost},
		{"之内", AtMost},
	}
)

// Bound reads the words around the figure; a word before it counts before one behind it.
func (f Figure) Bound() Bound {
	for _, b := range befores {
		if f.Before == b.word {
			return b.bound
		}
	}
	for _, a := range afters {
		if f.After == a.word {
			return a.bound
		}
	}
	return Exactly
}

// String is the form for lists; Parse reads it back as the same Figure.
func (f Figure) String() string { return f.Sense + f.Before + f.Value + f.Unit + f.After }

// In expresses the figure in another unit of its kind, exactly; the words stay.
func (f Figure) In(unit string) (Figure, error) {
	v, err := Convert(f.Value, f.Unit, unit)
	if err != nil {
		return Figure{}, err
	}
	f.Value = v
	if name, ok := UnitName(unit); ok {
		unit = name
	}
	f.Unit = unit
	return f, nil
}

// Cmp compares two figures of one kind of unit by value: -1, 0, 1.
func (f Figure) Cmp(g Figure) (int, error) {
	g, err := g.In(f.Unit)
	if err != nil {
		return 0, err
	}
	a, okA := number(f.Value)
	b, okB := number(g.Value)
	if !okA || !okB {
		return 0, errorf("figure.unclear", f.Value, "“%s”不是数字。", "“%s” is not a number.")
	}
	return a.Cmp(b), nil
}

// Parse reads one figure as offices write it: "约200亿元", "20万亩以上", "≥95%", "3.5 亿元",
// "１２０", "1,200.50", "增长8%左右". What is more or less than one figure is refused.
func Parse(s string) (Figure, error) { return ParseFor(s, "") }

// ParseFor is Parse for a figure whose unit is set: that unit need not be one this package
// knows, and a bare number gets it. The figure keeps the unit it was typed in; see In.
func ParseFor(s, ownUnit string) (Figure, error) {
	t := strings.Join(strings.Fields(fold(s)), "")
	if t == "" {
		return Figure{}, errorf("figure.empty", s, "没有填写数字。%s", "There is no figure.%s")
	}
	var f Figure
	t = f.readLead(t)
	value, rest, ok := cutNumber(t)
	if !ok {
		return Figure{}, errorf("figure.unclear", s, "“%s”中没有读出一个数字。请写成“1.5亿元”“约20万亩”这样的形式。", "No single figure was found in “%s”. Write it like 1.5亿元 or 约20万亩.")
	}
	f.Value = value
	if err := f.readTail(s, rest, ownUnit); err != nil {
		return Figure{}, err
	}
	return f, nil
}

// readLead takes the words before the number off and returns the rest.
func (f *Figure) readLead(t string) string {
	for {
		before := t
		for _, w := range senses {
			if rest, ok := strings.CutPrefix(t, w.typed); ok && (f.Sense == "" || f.Sense == "达到" || w.kept == "达到") {
				t = rest
				if f.Sense == "" || f.Sense == "达到" {
					f.Sense = w.kept
				}
			}
		}
		for _, w := range befores {
			if rest, ok := strings.CutPrefix(t, w.word); ok && f.Before == "" {
				t, f.Before = rest, w.word
			}
		}
		if t != before {
			continue
		}
		for _, w := range noise { // after the others: 完成率 starts like 完成
			t = strings.TrimPrefix(t, w)
		}
		if t == before {
			return t
		}
	}
}

// cutNumber takes a signed decimal off the front.
func cutNumber(t string) (value, rest string, ok bool) {
	n := 0
	if strings.HasPrefix(t, "−") {
		n = len("−")
	} else if t != "" && (t[0] == '-' || t[0] == '+') {
		n = 1
	}
	for n < len(t) && strings.IndexByte("0123456789.,", t[n]) >= 0 {
		n++
	}
	value, ok = canonical(t[:n])
	return value, t[n:], ok
}

func (f *Figure) readTail(whole, rest, ownUnit string) error {
	for _, a := range afters {
		if r, ok := strings.CutSuffix(rest, a.word); ok && f.After == "" {
			rest, f.After = r, a.word
		}
	}
	// 200余亿元, 200多亿元: said between number and unit, kept as what it means.
	for _, w := range []string{"余", "多"} {
		if r, ok := strings.CutPrefix(rest, w); ok && f.After == "" {
			rest, f.After = r, "以上"
		}
	}
	if rest == "" && ownUnit != "" || rest == ownUnit {
		f.Unit = ownUnit
		if name, ok := UnitName(ownUnit); ok {
			f.Unit = name
		}
		return nil
	}
	u, ok := unitNamed(rest)
	if !ok {
		return tailError(whole, rest)
	}
	f.Unit = u.name
	if whole, ok := scaled(rest, ownUnit); ok {
		f.Unit = whole
	}
	return nil
}

func tailError(whole, rest string) error {
	if strings.ContainsAny(rest, "0123456789") {
		return errorf("figure.range", whole, "“%s”里不止一个数字。请只填一个，范围写成“8%%以上”或“10%%以内”。", "“%s” holds more than one figure. Give one; write a range as 8%%以上 or 10%%以内.")
	}
	return errorf("figure.unit-unknown", whole, "“%s”的单位不认识。请用“元、万元、亿元、亩、万亩、人、吨、公里、%%”等。", "The unit in “%s” is not known. Use one such as 万元, 亿元, 万亩, 人, 吨, 公里, %%.")
}

// fold makes full-width characters half width, one rune for one, so that positions stay.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - 0xFEE0
		case r == '　' || r == '\u00a0':
			return ' '
		default:
			return r
		}
	}, s)
}
