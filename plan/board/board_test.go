package board_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"liandong/plan"
	"liandong/plan/board"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const suitong = `序号,工作任务,工作举措,年度目标,牵头单位,配合单位,责任领导,完成时限
一、基础设施互联互通,,,,,,,
1,加快推进遂渝高速公路扩容工程建设,完成控制性工程施工图审查，年内开工；同步推进沿线征地拆迁，统筹用地、用林、用水保障，按月调度工程进度和投资完成情况，年底前路基工程完成80%以上。,完成投资12.5亿元,市交通运输局,市发展改革委,张副市长,6月15日前
2,开通遂宁至潼南跨省城际公交,优化线路和班次,开通2条线路,市交通运输局,,李副市长,5月底前
二、产业协作,,,,,,,
3,建设渝遂绵优质蔬菜生产带船山基地,,建成核心基地2万亩,市农业农村局,市经济和信息化局,王副市长,6月底前
4,推进遂潼涪江创新产业园区规划建设,,完成总体规划编制,市发展改革委,市经济和信息化局、市交通运输局,张副市长,三季度
5,联合开展环境空气质量监测会商,,,市教育和体育局,,,每月
`

const chengyu = `序号,重点任务,责任单位,完成时限
1,实施遂渝高速公路扩容改造工程,市交通运输局,2022年12月
2,共建锂电产业集群,市经济和信息化局,持续推进
3,推进职业教育园区建设,市教育和体育局,年底前
`

// opened is an office some months into its year: reports accepted, returned, filed and missing.
func opened(t *testing.T) *plantest.Office {
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: "suitong", Title: "遂潼川渝毗邻地区一体化发展先行区建设2022年工作计划", Number: "遂潼办〔2022〕3号"}, suitong)
	o.Take(plan.ImportOptions{Plan: "chengyu-2022", Year: 2022, Circle: "chengyu", Title: "成渝地区双城经济圈建设2022年工作要点"}, chengyu)
	ctx := context.Background()
	_, road := o.Row("遂渝高速公路扩容")
	_, bus := o.Row("跨省城际公交")
	_, food := o.Row("蔬菜生产带")
	_, park := o.Row("创新产业园区")
	indicator := figured(t, o, road)
	values := []string{"1.2", "2.85", "4.1", "5.13"}
	for i, p := range []judge.Period{"2022-02", "2022-03", "2022-04", "2022-05"} {
		o.Day(p.First().AddDays(19))
		f := plan.ReportFacts{Item: road, Period: p, Claim: judge.OnTime, Figures: []plan.FigureFacts{{Indicator: indicator, Value: values[i]}}}
		words := plan.ReportWords{Progress: "施工图审查完成，K12至K31段用地已交付，隧道进口端开始便道施工；累计完成投资" + values[i] + "亿元。", Problem: "潼南段征地较慢。", Next: "下月交付剩余用地。"}
		if _, err := o.File(ctx, o.As(region.Reporter, "市交通运输局"), f, words); err != nil {
			t.Fatal(err)
		}
		o.AcceptNow(road, p, false)
		o.FileAs("市农业农村局", food, p, judge.AtRisk, "已落实核心基地1.1万亩，育苗大棚材料涨价，进度偏慢。")
		o.AcceptNow(food, p, false)
	}
	o.FileAs("市交通运输局", bus, "2022-05", judge.Done, "两条线路开通运营。")
	o.AcceptNow(bus, "2022-05", true)
	o.Day("2022-06-18")
	o.FileAs("市交通运输局", road, "2022-06", judge.OnTime, "隧道进口端进洞三十米。")
	o.FileAs("市发展改革委", park, "2022-06", judge.OnTime, "总体规划形成初稿。")
	if err := o.Return(ctx, o.Coordinator(), park, "2022-06", "请写明规划评审时间"); err != nil {
		t.Fatal(err)
	}
	o.Day("2022-06-20")
	if err := o.Reindex(ctx); err != nil {
		t.Fatal(err)
	}
	return o
}

