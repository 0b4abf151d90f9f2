package webtest

import (
	"context"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// most is how many stops somebody without a mouse is asked to pass at most before what he looks for.
const most = 150

// focused says what is wrong with the place of the keyboard: nothing marked, or something lies over it.
const focused = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return "";
	const box = e.getBoundingClientRect(), named = e.tagName + " “" + (e.name || e.textContent).trim().slice(0, 30) + "”";
	if (e.closest(".hidden-text") || box.width < 2) return "the keyboard stands on " + named + ", which nobody sees";
	const at = document.elementFromPoint(box.x + Math.min(box.width / 2, 40), box.y + Math.min(box.height / 2, 20));
	if (!at) return "the keyboard stands on " + named + ", which is out of view";
	if (!(e.contains(at) || at.contains(e) || at.closest("label") && at.closest("label").contains(e))) return named + " lies under " + at.tagName + "." + at.className;
	return "";
})()`

// loaded waits for the page: a key that is pressed before goes nowhere.
const loaded = `new Promise(done => document.readyState === "complete" ? done(true) : addEventListener("load", () => done(true)))`

// TabTo presses Tab until the keyboard stands on what the selector finds, and returns how many stops that took.
// Each stop on the way must be seen: on the screen, and nothing over it (WCAG 2.2, 2.4.7 and 2.4.11).
func (p *Page) TabTo(selector string) (stops int) {
	p.t.Helper()
	for stops = 1; stops <= most; stops++ {
		Eval[bool](p, loaded)
		p.Do(chromedp.KeyEvent(kb.Tab))
		if wrong := Eval[string](p, focused); wrong != "" {
			p.t.Errorf("%s, stop %d: %s", p.Address(), stops, wrong)
		}
		if Eval[bool](p, "!!document.activeElement && document.activeElement.matches(`"+selector+"`)") {
			return stops
		}
	}
	p.t.Fatalf("%s: %d stops do not lead to %s", p.Address(), most, selector)
	return 0
}

// Type types into what has the keyboard.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.Do(chromedp.KeyEvent(text))
}

// Enter presses Enter and waits for the page that follows.
func (p *Page) Enter() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		p.t.Fatalf("enter on %s: %v", p.Address(), err)
	}
}
