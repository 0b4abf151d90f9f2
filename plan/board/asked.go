package board

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// answerForm is what a coordinator answers to a neighbour's row.
type answerForm struct {
	Item, Lead, Reason, Day, Request string
	Errors                           []ui.FieldError
}

// asked lists what neighbours ask of this member. GET /asked
func (b board) asked(w http.ResponseWriter, r *http.Request) error {
	all, err := b.desk.AskedOfUs(r.Context())
	if err != nil {
		return err
	}
	changes, err := b.desk.ChangesForUs(r.Context())
	if err != nil {
		return err
	}
	refused, err := b.desk.RefusedByNeighbours(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, askedPage(all, refused, changes, b.desk.Node().Member, viewOf(r, b.desk.Today())))
}

// askAnswer shows one row with the answers to choose from. GET /asked/{id}
func (b board) askAnswer(w http.ResponseWriter, r *http.Request) error {
	return b.showAnswer(w, r, http.StatusOK, answerForm{})
}

func (b board) showAnswer(w http.ResponseWriter, r *http.Request, status int, f answerForm) error {
	page, err := b.desk.AskedRow(r.Context(), r.PathValue("id"))
	if err != nil {
		return gone(err)
	}
	f.Request = b.desk.Node().RandomText()
	if f.Lead == "" && status == http.StatusOK {
		f.Lead = namedUnit(page, b.desk.Node().Member)
	}
	return web.ShowStatus(w, r, status, answerPage(page, f, b.desk.Node().Member))
}

// postClaim claims it. POST /asked/{id}/claim
func (b board) postClaim(w http.ResponseWriter, r *http.Request) error {
	f := answerForm{Item: r.PostFormValue("item"), Lead: r.PostFormValue("lead")}
	var leads []string
	if f.Lead != "" {
		leads = []string{f.Lead}
	}
	_, err := b.desk.Claim(r.Context(), web.RequestOf(r), r.PathValue("id"), f.Item, leads)
	return b.answered(w, r, f, err, "asked.claimed")
}

// postDecline declines it or proposes another day. POST /asked/{id}/decline
func (b board) postDecline(w http.ResponseWriter, r *http.Request) error {
	f := answerForm{Reason: strings.TrimSpace(r.PostFormValue("reason")), Day: r.PostFormValue("deadline")}
	_, err := b.desk.Decline(r.Context(), web.RequestOf(r), r.PathValue("id"), f.Reason, judge.Date(f.Day))
	return b.answered(w, r, f, err, "asked.declined")
}

// postAgain asks a neighbour once more that declined. POST /asked/{id}/again
func (b board) postAgain(w http.ResponseWriter, r *http.Request) error {
	member := r.PostFormValue("member")
	if _, err := b.desk.AskAgain(r.Context(), web.RequestOf(r), r.PathValue("id"), member); err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "asked.again.done", "member", region.MemberName(member)))
	return web.Redirect(w, r, "/asked")
}

func (b board) answered(w http.ResponseWriter, r *http.Request, f answerForm, err error, done string) error {
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		f.Errors = fields
		return b.showAnswer(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(r.Context(), done))
	return web.Redirect(w, r, "/asked")
}

// postAsk asks the neighbours whose units a list names. POST /plan/{key}/ask
func (b board) postAsk(w http.ResponseWriter, r *http.Request) error {
	ctx, key := r.Context(), r.PathValue("key")
	n, err := b.desk.AskNeighbours(ctx, web.RequestOf(r), key)
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "asked.asked", "n", n))
	return web.Redirect(w, r, "/plan/"+key)
}

// answerStatus is an answer as a chip.
func answerStatus(ctx context.Context, a plan.Answer, proposed judge.Date) ui.Status {
	switch {
	case a == plan.Claimed:
		return ui.Status{Tone: ui.Good, Icon: "circle-check", Word: t(ctx, "asked.is.claimed")}
	case a == plan.Declined && proposed != "":
		return ui.Status{Tone: ui.Risk, Icon: "calendar-due", Word: t(ctx, "asked.is.proposed", "day", ui.Date(ctx, string(proposed)))}
	case a == plan.Declined:
		return ui.Status{Tone: ui.Risk, Icon: "ban", Word: t(ctx, "asked.is.declined")}
	}
	return ui.Status{Tone: ui.Info, Icon: "clock", Word: t(ctx, "asked.is.open")}
}

// namedUnit is the unit of this member that the row names, if the directory knows exactly one of those by its name or an alias.
func namedUnit(p plan.AskedPage, member string) string {
	named := append(slices.Clone(p.Words.Sides[member].Lead), p.Words.Lead...)
	found := ""
	for _, u := range p.Units {
		if !slices.ContainsFunc(append([]string{u.Name}, u.Aliases...), func(name string) bool { return slices.Contains(named, name) }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = u.ID
	}
	return found
}

// theirUnits are the units that a row names for this member, as its words have them.
func theirUnits(ctx context.Context, a plan.Asked, member string) string {
	if s := a.Words.Sides[member]; len(s.Lead) > 0 {
		return strings.Join(s.Lead, t(ctx, "comma"))
	}
	return strings.Join(a.Words.Lead, t(ctx, "comma"))
}

func itemOptions(ctx context.Context, p plan.AskedPage) []ui.Option {
	all := []ui.Option{{Value: "", Label: t(ctx, "asked.new")}}
	for _, c := range p.Candidates {
		all = append(all, ui.Option{Value: c.Item, Label: c.Title, Hint: strings.Join(c.Lists, t(ctx, "semicolon"))})
	}
	return all
}

func leadOptions(units []region.Org) []ui.Option {
	all := []ui.Option{{}}
	for _, u := range units {
		all = append(all, ui.Option{Value: u.ID, Label: u.Name})
	}
	return all
}

// recordHref leads to the page on which what a member without a node said of a row is recorded.
func recordHref(l plan.ItemListing) string {
	id, _, _ := strings.Cut(l.Listing, "@")
	return "/hearsay?" + url.Values{"circle": {l.Circle}, "about": {id}}.Encode() + "#record"
}
