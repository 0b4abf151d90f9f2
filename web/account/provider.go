package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
)

// wayProvider is a sign-in, or a link, that waits for the provider's answer.
const wayProvider = "provider"

var (
	errProviderGone = errors.New("the provider does not answer")
	errProvider     = errors.New("the provider's answer does not sign in here")
	errUnlinked     = errors.New("nobody is linked to this account of the provider")
)

// ProviderOptions name the office's provider of identities (统一身份认证), an OpenID provider.
type ProviderOptions struct {
	Issuer string // as its tokens name it: https://id.example.gov.cn
	Client string // this site's id there
	Secret string // and its secret; empty: a public client, by PKCE alone
	Name   string // as the sign-in page calls it
	Claim  string // which claim says how the provider calls a person; shown, never what he is recognised by
}

// provider is the office's provider of identities as this site knows it.
type provider struct {
	ProviderOptions
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider // nil: not reached yet
	ends  string         // where one signs out of it; empty: it has no such page
}

// providerPatience is how long the provider may take for one answer: the sign-in page is not to hang on it.
const providerPatience = 5 * time.Second

// signedBy are the algorithms by which a token may be signed. None is not among them, and no MAC: with the client's secret a
// token would be whoever's who knows it (RFC 8725, 3.1).
var signedBy = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// UseProvider lets people sign in by the office's provider. The provider need not be there yet. Call it before serving.
func (a *Accounts) UseProvider(o ProviderOptions) error {
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return fmt.Errorf("统一身份认证的地址 %q 应为 https:// 开头的地址 (the issuer is an https address)", o.Issuer)
	}
	if o.Client == "" {
		return errors.New("没有给出统一身份认证的客户端标识 (the client id is missing)")
	}
	a.provider = &provider{ProviderOptions: o, client: &http.Client{Timeout: providerPatience}}
	return nil
}

func loopback(host string) bool {
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, host)
}

// reach finds what the provider says of itself; once found it is kept.
func (p *provider) reach(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The provider fetches keys later, when this request is long over.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
	if err != nil {
		return nil, errors.Join(errProviderGone, err)
	}
	var more struct {
		Ends string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, errors.Join(errProviderGone, err)
	}
	p.found, p.ends = found, more.Ends
	return found, nil
}

// ending is where somebody who has signed out here signs out of the provider too; empty: nowhere (RP-initiated logout, 2).
func (p *provider) ending(back string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, err := url.Parse(p.ends)
	if p.ends == "" || err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.Client)
	q.Set("post_logout_redirect_uri", back)
	u.RawQuery = q.Encode()
	return u.String()
}

func (p *provider) config(found *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.Client, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "profile"},
	}
}

// asking is what stands between sending somebody to the provider and its answer.
type asking struct {
	To, State, Nonce, Verifier, Back string

	Person string // links the provider's account to this person's, who is signed in
	Link   string // links it to whom a one-time link is for; its digest
}

// askProvider returns where the browser is sent, and the secret of what was begun.
func (a *Accounts) askProvider(ctx context.Context, ask asking) (to, secret string, err error) {
	found, err := a.provider.reach(ctx)
	if err != nil {
		return "", "", err
	}
	ask.State, ask.Nonce, ask.Verifier = rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	data, err := json.Marshal(ask)
	if err != nil {
		return "", "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		secret, err = a.begin(ctx, tx, begun{way: wayProvider, person: ask.Person, data: string(data)})
		return err
	})
	return a.provider.config(found, ask.Back).AuthCodeURL(ask.State, oidc.Nonce(ask.Nonce), oauth2.S256ChallengeOption(ask.Verifier)), secret, err
}

// shown is who the provider says somebody is.
type shown struct {
	sub    string
	name   string // by the claim that was chosen
	second bool   // by more than one factor, as the provider says
}

