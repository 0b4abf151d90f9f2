package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/account"
	"liandong/web/webtest"
)

// set sets rules of safety, as the security administrator does.
func set(t *testing.T, n *node.Node, change func(*region.SecurityFacts)) {
	t.Helper()
	f := region.SecurityFacts{Separation: true, Password: 10, Idle: 12, Most: 7}
	change(&f)
	req := node.Request{Actor: node.Actor{Person: "security", Org: "fgw", Seat: string(region.Security), Member: "510900"}}
	_, err := n.Write(context.Background(), req, func(ctx context.Context, w *node.Writing) error {
		_, err := region.SecuritySet.Say(ctx, w, node.Said[region.SecurityFacts, region.NoWords]{Circle: node.Self, Facts: f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ruled(t *testing.T, f func(t *testing.T, n *node.Node, a *account.Accounts, c *clock)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stand := webtest.NewStandOn(t, s)
		stand.Accounts.Cheap()
		c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		stand.Accounts.SetClock(func() time.Time { return c.now })
		f(t, stand.Node, stand.Accounts, c)
	})
}

// TestASecondFactorOfEverybody: every seat waits, also that of a reader, whether he comes by a session or a token, until he has set one up.
func TestASecondFactorOfEverybody(t *testing.T) {
	ruled(t, func(t *testing.T, n *node.Node, a *account.Accounts, c *clock) {
		session, token := withToken(t, a)
		for second, held := range map[string]bool{region.SecondNobody: false, region.SecondThree: false, region.SecondAll: true} {
			set(t, n, func(f *region.SecurityFacts) { f.Second = second })
			id, err := a.Identify(request(session))
			if err != nil || id.May(region.ReportFile) == held || len(id.Held) > 0 != held || !id.May(region.SelfAct) {
				t.Errorf("%q: the session holds back %v (%v)", second, id.Held, err)
			}
			if _, err := a.Identify(bearer(token)); (err != nil) != held {
				t.Errorf("%q: the token: %v", second, err)
			}
		}
		secret, with, _ := withSecond(t, a, c, "reporter")
		if id, _ := a.Identify(request(with)); !id.May(region.ReportFile) {
			t.Error("who has set it up still waits")
		}
		c.pass(time.Minute)
		_, begun, err := account.Begin(a, context.Background(), "reporter", webtest.Password, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if later, err := account.Pass(a, context.Background(), begun, codeOf(t, secret, c.now), ""); err != nil || later == "" {
			t.Errorf("he signs in with it: %v", err)
		}
	})
}

// TestSecondFactorOfTheThree: administrators wait, all others do not.
func TestSecondFactorOfTheThree(t *testing.T) {
	ruled(t, func(t *testing.T, n *node.Node, a *account.Accounts, _ *clock) {
		ctx := context.Background()
		set(t, n, func(f *region.SecurityFacts) { f.Second = region.SecondThree })
		for _, seat := range region.Seats {
			person := string(seat)
			if err := a.Create(ctx, person, person, webtest.Password); err != nil {
				t.Fatal(err)
			}
			session, err := account.SignIn(a, ctx, person, webtest.Password, "", "")
			if err != nil {
				t.Fatal(err)
			}
			id, err := a.Identify(request(session))
			if want := seat == region.Administrator || seat == region.Security || seat == region.Auditor; err != nil || len(id.Held) > 0 != want {
				t.Errorf("%s waits: %v (%v)", seat, !want, err)
			}
		}
	})
}

// TestShorterSessionsEndThoseThatStand: a rule holds from the moment on it is set.
func TestShorterSessionsEndThoseThatStand(t *testing.T) {
	ruled(t, func(t *testing.T, n *node.Node, a *account.Accounts, c *clock) {
		session, _ := withToken(t, a)
		there := func() bool {
			id, err := a.Identify(request(session))
			if err != nil {
				t.Fatal(err)
			}
			return id.Actor.Person != ""
		}
		c.pass(3 * time.Hour)
		if !there() {
			t.Fatal("three hours are not twelve")
		}
		c.pass(3 * time.Hour)
		set(t, n, func(f *region.SecurityFacts) { f.Idle = 2 })
		if there() {
			t.Error("idle for three hours, and two are allowed")
		}
		set(t, n, func(f *region.SecurityFacts) { f.Most = 1 })
		for range 5 {
			if !there() {
				t.Fatal("used all the time, and not a day old")
			}
			c.pass(4 * time.Hour)
		}
		if there() {
			t.Error("older than the day that is allowed")
		}
	})
}

// TestLongerPasswords: asked of new ones, by a link and by a change; those that stand go on signing in.
func TestLongerPasswords(t *testing.T) {
	ruled(t, func(t *testing.T, n *node.Node, a *account.Accounts, _ *clock) {
		ctx := context.Background()
		session, _ := withToken(t, a)
		set(t, n, func(f *region.SecurityFacts) { f.Password = 20 })
		if _, err := account.SignIn(a, ctx, "reporter", webtest.Password, "", ""); err != nil {
			t.Errorf("the password of before: %v", err)
		}
		path, err := a.Link(ctx, "reader", "")
		if err != nil {
			t.Fatal(err)
		}
		_, byLink := account.UseLink(a, ctx, strings.TrimPrefix(path, "/link/"), "reader", "nineteen characters")
		for way, err := range map[string]error{
			"link": byLink, "change": account.ChangePassword(a, ctx, "reporter", session, webtest.Password, "nineteen characters"),
			"made": a.Create(ctx, "auditor", "auditor", "nineteen characters"),
		} {
			if !refuse.Is(err, "account.password-length") {
				t.Errorf("%s: %v", way, err)
			}
		}
		if err := account.ChangePassword(a, ctx, "reporter", session, webtest.Password, "twenty characters it"); err != nil {
			t.Errorf("twenty: %v", err)
		}
	})
}

// TestEndingAllThatLetsSomebodyIn: devices, tokens and links at once; his password stays.
func TestEndingAllThatLetsSomebodyIn(t *testing.T) {
	ruled(t, func(t *testing.T, n *node.Node, a *account.Accounts, _ *clock) {
		ctx := context.Background()
		session, token := withToken(t, a)
		path, err := a.Link(ctx, "reporter", "")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.EndAll(ctx, "reporter"); err != nil {
			t.Fatal(err)
		}
		if id, _ := a.Identify(request(session)); id.Actor.Person != "" {
			t.Error("the session is still good")
		}
		if _, err := a.Identify(bearer(token)); err == nil {
			t.Error("the token is still good")
		}
		if _, err := account.UseLink(a, ctx, strings.TrimPrefix(path, "/link/"), "reporter", webtest.Password); err == nil {
			t.Error("the link is still good")
		}
		if _, err := account.SignIn(a, ctx, "reporter", webtest.Password, "", ""); err != nil {
			t.Errorf("his password: %v", err)
		}
	})
}
