package letter

import "github.com/xuri/excelize/v2"

// newLook adds the workbook's styles: thin borders, 宋体, text wrapped, numbers to the right.
func newLook(f *excelize.File) (sheetLook, error) {
	var look sheetLook
	count, decimal, percent := "#,##0", "#,##0.0#####", "0.0%"
	body := &excelize.Font{Family: songti, Size: 11}
	strong := &excelize.Font{Family: songti, Size: 11, Bold: true}
	left := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}
	right := &excelize.Alignment{Horizontal: "right", Vertical: "center"}
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&look.title, excelize.Style{Font: &excelize.Font{Family: heiti, Size: 16}, Alignment: centre}},
		{&look.note, excelize.Style{Font: &excelize.Font{Family: songti, Size: 10, Color: "595959"}, Alignment: left}},
		{&look.head, excelize.Style{
			Font: &excelize.Font{Family: heiti, Size: 11}, Alignment: centre, Border: grid(),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7ECF2"}},
		}},
		{&look.text, excelize.Style{Font: body, Alignment: left, Border: grid()}},
		// a style of its own, for equal styles share one id and the mark would reach them all
		{&look.quoted, excelize.Style{Font: body, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true, ReadingOrder: 1}, Border: grid()}},
		{&look.number, excelize.Style{Font: body, Alignment: right, Border: grid(), CustomNumFmt: &count}},
		{&look.decimal, excelize.Style{Font: body, Alignment: right, Border: grid(), CustomNumFmt: &decimal}},
		{&look.percent, excelize.Style{Font: body, Alignment: right, Border: grid(), CustomNumFmt: &percent}},
		{&look.bold, excelize.Style{Font: strong, Alignment: left, Border: grid()}},
		{&look.boldNumber, excelize.Style{Font: strong, Alignment: right, Border: grid(), CustomNumFmt: &count}},
		{&look.boldPercent, excelize.Style{Font: strong, Alignment: right, Border: grid(), CustomNumFmt: &percent}},
	} {
		id, err := f.NewStyle(&s.style)
		if err != nil {
			return look, err
		}
		*s.id = id
	}
	yes := true
	f.Styles.CellXfs.Xf[look.quoted].QuotePrefix = &yes // excelize has no option for it
	return look, nil
}

func grid() []excelize.Border {
	out := make([]excelize.Border, 0, 4)
	for _, side := range []string{"left", "top", "right", "bottom"} {
		out = append(out, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	return out
}
