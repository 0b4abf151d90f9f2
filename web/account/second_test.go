package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"liandong/region"
	"liandong/web"
	"liandong/web/account"
	"liandong/web/webtest"
)

// codeOf is what the person's app shows now.
func codeOf(t *testing.T, secret string, now time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withSecond gives person an account with a second factor; session is the one in which he set it up.
func withSecond(t *testing.T, a *account.Accounts, c *clock, person string) (secret, session string, recovery []string) {
	t.Helper()
	ctx := context.Background()
	err := a.Create(ctx, person, person, webtest.Password)
	if err == nil {
		session, err = account.SignIn(a, ctx, person, webtest.Password, "10.0.0.1", "")
	}
	if err == nil {
		err = account.Propose(a, ctx, person)
	}
	if err == nil {
		secret, err = account.SecretOf(a, ctx, person)
	}
	if err == nil {
		recovery, err = account.Confirm(a, ctx, person, session, codeOf(t, secret, c.now))
	}
	if err != nil {
		t.Fatal(err)
	}
	return secret, session, recovery
}

// TestCodesOfTheStandard: RFC 6238, appendix B, SHA-1, last six digits.
func TestCodesOfTheStandard(t *testing.T) {
	a := webtest.NewStand(t).Accounts
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		a.SetClock(func() time.Time { return time.Unix(at, 0) })
		if step, ok := account.StepOf(a, secret, code); !ok || step != at/30 {
			t.Errorf("%d: step %d, %v", at, step, ok)
		}
	}
}

func TestSecondFactorAtSignIn(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		secret, _, recovery := withSecond(t, a, c, "reader")
		begin := func() string {
			t.Helper()
			session, begun, err := account.Begin(a, ctx, "reader", webtest.Password, "10.0.0.2", "")
			if err != nil || session != "" || begun == "" {
				t.Fatalf("the password alone: session %q, begun %q, %v", session, begun, err)
			}
			return begun
		}
		pass := func(begun, code string) (string, error) { return account.Pass(a, ctx, begun, code, "") }
		if _, err := pass(begin(), codeOf(t, secret, c.now)); !errors.Is(err, account.ErrWrongCode) {
			t.Errorf("the code by which it was set up must not work again: %v", err)
		}
		c.pass(30 * time.Second)
		begun, code := begin(), codeOf(t, secret, c.now)
		session, err := pass(begun, code[:3]+" "+code[3:])
		if err != nil {
			t.Fatalf("the right code: %v", err)
		}
		if id, _ := a.Identify(request(session)); id.Actor.Person != "reader" {
			t.Errorf("signed in as %q", id.Actor.Person)
		}
		if _, err := pass(begun, code); !errors.Is(err, account.ErrNotBegun) {
			t.Errorf("what was begun is over: %v", err)
		}
		if _, err := pass(begin(), code); !errors.Is(err, account.ErrWrongCode) {
			t.Errorf("a code works once: %v", err)
		}
		c.pass(90 * time.Second)
		if _, err := pass(begin(), codeOf(t, secret, c.now.Add(-60*time.Second))); !errors.Is(err, account.ErrWrongCode) {
			t.Errorf("a code of two steps ago: %v", err)
		}
		if _, err := pass(begin(), codeOf(t, secret, c.now.Add(-30*time.Second))); err != nil {
			t.Errorf("a code of one step ago: %v", err)
		}
		if _, err := pass(begin(), strings.ToLower(recovery[0])); err != nil {
			t.Errorf("a recovery code: %v", err)
		}
		if _, err := pass(begin(), recovery[0]); !errors.Is(err, account.ErrWrongCode) {
			t.Errorf("a recovery code works once: %v", err)
		}
		late := begin()
		c.pass(11 * time.Minute)
		if _, err := pass(late, codeOf(t, secret, c.now)); !errors.Is(err, account.ErrNotBegun) {
			t.Errorf("what was begun is over after ten minutes: %v", err)
		}
		if _, err := pass("made-up", codeOf(t, secret, c.now)); !errors.Is(err, account.ErrNotBegun) {
			t.Errorf("a made-up secret: %v", err)
		}
	})
}

