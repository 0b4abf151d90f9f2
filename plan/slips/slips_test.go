package slips_test

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
	"liandong/plan/plantest"
	"liandong/plan/slips"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const list = `序号,工作任务,牵头单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,6月底前
2,推进智慧农业示范建设,市农业农村局,年底前
`

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type desk struct {
	*plantest.Office
	webtest.Room
	road string
}

// open is an office on 1 July whose motorway is late.
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	o.Day("2022-07-01")
	d := desk{Office: o, Room: webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { slips.Routes(s, o.Desk) }}}
	_, d.road = o.Row("加快推进遂渝高速公路扩容工程建设")
	return d
}

// TestASlipFromItsProposalToItsEnd lives through the pages of a slip with a coordinator and a reporter.
func TestASlipFromItsProposalToItsEnd(t *testing.T) {
	d := open(t)
	coordinator, reporter := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor
	d.Want("the list", d.Ask(coordinator, "/slips", nil), 200, "建议督办（2）", "加快推进遂渝高速公路扩容工程建设", "工作滞后", "自2022年7月1日起")
	item := d.road
	d.Want("the form", d.Ask(coordinator, "/slips/new?item="+item+"&ground=late", nil), 200, roads, "蓝色", "5 个工作日内反馈", "《遂潼工作计划》第1条")
	form := url.Values{"item": {item}, "org": {d.Units[roads]}, "ground": {"late"}, "level": {"blue"}, "matter": {"遂渝高速扩容滞后"}, "demand": {""}}
	d.Want("nothing demanded", d.Ask(coordinator, "/slips/new", form), 422, "没有写办理要求", "遂渝高速扩容滞后")
	form.Set("demand", "说明原因，提出赶工措施")
	at := d.Want("issued", d.Ask(coordinator, "/slips/new", form), 303).Header().Get("Location")
	if !strings.HasPrefix(at, "/slip/s-") {
		t.Fatalf("it leads to %s", at)
	}
	d.Want("the unit's own list", d.Ask(reporter, "/slips", nil), 200, "遂渝高速扩容滞后", "待签收")
	d.Want("the slip", d.Ask(reporter, at, nil), 200, "督〔2022〕1号", "2022年7月8日", "签收", "反馈")
	d.Want("signed", d.Ask(reporter, at+"/sign", url.Values{}), 303)
	d.Want("an empty answer", d.Ask(reporter, at+"/answer", url.Values{"answer": {" "}}), 422, "没有写办理情况")
	d.Want("answered", d.Ask(reporter, at+"/answer", url.Values{"answer": {"已增加两个作业面"}}), 303)
	d.Want("to check", d.Ask(coordinator, at, nil), 200, "待复核", "已增加两个作业面", "复核结论")
	d.Want("returned without days", d.Ask(coordinator, at+"/return", url.Values{"return": {"没有时间表"}, "days": {"x"}}), 422, "工作日数应为 1 至 90", "没有时间表")
	d.Want("returned without a reason", d.Ask(coordinator, at+"/return", url.Values{"return": {""}, "days": {"2"}}), 422)
	d.Want("returned", d.Ask(coordinator, at+"/return", url.Values{"return": {"没有时间表"}, "days": {"2"}}), 303)
	d.Day("2022-07-06") // two working days after 1 July were the 5th
	d.Want("overdue", d.Ask(coordinator, at, nil), 200, "逾期未反馈", "升为橙色，3 个工作日内反馈")
	d.Want("raised", d.Ask(coordinator, at+"/raise", url.Values{"raise": {"未按时反馈"}}), 303)
	d.Want("an empty answer keeps its file", d.postFile(reporter, at+"/answer", url.Values{"answer": {" "}}, "现场.png"), 422, "没有写办理情况", "现场.png", `name="keep"`)
	d.Want("answered again, with a file", d.postFile(reporter, at+"/answer", url.Values{"answer": {"七月底前补齐"}}, "现场.png"), 303)
	d.Want("the file", d.Ask(coordinator, at, nil), 200, "七月底前补齐", "现场.png", "/file/510900/self/")
	d.Want("closed", d.Ask(coordinator, at+"/close", url.Values{"outcome": {"done"}, "close": {"措施到位"}}), 303)
	d.Want("its end", d.Ask(coordinator, at, nil), 200, "已销号", "措施到位", "升为橙色", "没有时间表")
	d.Want("the rate", d.Ask(coordinator, "/slips", nil), 200, "按时反馈率", "100 %", "督〔2022〕1号（工作滞后）2022年7月6日销号：措施到位")
	w := d.Want("the document", d.Ask(reporter, at+"/slip.docx", nil), 200)
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	foot, err := z.Open("word/footer1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(foot); err != nil || !bytes.Contains(b, []byte("演示数据")) {
		t.Errorf("the document of the demonstration is not marked: %v", err)
	}
	for _, part := range []string{"督办单", "督〔2022〕1号", "遂渝高速扩容滞后", "说明原因，提出赶工措施", "橙色", "七月底前补齐", "措施到位", roads} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("the document lacks %s", part)
		}
	}
}

