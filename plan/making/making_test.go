package making_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/intake"
	"liandong/plan/making"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

const list = `序号,工作任务,牵头单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,6月底前
2,推进智慧农业示范建设,市农业农村局,年底前
`

type desk struct {
	*plantest.Office
	webtest.Room
}

// open is an office in December that has this year's list.
func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	o.Day("2022-12-01")
	return desk{o, webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) {
		making.Routes(s, o.Desk)
		intake.Routes(s, o.Desk)
	}}}
}

// begin sends the form that begins a list, with a file where content is not empty.
func (d desk) begin(who node.Actor, form url.Values, content string) *httptest.ResponseRecorder {
	d.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		if err := m.WriteField(name, values[0]); err != nil {
			d.T.Fatal(err)
		}
	}
	if content != "" {
		f, err := m.CreateFormFile("file", "清单.csv")
		if err != nil {
			d.T.Fatal(err)
		}
		if _, err := io.WriteString(f, content); err != nil {
			d.T.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		d.T.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/making/new", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return d.Send(who, r)
}

// wantDocument checks that a .docx says all of it.
func (d desk) wantDocument(name string, w *httptest.ResponseRecorder, says ...string) {
	d.T.Helper()
	d.Want(name, w, 200)
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		d.T.Fatal(err)
	}
	var text []byte
	for _, f := range z.File {
		if f.Name != "word/document.xml" && !strings.HasPrefix(f.Name, "word/footer") {
			continue
		}
		part, err := z.Open(f.Name)
		if err != nil {
			d.T.Fatal(err)
		}
		some, err := io.ReadAll(part)
		if err != nil {
			d.T.Fatal(err)
		}
		text = append(text, some...)
	}
	plain := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(text), "")
	for _, part := range append(says, "演示数据") {
		if !strings.Contains(plain, part) {
			d.T.Errorf("%s lacks %q", name, part)
		}
	}
}

