package letter

import "fmt"

// Form 表格式文书的栏目: rows of a name and what stands beside it, without a header. Unlike a Table its lines have an exact height,
// so that it is known beforehand how much of a page it takes.
type Form struct{ Rows []FormRow }

// FormRow is one row of a Form. Height is the least height in twips, for a space that a pen fills; 0: as its text asks.
type FormRow struct {
	Label, Text string
	Height      int
}

func (Form) block() {}

const (
	formLabel = 1417 // 25 mm: five characters of 小4号
	formLine  = 380  // exact height of a line of 小4号, twips
	formPad   = 56   // the cell's room above and below its text (TableNormal)
)

func (f Form) check(at string) error {
	if len(f.Rows) == 0 {
		return wrong("letter.form-empty", at, "没有栏目，请至少给一栏")
	}
	for i, r := range f.Rows {
		if r.Label == "" {
			return wrong("letter.form-label", fmt.Sprintf("%s第%d栏", at, i+1), "没有栏目名称")
		}
	}
	return nil
}

// height of a row in twips, its text broken as it will be.
func (r FormRow) height() int {
	lines := max(len(wrap(r.Label, formRoom(formLabel))), len(wrap(r.Text, formRoom(textWidth-formLabel))), 1)
	return max(lines*formLine+formPad, r.Height, rowHeight)
}

// formRoom is how many characters of 小4号 stand in a line of a cell, less half a one for what a word processor spaces wider.
func formRoom(width int) float64 { return float64(width-2*85)/(sizeTable*10) - 0.5 }

func (x *docx) form(f Form) {
	widths := []int{formLabel, x.page.width() - formLabel}
	x.start("w:tbl")
	x.tableProperties(widths)
	for _, r := range f.Rows {
		x.start("w:tr")
		x.start("w:trPr")
		x.leaf("w:cantSplit")
		x.leaf("w:trHeight", "w:val", itoa(max(r.Height, rowHeight)), "w:hRule", "atLeast")
		x.end()
		x.formCell(widths[0], r.Label, Center, heiti)
		x.formCell(widths[1], r.Text, Left, "")
		x.endLine()
	}
	x.endLine()
	x.line("Remark", "")
}

func (x *docx) formCell(width int, text string, align Align, font string) {
	x.start("w:tc")
	x.start("w:tcPr")
	x.leaf("w:tcW", "w:w", itoa(width), "w:type", "dxa")
	x.val("w:vAlign", "center")
	x.end()
	x.start("w:p")
	x.start("w:pPr")
	x.val("w:pStyle", "TableText")
	x.leaf("w:spacing", "w:line", itoa(formLine), "w:lineRule", "exact")
	x.val("w:jc", string(align))
	x.end()
	if text != "" {
		x.start("w:r")
		x.start("w:rPr")
		if font != "" {
			fonts(x.xmlWriter, font)
		}
		x.end()
		x.broken(text)
		x.end()
	}
	x.end()
	x.end()
}
