package account

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
)

// The two ways that go by a passkey.
const (
	wayPasskey    = "passkey"     // signing in
	wayNewPasskey = "passkey-new" // adding one
)

var (
	errPasskey   = errors.New("the passkey does not sign in here")
	errNoPasskey = errors.New("passkeys need a host name")
)

// Passkey is a key on a person's device that signs him in (通行密钥). The device makes sure who holds it, by finger, face or
// PIN, so it is two factors in one (NIST SP 800-63B, 3.1.7).
type Passkey struct {
	ID, Name   string
	Site       string    // host that it was made for; it works nowhere else
	Made, Seen time.Time // Seen is zero when it was never used
	credential webauthn.Credential
}

// relying is this site as passkeys see it: the host by which the browser reached it. A passkey is looked up by its host
// too, and its device signs the host's hash: who sends another host than his browser saw finds none.
func (a *Accounts) relying(r *http.Request) (*webauthn.WebAuthn, error) {
	site := r.Host
	if host, _, err := net.SplitHostPort(site); err == nil {
		site = host
	}
	if site == "" || net.ParseIP(strings.Trim(site, "[]")) != nil {
		return nil, errNoPasskey // WebAuthn, 5.1.3: a relying party is a domain
	}
	scheme := "http://" // browsers allow it on localhost only
	if a.secure {
		scheme = "https://"
	}
	rp, err := webauthn.New(&webauthn.Config{
		RPID: site, RPDisplayName: "联动 " + a.name, RPOrigins: []string{scheme + r.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, errors.Join(errNoPasskey, err)
	}
	return rp, nil
}

// holder is a person as the library sees him.
type holder struct {
	person, login string
	keys          []Passkey
}

func (h holder) WebAuthnID() []byte          { return []byte(h.person) }
func (h holder) WebAuthnName() string        { return h.login }
func (h holder) WebAuthnDisplayName() string { return h.login }
func (h holder) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, k := range h.keys {
		all = append(all, k.credential)
	}
	return all
}

// passkeys lists a person's passkeys.
func passkeys(ctx context.Context, tx *store.Tx, person string) ([]Passkey, error) {
	rows, err := tx.Query(ctx, `SELECT id, site, name, credential, made_at, seen_at FROM account_passkey
		WHERE person = ? ORDER BY made_at DESC, id`, person)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (k Passkey, err error) {
		var raw string
		var made, seen int64
		if err := scan(&k.ID, &k.Site, &k.Name, &raw, &made, &seen); err != nil {
			return k, err
		}
		if k.Made = time.UnixMilli(made); seen > 0 {
			k.Seen = time.UnixMilli(seen)
		}
		return k, json.Unmarshal([]byte(raw), &k.credential)
	})
}

func (a *Accounts) holder(ctx context.Context, person string) (h holder, err error) {
	h.person = person
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if h.login, err = a.loginOf(ctx, tx, person); err != nil {
			return err
		}
		h.keys, err = passkeys(ctx, tx, person)
		return err
	})
	return h, err
}

// newPasskey is what stands between asking a device for a passkey and its answer.
type newPasskey struct {
	Name    string
	Session *webauthn.SessionData
}

// mostPasskeys is how many a person may have.
const mostPasskeys = 20

// beginPasskey asks for the options by which the browser makes a passkey; the password is asked for again, so that a
// browser left open gives nobody a key.
func (a *Accounts) beginPasskey(ctx context.Context, rp *webauthn.WebAuthn, person, name, password string) (options, secret string, err error) {
	if name = strings.TrimSpace(name); name == "" || len([]rune(name)) > 60 {
		return "", "", refuse.New("account.passkey-name").At("name")
	}
	if err := a.checkOwnPassword(ctx, person, password); err != nil {
		return "", "", err
	}
	h, err := a.holder(ctx, person)
	if err != nil {
		return "", "", err
	}
	if len(h.keys) >= mostPasskeys {
		return "", "", refuse.New("account.passkey-many", "n", mostPasskeys).At("name")
	}
	creation, session, err := rp.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return "", "", fmt.Errorf("begin a passkey: %w", err)
	}
	return a.ask(ctx, wayNewPasskey, person, creation, newPasskey{name, session})
}

// ask keeps what the device's answer is compared with, and returns what the browser is asked.
func (a *Accounts) ask(ctx context.Context, way, person string, question, kept any) (options, secret string, err error) {
	raw, err := json.Marshal(question)
	if err != nil {
		return "", "", err
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return "", "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		secret, err = a.begin(ctx, tx, begun{way: way, person: person, data: string(data)})
		return err
	})
	return string(raw), secret, err
}

