package filing

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"liandong/plan"
	"liandong/plan/sheet"
)

// columnWords are how the columns of the grid are headed in the tables that units keep. A header
// is recognised by the longest word that it contains, if nothing but plainHeader stands beside it: "进展顺利" is a text.
var columnWords = []struct{ column, word string }{
	{"title", "工作任务"},
	{"title", "重点任务"},
	{"title", "任务名称"},
	{"title", "事项名称"},
	{"title", "事项"},
	{"title", "目标任务"},
	{"title", "项目名称"},
	{"n", "序号"},
	{"n", "编号"},
	{"p", "推进情况"},
	{"p", "进展情况"},
	{"p", "工作进展"},
	{"p", "完成情况"},
	{"p", "形象进度"},
	{"p", "进展"},
	{"p", "推进"},
	{"p", "progress"},
	{"f", "figure"},
	{"t", "problem"},
	{"x", "nextstep"},
	{"title", "task"},
	{"f", "数据"},
	{"f", "完成投资"},
	{"f", "指标值"},
	{"f", "完成数"},
	{"f", "完成值"},
	{"t", "存在问题"},
	{"t", "困难问题"},
	{"t", "问题"},
	{"t", "困难"},
	{"x", "下一步"},
	{"x", "下步"},
	{"x", "下月计划"},
}

// plainHeader is what may stand in a header beside its word.
var plainHeader = regexp.MustCompile(`^(本|上|年|月|旬|季度|期|目前|当前|截至|至|最新|工作|主要|重点|任务|项目|具体|情况|成效|内容|名称|存在|及|和|的|与|困难|问题|原因|` +
	`说明|打算|计划|安排|措施|建议|度|累计|下一步|推进|进展|完成|数|万|亿|元|亩|个|s|/|[0-9])*$`)

// longestHeader is in characters: what is longer is no header but a text.
const longestHeader = 16

func columnOf(header string) (column string) {
	header = plainText(header)
	if n := len([]rune(header)); n == 0 || n > longestHeader {
		return ""
	}
	length := 0
	for _, w := range columnWords {
		before, after, ok := strings.Cut(header, w.word)
		if ok && len(w.word) > length && plainHeader.MatchString(before) && plainHeader.MatchString(after) {
			column, length = w.column, len(w.word)
		}
	}
	return column
}

// cellsOf reads what a spreadsheet copies: tabs between cells, a line for a row, and quotes around a
// cell that holds either.
func cellsOf(block string) (rows [][]string) {
	row, cell, quoted := []string{}, &strings.Builder{}, false
	endCell := func() { row = append(row, strings.TrimSpace(cell.String())); cell.Reset() }
	endRow := func() {
		endCell()
		rows, row = append(rows, row), []string{}
	}
	runes := []rune(strings.ReplaceAll(block, "\r\n", "\n"))
	for i := 0; i < len(runes); i++ {
		switch c := runes[i]; {
		case quoted && c == '"' && i+1 < len(runes) && runes[i+1] == '"':
			cell.WriteRune(c)
			i++
		case quoted && c == '"':
			quoted = false
		case quoted:
			cell.WriteRune(c)
		case c == '"' && cell.Len() == 0:
			quoted = true
		case c == '\t':
			endCell()
		case c == '\n':
			endRow()
		default:
			cell.WriteRune(c)
		}
	}
	endRow()
	return slices.DeleteFunc(rows, func(r []string) bool { return strings.Join(r, "") == "" })
}

// pasted is what a block said and what of it found no place.
type pasted struct {
	Rows   int      // of the grid that were filled
	Header []string // what was taken for the names of the columns and filled in nowhere
	Lost   []string // titles, or first words, of lines that match no row
	Unused []string // headers, or letters, of columns that the grid does not have
	Figure []string // titles of rows without an indicator for which a figure came, with the figure
}

// whole says that all of the block found its place.
func (p *pasted) whole() bool { return len(p.Lost)+len(p.Unused)+len(p.Figure) == 0 && p.Rows > 0 }

// pasteBlock fills rows from a block. With a header its columns go by their names; lines go by the
// title where a column has titles of the grid, otherwise one after another from the first row. A block that has neither and was
// pasted into a cell goes from there to the right and down, as in a spreadsheet.
func pasteBlock(rows []*gridRow, block string, at gridAt) (did pasted) {
	lines := cellsOf(block)
	if len(lines) == 0 {
		return did
	}
	columns, headed := headerOf(lines[0])
	if headed = headed && len(lines) > 1; headed {
		did.Header, did.Unused = lines[0], unusedHeaders(lines[0], columns)
		lines = lines[1:]
	} else {
		columns, did.Unused = guessColumns(rows, lines)
	}
	byTitle, first := slices.Contains(columns, "title"), 0
	if !byTitle && at.column != "" {
		if first = at.row; !headed {
			columns, did.Unused = columnsFrom(at.column, lines)
		}
	}
	for n, line := range lines {
		var row *gridRow
		switch {
		case byTitle:
			row = rowTitled(rows, cellIn(line, columns, "title"))
		case first+n < len(rows):
			row = rows[first+n]
		}
		if row == nil {
			did.Lost = append(did.Lost, start(strings.Join(line, " "), 30))
			continue
		}
		if f := cellIn(line, columns, "f"); f != "" && len(row.Indicators) == 0 {
			row.Homeless = f
			did.Figure = append(did.Figure, row.Title+" "+start(f, 30))
			line = without(line, columns, "f")
		}
		if row.take(line, columns) {
			did.Rows++
		}
	}
	return did
}

// gridAt is the cell into which a block was pasted; no column: it was not pasted into one.
type gridAt struct {
	column string
	row    int
}

