package sheet

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// task makes the rows of one row of the grid: one, or several where a cell held several tasks.
func (r *tableReader) task(row *GridRow) {
	title, titleCol := r.valueAt(row, Title)
	base := Row{Row: row.Num, Hidden: row.Hidden, Number: cleanNumber(r.value(row, Number))}
	base.Measures = prose(r.value(row, Measures))
	if title == "" {
		var ok bool
		if title, ok = r.untitled(row, &base); !ok {
			return
		}
	}
	if head, list, ok := leadInOf(title); ok && base.Measures == "" {
		title, base.Measures = head, list
	}
	r.fresh = false
	r.notes = false // a full row: what seemed notes were not the end
	r.mark(row)
	r.plain(row, &base)
	base.Section = r.sectionOf(row)
	parts := splitTasks(title)
	if len(parts) > 1 {
		r.problem(row.Num, titleCol, TasksSplit, "如果它们是一项任务的几个步骤，请在预览中合并。", "一格内有 %d 项任务，已分为 %d 行。", len(parts), len(parts))
	}
	for i, text := range parts {
		one := base
		one.Extra = maps.Clone(base.Extra)
		one.Title = oneLine(text)
		if len(parts) > 1 {
			one.Part = i + 1
			r.share(&one, i, len(parts))
		}
		r.finish(row, &one, max(titleCol, 0), i, len(parts))
	}
}

// untitled finds a task for a row without one: that of the row above when the row goes on below it,
// else its measures.
func (r *tableReader) untitled(row *GridRow, base *Row) (string, bool) {
	_, col := r.valueAt(row, Title)
	col = max(col, 0)
	rest := base.Measures != "" || r.value(row, Lead) != "" || r.value(row, Target) != ""
	if n := len(r.s.Rows); rest && base.Number == "" && n > 0 && !r.fresh {
		above := &r.s.Rows[n-1]
		base.Number = above.Number
		r.problem(row.Num, col, TitleCarried, "如不正确，请在原表中补上任务名称。", "本行没有任务名称，按上一行的任务读入。")
		return above.Title, true
	}
	if base.Measures != "" {
		r.problem(row.Num, col, TitleMissing, "请补上任务名称。", "本行没有任务名称，暂以主要内容代替。")
		return base.Measures, true
	}
	if own, _ := row.own(); own > 1 || base.Number == "" {
		r.problem(row.Num, col, RowUnread, "请检查本行是否错位，或补上任务名称。", "本行有内容但没有任务名称，未读入。")
	}
	row.became("skip")
	return "", false
}

// mark tells the preview what each cell of a task became.
func (r *tableReader) mark(row *GridRow) {
	for _, c := range r.cols {
		if cell := row.cell(c.index); cell.Text != "" {
			cell.Became = string(c.Field)
		}
	}
}

// measured are the headers of a column that says how much of what stands beside it: 完成投资 | 12.5亿元.
var measured = regexp.MustCompile(`数值|目标值|数量|年度值|^值$|^数$|^量$|^单位$`)

// target joins the columns that are parts of one: a name and its figure become one text, what is due in a time says so.
func (r *tableReader) target(row *GridRow) string {
	out := ""
	for _, c := range r.cols {
		text := prose(row.cell(c.index).Text)
		if c.Field != Target || text == "" || nothing.MatchString(text) {
			continue
		}
		_, leaf, two := cutLast(c.Header, "/")
		switch {
		case two && isPeriod(leaf):
			text = leaf + "：" + text
			fallthrough
		case out != "" && !measured.MatchString(label(leaf)):
			if out != "" {
				out += "；"
			}
		}
		out += text
	}
	return out
}

// plain fills the fields that are taken as they stand.
func (r *tableReader) plain(row *GridRow, out *Row) {
	out.Leader = r.value(row, Leader)
	out.Target = r.target(row)
	out.Progress = r.value(row, Done)
	out.Problem = r.value(row, Trouble)
	out.Next = r.value(row, Next)
	out.Status = r.value(row, Status)
	out.Note = prose(r.value(row, Note))
	for _, c := range r.cols {
		text := row.cell(c.index).Text
		if text == "" || c.Field != Extra && c.Field != Money {
			continue
		}
		if out.Extra == nil {
			out.Extra = map[string]string{}
		}
		out.Extra[r.extra[c.index]] = text
		if c.Field == Money {
			out.Money = append(out.Money, amount(c.Header, text, r.s.Unit))
		}
	}
}

var (
	headerUnit = regexp.MustCompile(`(亿元|万元|百万元|千元|元|万亩|亩|公里)`)
	figure     = regexp.MustCompile(`^-?\d{1,15}(\.\d{1,10})?$`)
	grouped    = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)
)

