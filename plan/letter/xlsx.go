package letter

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook is what WriteXlsx writes; the first sheet is shown when it is opened.
type Workbook struct {
	Title   string
	Creator string
	Sheets  []Sheet
}

// Sheet 工作表: a title row, the as-of line, a header row that stays in sight and is repeated
// on each printed page, then rows. Notes stand below.
type Sheet struct {
	Name    string // as a tab can bear it; longer or doubled names are made to fit
	Title   string
	AsOf    string // 截至 line; "" leaves it out
	Columns []SheetColumn
	Rows    [][]Cell
	Total   bool // the last row is the sum and printed strong
	Notes   []string
}

// SheetColumn: Width in characters of the sheet's own (two for a Chinese one), 0 is 12.
type SheetColumn struct {
	Title string
	Width float64
}

// CellKind is how a cell's text is kept.
type CellKind string

// The kinds of cell. Text is never taken for a formula, whatever it begins with.
const (
	TextCell    CellKind = ""
	NumberCell  CellKind = "number"  // decimal text: 12.5
	PercentCell CellKind = "percent" // decimal text of the percentage: 12.5 for 12.5 %
)

// Cell of a sheet. A number that is no decimal is written as the text it is.
type Cell struct {
	Kind CellKind
	Text string
}

// Text, Number, Int and Percent make cells.
func Text(s string) Cell { return Cell{TextCell, s} }

// Number makes a cell of a decimal text.
func Number(decimal string) Cell { return Cell{NumberCell, decimal} }

// Int makes a cell of a count.
func Int(n int) Cell { return Cell{NumberCell, itoa(n)} }

// Percent makes a cell of a percentage: "12.5" or "12.5%".
func Percent(decimal string) Cell { return Cell{PercentCell, strings.TrimSuffix(decimal, "%")} }

// sheetLook are the style ids of a workbook.
type sheetLook struct{ title, note, head, text, quoted, number, decimal, percent, bold, boldNumber, boldPercent int }

