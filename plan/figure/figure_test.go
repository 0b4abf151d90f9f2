package figure

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		remark, in string
		want       Figure
		bound      Bound
	}{
		{"about, before", "约200亿元", Figure{Value: "200", Unit: "亿元", Before: "约"}, About},
		{"at least, behind", "20万亩以上", Figure{Value: "20", Unit: "万亩", After: "以上"}, AtLeast},
		{"sign and full-width percent", "≥95％", Figure{Value: "95", Unit: "%", Before: "≥"}, AtLeast},
		{"blank inside", "3.5 亿元", Figure{Value: "3.5", Unit: "亿元"}, Exactly},
		{"full-width digits", "１２０", Figure{Value: "120"}, Exactly},
		{"groups of three, decimals stay", "1,200.50", Figure{Value: "1200.50"}, Exactly},
		{"growth", "增长8%左右", Figure{Value: "8", Unit: "%", Sense: "增长", After: "左右"}, About},
		{"fall", "下降2.5%", Figure{Value: "2.5", Unit: "%", Sense: "下降"}, Exactly},
		{"not under", "不低于95%", Figure{Value: "95", Unit: "%", Before: "不低于"}, AtLeast},
		{"reaches", "达到4万亩", Figure{Value: "4", Unit: "万亩", Sense: "达到"}, Exactly},
		{"rate of completion", "完成率98.5%", Figure{Value: "98.5", Unit: "%", Sense: "完成率"}, Exactly},
		{"beyond", "超过60亿元", Figure{Value: "60", Unit: "亿元", Before: "超过"}, AtLeast},
		{"within", "10天以内", Figure{Value: "10", Unit: "天", After: "以内"}, AtMost},
		{"not over", "不超过32微克/立方米", Figure{Value: "32", Unit: "微克/立方米", Before: "不超过"}, AtMost},
		{"and more, between number and unit", "200余亿元", Figure{Value: "200", Unit: "亿元", After: "以上"}, AtLeast},
		{"another name of a unit", "12千米", Figure{Value: "12", Unit: "公里"}, Exactly},
		{"points are not percent", "提高2个百分点", Figure{Value: "2", Unit: "百分点", Sense: "增长"}, Exactly},
		{"a counter", "8所", Figure{Value: "8", Unit: "所"}, Exactly},
		{"thousand watts, not thousand of something", "20万千瓦", Figure{Value: "20", Unit: "万千瓦"}, Exactly},
		{"zeros before", "007", Figure{Value: "7"}, Exactly},
		{"minus nought", "-0.0", Figure{Value: "0.0"}, Exactly},
		{"below nought", "-3.2%", Figure{Value: "-3.2", Unit: "%"}, Exactly},
	} {
		t.Run(c.remark, func(t *testing.T) {
			got, err := Parse(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" || got.Bound() != c.bound {
				t.Errorf("%s %v", d, got.Bound())
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ remark, in, code string }{
		{"nothing", " 　", "figure.empty"},
		{"a word", "按计划推进", "figure.unclear"},
		{"a range", "8%-10%", "figure.range"},
		{"two units", "2亿5000万元", "figure.range"},
		{"commas in the wrong place", "12,34", "figure.unclear"},
		{"no digit behind the point", "3.", "figure.unclear"},
		{"two points", "1.2.3", "figure.unclear"},
		{"an unknown unit", "3斛", "figure.unit-unknown"},
		{"an exponent", "1e9", "figure.range"},
		{"thirty-one digits", "1234567890123456789012345678901", "figure.unclear"},
	} {
		t.Run(c.remark, func(t *testing.T) {
			got, err := Parse(c.in)
			var e *Error
			if !errors.As(err, &e) || e.Code != c.code || e.Zh == "" || e.En == "" {
				t.Errorf("%+v, %v; want %s", got, err, c.code)
			}
		})
	}
}

func TestParseFor(t *testing.T) {
	for _, c := range []struct{ remark, in, unit, want string }{
		{"a bare number gets the unit", "3.5", "亿元", "3.5亿元"},
		{"a unit of its own", "12斛", "斛", "12斛"},
		{"the typed unit stays", "3500万元", "亿元", "3500万元"},
		{"words stay", "约3.5", "亿元", "约3.5亿元"},
		{"a scale alone is of the unit", "6.1亿", "亿元", "6.1亿元"},
		{"a scale alone, another than the unit's", "61000万", "亿元", "61000万元"},
		{"a scale alone, a unit without one", "2万", "亩", "2万亩"},
		{"a scale alone, a unit of one kind in many names", "3万", "人次", "3万人次"},
	} {
		t.Run(c.remark, func(t *testing.T) {
			if got, err := ParseFor(c.in, c.unit); err != nil || got.String() != c.want {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestConvert(t *testing.T) {
	for _, c := range []struct{ remark, value, from, to, want string }{
		{"money", "3.5", "亿元", "万元", "35000"},
		{"money down", "1", "元", "亿元", "0.00000001"},
		{"land", "40000", "亩", "万亩", "4"},
		{"people", "1.30", "万人", "人", "13000"},
		{"weight", "20", "万吨", "吨", "200000"},
		{"kilogram", "1500", "公斤", "吨", "1.5"},
		{"length by another name", "2.5", "千米", "米", "2500"},
		{"points and percent", "2.5", "百分点", "%", "2.5"},
		{"per mille", "5", "‰", "%", "0.5"},
		{"hectare in square kilometres", "150", "公顷", "平方公里", "1.5"},
		{"nought", "0.00", "亿元", "元", "0"},
		{"the same unit takes the zeros away too", "3.50", "亿元", "亿元", "3.5"},
		{"a whole number with a decimal", "120.0", "", "", "120"},
		{"zeros before the point stay", "100", "辆", "辆", "100"},
		{"below nought", "-2", "万元", "元", "-20000"},
		{"money and land", "1", "万元", "万亩", ""},
		{"hectare and mu are not exact both ways", "1", "公顷", "亩", ""},
		{"households and people", "1", "户", "人", ""},
		{"no number", "x", "元", "元", ""},
	} {
		t.Run(c.remark, func(t *testing.T) {
			got, err := Convert(c.value, c.from, c.to)
			if got != c.want || (err != nil) != (c.want == "") {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ remark, in, want string }{
		{"zeros behind", "8.10", "8.1"},
		{"nothing but zeros behind", "120.0", "120"},
		{"as it is", "1203.5", "1203.5"},
		{"groups of three", "1,200.50", "1200.5"},
		{"minus nought", "-0.0", "0"},
		{"a word", "持平", ""},
		{"nothing", "", ""},
		{"an exponent", "1e3", ""},
	} {
		if got, err := Canonical(c.in); got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q, %v; want %q", c.remark, got, err, c.want)
		}
	}
}

func TestCmp(t *testing.T) {
	a, b := Figure{Value: "3.50", Unit: "亿元"}, Figure{Value: "35000", Unit: "万元"}
	if c, err := a.Cmp(b); c != 0 || err != nil {
		t.Error(c, err)
	}
	if _, err := a.Cmp(Figure{Value: "1", Unit: "亩"}); err == nil {
		t.Error("money is no land")
	}
}

func anyFigure(t *rapid.T) Figure {
	befores_, afters_, senses_ := []string{""}, []string{""}, []string{""}
	for _, b := range befores {
		befores_ = append(befores_, b.word)
	}
	for _, a := range afters {
		afters_ = append(afters_, a.word)
	}
	for _, s := range senses {
		senses_ = append(senses_, s.kept)
	}
	units := []string{"", "元", "万元", "亿元", "亩", "万亩", "人", "万人", "吨", "万吨", "公里", "米", "%", "百分点", "微克/立方米", "千瓦", "兆瓦", "所", "万户", "万"}
	return Figure{
		Value:  rapid.StringMatching(`-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?`).Filter(func(s string) bool { c, ok := canonical(s); return ok && c == s }).Draw(t, "value"),
		Unit:   rapid.SampledFrom(units).Draw(t, "unit"),
		Sense:  rapid.SampledFrom(senses_).Draw(t, "sense"),
		Before: rapid.SampledFrom(befores_).Draw(t, "before"),
		After:  rapid.SampledFrom(afters_).Draw(t, "after"),
	}
}

// TestStringParses: what a list shows is read back as the same figure.
func TestStringParses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigure(t)
		got, err := Parse(f.String())
		if err != nil || got != f {
			t.Fatalf("%q: %+v, %v; want %+v", f.String(), got, err, f)
		}
	})
}

// TestThereAndBack: a conversion to any unit of the kind and back loses nothing.
func TestThereAndBack(t *testing.T) {
	names := rapid.SampledFrom([]string{"元", "万元", "亿元", "万亿元", "百万元", "亩", "万亩", "人", "万人", "吨", "公斤", "米", "公里", "%", "百分点", "‰", "平方米", "公顷", "平方公里"})
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigure(t)
		f.Unit = names.Draw(t, "from")
		to := names.Draw(t, "to")
		there, err := f.In(to)
		if a, _ := unitNamed(f.Unit); err != nil {
			if b, _ := unitNamed(to); a.kind == b.kind {
				t.Fatal(err)
			}
			return
		}
		back, err := there.In(f.Unit)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := f.Cmp(back); c != 0 || err != nil {
			t.Fatalf("%v → %v → %v", f, there, back)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"约200亿元", "≥95％", "1,200.50", "增长8%左右", "8%-10%", "\xff", "-−3", "达到达到", "万万元", "200余多元以上以上"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := Parse(s)
		if err != nil {
			return
		}
		y, err := Parse(x.String())
		if err != nil || x != y {
			t.Errorf("%q: %+v is read back as %+v, %v", s, x, y, err)
		}
	})
}
