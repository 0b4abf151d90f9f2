package intake

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/rules/refuse"
	"liandong/web"
)

// export 导出清单: the list as xlsx in the layout it came in. Rows that it cannot show are named on a
// page first. GET /plan/{key}/export.xlsx?as-of=2022-06-20
func (p *pages) export(w http.ResponseWriter, r *http.Request) error {
	asOf, err := p.asOf(r.URL.Query().Get("as-of"))
	if err != nil {
		return err
	}
	e, err := p.desk.Export(r.Context(), r.PathValue("key"), asOf)
	if refuse.Is(err, "plan.unknown") {
		return web.ErrNotFound
	}
	if err != nil {
		return err
	}
	if len(e.Unshown) > 0 && r.URL.Query().Get("anyway") == "" {
		return web.Show(w, r, unshownView(unshownPage{Key: r.PathValue("key"), Export: e}))
	}
	return sendWorkbook(w, e.Name, e.Content)
}

func (p *pages) asOf(text string) (judge.Date, error) {
	if text == "" {
		return p.desk.Today(), nil
	}
	d, err := judge.ParseDate(text)
	if err != nil {
		return "", refuse.New("plan.import-day", "day", text).At("as-of")
	}
	return d, nil
}

type unshownPage struct {
	Key    string
	Export *plan.Exported
}

func (u unshownPage) download() string {
	return "/plan/" + url.PathEscape(u.Key) + "/export.xlsx?" + url.Values{"as-of": {string(u.Export.AsOf)}, "anyway": {"1"}}.Encode()
}

func sendWorkbook(w http.ResponseWriter, name string, content []byte) error {
	w.Header().Set("Content-Type", letter.XlsxType)
	w.Header().Set("Content-Disposition", "attachment; filename=\"list.xlsx\"; filename*=UTF-8''"+url.PathEscape(plainName(name)))
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // who went away needs no answer
	return nil
}

// plainName leaves out what a file name may not hold on any system.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
}

// sample is a file to try the import with. GET /plan/import/sample.xlsx
func (p *pages) sample(w http.ResponseWriter, _ *http.Request) error {
	year := p.desk.Node().Now().In(judge.Beijing).Year()
	content, err := sampleList(year)
	if err != nil {
		return err
	}
	return sendWorkbook(w, "演示数据-任务清单.xlsx", content)
}

// sampleList is an invented list (演示数据) with what lists usually have: a title, a heading, merged
// cells, several units in a cell, dates in words.
func sampleList(year int) ([]byte, error) {
	x := excelize.NewFile()
	defer x.Close()
	const name = "任务清单"
	if err := x.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	y := strconv.Itoa(year)
	rows := [][]any{
		{y + "年重点任务清单（演示数据）"},
		{"序号", "重点任务", "年度目标", "牵头单位", "配合单位", "完成时限", "备注"},
		{"一、基础设施"},
		{1, "演示：扩建城际快速通道东段", "完成路基工程12公里", "市交通运输局", "市发展改革委、市财政局", "9月底前", ""},
		{2, "演示：新建跨江便民桥一座", "完成投资1.2亿元以上", "市住房城乡建设局", "市交通运输局", y + "年12月", "跨市界"},
		{"二、产业协作"},
		{3, "演示：共建优质蔬菜基地", "建成核心基地2万亩，产值3亿元", "市农业农村局", "市商务局", "6月底前完成选址，年底前建成", ""},
		{4, "演示：联合举办产业招商活动", "全年不少于4场", "市经济合作局", "各县（市、区）人民政府", "每季度", ""},
		{"三、公共服务"},
		{5, "演示：推进医保异地直接结算", "定点医疗机构覆盖率不低于95%", "市医保局", "市卫生健康委", "年底前", ""},
		{6, "演示：开通跨城公交线路", "开通线路3条", "市交通运输局", "", "上半年", ""},
	}
	for i, row := range rows {
		if err := x.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row); err != nil {
			return nil, err
		}
		if len(row) == 1 {
			if err := x.MergeCell(name, "A"+strconv.Itoa(i+1), "G"+strconv.Itoa(i+1)); err != nil {
				return nil, err
			}
		}
	}
	if err := x.SetColWidth(name, "B", "F", 24); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err := x.Write(&b)
	return b.Bytes(), err
}
