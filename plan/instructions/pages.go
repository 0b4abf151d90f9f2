package instructions

import (
	"net/http"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sent"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

type listView struct {
	Open, Closed []plan.Instruction
	Today        judge.Date
	Plan         string // key of the list that they are about
	About        string // title of the list that they are about; empty: all are shown
}

// list shows the words that the reader may read, the open ones first. GET /instructions?plan=
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key := r.URL.Query().Get("plan")
	all, err := p.desk.Instructions(ctx, plan.InstructionQuery{Plan: key}, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return err
	}
	v := listView{Today: p.desk.Today(), Plan: key}
	if key != "" {
		list, err := p.desk.List(ctx, plan.ListQuery{Plan: key, Size: 1})
		if err != nil {
			return gone(err)
		}
		v.About = list.Plan.Words.Title
	}
	for _, i := range all {
		if i.Outcome == "" {
			v.Open = append(v.Open, i)
		} else {
			v.Closed = append(v.Closed, i)
		}
	}
	return web.Show(w, r, listPage(v))
}

type newView struct {
	plan.InstructionForm
	Own    bool // it is the reader's own word
	Orgs   []string
	By     string
	Leader string
	Day    string
	Due    string
	Text   string
	Files  []plan.FileRef // kept from an earlier try
	Key    string
	Errors []ui.FieldError
}

// newPage is the form of a word: about an item (?item=), a list (?plan=) or neither. GET /instructions/new
func (p pages) newPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return p.showNew(w, r, http.StatusOK, q.Get("item"), q.Get("plan"), newView{Day: string(p.desk.Today())})
}

