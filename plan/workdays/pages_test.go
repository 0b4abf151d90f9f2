package workdays_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/plan/slips"
	"liandong/plan/workdays"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/api"
	"liandong/web/webtest"
)

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
	admin node.Actor
}

// open is an office at the end of 2026, before anything is known of 2027 (the days of which are made up here).
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Day("2026-12-28")
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2027, Title: "工作计划（演示数据）"},
		"序号,工作任务,牵头单位,配合单位,完成时限\n1,新建遂潼大道遂宁段,市交通运输局,市农业农村局,年底前\n")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) {
		workdays.Routes(s, o.Desk)
		slips.Routes(s, o.Desk)
		workdays.API(api.New(s, "test"), o.Desk)
	}}, o.As(region.Administrator, office).Actor}
}

func (d desk) call(who node.Actor, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return d.Send(who, r)
}

const notice = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。1月9日（周六）上班。\n二、国庆节：10月1日至7日放假调休，共7天。10月9日（周六）上班。"

// TestAYearIsEntered from the first look to what moves, and what was told stays as it was told.
func TestAYearIsEntered(t *testing.T) {
	d := open(t)
	d.Want("the list", d.Ask(d.admin, "/admin/calendars", nil), 200, "2027年", "没有，暂定", "2026年", "随软件所带", `href="/admin/calendars/2028"`)
	d.Want("the year", d.Ask(d.admin, "/admin/calendars/2027", nil), 200, "还没有录入", "通知文号")
	slip, err := d.IssueSlip(t.Context(), d.Coordinator(), plan.NewSlip{
		Org: d.Units[farms], Ground: plan.SlipOther, Words: plan.SlipWords{Matter: "蚕桑基地用地", Demand: "说明原因"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Want("provisional", d.Ask(d.Coordinator().Actor, "/slip/"+slip, nil), 200, "2027年1月4日", "日期暂定")

	form := url.Values{"document": {"国办发明电〔2026〕9号（演示数据）"}, "notice": {notice}}
	checked := d.Want("checked", d.Ask(d.admin, "/admin/calendars/2027/check", form), 200, "还没有录入", "1月1日（周五）至1月3日（周日），3天", "1月9日（周六）",
		"会跟着变的日期（1）", "今天印发的督办单（蓝色）", "不自动改的时限（1）", farms, "2027-01-04", "2027-01-05")
	if strings.Contains(checked.Body.String(), "蚕桑基地") {
		t.Error("who keeps the calendar reads what is supervised")
	}
	d.Want("nothing was written", d.Ask(d.admin, "/admin/calendars/2027", nil), 200, "还没有录入")
	form = url.Values{"document": form["document"], "off": {"2027-01-01 至 2027-01-03\n2027-10-01 至 2027-10-07"}, "work": {"2027-01-09\n2027-10-09"}}
	d.Want("entered", d.Ask(d.admin, "/admin/calendars/2027", form), 303)
	d.Want("it stands", d.Ask(d.admin, "/admin/calendars/2027", nil), 200, "本节点录入", "国办发明电〔2026〕9号（演示数据）", "10月1日（周五）至10月7日（周四），7天")
	d.Want("the slip stays", d.Ask(d.Coordinator().Actor, "/slip/"+slip, nil), 200, "2027年1月4日", "同样的工作日数到 2027年1月5日")
	next, err := d.IssueSlip(t.Context(), d.Coordinator(), plan.NewSlip{
		Org: d.Units[farms], Ground: plan.SlipOther, Words: plan.SlipWords{Matter: "农机补贴", Demand: "说明原因"},
	})
	if err != nil {
		t.Fatal(err)
	}
	body := d.Want("the next counts by it", d.Ask(d.Coordinator().Actor, "/slip/"+next, nil), 200, "2027年1月5日").Body.String()
	if strings.Contains(body, "日期暂定") {
		t.Error("a year that is known is provisional")
	}
	d.Want("the same again", d.Ask(d.admin, "/admin/calendars/2027/check", form), 200, "与现在的安排相同", "没有时限会变动")
	d.Want("the auditor reads", d.Ask(d.As(region.Auditor, office).Actor, "/admin/calendars/2027", nil), 200, "本节点录入")
	kindtest.Prove(t, d.Node())
}

// TestEverythingWrongIsNamedAtOnce on the page, with what was typed.
func TestEverythingWrongIsNamedAtOnce(t *testing.T) {
	d := open(t)
	form := url.Values{"off": {"1月1日至3日\n1月2日\n2026年12月30日\n春节"}, "work": {"1月11日"}}
	d.Want("all at once", d.Ask(d.admin, "/admin/calendars/2027/check", form), 422, "请填写通知文号", "2027-01-02 写了两次", "2026-12-30 不是2027年的日子",
		"看不懂“春节”", "2027-01-11 本来就是周一至周五", "1月1日至3日\n1月2日")
	d.Want("saved without a check", d.Ask(d.admin, "/admin/calendars/2027", form), 422, "请填写通知文号", "写了两次")
	for name, c := range map[string]struct{ path, notice, says string }{
		"miscounted":       {"/admin/calendars/2027/check", "1月1日至3日放假，共4天。", "写着共 4 天，读出来是 3 天"},
		"nothing in it":    {"/admin/calendars/2027/check", "请各单位遵照执行。", "没有读出放假或上班的日子"},
		"backwards":        {"/admin/calendars/2027/check", "1月3日至1日放假。", "看不懂“1月3日至1日”"},
		"a year that went": {"/admin/calendars/2025/check", "1月1日放假。", "只能录入2026年至2028年"},
	} {
		d.Want(name, d.Ask(d.admin, c.path, url.Values{"document": {"国办发明电〔2026〕9号"}, "notice": {c.notice}}), 422, c.says)
	}
	d.Want("a year that is none", d.Ask(d.admin, "/admin/calendars/next", nil), 404)
	d.Want("a year far away", d.Ask(d.admin, "/admin/calendars/2050", nil), 404)
}

func midnight(t *testing.T, day judge.Date) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestBackToTheNotice: what was entered over the shipped year is told, and can be taken away, from that day on.
func TestBackToTheNotice(t *testing.T) {
	d := open(t)
	form := url.Values{"document": {"川办发〔2026〕1号（演示数据）"}, "off": {"2026-12-31"}}
	d.Want("over the shipped year", d.Ask(d.admin, "/admin/calendars/2026", form), 303)
	d.Want("told", d.Ask(d.admin, "/admin/calendars/2026", nil), 200, "与随软件所带的通知不一致", "此前的日子仍按当时所知的计算")
	c, err := d.Workdays(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[judge.Date]bool{"2026-10-01": false, "2026-10-10": true, "2026-12-31": false, "2026-12-30": true} {
		if works, known := c.Is(midnight(t, day)); works != want || !known {
			t.Errorf("%s: works %v, known %v", day, works, known)
		}
	}
	d.Want("going back is checked", d.Ask(d.admin, "/admin/calendars/2026/check", url.Values{"shipped": {"yes"}, "document": {"录入有误"}}), 200, "随软件所带", "确认录入")
	d.Want("back", d.Ask(d.admin, "/admin/calendars/2026", url.Values{"shipped": {"yes"}, "document": {"录入有误"}}), 303)
	d.Want("what was entered before is told", d.Ask(d.admin, "/admin/calendars/2026", nil), 200, "此前录入过的", "川办发〔2026〕1号（演示数据）", "随软件所带")
	d.Want("nothing to go back to", d.Ask(d.admin, "/admin/calendars/2027/check", url.Values{"shipped": {"yes"}, "document": {"x"}}), 422, "软件没有带2027年的通知")
	kindtest.Prove(t, d.Node())
}

// TestOnlyTheAdministratorEnters on pages and by calls; who works reads no page of administration.
func TestOnlyTheAdministratorEnters(t *testing.T) {
	d := open(t)
	body := `{"document":"国办发明电〔2026〕9号","off":"2027-01-01"}`
	for _, seat := range region.Seats {
		who := d.As(seat, office).Actor
		want := map[bool]int{true: 200, false: 403}
		reads := seat == region.Administrator || seat == region.Coordinator || seat == region.Auditor
		d.Want(string(seat)+" reads", d.Ask(who, "/admin/calendars", nil), want[reads])
		d.Want(string(seat)+" calls", d.call(who, http.MethodGet, "/calendars", ""), want[reads])
		if seat == region.Administrator {
			continue
		}
		for _, path := range []string{"/admin/calendars/2027", "/admin/calendars/2027/check"} {
			d.Want(string(seat)+" enters", d.Ask(who, path, url.Values{"document": {"x"}, "off": {"2027-01-01"}}), 403)
		}
		d.Want(string(seat)+" enters by a call", d.call(who, http.MethodPut, "/calendars/2027", body), 403)
		d.Want(string(seat)+" checks by a call", d.call(who, http.MethodPost, "/calendars/2027/check", body), 403)
	}
	_, err := d.Node().Write(t.Context(), d.Coordinator(), func(ctx context.Context, w *node.Writing) error {
		return region.SetCalendar(ctx, w, region.CalendarFacts{Year: 2027, Off: []string{"2027-01-01"}}, region.CalendarWords{Document: "x"})
	})
	if err == nil {
		t.Error("a coordinator enters the calendar beside the pages")
	}
}

// TestCallsDoWhatPagesDo with the same refusals.
func TestCallsDoWhatPagesDo(t *testing.T) {
	d := open(t)
	in, err := json.Marshal(workdays.SetRequest{Document: "国办发明电〔2026〕9号", Notice: notice})
	if err != nil {
		t.Fatal(err)
	}
	d.Want("checked", d.call(d.admin, http.MethodPost, "/calendars/2027/check", string(in)), 200, `"off":["2027-01-01","2027-01-02"`, `"what":"step"`, `"stays":false`)
	d.Want("set", d.call(d.admin, http.MethodPut, "/calendars/2027", string(in)), 200, `"source":"entered"`, `"since":"2026-12-28"`)
	d.Want("read", d.call(d.admin, http.MethodGet, "/calendars/2027", ""), 200, `"work":["2027-01-09","2027-10-09"]`)
	d.Want("no such year", d.call(d.admin, http.MethodGet, "/calendars/2050", ""), 404)
	d.Want("refused", d.call(d.admin, http.MethodPut, "/calendars/2027", `{"document":"x","off":"2027-01-01","work":"2027-01-04"}`), 422, "region.calendar.no-weekend")
}
