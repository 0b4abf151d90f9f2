package filing

import (
	"slices"
	"testing"

	"liandong/plan"
)

func gridOf(titles ...string) (rows []*gridRow) {
	for _, t := range titles {
		rows = append(rows, &gridRow{FilingForm: &plan.FilingForm{Title: t}})
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
	}{
		{name: "in order", block: "路基四成\t９．１\t管线迁改\n初稿完成", road: [3]string{"路基四成", "９．１", "管线迁改"}, river: [3]string{"初稿完成"}, rows: 2},
		{name: "quotes and line breaks", block: "\"第一段\n第二段说\"\"完成\"\"\"\t9.1\r\n初稿\t\t\r\n", road: [3]string{"第一段\n第二段说\"完成\"", "9.1"}, river: [3]string{"初稿"}, rows: 2},
		{
			name:  "a header, other columns, another order",
			block: "序号\t工作任务\t牵头单位\t推进情况\t存在问题\t下一步打算\n3\t推进遂潼 涪江航运整治\t市交通运输局\t初稿完成\t\t送审\n1\t" + road + "\t市交通运输局\t路基四成\t迁改慢\t\n",
			road:  [3]string{"路基四成", "", "迁改慢"}, river: [3]string{"初稿完成", "", "下一步：送审"}, rows: 2, unused: []string{"牵头单位"},
		},
		{name: "titles without a header", block: road + "\t路基四成\n别的事\t没有这一行\n" + river + "\t初稿", road: [3]string{"路基四成"}, river: [3]string{"初稿"}, rows: 2, lost: []string{"别的事 没有这一行"}},
		{name: "more columns than there are", block: "路基\t1\t无\t备注甲\n初稿\t2\t无\t备注乙", road: [3]string{"路基", "1", "无"}, river: [3]string{"初稿", "2", "无"}, rows: 2, unused: []string{"D"}},
		{name: "more lines than there are", block: "甲\n乙\n丙", road: [3]string{"甲"}, river: [3]string{"乙"}, rows: 2, lost: []string{"丙"}},
		{name: "empty lines between", block: "甲\n\n乙\n", road: [3]string{"甲"}, river: [3]string{"乙"}, rows: 2},
		{name: "nothing", block: "\n\t\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := gridOf(road, river)
			did := pasteBlock(rows, c.block)
			for i, want := range [][3]string{c.road, c.river} {
				if got := [3]string{rows[i].Progress, rows[i].Figures, rows[i].Problem}; got != want {
					t.Errorf("row %d is %q, want %q", i, got, want)
				}
			}
			if did.Rows != c.rows || !slices.Equal(did.Lost, c.lost) || !slices.Equal(did.Unused, c.unused) {
				t.Errorf("%+v", did)
			}
		})
	}
}

func TestAnEmptyCellLeavesWhatWasTyped(t *testing.T) {
	rows := gridOf("甲", "乙")
	rows[0].Problem = "先写的"
	pasteBlock(rows, "进展\t存在问题\n路基\t")
	if rows[0].Progress != "路基" || rows[0].Problem != "先写的" {
		t.Errorf("%+v", rows[0])
	}
}
