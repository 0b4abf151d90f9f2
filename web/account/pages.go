package account

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

// Mount adds the pages of signing in and of what is a person's own.
func (a *Accounts) Mount(s *web.Site) {
	a.log, a.name, a.site = s.Log, s.Member, s
	if s.Now != nil {
		a.civil = s.Now
	}
	s.Handle("GET /signin", region.Public, a.recorded(a.signInPage))
	s.Handle("POST /signin", region.Public, a.recorded(a.postSignIn))
	s.Handle("GET /signin/second", region.Public, a.recorded(a.secondPage))
	s.Handle("POST /signin/second", region.Public, a.recorded(a.postSecond))
	s.Handle("POST /signin/passkey/begin", region.Public, a.recorded(a.postPasskeyAsk))
	s.Handle("POST /signin/passkey", region.Public, a.recorded(a.postPasskeySignIn))
	s.Handle("POST /signout", region.SelfAct, a.recorded(a.postSignOut))
	s.Handle("GET /link/{secret}", region.Public, a.recorded(a.linkPage))
	s.Handle("POST /link/{secret}", region.Public, a.recorded(a.postLink))
	s.Handle("POST /me/seat", region.SelfAct, a.recorded(a.postSeat))
	s.Handle("GET /me/sessions", region.SelfAct, a.recorded(a.sessionsPage))
	s.Handle("POST /me/sessions", region.SelfAct, a.recorded(a.postSessions))
	s.Handle("GET /me/password", region.SelfAct, a.recorded(a.passwordPage))
	s.Handle("POST /me/password", region.SelfAct, a.recorded(a.postPassword))
	s.Handle("GET /me/second", region.SelfAct, a.recorded(a.mySecondPage))
	s.Handle("POST /me/second/start", region.SelfAct, a.recorded(a.postSecondStart))
	s.Handle("POST /me/second/confirm", region.SelfAct, a.recorded(a.postSecondConfirm))
	s.Handle("POST /me/second/codes", region.SelfAct, a.recorded(a.postSecondCodes))
	s.Handle("POST /me/second/remove", region.SelfAct, a.recorded(a.postSecondRemove))
	s.Handle("GET /me/passkeys", region.SelfAct, a.recorded(a.passkeysPage))
	s.Handle("POST /me/passkeys/begin", region.SelfAct, a.recorded(a.postPasskeyBegin))
	s.Handle("POST /me/passkeys", region.SelfAct, a.recorded(a.postPasskey))
	s.Handle("POST /me/passkeys/remove", region.SelfAct, a.recorded(a.postPasskeyRemove))
	s.Handle("GET /me/tokens", region.SelfAct, a.recorded(a.tokensPage))
	s.Handle("POST /me/tokens", region.SelfAct, a.recorded(a.postToken))
	s.Handle("POST /me/tokens/revoke", region.SelfAct, a.recorded(a.postRevoke))
	a.providerRoutes(s)
	s.Mine(web.NavItem{LabelKey: "ui.me.sessions", Href: "/me/sessions", Icon: "device-laptop"},
		web.NavItem{LabelKey: "account.password.title", Href: "/me/password", Icon: "lock"},
		web.NavItem{LabelKey: "account.passkeys.title", Href: "/me/passkeys", Icon: "shield-check"},
		web.NavItem{LabelKey: "account.second.title", Href: "/me/second", Icon: "shield-lock"},
		web.NavItem{LabelKey: "ui.me.tokens", Href: "/me/tokens", Icon: "key"})
}

type signInForm struct {
	Login, To string
	Provider  string // how it is called; empty: there is none
	Trouble   string // with it
	Errors    []ui.FieldError
}

func (a *Accounts) signInPage(w http.ResponseWriter, r *http.Request) error {
	to := web.Local(r.URL.Query().Get("to"))
	if web.Actor(r).Person != "" {
		return web.Redirect(w, r, to)
	}
	return web.Show(w, r, signIn(signInForm{To: to, Provider: a.providerName(r.Context())}))
}

