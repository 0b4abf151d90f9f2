package web

import (
	"context"
	"net/http"

	"liandong/web/ui"
)

// Home is the address of what waits for the seat, which everybody sees first.
const Home = "/"

// watch looks at something that a page tells everybody who is signed in, until it is over.
type watch struct {
	at   string // the page; empty: all of them
	look func(context.Context) ([]ui.Standing, error)
}

// Watch shows what look finds on top of the page at an address, Home for instance, or with "" of every page: what everybody
// must know of the node before he does anything (常驻提示). It is looked for anew on each of these pages and has to be cheap. What
// only some may know or do is left to look, who asks May.
func (s *Site) Watch(at string, look func(context.Context) ([]ui.Standing, error)) {
	s.watches = append(s.watches, watch{at, look})
}

// standing is what holds for this page. A look that fails takes no page with it.
func (st *state) standing(r *http.Request) (all []ui.Standing) {
	if st.identity.Actor.Person == "" {
		return nil
	}
	for _, w := range st.site.watches {
		if w.at != "" && w.at != r.URL.Path {
			continue
		}
		found, err := w.look(r.Context())
		if err != nil {
			st.site.Log.ErrorContext(r.Context(), "what stands on top of pages could not be read", "error", err)
			continue
		}
		all = append(all, found...)
	}
	return all
}
