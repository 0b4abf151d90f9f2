package filing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// withHistory is a stand in June whose motorway was reported in April and May.
func withHistory(t *testing.T) (s *stand, item string) {
	s = newStandOn(t, storetest.OpenSQLite(t), "2022-04-20")
	item = s.item(motorway)
	s.reportMonth(item, "2022-04", "完成征地拆迁九成，路基工程累计完成两成。", "5.2")
	s.Day("2022-05-22")
	s.reportMonth(item, "2022-05", "征地拆迁全部完成，路基工程累计完成三成，涪江特大桥主墩开始浇筑。", "7.8")
	s.Day("2022-06-20")
	return s, item
}

func (s *stand) reportMonth(item string, p judge.Period, text, value string) {
	s.t.Helper()
	ctx := context.Background()
	form, err := s.FilingForm(ctx, s.As(region.Reporter, jtj).Actor, item, p)
	if err != nil {
		s.t.Fatal(err)
	}
	f := plan.ReportFacts{Item: item, Period: p, Claim: judge.OnTime, Figures: []plan.FigureFacts{{Indicator: form.Indicators[0].ID, Value: value}}}
	words := plan.ReportWords{Progress: text, Problem: "个别路段管线迁改进度偏慢。", Next: "推进主墩施工。"}
	if _, err := s.File(ctx, s.As(region.Reporter, jtj), f, words); err != nil {
		s.t.Fatal(err)
	}
	s.AcceptNow(item, p, false)
}

// TestAReportIsFiledWithoutScripts walks from my day to a filed report with JavaScript off.
func TestAReportIsFiledWithoutScripts(t *testing.T) {
	s, item := withHistory(t)
	base := webtest.Serve(t, s.site.Handler())
	b := webtest.Start(t)
	p := b.Open(t, base, webtest.NoJS)
	p.Go("/as/reporter/" + jtj)
	if got := p.Text("main"); !strings.Contains(got, motorway) || !strings.Contains(got, "2022年6月") {
		t.Fatalf("my day says %s", got)
	}
	p.Go("/item/" + item + "/report?period=2022-06")
	if got := p.Text("main"); !strings.Contains(got, "涪江特大桥主墩开始浇筑") || !strings.Contains(got, "计入 2 个清单") {
		t.Errorf("the form lacks the last words or the lists: %s", got)
	}
	p.Press("main form .button.primary")
	if got := p.Text(".errors"); !strings.Contains(got, "请至少写明进展") {
		t.Errorf("an empty form says %q", got)
	}
	p.Fill("progress", "路基工程累计完成四成，主墩浇筑完成。")
	p.Fill("fig-"+s.indicator(item), "0.9")
	p.Press("main form .button.primary")
	if got := p.Text(".questions"); !strings.Contains(got, "累计数比上次少") {
		t.Fatalf("a falling figure asks %q", got)
	}
	p.Shot("filing-question-nojs")
	p.Fill("fig-"+s.indicator(item), "9.1亿元")
	p.Press("main form .button.primary")
	if at, got := p.Address(), p.Text("main"); at != "/" || strings.Contains(got, motorway+"2022年6月") {
		t.Errorf("after filing at %s: %s", at, got)
	}
	if n := s.count("plan.report.filed/1"); n != 3 {
		t.Errorf("%d reports, want April, May and June", n)
	}
}