func (a *Accounts) postSignIn(w http.ResponseWriter, r *http.Request) error {
	form := signInForm{Login: r.PostFormValue("login"), To: web.Local(r.PostFormValue("to")), Provider: a.providerName(r.Context())}
	in, err := a.signIn(r.Context(), form.Login, r.PostFormValue("password"), a.browserOf(r), form.To)
	if err == nil {
		return a.welcome(w, r, in, form.To)
	}
	status, key := http.StatusUnprocessableEntity, "account.signin.wrong"
	switch {
	case errors.Is(err, web.ErrTooMany):
		status, key = http.StatusTooManyRequests, "account.signin.wait"
		w.Header().Set("Retry-After", "30")
	case !errors.Is(err, errWrong):
		return err
	}
	form.Errors = []ui.FieldError{{Field: "login", Text: web.T(r.Context(), key)}}
	return web.ShowStatus(w, r, status, signIn(form))
}

func (a *Accounts) postSignOut(w http.ResponseWriter, r *http.Request) error {
	provider, err := a.signOut(r.Context(), a.secretOf(r))
	if err != nil {
		return err
	}
	a.setCookie(w, "")
	if provider && a.provider != nil {
		if there := a.provider.ending(web.Here(r, "/signin")); there != "" {
			return web.ShowGone(w, r, alsoThere(a.providerName(r.Context()), there))
		}
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.signedout"))
	return web.Redirect(w, r, "/signin")
}

type linkForm struct {
	Name, Login, Here string
	Least             int    // characters of a password
	Provider          string // how it is called; empty: there is none
	Errors            []ui.FieldError
}

func (a *Accounts) linkPage(w http.ResponseWriter, r *http.Request) error {
	l, err := a.link(r.Context(), r.PathValue("secret"))
	if errors.Is(err, web.ErrNotFound) {
		return web.ShowStatus(w, r, http.StatusNotFound, linkEnded())
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, setPassword(linkForm{Name: l.name, Login: l.login, Least: l.least, Provider: a.providerName(r.Context()), Here: r.URL.Path}))
}

func (a *Accounts) postLink(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), r.PathValue("secret")
	login, password := r.PostFormValue("login"), r.PostFormValue("password")
	person, err := a.useLink(ctx, secret, login, password)
	if errors.Is(err, web.ErrNotFound) {
		return web.ShowStatus(w, r, http.StatusNotFound, linkEnded())
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		l, err := a.link(ctx, secret)
		if err != nil {
			return err
		}
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity,
			setPassword(linkForm{Name: l.name, Login: login, Least: l.least, Provider: a.providerName(ctx), Here: r.URL.Path, Errors: fields}))
	}
	if err != nil {
		return err
	}
	a.log.InfoContext(ctx, "an account was set by a link", "person", person)
	return a.afterLink(w, r, person)
}

// afterLink signs in a person who has just proved himself by a link.
func (a *Accounts) afterLink(w http.ResponseWriter, r *http.Request, person string) error {
	in, err := a.inByLink(r.Context(), person, a.browserOf(r))
	if err != nil {
		return err
	}
	if in.session != "" {
		web.Flash(w, r, ui.Good, web.T(r.Context(), "account.link.done"))
	}
	return a.welcome(w, r, in, "/")
}

func (a *Accounts) postSeat(w http.ResponseWriter, r *http.Request) error {
	id := web.IdentityOf(r.Context())
	fresh, err := a.takeSeat(r.Context(), a.secretOf(r), id, r.PostFormValue("seat"))
	if err != nil {
		return err
	}
	a.setCookie(w, fresh)
	back := web.Local(r.PostFormValue("back"))
	if !a.site.Opens(a.with(r, fresh), back) { // what the seat of before saw, this one may not
		back = web.Home
	}
	return web.Redirect(w, r, back)
}

