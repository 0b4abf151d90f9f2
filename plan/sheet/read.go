package sheet

import (
	"context"
	"path"
	"strconv"
	"strings"
)

// Read understands a file. The error is a *Refusal when the file is not read at all, or that of ctx.
func Read(ctx context.Context, src Source, opt Options) (*List, error) {
	lim := opt.Limits.orDefault()
	r, kind, err := open(ctx, src, lim)
	if err != nil {
		return nil, err
	}
	l := &lister{opt: opt, raw: r, sides: newSideBook(&opt.Directory), list: &List{Kind: kind, Year: opt.Year}, told: map[string]bool{}}
	if err := l.read(ctx); err != nil {
		return nil, err
	}
	return l.list, nil
}

// open reads the cells. Marks of secrecy are looked for before anything else is done with them.
func open(ctx context.Context, src Source, lim Limits) (*raw, string, error) {
	switch {
	case src.Size <= 0 || src.Data == nil:
		return nil, "", ErrEmpty
	case src.Size > lim.File:
		return nil, "", ErrTooLarge
	}
	r, kind, err := cells(ctx, src, lim)
	if err != nil {
		return nil, "", err
	}
	r.name = src.Name
	if r.secret(src.Name) {
		return nil, "", ErrSecret
	}
	return r, kind, nil
}

func cells(ctx context.Context, src Source, lim Limits) (*raw, string, error) {
	kind, err := sniff(src)
	if err != nil {
		return nil, "", err
	}
	ext := extension(src.Name)
	if kind == "text" {
		switch ext {
		case ".csv", ".tsv", ".txt":
			r, err := readCSV(src, lim)
			return r, "csv", err
		case ".xlsx", ".docx", ".xls", ".doc", ".xlsm", ".et", ".wps":
			return nil, "", ErrMisnamed
		}
		return nil, "", ErrUnknownType
	}
	return officeFile(ctx, src, ext, lim)
}

func officeFile(ctx context.Context, src Source, ext string, lim Limits) (*raw, string, error) {
	p, err := openParcel(src, lim)
	if err != nil {
		return nil, "", err
	}
	if p.parts["content.xml"] != nil { // an OpenDocument file
		return nil, "", ErrUnknownType
	}
	main, contentType, err := p.mainPart(ctx)
	if err != nil {
		return nil, "", err
	}
	switch {
	case strings.Contains(contentType, "spreadsheetml") || contentType == "" && strings.HasPrefix(main, "xl/"):
		if ext != ".xlsx" && ext != ".xltx" {
			return nil, "", ErrMisnamed
		}
		r, err := readXLSX(ctx, p, main, lim)
		return r, "xlsx", err
	case strings.Contains(contentType, "wordprocessingml") || contentType == "" && strings.HasPrefix(main, "word/"):
		if ext != ".docx" && ext != ".dotx" {
			return nil, "", ErrMisnamed
		}
		r, err := readDOCX(ctx, p, main, lim)
		return r, "docx", err
	}
	return nil, "", ErrUnknownType
}

func baseName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

func extension(name string) string { return strings.ToLower(path.Ext(baseName(name))) }

// lister goes from cells to an understood list.
type lister struct {
	opt   Options
	raw   *raw
	sides *sideBook
	units *unitBook
	list  *List
	found []table
	told  map[string]bool // names that were reported as unknown
}

// table is a header with the rows up to the next header.
type table struct {
	g    *Grid
	head header
	end  int // index of the row after the table
	from int // first row that belongs to it: its title stands there
}

func (l *lister) read(ctx context.Context) error {
	for _, g := range l.raw.grids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		l.found = append(l.found, l.headed(tablesOf(g))...)
	}
	l.facts()
	for _, t := range l.found {
		l.list.Sheets = append(l.list.Sheets, newSheet(t))
	}
	l.list.Shape = shapeOf(l.list.Sheets)
	shape := l.shape()
	l.units = newUnitBook(&l.opt.Directory, l.sides, shape.Units)
	l.list.Resolved = map[string]UnitMatch{}
	rows := 0
	for i, t := range l.found {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rows += l.readTable(t, &l.list.Sheets[i], shape)
	}
	if rows == 0 {
		return ErrNotTaskList
	}
	l.aboutFile()
	return nil
}

// headed lends the header of the table before to a table of a document that has none: a list under
// several headings often writes its header once.
func (l *lister) headed(tables []table) []table {
	t := &tables[0]
	if l.list.Kind != "docx" || t.head.first >= 0 || t.g.prose || len(l.found) == 0 {
		return tables
	}
	if before := l.found[len(l.found)-1]; before.g.Width == t.g.Width && t.g.Width > 2 {
		t.head.labels = before.head.labels
	}
	return tables
}

// shape is what is remembered for this layout: the caller's own choice goes before what it recalls.
func (l *lister) shape() *Shape {
	if l.opt.Remembered != nil {
		return l.opt.Remembered
	}
	if l.opt.Recall != nil {
		if s := l.opt.Recall(l.list.Shape); s != nil {
			return s
		}
	}
	return &Shape{}
}

