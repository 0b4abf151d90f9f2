package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// TestWhatEverybodyMustKnowStandsOnTop: on the page it is for or on all, with its way on, for who is signed in; one that cannot be
// read takes neither the page nor the others with it.
func TestWhatEverybodyMustKnowStandsOnTop(t *testing.T) {
	s := seated(io.Discard)
	says := func(title string) func(context.Context) ([]ui.Standing, error) {
		return func(context.Context) ([]ui.Standing, error) {
			return []ui.Standing{{Tone: ui.Risk, Title: title, More: ui.Link{Label: "去看", Href: "/way"}}}, nil
		}
	}
	s.Watch("", func(context.Context) ([]ui.Standing, error) { return nil, errors.New("no database") })
	s.Watch("", says("只读"))
	s.Watch(web.Home, says("分叉"))
	page := func(w http.ResponseWriter, r *http.Request) error {
		return web.Show(w, r, ui.Layout(ui.Page{Title: "x"}))
	}
	s.Handle("GET /{$}", region.SelfAct, page)
	s.Handle("GET /other", region.SelfAct, page)
	s.Handle("GET /open", region.Public, page)
	for _, c := range []struct {
		path, seat string
		all, home  bool
	}{
		{"/", "reader", true, true},
		{"/other", "reader", true, false},
		{"/open", "", false, false},
	} {
		w := get(s.Handler(), "GET", c.path, c.seat)
		b := w.Body.String()
		if w.Code != 200 || strings.Contains(b, "只读") != c.all || strings.Contains(b, `href="/way"`) != c.all || strings.Contains(b, "分叉") != c.home {
			t.Errorf("%s as %q: %d\n%s", c.path, c.seat, w.Code, b)
		}
	}
}
