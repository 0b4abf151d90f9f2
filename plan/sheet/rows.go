package sheet

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// tableReader reads the rows of one table, top down.
type tableReader struct {
	*lister
	t       table
	s       *Sheet
	cols    []Column
	labels  [][2]string    // of each column: leaf and whole header
	extra   map[int]string // names of the columns kept under extra
	counts  []int
	path    sections
	class   map[int]string // the last text of each section column
	notes   bool           // notes have begun; single cells are notes from here
	inline  bool           // tasks bear their number before their text
	fresh   bool           // a heading stands between the last task and here
	open    *openTask      // of a document without tables
	numbers map[string]int
	organ   string // what stands over the document's number: 遂潼一体化发展办公室
	named   bool   // the list was named in the quotes of the notice that issues it
	twice   map[string]int
	cache   map[string]unitCell
	dates   map[string]*Deadline
	year    int
	hidden  int
}

// readTable fills a sheet and returns how many tasks it holds.
func (l *lister) readTable(t table, s *Sheet, shape *Shape) int {
	r := &tableReader{lister: l, t: t, s: s, class: map[int]string{}, numbers: map[string]int{}, twice: map[string]int{}, cache: map[string]unitCell{}, dates: map[string]*Deadline{}, year: l.list.Year}
	if t.head.first < 0 && len(t.head.labels) == 0 {
		r.unread()
		return 0
	}
	c := &columnReader{g: t.g, head: t.head, end: t.end, shape: shape, sides: l.sides}
	r.cols = c.read()
	r.counts, r.extra, s.Columns = c.counts, extraNames(r.cols), r.cols
	for _, c := range r.cols {
		r.labels = append(r.labels, [2]string{label(c.Header[strings.LastIndex(c.Header, "/")+1:]), label(c.Header)})
	}
	r.above()
	r.ditto()
	for i := t.head.last + 1; i < t.end; i++ {
		if t.g.prose {
			r.paragraph(&t.g.Rows[i])
		} else {
			r.row(&t.g.Rows[i])
		}
	}
	r.closeTask()
	r.aboutSheet(c.guess)
	s.Import = !s.Hidden && len(s.Rows) > 0
	return len(s.Rows)
}

// sameAbove is what offices write for "as in the cell above".
var sameAbove = regexp.MustCompile(`^(?:同上|同前|[〃″＂"]|〃〃|''|‘’|“”|,,)$`)

// ditto puts the text of the cell above where a cell says that it is the same. Numbers stay.
func (r *tableReader) ditto() {
	for _, c := range r.cols {
		if c.Field == Number {
			continue
		}
		above := ""
		for i := r.t.head.last + 1; i < r.t.end; i++ {
			cell := r.t.g.Rows[i].cell(c.index)
			if above != "" && len(cell.Text) <= 10 && sameAbove.MatchString(strings.ReplaceAll(cell.Text, " ", "")) {
				cell.Text = above
			}
			if cell.Text != "" {
				above = cell.Text
			}
		}
	}
}

// unread: a sheet without a table. A cover is silent; a sheet full of cells is named.
func (r *tableReader) unread() {
	cells := 0
	for i := range r.t.g.Rows {
		n, _ := r.t.g.Rows[i].own()
		cells += n
	}
	if cells > 30 && r.t.g.Width > 2 && r.list.Kind != "docx" {
		r.problem(0, 0, SheetUnread, "如果它是清单，请检查表头是否有“工作任务”“责任单位”等列名。", "没有在这张表里找到任务清单的表头，整张表未读入。")
	}
}

// problem adds one at a cell; row 0: the whole sheet.
func (r *tableReader) problem(row, col int, code Code, suggestion, format string, args ...any) {
	if r.s.Hidden && code != SheetHidden {
		return // it is not imported; its faults would hide those of the others
	}
	cell := ""
	if row > 0 {
		cell = cellName(row, col)
	}
	r.list.Problems = append(r.list.Problems, problemf(r.s.Name, cell, code, suggestion, format, args...))
}

// above reads title, unit of money and first sections from the text over the header.
func (r *tableReader) above() {
	for _, s := range aboveTable(r.t) {
		r.aboveText(s)
	}
	for i := r.t.from; i < r.t.head.first; i++ {
		r.t.g.Rows[i].became("title")
	}
	r.s.Title = cmp.Or(r.s.Title, r.organ)
	if r.s.Title != "" && r.list.Title == "" {
		r.list.Title = r.s.Title
	}
}

