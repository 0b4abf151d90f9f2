package making

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/ui"
)

type consultView struct {
	plan.Making
	Orgs, Members []ui.Option
	To, Others    []string // chosen
	Unknown       []plan.UnknownName
	Due, Note     string
	Key           string
	Errors        []ui.FieldError
}

// consultPage asks whom to send the list to. GET /making/{id}/consult
func (p pages) consultPage(w http.ResponseWriter, r *http.Request) error {
	return p.showConsult(w, r, http.StatusOK, nil)
}

func (p pages) showConsult(w http.ResponseWriter, r *http.Request, status int, typed *consultView) (err error) {
	ctx := r.Context()
	var v consultView
	if typed != nil {
		v = *typed
	} else {
		due, err := p.desk.CommentsBy(ctx)
		if err != nil {
			return err
		}
		v.Due = string(due)
	}
	if v.Making, err = p.desk.Making(ctx, r.PathValue("id")); err != nil {
		return gone(err)
	}
	whom, err := p.desk.ConsultChoices(ctx, v.Making)
	if err != nil {
		return err
	}
	choose := func(all []plan.Choice, chosen *[]string) (options []ui.Option) {
		for _, c := range all {
			options = append(options, ui.Option{Value: c.ID, Label: c.Name})
			if c.Named && typed == nil { // those that the rows name are proposed
				*chosen = append(*chosen, c.ID)
			}
		}
		return options
	}
	v.Orgs, v.Members, v.Unknown = choose(whom.Orgs, &v.To), choose(whom.Members, &v.Others), whom.Unknown
	v.Key = web.NewRequestKey()
	return web.ShowStatus(w, r, status, consultPage(v))
}

// consult 征求意见. POST /making/{id}/consult
func (p pages) consult(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return err
	}
	v := consultView{To: r.PostForm["to"], Others: r.PostForm["members"], Due: strings.TrimSpace(r.PostFormValue("due")), Note: r.PostFormValue("note")}
	id, err := p.desk.Consult(ctx, web.RequestOf(r), r.PathValue("id"), plan.NewConsultation{
		Orgs: v.To, Members: v.Others, Due: judge.Date(v.Due), Note: v.Note,
	})
	if fields, ok := web.FieldErrors(ctx, err); ok {
		v.Errors = fields
		return p.showConsult(w, r, http.StatusUnprocessableEntity, &v)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "sent"))
	return web.Redirect(w, r, "/consultation/"+id)
}

type consultationView struct {
	*plan.Consultation
	Today    judge.Date
	Comments bool           // the reader may comment
	Said     map[int]string // what he said or typed, by row
	Silent   bool           // he has said nothing yet
	Unit     []string       // what lists call his unit
	Making   string         // the list in the making that it asks about; empty: the reader makes none, or it is over
	Orgs     []ui.Option    // units and neighbours that may be asked besides
	Members  []ui.Option
	To       []string // of these, chosen
	Key      string
	Under    string
	Typed    string
	Errors   []ui.FieldError
}

// consultation shows a draft list: to comment on, or with what was said. GET /consultation/{id}
func (p pages) consultation(w http.ResponseWriter, r *http.Request) error {
	return p.showConsultation(w, r, http.StatusOK, consultationView{})
}

func (p pages) showConsultation(w http.ResponseWriter, r *http.Request, status int, v consultationView) (err error) {
	ctx, actor := r.Context(), web.Actor(r)
	if v.Consultation, err = p.desk.Consultation(ctx, r.PathValue("id"), plan.ViewerOf(actor)); err != nil {
		return gone(err)
	}
	v.Today, v.Key = p.desk.Today(), web.NewRequestKey()
	v.Comments = p.desk.Comments(v.Consultation, actor)
	if own := p.desk.AskedAs(v.Consultation, actor); v.Comments && own != nil {
		v.Silent = own.Day == ""
		_, all, err := p.desk.ListChoices(ctx)
		if err != nil {
			return err
		}
		for _, o := range all {
			if v.Ours && o.ID == own.Asked {
				v.Unit = append(slices.Clone(o.Aliases), o.Name)
			}
		}
		if v.Said == nil {
			v.Said = map[int]string{}
			for _, c := range v.Consultation.Comments() {
				if c.Asked == own.Asked {
					v.Said[c.Row] = c.Text
				}
			}
		}
	}
	if v.decides(ctx) {
		if v.Making, err = p.desk.MakingOf(ctx, v.ID); err != nil {
			return err
		}
		if err := p.others(ctx, &v); err != nil {
			return err
		}
	}
	return web.ShowStatus(w, r, status, consultationPage(v))
}

