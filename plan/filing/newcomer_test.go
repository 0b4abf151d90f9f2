package filing_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan/filing"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/webtest"
)

// mostSteps is how many things a newcomer does from the link in his hand to his first report.
const mostSteps = 7

// TestANewcomersFirstReport counts what somebody does who has never been here: each page he opens,
// each field he types into, each button he presses. What he needs beyond stands on the pages.
func TestANewcomersFirstReport(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	accounts, err := account.Open(ctx, s.Node().Store, "510900", false)
	if err != nil {
		t.Fatal(err)
	}
	site := web.New(web.Options{Member: "遂宁市", Now: s.Clock, Log: slog.New(slog.DiscardHandler), Identify: accounts.Identify})
	accounts.Mount(site)
	filing.Routes(site, s.Desk)
	s.Write(func(ctx context.Context, w *node.Writing) error {
		return webtest.Seated(ctx, w, "newcomer", region.SeatAt{Org: s.Units[jtj], Seat: region.Reporter})
	})
	link, err := accounts.Link(ctx, "newcomer", "xinshou")
	if err != nil {
		t.Fatal(err)
	}
	base := webtest.Serve(t, site.Handler())
	p := webtest.Start(t).Open(t, base, webtest.Phone)

	steps := 0
	step := func(do func()) {
		steps++
		do()
	}
	step(func() { p.Go(link) })
	step(func() { p.Fill("password", webtest.Password) })
	step(func() { p.Press("main form button") })
	if p.Address() != "/" {
		step(func() { p.Go("/") })
	}
	if got := p.Text("main"); !strings.Contains(got, "待填报") || !strings.Contains(got, "还有 5 天") {
		t.Fatalf("my day does not say what waits and until when: %s", got)
	}
	step(func() { p.Press("#reports-table a.row-link") })
	step(func() { p.Fill("progress", "完成征地拆迁，路基工程开工。") })
	step(func() { p.Press("main form .button.primary") })
	if got := p.Text("body"); !strings.Contains(got, "填报已提交，等待审核") {
		t.Errorf("after filing the page says %s", got)
	}
	if n := s.count("plan.report.filed/1"); n != 1 || steps > mostSteps {
		t.Errorf("%d reports after %d steps, want one after at most %d", n, steps, mostSteps)
	}
}

// TestTypingIsKept: what the browser's script saves stands there in another browser, and the cells
// of a whole table find their rows.
func TestTypingIsKept(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	item := s.item(river)
	base := webtest.Serve(t, s.site.Handler())
	b := webtest.Start(t)
	one, two := b.Open(t, base, webtest.Desk), b.Open(t, base, webtest.Phone)
	form := "/item/" + item + "/report?period=2022-06"
	one.Go("/as/reporter/" + jtj)
	one.Go(form)
	said := webtest.Eval[string](one, `new Promise((done) => {
		const note = document.querySelector("[data-draft-note]");
		new MutationObserver(() => done(note.textContent)).observe(note, {childList: true, characterData: true, subtree: true});
		const box = document.getElementById("progress");
		box.value = "写到一半";
		box.dispatchEvent(new Event("input", {bubbles: true}));
	})`)
	if said != "草稿已自动保存" {
		t.Errorf("the page says %q of the draft", said)
	}
	two.Go("/as/reporter/" + jtj)
	two.Go(form)
	if got := webtest.Eval[string](two, `document.getElementById("progress").value`); got != "写到一半" {
		t.Errorf("the other browser shows %q", got)
	}
	two.Axe()
	two.FitsWidth()
	two.Shot("filing-draft-phone")

	// A block with a header goes to the server, which finds the rows by their titles.
	one.Go("/report/grid")
	block := webtest.Eval[string](one, `(() => {
		document.querySelector("[data-block-do]").addEventListener("click", (e) => e.preventDefault());
		const data = new DataTransfer();
		data.setData("text/plain", '工作任务\t牵头单位\t推进情况\n`+river+`\t市交通运输局\t"初稿\n完成"\n');
		document.querySelector('[data-col="p"]').dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
		return document.querySelector("[data-block]").value;
	})()`)
	one.Go("/report/grid")
	webtest.Eval[bool](one, `document.querySelector("details.block").open = true`)
	one.Fill("block", block)
	one.Press("[data-block-do]")
	if got := webtest.Eval[string](one, `document.getElementById("p-`+item+`").value`); got != "初稿\n完成" {
		t.Errorf("the row of the pasted title holds %q: %s", got, one.Text("main"))
	}
	one.Axe()
	one.Shot("filing-grid-pasted")
	one.Look(webtest.Phone)
	one.FitsWidth()
	one.Shot("filing-grid-phone")
}
