package filing_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

const (
	motorway = "加快推进遂渝高速公路扩容工程建设"
	river    = "推进遂潼涪江航运整治"
	bus      = "开通遂潼城际公交"
	jtj      = "市交通运输局"
	fgw      = "市发展改革委"
)

func TestTheWayOfAReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		item := s.item(motorway)
		reporter, reviewer := s.as(region.Reporter, jtj), s.as(region.Reviewer, fgw)
		form := "/item/" + item + "/report?period=2022-06"

		s.want(reporter.get("/"), 200, motorway, "2022年6月", "待报")
		s.want(reporter.get(form), 200, "提交一次，计入 2 个清单", "遂潼一体化工作要点", "双城经济圈重点任务", "目标：")

		s.want(s.as(region.Reporter, fgw).post(form, "request", "p", "progress", "配合完成用地报批"), 303)
		s.want(reporter.get(form), 200, "各单位报来的内容", "配合完成用地报批")
		merged := reporter.post(form, "request", "m", "merge", s.partIndex(item), "progress", "路基完成四成")
		s.want(merged, 200, "路基完成四成\n【市发展改革委】配合完成用地报批", "已合并")
		if s.count("plan.report.filed/1") != 0 {
			t.Error("merging a part filed a report")
		}

		s.want(reporter.post(form, "request", "r1", "claim", "on-time"), 422, "请至少写明进展")
		s.want(reporter.post(form, "request", "r1", "claim", "done", "progress", "全部建成"), 422, "请填写日期", "全部建成")
		for range 2 { // the second is a retry
			s.want(reporter.post(form, "request", "r2", "claim", "on-time", "progress", "路基完成四成", "part", s.partIndex(item)), 303)
		}
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Errorf("one form, sent twice, filed %d reports", n)
		}
		s.want(reporter.get(form), 200, "再次提交即可，会替换这一份")
		s.want(reviewer.get("/review"), 200, motorway, "路基完成四成")
		page := reviewer.get("/review/" + item + "/2022-06")
		s.want(page, 200, "采用后计入 2 个清单", "配合完成用地报批", "已并入填报")
		s.want(reviewer.post("/review/"+item+"/2022-06", "act", "return", "request", "x"), 422, "请写明原因")
		s.want(reviewer.post("/review/"+item+"/2022-06", "act", "return", "reason", "请补充投资数据", "request", "x1"), 303)
		s.want(reporter.get("/"), 200, "请补充投资数据")
		s.want(reporter.get(form), 200, "请补充投资数据", "路基完成四成</textarea>")
		s.want(reporter.post(form, "request", "r3", "claim", "on-time", "progress", "路基完成四成，投资8亿元"), 303)
		s.want(reviewer.get("/review/"+item+"/2022-06"), 200, "<ins>，投资8亿元</ins>")
		s.want(reviewer.post("/review/"+item+"/2022-06", "act", "accept", "request", "x2"), 303)
		s.want(reviewer.post("/review/"+item+"/2022-06", "act", "return", "reason", "晚了", "request", "x3"), 422, "刚才已有人采用或退回")

		s.want(reporter.get(form), 200, "无需再报", "更正已采用的内容")
		s.want(reporter.post(form, "request", "r4", "claim", "at-risk", "progress", "路基完成三成", "reason", "原数含在建"), 303)
		s.want(reviewer.get("/review"), 200, "更正已采用的内容", "路基完成三成")
		s.Clean()
	})
}

// partIndex is the entry of the only part of an item.
func (s *stand) partIndex(item string) string {
	s.t.Helper()
	f, err := s.FilingForm(context.Background(), s.As(region.Reporter, jtj).Actor, item, "2022-06")
	if err != nil || len(f.Parts) != 1 {
		s.t.Fatalf("parts: %+v, %v", f, err)
	}
	return fmt.Sprint(f.Parts[0].Index)
}

func TestQuestionStandsOnThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		reporter := s.as(region.Reporter, jtj)
		item := s.item(motorway)
		fig := "fig-" + s.indicator(item)
		form := "/item/" + item + "/report?period=2022-06"
		asked := reporter.post(form, "request", "q", "claim", "on-time", "progress", "完成投资", fig, "80000")
		s.want(asked, 422, "有 1 处数据请核对", `name="answer-`, "完成投资</textarea>")
		_, rest, _ := strings.Cut(asked.Body.String(), `name="answer-`)
		id, _, _ := strings.Cut(rest, `"`)
		s.want(reporter.post(form, "request", "q", "claim", "on-time", "progress", "完成投资", fig, "80000", "answer-"+id, "核对无误"), 303)
		s.want(reporter.post(form, "request", "q2", "claim", "on-time", "progress", "完成投资", fig, "八九成"), 422, "完成投资")
		s.want(s.as(region.Reviewer, fgw).get("/review/"+item+"/2022-06"), 200, "核对无误")
	})
}

func (s *stand) indicator(item string) string {
	s.t.Helper()
	f, err := s.FilingForm(context.Background(), s.As(region.Reporter, jtj).Actor, item, "2022-06")
	if err != nil || len(f.Indicators) == 0 {
		s.t.Fatalf("indicators: %+v, %v", f, err)
	}
	return f.Indicators[0].ID
}

func TestGridFilesTheGoodRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		reporter := s.as(region.Reporter, jtj)
		s.want(reporter.get("/report/grid"), 200, motorway, river, bus)
		a, b, c := s.item(motorway), s.item(river), s.item(bus)
		rows := []string{
			"request", "g1",
			"period-" + a, "2022-06", "p-" + a, "路基过半", "f-" + a, "不知道", "c-" + a, "on-time",
			"period-" + b, "2022-06", "p-" + b, "完成初稿", "c-" + b, "at-risk",
			"period-" + c, "2022-06", "p-" + c, "", "c-" + c, "on-time",
		}
		for _, said := range []string{"已提交 1 项", "所填 1 项与已提交的相同"} { // the second is a retry: the good row is not filed again
			w := reporter.post("/report/grid", rows...)
			s.want(w, 422, said, "路基过半</textarea>", "有 1 处需要修改")
		}
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Errorf("%d reports filed, want the good row once", n)
		}
		s.want(reporter.post("/report/grid", "request", "g2"), 422, "没有填写任何一行")
		s.want(reporter.post("/report/grid", "request", "g3", "period-"+a, "2022-06", "p-"+a, "路基过半", "f-"+a, "8亿元"), 303)
		s.want(reporter.post("/report/grid", "request", "g4", "period-"+a, "2022-05", "p-"+a, "路基过半"), 422, "填报期有变化")
		s.want(reporter.post("/report/grid", "request", "g5", "period-"+a, "2022-06", "f-"+a, "8.5亿元", "c-"+a, "on-time"), 303)
		form, err := s.FilingForm(context.Background(), s.As(region.Reporter, jtj).Actor, a, "2022-06")
		if err != nil || form.Current.Words.Progress != "路基过半" || form.Current.Facts.Figures[0].Value != "8.5" {
			t.Errorf("a corrected figure took the text with it: %+v, %v", form.Current, err)
		}
		s.want(reporter.get("/report/grid?period=soon"), 404)
	})
}

// TestAFileIsNoRepeatOfWhatItChanges: a file that is to be filed at once says something new where only the problem does; one that was pressed on
// an earlier day is previewed, for the newest period may be another by now.
func TestAFileIsNoRepeatOfWhatItChanges(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	reporter := s.as(region.Reporter, jtj)
	file := func(problem string) []byte {
		return []byte("序号,工作任务,牵头单位,推进情况,存在问题\n3," + river + ",市交通运输局,规划初稿完成," + problem + "\n")
	}
	today := string(s.Desk.Today())
	filed := func(when, on, problem string, status, n int) {
		t.Helper()
		s.want(reporter.upload("/report/sheet", "反馈.csv", file(problem), "request", "d-"+when, "act", "file", "on", on), status)
		if got := s.count("plan.report.filed/1"); got != n {
			t.Errorf("%s: %d reports, want %d", when, got, n)
		}
	}
	filed("first", today, "", 303, 1)
	filed("again", today, "", 303, 1)
	filed("with a problem", today, "用地未批", 303, 2)
	filed("pressed on another day", "2022-05-31", "用地已批", 200, 2)
}

