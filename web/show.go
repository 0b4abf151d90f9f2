package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"liandong/region"
	"liandong/web/lang"
	"liandong/web/ui"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Show answers with a page. It is rendered whole before the first byte goes out, so an error while
// rendering is still a clean error page.
func Show(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	Took(w, r)
	return ShowStatus(w, r, http.StatusOK, page)
}

// ShowStatus is Show with a status: 422 for a form that is shown again, 200 for a page that only asks whether to go on. What was typed is
// not taken by it.
func ShowStatus(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	st := stateOf(r.Context())
	ctx := ui.WithFrame(r.Context(), st.frame(w, r))
	if err := page.Render(ctx, b); err != nil {
		return fmt.Errorf("render the page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	if err != nil && st.site != nil {
		st.site.Log.DebugContext(ctx, "page not sent", "error", err)
	}
	return nil
}

// ShowGone answers with a page to who has just signed out: it is nobody's.
func ShowGone(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	stateOf(r.Context()).identity = Identity{}
	return Show(w, r, page)
}

// Redirect leads to another page of this site after something was done.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	Took(w, r)
	http.Redirect(w, r, Local(to), http.StatusSeeOther)
	return nil
}

// Took tells the browser that a form was taken: what it kept of it until then may go (assets/src/typed.js). The browser names the form, and
// the address that it goes to, by a cookie of that address.
func Took(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	here := r.URL.EscapedPath()
	for _, c := range r.CookiesNamed("typing") { // those of shorter paths come along
		form, to, _ := strings.Cut(c.Value, ".")
		if to, err := url.PathUnescape(to); err != nil || to != here || !formName.MatchString(form) {
			continue
		}
		gone := cookie("typing", "", -1, false)
		gone.Path = here
		http.SetCookie(w, gone)
		taken := cookie("typed-"+form, "1", 3600, stateOf(r.Context()).behindTLS())
		taken.HttpOnly = false // a script of the page reads it
		http.SetCookie(w, taken)
	}
}

var formName = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Local is an address if it leads to a page of this site, "/" otherwise: nobody is sent elsewhere by
// a link that only looks like ours.
func Local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

func (st *state) frame(w http.ResponseWriter, r *http.Request) ui.Frame {
	f := ui.Frame{Theme: st.theme, Who: st.who(), Owner: st.owner(), Person: st.identity.Name, Here: here(r), Flash: takeFlash(w, r)}
	if f.Person == "" {
		f.Person = st.identity.Actor.Person
	}
	if st.site != nil {
		f.Member, f.Demo, f.Stage, f.Now = st.site.Member, st.site.Demo, st.site.stage, st.site.Now()
		f.Brand = st.site.brandFor(r.Context())
		f.Nav = st.site.navFor(st, r.URL.Path)
		if f.Person != "" {
			f.Mine, f.Bell = st.site.mineFor(st, r.URL.Path), st.site.bellFor(r.Context(), st.identity.Actor.Person)
		}
		if st.site.leadsTo(st.identity, st.site.search) {
			f.Search = st.site.search
		}
		f.Standing = st.standing(r)
		if r.URL.Path == st.site.search {
			f.Query = r.URL.Query().Get("q")
		}
	}
	for _, s := range st.identity.Seats {
		f.Seats = append(f.Seats, ui.SeatChoice{
			Value: SeatValue(s), Org: s.OrgName, Seat: seatText(st.lang, s),
			Current: s.Org == st.identity.Actor.Org && string(s.Seat) == st.identity.Actor.Seat && s.For == st.identity.Actor.For,
		})
	}
	return f
}

// SeatValue is how forms name a seat.
func SeatValue(s region.SeatAt) string {
	if s.For != "" {
		return string(s.Seat) + "@" + s.Org + "@" + s.For
	}
	return string(s.Seat) + "@" + s.Org
}

