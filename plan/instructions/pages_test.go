package instructions_test

import (
	"archive/zip"
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
	"liandong/plan/instructions"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const list = `序号,工作任务,牵头单位,配合单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,市农业农村局,6月底前
2,推进智慧农业示范建设,市农业农村局,,年底前
`

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
	road string
}

// open is an office on 1 July whose motorway is late, in a list of a circle.
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.Day("2022-06-20")
	o.FileAs(roads, road, "2022-06", judge.AtRisk, "路基完成六成")
	o.AcceptNow(road, "2022-06", false)
	o.Day("2022-07-01")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { instructions.Routes(s, o.Desk) }}, road}
}

// postFile sends a form with a file.
func (d desk) postFile(who node.Actor, path string, form url.Values, name, content string) *httptest.ResponseRecorder {
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
		_, err = io.WriteString(f, content)
	}
	if err != nil || m.Close() != nil {
		d.T.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return d.Send(who, r)
}

const png = "\x89PNG\r\n\x1a\n批示"

// TestALeaderGivesHisWordOnHisScreen lives through the pages of a word: what needs it, the form, what the units see, the answers that
// come back, an answer returned, the end.
func TestALeaderGivesHisWordOnHisScreen(t *testing.T) {
	d := open(t)
	boss, road, farm := d.As(region.Leader, office).Actor, d.As(region.Reporter, roads).Actor, d.As(region.Reporter, farms).Actor
	d.Want("his screen", d.Ask(boss, "/glance", nil), 200, "要批示的（1）", "加快推进遂渝高速公路扩容工程建设", "自2022年7月1日起", "<svg class=\"chart\"", "批示的回复")
	d.Want("the form", d.Ask(boss, "/instructions/new?item="+d.road, nil), 200, roads, farms, "其他单位", `value="2022-07-15"`, "加快推进遂渝高速公路扩容工程建设")
	form := url.Values{"item": {d.road}, "units": {d.Units[roads], d.Units[farms]}, "due": {"2022-07-08"}, "text": {""}, "leader": {"演示市长"}}
	d.Want("nothing said", d.Ask(boss, "/instructions/new", form), 422, "没有写批示内容", "演示市长", `value="2022-07-08"`)
	form.Set("text", "请抓紧征地，一周内报结果")
	at := d.Want("given", d.Ask(boss, "/instructions/new", form), 303).Header().Get("Location")
	if !strings.HasPrefix(at, "/instruction/w-") {
		t.Fatalf("it leads to %s", at)
	}
	d.Want("needs no word now", d.Ask(boss, "/glance", nil), 200, "没有要批示的", "请抓紧征地，一周内报结果", "待签收")
	d.Want("the unit's list", d.Ask(road, "/instructions", nil), 200, "批〔2022〕1号", "请抓紧征地，一周内报结果")
	d.Want("the unit reads it", d.Ask(road, at, nil), 200, "演示市长批示", "签收", "领导本人在系统内作出")
	d.Want("signed", d.Ask(road, at+"/sign", url.Values{}), 303)
	d.Want("signed again", d.Ask(road, at+"/sign", url.Values{}), 422, "已经签收过")
	d.Want("an empty answer keeps its file", d.postFile(road, at+"/answer", url.Values{"answer": {" "}}, "现场.png", png), 422, "没有写办理情况", "现场.png", `name="keep"`)
	d.Want("answered", d.postFile(road, at+"/answer", url.Values{"answer": {"征地完成九成"}}, "现场.png", png), 303)
	d.Want("waits for the other", d.Ask(d.Coordinator().Actor, at, nil), 200, "征地完成九成", "现场.png", "1/2 个单位已回复", "等承办单位都回复以后办结")
	d.Want("the other answers", d.Ask(farm, at+"/answer", url.Values{"answer": {"青苗补偿已完成"}}), 303)
	d.Want("what came back", d.Ask(boss, "/glance", nil), 200, "1 件已全部回复", "青苗补偿已完成", "征地完成九成")
	d.Want("returned without a reason", d.Ask(boss, at+"/return", url.Values{"org": {d.Units[roads]}, "return": {""}, "due": {"2022-07-12"}}), 422, "请写明原因")
	d.Want("returned", d.Ask(boss, at+"/return", url.Values{"org": {d.Units[roads]}, "return": {"还差一成"}, "due": {"2022-07-12"}}), 303)
	d.Want("the unit sees why", d.Ask(road, at, nil), 200, "还差一成", "2022年7月12日")
	d.Want("answered again", d.Ask(road, at+"/answer", url.Values{"answer": {"已全部完成"}}), 303)
	d.Want("closed without a conclusion", d.Ask(boss, at+"/close", url.Values{"outcome": {"done"}, "close": {""}}), 422, "请写明原因")
	d.Want("closed", d.Ask(boss, at+"/close", url.Values{"outcome": {"done"}, "close": {"知道了"}}), 303)
	if page := d.Want("its end", d.Ask(boss, at, nil), 200, "已办结", "知道了").Body.String(); strings.Contains(page, "0001-01-01") {
		t.Error("a time that is not known is shown")
	}
	d.Want("still late, and he knows that he spoke", d.Ask(boss, "/glance", nil), 200, "要批示的（1）", "2022年7月1日批示过，已办结，仍滞后")
}

