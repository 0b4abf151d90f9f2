package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// readUnits reads the cells of units of one row, or the units its prose named.
func (r *tableReader) readUnits(row *GridRow, out *Row, fromProse string, part, parts int) {
	sum := unitCell{sides: map[string]Units{}}
	beside := false // 按职责分工负责 as all that the column of supporting units says
	col := -1
	for _, c := range r.cols {
		if c.Field != Lead && c.Field != Support {
			continue
		}
		text := partOf(row.cell(c.index).Text, part, parts)
		if text == "" {
			continue
		}
		if col < 0 {
			col = c.index
		}
		cell := r.unitCell(text, c.Field, c.Side, c.Field == Lead && saysResponsible(c.Header) && !r.has(Support))
		r.resolve(row.Num, c.index, cell)
		if c.Field == Support && cell.shared && len(cell.own.Lead)+len(cell.own.Support)+len(cell.sides) == 0 {
			beside, cell.shared = true, false
		}
		sum.join(cell)
	}
	sum.shared = sum.shared || beside && !sum.oneLeads()
	if fromProse != "" && len(sum.own.Lead) == 0 { // also beside a column that only says 按职责分工负责
		_, titleCol := r.valueAt(row, Title)
		cell := r.unitCell(fromProse, Lead, "", !sum.shared)
		r.resolve(row.Num, max(titleCol, 0), cell)
		sum.join(cell)
		if col < 0 {
			col = titleCol
		}
	}
	col = max(col, 0)
	out.Lead, out.Support, out.Shared = slices.Clone(sum.own.Lead), slices.Clone(sum.own.Support), sum.shared
	if len(sum.sides) > 0 {
		out.Sides = sum.sides
	}
	if out.Leader == "" && len(sum.people) > 0 {
		out.Leader = strings.Join(sum.people, "、")
	}
	if sum.shared && (len(out.Lead)+len(out.Sides) > 0 || !r.has(Lead)) { // else nobody is named at all, and that is said
		r.problem(row.Num, col, LeadShared, "请指定一个牵头单位；不指定则各单位按职责各自填报。", "“%s”由几个单位按职责分工负责，没有唯一的牵头单位。", short(out.Title))
	}
}

// oneLeads says that one unit leads, or one of each side.
func (c *unitCell) oneLeads() bool {
	for _, u := range c.sides {
		if len(u.Lead) != 1 {
			return false
		}
	}
	return len(c.own.Lead) == 1 || len(c.own.Lead) == 0 && len(c.sides) > 0
}

func (c *unitCell) join(more unitCell) {
	c.add("", more.own)
	for side, u := range more.sides {
		c.add(side, u)
	}
	c.shared = c.shared || more.shared
	for _, p := range more.people {
		if !slices.Contains(c.people, p) {
			c.people = append(c.people, p)
		}
	}
}

// unitCell reads a text once: the same units stand in many rows.
func (r *tableReader) unitCell(text string, role Field, side string, first bool) unitCell {
	key := string(role) + side + strconv.FormatBool(first) + "\x00" + text
	if c, ok := r.cache[key]; ok {
		return c
	}
	u := unitReader{sides: r.sides, known: r.units.knows, role: role, first: first, side: side}
	c := u.read(text)
	r.cache[key] = c
	return c
}

// knows says whether a name stands in the directory as it is.
func (b *unitBook) knows(name string) bool {
	if _, ok := b.exact[plainName(name)]; ok {
		return true
	}
	_, ok := b.groups[groupName(name)]
	return ok
}

// resolve looks up every name of a cell once and names the unknown ones where they first stand.
func (r *tableReader) resolve(row, col int, cell unitCell) {
	for _, n := range slices.Concat(cell.own.Lead, cell.own.Support) {
		r.resolveName(row, col, "", n)
	}
	for _, side := range sortedKeys(cell.sides) {
		u := cell.sides[side]
		for _, n := range slices.Concat(u.Lead, u.Support) {
			r.resolveName(row, col, side, n)
		}
	}
}

func sortedKeys(m map[string]Units) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (r *tableReader) resolveName(row, col int, side, name string) {
	key := UnitKey(side, name)
	m, done := r.list.Resolved[key]
	if !done {
		m = r.units.match(side, name)
		r.list.Resolved[key] = m
	}
	if r.told[key] || r.s.Hidden || m.Known() {
		return
	}
	r.told[key] = true
	if _, taken := m.Taken(); m.Of != "" && m.By != AsNew && !taken {
		place := r.sides.name(m.Of)
		r.problem(row, col, UnitOfNeighbour, "拟登记为"+place+"（"+m.Of+"）的单位，请其认领；是本方单位的，请改选。", "“%s”以%s开头，像是%s的单位。", name, place, place)
	}
	if len(r.opt.Directory.Units) > 0 {
		r.aboutUnit(row, col, name, m)
	}
}

