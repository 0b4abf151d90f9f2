package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestFillWithoutStyles: a workbook that another program wrote without styles goes out as a plain
// table instead of stopping the program.
func TestFillWithoutStyles(t *testing.T) {
	parts := map[string]string{
		"[Content_Types].xml":        `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="清单" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	}
	var cells strings.Builder
	for i, row := range [][]string{{"序号", "工作任务", "牵头单位", "完成时限"}, {"1", "修路", "市交通运输局", "6月底前"}} {
		cells.WriteString(`<row r="` + string(rune('1'+i)) + `">`)
		for c, text := range row {
			cells.WriteString(`<c r="` + string(rune('A'+c)) + string(rune('1'+i)) + `" t="inlineStr"><is><t>` + text + `</t></is></c>`)
		}
		cells.WriteString(`</row>`)
	}
	parts["xl/worksheets/sheet1.xml"] = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + cells.String() + `</sheetData></worksheet>`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	src := Source{Name: "清单.xlsx", Data: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
	l, err := Read(context.Background(), src, Options{Year: 2022})
	if err != nil || len(l.Sheets) != 1 || len(l.Sheets[0].Rows) != 1 {
		t.Fatalf("%+v, %v", l, err)
	}
	key := l.Sheets[0].Key(&l.Sheets[0].Rows[0])
	out, filled, err := Bytes(context.Background(), src, l, map[RowKey]Progress{key: {Done: "已开工"}})
	if err != nil || len(out) == 0 || filled.Written != 1 {
		t.Errorf("written %d, %v", filled.Written, err)
	}
}
