package sheet

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// fields of the first table, "B=title C=lead".
func fieldsOf(s Sheet) string {
	var out []string
	for _, c := range s.Columns {
		f := c.Column + "=" + string(c.Field)
		if c.Side != "" {
			f += "@" + c.Side
		}
		out = append(out, f)
	}
	return strings.Join(out, " ")
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		header, first string // of the columns, parted by |
		want          string
	}{
		{"序号|工作任务|责任单位|完成时限|备注", "1|推进扩容|市水利局|年底|", "A=number B=title C=lead D=deadline E=note"},
		{"序号|重点任务|牵头单位|责任单位|完成时间", "1|推进扩容|市水利局|市财政局|年底", "A=number B=title C=lead D=support E=deadline"},
		{"序号|重点任务|责任单位|责任部门|完成时间", "1|推进扩容|市水利局|市财政局|年底", "A=number B=title C=lead D=support E=deadline"},
		{"编号|项目名称|建设内容|总投资（万元）|年度计划投资|责任单位|责任人|形象进度", "1|高速|扩容|5|3|市水利局|张三|开工", "A=number B=title C=measures D=money E=money F=lead G=leader H=progress"},
		{"序号|类别|目标任务|具体举措|牵头部门|配合部门|时限要求|2022年6月底进展情况|存在的问题|下步打算", "1|交通|扩容|做|市水利局|市财政局|年底|好|无|做", "A=number B=section C=title D=measures E=lead F=support G=deadline H=progress I=problem J=next"},
		{"序号|工作任务|目标任务|责任单位|完成时限", "1|扩容|开工|市水利局|年底", "A=number B=title C=target D=lead E=deadline"},
		{"工作内容|责任单位|完成时间", "推进扩容工程|市水利局|年底", "A=title B=lead C=deadline"},
		{"序号|任务|遂宁市责任单位|潼南区责任单位|时限", "1|扩容|市水利局|区交通局|年底", "A=number B=title C=lead@510900 D=lead@500152 E=deadline"},
		{"序号|事项名称|进展情况|完成情况|联系电话", "1|扩容|好|已完成|1", "A=number B=title C=progress D=status E=extra"},
		{"序号|工作任务|一季度进展|二季度进展|牵头单位", "1|扩容|一|二|市水利局", "A=number B=title C=extra D=progress E=lead"},
		{"序号|任务名称|单位|时间", "1|推进扩容|市水利局|年底", "A=number B=title C=lead D=deadline"},
		{"序号|重点方向|工作任务|责任分工|完成时间", "1|算力|推进扩容|牵头：市水利局；配合：市财政局|年底", "A=number B=section C=title D=lead E=deadline"},
		{"序号|工作任务|牵头单位|职责分工|完成时间", "1|推进扩容|市水利局|市财政局|年底", "A=number B=title C=lead D=support E=deadline"},
		{"序号|工作任务|单位|数量|责任单位", "1|推进扩容|个|3|市水利局", "A=number B=title C=extra D=extra E=lead"},
	} {
		t.Run(c.header, func(t *testing.T) {
			csv := strings.ReplaceAll(c.header+"\n"+c.first+"\n", "|", ",")
			l := read(t, "清单.csv", []byte(csv))
			if got := fieldsOf(l.Sheets[0]); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTwoRowHeaders(t *testing.T) {
	b := newBook(t)
	b.sheet("合并", row("序号", "工作任务", "责任单位", "", "时限", "投资（万元）", ""), row("", "", "遂宁市", "潼南区", "", "总投资", "其中：市级"),
		row(1, "推进扩容", "市水利局", "区交通局", "年底前", 5, 3))
	b.merge("合并", "A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:G1")
	b.sheet("不合并", row("序号", "工作任务", "责任单位", "", "时限"), row("", "", "牵头单位", "配合单位", ""), row(1, "推进扩容", "市水利局", "市财政局", "年底前"))
	b.sheet("只有一行", row("序号", "工作任务", "责任单位", "时限"), row(1, "推进", "市水利局", "年底前"), row(2, "建设", "市水利局", "年底前"))
	l := b.read()
	for i, want := range []string{
		"A=number B=title C=lead@510900 D=lead@500152 E=deadline F=money G=money",
		"A=number B=title C=lead D=support E=deadline", "A=number B=title C=lead D=deadline",
	} {
		if got := fieldsOf(l.Sheets[i]); got != want {
			t.Errorf("%s: %s, want %s", l.Sheets[i].Name, got, want)
		}
	}
	if got := asJSON(l.Sheets[0].Rows[0]); !strings.Contains(got, `"lead":["市水利局"]`) || !strings.Contains(got, `"sides":{"500152":{"lead":["区交通局"]}}`) {
		t.Error(got)
	}
	if n := len(l.Sheets[2].Rows); n != 2 {
		t.Errorf("%d rows under a one-row header", n)
	}
}

// TestTargetsUnderOneHeader: the parts of a target are one target, and none of them is lost.
func TestTargetsUnderOneHeader(t *testing.T) {
	b := newBook(t)
	b.sheet("数值", row("序号", "工作任务", "年度目标", "", "牵头单位", "时限"), row("", "", "指标", "数值", "", ""),
		row(1, "建设物流园", "完成投资", "12.5亿元", "市水利局", "年底前"), row(2, "开行班列", "班列开行", "", "市水利局", "年底前"))
	b.merge("数值", "A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2")
	b.sheet("分季度", row("序号", "工作任务", "年度目标", "", "牵头单位", "时限"), row("", "", "上半年", "三季度", "", ""),
		row(1, "建设物流园", "主体封顶", "投用", "市水利局", "年底前"))
	b.merge("分季度", "A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2")
	l := b.read()
	for i, want := range [][]string{{"完成投资12.5亿元", "班列开行"}, {"上半年：主体封顶；三季度：投用"}} {
		for j, w := range want {
			if got := l.Sheets[i].Rows[j].Target; got != w {
				t.Errorf("%s row %d: target %q, want %q", l.Sheets[i].Name, j+1, got, w)
			}
		}
	}
}

func TestRowTraps(t *testing.T) {
	b := newBook(t)
	b.sheet("S",
		row("序号", "领域", "重点任务", "具体举措", "牵头单位", "完成时限", ""),
		row(1, "交通", "推进扩容", "开工", "市交通局", "6月底前", "旁注"),
		row("", "", "", "完工", "市水利局", "年底前"), // merged down
		row(2, "", "开行公交", "开线", "", "尽快"),   // section carried, no lead, unclear
		row("序号", "领域", "重点任务", "具体举措", "牵头单位", "完成时限"),
		row(3, "产业", "", "", "市经信局", ""), // no task
		row(3, "产业", "共建园区（责任单位：市经信局，市财政局）", "", "", "2021年底"),
		row("", "", "", "", "", ""),
		row("合计", "", "", "", "", ""),
		row("备注：演示数据"))
	b.merge("S", "A2:A3", "B2:B3", "C2:C3")
	l := b.read()
	var got []string
	for _, r := range l.Sheets[0].Rows {
		got = append(got, fmt.Sprintf("%d|%s|%s|%s|%s|%s|%s|%s", r.Row, r.Number, strings.Join(r.Section, ">"), r.Title, r.Measures, strings.Join(r.Lead, " "), strings.Join(r.Support, " "), r.Extra["列G"]))
	}
	want := []string{"2|1|交通|推进扩容|开工|市交通局||旁注", "3|1|交通|推进扩容|完工|市水利局||", "4|2|交通|开行公交|开线|||", "7|3|产业|共建园区||市经信局|市财政局|"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, want := codes(l), "F4 deadline-unclear; E4 lead-missing; C6 row-not-understood; F7 deadline-odd-year; G1 column-unnamed"; got != want {
		t.Errorf("problems\n got %s\nwant %s", got, want)
	}
}

func TestHiddenSheetsAndSecondTables(t *testing.T) {
	b := newBook(t)
	b.sheet("显", row("序号", "工作任务", "牵头单位"), row(1, "推进扩容", "市水利局"), row("二、产业"), row("序号", "事项名称", "责任单位", "完成时限"), row(1, "共建园区", "市财政局", "年底前"))
	b.sheet("藏", row("序号", "工作任务", "牵头单位"), row(1, "旧任务", "市水利局"))
	b.must(b.f.SetSheetVisible("藏", false))
	l := b.read()
	if len(l.Sheets) != 3 || !l.Sheets[2].Hidden || l.Sheets[2].Import || !l.Sheets[0].Import || len(l.Sheets[2].Rows) != 1 {
		t.Fatalf("%s", asJSON(l))
	}
	if r := l.Sheets[1].Rows[0]; r.Row != 5 || r.Title != "共建园区" || r.Lead[0] != "市财政局" {
		t.Errorf("second table: %+v", r)
	}
	if !strings.Contains(codes(l), "sheet-hidden") {
		t.Error(codes(l))
	}
}

func TestEncodings(t *testing.T) {
	text := strings.ReplaceAll(goodCSV, "\n", "\r\n") + "\r\n2,\"建设\"\"双江\"\"枢纽\r\n第二期\",市水利局,年底前\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"utf8": text, "bom": "\xEF\xBB\xBF" + text, "gb18030": gb, "utf16 tab": u16,
		"semicolon": strings.ReplaceAll(text, ",", ";"), "sep line": "sep=;\n" + strings.ReplaceAll(text, ",", ";"),
	} {
		l := read(t, "清单.csv", []byte(data))
		rows := l.Sheets[0].Rows
		if len(rows) != 2 || rows[0].Title != "推进高速扩容" || rows[1].Title != `建设"双江"枢纽第二期` || rows[1].Row != 4 {
			t.Errorf("%s: %s", name, asJSON(rows))
		}
	}
}

func TestDocument(t *testing.T) {
	numbers := map[string]string{
		"word/_rels/document.xml.rels": `<Relationships><Relationship Id="n" Type="x/numbering" Target="numbering.xml"/></Relationships>`,
		"word/numbering.xml":           `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="4"/></w:num></w:numbering>`,
	}
	auto := `<w:tr><w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr></w:p></w:tc>`
	cell := func(s string) string { return "<w:tc>" + docxParagraph(s) + "</w:tc>" }
	first := docxTable([]docxCell{{text: "序号", merge: "restart"}, {text: "工作任务", merge: "restart"}, {text: "责任单位", span: 2}, {text: "完成时限", merge: "restart"}},
		[]docxCell{{merge: "continue"}, {merge: "continue"}, {text: "牵头单位"}, {text: "配合单位"}, {merge: "continue"}})
	first = strings.TrimSuffix(first, "</w:tbl>") +
		auto + cell("推进遂渝高速扩容") + cell("市交通运输局") + cell("市财政局") + cell("6月底前") + "</w:tr>" +
		auto + cell("加快航电枢纽") + cell("市水利局") + cell("") + cell("持续推进") + "</w:tr></w:tbl>"
	rest := docxTable(cellsOf("", "跨页的任务", "市水利局", "", "年底前")) // the table goes on after a page
	deleted := `<w:p><w:del><w:r><w:delText>旧标题</w:delText></w:r></w:del></w:p>`
	body := docxParagraph("遂发改〔2022〕12号") + deleted + docxParagraph("2022年重点任务清单") + docxParagraph("一、基础设施") + first + rest +
		docxParagraph("二、产业") + docxTable(cellsOf("工作任务", "牵头单位"), cellsOf("共建锂电集群", "市经信局"))
	l := read(t, "清单.docx", docx(t, body, numbers))
	if len(l.Sheets) != 2 || l.Title != "2022年重点任务清单" || l.DocumentNo != "遂发改〔2022〕12号" {
		t.Fatalf("title %q no %q %s", l.Title, l.DocumentNo, asJSON(l))
	}
	rows := l.Sheets[0].Rows
	if len(rows) != 3 || rows[0].Number != "1" || rows[1].Number != "2" || rows[0].Row != 3 || rows[2].Title != "跨页的任务" {
		t.Errorf("%s", asJSON(rows))
	}
	if got := asJSON(rows[0].Section) + asJSON(l.Sheets[1].Rows[0].Section); got != `["一、基础设施"]["二、产业"]` {
		t.Errorf("sections %s", got)
	}
}

func TestProseDocument(t *testing.T) {
	body := docxParagraph("2022年工作要点") + docxParagraph("一、基础设施互联互通") +
		docxParagraph("1．推进遂渝高速扩容。年内开工建设。（责任单位：市交通运输局、市财政局，各县（市、区）人民政府；完成时限：2022年12月底前）") +
		docxParagraph("2．加快双江航电枢纽建设。（牵头单位：市水利局；配合单位：市发改委）") +
		docxParagraph("（二）公共服务") + docxParagraph("3．推进川渝通办。（市政务服务局牵头，市财政局配合）")
	l := read(t, "要点.docx", docx(t, body, nil))
	rows := l.Sheets[0].Rows
	if len(rows) != 3 {
		t.Fatal(asJSON(l))
	}
	if r := rows[0]; r.Number != "1" || r.Title != "推进遂渝高速扩容" || r.Lead[0] != "市交通运输局" || len(r.Support) != 2 || r.Deadline.Date != "2022-12-31" {
		t.Error(asJSON(r))
	}
	if r := rows[2]; r.Lead[0] != "市政务服务局" || r.Support[0] != "市财政局" || len(r.Section) != 2 {
		t.Error(asJSON(r))
	}
}

func TestRemembered(t *testing.T) {
	data := []byte("序号,工作任务,责任单位,经办处室,标志\n1,推进扩容,市交委,综合科,绿\n")
	var asked string
	opt := Options{Year: 2022, Directory: suining, Recall: func(shape string) *Shape {
		asked = shape
		return &Shape{Hash: shape, Columns: map[string]Field{"标志": Status}, Units: map[string]string{"市交委": "s-jtj"}}
	}}
	l, err := Read(context.Background(), source("a.csv", data), opt)
	if err != nil {
		t.Fatal(err)
	}
	if r := l.Sheets[0].Rows[0]; r.Status != "绿" || l.Resolved["市交委"].ID != "s-jtj" || asked != l.Shape || len(l.Problems) > 0 {
		t.Errorf("%s %+v %s", asJSON(r), l.Resolved, codes(l))
	}
}

func TestReadProgress(t *testing.T) {
	known := []Known{{"a", "1", "推进遂渝高速扩容"}, {"b", "2", "加快双江航电枢纽建设"}, {"c", "3", "开行跨省公交"}}
	csv := []byte("序号,工作任务,责任单位,进展情况,存在问题,下一步打算\n1,推进遂渝高速扩容,市交通局,已开工,无钱,筹资\n9,加快双江航电枢纽的建设,市水利局,完成60%,,\n4,另一件事情,市水利局,做了,,\n")
	r, err := ReadProgress(context.Background(), source("返.csv", csv), Options{Year: 2022, Directory: suining}, known)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 2 || r.Rows[0].Key != "a" || r.Rows[0].Progress != (Progress{Done: "已开工", Trouble: "无钱", Next: "筹资"}) || r.Rows[1].Key != "b" || r.Rows[1].Matched != "near" {
		t.Errorf("%+v", r.Rows)
	}
	if len(r.Missing) != 1 || r.Missing[0].Key != "c" || len(r.Problems) != 2 {
		t.Errorf("missing %v problems %v", r.Missing, r.Problems)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(goodCSV))
	f.Add([]byte("sep=;\n\"a;b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = Read(context.Background(), source("a.csv", data), Options{Year: 2022, Directory: suining, Limits: Limits{Rows: 500}})
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add(docxTable(cellsOf("序号", "工作任务", "责任单位"), cellsOf("1", "推进扩容", "市水利局")))
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/><w:gridSpan w:val="9"/></w:tcPr></w:tc></w:tr></w:tbl>`)
	f.Add(labelled2("任务名称", "推进扩容", "责任单位", "市水利局", "完成时限", "年底前", "任务名称", "推进公交", "责任单位", "市水利局"))
	f.Fuzz(func(t *testing.T, body string) {
		_, _ = Read(context.Background(), source("a.docx", docx(t, body, nil)), Options{Year: 2022, Limits: Limits{Rows: 500}})
	})
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>工作任务</v></c><c t="str"><v>责任单位</v></c></row><row><c t="str"><v>推进扩容</v></c></row></sheetData><mergeCells><mergeCell ref="B2:C9"/></mergeCells></worksheet>`)
	f.Add(`<worksheet><sheetData><row><c><f>A1</f><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		data := tinyXLSX(t, sheet)
		l, err := Read(context.Background(), source("a.xlsx", data), Options{Year: 2022, Limits: Limits{Rows: 500}})
		if err != nil {
			return
		}
		_, _, _ = Bytes(context.Background(), source("a.xlsx", data), l, nil)
	})
}

// tenThousand is a list of 10,000 rows and 12 columns, with merged cells.
func tenThousand(t testing.TB) []byte {
	b := newBook(t)
	rows := [][]any{row("序号", "类别", "工作任务", "主要内容", "年度目标", "牵头单位", "配合单位", "责任领导", "完成时限", "总投资（万元）", "进展情况", "备注")}
	for i := 1; i <= 10_000; i++ {
		rows = append(rows, row(i, "基础设施", fmt.Sprintf("推进第%d号跨省公路建设和改造", i), "完成前期工作，开工建设", "完成投资30%", "市交通运输局", "市发改委、市财政局、区交通局", "演示", "2022年12月底前", i, "演示数据", ""))
	}
	b.sheet("S", rows...)
	for i := 2; i <= 10_000; i += 10 {
		b.merge("S", fmt.Sprintf("B%d:B%d", i, i+4))
	}
	return b.bytes()
}

func BenchmarkRead10k(b *testing.B) {
	data := tenThousand(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		l, err := Read(context.Background(), Source{"a.xlsx", bytes.NewReader(data), int64(len(data))}, Options{Year: 2022, Directory: suining})
		if err != nil || len(l.Sheets[0].Rows) != 10_000 {
			b.Fatal(err)
		}
	}
}

func TestScheduleAndInlineNumbers(t *testing.T) {
	b := newBook(t)
	b.sheet("S", row("序号", "工作任务", "牵头单位", "进度安排", "", ""), row("", "", "", "二季度", "三季度", "四季度"),
		row(1, "编制空间规划", "市水利局", "启动", "报批", ""), row(2, "编制产业规划", "市水利局", "", "", "印发"))
	b.merge("S", "A1:A2", "B1:B2", "C1:C2", "D1:F1")
	rows := b.read().Sheets[0].Rows
	if got := describe(rows[0].Deadline) + "; " + describe(rows[1].Deadline); got != "by 2022-09-30 after 2022-06-30; by 2022-12-31" {
		t.Error(got)
	}
	l := read(t, "a.csv", []byte("工作任务,责任单位,完成时限\n1.推进扩容,市交通局,年底\n2.没有单位的任务,,\n"))
	if n := len(l.Sheets[0].Rows); n != 2 || l.Sheets[0].Rows[1].Number != "2" {
		t.Error(asJSON(l))
	}
	l = read(t, "a.csv", []byte("序号,工作任务,责任单位,完成时限\n1,（1）推进甲项目；（2）推进乙项目,（1）市水利局；（2）市财政局,（1）6月底；（2）年底\n"))
	if r := l.Sheets[0].Rows; len(r) != 2 || r[0].Lead[0] != "市水利局" || r[1].Lead[0] != "市财政局" || r[0].Deadline.Date != "2022-06-30" || r[1].Deadline.Date != "2022-12-31" {
		t.Error(asJSON(r))
	}
}

// TestTheTitleOfADocument: the letterhead over the number is no title, and a notice names the list in its quotes.
func TestTheTitleOfADocument(t *testing.T) {
	const table = "序号,工作任务,牵头单位,完成时限\n1,推进扩容,市交通运输局,年底前\n2,共建园区,市财政局,6月底前\n"
	for above, want := range map[string]string{
		"遂潼一体化发展办公室,,,\n遂潼办发〔2022〕15号,,,\n关于印发《遂潼一体化发展2022年下半年重点工作清单》的通知,,,\n": "遂潼一体化发展2022年下半年重点工作清单",
		"遂宁市人民政府文件,,,\n遂府发〔2022〕3号　　签发人：张三,,,\n2022年政府工作报告重点任务分工,,,\n":         "2022年政府工作报告重点任务分工",
		"遂潼一体化发展办公室,,,\n关于印发《遂潼一体化发展2022年下半年重点工作》的通知,,,\n遂潼办发〔2022〕15号,,,\n":   "遂潼一体化发展2022年下半年重点工作",
		"关于下发《2022年双城经济圈建设任务清单》的通知,,,\n":                                       "2022年双城经济圈建设任务清单",
		"遂宁市成渝地区双城经济圈建设领导小组,,,\n2022年重点任务清单,,,\n":                              "遂宁市成渝地区双城经济圈建设领导小组2022年重点任务清单",
		"2022年重点任务清单（遂发改〔2022〕12号）,,,\n":                                       "2022年重点任务清单（遂发改〔2022〕12号）",
		"遂宁市发展和改革委员会,,,\n遂发改〔2022〕12号,,,\n":                                    "遂宁市发展和改革委员会", // nothing better stands there
	} {
		l := read(t, "清单.csv", []byte(above+table))
		if l.Title != want {
			t.Errorf("%q is titled %q, want %q", above, l.Title, want)
		}
	}
}
