package demo

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/text/encoding/simplifiedchinese"

	"liandong/plan/letter"
)

// writeFiles writes the lists, and some more files for a visitor to try, and returns what was
// written by name.
func writeFiles(folder string, lists []list) (map[string][]byte, error) {
	return written(folder, []listFile{
		{lists[0].file, func() ([]byte, error) { return chengyuBook(lists[0]) }},
		{lists[1].file, func() ([]byte, error) { return suitongBook(lists[1]) }},
		{lists[2].file, func() ([]byte, error) { return plainBook(lists[2]) }},
		{"试一试-1-双城经济圈工作要点（修订稿，演示数据）.xlsx", func() ([]byte, error) { return chengyuBook(revised(lists[0])) }},
		{"试一试-2-某单位自拟清单（格式杂乱，演示数据）.csv", messy},
		{"试一试-3-专项工作组任务分工（演示数据）.docx", groups},
	})
}

// writeOne writes the one list of a neighbour.
func writeOne(folder string, lists []list) (map[string][]byte, error) {
	return written(folder, []listFile{{lists[0].file, func() ([]byte, error) { return chengyuBook(lists[0]) }}})
}

type listFile struct {
	name  string
	write func() ([]byte, error)
}

func written(folder string, all []listFile) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, w := range all {
		content, err := w.write()
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, w.name), content, 0o644); err != nil {
			return nil, err
		}
		files[w.name] = content
	}
	return files, nil
}

// revised is the list after its middle-of-the-year revision: two deadlines moved, a target raised,
// one task gone and one come in its place.
func revised(l list) list {
	l.tasks = slices.Clone(l.tasks)
	change := func(title string, f func(*task)) {
		if i, ok := l.byTitle(title); ok {
			f(&l.tasks[i])
		}
	}
	change("开展涪江右岸水资源配置工程前期工作", func(t *task) { t.deadline = "年底前" })
	change("建设冷链物流骨干节点", func(t *task) { t.deadline = "2022年12月" })
	change("建设遂甘飞地产业园区", func(t *task) { t.target = "完成一期场平1000亩，入驻企业4户" })
	change("推动近零碳园区试点", func(t *task) {
		*t = task{section: t.section, title: "整治涪江沿岸入河排污口", target: "完成整治45个", lead: "市生态环境局", support: "市水利局", deadline: "11月底前"}
	})
	return l
}

// messy is a list as somebody typed it in haste: GB18030, full-width digits, names that the
// directory does not know, deadlines in words.
func messy() ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, line := range [][]string{
		{"", "2022年市级重点改革任务（演示数据）", "", "", ""},
		{"编号", "工 作 任 务", "预期成效", "责任单位", "时间节点"},
		{"１", "深化“一卡多用”应用", "覆盖６０项场景", "市人社局、文广旅局", "9月底"},
		{"２", "推进遂渝高速扩容", "完成投资１８亿元", "市交通局 市发改委", "年底前"},
		{"３", "1、完善项目储备；2、做好要素保障；3、按月调度", "", "市发改委牵头，各县(市、区)配合", "每月"},
		{"４", "优化营商环境考评办法", "印发办法", "市营商环境服务中心", "适时"},
		{"", "", "", "", ""},
		{"５", "推动公积金异地互认互贷", "办理2000笔", "市住房公积金中心", "2022.11"},
		{"注：本表由各单位自行填写，未经核对", "", "", "", ""},
	} {
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return simplifiedchinese.GB18030.NewEncoder().Bytes(out.Bytes())
}

// groups is a letter with a table, as a joint office would send it.
func groups() ([]byte, error) {
	var out bytes.Buffer
	err := letter.WriteDocx(&out, letter.Document{
		Title: "遂潼一体化发展八个专项工作组2022年任务分工", Note: "演示数据",
		Body: []letter.Block{
			letter.Paragraph{Spans: []letter.Span{{Text: "为推动先行区建设，现将八个专项工作组本年度重点任务分工如下。"}}},
			letter.Table{
				Columns: []letter.Column{{Title: "序号", Width: 1}, {Title: "工作任务", Width: 5}, {Title: "牵头单位", Width: 3}, {Title: "配合单位", Width: 4}, {Title: "完成时限", Width: 2}},
				Rows: [][]string{
					{"1", "规划编制组：完成国土空间专项规划衔接", "市自然资源和规划局", "市发展改革委、市住房城乡建设局", "9月底前"},
					{"2", "交通建设组：协调遂渝高速扩容建设", "市交通运输局", "市自然资源和规划局", "年底前"},
					{"3", "产业协作组：联合招商引资推介3场", "市经济合作局", "市经济和信息化局", "11月底前"},
					{"4", "农业合作组：推进渝遂绵优质蔬菜生产带建设", "市农业农村局", "市水利局", "三季度"},
					{"5", "公共服务组：推行一卡通一码通", "市人力资源社会保障局", "市文化广电旅游局", "9月底前"},
					{"6", "生态环境组：开展大气污染联合监测", "市生态环境局", "市应急管理局", "持续推进"},
					{"7", "文旅商贸组：发布遂潼旅游年票", "市文化广电旅游局", "市商务局", "10月底前"},
					{"8", "体制机制组：编制经济区与行政区适度分离改革清单", "市发展改革委", "市财政局、市税务局", "年底前"},
				},
			},
		},
	})
	return out.Bytes(), err
}
