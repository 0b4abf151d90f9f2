package account

import (
	"context"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"liandong/store"
	"liandong/web"
)

// SetClock lets tests pass the time; Cheap makes their hashes quick.
func (a *Accounts) SetClock(now func() time.Time) { a.now, a.civil = now, now }

func (a *Accounts) Cheap() {
	a.hasher.cost = cost{time: 1, memory: 64, lanes: 1}
	a.own.cost = a.hasher.cost
}

var (
	ChangePassword = (*Accounts).changePassword
	TakeSeat       = (*Accounts).takeSeat
	UseLink        = (*Accounts).useLink
	Sessions       = (*Accounts).sessions
	AddressOf      = (*Accounts).addressOf
	ParsePHC       = parsePHC
	ErrWrong       = errWrong
	Propose        = (*Accounts).propose
	Confirm        = (*Accounts).confirm
	StepOf         = (*Accounts).stepOf
	ErrWrongCode   = errWrongCode
	ErrNotBegun    = errNotBegun
	ErrPasskey     = errPasskey
	ErrNoPasskey   = errNoPasskey
	Relying        = (*Accounts).relying
	AskPasskey     = (*Accounts).askPasskey
)

// SignIn signs in by a browser that had no session before.
func SignIn(a *Accounts, ctx context.Context, login, password, address, device string) (string, error) {
	return SignInOver(a, ctx, login, password, address, device, "")
}

// SignInOver signs in by a browser that has a session already.
func SignInOver(a *Accounts, ctx context.Context, login, password, address, device, old string) (string, error) {
	in, err := a.signIn(ctx, login, password, browser{address: address, device: device, session: old}, "/")
	return in.session, err
}

// Enter signs in by a browser that is known by a secret, or by none.
func Enter(a *Accounts, ctx context.Context, login, password, address, known string) (session, begun, knownNow string, err error) {
	in, err := a.signIn(ctx, login, password, browser{address: address, known: known}, "/")
	return in.session, in.begun, in.known, err
}

// Begin is Enter for who has a second factor.
func Begin(a *Accounts, ctx context.Context, login, password, address, known string) (session, begun string, err error) {
	session, begun, _, err = Enter(a, ctx, login, password, address, known)
	return session, begun, err
}

// Pass ends what Begin began.
func Pass(a *Accounts, ctx context.Context, begun, code, known string) (session string, err error) {
	in, _, _, err := a.passSecond(ctx, begun, code, browser{known: known})
	return in.session, err
}

// InByLink goes on after a link was used.
func InByLink(a *Accounts, ctx context.Context, person string) (session, begun string, err error) {
	in, err := a.inByLink(ctx, person, browser{})
	return in.session, in.begun, err
}

// DropSecond gives the second factor up from a browser that nobody knows.
func DropSecond(a *Accounts, ctx context.Context, person, code string) error {
	return a.dropSecond(ctx, person, code, browser{})
}

// SecretOf is what stands in the person's app.
func SecretOf(a *Accounts, ctx context.Context, person string) (secret string, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		s, err := second(ctx, tx, person)
		secret = s.Secret
		return err
	})
	return secret, err
}

// KnownAs makes a browser that person has signed in with.
func KnownAs(t *testing.T, a *Accounts, person string) (known string) {
	t.Helper()
	err := a.store.Write(context.Background(), func(tx *store.Tx) (err error) {
		known, err = a.remember(context.Background(), tx, browser{}, person)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// SignInByPasskey answers what AskPasskey asked.
func SignInByPasskey(a *Accounts, ctx context.Context, rp *webauthn.WebAuthn, secret, answer string) error {
	_, _, err := a.signInByPasskey(ctx, rp, secret, answer, browser{})
	return err
}

// KeysOf lists the ids of a person's passkeys.
func KeysOf(a *Accounts, ctx context.Context, person string) (ids []string, err error) {
	h, err := a.holder(ctx, person)
	for _, k := range h.keys {
		ids = append(ids, k.ID)
	}
	return ids, err
}

// KeyHolder is whose passkey it is at a site.
func KeyHolder(a *Accounts, ctx context.Context, id, site string) (person string, err error) {
	h, err := a.keyHolder(ctx, id, site)
	return h.person, err
}

// StoreOf is where the accounts lie.
func StoreOf(a *Accounts) *store.Store { return a.store }

// Reckon changes lines of the record and makes all hashes fit again.
func Reckon(ctx context.Context, s *store.Store, change string) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Script(ctx, change); err != nil {
			return err
		}
		all, err := Records(ctx, tx, Query{})
		hash := ""
		for i := len(all) - 1; i >= 0 && err == nil; i-- {
			hash = all[i].after(hash)
			_, err = tx.Exec(ctx, `UPDATE account_record SET hash = ? WHERE seq = ?`, hash, all[i].Seq)
		}
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE account_chain SET hash = ?`, hash)
		}
		return err
	})
}

// MountProvider adds the provider's pages to a stand's site, which was mounted before there was one.
func MountProvider(a *Accounts, s *web.Site) { a.providerRoutes(s) }
