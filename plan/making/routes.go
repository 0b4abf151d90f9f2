package making

import (
	"context"
	"embed"

	"liandong/plan"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// maxUpload is the largest request that begins a list from a file: the file and the form around it.
var maxUpload = sheet.DefaultLimits.File + 1<<20

// maxComments is the largest form of comments: some on each of thousands of rows.
const maxComments = 8 << 20

type pages struct {
	desk *plan.Desk
	demo bool
}

// Routes adds the pages.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d, site.Demo}
	site.Handle("GET /making", region.PlanDraftRead, p.list)
	site.Handle("GET /making/new", region.PlanDraft, p.newPage)
	site.Handle("POST /making/new", region.PlanDraft, p.begin).Body(maxUpload)
	site.Handle("GET /making/{id}", region.PlanDraft, p.making)
	site.Handle("POST /making/{id}/head", region.PlanDraft, p.setHead)
	site.Handle("POST /making/{id}/drop", region.PlanDraft, p.drop)
	site.Handle("GET /making/{id}/row/{row}", region.PlanDraft, p.row)
	site.Handle("POST /making/{id}/row/{row}", region.PlanDraft, p.setRow).Keep()
	site.Handle("POST /making/{id}/row/{row}/move", region.PlanDraft, p.moveRow)
	site.Handle("POST /making/{id}/row/{row}/drop", region.PlanDraft, p.dropRow)
	site.Handle("GET /making/{id}/consult", region.PlanDraft, p.consultPage)
	site.Handle("POST /making/{id}/consult", region.PlanDraft, p.consult).Keep()
	site.Handle("POST /making/{id}/issue", region.PlanDraft, p.issue)
	site.Handle("GET /consultation/{id}", region.PlanDraftRead, p.consultation)
	site.Handle("GET /consultation/{id}/letter.docx", region.PlanDraftRead, p.print("id", p.letter))
	site.Handle("GET /consultation/{id}/comments.docx", region.PlanDraft, p.print("id", p.comments))
	site.Handle("POST /consultation/{id}/recipients", region.PlanDraft, p.more)
	site.Handle("POST /consultation/{id}/comment", region.PlanComment, p.comment).Keep().Body(maxComments)
	site.Handle("POST /consultation/{id}/decide", region.PlanDraft, p.decide).Keep()
	site.Handle("POST /consultation/{id}/withdraw", region.PlanDraft, p.withdraw).Keep()
	site.Handle("GET /plan/{key}/notice.docx", region.PlanExport, p.print("key", p.notice))
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "making."+key, args...)
}

// gone makes what is not there, or not the reader's, the page that says both.
func gone(err error) error {
	if refuse.Is(err, "plan.making-unknown") || refuse.Is(err, "plan.consultation-unknown") {
		return web.ErrNotFound
	}
	return err
}
