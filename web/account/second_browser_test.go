package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"liandong/web/account"
	"liandong/web/people"
	"liandong/web/webtest"
)

// TestSecondFactorOnThePages: an administrator sets it up because his seat demands it, signs in by it, loses his telephone
// and is freed; without scripts, as everything here works without them.
func TestSecondFactorOnThePages(t *testing.T) {
	stand := webtest.NewStand(t)
	people.Mount(stand.Site, stand.Node, stand.Accounts, nil)
	stand.Account(t, "administrator")
	stand.Accounts.DemandSecond()
	now := time.Now()
	stand.Accounts.SetClock(func() time.Time { return now })
	base := webtest.Serve(t, stand.Site.Handler())
	b := webtest.Start(t)
	p := b.Open(t, base, webtest.NoJS)

	p.SignIn("administrator", webtest.Password)
	if at := p.Address(); at != "/me/second" {
		t.Fatalf("who has to set it up is led to %s", at)
	}
	p.Go("/people")
	if at := p.Address(); at != "/me/second" {
		t.Errorf("what waits for it opens %s", at)
	}
	p.Fill("password", "not the password")
	p.Press(`form[action="/me/second/start"] button`)
	if got := p.Text(".errors"); !strings.Contains(got, "密码不对") {
		t.Errorf("a wrong password says %q", got)
	}
	p.Shot("account-second-start")
	p.Fill("password", webtest.Password)
	p.Press(`form[action="/me/second/start"] button`)
	secret := strings.ReplaceAll(p.Text(".qr-row .copy-box code"), " ", "")
	p.Shot("account-second-setup")
	p.Fill("code", "12")
	p.Press(`form[action="/me/second/confirm"] button`)
	if got := p.Text(".errors"); !strings.Contains(got, "验证码不对") {
		t.Errorf("a wrong code says %q", got)
	}
	p.Fill("code", codeOf(t, secret, now))
	p.Press(`form[action="/me/second/confirm"] button`)
	recovery := strings.Fields(p.Text(".copy-box code"))
	if len(recovery) != 10 {
		t.Fatalf("recovery codes: %q", recovery)
	}
	p.Shot("account-second-recovery")
	if got := p.Text("main"); strings.Contains(got, "管理员席位要求") {
		t.Errorf("who has set it up is still asked to: %q", got)
	}
	p.Go("/people")
	if got := p.Text("h1"); got != "人员与席位" {
		t.Errorf("the seat is still held back: %q", got)
	}

	signIn := func(p *webtest.Page, code string) {
		t.Helper()
		p.Go("/signin?to=%2Fme%2Fsecond")
		p.Fill("login", "administrator")
		p.Fill("password", webtest.Password)
		p.Press("main form button")
		if at := p.Address(); at != "/signin/second" {
			t.Fatalf("the password leads to %s", at)
		}
		p.Fill("code", code)
		p.Press("main form button")
	}
	phone := b.Open(t, base, webtest.Phone)
	signIn(phone, codeOf(t, secret, now))
	if got := phone.Text(".errors"); !strings.Contains(got, "已用过") {
		t.Errorf("a used code says %q", got)
	}
	phone.Axe()
	phone.Shot("account-second-phone")
	phone.FitsWidth()
	now = now.Add(30 * time.Second)
	phone.Fill("code", codeOf(t, secret, now))
	phone.Press("main form button")
	if at := phone.Address(); at != "/me/second" {
		t.Fatalf("a right code leads to %s", at)
	}
	phone.Axe()
	phone.Shot("account-second-on")
	phone.FitsWidth()
	lost := b.Open(t, base, webtest.Desk)
	signIn(lost, recovery[0])
	if got := lost.Text("main .facts"); !strings.Contains(got, "还有 9 个可用") {
		t.Errorf("after a recovery code: %q", got)
	}
	lost.Fill("code", recovery[1])
	lost.Press("#codes form button")
	if got := strings.Fields(lost.Text(".copy-box code")); len(got) != 10 || got[0] == recovery[0] {
		t.Errorf("new recovery codes: %q", got)
	}
	lost.Axe()
	lost.Go("/signin/second")
	if at := lost.Address(); at == "/signin/second" {
		t.Error("nothing was begun, and a code is asked for")
	}
}

// TestFreeingSomebody: another administrator frees him whose telephone is gone; nobody frees himself without a code.
func TestFreeingSomebody(t *testing.T) {
	stand := webtest.NewStand(t)
	people.Mount(stand.Site, stand.Node, stand.Accounts, nil)
	stand.Account(t, "administrator")
	c := &clock{time.Now()}
	stand.Accounts.SetClock(func() time.Time { return c.now })
	withSecond(t, stand.Accounts, c, "reader")
	base := webtest.Serve(t, stand.Site.Handler())
	p := webtest.Start(t).Open(t, base, webtest.Desk)
	p.SignIn("administrator", webtest.Password)
	p.Go("/people/administrator/second")
	if got := p.Text("h1"); !strings.Contains(got, "没有") {
		t.Errorf("his own: %q", got)
	}
	p.Go("/people/reader")
	p.Click("解除二次验证")
	p.Axe()
	p.Shot("people-free")
	p.Press(`form[action$="/second"] button`)
	if got := p.Text("body"); !strings.Contains(got, "已解除二次验证") {
		t.Errorf("freed: %q", got)
	}
	if session, err := account.SignIn(stand.Accounts, context.Background(), "reader", webtest.Password, "10.0.0.4", ""); err != nil || session == "" {
		t.Errorf("after it the password signs in: %q, %v", session, err)
	}
}
