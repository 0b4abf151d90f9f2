package main

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"liandong/demo"
	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/web/webtest"
)

// openDemonstration serves the demonstration's first node on a clock of the test's.
func openDemonstration(t *testing.T) *office {
	t.Helper()
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "demo")
	founder := node.Actor{Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: demo.Identity.Member}
	if _, _, err := demo.Open(ctx, demo.Options{Dir: dir, Modules: modules(), Founder: founder, Found: found}); err != nil {
		t.Fatal(err)
	}
	o := &office{t: t}
	o.day("2022-06-20")
	clock := func() time.Time { return time.Unix(o.now.Load(), 0) }
	var err error
	if o.folder, err = node.OpenFolder(ctx, dir, modules(), node.FolderOptions{May: region.Permit, Clock: clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.folder.Close() })
	a, err := newApp(ctx, o.folder, appOptions{log: slog.New(slog.DiscardHandler), openBooks: demo.Circles, clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	unfollow, err := plan.NewDesk(o.folder.Node).FollowSearch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(unfollow)
	o.base = webtest.Serve(t, http.Handler(a.site.Handler()))
	o.browser = webtest.Start(t)
	return o
}

// signsIn is one of the demonstration's people at his browser.
func (o *office) signsIn(login string) *clerk {
	o.t.Helper()
	c := &clerk{o.browser.Open(o.t, o.base, webtest.Desk), o}
	c.SignIn(login, demo.Password)
	return c
}

// inRow presses what shows a text in the row of a table that says something.
func (c *clerk) inRow(says, text string) {
	c.o.t.Helper()
	found := webtest.Eval[bool](c.Page, `((says) => {
		const row = Array.from(document.querySelectorAll("main tr")).find((r) => r.textContent.includes(says));
		if (row) row.setAttribute("data-row", "");
		return !!row;
	})(`+strconv.Quote(says)+`)`)
	if !found {
		c.o.t.Fatalf("%s has no row of %s", c.Address(), says)
	}
	c.ClickIn("[data-row]", text)
}

// fills types into several fields.
func (c *clerk) fills(pairs ...string) {
	c.o.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		c.Fill(pairs[i], pairs[i+1])
	}
}

const (
	extra = "2022年下半年补充任务"
	line  = "新建遂宁至潼南物流专线"
	straw = "开展秸秆禁烧联防"
	water = "开展涪江右岸水资源配置工程前期工作"
)

// TestAMonthOfTheDemonstration: five people live through a month of an office that is in the middle of its year: a list is drafted, commented on and
// issued, reported on and reviewed, late work supervised, a leader speaks, a meeting decides, the bulletin goes out. They press what
// they see, and nobody meets a dead end.
func TestAMonthOfTheDemonstration(t *testing.T) {
	o := openDemonstration(t)
	chen, zhou, shen, luo, ye := o.signsIn("xietiao"), o.signsIn("tianbao"), o.signsIn("shengtai"), o.signsIn("shenhe"), o.signsIn("lingdao")

	chen.draftsAList()
	zhou.comments()
	chen.decidesAndIssues()
	o.day("2022-06-21")
	ye.speaks()
	o.day("2022-06-22")
	slip := chen.supervises()
	shen.answersTheSlip(slip)
	chen.closesTheSlip(slip)
	meeting := chen.callsAMeeting()
	o.day("2022-06-23")
	zhou.repliesTo(meeting)
	zhou.reportsTheLine()
	luo.acceptsTheLine()
	o.day("2022-06-24")
	o.now.Add(int64((7 * time.Hour).Seconds())) // it began at three in the afternoon
	chen.minutes(meeting)
	o.day("2022-06-27")
	chen.issuesTheBulletin()
	ye.readsWhatCameOfIt()
}

func (c *clerk) draftsAList() {
	c.ClickIn("nav", "总览")
	c.Click("制定清单、征求意见")
	c.Click("制定清单")
	c.fills("title", extra, "plan", "buchong-2022")
	c.Click("开始编制")
	c.Click("添加任务")
	c.fills("title", line, "target", "开行30班", "lead", "市交通运输局", "support", "市商务局", "deadline", "9月底前")
	c.Click("保存并写下一条")
	c.fills("title", "共建农产品联检点", "lead", "市农业农村局", "deadline", "年底前")
	c.Click("保存")
	c.sees("任务（2）", "开行30班")
	c.Click("征求意见")
	c.Click("发出征求意见稿")
	c.sees("已发出征求意见稿", "市农业农村局", "待反馈")
}

func (c *clerk) comments() {
	c.Go("/")
	c.sees("征求意见")
	c.Click("去办理")
	c.Click(extra)
	c.Unfold("对第 1 条的意见")
	c.Fill("row-1", "运力不足，建议改为20班")
	c.Click("提交意见")
	c.sees("已反馈")
}

