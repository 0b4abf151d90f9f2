package filing_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// quoted is a text as a script has it.
func quoted(text string) string { return strconv.Quote(text) }

// cell types into a cell of the grid, or of a preview.
func (f *field) cell(name, text string) {
	f.t.Helper()
	f.Until("the cell "+name, `document.getElementsByName(`+quoted(name)+`).length === 1`)
	webtest.Eval[int](f.Page, `(() => { const c = document.getElementsByName(`+quoted(name)+`)[0]; c.value = `+quoted(text)+`; c.dispatchEvent(new Event("input", {bubbles: true})); return 0; })()`)
}

// sends presses the button of the table without waiting for a page.
func (f *field) sends() {
	webtest.Eval[int](f.Page, `(document.querySelector("form[data-queue] .button.primary").click(), 0)`)
}

// kept waits until a page opens without a line.
func (f *field) kept(page string) {
	f.t.Helper()
	f.Until(page+" is fetched ahead", `await caches.match(`+quoted(page)+`, {ignoreVary: true})`)
}

// waits opens the page of what waits, and says what stands there.
func (f *field) waits() string {
	f.t.Helper()
	f.Go("/outbox")
	f.Until("what waits is listed", `document.querySelector("[data-list]").textContent || !document.querySelector("[data-none]").hidden`)
	return f.Text("[data-list]")
}

// chooses puts a file into the field of the page.
func (f *field) chooses(name, text string) {
	f.t.Helper()
	webtest.Eval[int](f.Page, `(() => { const list = new DataTransfer(); list.items.add(new File([`+quoted(text)+`], `+quoted(name)+`, {type: "text/csv"}));
		const field = document.querySelector("[name=file]"); field.files = list.files; field.dispatchEvent(new Event("input", {bubbles: true})); return 0; })()`)
}

func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q: %s", what, part, text)
		}
	}
}

// The grid waits as a form does: its rows are sent when the line is back, the good ones are filed, and the others stay with their reasons.
func TestTheGridWaitsForTheLine(t *testing.T) {
	f := newField(t)
	road := f.stand.item(motorway)
	f.enters()
	f.kept("/report/grid")
	f.line.Cut()
	f.Go("/report/grid")
	f.sends()
	f.Until("an empty grid says so", `document.querySelector("[data-draft-note]").textContent.includes("没有填写任何一行")`)
	f.cell("p-"+f.item, "规划初稿完成。")
	f.cell("p-"+road, "路基过半。")
	f.cell("f-"+road, "不知道")
	f.sends()
	f.bar("没有网络：1 条等候发送")
	has(t, "what waits", f.waits(), "批量填报", "各事项当前期", "2 行", river, "规划初稿完成", motorway, "不知道")
	for name, look := range map[string]webtest.Look{"phone": {Width: 320, Height: 700}, "desk": webtest.Desk} {
		f.Look(look)
		f.Axe()
		f.FitsWidth()
		f.Shot("offline-grid-" + name)
	}
	f.Go("/report/grid") // what waits stands in its cells
	f.Until("the grid holds what waits", `document.getElementsByName("p-`+road+`")[0].value === "路基过半。"`)
	f.filed(0)

	f.back()
	f.bar("1 条没有报上去")
	f.filed(1)
	left := f.waits()
	has(t, "what was refused", left, "1 行", motorway+" · 数据：", "路基过半")
	if strings.Contains(left, "规划初稿完成") {
		t.Errorf("the row that was filed is still shown: %s", left)
	}
	f.Axe()
	f.Shot("offline-grid-refused")
	f.Go("/report/grid") // opened by another way, it holds the refused row as well
	f.Until("the refused row", `document.getElementsByName("f-`+road+`")[0].value === "不知道" && document.getElementsByName("p-`+f.item+`")[0].value === ""`)
	f.waits()
	f.Click("打开表单核对")
	has(t, "the grid", f.Text("main"), "有 1 处需要修改")
	f.bar("1 条没有报上去") // until it is filed or given up
	f.cell("f-"+road, "8亿元")
	f.sends()
	f.Until("my day", `location.pathname === "/"`)
	f.Until("nothing waits", quiet)
	f.filed(2)
}

// With a line a press files the good rows once, and the page keeps the others with their reasons.
func TestAPressOfTheGridSendsEachRowOnce(t *testing.T) {
	f := newField(t)
	road := f.stand.item(motorway)
	f.enters()
	f.Go("/report/grid")
	f.cell("p-"+f.item, "规划初稿完成。")
	f.cell("p-"+road, "路基过半。")
	f.cell("f-"+road, "不知道")
	f.sends()
	f.Until("the page says what is wrong", `document.querySelector(".errors")`)
	has(t, "the page", f.Text("body"), "已提交 1 项", "有 1 处需要修改")
	f.Until("the good row is empty, the other is not", `document.getElementsByName("p-`+f.item+`")[0].value === "" && document.getElementsByName("p-`+road+`")[0].value === "路基过半。"`)
	f.Until("nothing waits", quiet)
	f.filed(1)
	f.cell("f-"+road, "8亿元")
	f.sends()
	f.Until("my day", `location.pathname === "/" && document.querySelector("main").textContent.includes("已提交 1 项")`)
	f.filed(2)
}

