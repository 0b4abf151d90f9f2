package letter

import "strings"

// sampleInput is a month of an invented city (演示数据).
func sampleInput() BulletinInput {
	previous := Figures{Lists: 3, Listings: 127, Items: 113, Done: 8, OnTime: 80, AtRisk: 10, Late: 9, Planned: 6, Due: 100, FiledOnTime: 88, FiledLate: 5, Missed: 7}
	in := BulletinInput{
		Subject: "成渝地区双城经济圈建设重点任务", Month: "2022-06", AsOf: "2022-06-20", NextDue: "2022-07-25",
		Head: "演示市发展和改革委员会文件", Number: "演发改〔2022〕12号", To: "各县（市、区）人民政府，市级有关部门",
		Signer: "演示市发展和改革委员会", Date: "2022-06-25", CopyTo: []string{"市委办公室", "市政府办公室"},
		PrintedBy: "演示市发展和改革委员会办公室", Demo: true, GroupBy: BySection,
		Total:    Figures{Lists: 3, Listings: 127, Items: 113, Done: 10, DoneLate: 2, OnTime: 78, AtRisk: 12, Late: 7, Planned: 4, Due: 113, FiledOnTime: 106, FiledLate: 4, Missed: 3},
		Previous: &previous,
		Lists: []List{
			{
				Title: "演示市成渝地区双城经济圈建设2022年工作要点", Short: "双城经济圈",
				Figures: Figures{Lists: 1, Listings: 70, Items: 70, Done: 8, DoneLate: 1, OnTime: 48, AtRisk: 8, Late: 4, Planned: 1, Due: 70, FiledOnTime: 66, FiledLate: 2, Missed: 2},
				Rows: []Row{
					{No: "1", Section: "一、基础设施", Title: "涪江双江航电枢纽建设", Lead: "市交通运输局", Due: "2022-12-31", State: OnTime, Percent: "45.5", Progress: "完成投资3.2亿元", Filing: "按时"},
					{No: "2", Section: "一、基础设施", Title: "渝遂高速公路扩容", Lead: "市交通运输局", Due: "2022-06-30", State: Late, Why: "6月30日节点未完成", Percent: "20", Progress: "=1+1", Filing: "逾期"},
				},
			},
			{
				Title: "成都平原经济区一体化发展2022年演示市重点任务清单", Short: "成都平原",
				Figures: Figures{Lists: 1, Listings: 27, Items: 27, Done: 2, OnTime: 20, AtRisk: 2, Late: 2, Planned: 1, Due: 27, FiledOnTime: 27},
			},
			{
				Title:   "遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划",
				Figures: Figures{Lists: 1, Listings: 30, Items: 30, DoneLate: 1, OnTime: 22, AtRisk: 3, Late: 2, Planned: 2, Due: 30, FiledOnTime: 27, FiledLate: 2, Missed: 1},
			},
		},
		Missing: []Missing{
			{Unit: "市科技局", List: "演示市成渝地区双城经济圈建设2022年工作要点", No: "33", Item: "协同创新示范区建设", Due: "2022-06-25"},
			{Unit: "市科技局", List: "演示市成渝地区双城经济圈建设2022年工作要点", No: "34", Item: "科技成果转化平台", Due: "2022-06-25"},
			{Unit: "市商务局", List: "遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划", No: "9", Item: "区域物资集散中心申报", Due: "2022-06-25"},
		},
		Sources: []Source{{Item: "涪江双江航电枢纽建设", Unit: "市交通运输局", Period: "2022-06", Book: "demo/plan", Entry: "41", Hash: strings.Repeat("ab", 32), FiledAt: "2022-06-18T02:11:00Z"}},
	}
	in.Chosen = []Chosen{
		{Section: "一、基础设施", Item: "涪江双江航电枢纽建设", Unit: "市交通运输局", Progress: "1．截至6月中旬完成投资3.2亿元，\n主体工程形象进度45.5%。", Next: "加快厂房土建施工"},
		{Section: "一、基础设施", Item: "渝遂高速公路扩容", Unit: "市交通运输局", Progress: "一是完成控制性工程施工图审查", Problem: "用地报批进度慢于计划；"},
		{Section: "二、公共服务", Item: "川渝通办事项落地", Unit: "市政务服务局", Progress: "累计落地210项，办件量{{总数}}件"},
	}
	return in
}
