package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/exchange"
)

// rewrite writes a bundle anew with a change of each file; nil drops it.
func rewrite(t testing.TB, path string, change func(name string, content []byte) []byte) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := filepath.Join(t.TempDir(), "changed.zip")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for _, one := range z.File {
		r, err := one.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if content = change(one.Name, content); content == nil {
			continue
		}
		to, err := w.Create(one.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// replaced changes the files whose name contains a part.
func replaced(part, old, with string) func(name string, content []byte) []byte {
	return func(name string, content []byte) []byte {
		if strings.Contains(name, part) {
			return bytes.Replace(content, []byte(old), []byte(with), 1)
		}
		return content
	}
}

func TestABundleIsNotBelieved(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 300)
	tongnan.attaches(t, "照片")
	tongnan.talks(t, 300)
	true1 := tongnan.exports(t, nil)[0]
	stranger := governs(t, "511500", "yibin.example")
	stranger.recognises(t, suining)
	flip := func(at int) func(name string, content []byte) []byte {
		return func(name string, content []byte) []byte {
			if strings.Contains(name, "/tile/0/001") || strings.Contains(name, "/tile/1/") {
				content[at] ^= 1
			}
			return content
		}
	}
	cases := map[string]string{
		"a changed entry":       rewrite(t, true1, replaced("tile/entries/001", "suitong", "suitang")),
		"a changed hash":        rewrite(t, true1, flip(7)),
		"changed words":         rewrite(t, true1, replaced("beside/256", "遂潼", "遂宁")),
		"a changed head":        rewrite(t, true1, replaced("checkpoint", "\n603\n", "\n604\n")),
		"another book's circle": rewrite(t, true1, replaced("manifest", `"circle": "suitong"`, `"circle": "chengyu"`)),
		"for others":            rewrite(t, true1, replaced("manifest", `"510900"`, `"511500"`)),
		"an unknown maker":      stranger.exports(t, nil)[0],
		"an unknown field":      rewrite(t, true1, replaced("manifest", `"part"`, `"path": "/etc", "part"`)),
		"a book that is missing": rewrite(t, true1, func(name string, content []byte) []byte {
			if strings.Contains(name, "tile/entries/001") {
				return nil
			}
			return content
		}),
	}
	cases["a foreign file"] = withFile(t, true1, "../../etc/passwd", "x")
	cases["a file twice"] = withFile(t, true1, "manifest.json", "{}")
	cases["a bomb"] = bombed(t, true1)
	content, err := os.ReadFile(true1)
	if err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"cut off": len(content) / 2, "without its end": len(content) - 5, "empty": 0} {
		cases[name] = filepath.Join(t.TempDir(), "cut.zip")
		if err := os.WriteFile(cases[name], content[:size], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range cases {
		r := suining.imports(t, path)[0]
		if r.Clean() {
			t.Errorf("%s: taken: %+v", name, r)
		}
		if size := suining.size(t, "500152/suitong"); size != 0 && size != 256 && size != 512 {
			t.Errorf("%s: %d entries were taken", name, size)
		}
		suining.clean(t)
	}
	tongnan2 := tongnan.bytesOf(t, "500152/suitong")
	wrong := rewrite(t, true1, func(name string, content []byte) []byte {
		if strings.HasPrefix(name, "files/") {
			return []byte("照相")
		}
		return content
	})
	if r := suining.imports(t, wrong)[0]; r.Attachments != 0 || r.Clean() || r.Books[0].After != 603 {
		t.Errorf("a changed attachment: %+v", r)
	}
	if r := suining.importsClean(t, true1)[0]; r.Attachments != 1 || suining.bytesOf(t, "500152/suitong") != tongnan2 {
		t.Errorf("after all that: %+v", r)
	}
	if states := suining.states(t); states[0].Tries != 0 || states[0].Stopped {
		t.Errorf("a bad file is the neighbour's fault: %+v", states[0])
	}
}

func withFile(t *testing.T, path, name, text string) string {
	t.Helper()
	added := false
	return rewriteWith(t, path, func(w *zip.Writer) {
		if added {
			return
		}
		added = true
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, text)
	})
}

// bombed has a checkpoint of a gigabyte.
func bombed(t *testing.T, path string) string {
	t.Helper()
	dropped := rewrite(t, path, func(name string, content []byte) []byte {
		if strings.HasSuffix(name, "checkpoint") {
			return nil
		}
		return content
	})
	return rewriteWith(t, dropped, func(w *zip.Writer) {
		f, err := w.Create("500152/suitong/checkpoint")
		if err != nil {
			t.Fatal(err)
		}
		block := make([]byte, 1<<20)
		for range 1 << 10 {
			_, _ = f.Write(block)
		}
	})
}

func rewriteWith(t *testing.T, path string, add func(w *zip.Writer)) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := filepath.Join(t.TempDir(), "more.zip")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for _, one := range z.File {
		if err := w.Copy(one); err != nil {
			t.Fatal(err)
		}
	}
	add(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

func FuzzReadManifest(f *testing.F) {
	f.Add([]byte(`{"format":"liandong-bundle/1","id":"x","part":1,"last":true,"at":"2026-11-26T00:00:00Z","from":{"member":"500152","name":"x","origin":"tongnan.example"},"circle":"suitong","to":["510900"],"books":[{"member":"500152","size":5,"from":0,"to":5}],"heads":[],"cosignatures":[],"attachments":[],"before":[]}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := exchange.ReadManifest(b)
		if err != nil {
			return
		}
		for _, one := range m.Books {
			if one.From < 0 || one.To > one.Size || one.From > one.To {
				t.Errorf("%+v", one)
			}
		}
	})
}

// FuzzOpenBundle: whatever the file is, it is opened or refused, and no name leads out of it.
func FuzzOpenBundle(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"manifest.json":             `{"format":"liandong-bundle/1","id":"x","part":1,"last":true,"at":"2026-11-26T00:00:00Z","from":{"member":"500152","name":"x","origin":"tongnan.example"},"circle":"suitong","to":["510900"],"books":[{"member":"500152","size":5,"from":0,"to":5}],"heads":[],"cosignatures":[],"attachments":[],"before":[]}`,
		"500152/suitong/checkpoint": "x", "500152/suitong/tile/entries/000.p/5": "x", "500152/suitong/beside/0-5": "",
	} {
		to, _ := w.Create(name)
		_, _ = io.WriteString(to, text)
	}
	_ = w.Close()
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()-3])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		exchange.ReadAllOfBundle(context.Background(), content)
	})
}