// TestPagesLookRight opens each page in each look, and keeps it accessible and within its width.
func TestPagesLookRight(t *testing.T) {
	s, item := withHistory(t)
	ctx := context.Background()
	if _, err := s.FilePart(ctx, s.As(region.Reporter, fgw), plan.ReportFacts{Item: item, Period: "2022-06"},
		plan.ReportWords{Progress: "完成项目用地预审，协调落实专项债券 2 亿元。"}); err != nil {
		t.Fatal(err)
	}
	base := webtest.Serve(t, s.site.Handler())
	b := webtest.Start(t)
	reporter := b.Open(t, base, webtest.Desk)
	reporter.Go("/as/reporter/" + jtj)
	looks := func(p *webtest.Page, name, path string) {
		t.Helper()
		for look, l := range map[string]webtest.Look{"desk": webtest.Desk, "dark": webtest.Dark, "phone": webtest.Phone} {
			p.Look(l)
			p.Go(path)
			p.Axe()
			p.FitsWidth()
			p.Shot("filing-" + name + "-" + look)
		}
		p.Look(webtest.Desk)
	}
	looks(reporter, "today", "/")
	looks(reporter, "report", "/item/"+item+"/report?period=2022-06")
	if first := webtest.Eval[string](reporter, `document.querySelector(".report-form button").name`); first != "" {
		t.Errorf("Enter in a field presses %q", first)
	}
	looks(reporter, "accepted", "/item/"+item+"/report?period=2022-05")
	looks(reporter, "grid", "/report/grid")
	looks(reporter, "sheet", "/report/sheet")

	// A block from a spreadsheet fills the cells to the right and below.
	reporter.Go("/report/grid")
	pasted := webtest.Eval[string](reporter, `(() => {
		const from = document.querySelector('[data-col="p"]');
		const data = new DataTransfer();
		data.setData("text/plain", '路基四成\t9.1\t"管线\n迁改"\r\n初稿完成\t\t无\r\n');
		from.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
		return Array.from(document.querySelectorAll("[data-col]"), (c) => c.value).slice(0, 6).join("|");
	})()`)
	if !strings.HasPrefix(pasted, "路基四成|9.1|管线\n迁改|") || !strings.Contains(pasted, "初稿完成") {
		t.Errorf("pasting gave %q", pasted)
	}

	// What does not fit the cells goes to the server, which says what found no place.
	rows := webtest.Eval[int](reporter, `document.querySelectorAll('[data-col="p"]').length`)
	reporter.Go("/report/grid")
	webtest.Eval[bool](reporter, `(() => {
		const all = document.querySelectorAll('[data-col="p"]');
		const data = new DataTransfer();
		data.setData("text/plain", Array.from({length: all.length + 1}, (_, n) => "第" + (n + 1) + "条进度").join("\n"));
		document.querySelector("h1").addEventListener("click", () =>
			all[1].dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})));
		return true;
	})()`)
	reporter.Press("h1")
	if got := webtest.Eval[string](reporter, `document.querySelectorAll('[data-col="p"]')[1].value`); got != "第1条进度" {
		t.Errorf("the second row holds %q", got)
	}
	if said := reporter.Text("main"); !strings.Contains(said, "有 2 行没有对应的事项") || !strings.Contains(said, fmt.Sprintf("第%d条进度", rows+1)) {
		t.Errorf("the page does not say what was left out: %s", said)
	}

	s.FileAs(jtj, item, "2022-06", judge.OnTime, "征地拆迁全部完成，路基工程累计完成四成，涪江特大桥主墩浇筑完成。")
	s.FileAs(jtj, s.item(river), "2022-06", judge.Done, "总体规划编制完成并印发。")
	s.FileAs(jtj, s.item(bus), "2022-06", judge.AtRisk, "班线审批尚未完成。")
	reviewer := b.Open(t, base, webtest.Desk)
	reviewer.Go("/as/reviewer/" + fgw)
	looks(reviewer, "reviewer-today", "/")
	looks(reviewer, "queue", "/review")
	looks(reviewer, "review", "/review/"+item+"/2022-06")

	// One key accepts and leads to the next, which r returns.
	reviewer.Go("/review/" + item + "/2022-06")
	reviewer.Press(`[data-key="a"]`)
	if at := reviewer.Address(); at != "/review/"+s.item(river)+"/2022-06" {
		t.Errorf("after accepting at %s, want the next filing", at)
	}
	focused := webtest.Eval[string](reviewer, `(() => {
		document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "r", bubbles: true, cancelable: true}));
		return document.activeElement.id + " " + document.querySelector("details.return").open;
	})()`)
	if focused != "reason true" {
		t.Errorf("r leads to %q", focused)
	}
	reviewer.Shot("filing-return")
}
