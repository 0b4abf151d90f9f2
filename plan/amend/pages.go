package amend

import (
	"context"
	"embed"
	"net/http"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

type pages struct{ desk *plan.Desk }

// Routes adds the pages.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d}
	site.Handle("GET /amendments", region.PlanRead, p.waiting)
	site.Handle("GET /listing/{id}/amend", region.PlanRead, p.row)
	site.Handle("POST /listing/{id}/amend", region.PlanImport, p.amend).Keep()
	site.Handle("POST /listing/{id}/apply", region.PlanAmend, p.apply).Keep()
	site.Handle("POST /listing/{id}/amend/{amendment}", region.PlanImport, p.answer).Keep()
}

func t(ctx context.Context, key string, args ...any) string { return web.T(ctx, "amend."+key, args...) }

func gone(err error) error {
	for _, code := range []string{"plan.listing-unknown", "plan.not-ours"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}

type waitingView struct{ All []plan.AskedAmendment }

// waiting lists the applications without an answer. GET /amendments
func (p pages) waiting(w http.ResponseWriter, r *http.Request) error {
	actor := web.Actor(r)
	all, err := p.desk.WaitingAmendments(r.Context(), plan.ViewerOf(actor))
	if err != nil {
		return err
	}
	return web.Show(w, r, waitingPage(waitingView{all}))
}

type rowView struct {
	plan.AmendmentPage
	Answers bool // the reader amends and answers
	Applies bool // the reader's unit leads the row and may apply
	Waits   bool // an application of the row has no answer
	Typed   plan.Amendment
	Request string // of its forms
	Own     string // name of the own book, where applications stand
	Under   string // whose form the errors are of: amend, apply, or the id of an application
	Errors  []ui.FieldError
}

// row shows what was amended of a row, and the forms. GET /listing/{id}/amend
func (p pages) row(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, rowView{})
}

func (p pages) show(w http.ResponseWriter, r *http.Request, status int, v rowView) (err error) {
	ctx, actor := r.Context(), web.Actor(r)
	if v.AmendmentPage, err = p.desk.Amendments(ctx, r.PathValue("id"), plan.ViewerOf(actor)); err != nil {
		return gone(err)
	}
	v.Request, v.Own = web.NewRequestKey(), p.desk.Node().BookName(node.Self)
	v.Answers = v.Ours && web.May(ctx, region.PlanImport)
	v.Applies = v.Ours && v.Leads && web.May(ctx, region.PlanAmend)
	for _, a := range v.Asked {
		v.Waits = v.Waits || a.Answered == ""
	}
	return web.ShowStatus(w, r, status, rowPage(v))
}

func typed(r *http.Request) plan.Amendment {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	return plan.Amendment{Deadline: field("deadline"), Target: field("target"), Reason: field("reason")}
}

func (p pages) did(w http.ResponseWriter, r *http.Request, v rowView, done string, err error) error {
	ctx := r.Context()
	if fields, ok := web.FieldErrors(ctx, err); ok {
		v.Errors = fields
		return p.show(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/listing/"+r.PathValue("id")+"/amend")
}

// amend 调整. POST /listing/{id}/amend
func (p pages) amend(w http.ResponseWriter, r *http.Request) error {
	a := typed(r)
	return p.did(w, r, rowView{Typed: a, Under: "amend"}, "amended", p.desk.AmendListing(r.Context(), web.RequestOf(r), r.PathValue("id"), a))
}

// apply 申请调整. POST /listing/{id}/apply
func (p pages) apply(w http.ResponseWriter, r *http.Request) error {
	a := typed(r)
	_, err := p.desk.ProposeAmendment(r.Context(), web.RequestOf(r), r.PathValue("id"), a)
	return p.did(w, r, rowView{Typed: a, Under: "apply"}, "applied", err)
}

// answer 审批. POST /listing/{id}/amend/{amendment}
func (p pages) answer(w http.ResponseWriter, r *http.Request) error {
	id, accepted := r.PathValue("amendment"), r.PostFormValue("answer") == "yes"
	done := "refused"
	if accepted {
		done = "agreed"
	}
	v := rowView{Typed: plan.Amendment{Reason: r.PostFormValue("reason")}, Under: id}
	return p.did(w, r, v, done, p.desk.AnswerAmendment(r.Context(), web.RequestOf(r), id, accepted, r.PostFormValue("reason")))
}

// of is what was typed into a form that was not accepted.
func (v rowView) of(under string) plan.Amendment {
	if v.Under == under {
		return v.Typed
	}
	return plan.Amendment{}
}

func (v rowView) errorsOf(under string) []ui.FieldError {
	if v.Under == under {
		return v.Errors
	}
	return nil
}

func orNone(ctx context.Context, text string) string {
	if text == "" {
		return t(ctx, "none")
	}
	return text
}

func amendedWords(ctx context.Context, a plan.Amended) string {
	if a.Asked {
		return t(ctx, "amended.asked")
	}
	return t(ctx, "amended.own")
}

// answerStatus is what came of an application, as a chip.
func answerStatus(ctx context.Context, a plan.AskedAmendment) ui.Status {
	switch {
	case a.Answered == "":
		return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "status.waits")}
	case a.Accepted:
		return ui.Status{Tone: ui.Good, Icon: "check", Word: t(ctx, "status.yes", "day", ui.Date(ctx, string(a.Answered)))}
	}
	return ui.Status{Tone: ui.Gone, Icon: "x", Word: t(ctx, "status.no", "day", ui.Date(ctx, string(a.Answered))), Why: a.Reason}
}

func wasIs(ctx context.Context, was, is string) string {
	switch {
	case is == "":
		return t(ctx, "same")
	case was == "":
		return is
	}
	return was + " → " + is
}
