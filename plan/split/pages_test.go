package split_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/filing"
	"liandong/plan/plantest"
	"liandong/plan/split"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const list = `序号,工作任务,牵头单位,配合单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,市农业农村局,年底前
`

const roads, farms, schools, office, section, county = "市交通运输局", "市农业农村局", "市教育和体育局", "市发展改革委", "市交通运输局建设科", "船山区"

type desk struct {
	*plantest.Office
	webtest.Room
	road string
}

// open is an office on 17 June whose roads lead an item with a target, and have a section.
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	o.AddUnits(section, county)
	o.Write(func(ctx context.Context, w *node.Writing) error {
		for _, f := range []region.PlaceFacts{{Org: o.Units[section], Under: o.Units[roads]}, {Org: o.Units[county], Local: true}} {
			if _, err := region.OrgPlaced.Say(ctx, w, node.Said[region.PlaceFacts, region.NoWords]{Circle: node.Self, Facts: f}); err != nil {
				return err
			}
		}
		return nil
	})
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	err := o.ReviseItem(context.Background(), o.Coordinator(), plan.ItemFacts{
		Item: road, Leads: []string{o.Units[roads]}, Supports: []string{o.Units[farms]}, Milestones: []plan.MilestoneFacts{},
		Indicators: []plan.IndicatorFacts{{ID: "k1", Unit: "亿元", Target: "20", Direction: "up", Mode: "cumulative", Decimals: 2}},
	}, plan.ItemWords{Title: "加快推进遂渝高速公路扩容工程建设", Indicators: map[string]string{"k1": "完成投资"}})
	if err != nil {
		t.Fatal(err)
	}
	o.Day("2022-06-17")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) {
		split.Routes(s, o.Desk)
		filing.Routes(s, o.Desk)
	}}, road}
}

