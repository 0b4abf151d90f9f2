package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// suining is the directory of the tests: FACTS.md's units of both sides.
var suining = Directory{
	Self: "510900",
	Sides: []Side{
		{Code: "510900", Name: "遂宁市"},
		{Code: "500152", Name: "潼南区"},
	},
	Units: []Unit{
		{ID: "s-fgw", Name: "市发展改革委", Aliases: []string{"市发改委", "遂宁市发展和改革委员会"}, Member: "510900"},
		{ID: "s-jxj", Name: "市经济和信息化局", Aliases: []string{"市经信局"}, Member: "510900"},
		{ID: "s-jtj", Name: "市交通运输局", Aliases: []string{"市交通局"}, Member: "510900"},
		{ID: "s-slj", Name: "市水利局", Member: "510900"},
		{ID: "s-czj", Name: "市财政局", Member: "510900"},
		{ID: "s-rsj", Name: "市人力资源社会保障局", Member: "510900"},
		{ID: "s-zjj", Name: "市住房城乡建设局", Member: "510900"},
		{ID: "s-hjj", Name: "市生态环境局", Member: "510900"},
		{ID: "s-csq", Name: "船山区人民政府", Aliases: []string{"船山区"}, Member: "510900"},
		{ID: "s-ajq", Name: "安居区人民政府", Aliases: []string{"安居区"}, Member: "510900"},
		{ID: "t-fgw", Name: "区发展改革委", Member: "500152"},
		{ID: "t-jtj", Name: "区交通局", Member: "500152"},
		{ID: "t-nyw", Name: "区农业农村委", Member: "500152"},
	},
	Groups: []Group{{ID: "g-xq", Name: "各县（市、区）人民政府", Aliases: []string{"各县（市、区）"}, Units: []string{"s-csq", "s-ajq"}, Member: "510900"}},
}

type (
	excelStyle  = excelize.Style
	excelHeader = excelize.HeaderFooterOptions
)

// book is a workbook under construction.
type book struct {
	t testing.TB
	f *excelize.File
}

func newBook(t testing.TB) *book { return &book{t, excelize.NewFile()} }

// sheet writes rows from A1 down; the first sheet takes the place of Sheet1.
func (b *book) sheet(name string, rows ...[]any) *book {
	if len(b.f.GetSheetList()) == 1 && b.f.GetSheetList()[0] == "Sheet1" {
		b.must(b.f.SetSheetName("Sheet1", name))
	} else {
		_, err := b.f.NewSheet(name)
		b.must(err)
	}
	for i, row := range rows {
		b.must(b.f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row))
	}
	return b
}

func (b *book) merge(sheet string, ranges ...string) *book {
	for _, r := range ranges {
		from, to, _ := strings.Cut(r, ":")
		b.must(b.f.MergeCell(sheet, from, to))
	}
	return b
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) bytes() []byte {
	var out bytes.Buffer
	b.must(b.f.Write(&out))
	return out.Bytes()
}

func source(name string, data []byte) Source {
	return Source{Name: name, Data: bytes.NewReader(data), Size: int64(len(data))}
}

func (b *book) read() *List { return read(b.t, "清单.xlsx", b.bytes()) }

func read(t testing.TB, name string, data []byte) *List {
	t.Helper()
	l, err := Read(context.Background(), source(name, data), Options{Year: 2022, Directory: suining})
	if err != nil {
		t.Fatalf("Read(%s): %v", name, err)
	}
	return l
}

func row(cells ...any) []any { return cells }

// docxCell of the tiny writer: "text" or with span, vertical merge.
type docxCell struct {
	text  string
	span  int
	merge string
}

func docxTable(rows ...[]docxCell) string {
	var b strings.Builder
	b.WriteString("<w:tbl>")
	for _, r := range rows {
		b.WriteString("<w:tr>")
		for _, c := range r {
			b.WriteString("<w:tc><w:tcPr>")
			if c.span > 1 {
				fmt.Fprintf(&b, `<w:gridSpan w:val="%d"/>`, c.span)
			}
			if c.merge != "" {
				fmt.Fprintf(&b, `<w:vMerge w:val="%s"/>`, c.merge)
			}
			b.WriteString("</w:tcPr>")
			for _, p := range strings.Split(c.text, "\n") {
				b.WriteString(docxParagraph(p))
			}
			b.WriteString("</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	return b.String()
}

func docxParagraph(text string) string {
	return "<w:p><w:r><w:t>" + html.EscapeString(text) + "</w:t></w:r></w:p>"
}

func cellsOf(texts ...string) []docxCell {
	out := make([]docxCell, len(texts))
	for i, t := range texts {
		out[i].text = t
	}
	return out
}

// docx wraps a body into the smallest document a word processor opens. more are further parts.
func docx(t testing.TB, body string, more map[string]string) []byte {
	parts := map[string]string{
		"[Content_Types].xml": `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`,
	}
	for n, s := range more {
		parts[n] = s
	}
	return zipped(t, parts)
}

func zipped(t testing.TB, parts map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for n, s := range parts {
		w, err := z.Create(n)
		if err == nil {
			_, err = w.Write([]byte(s))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// codes of the problems, in order.
func codes(l *List) string {
	var out []string
	for _, p := range l.Problems {
		out = append(out, p.Cell+" "+string(p.Code))
	}
	return strings.Join(out, "; ")
}
