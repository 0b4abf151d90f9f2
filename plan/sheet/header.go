package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

// header is the head of one table: rows first to last (indices into Grid.Rows) and its columns.
type header struct {
	first, last int
	labels      []string // by column
	score       int
	guessed     bool // there is none; the labels come from the cells
}

const (
	searchRows = 60 // how far above a table its title, cover text and notes may reach
	deepest    = 3  // rows of a header
)

// findHeader looks for the header of the next table from a row on. The first row that is one wins,
// unless a later one is twice as sure (words of a cover that look like a header).
func findHeader(g *Grid, from int) (header, bool) {
	best := header{}
	for i := from; i < len(g.Rows) && i < from+searchRows; i++ {
		if !begins(&g.Rows[i]) {
			continue
		}
		least := reach(g, i)
		for k := 1; k <= deepest && i+k <= len(g.Rows); k++ {
			if k > least && !extends(g, i, i+k-1) {
				break
			}
			if k < least {
				continue
			}
			h := header{first: i, last: i + k - 1}
			h.labels = joinLabels(g, h)
			h.score = h.rate(g)
			if better(h, best) {
				best = h
			}
		}
	}
	return best, best.score > 0
}

// reach is how many rows of header the merged cells of its first row claim: 序号 over two rows says
// that the row below still heads the columns beside it. Wide cells of a cover say nothing.
func reach(g *Grid, first int) int {
	rows := 1
	for _, c := range g.Rows[first].Cells {
		if _, sure := classify(c.Own()); sure == certain && c.Rows > rows && c.Cols <= 1 {
			rows = c.Rows
		}
	}
	if rows > deepest || first+rows > len(g.Rows) || g.Rows[first+rows-1].Num != g.Rows[first].Num+rows-1 {
		return 1
	}
	return rows
}

// begins: a header begins with a row of several cells, one of which is a known word.
func begins(row *GridRow) bool {
	own, _ := row.own()
	return own > 1 && slices.ContainsFunc(row.Cells, func(c Cell) bool {
		_, sure := classify(c.Own())
		return sure > unknown
	})
}

func better(h, best header) bool {
	if h.first == best.first || best.score == 0 {
		return h.score > 0 && h.score >= best.score
	}
	return h.score > 2*best.score
}

// rate adds up how sure the labels are; 0 where the row is no header of a task list.
func (h header) rate(g *Grid) int {
	seen := map[Field]int{}
	filled, strange := 0, 0
	for _, l := range h.labels {
		if l == "" {
			continue
		}
		filled++
		f, sure := labelField(l)
		if sure == unknown {
			if length(l) > 20 || looksLikeData(l) {
				strange++
			}
			continue
		}
		seen[f] = max(seen[f], sure)
	}
	if !isTaskHeader(seen) || strange*2 > filled {
		return 0
	}
	score := 0
	for _, sure := range seen {
		score += 4 * sure
	}
	return score - 3*strange
}

// isTaskHeader: a column of tasks, and one that only lists of work have.
func isTaskHeader(seen map[Field]int) bool {
	task := max(seen[Title], seen[Measures])
	if task == unknown && seen[Target] < likely {
		return false
	}
	proof, hints := unknown, 0
	for _, f := range []Field{Lead, Support, Due, Done, Next, Target, Leader, Status, Money, Measures, Trouble} {
		if f == Measures && seen[Title] == unknown {
			continue
		}
		if f == Target && task == unknown {
			continue
		}
		proof = max(proof, seen[f])
		if seen[f] > unknown {
			hints++
		}
	}
	switch {
	case task == certain:
		return proof >= likely || hints >= 2
	case task == likely:
		return proof >= likely
	}
	return proof == certain && hints >= 2 || proof >= likely && hints >= 3
}

var dataLike = regexp.MustCompile(`^[\d.,%/-]+$|\d{4}[-/.年]\d{1,2}|[。;；]$`)

func looksLikeData(s string) bool { return dataLike.MatchString(fold(s)) }

// labelField classifies a label that may be joined of parent and leaf.
func labelField(l string) (Field, int) {
	parent, leaf, two := cutLast(l, "/")
	if !two {
		return classify(l)
	}
	if f, sure := classify(leaf); sure >= likely {
		return f, sure
	}
	above, sureAbove := labelField(parent)
	if f, sure := classify(parent + leaf); sure >= likely && f != Extra && (f != above || sure >= sureAbove) {
		return f, sure
	}
	return above, sureAbove
}

