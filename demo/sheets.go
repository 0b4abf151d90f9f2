package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/xuri/excelize/v2"
)

// board is a worksheet being written row by row.
type board struct {
	f     *excelize.File
	sheet string
	row   int
	last  string // its last column
	look  looks
	err   error
}

// looks are the styles of a workbook.
type looks struct{ title, small, head, section, cell, centre int }

func newBook(sheet string) (*excelize.File, looks, error) {
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, looks{}, err
	}
	var all looks
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&all.title, excelize.Style{Font: &excelize.Font{Family: "方正小标宋简体", Size: 18}, Alignment: centred}},
		{&all.small, excelize.Style{Font: &excelize.Font{Family: "仿宋", Size: 11}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&all.head, excelize.Style{Font: &excelize.Font{Family: "黑体", Size: 11}, Alignment: centred, Border: grid}},
		{&all.section, excelize.Style{Font: &excelize.Font{Family: "黑体", Size: 12}, Alignment: &excelize.Alignment{Vertical: "center"}, Border: grid}},
		{&all.cell, excelize.Style{Font: &excelize.Font{Family: "仿宋", Size: 11}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}, Border: grid}},
		{&all.centre, excelize.Style{Font: &excelize.Font{Family: "仿宋", Size: 11}, Alignment: centred, Border: grid}},
	} {
		id, err := f.NewStyle(&s.style)
		if err != nil {
			return nil, looks{}, err
		}
		*s.to = id
	}
	return f, all, nil
}

var (
	centred = &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	grid    = []excelize.Border{
		{Type: "left", Color: "000000", Style: 1},
		{Type: "right", Color: "000000", Style: 1},
		{Type: "top", Color: "000000", Style: 1},
		{Type: "bottom", Color: "000000", Style: 1},
	}
)

// widths sets the columns' widths and with them the last column.
func (b *board) widths(w ...float64) {
	for i, one := range w {
		name, err := excelize.ColumnNumberToName(i + 1)
		b.note(err)
		b.note(b.f.SetColWidth(b.sheet, name, name, one))
		b.last = name
	}
}

func (b *board) note(err error) {
	if b.err == nil {
		b.err = err
	}
}

// across writes one text over all columns.
func (b *board) across(style int, text string) {
	b.row++
	from, to := b.at("A"), b.at(b.last)
	b.note(b.f.SetCellStr(b.sheet, from, text))
	b.note(b.f.MergeCell(b.sheet, from, to))
	b.note(b.f.SetCellStyle(b.sheet, from, to, style))
}

// line writes a row of cells; ints are written as numbers.
func (b *board) line(style int, values ...any) {
	b.row++
	for i, v := range values {
		name, err := excelize.CoordinatesToCellName(i+1, b.row)
		b.note(err)
		if v != "" {
			b.note(b.f.SetCellValue(b.sheet, name, v))
		}
	}
	b.note(b.f.SetCellStyle(b.sheet, b.at("A"), b.at(b.last), style))
}

func (b *board) merge(from, to string) { b.note(b.f.MergeCell(b.sheet, from, to)) }

func (b *board) at(column string) string { return fmt.Sprintf("%s%d", column, b.row) }

func (b *board) bytes() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	out, err := b.f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), b.f.Close()
}

// chengyuBook: number of the document under the title, a header of two rows, section rows.
func chengyuBook(l list) ([]byte, error) {
	f, look, err := newBook("重点任务")
	if err != nil {
		return nil, err
	}
	b := &board{f: f, sheet: "重点任务", look: look}
	b.widths(6, 38, 34, 22, 34, 14, 12)
	b.across(look.title, l.title+"任务清单")
	b.across(look.small, l.number+"（演示数据：主题取自公开报道，措辞、目标、时限均为虚构）")
	b.line(look.head, "序号", "重点任务", "年度目标", "责任单位", "", "完成时限", "备注")
	b.line(look.head, "", "", "", "牵头单位", "配合单位", "", "")
	b.merge("D3", "E3")
	for _, c := range []string{"A", "B", "C", "F", "G"} {
		b.merge(c+"3", c+"4")
	}
	section := ""
	for i, t := range l.tasks {
		if t.section != section {
			section = t.section
			b.across(look.section, section)
		}
		b.line(look.cell, i+1, t.title, t.target, t.lead, t.support, t.deadline, "")
	}
	return b.bytes()
}

