package account_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/account"
	"liandong/web/webtest"
)

const (
	clientID     = "liandong-suining"
	clientSecret = "a secret of the client that is long enough to sign with"
)

// identities is a provider of identities that answers as a test wants, also falsely. It signs as a real one does. (One of another
// team is asked in the module peer.)
type identities struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	sub    string

	informs string // of whom it tells more

	claims func(map[string]any)               // changes what the next token says
	signs  func(claims map[string]any) string // signs it otherwise
	gone   string                             // path that answers with an accident
	asked  url.Values                         // of the last visit
	codes  map[string]url.Values
}

func newIdentities(t *testing.T) *identities {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &identities{t: t, key: key, sub: "sub-of-reader", codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		at := p.server.URL
		json.NewEncoder(w).Encode(map[string]any{
			"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys",
			"end_session_endpoint": at + "/end", "userinfo_endpoint": at + "/userinfo", "id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"sub": p.informs, "preferred_username": "lisi"})
	})
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.gone != "" && strings.HasPrefix(r.URL.Path, p.gone) {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.server.Close)
	return p
}

// visit signs in there, and is sent back: the path and query with which the browser returns.
func (p *identities) visit(to string) string {
	p.t.Helper()
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, p.server.URL+"/authorize?") {
		p.t.Fatalf("the browser is sent to %q (%v)", to, err)
	}
	p.asked = u.Query()
	for name, want := range map[string]string{"client_id": clientID, "response_type": "code", "code_challenge_method": "S256"} {
		if got := p.asked.Get(name); got != want {
			p.t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if p.asked.Get("state") == "" || p.asked.Get("nonce") == "" || p.asked.Get("code_challenge") == "" || !strings.Contains(p.asked.Get("scope"), "openid") {
		p.t.Errorf("asked with %v", p.asked)
	}
	code := rand.Text()
	p.codes[code] = p.asked
	return "/signin/provider/back?" + url.Values{"code": {code}, "state": {p.asked.Get("state")}, "iss": {p.server.URL}}.Encode()
}

func (p *identities) token(w http.ResponseWriter, r *http.Request) {
	asked, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if secret, _ = url.QueryUnescape(secret); !ok || id != clientID || secret != clientSecret ||
		base64.RawURLEncoding.EncodeToString(challenge[:]) != asked.Get("code_challenge") || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]string{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	claims := map[string]any{
		"iss": p.server.URL, "sub": p.sub, "aud": clientID, "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(),
		"nonce": asked.Get("nonce"), "preferred_username": "zhangsan", "email": "reader@example.com", "email_verified": true,
	}
	if p.claims != nil {
		p.claims(claims)
	}
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	sign := p.rs256
	if p.signs != nil {
		sign = p.signs
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": sign(claims)})
}

func (p *identities) rs256(claims map[string]any) string {
	return p.by(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "1"}}, claims)
}

func (p *identities) by(key jose.SigningKey, claims map[string]any) string {
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	payload, _ := json.Marshal(claims)
	signed, err := signer.Sign(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// federated is a stand whose people may sign in by a provider.
func federated(t *testing.T, s *store.Store) (*webtest.Stand, *identities) {
	t.Helper()
	stand, p := webtest.NewStandOn(t, s), newIdentities(t)
	stand.Accounts.Cheap()
	err := stand.Accounts.UseProvider(account.ProviderOptions{
		Issuer: p.server.URL, Client: clientID, Secret: clientSecret, Name: "市政务认证", Claim: "preferred_username",
	})
	if err != nil {
		t.Fatal(err)
	}
	account.MountProvider(stand.Accounts, stand.Site)
	return stand, p
}

// comesBy goes to the provider and back, and returns the last answer.
func (v *visitor) comesBy(p *identities) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.send(p.visit(v.send("/signin/provider?to=%2Fme%2Fsessions", nil).Header().Get("Location")), nil)
}

// person is whose session the browser has.
func (v *visitor) person(a *account.Accounts) string {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	id, err := a.Identify(r)
	if err != nil {
		v.t.Fatal(err)
	}
	return id.Actor.Person
}

func (v *visitor) linksHimself(p *identities, login string) {
	v.t.Helper()
	v.signIn(login, webtest.Password)
	page := v.send("/me/provider", url.Values{"password": {webtest.Password}}).Body.String()
	_, rest, _ := strings.Cut(page, `href="`+p.server.URL)
	to, _, _ := strings.Cut(rest, `"`)
	if w := v.send(p.visit(p.server.URL+strings.ReplaceAll(to, "&amp;", "&")), nil); w.Code != http.StatusSeeOther {
		v.t.Fatalf("linking: %d %s", w.Code, w.Body)
	}
}

// TestSignInByTheProvider: nobody comes in who is not linked, whatever his e-mail address says; who has linked himself by his password
// does, and signs out there too.
func TestSignInByTheProvider(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stand, p := federated(t, s)
		stand.Account(t, "reader")
		site := stand.Site.Handler()
		stranger := &visitor{t: t, site: site, address: "10.0.0.1"}
		if w := stranger.comesBy(p); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "还没有与本站的账号绑定") || stranger.person(stand.Accounts) != "" {
			t.Fatalf("an account that nobody linked: %d", w.Code)
		}
		reader := &visitor{t: t, site: site, address: "10.0.0.2"}
		reader.linksHimself(p, "reader")
		if page := reader.send("/me/provider", nil).Body.String(); !strings.Contains(page, "zhangsan") || !strings.Contains(page, "市政务认证") {
			t.Error("his page does not say what he linked")
		}
		fresh := &visitor{t: t, site: site, address: "10.0.0.3"}
		w := fresh.comesBy(p)
		if w.Header().Get("Location") != "/me/sessions" || fresh.person(stand.Accounts) != "reader" {
			t.Fatalf("signed in: %d to %q as %q", w.Code, w.Header().Get("Location"), fresh.person(stand.Accounts))
		}
		out := fresh.send("/signout", url.Values{}).Body.String()
		if !strings.Contains(out, p.server.URL+"/end?client_id="+clientID) || !strings.Contains(out, "post_logout_redirect_uri") || fresh.person(stand.Accounts) != "" {
			t.Errorf("signing out does not lead to the provider: %s", out)
		}
		reader.send("/me/provider/remove", url.Values{})
		if w := fresh.comesBy(p); w.Code != http.StatusUnprocessableEntity || fresh.person(stand.Accounts) != "" {
			t.Errorf("unlinked, and yet: %d as %q", w.Code, fresh.person(stand.Accounts))
		}
		told := strings.Join(lines(t, s), "\n")
		for _, want := range []string{" signin provider wrong 10.0.0.1", "reader provider-on  done 10.0.0.2", "reader signin provider done 10.0.0.3", "reader provider-off  done"} {
			if !strings.Contains(told, want) {
				t.Errorf("the record does not tell %q:\n%s", want, told)
			}
		}
	})
}

