package sheet

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func labelled2(pairs ...string) string {
	var rows [][]docxCell
	for i := 0; i < len(pairs); i += 2 {
		rows = append(rows, cellsOf(pairs[i], pairs[i+1]))
	}
	return docxTable(rows...)
}

// One small table for each task, labels beside values: with nothing between them, with headings between
// them, with two pairs in a row, with a label that reaches down, and several tasks in one table.
func TestCards(t *testing.T) {
	body := docxParagraph("2022年遂潼重点任务卡") + docxParagraph("一、交通") +
		labelled2("任务名称", "推进遂潼快捷通道建设", "责任单位", "市交通运输局、市财政局", "完成时限", "6月底前", "联系处室", "规划科") +
		labelled2("任务名称", "加快高速扩容", "责任单位", "市交通运输局", "完成时限", "年底前", "年度目标", "完成路基") +
		docxParagraph("二、产业") +
		docxTable(cellsOf("任务名称", "共建产业园", "完成时限", "持续推进"),
			[]docxCell{{text: "责任单位", merge: "restart"}, {text: "遂宁市：市水利局", span: 3}}, []docxCell{{merge: "continue"}, {text: "潼南区：区交通局", span: 3}}) +
		labelled2("任务名称", "共建检测中心", "责任单位", "市财政局", "完成时限", "9月底前", "任务名称", "共建孵化器", "责任单位", "市水利局", "完成时限", "10月底前")
	l := read(t, "a.docx", docx(t, body, nil))
	if len(l.Sheets) != 1 || l.Title != "2022年遂潼重点任务卡" {
		t.Fatalf("title %q: %s", l.Title, asJSON(l.Sheets))
	}
	wantRows(t, l.Sheets[0],
		"2|一、交通|推进遂潼快捷通道建设|市交通运输局|市财政局|by 2022-06-30",
		"3|一、交通|加快高速扩容|市交通运输局|by 2022-12-31",
		"5|二、产业|共建产业园|市水利局|500152:区交通局/|ongoing",
		"6|二、产业|共建检测中心|市财政局|by 2022-09-30", "7|二、产业|共建孵化器|市水利局|by 2022-10-31")
	if rows := l.Sheets[0].Rows; rows[0].Extra["联系处室"] != "规划科" || rows[1].Target != "完成路基" {
		t.Errorf("%s", asJSON(rows))
	}
}

// Forms with labels beside values that name no work are no cards.
func TestNoCards(t *testing.T) {
	for why, body := range map[string]string{
		"a form":  labelled2("姓名", "张三", "单位", "市水利局", "联系电话", "2220000"),
		"a title": labelled2("任务名称", "推进公交", "字号", "12", "附件", "无"),
	} {
		if _, err := Read(context.Background(), source("a.docx", docx(t, body, nil)), Options{Year: 2022}); !errors.Is(err, ErrNotTaskList) {
			t.Errorf("%s: %v", why, err)
		}
	}
	table := docxTable(cellsOf("工作任务", "责任单位"), cellsOf("推进公交", "市水利局"), cellsOf("推进地铁", "市财政局"))
	wantRows(t, read(t, "a.docx", docx(t, table, nil)).Sheets[0], "2|推进公交|市水利局", "3|推进地铁|市财政局")
	many := strings.Repeat(labelled2("任务名称", "推进公交", "责任单位", "市水利局", "完成时限", "年底前"), 60)
	_, err := Read(context.Background(), source("a.docx", docx(t, many, nil)), Options{Year: 2022, Limits: Limits{Rows: 50}})
	if !errors.Is(err, ErrTooManyRows) {
		t.Errorf("many cards: %v", err)
	}
}
