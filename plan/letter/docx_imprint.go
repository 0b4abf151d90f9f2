package letter

import "strings"

// imprint 版记 on the foot of the last page: 抄送, 印发机关 and date between lines, 4号 (7.4).
// It stands in a text box at the foot of the type area, so the letter's length does not
// matter. (A floating table would do in Word, but LibreOffice lets none float that is as
// wide as the text.)
func (x *docx) imprint() {
	rows := x.imprintRows()
	if len(rows) == 0 {
		return
	}
	lines := 0
	for _, row := range rows {
		lines += row.lines()
	}
	x.paragraph("Remark", nil, func() {
		x.start("w:r")
		x.start("mc:AlternateContent")
		x.start("mc:Choice", "Requires", "wps")
		x.start("w:drawing")
		x.footBox(itoa((lines*imprintLine+len(rows)*60+60)*emuPerTwip), func() { x.imprintTable(rows) })
		for range 4 {
			x.end()
		}
	})
}

const (
	imprintLine = 440           // exact height of a line of 4号, twips
	imprintPad  = sizeFour * 10 // one character of 4号, twips
)

// footBox anchors a box as wide as the text at the foot of the type area.
func (x *docx) footBox(height string, content func()) {
	width := itoa(textWidth * emuPerTwip)
	x.start("wp:anchor", "distT", "0", "distB", "0", "distL", "0", "distR", "0", "simplePos", "0",
		"relativeHeight", "1", "behindDoc", "0", "locked", "0", "layoutInCell", "1", "allowOverlap", "0")
	x.leaf("wp:simplePos", "x", "0", "y", "0")
	for _, p := range [][2]string{{"wp:positionH", "center"}, {"wp:positionV", "bottom"}} {
		x.start(p[0], "relativeFrom", "margin")
		x.element("wp:align", p[1])
		x.end()
	}
	x.leaf("wp:extent", "cx", width, "cy", height)
	x.leaf("wp:effectExtent", "l", "0", "t", "0", "r", "0", "b", "0")
	x.leaf("wp:wrapTopAndBottom")
	x.leaf("wp:docPr", "id", itoa(x.charts+1), "name", "版记")
	x.leaf("wp:cNvGraphicFramePr")
	x.start("a:graphic")
	x.start("a:graphicData", "uri", nsWPS)
	x.start("wps:wsp")
	x.leaf("wps:cNvSpPr", "txBox", "1")
	boxShape(x.xmlWriter, width, height)
	x.start("wps:txbx")
	x.start("w:txbxContent")
	content()
	x.end()
	x.end()
	x.start("wps:bodyPr", "lIns", "0", "tIns", "0", "rIns", "0", "bIns", "0", "anchor", "b")
	x.leaf("a:noAutofit")
	for range 5 {
		x.end()
	}
}

// boxShape: a rectangle without fill and line.
func boxShape(x *xmlWriter, width, height string) {
	x.start("wps:spPr")
	x.start("a:xfrm")
	x.leaf("a:off", "x", "0", "y", "0")
	x.leaf("a:ext", "cx", width, "cy", height)
	x.end()
	x.start("a:prstGeom", "prst", "rect")
	x.leaf("a:avLst")
	x.end()
	x.leaf("a:noFill")
	x.start("a:ln")
	x.leaf("a:noFill")
	x.end()
	x.end()
}

// imprintRow: left text, and right text pushed to the edge.
type imprintRow struct{ left, right string }

func (x *docx) imprintRows() []imprintRow {
	var rows []imprintRow
	if len(x.doc.CopyTo) > 0 {
		rows = append(rows, imprintRow{left: "抄送：" + strings.TrimRight(strings.Join(x.doc.CopyTo, "，"), "。") + "。"})
	}
	if x.doc.PrintedBy != "" {
		on := x.doc.PrintedOn
		if on == "" {
			on = x.doc.Date
		}
		if on != "" {
			on = chineseDate(on) + "印发"
		}
		rows = append(rows, imprintRow{x.doc.PrintedBy, on})
	}
	return rows
}

// lines the row takes: the names run over the line less one character at each side and the
// three of 抄送： that hang.
func (r imprintRow) lines() int {
	if r.right != "" {
		return 1
	}
	room := float64(textWidth-2*imprintPad)/imprintPad - 3
	return int((em(r.left)-3)/room) + 1
}

func (x *docx) imprintTable(rows []imprintRow) {
	x.start("w:tbl")
	x.start("w:tblPr")
	x.leaf("w:tblW", "w:w", itoa(textWidth), "w:type", "dxa")
	x.start("w:tblBorders")
	// outer lines 0.35 mm, inner 0.25 mm (7.4.1)
	x.leaf("w:top", "w:val", "single", "w:sz", "8", "w:space", "0", "w:color", "000000")
	x.leaf("w:bottom", "w:val", "single", "w:sz", "8", "w:space", "0", "w:color", "000000")
	x.leaf("w:insideH", "w:val", "single", "w:sz", "6", "w:space", "0", "w:color", "000000")
	x.end()
	x.leaf("w:tblLayout", "w:type", "fixed")
	x.start("w:tblCellMar")
	x.leaf("w:left", "w:w", "0", "w:type", "dxa")
	x.leaf("w:right", "w:w", "0", "w:type", "dxa")
	x.end()
	x.end()
	x.start("w:tblGrid")
	x.leaf("w:gridCol", "w:w", itoa(textWidth))
	x.end()
	for _, row := range rows {
		x.start("w:tr")
		x.start("w:tc")
		x.start("w:tcPr")
		x.leaf("w:tcW", "w:w", itoa(textWidth), "w:type", "dxa")
		x.end()
		x.imprintText(row)
		x.end()
		x.end()
	}
	x.end()
	// a box may not end with a table
	x.paragraph("Imprint", func() { x.leaf("w:spacing", "w:line", "20", "w:lineRule", "exact") }, nil)
}

func (x *docx) imprintText(row imprintRow) {
	x.paragraph("Imprint", func() {
		if row.right != "" {
			x.start("w:tabs")
			x.leaf("w:tab", "w:val", "right", "w:pos", itoa(textWidth-imprintPad))
			x.end()
		}
		// one character from both sides; a second line stands under the first name (7.4.2)
		x.leaf("w:ind", "w:left", itoa(imprintPad*4), "w:right", itoa(imprintPad), "w:hanging", itoa(imprintPad*3))
	}, func() {
		text := oneLine(row.left)
		if row.right != "" {
			text += "\t" + row.right
		}
		x.run(Span{Text: text}, "")
	})
}