// answered reads what was asked and uses it up: one challenge, one answer.
func (a *Accounts) answered(ctx context.Context, way, secret string, kept any) (b begun, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if b, err = a.begunWith(ctx, tx, secret, way); err != nil {
			return err
		}
		return a.end(ctx, tx, secret)
	})
	if err == nil {
		err = json.Unmarshal([]byte(b.data), kept)
	}
	return b, err
}

// addPasskey takes the device's answer.
func (a *Accounts) addPasskey(ctx context.Context, rp *webauthn.WebAuthn, person, secret, answer string) error {
	var asked newPasskey
	b, err := a.answered(ctx, wayNewPasskey, secret, &asked)
	if err == nil && b.person != person {
		err = errNotBegun
	}
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return errors.Join(errPasskey, err)
	}
	h, err := a.holder(ctx, person)
	if err != nil {
		return err
	}
	key, err := rp.CreateCredential(h, *asked.Session, parsed)
	if err != nil {
		return errors.Join(errPasskey, err)
	}
	raw, err := json.Marshal(key)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO account_passkey (id, person, site, name, credential, made_at, seen_at)
			VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO NOTHING`,
			keyID(key.ID), person, rp.Config.RPID, asked.Name, string(raw), a.now().UnixMilli())
		if err == nil && n == 0 {
			err = errPasskey // WebAuthn, 7.1: an id that is another's already
		}
		if err != nil {
			return err
		}
		return a.note(ctx, tx, person, ActPasskeyAdded, "", Done)
	})
}

func keyID(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

func (a *Accounts) dropPasskey(ctx context.Context, person, id string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM account_passkey WHERE person = ? AND id = ?`, person, id)
		if err != nil || n == 0 {
			return err
		}
		return a.note(ctx, tx, person, ActPasskeyRemoved, "", Done)
	})
}

// signingIn is what stands between asking any device for a passkey and its answer.
type signingIn struct {
	To      string
	Session *webauthn.SessionData
}

// askPasskey is what a browser asks its devices to sign in with.
func (a *Accounts) askPasskey(ctx context.Context, rp *webauthn.WebAuthn, to string) (options, secret string, err error) {
	assertion, session, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", "", fmt.Errorf("begin to sign in by a passkey: %w", err)
	}
	return a.ask(ctx, wayPasskey, "", assertion, signingIn{to, session})
}

// signInByPasskey takes the device's answer. What is wrong with it is errPasskey and why.
func (a *Accounts) signInByPasskey(ctx context.Context, rp *webauthn.WebAuthn, secret, answer string, b browser) (in entry, to string, err error) {
	var asked signingIn
	if _, err := a.answered(ctx, wayPasskey, secret, &asked); err != nil {
		return in, "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return in, "", errors.Join(errPasskey, err)
	}
	var accident error // of ours: the library makes a bad request of everything
	var person string  // whose passkey it says it is
	find := func(id, handle []byte) (webauthn.User, error) {
		h, err := a.keyHolder(ctx, keyID(id), rp.Config.RPID)
		if err != nil && !errors.Is(err, errPasskey) {
			accident = err
		}
		person = h.person
		return h, err
	}
	user, key, err := rp.ValidatePasskeyLogin(find, *asked.Session, parsed)
	switch {
	case accident != nil:
		return in, "", accident
	case err != nil:
		return in, "", a.noteFailure(ctx, person, ActSignIn, "passkey", errors.Join(errPasskey, err))
	case key.Authenticator.CloneWarning:
		a.log.WarnContext(ctx, "a passkey counted backwards", "person", person)
		return in, "", a.noteFailure(ctx, person, ActSignIn, "passkey", errPasskey)
	}
	raw, err := json.Marshal(key)
	if err != nil {
		return in, "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE account_passkey SET credential = ?, seen_at = ? WHERE id = ?`, string(raw), a.now().UnixMilli(), keyID(key.ID))
		if err == nil && n == 0 {
			err = errPasskey // removed a moment ago
		}
		if err != nil {
			return err
		}
		in, err = a.enter(ctx, tx, b, user.(holder).person, "passkey", true, asked.To)
		return err
	})
	return in, asked.To, err
}

// keyHolder is whose passkey it is, if it was made for this site and he has not left.
func (a *Accounts) keyHolder(ctx context.Context, id, site string) (h holder, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT k.person FROM account_passkey k JOIN region_person p ON p.person = k.person AND p.gone = 0
			WHERE k.id = ? AND k.site = ?`, id, site).Scan(&h.person)
		if errors.Is(err, sql.ErrNoRows) {
			return errPasskey
		}
		return err
	})
	if err != nil {
		return h, err
	}
	if h, err = a.holder(ctx, h.person); errors.Is(err, web.ErrNotFound) {
		err = errPasskey
	}
	return h, err
}