func TestSheetBecomesReports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		reporter := s.as(region.Reporter, jtj)
		file := `序号,工作任务,年度目标,牵头单位,配合单位,完成时限,推进情况,存在问题
1,加快推进遂渝高速公路扩容工程建设,完成投资20亿元,市交通运输局,市发展改革委,年底前,路基完成四成,征地滞后
2,建设渝遂绵优质蔬菜生产带船山基地,建成核心基地2万亩,市农业农村局,市经济和信息化局,6月底前,别的单位的事,
3,推进遂潼涪江航运整治,完成总体规划编制,市交通运输局,市经济和信息化局,三季度,规划初稿完成,
4,开通遂潼城际公交,开行班线3条,市交通运输局,,9月底前,,
`
		w := reporter.upload("/report/sheet", "反馈.csv", []byte(file), "request", "s1")
		s.want(w, 200, "读出 2 项", "路基完成四成", "规划初稿完成", "其他单位牵头")
		if s.count("plan.report.filed/1") != 0 {
			t.Error("the preview filed something")
		}
		_, rest, _ := strings.Cut(w.Body.String(), `name="blob" value="`)
		blob, _, _ := strings.Cut(rest, `"`)
		pick := s.item(motorway) + "@2022-06"
		for range 2 {
			s.want(reporter.post("/report/sheet", "request", "s2", "blob", blob, "act", "file", "pick", pick), 303)
		}
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Errorf("%d reports filed, want the one picked", n)
		}
		s.want(reporter.upload("/report/sheet", "清单.xlsx", []byte("这不是表格"), "request", "s3"), 422)
		s.want(reporter.post("/report/sheet", "request", "s4"), 422, "请选择文件")
	})
}

// Figures of a returned file become typed figures; what looks wrong is asked about in the preview.
func TestSheetReadsFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		reporter := s.as(region.Reporter, jtj)
		file := "序号,工作任务,牵头单位,推进情况\n1,加快推进遂渝高速公路扩容工程建设,市交通运输局,截至6月底完成投资800亿元\n"
		w := reporter.upload("/report/sheet", "反馈.csv", []byte(file), "request", "s1")
		s.want(w, 200, "投资：800亿元</textarea>", `name="a-`+s.item(motorway))
		_, rest, _ := strings.Cut(w.Body.String(), `name="blob" value="`)
		blob, _, _ := strings.Cut(rest, `"`)
		item := s.item(motorway)
		send := []string{"blob", blob, "act", "file", "pick", item + "@2022-06"}
		s.want(reporter.post("/report/sheet", append(send, "request", "s2", "f-"+item, "投资：800亿元")...), 422)
		s.want(reporter.post("/report/sheet", append(send, "request", "s3", "f-"+item, "投资：8亿元")...), 303)
		if n := s.count("plan.report.filed/1"); n != 1 {
			t.Errorf("%d reports filed, want the corrected one", n)
		}
	})
}

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")

