package account_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/webtest"
)

type clock struct{ now time.Time }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

func onBoth(t *testing.T, f func(t *testing.T, a *account.Accounts, c *clock)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := webtest.NewStandOn(t, s).Accounts
		c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		a.SetClock(func() time.Time { return c.now })
		a.Cheap()
		f(t, a, c)
	})
}

func request(cookie string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
	return r
}

func bearer(token string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestFirstLinkWorksOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		first, err := a.FirstLink(ctx)
		if err != nil || !strings.HasPrefix(first, "/link/") {
			t.Fatalf("first link %q: %v", first, err)
		}
		second, err := a.FirstLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		secret := strings.TrimPrefix(second, "/link/")
		if _, err := account.UseLink(a, ctx, strings.TrimPrefix(first, "/link/"), "admin", webtest.Password); !errors.Is(err, web.ErrNotFound) {
			t.Errorf("a newer link must end the older one: %v", err)
		}
		if _, err := account.UseLink(a, ctx, secret, "admin", "short"); !refuse.Is(err, "account.password-length") {
			t.Errorf("a short password: %v", err)
		}
		person, err := account.UseLink(a, ctx, secret, " Admin ", webtest.Password)
		if err != nil || person != "administrator" {
			t.Fatalf("use the link: %q, %v", person, err)
		}
		if _, err := account.UseLink(a, ctx, secret, "admin", webtest.Password); !errors.Is(err, web.ErrNotFound) {
			t.Errorf("a link works once: %v", err)
		}
		if again, err := a.FirstLink(ctx); err != nil || again != "" {
			t.Errorf("no first link once somebody can sign in: %q, %v", again, err)
		}
	})
}

func TestLinkEndsAfterADay(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		path, err := a.Link(context.Background(), "reporter", "reporter")
		if err != nil {
			t.Fatal(err)
		}
		c.pass(24*time.Hour + time.Millisecond)
		_, err = account.UseLink(a, context.Background(), strings.TrimPrefix(path, "/link/"), "reporter", webtest.Password)
		if !errors.Is(err, web.ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		if err := a.Create(ctx, "coordinator", "xietiao", webtest.Password); err != nil {
			t.Fatal(err)
		}
		secret, err := account.SignIn(a, ctx, "XieTiao", webtest.Password, "10.0.0.1", "Chrome")
		if err != nil {
			t.Fatal(err)
		}
		id, err := a.Identify(request(secret))
		if err != nil || id.Actor.Person != "coordinator" || id.Actor.Org != "fgw" || id.Actor.Seat != "coordinator" ||
			id.Actor.Member != "510900" || id.Name != "演示coordinator" {
			t.Errorf("identity %+v, %v", id, err)
		}
		c.pass(11 * time.Hour)
		if id, _ := a.Identify(request(secret)); id.Actor.Person == "" {
			t.Error("a session in use must last")
		}
		c.pass(11 * time.Hour)
		if id, _ := a.Identify(request(secret)); id.Actor.Person == "" {
			t.Error("being used must keep a session alive")
		}
		c.pass(13 * time.Hour)
		if id, _ := a.Identify(request(secret)); id.Actor.Person != "" {
			t.Error("an idle session must end")
		}
		if id, err := a.Identify(request("made-up")); err != nil || id.Actor.Person != "" {
			t.Errorf("a made-up secret is nobody: %+v, %v", id, err)
		}
	})
}

func TestSigningInEndsTheBrowsersOldSession(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, _ *clock) {
		ctx := context.Background()
		for _, person := range []string{"coordinator", "reader"} {
			if err := a.Create(ctx, person, person, webtest.Password); err != nil {
				t.Fatal(err)
			}
		}
		first, err := account.SignIn(a, ctx, "coordinator", webtest.Password, "10.0.0.1", "Chrome")
		if err != nil {
			t.Fatal(err)
		}
		elsewhere, err := account.SignIn(a, ctx, "coordinator", webtest.Password, "10.0.0.2", "Chrome")
		if err != nil {
			t.Fatal(err)
		}
		second, err := account.SignInOver(a, ctx, "reader", webtest.Password, "10.0.0.1", "Chrome", first)
		if err != nil {
			t.Fatal(err)
		}
		for secret, want := range map[string]string{first: "", elsewhere: "coordinator", second: "reader"} {
			if id, err := a.Identify(request(secret)); err != nil || id.Actor.Person != want {
				t.Errorf("%q, want %q (%v)", id.Actor.Person, want, err)
			}
		}
	})
}

