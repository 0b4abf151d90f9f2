package lang

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// The ways in which a key stands in Go and templ source: T(ctx, "key"), Text(l, "key"), and the code
// of a refusal, which is the key of its text.
var uses = []*regexp.Regexp{
	regexp.MustCompile(`\bT\((?:ctx|r\.Context\(\)|c), "([a-z0-9-]+(?:\.[a-z0-9-]+)+)"`),
	regexp.MustCompile(`\bText\([^",]+, "([a-z0-9-]+(?:\.[a-z0-9-]+)+)"`),
	regexp.MustCompile(`\brefuse\.New\("([a-z0-9-]+(?:\.[a-z0-9-]+)+)"`),
	regexp.MustCompile(`\bLabelKey: +"([a-z0-9-]+(?:\.[a-z0-9-]+)+)"`),
}

// TestEveryKeyHasItsTexts reads the whole source: both languages of each room have the same keys,
// no two rooms the same one, and whatever key the source names has a text.
func TestEveryKeyHasItsTexts(t *testing.T) {
	root := os.DirFS("../..")
	have, used := map[string]string{}, map[string]string{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() != "." && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case strings.HasSuffix(p, "locales/zh.toml"):
			collect(t, root, path.Dir(p), have)
		case isSource(p):
			raw, err := fs.ReadFile(root, p)
			if err != nil {
				return err
			}
			for _, re := range uses {
				for _, m := range re.FindAllSubmatch(raw, -1) {
					used[string(m[1])] = p
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]bool{}
	for k := range have {
		rooms[room(k)] = true
	}
	for k, p := range used {
		// A room that has no texts at all yet has no pages either.
		if _, ok := have[k]; !ok && rooms[room(k)] {
			t.Errorf("%s uses %q, which no locales/zh.toml has", p, k)
		}
	}
}

// room is the first word of a key, which names who keeps its text.
func room(key string) string {
	first, _, _ := strings.Cut(key, ".")
	return first
}

func isSource(p string) bool {
	return strings.HasSuffix(p, ".templ") ||
		strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go") && !strings.HasSuffix(p, "_templ.go")
}

func collect(t *testing.T, root fs.FS, dir string, have map[string]string) {
	t.Helper()
	both := map[Lang][]string{}
	for _, l := range All {
		m, err := Read(root, dir+"/"+string(l)+".toml")
		if err != nil {
			t.Error(err)
			return
		}
		both[l] = Keys(m)
		for k, v := range m {
			if v.other == "" {
				t.Errorf("%s/%s: %s is empty", dir, l, k)
			}
		}
	}
	for _, k := range Only(both[Zh], both[En]) {
		t.Errorf("%s: %s stands in one language only", dir, k)
	}
	for _, k := range both[Zh] {
		if other, taken := have[k]; taken {
			t.Errorf("%s and %s both have %s", dir, other, k)
		}
		have[k] = dir
	}
}
