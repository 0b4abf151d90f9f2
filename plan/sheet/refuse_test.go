package sheet

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const goodCSV = "序号,工作任务,责任单位,完成时限\n1,推进高速扩容,市交通运输局,6月底前\n"

func TestRefusals(t *testing.T) {
	good := newBook(t).sheet("S", row("序号", "工作任务", "责任单位", "完成时限"), row(1, "推进高速扩容", "市交通运输局", "6月底前")).bytes()
	contentTypes := `<Types><Override PartName="/xl/workbook.xml" ContentType="%s"/></Types>`
	secretCell := func(text string) []byte {
		b := newBook(t).sheet("S", row("序号", "工作任务", "责任单位"), row(1, "推进高速扩容", "市交通运输局"))
		b.sheet("藏", row(text))
		b.must(b.f.SetSheetVisible("藏", false))
		return b.bytes()
	}
	header := newBook(t).sheet("S", row("序号", "工作任务", "责任单位"), row(1, "推进高速扩容", "市交通运输局"))
	odd := "&R&\"黑体\"机密★5年"
	header.must(header.f.SetHeaderFooter("S", &excelHeader{OddHeader: odd}))
	for _, c := range []struct {
		name string
		data []byte
		want *Refusal
		why  string
	}{
		{"a.xlsx", nil, ErrEmpty, "nothing"},
		{"a.csv", []byte(" \n "), ErrEmpty, "blank"},
		{"a.xlsx", good[:len(good)/2], ErrBroken, "cut short"},
		{"a.xlsx", append([]byte("PK\x03\x04"), bytes.Repeat([]byte{7}, 500)...), ErrBroken, "only looks like a zip"},
		{"a.docx", good, ErrMisnamed, "a workbook named document"},
		{"a.csv", good, ErrMisnamed, "a workbook named csv"},
		{"a.xlsx", []byte("MZ\x90\x00\x03this program"), ErrMisnamed, "renamed program"},
		{"a.csv", []byte("MZ\x90\x00\x03this program"), ErrMisnamed, "renamed program"},
		{"a.csv", []byte("a,b\x00\x01\x02\x03,c"), ErrMisnamed, "binary"},
		{"a.csv", []byte("<html><table>"), ErrMisnamed, "a web page named csv"},
		{"a.xlsx", []byte(goodCSV), ErrMisnamed, "text named workbook"},
		{"a.pdf", []byte("%PDF-1.7"), ErrUnknownType, "another type"},
		{"a.xls", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)), ErrLegacy, "old workbook"},
		{"a.xlsx", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600) + string(utf16le("EncryptedPackage"))), ErrEncrypted, "password"},
		{"a.xlsx", zipped(t, map[string]string{"[Content_Types].xml": strings.ReplaceAll(contentTypes, "%s", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "xl/workbook.xml": "<workbook/>"}), ErrMacro, "macro type"},
		{"a.xlsx", zipped(t, map[string]string{"xl/vbaProject.bin": "x"}), ErrMacro, "macro part"},
		{"a.zip", zipped(t, map[string]string{"a.txt": "x"}), ErrMisnamed, "another zip"},
		{"a.docx", docx(t, "<w:p><w:tbl></w:p>", nil), ErrBroken, "broken XML"},
		{"a.docx", docx(t, "<!DOCTYPE x>", nil), ErrBroken, "document type"},
		{"a.docx", docx(t, strings.Repeat("<w:p>", 5000)+strings.Repeat("</w:p>", 5000), nil), ErrBroken, "too deep"},
		{"a.docx", docx(t, "<w:p><w:r><w:t>&bomb;</w:t></w:r></w:p>", nil), ErrBroken, "entity"},
		{"a.xlsx", secretCell("机密★10年"), ErrSecret, "in a hidden sheet"},
		{"a.xlsx", secretCell("秘 密"), ErrSecret, "a mark alone, spaced"},
		{"a.xlsx", secretCell("密级：绝密"), ErrSecret, "grade"},
		{"a.xlsx", header.bytes(), ErrSecret, "in the page header"},
		{"（机密）清单.xlsx", good, ErrSecret, "in the file's name"},
		{"机密★清单.csv", []byte(goodCSV), ErrSecret, "in the file's name"},
		{"a.csv", []byte("秘密★1年\n" + goodCSV), ErrSecret, "first line"},
		{"a.docx", docx(t, docxParagraph("秘密★3年")+docxTable(cellsOf("序号", "工作任务", "责任单位")), nil), ErrSecret, "paragraph"},
		{"a.csv", []byte("姓名,学号,语文,数学\n张三,1,90,80\n"), ErrNotTaskList, "marks of pupils"},
		{"a.csv", []byte("序号,姓名,单位,职务,联系电话,备注\n1,张三,市水利局,科长,1,\n"), ErrNotTaskList, "a list of people"},
		{"a.csv", []byte("名称,单位,数量,单价,负责人\n螺丝,个,3,5,李四\n"), ErrNotTaskList, "an inventory"},
		{"a.csv", []byte("项目名称,单价,数量,金额\n电脑,5,2,10\n"), ErrNotTaskList, "a bill"},
		{"a.csv", []byte("日期,值班领导,值班人员,联系电话\n1日,张三,李四,1\n"), ErrNotTaskList, "a duty roster"},
		{"a.docx", docx(t, docxParagraph("关于召开会议的通知")+docxParagraph("各单位：请准时参加。"), nil), ErrNotTaskList, "a notice"},
		{"a.csv", []byte("序号,工作任务,责任单位,完成时限\n"), ErrNotTaskList, "a header without rows"},
	} {
		t.Run(c.name+" "+c.why, func(t *testing.T) {
			l, err := Read(context.Background(), source(c.name, c.data), Options{Year: 2022, Directory: suining})
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v (%v), want %v", err, l, c.want.Code)
			}
		})
	}
}

