package sheet

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// facts of rows that must not change when a filled list is read again.
func facts(l *List) []string {
	var out []string
	for _, s := range l.Sheets {
		for _, r := range s.Rows {
			r.Row, r.Part, r.Progress, r.Problem, r.Next, r.Status = 0, 0, "", "", "", ""
			out = append(out, asJSON(r))
		}
	}
	return out
}

func fillAll(t testing.TB, name string, data []byte, l *List, p Progress) *List {
	t.Helper()
	progress := map[RowKey]Progress{}
	for i := range l.Sheets {
		for j := range l.Sheets[i].Rows {
			progress[l.Sheets[i].Key(&l.Sheets[i].Rows[j])] = p
		}
	}
	src := source(name, data)
	out, done, err := Bytes(context.Background(), src, l, progress)
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Unshown) > 0 || done.Written != len(progress) {
		t.Fatalf("written %d of %d, unshown %v", done.Written, len(progress), done.Unshown)
	}
	return read(t, "回填.xlsx", out)
}

func sameFacts(t testing.TB, before, after *List) {
	t.Helper()
	a, b := facts(before), facts(after)
	if strings.Join(a, "\n") != strings.Join(b, "\n") {
		t.Fatalf("before\n%s\nafter\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
}

func TestFillOfficeList(t *testing.T) {
	data := office(t).bytes()
	l := read(t, "清单.xlsx", data)
	p := Progress{Done: "=1+1 已完成工程量60%", Status: "推进中", Trouble: "1、用地\n2、资金", Next: "+继续推进"}
	again := fillAll(t, "清单.xlsx", data, l, p)
	sameFacts(t, l, again)
	if again.Shape != l.Shape {
		t.Errorf("shape changed from %s to %s", l.Shape, again.Shape)
	}
	for _, r := range again.Sheets[1].Rows {
		if r.Progress != p.Done || r.Status != p.Status || r.Problem != p.Trouble || r.Next != p.Next {
			t.Errorf("row %d/%d: %q %q %q %q", r.Row, r.Part, r.Progress, r.Status, r.Problem, r.Next)
		}
	}
}

func TestFillNeutralisesFormulas(t *testing.T) {
	b := newBook(t)
	b.sheet("S", row("序号", "工作任务", "牵头单位", "完成时限", "进展情况"), row(1, "任务甲的内容", "市水利局", "6月底前", "=HYPERLINK(\"x\")"), row(2, "任务乙的内容", "市水利局", "6月底前", ""))
	b.must(b.f.SetCellFormula("S", "A3", "ROW()-1"))
	data := b.bytes()
	l := read(t, "清单.xlsx", data)
	out, _, err := Bytes(context.Background(), source("清单.xlsx", data), l, map[RowKey]Progress{{"S", 3, 0}: {Done: "@SUM(1)"}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"E2": `'=HYPERLINK("x")`, "E3": "'@SUM(1)"} {
		if got, _ := f.GetCellValue("S", cell); got != want {
			t.Errorf("%s = %q, want %q", cell, got, want)
		}
	}
	if formula, _ := f.GetCellFormula("S", "A3"); formula != "" {
		t.Errorf("A3 still computes %s", formula)
	}
}

func TestFillNamesWhatItCannotShow(t *testing.T) {
	data := office(t).bytes()
	l := read(t, "清单.xlsx", data)
	long := strings.Repeat("长", mostLetters+1)
	_, done, err := Bytes(context.Background(), source("清单.xlsx", data), l, map[RowKey]Progress{
		{"任务清单", 7, 0}: {Done: long}, {"任务清单", 99, 0}: {Done: "x"}, {"任务清单", 8, 0}: {Done: "好"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if done.Written != 1 || len(done.Unshown) != 2 || done.Unshown[0].Key.Row != 7 || done.Unshown[1].Key.Row != 99 {
		t.Errorf("%+v", done)
	}
}

func TestFillMergedProgress(t *testing.T) {
	b := newBook(t)
	b.sheet("S", row("序号", "重点任务", "具体举措", "牵头单位", "进展情况"),
		row(1, "发展优质蔬菜", "建基地2万亩", "市水利局", "已启动"), row("", "", "办蔬菜节", "市财政局", ""))
	b.merge("S", "A2:A3", "B2:B3", "E2:E3")
	data := b.bytes()
	l := read(t, "清单.xlsx", data)
	if n := len(l.Sheets[0].Rows); n != 2 {
		t.Fatalf("%d rows", n)
	}
	out, _, err := Bytes(context.Background(), source("清单.xlsx", data), l, map[RowKey]Progress{{"S", 3, 0}: {Done: "办了一届"}})
	if err != nil {
		t.Fatal(err)
	}
	again := read(t, "清单.xlsx", out)
	sameFacts(t, l, again)
	if a, c := again.Sheets[0].Rows[0].Progress, again.Sheets[0].Rows[1].Progress; a != "已启动" || c != "办了一届" {
		t.Errorf("progress %q, %q", a, c)
	}
}

// generated is a believable list: rows of units, dates and wordings, sections and merged cells.
func generated(rt *rapid.T, t testing.TB) *book {
	units := rapid.SampledFrom([]string{"市发展改革委", "市发改委、市财政局", "由市水利局牵头，市财政局配合", "遂宁市：市交通运输局；潼南区：区交通局", "市 水 利 局", "各县（市、区）人民政府", "市乡村振兴局等部门", ""})
	dates := rapid.SampledFrom([]string{"6月底前", "2022年12月", "2022.9", "持续推进", "每季度", "尽快", "三季度", "", "9月1日前"})
	texts := rapid.SampledFrom([]string{"推进遂渝高速扩容", "建设 优质 蔬菜基地", "办好\n川渝通办事项", "1、建平台\n2、建机制", "1.制定行动方案；2.组织实施方案；3.开展总结评估", "=公式样的名称", "推动210项事项通办（川渝）"})
	rows := [][]any{row("2022年重点任务清单"), row("序号", "工作任务", "责任单位", "完成时限", "总投资（万元）", "联系科室")}
	var merged []string
	for i := range rapid.IntRange(1, 12).Draw(rt, "rows") {
		if rapid.Bool().Draw(rt, "section") {
			rows = append(rows, row(chineseNumber(i+1)+"、分项"))
			merged = append(merged, fmt.Sprintf("A%d:F%d", len(rows), len(rows)))
		}
		rows = append(rows, row(i+1, texts.Draw(rt, "text"), units.Draw(rt, "unit"), dates.Draw(rt, "date"), rapid.IntRange(0, 9000).Draw(rt, "money"), rapid.SampledFrom([]string{"", "综合科", "+86电话"}).Draw(rt, "extra")))
	}
	b := newBook(t)
	b.sheet("清单", rows...)
	return b.merge("清单", append(merged, "A1:F1")...)
}

func TestFillReadShowsNoChange(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := generated(rt, t).bytes()
		l := read(t, "清单.xlsx", data)
		done := rapid.SampledFrom([]string{"已完成", "-- 进行中", "1、甲\n2、乙", "60%"}).Draw(rt, "done")
		again := fillAll(t, "清单.xlsx", data, l, Progress{Done: done})
		sameFacts(t, l, again)
		third := fillAll(t, "清单.xlsx", data, l, Progress{Done: done, Next: "@下月"})
		sameFacts(t, again, third)
		for i := range again.Sheets[0].Rows {
			if got := again.Sheets[0].Rows[i].Progress; got != done {
				rt.Fatalf("row %d: progress %q, want %q", i, got, done)
			}
		}
	})
}

func TestFillDocumentAndText(t *testing.T) {
	table := docxTable(cellsOf("序号", "工作任务", "牵头单位", "配合单位", "完成时限"),
		[]docxCell{{text: "一、基础设施", span: 5}},
		cellsOf("1", "推进遂渝高速扩容", "市交通运输局", "市财政局\n市发改委", "年底前"))
	word := docx(t, docxParagraph("2022年工作计划")+table, nil)
	csv := []byte("序号,工作任务,责任单位,完成时限,科室\n1,推进高速扩容,\"市交通运输局、市财政局\",6月底前,=cmd\n")
	prose := docx(t, docxParagraph("2022年工作要点")+docxParagraph("一、基础设施")+
		docxParagraph("1．推进遂渝高速扩容。年内开工。（责任单位：市交通运输局、市财政局；完成时限：2022年12月底前）")+
		docxParagraph("2．加快航电枢纽建设。（牵头单位：市水利局，配合单位：市发改委）"), nil)
	for name, data := range map[string][]byte{"计划.docx": word, "清单.csv": csv, "要点.docx": prose} {
		l := read(t, name, data)
		again := fillAll(t, name, data, l, Progress{Done: "已完成"})
		if name != "要点.docx" {
			sameFacts(t, l, again)
		}
		if a, b := len(facts(l)), len(facts(again)); a != b {
			t.Errorf("%s: %d rows became %d", name, a, b)
		}
		bare, _, err := Bytes(context.Background(), Source{}, &List{Kind: l.Kind, Sheets: []Sheet{{Name: "x", Rows: l.Sheets[0].Rows}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := len(facts(l)), len(facts(read(t, "x.xlsx", bare))); a != b {
			t.Errorf("%s without its file: %d rows became %d", name, a, b)
		}
	}
}

// TestFillLeavesAColumnToTypeInto: a list without columns of progress, of whose rows only the state is
// known, comes out with an empty column of progress; read again, no state is taken for what somebody did.
func TestFillLeavesAColumnToTypeInto(t *testing.T) {
	data := []byte("序号,工作任务,牵头单位,完成时限\n1,加快快捷通道建设,市交通运输局,6月底前\n2,共建农业园区,市农业农村局,年底前\n")
	l := read(t, "清单.csv", data)
	again := fillAll(t, "清单.csv", data, l, Progress{Status: "未启动"})
	sameFacts(t, l, again)
	progress := false
	for _, c := range again.Sheets[0].Columns {
		progress = progress || c.Field == Done
	}
	if !progress {
		t.Errorf("no column of progress: %+v", again.Sheets[0].Columns)
	}
	for _, r := range again.Sheets[0].Rows {
		if r.Progress != "" || r.Status != "未启动" {
			t.Errorf("row %d: progress %q, state %q", r.Row, r.Progress, r.Status)
		}
	}
}
