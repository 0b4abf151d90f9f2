package sheet

import "strings"

// headless reads a table that has no header at all by its cells: offices cut the head off a list, or
// never wrote one. Numbers to the left, texts, units, and dates must stand in columns of their own,
// from the first full row on; what is less plain stays unread. The labels are the usual ones, and
// the sheet says that they were guessed.
func headless(g *Grid) (header, bool) {
	first, rows := fullRows(g)
	if len(rows) < 2 {
		return header{}, false
	}
	h := header{first: -1, last: first - 1, guessed: true, labels: make([]string, g.Width)}
	number := h.give(rows, "序号", 0, 2, serialNumber.MatchString)
	lead := h.give(rows, "责任单位", 1, g.Width, allUnits)
	if lead > 0 {
		h.give(rows, "配合单位", lead+1, g.Width, allUnits)
	}
	due := h.give(rows, "完成时限", 1, g.Width, plainDeadline)
	title := h.give(rows, "工作任务", 0, g.Width, func(t string) bool { return length(t) >= 5 })
	for _, c := range rows[0].Cells {
		if f, sure := classify(c.Own()); sure >= likely && f != Title {
			return header{}, false // the first row is the head of some other table
		}
	}
	return h, title >= 0 && lead > title && (number >= 0 || due >= 0)
}

// fullRows are the rows that hold at least three cells, from the first such on.
func fullRows(g *Grid) (first int, rows []*GridRow) {
	first = -1
	for i := range g.Rows {
		if n, _ := g.Rows[i].own(); n >= 3 {
			if first < 0 {
				first = i
			}
			rows = append(rows, &g.Rows[i])
		}
	}
	return first, rows
}

// give labels the first free column of from … to whose cells are nearly all of that sort, and whose
// first cell is; -1 where there is none.
func (h *header) give(rows []*GridRow, label string, from, to int, is func(string) bool) int {
	for c := from; c < min(to, len(h.labels)); c++ {
		if h.labels[c] != "" || !is(rows[0].cell(c).Own()) {
			continue
		}
		filled, yes := 0, 0
		for _, r := range rows {
			if t := r.cell(c).Own(); t != "" && !nothing.MatchString(t) {
				filled++
				if is(t) {
					yes++
				}
			}
		}
		if yes*10 >= filled*8 && filled*2 > len(rows) {
			h.labels[c] = label
			return c
		}
	}
	return -1
}

// allUnits: every name of the cell ends as those of offices do.
func allUnits(t string) bool {
	names := strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("、，,；;/ \n", r) })
	for _, n := range names {
		if !looksLikeUnit(n) || length(n) > 20 {
			return false
		}
	}
	return len(names) > 0
}

func plainDeadline(t string) bool {
	d := ParseDeadline(t, 2000)
	return d != nil && d.Kind != Unclear && length(t) <= 16 && !serialNumber.MatchString(t)
}