// amount reads a figure of a money column; its unit is that of the cell, the header, or the sheet.
func amount(header, text, unit string) Amount {
	a := Amount{Header: header, Text: text, Unit: unit}
	if m := headerUnit.FindString(header); m != "" {
		a.Unit = m
	}
	s := fold(text)
	if m := headerUnit.FindString(s); m != "" && strings.HasSuffix(s, m) {
		a.Unit, s = m, strings.TrimSuffix(s, m)
	}
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if figure.MatchString(s) {
		a.Value = s
	}
	return a
}

// sectionOf is the path of headings and then of section columns; a blank section cell means the one above.
func (r *tableReader) sectionOf(row *GridRow) []string {
	out := slices.Clone(r.path.names)
	for _, c := range r.cols {
		if c.Field != Section {
			continue
		}
		if t := oneLine(row.cell(c.index).Text); t != "" {
			r.class[c.index] = t
		}
		if t := r.class[c.index]; t != "" && (len(out) == 0 || out[len(out)-1] != t) {
			out = append(out, t)
		}
	}
	return out
}

// finish reads units and deadline of one task and keeps it.
func (r *tableReader) finish(row *GridRow, out *Row, titleCol, part, parts int) {
	c, cutAny := r.cutFrom(row, out)
	r.readUnits(row, out, c.units, part, parts)
	r.readDeadline(row, out, c.deadline, part, parts)
	if !r.has(Number) {
		out.Number, out.Title = numberBefore(out.Title)
		r.inline = r.inline || out.Number != ""
	}
	if cutAny && out.Title == "" {
		out.Title = c.text
	}
	r.aboutLead(row, out)
	r.repeated(row, out, titleCol)
	r.s.Rows = append(r.s.Rows, *out)
}

// aboutLead: nobody is named who would do the work.
func (r *tableReader) aboutLead(row *GridRow, out *Row) {
	if len(out.Lead)+len(out.Sides) > 0 || !r.has(Lead) {
		return
	}
	_, col := r.valueAt(row, Lead)
	said := "“%s”没有写明牵头单位。"
	if out.Shared {
		said = "“%s”只写了按职责分工负责，没有写明是哪些单位。"
	}
	r.problem(row.Num, max(col, 0), LeadMissing, "请补上牵头单位，或导入后在任务页指定。", said, short(out.Title))
}

// cutFrom looks for "（责任单位：…）" at the end of task, measures and target when no column names units.
func (r *tableReader) cutFrom(row *GridRow, out *Row) (cut, bool) {
	if r.value(row, Lead) != "" {
		return cut{}, false
	}
	for _, text := range []*string{&out.Title, &out.Measures, &out.Target} {
		if c, ok := cutUnits(*text); ok {
			*text = c.text
			return c, true
		}
	}
	return cut{units: r.path.units()}, false
}

// repeated names numbers and tasks that stand twice.
func (r *tableReader) repeated(row *GridRow, out *Row, titleCol int) {
	_, numberCol := r.valueAt(row, Number)
	if out.Number != "" && out.Part <= 1 && numberCol >= 0 && !row.cell(numberCol).Carried && row.cell(numberCol).Text != "" {
		key := strings.Join(r.path.names, "\x00") + "\x01" + out.Number
		if first := r.numbers[key]; first > 0 {
			r.problem(row.Num, numberCol, NumberTwice, "请核对序号。", "序号“%s”与第 %d 行重复。", out.Number, first)
		} else {
			r.numbers[key] = row.Num
		}
	}
	key := strings.Join([]string{fold(out.Title), fold(out.Measures), strings.Join(out.Lead, ","), strings.Join(out.Support, ","), fold(out.Target)}, "\x00")
	if first := r.twice[key]; first > 0 && first != row.Num {
		r.problem(row.Num, titleCol, RowTwice, "请核对是否重复列入；确需保留可忽略。", "“%s”与第 %d 行内容相同。", short(out.Title), first)
	} else {
		r.twice[key] = row.Num
	}
}