func (r *tableReader) aboveText(s string) {
	if m := unitRow.FindStringSubmatch(s); m != nil {
		r.s.Unit = m[1]
		return
	}
	plain := fold(s)
	switch {
	case annexRow.MatchString(plain), stampRow.MatchString(plain), length(plain) < 4:
	case !r.named && !titleEnd.MatchString(r.s.Title) && issuesAnother.MatchString(s):
		r.s.Title, r.named = oneLine(issuesAnother.FindStringSubmatch(s)[1]), true
	case !r.named && !titleEnd.MatchString(r.s.Title) && numberAlone.MatchString(docNumber.ReplaceAllLiteralString(strings.ReplaceAll(plain, " ", ""), "№")):
		r.organ, r.s.Title = cmp.Or(r.organ, r.s.Title), "" // what stood over the number was the letterhead
	case isHeading(s) && length(s) <= 40 && (r.s.Title != "" || r.list.Kind == "docx"):
		r.path.push(prose(s))
	case r.s.Title != "" && !r.named && length(s) <= 60 && !titleEnd.MatchString(r.s.Title) && titleEnd.MatchString(s):
		r.s.Title += oneLine(s) // a title of two lines
	case r.s.Title == "" && length(s) <= 80 && docNumber.FindString(plain) != plain:
		r.s.Title = oneLine(s)
	}
}

// row decides what a row is: header again, total, note, section, or a task.
func (r *tableReader) row(row *GridRow) {
	r.failed(row)
	if row.Hidden {
		r.hidden++
	}
	own, first := row.own()
	text := row.cell(first).Text
	switch {
	case r.headerAgain(row, own):
		row.became("header")
	case totalRow.MatchString(strings.ReplaceAll(text, " ", "")):
		row.became("total")
	case own == 1 && r.single(row, first, text), own > 1 && r.footer(row, text):
	case r.sectionOfTwo(row, own):
	default:
		r.task(row)
	}
}

// failed names cells that show an error or a formula without value.
func (r *tableReader) failed(row *GridRow) {
	for c := range row.Cells {
		switch cell := &row.Cells[c]; {
		case cell.Failed:
			r.problem(row.Num, c, CellError, "请在原表中改正后再导入，或在导入后补填。", "单元格显示为错误值，未读入内容。")
		case cell.NoValue && cell.Text == "":
			r.problem(row.Num, c, FormulaNoValue, "请用 WPS 或 Office 打开并保存一次，或把公式改成数值。", "单元格是公式但没有保存结果，本平台不计算公式。")
		}
	}
}

// headerAgain: a header repeated on the next page, or the row of column numbers under it.
func (r *tableReader) headerAgain(row *GridRow, own int) bool {
	same, counting := 0, 0
	for i, c := range r.cols {
		t := row.cell(c.index).Own()
		if t == "" || len(t) > longestLabel {
			continue
		}
		if l := label(t); l != "" && (l == r.labels[i][0] || l == r.labels[i][1]) {
			same++
		}
		if n := strings.Trim(fold(t), "()栏列"); n == fmt.Sprint(c.index+1) {
			counting++
		}
	}
	return same >= 2 && same*3 >= own*2 || counting >= 3 && counting == own
}

// footer: "填表人：… 审核人：…" parted over cells, and notes in several cells.
func (r *tableReader) footer(row *GridRow, text string) bool {
	if !isNote(text) || r.value(row, Title) != "" && !isNote(r.value(row, Title)) && !formFooter.MatchString(text) {
		return false
	}
	r.s.Notes = append(r.s.Notes, rowText(*row))
	row.became("note")
	return true
}

// single places a row with one text: a note, a section, a part of the task above. False: a task.
func (r *tableReader) single(row *GridRow, col int, text string) bool {
	field := r.fieldAt(col)
	cell := row.cell(col)
	wide := cell.Cols > 1
	if r.carriesTask(row) && !wide {
		return false
	}
	switch {
	case isNote(text) || r.notes && (wide || field == Number || field == Title || col == 0):
		r.notes = true
		r.s.Notes = append(r.s.Notes, text)
		row.became("note")
	case unitRow.MatchString(text) && length(text) < 20:
		row.became("unit")
	case wide || rankOf(text) <= 2 && length(text) <= 60:
		r.section(row, text)
	case field == Number && serialNumber.MatchString(text):
		row.became("skip") // a numbered row nobody filled in
	case field == Section:
		r.class[col] = oneLine(text)
		row.became(string(Section))
	case field == Title && (r.bare() || r.inline && !r.has(Number) && rankOf(text) >= 3 && rankOf(text) < noRank || length(text) > 60 || r.namesUnits(text)):
		return false
	case field == Title || field == Number || col == r.cols[0].index:
		r.section(row, text)
	default:
		return false
	}
	return true
}

// bare: the table has no units and no dates at all, so a task cannot be known by them.
func (r *tableReader) bare() bool {
	for _, c := range r.cols {
		if (c.Field == Lead || c.Field == Support || c.Field == Due || c.Field == Number) && r.counts[c.index] > 0 {
			return false
		}
	}
	return true
}

func (r *tableReader) namesUnits(text string) bool {
	_, ok := cutUnits(text)
	return ok
}

// carriesTask: number, task, units or deadline come from merged cells above.
func (r *tableReader) carriesTask(row *GridRow) bool {
	for _, c := range r.cols {
		switch c.Field {
		case Number, Title, Lead, Due:
			if row.cell(c.index).Carried {
				return true
			}
		}
	}
	return false
}