// TestALinkAsksForTheSecondFactorToo: who gets hold of a link has not got the telephone.
func TestALinkAsksForTheSecondFactorToo(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		withSecond(t, a, c, "reader")
		session, begun, err := account.InByLink(a, context.Background(), "reader")
		if err != nil || session != "" || begun == "" {
			t.Errorf("session %q, begun %q, %v", session, begun, err)
		}
	})
}

func TestSettingUpEndsOtherDevices(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		if err := a.Create(ctx, "reader", "reader", webtest.Password); err != nil {
			t.Fatal(err)
		}
		other, err := account.SignIn(a, ctx, "reader", webtest.Password, "10.0.0.9", "")
		if err != nil {
			t.Fatal(err)
		}
		if err := account.Propose(a, ctx, "reader"); err != nil {
			t.Fatal(err)
		}
		here, err := account.SignIn(a, ctx, "reader", webtest.Password, "10.0.0.1", "")
		if err != nil || here == "" {
			t.Fatalf("a secret that is only proposed must ask nothing: %q, %v", here, err)
		}
		secret, err := account.SecretOf(a, ctx, "reader")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := account.Confirm(a, ctx, "reader", here, "000000"); !errors.Is(err, account.ErrWrongCode) {
			t.Errorf("confirmed by a wrong code: %v", err)
		}
		if _, err := account.Confirm(a, ctx, "reader", here, codeOf(t, secret, c.now)); err != nil {
			t.Fatal(err)
		}
		for session, want := range map[string]string{other: "", here: "reader"} {
			if id, _ := a.Identify(request(session)); id.Actor.Person != want {
				t.Errorf("%q, want %q", id.Actor.Person, want)
			}
		}
		if err := account.Propose(a, ctx, "reader"); err != nil {
			t.Fatal(err)
		}
		if again, err := account.SecretOf(a, ctx, "reader"); err != nil || again != secret {
			t.Errorf("a proposal must not take the place of a secret in use: %v", err)
		}
	})
}

func TestAdministratorsSeatWaitsForTheSecondFactor(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		if err := a.Create(ctx, "administrator", "administrator", webtest.Password); err != nil {
			t.Fatal(err)
		}
		session, err := account.SignIn(a, ctx, "administrator", webtest.Password, "10.0.0.1", "")
		if err != nil {
			t.Fatal(err)
		}
		id, err := a.Identify(request(session))
		if err != nil || !id.May(region.PersonWrite) {
			t.Fatalf("nothing is demanded yet: %+v, %v", id, err)
		}
		token, err := a.NewToken(ctx, id, "备份", []region.Action{region.PersonWrite}, 30)
		if err != nil {
			t.Fatal(err)
		}
		a.DemandSecond()
		if id, _ = a.Identify(request(session)); id.May(region.PersonWrite) || !id.May(region.SelfAct) || len(id.Held) != 1 || len(id.Seats) != 0 {
			t.Errorf("without a second factor: %+v", id)
		}
		if _, err := a.Identify(bearer(token)); !errors.Is(err, web.ErrUnauthorized) {
			t.Errorf("a token of before: %v", err)
		}
		secret, session, _ := withSecond(t, a, c, "administrator")
		if id, _ = a.Identify(request(session)); !id.May(region.PersonWrite) {
			t.Errorf("with it: %+v", id)
		}
		token, err = a.NewToken(ctx, id, "备份", []region.Action{region.PersonWrite}, 30)
		if err != nil {
			t.Fatal(err)
		}
		if by, err := a.Identify(bearer(token)); err != nil || !by.May(region.PersonWrite) {
			t.Errorf("a token: %+v, %v", by, err)
		}
		c.pass(30 * time.Second)
		if err := account.DropSecond(a, ctx, "administrator", "000000"); !errors.Is(err, account.ErrWrongCode) {
			t.Errorf("removed by a wrong code: %v", err)
		}
		if err := account.DropSecond(a, ctx, "administrator", codeOf(t, secret, c.now)); err != nil {
			t.Fatal(err)
		}
		if id, _ = a.Identify(request(session)); id.May(region.PersonWrite) {
			t.Error("who has given it up keeps the seat")
		}
		if _, err := a.Identify(bearer(token)); !errors.Is(err, web.ErrUnauthorized) {
			t.Errorf("his token: %v", err)
		}
	})
}

