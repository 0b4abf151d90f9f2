package slips

import (
	"context"
	"embed"

	"liandong/plan"
	"liandong/plan/sent"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct {
	desk *plan.Desk
	demo bool
}

// Routes adds the pages.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d, site.Demo}
	site.Handle("GET /slips", region.SlipRead, p.list)
	site.Handle("GET /slips/new", region.PlanSlip, p.newPage)
	site.Handle("POST /slips/new", region.PlanSlip, p.issue).Keep()
	site.Handle("GET /slips/ladder", region.PlanLegend, p.ladderPage)
	site.Handle("POST /slips/ladder", region.PlanLegend, p.setLadder)
	site.Handle("GET /slip/{id}", region.SlipRead, p.slip)
	site.Handle("GET /slip/{id}/slip.docx", region.SlipRead, p.document)
	site.Handle("POST /slip/{id}/sign", region.SlipAnswer, p.sign)
	site.Handle("POST /slip/{id}/answer", region.SlipAnswer, p.answer).Body(sent.Body).Keep()
	site.Handle("POST /slip/{id}/return", region.PlanSlip, p.sendBack).Keep()
	site.Handle("POST /slip/{id}/raise", region.PlanSlip, p.raise).Keep()
	site.Handle("POST /slip/{id}/close", region.PlanSlip, p.close).Keep()
	site.Nav(web.NavItem{LabelKey: "slips.nav", Href: "/slips", Group: "web.nav.work", Action: region.SlipRead, Under: []string{"/slips/*", "/slip/*"}})
}

func t(ctx context.Context, key string, args ...any) string { return web.T(ctx, "slips."+key, args...) }

// gone makes what is not there, or not the reader's, the page that says both.
func gone(err error) error {
	if refuse.Is(err, "plan.slip-unknown") {
		return web.ErrNotFound
	}
	return err
}
