package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// told is a row as a clerk would say it in one line; empty fields are left out.
func told(r Row) string {
	parts := []string{fmt.Sprint(r.Row), r.Number, strings.Join(r.Section, ">"), r.Title, r.Measures, strings.Join(r.Lead, "+"), strings.Join(r.Support, "+")}
	for _, code := range sortedKeys(r.Sides) {
		parts = append(parts, code+":"+strings.Join(r.Sides[code].Lead, "+")+"/"+strings.Join(r.Sides[code].Support, "+"))
	}
	parts = append(parts, r.Leader)
	if d := r.Deadline; d != nil {
		parts = append(parts, strings.TrimSpace(d.Kind+" "+d.Date))
	}
	parts = append(parts, r.Progress)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "|")
}

func wantRows(t *testing.T, s Sheet, want ...string) {
	t.Helper()
	var got []string
	for _, r := range s.Rows {
		got = append(got, told(r))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("%s\n got:\n%s\nwant:\n%s", s.Name, g, w)
	}
}

// A remark over the table that holds a label's word (联系人:…) is not the first row of the header.
func TestRemarkOverHeader(t *testing.T) {
	b := newBook(t)
	b.sheet("表", row("2022年工作计划推进情况表"), row("填报时间：2022年6月20日", "", "", "", "联系人：王某"),
		row("编号", "工作事项", "责任单位", "", "时限要求"), row("", "", "牵头", "配合", ""),
		row("１", "编制国土空间规划", "市水利局", "市财政局", "１２月底前"))
	b.merge("表", "A3:A4", "B3:B4", "C3:D3", "E3:E4")
	s := b.read().Sheets[0]
	if fmt.Sprint(s.HeaderRows) != "[3 4]" {
		t.Errorf("header rows %v", s.HeaderRows)
	}
	wantRows(t, s, "5|1|编制国土空间规划|市水利局|市财政局|by 2022-12-31")
}

// The cells of a header that reach down say that the row below heads the columns beside them, though
// no word of it is known: months, sides.
func TestHeaderReachesDown(t *testing.T) {
	b := newBook(t)
	b.sheet("月", row("序号", "任务名称", "牵头单位", "推进情况", "", ""), row("", "", "", "1月", "2月", "3月"),
		row(1, "开通跨省公交", "市交通运输局", "勘察", "批复", "开通"))
	b.merge("月", "A1:A2", "B1:B2", "C1:C2", "D1:F1")
	b.sheet("两地", row("序号", "重点工作", "责任单位", "", "完成时间"), row("", "", "遂宁市", "潼南区", ""),
		row(1, "推进旅游联盟", "市文化广电旅游局、河东新区", "区文化旅游委", "全年"))
	b.merge("两地", "A1:A2", "B1:B2", "C1:D1", "E1:E2")
	l := b.read()
	wantRows(t, l.Sheets[0], "3|1|开通跨省公交|市交通运输局|开通")
	wantRows(t, l.Sheets[1], "3|1|推进旅游联盟|市文化广电旅游局|河东新区|500152:区文化旅游委/|ongoing")
}

func TestLevelsOfTasks(t *testing.T) {
	b := newBook(t)
	b.sheet("表", row("序号", "一级任务", "二级任务", "三级任务（具体工作）", "责任单位", "完成时间"),
		row(1, "交通", "公路", "加快高速扩容", "市交通运输局", "12月"), row(2, "", "", "改造国道", "市交通运输局", "11月"),
		row(3, "", "航运", "建双江枢纽", "市水利局", "10月"))
	b.merge("表", "B2:B4", "C2:C3")
	wantRows(t, b.read().Sheets[0], "2|1|交通>公路|加快高速扩容|市交通运输局|by 2022-12-31",
		"3|2|交通>公路|改造国道|市交通运输局|by 2022-11-30", "4|3|交通>航运|建双江枢纽|市水利局|by 2022-10-31")
}

// 同上 and 〃 stand for the cell above.
func TestDitto(t *testing.T) {
	l := read(t, "a.csv", []byte("序号,工作任务,牵头单位,配合单位,完成时限\n1,推动港口合作,市水利局,市财政局,6月底前\n2,推动体育合作,同上,〃,同 上\n3,推动能源合作,〃,/,″\n"))
	wantRows(t, l.Sheets[0], "2|1|推动港口合作|市水利局|市财政局|by 2022-06-30", "3|2|推动体育合作|市水利局|市财政局|by 2022-06-30",
		"4|3|推动能源合作|市水利局|by 2022-06-30")
}

