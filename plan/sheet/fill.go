package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Progress is what is written beside a row. Empty fields leave the cell as it is.
type Progress struct {
	Done    string // 进展情况
	Status  string // 工作状态
	Trouble string // 存在问题
	Next    string // 下一步打算
}

func (p Progress) field(f Field) string {
	switch f {
	case Done:
		return p.Done
	case Status:
		return p.Status
	case Trouble:
		return p.Trouble
	case Next:
		return p.Next
	}
	return ""
}

// Filled tells what could not be written. Nothing is left out silently.
type Filled struct {
	Written int       `json:"written"` // rows with progress
	Plain   bool      `json:"plain"`   // a plain table: the office's own layout could not be used
	Unshown []Unshown `json:"unshown"`
}

// Unshown is a row whose progress could not be shown.
type Unshown struct {
	Key    RowKey `json:"key"`
	Reason string `json:"reason"`
}

const mostLetters = 32767 // of a spreadsheet cell

// reporting are the columns that are filled; the header is used where the list had none. 完成情况 would
// be no header for the state: standing alone it is read as the progress.
var reporting = []struct {
	field  Field
	header string
}{{Done, "进展情况"}, {Status, "工作状态"}, {Trouble, "存在问题"}, {Next, "下一步打算"}}

// Fill writes the list as a workbook: in the layout it came in when it was one, else a plain table
// with the same columns; the columns of progress are filled, or added to the right. Read again, the
// file gives the same rows. src may be empty (Data nil) for a list whose file is not at hand.
// Texts that a spreadsheet could take for formulas are kept from it; formulas become their values.
func Fill(ctx context.Context, src Source, list *List, progress map[RowKey]Progress, out io.Writer) (Filled, error) {
	f := filler{sheets: list.Sheets, own: list.Kind == "xlsx" && src.Data != nil && !list.external && !list.heavy, progress: progress, done: map[RowKey]bool{}, shift: map[string]int{}}
	if !f.own {
		f.tabulate()
	}
	if err := f.open(src); err != nil {
		return Filled{}, err
	}
	defer f.x.Close()
	for i := range f.sheets {
		if ctx.Err() != nil {
			return Filled{}, ctx.Err()
		}
		if err := f.fill(&f.sheets[i]); err != nil {
			return Filled{}, fmt.Errorf("fill sheet %d: %w", i+1, err)
		}
	}
	f.unplaced()
	if err := f.x.Write(out); err != nil {
		return Filled{}, fmt.Errorf("write workbook: %w", err)
	}
	return f.result, nil
}

type filler struct {
	sheets   []Sheet
	own      bool // the office's own workbook can be written into
	progress map[RowKey]Progress
	from     map[RowKey]RowKey // where the rows of a table made anew came from
	x        *excelize.File
	done     map[RowKey]bool
	shift    map[string]int // rows added above a sheet's table in a plain workbook
	plain    bool
	result   Filled
	wrap     int
}

// open takes the office's own file when it is a workbook that points nowhere else.
func (f *filler) open(src Source) (err error) {
	if f.own {
		lim := DefaultLimits.Unzipped
		data := io.NewSectionReader(src.Data, 0, src.Size)
		// Both limits alike: nothing of the file is put on the disk.
		f.x, err = openWorkbook(data, excelize.Options{UnzipSizeLimit: lim, UnzipXMLSizeLimit: lim})
		if err == nil {
			err = f.values()
		}
		if err == nil {
			return nil
		}
	}
	f.plain, f.result.Plain = true, true
	f.x = excelize.NewFile()
	return f.copyGrids()
}

// openWorkbook guards against what a library does on a file it did not expect.
func openWorkbook(r io.Reader, opt excelize.Options) (f *excelize.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("open workbook: %v", p)
		}
	}()
	if f, err = excelize.OpenReader(r, opt); err != nil {
		return nil, err
	}
	_, err = f.NewStyle(&excelize.Style{}) // a workbook without styles, as some programs write, cannot be filled
	return f, err
}