// answer takes what the provider sent the browser back with. What is wrong with it is errProvider and why.
func (a *Accounts) answer(ctx context.Context, ask asking, q url.Values) (s shown, err error) {
	p := a.provider
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(ask.State)) != 1 {
		return s, fmt.Errorf("%w: state", errProvider)
	}
	if iss := q.Get("iss"); iss != "" && iss != p.Issuer { // RFC 9207
		return s, fmt.Errorf("%w: it comes from %q", errProvider, iss)
	}
	if code := q.Get("error"); code != "" {
		return s, fmt.Errorf("%w: %q", errProvider, code)
	}
	found, err := p.reach(ctx)
	if err != nil {
		return s, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.config(found, ask.Back).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(ask.Verifier))
	if refused := (*oauth2.RetrieveError)(nil); errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError {
		return s, fmt.Errorf("%w: code refused: %s", errProvider, refused.ErrorCode)
	}
	if err != nil {
		return s, errors.Join(errProviderGone, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.Client, SupportedSigningAlgs: signedBy, Now: a.now}).Verify(ctx, raw)
	if err != nil {
		return s, fmt.Errorf("%w: %w", errProvider, err)
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return s, fmt.Errorf("%w: %w", errProvider, err)
	}
	azp, _ := claims["azp"].(string)
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(ask.Nonce)) != 1:
		return s, fmt.Errorf("%w: nonce", errProvider)
	case id.Subject == "" || len(id.Subject) > 255: // OpenID Connect Core, 2
		return s, fmt.Errorf("%w: subject", errProvider)
	case azp != "" && azp != p.Client, azp == "" && len(id.Audience) > 1: // 3.1.3.7
		return s, fmt.Errorf("%w: meant for another", errProvider)
	}
	s.sub, s.second = id.Subject, manifold(claims["amr"])
	if s.name, _ = claims[p.Claim].(string); s.name == "" {
		s.name = p.named(ctx, found, token, id.Subject)
	}
	return s, nil
}

// named asks the provider what it calls somebody, where the token does not say (OpenID Connect Core, 5.4); empty if it does not
// say it either, or tells of another (5.3.2).
func (p *provider) named(ctx context.Context, found *oidc.Provider, token *oauth2.Token, sub string) (name string) {
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != sub {
		return ""
	}
	claims := map[string]any{}
	if info.Claims(&claims) == nil {
		name, _ = claims[p.Claim].(string)
	}
	return name
}

// manifold says whether the ways of signing in that the provider names are more than one factor (RFC 8176).
func manifold(amr any) bool {
	all, _ := amr.([]any)
	return slices.Contains(all, any("mfa"))
}

