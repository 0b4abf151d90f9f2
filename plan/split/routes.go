package split

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

type pages struct{ desk *plan.Desk }

// Routes adds the pages.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d}
	site.Handle("GET /item/{id}/split", region.ShareRead, p.item)
	site.Handle("POST /item/{id}/split", region.PlanSplit, p.ask).Keep()
	site.Handle("GET /shares", region.ShareRead, p.list)
	site.Handle("GET /share/{id}", region.ShareRead, p.share)
	site.Handle("POST /share/{id}/report", region.ShareAnswer, p.report).Body(sent.Body).Keep()
	site.Handle("POST /share/{id}/draft", region.ShareAnswer, p.saveDraft).Body(sent.Body).Keep()
	site.Handle("POST /share/{id}/decline", region.ShareAnswer, p.decline).Keep()
	site.Handle("POST /share/{id}/again", region.PlanSplit, p.again).Keep()
	site.Handle("POST /share/{id}/withdraw", region.PlanSplit, p.withdraw)
	site.Nav(web.NavItem{LabelKey: "split.title", Href: "/shares", Action: region.PlanSplit, Under: []string{"/share/*"}})
}

func t(ctx context.Context, key string, args ...any) string { return web.T(ctx, "split."+key, args...) }

// gone makes what is not there, or not the reader's, the page that says both.
func gone(err error) error {
	for _, code := range []string{"plan.share-unknown", "plan.item-unknown", "plan.not-ours", "plan.not-your-item", "plan.share-period"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}