func TestSpeakingOfSecretsIsNoMark(t *testing.T) {
	for _, s := range []string{"加强商业秘密保护", "严守国家秘密", "开展保密检查", "密级：公开", "加强机密文件管理工作", "工作秘密"} {
		if bearsMark(s) {
			t.Errorf("%q was taken for a mark", s)
		}
	}
	for _, s := range []string{"绝密", "机密★", "秘密★5年", "【机密】", "机密★长期", "密级:秘密", "机密 ☆ 10年", "关于印发方案的通知 机密★10年"} {
		if !bearsMark(s) {
			t.Errorf("%q was not seen", s)
		}
	}
}

func TestLimits(t *testing.T) {
	ctx := context.Background()
	big := strings.Repeat("甲乙丙丁，", 40_000)
	bomb := docx(t, strings.Repeat(docxParagraph(big), 30), nil)
	_, err := Read(ctx, source("a.docx", bomb), Options{Limits: Limits{Unzipped: 1 << 20}})
	if !errors.Is(err, ErrBomb) {
		t.Errorf("document bomb: %v", err)
	}
	_, err = Read(ctx, Source{Name: "a.xlsx", Data: bytes.NewReader(nil), Size: 100 << 20}, Options{})
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("100 MB: %v", err)
	}
	_, err = Read(ctx, source("a.csv", []byte(goodCSV+strings.Repeat("1,甲,乙,丙\n", 100))), Options{Limits: Limits{Rows: 50}})
	if !errors.Is(err, ErrTooManyRows) {
		t.Errorf("rows: %v", err)
	}
	cells := strings.Repeat(`<c t="str"><v>x</v></c>`, 1000)
	sheet := `<worksheet><sheetData>` + strings.Repeat("<row>"+cells+"</row>", 100) + `</sheetData></worksheet>`
	_, err = Read(ctx, source("a.xlsx", tinyXLSX(t, sheet)), Options{Limits: Limits{Cells: 5000, Columns: 2000}})
	if !errors.Is(err, ErrBomb) {
		t.Errorf("cells: %v", err)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err = Read(stopped, source("a.xlsx", tinyXLSX(t, sheet)), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// tinyXLSX is a workbook of one hand-written sheet.
func tinyXLSX(t testing.TB, sheet string) []byte {
	const r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return zipped(t, map[string]string{
		"[Content_Types].xml":        `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="` + r + `officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<x:workbook xmlns:x="m" xmlns:r="` + r + `"><x:sheets><x:sheet name="S" sheetId="1" r:id="b"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="b" Type="` + r + `worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	})
}

// A workbook with prefixed names, inline texts and cells without addresses is read like any other.
func TestForeignWorkbook(t *testing.T) {
	line := func(cells ...string) string {
		s := "<x:row>"
		for _, c := range cells {
			s += `<x:c t="inlineStr"><x:is><x:r><x:t>` + c + `</x:t></x:r><x:rPh><x:t>zzz</x:t></x:rPh></x:is></x:c>`
		}
		return s + "</x:row>"
	}
	sheet := `<x:worksheet xmlns:x="m"><x:sheetData>` + line("序号", "工作任务", "责任单位", "完成时限") + line("1", "推进高速扩容", "市交通运输局", "6月底前") + `</x:sheetData></x:worksheet>`
	l := read(t, "a.xlsx", tinyXLSX(t, sheet))
	if r := l.Sheets[0].Rows; len(r) != 1 || r[0].Title != "推进高速扩容" || r[0].Deadline.Date != "2022-06-30" {
		t.Errorf("%+v", r)
	}
}

// TestWhatProgramsWrite: files as programs write them, not only their first bytes; each is told what it is
// and what to do.
func TestWhatProgramsWrite(t *testing.T) {
	b := newBook(t).sheet("S", row("序号", "工作任务", "责任单位", "完成时限"), row(1, "推进高速扩容", "市交通运输局", "6月底前"))
	plain := b.bytes()
	var locked bytes.Buffer
	b.must(b.f.Write(&locked, excelize.Options{Password: "演示密码"}))
	if !bytes.HasPrefix(locked.Bytes(), []byte("\xD0\xCF\x11\xE0")) {
		t.Fatal("the library no longer writes protected workbooks into a compound file")
	}
	typed := func(contentType string) []byte {
		return zipped(t, map[string]string{
			"[Content_Types].xml": `<Types><Override PartName="/xl/workbook.xml" ContentType="` + contentType + `"/></Types>`, "xl/workbook.xml": "<workbook/>",
		})
	}
	for _, c := range []struct {
		name string
		data []byte
		want *Refusal
		says string // part of what to do
	}{
		{"清单.xlsx", locked.Bytes(), ErrEncrypted, "取消密码"},
		{"清单.xls", locked.Bytes(), ErrEncrypted, "取消密码"},
		{"清单.xls", compound("Workbook"), ErrLegacy, "另存为 .xlsx"},
		{"清单.et", compound("Workbook"), ErrLegacy, "另存为 .xlsx"},
		{"清单.xlsx", compound("Workbook"), ErrLegacy, "另存为 .xlsx"},
		{"要点.doc", compound("WordDocument"), ErrLegacy, "另存为 .xlsx 或 .docx"},
		{"要点.wps", compound("WordDocument"), ErrLegacy, "另存为 .xlsx 或 .docx"},
		{"清单.xlsm", typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), ErrMacro, "不带宏"},
		{"清单.xlsx", typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), ErrMacro, "不带宏"},
		{"清单.docm", typed("application/vnd.ms-word.document.macroEnabled.main+xml"), ErrMacro, "不带宏"},
		{"清单.xlsm", plain, ErrMisnamed, "另存为"},
		{"清单.xlsb", typed("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), ErrUnknownType, ".xlsx"},
		{"清单.ods", zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), ErrUnknownType, ".xlsx"},
	} {
		_, err := Read(context.Background(), source(c.name, c.data), Options{Year: 2022, Directory: suining})
		var no *Refusal
		if !errors.As(err, &no) || no.Code != c.want.Code || !strings.Contains(no.Suggestion, c.says) || no.Message == "" || no.English == "" {
			t.Errorf("%s: %v, want %s that says %s", c.name, err, c.want.Code, c.says)
		}
	}
}

// compound is an old file: the header of a compound file and a directory that names its stream.
func compound(stream string) []byte {
	out := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 504)...)
	out = append(append(out, utf16le("Root Entry")...), make([]byte, 108)...)
	return append(append(out, utf16le(stream)...), make([]byte, 2048)...)
}

// Links that lead outside are said once and never opened; what the file shows of them is read.
func TestExternalLinks(t *testing.T) {
	const r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	sheet := `<worksheet><sheetData><row><c t="str"><v>序号</v></c><c t="str"><v>工作任务</v></c><c t="str"><v>责任单位</v></c></row>` +
		`<row><c><v>1</v></c><c t="str"><f>[1]Sheet1!A1</f><v>推进高速扩容</v></c><c t="str"><v>市水利局</v></c></row></sheetData></worksheet>`
	data := zipped(t, map[string]string{
		"[Content_Types].xml": `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships><Relationship Id="a" Type="` + r + `officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     `<workbook xmlns:r="` + r + `"><sheets><sheet name="S" sheetId="1" r:id="b"/></sheets><externalReferences><externalReference r:id="c"/></externalReferences></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="b" Type="` + r + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="` + r + `externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":                      sheet,
		"xl/externalLinks/externalLink1.xml":            `<externalLink xmlns:r="` + r + `"><externalBook r:id="x"/></externalLink>`,
		"xl/externalLinks/_rels/externalLink1.xml.rels": `<Relationships><Relationship Id="x" Type="` + r + `externalLinkPath" Target="http://192.0.2.1/x.xlsx" TargetMode="External"/></Relationships>`,
	})
	l := read(t, "a.xlsx", data)
	if strings.Count(codes(l), "external-links") != 1 || l.Sheets[0].Rows[0].Title != "推进高速扩容" {
		t.Errorf("%s %s", codes(l), asJSON(l.Sheets[0].Rows))
	}
}
