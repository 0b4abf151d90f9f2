package gallery_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"liandong/web"
	"liandong/web/ui"
	"liandong/web/webtest"
)

// TestScript tries what the small script adds: keys, copying, counters.
func TestScript(t *testing.T) {
	s := site()
	s.Handle("GET /said", "self.act", func(w http.ResponseWriter, r *http.Request) error {
		web.Flash(w, r, ui.Good, "进展已保存")
		return web.Redirect(w, r, "/plan/suitong")
	})
	p := webtest.Start(t).Open(t, webtest.Serve(t, s.Handler()), webtest.Desk)
	p.Go("/plan/suitong")
	here := `(document.querySelector(".table tr.here") || {textContent: ""}).textContent`

	p.Do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
	if got := webtest.Eval[string](p, here); !strings.Contains(got, "双江航电") {
		t.Errorf("j j stands at %q", got)
	}
	p.Do(chromedp.KeyEvent("k"))
	if got := webtest.Eval[string](p, here); !strings.Contains(got, "遂渝高速") {
		t.Errorf("k stands at %q", got)
	}
	p.Do(chromedp.KeyEvent("/"))
	if !webtest.Eval[bool](p, `document.activeElement.matches("[data-search]")`) {
		t.Error("/ does not lead to the search")
	}
	p.Do(chromedp.KeyEvent("j"))
	// The protocol sends the sign of a key apart from the key, so the slash may stand there too.
	if got := webtest.Eval[string](p, `document.activeElement.value`); strings.TrimPrefix(got, "/") != "j" {
		t.Errorf("typing j into the search gives %q", got)
	}
	webtest.Eval[int](p, `document.activeElement.blur(), 0`)
	p.Do(chromedp.KeyEvent("?"))
	if webtest.Eval[bool](p, `document.getElementById("keys").hidden`) {
		t.Error("? does not show the keys")
	}
	p.Shot("gallery-keys")
	p.Do(chromedp.KeyEvent(kb.Escape))
	if !webtest.Eval[bool](p, `document.getElementById("keys").hidden`) {
		t.Error("Escape does not close the keys")
	}

	copied := webtest.Eval[string](p, `(() => { let got = ""; const seen = document.execCommand;
		document.execCommand = () => { got = document.activeElement.value; return true; };
		document.querySelector("[data-copy-table]").click(); document.execCommand = seen; return got; })()`)
	lines := strings.Split(copied, "\n")
	if len(lines) != 8 || lines[2] != "1\t加快建设遂渝高速公路扩容工程 完成控制性工程施工图审查，年内开工建设；同步推进沿线征地拆迁。\t市交通运输局\t2022-12-31\t正常\t12.50" {
		t.Errorf("the copied table:\n%s", copied)
	}

	p.Fill("progress", strings.Repeat("字", 510))
	webtest.Eval[bool](p, `document.getElementById("progress").dispatchEvent(new Event("input", {bubbles: true}))`)
	if got := p.Text("#progress-left"); got != "超出 10 字" {
		t.Errorf("the counter says %q", got)
	}

	p.Go("/said")
	if got := p.Text("main .notice"); got != "进展已保存" {
		t.Errorf("said %q", got)
	}
	p.Go("/plan/suitong")
	if got := p.Text("main .notice"); strings.Contains(got, "进展已保存") && !strings.Contains(got, "计入") {
		t.Error("it is said only once")
	}
}

// TestWithoutScript: folded texts, menus and filters work by themselves.
func TestWithoutScript(t *testing.T) {
	p := webtest.Start(t).Open(t, webtest.Serve(t, site().Handler()), webtest.NoJS)
	p.Go("/plan/suitong")
	p.Do(chromedp.Click(chromedp.CSS(".menu.acting > summary")), chromedp.WaitVisible(chromedp.CSS(".menu.acting button")))
	p.Shot("gallery-nojs")
	if got := p.Text("main h1"); got == "" {
		t.Error("no page")
	}
}

// TestWeightOfAView: the first view under 300 KB compressed, a later one under 40.
func TestWeightOfAView(t *testing.T) {
	p := webtest.Start(t).Open(t, webtest.Serve(t, site().Handler()), webtest.Desk)
	weigh := `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
		.reduce((sum, e) => sum + e.transferSize, 0)`
	p.Go("/plan/suitong")
	first := webtest.Eval[float64](p, weigh)
	p.Go("/plan/suitong?status=risk")
	later := webtest.Eval[float64](p, weigh)
	t.Logf("first view %.0f bytes, a later one %.0f", first, later)
	if first > 300<<10 || later > 40<<10 || first < 1000 {
		t.Errorf("first view %.0f bytes, a later one %.0f", first, later)
	}
}

// TestWhatCannotBeUsedSaysWhy is the control of what each page is held to.
func TestWhatCannotBeUsedSaysWhy(t *testing.T) {
	p := webtest.Start(t).Open(t, webtest.Serve(t, site().Handler()), webtest.Desk)
	p.Go("/plan/suitong")
	webtest.Eval[int](p, `(() => { for (const [text, why] of [["无由", ""], ["有由", "等候审核"]]) {
		const b = document.createElement("button"); b.disabled = true; b.textContent = text; b.title = why; document.querySelector("main").append(b);
	} return 0; })()`)
	if got := p.Unexplained(); len(got) != 1 || !strings.Contains(got[0], "无由") {
		t.Errorf("found %q", got)
	}
}
