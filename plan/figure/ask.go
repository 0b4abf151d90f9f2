package figure

import (
	"fmt"

	"github.com/cockroachdb/apd/v3"
)

// Question is asked before a value is filed; the person may say that the value is right.
// Code is one of figure.fell, figure.tenfold, figure.unit-slip, figure.over-target.
type Question struct {
	Code    string `json:"code"`
	Zh      string `json:"zh"`
	En      string `json:"en"`
	Suggest string `json:"suggest,omitempty"` // the value that was likely meant
}

// Ask compares a value with the one before it, both decimals in the indicator's unit; previous
// may be empty. It asks when a cumulative figure falls, when a value is ten times or a tenth of
// the one before, and when the jump looks like a slip of units (万元 typed as 元). Without a
// value before, the target takes its place for the slip, and a first value of more than twice the target is asked about.
// What is no number gives no question: it is refused elsewhere.
func Ask(previous, now string, i Indicator) []Question {
	n, ok := number(now)
	if !ok {
		return nil
	}
	p, ok := number(previous)
	if !ok {
		return askTarget(n, i)
	}
	var out []Question
	if i.Mode == Cumulative && n.Cmp(p) < 0 {
		out = append(out, Question{
			Code: "figure.fell",
			Zh:   fmt.Sprintf("累计数比上次少：上次%s%s，这次%s%s。累计数一般不减少，请核对；如系核减，请写明原因。", previous, i.Unit, now, i.Unit),
			En:   fmt.Sprintf("The cumulative figure falls from %s to %s %s. Check it, or give the reason.", previous, now, i.Unit),
		})
	}
	if q, slipped := slip(p, n, i); slipped {
		return append(out, q)
	}
	if jump(p, n) {
		out = append(out, Question{
			Code: "figure.tenfold",
			Zh:   fmt.Sprintf("与上次相差十倍以上：上次%s%s，这次%s%s。请核对小数点和单位。", previous, i.Unit, now, i.Unit),
			En:   fmt.Sprintf("The figure changes tenfold or more, from %s to %s %s. Check point and unit.", previous, now, i.Unit),
		})
	}
	return out
}

// firstOver is how many times the target a first value may be unasked. It has no source; it is ours.
const firstOver = 2

func askTarget(n *apd.Decimal, i Indicator) []Question {
	t, ok := number(i.Target)
	if !ok {
		return nil
	}
	if q, slipped := slip(t, n, i); slipped && n.Cmp(t) > 0 {
		return []Question{q}
	}
	if !t.IsZero() && !t.Negative && n.Cmp(times(t, apd.New(firstOver, 0))) > 0 {
		return []Question{{
			Code: "figure.over-target",
			Zh:   fmt.Sprintf("第一次填报就超过目标值的两倍：填的是%s%s，目标值%s%s。请核对小数点和单位；确实如此的，请写明情况。", text(n), i.Unit, i.Target, i.Unit),
			En:   fmt.Sprintf("The first value, %s %s, is more than twice the target of %s. Check point and unit, or say how it came.", text(n), i.Unit, i.Target),
		}}
	}
	return nil
}

// jump: both are not zero and one is at least ten times the other, sign aside.
func jump(p, n *apd.Decimal) bool {
	if p.IsZero() || n.IsZero() {
		return false
	}
	return tenTimes(p, n) || tenTimes(n, p)
}

func tenTimes(small, large *apd.Decimal) bool { return shift(abs(small), 1).Cmp(abs(large)) <= 0 }

func abs(d *apd.Decimal) *apd.Decimal {
	a := new(apd.Decimal).Set(d)
	a.Negative = false
	return a
}

// shift moves the point; ten to the power of n times d, exactly.
func shift(d *apd.Decimal, n int32) *apd.Decimal {
	s := new(apd.Decimal).Set(d)
	s.Exponent += n
	return s
}

// slips are the steps between neighbouring units in use, largest first: 亿元 and 元, 万元 and 元,
// 吨 and 公斤 (公里 and 米). They are looked for only where the unit has such a neighbour.
var slips = []int32{8, -8, 4, -4, 3, -3}

// slip: moving the point by a step between two units brings the value near the one before,
// at most threefold either way.
func slip(p, n *apd.Decimal, i Indicator) (Question, bool) {
	if p.IsZero() || n.IsZero() || p.Negative != n.Negative {
		return Question{}, false
	}
	for _, power := range slips {
		typed, ok := neighbour(i.Unit, -power)
		meant := shift(n, -power)
		if !ok || !near(p, meant) {
			continue
		}
		return Question{
			Code:    "figure.unit-slip",
			Zh:      fmt.Sprintf("本指标的单位是%s，填报的%s像是按“%s”填的。是否应为%s%s？", i.Unit, text(n), typed, text(meant), i.Unit),
			En:      fmt.Sprintf("The unit is %s, but %s looks typed in %s. Should it be %s %s?", i.Unit, text(n), typed, text(meant), i.Unit),
			Suggest: text(meant),
		}, true
	}
	return Question{}, false
}

// near: neither is more than three times the other.
func near(a, b *apd.Decimal) bool {
	three := apd.New(3, 0)
	return times(a, three).Cmp(abs(b)) >= 0 && times(b, three).Cmp(abs(a)) >= 0
}

func times(a, b *apd.Decimal) *apd.Decimal {
	out := new(apd.Decimal)
	_, _ = exact.Mul(out, abs(a), b) // digits are bounded, the product fits the context
	return out
}

// inUse are the units among which people slip.
var inUse = []string{"元", "万元", "亿元", "亩", "万亩", "人", "万人", "人次", "万人次", "公斤", "吨", "万吨", "米", "公里", "平方米", "万平方米", "立方米", "万立方米", "亿立方米", "千瓦", "万千瓦", "千瓦时", "万千瓦时", "亿千瓦时", "户", "万户", "头", "万头"}

// neighbour finds the unit in use that is 10^power of the given one.
func neighbour(name string, power int32) (string, bool) {
	u, ok := unitNamed(name)
	if !ok || name == "" {
		return "", false
	}
	for _, other := range inUse {
		if v, _ := unitNamed(other); v.kind == u.kind && v.power == u.power+power {
			return other, true
		}
	}
	return "", false
}