// signInByProvider ends what askProvider began: it signs in who is linked, or links.
func (a *Accounts) signInByProvider(ctx context.Context, secret string, q url.Values, b browser) (in entry, ask asking, err error) {
	if _, err := a.answered(ctx, wayProvider, secret, &ask); err != nil {
		return in, ask, err
	}
	if ask.Person != "" && ask.Person != doerOf(ctx).person {
		return in, asking{}, errNotBegun // somebody else has signed in since
	}
	s, err := a.answer(ctx, ask, q)
	if errors.Is(err, errProvider) && ask.Person == "" {
		err = a.noteFailure(ctx, "", ActSignIn, wayProvider, err)
	}
	if err != nil {
		return in, ask, err
	}
	var unlinked bool
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		switch {
		case ask.Person != "":
			return a.linkProvider(ctx, tx, ask.Person, s)
		case ask.Link != "":
			person, err := a.linkInvited(ctx, tx, ask.Link, s)
			if err != nil {
				return err
			}
			in, err = a.enterBy(ctx, tx, b, person, s, ask.To)
			return err
		}
		var person string
		err := tx.Row(ctx, `SELECT v.person FROM account_provider v JOIN account c ON c.person = v.person
			JOIN region_person p ON p.person = v.person AND p.gone = 0 WHERE v.issuer = ? AND v.sub = ?`, a.provider.Issuer, s.sub).Scan(&person)
		if unlinked = errors.Is(err, sql.ErrNoRows); unlinked {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE account_provider SET seen_at = ?, name = ? WHERE issuer = ? AND sub = ?`,
			a.now().UnixMilli(), s.name, a.provider.Issuer, s.sub); err != nil {
			return err
		}
		in, err = a.enterBy(ctx, tx, b, person, s, ask.To)
		return err
	})
	if err == nil && unlinked {
		err = a.noteFailure(ctx, "", ActSignIn, wayProvider, errUnlinked)
	}
	return in, ask, err
}

// enterBy is enter for whom the provider has shown; his session knows that it can be ended there too.
func (a *Accounts) enterBy(ctx context.Context, tx *store.Tx, b browser, person string, s shown, to string) (in entry, err error) {
	if in, err = a.enter(ctx, tx, b, person, wayProvider, s.second, to); err != nil || in.session == "" {
		return in, err
	}
	_, err = tx.Exec(ctx, `UPDATE account_session SET provider = 1 WHERE secret = ?`, digest(in.session))
	return in, err
}

// linkProvider links the provider's account to a person's: one to one. He is recognised by what the provider never gives to
// another (sub), not by a name or an e-mail address, which it may.
func (a *Accounts) linkProvider(ctx context.Context, tx *store.Tx, person string, s shown) error {
	n, err := tx.Exec(ctx, `INSERT INTO account_provider (issuer, sub, person, name, made_at, seen_at) VALUES (?, ?, ?, ?, ?, 0)
		ON CONFLICT DO NOTHING`, a.provider.Issuer, s.sub, person, s.name, a.now().UnixMilli())
	if err == nil && n == 0 {
		err = refuse.New("account.provider-taken")
	}
	if err != nil {
		return err
	}
	return a.note(ctx, tx, person, ActProviderOn, "", Done)
}

// linkInvited uses a one-time link up for the provider instead of a password. Who has no account yet gets one without a
// password: its login is the name that the provider gives him, if it can be one and is nobody's, or his id.
func (a *Accounts) linkInvited(ctx context.Context, tx *store.Tx, link string, s shown) (person string, err error) {
	err = tx.Row(ctx, `DELETE FROM account_link WHERE secret = ? AND ends_at >= ? RETURNING person`, link, a.now().UnixMilli()).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return "", web.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	if here, err := present(ctx, tx, person); err != nil || !here {
		return "", errors.Join(err, web.ErrNotFound)
	}
	var has, taken int
	login := foldLogin(s.name)
	if err := tx.Row(ctx, `SELECT (SELECT count(*) FROM account WHERE person = ?), (SELECT count(*) FROM account WHERE login = ?)`, person, login).Scan(&has, &taken); err != nil {
		return "", err
	}
	if has == 0 {
		if taken > 0 || checkLogin(login) != nil {
			login = foldLogin(person)
		}
		if err := a.put(ctx, tx, person, login, noPassword, wayProvider); err != nil {
			return "", err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_provider WHERE issuer = ? AND person = ?`, a.provider.Issuer, person); err != nil {
		return "", err // who invites him anew means his new account there
	}
	return person, a.linkProvider(ctx, tx, person, s)
}

// noPassword stands in the place of a password's hash for who signs in by the provider alone.
const noPassword = ""

// Linked is a person's account at the provider.
type Linked struct {
	Name       string
	Made, Seen time.Time // Seen is zero when it was never used
}

// linked reads a person's account at the provider; nil if there is none.
func (a *Accounts) linked(ctx context.Context, person string) (l *Linked, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		var made, seen int64
		var one Linked
		err := tx.Row(ctx, `SELECT name, made_at, seen_at FROM account_provider WHERE issuer = ? AND person = ?`, a.provider.Issuer, person).
			Scan(&one.Name, &made, &seen)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if one.Made = time.UnixMilli(made); seen > 0 {
			one.Seen = time.UnixMilli(seen)
		}
		l = &one
		return err
	})
	return l, err
}

// unlink takes the provider's account away from a person's; who has no password would be left without a way in.
func (a *Accounts) unlink(ctx context.Context, person string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		var phc string
		if err := tx.Row(ctx, `SELECT password FROM account WHERE person = ?`, person).Scan(&phc); err != nil {
			return err
		}
		if phc == noPassword {
			return refuse.New("account.provider-only")
		}
		n, err := tx.Exec(ctx, `DELETE FROM account_provider WHERE issuer = ? AND person = ?`, a.provider.Issuer, person)
		if err != nil || n == 0 {
			return err
		}
		return a.note(ctx, tx, person, ActProviderOff, "", Done)
	})
}
