package plan

import (
	"testing"

	"liandong/plan/judge"
	"liandong/plan/sheet"
)

// A list that was exported and comes back says nothing new where nobody wrote; where somebody wrote on,
// the mark of the period is no part of the report.
func TestExportedProgressComesBack(t *testing.T) {
	lines := []IndicatorLine{{IndicatorFacts: IndicatorFacts{ID: "k1", Unit: "亿元"}, Name: "投资"}}
	last := &Said{Facts: ReportFacts{Period: "2022-05", Figures: []FigureFacts{{"k1", "8"}}}, Words: ReportWords{Progress: "路基过半", Problem: "征地滞后"}}
	form := &FilingForm{Item: "i1", Last: last, Indicators: lines}
	shown := shownReport("2022-05", "路基过半", last.Facts.Figures, lines)
	for _, c := range []struct {
		name string
		cell sheet.Progress
		want string // of the report; empty: none
	}{
		{"as it went out", sheet.Progress{Done: shown, Trouble: "征地滞后"}, ""},
		{"written on", sheet.Progress{Done: shown + "，桥梁开工"}, "路基过半（投资8亿元），桥梁开工"},
		{"written anew", sheet.Progress{Done: "桥梁开工"}, "桥梁开工"},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := &sheet.Returns{Rows: []sheet.Returned{{Key: "l1", Progress: c.cell}}}
			got := returned(read, map[string]*FilingForm{"l1": form})
			switch {
			case c.want == "" && len(got.Rows) > 0:
				t.Errorf("becomes the report %+v", got.Rows[0].Progress)
			case c.want != "" && (len(got.Rows) != 1 || got.Rows[0].Progress.Done != c.want):
				t.Errorf("%+v", got.Rows)
			}
		})
	}
	if judge.Period("2022-05").Zh() != "2022年5月" {
		t.Error("the mark of a month has changed")
	}
}

// Progress of earlier quarters beside the present one is no wording of the list.
func TestEarlierProgressIsNoWording(t *testing.T) {
	a := ListingWords{Title: "甲", Extra: map[string]string{"完成情况/一季度": "启动", "联系电话": "1"}}
	b := ListingWords{Title: "甲", Extra: map[string]string{"完成情况/一季度": "启动", "完成情况/二季度": "过半", "联系电话": "1"}}
	if !sameListing(a, b) {
		t.Error("progress counts as a change of the list")
	}
	b.Extra["联系电话"] = "2"
	if sameListing(a, b) {
		t.Error("another column's change is not seen")
	}
}

func TestFiguresOfAReturnedRow(t *testing.T) {
	line := func(id, name, unit, mode string) IndicatorLine {
		return IndicatorLine{IndicatorFacts: IndicatorFacts{ID: id, Unit: unit, Mode: mode, Direction: "up", Decimals: 2}, Name: name}
	}
	money, area := line("k1", "投资", "亿元", "cumulative"), line("k2", "基地", "万亩", "cumulative")
	rate := line("k3", "优良率", "%", "period")
	for _, c := range []struct {
		name, done string
		extra      map[string]string
		of         []IndicatorLine
		want       string
	}{
		{"the only figure of its sort", "截至6月底完成12.5亿元", nil, []IndicatorLine{money, area}, "投资：12.5亿元"},
		{"named", "完成投资35000万元，建成基地1.2万亩", nil, []IndicatorLine{money, area}, "投资：35000万元；基地：1.2万亩"},
		{"another matter's money", "资金缺口200万元，正在争取", nil, []IndicatorLine{money}, ""},
		{"what shall be", "路基过半，年底力争完成投资20亿元", nil, []IndicatorLine{money}, ""},
		{"of the month, where it counts from January", "本月完成投资1.5亿元", nil, []IndicatorLine{money}, ""},
		{"of the month and so far", "本月完成投资1.5亿元，累计完成投资8亿元", nil, []IndicatorLine{money}, "投资：8亿元"},
		{"two values", "完成投资1.5亿元，完成投资8亿元", nil, []IndicatorLine{money}, ""},
		{"a rate", "优良率达到91.5%", nil, []IndicatorLine{rate, money}, "优良率：91.5%"},
		{"a column with its unit", "路基过半", map[string]string{"累计完成投资（万元）": "35,000", "总投资（万元）": "90000"}, []IndicatorLine{money}, "投资：35000万元"},
		{"a column of what is planned", "路基过半", map[string]string{"2022年计划投资（万元）": "35000"}, []IndicatorLine{money}, ""},
		{"nothing but a number", "430.5", map[string]string{"单位": "亿元"}, []IndicatorLine{money}, "投资：430.5亿元"},
		{"a number of another unit", "430.5", map[string]string{"单位": "亿元"}, []IndicatorLine{rate}, ""},
		{"dates are no figures", "6月30日开工", nil, []IndicatorLine{money}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := figuresIn(sheet.Returned{Progress: sheet.Progress{Done: c.done}, Extra: c.extra}, c.of)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
