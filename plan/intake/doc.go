// Package intake takes task lists in and gives them out again: the page that uploads a file, the
// preview where a person corrects what was understood and confirms it, and the export in the layout
// the list came in.
//
// Words: a draft (待确认的导入) is an uploaded file under preview; a pair (疑似同一事项) is a new row beside
// work that exists already; a mapping (列对应) says what a column means.
package intake

import (
	"embed"

	"liandong/plan"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// maxUpload is the largest request that uploads a file: the file and the form around it.
var maxUpload = sheet.DefaultLimits.File + 1<<20

// maxReview is the largest form of a preview: thousands of pairs.
const maxReview = 8 << 20

type pages struct{ desk *plan.Desk }

// Routes adds the pages of import and export.
func Routes(site *web.Site, d *plan.Desk) {
	p := &pages{desk: d}
	site.Handle("GET /plan/import", region.PlanImport, p.formPage)
	site.Handle("POST /plan/import", region.PlanImport, p.upload).Body(maxUpload)
	site.Handle("GET /plan/import/sample.xlsx", region.PlanImport, p.sample)
	site.Handle("GET /plan/{key}/import", region.PlanImport, p.formPage)
	site.Handle("POST /plan/{key}/import", region.PlanImport, p.upload).Body(maxUpload)
	site.Handle("GET /plan/{key}/import/{draft}", region.PlanImport, p.review)
	site.Handle("POST /plan/{key}/import/{draft}", region.PlanImport, p.decide).Body(maxReview)
	site.Handle("POST /plan/{key}/import/{draft}/undo", region.PlanLink, p.undo)
	site.Handle("GET /plan/{key}/export.xlsx", region.PlanExport, p.export).Slow()
}