// figured gives the road an indicator and a milestone, as a coordinator does on the edit page.
func figured(t *testing.T, o *plantest.Office, item string) string {
	t.Helper()
	p, err := o.Item(context.Background(), item, "", plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	f, w := p.Facts, p.Words
	f.Indicators = []plan.IndicatorFacts{{ID: "k1", Unit: "亿元", Target: "12.5", Direction: "up", Mode: "cumulative", Decimals: 2}}
	f.Milestones = []plan.MilestoneFacts{{ID: "m1", Day: "2022-05-31"}, {ID: "m2", Day: "2022-10-31"}}
	w.Indicators, w.Targets = map[string]string{"k1": "完成投资"}, map[string]string{"k1": "12.5亿元以上"}
	w.Milestones = map[string]string{"m1": "征地拆迁全部完成", "m2": "隧道贯通"}
	if err := o.ReviseItem(context.Background(), o.Coordinator(), f, w); err != nil {
		t.Fatal(err)
	}
	return "k1"
}

// site serves the pages to somebody with a seat.
func site(t *testing.T, o *plantest.Office, seat region.Seat, unit string) string {
	t.Helper()
	return siteWith(t, o, seat, unit, func(*web.Site) {})
}

// siteWith is a site with pages of other rooms beside.
func siteWith(t *testing.T, o *plantest.Office, seat region.Seat, unit string, more func(*web.Site)) string {
	t.Helper()
	who := o.As(seat, unit).Actor
	s := web.New(web.Options{Member: "遂宁市", Demo: true, Now: o.Node().Now, Log: slog.New(slog.DiscardHandler), Identify: func(*http.Request) (web.Identity, error) {
		return web.Identity{Actor: who, Name: "演示", Seats: []region.SeatAt{{Org: who.Org, OrgName: unit, Seat: seat}}}, nil
	}})
	board.Routes(s, o.Desk)
	more(s)
	s.Nav(web.NavItem{LabelKey: "board.overview.title", Href: "/plan", Action: region.PlanRead})
	return webtest.Serve(t, s.Handler())
}

func TestPages(t *testing.T) {
	o := opened(t)
	listing, road := o.Row("遂渝高速公路扩容改造")
	base := site(t, o, region.Coordinator, "市发展改革委")
	b := webtest.Start(t)
	for _, c := range []struct{ name, path, says string }{
		{"overview", "/plan", "遂潼川渝毗邻地区"},
		{"overview-filtered", "/plan?circle=suitong&as-of=2022-05-10", "遂潼川渝毗邻地区"},
		{"list", "/plan/suitong-2022", "加快推进遂渝高速公路扩容"},
		{"list-filtered", "/plan/suitong-2022?state=late&col=lead&col=measures&col=target&col=filing", "滞后"},
		{"list-none", "/plan/suitong-2022?state=dropped", "没有符合条件"},
		{"missing", "/plan/suitong-2022/missing", "市农业农村局"},
		{"items", "/items?unit=" + o.Units["市交通运输局"], "遂渝高速公路"},
		{"item", "/item/" + road, "征地拆迁全部完成"},
		{"year", "/plan/suitong-2022/year", "完成投资：5.13亿元，目标 12.5亿元，完成 41%"},
		{"year-before", "/plan/suitong-2022/year?as-of=2022-03-31", "完成投资：2.85亿元"},
		{"calendar", "/plan/suitong-2022/calendar", "征地拆迁全部完成"},
		{"edit", "/item/" + road + "/edit", "征地拆迁全部完成"},
		{"twins", "/listing/" + listing + "/twins", "找同一事项"},
		{"link", "/listing/" + listing + "/link?item=" + road, "确认关联"},
		{"unlink", "/listing/" + listing + "/unlink", "解除关联"},
		{"verdict", "/listing/" + listing + "/verdict", "认定工作状态"},
		{"search", "/search?q=%E9%AB%98%E9%80%9F%E5%85%AC%E8%B7%AF", "高速公路"},
		{"search-none", "/search?q=%E5%9C%B0%E9%93%81", "没有找到"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, look := range []struct {
				name string
				look webtest.Look
			}{{"desk", webtest.Desk}, {"dark", webtest.Dark}, {"phone", webtest.Phone}} {
				if look.name == "dark" && c.name != "overview" && c.name != "list" && c.name != "item" {
					continue // its parts are those of the others
				}
				p := b.Open(t, base, look.look)
				p.Go(c.path)
				if got := p.Text("main"); !strings.Contains(got, c.says) {
					t.Fatalf("%s does not say %q: %.300s", c.path, c.says, got)
				}
				p.Axe()
				p.FitsWidth()
				p.Shot("board-" + c.name + "-" + look.name)
			}
		})
	}
}

