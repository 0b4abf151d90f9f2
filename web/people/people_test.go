package people_test

import (
	"strings"
	"testing"

	"liandong/web/people"
	"liandong/web/webtest"
)

// TestRegisteringAPerson: the administrator registers a person, the security administrator gives a seat, and the person sets a
// password by the link; the last administrator's seat stays.
func TestRegisteringAPerson(t *testing.T) {
	stand := webtest.NewStand(t)
	people.Mount(stand.Site, stand.Node, stand.Accounts, nil)
	stand.Account(t, "administrator")
	stand.Account(t, "security")
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
	admin.Shot("people-new")
	admin.Press("main form .primary")
	link := admin.Text(".copy-box code")
	if !strings.HasPrefix(link, base+"/link/") {
		t.Fatalf("the link reads %q", link)
	}
	admin.Shot("people-link")
	admin.Axe()

	security := b.Open(t, base, webtest.Desk)
	security.SignIn("security", webtest.Password)
	security.Go("/people")
	security.Click("演示新人")
	security.Choose("org", "市发展改革委")
	security.Choose("seat", "填报员")
	security.Press("#give form .primary, #give form button")
	security.Shot("people-given")
	security.Axe()
	for _, path := range []string{"/security", "/people/reporter/move"} {
		security.Go(path)
		security.Axe()
		security.Shot(path[1:])
	}
	security.Look(webtest.Phone)
	security.Go("/security")
	security.Shot("security-phone")
	security.FitsWidth()

	newcomer := b.Open(t, base, webtest.Phone)
	newcomer.Go(strings.TrimPrefix(link, base))
	newcomer.Fill("login", "新人")
	newcomer.Fill("password", webtest.Password)
	newcomer.Press("main form button")
	newcomer.Go("/people")
	if got := newcomer.Text("h1"); got != "当前席位没有这项权限" {
		t.Errorf("a reporter sees the register: %q", got)
	}

	security.Go("/people/administrator")
	security.Press(`form[action$="/take"] button`)
	if got := security.Text(".errors"); !strings.Contains(got, "最后一位管理员") {
		t.Errorf("taking the last administrator's seat says %q", got)
	}
	admin.Go("/people/administrator")
	admin.Press(`a[href$="/leave"]`)
	admin.Shot("people-leave")
	admin.Axe()
	admin.Choose("to-fgw", "不移交")
	admin.Press(`form[action$="/leave"] .danger`)
	if got := admin.Text(".errors"); !strings.Contains(got, "最后一位管理员") {
		t.Errorf("the last administrator leaving says %q", got)
	}
	admin.Look(webtest.Phone)
	admin.Go("/people")
	admin.Shot("people-phone")
	admin.FitsWidth()
}
