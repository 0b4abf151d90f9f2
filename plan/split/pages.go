package split

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/sent"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

type listView struct {
	plan.UnitShares
	Today judge.Date
}

// list shows the parts asked of the reader's unit, and those that it asked of others. GET /shares
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	u, err := p.desk.UnitShares(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return web.Show(w, r, listPage(listView{u, p.desk.Today()}))
}

// askForm is what is asked, as typed.
type askForm struct {
	Orgs                         []string
	Text, Due, Indicator, Target string
	Once                         string // "once" or "every"
}

type itemView struct {
	plan.SplitPage
	Today  judge.Date
	Form   askForm
	Key    string
	Errors []ui.FieldError
}

// item shows who owes which part of an item, and lets its lead ask. GET /item/{id}/split?period=
func (p pages) item(w http.ResponseWriter, r *http.Request) error {
	return p.showItem(w, r, http.StatusOK, askForm{Once: "every"}, nil)
}

func (p pages) showItem(w http.ResponseWriter, r *http.Request, status int, f askForm, wrong []ui.FieldError) error {
	s, err := p.desk.Split(r.Context(), r.PathValue("id"), judge.Period(r.FormValue("period")), web.Actor(r))
	if err != nil {
		return gone(err)
	}
	if f.Due == "" && status == http.StatusOK {
		f.Due = string(s.Usual)
	}
	return web.ShowStatus(w, r, status, itemPage(itemView{SplitPage: s, Today: p.desk.Today(), Form: f, Key: web.NewRequestKey(), Errors: wrong}))
}

func askOf(r *http.Request) (plan.NewShare, askForm) {
	_ = r.PostFormValue("text") // reads the form
	f := askForm{
		Orgs: r.PostForm["org"], Text: typed(r, "text"), Due: typed(r, "due"), Indicator: typed(r, "indicator"), Target: typed(r, "target"), Once: r.PostFormValue("once"),
	}
	return plan.NewShare{
		Orgs: f.Orgs, Period: judge.Period(r.PostFormValue("period")), Once: f.Once == "once", Due: judge.Date(f.Due), Indicator: f.Indicator, Target: f.Target, Text: f.Text,
	}, f
}

func typed(r *http.Request, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"))
}

// ask 分解任务. POST /item/{id}/split
func (p pages) ask(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	n, f := askOf(r)
	n.Item = r.PathValue("id")
	ids, err := p.desk.AskShare(ctx, web.RequestOf(r), n)
	if wrong, ok := web.FieldErrors(ctx, err); ok {
		return p.showItem(w, r, http.StatusUnprocessableEntity, f, wrong)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, "asked.done", "n", len(ids)))
	return web.Redirect(w, r, "/item/"+n.Item+"/split?period="+url.QueryEscape(string(n.Period)))
}

type shareView struct {
	plan.ShareLine
	Today      judge.Date
	Indicators []plan.IndicatorLine
	Reports    bool // the reader reports or declines
	Leads      bool // the reader asked for it
	Progress   string
	Problem    string
	Figures    map[string]string
	Files      []plan.FileRef
	Ask        askForm
	Reason     string
	Under      string // whose form the errors are of
	Key        string
	Draft      draft
	Errors     []ui.FieldError
}

// share shows a part for one period, and what the reader may do about it. GET /share/{id}?period=
func (p pages) share(w http.ResponseWriter, r *http.Request) error {
	return p.showShare(w, r, http.StatusOK, shareView{})
}

func (p pages) showShare(w http.ResponseWriter, r *http.Request, status int, v shareView) (err error) {
	actor := web.Actor(r)
	v.ShareLine, v.Indicators, err = p.desk.ShareOf(r.Context(), r.PathValue("id"), judge.Period(r.FormValue("period")), plan.ViewerOf(actor))
	if err != nil {
		return gone(err)
	}
	v.Today, v.Key = p.desk.Today(), web.NewRequestKey()
	v.Reports = plan.MayReportShare(actor, v.Share) && v.State != plan.ShareIsWithdrawn
	v.Leads = plan.MaySplit(actor, v.Lead)
	if v.Under == "" {
		v.take()
		if v.Reports {
			if err := p.resume(r, &v); err != nil {
				return err
			}
		}
	}
	return web.ShowStatus(w, r, status, sharePage(v))
}

// take fills the forms with what was said before.
func (v *shareView) take() {
	v.Figures = map[string]string{}
	if v.Said != nil {
		v.Progress, v.Problem, v.Files = v.Said.Words.Progress, v.Said.Words.Problem, v.Said.Words.Files
		for _, f := range v.Said.Facts.Figures {
			v.Figures[f.Indicator] = f.Value
		}
	}
	v.Ask = askForm{Text: v.Text, Due: string(v.Due), Indicator: v.Indicator, Target: v.Target, Once: "every"}
	if v.Once {
		v.Ask.Once = "once"
	}
}