// TestAFalseAnswerSignsNobodyIn: of somebody who is linked and would come in with a true one.
func TestAFalseAnswerSignsNobodyIn(t *testing.T) {
	stand, p := federated(t, storetest.OpenSQLite(t))
	stand.Account(t, "reader")
	site := stand.Site.Handler()
	(&visitor{t: t, site: site, address: "10.0.0.2"}).linksHimself(p, "reader")
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	says := func(name string, value any) func() {
		return func() { p.claims = func(c map[string]any) { c[name] = value } }
	}
	for name, falsify := range map[string]func(){
		"another's nonce":     says("nonce", "of another sign-in"),
		"no nonce":            says("nonce", nil),
		"another's audience":  says("aud", "another-site"),
		"two audiences":       says("aud", []string{clientID, "another-site"}),
		"authorised another":  says("azp", "another-site"),
		"expired":             says("exp", time.Now().Add(-time.Minute).Unix()),
		"without an end":      says("exp", nil),
		"not yet":             says("nbf", time.Now().Add(time.Hour).Unix()),
		"another's issuer":    says("iss", "https://evil.example"),
		"nobody":              says("sub", ""),
		"without a signature": func() { p.signs = unsigned },
		"signed by the client's secret": func() {
			p.signs = func(c map[string]any) string {
				return p.by(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(clientSecret)}, c)
			}
		},
		"signed by another key": func() {
			p.signs = func(c map[string]any) string {
				return p.by(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: other, KeyID: "1"}}, c)
			}
		},
		"no token": func() { p.signs = func(map[string]any) string { return "" } },
		"a word changed after signing": func() {
			p.signs = func(c map[string]any) string {
				parts := strings.Split(p.rs256(c), ".")
				c["sub"] = "sub-of-another"
				payload, _ := json.Marshal(c)
				return parts[0] + "." + base64.RawURLEncoding.EncodeToString(payload) + "." + parts[2]
			}
		},
	} {
		p.claims, p.signs = nil, nil
		falsify()
		v := &visitor{t: t, site: site, address: "10.6.6.6"}
		if w := v.comesBy(p); w.Code != http.StatusUnprocessableEntity || v.person(stand.Accounts) != "" || !strings.Contains(w.Body.String(), "没有通过核对") {
			t.Errorf("%s: %d as %q", name, w.Code, v.person(stand.Accounts))
		}
	}
	p.claims, p.signs = nil, nil
	v := &visitor{t: t, site: site, address: "10.0.0.3"}
	if v.comesBy(p); v.person(stand.Accounts) != "reader" {
		t.Error("a true answer does not sign in: this test looks at nothing")
	}
}