// aboutUnit says what becomes of an unknown name unless somebody decides otherwise.
func (r *tableReader) aboutUnit(row, col int, name string, m UnitMatch) {
	_, taken := m.Taken()
	switch {
	case m.By == AsNew:
	case taken:
		r.problem(row, col, UnitUnknown, "拟作 "+proposalWords(m.Proposals[:1])+"；不是的话请改选，或作为新单位登记。", "单位名录中没有“%s”。", name)
	case len(m.Proposals) > 1 && m.Proposals[0].Score == m.Proposals[1].Score && m.Proposals[0].Score > 0.95:
		r.problem(row, col, UnitAmbiguous, "请选定是哪一个："+proposalWords(m.Proposals)+"。", "名录中有几个单位都叫“%s”。", name)
	case len(m.Proposals) > 0:
		r.problem(row, col, UnitUnknown, "是否为 "+proposalWords(m.Proposals)+"？不选定则作为新单位登记；选定后以后会记住。", "单位名录中没有“%s”。", name)
	default:
		r.problem(row, col, UnitUnknown, "请从名录中选定，或作为新单位加入名录。", "单位名录中没有“%s”，也没有相近的名称。", name)
	}
}

func proposalWords(ps []Proposal) string {
	var words []string
	for _, p := range ps {
		words = append(words, "“"+p.Name+"”（"+strconv.Itoa(int(p.Score*100))+"%）")
	}
	return strings.Join(words, "、")
}

var (
	monthHeader = regexp.MustCompile(`[(（]月份?[)）]|月份$`)
	onlyMonth   = regexp.MustCompile(`^(1[0-2]|[1-9])$`)
	lostZero    = regexp.MustCompile(`^20\d\d\.1$`)
)

// readDeadline reads the cell of the deadline, else what the prose said.
func (r *tableReader) readDeadline(row *GridRow, out *Row, fromProse string, part, parts int) {
	text, col := r.valueAt(row, Due)
	if d := r.scheduled(row); d != nil {
		out.Deadline = d
		r.aboutDeadline(row, out, max(col, 0), r.year)
		return
	}
	text = partOf(text, part, parts)
	if text == "" && fromProse != "" {
		text = fromProse
	}
	if text == "" && !r.has(Due) {
		if text = dueInProse(out); text != "" {
			_, at := r.valueAt(row, Title)
			r.problem(row.Num, max(at, 0), DeadlineInText, "如不正确，请在清单中加上“完成时限”列。", "清单没有完成时限一栏，“%s”的时限取自正文：%s。", short(out.Title), text)
		}
	}
	year := r.year
	if col >= 0 {
		head := r.header(col)
		if m := titleYear.FindStringSubmatch(fold(head)); m != nil {
			year, _ = strconv.Atoi(m[1])
		}
		if monthHeader.MatchString(head) && onlyMonth.MatchString(text) {
			text += "月"
		}
	}
	out.Deadline = r.deadline(text, year)
	r.aboutDeadline(row, out, max(col, 0), year)
}

// scheduled reads a row whose deadlines stand in several columns, one for each quarter or month:
// the last one with a text is the deadline, the others are steps.
func (r *tableReader) scheduled(row *GridRow) *Deadline {
	var texts, periods []string
	columns := 0
	for _, c := range r.cols {
		if c.Field != Due {
			continue
		}
		columns++
		if t := row.cell(c.index).Text; t != "" && !nothing.MatchString(t) {
			_, leaf, _ := cutLast(c.Header, "/")
			texts, periods = append(texts, leaf+"："+t), append(periods, leaf)
		}
	}
	if columns < 2 || len(texts) == 0 {
		return nil
	}
	d := ParseDeadline(strings.Join(periods, "，"), r.year)
	if d != nil {
		d.Text = strings.Join(texts, "；")
	}
	return d
}

// deadline reads a text once: the same dates stand in many rows.
func (r *tableReader) deadline(text string, year int) *Deadline {
	key := strconv.Itoa(year) + text
	d, ok := r.dates[key]
	if !ok {
		d = ParseDeadline(text, year)
		r.dates[key] = d
	}
	if d == nil {
		return nil
	}
	own := *d
	own.Steps = slices.Clone(d.Steps)
	return &own
}

func (r *tableReader) header(col int) string {
	for _, c := range r.cols {
		if c.index == col {
			return c.Header
		}
	}
	return ""
}

func (r *tableReader) aboutDeadline(row *GridRow, out *Row, col, year int) {
	d := out.Deadline
	if d == nil {
		if r.has(Due) && r.counts[col] > 0 {
			r.problem(row.Num, col, DeadlineMissing, "请补上完成时限；长期工作可写“持续推进”。", "“%s”没有完成时限。", short(out.Title))
		}
		return
	}
	if row.cell(col).Numeric && lostZero.MatchString(d.Text) {
		d.Kind, d.Date = Unclear, ""
		r.problem(row.Num, col, DeadlineUnclear, "请改写为“"+d.Text[:4]+"年1月”或“"+d.Text[:4]+"年10月”。", "“%s”是数字，分不清是 1 月还是 10 月。", d.Text)
		return
	}
	if d.Kind == Unclear {
		r.problem(row.Num, col, DeadlineUnclear, "请写成“6月底前”“2022年12月”“每季度”或“持续推进”这样的形式后重新上传；照此导入则按时限待明确处理。", "看不懂完成时限“%s”，已按原文保留。", short(d.Text))
		return
	}
	if y, err := strconv.Atoi(strings.SplitN(d.Date, "-", 2)[0]); err == nil && year > 0 && (y < year || y > year+10) {
		r.problem(row.Num, col, DeadlineOdd, "请核对年份。", "完成时限 %s 不在清单年份 %d 年之后的合理范围内。", d.Date, year)
	}
}

// paragraph reads one paragraph of a document without tables: a heading, or a task with its units
