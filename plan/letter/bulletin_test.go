package letter

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestComposeGolden(t *testing.T) {
	b := Compose(sampleInput())
	text, unknown := b.Text()
	if len(unknown) > 0 {
		t.Errorf("fields without figures: %v", unknown)
	}
	golden(t, "bulletin.txt", b.Title()+"\n"+text)
	if b.Count() != Count(text) || b.Count() > Limit {
		t.Errorf("count %d", b.Count())
	}
}

func TestFiguresStayLive(t *testing.T) {
	in := sampleInput()
	saved := Compose(in).Sections
	in.Total.Late = 99
	text, _ := Resume(in, saved).Text()
	if !strings.Contains(text, "进度滞后99项") || !strings.Contains(text, "99项进度滞后") {
		t.Error("an edited draft does not follow the figures")
	}
}

func TestUnknownFieldsOfADraft(t *testing.T) {
	b := Compose(sampleInput())
	b.Sections[3].Text += "\n{{没有这个}}"
	d, unknown := b.Document()
	if len(unknown["next"]) != 1 {
		t.Errorf("unknown: %v", unknown)
	}
	if last := d.Body[len(d.Body)-1].(Paragraph); last.Spans[0].Text != "{{没有这个}}" {
		t.Errorf("the field was dropped: %v", last)
	}
}

func TestSectionsAreNumberedOn(t *testing.T) {
	b := Compose(sampleInput())
	b.Sections[1].Text = " \n"
	text, _ := b.Text()
	if !strings.Contains(text, "二、存在问题") || strings.Contains(text, "主要进展") {
		t.Error("an empty section must be left out and the next numbered on")
	}
}

