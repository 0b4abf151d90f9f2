package letter

import (
	"slices"
	"strings"
)

// Workbook is the same bulletin as sheets: 汇总, each list, 未报送, 通报正文, 来源.
func (b Bulletin) Workbook() Workbook {
	in := b.In
	wb := Workbook{Title: b.Title(), Creator: in.Signer, Sheets: []Sheet{in.summarySheet(b.Title())}}
	for _, l := range in.Lists {
		wb.Sheets = append(wb.Sheets, in.listSheet(l))
	}
	if in.Outcome != nil {
		wb.Sheets = append(wb.Sheets, in.aimSheet())
	}
	wb.Sheets = append(wb.Sheets, in.missingSheet(), b.proseSheet(), in.sourceSheet())
	return wb
}

// sheetNote is the line below a sheet's title; a sheet has no header that could say 草稿.
func (in BulletinInput) sheetNote() string {
	if in.Draft {
		return strings.Trim("草稿，未印发；"+in.note(), "；")
	}
	return in.note()
}

// filled leaves out the columns in which no row says anything.
func (s Sheet) filled() Sheet {
	kept := Sheet{Name: s.Name, Title: s.Title, AsOf: s.AsOf, Notes: s.Notes, Total: s.Total, Rows: make([][]Cell, len(s.Rows))}
	for i, c := range s.Columns {
		if len(s.Rows) > 0 && !slices.ContainsFunc(s.Rows, func(row []Cell) bool { return row[i].Text != "" }) {
			continue
		}
		kept.Columns = append(kept.Columns, c)
		for r, row := range s.Rows {
			kept.Rows[r] = append(kept.Rows[r], row[i])
		}
	}
	return kept
}

func (in BulletinInput) summarySheet(title string) Sheet {
	s := Sheet{Name: "汇总", Title: oneLine(title), AsOf: in.sheetNote(), Columns: []SheetColumn{{"清单", 44}}}
	for _, c := range []string{
		"任务数", in.label(Done), "其中" + in.label(DoneLate), in.label(OnTime), in.label(AtRisk), in.label(Late), in.label(Planned), in.label(Dropped), "完成率",
		"应报", "按时报送", "逾期补报", in.missingWord(), "按时报送率",
	} {
		s.Columns = append(s.Columns, SheetColumn{c, 10})
	}
	for _, l := range in.Lists {
		s.Rows = append(s.Rows, summaryRow(l.Title, l.Figures.Listings, l.Figures))
	}
	s.Rows = append(s.Rows, summaryRow("合计（去重）", in.Total.Items, in.Total))
	s.Total = true
	s.Notes = []string{"各清单按条目计；合计按事项计，" + in.once(itoa(in.Joint)) + "，状态取其各清单中最差者。"}
	if in.Summary() {
		s.Notes = append(s.Notes, "应报、按时报送、逾期补报、"+in.missingWord()+"按项次计：同一事项每报送一期计一项次。")
	}
	return s
}

func summaryRow(name string, count int, f Figures) []Cell {
	row := []Cell{Text(name)}
	for _, n := range []int{count, f.AllDone(), f.DoneLate, f.OnTime, f.AtRisk, f.Late, f.Planned, f.Dropped} {
		row = append(row, Int(n))
	}
	row = append(row, Percent(f.DoneRate()))
	for _, n := range []int{f.Due, f.FiledOnTime, f.FiledLate, f.Missed} {
		row = append(row, Int(n))
	}
	return append(row, Percent(f.FiledRate()))
}