func TestAttachments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newStand(t, st)
		item := s.item(motorway)
		reporter, reviewer := s.as(region.Reporter, jtj), s.as(region.Reviewer, fgw)
		form := "/item/" + item + "/report?period=2022-06"
		large := bytes.Repeat([]byte("x"), 1<<20+1)
		s.want(reporter.upload(form, "大.bin", large, "request", "f0", "progress", "路基", "claim", "on-time"), 422, "超过 1 MB", "路基</textarea>")
		// A form that comes back keeps its file.
		again := reporter.upload(form, "现场.png", png, "request", "f1", "claim", "on-time")
		s.want(again, 422, "现场.png", `name="keep"`)
		_, rest, _ := strings.Cut(again.Body.String(), `name="keep" value="`)
		blob, _, _ := strings.Cut(rest, `"`)
		page := []byte("<!doctype html><script>alert(1)</script>")
		s.want(reporter.upload(form, `..\..\图<b>.html`, page, "request", "f1", "claim", "on-time", "progress", "路基", "keep", blob), 303)

		idx := s.newestFiling(item)
		image := reviewer.get(fmt.Sprintf("/file/self/%d/0", idx))
		if image.Code != 200 || image.Header().Get("Content-Type") != "image/png" || !bytes.Equal(image.Body.Bytes(), png) {
			t.Errorf("the photo: %d %s", image.Code, image.Header())
		}
		html := reviewer.get(fmt.Sprintf("/file/self/%d/1", idx))
		h := html.Header()
		if html.Code != 200 || h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("a page as attachment: %d %v", html.Code, h)
		}
		for _, c := range []struct {
			who  person
			want int
		}{
			{s.as(region.Auditor, fgw), 200},
			{reporter, 200},
			{s.as(region.Coordinator, fgw), 200},
			{s.as(region.Reporter, fgw), 200},      // supports: the words of the filing are open to it too
			{s.as(region.Reporter, "市农业农村局"), 404}, // nothing to do with it
			{s.as(region.Reader, fgw), 403},
			{s.as(region.Administrator, fgw), 403},
		} {
			if w := c.who.get(fmt.Sprintf("/file/self/%d/0", idx)); w.Code != c.want {
				t.Errorf("%s of %s gets %d, want %d", c.who.seat, c.who.unit, w.Code, c.want)
			}
		}
		for _, path := range []string{"/file/self/99999/0", fmt.Sprintf("/file/self/%d/9", idx), "/file/nowhere/0/0", "/file/self/x/0"} {
			if w := reviewer.get(path); w.Code != 404 {
				t.Errorf("%s answers %d", path, w.Code)
			}
		}
		s.swept()
	})
}

// swept: the photo that was too large left nothing, the one that nobody filed goes after two days.
func (s *stand) swept() {
	s.t.Helper()
	ctx := context.Background()
	ref, err := s.Attach(ctx, s.As(region.Reporter, jtj).Actor, "多余.png", bytes.NewReader(png), 1<<20)
	if err != nil {
		s.t.Fatal(err)
	}
	if n, err := s.SweepUploads(ctx); n != 0 || err != nil {
		s.t.Errorf("swept %d at once, %v", n, err)
	}
	s.Day("2022-06-23")
	if n, err := s.SweepUploads(ctx); n != 1 || err != nil {
		s.t.Errorf("swept %d after two days, %v; want the one never filed", n, err)
	}
	if _, err := s.Node().Blobs.Open(ref.Blob); err == nil {
		s.t.Error("the orphan is still there")
	}
}

func (s *stand) newestFiling(item string) int64 {
	s.t.Helper()
	f, err := s.FilingForm(context.Background(), s.As(region.Reporter, jtj).Actor, item, "2022-06")
	if err != nil || f.Current == nil {
		s.t.Fatalf("%+v, %v", f, err)
	}
	return f.Current.Index
}