// values puts stored values in the place of formulas, and guards texts that look like some.
func (f *filler) values() error {
	for _, g := range f.grids() {
		for _, p := range g.formulas {
			if err := f.stored(g, p); err != nil {
				return err
			}
		}
		for i := range g.Rows {
			row := &g.Rows[i]
			for c := range row.Cells {
				cell := &row.Cells[c]
				if t := cell.Own(); cell.Formula || cell.Numeric || !risky(t) {
					continue
				}
				if err := f.x.SetCellStr(g.Name, cellName(row.Num, c), guard(cell.Text)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// stored replaces a formula by the value that was read.
func (f *filler) stored(g *Grid, p place) error {
	name, cell := cellName(p.row, p.col), &Cell{}
	if row := g.row(p.row); row != nil {
		cell = row.cell(p.col)
	}
	if cell.Numeric && figure.MatchString(cell.Text) {
		return f.x.SetCellDefault(g.Name, name, cell.Text)
	}
	return f.x.SetCellStr(g.Name, name, guard(cell.Own()))
}

// grids of the list, each once though several tables may stand in one.
func (f *filler) grids() (out []*Grid) {
	for i := range f.sheets {
		if g := f.sheets[i].Grid; g != nil && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// copyGrids writes the cells of a document or text table into a new workbook, the paragraphs above a
// table over it.
func (f *filler) copyGrids() error {
	for i, g := range f.grids() {
		name := plainSheetName(g.Name, i)
		if _, err := f.x.NewSheet(name); err != nil {
			return err
		}
		f.shift[g.Name] = len(g.Above)
		for n, text := range g.Above {
			if err := f.x.SetCellStr(name, cellName(n+1, 0), guard(text)); err != nil {
				return err
			}
			if err := f.x.MergeCell(name, cellName(n+1, 0), cellName(n+1, max(g.Width-1, 1))); err != nil {
				return err
			}
		}
		if err := f.copyCells(g, name); err != nil {
			return err
		}
		if g.Hidden {
			if err := f.x.SetSheetVisible(name, false); err != nil {
				return err
			}
		}
	}
	return f.x.DeleteSheet("Sheet1")
}

func (f *filler) copyCells(g *Grid, name string) error {
	shift := f.shift[g.Name]
	for i := range g.Rows {
		row := &g.Rows[i]
		for c := range row.Cells {
			cell := &row.Cells[c]
			if t := cell.Own(); t != "" {
				if err := f.x.SetCellStr(name, cellName(row.Num+shift, c), guard(t)); err != nil {
					return err
				}
			}
			if cell.Rows > 0 {
				if err := f.x.MergeCell(name, cellName(row.Num+shift, c), cellName(row.Num+shift+cell.Rows-1, c+cell.Cols-1)); err != nil {
					return err
				}
			}
		}
	}
	return f.x.SetColWidth(name, "A", columnName(max(g.Width-1, 0)), 18)
}

// plainSheetName keeps to what a spreadsheet allows; "Sheet1" is the library's own and is dropped.
func plainSheetName(name string, i int) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 31 {
		name = string(r[:31])
	}
	if name == "" || strings.EqualFold(name, "Sheet1") {
		name = fmt.Sprintf("表%d", i+1)
	}
	return name
}

// fill writes the progress of one table.
func (f *filler) fill(s *Sheet) error {
	cols := map[Field]int{}
	for _, c := range s.Columns {
		if _, ok := cols[c.Field]; !ok && (c.Side == "" || c.Field != Done) {
			cols[c.Field] = columnIndex(c.Column)
		}
	}
	for i := 0; i < len(s.Rows); {
		j := i
		for j < len(s.Rows) && s.Rows[j].Row == s.Rows[i].Row {
			j++
		}
		if err := f.rows(s, s.Rows[i:j], cols); err != nil {
			return err
		}
		i = j
	}
	return nil
}

// rows writes the tasks of one row of the file: several of them share their cells, numbered.
func (f *filler) rows(s *Sheet, rows []Row, cols map[Field]int) error {
	some := false
	for i := range rows {
		_, ok := f.progress[s.Key(&rows[i])]
		some = some || ok
	}
	if !some {
		return nil
	}
	for _, r := range reporting {
		text := f.text(s, rows, r.field)
		if text == "" && r.field != Done {
			continue
		}
		if length(guard(text)) > mostLetters {
			f.miss(s, rows, fmt.Sprintf("%s超过一个单元格能放的 %d 字", r.header, mostLetters))
			continue
		}
		// The column of progress is there even when nothing is said yet: a unit types into it and sends it back.
		col, ok := cols[r.field]
		if !ok {
			var err error
			if col, err = f.addColumn(s, r.header, cols); err != nil {
				return err
			}
			cols[r.field] = col
		}
		if text == "" {
			continue
		}
		if err := f.set(s, rows[0].Row, col, text); err != nil {
			return err
		}
	}
	for i := range rows {
		key := s.Key(&rows[i])
		if _, ok := f.progress[key]; ok && !f.done[key] {
			f.done[key] = true
			f.result.Written++
		}
	}
	return nil
}

// text of one cell. Where a row holds several tasks, each begins with its number.
func (f *filler) text(s *Sheet, rows []Row, field Field) string {
	if len(rows) == 1 {
		return f.progress[s.Key(&rows[0])].field(field)
	}
	var b strings.Builder
	said := false
	for i := range rows {
		t := f.progress[s.Key(&rows[i])].field(field)
		if t == "" {
			t = rows[i].reported(field)
		}
		said = said || t != ""
		fmt.Fprintf(&b, "【第%d项】%s\n", i+1, t)
	}
	if !said {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// reported is what the list itself said in a reporting column.
func (r *Row) reported(f Field) string {
	return Progress{Done: r.Progress, Status: r.Status, Trouble: r.Problem, Next: r.Next}.field(f)
}

func (f *filler) miss(s *Sheet, rows []Row, reason string) {
	for i := range rows {
		key := s.Key(&rows[i])
		if _, ok := f.progress[key]; ok && !f.done[key] {
			f.done[key] = true
			f.result.Unshown = append(f.result.Unshown, Unshown{f.was(key), reason})
		}
	}
}

// unplaced names what belongs to no row of the list.
func (f *filler) unplaced() {
	for key := range f.progress {
		if !f.done[key] {
			f.result.Unshown = append(f.result.Unshown, Unshown{f.was(key), "清单里没有这一行"})
		}
	}
	slices.SortFunc(f.result.Unshown, func(a, b Unshown) int {
		return cmpKey(a.Key, b.Key)
	})
}

func cmpKey(a, b RowKey) int {
	if c := strings.Compare(a.Sheet, b.Sheet); c != 0 {
		return c
	}
	if a.Row != b.Row {
		return a.Row - b.Row
	}
	return a.Part - b.Part
}

// Bytes is Fill into memory.
func Bytes(ctx context.Context, src Source, list *List, progress map[RowKey]Progress) ([]byte, Filled, error) {
	var b bytes.Buffer
	done, err := Fill(ctx, src, list, progress, &b)
	return b.Bytes(), done, err
}
