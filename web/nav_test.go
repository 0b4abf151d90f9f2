package web_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// TestALongBarIsGrouped: who has many entries finds some of them in a menu, which is marked where he is
// and works without scripts; who has few has all side by side.
func TestALongBarIsGrouped(t *testing.T) {
	for _, c := range []struct {
		others int
		menu   bool
	}{{4, false}, {5, true}} {
		s := seated(io.Discard)
		for i := range c.others {
			s.Nav(web.NavItem{LabelKey: "web.home", Href: "/other/" + strconv.Itoa(i), Action: region.PlanRead})
		}
		s.Nav(web.NavItem{LabelKey: "web.seat.auditor", Href: "/books", Action: region.PlanRead, Group: "web.nav.books"},
			web.NavItem{LabelKey: "web.seat.machine", Href: "/notes", Action: region.PlanRead, Group: "web.nav.books"},
			web.NavItem{LabelKey: "web.seat.reader", Href: "/closed", Action: region.OrgWrite, Group: "web.nav.books"})
		s.Handle("GET /notes", region.PlanRead, func(w http.ResponseWriter, r *http.Request) error {
			return web.Show(w, r, ui.Layout(ui.Page{Title: "x"}))
		})
		w := get(s.Handler(), "GET", "/notes", "reader")
		_, bar, _ := strings.Cut(w.Body.String(), `<nav class="nav"`)
		bar, _, _ = strings.Cut(bar, "</nav>")
		if !strings.Contains(bar, `href="/books"`) || !strings.Contains(bar, `href="/notes" aria-current="true"`) || strings.Contains(bar, "/closed") {
			t.Errorf("%d entries: %s", c.others+2, bar)
		}
		if menu := strings.Contains(bar, `<details class="menu here"><summary>账本与各方`); menu != c.menu {
			t.Errorf("%d entries: in a menu %v: %s", c.others+2, menu, bar)
		}
	}
}