// postFile sends a form with a file.
func (d desk) postFile(who node.Actor, path string, form url.Values, name string) *httptest.ResponseRecorder {
	d.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for key, values := range form {
		for _, v := range values {
			if err := m.WriteField(key, v); err != nil {
				d.T.Fatal(err)
			}
		}
	}
	f, err := m.CreateFormFile("files", name)
	if err == nil {
		_, err = io.WriteString(f, "\x89PNG\r\n\x1a\n现场")
	}
	if err != nil || m.Close() != nil {
		d.T.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return d.Send(who, r)
}

// shareOf is the address of the only part that is asked of a unit.
func (d desk) shareOf(unit string) string {
	d.T.Helper()
	todo, err := d.Todo(context.Background(), d.As(region.Reporter, unit).Actor)
	if err != nil || len(todo.Shares) != 1 {
		d.T.Fatalf("%d parts are asked of %s, %v", len(todo.Shares), unit, err)
	}
	return "/share/" + todo.Shares[0].ID
}

// TestPartsAreAskedReportedAndMergedOnPages lives through the pages: asking, the workbench of who is asked, a part that is refused and keeps
// what was typed, one that is declined and asked again, the reminder, merging by form posts as without a script, and the end.
func TestPartsAreAskedReportedAndMergedOnPages(t *testing.T) {
	d := open(t)
	lead, mine, theirs := d.As(region.Reporter, roads).Actor, d.As(region.Reporter, section).Actor, d.As(region.Reporter, county).Actor
	at := "/item/" + d.road + "/split"
	d.Want("nothing yet", d.Ask(lead, at, nil), 200, "本期还没有分工", section, county, farms, "邻方的单位不在这里请", `value="2022-06-21"`, "目标 20亿元")
	form := url.Values{"period": {"2022-06"}, "org": {d.Units[section]}, "text": {""}, "due": {"2022-06-21"}, "once": {"every"}, "indicator": {"k1"}, "target": {"12"}}
	d.Want("nothing asked", d.Ask(lead, at, form), 422, "没有写请报什么", `value="12"`)
	form.Set("text", "报路基进展和投资")
	d.Want("asked", d.Ask(lead, at, form), 303)
	form.Set("org", d.Units[county])
	form.Set("target", "6.5")
	form.Set("text", "报本区征地进展")
	d.Want("asked too", d.Ask(lead, at, form), 303)
	d.Want("who owes", d.Ask(lead, at, nil), 200, "完成投资：已分解 18.5亿元，目标 20亿元，还有 1.5亿元 没有分出去", "【催报】", "复制催报内容", "待报")
	d.Want("the section's day", d.Ask(mine, "/", nil), 200, "请本单位报的分工 1 项", "报路基进展和投资", roads)
	d.Want("its list", d.Ask(mine, "/shares", nil), 200, "请本单位报的（1）")

	share := d.shareOf(section)
	d.Want("its page", d.Ask(mine, share, nil), 200, "报路基进展和投资", "完成投资 12亿元", "2022年6月21日")
	if page := d.Ask(mine, share, nil).Body.String(); strings.Contains(page, "撤回分工") {
		t.Error("who is asked is offered to withdraw it")
	}
	said := url.Values{"period": {"2022-06"}, "progress": {"路基完成七成"}, "fig-k1": {"很多"}}
	d.Want("a figure that is none", d.postFile(mine, share+"/report", said, "现场.png"), 422, "路基完成七成", `value="很多"`, "现场.png", `name="keep"`)
	said.Set("fig-k1", "9.5亿元")
	d.Want("reported", d.postFile(mine, share+"/report", said, "现场.png"), 303)
	d.Want("as it came", d.Ask(lead, share, nil), 200, "路基完成七成", "9.5", "现场.png", "已报")
	d.Want("nothing waits", d.Ask(mine, "/", nil), 200, "没有")

	other := d.shareOf(county)
	d.Want("declined without a reason", d.Ask(theirs, other+"/decline", url.Values{"period": {"2022-06"}, "decline": {" "}}), 422, "请写明原因")
	d.Want("declined", d.Ask(theirs, other+"/decline", url.Values{"period": {"2022-06"}, "decline": {"征地由市里统一办"}}), 303)
	d.Want("the lead's day", d.Ask(lead, "/", nil), 200, "分工未报齐或未并入（1）")
	d.Want("its list tells why", d.Ask(lead, "/shares", nil), 200, "征地由市里统一办", "已退回")
	d.Want("asked again", d.Ask(lead, other+"/again", url.Values{"period": {"2022-06"}, "text": {"只报青苗"}, "due": {"2022-06-20"}, "once": {"once"}}), 303)
	d.Want("open again", d.Ask(theirs, other, nil), 200, "只报青苗", "待报", "2022年6月20日")
	d.Want("reported by the county", d.postFile(theirs, other+"/report", url.Values{"period": {"2022-06"}, "progress": {"青苗补偿完成"}, "fig-k1": {"3"}}, "台账.png"), 303)

	report := "/item/" + d.road + "/report?period=2022-06"
	d.Want("the parts beside the text", d.Ask(lead, report, nil), 200, "请了 2 个单位，已报 2 个", "路基完成七成", "青苗补偿完成", "全部采用（2）", "合计 12.5亿元", section+" 9.5亿元")
	typed := url.Values{"progress": {"本月推进顺利。"}, "claim": {"on-time"}, "figure": {"k1:sum"}}
	d.Want("the sum is taken", d.Ask(lead, report, typed), 200, `value="12.5"`, "本月推进顺利。")
	typed.Del("figure")
	typed.Set("fig-k1", "12.5")
	typed.Set("merge", "all")
	page := d.Want("all are taken", d.Ask(lead, report, typed), 200, "本月推进顺利。\n【"+section+"】路基完成七成\n【"+county+"】青苗补偿完成", `name="part"`, "现场.png").Body.String()
	typed.Del("merge")
	typed.Set("progress", "合并后的进展")
	for _, cut := range strings.Split(page, `name="part" value="`)[1:] {
		index, _, _ := strings.Cut(cut, `"`)
		typed.Add("part", index)
	}
	if len(typed["part"]) != 2 {
		t.Fatalf("%d parts stand in the form", len(typed["part"]))
	}
	d.Want("filed", d.Ask(lead, report, typed), 303)
	d.Want("withdrawn", d.Ask(lead, other+"/withdraw", url.Values{"period": {"2022-06"}, "withdraw": {"办完了"}}), 303)
	story, err := d.Story(context.Background(), d.road, "", plan.ViewerOf(lead))
	if err != nil || len(story.Events) < 2 || len(story.Events[1].Used) != 2 {
		t.Errorf("the story does not say of which parts the report was made: %+v, %v", story.Events, err)
	}
}

// TestWhoMayNotTouchAPart: each page and act refuses those whose it is not, and another unit does not even see that it is there.
func TestWhoMayNotTouchAPart(t *testing.T) {
	d := open(t)
	ids, err := d.AskShare(context.Background(), d.As(region.Reporter, roads), plan.NewShare{Item: d.road, Orgs: []string{d.Units[section]}, Period: "2022-06", Text: "只给建设科"})
	if err != nil {
		t.Fatal(err)
	}
	at, item := "/share/"+ids[0], "/item/"+d.road+"/split"
	say := url.Values{"period": {"2022-06"}, "progress": {"越权"}, "decline": {"越权"}, "withdraw": {"越权"}, "text": {"越权"}, "due": {"2022-06-20"}, "org": {d.Units[county]}}
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Reader, roads, "GET", at, 403},
		{region.Leader, office, "GET", at, 403},
		{region.Administrator, roads, "GET", at, 403},
		{region.Coordinator, office, "GET", at, 404},
		{region.Reporter, farms, "GET", at, 404},
		{region.Reporter, farms, "GET", item, 404},
		{region.Reporter, schools, "GET", item, 404},
		{region.Reporter, schools, "POST", item, 404},
		{region.Reporter, farms, "POST", item, 404},
		{region.Coordinator, office, "POST", item, 403},
		{region.Auditor, office, "POST", item, 403},
		{region.Reporter, farms, "POST", at + "/report", 404},
		{region.Reporter, roads, "POST", at + "/report", 422},
		{region.Reviewer, roads, "POST", at + "/report", 403},
		{region.Auditor, office, "POST", at + "/report", 403},
		{region.Reporter, farms, "POST", at + "/decline", 404},
		{region.Reporter, roads, "POST", at + "/decline", 422},
		{region.Reviewer, roads, "POST", at + "/decline", 403},
		{region.Reporter, section, "POST", at + "/withdraw", 422},
		{region.Reporter, farms, "POST", at + "/withdraw", 404},
		{region.Coordinator, office, "POST", at + "/withdraw", 403},
		{region.Reporter, section, "POST", at + "/again", 422},
		{region.Reporter, farms, "POST", at + "/again", 404},
		{region.Auditor, office, "POST", at + "/again", 403},
		{region.Reader, roads, "GET", "/shares", 403},
		{region.Reporter, roads, "GET", "/share/h-none", 404},
		{region.Reporter, roads, "GET", "/item/i-none/split", 404},
		{region.Reporter, roads, "GET", "/item/i-1@500152/split", 404},
		{region.Auditor, office, "GET", at, 200},
		{region.Auditor, office, "GET", item, 200},
		{region.Reviewer, roads, "GET", at, 200},
	} {
		who := d.As(c.seat, c.unit).Actor
		w := d.Ask(who, c.path, nil)
		if c.method == "POST" {
			w = d.Ask(who, c.path, say)
		}
		if w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d\n%s", c.seat, c.unit, c.method, c.path, w.Code, c.status, w.Body)
		}
		if (c.status == 403 || c.status == 404) && strings.Contains(w.Body.String(), "只给建设科") {
			t.Errorf("%s of %s reads what it says", c.seat, c.unit)
		}
	}
	if got := d.Ask(d.As(region.Reporter, farms).Actor, "/shares", nil).Body.String(); strings.Contains(got, "只给建设科") {
		t.Error("another unit's list has it")
	}
	l, _, err := d.ShareOf(context.Background(), ids[0], "", plan.ViewerOf(d.As(region.Reporter, roads).Actor))
	if err != nil || l.State != plan.ShareIsAsked || l.Said != nil {
		t.Errorf("something was done: %+v, %v", l, err)
	}
}