// Reports says whether a column of that header tells how the work goes: progress, problems, next
// steps, states. Such a column is no part of the wording of the list.
func Reports(header string) bool {
	switch f, _ := labelField(header); f {
	case Done, Trouble, Next, Status:
		return true
	}
	return false
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i > 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// extends says whether a row is a further row of the header that begins at first: it stands
// directly below, is short text, and hangs under wide or empty cells, or beside cells that reach down.
func extends(g *Grid, first, next int) bool {
	row, above := &g.Rows[next], &g.Rows[next-1]
	if row.Num != above.Num+1 {
		return false
	}
	own, carried := 0, 0
	for c := range row.Cells {
		cell := &row.Cells[c]
		if cell.Carried && length(cell.Text) <= 20 {
			carried++
		}
		text := cell.Own()
		if text == "" {
			continue
		}
		own++
		if length(text) > 16 || cell.Cols > g.Width/2 || cell.Numeric || looksLikeData(text) {
			return false
		}
		if carriedHeader(g, first, next, c) || underWide(above, row, c) {
			continue
		}
		if f, sure := classify(text); sure < certain || f == Number {
			return false
		}
		if _, sure := classify(above.cell(c).Own()); sure >= likely {
			return false
		}
	}
	return own > 0 && (carried > 0 || own > 1 || g.Width < 4) && !isHeading(rowText(*row))
}

// underWide: the cell above is empty, or spans to here, or begins a span; a span may simply be
// left open to the right where cells are not merged.
func underWide(above, row *GridRow, c int) bool {
	a := above.cell(c)
	if a.Covered || a.Text == "" || a.Cols > 1 {
		return true
	}
	return above.cell(c+1).Text == "" && row.cell(c+1).Own() != "" && row.cell(c-1).Own() == ""
}

func carriedHeader(g *Grid, first, next, c int) bool {
	for i := first; i < next; i++ {
		if a := g.Rows[i].cell(c); a.Cols > 1 || a.Covered {
			return true
		}
	}
	return false
}

// joinLabels gives each column its label: "责任单位/牵头单位" for two rows, the parent's text
// alone where nothing stands below.
func joinLabels(g *Grid, h header) []string {
	labels := make([]string, g.Width)
	for c := range labels {
		var parts []string
		for i := h.first; i <= h.last; i++ {
			text := headText(g, h, i, c)
			if text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
				parts = append(parts, text)
			}
		}
		labels[c] = strings.Join(parts, "/")
	}
	return labels
}

// headText is what a header row says over a column: its own text, or that of the wide cell (merged,
// or simply left open to the right) it lies under.
func headText(g *Grid, h header, i, c int) string {
	row := &g.Rows[i]
	cell := row.cell(c)
	if cell.Carried {
		return ""
	}
	if cell.Text != "" {
		return oneLabel(cell.Text)
	}
	if i == h.last {
		return ""
	}
	if cell.Covered {
		return widerText(row, c)
	}
	if g.Rows[i+1].cell(c).Own() == "" || row.merged() {
		return ""
	}
	for p := c - 1; p >= 0; p-- {
		if t := row.cell(p).Text; t != "" {
			if g.Rows[i+1].cell(p).Own() == "" {
				return ""
			}
			return oneLabel(t)
		}
	}
	return ""
}

// widerText is the text of the merged cell that covers column c.
func widerText(row *GridRow, c int) string {
	for c > 0 && row.cell(c).Covered {
		c--
	}
	return oneLabel(row.cell(c).Own())
}

func (r *GridRow) merged() bool {
	return slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Cols > 1 })
}

func oneLabel(s string) string {
	s = strings.ReplaceAll(s, "\n", "")
	return strings.ReplaceAll(prose(s), "/", "／")
}

// shapeOf is the hash of the headers of all tables, without those columns that only report: a list
// that comes back with progress columns added has the shape it had.
func shapeOf(sheets []Sheet) string {
	h := sha256.New()
	for i := range sheets {
		if len(sheets[i].Columns) == 0 {
			continue
		}
		for _, c := range sheets[i].Columns {
			if !Reports(c.Header) {
				h.Write([]byte(label(c.Header) + "\x00"))
			}
		}
		h.Write([]byte{1})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
