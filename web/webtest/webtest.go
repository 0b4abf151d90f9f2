// Package webtest drives pages in a real headless Chromium: what a test sees is what a reader sees.
//
// Words: a page (页) is one tab with cookies of its own; a look (样式) is its size, theme and whether
// scripts run. Screenshots are written to the folder that LIANDONG_SHOTS names, if it is set.
package webtest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long one step in the browser may take, on a machine that does other things as well.
const patience = time.Minute

// Look is how a page is looked at.
type Look struct {
	Width, Height int64 // CSS pixels; 1280 × 900 when 0
	Dark          bool
	Print         bool
	NoJS          bool
}

// The looks that every page is held to.
var (
	Desk  = Look{}
	Dark  = Look{Dark: true}
	Phone = Look{Width: 390, Height: 844}
	Paper = Look{Print: true, Width: 794, Height: 1123}
	NoJS  = Look{NoJS: true}
)

// Looks are the looks by name, for screenshots.
var Looks = map[string]Look{"desk": Desk, "dark": Dark, "phone": Phone, "paper": Paper}

// Serve serves h on a free port of this machine until the test ends, and returns its address.
func Serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// Browser is one running Chromium.
type Browser struct {
	ctx context.Context
}

// Start starts Chromium and ends it with the test. It fails the test when there is none.
func Start(t testing.TB) *Browser {
	t.Helper()
	return start(t)
}

func start(t testing.TB, more ...chromedp.ExecAllocatorOption) *Browser {
	t.Helper()
	binary := browser()
	if binary == "" {
		t.Fatal("the browser tests need Chromium in the PATH; `make test` installs it, or use your system's package manager")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.Flag("headless", "new"), chromedp.Flag("hide-scrollbars", true), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-prefers-reduced-motion", true), chromedp.Flag("lang", "zh-CN"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return &Browser{ctx: ctx}
}

// browser is the Chromium in the PATH. The one without a user interface of its own shows the same pages in less
// than half the time.
func browser() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Page is one tab with cookies of its own.
type Page struct {
	t    testing.TB
	ctx  context.Context
	base string
	look Look
}

// Open opens an empty tab for the site at base; it closes with the test t.
func (b *Browser) Open(t testing.TB, base string, look Look) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	return open(ctx, t, cancel, base, look)
}

func open(ctx context.Context, t testing.TB, cancel func(), base string, look Look) *Page {
	t.Helper()
	t.Cleanup(cancel)
	// The first use of a context opens the tab and ties it to that context: not one with a deadline.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	p := &Page{t: t, ctx: ctx, base: base}
	p.Look(look)
	return p
}

// Look changes how the tab is looked at.
func (p *Page) Look(look Look) {
	p.t.Helper()
	if look.Width == 0 {
		look.Width, look.Height = 1280, 900
	}
	p.look = look
	scheme, media := "light", "screen"
	if look.Dark {
		scheme = "dark"
	}
	if look.Print {
		media = "print"
	}
	p.Do(chromedp.EmulateViewport(look.Width, look.Height), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: look.NoJS})
		return err
	}))
}

// Do runs steps in the tab; a step that fails or takes too long ends the test.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ask(p, chromedp.Steps(steps...))
}

// ask runs one step and returns what it found.
func ask[T any](p *Page, step chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, step)
	if err != nil {
		p.t.Fatalf("in the browser: %v", err)
	}
	return v
}

// Go opens an address of the site.
func (p *Page) Go(path string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(p.base + path))
}

// Fill types value over what stands in the field with that name.
func (p *Page) Fill(name, value string) {
	p.t.Helper()
	p.Do(chromedp.SetValue(chromedp.CSS(`[name="`+name+`"]`), value))
}

// Press clicks what the selector finds and waits for the page that follows.
func (p *Page) Press(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("press %s: %v; the page %s says %s", selector, err, p.Address(), p.Text("body"))
	}
}

// SignIn signs in by the sign-in page.
func (p *Page) SignIn(login, password string) {
	p.t.Helper()
	p.Go("/signin")
	p.Fill("login", login)
	p.Fill("password", password)
	p.Press(`main form button`)
	if strings.HasSuffix(p.Address(), "/signin") {
		p.t.Fatalf("%s could not sign in: %s", login, p.Text("main"))
	}
}

// Text is the text of the first element that the selector finds.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(ask(p, chromedp.TextContent(chromedp.CSS(selector)))), " ")
}

// Address is the path and query of the page that is open.
func (p *Page) Address() string {
	p.t.Helper()
	return strings.TrimPrefix(ask(p, chromedp.Location()), p.base)
}

// Eval evaluates JavaScript in the page and returns its value, waiting for a promise.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	return ask(p, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// FitsWidth fails the test when the page is wider than the screen it is looked at on, or its menu runs under the tools beside it.
func (p *Page) FitsWidth() {
	p.t.Helper()
	over := Eval[[]string](p, `(() => { const w = document.documentElement.clientWidth;
		const tools = document.querySelector(".top .tools"), box = tools && tools.getBoundingClientRect();
		const under = Array.from(document.querySelectorAll(".top .nav > *")).map(e => [e, e.getBoundingClientRect()])
			.filter(([, r]) => r.width && r.right > box.left && r.left < box.right && r.top < box.bottom && r.bottom > box.top);
		if (under.length) return under.map(([e]) => "menu under the tools: " + e.textContent.trim().slice(0, 30));
		if (document.documentElement.scrollWidth <= w) return [];
		return Array.from(document.querySelectorAll("body *")).filter(e => e.getBoundingClientRect().right > w + 1)
			.slice(0, 5).map(e => e.tagName + "." + e.getAttribute("class") + " " + e.textContent.trim().slice(0, 30)); })()`)
	for _, o := range over {
		p.t.Errorf("%s is wider than the screen: %s", p.Address(), o)
	}
}

// Shot writes a screenshot of the whole page if LIANDONG_SHOTS names a folder.
func (p *Page) Shot(name string) {
	p.t.Helper()
	dir := os.Getenv("LIANDONG_SHOTS")
	if dir == "" {
		return
	}
	Eval[int](p, `scrollTo(0, 0), document.activeElement.blur(), 0`)
	png := ask(p, chromedp.FullScreenshot(100))
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)); err != nil {
		p.t.Fatal(err)
	}
}

// Picture is what the screen shows of the page, as PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	Eval[int](p, `document.activeElement.blur(), 0`)
	return ask(p, chromedp.CaptureScreenshot())
}

// PDF is the page as it prints, on the paper its styles name to who looks at it in print (Look.Print).
func (p *Page) PDF() []byte {
	p.t.Helper()
	return ask(p, chromedp.PrintToPDF(func(print *page.PrintToPDFParams) {
		yes := true
		print.PreferCSSPageSize, print.PrintBackground = &yes, &yes
	}))
}
