package filing

import (
	"slices"
	"strings"
	"unicode"

	"liandong/plan"
)

// columnWords are how the columns of the grid are headed in the tables that units keep. A header
// is recognised by the longest word that it contains.
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
	{"f", "数据"},
	{"f", "完成投资"},
	{"f", "指标值"},
	{"f", "完成数"},
	{"t", "存在问题"},
	{"t", "困难问题"},
	{"t", "问题"},
	{"x", "下一步"},
	{"x", "下步"},
	{"x", "下月计划"},
}

// longestHeader is in characters: what is longer is no header but a text.
const longestHeader = 12

func columnOf(header string) (column string) {
	header = plainText(header)
	if n := len([]rune(header)); n == 0 || n > longestHeader {
		return ""
	}
	length := 0
	for _, w := range columnWords {
		if strings.Contains(header, w.word) && len(w.word) > length {
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
	Lost   []string // titles, or first words, of lines that match no row
	Unused []string // headers, or numbers, of columns that the grid does not have
}

// pasteBlock fills rows from a block. With a header its columns go by their names; lines go by the
// title where a column has titles of the grid, otherwise one after another from the first row.
func pasteBlock(rows []*gridRow, block string) (did pasted) {
	lines := cellsOf(block)
	if len(lines) == 0 {
		return did
	}
	columns, headed := headerOf(lines[0])
	if headed {
		did.Unused = unusedHeaders(lines[0], columns)
		lines = lines[1:]
	} else {
		columns, did.Unused = guessColumns(rows, lines)
	}
	byTitle := slices.Contains(columns, "title")
	for n, line := range lines {
		var row *gridRow
		switch {
		case byTitle:
			row = rowTitled(rows, cellIn(line, columns, "title"))
		case n < len(rows):
			row = rows[n]
		}
		if row == nil {
			did.Lost = append(did.Lost, start(strings.Join(line, " "), 30))
			continue
		}
		if row.take(line, columns) {
			did.Rows++
		}
	}
	return did
}

// headerOf names the columns of a header row; one that has no word of ours is none.
func headerOf(line []string) (columns []string, ok bool) {
	for _, cell := range line {
		c := columnOf(cell)
		columns, ok = append(columns, c), ok || c != ""
	}
	return columns, ok
}

func unusedHeaders(line, columns []string) (all []string) {
	for i, c := range columns {
		if c == "" && line[i] != "" {
			all = append(all, line[i])
		}
	}
	return all
}

// guessColumns of a block without a header: the one with titles of the grid, and the others in the
// grid's own order.
func guessColumns(rows []*gridRow, lines [][]string) (columns, unused []string) {
	width := 0
	for _, l := range lines {
		width = max(width, len(l))
	}
	columns = make([]string, width)
	for c := range width {
		hits := 0
		for _, l := range lines {
			if c < len(l) && rowTitled(rows, l[c]) != nil {
				hits++
			}
		}
		if hits*2 > len(lines) {
			columns[c] = "title"
			break
		}
	}
	next := []string{"p", "f", "t"}
	for c := range width {
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