func unsigned(claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	e := base64.RawURLEncoding.EncodeToString
	return e([]byte(`{"alg":"none"}`)) + "." + e(payload) + "."
}

// TestAnAnswerIsForTheBrowserThatAsked, and for one sign-in only: nobody is signed in as another by a link that is sent to him.
func TestAnAnswerIsForTheBrowserThatAsked(t *testing.T) {
	stand, p := federated(t, storetest.OpenSQLite(t))
	stand.Account(t, "reader")
	site := stand.Site.Handler()
	(&visitor{t: t, site: site, address: "10.0.0.2"}).linksHimself(p, "reader")
	asks := func(v *visitor) string {
		return p.visit(v.send("/signin/provider", nil).Header().Get("Location"))
	}
	attacker, victim := &visitor{t: t, site: site, address: "10.6.6.6"}, &visitor{t: t, site: site, address: "10.0.0.3"}
	if victim.send(asks(attacker), nil); victim.person(stand.Accounts) != "" {
		t.Error("a browser that asked nothing is signed in")
	}
	theirs := asks(attacker)
	asks(victim)
	if w := victim.send(theirs, nil); w.Code != http.StatusUnprocessableEntity || victim.person(stand.Accounts) != "" {
		t.Errorf("another's answer: %d", w.Code)
	}
	mine := asks(victim)
	if victim.send(mine, nil); victim.person(stand.Accounts) != "reader" {
		t.Fatal("its own answer does not sign in")
	}
	victim.send("/signout", url.Values{})
	if victim.send(mine, nil); victim.person(stand.Accounts) != "" {
		t.Error("an answer works twice")
	}
	wrong := strings.Replace(asks(victim), url.QueryEscape(p.server.URL), url.QueryEscape("https://evil.example"), 1)
	if victim.send(wrong, nil); victim.person(stand.Accounts) != "" {
		t.Error("an answer that says it comes from another provider is taken")
	}
	if w := victim.send("/signin/provider/back?error=access_denied&state=x", nil); w.Code != http.StatusSeeOther {
		t.Errorf("nothing was begun: %d", w.Code)
	}
}

// TestTheProviderIsGone: at each step a page says so, with the other ways in, and they work; when it is back so does it.
func TestTheProviderIsGone(t *testing.T) {
	stand, p := federated(t, storetest.OpenSQLite(t))
	stand.Account(t, "reader")
	site := stand.Site.Handler()
	v := &visitor{t: t, site: site, address: "10.0.0.1"}
	says := func(step string, w *httptest.ResponseRecorder) {
		t.Helper()
		if b := w.Body.String(); w.Code != http.StatusServiceUnavailable || !strings.Contains(b, "市政务认证现在联系不上") || !strings.Contains(b, `name="password"`) || !strings.Contains(b, "data-passkey") {
			t.Errorf("%s: %d %s", step, w.Code, b)
		}
	}
	p.gone = "/"
	says("from the start", v.send("/signin/provider", nil))
	if v.signIn("reader", webtest.Password); v.person(stand.Accounts) != "reader" {
		t.Error("a password does not sign in while the provider is gone")
	}
	if w := v.send("/me/provider", url.Values{"password": {webtest.Password}}); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "现在联系不上") {
		t.Errorf("linking: %d", w.Code)
	}
	v.send("/signout", url.Values{})
	p.gone = ""
	back := p.visit(v.send("/signin/provider", nil).Header().Get("Location"))
	p.gone = "/token"
	says("between", v.send(back, nil))
	p.gone = ""
	(&visitor{t: t, site: site, address: "10.0.0.2"}).linksHimself(p, "reader")
	if v.comesBy(p); v.person(stand.Accounts) != "reader" {
		t.Error("it is back, and signs nobody in")
	}
}

