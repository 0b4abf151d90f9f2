package assets

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestServing(t *testing.T) {
	for _, c := range []struct {
		name, path, accept, encoding string
		status                       int
	}{
		{"brotli where taken", URL("app.css"), "gzip, deflate, br", "br", 200},
		{"gzip on plain HTTP", URL("app.css"), "gzip, deflate", "gzip", 200},
		{"brotli refused", URL("app.css"), "br;q=0, gzip", "gzip", 200},
		{"plain", URL("app.css"), "", "", 200},
		{"a plain name has no address", Path + "app.css", "", "", 404},
		{"the compressed file itself is not served", URL("app.css") + ".gz", "", "", 404},
		{"the manifest is not served", Path + "manifest.json", "", "", 404},
		{"no way out", Path + "../assets.go", "", "", 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL.Path = c.path
			r.Header.Set("Accept-Encoding", c.accept)
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, r)
			if w.Code != c.status || w.Header().Get("Content-Encoding") != c.encoding {
				t.Errorf("%d %q", w.Code, w.Header().Get("Content-Encoding"))
			}
			if c.status == 200 && !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
				t.Error("hashed files never change")
			}
		})
	}
}

var iconUse = regexp.MustCompile(`(?:ui\.)?Icon\("([a-z0-9-]+)"\)|Icon: +"([a-z0-9-]+)"|\bEmpty\("([a-z0-9-]+)"`)

// TestEveryIconIsInTheSprite reads all source for the icons it names.
func TestEveryIconIsInTheSprite(t *testing.T) {
	list, err := os.ReadFile("icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for name := range strings.FieldsSeq(string(list)) {
		have[name] = true
	}
	root := os.DirFS("../..")
	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() != "." && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(p, ".templ") {
			return nil
		}
		raw, err := fs.ReadFile(root, p)
		for _, m := range iconUse.FindAllSubmatch(raw, -1) {
			for _, name := range m[1:] {
				if len(name) > 0 && !have[string(name)] {
					t.Errorf("%s uses the icon %q, which icons.txt lacks", p, name)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