// cellAt reads the name of a cell, "p-i-77aa".
func cellAt(rows []*gridRow, name string) gridAt {
	column, item, _ := strings.Cut(name, "-")
	row := slices.IndexFunc(rows, func(r *gridRow) bool { return r.Item == item })
	if row < 0 || !slices.Contains(gridColumns, column) {
		return gridAt{}
	}
	return gridAt{column, row}
}

// gridColumns are the columns to type, from left to right.
var gridColumns = []string{"p", "f", "t"}

// columnsFrom go from one to the right, but for running numbers at the left of a block that would else not fit.
func columnsFrom(first string, lines [][]string) (columns, unused []string) {
	columns = slices.Clone(gridColumns[slices.Index(gridColumns, first):])
	if widthOf(lines) > len(columns) && len(lines) > 1 && running(lines) {
		columns = slices.Insert(columns, 0, "n")
	}
	for c := len(columns); c < widthOf(lines); c++ {
		columns, unused = append(columns, ""), append(unused, letterOf(c))
	}
	return columns, unused
}

func widthOf(lines [][]string) (width int) {
	for _, l := range lines {
		width = max(width, len(l))
	}
	return width
}

func without(line, columns []string, column string) []string {
	line = slices.Clone(line)
	for i := range line {
		if i < len(columns) && columns[i] == column {
			line[i] = ""
		}
	}
	return line
}

// headerOf names the columns of a header row: one with a word of ours, most of whose cells are words that stand over columns, and none a
// figure or a text.
func headerOf(line []string) (columns []string, ok bool) {
	ours, words, filled := 0, 0, 0
	for _, cell := range line {
		c := columnOf(cell)
		if columns = append(columns, c); cell == "" {
			continue
		}
		filled++
		switch {
		case c != "":
			ours, words = ours+1, words+1
		case sheet.IsHeader(cell):
			words++
		case len([]rune(cell)) > longestHeader || figureLike.MatchString(cell):
			return columns, false
		}
	}
	return columns, ours > 0 && words*2 > filled
}

var figureLike = regexp.MustCompile(`^[+-]?[0-9０-９][0-9０-９.．,，%％]*`)

func unusedHeaders(line, columns []string) (all []string) {
	for i, c := range columns {
		if c == "" && line[i] != "" {
			all = append(all, line[i])
		}
	}
	return all
}

// guessColumns of a block without a header: the one with titles of the grid, a first one of running numbers, and the others in the
// grid's own order; a column of texts is none of figures.
func guessColumns(rows []*gridRow, lines [][]string) (columns, unused []string) {
	width := widthOf(lines)
	columns = make([]string, width)
	for c := range width {
		if mostly(lines, c, func(cell string) bool { return rowTitled(rows, cell) != nil }) {
			columns[c] = "title"
			break
		}
	}
	if len(lines) > 1 && width > 1 && running(lines) {
		columns[0] = "n"
	}
	next := gridColumns
	for c := range width {
		if columns[c] == "" && len(next) > 0 && next[0] == "f" && mostly(lines, c, noFigure) {
			next = next[1:]
		}
		switch {
		case columns[c] != "":
		case len(next) > 0:
			columns[c], next = next[0], next[1:]
		default:
			unused = append(unused, letterOf(c))
		}
	}
	return columns, unused
}

// mostly says that most cells of a column that hold something are such.
func mostly(lines [][]string, column int, such func(cell string) bool) bool {
	all, hits := 0, 0
	for _, l := range lines {
		if column < len(l) && l[column] != "" {
			if all++; such(l[column]) {
				hits++
			}
		}
	}
	return hits*2 > all
}

func noFigure(cell string) bool {
	return len([]rune(cell)) > 24 || !strings.ContainsFunc(cell, unicode.IsDigit)
}

// running says that the first column counts 1, 2, 3 or on from another number.
func running(lines [][]string) bool {
	first, err := strconv.Atoi(lines[0][0])
	for n, l := range lines {
		if got, wrong := strconv.Atoi(l[0]); err != nil || wrong != nil || got != first+n {
			return false
		}
	}
	return true
}

// letterOf names a column as spreadsheets do: A, B, …, Z, AA.
func letterOf(n int) string {
	if n >= 26 {
		return letterOf(n/26-1) + string(rune('A'+n%26))
	}
	return string(rune('A' + n))
}

func cellIn(line, columns []string, column string) string {
	for i, c := range columns {
		if c == column && i < len(line) {
			return line[i]
		}
	}
	return ""
}

// rowTitled finds the row of an item by its title, or by how one of its lists words it.
func rowTitled(rows []*gridRow, title string) *gridRow {
	plain := plainText(title)
	if plain == "" {
		return nil
	}
	for _, row := range rows {
		if plainText(row.Title) == plain || slices.ContainsFunc(slices.Concat(row.Lists, row.Other), func(l plan.ListRef) bool { return plainText(l.Wording) == plain }) {
			return row
		}
	}
	return nil
}

// plainText leaves letters and digits, so that spaces and punctuation do not tell titles apart.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// take fills the row's cells from a line; columns of the same name are joined. An empty cell leaves
// what was typed.
func (row *gridRow) take(line, columns []string) (any bool) {
	said := map[string][]string{}
	for i, c := range columns {
		if i < len(line) && line[i] != "" {
			said[c] = append(said[c], line[i])
		}
	}
	for column, into := range map[string]*string{"p": &row.Progress, "f": &row.Figures, "t": &row.Problem} {
		if len(said[column]) > 0 {
			*into, any = strings.Join(said[column], "\n"), true
		}
	}
	if next := strings.Join(said["x"], "\n"); next != "" {
		problem, _ := cutNext(row.Problem)
		row.Problem, any = withNext(problem, next), true
	}
	return any
}
