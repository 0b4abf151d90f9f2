package gallery_test

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/webtest"
	"liandong/web/webtest/gallery"
)

func site() *web.Site {
	actor := node.Actor{Person: "p1", Org: "fgw", Seat: "coordinator", Member: "510900"}
	s := web.New(web.Options{
		Member: "遂宁市", Demo: true, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC) },
		Identify: func(*http.Request) (web.Identity, error) {
			return web.Identity{Actor: actor, Name: "演示协调员", Seats: []region.SeatAt{
				{Org: "fgw", OrgName: "市发展改革委", Seat: region.Coordinator}, {Org: "jtj", OrgName: "市交通运输局", Seat: region.Reporter},
			}}, nil
		},
	})
	s.Handle("GET /plan/{key}", region.PlanRead, func(w http.ResponseWriter, r *http.Request) error {
		return web.Show(w, r, gallery.Page())
	})
	s.Nav(web.NavItem{LabelKey: "web.home", Href: "/", Action: region.SelfAct},
		web.NavItem{LabelKey: "web.seat.reader", Href: "/plan", Action: region.PlanRead},
		web.NavItem{LabelKey: "web.seat.reviewer", Href: "/review", Action: region.ReportReview})
	s.Search("/search")
	return s
}

// TestEveryPartInEveryLook holds the parts to WCAG 2.2 AA and to the width of the screen.
func TestEveryPartInEveryLook(t *testing.T) {
	base := webtest.Serve(t, site().Handler())
	b := webtest.Start(t)
	for name, look := range webtest.Looks {
		t.Run(name, func(t *testing.T) {
			p := b.Open(t, base, look)
			p.Go("/plan/suitong")
			p.Shot("gallery-" + name)
			if !look.Print {
				p.Axe()
			}
			p.FitsWidth()
		})
	}
	t.Run("other pages", func(t *testing.T) {
		p := b.Open(t, base, webtest.Desk)
		for _, path := range []string{"/help/http", "/help/keys", "/nowhere"} {
			p.Go(path)
			p.Shot("page" + path[len(path)-4:])
			p.Axe()
		}
	})
}
