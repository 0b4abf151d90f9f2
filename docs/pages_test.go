package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// logged are messages of warnings and errors as the code writes them.
var logged = regexp.MustCompile(`\.(?:Warn|Error)(?:Context)?\((?:[a-zA-Z.()]+, )?"([^"]+)"`)

// logging is how a file writes to the log; x/mod's tlog is no log of ours.
var logging = regexp.MustCompile(`(?i)\bs?log\.`)

// TestEveryWarningHasItsLine: whoever is woken by a line of the log finds it in how-to/alerts.md.
func TestEveryWarningHasItsLine(t *testing.T) {
	page, err := os.ReadFile("how-to/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("git", "ls-files", "-co", "--exclude-standard", "../cmd", "../exchange", "../node", "../notice", "../plan", "../region", "../store", "../web").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	found := 0
	for file := range strings.FieldsSeq(string(out)) {
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			continue // deleted but not committed
		}
		for _, m := range logged.FindAllStringSubmatch(string(text), -1) {
			if strings.HasPrefix(file, "../web/webtest") || !logging.Match(text) {
				continue
			}
			found++
			if !strings.Contains(string(page), "`"+m[1]+"`") {
				t.Errorf("%s logs %q, which how-to/alerts.md does not explain", file, m[1])
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d messages found: this test looks at nothing", found)
	}
}

// envName is the name of a variable that the program or its tests read.
var envName = regexp.MustCompile(`LIANDONG_[A-Z_]+`)

// TestEveryVariableIsDocumented: no variable of the environment works that no page names.
func TestEveryVariableIsDocumented(t *testing.T) {
	var pages strings.Builder
	for _, p := range []string{"reference/settings.md", "reference/cli.md", "reference/book-http.md", "../Makefile", "../CONTRIBUTING.md"} {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		pages.Write(text)
	}
	files, err := filepath.Glob("../cmd/liandong/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no commands found", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range envName.FindAllString(string(text), -1) {
			if !strings.Contains(pages.String(), name) {
				t.Errorf("%s reads %s, which no page names", file, name)
			}
		}
	}
}

var heading = regexp.MustCompile(`(?m)^#+ (.+)$`)

// TestAnchorsLead: a link to a heading of a page leads to a heading that is there.
func TestAnchorsLead(t *testing.T) {
	pages, err := filepath.Glob("*/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages found", err)
	}
	for _, p := range append(pages, "../README.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if m[2] == "" {
				continue
			}
			target, err := os.ReadFile(filepath.Join(filepath.Dir(p), m[1]))
			if err != nil || !anchors(string(target))[m[2]] {
				t.Errorf("%s: %s has no heading %s", p, m[1], m[2])
			}
		}
	}
}

// anchors are the headings of a page as GitHub and most readers make addresses of them.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		words := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		all["#"+strings.ReplaceAll(words, " ", "-")] = true
	}
	return all
}