func TestGuessingIsSlowedAndNeverLocked(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		if err := a.Create(ctx, "reader", "reader", "a long enough word"); err != nil {
			t.Fatal(err)
		}
		guess := func(address, password string) error {
			_, err := account.SignIn(a, ctx, "reader", password, address, "")
			return err
		}
		for i := range 6 {
			if err := guess("10.6.6.6", "wrong"); !errors.Is(err, account.ErrWrong) {
				t.Fatalf("guess %d: %v", i, err)
			}
		}
		if err := guess("10.6.6.6", "a long enough word"); !errors.Is(err, web.ErrTooMany) {
			t.Errorf("the seventh at once must wait, even if right: %v", err)
		}
		if err := guess("10.0.0.7", "a long enough word"); err != nil {
			t.Errorf("its owner, elsewhere, must come in at once: %v", err)
		}
		for range 200 { // an attacker who goes on for a long time
			c.pass(31 * time.Second)
			if err := guess("10.6.6.6", "wrong"); !errors.Is(err, account.ErrWrong) {
				t.Fatalf("a guess after the longest wait: %v", err)
			}
		}
		c.pass(5 * time.Second)
		if err := guess("10.0.0.7", "a long enough word"); err != nil {
			t.Errorf("its owner must come in after five seconds at the most: %v", err)
		}
		if err := guess("10.6.6.6", "a long enough word"); !errors.Is(err, web.ErrTooMany) {
			t.Errorf("the attacker's address stays slowed: %v", err)
		}
	})
}

func TestATryTooEarlyDoesNotCount(t *testing.T) {
	a := webtest.NewStand(t).Accounts
	c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	a.SetClock(func() time.Time { return c.now })
	a.Cheap()
	for range 30 {
		_, _ = account.SignIn(a, context.Background(), "nobody", "wrong", "10.6.6.6", "")
	}
	c.pass(time.Second)
	if _, err := account.SignIn(a, context.Background(), "nobody", "wrong", "10.6.6.6", ""); !errors.Is(err, account.ErrWrong) {
		t.Errorf("six failures and one second later: %v", err)
	}
}

func TestTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		if err := a.Create(ctx, "reporter", "reporter", webtest.Password); err != nil {
			t.Fatal(err)
		}
		session, err := account.SignIn(a, ctx, "reporter", webtest.Password, "10.0.0.1", "")
		if err != nil {
			t.Fatal(err)
		}
		id, err := a.Identify(request(session))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.NewToken(ctx, id, "", nil, 0); len(refusals(ctx, err)) != 3 {
			t.Errorf("name, scopes and days must all be named at once: %v", err)
		}
		if _, err := a.NewToken(ctx, id, "x", []region.Action{region.PlanImport}, 30); !errors.Is(err, web.ErrForbidden) {
			t.Errorf("a token beyond the seat: %v", err)
		}
		token, err := a.NewToken(ctx, id, "报表", []region.Action{region.PlanRead}, 30)
		if err != nil {
			t.Fatal(err)
		}
		by, err := a.Identify(bearer(token))
		if err != nil || !by.Token || by.Actor.Person != "reporter" {
			t.Fatalf("by token: %+v, %v", by, err)
		}
		for act, want := range map[region.Action]bool{region.PlanRead: true, region.ReportFile: false, region.SelfAct: false, region.Public: true} {
			if by.May(act) != want {
				t.Errorf("token may %s: %v", act, !want)
			}
		}
		if _, err := a.Identify(bearer(token + "x")); !errors.Is(err, web.ErrUnauthorized) {
			t.Errorf("a wrong token: %v", err)
		}
		c.pass(31 * 24 * time.Hour)
		if _, err := a.Identify(bearer(token)); !errors.Is(err, web.ErrUnauthorized) {
			t.Errorf("an old token: %v", err)
		}
	})
}

