package plan

import (
	"testing"

	"liandong/plan/figure"
)

// What is added up and what a list words with zeros is filed in its one form: anything else would
// be refused as plan.figure-form, or dropped.
func TestFiguresAreFiledInTheirOneForm(t *testing.T) {
	for _, c := range []struct {
		remark, a, b, want string
	}{
		{"the decimals add up to nothing", "1.5", "1.5", "3"},
		{"one of two decimals is left", "1.25", "1.25", "2.5"},
		{"zeros before the point stay", "60", "40", "100"},
	} {
		var from []Said
		for _, v := range []string{c.a, c.b} {
			from = append(from, Said{Facts: ReportFacts{Figures: []FigureFacts{{"k1", v}}}})
		}
		sum, err := sumFigures(from, []IndicatorLine{{IndicatorFacts: IndicatorFacts{ID: "k1", Unit: "亿元", Mode: string(figure.Period)}}})
		if err != nil || len(sum) != 1 || sum[0].Value != c.want || !canonicalDecimal(sum[0].Value) {
			t.Errorf("%s: %v, %v; want %s", c.remark, sum, err, c.want)
		}
	}
	facts, names, targets := indicatorsOf("完成投资1.50亿元，新建标准厂房8.0万平方米")
	if len(facts) != 2 || facts[0].Target != "1.5" || facts[1].Target != "8" {
		t.Fatalf("targets worded with zeros: %+v", facts)
	}
	if names["k1"] == "" || targets["k1"] != "1.50亿元" {
		t.Errorf("the wording of the list is kept: %v %v", names, targets)
	}
}
