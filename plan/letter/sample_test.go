package letter

import "strings"

// sampleDocument has one of everything. Its office and figures are invented (演示数据).
func sampleDocument() Document {
	long := strings.Repeat("围绕年度目标任务，各责任单位对照清单逐项推进，重点项目形象进度总体符合预期。", 3)
	return Document{
		Head:   "演示市发展和改革委员会文件",
		Number: "演发改〔2022〕12号",
		Title:  "关于2022年6月成渝地区双城经济圈建设重点任务推进情况的通报",
		To:     "各县（市、区）人民政府，市级有关部门",
		Body: []Block{
			Plain("截至2022年6月20日，纳入调度的3份清单共127条任务，去重后为113个事项。" + long),
			Heading{Level: 1, Text: "一、总体情况"},
			Heading{Level: 2, Text: "（一）进度情况"},
			Plain(long),
			Chart{
				Title: "图1  各清单任务状态", Kind: StackedChart, Unit: "项",
				Categories: []string{"双城经济圈建设", "成都平原经济区一体化", "遂潼一体化先行区"},
				Series: []Series{
					{Name: "已完成", Values: []string{"12", "6", "0"}},
					{Name: "按计划", Values: []string{"45", "17", "21"}},
					{Name: "有风险", Values: []string{"8", "3", "6"}},
					{Name: "滞后", Values: []string{"5", "1", "3"}, Color: "C00000"},
				},
			},
			Table{
				Caption: "表1  分清单推进情况", Columns: []Column{
					{Title: "清单", Width: 6},
					{Title: "任务数", Align: Right, Width: 2},
					{Title: "已完成", Align: Right, Width: 2},
					{Title: "滞后", Align: Right, Width: 2},
				},
				Rows: [][]string{
					{"双城经济圈建设2022年工作要点", "70", "12", "5"},
					{"成都平原经济区一体化发展重点任务清单", "27", "6", "1"},
					{"合计", "97", "18", "6"},
				},
				Total: true, Note: "注：同一事项列入多份清单的，合计中只计一次。",
			},
			Heading{Level: 1, Text: "二、主要进展"},
			Heading{Level: 2, Text: "（一）基础设施。", Then: []Span{{Text: long}}},
			Heading{Level: 3, Text: "1. 综合交通"},
			Paragraph{Spans: []Span{{Text: "一是遂渝高速扩容加快推进。", Bold: true}, {Text: long}}},
			Heading{Level: 4, Text: "（1）水利工程"},
			Plain(long), Plain(long),
		},
		Annexes: []Annex{
			{Title: "各清单推进情况明细表", Body: []Block{sampleTable(40)}},
			{Title: "未按时报送单位情况表", Wide: true, Body: []Block{sampleTable(12)}},
		},
		Signer: "演示市发展和改革委员会", Date: "2022-06-25",
		CopyTo:    []string{"市委办公室", "市政府办公室", "市人大常委会办公室", "市政协办公室", "市纪委监委机关"},
		PrintedBy: "演示市发展和改革委员会办公室",
		Note:      "截至2022-06-20 09:00；演示数据",
	}
}

func sampleTable(rows int) Table {
	t := Table{Columns: []Column{
		{Title: "序号", Align: Center},
		{Title: "任务"},
		{Title: "牵头单位"},
		{Title: "时限", Align: Center},
		{Title: "状态", Align: Center},
		{Title: "完成率", Align: Right},
		{Title: "说明"},
	}}
	for i := range rows {
		t.Rows = append(t.Rows, []string{itoa(i + 1), "双江航电枢纽主体工程建设", "市交通运输局", "2022-12-31", "按计划", "45.5%", ""})
	}
	return t
}
