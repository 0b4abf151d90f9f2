package letter

import "bytes"

func columnLetter(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// workbook is the smallest xlsx that holds the chart's figures.
func (c Chart) workbook() []byte {
	const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	p := newPackage()
	p.relate("", "officeDocument", "xl/workbook.xml")
	id := p.relate("xl/workbook.xml", "worksheet", "xl/worksheets/sheet1.xml")
	x := newXML()
	x.start("workbook", "xmlns", main, "xmlns:r", nsR)
	x.start("sheets")
	x.leaf("sheet", "name", "Sheet1", "sheetId", "1", "r:id", id)
	p.add("xl/workbook.xml", kind+"sheet.main+xml", x.bytes())
	x = newXML()
	x.start("worksheet", "xmlns", main)
	x.start("sheetData")
	for row := range len(c.Categories) + 1 {
		c.workbookRow(x, row)
	}
	p.add("xl/worksheets/sheet1.xml", kind+"worksheet+xml", x.bytes())
	var b bytes.Buffer
	_ = p.write(&b) // bytes.Buffer does not fail
	return b.Bytes()
}

func (c Chart) workbookRow(x *xmlWriter, row int) {
	x.start("row", "r", itoa(row+1))
	ref := func(col int) string { return columnLetter(col) + itoa(row+1) }
	text := func(col int, s string) {
		x.start("c", "r", ref(col), "t", "inlineStr")
		x.start("is")
		x.element("t", s)
		x.end()
		x.end()
	}
	if row > 0 {
		text(0, c.Categories[row-1])
	}
	for i, s := range c.Series {
		switch {
		case row == 0:
			text(i+1, s.Name)
		case s.Values[row-1] != "":
			x.start("c", "r", ref(i+1))
			x.element("v", s.Values[row-1])
			x.end()
		}
	}
	x.end()
}