// TestAListIsMadeOnItsPages lives through the pages: the unfinished rows of the old list and a typed one, comments, decisions, documents, issue.
func TestAListIsMadeOnItsPages(t *testing.T) {
	d := open(t)
	who, transport, agri := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor, d.As(region.Reporter, farms).Actor
	d.Want("nothing yet", d.Ask(who, "/making", nil), 200, "没有编制中的清单", "制定清单")
	d.Want("the form", d.Ask(who, "/making/new?list=510900:suitong", nil), 200, "遂潼工作计划", `value="2023"`)
	d.Want("without a title", d.begin(who, url.Values{"from": {"blank"}, "year": {"2023"}}, ""), 422, "2023")
	d.Want("without a file", d.begin(who, url.Values{"from": {"file"}, "year": {"2023"}, "title": {"新清单"}}, ""), 422, "新清单")
	d.Want("a file without tasks", d.begin(who, url.Values{"from": {"file"}, "year": {"2023"}}, "序号,工作任务\n"), 422)
	at := d.Want("begun from a file", d.begin(who, url.Values{"from": {"file"}, "year": {"2023"}, "title": {"从文件"}}, list), 303).Header().Get("Location")
	d.Want("its rows", d.Ask(who, at, nil), 200, "任务（2）", "加快推进遂渝高速公路扩容工程建设")
	d.Want("given up", d.Ask(who, at+"/drop", url.Values{}), 303)
	d.Want("gone", d.Ask(who, at, nil), 404)

	at = d.Want("begun", d.begin(who, url.Values{"from": {"unfinished"}, "list": {"510900:suitong"}, "year": {"2023"}, "title": {"遂潼2023年任务"}}, ""), 303).Header().Get("Location")
	d.Want("carried over", d.Ask(who, at, nil), 200, "任务（2）", "圈", "印发之前只有本方协调员看得到")
	d.Want("an empty row", d.Ask(who, at+"/row/new", url.Values{"lead": {roads}}), 422, "没有写工作任务", roads)
	d.Want("a row", d.Ask(who, at+"/row/new", url.Values{"number": {"3"}, "title": {"开通遂潼城际公交第3条线"}, "lead": {roads + "、" + farms}, "deadline": {"9月底前"}, "then": {"next"}}), 303)
	d.Want("its form", d.Ask(who, at+"/row/3", nil), 200, "开通遂潼城际公交第3条线", roads+"、"+farms, `name="version" value="1"`)
	d.Want("moved", d.Ask(who, at+"/row/3/move", url.Values{"to": {"up"}}), 303)
	d.Want("an older version", d.Ask(who, at+"/row/3", url.Values{"title": {"旧版"}, "version": {"9"}}), 422, "刚才有人改过", "旧版")
	d.Want("no such row", d.Ask(who, at+"/row/77", nil), 404)
	d.Want("another name", d.Ask(who, at+"/head", url.Values{"title": {"遂潼2023年重点任务"}, "year": {"2023"}, "plan": {"suitong-2023"}, "circle": {"suitong"}}), 303)
	d.Want("a bad key", d.Ask(who, at+"/head", url.Values{"title": {"遂潼2023年重点任务"}, "year": {"2023"}, "plan": {"遂潼"}}), 422, "遂潼2023年重点任务")

	d.Want("whom to ask", d.Ask(who, at+"/consult", nil), 200, roads, farms, `value="2022-12-08"`)
	d.Want("nobody", d.Ask(who, at+"/consult", url.Values{"due": {"2022-12-08"}}), 422, "至少选择一个")
	to := d.Want("sent", d.Ask(who, at+"/consult", url.Values{"to": {d.Units[roads], d.Units[farms]}, "due": {"2022-12-08"}, "note": {"重点看时限"}}), 303).Header().Get("Location")
	d.Want("the unit's list", d.Ask(transport, "/making", nil), 200, "遂潼2023年重点任务", "等您反馈")
	d.Want("the draft", d.Ask(transport, to, nil), 200, "重点看时限", "开通遂潼城际公交第3条线", "无意见")
	d.Want("nothing typed", d.Ask(transport, to+"/comment", url.Values{"row-1": {" "}}), 422, "没有写意见")
	d.Want("a comment", d.Ask(transport, to+"/comment", url.Values{"row-0": {"建议按季度调度"}, "row-3": {"改为10月底前"}}), 303)
	d.Want("no comments", d.Ask(agri, to+"/comment", url.Values{"none": {"1"}}), 303)
	if page := d.Want("the other unit", d.Ask(agri, to, nil), 200).Body.String(); strings.Contains(page, "改为10月底前") {
		t.Error("a unit reads what another said")
	}
	page := d.Want("what came", d.Ask(who, to, nil), 200, "改为10月底前", "待处理", "无意见", "意见 2 条").Body.String()
	form := regexp.MustCompile(`name="book" value="([^"]+)">\s*<input type="hidden" name="index" value="(\d+)"`).FindStringSubmatch(page)
	if form == nil {
		t.Fatal("no form to decide on")
	}
	d.Want("not to be issued yet", d.Ask(who, at, nil), 200, "还有 2 条意见没有写明是否采纳")
	decide := func(row, decision, reason string) url.Values {
		return url.Values{"book": {form[1]}, "index": {form[2]}, "row": {row}, "decision": {decision}, "reason": {reason}}
	}
	d.Want("no reason", d.Ask(who, to+"/decide", decide("0", "declined", "")), 422, "请在“说明”里写明原因")
	if back := d.Want("an address that takes only a form", d.Ask(who, to+"/decide", nil), 303).Header().Get("Location"); back != to {
		t.Errorf("it leads to %s", back)
	}
	d.Want("not adopted", d.Ask(who, to+"/decide", decide("0", "declined", "按月调度是三方约定")), 303)
	d.Want("adopted", d.Ask(who, to+"/decide", decide("3", "adopted", "")), 303)
	d.Want("its author sees", d.Ask(transport, to, nil), 200, "采纳", "按月调度是三方约定")
	d.Want("at the row", d.Ask(who, at+"/row/3", nil), 200, "改为10月底前", roads)
	d.Want("changed", d.Ask(who, at+"/row/3", url.Values{"number": {"3"}, "title": {"开通遂潼城际公交第3条线"}, "lead": {roads}, "deadline": {"10月底前"}, "version": {"1"}}), 303)
	d.wantDocument("the letter", d.Ask(transport, to+"/letter.docx", nil), "关于征求《遂潼2023年重点任务（征求意见稿）》意见的函", "请研究并于2022年12月8日前反馈意见。", "重点看时限", "9月底前", roads+"：")
	d.wantDocument("as the coordinator has it", d.Ask(who, to+"/letter.docx", nil), roads+"、"+farms+"：")
	d.wantDocument("the decisions", d.Ask(who, to+"/comments.docx", nil), "意见采纳情况", "改为10月底前", "采纳", "按月调度是三方约定", "无意见："+farms)

	d.Want("a day that is none", d.Ask(who, at+"/issue", url.Values{"key": {"suitong-2023"}, "issued": {"x"}, "cycle": {"month"}, "cutoff": {"25"}}), 422, "印发日期应写成")
	preview := d.Want("to the preview", d.Ask(who, at+"/issue", url.Values{
		"key": {"suitong-2023"}, "document": {"遂潼办〔2022〕9号"}, "issued": {"2022-12-20"}, "cycle": {"month"}, "cutoff": {"25"},
	}), 303).Header().Get("Location")
	d.Want("the preview", d.Ask(who, preview, nil), 200, "开通遂潼城际公交第3条线")
	d.Want("issued", d.Ask(who, preview, url.Values{"do": {"confirm"}, "request": {"r-issue-1"}}), 303)
	if into := d.Want("the draft's address", d.Ask(who, at, nil), 303).Header().Get("Location"); into != "/plan/suitong-2023" {
		t.Errorf("it leads to %s", into)
	}
	d.Want("its end", d.Ask(transport, to, nil), 200, "已印发", "看印发的清单")
	d.wantDocument("the notice", d.Ask(transport, "/plan/suitong-2023/notice.docx", nil),
		"关于印发《遂潼2023年重点任务》的通知", "遂潼办〔2022〕9号", "2022年12月20日", "10月底前")
	d.Want("another's comment after the end", d.Ask(agri, to+"/comment", url.Values{"row-1": {"迟到"}}), 422, "已经结束")
}

