package sheet

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// office is a list as an office writes it, with most of the traps at once.
func office(t testing.TB) *book {
	b := newBook(t)
	b.sheet("封面", row("遂潼川渝毗邻地区一体化发展先行区建设"), row("2022年工作计划"), row("二〇二二年三月"))
	b.sheet("任务清单",
		row("附件1"),
		row("遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划"),
		row("", "", "", "", "", "", "", "单位：万元"),
		row("序 号", "工 作 任 务", "年度目标", "责任单位", "", "完成时限", "总投资", "备　注"),
		row("", "", "", "牵头单位", "配合单位", "", "", ""),
		row("一、基础设施互联互通"),
		row("１", "推进遂渝高速扩容", "开工建设", "市交通运输局", "市发改委、市财政局", "6月底前", 12000.5, ""),
		row("2", "加快双江航电枢纽建设", "主体完工", "市 水 利 局", "市发展改革委 市财政局", "2022年12月", 8000, "演示数据"),
		row("", "", "", "", "", "", "", ""),
		row("（一）公交"),
		row("3", "开行跨省公交", "开通2条", "遂宁市：市交通运输局；潼南区：区交通局", "", "三季度", "", ""),
		row("二、产业协作"),
		row("4", "1、共建锂电产业集群\n2、共建绿色食品产业带", "", "市经信局、各县（市、区）人民政府按职责分工负责", "", "持续推进", "", ""),
		row("注：以上投资为估算。"),
	)
	b.merge("任务清单", "A2:H2", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5", "H4:H5", "A6:H6", "A10:H10", "A12:H12", "A14:H14")
	return b
}

func TestReadOfficeList(t *testing.T) {
	l := office(t).read()
	if os.Getenv("SHOW") != "" {
		out, _ := json.MarshalIndent(l, "", " ")
		t.Log(string(out))
	}
	if len(l.Sheets) != 2 || len(l.Sheets[0].Rows) != 0 {
		t.Fatalf("sheets: %+v", l.Sheets)
	}
	s := l.Sheets[1]
	if got, want := s.HeaderRows, []int{4, 5}; !reflect.DeepEqual(got, want) {
		t.Errorf("header rows %v, want %v", got, want)
	}
	if s.Title != "遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划" || s.Unit != "万元" {
		t.Errorf("title %q unit %q", s.Title, s.Unit)
	}
	if len(s.Rows) != 5 {
		t.Fatalf("%d rows: %+v", len(s.Rows), s.Rows)
	}
	want := []Row{
		{
			Row: 7, Number: "1", Section: []string{"一、基础设施互联互通"}, Title: "推进遂渝高速扩容", Target: "开工建设", Lead: []string{"市交通运输局"}, Support: []string{"市发改委", "市财政局"},
			Deadline: &Deadline{Text: "6月底前", Date: "2022-06-30", Kind: By}, Extra: map[string]string{"总投资": "12000.5"}, Money: []Amount{{"总投资", "12000.5", "12000.5", "万元"}},
		},
		{
			Row: 8, Number: "2", Section: []string{"一、基础设施互联互通"}, Title: "加快双江航电枢纽建设", Target: "主体完工", Lead: []string{"市水利局"}, Support: []string{"市发展改革委", "市财政局"},
			Deadline: &Deadline{Text: "2022年12月", Date: "2022-12-31", Kind: By}, Note: "演示数据", Extra: map[string]string{"总投资": "8000"}, Money: []Amount{{"总投资", "8000", "8000", "万元"}},
		},
		{
			Row: 11, Number: "3", Section: []string{"一、基础设施互联互通", "（一）公交"}, Title: "开行跨省公交", Target: "开通2条", Lead: []string{"市交通运输局"},
			Sides: map[string]Units{"500152": {Lead: []string{"区交通局"}}}, Deadline: &Deadline{Text: "三季度", Date: "2022-09-30", Kind: By},
		},
		{Row: 13, Part: 1, Number: "4", Section: []string{"二、产业协作"}, Title: "共建锂电产业集群", Lead: []string{"市经信局", "各县（市、区）人民政府"}, Shared: true, Deadline: &Deadline{Text: "持续推进", Kind: Ongoing}},
		{Row: 13, Part: 2, Number: "4", Section: []string{"二、产业协作"}, Title: "共建绿色食品产业带", Lead: []string{"市经信局", "各县（市、区）人民政府"}, Shared: true, Deadline: &Deadline{Text: "持续推进", Kind: Ongoing}},
	}
	for i := range want {
		if a, b := asJSON(s.Rows[i]), asJSON(want[i]); a != b {
			t.Errorf("row %d\n got %s\nwant %s", i, a, b)
		}
	}
	if got := codes(l); got != "B13 tasks-split; D13 lead-shared; D13 lead-shared" {
		t.Errorf("problems: %s", got)
	}
	if !reflect.DeepEqual(s.Notes, []string{"注：以上投资为估算。"}) {
		t.Errorf("notes: %q", s.Notes)
	}
}

func asJSON(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func TestJSONShape(t *testing.T) {
	text := asJSON(office(t).read())
	for _, want := range []string{
		`{"sheets":[{"name":"封面","hidden":false,"headerRows":[],"columns":[],"rows":[]}`,
		`{"column":"D","header":"责任单位/牵头单位","field":"lead"}`, `"deadline":{"text":"6月底前","date":"2022-06-30","kind":"by"}`,
		`"sides":{"500152":{"lead":["区交通局"]}}`, `"twins":[]`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestExcelDates(t *testing.T) {
	b := newBook(t)
	day := time.Date(2022, 9, 30, 0, 0, 0, 0, time.UTC)
	b.sheet("S", row("序号", "工作任务", "牵头单位", "完成时限"),
		row(1, "日期单元格", "市水利局", day),
		row(2, "只显示年月的日期", "市水利局", day),
		row(3, "没有格式的日期数", "市水利局", 44834),
		row(4, "2022.1 的数字", "市水利局", 2022.1),
		row(5, "2022.9 的数字", "市水利局", 2022.9),
		row(6, "文字数字", "市水利局", "2022.09"))
	format := `yyyy"年"m"月";@`
	style, err := b.f.NewStyle(&excelStyle{CustomNumFmt: &format})
	b.must(err)
	b.must(b.f.SetCellStyle("S", "D3", "D3", style))
	rows := b.read().Sheets[0].Rows
	for i, want := range []Deadline{
		{Text: "2022-09-30", Date: "2022-09-30", Kind: By},
		{Text: "2022年9月", Date: "2022-09-30", Kind: By},
		{Text: "44834", Date: "2022-09-30", Kind: By},
		{Text: "2022.1", Kind: Unclear},
		{Text: "2022.9", Date: "2022-09-30", Kind: By},
		{Text: "2022.09", Date: "2022-09-30", Kind: By},
	} {
		if !reflect.DeepEqual(*rows[i].Deadline, want) {
			t.Errorf("%s: %+v, want %+v", rows[i].Title, *rows[i].Deadline, want)
		}
	}
}