// did leads back to the part, or shows the form of a refused act again, with what was typed.
func (p pages) did(w http.ResponseWriter, r *http.Request, v shareView, done string, err error) error {
	ctx := r.Context()
	if wrong, ok := web.FieldErrors(ctx, err); ok {
		v.Errors = append(v.Errors, wrong...)
	} else if err != nil {
		return gone(err)
	}
	if len(v.Errors) > 0 {
		for i, f := range v.Errors {
			if f.Field == "reason" || f.Field == "" {
				v.Errors[i].Field = v.Under
			}
		}
		return p.showShare(w, r, http.StatusUnprocessableEntity, v)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/share/"+r.PathValue("id")+"?period="+url.QueryEscape(r.FormValue("period")))
}

// report 报送分工. POST /share/{id}/report
func (p pages) report(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := sent.Read(r, p.desk)
	if err != nil {
		return err
	}
	r.Form = s.Values
	l, indicators, err := p.desk.ShareOf(ctx, r.PathValue("id"), judge.Period(s.Get("period")), plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	v := shareView{Under: "report", Progress: s.Text("progress"), Problem: s.Text("problem"), Figures: map[string]string{}, Files: keptFiles(s, l), Errors: s.Errors}
	v.Draft.Known = versionOf(s)
	facts := plan.ShareReportFacts{Share: l.ID, Period: l.Period}
	for _, i := range indicators {
		text := s.Text("fig-" + i.ID)
		if v.Figures[i.ID] = text; text == "" {
			continue
		}
		value, err := i.Value(text)
		if err != nil {
			wrong, _ := web.FieldErrors(ctx, refuse.New("plan.figure-form", "indicator", i.Name).At("fig-"+i.ID))
			v.Errors = append(v.Errors, wrong...)
			continue
		}
		facts.Figures = append(facts.Figures, plan.FigureFacts{Indicator: i.ID, Value: value})
	}
	if len(v.Errors) == 0 {
		_, err = p.desk.ReportShare(ctx, s.Req, facts, plan.ReportWords{Progress: v.Progress, Problem: v.Problem, Files: v.Files})
		if err == nil {
			err = p.desk.DropTyping(ctx, web.Actor(r), draftName(l), versionOf(s), draftText(s, v.Files))
		}
	}
	return p.did(w, r, v, "reported.done", err)
}

// keptFiles are those sent now and those of the earlier report that are still ticked.
func keptFiles(s *sent.Form, l plan.ShareLine) []plan.FileRef {
	all := s.Files
	if l.Said == nil {
		return all
	}
	for _, f := range l.Said.Words.Files {
		for _, kept := range s.Values["keep"] {
			if kept == f.Blob {
				all = append(all, f)
			}
		}
	}
	return all
}

// decline 退回分工. POST /share/{id}/decline
func (p pages) decline(w http.ResponseWriter, r *http.Request) error {
	reason := typed(r, "decline")
	return p.did(w, r, shareView{Under: "decline", Reason: reason}, "declined.done", p.desk.DeclineShare(r.Context(), web.RequestOf(r), r.PathValue("id"), reason))
}

// withdraw 撤回分工. POST /share/{id}/withdraw
func (p pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	reason := typed(r, "withdraw")
	return p.did(w, r, shareView{Under: "withdraw", Reason: reason}, "withdrawn.done", p.desk.WithdrawShare(r.Context(), web.RequestOf(r), r.PathValue("id"), reason))
}

// again asks once more, otherwise worded or for another day. POST /share/{id}/again
func (p pages) again(w http.ResponseWriter, r *http.Request) error {
	n, f := askOf(r)
	l, _, err := p.desk.ShareOf(r.Context(), r.PathValue("id"), n.Period, plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	n.Item, n.Orgs, n.Share, n.Period = l.Item, []string{l.Org}, l.ID, l.Period
	_, err = p.desk.AskShare(r.Context(), web.RequestOf(r), n)
	return p.did(w, r, shareView{Under: "again", Ask: f}, "again.done", err)
}

// remind is the text that a lead sends by the office's messenger to those who owe a part.
func remind(ctx context.Context, v itemView) string {
	var lines []string
	for _, l := range v.Lines {
		if l.Waits() {
			lines = append(lines, t(ctx, "remind.line", "unit", l.Name, "text", l.Text, "due", ui.Date(ctx, string(l.Due))))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return t(ctx, "remind.head", "title", strings.TrimRight(v.Title, "。"), "period", periodName(ctx, v.Period)) + "\n" + strings.Join(lines, "\n")
}
