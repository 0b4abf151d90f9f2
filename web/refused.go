package web

import (
	"context"
	"errors"
	"slices"
)

// strangers are the refusals of who tried what is not his. A form that is filled in wrongly is none.
var strangers = []string{
	"node.not-permitted", "plan.not-your-item", "plan.not-your-review", "plan.report-not-lead",
	"plan.part-not-support", "plan.file-unknown",
}

// hidden is answered like what is not there, so that nobody learns that it is.
type hidden struct{ why error }

// Hide makes of err what is not there to whoever asked (ErrNotFound); the log keeps why.
func Hide(err error) error { return &hidden{err} }

func (e *hidden) Error() string { return ErrNotFound.Error() + ": " + e.why.Error() }
func (e *hidden) Unwrap() error { return ErrNotFound }

// suspicious is the code of err if somebody tried what is not his, empty otherwise. What the
// permission table refused stands in the log already.
func suspicious(err error) string {
	var why *hidden
	if errors.As(err, &why) {
		err = why.why
	}
	for _, one := range refusals(err) {
		if slices.Contains(strangers, one.Code) {
			return one.Code
		}
	}
	var table *forbidden
	if errors.Is(err, ErrForbidden) && !errors.As(err, &table) {
		return "web.forbidden"
	}
	return ""
}

// warn notes in the log that somebody tried what is not his: what, from which seat and where, and
// neither a person nor an address.
func (st *state) warn(ctx context.Context, err error) {
	code := suspicious(err)
	if code == "" || st.site == nil {
		return
	}
	st.site.Log.WarnContext(ctx, "refused", "request", st.id, "code", code,
		"seat", st.identity.Actor.Seat, "org", st.identity.Actor.Org, "route", st.route)
}