// An answer that was lost is asked for again, and files nothing twice.
func TestAGridWhoseAnswerIsLost(t *testing.T) {
	var deaf atomic.Bool
	deaf.Store(true)
	f := newFieldOf(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && r.URL.Path == "/report/grid" && deaf.Load() {
				h.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
			h.ServeHTTP(w, r)
		})
	})
	f.enters()
	f.Go("/report/grid")
	f.cell("p-"+f.item, "规划初稿完成。")
	f.sends()
	f.bar("1 条等候发送")
	f.filed(1)
	deaf.Store(false)
	webtest.Eval[int](f.Page, `(dispatchEvent(new Event("online")), 0)`)
	f.Until("it is sent", `location.pathname === "/" || document.getElementById("line").textContent.includes("已发送 1 条")`)
	f.filed(1)
}

// Somebody else of the unit filed for one of the rows meanwhile: his words stand beside, and are not replaced unread.
func TestAGridThatMeetsAnother(t *testing.T) {
	f := newField(t)
	f.enters()
	f.kept("/report/grid")
	f.line.Cut()
	f.Go("/report/grid")
	f.cell("p-"+f.item, "规划二稿完成。")
	f.cell("p-"+f.stand.item(bus), "开行班线1条。")
	f.sends()
	f.bar("1 条等候发送")
	f.FileAs(jtj, f.item, "2022-06", judge.OnTime, "规划初稿完成。")
	f.back()
	f.bar("1 条没有报上去")
	f.filed(2) // the colleague's, and the other row
	has(t, "the two sides", f.waits(), "规划二稿完成", "规划初稿完成", "本单位已有人提交")
	f.Axe()
	f.Shot("offline-grid-conflict")
	f.Click("打开表单核对")
	has(t, "the grid", f.Text("main"), "规划初稿完成", "已有人提交了这一期")
	f.Axe()
	f.FitsWidth()
	f.sends()
	f.Until("my day", `location.pathname === "/"`)
	f.Until("nothing waits", quiet)
	f.filed(3)
}

const returned = "序号,工作任务,牵头单位,推进情况\n1," + motorway + ",市交通运输局,截至6月底完成投资800亿元\n3," + river + ",市交通运输局,规划初稿完成\n"

// A table that is to be filed at once waits with its file; what leaves a doubt stays for the preview.
func TestATableWaitsForTheLine(t *testing.T) {
	f := newField(t)
	f.enters()
	f.kept("/report/sheet")
	f.line.Cut()
	f.Go("/report/sheet")
	f.sends()
	f.Until("no file says so", `document.querySelector("[data-draft-note]").textContent.includes("请选择文件")`)
	f.chooses("反馈.csv", returned)
	f.Choose("act", "不预览，直接提交")
	f.sends()
	f.bar("没有网络：1 条等候发送")
	f.chooses("另一份.csv", "序号,工作任务,牵头单位,推进情况\n4,"+bus+",市交通运输局,开行班线1条\n") // another file waits beside it
	f.sends()
	f.bar("没有网络：2 条等候发送")
	has(t, "what waits", f.waits(), "上传表格填报", "反馈.csv 1 KB", "另一份.csv 1 KB")
	f.Axe()
	f.Shot("offline-table")
	f.back()
	f.bar("1 条没有报上去")
	f.filed(2)
	has(t, "what was refused", f.waits(), "第 2 行 · "+motorway, "800")
	f.Axe()
	f.FitsWidth()
	f.Shot("offline-table-refused")
	f.Click("打开表单核对")
	road := f.stand.item(motorway)
	has(t, "the preview", f.Text("main"), "读出 1 项", "与已提交的相同")
	f.cell("f-"+road, "投资：8亿元")
	f.line.Cut()
	f.sends() // the line breaks between the preview and the press
	f.bar("1 条等候发送")
	has(t, "what waits", f.waits(), "反馈.csv", "1 行", motorway)
	f.back()
	f.Until("it is sent", `document.getElementById("line").textContent.includes("已发送 1 条")`)
	f.filed(3)
	f.Go("/")
	f.Until("nothing waits", quiet)
}

// Without that tick nothing of a file is filed before somebody has seen its preview.
func TestATableThatWaitedIsSeenFirst(t *testing.T) {
	f := newField(t)
	f.enters()
	f.Go("/report/sheet")
	f.line.Cut()
	f.chooses("反馈.csv", returned)
	f.sends()
	f.bar("1 条等候发送")
	f.back()
	f.bar("1 条没有报上去")
	f.filed(0)
	has(t, "what was read", f.waits(), "读出 2 项", "反馈.csv")
	f.Click("打开表单核对")
	f.Axe()
	f.Until("the preview", `location.search.includes("blob=")`)
	// Somebody files for a row after the preview.
	f.FileAs(jtj, f.item, "2022-06", judge.OnTime, "规划送审。")
	f.cell("f-"+f.stand.item(motorway), "投资：8亿元")
	f.sends()
	f.Until("the page says so", `document.querySelector(".errors") && document.querySelector("main").textContent.includes("规划送审")`)
	f.filed(2)
	f.sends()
	f.Until("my day", `location.pathname === "/"`)
	f.Until("nothing waits", quiet)
	f.filed(3)
}

