package sheet

import (
	"cmp"
	"slices"
	"strings"

	"liandong/rules/division"
)

// asTable lays the rows of a sheet without cells (prose of a document, a list whose file is not at
// hand) out as a plain table: headings as rows across, one task a row. It returns the sheet and
// where each of its rows came from.
func asTable(s *Sheet) (Sheet, map[RowKey]RowKey) {
	t := tableWriter{out: Sheet{Name: s.Name, Hidden: s.Hidden, Title: s.Title}, from: map[RowKey]RowKey{}}
	t.g = &Grid{Name: s.Name, Hidden: s.Hidden}
	t.columns(s)
	if s.Title != "" {
		t.wide(s.Title)
	}
	if s.Unit != "" {
		t.line([]string{"单位：" + s.Unit})
	}
	head := make([]string, len(t.out.Columns))
	for i, c := range t.out.Columns {
		head[i] = c.Header
	}
	t.line(head)
	t.out.HeaderRows = []int{t.num}
	var path []string
	for i := range s.Rows {
		r := &s.Rows[i]
		t.headings(&path, r.Section)
		t.row(s.Key(r), r)
	}
	t.g.Width = len(t.out.Columns)
	t.out.Grid = t.g
	return t.out, t.from
}

type tableWriter struct {
	out  Sheet
	g    *Grid
	num  int
	from map[RowKey]RowKey
}

var usual = []Column{
	{Header: "序号", Field: Number},
	{Header: "工作任务", Field: Title},
	{Header: "主要内容", Field: Measures},
	{Header: "年度目标", Field: Target},
	{Header: "牵头单位", Field: Lead},
	{Header: "配合单位", Field: Support},
	{Header: "责任领导", Field: Leader},
	{Header: "完成时限", Field: Due},
	{Header: "进展情况", Field: Done},
	{Header: "完成状态", Field: Status},
	{Header: "存在问题", Field: Trouble},
	{Header: "下一步打算", Field: Next},
	{Header: "备注", Field: Note},
}

// columns: the usual ones that hold anything, then those of extra.
func (t *tableWriter) columns(s *Sheet) {
	add := func(c Column) {
		c.index = len(t.out.Columns)
		c.Column = columnName(c.index)
		t.out.Columns = append(t.out.Columns, c)
	}
	for _, c := range usual {
		has := slices.ContainsFunc(s.Rows, func(r Row) bool { return r.text(c.Field) != "" })
		if has || c.Field == Number || c.Field == Title || c.Field == Lead {
			add(c)
		}
	}
	var names []string
	for i := range s.Rows {
		for n := range s.Rows[i].Extra {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	slices.Sort(names)
	for _, n := range names {
		add(Column{Header: n, Field: Extra})
	}
}

// text of a field as it is written into a cell.
func (r *Row) text(f Field) string {
	switch f {
	case Number:
		return r.Number
	case Title:
		return r.Title
	case Measures:
		return r.Measures
	case Target:
		return r.Target
	case Lead:
		return r.units(func(u Units) []string { return u.Lead }, r.Lead)
	case Support:
		return r.units(func(u Units) []string { return u.Support }, r.Support)
	case Leader:
		return r.Leader
	case Note:
		return r.Note
	case Due:
		if r.Deadline != nil {
			return r.Deadline.Text
		}
	}
	return r.reported(f)
}

// units of all sides in one cell, each side under its code's name.
func (r *Row) units(pick func(Units) []string, own []string) string {
	parts := []string{}
	if len(own) > 0 {
		parts = append(parts, strings.Join(own, "、"))
	}
	for _, side := range sortedKeys(r.Sides) {
		if names := pick(r.Sides[side]); len(names) > 0 {
			parts = append(parts, sideName(side)+"："+strings.Join(names, "、"))
		}
	}
	if len(own) > 0 && len(parts) > 1 && r.Own != "" {
		parts[0] = r.Own + "：" + parts[0]
	}
	return strings.Join(parts, "；")
}

func sideName(code string) string {
	return cmp.Or(division.Name(code), code)
}

func (t *tableWriter) line(texts []string) {
	t.num++
	row := GridRow{Num: t.num}
	for c, text := range texts {
		row.put(c, Cell{Text: text})
	}
	t.g.Rows = append(t.g.Rows, row)
}

func (t *tableWriter) wide(text string) {
	t.line([]string{text})
	last := &t.g.Rows[len(t.g.Rows)-1].Cells[0]
	last.Rows, last.Cols = 1, max(2, len(t.out.Columns))
}

// headings writes the headings that are new since the row above.
func (t *tableWriter) headings(path *[]string, now []string) {
	same := 0
	for same < len(now) && same < len(*path) && (*path)[same] == now[same] {
		same++
	}
	for _, h := range now[same:] {
		t.wide(h)
	}
	*path = now
}

func (t *tableWriter) row(key RowKey, r *Row) {
	texts := make([]string, len(t.out.Columns))
	for i, c := range t.out.Columns {
		if texts[i] = r.text(c.Field); c.Field == Extra {
			texts[i] = r.Extra[c.Header]
		}
	}
	t.line(texts)
	one := *r
	one.Row, one.Part = t.num, 0
	t.out.Rows = append(t.out.Rows, one)
	t.from[t.out.Key(&one)] = key
}

// tabulate lays out anew what has rows and no cells to lay them in.
func (f *filler) tabulate() {
	f.sheets = slices.Clone(f.sheets)
	f.from = map[RowKey]RowKey{}
	moved := map[RowKey]Progress{}
	for key, p := range f.progress {
		moved[key] = p
	}
	for i := range f.sheets {
		s := &f.sheets[i]
		if len(s.Rows) == 0 && s.Grid.far() {
			s.Grid = nil // a cover with a cell at the end of the world
		}
		if len(s.Rows) == 0 || s.Grid != nil && len(s.HeaderRows) > 0 && !s.Grid.far() {
			continue
		}
		for j := range s.Rows {
			delete(moved, s.Key(&s.Rows[j]))
		}
		made, from := asTable(s)
		for now, was := range from {
			if p, ok := f.progress[was]; ok {
				moved[now] = p
			}
			f.from[now] = was
		}
		f.sheets[i] = made
	}
	f.progress = moved
}

// was is the key the caller knows.
func (f *filler) was(key RowKey) RowKey {
	if k, ok := f.from[key]; ok {
		return k
	}
	return key
}

// far: the last row stands too far down to be written where it stood.
func (g *Grid) far() bool {
	return g != nil && len(g.Rows) > 0 && g.Rows[len(g.Rows)-1].Num > heavyRows
}