func TestEveryRouteAndSeat(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	item := s.item(motorway)
	s.FileAs(jtj, item, "2022-06", judge.OnTime, "内部进展")
	form, review := "/item/"+item+"/report?period=2022-06", "/review/"+item+"/2022-06"
	type may map[region.Seat]int
	reporters := may{region.Reporter: 200}
	reviewers := may{region.Coordinator: 200, region.Reviewer: 200}
	for _, c := range []struct {
		path string
		may  may
	}{
		{"/", may{region.Leader: 303, region.Administrator: 200, region.Security: 200, region.Coordinator: 200, region.Reporter: 200, region.Reviewer: 200, region.Reader: 200, region.Auditor: 200}},
		{form, reporters},
		{"/report/grid", reporters},
		{"/report/sheet", reporters},
		{"/review", reviewers},
		{review, reviewers},
	} {
		for _, seat := range region.Seats {
			w := s.as(seat, jtj).get(c.path)
			want := c.may[seat]
			if want == 0 {
				want = 403
			}
			if w.Code != want {
				t.Errorf("GET %s as %s: %d, want %d", c.path, seat, w.Code, want)
			}
			if want == 403 && strings.Contains(w.Body.String(), "内部进展") {
				t.Errorf("GET %s as %s shows what stays inside", c.path, seat)
			}
			if c.path == "/" {
				continue
			}
			if w := s.as(seat, jtj).post(c.path, "request", "z", "act", "none"); want == 403 && w.Code != 403 {
				t.Errorf("POST %s as %s: %d, want 403", c.path, seat, w.Code)
			}
		}
	}
	w := httptest.NewRecorder()
	s.site.Handler().ServeHTTP(w, httptest.NewRequest("GET", form, nil))
	if w.Code != 303 {
		t.Errorf("who is not signed in gets %d", w.Code)
	}
	s.want(s.as(region.Reporter, "市农业农村局").get(form), 403)
	s.want(s.as(region.Reporter, "市农业农村局").post(form, "request", "y", "progress", "冒名"), 403)
	for _, reader := range []region.Seat{region.Reader, region.Auditor, region.Administrator} {
		if strings.Contains(s.as(reader, fgw).get("/").Body.String(), "内部进展") {
			t.Errorf("%s reads a filing on his day", reader)
		}
	}
	s.want(s.as(region.Reporter, jtj).get("/item/no-such/report"), 403)
	s.want(s.as(region.Reporter, jtj).get("/item/"+item+"/report?period=soon"), 404)
	s.want(s.as(region.Reviewer, fgw).get("/review/"+item+"/2022-01"), 404)
}

func TestTextsAreHarmless(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	item := s.item(motorway)
	evil := `=HYPERLINK("http://x")<script>alert(1)</script><img src=x onerror=alert(1)>`
	form := "/item/" + item + "/report?period=2022-06"
	s.want(s.as(region.Reporter, jtj).post(form, "request", "e", "claim", "on-time", "progress", evil, "problem", evil), 303)
	for who, path := range map[person]string{
		s.as(region.Reviewer, fgw): "/review", s.as(region.Coordinator, fgw): "/review/" + item + "/2022-06",
		s.as(region.Reporter, jtj): form,
	} {
		body := who.get(path).Body.String()
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || !strings.Contains(body, "HYPERLINK") {
			t.Errorf("%s does not show the text as text", path)
		}
	}
}

func TestAFileOfAnotherItemIsNotTakenAlong(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	ref, err := s.Attach(ctx, s.As(region.Coordinator, fgw).Actor, "他人.png", bytes.NewReader(png), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	f := plan.ReportFacts{Item: s.item(motorway), Period: "2022-06", Claim: judge.OnTime}
	_, err = s.File(ctx, s.As(region.Reporter, jtj), f, plan.ReportWords{Progress: "x", Files: []plan.FileRef{ref}})
	if err == nil || s.count("plan.report.filed/1") != 0 {
		t.Errorf("a file that another person sent was filed: %v", err)
	}
}

func TestBatchAcceptGoesOnAfterAConflict(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	a, b := s.item(motorway), s.item(river)
	s.FileAs(jtj, a, "2022-06", judge.OnTime, "一")
	s.FileAs(jtj, b, "2022-06", judge.OnTime, "二")
	q, err := s.Queue(context.Background(), s.Coordinator().Actor, "")
	if err != nil || len(q.Rows) != 2 {
		t.Fatalf("%+v, %v", q, err)
	}
	s.FileAs(jtj, a, "2022-06", judge.OnTime, "一，改过") // after the page was made
	args := []string{"request", "b"}
	for _, r := range q.Rows {
		args = append(args, "pick", fmt.Sprintf("%s %d %s", r.Period, r.Index, r.Item))
	}
	reviewer := s.as(region.Reviewer, fgw)
	s.want(reviewer.post("/review", args...), 422, "单位又提交了新的一版", "一，改过")
	s.want(reviewer.get("/review"), 200, "共 1 项")
}
