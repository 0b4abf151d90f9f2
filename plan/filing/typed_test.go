package filing_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// nobody sends a form without a session.
func (s *stand) nobody(path string, pairs ...string) *httptest.ResponseRecorder {
	r := postOf(path, pairs...)
	w := httptest.NewRecorder()
	s.site.Handler().ServeHTTP(w, r)
	return w
}

func postOf(path string, pairs ...string) *http.Request {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// saves is what the script of a page does while somebody types.
func (p person) saves(path string, pairs ...string) *httptest.ResponseRecorder {
	r := postOf(path, pairs...)
	r.Header.Set("Accept", "application/json")
	return p.do(r)
}

// What was accepted is corrected on purpose and with a reason: in the form, the grid, a table.
func TestACorrectionNeedsItsReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		item := s.item(river)
		s.FileAs(jtj, item, "2022-06", "on-time", "规划初稿完成")
		s.AcceptNow(item, "2022-06", false)
		reporter, form := s.as(region.Reporter, jtj), "/item/"+item+"/report?period=2022-06"

		s.want(reporter.get(form), 200, `name="reason"`)
		s.want(reporter.post(form, "request", "a", "claim", "on-time", "progress", "规划二稿完成"), 422, "请写明更正原因", "规划二稿完成</textarea>")
		s.want(reporter.get("/report/grid"), 200, `name="r-`+item)
		grid := []string{"period-" + item, "2022-06", "c-" + item, "on-time", "p-" + item}
		s.want(reporter.post("/report/grid", append(grid, "规划二稿完成", "request", "b")...), 422, "请写明更正原因", "规划二稿完成</textarea>", `href="#r-`+item)
		s.want(reporter.post("/report/grid", append(grid, "规划初稿完成", "request", "c")...), 303)
		file := "序号,工作任务,牵头单位,推进情况\n3,推进遂潼涪江航运整治,市交通运输局,规划二稿完成\n"
		w := reporter.upload("/report/sheet", "反馈.csv", []byte(file), "request", "d")
		s.want(w, 200, `name="r-`+item)
		_, rest, _ := strings.Cut(w.Body.String(), `name="blob" value="`)
		blob, _, _ := strings.Cut(rest, `"`)
		s.want(reporter.post("/report/sheet", "request", "e", "blob", blob, "act", "file", "pick", item+"@2022-06"), 422, "请写明更正原因")
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Fatalf("%d reports: a correction was filed in passing", n)
		}

		s.want(reporter.post("/report/grid", append(grid, "规划二稿完成", "r-"+item, "初稿引用了旧数据", "request", "f")...), 303)
		s.want(s.as(region.Coordinator, fgw).get("/review/"+item+"/2022-06"), 200, "初稿引用了旧数据")
		s.want(reporter.post(form, "request", "g", "claim", "on-time", "progress", "规划三稿完成", "reason", "再次核对"), 303)
		s.AcceptNow(item, "2022-06", false)
		if n := s.countText("再次核对"); n != 2 {
			t.Errorf("the reason stands in %d entries, want the filing and its acceptance in the own book", n)
		}
		s.Clean()
	})
}

func TestDraftsAreSharedAndNotOverwritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		item := s.item(river)
		reporter, form := s.as(region.Reporter, jtj), "/item/"+item+"/report?period=2022-06"
		draft := "/item/" + item + "/report/draft?period=2022-06"

		s.want(reporter.saves(draft, "version", "0", "seen", "-2", "progress", "写到一半"), 200, "1")
		s.want(reporter.get(form), 200, "写到一半</textarea>", "尚未提交", `name="version" value="1"`)
		s.want(reporter.saves(draft, "version", "1", "progress", "写到一半多"), 200, "2")
		s.want(reporter.saves(draft, "version", "1", "progress", "另一个窗口"), 409)
		s.want(reporter.post(draft, "version", "1", "progress", "另一个窗口"), 422, "写到一半多", "另一个窗口</textarea>", `name="version" value="2"`)
		s.want(reporter.get(form), 200, "写到一半多</textarea>")
		s.want(reporter.post(draft, "version", "2", "progress", "合在一起"), 303)
		s.want(s.as(region.Reporter, fgw).get("/"), 200)
		if body := s.as(region.Reporter, "市经济和信息化局").get(form).Body.String(); strings.Contains(body, "合在一起") {
			t.Error("another unit sees the draft")
		}
		s.want(reporter.post(form, "request", "x", "claim", "on-time", "progress", "合在一起", "version", "3", "seen", "-2"), 303)
		if body := reporter.get(form).Body.String(); strings.Contains(body, "尚未提交") {
			t.Error("the draft outlives its filing")
		}
		// A colleague whose page is older than that filing does not replace it unread.
		w := reporter.post(form, "request", "y", "claim", "on-time", "progress", "同事写的", "version", "0", "seen", "-2")
		s.want(w, 422, "同事写的</textarea>", "合在一起", "已有人提交")
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Errorf("%d reports", n)
		}

		s.want(reporter.post(draft, "version", "0", "progress", "不要了"), 303)
		s.want(reporter.post(draft, "version", "1", "act", "discard"), 303)
		if body := reporter.get(form).Body.String(); strings.Contains(body, "不要了") {
			t.Error("a draft that was given up is shown")
		}
	})
}

func TestTheGridKeepsADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		a, b := s.item(motorway), s.item(river)
		reporter := s.as(region.Reporter, jtj)
		rows := []string{"period-" + a, "2022-06", "p-" + a, "路基过半", "c-" + a, "at-risk", "period-" + b, "2022-06", "c-" + b, "on-time"}
		s.want(reporter.saves("/report/grid/draft", append(rows, "version", "0")...), 200, "1")
		s.want(reporter.get("/report/grid"), 200, "路基过半</textarea>", "尚未提交")
		s.want(reporter.saves("/report/grid/draft", "version", "0", "period-"+b, "2022-06", "p-"+b, "初稿"), 409)
		s.want(reporter.post("/report/grid/draft", "version", "0", "period-"+b, "2022-06", "p-"+b, "初稿"), 422, "路基过半", "初稿</textarea>")
		s.want(reporter.post("/report/grid", append(rows, "version", "1", "request", "q")...), 303)
		if body := reporter.get("/report/grid").Body.String(); strings.Contains(body, "路基过半</textarea>") {
			t.Error("the draft outlives its filing")
		}
		s.want(reporter.post("/report/grid", append(rows, "act", "paste", "block", "工作任务\t推进情况\n"+river+"\t初稿完成\n不认识\t什么")...), 200, "已填入 1 行", "初稿完成</textarea>", "路基过半</textarea>", "不认识")
		s.want(reporter.post("/report/grid", append(rows, "act", "paste", "block-at", "p-"+a, "block", "路基四成\t迁改慢\t无\t备注")...), 200,
			"没有用到的列：D", "迁改慢</textarea>", `id="f-`+a+`-error0"`)
		s.want(reporter.post("/report/grid", append(rows, "act", "paste", "block-at", "f-"+b, "block", "12\t无")...), 200,
			"粘贴的“12”没有填入：这一项无指标")
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Errorf("%d reports: pasting filed something", n)
		}
	})
}

// A session that ended while writing costs nothing that was typed, with JavaScript off as well.
func TestTheEndOfASessionLosesNothing(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	item := s.item(river)
	form := "/item/" + item + "/report?period=2022-06"
	long := "航运整治规划初稿已经完成，正在征求沿线各县区意见。\n<b>下旬</b>送审。"
	s.want(s.nobody(form, "request", "k1", "claim", "on-time", "progress", long), 401,
		"送审。</textarea>", "&lt;b&gt;", `action="/item/`+item+`/report?period=2022-06"`, `name="request" value="k1"`, `target="_blank"`)
	s.want(s.nobody("/report/grid", "p-"+item, long), 401, "送审。</textarea>")
	s.want(s.nobody("/review/"+item+"/2022-06", "act", "return", "reason", long), 401, "送审。</textarea>")
	// Sent again from that page by somebody who signed in meanwhile, it is filed.
	s.want(s.as(region.Reporter, jtj).post(form, "request", "k1", "claim", "on-time", "progress", long), 303)
}
