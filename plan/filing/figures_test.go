package filing

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
)

func TestReadFigures(t *testing.T) {
	line := func(id, name, unit string) plan.IndicatorLine {
		return plan.IndicatorLine{Name: name, IndicatorFacts: plan.IndicatorFacts{ID: id, Unit: unit, Direction: "up", Mode: "cumulative", Decimals: 2}}
	}
	two := []plan.IndicatorLine{line("k1", "面积", "万亩"), line("k2", "产值", "亿元")}
	for _, c := range []struct {
		name, cell, want string
		wrong            int
	}{
		{"in their order", "2.5；3", "k1=2.5 k2=3", 0},
		{"by name, in any order", "产值：3亿元；面积 2.5", "k2=3 k1=2.5", 0},
		{"another unit of its kind", "产值3500万元", "k2=0.35", 0},
		{"line ends part as well", "2.5\n3", "k1=2.5 k2=3", 0},
		{"no figure", "不详", "", 1},
		{"more than there are", "1；2；3", "k1=1 k2=2", 1},
		{"nothing", "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, wrong := readFigures(context.Background(), c.cell, two)
			var all []string
			for _, f := range got {
				all = append(all, f.Indicator+"="+f.Value)
			}
			if strings.Join(all, " ") != c.want || len(wrong) != c.wrong {
				t.Errorf("%v, wrong %v; want %s and %d", all, wrong, c.want, c.wrong)
			}
		})
	}
}