// WriteXlsx writes wb as .xlsx; the same workbook gives the same bytes. Text that a
// spreadsheet would take for a formula if it were typed (= + - @) is marked as text
// (quotePrefix), so it stays text when someone edits the cell; its characters are unchanged.
func WriteXlsx(w io.Writer, wb Workbook) error {
	if len(wb.Sheets) == 0 {
		return wrong("letter.no-sheets", "工作簿", "没有工作表，请至少给一张")
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // nothing on disk: it can lose nothing
	look, err := newLook(f)
	if err != nil {
		return fmt.Errorf("write xlsx: styles: %w", err)
	}
	if err := f.SetDocProps(&excelize.DocProperties{
		Title: wb.Title, Creator: wb.Creator,
		Created: "1980-01-01T00:00:00Z", Modified: "1980-01-01T00:00:00Z",
	}); err != nil {
		return fmt.Errorf("write xlsx: properties: %w", err)
	}
	names := sheetNames(wb.Sheets)
	for i, s := range wb.Sheets {
		if err := addSheet(f, look, i, names[i], s); err != nil {
			return fmt.Errorf("write xlsx: sheet %q: %w", names[i], err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

func addSheet(f *excelize.File, look sheetLook, i int, name string, s Sheet) error {
	if i == 0 {
		if err := f.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(name); err != nil {
		return err
	}
	p := &sheetWriter{f: f, look: look, name: name, sheet: s}
	p.heading()
	p.header()
	for r, row := range s.Rows {
		p.cells(row, s.Total && r == len(s.Rows)-1)
	}
	p.notes()
	p.print()
	return p.err
}

// sheetWriter keeps the first error and the row it is at.
type sheetWriter struct {
	f         *excelize.File
	look      sheetLook
	name      string
	sheet     Sheet
	row       int // last written, from 1
	headerRow int
	err       error
}

func (p *sheetWriter) do(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *sheetWriter) at(col, row int) string {
	ref, err := excelize.CoordinatesToCellName(col, row)
	p.do(err)
	return ref
}

func (p *sheetWriter) heading() {
	width := max(1, len(p.sheet.Columns))
	for _, line := range []struct {
		text   string
		style  int
		height float64
	}{{p.sheet.Title, p.look.title, 32}, {p.sheet.AsOf, p.look.note, 18}} {
		if line.text == "" {
			continue
		}
		p.row++
		p.text(1, line.text, line.style)
		p.do(p.f.MergeCell(p.name, p.at(1, p.row), p.at(width, p.row)))
		p.do(p.f.SetRowHeight(p.name, p.row, line.height))
	}
}

func (p *sheetWriter) header() {
	p.row++
	p.headerRow = p.row
	for i, c := range p.sheet.Columns {
		p.text(i+1, c.Title, p.look.head)
		width := c.Width
		if width == 0 {
			width = 12
		}
		letter, err := excelize.ColumnNumberToName(i + 1)
		p.do(err)
		p.do(p.f.SetColWidth(p.name, letter, letter, width))
	}
	p.do(p.f.SetPanes(p.name, &excelize.Panes{
		Freeze: true, YSplit: p.row,
		TopLeftCell: p.at(1, p.row+1), ActivePane: "bottomLeft",
	}))
}

func (p *sheetWriter) cells(row []Cell, bold bool) {
	p.row++
	for i := range p.sheet.Columns {
		var c Cell
		if i < len(row) {
			c = row[i]
		}
		p.cell(i+1, c, bold)
	}
	p.do(p.f.SetRowHeight(p.name, p.row, rowPoints(p.sheet.Columns, row)))
}

// rowPoints is as high as the longest wrapped cell asks for: not every program measures that
// itself when it opens a file.
func rowPoints(columns []SheetColumn, row []Cell) float64 {
	const line, highest = 16, 409 // points; a sheet allows no row higher
	lines := 1
	for i, c := range row[:min(len(row), len(columns))] {
		n, perLine := 0, max(1, columns[i].Width/2-0.5) // a column's width counts half characters
		for part := range strings.SplitSeq(plainBreaks(c.Text), "\n") {
			n += max(1, int(math.Ceil(em(part)/perLine)))
		}
		lines = max(lines, n)
	}
	return float64(min(highest, line*lines+2))
}

func (p *sheetWriter) cell(col int, c Cell, bold bool) {
	number, percent, text := p.look.number, p.look.percent, p.look.text
	if bold {
		number, percent, text = p.look.boldNumber, p.look.boldPercent, p.look.bold
	}
	if strings.Contains(c.Text, ".") {
		number = p.look.decimal
	}
	switch {
	case c.Kind == NumberCell && isDecimal(c.Text):
		p.raw(col, c.Text, number)
	case c.Kind == PercentCell && isDecimal(c.Text):
		p.raw(col, hundredth(c.Text), percent)
	default:
		if formulaLike(c.Text) {
			text = p.look.quoted
		}
		p.text(col, c.Text, text)
	}
}

// raw writes a number by its own digits: no float comes between.
func (p *sheetWriter) raw(col int, decimal string, style int) {
	ref := p.at(col, p.row)
	p.do(p.f.SetCellDefault(p.name, ref, decimal))
	p.do(p.f.SetCellStyle(p.name, ref, ref, style))
}

// longestText is what a cell of a sheet may hold.
const longestText = 32767

func (p *sheetWriter) text(col int, s string, style int) {
	s = plainBreaks(s)
	if rs := []rune(s); len(rs) > longestText {
		p.do(wrong("letter.cell-too-long", fmt.Sprintf("工作表“%s”%s", p.name, p.at(col, p.row)),
			fmt.Sprintf("有%d字，单元格最多%d字，请缩短", len(rs), longestText)))
		return
	}
	ref := p.at(col, p.row)
	p.do(p.f.SetCellStr(p.name, ref, s))
	p.do(p.f.SetCellStyle(p.name, ref, ref, style))
}

func (p *sheetWriter) notes() {
	width := max(1, len(p.sheet.Columns))
	for _, n := range p.sheet.Notes {
		p.row++
		p.text(1, n, p.look.note)
		p.do(p.f.MergeCell(p.name, p.at(1, p.row), p.at(width, p.row)))
	}
}

// print: A4 turned, all columns on one page's width, header on every page, page numbers.
func (p *sheetWriter) print() {
	size, orientation, one, all := 9, "landscape", 1, 0
	p.do(p.f.SetPageLayout(p.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &one, FitToHeight: &all}))
	fit := true
	p.do(p.f.SetSheetProps(p.name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	p.do(p.f.SetHeaderFooter(p.name, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页，共 &N 页"}))
	quoted := "'" + strings.ReplaceAll(p.name, "'", "''") + "'"
	p.do(p.f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: p.name,
		RefersTo: fmt.Sprintf("%s!$%d:$%d", quoted, p.headerRow, p.headerRow),
	}))
}

// formulaLike: what a spreadsheet evaluates when it is typed, or when the sheet is saved as
// CSV and opened again. Source: OWASP, CSV Injection.
func formulaLike(s string) bool {
	return s != "" && strings.ContainsRune("=+-@\t\n", []rune(plainBreaks(s))[0])
}

// hundredth divides a decimal text by 100 by moving its point.
func hundredth(decimal string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(decimal, "-"); ok {
		sign, decimal = "-", rest
	}
	whole, part, _ := strings.Cut(decimal, ".")
	whole = strings.Repeat("0", max(0, 3-len(whole))) + whole
	cut := len(whole) - 2
	return sign + whole[:cut] + "." + whole[cut:] + part
}

// sheetNames are unique, at most 31 characters, without what a tab's name may not hold.
func sheetNames(sheets []Sheet) []string {
	const most = 31
	clean := strings.NewReplacer(":", "：", "\\", "＼", "/", "／", "?", "？", "*", "＊", "[", "［", "]", "］")
	seen := map[string]bool{}
	out := make([]string, len(sheets))
	for i, s := range sheets {
		base := []rune(strings.Trim(clean.Replace(oneLine(s.Name)), "'"))
		if len(base) == 0 {
			base = []rune("工作表" + itoa(i+1))
		}
		name := string(base[:min(most, len(base))])
		for n := 2; seen[strings.ToLower(name)]; n++ {
			tail := "（" + itoa(n) + "）"
			name = string(base[:min(most-runes(tail), len(base))]) + tail
		}
		seen[strings.ToLower(name)] = true
		out[i] = name
	}
	return out
}
