package sheet

import (
	"regexp"
	"slices"
	"strings"
)

// openTask is a paragraph of a work plan that may turn out a task: its units and its deadline can
// stand on lines of their own below it.
type openTask struct {
	row        *GridRow
	text       string
	body       []string
	units, due string
	before     sections // the headings, had this one not been taken for one
}

var (
	unitsLine = regexp.MustCompile(`^[（(【\[〔]?\s*(?:牵头|责任|主办|主责|配合|协办|参与)(?:单位|部门)\s*[:：]`)
	dueLine   = regexp.MustCompile(`^[（(【\[〔]?\s*(?:完成时限|完成时间|时限要求|时限|完成期限|时间节点|时间要求)\s*[:：]\s*(.+?)[）)】\]〕。]?$`)
	// （三）, 三、 before a task where no figure stands.
	chineseBefore = regexp.MustCompile(`^(?:([（(][一二三四五六七八九十]+[)）])|([一二三四五六七八九十]+)、)\s*`)
)

// ownLine says whether a paragraph only names units or a deadline.
func ownLine(text string) bool { return unitsLine.MatchString(text) || dueLine.MatchString(text) }

// paragraph reads one paragraph of a document without tables.
func (r *tableReader) paragraph(row *GridRow) {
	text := row.cell(0).Text
	if ownLine(text) {
		r.below(row, text)
		return
	}
	r.closeTask()
	c, ok := cutUnits(text)
	switch rank := rankOf(text); {
	case ok:
		r.open = nil
		r.proseTask(row, c, nil)
	case rank < noRank:
		r.open = &openTask{row: row, text: text, before: r.path}
		if length(text) <= 60 {
			r.section(row, text)
		}
	case r.open != nil:
		r.open.body = append(r.open.body, text)
	case r.s.Title == "" && length(text) <= 60:
		r.s.Title = text
		if r.list.Title == "" {
			r.list.Title = text
		}
	}
}

// below takes a line of units or of a deadline for the paragraph above it.
func (r *tableReader) below(row *GridRow, text string) {
	if r.open == nil {
		return
	}
	if m := dueLine.FindStringSubmatch(text); m != nil {
		r.open.due = m[1]
		row.became(string(Due))
		return
	}
	r.open.units = strings.TrimPrefix(r.open.units+"；"+strings.Trim(text, "（(【[〔）)】]〕。"), "；")
	row.became(string(Lead))
}

// closeTask makes a task of the open paragraph when lines below it named units.
func (r *tableReader) closeTask() {
	o := r.open
	if o == nil || o.units == "" {
		return
	}
	r.open, r.path = nil, o.before
	r.proseTask(o.row, cut{text: o.text, units: o.units, deadline: o.due}, o.body)
}

// proseTask keeps a task of a paragraph: its first sentence names it, the rest are its measures.
func (r *tableReader) proseTask(row *GridRow, c cut, body []string) {
	out := Row{Row: row.Num, Section: slices.Clone(r.path.names)}
	text := ""
	if out.Number, text = numberBefore(c.text); out.Number == "" {
		if m := chineseBefore.FindStringSubmatch(text); m != nil {
			out.Number, text = m[1]+m[2], text[len(m[0]):]
		}
	}
	head, rest, found := strings.Cut(text, "。")
	out.Title = oneLine(head)
	if found && rest != "" {
		body = append([]string{prose(rest)}, body...)
	}
	out.Measures = strings.Join(body, "\n")
	r.mark(row)
	r.readUnits(row, &out, c.units, 0, 1)
	r.readDeadline(row, &out, c.deadline, 0, 1)
	r.s.Rows = append(r.s.Rows, out)
}

// untilWhen finds "6月底前", "年底前" in running text: only what says "by" is a deadline there.
var untilWhen = regexp.MustCompile(`(?:20\d\d年|今年|明年)?(?:\d{1,2}月(?:\d{1,2}日|[上中下]旬|中旬|底|末)?|[一二三四]季度末?|上半年|年|国庆节?|五一)(?:底|末)?(?:之前|以前|前)`)

// dueInProse reads the deadline out of a task's own words, for a list that has no place for it.
// The texts are joined as a cell would have them; "" where the words name none.
func dueInProse(out *Row) string {
	return strings.Join(untilWhen.FindAllString(out.Title+"。"+out.Measures, -1), "；")
}