func (in BulletinInput) listSheet(l List) Sheet {
	s := Sheet{Name: l.Short, Title: l.Title, AsOf: in.sheetNote(), Columns: []SheetColumn{
		{"编号", 7},
		{"板块", 16},
		{"任务", 36},
		{"牵头单位", 18},
		{"完成时限", 13},
		{"状态", 10},
		{"判定原因", 24},
		{"完成率", 9},
		{"进展情况", 46},
		{"存在问题", 28},
		{"下一步", 28},
		{"报送情况", 12},
	}}
	if s.Name == "" {
		s.Name = l.Title
	}
	for _, r := range l.Rows {
		s.Rows = append(s.Rows, []Cell{
			Text(r.No), Text(r.Section), Text(r.Title), Text(r.Lead), Text(r.Due),
			Text(in.label(r.State)), Text(r.Why), Percent(r.Percent), Text(r.Progress), Text(r.Problem), Text(r.Next), Text(r.Filing),
		})
	}
	return s.filled()
}

// aimSheet is aimTable as a sheet.
func (in BulletinInput) aimSheet() Sheet {
	t := in.aimTable()
	s := Sheet{Name: "目标完成情况", Title: "量化目标完成情况", AsOf: in.sheetNote()}
	for _, c := range t.Columns {
		s.Columns = append(s.Columns, SheetColumn{c.Title, 2 * float64(c.Width)})
	}
	for _, row := range t.Rows {
		var cells []Cell
		for _, text := range row {
			cells = append(cells, Text(text))
		}
		s.Rows = append(s.Rows, cells)
	}
	if len(t.Rows) == 0 {
		s.Notes = []string{"清单没有带数字的目标。"}
	}
	return s
}

func (in BulletinInput) missingSheet() Sheet {
	s := Sheet{Name: in.missingWord(), Title: "未按时报送情况", AsOf: in.sheetNote(), Columns: []SheetColumn{
		{"序号", 7}, {"责任单位", 22}, {"清单", 40}, {"编号", 8}, {"任务", 44}, {"应报日期", 13},
	}}
	for i, m := range in.Missing {
		s.Rows = append(s.Rows, []Cell{Int(i + 1), Text(m.Unit), Text(m.List), Text(m.No), Text(m.Item), Text(m.Due)})
	}
	s.Notes = in.missingNotes()
	if in.Shared {
		s.Notes = append(s.Notes, "多个成员的通报只计各成员已采用的进展：未报送的和报送后尚待审核的都列在此表。")
	}
	return s
}

// missingNotes say why nothing or not all stands in the sheet: before the cut-off nobody is late.
func (in BulletinInput) missingNotes() (notes []string) {
	filed := in.Total.FiledOnTime + in.Total.FiledLate
	switch {
	case in.Open():
		notes = append(notes, "报送期未截止（截止日"+chineseDate(in.Cutoff)+"），已报"+itoa(filed)+in.counted()+"，待报"+itoa(in.Total.Due-filed-in.Total.Missed)+in.counted()+"。")
	case len(in.Missing) > 0:
	case in.Total.Due == 0:
		notes = append(notes, "本期没有应报送的进展。")
	default:
		notes = append(notes, "本期应报送的进展均已报送。")
	}
	return notes
}

func (b Bulletin) proseSheet() Sheet {
	s := Sheet{Name: "通报正文", Title: oneLine(b.Title()), AsOf: b.In.sheetNote(), Columns: []SheetColumn{{"章节", 18}, {"内容", 110}}}
	for i, sec := range b.present() {
		text, _ := Fill(sec.Text, b.Fields)
		s.Rows = append(s.Rows, []Cell{Text(numeral(i+1) + "、" + sec.Title), Text(text)})
	}
	return s
}

func (in BulletinInput) sourceSheet() Sheet {
	s := Sheet{Name: "来源", Title: "数据来源（可据此核验）", AsOf: in.sheetNote(), Columns: []SheetColumn{
		{"序号", 7}, {"任务", 40}, {"单位", 22}, {"报送期", 12}, {"账簿", 24}, {"条目号", 10}, {"条目散列", 48}, {"报送时间", 22},
	}}
	for i, o := range in.Sources {
		s.Rows = append(s.Rows, []Cell{Int(i + 1), Text(o.Item), Text(o.Unit), Text(o.Period), Text(o.Book), Text(o.Entry), Text(o.Hash), Text(o.FiledAt)})
	}
	return s
}
