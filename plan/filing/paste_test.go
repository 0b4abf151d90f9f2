package filing

import (
	"slices"
	"strings"
	"testing"

	"liandong/plan"
)

func gridOf(titles ...string) (rows []*gridRow) {
	for _, t := range titles {
		rows = append(rows, &gridRow{FilingForm: &plan.FilingForm{Item: "i-" + t, Title: t, Indicators: []plan.IndicatorLine{{}}}})
	}
	return rows
}

func TestBlocksFindTheirPlace(t *testing.T) {
	const road, river = "加快推进遂渝高速公路扩容工程建设", "推进遂潼涪江航运整治"
	for _, c := range []struct {
		name, block string
		road, river [3]string // progress, figures, problem
		rows        int
		lost        []string
		unused      []string
		header      string // what was taken for one
	}{
		{name: "in order", block: "路基四成\t９．１\t管线迁改\n初稿完成", road: [3]string{"路基四成", "９．１", "管线迁改"}, river: [3]string{"初稿完成"}, rows: 2},
		{name: "quotes and line breaks", block: "\"第一段\n第二段说\"\"完成\"\"\"\t9.1\r\n初稿\t\t\r\n", road: [3]string{"第一段\n第二段说\"完成\"", "9.1"}, river: [3]string{"初稿"}, rows: 2},
		{
			name:  "a header, other columns, another order",
			block: "序号\t工作任务\t牵头单位\t推进情况\t存在问题\t下一步打算\n3\t推进遂潼 涪江航运整治\t市交通运输局\t初稿完成\t\t送审\n1\t" + road + "\t市交通运输局\t路基四成\t迁改慢\t\n",
			road:  [3]string{"路基四成", "", "迁改慢"}, river: [3]string{"初稿完成", "", "下一步：送审"}, rows: 2, unused: []string{"牵头单位"},
			header: "序号 工作任务 牵头单位 推进情况 存在问题 下一步打算",
		},
		{name: "titles without a header", block: road + "\t路基四成\n别的事\t没有这一行\n" + river + "\t初稿", road: [3]string{"路基四成"}, river: [3]string{"初稿"}, rows: 2, lost: []string{"别的事 没有这一行"}},
		{name: "more columns than there are", block: "路基\t1\t无\t备注甲\n初稿\t2\t无\t备注乙", road: [3]string{"路基", "1", "无"}, river: [3]string{"初稿", "2", "无"}, rows: 2, unused: []string{"D"}},
		{name: "more lines than there are", block: "甲\n乙\n丙", road: [3]string{"甲"}, river: [3]string{"乙"}, rows: 2, lost: []string{"丙"}},
		{name: "empty lines between", block: "甲\n\n乙\n", road: [3]string{"甲"}, river: [3]string{"乙"}, rows: 2},
		{name: "a first line that only looks like a header", block: "进展顺利\t9.1\t无问题\n初稿完成\t8\t无", road: [3]string{"进展顺利", "9.1", "无问题"}, river: [3]string{"初稿完成", "8", "无"}, rows: 2},
		{name: "no column of figures", block: "路基四成\t迁改慢\n初稿完成\t无", road: [3]string{"路基四成", "", "迁改慢"}, river: [3]string{"初稿完成", "", "无"}, rows: 2},
		{name: "running numbers first", block: "1\t路基四成\t9.1\t迁改慢\n2\t初稿完成\t8\t无", road: [3]string{"路基四成", "9.1", "迁改慢"}, river: [3]string{"初稿完成", "8", "无"}, rows: 2},
		{
			name: "header words in a row of texts", block: "路基四成\t存在困难\n初稿完成\t无",
			road: [3]string{"路基四成", "", "存在困难"}, river: [3]string{"初稿完成", "", "无"}, rows: 2,
		},
		{
			name: "header words beside a figure", block: "总体进展\t9.1\t存在困难\t备注\n初稿完成\t8\t无\t",
			road: [3]string{"总体进展", "9.1", "存在困难"}, river: [3]string{"初稿完成", "8", "无"}, rows: 2, unused: []string{"D"},
		},
		{name: "one line is no header", block: "完成情况\t\t存在问题", road: [3]string{"完成情况", "", "存在问题"}, rows: 1},
		{
			name: "a header with columns of a unit's own", block: "序号\t进展\t数据\t管护桩号\n1\t路基四成\t9.1\tK12\n",
			road: [3]string{"路基四成", "9.1"}, rows: 1, header: "序号 进展 数据 管护桩号", unused: []string{"管护桩号"},
		},
		{name: "nothing", block: "\n\t\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := gridOf(road, river)
			did := pasteBlock(rows, c.block, gridAt{})
			for i, want := range [][3]string{c.road, c.river} {
				if got := [3]string{rows[i].Progress, rows[i].Figures, rows[i].Problem}; got != want {
					t.Errorf("row %d is %q, want %q", i, got, want)
				}
			}
			if did.Rows != c.rows || !slices.Equal(did.Lost, c.lost) || !slices.Equal(did.Unused, c.unused) || strings.Join(did.Header, " ") != c.header {
				t.Errorf("%+v", did)
			}
		})
	}
}