// others are whom nobody asked yet.
func (p pages) others(ctx context.Context, v *consultationView) error {
	m := plan.Making{Circle: v.Circle}
	if v.Making != "" {
		var err error
		if m, err = p.desk.Making(ctx, v.Making); err != nil {
			return err
		}
	}
	whom, err := p.desk.ConsultChoices(ctx, m)
	if err != nil {
		return err
	}
	left := func(all []plan.Choice) (options []ui.Option) {
		for _, c := range all {
			if !slices.ContainsFunc(v.Asked, func(a plan.ConsultationAsked) bool { return a.Asked == c.ID }) {
				options = append(options, ui.Option{Value: c.ID, Label: c.Name})
			}
		}
		return options
	}
	v.Orgs, v.Members = left(whom.Orgs), left(whom.Members)
	return nil
}

// more 增加征求意见的单位. POST /consultation/{id}/recipients
func (p pages) more(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	to, members := r.PostForm["to"], r.PostForm["members"]
	v := consultationView{Under: "to", To: append(slices.Clone(to), members...)}
	return p.did(w, r, v, "more.done", p.desk.Widen(r.Context(), web.RequestOf(r), r.PathValue("id"), to, members))
}

func (p pages) did(w http.ResponseWriter, r *http.Request, v consultationView, done string, err error) error {
	ctx := r.Context()
	if fields, ok := web.FieldErrors(ctx, err); ok {
		for i := range fields {
			if v.Under != "" {
				fields[i].Field = v.Under
			}
		}
		v.Errors = fields
		return p.showConsultation(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	to := "/consultation/" + r.PathValue("id")
	if v.Under != "" {
		to += "#" + r.PostFormValue("at")
	}
	return web.Redirect(w, r, to)
}

// comment 反馈意见, or 无意见. POST /consultation/{id}/comment
func (p pages) comment(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	v := consultationView{Said: map[int]string{}}
	if r.PostFormValue("none") == "" {
		for name := range r.PostForm {
			if row, err := strconv.Atoi(strings.TrimPrefix(name, "row-")); err == nil && strings.HasPrefix(name, "row-") {
				v.Said[row] = r.PostFormValue(name)
			}
		}
		if v.empty() {
			return p.showConsultation(w, r, http.StatusUnprocessableEntity, consultationView{
				Errors: []ui.FieldError{{Field: "row-0", Text: t(r.Context(), "comment.nothing")}},
			})
		}
	}
	return p.did(w, r, v, "commented", p.desk.Comment(r.Context(), web.RequestOf(r), r.PathValue("id"), v.Said))
}

func (v consultationView) empty() bool {
	for _, text := range v.Said {
		if strings.TrimSpace(text) != "" {
			return false
		}
	}
	return true
}

// decide 意见采纳. POST /consultation/{id}/decide
func (p pages) decide(w http.ResponseWriter, r *http.Request) error {
	row, err := strconv.Atoi(r.PostFormValue("row"))
	index, wrong := strconv.ParseInt(r.PostFormValue("index"), 10, 64)
	if err != nil || wrong != nil {
		return web.ErrNotFound
	}
	v := consultationView{Under: decisionField(r.PostFormValue("book"), index, row), Typed: r.PostFormValue("reason")}
	return p.did(w, r, v, "decided", p.desk.DecideComment(r.Context(), web.RequestOf(r), r.PathValue("id"), r.PostFormValue("book"), index, plan.RowDecision{
		Row: row, Was: plan.Decision(r.PostFormValue("was")), Decision: plan.Decision(r.PostFormValue("decision")), Reason: r.PostFormValue("reason"),
	}))
}

// decisionField is the id of the form on which a comment is decided.
func decisionField(book string, index int64, row int) string {
	return fmt.Sprintf("d-%s-%d-%d", strings.ReplaceAll(book, "/", "-"), index, row)
}

// withdraw 撤回. POST /consultation/{id}/withdraw
func (p pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	v := consultationView{Under: "withdraw-reason", Typed: r.PostFormValue("reason")}
	return p.did(w, r, v, "withdrawn", p.desk.WithdrawConsultation(r.Context(), web.RequestOf(r), r.PathValue("id"), r.PostFormValue("reason")))
}

// parted are the rows that somebody commented on, and the others.
func (v consultationView) parted() (said, quiet []plan.ConsultationLine) {
	for _, l := range v.Rows {
		if len(l.Comments) > 0 {
			said = append(said, l)
		} else {
			quiet = append(quiet, l)
		}
	}
	return said, quiet
}

// concerns says that a row names the reader's unit.
func (v consultationView) concerns(w plan.ListingWords) bool {
	return slices.ContainsFunc(slices.Concat(w.Lead, w.Support), func(name string) bool { return slices.Contains(v.Unit, name) })
}

// typed is what was typed into a form that was not accepted.
func (v consultationView) typed(under string) string {
	if v.Under == under {
		return v.Typed
	}
	return ""
}

// decides says that the reader decides on comments.
func (v consultationView) decides(ctx context.Context) bool {
	return v.Ours && v.Outcome == "" && makes(ctx)
}