// TestAPartIsKeptWhileTyped: the script's saving is kept for the unit and stands in the form again, for a colleague too; an older page overwrites
// nothing, a unit that was not asked keeps nothing, what was reported is no draft any more, and a draft can be given up.
func TestAPartIsKeptWhileTyped(t *testing.T) {
	d := open(t)
	lead, mine := d.As(region.Reporter, roads).Actor, d.As(region.Reporter, section).Actor
	ask := url.Values{"period": {"2022-06"}, "org": {d.Units[section]}, "text": {"报路基进展和投资"}, "due": {"2022-06-21"}, "once": {"every"}, "indicator": {"k1"}, "target": {"12"}}
	d.Want("asked", d.Ask(lead, "/item/"+d.road+"/split", ask), 303)
	share := d.shareOf(section)
	draft := share + "/draft?period=2022-06"
	saves := func(who node.Actor, version, progress string) *httptest.ResponseRecorder {
		t.Helper()
		r := httptest.NewRequest("POST", draft, strings.NewReader(url.Values{"period": {"2022-06"}, "version": {version}, "progress": {progress}, "fig-k1": {"9.5"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
		return d.Send(who, r)
	}
	d.Want("the page says where", d.Ask(mine, share, nil), 200, `data-draft="`+draft+`"`, `name="version" value="0"`, "data-draft-note")
	if w := d.Want("saved", saves(mine, "0", "路基写到一半"), 200); w.Body.String() != "1" {
		t.Errorf("the version is %q", w.Body)
	}
	colleague := mine
	colleague.Person = "p-colleague"
	d.Want("a colleague goes on", d.Ask(colleague, share, nil), 200, "路基写到一半", `value="9.5"`, `name="version" value="1"`, "保存的草稿，尚未报送")
	d.Want("and saves", saves(colleague, "1", "路基写完"), 200)
	if w := saves(mine, "1", "旧页面"); w.Code != 409 {
		t.Errorf("an older page overwrites: %d", w.Code)
	}
	d.Want("compared by hand", d.Ask(mine, draft, url.Values{"period": {"2022-06"}, "version": {"1"}, "progress": {"旧页面"}}), 422, "另一份草稿", "路基写完", "旧页面</textarea>", `name="version" value="2"`)
	for _, who := range []node.Actor{lead, d.As(region.Reporter, county).Actor} {
		if w := saves(who, "0", "别人的"); w.Code != 403 && w.Code != 404 {
			t.Errorf("%s keeps a draft of another's part: %d", who.Org, w.Code)
		}
	}
	if w := saves(d.As(region.Reviewer, section).Actor, "0", "别人的"); w.Code != 403 {
		t.Errorf("a reviewer keeps a draft: %d", w.Code)
	}
	said := url.Values{"period": {"2022-06"}, "version": {"2"}, "progress": {"路基写完"}, "fig-k1": {"9.5"}}
	d.Want("with a file, by hand", d.postFile(mine, draft, said, "现场.png"), 303)
	page := d.Want("it lies with the draft", d.Ask(mine, share, nil), 200, "现场.png").Body.String()
	_, kept, _ := strings.Cut(page, `name="keep" value="`)
	kept, _, _ = strings.Cut(kept, `"`)
	said.Set("version", "3")
	said.Set("keep", kept)
	d.Want("reported", d.Ask(mine, share+"/report", said), 303)
	page = d.Want("no draft any more", d.Ask(mine, share, nil), 200, "现场.png", `name="version" value="0"`).Body.String()
	if strings.Contains(page, "尚未报送") {
		t.Error("what was reported is still a draft")
	}
	d.Want("begun again", saves(mine, "0", "再写"), 200)
	d.Want("given up", d.Ask(mine, draft, url.Values{"period": {"2022-06"}, "version": {"1"}, "act": {"discard"}}), 303)
	d.Want("as it was reported", d.Ask(mine, share, nil), 200, `name="version" value="0"`, "路基写完")
}

// TestPartsAfterTheReport: who asks after the report was filed is told that it takes another filing, and where to ask for the next month
// instead; the part shows to who is asked, and what came shows to the lead until it is merged.
func TestPartsAfterTheReport(t *testing.T) {
	d := open(t)
	lead, mine := d.As(region.Reporter, roads).Actor, d.As(region.Reporter, section).Actor
	at := "/item/" + d.road + "/split"
	if page := d.Ask(lead, at, nil).Body.String(); strings.Contains(page, "重新填报") {
		t.Error("nothing is filed, and the page says that something is")
	}
	if _, err := d.File(context.Background(), d.As(region.Reporter, roads), plan.ReportFacts{Item: d.road, Period: "2022-06"}, plan.ReportWords{Progress: "路基完成七成"}); err != nil {
		t.Fatal(err)
	}
	d.Want("filed", d.Ask(lead, at, nil), 200, "2022年6月的填报已于2022年6月17日报出", "split?period=2022-07#ask", "从2022年7月起")
	d.Want("the next month", d.Ask(lead, at+"?period=2022-07", nil), 200, `name="period" value="2022-07"`)
	form := url.Values{"period": {"2022-06"}, "org": {d.Units[section]}, "text": {"补报路基照片"}, "due": {"2022-06-21"}, "once": {"once"}}
	d.Want("asked all the same", d.Ask(lead, at, form), 303)
	d.Want("the section's day", d.Ask(mine, "/", nil), 200, "补报路基照片")
	share := d.shareOf(section)
	d.Want("its page", d.Ask(mine, share, nil), 200, "由牵头单位重新填报时并入")
	d.Want("reported", d.Ask(mine, share+"/report", url.Values{"period": {"2022-06"}, "progress": {"照片三张"}}), 303)
	d.Want("the lead's day", d.Ask(lead, "/", nil), 200, "分工未报齐或未并入（1）")
	d.Want("the lead's list", d.Ask(lead, "/shares", nil), 200, "尚未并入")
	d.Want("the part", d.Ask(lead, share, nil), 200, "去重新填报")
}

// TestASupportingUnitReportsOnce: for what the lead asks it, a supporting unit has the part alone; the way of what it adds unasked leads there.
func TestASupportingUnitReportsOnce(t *testing.T) {
	d := open(t)
	lead, theirs := d.As(region.Reporter, roads).Actor, d.As(region.Reporter, farms).Actor
	added := "/item/" + d.road + "/report?period=2022-06"
	d.Want("unasked", d.Ask(theirs, "/", nil), 200, "可补充")
	d.Want("its form", d.Ask(theirs, added, nil), 200)
	form := url.Values{"period": {"2022-06"}, "org": {d.Units[farms]}, "text": {"报青苗补偿"}, "due": {"2022-06-21"}, "once": {"once"}}
	d.Want("asked", d.Ask(lead, "/item/"+d.road+"/split", form), 303)
	share := d.shareOf(farms)
	day := d.Ask(theirs, "/", nil)
	d.Want("its day", day, 200, "请本单位报的分工 1 项")
	if strings.Contains(day.Body.String(), "可补充") {
		t.Error("the day offers another way for what the part asks")
	}
	if got := d.Ask(theirs, added, nil); got.Code != 303 || got.Header().Get("Location") != share+"?period=2022-06" {
		t.Errorf("the other way answers %d to %s", got.Code, got.Header().Get("Location"))
	}
	d.Want("sent the other way", d.Ask(theirs, added, url.Values{"progress": {"补偿到位"}}), 422, "内容报一次就够", "补偿到位")
	d.Want("declined", d.Ask(theirs, share+"/decline", url.Values{"decline": {"不归我局"}}), 303)
	d.Want("added all the same", d.Ask(theirs, added, url.Values{"progress": {"补偿到位"}}), 303)
}
