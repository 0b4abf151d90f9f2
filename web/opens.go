package web

import (
	"context"
	"net/http"
	"net/url"
)

// Opens says whether a page of this site is shown to who sends the request: neither his seat nor what the page holds keeps it
// from him. The page is made and thrown away, so it is for the rare moment in which a seat changes.
func (s *Site) Opens(r *http.Request, address string) bool {
	at, err := url.Parse(Local(address))
	if err != nil {
		return false
	}
	of := stateOf(r.Context())
	st := &state{site: s, asked: of.asked, id: of.id, lang: of.lang, theme: of.theme, reading: true}
	ask := r.Clone(context.WithValue(r.Context(), stateKey{}, st))
	ask.Method, ask.URL, ask.RequestURI, ask.Body, ask.ContentLength = http.MethodGet, at, at.RequestURI(), http.NoBody, 0
	ask.Form, ask.PostForm, ask.MultipartForm = nil, nil, nil
	ask.Header.Del("Content-Type")
	seen := &blind{header: http.Header{}, status: http.StatusOK}
	s.mux.ServeHTTP(seen, ask)
	return seen.status < http.StatusBadRequest
}

// blind is a page that nobody reads.
type blind struct {
	header http.Header
	status int
}

func (b *blind) Header() http.Header         { return b.header }
func (b *blind) Write(p []byte) (int, error) { return len(p), nil }
func (b *blind) WriteHeader(status int)      { b.status = status }
