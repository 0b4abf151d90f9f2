package instructions

import (
	"net/http"

	"liandong/plan"
	"liandong/plan/letter"
	"liandong/web"
)

// itemSubmission is the paper about an item that is laid before a leader. GET /item/{id}/submission.docx?to=
func (p pages) itemSubmission(w http.ResponseWriter, r *http.Request) error {
	return p.submission(w, r, plan.SubmissionQuery{Item: r.PathValue("id"), To: r.URL.Query().Get("to")})
}

// listSubmission is the paper about a list. GET /plan/{key}/submission.docx?to=
func (p pages) listSubmission(w http.ResponseWriter, r *http.Request) error {
	return p.submission(w, r, plan.SubmissionQuery{Plan: r.PathValue("key"), To: r.URL.Query().Get("to")})
}

func (p pages) submission(w http.ResponseWriter, r *http.Request, q plan.SubmissionQuery) error {
	s, err := p.desk.Submission(r.Context(), q, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	s.Demo = p.demo
	content, err := s.Docx()
	if err != nil {
		return err
	}
	return web.Download(w, s.FileName(), letter.DocxType, content)
}
