package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
	"liandong/web/webtest"
)

// writing is a page with a form on which somebody writes.
type writing struct {
	t    *testing.T
	line *webtest.Line

	mu      sync.Mutex
	out     bool   // his session ended
	brought string // what the page brings
	took    []string
}

func newWriting(t *testing.T) *writing {
	w := &writing{t: t}
	s := web.New(web.Options{
		Member: "遂宁市", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Identify: func(*http.Request) (web.Identity, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.out {
				return web.Identity{}, nil
			}
			return web.Identity{Name: "演示某人", Actor: node.Actor{Person: "p1", Org: "fgw", Seat: string(region.Coordinator)}}, nil
		},
	})
	s.Handle("GET /slip/1", region.SelfAct, func(rw http.ResponseWriter, r *http.Request) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		return web.Show(rw, r, writingPage(w.brought, ""))
	})
	s.Handle("POST /slip/1/answer", region.SelfAct, func(rw http.ResponseWriter, r *http.Request) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		text := r.PostFormValue("text")
		if strings.Contains(text, "拒") {
			return web.ShowStatus(rw, r, http.StatusUnprocessableEntity, writingPage(text, "不能这样写"))
		}
		w.took = append(w.took, text)
		return web.Redirect(rw, r, "/slip/1")
	}).Keep()
	s.Handle("POST /slip/1/answer/return", region.SelfAct, func(rw http.ResponseWriter, r *http.Request) error {
		if r.PostFormValue("why") == "先看看" {
			return web.ShowStatus(rw, r, http.StatusOK, writingPage("", "这样退回吗")) // only asks
		}
		return web.Redirect(rw, r, "/slip/1")
	})
	w.line = webtest.ServeLine(t, s.Handler())
	return w
}

func writingPage(text, wrong string) templ.Component {
	form := templ.ComponentFunc(func(_ context.Context, out io.Writer) error {
		_, err := io.WriteString(out, `<h1>答复</h1><p>`+wrong+`</p><form class="form" method="post" action="/slip/1/answer">
			<label for="text">答复</label><textarea id="text" name="text">`+templ.EscapeString(text)+`</textarea>
			<label><input type="checkbox" name="done" value="1"> 已整改</label>
			<button class="button primary">提交</button></form>
			<form class="form" method="post" action="/slip/1/answer/return"><label for="why">退回理由</label><input id="why" name="why" type="text"><button class="button" id="back">退回</button></form>
			<form class="form" method="post" action="/slip/1/answer"><input type="hidden" name="row" value="2"><label for="two">第二行</label><textarea id="two" name="text"></textarea><button class="button">提交</button></form>`)
		return err
	})
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return ui.Layout(ui.Page{Title: "答复"}).Render(templ.WithChildren(ctx, form), out)
	})
}

func (w *writing) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *writing) types(p *webtest.Page, text string) {
	w.t.Helper()
	p.Go("/slip/1")
	webtest.Eval[int](p, `(() => { const a = document.querySelector("#text"); a.value = "`+text+`"; document.querySelector("[name=done]").click();
		a.dispatchEvent(new Event("input", {bubbles: true})); return 0; })()`)
}

// kept waits until the device has what was typed: within 2 s.
func (w *writing) kept(p *webtest.Page) {
	w.t.Helper()
	webtest.Eval[int](p, `new Promise((go) => setTimeout(go, 2000, 0))`)
}

const noted = `document.querySelector("main form .notice")`

func (w *writing) stands(p *webtest.Page, text string) {
	w.t.Helper()
	p.Go("/slip/1")
	p.Until("what was typed stands again", noted+` && document.querySelector("#text").value === "`+text+`" && document.querySelector("[name=done]").checked`)
}

// drops takes out again what was put back.
func (w *writing) drops(p *webtest.Page) {
	w.t.Helper()
	webtest.Eval[int](p, `(`+noted+`.querySelector("button").click(), new Promise((go) => setTimeout(go, 300, 0)))`)
}

func (w *writing) blank(p *webtest.Page) {
	w.t.Helper()
	p.Go("/slip/1")
	webtest.Eval[int](p, `new Promise((go) => setTimeout(go, 300, 0))`)
	if got := webtest.Eval[string](p, `document.querySelector("#text").value + (`+noted+` ? "noted" : "")`); got != "" {
		w.t.Errorf("the form holds %q", got)
	}
}