func short(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// cleanNumber is the list's own number: "1、" is 1, "1.0" is 1, "（一）" stays.
func cleanNumber(s string) string {
	s = strings.ReplaceAll(oneLine(s), " ", "")
	s = strings.TrimRight(s, "、.．，,")
	if n, err := strconv.Atoi(strings.TrimSuffix(s, ".0")); err == nil && strings.HasSuffix(s, ".0") {
		return strconv.Itoa(n)
	}
	return s
}

var beforeTitle = regexp.MustCompile(`^\s*(?:(\d{1,3})\s*[、.．]|[（(]\s*(\d{1,3})\s*[)）])\s*(\D)`)

// numberBefore takes the number off a task where the list has no column for it.
func numberBefore(title string) (number, rest string) {
	m := beforeTitle.FindStringSubmatchIndex(title)
	if m == nil {
		return "", title
	}
	if m[2] < 0 {
		return title[m[4]:m[5]], title[m[6]:]
	}
	return title[m[2]:m[3]], title[m[6]:]
}

var taskMark = regexp.MustCompile(`[（(]\s*(\d{1,2})\s*[)）]|(\d{1,2})\s*[、.．)）]|([①-⑳])`)

// splitTasks parts "1、…2、…" into its tasks; a text without that is one task. The numbers must
// begin the text and rise by one; "1.5万亩" is no number of a task.
func splitTasks(text string) []string {
	marks := taskMark.FindAllStringSubmatchIndex(text, -1)
	var starts, ends []int
	for _, m := range marks {
		if markNumber(text, m) != len(starts)+1 || !freeMark(text, m[0], m[1], len(starts) == 0) {
			continue
		}
		starts, ends = append(starts, m[0]), append(ends, m[1])
	}
	if len(starts) < 2 {
		return []string{text}
	}
	var out []string
	for i := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		part := strings.Trim(text[ends[i]:end], " \n；;，,")
		if length(part) < 4 {
			return []string{text}
		}
		out = append(out, part)
	}
	return out
}

func markNumber(text string, m []int) int {
	for g := 1; g <= 2; g++ {
		if m[2*g] >= 0 {
			n, _ := strconv.Atoi(text[m[2*g]:m[2*g+1]])
			return n
		}
	}
	return int([]rune(text[m[6]:m[7]])[0]-'①') + 1
}

// freeMark: the mark begins the text, or follows an end of line or sentence; no digit follows a dot.
func freeMark(text string, from, to int, first bool) bool {
	dot := strings.HasSuffix(text[from:to], ".") || strings.HasSuffix(text[from:to], "．")
	if dot && to < len(text) && text[to] >= '0' && text[to] <= '9' {
		return false
	}
	before := strings.TrimRight(text[:from], " ")
	if first {
		return before == ""
	}
	if before == "" {
		return false
	}
	return len(before) < from || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, "。") ||
		strings.HasSuffix(before, "；") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "）") || strings.HasSuffix(before, "，")
}

// share gives one of several tasks its part of the numbered texts beside it.
func (r *tableReader) share(out *Row, part, parts int) {
	for _, text := range []*string{&out.Measures, &out.Target, &out.Progress, &out.Problem, &out.Next, &out.Status, &out.Note} {
		*text = partOf(*text, part, parts)
	}
}

var numberedLines = regexp.MustCompile(`\n\s*(?:1\s*[、.．]|[（(]1[)）]|①)`)

// leadInOf parts a task and the numbered steps that stand on lines below it.
func leadInOf(title string) (head, steps string, ok bool) {
	m := numberedLines.FindStringIndex(title)
	if m == nil || m[0] == 0 || len(splitShort(title[m[0]+1:])) < 2 {
		return title, "", false
	}
	return title[:m[0]], title[m[0]+1:], true
}

// partMark is what Fill writes before the progress of each of several tasks in one row.
var partMark = regexp.MustCompile(`【第\d{1,2}项】`)

// partOf is the part of a numbered text that has as many parts; else the whole.
func partOf(text string, part, parts int) string {
	if marks := partMark.FindAllStringIndex(text, -1); len(marks) == parts && parts > 1 && marks[0][0] == 0 {
		end := len(text)
		if part+1 < parts {
			end = marks[part+1][0]
		}
		return strings.TrimSpace(text[marks[part][1]:end])
	}
	if split := splitShort(text); parts > 1 && len(split) == parts {
		return split[part]
	}
	return text
}

// splitShort parts numbered text whose parts may be short or empty: dates, units, progress.
func splitShort(text string) []string {
	marks := taskMark.FindAllStringSubmatchIndex(text, -1)
	var out []string
	end := -1
	for _, m := range marks {
		if markNumber(text, m) != len(out)+1 || !freeMark(text, m[0], m[1], end < 0) {
			continue
		}
		if end >= 0 {
			out[len(out)-1] = strings.Trim(text[end:m[0]], " \n；;，,")
		}
		out, end = append(out, ""), m[1]
	}
	if end >= 0 {
		out[len(out)-1] = strings.Trim(text[end:], " \n；;，,")
	}
	return out
}