// TestSidesOfARowAreTyped: units of several sides typed into one field are asked, printed and issued as they were typed; a name that is no unit's is told.
func TestSidesOfARowAreTyped(t *testing.T) {
	d := open(t)
	who, transport := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor
	at := d.Want("begun", d.begin(who, url.Values{"from": {"blank"}, "circle": {"suitong"}, "year": {"2023"}, "title": {"遂潼2023年任务"}}, ""), 303).Header().Get("Location")
	const typed = "遂宁市：" + roads + "；潼南区：区交通局"
	d.Want("a row", d.Ask(who, at+"/row/new", url.Values{"number": {"1"}, "title": {"开通城际公交"}, "lead": {typed}, "support": {"各县（市、区）人民政府"}, "section": {"交通"}}), 303)
	d.Want("another", d.Ask(who, at+"/row/new", url.Values{"number": {"2"}, "title": {"共建粮仓"}, "lead": {"市农业农村厅局"}}), 303)
	d.Want("its form", d.Ask(who, at+"/row/1", nil), 200, typed, "各县（市、区）人民政府")
	d.Want("the list", d.Ask(who, at, nil), 200, typed, "交通")
	page := d.Want("whom to ask", d.Ask(who, at+"/consult", nil), 200, "不在名录里", "2 共建粮仓", "市农业农村厅局").Body.String()
	if !regexp.MustCompile(`value="`+d.Units[roads]+`"[^>]*checked`).MatchString(page) || regexp.MustCompile(`value="`+d.Units[farms]+`"[^>]*checked`).MatchString(page) {
		t.Error("not those chosen whom the rows name")
	}
	to := d.Want("sent", d.Ask(who, at+"/consult", url.Values{"to": {d.Units[roads]}, "due": {"2022-12-08"}}), 303).Header().Get("Location")
	d.wantDocument("the letter", d.Ask(transport, to+"/letter.docx", nil), typed)
	check := d.Want("to the check", d.Ask(who, at+"/issue", url.Values{"key": {"typed"}, "issued": {"2022-12-20"}, "cycle": {"month"}, "cutoff": {"25"}}), 303).Header().Get("Location")
	d.Want("the check", d.Ask(who, check, nil), 200, "确认印发", "暂不印发", "1 个征求意见的单位还没有反馈", roads)
	defer func() { // after what is asked below
		d.Want("corrected", d.Ask(who, check, url.Values{"do": {"reread"}, "unit:市农业农村厅局": {d.Units[farms]}}), 303)
		d.Want("issued", d.Ask(who, check, url.Values{"do": {"confirm"}, "request": {"r-typed"}}), 303)
		d.Want("its end", d.Ask(who, check, nil), 200, "印发完成")
		l, err := d.IssuedList(context.Background(), "typed")
		if err != nil || len(l.Rows) != 2 || l.Rows[1].Words.Lead[0] != farms || l.Head.Words.Source != nil {
			t.Errorf("issued: %+v, %v", l, err)
		}
	}()

	agri := d.As(region.Reporter, farms).Actor
	d.Want("not asked", d.Ask(agri, to, nil), 404)
	d.Want("whom to add", d.Ask(who, to, nil), 200, "增加征求意见的单位", d.Units[farms])
	d.Want("nobody", d.Ask(who, to+"/recipients", url.Values{}), 422, "至少选择一个")
	d.Want("asked already", d.Ask(who, to+"/recipients", url.Values{"to": {d.Units[roads]}}), 422, "已经征求过")
	d.Want("a stranger", d.Ask(who, to+"/recipients", url.Values{"members": {"511500"}}), 422, "不是本圈认可的成员")
	d.Want("one more", d.Ask(who, to+"/recipients", url.Values{"to": {d.Units[farms]}}), 303)
	d.Want("asked now", d.Ask(agri, to+"/comment", url.Values{"row-2": {"粮仓由我局牵头"}}), 303)
	d.Want("what it said", d.Ask(who, to, nil), 200, "粮仓由我局牵头", "2）")
	d.Day("2022-12-09")
	d.Want("too late", d.Ask(who, to+"/recipients", url.Values{"to": {d.Units[office]}}), 422, "反馈期限")
}

