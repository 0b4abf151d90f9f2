package sheet

import (
	"slices"
	"sort"
)

// Grid is a sheet's cells as read, with what each became: the preview draws it.
type Grid struct {
	Name   string
	Hidden bool
	Rows   []GridRow // only rows with content, by number
	Width  int       // columns in use
	Above  []string  // paragraphs above a table of a document

	merges   []area
	formulas []place
	cards    bool         // made of one small table for each task
	prose    bool         // paragraphs of a document without tables
	columns  bool         // some columns beyond the limit were cut
	hidden   map[int]bool // columns that the file hides
}

// GridRow is one row with content. Num counts from 1 as in the file.
type GridRow struct {
	Num    int
	Hidden bool
	Cells  []Cell // from column A; may be shorter than Width
}

// Cell is one cell. Text is as a person sees it.
type Cell struct {
	Text    string
	Became  string // field, or "title", "unit", "header", "section", "note", "total", "skip"; empty: not used
	Rows    int    // rows and columns it spans; 0 for a plain cell
	Cols    int
	Carried bool // text comes from the merged cell above
	Covered bool // hidden under a merged cell to the left
	Numeric bool // a number in the file, not text
	Formula bool // its value was computed; only the stored value was read
	Failed  bool // shows an error value such as #REF!
	NoValue bool // a formula without a stored value
}

// Own is the text that stands in this very cell.
func (c *Cell) Own() string {
	if c.Carried || c.Covered {
		return ""
	}
	return c.Text
}

// place of a cell; row from 1, column from 0.
type place struct{ row, col int }

// area is a merged range; rows from 1, columns from 0, both ends included.
type area struct{ r1, r2, c1, c2 int }

// row finds a row by its number; nil when it has no content.
func (g *Grid) row(num int) *GridRow {
	i := g.at(num)
	if i < len(g.Rows) && g.Rows[i].Num == num {
		return &g.Rows[i]
	}
	return nil
}

// at is the index of the first row with that number or a later one.
func (g *Grid) at(num int) int {
	return sort.Search(len(g.Rows), func(i int) bool { return g.Rows[i].Num >= num })
}

// cell of a row; an empty one beyond its end.
func (r *GridRow) cell(col int) *Cell {
	if col < 0 || col >= len(r.Cells) {
		return &Cell{}
	}
	return &r.Cells[col]
}

// own counts the cells that hold text themselves, and names the first one's column.
func (r *GridRow) own() (count, first int) {
	first = -1
	for i := range r.Cells {
		if r.Cells[i].Own() == "" {
			continue
		}
		if count++; first < 0 {
			first = i
		}
	}
	return count, first
}

// put adds a cell while reading; rows come in any order and are sorted by finish.
func (r *GridRow) put(col int, c Cell) {
	for len(r.Cells) <= col {
		r.Cells = append(r.Cells, Cell{})
	}
	r.Cells[col] = c
}

// finish sorts the rows, spreads merged cells and drops rows without any text.
// budget bounds the cells that merged ranges may touch; false when it is used up.
func (g *Grid) finish(budget int) bool {
	slices.SortStableFunc(g.Rows, func(a, b GridRow) int { return a.Num - b.Num })
	g.Rows = slices.CompactFunc(g.Rows, func(a, b GridRow) bool { return a.Num == b.Num })
	for i := range g.Rows {
		for c := range g.Rows[i].Cells {
			cell := &g.Rows[i].Cells[c]
			cell.Text = unguard(cell.Text)
		}
	}
	for _, m := range g.merges {
		if budget = g.spread(m, budget); budget < 0 {
			return false
		}
	}
	g.Rows = slices.DeleteFunc(g.Rows, func(r GridRow) bool { n, _ := r.own(); return n == 0 })
	for i := range g.Rows {
		g.Width = max(g.Width, g.Rows[i].used())
	}
	return true
}

// used is the number of columns up to the last one with text.
func (r *GridRow) used() int {
	n := len(r.Cells)
	for n > 0 && r.Cells[n-1].Text == "" {
		n--
	}
	return n
}

// spread carries a merged cell's text down its first column and marks the rest as covered.
func (g *Grid) spread(m area, budget int) int {
	top := g.row(m.r1)
	if top == nil || m.c1 >= len(top.Cells) || top.Cells[m.c1].Text == "" {
		return budget
	}
	head := &top.Cells[m.c1]
	head.Rows, head.Cols = m.r2-m.r1+1, m.c2-m.c1+1
	text := head.Text
	for i := g.at(m.r1); i < len(g.Rows) && g.Rows[i].Num <= m.r2; i++ {
		r := &g.Rows[i]
		last := m.c2
		if r.Num > m.r1 {
			last = min(m.c2, max(len(r.Cells)-1, m.c1))
		}
		if budget -= last - m.c1 + 1; budget < 0 {
			return budget
		}
		if r.Num > m.r1 {
			r.put(m.c1, Cell{Text: text, Carried: true, Numeric: head.Numeric})
		}
		for c := m.c1 + 1; c <= last; c++ {
			r.put(c, Cell{Covered: true})
		}
	}
	return budget
}

func (r *GridRow) became(what string) {
	for i := range r.Cells {
		if r.Cells[i].Text != "" {
			r.Cells[i].Became = what
		}
	}
}
