package account

import (
	"context"
	"errors"
	"net/http"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/ui"
)

// providerRoutes adds the pages of signing in by the provider, where there is one.
func (a *Accounts) providerRoutes(s *web.Site) {
	if a.provider == nil {
		return
	}
	s.Handle("GET /signin/provider", region.Public, a.recorded(a.toProvider))
	s.Handle("GET /signin/provider/back", region.Public, a.recorded(a.fromProvider)).Slow()
	s.Handle("GET /link/{secret}/provider", region.Public, a.recorded(a.invitedToProvider))
	s.Handle("GET /me/provider", region.SelfAct, a.recorded(a.myProviderPage))
	s.Handle("POST /me/provider", region.SelfAct, a.recorded(a.postProvider))
	s.Handle("POST /me/provider/remove", region.SelfAct, a.recorded(a.postProviderRemove))
	s.Mine(web.NavItem{LabelKey: "account.provider.title", Href: "/me/provider", Icon: "link"})
}

// providerName is how the provider is called; empty where there is none.
func (a *Accounts) providerName(ctx context.Context) string {
	switch {
	case a.provider == nil:
		return ""
	case a.provider.Name == "":
		return web.T(ctx, "account.provider.name")
	}
	return a.provider.Name
}

const backFromProvider = "/signin/provider/back"

// toProvider sends the browser to the provider. It is a link and no form: browsers hold forms to this site. GET /signin/provider
func (a *Accounts) toProvider(w http.ResponseWriter, r *http.Request) error {
	return a.send(w, r, asking{To: web.Local(r.URL.Query().Get("to"))})
}

// invitedToProvider is toProvider for who was given a one-time link. GET /link/{secret}/provider
func (a *Accounts) invitedToProvider(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.link(r.Context(), r.PathValue("secret")); errors.Is(err, web.ErrNotFound) {
		return web.ShowStatus(w, r, http.StatusNotFound, linkEnded())
	} else if err != nil {
		return err
	}
	return a.send(w, r, asking{To: web.Home, Link: digest(r.PathValue("secret"))})
}

func (a *Accounts) send(w http.ResponseWriter, r *http.Request, ask asking) error {
	ask.Back = web.Here(r, backFromProvider)
	to, secret, err := a.askProvider(r.Context(), ask)
	if err != nil {
		return a.providerTrouble(w, r, ask, err)
	}
	a.setBegun(w, secret)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// fromProvider is where the provider sends the browser back to. GET /signin/provider/back
func (a *Accounts) fromProvider(w http.ResponseWriter, r *http.Request) error {
	in, ask, err := a.signInByProvider(r.Context(), a.begunOf(r), r.URL.Query(), a.browserOf(r))
	a.setBegun(w, "")
	switch {
	case err != nil:
		return a.providerTrouble(w, r, ask, err)
	case ask.Person != "":
		web.Flash(w, r, ui.Good, web.T(r.Context(), "account.provider.linked"))
		return web.Redirect(w, r, "/me/provider")
	}
	return a.welcome(w, r, in, ask.To)
}

// providerTrouble says in words why the provider did not help, on a page on which the other ways in stand.
func (a *Accounts) providerTrouble(w http.ResponseWriter, r *http.Request, ask asking, err error) error {
	ctx, name := r.Context(), a.providerName(r.Context())
	status, key := http.StatusUnprocessableEntity, ""
	switch {
	case errors.Is(err, errNotBegun):
		return a.again(w, r)
	case errors.Is(err, web.ErrNotFound):
		return web.ShowStatus(w, r, http.StatusNotFound, linkEnded())
	case errors.Is(err, errProviderGone):
		status, key = http.StatusServiceUnavailable, "account.provider.gone"
		a.log.WarnContext(ctx, "the provider of identities does not answer", "error", err)
	case errors.Is(err, errUnlinked):
		key = "account.provider.unlinked"
	case refuse.Is(err, "account.provider-taken"):
		key = "account.provider-taken"
	case errors.Is(err, errProvider):
		key = "account.provider.wrong"
		a.log.WarnContext(ctx, "an answer of the provider of identities was refused", "error", err)
	default:
		return err
	}
	text := web.T(ctx, key, "name", name)
	if ask.Person != "" || web.Actor(r).Person != "" {
		return a.showProvider(w, r, status, providerData{Trouble: text})
	}
	return web.ShowStatus(w, r, status, signIn(signInForm{To: web.Local(ask.To), Provider: name, Trouble: text}))
}

// providerData is what stands on a person's page of the provider.
type providerData struct {
	Name   string
	Linked *Linked
	Go     string // where the browser goes on, once the password is right
	// Trouble is why the provider did not help.
	Trouble string
	Errors  []ui.FieldError
}

func (a *Accounts) showProvider(w http.ResponseWriter, r *http.Request, status int, d providerData) (err error) {
	d.Name = a.providerName(r.Context())
	if d.Linked, err = a.linked(r.Context(), web.Actor(r).Person); err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, myProvider(d))
}

func (a *Accounts) myProviderPage(w http.ResponseWriter, r *http.Request) error {
	return a.showProvider(w, r, http.StatusOK, providerData{})
}

// postProvider begins to link, for who shows his password: a browser left open is not to give another a way in. POST /me/provider
func (a *Accounts) postProvider(w http.ResponseWriter, r *http.Request) error {
	ctx, person := r.Context(), web.Actor(r).Person
	err := a.checkOwnPassword(ctx, person, r.PostFormValue("password"))
	if errors.Is(err, errWrong) {
		return a.showProvider(w, r, http.StatusUnprocessableEntity, providerData{
			Errors: []ui.FieldError{{Field: "password", Text: web.T(ctx, "account.password.own-wrong")}},
		})
	}
	if err != nil {
		return err
	}
	ask := asking{Person: person, Back: web.Here(r, backFromProvider)}
	to, secret, err := a.askProvider(ctx, ask)
	if err != nil {
		return a.providerTrouble(w, r, ask, err)
	}
	a.setBegun(w, secret)
	return a.showProvider(w, r, http.StatusOK, providerData{Go: to})
}

func (a *Accounts) postProviderRemove(w http.ResponseWriter, r *http.Request) error {
	err := a.unlink(r.Context(), web.Actor(r).Person)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return a.showProvider(w, r, http.StatusUnprocessableEntity, providerData{Errors: fields})
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.provider.removed"))
	return web.Redirect(w, r, "/me/provider")
}
