package plan

import (
	"fmt"
	"strings"

	"liandong/plan/figure"
)

// mostIndicators bounds what is proposed for one row: a target that names more figures is prose
// about something else.
const mostIndicators = 8

// indicatorsOf proposes indicators (指标) from the figures that a target names: "建成蔬菜基地4万亩，
// 产值1.5亿元以上" gives k1 蔬菜基地 4万亩 and k2 产值 1.5亿元. The wording of the list is kept.
func indicatorsOf(target string) (facts []IndicatorFacts, names, targets map[string]string) {
	facts = []IndicatorFacts{}
	for _, found := range figure.Extract(target) {
		i, err := indicatorOf(found)
		if err != nil || i.check() != nil || len(facts) == mostIndicators {
			continue
		}
		i.ID = fmt.Sprintf("k%d", len(facts)+1)
		if names == nil {
			names, targets = map[string]string{}, map[string]string{}
		}
		facts = append(facts, i)
		names[i.ID], targets[i.ID] = nameOf(found, len(facts)), found.Text
	}
	return facts, names, targets
}

// indicatorOf: a rate says how things are now, an amount is counted from the beginning of the
// year; what must not be exceeded is better when lower.
func indicatorOf(f figure.Found) (IndicatorFacts, error) {
	target, err := figure.Canonical(f.Figure.Value) // 1.50亿元 is filed as 1.5
	i := IndicatorFacts{
		ID: "k1", Unit: f.Figure.Unit, Target: target,
		Direction: string(figure.Up), Mode: string(figure.Cumulative), Decimals: decimalsOf(f.Figure.Value),
	}
	if f.Figure.Bound() == figure.AtMost {
		i.Direction = string(figure.Down)
	}
	if i.Unit == "%" {
		i.Mode = string(figure.Period)
	}
	return i, err
}

// decimalsOf leaves room for what is reached on the way: 4 of 4万亩 begins as 0.35.
func decimalsOf(value string) int {
	_, decimals, _ := strings.Cut(value, ".")
	return min(max(2, len(decimals)), 6)
}

func nameOf(f figure.Found, n int) string {
	name := f.Name
	if f.Figure.Sense == "增长" || f.Figure.Sense == "下降" {
		name += f.Figure.Sense
	}
	if name == "" {
		return fmt.Sprintf("指标%d", n)
	}
	return name
}
