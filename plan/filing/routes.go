package filing

import (
	"embed"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// Limits bound what a person may send.
type Limits struct {
	File int64 // bytes of one attachment
}

// DefaultLimits are those of a site that sets none.
var DefaultLimits = Limits{File: plan.DefaultFileLimit}

type pages struct {
	desk   *plan.Desk
	limits Limits
}

// Routes adds the pages with the default limits.
func Routes(site *web.Site, d *plan.Desk) { RoutesWith(site, d, DefaultLimits) }

// RoutesWith adds the pages with limits of the operator's choice.
func RoutesWith(site *web.Site, d *plan.Desk, l Limits) {
	p := &pages{desk: d, limits: l}
	body := plan.MostFiles*l.File + 1<<20
	site.Handle("GET /{$}", region.SelfAct, p.today)
	site.Handle("GET /item/{id}/report", region.ReportFile, p.reportPage)
	site.Handle("POST /item/{id}/report", region.ReportFile, p.postReport).Body(body).Keep()
	site.Handle("POST /item/{id}/report/draft", region.ReportFile, p.reportDraft).Body(body).Keep()
	site.Handle("POST /report/grid/draft", region.ReportFile, p.gridDraft).Keep()
	site.Handle("GET /report/grid", region.ReportFile, p.gridPage)
	site.Handle("POST /report/grid", region.ReportFile, p.postGrid).Keep()
	site.Handle("GET /report/sheet", region.ReportFile, p.sheetPage)
	site.Handle("POST /report/sheet", region.ReportFile, p.postSheet).Body(body).Keep()
	site.Handle("GET /review", region.ReportReview, p.queuePage)
	site.Handle("POST /review", region.ReportReview, p.postQueue)
	site.Handle("GET /review/{item}/{period}", region.ReportReview, p.reviewPage)
	site.Handle("POST /review/{item}/{period}", region.ReportReview, p.postReview).Keep()
	site.Handle("GET /file/{circle}/{index}/{n}", region.AttachmentRead, p.file).Slow()
	site.Handle("GET /file/{member}/{circle}/{index}/{n}", region.AttachmentRead, p.file).Slow()
	site.Nav(
		web.NavItem{LabelKey: "filing.today.nav", Href: "/", Action: region.SelfAct},
		web.NavItem{LabelKey: "filing.review.nav", Href: "/review", Action: region.ReportReview},
		web.NavItem{LabelKey: "filing.grid.nav", Href: "/report/grid", Action: region.ReportFile},
	)
}
