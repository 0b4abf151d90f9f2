package amend_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/amend"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
	at string // address of the row
}

func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"},
		"序号,工作任务,年度目标,牵头单位,完成时限\n1,新建遂潼大道遂宁段,通车8公里,市交通运输局,6月底前\n2,建设蚕桑基地,建成3个,市农业农村局,年底前\n")
	o.Day("2022-05-20")
	listing, _ := o.Row("新建遂潼大道遂宁段")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { amend.Routes(s, o.Desk) }}, "/listing/" + listing}
}

// TestAUnitAppliesAndTheOfficeAnswers on the pages, and what was typed wrongly stands there again.
func TestAUnitAppliesAndTheOfficeAnswers(t *testing.T) {
	d := open(t)
	who, transport := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor
	d.Want("nothing waits", d.Ask(who, "/amendments", nil), 200, "没有等候审批的申请")
	d.Want("the unit's form", d.Ask(transport, d.at+"/amend", nil), 200, "申请调整", "6月底前", "通车8公里", "没有调整过")
	d.Want("no reason", d.Ask(transport, d.at+"/apply", url.Values{"deadline": {"9月底前"}}), 422, "必须写明原因", `value="9月底前"`)
	d.Want("no date", d.Ask(transport, d.at+"/apply", url.Values{"deadline": {"尽快"}, "reason": {"征地"}}), 422, "读不出时限", "征地")
	d.Want("applied", d.Ask(transport, d.at+"/apply", url.Values{"deadline": {"9月底前"}, "reason": {"征地未完成"}}), 303)
	d.Want("it waits", d.Ask(transport, d.at+"/amend", nil), 200, "等候审批", "答复之后才能再申请")
	d.Want("for the office", d.Ask(who, "/amendments", nil), 200, "新建遂潼大道遂宁段", roads, "6月底前 → 9月底前", "不变")
	page := d.Want("to answer", d.Ask(who, d.at+"/amend", nil), 200, "征地未完成", "完成时限：6月底前 → <strong>9月底前", "同意，清单随之调整").Body.String()
	found := regexp.MustCompile(`action="(/listing/[^"]+/amend/a-[a-z0-9]+)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("no form to answer with")
	}
	d.Want("a no without a reason", d.Ask(who, found[1], url.Values{"answer": {"no"}}), 422, "原因")
	d.Want("a yes", d.Ask(who, found[1], url.Values{"answer": {"yes"}}), 303)
	d.Want("amended", d.Ask(transport, d.at+"/amend", nil), 200, "按责任单位的申请调整", "6月底前 → <strong>9月底前", "征地未完成", "2022年5月20日同意")
	if page := d.Ask(transport, d.at+"/amend", nil).Body.String(); strings.Count(page, "6月底前 → <strong>9月底前") != 2 {
		t.Error("the application that was answered does not say what it was before")
	}
	d.Want("answered twice", d.Ask(who, found[1], url.Values{"answer": {"yes"}}), 422, "已经答复")
	d.Want("by the office", d.Ask(who, d.at+"/amend", url.Values{"target": {"通车6公里"}, "reason": {"联席会议议定"}}), 303)
	d.Want("its history", d.Ask(d.As(region.Reader, office).Actor, d.at+"/amend", nil), 200, "协调单位调整", "通车8公里", "通车6公里", "联席会议议定")
}

// TestWhoMayNotAmend: each act refuses those whose it is not; another unit reads the amendments, not the applications.
func TestWhoMayNotAmend(t *testing.T) {
	d := open(t)
	d.Want("applied", d.Ask(d.As(region.Reporter, roads).Actor, d.at+"/apply", url.Values{"deadline": {"9月底前"}, "reason": {"征地未完成"}}), 303)
	say := url.Values{"deadline": {"10月底前"}, "reason": {"越权"}, "answer": {"yes"}}
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Administrator, office, "GET", "/amendments", 403},
		{region.Administrator, office, "GET", d.at + "/amend", 403},
		{region.Reporter, roads, "POST", d.at + "/amend", 403},
		{region.Reporter, roads, "POST", d.at + "/amend/a-x", 403},
		{region.Auditor, office, "POST", d.at + "/amend", 403},
		{region.Reader, roads, "POST", d.at + "/apply", 403},
		{region.Coordinator, office, "POST", d.at + "/apply", 403},
		{region.Reporter, farms, "POST", d.at + "/apply", 422},
		{region.Coordinator, office, "POST", d.at + "/amend/a-none", 422},
		{region.Coordinator, office, "GET", "/listing/l-none/amend", 404},
		{region.Coordinator, office, "POST", "/listing/l-none@500152/amend", 404},
		{region.Auditor, office, "GET", d.at + "/amend", 200},
	} {
		form := say
		if c.method == "GET" {
			form = nil
		}
		if w := d.Ask(d.As(c.seat, c.unit).Actor, c.path, form); w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d", c.seat, c.unit, c.method, c.path, w.Code, c.status)
		}
	}
	for _, path := range []string{d.at + "/amend", "/amendments"} {
		if got := d.Ask(d.As(region.Reporter, farms).Actor, path, nil).Body.String(); strings.Contains(got, "征地未完成") {
			t.Errorf("another unit reads the application at %s", path)
		}
	}
}
