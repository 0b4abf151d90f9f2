package slips

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sent"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

type listView struct {
	Open, Closed []plan.Slip
	Proposals    []plan.SlipProposal
	Rates        []plan.SlipRate
	Ladder       plan.Ladder
	Today        judge.Date
	Issues       bool // the reader issues slips
}

// list shows what the rule proposes, the slips as they stand, and the units' rates. GET /slips
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.desk.Slips(ctx, plan.SlipQuery{}, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return err
	}
	v := listView{Today: p.desk.Today(), Issues: web.May(ctx, region.PlanSlip)}
	for _, s := range all {
		if s.Outcome == "" {
			v.Open = append(v.Open, s)
		} else {
			v.Closed = append(v.Closed, s)
		}
	}
	if v.Rates = plan.SlipRates(all, v.Today); !v.Issues && !web.May(ctx, region.AuditRead) {
		v.Rates = nil
	}
	if v.Ladder, err = p.desk.Ladder(ctx); err != nil {
		return err
	}
	if v.Issues {
		if v.Proposals, err = p.desk.SlipProposals(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, listPage(v))
}

type newView struct {
	plan.NewSlip
	Title  string // of the item or the row
	Asked  string // name of the unit or the neighbour
	Ladder plan.Ladder
	Key    string
	Errors []ui.FieldError
}

// newPage is the form of a slip: of an item's unit (?item=), or of a neighbour's part of a row (?listing=&member=). GET /slips/new
func (p pages) newPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	n := plan.NewSlip{
		Item: q.Get("item"), Listing: q.Get("listing"), Member: q.Get("member"), Org: q.Get("org"),
		Ground: cmp.Or(plan.SlipGround(q.Get("ground")), plan.SlipOther),
	}
	return p.showNew(w, r, http.StatusOK, n, nil)
}

func (p pages) showNew(w http.ResponseWriter, r *http.Request, status int, n plan.NewSlip, wrong []ui.FieldError) error {
	ctx := r.Context()
	v := newView{NewSlip: n, Key: web.NewRequestKey(), Errors: wrong}
	var err error
	if v.Ladder, err = p.desk.Ladder(ctx); err != nil {
		return err
	}
	v.Level = cmp.Or(v.Level, v.Ladder.Steps[0].Level)
	if n.Member != "" {
		terms, err := p.desk.Terms(ctx, n.Listing)
		if err != nil {
			return web.ErrNotFound
		}
		v.Title, v.Asked = terms.Listing.Words.Title, region.MemberName(n.Member)
	} else {
		item, err := p.desk.Item(ctx, n.Item, "", plan.ViewerOf(web.Actor(r)))
		if err != nil || !item.Own || len(item.Leads) == 0 {
			return web.ErrNotFound
		}
		v.Title = item.Words.Title
		units := slices.Concat(item.Leads, item.Supports)
		at := slices.IndexFunc(units, func(u plan.ItemUnit) bool { return u.Org == p.desk.ID(v.Org) })
		lead := units[max(at, 0)] // who is none of the item's units is not asked
		v.Org, v.Asked = lead.Org, lead.Name
		if v.Words.Basis == "" && len(item.Listings) > 0 {
			l := item.Listings[0]
			v.Words.Basis = t(ctx, "basis.of", "list", l.PlanTitle, "number", l.Words.Number)
		}
	}
	v.Words.Matter = cmp.Or(v.Words.Matter, v.Title)
	return web.ShowStatus(w, r, status, newSlipPage(v))
}

// issue 印发督办单. POST /slips/new
func (p pages) issue(w http.ResponseWriter, r *http.Request) error {
	ctx, field := r.Context(), func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	n := plan.NewSlip{
		Item: field("item"), Listing: field("listing"), Member: field("member"), Org: field("org"),
		Ground: plan.SlipGround(field("ground")), Level: field("level"), Due: judge.Date(field("due")),
		Words: plan.SlipWords{Matter: field("matter"), Basis: field("basis"), Demand: field("demand"), Signer: field("signer")},
	}
	id, err := p.desk.IssueSlip(ctx, web.RequestOf(r), n)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return p.showNew(w, r, http.StatusUnprocessableEntity, n, fields)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(ctx, "issued"))
	return web.Redirect(w, r, "/slip/"+id)
}

type slipView struct {
	plan.Slip
	Ladder plan.Ladder
	Today  judge.Date
	Mine   bool // the next step is the reader's
	// Recounted is the day that a calendar which was entered later would give; empty: the same.
	Recounted   judge.Date
	Provisional bool // the day was counted over a year without a notice
	Key         string
	Under       string // whose form the errors are of
	Text        string // typed and not accepted
	Files       []plan.FileRef
	Errors      []ui.FieldError
}

// slip shows one with its story and what the reader may do next. GET /slip/{id}
func (p pages) slip(w http.ResponseWriter, r *http.Request) error {
	return p.showSlip(w, r, http.StatusOK, slipView{})
}

func (p pages) showSlip(w http.ResponseWriter, r *http.Request, status int, v slipView) (err error) {
	ctx, actor := r.Context(), web.Actor(r)
	if v.Slip, err = p.desk.Slip(ctx, plan.SlipID(r.PathValue("id")), plan.ViewerOf(actor)); err != nil {
		return gone(err)
	}
	if v.Ladder, err = p.desk.Ladder(ctx); err != nil {
		return err
	}
	if v.Recounted, v.Provisional, err = p.desk.Recount(ctx, v.Slip); err != nil {
		return err
	}
	v.Today, v.Mine, v.Key = p.desk.Today(), p.desk.SlipWaits(v.Slip, actor), web.NewRequestKey()
	return web.ShowStatus(w, r, status, slipPage(v))
}

