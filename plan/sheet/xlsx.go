package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

// raw is a file as cells, before anything is understood, with all other text it bears (headers,
// footers, text boxes) in which a mark of secrecy may stand.
type raw struct {
	grids    []*Grid
	loose    []string // text outside the grids
	names    []string // of the sheets, hidden ones too
	external bool
	heavy    bool
	name     string // of the file
}

// workbook reads an .xlsx while it streams by.
type workbook struct {
	p       *parcel
	lim     Limits
	cells   int // cells that may still be read
	letters int // bytes of text that may still be read
	shared  []string
	styles  []numberStyle
	reach   int  // cells of the file if every row were filled up to its last cell
	lowest  int  // the greatest row number of any sheet
	date04  bool // dates count from 1904
	raw
}

func readXLSX(ctx context.Context, p *parcel, main string, lim Limits) (*raw, error) {
	w := &workbook{p: p, lim: lim, cells: lim.Cells, letters: int(lim.Unzipped / 2)}
	rels, err := p.relations(ctx, main)
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		switch r.kind {
		case "sharedStrings":
			err = w.readShared(ctx, r.target)
		case "styles":
			err = w.readStyles(ctx, r.target)
		}
		if err != nil {
			return nil, noPartIsBroken(err)
		}
	}
	sheets, err := w.readIndex(ctx, main)
	if err != nil {
		return nil, noPartIsBroken(err)
	}
	if len(sheets) > lim.Sheets {
		return nil, ErrBomb
	}
	for _, s := range sheets {
		if err := w.readSheet(ctx, s, rels[s.id]); err != nil {
			return nil, noPartIsBroken(err)
		}
	}
	w.external, w.heavy = p.external, p.markup > heavyMarkup || w.reach > heavyReach || w.lowest > heavyRows
	return &w.raw, w.readLoose(ctx, p)
}

func noPartIsBroken(err error) error {
	if errors.Is(err, errNoPart) {
		return ErrBroken
	}
	return err
}

type sheetEntry struct {
	name, id string
	hidden   bool
}

func (w *workbook) readIndex(ctx context.Context, main string) (sheets []sheetEntry, err error) {
	err = w.p.walk(ctx, main, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			w.date04 = v == "1" || v == "true"
		case "sheet":
			state := attr(e, "state")
			sheets = append(sheets, sheetEntry{attr(e, "name"), attr(e, "id"), state == "hidden" || state == "veryHidden"})
			w.names = append(w.names, attr(e, "name"))
		}
		return nil
	})
	return sheets, err
}

// readShared collects the shared strings; phonetic readings (rPh) are no text.
func (w *workbook) readShared(ctx context.Context, part string) error {
	var text strings.Builder
	inText, phonetic := false, 0
	return w.p.walk(ctx, part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "si":
				text.Reset()
			case "rPh":
				phonetic++
			case "t":
				inText = phonetic == 0
			}
		case xml.CharData:
			if inText {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "rPh":
				phonetic--
			case "t":
				inText = false
			case "si":
				return w.share(text.String())
			}
		}
		return nil
	})
}

func (w *workbook) share(s string) error {
	if len(w.shared) >= w.lim.Cells {
		return ErrBomb
	}
	w.shared = append(w.shared, asShown(s))
	return w.spend(len(s))
}

func (w *workbook) spend(letters int) error {
	if w.letters -= letters; w.letters < 0 {
		return ErrBomb
	}
	return nil
}

// sheetReader is the state while one worksheet streams by.
type sheetReader struct {
	w       *workbook
	g       *Grid
	row     *GridRow
	num     int
	col     int
	kind    string // attribute t of the cell
	style   int
	text    strings.Builder
	taking  bool // inside v or t
	headers bool // inside headerFooter
	skip    int  // inside rPh
	formula bool
}

func (w *workbook) readSheet(ctx context.Context, s sheetEntry, rel relation) error {
	if rel.kind == "chartsheet" || rel.kind == "dialogsheet" {
		return nil
	}
	g := &Grid{Name: s.name, Hidden: s.hidden}
	r := &sheetReader{w: w, g: g}
	if err := w.p.walk(ctx, rel.target, r.visit); err != nil {
		return err
	}
	if !g.finish(2 * w.lim.Cells) {
		return ErrBomb
	}
	w.grids = append(w.grids, g)
	_, err := w.p.relations(ctx, rel.target) // to learn of links that lead outside
	return err
}

func (r *sheetReader) visit(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.CharData:
		if r.taking && r.skip == 0 {
			r.text.Write(t)
		}
	case xml.EndElement:
		return r.end(t.Name.Local)
	}
	return nil
}

func (r *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		return r.startRow(e)
	case "col":
		r.startColumns(e)
	case "c":
		r.startCell(e)
	case "f":
		r.formula = true
	case "v", "t":
		r.taking = true
	case "rPh":
		r.skip++
	case "headerFooter":
		r.headers = true
	case "mergeCell":
		return r.merge(attr(e, "ref"))
	default:
		if r.headers {
			r.text.Reset()
			r.taking = true
		}
	}
	return nil
}

