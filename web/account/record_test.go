package account_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/account"
	"liandong/web/webtest"
)

// lines are what the record tells, the oldest first: "reader signin password done 10.0.0.1".
func lines(t *testing.T, s *store.Store) (all []string) {
	t.Helper()
	err := s.Read(context.Background(), func(tx *store.Tx) error {
		records, err := account.Records(context.Background(), tx, account.Query{})
		for _, r := range slices.Backward(records) {
			line := strings.Join([]string{r.Person, string(r.Act), r.Way, string(r.Outcome), r.Address}, " ")
			if r.Actor != "" {
				line += " by " + r.Actor
			}
			all = append(all, line)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func check(t *testing.T, s *store.Store) (c account.Checked) {
	t.Helper()
	err := s.Read(context.Background(), func(tx *store.Tx) (err error) {
		c, err = account.CheckRecords(context.Background(), tx, "510900")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// visitor is a browser without scripts.
type visitor struct {
	t       *testing.T
	site    http.Handler
	address string
	cookies []*http.Cookie
}

func (v *visitor) send(path string, form url.Values) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.RemoteAddr = v.address + ":4711"
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.site.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		v.cookies = slices.DeleteFunc(v.cookies, func(o *http.Cookie) bool { return o.Name == c.Name })
		if c.MaxAge >= 0 {
			v.cookies = append(v.cookies, c)
		}
	}
	return w
}

func (v *visitor) signIn(login, password string) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.send("/signin", url.Values{"login": {login}, "password": {password}})
}

// TestEverySignInLeavesALine: who, when, from where, by which way and how it ended; what was typed where no account is does not.
func TestEverySignInLeavesALine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stand := webtest.NewStandOn(t, s)
		stand.Accounts.Cheap()
		stand.Account(t, "two-seats")
		site := stand.Site.Handler()
		v := &visitor{t: t, site: site, address: "10.0.0.7"}
		v.signIn("two-seats", "a wrong password")
		v.signIn("my secret password", "x")
		v.signIn("two-seats", webtest.Password)
		v.send("/me/seat", url.Values{"seat": {"reporter@jtj"}, "back": {"/"}})
		v.send("/me/password", url.Values{"old": {"wrong"}, "password": {"another long enough word"}})
		v.send("/me/password", url.Values{"old": {webtest.Password}, "password": {"another long enough word"}})
		v.send("/signout", url.Values{})
		if _, err := stand.Accounts.Link(account.AsOperator(context.Background(), "operator"), "two-seats", ""); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"two-seats password  done ",
			"two-seats signin password wrong 10.0.0.7",
			" signin password wrong 10.0.0.7",
			"two-seats signin password done 10.0.0.7",
			"two-seats seat reporter done 10.0.0.7",
			"two-seats own-password password wrong 10.0.0.7",
			"two-seats password password done 10.0.0.7",
			"two-seats signout  done 10.0.0.7",
			"two-seats link  done  by operator",
		}
		if got := lines(t, s); !slices.Equal(got, want) {
			t.Errorf("the record tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if c := check(t, s); c.Broken != 0 || c.Lines != int64(len(want)) {
			t.Errorf("checked: %+v", c)
		}
	})
}

// TestTheRecordTellsOfTheSecondFactor: the right password of somebody who cannot show the code is told by itself.
func TestTheRecordTellsOfTheSecondFactor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := webtest.NewStandOn(t, s).Accounts
		a.Cheap()
		c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		a.SetClock(func() time.Time { return c.now })
		_, _, recovery := withSecond(t, a, c, "reader")
		ctx := context.Background()
		_, begun, err := account.Begin(a, ctx, "reader", webtest.Password, "", "")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = account.Pass(a, ctx, begun, "000000", "")
		if _, err := account.Pass(a, ctx, begun, recovery[0], ""); err != nil {
			t.Fatal(err)
		}
		if err := a.FreeSecond(account.AsOperator(ctx, "operator"), "reader"); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"reader password  done ", "reader signin password done ", "reader second-on code done ", "reader signin password half ",
			"reader signin code wrong ", "reader signin recovery done ", "reader second-off  done  by operator",
		}
		if got := lines(t, s); !slices.Equal(got, want) {
			t.Errorf("the record tells\n%s", strings.Join(got, "\n"))
		}
	})
}