func TestWhatIsTypedOutlivesTheBrowser(t *testing.T) {
	w := newWriting(t)
	profile := t.TempDir()
	device := webtest.StartOwn(t, profile)
	p := device.Open(t, w.line.URL, webtest.Desk)
	w.types(p, "已与对方会商，六月底前完成。")
	w.kept(p)
	device.Kill(t)
	p = webtest.StartOwn(t, profile).Open(t, w.line.URL, webtest.Phone)
	w.stands(p, "已与对方会商，六月底前完成。")
	p.Axe()
	p.FitsWidth()
	p.Shot("typed-back")
	p.Press("main form .primary")
	if len(w.took) != 1 {
		t.Fatalf("taken: %v", w.took)
	}
	w.blank(p)
}

func TestWhatIsTypedOutlivesTheLine(t *testing.T) {
	w := newWriting(t)
	p := webtest.Start(t).Open(t, w.line.URL, webtest.Desk)
	w.types(p, "写了很久的答复。")
	w.line.Cut()
	webtest.Eval[int](p, `(document.querySelector("main form .primary").click(), 0)`)
	p.Until("the browser has no page", `location.protocol === "chrome-error:" || !document.querySelector("#text")`)
	w.line.Mend()
	w.stands(p, "写了很久的答复。")
	w.set(func() { w.out = true })
	p.Press("main form .primary")
	if got := p.Text("main"); !strings.Contains(got, "登录") {
		t.Errorf("without a session: %s", got)
	}
	w.set(func() { w.out = false })
	w.stands(p, "写了很久的答复。")
	w.drops(p)
	w.blank(p)
}

// TestWhatIsTypedIsOfItsForm: one form that is taken takes nothing of another along, whichever page it stands on; and what was refused, changed and
// taken then is kept nowhere.
func TestWhatIsTypedIsOfItsForm(t *testing.T) {
	w := newWriting(t)
	p := webtest.Start(t).Open(t, w.line.URL, webtest.Desk)
	write := func(field, text string) {
		webtest.Eval[int](p, `(() => { const a = document.querySelector("#`+field+`"); a.value = "`+text+`"; a.dispatchEvent(new Event("input", {bubbles: true})); return 0; })()`)
	}
	holds := func(what, answer, why, two string) {
		t.Helper()
		p.Until(what, `document.querySelector("#text").value === "`+answer+`" && document.querySelector("#why").value === "`+why+`" && document.querySelector("#two").value === "`+two+`"`)
	}
	w.types(p, "拒绝的写法")
	write("why", "先看看")
	write("two", "第二行的答复")
	w.kept(p)
	p.Press("#back")
	if got := p.Text("main"); !strings.Contains(got, "这样退回吗") {
		t.Fatal(got)
	}
	p.Go("/slip/1")
	holds("what only was asked about is kept", "拒绝的写法", "先看看", "第二行的答复")
	p.Press("main form .primary")
	if got := p.Text("main"); !strings.Contains(got, "不能这样写") {
		t.Fatal(got)
	}
	write("text", "改过的写法")
	w.kept(p)
	p.Press("main form .primary")
	p.Go("/slip/1")
	holds("what was taken has gone, the rest has not", "", "先看看", "第二行的答复")
	write("why", "退回")
	p.Press("#back")
	p.Go("/slip/1")
	holds("another is taken", "", "", "第二行的答复")
}

func TestWhatIsTypedOverwritesNothing(t *testing.T) {
	w := newWriting(t)
	p := webtest.Start(t).Open(t, w.line.URL, webtest.Desk)
	w.types(p, "拒绝的写法")
	p.Press("main form .primary")
	if got := p.Text("main"); !strings.Contains(got, "不能这样写") {
		t.Fatal(got)
	}
	w.types(p, "我写的")
	w.kept(p)
	w.set(func() { w.brought = "别人后来写的" })
	p.Go("/slip/1")
	p.Until("both are shown", noted+` && document.querySelector("#text").value === "别人后来写的" && `+noted+`.textContent.includes("我写的")`)
	p.Axe()
	p.Shot("typed-beside")
	w.drops(p)
	w.set(func() { w.brought = "" })
	w.blank(p)
}
