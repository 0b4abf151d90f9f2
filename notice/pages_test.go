package notice_test

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/notice"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web"
	"liandong/web/webtest"
)

// ask asks a page as somebody with a seat; no form: it only reads.
func (s *stand) ask(seat region.Seat, path string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	who := web.Identity{Name: "演示", Actor: node.Actor{Person: string(seat), Org: "fgw", Seat: string(seat), Member: "510900"}}
	if seat == "" {
		who = web.Identity{}
	}
	return s.askAs(who, path, form)
}

func (s *stand) askAs(who web.Identity, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	if form != nil {
		r = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.site(func(*web.Options) {}, who).Handler().ServeHTTP(w, r)
	return w
}

func (s *stand) want(name string, w *httptest.ResponseRecorder, status int, says ...string) string {
	s.t.Helper()
	if w.Code != status {
		s.t.Errorf("%s: %d, want %d\n%s", name, w.Code, status, w.Body)
	}
	for _, text := range says {
		if !strings.Contains(w.Body.String(), text) {
			s.t.Errorf("%s does not say %q\n%s", name, text, w.Body)
		}
	}
	return w.Body.String()
}

// TestWhoMayNot: each page and act refuses those whose it is not.
func TestWhoMayNot(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	for _, c := range []struct {
		seat   region.Seat
		method string
		path   string
		status int
	}{
		{"", "GET", "/inbox", 303},
		{"", "POST", "/inbox/read", 401},
		{"", "GET", "/me/notices", 303},
		{"", "POST", "/me/notices", 401},
		{"", "GET", "/admin/notices", 303},
		{region.Coordinator, "GET", "/admin/notices", 403},
		{region.Auditor, "GET", "/admin/notices", 403},
		{region.Coordinator, "POST", "/admin/notices/retry", 403},
		{region.Reporter, "POST", "/admin/notices/retry", 403},
		{region.Administrator, "GET", "/admin/notices", 200},
		{region.Reader, "GET", "/inbox", 200},
	} {
		var form url.Values
		if c.method == "POST" {
			form = url.Values{"x": {"y"}}
		}
		if w := s.ask(c.seat, c.path, form); w.Code != c.status {
			t.Errorf("%s %s by %q: %d, want %d", c.method, c.path, c.seat, w.Code, c.status)
		}
	}
}

// TestNobodyTouchesAnothersInbox: what one person marks or sets is his own.
func TestNobodyTouchesAnothersInbox(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	s.mail(nil)
	s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
	s.turn()
	s.want("marked by another", s.ask(region.Reader, "/inbox/read", url.Values{"matter": {"due i-1 "}}), 303)
	s.want("set by another", s.ask(region.Reader, "/me/notices", url.Values{"mail": {"other@example.cn"}, "digest-hour": {"9"}, "quiet-from": {"1"}, "quiet-until": {"1"}, "person": {"reporter"}}), 303)
	if n, err := s.Unread(context.Background(), "reporter"); err != nil || n != 1 {
		t.Errorf("%d unread, %v", n, err)
	}
	if p, err := s.Pref(context.Background(), "reporter"); err != nil || p.Mail != "reporter@example.cn" {
		t.Errorf("%+v, %v", p, err)
	}
	if got := s.want("another's inbox", s.ask(region.Reader, "/inbox", nil), 200); strings.Contains(got, "i-1") {
		t.Error("another reads it")
	}
}

// TestHowAPersonWantsToBeTold is set on its page, and what is wrong is said and kept.
func TestHowAPersonWantsToBeTold(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	form := url.Values{"mail": {"not an address"}, "by-mail": {"yes"}, "digest-hour": {"25"}, "quiet-from": {"22"}, "quiet-until": {"6"}}
	s.want("no address", s.ask(region.Reporter, "/me/notices", form), 422, "邮箱写法不对", "请选择 0 至 23 点", "not an address")
	form.Set("mail", "")
	form.Set("digest-hour", "7")
	s.want("nowhere to send", s.ask(region.Reporter, "/me/notices", form), 422, "要发邮件，请填写邮箱")
	form.Set("mail", "a@example.cn\r\nBcc: b@example.cn")
	s.want("two headers", s.ask(region.Reporter, "/me/notices", form), 422, "邮箱写法不对")
	form.Set("mail", " zhang@example.cn ")
	form.Set("at-once", "yes")
	s.want("set", s.ask(region.Reporter, "/me/notices", form), 303)
	p, err := s.Pref(context.Background(), "reporter")
	if err != nil || p.Mail != "zhang@example.cn" || !p.ByMail || p.DigestHour != 7 || p.QuietFrom != 22 || p.QuietUntil != 6 || !p.AtOnce {
		t.Errorf("%+v, %v", p, err)
	}
	s.want("the form again", s.ask(region.Reporter, "/me/notices", nil), 200, "zhang@example.cn", "还没有对外线路")
}

// TestPagesInABrowser: the bell counts, the inbox is read away, and every page is accessible and within its width.
func TestPagesInABrowser(t *testing.T) {
	box := openMailbox(t, "")
	s := newStand(t, storetest.OpenSQLite(t), box)
	s.mail(nil)
	box.answer = func(string) error { return mailError(550) }
	late := matter("i-2", "2022-06-20")
	late.Urgent = true
	s.waits = []notice.Matter{matter("i-1", "2022-06-20"), late}
	s.turn()
	base := webtest.Serve(t, s.site(func(o *web.Options) { o.Identify = s.Accounts.Identify }, web.Identity{}).Handler())
	s.Account(t, "reporter")
	s.Account(t, "administrator")
	b := webtest.Start(t)
	for _, look := range []webtest.Look{webtest.Desk, webtest.Dark, webtest.Phone} {
		p := b.Open(t, base, look)
		p.SignIn("reporter", webtest.Password)
		p.Go("/inbox")
		if got := p.Text(".bell .count"); got != "2" {
			t.Errorf("the bell says %q", got)
		}
		p.Axe()
		p.FitsWidth()
		p.Shot("notice-inbox")
		p.Go("/me/notices")
		p.Axe()
		p.FitsWidth()
		p.Shot("notice-pref")
		a := b.Open(t, base, look)
		a.SignIn("administrator", webtest.Password)
		a.Go("/admin/notices")
		if got := a.Text("main"); !strings.Contains(got, "550") || strings.Contains(got, "@example.cn") {
			t.Errorf("dead letters: %s", got)
		}
		a.Axe()
		a.FitsWidth()
		a.Shot("notice-admin")
		a.Go("/admin/notices/lines")
		a.Axe()
		a.FitsWidth()
		a.Shot("notice-lines")
	}
	p := b.Open(t, base, webtest.NoJS)
	p.SignIn("reporter", webtest.Password)
	p.Go("/inbox")
	p.Press("main table form button")
	if got := p.Text(".bell .count"); got != "1" {
		t.Errorf("after one was read the bell says %q", got)
	}
	a := b.Open(t, base, webtest.NoJS)
	a.SignIn("administrator", webtest.Password)
	a.Go("/admin/notices")
	box.answer = nil
	a.Press("main table form button")
	s.turn()
	if got := box.letters(); len(got) != 1 || lines(got, "i-1") != 1 {
		t.Errorf("after sending again: %+v", got)
	}
}
