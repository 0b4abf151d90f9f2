package filing_test

import (
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // photos are sent as JPEG
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

// field is a stand whose reporter stands in the field with a telephone and a bad line.
type field struct {
	*stand
	*webtest.Page
	line *webtest.Line
	item string
	form string // address
}

func newField(t *testing.T) *field {
	t.Helper()
	return newFieldOf(t, func(h http.Handler) http.Handler { return h })
}

func newFieldOf(t *testing.T, wrap func(http.Handler) http.Handler) *field {
	t.Helper()
	s := newStandOn(t, storetest.OpenSQLite(t), "2022-06-20")
	s.site.Handle("POST /signout", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error {
		http.SetCookie(w, &http.Cookie{Name: "as", Path: "/", MaxAge: -1})
		return web.Redirect(w, r, "/outbox")
	})
	f := &field{stand: s, item: s.item(river), line: webtest.ServeLine(t, wrap(s.site.Handler()))}
	f.form = "/item/" + f.item + "/report?period=2022-06"
	f.Page = webtest.Start(t).Open(t, f.line.URL, webtest.Phone)
	return f
}

// enters signs in and waits until the forms that he owes are on the telephone.
func (f *field) enters() {
	f.t.Helper()
	f.Go("/as/reporter/" + jtj)
	f.Until("the forms he owes are fetched ahead", `navigator.serviceWorker.controller && (await Promise.all((await caches.keys()).map(async (n) => (await (await caches.open(n)).keys()).length))).reduce((a, b) => a + b, 0) >= 6 && await caches.match("`+f.form+`", {ignoreVary: true}) && await caches.match("/outbox", {ignoreVary: true})`)
}

func (f *field) types(text string) {
	webtest.Eval[int](f.Page, `(() => { const a = document.querySelector("#progress"); a.value = "`+text+`"; a.dispatchEvent(new Event("input", {bubbles: true})); return 0; })()`)
}

// press files without waiting for a page: there may be none.
func (f *field) press() {
	webtest.Eval[int](f.Page, `(document.querySelector(".report-form .button.primary").click(), 0)`)
}

func (f *field) bar(says string) {
	f.t.Helper()
	f.Until("the bar says "+says, `document.getElementById("line").textContent.includes("`+says+`")`)
}

const quiet = `document.getElementById("line").textContent === ""`

func (f *field) back() {
	f.line.Mend()
	webtest.Eval[int](f.Page, `(dispatchEvent(new Event("online")), 0)`)
}

func (f *field) filed(n int) {
	f.t.Helper()
	if got := f.count("plan.report.filed/1"); got != n {
		f.t.Fatalf("%d reports are filed, want %d", got, n)
	}
}

func TestAFilingWaitsForTheLine(t *testing.T) {
	f := newField(t)
	f.enters()
	f.line.Cut()
	f.Go(f.form) // never opened before
	f.types("总体规划初稿完成，正在征求意见。")
	// A photo of 3000 pixels, and a file that is none.
	webtest.Eval[int](f.Page, `(async () => {
		const c = document.createElement("canvas"); c.width = 3000; c.height = 1500;
		const p = c.getContext("2d"); for (let i = 0; i < 400; i++) { p.fillStyle = "hsl(" + i + ",80%,50%)"; p.fillRect(i * 7, (i * 37) % 1400, 90, 90); }
		const photo = await new Promise((done) => c.toBlob(done, "image/png"));
		const list = new DataTransfer(); list.items.add(new File([photo], "现场.png", {type: "image/png"})); list.items.add(new File(["表"], "进度.txt", {type: "text/plain"}));
		const field = document.querySelector("[data-shrink]"); field.files = list.files; field.dispatchEvent(new Event("change", {bubbles: true})); return 0; })()`)
	f.press()
	f.bar("没有网络：1 条等候发送")
	f.Until("the form says so", `document.querySelector("[data-draft-note]").textContent.includes("网络恢复后自动发送")`)
	f.Axe()
	f.FitsWidth()
	f.Shot("offline-form-phone")
	f.press() // again: the newer takes the place of the older
	f.Go("/review")
	f.Until("what waits is listed", `document.querySelector("[data-list]").textContent && !document.querySelector("[data-pages]").hidden`)
	if got := f.Text("main"); !strings.Contains(got, "总体规划初稿完成") || !strings.Contains(got, "进度.txt") || !strings.Contains(got, river) {
		t.Errorf("without a line the page says %s", got)
	}
	for name, look := range map[string]webtest.Look{"phone": {Width: 320, Height: 700}, "dark": {Width: 390, Height: 800, Dark: true}, "desk": webtest.Desk} {
		f.Look(look)
		f.Axe()
		f.FitsWidth()
		f.Shot("offline-outbox-" + name)
	}
	f.Go(f.form) // what waits stands in its form
	f.Until("the form holds what waits", `document.querySelector("#progress").value.startsWith("总体规划初稿完成") && Array.from(document.querySelector("[data-shrink]").files, (x) => x.name).join() === "现场.jpg,进度.txt"`)
	f.filed(0)
	f.back()
	f.Until("it is sent", `location.pathname === "/" || document.getElementById("line").textContent.includes("已发送 1 条")`)
	f.filed(1)
	f.Go("/")
	f.Until("nothing waits", quiet)
	form, err := f.FilingForm(context.Background(), f.As(region.Reporter, jtj).Actor, f.item, "2022-06")
	if err != nil || form.Current == nil || len(form.Current.Words.Files) != 2 {
		t.Fatalf("%+v %v", form, err)
	}
	if name := form.Current.Words.Files[0].Name; name != "现场.jpg" {
		t.Errorf("the photo went as %s", name)
	}
	if got := f.sizeOfPhoto(jtj, form.Current.Index); got != image.Pt(2000, 1000) {
		t.Errorf("the photo measures %v", got)
	}
}

// sizeOfPhoto are the pixels of the first file of a filing.
func (f *field) sizeOfPhoto(unit string, index int64) image.Point {
	f.t.Helper()
	w := f.as(region.Reporter, unit).get(fmt.Sprintf("/file/self/%d/0", index))
	c, _, err := image.DecodeConfig(w.Body)
	if err != nil {
		f.t.Fatalf("%d %v", w.Code, err)
	}
	return image.Pt(c.Width, c.Height)
}

// What a press sends is not sent a second time by the page that sends what waits: of two answers the one nobody waits for would open the
// next page, and nobody would read that it was filed.
func TestAPressSendsOnce(t *testing.T) {
	var posts atomic.Int32
	first := make(chan struct{})
	f := newFieldOf(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/report") {
				if posts.Add(1) == 1 {
					<-first // long enough for another to overtake it
				}
			}
			h.ServeHTTP(w, r)
		})
	})
	f.enters()
	f.Go(f.form)
	f.types("规划初稿完成。")
	f.press()
	for posts.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	webtest.Eval[int](f.Page, `(dispatchEvent(new Event("online")), new Promise((go) => setTimeout(go, 300, 0)))`)
	close(first)
	f.Until("my day says so", `location.pathname === "/" && document.querySelector("main").textContent.includes("填报已提交")`)
	f.Until("nothing waits", quiet)
	if n := posts.Load(); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
	f.filed(1)
}