func TestAnEmptyCellLeavesWhatWasTyped(t *testing.T) {
	rows := gridOf("甲", "乙")
	rows[0].Problem = "先写的"
	pasteBlock(rows, "进展\t存在问题\n路基\t", gridAt{})
	if rows[0].Progress != "路基" || rows[0].Problem != "先写的" {
		t.Errorf("%+v", rows[0])
	}
}

func TestABlockGoesFromItsCell(t *testing.T) {
	rows := gridOf("甲", "乙", "丙")
	rows[2].Indicators = nil
	did := pasteBlock(rows, "9.1\t迁改慢\t备注\n8\t无\t备注\n7\t\t\n", cellAt(rows, "f-i-乙"))
	if rows[0].Figures != "" || rows[1].Figures != "9.1" || rows[1].Problem != "迁改慢" || rows[2].Figures != "" || rows[2].Problem != "无" {
		t.Errorf("%+v %+v %+v", rows[0], rows[1], rows[2])
	}
	if did.Rows != 2 || !slices.Equal(did.Unused, []string{"C"}) || !slices.Equal(did.Lost, []string{"7  "}) || !slices.Equal(did.Figure, []string{"丙 8"}) || did.whole() {
		t.Errorf("%+v", did)
	}
	if rows[2].Homeless != "8" {
		t.Errorf("the row without an indicator says %q of the figure that came for it", rows[2].Homeless)
	}
	rows = gridOf("甲", "乙")
	did = pasteBlock(rows, "1\t路基四成\t9.1\t迁改慢\n2\t初稿完成\t8\t无", cellAt(rows, "p-i-甲"))
	if !did.whole() || rows[0].Progress != "路基四成" || rows[1].Figures != "8" || rows[1].Problem != "无" {
		t.Errorf("with running numbers: %+v %+v %+v", rows[0], rows[1], did)
	}
	for _, name := range []string{"", "x-i-甲", "p-i-丁"} {
		if at := cellAt(rows, name); at != (gridAt{}) {
			t.Errorf("%q is %+v", name, at)
		}
	}
}

// TestHeadersAreNoTexts: what offices write over columns, and what they write into them.
func TestHeadersAreNoTexts(t *testing.T) {
	for header, want := range map[string]string{
		"进展": "p", "推进情况": "p", "截至6月进展情况": "p", "2022年6月工作进展及成效": "p", "工作推进情况": "p", "任务完成情况": "p",
		"存在的问题": "t", "存在问题及原因": "t", "困难和问题": "t", "下一步工作打算": "x", "下步计划": "x", "本月完成投资（万元）": "f", "重点任务": "title", "序号": "n",
		"进展顺利": "", "无问题": "", "问题已解决": "", "完成投资3.2亿元，正在推进": "", "按计划推进中": "", "牵头单位": "", "已完成": "",
	} {
		if got := columnOf(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}