// A list whose head was cut off is read by its cells, and says so; other tables without a head are not.
func TestNoHeader(t *testing.T) {
	l := read(t, "a.csv", []byte("2022年重点任务\n1,推进遂潼快捷通道建设,市交通运输局,12月底前\n2,共建创新产业园区,遂宁高新区、市水利局,持续推进\n"))
	wantRows(t, l.Sheets[0], "2|1|推进遂潼快捷通道建设|市交通运输局|by 2022-12-31", "3|2|共建创新产业园区|遂宁高新区|市水利局|ongoing")
	if l.Title != "2022年重点任务" || !strings.Contains(codes(l), "header-missing") {
		t.Errorf("title %q, problems %s", l.Title, codes(l))
	}
	for name, text := range map[string]string{
		"people":   "1,张三,市水利局,13800000001\n2,李四,市财政局,13800000002\n",
		"meetings": "序号,会议名称,时间,地点,参会单位\n1,经济运行分析会,6月20日,一会议室,市水利局\n2,安全生产工作例会,6月21日,二会议室,市应急局\n",
		"budget":   "1,人大事务支出项目,120.5,30\n2,政府办公厅支出项目,220,50\n",
	} {
		if _, err := Read(context.Background(), source("a.csv", []byte(text)), Options{Year: 2022}); !errors.Is(err, ErrNotTaskList) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Work plans in prose: units in brackets of any sort or on lines below; dates in the words.
func TestProse(t *testing.T) {
	b := docxParagraph("2022年工作要点") + docxParagraph("一、交通") +
		docxParagraph("1.推进高速扩容。12月底前开工。〔责任单位：市交通运输局、市水利局〕") +
		docxParagraph("（二）开通省际公交。新开3条。") + docxParagraph("车辆全部换新。") + docxParagraph("责任单位：市交通运输局，潼南区交通局") + docxParagraph("完成时限：2022年6月底前") +
		docxParagraph("二、保障措施") + docxParagraph("每月25日前报送进展。")
	l := read(t, "a.docx", docx(t, b, nil))
	wantRows(t, l.Sheets[0], "3|1|一、交通|推进高速扩容|12月底前开工。|市交通运输局|市水利局|by 2022-12-31",
		"4|（二）|一、交通|开通省际公交|新开3条。\n车辆全部换新。|市交通运输局|潼南区交通局|by 2022-06-30")
	if !strings.Contains(codes(l), "deadline-in-text") {
		t.Errorf("problems %s", codes(l))
	}
}

func TestIndicatorTable(t *testing.T) {
	l := read(t, "a.csv", []byte("序号,指标名称,单位,2022年目标,截至6月底完成,责任单位\n1,地区生产总值,亿元,增长8%以上,760.2,市发展改革委\n"))
	wantRows(t, l.Sheets[0], "2|1|地区生产总值|市发展改革委|760.2")
	if r := l.Sheets[0].Rows[0]; r.Target != "增长8%以上" || r.Extra["单位"] != "亿元" {
		t.Errorf("%+v", r)
	}
}

func TestYearDiffers(t *testing.T) {
	text := "2023年工作任务台账\n序号,工作任务,责任单位,完成时限\n1,推进高速扩容,市水利局,6月底前\n"
	if l := read(t, "a.csv", []byte(text)); !strings.Contains(codes(l), "year-differs") {
		t.Errorf("problems %s", codes(l))
	}
	l, err := Read(context.Background(), source("a.csv", []byte(text)), Options{})
	if err != nil || l.Year != 2023 || strings.Contains(codes(l), "year-differs") {
		t.Errorf("%v %v", err, codes(l))
	}
}

// A mark of secrecy is found in every part that bears words, whether a relation leads to it or not.
func TestMarksInEveryPart(t *testing.T) {
	list := docxTable(cellsOf("序号", "工作任务", "责任单位", "完成时限"), cellsOf("1", "推进保密工作", "市保密局", "年底前"))
	paragraph := func(s string) string { return `<x><p><r><t>` + s + `</t></r></p></x>` }
	for part, text := range map[string]string{
		"word/header3.xml":    paragraph("机</t></r><r><t> 密"),
		"word/footer1.xml":    paragraph("秘密★1年"),
		"word/footnotes.xml":  paragraph("密级：机密"),
		"word/comments.xml":   paragraph("绝密★长期"),
		"docProps/core.xml":   `<x><subject>秘密★3年</subject></x>`,
		"docProps/custom.xml": `<x><property name="密级"><lpwstr>机密</lpwstr></property></x>`,
	} {
		data := docx(t, list, map[string]string{part: text})
		if _, err := Read(context.Background(), source("a.docx", data), Options{}); !errors.Is(err, ErrSecret) {
			t.Errorf("%s: %v", part, err)
		}
	}
	fine := docx(t, list, map[string]string{"docProps/core.xml": `<x><title>保密工作清单</title><category>内部</category></x>`, "word/header1.xml": paragraph("内部资料")})
	read(t, "保密工作任务清单.docx", fine)
}

func TestMarkedNames(t *testing.T) {
	for name, want := range map[string]bool{
		"清单（秘密）.xlsx": true, "任务清单_机密.xlsx": true, "机密 任务清单.xlsx": true, "清单【绝密】最终版.docx": true, "清单（机密★5年）.csv": true,
		"保密工作清单.xlsx": false, "机密文件清退任务清单.xlsx": false, "清单（内部）.xlsx": false,
	} {
		if MarkedName(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	b := newBook(t)
	b.sheet("任务清单（机密）", row("序号", "工作任务", "责任单位"), row(1, "推进高速扩容", "市水利局"))
	_, err := Read(context.Background(), Source{Name: "a.xlsx", Data: bytes.NewReader(b.bytes()), Size: int64(len(b.bytes()))}, Options{})
	if !errors.Is(err, ErrSecret) {
		t.Errorf("sheet name: %v", err)
	}
}

// 责任单位 over one column for each side, beside cells that reach down: in a document and in a workbook the
// own side leads, the neighbour's units stand under its code.
func TestSidesUnderOneHead(t *testing.T) {
	cells := [][]any{
		row("序号", "重点任务", "责任单位", "", "进度安排"), row("", "", "遂宁市", "潼南区", ""), row("一、公共服务共建共享"),
		row("1", "推动社会保障卡互认", "市人力资源社会保障局\n市财政局", "区交通局、区农业农村委", "9月底前"), row("2", "组建教育共同体", "市水利局", "区发展改革委", "持续推进"),
	}
	want := []string{
		"4|1|一、公共服务共建共享|推动社会保障卡互认|市人力资源社会保障局|市财政局|500152:区交通局/区农业农村委|by 2022-09-30",
		"5|2|一、公共服务共建共享|组建教育共同体|市水利局|500152:区发展改革委/|ongoing",
	}
	b := newBook(t)
	b.sheet("表", cells...).merge("表", "A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:E3")
	wantRows(t, b.read().Sheets[0], want...)
	down := func(text string) docxCell { return docxCell{text: text, merge: "restart"} }
	below := docxCell{merge: "continue"}
	table := docxTable([]docxCell{down("序号"), down("重点任务"), {text: "责任单位", span: 2}, down("进度安排")},
		[]docxCell{below, below, {text: "遂宁市"}, {text: "潼南区"}, below}, []docxCell{{text: "一、公共服务共建共享", span: 5}},
		cellsOf(texts(cells[3])...), cellsOf(texts(cells[4])...))
	l := read(t, "a.docx", docx(t, docxParagraph("遂潼一体化2022年公共服务任务清单")+table+docxParagraph("备注：以上任务每季度末报送。"), nil))
	wantRows(t, l.Sheets[0], want...)
	for _, c := range l.Sheets[0].Columns {
		if c.Header == "责任单位/潼南区" && (c.Field != Lead || c.Side != "500152") {
			t.Errorf("%+v", c)
		}
	}
}

func texts(cells []any) (out []string) {
	for _, c := range cells {
		out = append(out, fmt.Sprint(c))
	}
	return out
}

// What a file hides is read like the rest, and said once for rows and once for columns.
func TestHiddenRowsAndColumns(t *testing.T) {
	b := newBook(t)
	b.sheet("表", row("序号", "工作任务", "责任单位", "内部处室", "完成时限"), row(1, "推进高速扩容", "市水利局", "甲处", "6月底前"), row(2, "改造国道", "市水利局", "乙处", "6月底前"))
	b.must(b.f.SetColVisible("表", "D", false))
	b.must(b.f.SetColVisible("表", "H:K", false)) // nothing stands there
	b.must(b.f.SetRowVisible("表", 3, false))
	l := b.read()
	if got := codes(l); got != " rows-hidden;  columns-hidden" {
		t.Errorf("problems %q", got)
	}
	if p := l.Problems[1]; p.Level() != Hint || !strings.Contains(p.Message, "D列“内部处室”") || len(l.Sheets[0].Rows) != 2 || l.Sheets[0].Rows[0].Extra["内部处室"] != "甲处" {
		t.Errorf("%+v %s", p, asJSON(l.Sheets[0].Rows))
	}
}

// 按职责分工负责 is one question, whether it names the units or nobody.
func TestSharedByNobody(t *testing.T) {
	l := read(t, "a.csv", []byte("序号,工作任务,责任单位,完成时限\n1,推进快捷通道,各部门按职责分工负责,6月底前\n2,推进公交,市水利局、市财政局按职责分工负责,6月底前\n3,推进地铁,,6月底前\n"))
	if got := codes(l); got != "C2 lead-missing; C3 lead-shared; C4 lead-missing" {
		t.Errorf("problems %q", got)
	}
	if r := l.Sheets[0].Rows; !r[0].Shared || !r[1].Shared || r[2].Shared || !strings.Contains(l.Problems[0].Message, "按职责分工负责") {
		t.Errorf("%s %s", asJSON(r), l.Problems[0].Message)
	}
}

// TestByTheirDutiesBesideALead: the column of supporting units says only 按职责分工负责. Who leads is named all the same, unless several are.
func TestByTheirDutiesBesideALead(t *testing.T) {
	l := read(t, "清单.csv", []byte("序号,工作任务,牵头单位,配合单位,完成时限\n1,推进扩容,市交通运输局,按职责分工负责,年底前\n"+
		"2,共建园区,遂宁市：市财政局；潼南区：区财政局,按职责分工负责,6月底前\n3,联合演练,市应急管理局、市公安局,按职责分工负责,10月\n"))
	rows := l.Sheets[0].Rows
	for i, want := range []bool{false, false, true} {
		if rows[i].Shared != want {
			t.Errorf("%s: shared %v, want %v", rows[i].Title, rows[i].Shared, want)
		}
	}
}
