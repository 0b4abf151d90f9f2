package letter

import (
	"strings"
	"testing"
)

// TestSheetsFitWhatTheySay: a column without a word is left out, a draft says so, and a row is as
// high as its longest cell.
func TestSheetsFitWhatTheySay(t *testing.T) {
	s := Sheet{Columns: []SheetColumn{{"任务", 36}, {"存在问题", 28}, {"下一步", 28}}, Rows: [][]Cell{{Text("甲"), Text(""), Text("乙")}, {Text("丙"), Text(""), Text("")}}}
	if got := s.filled(); len(got.Columns) != 2 || got.Columns[1].Title != "下一步" || got.Rows[0][1].Text != "乙" || len(got.Rows[1]) != 2 {
		t.Errorf("columns %v, rows %v", got.Columns, got.Rows)
	}
	for _, c := range []struct {
		in   BulletinInput
		want string
	}{
		{BulletinInput{AsOf: "2022-05-31", Demo: true}, "截至2022-05-31；演示数据"},
		{BulletinInput{AsOf: "2022-05-31", Draft: true}, "草稿，未印发；截至2022-05-31"},
		{BulletinInput{Draft: true}, "草稿，未印发"},
	} {
		if got := c.in.sheetNote(); got != c.want {
			t.Errorf("the line below the title is %q, want %q", got, c.want)
		}
	}
	columns := []SheetColumn{{"内容", 21}} // ten characters a line
	for _, c := range []struct {
		text string
		want float64
	}{{"", 18}, {"一二三四五六七八九十", 18}, {"一二三四五六七八九十一", 34}, {"一\n二\n三", 50}, {string(make([]rune, 9000)), 409}} {
		if got := rowPoints(columns, []Cell{Text(c.text)}); got != c.want {
			t.Errorf("%.12q is %v points high, want %v", c.text, got, c.want)
		}
	}
}

// TestTheSheetOfMissingReportsSaysWhyItIsEmpty: before the cut-off nothing is late, which is not the same as that all came.
func TestTheSheetOfMissingReportsSaysWhyItIsEmpty(t *testing.T) {
	for _, c := range []struct {
		remark string
		in     BulletinInput
		want   string
	}{
		{"before the cut-off", BulletinInput{Month: "2022-06", AsOf: "2022-06-20", Cutoff: "2022-06-25", Total: Figures{Due: 47, FiledOnTime: 17}}, "报送期未截止（截止日2022年6月25日），已报17项，待报30项。"},
		{"of half a year", BulletinInput{Month: "2022-H1", AsOf: "2022-06-20", Cutoff: "2022-06-25", Total: Figures{Due: 573, FiledOnTime: 500, FiledLate: 20, Missed: 3}}, "报送期未截止（截止日2022年6月25日），已报520项次，待报50项次。"},
		{"after it", BulletinInput{Month: "2022-06", AsOf: "2022-06-26", Cutoff: "2022-06-25", Total: Figures{Due: 47, FiledOnTime: 47}}, "本期应报送的进展均已报送。"},
		{"nothing is owed", BulletinInput{Month: "2022-06", AsOf: "2022-06-26"}, "本期没有应报送的进展。"},
	} {
		if got := c.in.missingSheet().Notes; len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", c.remark, got, c.want)
		}
	}
}

// TestASummaryCountsReportsAndNotWorks: over several months a work reports more than once.
func TestASummaryCountsReportsAndNotWorks(t *testing.T) {
	in := BulletinInput{
		Month: "2022-H1", AsOf: "2022-06-20", Cutoff: "2022-06-25", Total: Figures{Items: 109, Due: 573, FiledOnTime: 500, Missed: 3},
		Missing: []Missing{{Unit: "市水利局"}, {Unit: "市水利局"}, {Unit: "市水利局"}},
	}
	text, _ := Compose(in).Text()
	for _, want := range []string{"2022年上半年应报送进展573项次（同一事项每报送一期计一项次），已报送500项次", "1个单位的3项次进展未报送，涉及市水利局（3项次）"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
}
