package instructions

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
	site.Handle("GET /instructions", region.InstructRead, p.list)
	site.Handle("GET /instructions/new", region.PlanInstruct, p.newPage)
	site.Handle("POST /instructions/new", region.PlanInstruct, p.give).Body(sent.Body).Keep()
	site.Handle("GET /instruction/{id}", region.InstructRead, p.one)
	site.Handle("POST /instruction/{id}/sign", region.InstructAnswer, p.sign)
	site.Handle("POST /instruction/{id}/answer", region.InstructAnswer, p.answer).Body(sent.Body).Keep()
	site.Handle("POST /instruction/{id}/return", region.PlanInstruct, p.sendBack).Keep()
	site.Handle("POST /instruction/{id}/close", region.PlanInstruct, p.close).Keep()
	site.Handle("GET /glance", region.LeaderRead, p.glance)
	site.Handle("GET /item/{id}/submission.docx", region.LeaderRead, p.itemSubmission)
	site.Handle("GET /plan/{key}/submission.docx", region.LeaderRead, p.listSubmission)
	site.Nav(
		web.NavItem{LabelKey: "instructions.glance", Href: "/glance", Action: region.LeaderRead},
		web.NavItem{LabelKey: "instructions.nav", Href: "/instructions", Group: "web.nav.work", Action: region.InstructRead, Under: []string{"/instructions/*", "/instruction/*"}},
	)
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "instructions."+key, args...)
}

// gone makes what is not there, or not the reader's, the page that says both.
func gone(err error) error {
	for _, code := range []string{"plan.instruction-unknown", "plan.item-unknown", "plan.unknown", "plan.not-ours"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}