// Somebody else of the unit filed while the line was cut: both sides stand side by side, and nothing is overwritten.
func TestAFilingThatMeetsAnother(t *testing.T) {
	f := newField(t)
	f.enters()
	f.line.Cut()
	f.Go(f.form)
	f.types("规划二稿完成。")
	f.press()
	f.bar("1 条等候发送")
	f.FileAs(jtj, f.item, "2022-06", judge.OnTime, "规划初稿完成。")
	f.back()
	f.bar("1 条没有报上去")
	f.filed(1)
	f.Go("/outbox")
	f.Until("the two sides", `(t => t.includes("规划二稿完成") && t.includes("规划初稿完成"))(document.querySelector("[data-list]").textContent)`)
	f.Axe()
	f.Shot("offline-conflict")
	f.Click("打开表单核对")
	if got := f.Text("main"); !strings.Contains(got, "规划初稿完成") || webtest.Eval[string](f.Page, `document.querySelector("#progress").value`) != "规划二稿完成。" {
		t.Errorf("the form: %s", got)
	}
	f.bar("1 条没有报上去")
	f.press()
	f.Until("my day", `location.pathname === "/"`)
	f.Until("nothing waits", quiet)
	f.filed(2)
}

// A session that ended while the line was cut asks to sign in; another person on the same telephone sees and sends nothing of it.
func TestAFilingIsItsPersonsOwn(t *testing.T) {
	f := newField(t)
	f.enters()
	f.line.Cut()
	f.Go(f.form)
	f.types("规划初稿完成。")
	f.press()
	f.bar("1 条等候发送")
	webtest.Eval[int](f.Page, `(document.cookie = "as=; path=/; max-age=0", 0)`)
	f.back()
	f.bar("1 条等候发送：请先登录")
	f.Go("/as/reporter/市农业农村局")
	f.Until("another's bar is empty", quiet)
	f.Go("/outbox")
	if got := f.Text("[data-list]"); got != "" {
		t.Errorf("another sees %s", got)
	}
	f.line.Cut()
	f.Go(f.form) // kept for the first one, not for him
	if got := f.Text("main"); strings.Contains(got, river) {
		t.Errorf("another sees a form that was kept: %s", got)
	}
	f.line.Mend()
	f.filed(0)
	f.Go("/as/reporter/" + jtj)
	f.bar("已发送 1 条")
	f.filed(1)
}

