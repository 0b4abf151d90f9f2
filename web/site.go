package web

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"liandong/region"
	"liandong/web/assets"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// Options are what a site is made of.
type Options struct {
	Member    string           // name of the member whose node this is: 遂宁市
	Demo      bool             // shows the clock as a demonstration's (演示时钟)
	Now       func() time.Time // the node's clock, for what pages say; nil: the system's
	Log       *slog.Logger     // nil: the default logger
	BehindTLS bool             // people reach the site by https://, here or at a proxy
	// Identify says who asks; the zero Identity is nobody. nil: nobody is ever signed in.
	Identify func(r *http.Request) (Identity, error)
	// Ready are the checks of /readyz by name.
	Ready map[string]func(context.Context) error
}

// Handler answers a request or returns why not; nothing may be written before an error is returned.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one way into the site, as the permission test walks them.
type Route struct {
	Method, Pattern string
	Action          region.Action

	maxBody int64
	slow    bool
	keeps   bool
}

// Body lets the route take request bodies up to n bytes instead of 1 MiB, and gives it ten minutes.
func (r *Route) Body(n int64) *Route {
	r.maxBody, r.slow = n, true
	return r
}

// Slow gives the route ten minutes instead of one, for large downloads.
func (r *Route) Slow() *Route {
	r.slow = true
	return r
}

// NavItem is an entry of the top bar, shown to the seats that may do its action.
type NavItem struct {
	LabelKey string // key of its text
	Href     string
	Icon     string // of what is a person's own; empty: none
	Action   region.Action
	Group    string   // key of the text of the menu it stands in where the bar would be a long one; empty: never
	Under    []string // patterns (path.Match) of other addresses that belong to it: /item/*
}

// Site routes requests to handlers, each behind its action.
type Site struct {
	Options
	mux     *http.ServeMux
	routes  []*Route
	nav     []NavItem
	search  string
	stage   string
	watches []watch
	mine    []NavItem
	bell    bell
	brand   func(context.Context) (ui.Brand, error)
	metrics *metrics
}

// New makes a site with the routes that every site has: assets, health, metrics, help, settings.
func New(o Options) *Site {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Site{Options: o, mux: http.NewServeMux(), metrics: newMetrics()}
	s.Handle("GET "+assets.Path, region.Public, plain(assets.Handler()))
	s.Handle("GET /healthz", region.Public, healthy)
	s.Handle("GET /readyz", region.Public, s.ready)
	s.Handle("GET /metrics", region.Public, plain(s.metrics.handler()))
	s.Handle("GET /help/http", region.Public, helpHTTP)
	s.Handle("GET /help/keys", region.Public, helpKeys)
	s.Handle("GET /outbox", region.Public, outbox)
	s.Handle("GET /worker.js", region.Public, worker)
	s.Handle("POST /prefs", region.Public, s.setTheme)
	s.mux.HandleFunc("/", s.nowhere)
	return s
}

// plain lets a handler of the standard library serve a route.
func plain(h http.Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	}
}

// Handle adds a route. pattern is that of http.ServeMux with its method; act is the line of the
// permission table it stands under, region.Public if anyone may. A route without a known action is
// a mistake in the program and panics: what nobody allowed is never served.
func (s *Site) Handle(pattern string, act region.Action, h Handler) *Route {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok || !strings.HasPrefix(path, "/") {
		panic(fmt.Sprintf("web: the pattern %q needs a method and a path", pattern))
	}
	if act != region.Public && !slices.Contains(region.Actions(), act) {
		panic(fmt.Sprintf("web: %s names the action %q, which the permission table lacks", pattern, act))
	}
	route := &Route{Method: method, Pattern: path, Action: act, maxBody: 1 << 20}
	s.routes = append(s.routes, route)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(route, h, w, r) })
	return route
}

// Routes lists all routes in the order of their adding.
func (s *Site) Routes() []Route {
	all := make([]Route, len(s.routes))
	for i, r := range s.routes {
		all[i] = *r
	}
	return all
}

// Nav adds entries to the top bar.
func (s *Site) Nav(items ...NavItem) { s.nav = append(s.nav, items...) }

// Mine adds pages of what is a person's own: to his menu, and side by side on each of them.
func (s *Site) Mine(items ...NavItem) { s.mine = append(s.mine, items...) }

// bell is the page of what a person was told, and what counts the unread.
type bell struct {
	path   string
	unread func(ctx context.Context, person string) (int, error)
}

// Bell puts a bell into the top bar of whoever is signed in: it leads to path and shows what unread counts.
func (s *Site) Bell(path string, unread func(ctx context.Context, person string) (int, error)) {
	s.bell = bell{path, unread}
}

// Search puts a search field into the top bar that leads to path with the parameter q, for those whom
// the route of that path lets in.
func (s *Site) Search(path string) { s.search = path }

// Stage lets the strip of the demonstration lead to a page.
func (s *Site) Stage(path string) { s.stage = path }

// nowhere answers what no route takes: 405 where another method would do, 404 otherwise. Who reads an address that takes only a form, as after a
// refused form and Enter in the address bar, is led to the page above it.
func (s *Site) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			allowed = append(allowed, m)
		}
	}
	if to := s.above(r); to != "" && slices.Contains(allowed, http.MethodPost) {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.fail(w, r, errMethod)
		return
	}
	s.fail(w, r, ErrNotFound)
}

// above is the nearest page above an address that is read; empty where nobody reads, or a program does.
func (s *Site) above(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(r.URL.Path, "/api/") {
		return ""
	}
	for at := path.Dir(path.Clean(r.URL.Path)); at != "/" && at != "."; at = path.Dir(at) {
		to := &url.URL{Path: at}
		page := &http.Request{Method: http.MethodGet, URL: to, Host: r.Host}
		if _, pattern := s.mux.Handler(page); strings.HasPrefix(pattern, http.MethodGet+" ") {
			return Local(to.EscapedPath())
		}
	}
	return ""
}
