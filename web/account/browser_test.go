package account_test

import (
	"context"
	"strings"
	"testing"

	"liandong/web/webtest"
)

// TestSigningInWithoutScripts walks the whole way of a new person, with JavaScript off.
func TestSigningInWithoutScripts(t *testing.T) {
	stand := webtest.NewStand(t)
	stand.Account(t, "administrator")
	base := webtest.Serve(t, stand.Site.Handler())
	b := webtest.Start(t)
	p := b.Open(t, base, webtest.NoJS)

	link, err := stand.Accounts.Link(context.Background(), "two-seats", "lihua")
	if err != nil {
		t.Fatal(err)
	}
	p.Go(link)
	p.Fill("password", "short")
	p.Press("main form button")
	if got := p.Text(".errors"); !strings.Contains(got, "10 至 200") {
		t.Errorf("a short password says %q", got)
	}
	p.Shot("account-link-errors")
	p.Fill("password", webtest.Password)
	p.Press("main form button")

	p.Go("/me/sessions")
	if got := p.Text("main"); !strings.Contains(got, "当前设备") {
		t.Errorf("sessions page says %q", got)
	}
	if got := p.Text(".acting > summary"); !strings.Contains(got, "市发展改革委 · 协调员") && !strings.Contains(got, "市交通运输局 · 填报员") {
		t.Errorf("acts for %q", got)
	}
}

func TestSignInSeatsTokensSessions(t *testing.T) {
	stand := webtest.NewStand(t)
	stand.Account(t, "two-seats")
	base := webtest.Serve(t, stand.Site.Handler())
	b := webtest.Start(t)
	p := b.Open(t, base, webtest.Desk)

	p.Go("/me/tokens")
	if at := p.Address(); at != "/signin?to=%2Fme%2Ftokens" {
		t.Fatalf("who is not signed in is led to %s", at)
	}
	p.Shot("account-signin")
	p.Axe()
	p.Fill("login", "two-seats")
	p.Fill("password", "wrong password")
	p.Press("main form button")
	if got := p.Text(".errors"); !strings.Contains(got, "账号或密码不对") {
		t.Errorf("wrong password says %q", got)
	}
	p.Fill("password", webtest.Password)
	p.Press("main form button")
	if at := p.Address(); at != "/me/tokens" {
		t.Fatalf("signing in leads back to %s", at)
	}
	webtest.Eval[int](p, `document.querySelectorAll("[name=scope]").forEach(b => b.click()), 0`)
	p.Fill("name", "市统计局报表系统")
	p.Press("#new form button")
	if got := p.Text(".copy-box code"); !strings.HasPrefix(got, "liandong_") {
		t.Errorf("the fresh token reads %q", got)
	}
	p.Shot("account-tokens")
	p.Axe()

	before := p.Text(".acting > summary .who")
	webtest.Eval[int](p, `document.querySelector(".acting").open = true, 0`)
	p.Shot("account-menu")
	p.Press(`.acting button[aria-pressed="false"]`)
	if after := p.Text(".acting > summary .who"); after == before {
		t.Errorf("still acts for %s", after)
	}
	other := b.Open(t, base, webtest.Phone)
	other.SignIn("two-seats", webtest.Password)
	other.Go("/me/sessions")
	other.Shot("account-sessions-phone")
	other.Axe()
	other.FitsWidth()
	other.Press(".page-head form button")
	p.Go("/me/sessions")
	if at := p.Address(); !strings.HasPrefix(at, "/signin") {
		t.Errorf("a session that was ended elsewhere still opens %s", at)
	}
}
