package gallery_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"liandong/region"
	"liandong/web"
	"liandong/web/webtest/gallery"
)

// BenchmarkPage is the shell's own share of a page with a table of a hundred rows, compressed.
func BenchmarkPage(b *testing.B) {
	s := site()
	s.Handle("GET /bench", region.PlanRead, func(w http.ResponseWriter, r *http.Request) error {
		return web.Show(w, r, gallery.Rows(100))
	})
	h := s.Handler()
	r := httptest.NewRequest("GET", "/bench", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
