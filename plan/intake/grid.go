package intake

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"liandong/plan/sheet"
	"liandong/web"
	"liandong/web/ui"
)

// sheetView is one table of the file as it is, its cells marked by what they became.
type sheetView struct {
	Index   int
	Name    string
	Columns []columnView
	Rows    []gridRow
	From    int // index of the first row shown
	Total   int
	Prev    string
	Next    string
}

// columnView heads a column of the grid: its letter and what it is taken for.
type columnView struct {
	Letter, Header string
	Known          bool // the column has a meaning that can be changed
	Name           string
	Field          sheet.Field
	Corrected      bool
}

type gridRow struct {
	Num    int
	Mark   string // what the row became, in words; empty for a task
	Class  string
	Hidden bool
	Cells  []gridCell
}

type gridCell struct {
	ID       string // anchor
	Text     string
	Class    string
	Cols     int
	Carried  bool
	Problems []string
}

// grid shows the sheet that the address asks for, the first with tasks otherwise.
func (page *reviewPage) grid(ctx context.Context, at *url.URL) {
	l := page.Preview.List
	shown := slices.IndexFunc(l.Sheets, func(s sheet.Sheet) bool { return s.Import })
	if n, err := strconv.Atoi(at.Query().Get("sheet")); err == nil && n >= 0 && n < len(l.Sheets) {
		shown = n
	}
	shown = max(shown, 0)
	from, _ := strconv.Atoi(at.Query().Get("from"))
	page.Sheet = viewOf(ctx, page, shown, max(from, 0))
	for i := range l.Sheets {
		s := &l.Sheets[i]
		label := s.Name
		if s.Hidden {
			label += web.T(ctx, "intake.sheet.hidden")
			if len(s.Rows) > 0 {
				page.Hidden = append(page.Hidden, hiddenSheet{Name: s.Name, Rows: len(s.Rows), Take: s.Import})
			}
		}
		page.Tabs = append(page.Tabs, ui.NavLink{
			Label: label, Href: gridHref(page.Path, i, 0, ""), Current: i == shown, Count: len(s.Rows),
		})
	}
}

func gridHref(path string, sheetIndex, from int, anchor string) string {
	if anchor == "" {
		anchor = "sheet"
	}
	return fmt.Sprintf("%s?sheet=%d&from=%d#%s", path, sheetIndex, from, anchor)
}

// cellHref leads to a cell, on whichever part of the sheet it stands.
func cellHref(path string, l *sheet.List, i int, cell string) string {
	m := cellName.FindStringSubmatch(cell)
	if m == nil {
		return gridHref(path, i, 0, "")
	}
	n, _ := strconv.Atoi(m[2])
	return gridHref(path, i, partOf(l.Sheets[i].Grid, n), "c"+cell)
}

func rowHref(path string, l *sheet.List, i, row int) string {
	if l.Sheets[i].Grid == nil {
		return ""
	}
	return gridHref(path, i, partOf(l.Sheets[i].Grid, row), "r"+strconv.Itoa(row))
}

var cellName = regexp.MustCompile(`^([A-Z]{1,3})(\d+)`)

// partOf is the first row of the part of the grid in which a row of the file stands.
func partOf(g *sheet.Grid, num int) int {
	at, _ := slices.BinarySearchFunc(g.Rows, num, func(r sheet.GridRow, n int) int { return r.Num - n })
	return at / gridRows * gridRows
}

func viewOf(ctx context.Context, page *reviewPage, i, from int) sheetView {
	s := &page.Preview.List.Sheets[i]
	v := sheetView{Index: i, Name: s.Name, From: from / gridRows * gridRows}
	if s.Grid == nil {
		return v
	}
	v.Total = len(s.Grid.Rows)
	v.Columns = columnsOf(page, s)
	if v.From >= v.Total {
		v.From = 0
	}
	end := min(v.From+gridRows, v.Total)
	wrong, tasks := problemsAt(page.Preview.List, s.Name), map[int]bool{}
	for _, r := range s.Rows {
		tasks[r.Row] = true
	}
	for _, row := range s.Grid.Rows[v.From:end] {
		one := rowView(&row, len(v.Columns), wrong)
		if !tasks[row.Num] {
			one.mark(ctx, &row)
		}
		v.Rows = append(v.Rows, one)
	}
	if v.From > 0 {
		v.Prev = gridHref(page.Path, i, v.From-gridRows, "")
	}
	if end < v.Total {
		v.Next = gridHref(page.Path, i, end, "")
	}
	return v
}

