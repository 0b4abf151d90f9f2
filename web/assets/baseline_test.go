package assets

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// What came after Chromium 86 (October 2020), with the version that brought it. Source: the
// compatibility tables of MDN. A feature that is merely missed on an old browser may still be used
// where the page is whole without it, but then it must be added here with a word why.
var tooNew = map[string][]struct{ name, pattern string }{
	".css": {
		{":has(), 105", `:has\(`},
		{":is() and :where(), 88", `:(is|where)\(`},
		{"a list in :not(), 88", `:not\([^()]*,`},
		{"container queries, 105", `@container|container-type`},
		{"cascade layers, 99", `@layer`},
		{"@property is 85, but nothing needs it", `@property`},
		{"nesting, 112", `(?m)^\s*&|[{;]\s*&`},
		{"color-mix(), 111, and relative colours", `color-mix\(|\bfrom var\(`},
		{"new colour spaces, 111", `\b(oklch|oklab|lch|lab|color)\(`},
		{"light-dark(), 123", `light-dark\(`},
		{"dynamic viewport units, 108", `\d(dvh|svh|lvh|dvw|svw|lvw|dvb|dvi)\b`},
		{"inset, 87", `(?m)[{;\s]inset(-block|-inline)?\s*:`},
		{"short logical properties, 87", `(margin|padding|border)-(inline|block)\s*:`},
		{"aspect-ratio, 88", `aspect-ratio\s*:`},
		{"accent-color, 93", `accent-color`},
		{"overflow: clip, 90", `overflow(-x|-y)?\s*:\s*clip`},
		{"text-wrap, 114", `text-wrap`},
		{"underline offset, 87, and thickness, 89", `text-underline-offset|text-decoration-thickness`},
		{"scrollbar-gutter, 94", `scrollbar-(gutter|color|width)`},
		{"subgrid, 117", `subgrid`},
		{"individual transforms, 104", `(?m)[{;]\s*(translate|rotate|scale)\s*:`},
		{"view transitions, 111", `view-transition`},
		{"media ranges, 104", `@media[^{]*[<>]`},
		{":user-valid, 119", `:user-(in)?valid`},
		{"sticky table heads by <thead>, 91: use th", `thead\s*\{[^}]*sticky`},
		{"anything from elsewhere", `https?:|url\(`},
	},
	".js": {
		{"Array.at(), 92", `\.at\(`},
		{"findLast(), 97", `\.findLast`},
		{"Object.hasOwn(), 93", `Object\.hasOwn`},
		{"Object.groupBy(), 117", `groupBy\(`},
		{"structuredClone(), 98", `structuredClone`},
		{"crypto.randomUUID(), 92", `randomUUID`},
		{"toSorted() and kin, 110", `\.(toSorted|toReversed|toSpliced|with)\(`},
		{"private fields' in, 91, and static blocks, 94", `static\s*\{|#\w+ in `},
		{"top-level await, 89", `(?m)^await `},
		{"Array.fromAsync(), 121", `fromAsync`},
		{"inert, 102, and popover, 114", `\.inert\b|showPopover|popover`},
		{"replaceChildren() is 86, toggleAttribute is fine; checkVisibility(), 105", `checkVisibility`},
		{"regular expressions with d or v", `/[dv][gimsuy]*[,;)]`},
		{"AbortSignal.timeout(), 103", `AbortSignal\.(timeout|any)`},
		{"eval, which the policy forbids", `\beval\(|new Function`},
		{"markup from text, which the policy cannot check", `innerHTML|outerHTML|insertAdjacentHTML|document\.write`},
		{"anything from elsewhere", `https?:`},
	},
}

func TestStaysWithinChromium86(t *testing.T) {
	source := os.DirFS("src")
	err := fs.WalkDir(source, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(source, p)
		if err != nil {
			return err
		}
		check(t, p, withoutComments(string(raw)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, file, text string) {
	t.Helper()
	for _, rule := range tooNew[path.Ext(file)] {
		for i, line := range strings.Split(text, "\n") {
			if regexp.MustCompile(rule.pattern).MatchString(line) {
				t.Errorf("%s:%d: %s: %s", file, i+1, rule.name, strings.TrimSpace(line))
			}
		}
	}
}

var comments = regexp.MustCompile(`(?s)/\*.*?\*/|(?m)^\s*//.*$`)

// withoutComments keeps the lines' numbers.
func withoutComments(text string) string {
	return comments.ReplaceAllStringFunc(text, func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
}

// TestTheLintFinds is the control: each rule must find what it names.
func TestTheLintFinds(t *testing.T) {
	for _, c := range []struct{ ext, line string }{
		{".css", "a:has(b) {}"},
		{".css", "a { inset: 0 }"},
		{".css", "  & b { }"},
		{".css", "height: 100dvh;"},
		{".css", "a:not(.b, .c) {}"},
		{".css", "color: color-mix(in srgb, red, blue)"},
		{".css", "@media (width >= 640px) {"},
		{".css", "margin-inline: auto"},
		{".css", "background: url(x.png)"},
		{".js", "rows.at(-1)"},
		{".js", "crypto.randomUUID()"},
		{".js", "e.innerHTML = x"},
	} {
		found := false
		for _, rule := range tooNew[c.ext] {
			found = found || regexp.MustCompile(rule.pattern).MatchString(c.line)
		}
		if !found {
			t.Errorf("nothing found in %q", c.line)
		}
	}
}

// TestWeight keeps the first view under 300 KB compressed: all that every page loads together.
func TestWeight(t *testing.T) {
	if err := Built(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, name := range []string{"app.css", "dark.css", "app.js", "icons.svg", "mark.svg"} {
		body, err := dist.ReadFile("dist/" + manifest[name] + ".gz")
		if err != nil {
			t.Fatal(err)
		}
		total += len(body)
	}
	if total > 30<<10 {
		t.Errorf("the assets weigh %d bytes compressed; 30 KB are plenty", total)
	}
	if js, err := dist.ReadFile("dist/" + manifest["app.js"]); err != nil || len(js) > 28<<10 {
		t.Errorf("the script weighs %d bytes (%v); 28 KB, 12 of them on the line and on what was typed last, are plenty: forms, tables and files wait for it, and who signs out leaves nothing", len(js), err)
	}
}

// TestTokensAreWrittenOnce: a colour that stands twice is changed in one place and forgotten in the other.
func TestTokensAreWrittenOnce(t *testing.T) {
	token := regexp.MustCompile(`(--[a-z0-9-]+):`)
	light := map[string]int{}
	for _, file := range []string{"tokens.css", "dark.css"} {
		raw, err := os.ReadFile("src/" + file)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		for _, m := range token.FindAllStringSubmatch(string(raw), -1) {
			if seen[m[1]]++; seen[m[1]] == 2 {
				t.Errorf("%s is set twice in %s", m[1], file)
			}
			if file == "dark.css" && light[m[1]] == 0 {
				t.Errorf("%s is dark only: it is missing in tokens.css", m[1])
			}
		}
		if file == "tokens.css" {
			light = seen
		}
	}
}
