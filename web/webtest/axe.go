package webtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type violation struct {
	ID, Help, Impact string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// Axe fails the test for each breach of WCAG 2.2 A and AA that axe-core finds on the open page, in
// words and with the element; and for each control that cannot be used without a word why.
func (p *Page) Axe() {
	p.t.Helper()
	script, err := os.ReadFile(axePath())
	if err != nil {
		p.t.Fatalf("axe-core is missing; run `go run ./web/assets/build` first: %v", err)
	}
	run := `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]})
		.then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Impact: v.impact,
			Nodes: v.nodes.map(n => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`
	Eval[int](p, string(script)+";0")
	found := Eval[[]violation](p, run)
	for _, v := range found {
		p.t.Errorf("%s (%+v): %s", p.Address(), p.look, v.words())
	}
	for _, e := range p.Unexplained() {
		p.t.Errorf("%s (%+v): cannot be used, and nothing says why: %s", p.Address(), p.look, e)
	}
}

// Unexplained are the controls of the open page that cannot be used and do not say why: by a title, a description, or a text beside them.
func (p *Page) Unexplained() []string {
	p.t.Helper()
	return Eval[[]string](p, `Array.from(document.querySelectorAll("button:disabled, input:disabled, select:disabled, textarea:disabled, [aria-disabled=true]"))
		.filter((e) => {
			const by = (e.getAttribute("aria-describedby") || "").split(" ").map((id) => id && document.getElementById(id)).filter(Boolean);
			const beside = [e.nextElementSibling, e.closest("label") && e.closest("label").nextElementSibling].filter((b) => b && b.matches(".button-why, .hint, small"));
			return !(e.title || e.getAttribute("aria-description") || by.concat(beside).some((b) => b.textContent.trim()));
		}).map((e) => e.outerHTML.slice(0, 160))`)
}

func (v violation) words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s [%s, %s]", v.Help, v.ID, v.Impact)
	for i, n := range v.Nodes {
		if i == 3 {
			fmt.Fprintf(&b, "\n  and %d more", len(v.Nodes)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %.160s\n    %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
	}
	return b.String()
}

// axePath is where npm put axe-core: beside the module's root, which is looked for from the test's folder upward.
func axePath() string {
	for dir := "."; ; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || len(dir) > 60 {
			return filepath.Join(dir, "web", "assets", "node_modules", "axe-core", "axe.min.js")
		}
	}
}