// TestInvitedToTheProvider: a one-time link leads to an account without a password; it works once, and no password signs in to it.
func TestInvitedToTheProvider(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stand, p := federated(t, s)
		site := stand.Site.Handler()
		path, err := stand.Accounts.Link(context.Background(), "reporter", "")
		if err != nil {
			t.Fatal(err)
		}
		v := &visitor{t: t, site: site, address: "10.0.0.1"}
		if page := v.send(path, nil).Body.String(); !strings.Contains(page, path+"/provider") {
			t.Fatal("the link's page does not offer the provider")
		}
		if v.send(p.visit(v.send(path+"/provider", nil).Header().Get("Location")), nil); v.person(stand.Accounts) != "reporter" {
			t.Fatalf("invited: %q", v.person(stand.Accounts))
		}
		if w := v.send(path+"/provider", nil); w.Code != http.StatusNotFound {
			t.Errorf("a link works once: %d", w.Code)
		}
		for _, password := range []string{"", "x", webtest.Password} {
			other := &visitor{t: t, site: site, address: "10.6.6.6"}
			if other.signIn("zhangsan", password); other.person(stand.Accounts) != "" {
				t.Errorf("the password %q signs in to an account that has none", password)
			}
		}
		if w := v.send("/me/provider/remove", url.Values{}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "没有密码") {
			t.Errorf("his only way in is taken: %d", w.Code)
		}
		// Another person cannot have the same account there.
		second, err := stand.Accounts.Link(context.Background(), "reader", "")
		if err != nil {
			t.Fatal(err)
		}
		o := &visitor{t: t, site: site, address: "10.0.0.2"}
		if w := o.send(p.visit(o.send(second+"/provider", nil).Header().Get("Location")), nil); w.Code != http.StatusUnprocessableEntity || o.person(stand.Accounts) != "" {
			t.Errorf("one account of the provider for two people: %d as %q", w.Code, o.person(stand.Accounts))
		}
	})
}

// TestTheProvidersFactorsCount: who has a second factor here shows it, unless the provider says that it asked for more than one.
func TestTheProvidersFactorsCount(t *testing.T) {
	stand, p := federated(t, storetest.OpenSQLite(t))
	c := &clock{time.Now()}
	withSecond(t, stand.Accounts, c, "reader")
	link, err := stand.Accounts.Link(context.Background(), "reader", "")
	if err != nil {
		t.Fatal(err)
	}
	site := stand.Site.Handler()
	for amr, want := range map[any]string{nil: "/signin/second", "mfa": "/me/sessions"} {
		p.claims = func(claims map[string]any) { claims["amr"] = []any{"pwd", amr} }
		v := &visitor{t: t, site: site, address: "10.0.0.1"}
		if amr == nil {
			p.claims = nil
		}
		if link != "" {
			v.send(p.visit(v.send(link+"/provider", nil).Header().Get("Location")), nil)
			link = ""
		}
		if to := v.comesBy(p).Header().Get("Location"); to != want {
			t.Errorf("amr %v: led to %q, want %q", amr, to, want)
		}
	}
}

// TestTheProviderIsAskedForAName that its token does not say; what it tells of another is not believed.
func TestTheProviderIsAskedForAName(t *testing.T) {
	stand, p := federated(t, storetest.OpenSQLite(t))
	stand.Account(t, "reader")
	site := stand.Site.Handler()
	p.claims = func(c map[string]any) { c["preferred_username"] = nil }
	for sub, want := range map[string]bool{p.sub: true, "sub-of-another": false, "": false} {
		p.informs = sub
		v := &visitor{t: t, site: site, address: "10.0.0.2"}
		v.linksHimself(p, "reader")
		if got := strings.Contains(v.send("/me/provider", nil).Body.String(), "lisi"); got != want {
			t.Errorf("told of %q: the name stands there: %v", sub, got)
		}
		v.send("/me/provider/remove", url.Values{})
	}
}

// TestALeftPersonDoesNotComeByTheProvider, though he is linked.
func TestALeftPersonDoesNotComeByTheProvider(t *testing.T) {
	s := storetest.OpenSQLite(t)
	stand, p := federated(t, s)
	stand.Account(t, "reader")
	site := stand.Site.Handler()
	(&visitor{t: t, site: site, address: "10.0.0.2"}).linksHimself(p, "reader")
	err := s.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE region_person SET gone = 1 WHERE person = 'reader'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, site: site, address: "10.0.0.3"}
	if w := v.comesBy(p); w.Code != http.StatusUnprocessableEntity || v.person(stand.Accounts) != "" {
		t.Errorf("%d as %q", w.Code, v.person(stand.Accounts))
	}
}

func TestProviderOptionsAreChecked(t *testing.T) {
	a := webtest.NewStand(t).Accounts
	for issuer, ok := range map[string]bool{
		"https://id.example.gov.cn/realm": true, "http://127.0.0.1:9000": true, "http://id.example.gov.cn": false, "id.example.gov.cn": false, "https://x?y=1": false,
	} {
		if err := a.UseProvider(account.ProviderOptions{Issuer: issuer, Client: "x"}); (err == nil) != ok {
			t.Errorf("%s: %v", issuer, err)
		}
	}
	if err := a.UseProvider(account.ProviderOptions{Issuer: "https://id.example.gov.cn"}); err == nil {
		t.Error("no client is taken")
	}
}
