package bulletin_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/bulletin"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
)

const list = `序号,工作任务,牵头单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,6月底前
2,推进智慧农业示范建设,市农业农村局,年底前
`

// desk is an office in March whose motorway was reported for February, and its pages.
type desk struct {
	*plantest.Office
	t    *testing.T
	road string
}

func open(t *testing.T) desk {
	t.Helper()
	o := plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	o.Day("2022-02-20")
	d := desk{Office: o, t: t}
	_, d.road = o.Row("加快推进遂渝高速公路扩容工程建设")
	d.say("路基完成10%。")
	o.Day("2022-03-01")
	return d
}

func (d desk) say(text string) {
	d.t.Helper()
	d.FileAs("市交通运输局", d.road, "2022-02", judge.OnTime, text)
	d.AcceptNow(d.road, "2022-02", false)
}

// ask sends a request as somebody with a seat at 市发展改革委; a form makes it a POST.
func (d desk) ask(seat region.Seat, path string, form url.Values) (int, string) {
	d.t.Helper()
	who := d.As(seat, "市发展改革委").Actor
	return d.askAs(who, path, form)
}

func (d desk) askAs(who node.Actor, path string, form url.Values) (int, string) {
	d.t.Helper()
	s := web.New(web.Options{Member: "遂宁市", Demo: true, Now: d.Node().Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Identify: func(*http.Request) (web.Identity, error) {
		return web.Identity{Actor: who, Name: "演示", Seats: []region.SeatAt{{Org: who.Org, Seat: region.Seat(who.Seat)}}}, nil
	}})
	bulletin.Routes(s, d.Desk)
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String() + w.Header().Get("Location")
}

var hidden = regexp.MustCompile(`name="(sum|seen|request)" value="([^"]*)"`)

// confirm reads what the page before issuing sends back.
func (d desk) confirm() url.Values {
	d.t.Helper()
	status, page := d.ask(region.Coordinator, "/bulletin/2022-02/issue?as-of=2022-03-01", nil)
	if status != http.StatusOK {
		d.t.Fatalf("the page before issuing is %d: %.400s", status, page)
	}
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	for _, want := range []string{"遂潼工作计划", "1 条已采用的填报", "suining.example/suitong"} {
		if !strings.Contains(page, want) {
			d.t.Errorf("the page before issuing does not say %q", want)
		}
	}
	return form
}

func (d desk) issued() []plan.IssuedLine {
	d.t.Helper()
	all, err := d.Bulletins(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// TestIssuingIsConfirmed: what is issued is what the page before it showed, and nothing else.
func TestIssuingIsConfirmed(t *testing.T) {
	d := open(t)
	const at = "/bulletin/2022-02/issue?as-of=2022-03-01"
	form := d.confirm()
	d.say("更正：路基完成8%。")
	if status, page := d.ask(region.Coordinator, at, form); status != http.StatusConflict || !strings.Contains(page, "还没有印发") || len(d.issued()) != 0 {
		t.Errorf("the files changed meanwhile: %d, issued %d", status, len(d.issued()))
	}
	if status, _ := d.ask(region.Coordinator, at, url.Values{"request": {"r1"}}); status != http.StatusConflict || len(d.issued()) != 0 {
		t.Errorf("without a confirmed page: %d, issued %d", status, len(d.issued()))
	}
	for _, seat := range []region.Seat{region.Reviewer, region.Reader, region.Auditor, region.Reporter, region.Administrator} {
		if status, _ := d.ask(seat, at, form); status != http.StatusForbidden {
			t.Errorf("%s issues: %d", seat, status)
		}
	}
	form = d.confirm()
	for range 2 { // the second is the same form sent twice
		if status, to := d.ask(region.Coordinator, at, form); status != http.StatusSeeOther || !strings.Contains(to, "/issued/") {
			t.Errorf("confirmed: %d %.200s", status, to)
		}
	}
	if all := d.issued(); len(all) != 1 || !strings.Contains(all[0].Words.Text, "8%") {
		t.Errorf("issued: %+v", all)
	}
}

// TestIssuedPage tells who issued it to those who may see names, and what was corrected since.
func TestIssuedPage(t *testing.T) {
	d := open(t)
	if status, _ := d.ask(region.Coordinator, "/bulletin/2022-02/issue?as-of=2022-03-01", d.confirm()); status != http.StatusSeeOther {
		t.Fatalf("not issued: %d", status)
	}
	at := "/issued/" + d.issued()[0].ID
	for _, c := range []struct {
		seat region.Seat
		sees bool
	}{{region.Auditor, true}, {region.Coordinator, true}, {region.Reader, false}, {region.Reviewer, false}} {
		if _, page := d.ask(c.seat, at, nil); strings.Contains(page, "演示协调员") != c.sees || !strings.Contains(page, "印发后没有更正") {
			t.Errorf("%s sees who issued: %v", c.seat, !c.sees)
		}
	}
	d.say("更正：路基完成8%。")
	if _, page := d.ask(region.Reader, at, nil); !strings.Contains(page, "印发后有更正") || !strings.Contains(page, "<ins>") {
		t.Error("the correction does not show")
	}
}

// TestSummariesStandBesideTheMonths that they end with, and are made on the same pages.
func TestSummariesStandBesideTheMonths(t *testing.T) {
	d := open(t)
	if _, page := d.ask(region.Coordinator, "/bulletin", nil); strings.Contains(page, "2022-H1") {
		t.Error("a half year is summed up in March")
	}
	d.Day("2022-12-05")
	_, page := d.ask(region.Coordinator, "/bulletin", nil)
	last := -1
	for _, at := range []string{`"/bulletin/2022"`, `"/bulletin/2022-12"`, `"/bulletin/2022-07"`, `"/bulletin/2022-H1"`, `"/bulletin/2022-06"`} {
		i := strings.Index(page, at)
		if i <= last {
			t.Errorf("%s is missing or not in its place", at)
		}
		last = i
	}
	if strings.Contains(page, "2022-H2") {
		t.Error("the second half is summed up beside the year")
	}
	if status, page := d.ask(region.Coordinator, "/bulletin/2022-H1", nil); status != http.StatusOK || !strings.Contains(page, "目标完成情况") || !strings.Contains(page, "工作总结") {
		t.Errorf("%d %s", status, page)
	}
	if status, _ := d.ask(region.Reporter, "/bulletin/2022-H1", nil); status != http.StatusForbidden {
		t.Errorf("a reporter: %d", status)
	}
}

// TestWhoIssuesBeforeTheCutOffIsTold that reports may still come.
func TestWhoIssuesBeforeTheCutOffIsTold(t *testing.T) {
	d := open(t)
	for _, day := range []judge.Date{"2022-03-24", "2022-03-26"} {
		told := day < "2022-03-25"
		d.Day(day)
		status, page := d.ask(region.Coordinator, "/bulletin/2022-03/issue", nil)
		if status != http.StatusOK || strings.Contains(page, "报送期未截止") != told {
			t.Errorf("on %s: %d, told %v", day, status, !told)
		}
	}
}
