package webtest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/web"
)

// Room asks the pages of some rooms as whoever: without sign-in, network or browser.
type Room struct {
	T      testing.TB
	Now    func() time.Time
	Routes func(*web.Site) // adds the pages
}

// Site are the pages as who sees them.
func (r Room) Site(who node.Actor) http.Handler {
	s := web.New(web.Options{Member: "遂宁市", Demo: true, Now: r.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Identify: func(*http.Request) (web.Identity, error) {
		return web.Identity{Actor: who, Name: "演示"}, nil
	}})
	r.Routes(s)
	return s.Handler()
}

// Send asks as who.
func (r Room) Send(who node.Actor, req *http.Request) *httptest.ResponseRecorder {
	r.T.Helper()
	w := httptest.NewRecorder()
	r.Site(who).ServeHTTP(w, req)
	return w
}

// Ask asks for a page as who, or with a form, which may be empty, sends it.
func (r Room) Ask(who node.Actor, path string, form url.Values) *httptest.ResponseRecorder {
	r.T.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		req = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r.Send(who, req)
}

// Want checks an answer: its status, without which the test does not go on, and what its page says.
func (r Room) Want(name string, w *httptest.ResponseRecorder, status int, says ...string) *httptest.ResponseRecorder {
	r.T.Helper()
	if w.Code != status {
		r.T.Fatalf("%s: %d, want %d\n%s", name, w.Code, status, w.Body)
	}
	for _, text := range says {
		if !strings.Contains(w.Body.String(), text) {
			r.T.Errorf("%s does not say %q\n%s", name, text, w.Body)
		}
	}
	return w
}
