package account

import (
	"context"
	"errors"
	"net/http"

	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// passkeysData is what stands on a person's page of passkeys.
type passkeysData struct {
	Keys    []Passkey
	Name    string
	Options string // asked of the device, once name and password are right
	Errors  []ui.FieldError
}

func (a *Accounts) passkeysPage(w http.ResponseWriter, r *http.Request) error {
	return a.showPasskeys(w, r, http.StatusOK, passkeysData{})
}

func (a *Accounts) showPasskeys(w http.ResponseWriter, r *http.Request, status int, d passkeysData) error {
	err := a.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		d.Keys, err = passkeys(r.Context(), tx, web.Actor(r).Person)
		return err
	})
	if err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, passkeysView(d))
}

// postPasskeyBegin asks the browser for a passkey, once the password is right. POST /me/passkeys/begin
func (a *Accounts) postPasskeyBegin(w http.ResponseWriter, r *http.Request) error {
	ctx, name := r.Context(), r.PostFormValue("name")
	rp, err := a.relying(r)
	options, secret := "", ""
	if err == nil {
		options, secret, err = a.beginPasskey(ctx, rp, web.Actor(r).Person, name, r.PostFormValue("password"))
	}
	if err == nil {
		a.setBegun(w, secret)
		return a.showPasskeys(w, r, http.StatusOK, passkeysData{Name: name, Options: options})
	}
	fields, err := passkeyErrors(ctx, err)
	if err != nil {
		return err
	}
	return a.showPasskeys(w, r, http.StatusUnprocessableEntity, passkeysData{Name: name, Errors: fields})
}

// passkeyErrors says in words what was wrong; other errors are left.
func passkeyErrors(ctx context.Context, err error) (fields []ui.FieldError, left error) {
	if fields, ok := web.FieldErrors(ctx, err); ok {
		return fields, nil
	}
	switch {
	case errors.Is(err, errWrong):
		return []ui.FieldError{{Field: "password", Text: web.T(ctx, "account.password.own-wrong")}}, nil
	case errors.Is(err, errNoPasskey):
		return []ui.FieldError{{Field: "", Text: web.T(ctx, "account.passkeys.no-host")}}, nil
	case errors.Is(err, errNotBegun):
		return []ui.FieldError{{Field: "", Text: web.T(ctx, "account.passkeys.over")}}, nil
	case errors.Is(err, errPasskey):
		return []ui.FieldError{{Field: "", Text: web.T(ctx, "account.passkeys.not-made")}}, nil
	}
	return nil, err
}

func (a *Accounts) postPasskey(w http.ResponseWriter, r *http.Request) error {
	ctx, person := r.Context(), web.Actor(r).Person
	rp, err := a.relying(r)
	if err == nil {
		err = a.addPasskey(ctx, rp, person, a.begunOf(r), r.PostFormValue("credential"))
	}
	a.setBegun(w, "")
	if err == nil {
		a.log.InfoContext(ctx, "a passkey was added", "person", person)
		web.Flash(w, r, ui.Good, web.T(ctx, "account.passkeys.added"))
		return web.Redirect(w, r, "/me/passkeys")
	}
	why := err
	fields, err := passkeyErrors(ctx, err)
	if err != nil {
		return err
	}
	a.log.InfoContext(ctx, "a passkey was not added", "why", why)
	return a.showPasskeys(w, r, http.StatusUnprocessableEntity, passkeysData{Errors: fields})
}

func (a *Accounts) postPasskeyRemove(w http.ResponseWriter, r *http.Request) error {
	person := web.Actor(r).Person
	if err := a.dropPasskey(r.Context(), person, r.PostFormValue("passkey")); err != nil {
		return err
	}
	a.log.InfoContext(r.Context(), "a passkey was removed", "person", person)
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.passkeys.removed"))
	return web.Redirect(w, r, "/me/passkeys")
}

// postPasskeyAsk gives the sign-in page what it asks the devices at hand. POST /signin/passkey/begin
func (a *Accounts) postPasskeyAsk(w http.ResponseWriter, r *http.Request) error {
	rp, err := a.relying(r)
	if errors.Is(err, errNoPasskey) {
		return web.ErrNotFound
	}
	if err != nil {
		return err
	}
	options, secret, err := a.askPasskey(r.Context(), rp, web.Local(r.PostFormValue("to")))
	if err != nil {
		return err
	}
	a.setBegun(w, secret)
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write([]byte(options))
	return err
}

func (a *Accounts) postPasskeySignIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rp, err := a.relying(r)
	if err != nil {
		return web.ErrNotFound
	}
	in, to, err := a.signInByPasskey(ctx, rp, a.begunOf(r), r.PostFormValue("credential"), a.browserOf(r))
	a.setBegun(w, "")
	switch {
	case err == nil:
		return a.welcome(w, r, in, to)
	case errors.Is(err, errNotBegun):
		return a.again(w, r)
	case !errors.Is(err, errPasskey):
		return err
	}
	a.log.InfoContext(ctx, "a passkey did not sign in", "why", err)
	form := signInForm{To: web.Local(r.PostFormValue("to")), Provider: a.providerName(ctx)}
	form.Errors = []ui.FieldError{{Field: "login", Text: web.T(ctx, "account.passkeys.unknown")}}
	return web.ShowStatus(w, r, http.StatusUnprocessableEntity, signIn(form))
}