func (p pages) showNew(w http.ResponseWriter, r *http.Request, status int, item, key string, v newView) (err error) {
	v.InstructionForm, err = p.desk.InstructionForm(r.Context(), item, key, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	v.Own, v.Key = region.Seat(web.Actor(r).Seat) == region.Leader, web.NewRequestKey()
	if status == http.StatusOK {
		v.Due = string(v.InstructionForm.Due)
		if item != "" && len(v.Near) > 0 {
			v.Orgs = []string{v.Near[0].Org} // the first lead; the others are at hand
		}
	}
	return web.ShowStatus(w, r, status, newWordPage(v))
}

// give 批示, or its entry from paper. POST /instructions/new
func (p pages) give(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := sent.Read(r, p.desk)
	if err != nil {
		return err
	}
	n := plan.NewInstruction{
		Item: s.Text("item"), Plan: s.Text("plan"), Orgs: s.Values["units"], Day: judge.Date(s.Text("day")), Due: judge.Date(s.Text("due")), By: s.Text("by"),
		Words: plan.InstructionWords{Text: s.Text("text"), Leader: s.Text("leader"), Files: s.Files},
	}
	var id string
	if len(s.Errors) == 0 {
		id, err = p.desk.GiveInstruction(ctx, s.Req, n)
		if fields, ok := web.FieldErrors(ctx, err); ok {
			s.Errors = fields
		} else if err != nil {
			return err
		}
	}
	if len(s.Errors) > 0 {
		return p.showNew(w, r, http.StatusUnprocessableEntity, n.Item, n.Plan, newView{
			Orgs: n.Orgs, By: n.By, Leader: n.Words.Leader, Day: string(n.Day), Due: string(n.Due), Text: n.Words.Text, Files: s.Files, Errors: s.Errors,
		})
	}
	web.Flash(w, r, ui.Good, t(ctx, "given"))
	return web.Redirect(w, r, "/instruction/"+id)
}

type oneView struct {
	plan.Instruction
	Today  judge.Date
	Unit   *plan.InstructionUnit // the reader's own, that still has something to do
	Acts   bool                  // the reader returns and closes
	Ends   bool                  // he may close it now
	Key    string
	Under  string // whose form the errors are of
	Text   string // typed and not accepted
	Files  []plan.FileRef
	Errors []ui.FieldError
}

// one shows a word with its story and what the reader may do next. GET /instruction/{id}
func (p pages) one(w http.ResponseWriter, r *http.Request) error {
	return p.showOne(w, r, http.StatusOK, oneView{})
}

func (p pages) showOne(w http.ResponseWriter, r *http.Request, status int, v oneView) (err error) {
	ctx, actor := r.Context(), web.Actor(r)
	if v.Instruction, err = p.desk.Instruction(ctx, r.PathValue("id"), plan.ViewerOf(actor)); err != nil {
		return gone(err)
	}
	v.Today, v.Key = p.desk.Today(), web.NewRequestKey()
	for i, u := range v.Units {
		if u.Org == actor.Org && v.Outcome == "" && web.May(ctx, region.InstructAnswer) {
			v.Unit = &v.Units[i]
		}
	}
	v.Acts = v.Outcome == "" && web.May(ctx, region.PlanInstruct)
	v.Ends = v.Acts && (v.State == plan.InstructionIsAnswered || region.Seat(actor.Seat) == region.Leader)
	return web.ShowStatus(w, r, status, wordPage(v))
}

// did leads back to the word, or shows the form of a refused act again, with what was typed.
func (p pages) did(w http.ResponseWriter, r *http.Request, v oneView, done string, err error) error {
	ctx := r.Context()
	if fields, ok := web.FieldErrors(ctx, err); ok {
		v.Errors = append(v.Errors, fields...)
	} else if err != nil {
		return gone(err)
	}
	if len(v.Errors) == 0 {
		web.Flash(w, r, ui.Good, t(ctx, done))
		return web.Redirect(w, r, "/instruction/"+r.PathValue("id"))
	}
	for i, f := range v.Errors {
		if f.Field == "reason" || f.Field == "" {
			v.Errors[i].Field = v.Under
		}
	}
	return p.showOne(w, r, http.StatusUnprocessableEntity, v)
}

// sign 签收. POST /instruction/{id}/sign
func (p pages) sign(w http.ResponseWriter, r *http.Request) error {
	return p.did(w, r, oneView{Under: "sign"}, "signed", p.desk.SignInstruction(r.Context(), web.RequestOf(r), r.PathValue("id")))
}

// answer 回复. POST /instruction/{id}/answer
func (p pages) answer(w http.ResponseWriter, r *http.Request) error {
	s, err := sent.Read(r, p.desk)
	if err != nil {
		return err
	}
	v := oneView{Under: "answer", Text: s.Text("answer"), Files: s.Files, Errors: s.Errors}
	if len(v.Errors) == 0 {
		err = p.desk.AnswerInstruction(r.Context(), s.Req, r.PathValue("id"), v.Text, s.Files)
	}
	return p.did(w, r, v, "answered", err)
}

// sendBack 退回重办. POST /instruction/{id}/return
func (p pages) sendBack(w http.ResponseWriter, r *http.Request) error {
	text, due := strings.TrimSpace(r.PostFormValue("return")), judge.Date(strings.TrimSpace(r.PostFormValue("due")))
	err := p.desk.ReturnInstruction(r.Context(), web.RequestOf(r), r.PathValue("id"), r.PostFormValue("org"), text, due)
	return p.did(w, r, oneView{Under: "return", Text: text}, "returned", err)
}

// close 办结 or 撤销. POST /instruction/{id}/close
func (p pages) close(w http.ResponseWriter, r *http.Request) error {
	outcome, text := plan.InstructionOutcome(r.PostFormValue("outcome")), strings.TrimSpace(r.PostFormValue("close"))
	v, done := oneView{Under: "close", Text: text}, "closed"
	if outcome == plan.InstructionCancelled {
		v.Under, done = "cancel", "cancelled"
	}
	return p.did(w, r, v, done, p.desk.CloseInstruction(r.Context(), web.RequestOf(r), r.PathValue("id"), outcome, text))
}