// TestAnotherPasswordEndsEverything: whoever knew the old one keeps neither a device nor a token.
func TestAnotherPasswordEndsEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		for remark, change := range map[string]func(ctx context.Context, here string) error{
			"reset by a link": func(ctx context.Context, _ string) error {
				path, err := a.Link(ctx, "reporter", "")
				if err == nil {
					_, err = account.UseLink(a, ctx, strings.TrimPrefix(path, "/link/"), "reporter", webtest.Password)
				}
				return err
			},
			"changed": func(ctx context.Context, here string) error {
				return account.ChangePassword(a, ctx, "reporter", here, webtest.Password, "another long enough word")
			},
		} {
			ctx := context.Background()
			here, token := withToken(t, a)
			there, err := account.SignIn(a, ctx, "reporter", webtest.Password, "10.0.0.2", "")
			if err = errors.Join(err, change(ctx, here)); err != nil {
				t.Fatalf("%s: %v", remark, err)
			}
			if id, _ := a.Identify(request(there)); id.Actor.Person != "" {
				t.Errorf("%s: the other device is still signed in", remark)
			}
			if _, err := a.Identify(bearer(token)); !errors.Is(err, web.ErrUnauthorized) {
				t.Errorf("%s: the token still works: %v", remark, err)
			}
		}
	})
}

// withToken gives the reporter an account, a session and a token.
func withToken(t *testing.T, a *account.Accounts) (session, token string) {
	t.Helper()
	ctx := context.Background()
	err := a.Create(ctx, "reporter", "reporter", webtest.Password)
	if err == nil {
		session, err = account.SignIn(a, ctx, "reporter", webtest.Password, "10.0.0.1", "")
	}
	id, failed := a.Identify(request(session))
	if err = errors.Join(err, failed); err == nil {
		token, err = a.NewToken(ctx, id, "报表", []region.Action{region.PlanRead}, 30)
	}
	if err != nil {
		t.Fatal(err)
	}
	return session, token
}

func TestWhoHasLeftIsNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stand := webtest.NewStandOn(t, s)
		a, ctx := stand.Accounts, context.Background()
		a.Cheap()
		session, token := withToken(t, a)
		path, err := a.Link(ctx, "reporter", "")
		if err != nil {
			t.Fatal(err)
		}
		setup := node.Request{Actor: node.Actor{Person: "setup", Seat: "setup", Member: "510900"}}
		_, err = stand.Node.Write(ctx, setup, func(ctx context.Context, w *node.Writing) error {
			_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
				Circle: node.Self, Facts: region.PersonFacts{Person: "reporter", Left: true}, Words: &region.PersonWords{Name: "演示"},
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if id, err := a.Identify(request(session)); err != nil || id.Actor.Person != "" || id.May(region.SelfAct) {
			t.Errorf("the session: %+v, %v", id, err)
		}
		if _, err := a.Identify(bearer(token)); !errors.Is(err, web.ErrUnauthorized) {
			t.Errorf("the token: %v", err)
		}
		if _, err := account.SignIn(a, ctx, "reporter", webtest.Password, "10.0.0.1", ""); !errors.Is(err, account.ErrWrong) {
			t.Errorf("signing in: %v", err)
		}
		if _, err := account.UseLink(a, ctx, strings.TrimPrefix(path, "/link/"), "reporter", webtest.Password); !errors.Is(err, web.ErrNotFound) {
			t.Errorf("the link: %v", err)
		}
	})
}

func refusals(ctx context.Context, err error) []string {
	fields, _ := web.FieldErrors(ctx, err)
	var names []string
	for _, f := range fields {
		names = append(names, f.Field)
	}
	return names
}

func TestCreateRefuses(t *testing.T) {
	a := webtest.NewStand(t).Accounts
	a.Cheap()
	ctx := context.Background()
	if err := a.Create(ctx, "reader", "reader", webtest.Password); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, person, login, password, code string }{
		{"login of another", "auditor", "READER", webtest.Password, "account.login-taken"},
		{"login with a space", "auditor", "a b", webtest.Password, "account.login-form"},
		{"nine characters", "auditor", "auditor", "一二三四五六七八九", "account.password-length"},
		{"the login in it", "auditor", "auditor", "my-auditor-1", "account.password-weak"},
		{"four characters again and again", "auditor", "auditor", "abcdabcdabcd", "account.password-weak"},
	} {
		if err := a.Create(ctx, c.person, c.login, c.password); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=4294967295,t=3,p=4$$")
	f.Fuzz(func(t *testing.T, phc string) {
		c, salt, key, err := account.ParsePHC(phc)
		if err == nil && (len(salt) < 8 || len(key) < 16) {
			t.Errorf("accepted %q: %+v", phc, c)
		}
	})
}