// postFile sends a form with a picture.
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

// TestWhoMayNotTouchASlip: each page and act refuses those whose it is not, and another unit does not even see that it is there.
func TestWhoMayNotTouchASlip(t *testing.T) {
	d := open(t)
	id, err := d.IssueSlip(context.Background(), d.Coordinator(), plan.NewSlip{
		Item: d.road, Org: d.Units[roads], Ground: plan.SlipLate, Words: plan.SlipWords{Matter: "遂渝高速扩容滞后", Demand: "说明原因"},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := "/slip/" + id
	say := url.Values{"answer": {"越权"}, "return": {"越权"}, "raise": {"越权"}, "close": {"越权"}, "outcome": {"done"}, "days": {"2"}}
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Reader, office, "GET", "/slips", 403},
		{region.Reviewer, office, "GET", "/slips", 403},
		{region.Administrator, office, "GET", "/slips", 403},
		{region.Reader, roads, "GET", at, 403},
		{region.Reporter, farms, "GET", at, 404},
		{region.Reporter, farms, "GET", at + "/slip.docx", 404},
		{region.Reporter, farms, "POST", at + "/sign", 404},
		{region.Reporter, farms, "POST", at + "/answer", 404},
		{region.Auditor, office, "POST", at + "/answer", 403},
		{region.Reporter, roads, "GET", "/slips/new?item=" + d.road, 403},
		{region.Reporter, roads, "POST", "/slips/new", 403},
		{region.Reporter, roads, "POST", at + "/return", 403},
		{region.Reporter, roads, "POST", at + "/raise", 403},
		{region.Reporter, roads, "POST", at + "/close", 403},
		{region.Reporter, roads, "GET", "/slips/ladder", 403},
		{region.Auditor, office, "POST", "/slips/ladder", 403},
		{region.Coordinator, office, "GET", "/slip/s-none", 404},
		{region.Coordinator, office, "GET", "/slips/new?item=i-none", 404},
		{region.Coordinator, office, "POST", at + "/close", 422},
		{region.Coordinator, office, "POST", at + "/raise", 422},
		{region.Coordinator, office, "POST", at + "/return", 422},
		{region.Auditor, office, "GET", at, 200},
		{region.Auditor, office, "GET", "/slips", 200},
	} {
		form := say
		if c.method == "GET" {
			form = nil
		}
		w := d.Ask(d.As(c.seat, c.unit).Actor, c.path, form)
		if w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d", c.seat, c.unit, c.method, c.path, w.Code, c.status)
		}
		if c.status == 404 && strings.Contains(w.Body.String(), "遂渝高速扩容滞后") {
			t.Errorf("%s of %s reads what it says", c.seat, c.unit)
		}
	}
	if got := d.Ask(d.As(region.Reporter, farms).Actor, "/slips", nil).Body.String(); strings.Contains(got, "遂渝高速扩容滞后") {
		t.Error("another unit's list has it")
	}
	s, err := d.Slip(context.Background(), plan.SlipID(id), plan.ViewerOf(d.Coordinator().Actor))
	if err != nil || s.State != plan.SlipIsNew || len(s.Story) != 0 {
		t.Errorf("something was done: %+v, %v", s, err)
	}
}

// TestTheLadderIsSet on its page, and what is wrong is said.
func TestTheLadderIsSet(t *testing.T) {
	d := open(t)
	who := d.Coordinator().Actor
	d.Want("the form", d.Ask(who, "/slips/ladder", nil), 200, `value="blue"`, `value="5"`, "没有出处")
	form := url.Values{"level-0": {"yellow"}, "name-0": {"黄色督办"}, "days-0": {"x"}}
	d.Want("no days", d.Ask(who, "/slips/ladder", form), 422, "yellow", "天数应为 1 至 90")
	form.Set("days-0", "4")
	form.Set("source", "督查督办办法（演示数据）")
	d.Want("set", d.Ask(who, "/slips/ladder", form), 303)
	d.Want("the new step", d.Ask(who, "/slips/new?item="+d.road, nil), 200, "黄色督办", "4 个工作日内反馈")
	if l, err := d.Ladder(context.Background()); err != nil || len(l.Steps) != 1 || l.Source == "" {
		t.Errorf("%+v, %v", l, err)
	}
}