// tablesOf finds the tables of a grid: one for each header, and one without header where none is.
func tablesOf(g *Grid) []table {
	if g.prose {
		return []table{{g: g, end: len(g.Rows), head: header{first: -1, last: -1, labels: []string{"工作任务"}}}}
	}
	h, ok := findHeader(g, 0)
	if !ok {
		if h, ok = headless(g); !ok {
			h = header{first: -1, last: -1}
		}
		return []table{{g: g, end: len(g.Rows), head: h}}
	}
	t := table{g: g, head: h, end: len(g.Rows)}
	var out []table
	for i := h.last + 1; i < len(g.Rows); i++ {
		next, ok := headerAt(g, i)
		if !ok || sameLabels(next.labels, t.head.labels) {
			continue
		}
		t.end = i
		out = append(out, t)
		t = table{g: g, head: next, end: len(g.Rows), from: i}
		i = next.last
	}
	return append(out, t)
}

// headerAt says whether a header starts right at a row inside a table. It must be plain: several
// sure labels, no long text, so that a task is never taken for a header.
func headerAt(g *Grid, i int) (header, bool) {
	row := &g.Rows[i]
	sure, own := 0, 0
	for c := range row.Cells {
		t := row.Cells[c].Own()
		if t == "" {
			continue
		}
		if own++; isWord(t) {
			sure++
		}
		if own == 4 && sure == 0 {
			return header{}, false
		}
	}
	if sure < 3 || sure*3 < own*2 {
		return header{}, false
	}
	h := header{first: i, last: i}
	least := reach(g, i)
	for k := 1; k < deepest && i+k < len(g.Rows) && (k < least || extends(g, i, i+k)); k++ {
		h.last = i + k
	}
	h.labels = joinLabels(g, h)
	h.score = h.rate(g)
	return h, h.score > 0
}

func sameLabels(a, b []string) bool {
	same, n := 0, 0
	for i := range a {
		if a[i] == "" {
			continue
		}
		n++
		if i < len(b) && label(a[i]) == label(b[i]) {
			same++
		}
	}
	return n > 0 && same*4 >= n*3
}

func newSheet(t table) Sheet {
	s := Sheet{Name: t.g.Name, Hidden: t.g.Hidden, Grid: t.g}
	if t.head.first < 0 && !t.head.guessed {
		return s // a borrowed header stands in another table
	}
	for i := t.head.first; i >= 0 && i <= t.head.last; i++ {
		s.HeaderRows = append(s.HeaderRows, t.g.Rows[i].Num)
		t.g.Rows[i].became("header")
	}
	for c, l := range t.head.labels {
		if l != "" {
			s.Columns = append(s.Columns, Column{Column: columnName(c), Header: l})
		}
	}
	return s
}

// facts takes title, document number and year from the text above the tables and the file's name.
func (l *lister) facts() {
	var texts []string
	for _, t := range l.found {
		texts = append(texts, aboveTable(t)...)
	}
	texts = append(texts, strings.TrimSuffix(baseName(l.raw.name), extension(l.raw.name)))
	for _, s := range texts {
		if no := docNumber.FindString(strings.ReplaceAll(s, " ", "")); no != "" && l.list.DocumentNo == "" {
			l.list.DocumentNo = no
		}
		if y := titleYear.FindStringSubmatch(fold(s)); y != nil && l.list.Year == 0 {
			l.list.Year, _ = strconv.Atoi(y[1])
		}
	}
}

// aboveTable is the text that stands over a table.
func aboveTable(t table) []string {
	texts := append([]string(nil), t.g.Above...)
	last := t.head.first
	if t.head.guessed {
		last = t.head.last + 1
	} else if last < 0 {
		last = min(t.end, searchRows)
	}
	for i := t.from; i < last; i++ {
		texts = append(texts, rowText(t.g.Rows[i]))
	}
	return texts
}

// aboutFile adds the problems that concern the whole file.
func (l *lister) aboutFile() {
	l.list.heavy = l.raw.heavy
	if l.raw.external {
		l.list.external = true
		l.list.Problems = append(l.list.Problems, problemf("", "", ExternalLinks,
			"如有内容取自别的文件，请核对显示的数值。", "文件引用了外部文件或地址，没有打开它们。"))
	}
	if y := titleYear.FindAllStringSubmatch(fold(l.list.Title), -1); len(y) == 1 && l.opt.Year > 0 && y[0][1] != strconv.Itoa(l.opt.Year) {
		l.list.Problems = append(l.list.Problems, problemf("", "", YearDiffers,
			"请确认年份；不对请改正后再读一次。", "标题写的是 %s 年，时限按 %d 年读入。", y[0][1], l.opt.Year))
	}
	if l.list.Year == 0 {
		l.list.Problems = append(l.list.Problems, problemf("", "", YearUnknown,
			"请指明清单的年份后再读一次。", "不知道这是哪一年的清单，没写年份的时限无法确定。"))
	}
}
