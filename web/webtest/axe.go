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
// words and with the element.
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
