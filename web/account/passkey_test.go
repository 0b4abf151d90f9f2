package account_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/web/account"
	"liandong/web/people"
	"liandong/web/webtest"
)

// byName is the address of a site by its name: an IP address can have no passkeys.
func byName(base string) string { return strings.Replace(base, "127.0.0.1", "localhost", 1) }

const (
	byPasskey  = `form[data-passkey="get"]`
	makingOne  = `form[data-passkey="create"]`
	unanswered = `new Promise((done) => {
		const form = document.querySelector("form[data-passkey]"), failed = form.querySelector("[data-failed]");
		const look = () => (failed.hidden ? setTimeout(look, 20) : done(failed.textContent));
		form.querySelector("button").click();
		look();
	})`
)

// TestPasskeys: one is added with the password, signs in alone and as two factors, and is held to what it is.
func TestPasskeys(t *testing.T) {
	stand := webtest.NewStand(t)
	people.Mount(stand.Site, stand.Node, stand.Accounts, nil)
	stand.Account(t, "administrator")
	stand.Account(t, "reader")
	stand.Accounts.DemandSecond()
	ctx := context.Background()
	b := webtest.Start(t)
	base := byName(webtest.Serve(t, stand.Site.Handler()))
	p := b.Open(t, base, webtest.Desk)
	device := p.Device()
	add := func(name, password string) {
		t.Helper()
		p.Go("/me/passkeys")
		p.Fill("name", name)
		p.Fill("password", password)
		p.Press("#new form button")
	}
	out := func() {
		t.Helper()
		webtest.Eval[int](p, `fetch("/signout", {method: "POST"}).then(() => 0)`)
		p.Go("/signin?to=%2Fpeople")
	}

	p.SignIn("administrator", webtest.Password)
	add("办公室电脑", "not the password")
	if got := p.Text(".errors"); !strings.Contains(got, "密码不对") {
		t.Errorf("a wrong password says %q", got)
	}
	add(" ", webtest.Password)
	if got := p.Text(".errors"); !strings.Contains(got, "1 至 60") {
		t.Errorf("no name says %q", got)
	}
	add("办公室电脑", webtest.Password)
	p.Axe()
	p.Shot("account-passkey-make")
	p.Press(makingOne + " button")
	if got := p.Text("main table"); !strings.Contains(got, "办公室电脑") || !strings.Contains(got, "localhost") {
		t.Fatalf("added: %q", p.Text("main"))
	}
	p.Axe()
	p.Shot("account-passkeys")
	add("又一把", webtest.Password)
	if got := webtest.Eval[string](p, unanswered); !strings.Contains(got, "没有给出") {
		t.Errorf("a second passkey on the same device: %q", got)
	}

	out()
	p.Shot("account-signin-passkey")
	p.Axe()
	p.Press(byPasskey + " button")
	if at, h := p.Address(), p.Text("h1"); at != "/people" || h != "人员与席位" {
		t.Errorf("signed in by a passkey, the administrator stands on %s, %q", at, h)
	}

	out()
	device.Known(false)
	if got := webtest.Eval[string](p, unanswered); !strings.Contains(got, "没有给出") {
		t.Errorf("somebody else holds the device: %q", got)
	}
	device.Known(true)
	refused := func(remark string) {
		t.Helper()
		p.Go("/signin")
		p.Press(byPasskey + " button")
		if got := p.Text(".errors"); !strings.Contains(got, "不认识这把通行密钥") {
			t.Errorf("%s: %q", remark, got)
		}
	}
	device.Forge(true)
	refused("a forged signature")
	device.Forge(false)
	key := device.Keys()[0]
	older := *key
	older.SignCount = 0
	device.Put(&older)
	refused("a copy that counts from the beginning")
	device.Put(key)
	other := *key
	other.UserHandle = []byte("reader")
	device.Put(&other)
	refused("a handle that names another person")
	device.Put(key)

	ids, err := account.KeysOf(stand.Accounts, ctx, "administrator")
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v, %v", ids, err)
	}
	for site, want := range map[string]error{"localhost": nil, "evil.example": account.ErrPasskey} {
		if _, err := account.KeyHolder(stand.Accounts, ctx, ids[0], site); !errors.Is(err, want) {
			t.Errorf("at %s: %v", site, err)
		}
	}
	p.Go("/signin?to=%2Fme%2Fpasskeys")
	p.Press(byPasskey + " button")
	p.Press(`form[action="/me/passkeys/remove"] button`)
	out()
	refused("a passkey that was removed")
}

// TestAnotherPasswordEndsPasskeys: whoever knew the old one may have made one.
func TestAnotherPasswordEndsPasskeys(t *testing.T) {
	stand := webtest.NewStand(t)
	stand.Account(t, "reader")
	p := webtest.Start(t).Open(t, byName(webtest.Serve(t, stand.Site.Handler())), webtest.Phone)
	p.Device()
	p.SignIn("reader", webtest.Password)
	p.Go("/me/passkeys")
	p.Fill("name", "手机")
	p.Fill("password", webtest.Password)
	p.Press("#new form button")
	p.Press(makingOne + " button")
	p.FitsWidth()
	p.Go("/me/password")
	p.Fill("old", webtest.Password)
	p.Fill("password", "another long enough word")
	p.Press("main form button")
	if ids, err := account.KeysOf(stand.Accounts, context.Background(), "reader"); err != nil || len(ids) > 0 {
		t.Errorf("%v, %v", ids, err)
	}
}

// TestPasskeysWithoutScripts: whose browser runs none reads why, and signs in as ever.
func TestPasskeysWithoutScripts(t *testing.T) {
	stand := webtest.NewStand(t)
	stand.Account(t, "reader")
	p := webtest.Start(t).Open(t, webtest.Serve(t, stand.Site.Handler()), webtest.NoJS)
	p.SignIn("reader", webtest.Password)
	p.Go("/me/passkeys")
	p.Fill("name", "手机")
	p.Fill("password", webtest.Password)
	p.Press("#new form button")
	if got := p.Text(".errors"); !strings.Contains(got, "IP 地址") {
		t.Errorf("by an IP address: %q", got)
	}
}

// TestAChallengeIsAnsweredOnce: also when the answer was wrong.
func TestAChallengeIsAnsweredOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		rp, err := account.Relying(a, httptest.NewRequest("POST", "http://suining.example/signin/passkey", nil))
		if err != nil {
			t.Fatal(err)
		}
		_, secret, err := account.AskPasskey(a, ctx, rp, "/")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []error{account.ErrPasskey, account.ErrNotBegun} {
			if err := account.SignInByPasskey(a, ctx, rp, secret, `{"id":"AAAA"}`); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
	})
}

func TestPasskeysNeedAName(t *testing.T) {
	a := webtest.NewStand(t).Accounts
	for host, want := range map[string]error{
		"suining.example": nil, "localhost:8080": nil, "10.0.0.1:8080": account.ErrNoPasskey, "[fe80::1]:80": account.ErrNoPasskey, "": account.ErrNoPasskey,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		if _, err := account.Relying(a, r); !errors.Is(err, want) {
			t.Errorf("%q: %v", host, err)
		}
	}
}