// TestWithoutScripts walks from the overview by a figure to its rows, to an item, and gives a verdict.
func TestWithoutScripts(t *testing.T) {
	o := opened(t)
	b := webtest.Start(t)
	p := b.Open(t, site(t, o, region.Coordinator, "市发展改革委"), webtest.NoJS)
	p.Go("/plan?as-of=2022-06-20")
	p.Press(`#plans a[href^="/plan/suitong-2022?"]`)
	if at := p.Address(); at != "/plan/suitong-2022?as-of=2022-06-20" {
		t.Errorf("the list is at %s: the as-of date is lost", at)
	}
	p.Press(`.filter[href*="state=late"]`)
	p.Press(`#table a[href^="/item/"]`)
	if got := p.Text("main"); !strings.Contains(got, "征地拆迁全部完成") {
		t.Errorf("the item says %.200s", got)
	}
	if got := p.Text("#story"); !strings.Contains(got, "按填报内容采用") || strings.Index(got, "采用进展（2022年5月）") > strings.Index(got, "填报进展（2022年5月）") {
		t.Errorf("the story does not say that the report was accepted as filed, after it was filed: %.400s", got)
	}
	p.Press(`#in-lists a[href$="/verdict"]`)
	p.Press("main form button.primary")
	if got := p.Text(".errors"); !strings.Contains(got, "请选择") {
		t.Errorf("an empty verdict: %q", got)
	}
	p.Do(chromedp.Click(`input[name=state][value=on-time]`))
	p.Press("main form button.primary")
	if got := p.Text(".errors"); got == "" {
		t.Error("a verdict without a reason was taken")
	}
	p.Fill("reason", "征地已由潼南方面完成")
	p.Press("main form button.primary")
	if got := p.Text("main"); !strings.Contains(got, "认定已记录") || !strings.Contains(got, "征地已由潼南方面完成") {
		t.Errorf("after the verdict: %.300s", got)
	}
}

// TestWhoSeesWhat: pages leave out what stays inside, and refuse what a seat may not do.
func TestWhoSeesWhat(t *testing.T) {
	o := opened(t)
	listing, _ := o.Row("创新产业园区")
	_, park := o.Row("创新产业园区")
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		inside bool
		acts   int
	}{
		{region.Coordinator, "市发展改革委", true, http.StatusOK},
		{region.Reviewer, "市发展改革委", true, http.StatusForbidden},
		{region.Reviewer, "市教育和体育局", false, http.StatusForbidden},
		{region.Auditor, "市教育和体育局", true, http.StatusForbidden},
		{region.Reporter, "市发展改革委", true, http.StatusForbidden},
		{region.Reporter, "市农业农村局", false, http.StatusForbidden},
		{region.Reader, "市发展改革委", false, http.StatusForbidden},
	} {
		base := site(t, o, c.seat, c.unit)
		status, text := get(t, base+"/item/"+park)
		if status != http.StatusOK || strings.Contains(text, "请写明规划评审时间") != c.inside || strings.Contains(text, "形成初稿") != c.inside {
			t.Errorf("%s of %s: %d, sees returns: %v", c.seat, c.unit, status, strings.Contains(text, "请写明规划评审时间"))
		}
		if _, text := get(t, base+"/search?q=%E5%88%9D%E7%A8%BF"); strings.Contains(text, "总体规划形成") != c.inside {
			t.Errorf("%s of %s finds a filing", c.seat, c.unit)
		}
		for _, path := range []string{"/listing/" + listing + "/verdict", "/listing/" + listing + "/twins", "/item/" + park + "/edit"} {
			if status, _ := get(t, base+path); status != c.acts {
				t.Errorf("%s of %s: %s is %d", c.seat, c.unit, path, status)
			}
		}
	}
	if status, _ := get(t, site(t, o, region.Administrator, "市发展改革委")+"/plan"); status != http.StatusForbidden {
		t.Errorf("an administrator reads plans: %d", status)
	}
	for _, path := range []string{"/plan/none", "/item/none", "/plan/none/missing"} {
		if status, _ := get(t, site(t, o, region.Reader, "市发展改革委")+path); status != http.StatusNotFound {
			t.Errorf("%s is %d", path, status)
		}
	}
	for _, path := range []string{"/plan?as-of=yesterday", "/plan/suitong-2022?state=fine", "/plan/suitong-2022?after=%21"} {
		if status, _ := get(t, site(t, o, region.Reader, "市发展改革委")+path); status >= 500 || status < 400 {
			t.Errorf("%s is %d", path, status)
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var b strings.Builder
	buf := make([]byte, 1<<16)
	for {
		n, err := r.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return r.StatusCode, b.String()
		}
	}
}

// TestAFilterThatMeetsNoListSaysSo: and does not tell who has lists that there are none.
func TestAFilterThatMeetsNoListSaysSo(t *testing.T) {
	o := opened(t)
	base := site(t, o, region.Coordinator, "市发展改革委")
	for _, query := range []string{"?circle=nowhere", "?as-of=2000-01-01"} {
		status, page := get(t, base+"/plan"+query)
		if status != http.StatusOK || !strings.Contains(page, "没有符合条件的清单") || strings.Contains(page, "还没有任务清单") {
			t.Errorf("%s: %d", query, status)
		}
	}
	if _, page := get(t, base+"/plan"); strings.Contains(page, "没有符合条件的清单") {
		t.Error("without a filter no list is found")
	}
}