func (r *sheetReader) startRow(e xml.StartElement) error {
	num, err := strconv.Atoi(attr(e, "r"))
	if err != nil || num < 1 || num > 1<<20 {
		num = r.num + 1
	}
	r.num, r.col = num, -1
	r.row = &GridRow{Num: num, Hidden: hides(e)}
	return nil
}

func hides(e xml.StartElement) bool {
	v := attr(e, "hidden")
	return v == "1" || v == "true"
}

// startColumns notes which columns are hidden; all to the right of the list may be, as one range.
func (r *sheetReader) startColumns(e xml.StartElement) {
	from, err1 := strconv.Atoi(attr(e, "min"))
	to, err2 := strconv.Atoi(attr(e, "max"))
	if !hides(e) || err1 != nil || err2 != nil {
		return
	}
	if r.g.hidden == nil {
		r.g.hidden = map[int]bool{}
	}
	for c := max(from, 1); c <= min(to, r.w.lim.Columns); c++ {
		r.g.hidden[c-1] = true
	}
}

func (r *sheetReader) startCell(e xml.StartElement) {
	col, ok := columnOf(attr(e, "r"))
	if !ok {
		col = r.col + 1
	}
	r.col = col
	r.kind = attr(e, "t")
	r.style, _ = strconv.Atoi(attr(e, "s"))
	r.formula = false
	r.text.Reset()
}

func (r *sheetReader) end(name string) error {
	switch name {
	case "v", "t":
		r.taking = false
	case "rPh":
		r.skip--
	case "c":
		return r.endCell()
	case "row":
		return r.endRow()
	case "headerFooter":
		r.headers, r.taking = false, false
	default:
		if r.headers && r.taking {
			r.w.loose = append(r.w.loose, r.text.String())
			r.taking = false
		}
	}
	return nil
}

func (r *sheetReader) endRow() error {
	r.w.reach += r.col + 1
	r.w.lowest = max(r.w.lowest, r.num)
	if r.row == nil || len(r.row.Cells) == 0 {
		return nil
	}
	if len(r.g.Rows) >= r.w.lim.Rows {
		return ErrTooManyRows
	}
	r.g.Rows = append(r.g.Rows, *r.row)
	r.row = nil
	return nil
}

func (r *sheetReader) endCell() error {
	text := r.text.String()
	if r.row == nil || (text == "" && !r.formula) {
		return nil
	}
	if r.col >= r.w.lim.Columns {
		r.g.columns = true
		return nil
	}
	if r.formula {
		if len(r.g.formulas) >= r.w.lim.Cells {
			return ErrBomb
		}
		r.g.formulas = append(r.g.formulas, place{r.row.Num, r.col})
	}
	c, err := r.value(text)
	if err != nil {
		return err
	}
	if c.Text == "" && !c.Failed && !c.NoValue {
		return nil
	}
	if r.w.cells--; r.w.cells < 0 {
		return ErrBomb
	}
	r.row.put(r.col, c)
	return nil
}

// value turns what is stored into what a person sees.
func (r *sheetReader) value(text string) (Cell, error) {
	c := Cell{Formula: r.formula}
	switch r.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(r.w.shared) {
			return c, ErrBroken
		}
		c.Text = r.w.shared[i]
	case "str", "inlineStr":
		c.Text = asShown(text)
		return c, r.w.spend(len(text))
	case "b":
		c.Text = map[string]string{"1": "TRUE", "0": "FALSE"}[text]
	case "e":
		c.Text, c.Failed = "", true
	case "d":
		c.Text, _, _ = strings.Cut(text, "T")
	default:
		c.Text, c.Numeric = r.w.number(strings.TrimSpace(text), r.style), true
	}
	c.NoValue = r.formula && text == ""
	return c, nil
}

func (r *sheetReader) merge(ref string) error {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return nil
	}
	c1, ok1 := columnOf(from)
	c2, ok2 := columnOf(to)
	r1, err1 := strconv.Atoi(strings.TrimLeft(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
	r2, err2 := strconv.Atoi(strings.TrimLeft(to, "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
	if !ok1 || !ok2 || err1 != nil || err2 != nil || r1 < 1 || r2 < r1 || c2 < c1 {
		return nil
	}
	if len(r.g.merges) >= r.w.lim.Cells/4 {
		return ErrBomb
	}
	r.g.merges = append(r.g.merges, area{r1, r2, c1, min(c2, r.w.lim.Columns-1)})
	return nil
}

// columnOf reads "AB" of "AB12": 27.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		b := ref[i]
		if b == '$' {
			continue
		}
		if b < 'A' || b > 'Z' {
			break
		}
		n = n*26 + int(b-'A') + 1
	}
	return n - 1, n > 0 && n <= 1<<14
}
