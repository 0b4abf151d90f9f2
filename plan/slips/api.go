package slips

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

// API adds the call that gives a slip as the document that is printed; what is done with slips stands in plan/api.
func API(calls *api.API, d *plan.Desk) {
	p := pages{d, calls.Demo()}
	api.RegisterFile(calls, huma.Operation{
		OperationID: "slip-document", Method: http.MethodGet, Path: "/slips/{id}/document", Tags: []string{"plans"}, Summary: "A slip as docx, to be printed and signed (督办单)",
	}, region.SlipRead, letter.DocxType, func(ctx context.Context, id string) (string, []byte, error) {
		name, content, err := p.docx(ctx, plan.SlipID(id), plan.ViewerOf(web.ActorOf(ctx)))
		return name, content, gone(err)
	})
}