func (r *tableReader) section(row *GridRow, text string) {
	r.path.push(oneLine(text))
	r.fresh = true
	clear(r.class)
	row.became("section")
}

var chineseMark = regexp.MustCompile(`^(第?[一二三四五六七八九十百]+[、.．]?(部分|章|类)?|[（(][一二三四五六七八九十]+[)）])$`)

// sectionOfTwo: "一" in the column of numbers and "基础设施" in that of tasks, nothing more; or a
// heading in the column of tasks beside a remark.
func (r *tableReader) sectionOfTwo(row *GridRow, own int) bool {
	if own < 2 || r.value(row, Lead) != "" || r.value(row, Due) != "" || r.value(row, Support) != "" {
		return false
	}
	number, title := r.own(row, Number), r.own(row, Title)
	switch {
	case title == "" || r.value(row, Done) != "":
		return false
	case chineseMark.MatchString(number): // sums may stand beside it
		r.section(row, joinNumber(number, title))
	case own <= 3 && number == "" && rankOf(title) <= 2 && length(title) <= 60:
		r.section(row, title)
	default:
		return false
	}
	return true
}

func (r *tableReader) fieldAt(col int) Field {
	for _, c := range r.cols {
		if c.index == col {
			return c.Field
		}
	}
	return ""
}

// value is the text of the first column with that field that has any, merged cells carried down.
func (r *tableReader) value(row *GridRow, f Field) string {
	text, _ := r.valueAt(row, f)
	return text
}

// valueAt tells the column too; where no column has a text, that of the first such column, or -1.
func (r *tableReader) valueAt(row *GridRow, f Field) (string, int) {
	at := -1
	for _, c := range r.cols {
		if c.Field != f {
			continue
		}
		if t := row.cell(c.index).Text; t != "" && !nothing.MatchString(t) {
			return t, c.index
		}
		if at < 0 {
			at = c.index
		}
	}
	return "", at
}

func (r *tableReader) own(row *GridRow, f Field) string {
	for _, c := range r.cols {
		if c.Field == f {
			return row.cell(c.index).Own()
		}
	}
	return ""
}

// aboutSheet adds the problems that concern a whole table.
func (r *tableReader) aboutSheet(guess []int) {
	if r.s.Hidden {
		r.problem(0, 0, SheetHidden, "如需导入，请取消隐藏或在预览中勾选。", "工作表已隐藏，其中有 %d 项任务，默认不导入。", len(r.s.Rows))
	}
	if r.hidden > 0 {
		r.problem(0, 0, RowsHidden, "如不需要，请在原表中删除后再导入。", "有 %d 行在原表中被隐藏，已照常读入。", r.hidden)
	}
	r.hiddenColumns()
	if r.t.g.columns {
		r.problem(0, 0, ColumnsCut, "请确认右侧没有需要的内容。", "列数超过上限，右侧的列未读入。")
	}
	top := r.t.g.Rows[max(r.t.head.first, 0)].Num
	for _, c := range r.cols {
		if c.Header == "" && r.counts[c.index] > 0 && c.Field == Extra {
			r.problem(top, c.index, ColumnUnnamed, "请补上列名，或在预览中指定它的含义。", "%s列有内容但没有列名，已原样保留。", c.Column)
		}
	}
	if r.t.head.guessed {
		r.problem(r.t.g.Rows[r.t.head.last+1].Num, 0, HeaderMissing, "请核对各列的含义；最好在原表中补上“序号、工作任务、责任单位、完成时限”等列名。", "这张表没有表头，各列的含义是按内容推断的。")
	}
	for _, i := range guess {
		r.problem(top, r.cols[i].index, ColumnGuessed, "如不正确，请在预览中改选这一列的含义，以后同样的表会记住。", "列名“%s”含义不明确，按内容当作%s。", r.cols[i].Header, fieldWord[r.cols[i].Field])
	}
	if len(r.s.Rows) > 0 && !r.has(Lead) && r.leadless() {
		r.problem(top, 0, LeadMissing, "请在清单中加上“牵头单位”列，或导入后逐项指定。", "这张表没有牵头单位或责任单位。")
	}
}

func (r *tableReader) hiddenColumns() {
	var names []string
	for _, c := range r.cols {
		if r.t.g.hidden[c.index] && r.counts[c.index] > 0 {
			names = append(names, c.Column+"列“"+cmp.Or(c.Header, "无列名")+"”")
		}
	}
	if len(names) > 0 {
		r.problem(0, 0, ColumnsHidden, "如不需要，请在原表中删除后再导入。", "%s在原表中被隐藏，已照常读入。", strings.Join(names, "、"))
	}
}

var fieldWord = map[Field]string{Lead: "“牵头单位”", Title: "“工作任务”"}

func (r *tableReader) has(f Field) bool {
	for _, c := range r.cols {
		if c.Field == f {
			return true
		}
	}
	return false
}

func (r *tableReader) leadless() bool {
	for i := range r.s.Rows {
		if len(r.s.Rows[i].Lead) > 0 {
			return false
		}
	}
	return true
}