// plainBook: the field in a first column that is merged downwards, units by their part in one cell,
// a unit of money above the table and a note below it.
func plainBook(l list) ([]byte, error) {
	f, look, err := newBook("任务清单")
	if err != nil {
		return nil, err
	}
	b := &board{f: f, sheet: "任务清单", look: look}
	b.widths(12, 6, 36, 28, 38, 14, 16)
	b.across(look.title, l.title)
	b.across(look.small, "（演示数据）"+l.number+"                                                单位：万元")
	b.line(look.head, "领域", "序号", "重点任务", "年度目标", "责任单位", "完成时限", "年度计划投资")
	section, from := "", 0
	random := rand.New(rand.NewPCG(2022, 27))
	for i, t := range l.tasks {
		first := ""
		if t.section != section {
			b.close(from)
			section, first, from = t.section, t.section, b.row+1
		}
		b.line(look.cell, first, i+1, t.title, t.target, parts(t), t.deadline, money(t, random))
	}
	b.close(from)
	b.across(look.small, "注：1.责任单位排在首位的为牵头单位。2.年度计划投资为演示数据，无投资任务的不填。")
	return b.bytes()
}

func (b *board) close(from int) {
	if from > 0 && b.row > from {
		b.merge(fmt.Sprintf("A%d", from), b.at("A"))
	}
}

func parts(t task) string {
	if t.support == "" {
		return "牵头：" + t.lead
	}
	return "牵头：" + t.lead + "；配合：" + t.support
}

// money is the year's investment in 万元 of tasks that build something.
func money(t task, random *rand.Rand) any {
	switch {
	case strings.Contains(t.target, "18亿元"):
		return 180000
	case strings.Contains(t.title, "园区") || strings.Contains(t.title, "平台") || strings.Contains(t.title, "基地"):
		return 800 + 50*random.IntN(60)
	}
	return ""
}

// suitongBook: a cover, section rows, both sides in one cell, and a hidden sheet of what the year
// before left over.
func suitongBook(l list) ([]byte, error) {
	f, look, err := newBook("封面")
	if err != nil {
		return nil, err
	}
	cover := &board{f: f, sheet: "封面", look: look, row: 5}
	cover.widths(20, 20, 20, 20)
	for _, line := range []string{"遂潼川渝毗邻地区一体化发展先行区建设", "2022年工作计划", "（演示数据）"} {
		cover.across(look.title, line)
	}
	cover.row += 6
	cover.across(look.small, "遂潼一体化发展联合领导小组办公室")
	cover.across(look.small, "2022年1月")
	if _, err := f.NewSheet("工作计划"); err != nil {
		return nil, err
	}
	b := &board{f: f, sheet: "工作计划", look: look, err: cover.err}
	b.widths(6, 40, 28, 46, 14, 12)
	b.across(look.title, l.title)
	b.line(look.head, "序号", "工作任务", "工作目标", "责任单位", "完成时间", "备注")
	section := ""
	for i, t := range l.tasks {
		if t.section != section {
			section = t.section
			b.across(look.section, section)
		}
		b.line(look.cell, i+1, t.title, t.target, strings.Replace(t.lead, "；", "；\n", 1), t.deadline, "")
	}
	b.note(leftOver(f, look))
	index, err := f.GetSheetIndex("工作计划")
	b.note(err)
	f.SetActiveSheet(index)
	return b.bytes()
}

func leftOver(f *excelize.File, look looks) error {
	const name = "2021年结转（存档）"
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	b := &board{f: f, sheet: name, look: look}
	b.widths(6, 40, 40, 14)
	b.line(look.head, "序号", "工作任务", "责任单位", "完成时间")
	b.line(look.cell, 1, "遂潼跨省公交首条线路开通（已办结）", "遂宁市：市交通运输局；潼南区：区交通局", "2021年12月")
	b.line(look.cell, 2, "首批川渝通办事项落地（已办结）", "遂宁市：市政务服务局；潼南区：区政府办公室", "2021年10月")
	b.note(f.SetSheetVisible(name, false))
	return b.err
}