// lastShown is how many of his last sign-ins a person sees.
const lastShown = 10

func (a *Accounts) sessionsPage(w http.ResponseWriter, r *http.Request) error {
	all, err := a.sessions(r.Context(), web.Actor(r).Person, a.secretOf(r))
	if err != nil {
		return err
	}
	before, err := a.last(r.Context(), web.Actor(r).Person, lastShown)
	if err != nil {
		return err
	}
	return web.Show(w, r, sessionsView(all, before))
}

func (a *Accounts) postSessions(w http.ResponseWriter, r *http.Request) error {
	err := a.endSession(r.Context(), web.Actor(r).Person, r.PostFormValue("end"), a.secretOf(r))
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.sessions.ended"))
	return web.Redirect(w, r, "/me/sessions")
}

func (a *Accounts) passwordPage(w http.ResponseWriter, r *http.Request) error {
	rules, err := a.rules(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, changePassword(rules.Password, nil))
}

func (a *Accounts) postPassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := a.changePassword(ctx, web.Actor(r).Person, a.secretOf(r),
		r.PostFormValue("old"), r.PostFormValue("password"))
	fields, wrong := web.FieldErrors(ctx, err)
	switch {
	case err == nil:
		web.Flash(w, r, ui.Good, web.T(ctx, "account.password.done"))
		return web.Redirect(w, r, "/me/sessions")
	case wrong:
	case errors.Is(err, errWrong):
		fields = []ui.FieldError{{Field: "old", Text: web.T(ctx, "account.password.old-wrong")}}
	default:
		return err
	}
	rules, err := a.rules(ctx)
	if err != nil {
		return err
	}
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, changePassword(rules.Password, fields))
}

type tokensData struct {
	Tokens []Token
	Orgs   map[string]string
	Scopes []region.Action
	Fresh  string // a token just made, shown this once
	Form   tokenForm
	Errors []ui.FieldError
}

type tokenForm struct {
	Name   string
	Scopes []string
	Days   string
}

func (a *Accounts) tokensPage(w http.ResponseWriter, r *http.Request) error {
	return a.showTokens(w, r, http.StatusOK, tokensData{Form: tokenForm{Days: "90"}})
}

func (a *Accounts) showTokens(w http.ResponseWriter, r *http.Request, status int, d tokensData) (err error) {
	id := web.IdentityOf(r.Context())
	if d.Tokens, err = a.tokens(r.Context(), id.Actor.Person); err != nil {
		return err
	}
	d.Scopes, d.Orgs = scopesOf(id), map[string]string{}
	for _, s := range id.Seats {
		d.Orgs[s.Org] = s.OrgName
	}
	return web.ShowStatus(w, r, status, tokensView(d))
}

func (a *Accounts) postToken(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	form := tokenForm{Name: r.PostFormValue("name"), Scopes: r.PostForm["scope"], Days: r.PostFormValue("days")}
	days, err := strconv.Atoi(form.Days)
	if err != nil {
		days = 0 // refused below, as a number of days
	}
	var scopes []region.Action
	for _, s := range form.Scopes {
		scopes = append(scopes, region.Action(s))
	}
	secret, err := a.NewToken(ctx, web.IdentityOf(ctx), form.Name, scopes, days)
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return a.showTokens(w, r, http.StatusUnprocessableEntity, tokensData{Form: form, Errors: fields})
	}
	if err != nil {
		return err
	}
	return a.showTokens(w, r, http.StatusOK, tokensData{Fresh: secret, Form: tokenForm{Days: "90"}})
}

func (a *Accounts) postRevoke(w http.ResponseWriter, r *http.Request) error {
	if err := a.revokeToken(r.Context(), web.Actor(r).Person, r.PostFormValue("token")); err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.tokens.revoked"))
	return web.Redirect(w, r, "/me/tokens")
}

// actionName is an action in words.
func actionName(ctx context.Context, act region.Action) string {
	return web.T(ctx, "web.action."+string(act))
}
