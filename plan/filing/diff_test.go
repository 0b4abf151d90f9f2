package filing

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/plan"
)

func TestWordDiff(t *testing.T) {
	for _, c := range []struct{ name, before, after, old, new string }{
		{"one character", "完成三成", "完成四成", "完成[三]成", "完成[四]成"},
		{"a figure changes as a whole", "投资7.8亿元已到位", "投资9.1亿元已到位", "投资[7.8]亿元已到位", "投资[9.1]亿元已到位"},
		{"added at the end", "路基四成", "路基四成，投资8亿元", "路基四成", "路基四成[，投资8亿元]"},
		{"nothing in common is not marked", "征地拆迁", "主墩浇筑完毕", "征地拆迁", "主墩浇筑完毕"},
		{"nothing before", "", "开工", "", "开工"},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, new := wordDiff(c.before, c.after)
			if show(old) != c.old || show(new) != c.new {
				t.Errorf("%s | %s, want %s | %s", show(old), show(new), c.old, c.new)
			}
		})
	}
}

func show(all []segment) string {
	var b strings.Builder
	for _, s := range all {
		if s.only {
			b.WriteString("[" + s.text + "]")
		} else {
			b.WriteString(s.text)
		}
	}
	return b.String()
}

// TestWordDiffLosesNothing: the segments are the texts, and what is unmarked is the same in both.
func TestWordDiffLosesNothing(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("完成投资路基，。12.5亿元 ab\n")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		old, new := wordDiff(before, after)
		var a, b, both, too string
		for _, s := range old {
			if a += s.text; !s.only {
				both += s.text
			}
		}
		for _, s := range new {
			if b += s.text; !s.only {
				too += s.text
			}
		}
		if a != before || b != after {
			t.Fatalf("%q | %q came out as %q | %q", before, after, a, b)
		}
		marked := strings.Contains(show(old)+show(new), "[")
		if marked && both != too {
			t.Fatalf("unmarked %q and %q differ", both, too)
		}
	})
}

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
