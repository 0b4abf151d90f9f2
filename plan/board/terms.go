package board

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

// termsForm is what a coordinator says of a row between equals. Under says which of the page's forms it was.
type termsForm struct {
	Under, Day, Target, State, Reason, Request string
	Errors                                     []ui.FieldError
}

// of is what was typed in one of the page's forms: the others stay empty.
func (f termsForm) of(under string) termsForm {
	if f.Under == under {
		return f
	}
	return termsForm{Under: under, Request: f.Request}
}

// in is the name of a field in one of the page's forms: several of them ask for a reason.
func (f termsForm) in(field string) string { return field + "." + f.Under }

// typed is what was typed into a field of the form.
func (f termsForm) typed(r *http.Request, field string) string {
	return strings.TrimSpace(r.PostFormValue(f.in(field)))
}

// terms shows a row between its member and those it asks. GET /listing/{id}/terms
func (b board) terms(w http.ResponseWriter, r *http.Request) error {
	return b.showTerms(w, r, http.StatusOK, termsForm{})
}

func (b board) showTerms(w http.ResponseWriter, r *http.Request, status int, f termsForm) error {
	page, err := b.desk.Terms(r.Context(), r.PathValue("id"))
	if err != nil {
		return gone(err)
	}
	f.Request = b.desk.Node().RandomText()
	return web.ShowStatus(w, r, status, termsPage(page, f))
}

// postPropose proposes another deadline or target. POST /listing/{id}/propose
func (b board) postPropose(w http.ResponseWriter, r *http.Request) error {
	member := r.PostFormValue("member")
	f := termsForm{Under: r.PostFormValue("under")}
	f.Day, f.Target, f.Reason = f.typed(r, "deadline"), f.typed(r, "target"), f.typed(r, "reason")
	p := plan.Proposed{Words: plan.ChangeWords{Target: f.Target, Reason: f.Reason}}
	if f.Day != "" {
		p.Deadline = judge.Deadline{Kind: judge.By, Date: judge.Date(f.Day)}
	}
	_, err := b.desk.ProposeChange(r.Context(), web.RequestOf(r), r.PathValue("id"), member, p)
	return b.settled(w, r, f, err, "terms.proposed")
}

// postAnswer accepts or refuses a proposal. POST /listing/{id}/answer
func (b board) postAnswer(w http.ResponseWriter, r *http.Request) error {
	at, err := entryOf(r)
	if err != nil {
		return err
	}
	accepted := r.PostFormValue("accepted") == "yes"
	f := termsForm{Under: r.PostFormValue("under")}
	f.Reason = f.typed(r, "reason")
	done := "terms.refused"
	if accepted {
		done = "terms.accepted"
	}
	_, err = b.desk.AnswerChange(r.Context(), web.RequestOf(r), at.Book, at.Index, accepted, f.Reason)
	return b.settled(w, r, f, err, done)
}

// postJudge judges a neighbour's part. POST /listing/{id}/judge
func (b board) postJudge(w http.ResponseWriter, r *http.Request) error {
	item := r.PostFormValue("item")
	f := termsForm{Under: r.PostFormValue("under")}
	f.State, f.Reason = f.typed(r, "state"), f.typed(r, "reason")
	if f.State == "" {
		f.Errors = []ui.FieldError{{Field: f.in("state"), Text: t(r.Context(), "verdict.choose")}}
		return b.showTerms(w, r, http.StatusUnprocessableEntity, f)
	}
	seen, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	state := judge.WorkState(strings.TrimPrefix(f.State, "withdraw"))
	_, err = b.desk.JudgePart(r.Context(), web.RequestOf(r), r.PathValue("id"), item, seen, state, f.Reason)
	return b.settled(w, r, f, err, "verdict.done")
}

// postObject disagrees with a verdict on this member's part. POST /listing/{id}/object
func (b board) postObject(w http.ResponseWriter, r *http.Request) error {
	at, err := entryOf(r)
	if err != nil {
		return err
	}
	f := termsForm{Under: r.PostFormValue("under")}
	f.Reason = f.typed(r, "reason")
	_, err = b.desk.Object(r.Context(), web.RequestOf(r), at.Book, at.Index, f.Reason)
	return b.settled(w, r, f, err, "terms.objected")
}

func (b board) settled(w http.ResponseWriter, r *http.Request, f termsForm, err error, done string) error {
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		for i := range fields {
			fields[i].Field = f.in(fields[i].Field)
		}
		f.Errors = fields
		return b.showTerms(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(r.Context(), done))
	return web.Redirect(w, r, "/listing/"+r.PathValue("id")+"/terms")
}

// entryOf is the entry that a form answers.
func entryOf(r *http.Request) (at node.Position, err error) {
	at.Book = r.PostFormValue("book")
	if at.Index, err = strconv.ParseInt(r.PostFormValue("index"), 10, 64); err != nil {
		return at, web.ErrNotFound
	}
	return at, nil
}

func underEntry(what, book string, index int64) string {
	return what + "-" + book + "-" + strconv.FormatInt(index, 10)
}

// changeText says what is proposed: 完成时限改为9月30日前；目标改为…
func changeText(ctx context.Context, c plan.PartChange) string {
	var all []string
	if c.Deadline.Kind != "" {
		all = append(all, t(ctx, "terms.to-deadline", "deadline", deadlineDay(ctx, c.Deadline)))
	}
	if c.Words.Target != "" {
		all = append(all, t(ctx, "terms.to-target", "target", c.Words.Target))
	}
	return strings.Join(all, t(ctx, "semicolon"))
}

// deadlineDay is a deadline as both sides agreed on it, in the reader's language.
func deadlineDay(ctx context.Context, d judge.Deadline) string {
	if d.Kind == judge.By {
		return t(ctx, "terms.by", "day", ui.Date(ctx, string(d.Date)))
	}
	return t(ctx, "terms."+string(d.Kind))
}

// changeStatus is how far a proposal is.
func changeStatus(ctx context.Context, c plan.PartChange) ui.Status {
	switch {
	case !c.Answered:
		return ui.Status{Tone: ui.Risk, Icon: "clock", Word: t(ctx, "terms.waits", "member", c.To)}
	case c.Accepted && c.Holds:
		return ui.Status{Tone: ui.Good, Icon: "circle-check", Word: t(ctx, "terms.holds")}
	case c.Accepted:
		return ui.Status{Tone: ui.Gone, Icon: "history", Word: t(ctx, "terms.over")}
	}
	return ui.Status{Tone: ui.Gone, Icon: "ban", Word: t(ctx, "terms.is.refused", "member", c.To)}
}

// openTerms are, by row, the terms of the rows of an item that ask somebody.
func (b board) openTerms(ctx context.Context, listings []plan.ItemListing) (map[string]plan.TermsPage, error) {
	all := map[string]plan.TermsPage{}
	for _, l := range listings {
		if len(l.Asked) == 0 {
			continue
		}
		p, err := b.desk.Terms(ctx, l.Listing)
		if err != nil {
			return nil, err
		}
		all[l.Listing] = p
	}
	return all, nil
}