// TestStrangersDoNotKeepTheOwnerOut: a thousand addresses try one login as fast as they can, and go on.
func TestStrangersDoNotKeepTheOwnerOut(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		for _, person := range []string{"reader", "auditor"} {
			if err := a.Create(ctx, person, person, webtest.Password); err != nil {
				t.Fatal(err)
			}
		}
		_, _, known, err := account.Enter(a, ctx, "reader", webtest.Password, "10.0.0.1", "")
		if err != nil || known == "" {
			t.Fatalf("%q, %v", known, err)
		}
		flood := func() {
			for i := range 60 {
				_, _ = account.SignIn(a, ctx, "reader", "wrong", "10.6."+string(rune('0'+i%10))+".6", "")
			}
			for range 100 { // somebody behind the same gateway as the owner
				_, _ = account.SignIn(a, ctx, "auditor", "wrong", "10.0.0.1", "")
			}
		}
		for range 3 {
			c.pass(time.Second)
			flood()
			if _, err := account.SignIn(a, ctx, "reader", webtest.Password, "10.9.9.9", ""); !errors.Is(err, web.ErrTooMany) {
				t.Errorf("the flood is not felt by a browser that nobody knows (%v): this test shows nothing", err)
			}
			session, _, _, err := account.Enter(a, ctx, "reader", webtest.Password, "10.0.0.1", known)
			if err != nil || session == "" {
				t.Errorf("the owner, in the browser that he signed in with before: %v", err)
			}
		}
		c.pass(5 * time.Second)
		if _, err := account.SignIn(a, ctx, "auditor", webtest.Password, "10.7.7.7", ""); err != nil {
			t.Errorf("another account, from anywhere else: %v", err)
		}
		// The cookie is no key: it is the reader's, it is slowed by itself, and opens nothing.
		for range 6 {
			if _, _, _, err := account.Enter(a, ctx, "reader", "wrong", "10.0.0.1", known); !errors.Is(err, account.ErrWrong) {
				t.Fatal(err)
			}
		}
		if _, _, _, err := account.Enter(a, ctx, "reader", "wrong", "10.0.0.1", known); !errors.Is(err, web.ErrTooMany) {
			t.Errorf("guessing in a known browser: %v", err)
		}
	})
}

// TestGuessingCodesIsSlowed: who has the password gets one guess in five minutes, and shuts nobody out by it.
func TestGuessingCodesIsSlowed(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		secret, _, recovery := withSecond(t, a, c, "reader")
		known := account.KnownAs(t, a, "reader")
		_, begun, err := account.Begin(a, ctx, "reader", webtest.Password, "10.6.6.6", "")
		if err != nil {
			t.Fatal(err)
		}
		guesses := 0
		for range 600 { // ten minutes, one a second
			c.pass(time.Second)
			_, err := account.Pass(a, ctx, begun, "000000", "")
			switch {
			case errors.Is(err, account.ErrWrongCode):
				guesses++
			case errors.Is(err, account.ErrNotBegun):
				if _, begun, err = account.Begin(a, ctx, "reader", webtest.Password, "10.6.6.6", ""); err != nil {
					t.Fatal(err)
				}
			case !errors.Is(err, web.ErrTooMany):
				t.Fatal(err)
			}
		}
		if guesses > 23 || guesses < 15 {
			t.Errorf("%d guesses in ten minutes", guesses)
		}
		_, begun, err = account.Begin(a, ctx, "reader", webtest.Password, "10.0.0.1", known)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := account.Pass(a, ctx, begun, codeOf(t, secret, c.now), known); err != nil {
			t.Errorf("the owner in his browser: %v", err)
		}
		_, begun, err = account.Begin(a, ctx, "reader", webtest.Password, "10.0.0.3", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := account.Pass(a, ctx, begun, recovery[1], ""); err != nil {
			t.Errorf("the owner elsewhere, with a recovery code: %v", err)
		}
	})
}
