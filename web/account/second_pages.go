package account

import (
	"context"
	"encoding/base32"
	"errors"
	"net/http"
	"strings"

	"github.com/pquerna/otp/totp"

	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// manyFails is from how many wrong codes on somebody is told that another may have his password.
const manyFails = 5

// secondPage asks for the second factor of a sign-in whose password was right. GET /signin/second
func (a *Accounts) secondPage(w http.ResponseWriter, r *http.Request) error {
	err := a.store.Read(r.Context(), func(tx *store.Tx) error {
		_, err := a.begunWith(r.Context(), tx, a.begunOf(r), waySecond)
		return err
	})
	if errors.Is(err, errNotBegun) {
		return a.again(w, r)
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, askSecond(nil))
}

// again leads to the sign-in page when what was begun is over.
func (a *Accounts) again(w http.ResponseWriter, r *http.Request) error {
	a.setBegun(w, "")
	web.Flash(w, r, ui.Risk, web.T(r.Context(), "account.begun.over"))
	return web.Redirect(w, r, "/signin")
}

func (a *Accounts) postSecond(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, to, fails, err := a.passSecond(ctx, a.begunOf(r), r.PostFormValue("code"), a.browserOf(r))
	switch {
	case errors.Is(err, errNotBegun):
		return a.again(w, r)
	case err == nil:
		a.setBegun(w, "")
		if fails >= manyFails {
			web.Flash(w, r, ui.Risk, web.T(ctx, "account.second.fails", "n", fails))
		}
		return a.welcome(w, r, in, to)
	}
	fields, status, err := codeErrors(ctx, w, err)
	if err != nil {
		return err
	}
	return web.ShowStatus(w, r, status, askSecond(fields))
}

// codeErrors says in words what was wrong with a code; other errors are left.
func codeErrors(ctx context.Context, w http.ResponseWriter, err error) (fields []ui.FieldError, status int, left error) {
	status, key := http.StatusUnprocessableEntity, "account.second.wrong"
	switch {
	case errors.Is(err, web.ErrTooMany):
		status, key = http.StatusTooManyRequests, "account.second.wait"
		w.Header().Set("Retry-After", "300")
	case !errors.Is(err, errWrongCode):
		return nil, 0, err
	}
	return []ui.FieldError{{Field: "code", Text: web.T(ctx, key)}}, status, nil
}

// secondData is what stands on a person's own page of the second factor.
type secondData struct {
	Second
	Address  string // otpauth:// of the proposed secret
	Held     bool   // a seat waits for it
	Recovery []string
	Errors   []ui.FieldError
}

// grouped is the secret as people type it.
func (d secondData) grouped() string {
	var b strings.Builder
	for i, c := range d.Secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (a *Accounts) showSecond(w http.ResponseWriter, r *http.Request, status int, d secondData) error {
	id, login := web.IdentityOf(r.Context()), ""
	err := a.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if d.Second, err = second(r.Context(), tx, id.Actor.Person); err != nil {
			return err
		}
		login, err = a.loginOf(r.Context(), tx, id.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	d.Held = len(id.Held) > 0 && len(d.Recovery) == 0 // who has just set it up waits no longer
	if d.proposed() {
		if d.Address, err = a.otpauth(login, d.Secret); err != nil {
			return err
		}
	}
	return web.ShowStatus(w, r, status, mySecond(d))
}

// otpauth is the address that authenticator apps read from the code on the screen.
func (a *Accounts) otpauth(login, secret string) (string, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "联动 " + a.name, AccountName: login, Secret: raw})
	if err != nil {
		return "", err
	}
	return key.URL(), nil
}

func (a *Accounts) mySecondPage(w http.ResponseWriter, r *http.Request) error {
	return a.showSecond(w, r, http.StatusOK, secondData{})
}

// postSecondStart proposes a secret to who shows his password: a browser left open is not enough to put another's
// telephone before an account.
func (a *Accounts) postSecondStart(w http.ResponseWriter, r *http.Request) error {
	ctx, person := r.Context(), web.Actor(r).Person
	err := a.checkOwnPassword(ctx, person, r.PostFormValue("password"))
	if errors.Is(err, errWrong) {
		return a.showSecond(w, r, http.StatusUnprocessableEntity, secondData{
			Errors: []ui.FieldError{{Field: "password", Text: web.T(ctx, "account.password.own-wrong")}},
		})
	}
	if err == nil {
		err = a.propose(ctx, person)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/me/second")
}

func (a *Accounts) postSecondConfirm(w http.ResponseWriter, r *http.Request) error {
	codes, err := a.confirm(r.Context(), web.Actor(r).Person, a.secretOf(r), bare(r.PostFormValue("code")))
	return a.afterCode(w, r, "confirm", codes, err)
}

func (a *Accounts) postSecondCodes(w http.ResponseWriter, r *http.Request) error {
	codes, err := a.newRecovery(r.Context(), web.Actor(r).Person, r.PostFormValue("code"), a.browserOf(r))
	return a.afterCode(w, r, "codes", codes, err)
}

// afterCode shows the recovery codes, this once, or what was wrong.
func (a *Accounts) afterCode(w http.ResponseWriter, r *http.Request, form string, codes []string, err error) error {
	if err == nil {
		a.log.InfoContext(r.Context(), "recovery codes of a second factor were made", "person", web.Actor(r).Person)
		return a.showSecond(w, r, http.StatusOK, secondData{Recovery: codes})
	}
	fields, status, err := codeErrors(r.Context(), w, err)
	if err != nil {
		return err
	}
	if form != "confirm" {
		fields[0].Field += "-" + form
	}
	return a.showSecond(w, r, status, secondData{Errors: fields})
}

func (a *Accounts) postSecondRemove(w http.ResponseWriter, r *http.Request) error {
	err := a.dropSecond(r.Context(), web.Actor(r).Person, r.PostFormValue("code"), a.browserOf(r))
	if err != nil {
		return a.afterCode(w, r, "remove", nil, err)
	}
	a.log.InfoContext(r.Context(), "a second factor was removed", "person", web.Actor(r).Person)
	web.Flash(w, r, ui.Good, web.T(r.Context(), "account.second.removed"))
	return web.Redirect(w, r, "/me/second")
}
