package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// columnReader gives columns their meaning.
type columnReader struct {
	g      *Grid
	head   header
	end    int // index of the row after the table
	shape  *Shape
	sides  *sideBook
	cols   []Column
	sure   []int
	counts []int // own cells with text below the header
	guess  []int // columns whose meaning comes from their cells
}

func (r *columnReader) read() []Column {
	r.count()
	for c, l := range r.head.labels {
		if l == "" && r.counts[c] == 0 {
			continue
		}
		f, sure := labelField(l)
		if l == "" {
			f, sure = r.fromCells(c)
		}
		col := Column{Column: columnName(c), Header: l, Field: f, index: c}
		col.Side = r.sideOf(l, f)
		r.cols = append(r.cols, col)
		r.sure = append(r.sure, sure)
	}
	r.settleWeak()
	r.settleTitle()
	r.settleLead()
	r.settleProgress()
	r.settleRest()
	r.remembered()
	return r.cols
}

// count counts the cells with text of their own under each header.
func (r *columnReader) count() {
	r.counts = make([]int, len(r.head.labels))
	for i := r.head.last + 1; i < r.end; i++ {
		row := &r.g.Rows[i]
		for c := range row.Cells {
			if c < len(r.counts) && row.Cells[c].Own() != "" && row.Cells[c].Cols <= 1 {
				r.counts[c]++
			}
		}
	}
}

var serialNumber = regexp.MustCompile(`^[(（]?\d{1,4}(\.\d{1,3})?[)）、.]?$`)