// TestTheOfficeEntersAPaper: with whose word it is and its scan, which is kept when the form comes back.
func TestTheOfficeEntersAPaper(t *testing.T) {
	d := open(t)
	who := d.Coordinator().Actor
	form := url.Values{"plan": {"suitong"}, "units": {d.Units[farms]}, "due": {"2022-07-08"}, "day": {"2022-06-29"}, "text": {"请逐条过一遍"}, "leader": {"演示副市长"}}
	d.Want("about a list", d.Ask(who, "/instructions/new?plan=suitong", nil), 200, "遂潼工作计划", "批示件扫描件或者照片", "批示日期", roads)
	d.Want("without a scan", d.Ask(who, "/instructions/new", form), 422, "纸质批示要附上扫描件", "请逐条过一遍")
	form.Set("due", "2022-06-01")
	w := d.Want("due before it was given", d.postFile(who, "/instructions/new", form, "批示.png", png), 422, "不能早于批示日期", "批示.png")
	_, kept, _ := strings.Cut(w.Body.String(), `name="keep" value="`)
	kept, _, _ = strings.Cut(kept, `"`)
	form.Set("due", "2022-07-08")
	form.Set("keep", kept)
	at := d.Want("entered", d.Ask(who, "/instructions/new", form), 303).Header().Get("Location")
	d.Want("as it stands", d.Ask(who, at, nil), 200, "演示副市长批示", "2022年6月29日", "办公室据纸质批示录入", "批示.png", "《遂潼工作计划》")
	d.Want("of the list", d.Ask(who, "/instructions?plan=suitong", nil), 200, "请逐条过一遍", "只列针对《遂潼工作计划》的批示")
	d.Want("a mistake", d.Ask(who, at+"/close", url.Values{"outcome": {"cancelled"}, "close": {"重复录入"}}), 303)
	d.Want("cancelled", d.Ask(who, at, nil), 200, "已撤销", "重复录入")
}

