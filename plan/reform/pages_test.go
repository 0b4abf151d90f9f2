package reform_test

import (
	"net/url"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/plan/reform"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
}

func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"},
		"序号,工作任务,年度目标,牵头单位,完成时限\n1,新建遂潼大道遂宁段,通车8公里,市交通运输局,6月底前\n2,建设蚕桑基地,建成3个,市农业农村局,年底前\n")
	o.Day("2022-05-20")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { reform.Routes(s, o.Desk) }}}
}

// TestAUnitIsRenamedAndListsKnowBothNames on the pages; what was typed wrongly stands there again.
func TestAUnitIsRenamedAndListsKnowBothNames(t *testing.T) {
	d := open(t)
	who, at := d.As(region.Administrator, office).Actor, "/admin/orgs/"+d.Units[roads]
	d.Want("nothing happened yet", d.Ask(who, at+"/reform", nil), 200, "没有更过名", "由协调员办理")
	d.Want("no name", d.Ask(who, at+"/rename", url.Values{"day": {"2022-05-20"}, "document": {"遂委〔2022〕7号"}}), 422, "请填写单位名称", `value="遂委〔2022〕7号"`)
	d.Want("the same name", d.Ask(who, at+"/rename", url.Values{"name": {roads}, "day": {"2022-05-20"}}), 422, "和现在的名称一样")
	d.Want("a taken name", d.Ask(who, at+"/rename", url.Values{"name": {farms}, "day": {"2022-05-20"}}), 422, "已是“"+farms+"”的名称")
	d.Want("a day to come", d.Ask(who, at+"/rename", url.Values{"name": {"市交通局"}, "day": {"2022-05-21"}}), 422, "到那天再登记")
	d.Want("no day", d.Ask(who, at+"/rename", url.Values{"name": {"市交通局"}, "day": {"昨天"}}), 422, "日期")
	d.Want("renamed", d.Ask(who, at+"/rename", url.Values{"name": {"市交通局"}, "day": {"2022-05-01"}, "document": {"遂委〔2022〕7号"}}), 303)
	d.Want("told", d.Ask(who, at+"/reform", nil), 200, "市交通局", "原名："+roads, "2022年5月1日", "遂委〔2022〕7号")
	d.Want("and back", d.Ask(who, at+"/rename", url.Values{"name": {roads}, "day": {"2022-05-20"}}), 303)
	d.Want("a second name", d.Ask(who, at+"/rename", url.Values{"name": {"市交通局"}, "day": {"2022-05-20"}}), 303)
	d.Take(plan.ImportOptions{Plan: "later", Year: 2022, Title: "补充任务"}, "序号,工作任务,牵头单位,完成时限\n1,建设城乡客运站,市交通运输局,年底前\n2,建设公交首末站,市交通局,年底前\n")
	for _, title := range []string{"建设城乡客运站", "建设公交首末站"} {
		_, item := d.Row(title)
		p, err := d.Item(t.Context(), item, "", plan.ViewerOf(d.Coordinator().Actor))
		if err != nil || len(p.Facts.Leads) != 1 || p.Facts.Leads[0] != d.Units[roads] {
			t.Errorf("%s is led by %v, %v", title, p.Facts.Leads, err)
		}
	}
}

// TestAMergeIsCountedAndDone on the pages.
func TestAMergeIsCountedAndDone(t *testing.T) {
	d := open(t)
	who, at := d.Coordinator().Actor, "/admin/orgs/"+d.Units[roads]
	form := url.Values{"into": {d.Units[farms]}, "day": {"2022-05-20"}, "document": {"遂委〔2022〕7号"}}
	with := func(change ...string) url.Values {
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		for i := 0; i < len(change); i += 2 {
			f.Set(change[i], change[i+1])
		}
		return f
	}
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"no document":     {with("document", " "), "请填写依据文号"},
		"nobody goes on":  {with("into", ""), "由哪个单位承接"},
		"two go on":       {with("newName", "市交通和农业局"), "不填新单位的名称"},
		"into itself":     {with("into", d.Units[roads]), "不能并入自己"},
		"a day to come":   {with("day", "2022-06-01"), "还没有到这一天"},
		"no day":          {with("day", "2022-13-01"), "2022-13-01"},
		"one nobody knew": {with("also", "o-none"), "单位名录中没有"},
		"a taken name":    {with("into", "", "newName", office), "已是“" + office + "”的名称"},
	} {
		d.Want(name, d.Ask(who, at+"/merge?"+c.form.Encode(), nil), 422, c.says, "遂委")
	}
	page := d.Want("counted", d.Ask(who, at+"/merge?"+form.Encode(), nil), 200, "牵头、没有办完的事项", roads, farms, "遂委〔2022〕7号", "不能删除").Body.String()
	if strings.Contains(page, "没有销号的督办单") {
		t.Error("counts what is none")
	}
	d.Want("merged without a document", d.Ask(who, at+"/merge", with("document", "")), 422, "请填写依据文号")
	d.Want("merged", d.Ask(who, at+"/merge", form), 303)
	d.Want("the heir", d.Ask(who, "/admin/orgs/"+d.Units[farms]+"/reform", nil), 200, "承接自："+roads)
	d.Want("the ended unit", d.Ask(who, at+"/reform", nil), 200, "并入："+farms, "2022年5月20日起撤销")
	d.Want("merged twice", d.Ask(who, at+"/merge", form), 422, "已经撤销")
	_, item := d.Row("新建遂潼大道遂宁段")
	p, err := d.Item(t.Context(), item, "", plan.ViewerOf(who))
	if err != nil || len(p.Facts.Leads) != 1 || p.Facts.Leads[0] != d.Units[farms] {
		t.Errorf("led by %v, %v", p.Facts.Leads, err)
	}
}

// TestWhoMayNotReform: the pages and acts refuse those whose they are not.
func TestWhoMayNotReform(t *testing.T) {
	d := open(t)
	at := "/admin/orgs/" + d.Units[roads]
	form := url.Values{"into": {d.Units[farms]}, "day": {"2022-05-20"}, "document": {"越权"}, "name": {"越权局"}}
	for _, c := range []struct {
		seat   region.Seat
		path   string
		form   url.Values
		status int
	}{
		{region.Reporter, at + "/reform", nil, 403},
		{region.Auditor, at + "/reform", nil, 403},
		{region.Security, at + "/rename", form, 403},
		{region.Reviewer, at + "/rename", form, 403},
		{region.Administrator, at + "/merge?" + form.Encode(), nil, 403},
		{region.Administrator, at + "/merge", form, 403},
		{region.Leader, at + "/merge", form, 403},
		{region.Coordinator, "/admin/orgs/o-none/reform", nil, 404},
	} {
		if w := d.Ask(d.As(c.seat, office).Actor, c.path, c.form); w.Code != c.status {
			t.Errorf("%s at %s: %d, want %d", c.seat, c.path, w.Code, c.status)
		}
	}
}
