package signing

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
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
	site.Handle("GET /signing", region.ReportSign, p.list)
	site.Handle("GET /signing/{item}/{period}", region.ReportSign, p.one)
	site.Handle("POST /signing/{item}/{period}/sign", region.ReportSign, p.sign)
	site.Handle("POST /signing/{item}/{period}/return", region.ReportSign, p.sendBack).Keep()
	site.Handle("GET /signing/settings", region.SigningWrite, p.settings)
	site.Handle("POST /signing/settings", region.SigningWrite, p.set)
	site.Nav(web.NavItem{LabelKey: "signing.nav", Href: "/signing", Action: region.ReportSign, Under: []string{"/signing/*"}})
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "signing."+key, args...)
}

func periodName(ctx context.Context, p judge.Period) string { return lang.Pick(ctx, p.Zh(), p.En()) }

func oneHref(s plan.Submitted) string {
	return "/signing/" + url.PathEscape(s.Item) + "/" + url.PathEscape(string(s.Period()))
}

// gone makes what does not wait, or not for the reader, the page that says both.
func gone(err error) error {
	for _, code := range []string{"plan.not-submitted", "plan.item-unknown", "plan.not-ours", "plan.not-your-item"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}

type listView struct {
	All   []plan.Submitted
	On    bool // the unit signs its reports
	Today judge.Date
}

// list shows what waits for the reader's signature. GET /signing
func (p pages) list(w http.ResponseWriter, r *http.Request) error {
	all, err := p.desk.ToSign(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	set, err := p.desk.SigningOf(r.Context(), web.Actor(r).Org)
	if err != nil {
		return err
	}
	return web.Show(w, r, listPage(listView{all, set.On, p.desk.Today()}))
}

type oneView struct {
	plan.Submitted
	Form   *plan.FilingForm
	Today  judge.Date
	Key    string
	Reason string
	Errors []ui.FieldError
}

// one shows a draft beside what was said before. GET /signing/{item}/{period}
func (p pages) one(w http.ResponseWriter, r *http.Request) error {
	return p.showOne(w, r, http.StatusOK, "", nil)
}

func (p pages) showOne(w http.ResponseWriter, r *http.Request, status int, reason string, wrong []ui.FieldError) error {
	s, f, err := p.desk.ToSignOne(r.Context(), web.Actor(r), r.PathValue("item"), judge.Period(r.PathValue("period")))
	if err != nil {
		return gone(err)
	}
	return web.ShowStatus(w, r, status, onePage(oneView{s, f, p.desk.Today(), web.NewRequestKey(), reason, wrong}))
}

// did goes on to the list, or shows the draft again.
func (p pages) did(w http.ResponseWriter, r *http.Request, done, reason string, err error) error {
	ctx := r.Context()
	if wrong, ok := web.FieldErrors(ctx, err); ok && !refuse.Is(err, "plan.not-submitted") {
		return p.showOne(w, r, http.StatusUnprocessableEntity, reason, wrong)
	}
	if err != nil {
		return gone(err)
	}
	web.Flash(w, r, ui.Good, t(ctx, done))
	return web.Redirect(w, r, "/signing")
}

func seen(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if err != nil {
		return plan.AnyFiling
	}
	return n
}

// sign 审签. POST /signing/{item}/{period}/sign
func (p pages) sign(w http.ResponseWriter, r *http.Request) error {
	_, err := p.desk.SignReport(r.Context(), web.RequestOf(r), r.PathValue("item"), judge.Period(r.PathValue("period")), seen(r))
	return p.did(w, r, "signed", "", err)
}

// sendBack 审签退回. POST /signing/{item}/{period}/return
func (p pages) sendBack(w http.ResponseWriter, r *http.Request) error {
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	err := p.desk.ReturnSubmission(r.Context(), web.RequestOf(r), r.PathValue("item"), judge.Period(r.PathValue("period")), seen(r), reason)
	return p.did(w, r, "returned", reason, err)
}

type settingsView struct {
	plan.SigningFacts
	Name   string
	Orgs   []region.Org // that the reader may set
	Admin  bool
	Key    string
	Errors []ui.FieldError
}

// settings shows whether an organisation's reports are signed first. GET /signing/settings?org=
func (p pages) settings(w http.ResponseWriter, r *http.Request) error {
	return p.showSettings(w, r, http.StatusOK, r.URL.Query().Get("org"), nil)
}

func (p pages) showSettings(w http.ResponseWriter, r *http.Request, status int, org string, wrong []ui.FieldError) error {
	actor := web.Actor(r)
	v := settingsView{Admin: region.Seat(actor.Seat) == region.Administrator, Key: web.NewRequestKey(), Errors: wrong}
	var err error
	if v.Orgs, err = p.desk.SigningUnits(r.Context(), actor); err != nil {
		return err
	}
	if org == "" && !v.Admin {
		org = actor.Org
	}
	for _, o := range v.Orgs {
		if o.ID == org {
			v.Name = o.Name
		}
	}
	if org != "" && v.Name == "" {
		return web.ErrNotFound
	}
	if v.SigningFacts, err = p.desk.SigningOf(r.Context(), org); err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, settingsPage(v))
}

// set 审签设置. POST /signing/settings
func (p pages) set(w http.ResponseWriter, r *http.Request) error {
	f := plan.SigningFacts{Org: r.PostFormValue("org"), On: r.PostFormValue("on") == "yes", Own: r.PostFormValue("own") != ""}
	err := p.desk.SetSigning(r.Context(), web.RequestOf(r), f)
	if wrong, ok := web.FieldErrors(r.Context(), err); ok {
		return p.showSettings(w, r, http.StatusUnprocessableEntity, f.Org, wrong)
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, t(r.Context(), "set.done"))
	return web.Redirect(w, r, "/signing/settings?org="+url.QueryEscape(f.Org))
}

func onOff(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

func ticked(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

func orgOptions(all []region.Org) (options []ui.Option) {
	for _, o := range all {
		options = append(options, ui.Option{Value: o.ID, Label: o.Name})
	}
	return options
}

func fileHref(index int64, n int) string {
	return "/file/self/" + strconv.FormatInt(index, 10) + "/" + strconv.Itoa(n)
}

// value is a figure of what was said, empty where there is none.
func value(s *plan.Said, indicator string) string {
	if s == nil {
		return ""
	}
	for _, f := range s.Facts.Figures {
		if f.Indicator == indicator {
			return f.Value
		}
	}
	return ""
}

// before is what was said last: accepted for the period, which is corrected now, or of the period before.
func (v oneView) before() *plan.Said {
	if v.Form.Accepted != nil {
		return v.Form.Accepted
	}
	return v.Form.Last
}