func (c *clerk) decidesAndIssues() {
	c.ClickIn("nav", "总览")
	c.Click("制定清单、征求意见")
	c.Click(extra)
	c.Click("看意见")
	c.sees("建议改为20班", "待处理")
	c.Unfold("写明是否采纳")
	c.Choose("decision", "采纳")
	c.Click("保存")
	c.Click("修改清单")
	c.Click(line)
	c.Fill("target", "开行20班")
	c.Click("保存")
	c.Fill("document", "遂协办〔2022〕9号")
	c.Click("下一步：核对")
	c.Click("确认印发")
	c.sees("印发完成")
	c.Click("查看清单")
	c.sees(line, "未启动")
}

func (c *clerk) speaks() {
	c.ClickIn("nav", "一览")
	c.sees(water)
	c.inRow(water, "批示")
	c.sees("批示内容")
	c.fills("text", "请加快可研审查，一周内报结果。", "due", "2022-06-28")
	c.ClickIn("main form", "批示")
	c.sees("已记入内部账")
}

func (c *clerk) supervises() string {
	c.Go("/slips")
	c.sees("建议督办", straw)
	c.inRow(straw, "印发督办单")
	c.Fill("demand", "查清露天焚烧点位，落实联防责任。")
	c.Click("印发")
	c.sees("已印发，并记入账本")
	return c.Address()
}

func (c *clerk) answersTheSlip(slip string) {
	c.Go("/")
	c.sees("督办")
	c.Go(slip)
	c.Click("签收")
	c.Fill("answer", "已联合巡查三轮，7月10日前整改完。")
	c.Click("反馈")
	c.sees("已反馈，等待复核")
}

func (c *clerk) closesTheSlip(slip string) {
	c.Go(slip)
	c.sees("已联合巡查三轮")
	c.Fill("close", "已整改，抽查属实。")
	c.ClickIn("form[action$='/close']", "销号")
	c.sees("已销号")
}

func (c *clerk) callsAMeeting() string {
	c.Go("/meetings")
	c.Choose("of", "内部会议")
	c.Click("拟定会议")
	c.fills("title", "双城经济圈建设6月调度会", "day", "2022-06-24", "clock", "15:00", "place", "市政府第二会议室")
	c.Choose("orgs", "市交通运输局")
	c.Choose("orgs", "市水利局")
	c.Click("保存")
	c.Click("拟议程")
	c.sees("可以列入的", water)
	c.Choose("take", water)
	c.Click("列入议程")
	c.sees("议程（1）")
	c.Click("发出通知")
	c.sees("会议通知已发出")
	return c.Address()
}

func (c *clerk) repliesTo(meeting string) {
	c.Go("/")
	c.sees("会议")
	c.Go(meeting)
	c.Choose("reply", "参加")
	c.Fill("people", "周局长（演示）")
	c.Click("报送回执")
	c.sees("回执已报送")
}

func (c *clerk) reportsTheLine() {
	c.Go("/")
	c.Click(line)
	c.Fill("progress", "已开行3班，与潼南商定装卸场地。")
	c.Click("提交")
	c.sees("已提交")
}

func (c *clerk) acceptsTheLine() {
	c.ClickIn("nav", "审核")
	c.Click(line)
	c.sees("已开行3班")
	c.Click("采用")
	for range 50 { // the index follows the books
		if c.Go("/search?q=装卸场地"); strings.Contains(c.Text("main"), line) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.sees(line)
}

func (c *clerk) minutes(meeting string) {
	c.Go(meeting)
	c.Click("写会议纪要")
	c.Fill("chair", "袁泊主任（演示）")
	// Who did not reply is not taken to have come: the convener says it.
	webtest.Eval[int](c.Page, `(document.querySelectorAll('select[name^="present-"]').forEach((s) => { if (!s.value) s.value = "present"; }), 0)`)
	c.fills("decision-0", "水利局7月5日前报审查意见", "due-0", "2022-07-05")
	c.Choose("unit-0", "市水利局")
	c.Choose("follow-0", "并入："+water)
	c.Click("印发纪要")
	c.sees("会议纪要已印发")
}

func (c *clerk) issuesTheBulletin() {
	c.ClickIn("nav", "通报")
	c.inRow("2022年6月", "编写通报")
	c.Choose("lists", extra)
	c.Click("保存")
	c.sees(line, "《"+extra+"》2条")
	c.Click("印发")
	c.Click("印发")
	c.sees("已印发")
}

func (c *clerk) readsWhatCameOfIt() {
	c.ClickIn("nav", "一览")
	c.Click("批示")
	c.sees("请加快可研审查")
}