// kept counts what the device keeps of what was typed: in its store, and noted beside it.
const kept = `(async () => Object.keys(localStorage).length + (await new Promise((yes, no) => {
	const ask = indexedDB.open("liandong", 1);
	ask.onerror = () => no(ask.error);
	ask.onsuccess = () => { const got = ask.result.transaction("typed").objectStore("typed").count(); got.onsuccess = () => yes(got.result); };
})))()`

// Who signs out takes along what he typed last, what his other pages hold, and what cannot be read: autosave keeps nothing after it.
func TestSigningOutLeavesNothingTyped(t *testing.T) {
	f := newField(t)
	f.enters()
	f.Go(f.form)
	f.types("规划初稿完成。")
	f.Until("kept", `(`+kept+`).then((n) => n > 0)`)
	webtest.Eval[int](f.Page, `(localStorage.setItem("typed damaged", "{"), 0)`)
	f.types("规划初稿完成，退出之前写的。")
	webtest.Eval[int](f.Page, `(HTMLFormElement.prototype.submit = () => 0, document.querySelector('form[action="/signout"] button').click(), 0)`)
	webtest.Eval[int](f.Page, `new Promise((go) => setTimeout(() => go(0), 2500))`) // for the autosave that was due, and its answer
	if n := webtest.Eval[int](f.Page, kept); n != 0 {
		t.Errorf("%d texts are left", n)
	}
}

// Who signs out leaves nothing on the device.
func TestSigningOutLeavesNothing(t *testing.T) {
	f := newField(t)
	f.enters()
	f.line.Cut()
	f.Go(f.form)
	f.types("规划初稿完成。")
	f.press()
	f.bar("1 条等候发送")
	f.line.Mend()
	asked := webtest.Eval[string](f.Page, `(async () => { let said = ""; self.confirm = (text) => { said = text; return false; };
		document.querySelector('form[action="/signout"] button').click(); await new Promise((go) => setTimeout(go, 300));
		return said; })()`)
	if !strings.Contains(asked, "还有 1 条没有发送") {
		t.Errorf("signing out with a filing that waits asks %q", asked)
	}
	webtest.Eval[int](f.Page, `(self.confirm = () => true, document.querySelector('form[action="/signout"] button').click(), 0)`)
	f.Until("signed out", `location.pathname === "/outbox"`)
	webtest.Eval[int](f.Page, `new Promise((go) => setTimeout(() => go(0), 500))`) // for what would leave something late
	f.Until("nothing is left", `(await caches.keys()).every((name) => name === "shell") && `+quiet)
	f.line.Cut()
	webtest.Eval[int](f.Page, `(fetch("`+f.form+`").catch(() => 0), 0)`)
	f.line.Mend()
	f.Go("/as/reporter/" + jtj)
	f.Until("nothing waits", quiet)
	f.filed(0)
}

