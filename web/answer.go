package web

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// recorder notes what was answered, for log and metrics.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	begun  bool
}

func (w *recorder) WriteHeader(status int) {
	if !w.begun {
		w.status, w.begun = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	w.begun = true
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

var zips = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, 4)
	if err != nil {
		panic(err)
	}
	return z
}}

// zipper compresses texts; it decides when the header is written and the type is known.
type zipper struct {
	http.ResponseWriter
	zip   *gzip.Writer
	begun bool
}

// compress gives pages and JSON in gzip to whoever takes it. Nothing secret stands in our pages
// beside what a reader sends, so their length tells nothing (BREACH).
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, encoding := r.Header["Accept-Encoding"]; !encoding || r.Method == http.MethodHead ||
			!strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipper{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

func (w *zipper) WriteHeader(status int) {
	if !w.begun && status != http.StatusNoContent && status != http.StatusNotModified && status >= 200 {
		w.begun = true
		h := w.Header()
		if compressible(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" && h.Get("Content-Range") == "" {
			h.Set("Content-Encoding", "gzip")
			h.Add("Vary", "Accept-Encoding")
			h.Del("Content-Length")
			w.zip = zips.Get().(*gzip.Writer)
			w.zip.Reset(w.ResponseWriter)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *zipper) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if w.zip != nil {
		return w.zip.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *zipper) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *zipper) close() {
	if w.zip == nil {
		return
	}
	// A reader who has gone does not get the rest; the handler's own writes have failed before.
	_ = w.zip.Close()
	zips.Put(w.zip)
}

func compressible(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	switch kind {
	case "text/html", "text/plain", "text/csv", "application/json", "application/problem+json",
		"application/openapi+json", "application/vnd.oai.openapi+json":
		return true
	}
	return false
}
