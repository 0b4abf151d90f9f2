// Command build makes web/assets/dist: the style sheets, the script and the icon sprite under hashed
// names, each also compressed with gzip and brotli, and manifest.json that maps plain names to them.
//
//	go run ./web/assets/build
//
// It fetches the npm packages first when they are missing or older than the lock file. Of two that are begun at once in
// one checkout the second waits for the first, and then finds all done.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/rogpeppe/go-internal/lockedfile"
)

func main() {
	if err := run(filepath.Join("web", "assets")); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, ".build.lock")).Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return build(dir)
}

func build(dir string) error {
	if err := fetch(dir); err != nil {
		return fmt.Errorf("fetch npm packages: %w", err)
	}
	files, err := bundle(dir)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	if files["icons.svg"], err = sprite(dir); err != nil {
		return fmt.Errorf("icon sprite: %w", err)
	}
	if files["mark.svg"], err = os.ReadFile(filepath.Join(dir, "src", "mark.svg")); err != nil {
		return err
	}
	if files["check.html"], err = checker(dir); err != nil {
		return fmt.Errorf("checker: %w", err)
	}
	return write(filepath.Join(dir, "dist"), files)
}

// fetch runs npm only when the lock file is newer than what npm left behind.
func fetch(dir string) error {
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	have, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && !have.ModTime().Before(lock.ModTime()) {
		return nil
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = dir, os.Stderr, os.Stderr
	if err := npm.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return errors.New("npm is not installed; it fetches the icons (install Node.js with npm)")
		}
		return fmt.Errorf("npm ci: %w", err)
	}
	return nil
}

// bundle minifies for Chromium 86, the oldest browser we promise to serve.
func bundle(dir string) (map[string][]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{
			filepath.Join(dir, "src", "app.css"), filepath.Join(dir, "src", "dark.css"), filepath.Join(dir, "src", "app.js"), filepath.Join(dir, "src", "worker.js"),
		},
		Outdir:            filepath.Join(dir, "dist"),
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifySyntax:      true,
		MinifyIdentifiers: true,
		Engines:           []api.Engine{{Name: api.EngineChrome, Version: "86"}},
		Format:            api.FormatIIFE,
		LegalComments:     api.LegalCommentsNone,
		LogLevel:          api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors, the first: %s", len(result.Errors), result.Errors[0].Text)
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}

// checker is one file that checks proofs without any node: its style and its script stand in the page.
func checker(dir string) ([]byte, error) {
	from := filepath.Join(dir, "src", "check")
	page, err := os.ReadFile(filepath.Join(from, "page.html"))
	if err != nil {
		return nil, err
	}
	for _, part := range []struct{ entry, mark string }{{"page.css", "/*css*/"}, {"page.js", "/*js*/"}} {
		result := api.Build(api.BuildOptions{
			EntryPoints: []string{filepath.Join(from, part.entry)}, Bundle: true, Format: api.FormatIIFE, Charset: api.CharsetASCII,
			MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true, LegalComments: api.LegalCommentsNone,
			Engines: []api.Engine{{Name: api.EngineChrome, Version: "86"}}, LogLevel: api.LogLevelWarning,
		})
		if len(result.Errors) > 0 {
			return nil, fmt.Errorf("%s: %s", part.entry, result.Errors[0].Text)
		}
		page = bytes.Replace(page, []byte(part.mark), bytes.TrimSpace(result.OutputFiles[0].Contents), 1)
	}
	return page, nil
}

var shapes = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

// sprite joins the icons of icons.txt as symbols; stroke and fill are set by the style sheet.
func sprite(dir string) ([]byte, error) {
	list, err := os.ReadFile(filepath.Join(dir, "icons.txt"))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for name := range strings.Lines(string(list)) {
		name = strings.TrimSpace(name)
		if name == "" || strings.HasPrefix(name, "#") {
			continue
		}
		svg, err := os.ReadFile(filepath.Join(dir, "node_modules", "@tabler", "icons", "icons", "outline", name+".svg"))
		if err != nil {
			return nil, err
		}
		m := shapes.FindSubmatch(svg)
		if m == nil {
			return nil, fmt.Errorf("%s.svg is not an svg", name)
		}
		inner := strings.ReplaceAll(string(m[1]), `<path stroke="none" d="M0 0h24v24H0z" fill="none" />`, "")
		fmt.Fprintf(&b, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, strings.Join(strings.Fields(inner), " "))
	}
	b.WriteString(`</svg>`)
	return b.Bytes(), nil
}

// write leaves in dist the files, their manifest and .keep, which lets a fresh clone compile before the first build. What stands there
// already is left alone: somebody may be compiling with it.
func write(dist string, files map[string][]byte) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	manifest, all := map[string]string{}, map[string][]byte{".keep": nil}
	for name, content := range files {
		sum := sha256.Sum256(content)
		ext := filepath.Ext(name)
		manifest[name] = strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		if err := compress(all, manifest[name], content); err != nil {
			return err
		}
	}
	list, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	all["manifest.json"] = append(list, '\n')
	for name, content := range all {
		if had, err := os.ReadFile(filepath.Join(dist, name)); err == nil && bytes.Equal(had, content) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dist, name), content, 0o644); err != nil {
			return err
		}
	}
	return sweep(dist, all)
}

// sweep removes what an earlier build left.
func sweep(dist string, but map[string][]byte) error {
	entries, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, ours := but[e.Name()]; ours {
			continue
		}
		if err := os.Remove(filepath.Join(dist, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// compress adds the file and its two compressed forms.
func compress(all map[string][]byte, name string, content []byte) error {
	var gz, br bytes.Buffer
	zw, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return err
	}
	bw := brotli.NewWriterLevel(&br, brotli.BestCompression)
	for _, w := range []io.WriteCloser{zw, bw} {
		if _, err := w.Write(content); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	all[name], all[name+".gz"], all[name+".br"] = content, gz.Bytes(), br.Bytes()
	return nil
}
