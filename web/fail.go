package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"liandong/region"
)

// Problem is a trouble as a program reads it (RFC 9457).
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Code     string         `json:"code"`
	Instance string         `json:"instance,omitempty"` // urn of the request
	Accident string         `json:"accident,omitempty"`
	Errors   []FieldProblem `json:"errors,omitempty"`
}

// FieldProblem is what is wrong with one field of a call.
type FieldProblem struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// ProblemOf is err as a program reads it. What nobody foresaw gets a number and goes to the log.
func ProblemOf(ctx context.Context, err error) Problem {
	t := stateOf(ctx).trouble(ctx, err)
	p := Problem{
		Type: "urn:liandong:problem:" + t.Code, Title: t.Title, Status: t.Status, Detail: t.Text,
		Code: t.Code, Instance: "urn:liandong:request:" + stateOf(ctx).id, Accident: t.Accident,
	}
	for _, f := range t.Fields {
		p.Errors = append(p.Errors, FieldProblem{f.Field, f.Text})
	}
	return p
}

// trouble translates err and notes an accident for the request's log line.
func (st *state) trouble(ctx context.Context, err error) Trouble {
	st.warn(ctx, err)
	t := Translate(ctx, err)
	if t.Status == http.StatusInternalServerError {
		st.errored, st.accident = err, rand.Text()[:6]
		t.Accident = st.accident
	}
	return t
}

// fail answers with the page or the problem that err is.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		w.WriteHeader(499) // the reader has gone; nobody sees this but the log
		return
	}
	if wantsJSON(r) {
		p := ProblemOf(r.Context(), err)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(p.Status)
		if err := json.NewEncoder(w).Encode(p); err != nil {
			s.Log.WarnContext(r.Context(), "answer not sent", "error", err)
		}
		return
	}
	st := stateOf(r.Context())
	t := st.trouble(r.Context(), err)
	if shown := ShowStatus(w, r, t.Status, troublePage(t, st.otherSeats(err))); shown != nil {
		http.Error(w, t.Title+"\n"+t.Text+"\n"+t.Accident, t.Status)
	}
}

// otherSeats are the person's seats that could do what his present one may not.
func (st *state) otherSeats(err error) []region.SeatAt {
	var f *forbidden
	if !errors.As(err, &f) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(st.identity.Seats), func(s region.SeatAt) bool {
		return !region.May(s.Seat, f.act)
	})
}
