package figure

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		remark, in string
		want       []string // name=figure
	}{
		{"two in one sentence", "建成蔬菜基地4万亩，产值1.5亿元以上", []string{"蔬菜基地=4万亩", "产值=1.5亿元以上"}},
		{"a counter", "新建改扩建公办幼儿园8所，新增学位2160个", []string{"公办幼儿园=8所", "学位=2160个"}},
		{"what is counted stands behind", "新增120个停车位", []string{"停车位=120个"}},
		{"dates are no figures", "2022年6月30日前完成投资约3.2亿元", []string{"投资=约3.2亿元"}},
		{"growth", "规上工业增加值增长9%左右", []string{"规上工业增加值=增长9%左右"}},
		{"a rate", "基本医疗保险参保率不低于95％", []string{"基本医疗保险参保率=不低于95%"}},
		{"not over ends in over", "平均能耗不超过5%", []string{"平均能耗=不超过5%"}},
		{"roads and ordinals are no figures", "G93遂渝段第3标段、318国道、5G覆盖", nil},
		{"a dust limit", "PM2.5平均浓度控制在32微克/立方米以内", []string{"PM2.5平均浓度=32微克/立方米以内"}},
		{"full width", "整治入河排污口８０处", []string{"入河排污口=80处"}},
		{"several with stops", "出栏生猪300万头；粮食播种面积400万亩以上。", []string{"出栏生猪=300万头", "粮食播种面积=400万亩以上"}},
		{"no figure", "持续推进", nil},
	} {
		t.Run(c.remark, func(t *testing.T) {
			var got []string
			for _, f := range Extract(c.in) {
				got = append(got, f.Name+"="+f.Figure.String())
				if c.in[f.Start:f.End] != f.Text {
					t.Errorf("position: %q is not %q", c.in[f.Start:f.End], f.Text)
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("建成蔬菜基地４万亩，产值1.5亿元以上")
	f.Add("\xff9%\xfe")
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, x := range Extract(s) {
			if x.Start < last || x.End <= x.Start || x.End > len(s) || s[x.Start:x.End] != x.Text {
				t.Errorf("%q: %+v", s, x)
			}
			last = x.End
		}
	})
}

func TestCheck(t *testing.T) {
	good := Indicator{Name: "产值", Unit: "亿元", Base: "1.2", Target: "1.5", Direction: Up, Mode: Cumulative, Decimals: 2}
	for _, c := range []struct {
		remark string
		change func(*Indicator)
		codes  []string
	}{
		{"whole", func(*Indicator) {}, nil},
		{"no base, no target", func(i *Indicator) { i.Base, i.Target = "", "" }, nil},
		{"down", func(i *Indicator) { i.Direction, i.Base, i.Target = Down, "35", "32" }, nil},
		{"nothing at all", func(i *Indicator) { *i = Indicator{} }, []string{"indicator.name", "indicator.direction", "indicator.mode"}},
		{"a unit with a figure", func(i *Indicator) { i.Unit = "10亿元" }, []string{"indicator.unit"}},
		{"a target in words", func(i *Indicator) { i.Target = "1.5亿元" }, []string{"indicator.not-a-number"}},
		{"too many decimals", func(i *Indicator) { i.Decimals = 1; i.Target = "1.55" }, []string{"indicator.too-many-decimals"}},
		{"seven decimals", func(i *Indicator) { i.Decimals = 7 }, []string{"indicator.decimals"}},
		{"worse than the base", func(i *Indicator) { i.Target = "1" }, []string{"indicator.against-direction"}},
	} {
		t.Run(c.remark, func(t *testing.T) {
			i := good
			c.change(&i)
			var codes []string
			for _, p := range i.Check() {
				codes = append(codes, p.Code)
				if p.Zh == "" || p.En == "" || p.Field == "" {
					t.Errorf("%+v", p)
				}
			}
			if d := cmp.Diff(c.codes, codes); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestValue(t *testing.T) {
	money := Indicator{Unit: "亿元", Decimals: 2}
	for _, c := range []struct{ remark, in, want string }{
		{"bare", "1.5", "1.5"},
		{"another unit", "3500万元", "0.35"},
		{"words do no harm", "约1.50亿元", "1.5"},
		{"too many decimals", "1.555", ""},
		{"too many after conversion", "35万元", ""},
		{"another kind", "4万亩", ""},
	} {
		t.Run(c.remark, func(t *testing.T) {
			if got, err := money.Value(c.in); got != c.want || (err != nil) != (c.want == "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestAsk(t *testing.T) {
	cum := Indicator{Unit: "万元", Mode: Cumulative, Target: "5000"}
	per := Indicator{Unit: "%", Mode: Period}
	for _, c := range []struct {
		remark, previous, now string
		i                     Indicator
		codes                 []string
		suggest               string
	}{
		{"grows", "1200", "1350", cum, nil, ""},
		{"stands still", "1200", "1200.00", cum, nil, ""},
		{"falls", "1200", "1199.9", cum, []string{"figure.fell"}, ""},
		{"falls, but counts the period", "12", "9", per, nil, ""},
		{"tenfold", "12", "120", per, []string{"figure.tenfold"}, ""},
		{"a tenth", "120", "12", per, []string{"figure.tenfold"}, ""},
		{"not quite tenfold", "12", "119.9", per, nil, ""},
		{"typed in 元", "1200", "13500000", cum, []string{"figure.unit-slip"}, "1350"},
		{"typed in 亿元", "1200", "0.135", cum, []string{"figure.fell", "figure.unit-slip"}, "1350"},
		{"typed in 公斤", "20", "22000", Indicator{Unit: "吨", Mode: Period}, []string{"figure.unit-slip"}, "22"},
		{"a thousandfold where no unit is near", "20", "22000", per, []string{"figure.tenfold"}, ""},
		{"from nought", "0", "500", cum, nil, ""},
		{"to nought", "500", "0", cum, []string{"figure.fell"}, ""},
		{"first value", "", "400", cum, nil, ""},
		{"first value far over the target", "", "60000", cum, []string{"figure.over-target"}, ""},
		{"first value over the target", "", "9999", cum, nil, ""},
		{"first value over twice the target", "", "10001", cum, []string{"figure.over-target"}, ""},
		{"first value, nothing is to be left of it", "", "3", Indicator{Mode: Period, Target: "0"}, nil, ""},
		{"first value typed in 元", "", "40000000", cum, []string{"figure.unit-slip"}, "4000"},
		{"sign turns", "-3", "4", per, nil, ""},
		{"no number", "3", "x", per, nil, ""},
	} {
		t.Run(c.remark, func(t *testing.T) {
			var codes []string
			suggest := ""
			for _, q := range Ask(c.previous, c.now, c.i) {
				codes = append(codes, q.Code)
				suggest += q.Suggest
			}
			if d := cmp.Diff(c.codes, codes); d != "" || suggest != c.suggest {
				t.Error(d, suggest)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		remark, base, target, value string
		d                           Direction
		want                        string
	}{
		{"half the way", "100", "200", "150", Up, "0.5"},
		{"no base", "", "4", "3", Up, "0.75"},
		{"done", "0", "4", "4.0", Up, "1"},
		{"over", "0", "4", "5", Up, "1.25"},
		{"behind the base", "100", "200", "90", Up, "0"},
		{"never rounded up to done", "0", "30000", "29999.9", Up, "0.9999"},
		{"down", "40", "32", "36", Down, "0.5"},
		{"down and beyond", "40", "32", "30", Down, "1.25"},
		{"down, but it rose", "40", "32", "41", Down, "0"},
		{"below nought", "-10", "10", "0", Up, "0.5"},
		{"hold a line, above", "95", "95", "96", Up, "1"},
		{"hold a line, under", "95", "95", "76", Up, "0.8"},
		{"hold a limit, over", "32", "32", "40", Down, "0.8"},
		{"hold a limit, under", "32", "32", "30", Down, "1"},
		{"target against the direction is a line", "100", "80", "90", Up, "1"},
		{"zero to zero, kept", "0", "0", "0", Down, "1"},
		{"zero to zero, not kept", "0", "0", "3", Down, "0"},
		{"no direction", "10", "20", "15", None, "0.5"},
	} {
		t.Run(c.remark, func(t *testing.T) {
			if got, err := Progress(c.base, c.target, c.value, c.d); got != c.want || err != nil {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
	if _, err := Progress("0", "", "1", Up); err == nil {
		t.Error("no target has no ratio")
	}
}

// TestProgressDefined: for any decimals there is a ratio, not below zero, and 1 or more at the target.
func TestProgressDefined(t *testing.T) {
	decimal := rapid.StringMatching(`-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,4})?`).Filter(func(s string) bool { c, ok := canonical(s); return ok && c == s })
	rapid.Check(t, func(t *rapid.T) {
		b, g, v := decimal.Draw(t, "base"), decimal.Draw(t, "target"), decimal.Draw(t, "value")
		d := rapid.SampledFrom([]Direction{Up, Down, None}).Draw(t, "direction")
		got, err := Progress(b, g, v, d)
		if n, ok := number(got); err != nil || !ok || n.Negative {
			t.Fatalf("%q, %v", got, err)
		}
		if got, err := Progress(b, g, g, d); got != "1" || err != nil {
			t.Fatalf("at the target: %q, %v", got, err)
		}
	})
}
