package sheet

import (
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// document reads the tables of a .docx while it streams by. Each table becomes a grid named 表1,
// 表2 …; the paragraphs above it are kept beside it: a title, a section, "单位：万元".
type document struct {
	p       *parcel
	lim     Limits
	numbers *numbering
	cells   int
	above   []string // paragraphs since the last table
	tables  []*docTable
	skip    int // inside something whose text does not count
	text    *strings.Builder
	outer   []string // text of the paragraphs around the current one (text boxes)
	taking  bool
	list    listMark // automatic number of the paragraph
	style   string
	raw
}

// docTable is the state of one open table; tables inside a cell give their text to that cell.
type docTable struct {
	g     *Grid
	row   GridRow
	col   int
	lines []string
	span  int
	merge string // "", "restart", "continue"
	open  map[int]int
}

// elements of a document whose text is not part of it.
var unread = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "instrText": true, "delText": true}

func readDOCX(ctx context.Context, p *parcel, main string, lim Limits) (*raw, error) {
	d := &document{p: p, lim: lim, cells: lim.Cells, text: &strings.Builder{}}
	rels, err := p.relations(ctx, main)
	if err != nil {
		return nil, err
	}
	d.numbers = readNumbering(ctx, p, rels)
	if err := d.readLoose(ctx, p); err != nil {
		return nil, err
	}
	if err := p.walk(ctx, main, d.visit); err != nil {
		return nil, noPartIsBroken(err)
	}
	d.prose()
	d.external = p.external
	return &d.raw, nil
}

func (d *document) visit(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		if d.skip > 0 || unread[t.Name.Local] {
			d.skip++
			return nil
		}
		return d.start(t)
	case xml.CharData:
		if d.taking && d.skip == 0 {
			d.text.Write(t)
		}
	case xml.EndElement:
		if d.skip > 0 {
			d.skip--
			return nil
		}
		return d.end(t.Name.Local)
	}
	return nil
}

func (d *document) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "t":
		d.taking = true
	case "tab":
		d.text.WriteByte(' ')
	case "br", "cr":
		d.text.WriteByte('\n')
	case "noBreakHyphen":
		d.text.WriteByte('-')
	case "p":
		d.outer = append(d.outer, d.text.String())
		d.text.Reset()
		d.list, d.style = listMark{}, ""
	case "pStyle":
		d.style = attr(e, "val")
	case "numId", "ilvl":
		d.list.set(e.Name.Local, attr(e, "val"))
	case "tbl":
		return d.startTable()
	default:
		d.startInTable(e)
	}
	return nil
}

func (d *document) startTable() error {
	if len(d.tables) > 20 {
		return ErrBroken
	}
	d.tables = append(d.tables, &docTable{g: &Grid{}, open: map[int]int{}})
	return nil
}

func (d *document) table() *docTable {
	if len(d.tables) == 0 {
		return nil
	}
	return d.tables[len(d.tables)-1]
}

func (d *document) startInTable(e xml.StartElement) {
	t := d.table()
	if t == nil {
		return
	}
	switch e.Name.Local {
	case "tr":
		t.row, t.col = GridRow{Num: t.row.Num + 1}, 0
	case "gridBefore":
		n, _ := strconv.Atoi(attr(e, "val"))
		t.col += min(max(n, 0), d.lim.Columns)
	case "tc":
		t.lines, t.span, t.merge = nil, 1, ""
	case "gridSpan":
		if n, err := strconv.Atoi(attr(e, "val")); err == nil && n > 1 {
			t.span = min(n, d.lim.Columns)
		}
	case "vMerge":
		if t.merge = attr(e, "val"); t.merge == "" {
			t.merge = "continue"
		}
	}
}

func (d *document) end(name string) error {
	switch name {
	case "t":
		d.taking = false
	case "p":
		d.endParagraph()
	case "tc":
		if t := d.table(); t != nil {
			return d.endCell(t)
		}
	case "tr":
		if t := d.table(); t != nil {
			return d.endRow(t)
		}
	case "tbl":
		return d.endTable()
	}
	return nil
}

func (d *document) endParagraph() {
	text := d.text.String()
	d.text.Reset()
	if n := len(d.outer); n > 0 {
		d.text.WriteString(d.outer[n-1])
		d.outer = d.outer[:n-1]
	}
	text = asShown(d.numbers.next(d.list, d.style) + text)
	d.list, d.style = listMark{}, ""
	if text == "" {
		return
	}
	if t := d.table(); t != nil {
		t.lines = append(t.lines, text)
		return
	}
	if d.above = append(d.above, text); len(d.above) > d.lim.Rows {
		d.above = d.above[1:]
	}
	d.loose = append(d.loose, text)
}