func TestOrderUpToTwenty(t *testing.T) {
	in := BulletinInput{}
	for i := range 20 {
		in.Chosen = append(in.Chosen, Chosen{Item: "事项" + itoa(i+1), Unit: "市科技局", Progress: "有进展"})
	}
	text := progressText(in)
	for _, want := range []string{"一是事项1。有进展（市科技局）。\n二是事项2。", "\n十是事项10。", "\n十一是事项11。", "\n二十是事项20。"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestTidy(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"own number", "1．完成投资", "完成投资"},
		{"own number before a figure", "1.2亿元已到位", "1.2亿元已到位"},
		{"own order", "一是完成投资", "完成投资"},
		{"level in brackets", "（一）完成投资", "完成投资"},
		{"a year is no number of a list", "2022年完成", "2022年完成"},
		{"lines", "完成\n投资 ", "完成投资"},
		{"a field in a reporter's words", "{{总数}}", "{ {总数}}"},
		{"only a number", "1、", ""},
	} {
		if got := tidy(c.in); got != c.want {
			t.Errorf("%s: tidy(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestRates(t *testing.T) {
	for _, c := range []struct {
		name  string
		n, of int
		want  string
	}{
		{"nothing due", 0, 0, "—"},
		{"all", 113, 113, "100.0%"},
		{"half up", 1, 16, "6.3%"},
		{"nearly all is not all", 1999, 2000, "99.9%"},
		{"nearly none is not none", 1, 5000, "0.1%"},
		{"none", 0, 5, "0.0%"},
	} {
		if got := (Figures{FiledOnTime: c.n, Due: c.of}).FiledRate(); got != c.want {
			t.Errorf("%s: %d of %d is %s, want %s", c.name, c.n, c.of, got, c.want)
		}
	}
}

func TestComparedWithLastMonth(t *testing.T) {
	now := Figures{Done: 5, Late: 3, AtRisk: 2, Due: 1000, FiledOnTime: 900}
	f := map[string]string{}
	now.changes(Figures{Done: 2, Late: 5, AtRisk: 2, Due: 1000, FiledOnTime: 923}, "上月", f)
	for name, want := range map[string]string{"完成数较上月": "增加3项", "滞后数较上月": "减少2项", "风险数较上月": "持平", "报送率较上月": "下降2.3个百分点"} {
		if f[name] != want {
			t.Errorf("%s: %s, want %s", name, f[name], want)
		}
	}
	now.changes(Figures{}, "上月", f)
	if f["报送率较上月"] != "无可比数据" {
		t.Errorf("no month before: %s", f["报送率较上月"])
	}
}

func TestProseBlocks(t *testing.T) {
	for _, c := range []struct {
		name, in string
		check    func(Block) bool
	}{
		{"second level", "（一）基础设施", func(b Block) bool { h, ok := b.(Heading); return ok && h.Level == 2 && h.Then == nil }},
		{"second level, text goes on", "（一）基础设施。完成投资。", func(b Block) bool {
			h, ok := b.(Heading)
			return ok && h.Text == "（一）基础设施。" && len(h.Then) == 1
		}},
		{"third level", "1. 综合交通", func(b Block) bool { h, ok := b.(Heading); return ok && h.Level == 3 }},
		{"a figure is no level", "1.5亿元已到位", func(b Block) bool { _, ok := b.(Paragraph); return ok }},
		{"a whole sentence is no heading", "（一）完成投资3亿元。", func(b Block) bool { _, ok := b.(Paragraph); return ok }},
		{"order is strong with its first sentence", "一是高速扩容。完成投资。", func(b Block) bool {
			p, ok := b.(Paragraph)
			return ok && p.Spans[0] == Span{"一是高速扩容。", true} && p.Spans[1].Text == "完成投资。"
		}},
		{"order alone if there is one sentence", "二是完成投资。", func(b Block) bool { p, ok := b.(Paragraph); return ok && p.Spans[0] == Span{"二是", true} }},
	} {
		if b := proseLine(c.in); !c.check(b) {
			t.Errorf("%s: %q became %#v", c.name, c.in, b)
		}
	}
}

func TestBulletinOfNothing(t *testing.T) {
	b := Compose(BulletinInput{})
	d, unknown := b.Document()
	if len(unknown) > 0 {
		t.Errorf("unknown fields: %v", unknown)
	}
	checkPackage(t, docxBytes(t, d))
	if err := WriteXlsx(&bytes.Buffer{}, b.Workbook()); err != nil {
		t.Error(err)
	}
}

func TestBulletinPackage(t *testing.T) {
	d, _ := Compose(sampleInput()).Document()
	checkPackage(t, docxBytes(t, d))
	if len(d.Annexes) != 3 {
		t.Errorf("%d annexes, want lists, late work, missing reports", len(d.Annexes))
	}
}

func TestWorkbook(t *testing.T) {
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := WriteXlsx(b, Compose(sampleInput()).Workbook()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same workbook gave other bytes")
	}
	f, err := excelize.OpenReader(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	want := "汇总 双城经济圈 成都平原 遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划 未报送 通报正文 来源"
	if got := strings.Join(f.GetSheetList(), " "); got != want {
		t.Errorf("sheets %s, want %s", got, want)
	}
	for _, c := range []struct{ why, sheet, cell, want string }{
		{"as-of line", "汇总", "A2", "截至2022-06-20；演示数据"},
		{"list's count", "汇总", "B4", "70"},
		{"sum is of items", "汇总", "B7", "113"},
		{"percent", "汇总", "J7", "10.6%"},
		{"percent of a row", "双城经济圈", "H4", "45.5%"},
		{"text that looks like a formula is unchanged text", "双城经济圈", "I5", "=1+1"},
		{"source", "来源", "F4", "41"},
	} {
		if got, err := f.GetCellValue(c.sheet, c.cell); err != nil || got != c.want {
			t.Errorf("%s: %s!%s = %q, %v; want %q", c.why, c.sheet, c.cell, got, err, c.want)
		}
	}
	checkNoFormula(t, f)
	if panes, err := f.GetPanes("汇总"); err != nil || panes.YSplit != 3 || !panes.Freeze {
		t.Errorf("panes %+v, %v", panes, err)
	}
	for _, n := range f.GetDefinedName() {
		if n.Scope == "汇总" && n.RefersTo != "'汇总'!$3:$3" {
			t.Errorf("print titles %s", n.RefersTo)
		}
	}
}

func checkNoFormula(t *testing.T, f *excelize.File) {
	t.Helper()
	formula, err := f.GetCellFormula("双城经济圈", "I5")
	if err != nil || formula != "" {
		t.Errorf("the cell became a formula: %q, %v", formula, err)
	}
	id, err := f.GetCellStyle("双城经济圈", "I5")
	if err != nil {
		t.Fatal(err)
	}
	if q := f.Styles.CellXfs.Xf[id].QuotePrefix; q == nil || !*q {
		t.Error("formula-like text is not marked as text")
	}
	id, err = f.GetCellStyle("双城经济圈", "I4")
	if err != nil {
		t.Fatal(err)
	}
	if q := f.Styles.CellXfs.Xf[id].QuotePrefix; q != nil && *q {
		t.Error("plain text is marked too")
	}
}

func TestSheetNames(t *testing.T) {
	long := strings.Repeat("长", 40)
	got := sheetNames([]Sheet{{Name: "a/b:c"}, {Name: ""}, {Name: long}, {Name: long}, {Name: "A"}, {Name: "a"}})
	want := []string{"a／b：c", "工作表2", strings.Repeat("长", 31), strings.Repeat("长", 28) + "（2）", "A", "a（2）"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("sheet %d: %q, want %q", i+1, got[i], want[i])
		}
	}
}

func TestHundredth(t *testing.T) {
	for in, want := range map[string]string{"12.5": "0.125", "100": "1.00", "0": "0.00", "-5.25": "-0.0525", "1234": "12.34"} {
		if got := hundredth(in); got != want {
			t.Errorf("hundredth(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestWorkbookRefused(t *testing.T) {
	var refused *Error
	if err := WriteXlsx(&bytes.Buffer{}, Workbook{}); !errors.As(err, &refused) {
		t.Errorf("no sheets: %v", err)
	}
	long := Workbook{Sheets: []Sheet{{Name: "长", Columns: []SheetColumn{{Title: "甲"}}, Rows: [][]Cell{{Text(strings.Repeat("字", longestText+1))}}}}}
	if err := WriteXlsx(&bytes.Buffer{}, long); !errors.As(err, &refused) || refused.Code != "letter.cell-too-long" {
		t.Errorf("a cell too long: %v", err)
	}
}
