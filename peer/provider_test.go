package peer

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"liandong/web"
	"liandong/web/account"
	"liandong/web/webtest"
)

// person is a browser of somebody who follows where he is led.
type person struct {
	t      *testing.T
	client *http.Client
	at     *url.URL // the page that stands there
	page   string
}

func newPerson(t *testing.T) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, client: &http.Client{Jar: jar}}
}

func (p *person) goes(to string, form url.Values) {
	p.t.Helper()
	var res *http.Response
	var err error
	if form == nil {
		res, err = p.client.Get(to)
	} else {
		res, err = p.client.PostForm(to, form)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.at, p.page = res.Request.URL, string(body)
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// signsInThere fills the other team's form, where he was led to it.
func (p *person) signsInThere(issuer, user string) {
	p.t.Helper()
	id := hiddenID.FindStringSubmatch(p.page)
	if id == nil || !strings.HasPrefix(p.at.String(), issuer) {
		p.t.Fatalf("led to %s:\n%s", p.at, p.page)
	}
	p.goes(issuer+"/login/username", url.Values{"id": {id[1]}, "username": {user}, "password": {"verysecure"}})
}

// TestAnotherTeamsProviderSignsIn: zitadel/oidc's provider, with its own storage, form, keys and checks of the request, as a client with a
// secret and as one without: an invitation is linked, its owner signs in and out, and another of its people does not come in.
func TestAnotherTeamsProviderSignsIn(t *testing.T) {
	for kind, secret := range map[string]string{"with a secret": "a secret", "by PKCE alone": ""} {
		t.Run(kind, func(t *testing.T) {
			stand := webtest.NewStand(t)
			var there, here http.Handler
			issuer := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { there.ServeHTTP(w, r) }))
			site := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { here.ServeHTTP(w, r) }))

			client := storage.NativeClient("liandong", site+"/signin/provider/back")
			if secret != "" {
				client = storage.WebClient("liandong", secret, site+"/signin/provider/back")
			}
			storage.RegisterClients(client)
			there = exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), slog.New(slog.DiscardHandler), false)

			err := stand.Accounts.UseProvider(account.ProviderOptions{Issuer: issuer, Client: "liandong", Secret: secret, Name: "市政务认证", Claim: "preferred_username"})
			if err != nil {
				t.Fatal(err)
			}
			pages := web.New(web.Options{Member: "遂宁市", Log: slog.New(slog.DiscardHandler), Now: stand.Node.Now, Identify: stand.Accounts.Identify})
			stand.Accounts.Mount(pages)
			here = pages.Handler()

			path, err := stand.Accounts.Link(t.Context(), "reader", "")
			if err != nil {
				t.Fatal(err)
			}
			owner := newPerson(t)
			owner.goes(site+path+"/provider", nil)
			owner.signsInThere(issuer, "test-user@127.0.0.1")
			if got := whose(t, stand, owner, site); got != "reader" {
				t.Fatalf("invited, and signed in as %q at %s:\n%s", got, owner.at, owner.page)
			}
			owner.goes(site+"/me/provider", nil)
			if !strings.Contains(owner.page, "test-user") {
				t.Errorf("his page does not say what he is called there:\n%s", owner.page)
			}
			owner.goes(site+"/signout", url.Values{})
			if !strings.Contains(owner.page, issuer+"/end_session?client_id=liandong") || whose(t, stand, owner, site) != "" {
				t.Errorf("signed out:\n%s", owner.page)
			}

			again := newPerson(t)
			again.goes(site+"/signin/provider?to=/me/sessions", nil)
			again.signsInThere(issuer, "test-user@127.0.0.1")
			if got := whose(t, stand, again, site); got != "reader" || again.at.Path != "/me/sessions" {
				t.Errorf("signed in as %q at %s", got, again.at)
			}
			stranger := newPerson(t)
			stranger.goes(site+"/signin/provider", nil)
			stranger.signsInThere(issuer, "test-user2")
			if got := whose(t, stand, stranger, site); got != "" || !strings.Contains(stranger.page, "还没有与本站的账号绑定") {
				t.Errorf("another of its people is %q:\n%s", got, stranger.page)
			}
		})
	}
}

// whose is whose session a browser has.
func whose(t *testing.T, s *webtest.Stand, p *person, site string) string {
	t.Helper()
	u, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, site, nil)
	for _, c := range p.client.Jar.Cookies(u) {
		r.AddCookie(c)
	}
	id, err := s.Accounts.Identify(r)
	if err != nil {
		t.Fatal(err)
	}
	return id.Actor.Person
}