func columnsOf(page *reviewPage, s *sheet.Sheet) []columnView {
	var all []columnView
	for n := range s.Grid.Width {
		v := columnView{Letter: letters(n)}
		if at := slices.IndexFunc(s.Columns, func(c sheet.Column) bool { return c.Column == v.Letter }); at >= 0 {
			c := s.Columns[at]
			v.Header, v.Known, v.Field, v.Name = c.Header, true, c.Field, c.Header
			if v.Name == "" {
				v.Name = "@" + c.Column
			}
			_, v.Corrected = page.Draft.Options.Columns[v.Name]
		}
		all = append(all, v)
	}
	return all
}

// letters names a column from its index: A, B … Z, AA.
func letters(n int) string {
	var name string
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

func problemsAt(l *sheet.List, name string) map[string][]string {
	at := map[string][]string{}
	for _, p := range l.Problems {
		if p.Sheet == name && p.Cell != "" {
			at[p.Cell] = append(at[p.Cell], p.Message)
		}
	}
	return at
}

// wholeRow are the uses that a row as a whole is marked with.
var wholeRow = []string{"title", "unit", "header", "section", "note", "total", "skip"}

func rowView(r *sheet.GridRow, width int, wrong map[string][]string) gridRow {
	v := gridRow{Num: r.Num, Hidden: r.Hidden}
	for c := 0; c < width; c++ {
		cell := sheet.Cell{}
		if c < len(r.Cells) {
			cell = r.Cells[c]
		}
		if cell.Covered {
			continue
		}
		name := letters(c) + strconv.Itoa(r.Num)
		one := gridCell{ID: "c" + name, Text: cell.Text, Cols: max(cell.Cols, 1), Carried: cell.Carried, Problems: wrong[name]}
		if one.Text != "" {
			one.Class = fieldClass(cell.Became)
		}
		v.Cells = append(v.Cells, one)
	}
	return v
}

// mark says in words what a row became that is no task.
func (v *gridRow) mark(ctx context.Context, r *sheet.GridRow) {
	became := "skip"
	for _, c := range r.Cells {
		if c.Text != "" && slices.Contains(wholeRow, c.Became) {
			became = c.Became
			break
		}
	}
	v.Mark, v.Class = web.T(ctx, "intake.became."+became), "is-"+became
	if (became == "title" || became == "section") && v.alone() {
		v.Class += " alone"
	}
	for i := range v.Cells {
		v.Cells[i].Class = ""
	}
}

// longestLine is how much of a title or heading may run over the empty cells beside it, in characters.
const longestLine = 60

// alone says that the row has one cell with text, and no long one: it runs over the empty cells beside it, as in a sheet.
func (v *gridRow) alone() bool {
	filled := 0
	for _, c := range v.Cells {
		if c.Text != "" {
			filled++
		}
		if utf8.RuneCountInString(c.Text) > longestLine {
			return false
		}
	}
	return filled == 1
}

// fieldClass groups the fields by what they are about; the word stands in the head of the column.
func fieldClass(became string) string {
	switch sheet.Field(became) {
	case sheet.Title, sheet.Number, sheet.Section:
		return "f-what"
	case sheet.Lead, sheet.Support, sheet.Leader:
		return "f-who"
	case sheet.Due:
		return "f-when"
	case sheet.Target, sheet.Measures, sheet.Money:
		return "f-how"
	case sheet.Done, sheet.Trouble, sheet.Next, sheet.Status:
		return "f-said"
	case sheet.Extra, sheet.Note:
		return "f-kept"
	}
	return "is-" + strings.ToLower(became)
}

func fieldOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, f := range sheet.Fields {
		all = append(all, ui.Option{Value: string(f), Label: web.T(ctx, "intake.field."+string(f))})
	}
	return all
}