// share of a column's own cells for which is holds.
func (r *columnReader) share(c int, is func(string) bool) float64 {
	n, yes := 0, 0
	for i := r.head.last + 1; i < r.end && n < 200; i++ {
		if t := r.g.Rows[i].cell(c).Own(); t != "" {
			n++
			if is(t) {
				yes++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return float64(yes) / float64(n)
}

// fromCells guesses a column without header: numbers to the left are the numbers of the rows.
func (r *columnReader) fromCells(c int) (Field, int) {
	if c <= 1 && r.share(c, serialNumber.MatchString) > 0.6 {
		return Number, likely
	}
	return Extra, unknown
}

func (r *columnReader) sideOf(l string, f Field) string {
	if f != Lead && f != Support && f != Leader && f != Done {
		return ""
	}
	for part := range strings.SplitSeq(l, "/") {
		s := bracketed.ReplaceAllString(fold(part), "")
		if code, ok := r.sides.code(s); ok {
			return code
		}
		if code, rest := r.sides.before(s); code != "" && rest != "" {
			return code
		}
		for _, b := range bracketed.FindAllString(fold(part), -1) {
			if code, ok := r.sides.code(strings.Trim(b, "()[]")); ok {
				return code
			}
		}
	}
	return ""
}

func (r *columnReader) with(f Field) (found []int) {
	for i := range r.cols {
		if r.cols[i].Field == f {
			found = append(found, i)
		}
	}
	return found
}

// settleWeak drops what only a cautious word suggests where a surer column says the same, or where
// the cells say otherwise (单位 may be a unit of measurement).
func (r *columnReader) settleWeak() {
	for i := range r.cols {
		f := r.cols[i].Field
		if r.sure[i] != weak || f == Money || f == Section {
			continue
		}
		surer := slices.ContainsFunc(r.with(f), func(j int) bool { return j != i && r.sure[j] > weak })
		isUnit := r.share(r.cols[i].index, func(t string) bool { return looksLikeUnit(strings.Split(fold(t), "、")[0]) }) >= 0.5
		if surer || f == Lead && !isUnit {
			r.cols[i].Field = Extra
		} else if f == Lead || f == Title && (r.cols[i].Header == "名称" || r.cols[i].Header == "项目") {
			r.guess = append(r.guess, i)
		}
	}
}

// settleTitle picks the column that names the tasks: the one with most texts of its own. One
// before it with fewer (merged down) is a section; one after it tells the measures.
func (r *columnReader) settleTitle() {
	r.levels()
	found := r.with(Title)
	if len(found) == 0 {
		r.promote()
		return
	}
	best := found[0]
	for _, i := range found[1:] {
		if r.counts[r.cols[i].index]*4 > r.counts[r.cols[best].index]*5 {
			best = i
		}
	}
	for _, i := range found {
		if i == best {
			continue
		}
		r.cols[i].Field = r.otherTitle(i, best)
	}
}

var levelTitle = regexp.MustCompile(`^([一二三四])级(?:任务|事项|工作|指标|目录)$`)

// levels: of 一级任务, 二级任务, 三级任务 the deepest that is filled names the task, those above it
// are its sections.
func (r *columnReader) levels() {
	deepest, rank, rows := -1, 0, 0
	var found []int
	for i := range r.cols {
		m := levelTitle.FindStringSubmatch(label(r.cols[i].Header[strings.LastIndex(r.cols[i].Header, "/")+1:]))
		if m == nil {
			continue
		}
		n := r.counts[r.cols[i].index]
		found, rows = append(found, i), max(rows, n)
		if k := numeral(m[1]); k > rank && n*2 > rows {
			deepest, rank = i, k
		}
	}
	if len(found) < 2 || slices.ContainsFunc(r.with(Title), func(i int) bool { return !slices.Contains(found, i) }) {
		return
	}
	for _, i := range found {
		r.cols[i].Field = Section
	}
	r.cols[deepest].Field = Title
}

func (r *columnReader) otherTitle(i, best int) Field {
	if strings.Contains(r.cols[i].Header, "目标") && len(r.with(Target)) == 0 {
		return Target
	}
	if i < best && r.counts[r.cols[i].index]*5 < r.counts[r.cols[best].index]*4 {
		return Section
	}
	if len(r.with(Measures)) == 0 {
		return Measures
	}
	return Extra
}

// promote: a table without a column of tasks has its tasks in the measures, else in the targets.
func (r *columnReader) promote() {
	for _, f := range []Field{Measures, Target} {
		if found := r.with(f); len(found) > 0 {
			r.cols[found[0]].Field = Title
			return
		}
	}
}

// settleLead: 责任单位 is lead only where no column says 牵头 (for the same side).
func (r *columnReader) settleLead() {
	leads := r.with(Lead)
	explicit := slices.ContainsFunc(leads, func(i int) bool { return !saysResponsible(r.cols[i].Header) })
	for n, i := range leads {
		same := slices.ContainsFunc(leads[:n], func(j int) bool { return r.cols[j].Side == r.cols[i].Side })
		switch {
		case explicit && saysResponsible(r.cols[i].Header) && r.cols[i].Side == "":
			r.cols[i].Field = Support
		case same && r.cols[i].Side == "" && saysResponsible(r.cols[i].Header):
			r.cols[i].Field = Support
		}
	}
}

// settleProgress: of several columns of progress the rightmost with text is the present one; 完成情况
// beside another is the state.
func (r *columnReader) settleProgress() {
	found := r.with(Done)
	if len(found) < 2 {
		return
	}
	if len(r.with(Status)) == 0 {
		for k, i := range found {
			if label(r.cols[i].Header) == "完成情况" {
				r.cols[i].Field = Status
				found = slices.Delete(found, k, k+1)
				break
			}
		}
	}
	current := found[0]
	for _, i := range found {
		if r.counts[r.cols[i].index] > 0 {
			current = i
		}
	}
	for _, i := range found {
		if i != current && r.cols[i].Side == r.cols[current].Side || r.cols[i].Side != "" && r.cols[i].Side != r.sides.self && i != current {
			r.cols[i].Field = Extra
		}
	}
}

// settleRest: of the other fields the surest column counts, the first of equals; the rest is kept as extra.
func (r *columnReader) settleRest() {
	for _, f := range []Field{Number, Measures, Leader, Due, Target, Trouble, Next, Status, Note} {
		found := r.with(f)
		if len(found) < 2 || f == Due && r.schedule(found) || f == Target && r.oneHeader(found) {
			continue
		}
		best := found[0]
		for _, i := range found[1:] {
			if r.sure[i] > r.sure[best] {
				best = i
			}
		}
		for _, i := range found {
			if i != best {
				r.cols[i].Field = Extra
			}
		}
	}
}

// schedule: the columns of deadlines are the quarters or months of one wide header (进度安排).
func (r *columnReader) schedule(found []int) bool {
	for _, i := range found {
		if _, leaf, two := cutLast(r.cols[i].Header, "/"); !two || !isPeriod(leaf) {
			return false
		}
	}
	return true
}

// oneHeader: the columns are parts of one, under one wide header (年度目标: 指标, 数值).
func (r *columnReader) oneHeader(found []int) bool {
	above, _, _ := cutLast(r.cols[found[0]].Header, "/")
	for _, i := range found {
		if parent, _, two := cutLast(r.cols[i].Header, "/"); !two || parent != above {
			return false
		}
	}
	return true
}

func isPeriod(leaf string) bool {
	d := ParseDeadline(leaf, 2000)
	return d != nil && d.Kind == By
}

// remembered puts a person's corrections over what was guessed. A field given to one column is
// taken from the column that had it.
func (r *columnReader) remembered() {
	if r.shape == nil {
		return
	}
	for i := range r.cols {
		f, ok := r.shape.Columns[columnKey(r.cols[i])]
		if !ok || !slices.Contains(Fields, f) {
			continue
		}
		for _, j := range r.with(f) {
			if _, told := r.shape.Columns[columnKey(r.cols[j])]; !told && single(f) {
				r.cols[j].Field = Extra
			}
		}
		r.cols[i].Field = f
		r.guess = slices.DeleteFunc(r.guess, func(g int) bool { return g == i })
	}
}

func single(f Field) bool {
	return f != Lead && f != Support && f != Section && f != Money && f != Extra
}

// columnKey names a column in Shape.Columns.
func columnKey(c Column) string {
	if c.Header == "" {
		return "@" + c.Column
	}
	return c.Header
}

// names gives each column the key under which extra keeps it: its header, made unique.
func extraNames(cols []Column) map[int]string {
	names, used := map[int]string{}, map[string]bool{}
	for _, c := range cols {
		n := c.Header
		if n == "" {
			n = "列" + c.Column
		}
		if used[n] {
			n = fmt.Sprintf("%s（%s）", n, c.Column)
		}
		used[n] = true
		names[c.index] = n
	}
	return names
}