// TestAFloodDoesNotFillTheRecord: whoever reaches the sign-in page cannot fill the disk, and that there was a flood is told.
func TestAFloodDoesNotFillTheRecord(t *testing.T) {
	s := storetest.OpenSQLite(t)
	stand := webtest.NewStandOn(t, s)
	stand.Accounts.Cheap()
	stand.Account(t, "reader")
	site := stand.Site.Handler()
	for i := range 300 {
		v := &visitor{t: t, site: site, address: "10.1." + string(rune('0'+i/60)) + ".9"}
		v.signIn("nobody", "x")
	}
	got := lines(t, s)
	if len(got) > 103 {
		t.Errorf("300 attempts left %d lines", len(got))
	}
	owner := &visitor{t: t, site: site, address: "10.0.0.1"}
	owner.signIn("reader", "wrong")
	owner.signIn("reader", webtest.Password)
	got = lines(t, s)
	if last := got[len(got)-2:]; last[0] != "reader signin password wrong 10.0.0.1" || last[1] != "reader signin password done 10.0.0.1" {
		t.Errorf("a flood of strangers hides an account's own lines: %q", last)
	}
	slowed := slices.ContainsFunc(got, func(l string) bool { return strings.Contains(l, "slowed") })
	if !slowed {
		t.Error("that somebody was slowed is not told")
	}
}

// TestTheRecordCannotBeChangedUnseen: not a word of it, no line taken away or put in, and not by who reckons all hashes anew.
func TestTheRecordCannotBeChangedUnseen(t *testing.T) {
	for name, spoil := range map[string]string{
		"a word changed":        `UPDATE account_record SET address = '10.9.9.9' WHERE seq = 3`,
		"a line taken away":     `DELETE FROM account_record WHERE seq = 3`,
		"the last taken away":   `DELETE FROM account_record WHERE seq = 5`,
		"the end moved along":   `DELETE FROM account_record WHERE seq = 5; UPDATE account_chain SET seq = 4, hash = (SELECT hash FROM account_record WHERE seq = 4)`,
		"the beginning cut off": `DELETE FROM account_record WHERE seq < 3; UPDATE account_chain SET cut = 2, cut_hash = 'x'`,
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.OpenSQLite(t)
			stand := webtest.NewStandOn(t, s)
			stand.Accounts.Cheap()
			ctx := context.Background()
			stand.Account(t, "reader")
			for range 4 {
				if _, err := account.SignIn(stand.Accounts, ctx, "reader", webtest.Password, "10.0.0.1", ""); err != nil {
					t.Fatal(err)
				}
			}
			if err := stand.Accounts.SealRecords(ctx, stand.Node); err != nil {
				t.Fatal(err)
			}
			if c := check(t, s); c != (account.Checked{Lines: 5, Seals: 1, Sealed: 5}) {
				t.Fatalf("before: %+v", c)
			}
			if err := s.Write(ctx, func(tx *store.Tx) error { return tx.Script(ctx, spoil) }); err != nil {
				t.Fatal(err)
			}
			if c := check(t, s); c.Broken == 0 {
				t.Errorf("nobody sees it: %+v", c)
			}
		})
	}
}

// TestAChainReckonedAnewIsToldByTheBook: who may write into the database can make every hash fit, and not the entry of the book.
func TestAChainReckonedAnewIsToldByTheBook(t *testing.T) {
	s := storetest.OpenSQLite(t)
	stand := webtest.NewStandOn(t, s)
	stand.Accounts.Cheap()
	ctx := context.Background()
	stand.Account(t, "reader")
	if _, err := account.SignIn(stand.Accounts, ctx, "reader", webtest.Password, "10.0.0.1", ""); err != nil {
		t.Fatal(err)
	}
	if err := stand.Accounts.SealRecords(ctx, stand.Node); err != nil {
		t.Fatal(err)
	}
	if err := account.Reckon(ctx, s, `UPDATE account_record SET person = 'auditor' WHERE seq = 2`); err != nil {
		t.Fatal(err)
	}
	if c := check(t, s); c.Broken != 2 {
		t.Errorf("nobody sees it: %+v", c)
	}
}