func (p pages) did(w http.ResponseWriter, r *http.Request, under, done string, err error) error {
	return p.didView(w, r, slipView{Under: under, Text: r.PostFormValue(under)}, done, err)
}

// didView leads back to the slip, or shows the form of a refused act again with what it had. What was refused before it was tried stands among v's errors.
func (p pages) didView(w http.ResponseWriter, r *http.Request, v slipView, done string, err error) error {
	ctx := r.Context()
	fields, ok := web.FieldErrors(ctx, err)
	for _, f := range fields {
		if f.Field != "files" {
			f.Field = v.Under
		}
		v.Errors = append(v.Errors, f)
	}
	if ok || len(v.Errors) > 0 {
		return p.showSlip(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/slip/"+r.PathValue("id"))
}

func idOf(r *http.Request) plan.SlipID { return plan.SlipID(r.PathValue("id")) }

// sign 签收. POST /slip/{id}/sign
func (p pages) sign(w http.ResponseWriter, r *http.Request) error {
	return p.did(w, r, "sign", "signed", p.desk.SignSlip(r.Context(), web.RequestOf(r), idOf(r)))
}

// answer 反馈. POST /slip/{id}/answer
func (p pages) answer(w http.ResponseWriter, r *http.Request) error {
	s, err := sent.Read(r, p.desk)
	if err != nil {
		return err
	}
	v := slipView{Under: "answer", Text: s.Text("answer"), Files: s.Files, Errors: s.Errors}
	if len(v.Errors) == 0 {
		err = p.desk.AnswerSlip(r.Context(), s.Req, idOf(r), v.Text, s.Files)
	}
	return p.didView(w, r, v, "answered", err)
}

// mostDays is how many working days may be given for another answer.
const mostDays = 90

// sendBack 退回. POST /slip/{id}/return
func (p pages) sendBack(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue("days")))
	if err != nil || days < 1 || days > mostDays {
		return p.showSlip(w, r, http.StatusUnprocessableEntity, slipView{
			Under: "return", Text: r.PostFormValue("return"),
			Errors: []ui.FieldError{{Field: "days", Text: t(r.Context(), "days.wrong", "most", mostDays)}},
		})
	}
	return p.did(w, r, "return", "returned", p.desk.ReturnSlip(r.Context(), web.RequestOf(r), idOf(r), r.PostFormValue("return"), days))
}

// raise 升级. POST /slip/{id}/raise
func (p pages) raise(w http.ResponseWriter, r *http.Request) error {
	return p.did(w, r, "raise", "raised", p.desk.RaiseSlip(r.Context(), web.RequestOf(r), idOf(r), r.PostFormValue("raise")))
}

// close 销号 or 撤销. POST /slip/{id}/close
func (p pages) close(w http.ResponseWriter, r *http.Request) error {
	outcome := plan.SlipOutcome(r.PostFormValue("outcome"))
	done := "closed"
	if outcome == plan.SlipCancelled {
		done = "cancelled"
	}
	return p.did(w, r, "close", done, p.desk.CloseSlip(r.Context(), web.RequestOf(r), idOf(r), outcome, r.PostFormValue("close")))
}

// stepName is what a step is called: by the member's ladder, or by the interface.
func stepName(ctx context.Context, l plan.Ladder, level string) string {
	if s, ok := l.Step(level); ok && s.Name != "" {
		return s.Name
	}
	switch level {
	case "blue", "yellow", "orange", "red":
		return t(ctx, "level."+level)
	}
	return level
}

// stepTone is the colour of a step as a status has it: the highest is the gravest.
func stepTone(l plan.Ladder, level string) ui.Tone {
	for i, s := range l.Steps {
		switch {
		case s.Level != level:
		case i == len(l.Steps)-1 && i > 0:
			return ui.Late
		case i > 0:
			return ui.Grave
		}
	}
	return ui.Info
}

// stateStatus is how far a slip is, as a chip.
func stateStatus(ctx context.Context, s plan.Slip) ui.Status {
	word := t(ctx, "state."+string(s.State))
	switch s.State {
	case plan.SlipIsDone:
		return ui.Status{Tone: ui.Good, Icon: "checks", Word: word}
	case plan.SlipIsCancelled:
		return ui.Status{Tone: ui.Gone, Icon: "ban", Word: word}
	case plan.SlipIsOverdue:
		return ui.Status{Tone: ui.Late, Icon: "clock-exclamation", Word: word, Why: t(ctx, "due.was", "day", ui.Date(ctx, string(s.Due)))}
	case plan.SlipIsAnswered:
		return ui.Status{Tone: ui.Risk, Icon: "clipboard-check", Word: word}
	}
	return ui.Status{Tone: ui.Info, Icon: "clock", Word: word, Why: t(ctx, "due.by", "day", ui.Date(ctx, string(s.Due)))}
}

// number is the official number of a slip: 督〔2022〕3号.
func number(s plan.Slip) string {
	return "督〔" + strconv.Itoa(s.Year) + "〕" + strconv.Itoa(s.Number) + "号"
}

func rate(r plan.SlipRate) string {
	if r.All == 0 {
		return "–"
	}
	return strconv.Itoa((r.InTime*1000/r.All+5)/10) + " %"
}
