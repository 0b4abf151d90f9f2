package people_test

import (
	"strings"
	"testing"

	"liandong/web/people"
	"liandong/web/webtest"
)

// TestRegisteringAPerson: an administrator registers a person, who sets a password by the link and
// loses the seat again; the last administrator's seat stays.
func TestRegisteringAPerson(t *testing.T) {
	stand := webtest.NewStand(t)
	people.Mount(stand.Site, stand.Node, stand.Accounts)
	stand.Account(t, "administrator")
	base := webtest.Serve(t, stand.Site.Handler())
	b := webtest.Start(t)
	admin := b.Open(t, base, webtest.Desk)
	admin.SignIn("administrator", webtest.Password)
	admin.Go("/people")
	admin.Shot("people")
	admin.Axe()

	admin.Go("/people/new")
	admin.Axe()
	admin.Press("main form .primary")
	if got := admin.Text(".errors"); !strings.Contains(got, "请填写姓名") {
		t.Errorf("an empty form says %q", got)
	}
	admin.Fill("name", "演示新人")
	webtest.Eval[int](admin, `document.querySelector('[value="reporter"]').click(), 0`)
	admin.Shot("people-new")
	admin.Press("main form .primary")
	link := admin.Text(".copy-box code")
	if !strings.HasPrefix(link, base+"/link/") {
		t.Fatalf("the link reads %q", link)
	}
	admin.Shot("people-link")
	admin.Axe()

	newcomer := b.Open(t, base, webtest.Phone)
	newcomer.Go(strings.TrimPrefix(link, base))
	newcomer.Fill("login", "新人")
	newcomer.Fill("password", webtest.Password)
	newcomer.Press("main form button")
	newcomer.Go("/people")
	if got := newcomer.Text("h1"); got != "当前席位没有这项权限" {
		t.Errorf("a reporter sees the register: %q", got)
	}

	admin.Go("/people/administrator")
	admin.Press(`form[action$="/take"] button`)
	if got := admin.Text(".errors"); !strings.Contains(got, "最后一位管理员") {
		t.Errorf("taking the last administrator's seat says %q", got)
	}
	admin.Press(`a[href$="/leave"]`)
	admin.Shot("people-leave")
	admin.Axe()
	admin.Press(`form[action$="/leave"] button`)
	if got := admin.Text(".errors"); !strings.Contains(got, "最后一位管理员") {
		t.Errorf("the last administrator leaving says %q", got)
	}
	admin.Look(webtest.Phone)
	admin.Go("/people")
	admin.Shot("people-phone")
	admin.FitsWidth()
}
