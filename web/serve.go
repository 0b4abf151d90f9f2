package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"liandong/region"
	"liandong/web/lang"
)

// Handler is the whole site: the routes inside what every request passes.
func (s *Site) Handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Log.WarnContext(r.Context(), "refused a request from another site", "request", stateOf(r.Context()).id)
		s.fail(w, r, errCross)
	}))
	return s.begin(compress(s.recover(cross.Handler(s.mux))))
}

// begin gives the request its id, language and headers, and logs it when it is done. The log names
// the route, never the address: addresses carry what people searched for.
func (s *Site) begin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		st := &state{
			site: s, asked: r, id: rand.Text()[:12], route: "none", theme: themeOf(r),
			key:     r.Header.Get("Idempotency-Key"),
			reading: r.Method == http.MethodGet || r.Method == http.MethodHead,
		}
		var chosen bool
		st.lang, chosen = langOf(r)
		ctx := lang.In(context.WithValue(r.Context(), stateKey{}, st), st.lang)
		s.headers(w.Header(), st)
		seen := &recorder{ResponseWriter: w, status: http.StatusOK}
		if chosen && r.Method == http.MethodGet {
			keepLang(seen, r, st.lang, s.BehindTLS)
		} else {
			next.ServeHTTP(seen, r.WithContext(ctx))
		}
		s.done(r, st, seen, time.Since(start))
	})
}

func (s *Site) done(r *http.Request, st *state, seen *recorder, took time.Duration) {
	s.metrics.observe(st.route, r.Method, seen.status, took)
	level, attrs := slog.LevelInfo, []slog.Attr{
		slog.String("request", st.id), slog.String("method", r.Method), slog.String("route", st.route),
		slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes), slog.Duration("took", took),
		slog.String("seat", st.identity.Actor.Seat), slog.String("org", st.identity.Actor.Org),
	}
	if st.errored != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("accident", st.accident), slog.String("error", st.errored.Error()))
	}
	s.Log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attrs...)
}

func (s *Site) headers(h http.Header, st *state) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
	h.Set("Content-Language", st.lang.Tag())
	h.Set("X-Request-Id", st.id)
	h.Set("Cache-Control", "private, no-cache")
	if s.BehindTLS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
}

// recover makes a panic an accident like any other unforeseen error.
func (s *Site) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// serve is the gate of every route: who asks, whether he may, how much and how long.
func (s *Site) serve(route *Route, h Handler, w http.ResponseWriter, r *http.Request) {
	st := stateOf(r.Context())
	st.route = route.Pattern
	limit := time.Minute
	if route.slow {
		limit = 10 * time.Minute
	}
	// A connection that cannot set deadlines (a test's recorder) has none to set.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(limit))
	_ = control.SetWriteDeadline(time.Now().Add(limit))
	r.Body = http.MaxBytesReader(w, r.Body, route.maxBody)
	if err := s.admit(route.Action, st, r); err != nil {
		s.turnAway(w, r, route, err)
		return
	}
	if err := h(w, r); err != nil {
		s.fail(w, r, err)
	}
}

func (s *Site) admit(act region.Action, st *state, r *http.Request) (err error) {
	if s.Identify != nil {
		if st.identity, err = s.Identify(r); err != nil && act != region.Public {
			return err
		}
	}
	switch {
	case st.identity.May(act):
		return nil
	case st.identity.Actor.Person == "":
		return ErrUnauthorized
	}
	s.Log.WarnContext(r.Context(), "refused by the permission table", "request", st.id, "route", st.route,
		"action", string(act), "person", st.identity.Actor.Person, "seat", st.identity.Actor.Seat, "org", st.identity.Actor.Org)
	return &forbidden{act}
}

// forbidden is ErrForbidden with the action, so that the page can offer a seat that may.
type forbidden struct{ act region.Action }

func (e *forbidden) Error() string { return "forbidden: " + string(e.act) }
func (e *forbidden) Unwrap() error { return ErrForbidden }

// turnAway leads a reader who is not signed in to the sign-in page and back, and gives a writer
// back what he wrote. Whose seat waits for a second factor is led to where he sets one up.
func (s *Site) turnAway(w http.ResponseWriter, r *http.Request, route *Route, err error) {
	if errors.Is(err, ErrUnauthorized) && route.keeps && !wantsJSON(r) {
		s.expired(w, r)
		return
	}
	if errors.Is(err, ErrUnauthorized) && r.Method == http.MethodGet && !wantsJSON(r) {
		http.Redirect(w, r, "/signin?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	if r.Method == http.MethodGet && !wantsJSON(r) && stateOf(r.Context()).identity.waits(route.Action) {
		http.Redirect(w, r, "/me/second", http.StatusSeeOther)
		return
	}
	s.fail(w, r, err)
}

func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") ||
		strings.Contains(r.Header.Get("Accept"), "json") && !strings.Contains(r.Header.Get("Accept"), "text/html")
}

// Serve serves until ctx ends, then lets requests under way finish for ten seconds.
func Serve(ctx context.Context, server *http.Server, listen func() error) error {
	failed := make(chan error, 1)
	go func() { failed <- listen() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