// What is typed is saved within two seconds: by the server, and without a line by the device; whatever becomes of the browser.
func TestWhatIsTypedIsSavedWithinTwoSeconds(t *testing.T) {
	f := newField(t)
	f.enters()
	f.Go(f.form)
	f.types("规划初稿完成。")
	f.Until("saved", `document.querySelector("[data-draft-note]").textContent.includes("草稿已自动保存")`)
	kept, err := f.Typing(context.Background(), f.As(region.Reporter, jtj).Actor, plan.TypingName(f.item, "2022-06"))
	if err != nil || kept.Version != 1 {
		t.Fatalf("the draft: %+v, %v", kept, err)
	}
	f.line.Cut()
	f.types("规划初稿完成，送审。")
	f.Until("not saved", `document.querySelector("[data-draft-note]").textContent.includes("草稿暂未保存")`)
	f.Go("/outbox") // away, with nothing pressed
	f.Go(f.form)
	if got := webtest.Eval[string](f.Page, `new Promise((go) => setTimeout(() => go(document.querySelector("#progress").value), 500))`); got != "规划初稿完成，送审。" {
		t.Errorf("without a line the form holds %q", got)
	}
	f.line.Mend()
	f.Go(f.form)
	f.Until("saved at last", `document.querySelector("[data-draft-note]").textContent.includes("草稿已自动保存")`)
	kept, err = f.Typing(context.Background(), f.As(region.Reporter, jtj).Actor, plan.TypingName(f.item, "2022-06"))
	if err != nil || !strings.Contains(kept.Text, "%E9%80%81%E5%AE%A1") {
		t.Errorf("the draft: %+v, %v", kept, err)
	}
	// The session ends while he writes: what he pressed waits until he has signed in again, with its file.
	f.types("规划初稿完成，已送审。")
	webtest.Eval[int](f.Page, `(document.cookie = "as=; path=/; max-age=0", 0)`)
	f.press()
	f.Until("asked to sign in", `location.pathname === "/signin"`)
	f.Go("/as/reporter/" + jtj)
	f.bar("已发送 1 条")
	f.filed(1)
}

// What a device kept for one seat is not taken for another, whoever is signed in.
func TestSentForAnotherSeatIsRefused(t *testing.T) {
	s := newStandOn(t, storetest.OpenSQLite(t), "2022-06-20")
	form := "/item/" + s.item(river) + "/report?period=2022-06"
	r := postOf(form, "request", "k", "claim", "on-time", "progress", "规划初稿完成。")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Liandong-Who", "0000000000000000")
	s.want(s.as(region.Reporter, jtj).do(r), http.StatusUnauthorized)
	if n := s.count("plan.report.filed/1"); n != 0 {
		t.Errorf("%d reports", n)
	}
	s.want(s.as(region.Reporter, jtj).get("/"), 200, `href="`+form+`" data-ahead`)
	if kept := s.as(region.Reporter, jtj).get("/").Header().Get("Liandong-Keep"); kept != "" {
		t.Error("my day is kept on the device")
	}
	if kept := s.as(region.Reporter, jtj).get(form).Header().Get("Liandong-Keep"); len(kept) != 16 {
		t.Errorf("the form says to keep it for %q", kept)
	}
}
