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
	a.log = s.Log
	s.Handle("GET /signin", region.Public, a.signInPage)
	s.Handle("POST /signin", region.Public, a.postSignIn)
	s.Handle("POST /signout", region.SelfAct, a.postSignOut)
	s.Handle("GET /link/{secret}", region.Public, a.linkPage)
	s.Handle("POST /link/{secret}", region.Public, a.postLink)
	s.Handle("POST /me/seat", region.SelfAct, a.postSeat)
	s.Handle("GET /me/sessions", region.SelfAct, a.sessionsPage)
	s.Handle("POST /me/sessions", region.SelfAct, a.postSessions)
	s.Handle("GET /me/password", region.SelfAct, a.passwordPage)
	s.Handle("POST /me/password", region.SelfAct, a.postPassword)
	s.Handle("GET /me/tokens", region.SelfAct, a.tokensPage)
	s.Handle("POST /me/tokens", region.SelfAct, a.postToken)
	s.Handle("POST /me/tokens/revoke", region.SelfAct, a.postRevoke)
}

type signInForm struct {
	Login, To string
	Errors    []ui.FieldError
}

func (a *Accounts) signInPage(w http.ResponseWriter, r *http.Request) error {
	to := web.Local(r.URL.Query().Get("to"))
	if web.Actor(r).Person != "" {
		return web.Redirect(w, r, to)
	}
	return web.Show(w, r, signIn(signInForm{To: to}))
}

func (a *Accounts) postSignIn(w http.ResponseWriter, r *http.Request) error {
	form := signInForm{Login: r.PostFormValue("login"), To: web.Local(r.PostFormValue("to"))}
	secret, err := a.signIn(r.Context(), form.Login, r.PostFormValue("password"), a.addressOf(r), deviceOf(r), a.secretOf(r))
	if err == nil {
		a.setCookie(w, secret)
		return web.Redirect(w, r, form.To)
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
	if err := a.signOut(r.Context(), a.secretOf(r)); err != nil {
		return err
	}
	a.setCookie(w, "")
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.signedout"))
	return web.Redirect(w, r, "/signin")
}

type linkForm struct {
	Name, Login, Here string
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
	return web.Show(w, r, setPassword(linkForm{Name: l.name, Login: l.login, Here: r.URL.Path}))
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
			setPassword(linkForm{Name: l.name, Login: login, Here: r.URL.Path, Errors: fields}))
	}
	if err != nil {
		return err
	}
	a.log.InfoContext(ctx, "an account was set by a link", "person", person)
	return a.enter(w, r, person)
}

// enter signs in a person who has just proved himself by a link.
func (a *Accounts) enter(w http.ResponseWriter, r *http.Request, person string) error {
	secret, err := a.sessionFor(r.Context(), person, deviceOf(r), a.secretOf(r))
	if err != nil {
		return err
	}
	a.setCookie(w, secret)
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.link.done"))
	return web.Redirect(w, r, "/")
}

func (a *Accounts) postSeat(w http.ResponseWriter, r *http.Request) error {
	id := web.IdentityOf(r.Context())
	fresh, err := a.takeSeat(r.Context(), a.secretOf(r), id, r.PostFormValue("seat"))
	if err != nil {
		return err
	}
	a.setCookie(w, fresh)
	return web.Redirect(w, r, r.PostFormValue("back"))
}

func (a *Accounts) sessionsPage(w http.ResponseWriter, r *http.Request) error {
	all, err := a.sessions(r.Context(), web.Actor(r).Person, a.secretOf(r))
	if err != nil {
		return err
	}
	return web.Show(w, r, sessionsView(all))
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
	return web.Show(w, r, changePassword(nil))
}

func (a *Accounts) postPassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := a.changePassword(ctx, web.Actor(r).Person, a.secretOf(r), a.addressOf(r),
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
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, changePassword(fields))
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
