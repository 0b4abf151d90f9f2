package sheet

import (
	"context"
	"strings"
	"testing"
)

// linked is a workbook that points to another file, with an error cell and a formula nobody computed.
func linked(t testing.TB) []byte {
	cell := func(s string) string { return `<c t="str"><v>` + s + `</v></c>` }
	sheet := `<worksheet><sheetData><row>` + cell("序号") + cell("工作任务") + cell("责任单位") + cell("完成时限") + `</row>` +
		`<row><c><v>1</v></c>` + cell("推进高速扩容") + cell("市水利局") + `<c t="e"><f>[1]S!A1</f><v>#REF!</v></c></row>` +
		`<row><c><f>A2+1</f></c>` + cell("建设航电枢纽") + `<c t="str"><f>"市"&amp;"水利局"</f><v>市水利局</v></c>` + cell("年底前") + `</row></sheetData></worksheet>`
	const r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return zipped(t, map[string]string{
		"[Content_Types].xml":                `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                        `<Relationships><Relationship Id="a" Type="` + r + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":                    `<workbook xmlns:r="` + r + `"><sheets><sheet name="S" sheetId="1" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels":         `<Relationships><Relationship Id="b" Type="` + r + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="` + r + `externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":           sheet,
		"xl/externalLinks/externalLink1.xml": `<externalLink/>`,
	})
}

func TestLinksErrorsAndFormulas(t *testing.T) {
	data := linked(t)
	l := read(t, "a.xlsx", data)
	if got, want := codes(l), "D2 cell-error; D2 deadline-missing; A3 formula-no-value;  external-links"; got != want {
		t.Errorf("problems %s, want %s", got, want)
	}
	out, done, err := Bytes(context.Background(), source("a.xlsx", data), l, map[RowKey]Progress{{"S", 2, 0}: {Done: "开工"}})
	if err != nil || !done.Plain {
		t.Fatalf("%+v %v", done, err)
	}
	again := read(t, "b.xlsx", out)
	sameFacts(t, l, again)
	if strings.Contains(codes(again), "external") || again.Sheets[0].Rows[0].Progress != "开工" {
		t.Error(asJSON(again))
	}
}

func TestBorrowedHeader(t *testing.T) {
	body := docxParagraph("2022年工作计划") + docxParagraph("一、交通") + docxTable(cellsOf("序号", "工作任务", "牵头单位"), cellsOf("1", "推进高速扩容", "市交通局")) +
		docxParagraph("二、水利") + docxTable(cellsOf("2", "建设航电枢纽", "市水利局"))
	data := docx(t, body, nil)
	l := read(t, "a.docx", data)
	if len(l.Sheets) != 2 || len(l.Sheets[1].Rows) != 1 || asJSON(l.Sheets[1].Rows[0].Section) != `["二、水利"]` {
		t.Fatal(asJSON(l))
	}
	again := fillAll(t, "a.docx", data, l, Progress{Done: "已完成"})
	sameFacts(t, l, again)
}

func TestYearFromTitle(t *testing.T) {
	l, err := Read(context.Background(), source("a.csv", []byte("遂宁市2023年重点任务清单,,,\n"+goodCSV)), Options{})
	if err != nil || l.Year != 2023 || l.Sheets[0].Rows[0].Deadline.Date != "2023-06-30" {
		t.Errorf("%v %v", asJSON(l), err)
	}
	l, err = Read(context.Background(), source("a.csv", []byte(goodCSV)), Options{})
	if err != nil || l.Sheets[0].Rows[0].Deadline.Kind != Unclear || !strings.Contains(codes(l), string(YearUnknown)) {
		t.Errorf("%v %v", asJSON(l), err)
	}
}

func TestEveryCodeIsExplained(t *testing.T) {
	for code, e := range Explanations {
		if e.English == "" || e.Level != Ask && e.Level != Hint {
			t.Errorf("%s: %+v", code, e)
		}
	}
	p := problemf("S", "A1", LeadMissing, "做", "缺")
	if p.English() == "" || p.Level() != Ask {
		t.Errorf("%+v", p)
	}
}

// A cell far away makes the library hold every row before it; such a file leaves as a plain table.
func TestFarCellsLeavePlain(t *testing.T) {
	sheet := `<worksheet><sheetData><row r="1"><c t="str"><v>工作任务</v></c><c t="str"><v>责任单位</v></c></row><row r="1048576"><c t="str"><v>推进扩容</v></c><c t="str"><v>市水利局</v></c></row></sheetData></worksheet>`
	data := tinyXLSX(t, sheet)
	l := read(t, "a.xlsx", data)
	if !l.heavy || l.Sheets[0].Rows[0].Row != 1048576 {
		t.Fatal(asJSON(l))
	}
	again := fillAll(t, "a.xlsx", data, l, Progress{Done: "开工"})
	if r := again.Sheets[0].Rows; len(r) != 1 || r[0].Title != "推进扩容" || r[0].Row > 100 {
		t.Error(asJSON(again))
	}
}
