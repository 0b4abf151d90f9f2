package letter

import "testing"

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
