package letter

import "strings"

// manyColumns is where a table's text goes from 小4号 to 5号.
const manyColumns = 6

// rowHeight is the least height of a row: 8 mm, room for a pen.
const rowHeight = 454

// table writes a grid as wide as the type area. After it stands a small line: two tables in
// a row would otherwise grow together.
func (x *docx) table(t Table) {
	if t.Caption != "" {
		x.line("Caption", t.Caption)
	}
	widths := t.widths(x.page.width())
	x.start("w:tbl")
	x.tableProperties(widths)
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Title
	}
	x.row(t, widths, header, rowLook{header: true, bold: true})
	for i, cells := range t.Rows {
		x.row(t, widths, cells, rowLook{bold: t.Total && i == len(t.Rows)-1})
	}
	x.endLine()
	x.line("Remark", t.Note)
}

type rowLook struct{ header, bold bool }

// widths shares out the line in whole twips; what rounding leaves goes to the last column.
func (t Table) widths(total int) []int {
	shares := t.shares()
	sum := 0
	for _, s := range shares {
		sum += s
	}
	out, used := make([]int, len(shares)), 0
	for i, s := range shares {
		out[i] = total * s / sum
		used += out[i]
	}
	out[len(out)-1] += total - used
	return out
}

// shares are the columns' own widths or, where none has one, what the longest cell asks for,
// up to a line that is comfortable to read in a table.
func (t Table) shares() []int {
	out, given := make([]int, len(t.Columns)), false
	for i, c := range t.Columns {
		given = given || c.Width > 0
		out[i] = max(1, c.Width)
	}
	if given {
		return out
	}
	const shortest, longest = 4, 32 // half characters
	for i, c := range t.Columns {
		most := em(c.Title)
		for _, row := range t.Rows {
			if i < len(row) {
				most = max(most, em(row[i]))
			}
		}
		out[i] = 2 + min(longest, max(shortest, int(2*most+0.5)))
	}
	return out
}

func (x *docx) tableProperties(widths []int) {
	total := 0
	for _, w := range widths {
		total += w
	}
	x.start("w:tblPr")
	x.leaf("w:tblW", "w:w", itoa(total), "w:type", "dxa")
	x.val("w:jc", "center")
	x.start("w:tblBorders")
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		x.leaf("w:"+side, "w:val", "single", "w:sz", "4", "w:space", "0", "w:color", "000000")
	}
	x.end()
	x.leaf("w:tblLayout", "w:type", "fixed")
	x.end()
	x.start("w:tblGrid")
	for _, w := range widths {
		x.leaf("w:gridCol", "w:w", itoa(w))
	}
	x.endLine()
}

func (x *docx) row(t Table, widths []int, cells []string, look rowLook) {
	x.start("w:tr")
	x.start("w:trPr")
	x.leaf("w:cantSplit")
	x.leaf("w:trHeight", "w:val", itoa(rowHeight), "w:hRule", "atLeast")
	if look.header {
		x.leaf("w:tblHeader")
	}
	x.end()
	for i, c := range t.Columns {
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		align := c.Align
		if look.header || align == "" {
			align = defaultAlign(look.header)
		}
		x.cell(widths[i], text, align, x.cellFont(t, look))
	}
	x.endLine()
}

func defaultAlign(header bool) Align {
	if header {
		return Center
	}
	return Left
}

// cellLook is the run's font ("" keeps the style's), size (0 keeps) and weight.
type cellLook struct {
	font string
	size int
	bold bool
}

func (x *docx) cellFont(t Table, look rowLook) cellLook {
	c := cellLook{bold: look.bold && !look.header}
	if look.header {
		c.font = heiti
	}
	if len(t.Columns) >= manyColumns {
		c.size = sizeSmall
	}
	return c
}

func (x *docx) cell(width int, text string, align Align, look cellLook) {
	x.start("w:tc")
	x.start("w:tcPr")
	x.leaf("w:tcW", "w:w", itoa(width), "w:type", "dxa")
	x.val("w:vAlign", "center")
	x.end()
	x.start("w:p")
	x.start("w:pPr")
	x.val("w:pStyle", "TableText")
	x.val("w:jc", string(align))
	x.end()
	if text != "" {
		x.start("w:r")
		x.start("w:rPr")
		if look.font != "" {
			fonts(x.xmlWriter, look.font)
		}
		if look.bold {
			x.leaf("w:b")
		}
		if look.size > 0 {
			x.val("w:sz", itoa(look.size))
			x.val("w:szCs", itoa(look.size))
		}
		x.end()
		x.broken(strings.TrimSpace(text))
		x.end()
	}
	x.end()
	x.end()
}