// seatText is the name of a seat, and for whom it is taken: 填报员（代周禾）.
func seatText(l lang.Lang, s region.SeatAt) string {
	if s.For == "" {
		return SeatName(l, s.Seat)
	}
	return lang.Text(l, "web.seat.for", "seat", SeatName(l, s.Seat), "person", s.ForName)
}

// SeatName is the name of a seat in the interface (管理员, 协调员 …).
func SeatName(l lang.Lang, s region.Seat) string { return lang.Text(l, "web.seat."+string(s)) }

// here is the page to come back to; in the answer to a POST that is the page the form stood on.
func here(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return Local(from.RequestURI())
	}
	return "/"
}

// Branded lets read say how the platform is called on the pages, and whom they name. It is read for each page and has to be cheap.
func (s *Site) Branded(read func(context.Context) (ui.Brand, error)) { s.brand = read }

// brandFor is how the platform is called now. No page is withheld because that could not be read.
func (s *Site) brandFor(ctx context.Context) (b ui.Brand) {
	if s.brand == nil {
		return b
	}
	b, err := s.brand(ctx)
	if err != nil {
		s.Log.DebugContext(ctx, "what the platform is called here could not be read", "error", err)
	}
	return b
}

// leadsTo says whether a page of the site opens to who asks: what does not is not offered to him.
func (s *Site) leadsTo(id Identity, path string) bool {
	return slices.ContainsFunc(s.routes, func(r *Route) bool {
		return r.Method == http.MethodGet && r.Pattern == path && id.May(r.Action)
	})
}

// mineFor are the pages of what is a person's own.
func (s *Site) mineFor(st *state, here string) (all []ui.NavLink) {
	for _, n := range s.mine {
		all = append(all, ui.NavLink{Label: lang.Text(st.lang, n.LabelKey), Href: n.Href, Icon: n.Icon, Current: here == n.Href})
	}
	return all
}

// bellFor counts what a person has not read. A page is not withheld because that could not be counted.
func (s *Site) bellFor(ctx context.Context, person string) (b ui.Bell) {
	if s.bell.path == "" {
		return b
	}
	n, err := s.bell.unread(ctx, person)
	if err != nil {
		s.Log.DebugContext(ctx, "unread notices could not be counted", "error", err)
	}
	return ui.Bell{Href: s.bell.path, Unread: n}
}

// navFor marks the entry with the longest path that the page stands under.
func (s *Site) navFor(st *state, here string) []ui.NavLink {
	var links []ui.NavLink
	var groups []string // of each
	best, length := -1, 0
	for _, item := range s.nav {
		if !st.identity.May(item.Action) {
			continue
		}
		under := here == item.Href || item.Href != "/" && strings.HasPrefix(here, item.Href+"/") ||
			slices.ContainsFunc(item.Under, func(pattern string) bool { ok, _ := path.Match(pattern, here); return ok })
		if under && len(item.Href) > length {
			best, length = len(links), len(item.Href)
		}
		links, groups = append(links, ui.NavLink{Label: lang.Text(st.lang, item.LabelKey), Href: item.Href}), append(groups, item.Group)
	}
	if best >= 0 {
		links[best].Current = true
	}
	if len(links) <= mostLinks {
		return links
	}
	return grouped(st.lang, links, groups)
}

// mostLinks is how many entries stand side by side before some are put into menus.
const mostLinks = 6

// grouped puts the entries of a group into a menu, where the first of them stood.
func grouped(l lang.Lang, links []ui.NavLink, groups []string) (bar []ui.NavLink) {
	at := map[string]int{}
	for i, link := range links {
		group := groups[i]
		if group == "" {
			bar = append(bar, link)
			continue
		}
		if _, ok := at[group]; !ok {
			at[group] = len(bar)
			bar = append(bar, ui.NavLink{Label: lang.Text(l, group)})
		}
		menu := &bar[at[group]]
		menu.Menu, menu.Current = append(menu.Menu, link), menu.Current || link.Current
	}
	return bar
}