// TestSignInsAreKeptForTheirTime: at least six months, whatever is set; and the rest still follows from what went.
func TestSignInsAreKeptForTheirTime(t *testing.T) {
	onBoth(t, func(t *testing.T, a *account.Accounts, c *clock) {
		ctx := context.Background()
		if err := a.Create(ctx, "reader", "reader", webtest.Password); err != nil {
			t.Fatal(err)
		}
		sign := func() {
			t.Helper()
			if _, err := account.SignIn(a, ctx, "reader", webtest.Password, "10.0.0.1", ""); err != nil {
				t.Fatal(err)
			}
		}
		sign()
		c.pass(183 * 24 * time.Hour)
		sign()
		drop := func(days int, want int64) {
			t.Helper()
			if n, err := a.DropRecords(ctx, days); err != nil || n != want {
				t.Errorf("%d days: %d lines went, want %d (%v)", days, n, want, err)
			}
			if c := check(t, account.StoreOf(a)); c.Broken != 0 {
				t.Errorf("the rest is broken: %+v", c)
			}
		}
		drop(1, 0)
		c.pass(2 * 24 * time.Hour)
		drop(366, 0)
		drop(184, 2)
		c.pass(400 * 24 * time.Hour)
		drop(366, 1)
		sign()
		drop(366, 0)
	})
}

// TestAPersonSeesHisLastSignIns: also those that failed, and nobody else's.
func TestAPersonSeesHisLastSignIns(t *testing.T) {
	stand := webtest.NewStand(t)
	stand.Accounts.Cheap()
	stand.Account(t, "reader")
	stand.Account(t, "auditor")
	site := stand.Site.Handler()
	(&visitor{t: t, site: site, address: "10.6.6.6"}).signIn("reader", "wrong")
	(&visitor{t: t, site: site, address: "10.7.7.7"}).signIn("auditor", "wrong")
	v := &visitor{t: t, site: site, address: "10.0.0.1"}
	v.signIn("reader", webtest.Password)
	page := v.send("/me/sessions", nil).Body.String()
	for text, want := range map[string]bool{"10.6.6.6": true, "10.0.0.1": true, "10.7.7.7": false, "失败": true, "真实时间": true} {
		if strings.Contains(page, text) != want {
			t.Errorf("%s stands there: %v", text, !want)
		}
	}
}

// TestAnotherSeatLeadsHomeWhereItMayNotSeeThePage: a change of seat never ends on a refusal.
func TestAnotherSeatLeadsHomeWhereItMayNotSeeThePage(t *testing.T) {
	stand := webtest.NewStand(t)
	stand.Accounts.Cheap()
	stand.Account(t, "two-seats")
	stand.Site.Handle("GET /lists", "plan.import", func(w http.ResponseWriter, _ *http.Request) error { return nil })
	stand.Site.Handle("GET /both", "plan.read", func(w http.ResponseWriter, _ *http.Request) error { return nil })
	v := &visitor{t: t, site: stand.Site.Handler(), address: "10.0.0.1"}
	v.signIn("two-seats", webtest.Password)
	for _, c := range []struct{ seat, back, to string }{
		{"reporter@jtj", "/lists", "/"},
		{"coordinator@fgw", "/lists", "/lists"},
		{"reporter@jtj", "/both?x=1", "/both?x=1"},
		{"coordinator@fgw", "/nowhere", "/"},
		{"reporter@jtj", "https://evil.example/", "/"},
	} {
		if to := v.send("/me/seat", url.Values{"seat": {c.seat}, "back": {c.back}}).Header().Get("Location"); to != c.to {
			t.Errorf("%s on %s: led to %q, want %q", c.seat, c.back, to, c.to)
		}
	}
}