// TestThePaperForTheLeader: one page about an item and one about a list, with what was said before.
func TestThePaperForTheLeader(t *testing.T) {
	d := open(t)
	_, err := d.GiveInstruction(context.Background(), d.As(region.Leader, office), plan.NewInstruction{
		Item: d.road, Orgs: []string{d.Units[roads]}, Due: "2022-07-08", Words: plan.InstructionWords{Text: "请抓紧征地", Leader: "演示市长"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, parts := range map[string][]string{
		"/item/" + d.road + "/submission.docx?to=" + url.QueryEscape("演示市长"): {"加快推进遂渝高速公路扩容工程建设", "《遂潼工作计划》第1条", roads, farms, "路基完成六成", "滞后：", "请抓紧征地", "领导批示", "演示数据", "演示市长"},
		"/plan/suitong/submission.docx":                                      {"《遂潼工作计划》推进情况", "共2条任务", "滞后1条", "1．加快推进遂渝高速公路扩容工程建设", "领导批示"},
	} {
		w := d.Want(path, d.Ask(d.Coordinator().Actor, path, nil), 200)
		z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var text string
		for _, name := range []string{"word/document.xml", "word/footer1.xml"} {
			f, err := z.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(f)
			if err != nil {
				t.Fatal(err)
			}
			text += string(b)
		}
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %s", path, part)
			}
		}
	}
}

// TestWhoMayNotTouchAWord: each page and act refuses those whose it is not, and another unit does not even see that it is there.
func TestWhoMayNotTouchAWord(t *testing.T) {
	d := open(t)
	id, err := d.GiveInstruction(context.Background(), d.As(region.Leader, office), plan.NewInstruction{
		Item: d.road, Orgs: []string{d.Units[roads]}, Due: "2022-07-08", Words: plan.InstructionWords{Text: "请抓紧征地", Leader: "演示市长"},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := "/instruction/" + id
	say := url.Values{"answer": {"越权"}, "return": {"越权"}, "close": {"越权"}, "outcome": {"done"}, "due": {"2022-07-08"}, "org": {d.Units[roads]}, "text": {"越权"}, "units": {d.Units[roads]}, "leader": {"越权"}}
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Reader, office, "GET", "/instructions", 403},
		{region.Reviewer, roads, "GET", "/instructions", 403},
		{region.Administrator, office, "GET", "/instructions", 403},
		{region.Reader, roads, "GET", at, 403},
		{region.Reporter, farms, "GET", at, 404},
		{region.Reporter, farms, "POST", at + "/sign", 404},
		{region.Reporter, farms, "POST", at + "/answer", 404},
		{region.Auditor, office, "POST", at + "/answer", 403},
		{region.Leader, office, "POST", at + "/answer", 403},
		{region.Coordinator, office, "POST", at + "/answer", 422},
		{region.Coordinator, office, "POST", at + "/close", 422},
		{region.Coordinator, office, "POST", at + "/return", 422},
		{region.Reporter, roads, "GET", "/instructions/new", 403},
		{region.Reporter, roads, "POST", "/instructions/new", 403},
		{region.Auditor, office, "POST", "/instructions/new", 403},
		{region.Coordinator, office, "POST", "/instructions/new", 422},
		{region.Reporter, roads, "POST", at + "/return", 403},
		{region.Reporter, roads, "POST", at + "/close", 403},
		{region.Reporter, roads, "GET", "/glance", 403},
		{region.Reader, office, "GET", "/glance", 403},
		{region.Auditor, office, "GET", "/glance", 403},
		{region.Reporter, roads, "GET", "/item/" + d.road + "/submission.docx", 403},
		{region.Reader, office, "GET", "/plan/suitong/submission.docx", 403},
		{region.Leader, office, "GET", "/instruction/w-none", 404},
		{region.Leader, office, "GET", "/item/i-none/submission.docx", 404},
		{region.Leader, office, "GET", "/plan/none/submission.docx", 404},
		{region.Leader, office, "GET", "/instructions/new?item=i-none", 404},
		{region.Leader, office, "GET", "/instructions?plan=none", 404},
		{region.Auditor, office, "GET", at, 200},
		{region.Coordinator, office, "GET", "/glance", 200},
	} {
		who := d.As(c.seat, c.unit).Actor
		w := d.Ask(who, c.path, nil)
		if c.method == "POST" {
			w = d.Ask(who, c.path, say)
		}
		if w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d", c.seat, c.unit, c.method, c.path, w.Code, c.status)
		}
		if c.status >= 400 && c.status != 422 && strings.Contains(w.Body.String(), "请抓紧征地") {
			t.Errorf("%s of %s reads what it says", c.seat, c.unit)
		}
	}
	if got := d.Ask(d.As(region.Reporter, farms).Actor, "/instructions", nil).Body.String(); strings.Contains(got, "请抓紧征地") {
		t.Error("another unit's list has it")
	}
	i, err := d.Instruction(context.Background(), id, plan.ViewerOf(d.Coordinator().Actor))
	if err != nil || i.State != plan.InstructionIsNew || len(i.Story) != 0 {
		t.Errorf("something was done: %+v, %v", i, err)
	}
}
