// Package assets serves the style sheet, the script and the icons of the web shell from the binary.
//
// Names carry a hash of the content, so browsers may keep them for ever; a new build has new names.
// The files come from `go run ./web/assets/build`; see docs of that command.
package assets

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

// Path is where Handler must be mounted.
const Path = "/assets/"

var manifest, manifestErr = readManifest(dist)

func readManifest(files fs.FS) (map[string]string, error) {
	raw, err := fs.ReadFile(files, "dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the assets are not built: run `go run ./web/assets/build` and compile again")
	}
	if err != nil {
		return nil, err
	}
	m := map[string]string{}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("asset manifest: %w", err)
	}
	return m, nil
}

// Built says why pages will look bare: nil when the assets stand in the binary.
func Built() error { return manifestErr }

// URL is the address of an asset by its plain name, "app.css". An asset that was not built keeps its
// plain name, which answers 404: the page stays readable without it.
func URL(name string) string {
	if hashed, ok := manifest[name]; ok {
		return Path + hashed
	}
	return Path + name
}

// File is an asset by its plain name, for pages that are a file of their own.
func File(name string) ([]byte, error) {
	hashed, ok := manifest[name]
	if !ok {
		return nil, fmt.Errorf("asset %s: %w", name, fs.ErrNotExist)
	}
	return dist.ReadFile("dist/" + hashed)
}

var types = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// Handler serves the hashed files below Path, in the best compressed form the browser takes.
func Handler() http.Handler {
	served := map[string]bool{}
	for _, hashed := range manifest {
		served[hashed] = true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Path)
		if !served[name] {
			http.NotFound(w, r)
			return
		}
		suffix, encoding := encodingFor(r.Header.Get("Accept-Encoding"))
		body, err := dist.ReadFile("dist/" + name + suffix)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", types[path.Ext(name)])
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		if encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

// encodingFor picks the file suffix and the encoding's name; browsers offer br only over HTTPS.
func encodingFor(accept string) (suffix, encoding string) {
	for _, part := range []struct{ token, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		for offer := range strings.SplitSeq(accept, ",") {
			token, q, _ := strings.Cut(strings.TrimSpace(offer), ";")
			if token == part.token && strings.TrimSpace(q) != "q=0" {
				return part.suffix, part.token
			}
		}
	}
	return "", ""
}
