package signing_test

import (
	"context"
	"net/url"
	"testing"

	"liandong/plan"
	"liandong/plan/filing"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/plan/signing"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const list = `序号,工作任务,牵头单位,配合单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,市农业农村局,年底前
`

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
	road string
}

func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.Day("2022-06-17")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) {
		signing.Routes(s, o.Desk)
		filing.Routes(s, o.Desk)
	}}, road}
}

// TestADraftIsSignedOnPages lives through the pages: the setting, the draft that is submitted, the list of who signs, a return without a reason,
// one with it, the form that has lost nothing, the signature.
func TestADraftIsSignedOnPages(t *testing.T) {
	d := open(t)
	draft, head, admin := d.As(region.Reporter, roads).Actor, d.As(region.Reviewer, roads).Actor, d.As(region.Administrator, office).Actor
	d.Want("it is off", d.Ask(head, "/signing", nil), 200, "本单位的填报不用审签")
	d.Want("the head's setting", d.Ask(head, "/signing/settings", nil), 200, roads+"的填报", "不用审签")
	d.Want("the administrator chooses", d.Ask(admin, "/signing/settings", nil), 200, farms, roads)
	d.Want("set", d.Ask(admin, "/signing/settings", url.Values{"org": {d.Units[roads]}, "on": {"yes"}}), 303)
	report, at := "/item/"+d.road+"/report?period=2022-06", "/signing/"+d.road+"/2022-06"
	d.Want("the form says so", d.Ask(draft, report, nil), 200, "送审签")
	said := url.Values{"progress": {"路基完成七成"}, "claim": {"on-time"}, "problem": {"征地难"}}
	d.Want("submitted", d.Ask(draft, report, said), 303)
	d.Want("it waits", d.Ask(draft, report, nil), 200, "等本单位负责人审签", "路基完成七成")
	d.Want("on the day", d.Ask(draft, "/", nil), 200, "待审签")
	d.Want("the head's day", d.Ask(head, "/", nil), 200, "待我审签（1）")
	d.Want("the list", d.Ask(head, "/signing", nil), 200, "加快推进遂渝高速公路扩容工程建设", "2022年6月")
	d.Want("the draft", d.Ask(head, at, nil), 200, "路基完成七成", "征地难", "正常推进", "审签并报送", "计入 1 份清单")
	d.Want("returned without a reason", d.Ask(head, at+"/return", url.Values{"reason": {""}}), 422, "请写明原因", "路基完成七成")
	d.Want("returned", d.Ask(head, at+"/return", url.Values{"reason": {"写清楚哪一段"}}), 303)
	d.Want("why", d.Ask(draft, report, nil), 200, "审签退回", "写清楚哪一段", "路基完成七成", "征地难")
	d.Want("nothing to sign", d.Ask(head, "/signing", nil), 200, "没有待审签的填报")
	said.Set("progress", "遂宁段路基完成七成")
	d.Want("submitted again", d.Ask(draft, report, said), 303)
	own := head
	own.Person = draft.Person
	d.Want("his own draft", d.Ask(own, at, nil), 200, "自己拟的稿不能自己审签")
	d.Want("signs it all the same", d.Ask(own, at+"/sign", url.Values{}), 422, "自己拟的稿不能自己审签")
	d.Want("an old text", d.Ask(head, at+"/sign", url.Values{"seen": {"1"}}), 422, "新的一稿")
	d.Want("signed", d.Ask(head, at+"/sign", url.Values{}), 303)
	d.Want("signed twice", d.Ask(head, at+"/sign", url.Values{}), 404)
	form, err := d.FilingForm(context.Background(), draft, d.road, "2022-06")
	if err != nil || form.State != judge.Filed || form.Current == nil || form.Current.Words.Progress != "遂宁段路基完成七成" {
		t.Errorf("what is filed: %+v, %v", form, err)
	}
}

// TestWhoMayNotSign: each page and act refuses those whose it is not.
func TestWhoMayNotSign(t *testing.T) {
	d := open(t)
	if err := d.SetSigning(context.Background(), d.As(region.Reviewer, roads), plan.SigningFacts{Org: d.Units[roads], On: true}); err != nil {
		t.Fatal(err)
	}
	d.FileAs(roads, d.road, "2022-06", judge.OnTime, "只给本单位负责人看")
	at := "/signing/" + d.road + "/2022-06"
	say := url.Values{"reason": {"越权"}, "org": {d.Units[roads]}, "on": {"no"}}
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Reporter, roads, "GET", "/signing", 403},
		{region.Coordinator, office, "GET", "/signing", 403},
		{region.Administrator, roads, "GET", "/signing", 403},
		{region.Reporter, roads, "GET", at, 403},
		{region.Reviewer, farms, "GET", at, 404},
		{region.Reviewer, office, "GET", at, 404},
		{region.Auditor, office, "GET", at, 403},
		{region.Reviewer, farms, "POST", at + "/sign", 404},
		{region.Reviewer, office, "POST", at + "/sign", 404},
		{region.Reporter, roads, "POST", at + "/sign", 403},
		{region.Coordinator, office, "POST", at + "/sign", 403},
		{region.Reviewer, farms, "POST", at + "/return", 404},
		{region.Reporter, roads, "POST", at + "/return", 403},
		{region.Reporter, roads, "GET", "/signing/settings", 403},
		{region.Coordinator, office, "GET", "/signing/settings", 403},
		{region.Reviewer, farms, "GET", "/signing/settings?org=" + d.Units[roads], 404},
		{region.Reviewer, farms, "POST", "/signing/settings", 404},
		{region.Reporter, roads, "POST", "/signing/settings", 403},
		{region.Reviewer, roads, "GET", "/signing/i-none/2022-06", 404},
		{region.Reviewer, roads, "GET", at, 200},
	} {
		who := d.As(c.seat, c.unit).Actor
		w := d.Ask(who, c.path, nil)
		if c.method == "POST" {
			w = d.Ask(who, c.path, say)
		}
		if w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d", c.seat, c.unit, c.method, c.path, w.Code, c.status)
		}
	}
	all, err := d.ToSign(context.Background(), d.As(region.Reviewer, roads).Actor)
	set, wrong := d.SigningOf(context.Background(), d.Units[roads])
	if err != nil || wrong != nil || len(all) != 1 || !set.On {
		t.Errorf("something was done: %+v, %+v, %v, %v", all, set, err, wrong)
	}
}
