package making

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/plan"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// API adds the calls that give the documents of a list in the making and of an issued one; what is done with them stands in plan/api.
func API(calls *api.API, d *plan.Desk) {
	p := pages{d, calls.Demo()}
	for _, s := range []struct {
		id, path, summary string
		act               region.Action
		of                paper
	}{
		{"consultation-letter", "/consultations/{id}/letter", "The request for comments as docx, with the draft list (征求意见函)", region.PlanDraftRead, p.letter},
		{"consultation-comments", "/consultations/{id}/comments/document", "What became of each comment, as docx (意见采纳情况)", region.PlanDraft, p.comments},
		{"list-notice", "/plans/{id}/notice", "An issued list as docx (印发通知)", region.PlanExport, p.notice},
	} {
		api.RegisterFile(calls, huma.Operation{OperationID: s.id, Method: http.MethodGet, Path: s.path, Tags: []string{"plans"}, Summary: s.summary},
			s.act, letter.DocxType, func(ctx context.Context, id string) (string, []byte, error) {
				return p.docx(ctx, id, plan.ViewerOf(web.ActorOf(ctx)), s.of)
			})
	}
}
