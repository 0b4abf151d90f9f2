package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// checkout is a folder of assets with little in it, and an npm that two cannot run at once.
func checkout(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"src/app.css": "a { color: red }", "src/dark.css": "a { color: blue }", "src/app.js": "console.log(1);", "src/worker.js": "console.log(2);",
		"src/mark.svg": "<svg/>", "src/check/page.html": "<style>/*css*/</style><script>/*js*/</script>", "src/check/page.css": "p { margin: 0 }",
		"src/check/page.js": "console.log(3);", "icons.txt": "", "package-lock.json": "{}", "dist/.keep": "", "dist/app.0123456789.js": "old",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	npm := "#!/bin/sh\nmkdir node_modules || exit 1\necho ran >> npm-ran\nsleep 0.2\ntouch node_modules/.package-lock.json\n"
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte(npm), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir
}

// TestTwoBuildsAtOnce: the second waits for the first, and leaves what it finds done.
func TestTwoBuildsAtOnce(t *testing.T) {
	dir := checkout(t)
	done := make(chan error)
	for range 2 {
		go func() { done <- run(dir) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if ran, err := os.ReadFile(filepath.Join(dir, "npm-ran")); err != nil || string(ran) != "ran\n" {
		t.Errorf("npm ran %q, %v; want once", ran, err)
	}
	manifest := filepath.Join(dir, "dist", "manifest.json")
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(manifest, past, past); err != nil {
		t.Fatal(err)
	}
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	if at, err := os.Stat(manifest); err != nil || !at.ModTime().Equal(past) {
		t.Errorf("what stood there was written anew: %v, %v", at, err)
	}
	all, err := filepath.Glob(filepath.Join(dir, "dist", "app.*.js"))
	if err != nil || len(all) != 1 || strings.HasSuffix(all[0], "app.0123456789.js") {
		t.Errorf("an earlier build left its script: %v, %v", all, err)
	}
}