func (d *document) endCell(t *docTable) error {
	at, end := t.col, t.col+t.span-1
	t.col = end + 1
	if at >= d.lim.Columns {
		t.g.columns = true
		return nil
	}
	if t.merge == "continue" {
		if i, ok := t.open[at]; ok {
			t.g.merges[i].r2 = t.row.Num
			t.row.put(at, Cell{})
			return nil
		}
	}
	delete(t.open, at)
	if t.merge != "" || t.span > 1 {
		t.open[at] = len(t.g.merges)
		t.g.merges = append(t.g.merges, area{t.row.Num, t.row.Num, at, min(end, d.lim.Columns-1)})
	}
	if t.merge == "" {
		delete(t.open, at)
	}
	if d.cells -= 1 + t.span; d.cells < 0 {
		return ErrBomb
	}
	t.row.put(at, Cell{Text: strings.Join(t.lines, "\n")})
	return nil
}

func (d *document) endRow(t *docTable) error {
	if len(t.g.Rows) >= d.lim.Rows {
		return ErrTooManyRows
	}
	t.g.Rows = append(t.g.Rows, t.row)
	return nil
}

// endTable closes a table. One inside a cell gives its text to the cell around it.
func (d *document) endTable() error {
	t := d.table()
	if t == nil {
		return nil
	}
	d.tables = d.tables[:len(d.tables)-1]
	if outer := d.table(); outer != nil {
		for _, r := range t.g.Rows {
			outer.lines = append(outer.lines, strings.Join(rowTexts(r), "，"))
		}
		return nil
	}
	t.g.merges = realMerges(t.g.merges)
	if !t.g.finish(2*d.lim.Cells) || len(t.g.Rows) == 0 {
		return nil
	}
	if labels, cards := cardsOf(t.g); len(cards) > 0 {
		return d.deal(labels, cards)
	}
	if d.continues(t.g) {
		d.append(t.g)
		return nil
	}
	if len(d.grids) >= d.lim.Sheets {
		return nil
	}
	t.g.Name = fmt.Sprintf("表%d", len(d.grids)+1)
	t.g.Above, d.above = d.above, nil
	d.grids = append(d.grids, t.g)
	return nil
}

func rowText(r GridRow) string { return strings.Join(rowTexts(r), " ") }

func rowTexts(r GridRow) (parts []string) {
	for i := range r.Cells {
		if t := r.Cells[i].Own(); t != "" {
			parts = append(parts, t)
		}
	}
	return parts
}

func realMerges(all []area) []area {
	kept := all[:0]
	for _, m := range all {
		if m.r1 != m.r2 || m.c1 != m.c2 {
			kept = append(kept, m)
		}
	}
	return kept
}

// continues says whether a table is the rest of the one before it, cut by a page: nothing stands
// between them, they are as wide, and it has no header of its own.
func (d *document) continues(g *Grid) bool {
	if len(d.grids) == 0 || len(d.above) > 0 {
		return false
	}
	before := d.grids[len(d.grids)-1]
	if before.cards {
		return false
	}
	_, headed := findHeader(g, 0)
	return before.Width == g.Width && !headed
}

func (d *document) append(g *Grid) {
	before := d.grids[len(d.grids)-1]
	shift := before.Rows[len(before.Rows)-1].Num
	for _, r := range g.Rows {
		r.Num += shift
		before.Rows = append(before.Rows, r)
	}
	for _, m := range g.merges {
		before.merges = append(before.merges, area{m.r1 + shift, m.r2 + shift, m.c1, m.c2})
	}
}

// prose makes a grid of a document without tables whose paragraphs name their units: work plans
// are written like that. Each paragraph is a row of one column.
func (d *document) prose() {
	if len(d.grids) > 0 || len(d.above) == 0 {
		return
	}
	named := 0
	g := &Grid{Name: "正文", Width: 1, prose: true}
	for i, text := range d.above {
		if _, ok := cutUnits(text); ok || unitsLine.MatchString(text) {
			named++
		}
		g.Rows = append(g.Rows, GridRow{Num: i + 1, Cells: []Cell{{Text: text}}})
	}
	if named >= 2 {
		d.grids = append(d.grids, g)
	}
}