// TestAConsultationIsWithdrawn with its reason, and the units see it.
func TestAConsultationIsWithdrawn(t *testing.T) {
	d := open(t)
	who, transport := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor
	at := d.Want("begun", d.begin(who, url.Values{"from": {"list"}, "list": {"510900:suitong"}, "year": {"2023"}, "title": {"新清单"}}, ""), 303).Header().Get("Location")
	to := d.Want("sent", d.Ask(who, at+"/consult", url.Values{"to": {d.Units[roads]}, "due": {"2022-12-08"}}), 303).Header().Get("Location")
	d.Want("not to be given up", d.Ask(who, at+"/drop", url.Values{}), 422, "请先撤回征求意见")
	d.Want("no reason", d.Ask(who, to+"/withdraw", url.Values{}), 422, "撤回的原因")
	d.Want("withdrawn", d.Ask(who, to+"/withdraw", url.Values{"reason": {"会议改期"}}), 303)
	d.Want("the unit sees", d.Ask(transport, to, nil), 200, "已撤回", "会议改期")
	d.Want("given up", d.Ask(who, at+"/drop", url.Values{}), 303)
}

// TestWhoMayNotMakeALists: each page and act refuses those whose it is not; who is not asked does not see that a draft is there.
func TestWhoMayNotMakeLists(t *testing.T) {
	d := open(t)
	who := d.Coordinator().Actor
	at := d.Want("begun", d.begin(who, url.Values{"from": {"list"}, "list": {"510900:suitong"}, "year": {"2023"}, "title": {"机密的新清单"}}, ""), 303).Header().Get("Location")
	to := d.Want("sent", d.Ask(who, at+"/consult", url.Values{"to": {d.Units[roads]}, "due": {"2022-12-08"}}), 303).Header().Get("Location")
	say := url.Values{"row-1": {"越权"}, "reason": {"越权"}, "row": {"1"}, "index": {"0"}, "book": {"510900/self"}, "decision": {"adopted"}, "title": {"越权"}, "year": {"2023"}}
	for _, c := range []struct {
		seat   region.Seat
		unit   string
		method string
		path   string
		status int
	}{
		{region.Reader, office, "GET", "/making", 403},
		{region.Reviewer, office, "GET", "/making", 403},
		{region.Administrator, office, "GET", "/making", 403},
		{region.Reporter, roads, "GET", "/making/new", 403},
		{region.Reporter, roads, "POST", "/making/new", 403},
		{region.Reporter, roads, "GET", at, 403},
		{region.Auditor, office, "GET", at, 403},
		{region.Reporter, roads, "POST", at + "/head", 403},
		{region.Reporter, roads, "POST", at + "/drop", 403},
		{region.Reporter, roads, "GET", at + "/row/1", 403},
		{region.Reporter, roads, "POST", at + "/row/1", 403},
		{region.Reporter, roads, "POST", at + "/row/1/move", 403},
		{region.Reporter, roads, "POST", at + "/row/1/drop", 403},
		{region.Reporter, roads, "GET", at + "/consult", 403},
		{region.Reporter, roads, "POST", at + "/consult", 403},
		{region.Reporter, roads, "POST", at + "/issue", 403},
		{region.Reader, roads, "GET", to, 403},
		{region.Reporter, farms, "GET", to, 404},
		{region.Reporter, farms, "GET", to + "/letter.docx", 404},
		{region.Reporter, roads, "GET", to + "/comments.docx", 403},
		{region.Reporter, farms, "POST", to + "/comment", 404},
		{region.Auditor, office, "POST", to + "/comment", 403},
		{region.Reporter, roads, "POST", to + "/decide", 403},
		{region.Reporter, roads, "POST", to + "/withdraw", 403},
		{region.Reporter, roads, "POST", to + "/recipients", 403},
		{region.Administrator, office, "GET", "/plan/suitong/notice.docx", 403},
		{region.Reader, office, "GET", "/plan/suitong/notice.docx", 200},
		{region.Reader, office, "GET", "/plan/none/notice.docx", 404},
		{region.Coordinator, office, "GET", "/making/m-none", 404},
		{region.Coordinator, office, "GET", "/consultation/c-none", 404},
		{region.Coordinator, office, "POST", to + "/decide", 422},
		{region.Auditor, office, "GET", to, 200},
		{region.Auditor, office, "GET", "/making", 200},
	} {
		form := say
		if c.method == "GET" {
			form = nil
		}
		w := d.Ask(d.As(c.seat, c.unit).Actor, c.path, form)
		if w.Code != c.status {
			t.Errorf("%s of %s %s %s: %d, want %d", c.seat, c.unit, c.method, c.path, w.Code, c.status)
		}
		if c.status == 404 && strings.Contains(w.Body.String(), "机密的新清单") {
			t.Errorf("%s of %s reads its name", c.seat, c.unit)
		}
	}
	if got := d.Ask(d.As(region.Reporter, farms).Actor, "/making", nil).Body.String(); strings.Contains(got, "机密的新清单") {
		t.Error("the list of who is not asked has it")
	}
}