// With a line the file goes once, and its preview has an address.
func TestAFileIsSentOnce(t *testing.T) {
	var posts atomic.Int32
	f := newFieldOf(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && r.URL.Path == "/report/sheet" {
				posts.Add(1)
			}
			h.ServeHTTP(w, r)
		})
	})
	f.enters()
	f.Go("/report/sheet")
	f.chooses("反馈.csv", returned)
	f.sends()
	f.Until("the preview", `location.search.includes("blob=") && document.querySelector("main").textContent.includes("读出 2 项")`)
	f.Until("nothing waits", quiet)
	if n := posts.Load(); n != 1 {
		t.Errorf("the file was sent %d times", n)
	}
	// What is typed into the preview is kept, as into any form.
	f.cell("f-"+f.stand.item(motorway), "投资：8亿元")
	at := webtest.Eval[string](f.Page, `location.pathname + location.search`)
	webtest.Eval[int](f.Page, `new Promise((go) => setTimeout(go, 500, 0))`)
	f.Go("/")
	f.Go(at)
	f.Until("it stands there again", `document.getElementsByName("f-`+f.stand.item(motorway)+`")[0].value === "投资：8亿元"`)
	s := f.stand
	s.want(s.as(region.Reporter, jtj).get("/report/sheet?blob=none"), http.StatusUnprocessableEntity, "请选择文件")
	s.want(s.as(region.Leader, jtj).get(at), http.StatusForbidden)
}

// Tables that wait are their person's own, and signing out leaves nothing of them.
func TestATableThatWaitsIsItsPersonsOwn(t *testing.T) {
	f := newField(t)
	f.enters()
	f.kept("/report/grid")
	f.kept("/report/sheet")
	f.line.Cut()
	f.Go("/report/grid")
	f.cell("p-"+f.item, "规划初稿完成。")
	f.sends()
	f.bar("1 条等候发送")
	f.Go("/report/sheet")
	f.chooses("反馈.csv", returned)
	f.sends()
	f.bar("2 条等候发送")
	webtest.Eval[int](f.Page, `(document.cookie = "as=; path=/; max-age=0", 0)`)
	f.back()
	f.bar("请先登录")
	f.Go("/as/reporter/市农业农村局")
	f.Until("another's bar is empty", quiet)
	if got := f.waits(); got != "" {
		t.Errorf("another sees %s", got)
	}
	f.line.Cut()
	f.Go("/report/grid")
	if got := f.Text("main"); strings.Contains(got, river) {
		t.Errorf("another sees the grid that was kept: %s", got)
	}
	f.line.Mend()
	f.filed(0)
	f.Go("/as/reporter/" + jtj)
	f.bar("1 条没有报上去") // the grid is filed, the file wants its preview
	f.filed(1)
	webtest.Eval[int](f.Page, `(self.confirm = () => true, document.querySelector('form[action="/signout"] button').click(), 0)`)
	f.Until("signed out", `location.pathname === "/outbox"`)
	f.Until("nothing is left", `(await caches.keys()).every((name) => name === "shell") && `+quiet)
	f.Go("/as/reporter/" + jtj)
	f.Until("nothing waits", quiet)
	f.filed(1)
}

// What the device kept for one seat is not taken for another, and what the unit has no say in any more is told with what was typed.
func TestATableSentForAnotherSeat(t *testing.T) {
	s := newStandOn(t, storetest.OpenSQLite(t), "2022-06-20")
	item, theirs := s.item(river), s.item("建设渝遂绵优质蔬菜生产带船山基地")
	for _, path := range []string{"/report/grid", "/report/sheet"} {
		r := postOf(path, "request", "k", "period-"+item, "2022-06", "p-"+item, "规划初稿完成。")
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Liandong-Who", "0000000000000000")
		s.want(s.as(region.Reporter, jtj).do(r), http.StatusUnauthorized)
	}
	w := s.as(region.Reporter, jtj).post("/report/grid", "request", "k2", "period-"+theirs, "2022-06", "p-"+theirs, "基地完成一半。", "period-"+item, "2022-06", "p-"+item, "规划初稿完成。")
	s.want(w, http.StatusUnprocessableEntity, "已不由本单位填报", "基地完成一半。", "已提交 1 项")
	// A row that stands on another page by now is filed all the same.
	s.want(s.as(region.Reporter, jtj).post("/report/grid?from=100", "request", "k3", "period-"+s.item(bus), "2022-06", "p-"+s.item(bus), "开行班线1条。"), http.StatusSeeOther)
	if n := s.count("plan.report.filed/1"); n != 2 {
		t.Errorf("%d reports", n)
	}
}
