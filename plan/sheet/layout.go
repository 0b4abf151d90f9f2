package sheet

import (
	"slices"

	"github.com/xuri/excelize/v2"
)

// sheetName is the sheet's name in the workbook that is written.
func (f *filler) sheetName(s *Sheet) string {
	if !f.plain {
		return s.Name
	}
	return plainSheetName(s.Name, slices.Index(f.grids(), s.Grid))
}

// set writes one reporting cell. A cell merged over several rows is parted first: each row reports
// for itself.
func (f *filler) set(s *Sheet, row, col int, text string) error {
	name, row := f.sheetName(s), row+f.shift[s.Name]
	if err := f.part(s, name, row, col); err != nil {
		return err
	}
	cell := cellName(row, col)
	if err := f.x.SetCellStr(name, cell, guard(text)); err != nil {
		return err
	}
	style, err := f.x.GetCellStyle(name, cell)
	if err != nil || style != 0 {
		return err
	}
	return f.style(name, cell)
}

// style wraps long text; the look of the neighbour is not copied, its number format would change what is read.
func (f *filler) style(name, cell string) error {
	if f.wrap == 0 {
		border := []excelize.Border{}
		for _, side := range []string{"left", "right", "top", "bottom"} {
			border = append(border, excelize.Border{Type: side, Style: 1, Color: "000000"})
		}
		id, err := f.x.NewStyle(&excelize.Style{Border: border, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
		if err != nil {
			return err
		}
		f.wrap = id
	}
	return f.x.SetCellStyle(name, cell, cell, f.wrap)
}

func (f *filler) part(s *Sheet, name string, row, col int) error {
	if s.Grid == nil {
		return nil
	}
	own := row - f.shift[s.Name]
	for i, m := range s.Grid.merges {
		if m.c1 != col || m.c2 != col || own < m.r1 || own > m.r2 || m.r1 == m.r2 {
			continue
		}
		s.Grid.merges = slices.Delete(slices.Clone(s.Grid.merges), i, i+1)
		shift := f.shift[s.Name]
		if err := f.x.UnmergeCell(name, cellName(m.r1+shift, col), cellName(m.r2+shift, col)); err != nil {
			return err
		}
		return f.keep(s, name, m)
	}
	return nil
}

// keep writes what a parted cell said into each row it reached: read again, nothing has changed.
func (f *filler) keep(s *Sheet, name string, m area) error {
	for i := s.Grid.at(m.r1); i < len(s.Grid.Rows) && s.Grid.Rows[i].Num <= m.r2; i++ {
		r := &s.Grid.Rows[i]
		if err := f.x.SetCellStr(name, cellName(r.Num+f.shift[s.Name], m.c1), guard(r.cell(m.c1).Text)); err != nil {
			return err
		}
	}
	return nil
}

// addColumn puts a new header to the right of all that stands in the sheet.
func (f *filler) addColumn(s *Sheet, header string, cols map[Field]int) (int, error) {
	name, shift := f.sheetName(s), f.shift[s.Name]
	right := 0
	for _, c := range s.Columns {
		right = max(right, columnIndex(c.Column)+1)
	}
	if s.Grid != nil {
		right = max(right, s.Grid.Width)
	}
	for _, c := range cols {
		right = max(right, c+1)
	}
	first, last := s.HeaderRows[0]+shift, s.HeaderRows[len(s.HeaderRows)-1]+shift
	if err := f.x.SetCellStr(name, cellName(first, right), header); err != nil {
		return 0, err
	}
	if last > first {
		if err := f.x.MergeCell(name, cellName(first, right), cellName(last, right)); err != nil {
			return 0, err
		}
	}
	if style, err := f.x.GetCellStyle(name, cellName(first, max(right-1, 0))); err == nil && style != 0 {
		if err := f.x.SetCellStyle(name, cellName(first, right), cellName(last, right), style); err != nil {
			return 0, err
		}
	}
	return right, f.x.SetColWidth(name, columnName(right), columnName(right), 36)
}

func columnIndex(name string) int {
	n, _ := columnOf(name)
	return n
}
