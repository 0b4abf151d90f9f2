package sheet

import "slices"

// Some offices write a document with one small table for each task, labels beside values:
//
//	任务名称 | 推进遂潼快捷通道建设
//	责任单位 | 市交通运输局 | 完成时限 | 6月底前
//
// They become one table with the labels as its header and a row for each task.

const (
	cardLabel  = 16 // characters of a label at most
	cardLabels = 64 // labels of one table at most
)

// card is one such task: its texts by label.
type card map[string]string

// cardsOf takes a table of labels and values apart; none where it is no such table. A label that
// comes again begins the next task.
func cardsOf(g *Grid) (labels []string, cards []card) {
	now, seen := card{}, map[string]Field{}
	add := func(label, value string) {
		if _, again := now[label]; again {
			cards, now = append(cards, now), card{}
		}
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
		now[label] = value
	}
	for i := range g.Rows {
		cells := standing(&g.Rows[i])
		if n, _ := g.Rows[i].own(); n == 1 && len(cells) == 1 {
			continue // a heading across
		}
		if len(cells) == 0 || len(cells)%2 != 0 {
			return nil, nil
		}
		for c := 0; c < len(cells); c += 2 {
			name, value := oneLabel(cells[c].Text), cells[c+1].Text
			if cells[c].Carried { // the label reaches down over several values
				now[name] += "\n" + value
				continue
			}
			field, ok := pairOf(name, value)
			if !ok {
				return nil, nil
			}
			if seen[name] = field; len(seen) > cardLabels {
				return nil, nil
			}
			add(name, value)
		}
	}
	if !areCards(seen) {
		return nil, nil
	}
	return labels, append(cards, now)
}

// standing are the cells of a row that are not hidden under a wide one.
func standing(r *GridRow) (cells []*Cell) {
	for c := range r.Cells {
		if !r.Cells[c].Covered {
			cells = append(cells, &r.Cells[c])
		}
	}
	return cells
}

// pairOf says what a label means. A value that is a label itself makes the row a header.
func pairOf(name, value string) (Field, bool) {
	if name == "" || length(name) > cardLabel {
		return "", false
	}
	if _, sure := classify(value); sure >= likely && length(value) <= cardLabel {
		return "", false
	}
	field, sure := classify(name)
	if sure < likely {
		field = Extra
	}
	return field, true
}

// areCards: the labels name a task, who does it or by when, and are mostly known.
func areCards(seen map[string]Field) bool {
	known := map[Field]bool{}
	extra := 0
	for _, f := range seen {
		if known[f] = true; f == Extra {
			extra++
		}
	}
	return len(seen) >= 3 && known[Title] && (known[Lead] || known[Due]) && extra*2 <= len(seen)
}

// deal adds cards to the table of those before them, or begins one. A heading between two stands as
// a row of its own.
func (d *document) deal(labels []string, cards []card) error {
	if n := len(d.grids); n == 0 || !d.grids[n-1].cards {
		if n >= d.lim.Sheets {
			return nil
		}
		d.grids = append(d.grids, &Grid{Name: "任务卡", cards: true, Above: d.above, Rows: []GridRow{{Num: 1}}})
		d.above = nil
	}
	g := d.grids[len(d.grids)-1]
	head := &g.Rows[0]
	for _, l := range labels {
		if !slices.ContainsFunc(head.Cells, func(c Cell) bool { return c.Text == l }) && len(head.Cells) < d.lim.Columns {
			head.put(len(head.Cells), Cell{Text: l})
		}
	}
	g.Width = len(head.Cells)
	for _, text := range d.above {
		if isHeading(text) {
			g.Rows = append(g.Rows, GridRow{Num: len(g.Rows) + 1, Cells: []Cell{{Text: text, Rows: 1, Cols: g.Width}}})
		}
	}
	d.above = nil
	for _, one := range cards {
		if len(g.Rows) >= d.lim.Rows {
			return ErrTooManyRows
		}
		if d.cells -= len(g.Rows[0].Cells); d.cells < 0 {
			return ErrBomb
		}
		row := GridRow{Num: len(g.Rows) + 1}
		for c := range g.Rows[0].Cells {
			row.put(c, Cell{Text: one[g.Rows[0].Cells[c].Text]})
		}
		g.Rows = append(g.Rows, row)
	}
	return nil
}
