package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// What is to be said once is said to a reader: a page that a device fetches ahead does not use it up, and keeps no copy of it.
func TestAFlashIsSaidToAReader(t *testing.T) {
	s := seated(io.Discard)
	s.Handle("POST /done", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error {
		web.Flash(w, r, ui.Good, "填报已提交")
		return web.Redirect(w, r, "/form")
	})
	s.Handle("GET /form", region.SelfAct, func(w http.ResponseWriter, r *http.Request) error {
		web.KeepOnDevice(w, r)
		return web.Show(w, r, ui.Layout(ui.Page{Title: "填报"}))
	})
	h := s.Handler()
	said := get(h, "POST", "/done", "reporter", "Sec-Fetch-Site", "same-origin").Result().Cookies()
	open := func(header ...string) *httptest.ResponseRecorder {
		for _, c := range said {
			header = append(header, "Cookie", c.Name+"="+c.Value)
		}
		return get(h, "GET", "/form", "reporter", header...)
	}
	if w := open("Liandong-Ahead", "1"); strings.Contains(w.Body.String(), "填报已提交") || len(w.Result().Cookies()) > 0 || w.Header().Get("Liandong-Keep") == "" {
		t.Errorf("fetched ahead: %d, cookies %v, kept by %q", w.Code, w.Result().Cookies(), w.Header().Get("Liandong-Keep"))
	}
	if w := open(); !strings.Contains(w.Body.String(), "填报已提交") || w.Header().Get("Liandong-Keep") != "" {
		t.Errorf("read: %d, kept by %q", w.Code, w.Header().Get("Liandong-Keep"))
	}
}
