package webtest

import (
	"encoding/base64"
	"strconv"

	"github.com/chromedp/chromedp"
)

// seen finds what a reader would press: a link, button or fold that shows the text, the one that says just that
// before one that says more; it opens the folds that it lies in, marks it, and returns what is wrong.
const seen = `(text, within) => {
	const squeeze = (s) => s.replace(/\s+/g, " ").trim();
	document.querySelectorAll("[data-hand]").forEach((e) => e.removeAttribute("data-hand"));
	const root = within ? document.querySelector(within) : document.body;
	if (!root) return "no " + within + " on " + location.pathname;
	const shown = (e) => { for (let d = e.parentElement; d; d = d.parentElement) if (d.hidden) return false; return !e.hidden && !e.matches(".hidden-text"); };
	const all = Array.from(root.querySelectorAll("a[href], button, summary")).filter((e) => shown(e) && squeeze(e.textContent).includes(text));
	const e = all.find((e) => squeeze(e.textContent) === text) || all[0];
	if (!e) return "nobody can press “" + text + "” on " + location.pathname + ": " + squeeze(document.querySelector("main").innerText).slice(0, 300);
	if (e.disabled || e.getAttribute("aria-disabled") === "true") return "“" + text + "” cannot be pressed: " + (e.title || squeeze(e.parentElement.innerText));
	for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) if (e.tagName !== "SUMMARY" || d !== e.parentElement) d.open = true;
	e.setAttribute("data-hand", "");
	return "";
}`

// Click presses the link or button that shows the text, and waits for the page that follows.
func (p *Page) Click(text string) { p.t.Helper(); p.ClickIn("", text) }

// Tap presses what a script of the page answers, without a page that follows.
func (p *Page) Tap(text string) {
	p.t.Helper()
	p.reach(text, "")
	Eval[int](p, `(document.querySelector("[data-hand]").click(), 0)`)
}

// ClickIn is Click for what lies in the first element that the selector finds.
func (p *Page) ClickIn(within, text string) {
	p.t.Helper()
	p.reach(text, within)
	p.Press("[data-hand]")
}

// Unfold opens the fold whose summary shows the text.
func (p *Page) Unfold(text string) {
	p.t.Helper()
	p.reach(text, "")
	Eval[int](p, `(document.querySelector("[data-hand]").closest("details").open = true, 0)`)
}

// Link is the address that the link that shows the text leads to.
func (p *Page) Link(text string) string {
	p.t.Helper()
	p.reach(text, "")
	return Eval[string](p, `document.querySelector("[data-hand]").getAttribute("href")`)
}

func (p *Page) reach(text, within string) {
	p.t.Helper()
	if wrong := Eval[string](p, "("+seen+")("+strconv.Quote(text)+", "+strconv.Quote(within)+")"); wrong != "" {
		p.t.Fatal(wrong)
	}
}

// Choose picks what the label shows: an option of the select, a radio button or a tick of that name.
func (p *Page) Choose(name, label string) {
	p.t.Helper()
	wrong := Eval[string](p, `((name, label) => {
		const all = Array.from(document.querySelectorAll("main [name=\"" + CSS.escape(name) + "\"]"));
		if (!all.length) return "no field " + name + " on " + location.pathname;
		for (const e of all) {
			if (e.tagName === "SELECT") {
				const o = Array.from(e.options).find((o) => o.textContent.includes(label));
				if (!o) continue;
				e.value = o.value;
				e.dispatchEvent(new Event("input", {bubbles: true}));
				return "";
			}
			const words = e.getAttribute("aria-label") || (e.closest("label") || document.querySelector('label[for="' + e.id + '"]') || e).textContent;
			if (words.includes(label)) { e.checked = true; return ""; }
		}
		return name + " has no “" + label + "”";
	})(`+strconv.Quote(name)+", "+strconv.Quote(label)+")")
	if wrong != "" {
		p.t.Fatal(wrong)
	}
}

// Upload chooses files of this machine for the file field of that name.
func (p *Page) Upload(name string, files ...string) {
	p.t.Helper()
	p.Do(chromedp.SetUploadFiles(chromedp.CSS(`[type="file"][name="`+name+`"]`), files))
}

// Download fetches what the link that shows the text leads to, as the browser would save it.
func (p *Page) Download(text string) []byte {
	p.t.Helper()
	coded := Eval[string](p, `fetch("`+p.Link(text)+`").then((r) => r.ok ? r.arrayBuffer() : Promise.reject(r.status)).then((b) => {
		let s = "";
		for (const c of new Uint8Array(b)) s += String.fromCharCode(c);
		return btoa(s);
	})`)
	file, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		p.t.Fatal(err)
	}
	return file
}
