package meetings

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

// API adds the calls that give a meeting's documents; what is done with meetings stands in plan/api.
func API(calls *api.API, d *plan.Desk) {
	p := pages{d, calls.Demo()}
	for _, s := range []struct {
		id, path, summary string
		of                paper
	}{
		{"meeting-notice", "/meetings/{id}/notice", "The invitation to a meeting as docx (会议通知)", noticePaper},
		{"minutes-document", "/meetings/{id}/minutes/document", "The minutes of a meeting as docx (会议纪要)", minutesPaper},
	} {
		api.RegisterFile(calls, huma.Operation{OperationID: s.id, Method: http.MethodGet, Path: s.path, Tags: []string{"plans"}, Summary: s.summary},
			region.MeetingRead, letter.DocxType, func(ctx context.Context, id string) (string, []byte, error) {
				return p.docx(ctx, id, plan.ViewerOf(web.ActorOf(ctx)), s.of)
			})
	}
}
