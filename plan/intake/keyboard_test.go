package intake_test

import (
	"strings"
	"testing"

	"liandong/store/storetest"
	"liandong/web/webtest"
)

// TestAListIsImportedByKeyboard takes a list in without a mouse, from the menu to what is written;
// only the file is put into the form by the test, as the system's own window would.
func TestAListIsImportedByKeyboard(t *testing.T) {
	o := newOffice(t, storetest.OpenSQLite(t))
	p := webtest.Start(t).Open(t, o.base, webtest.Desk)
	p.SignIn("coordinator", webtest.Password)
	p.Go("/plan/import")
	choose(p, workbook(t, "遂潼清单.xlsx", suitong))
	p.TabTo(`[name="key"]`)
	p.Type("suitong-2022")
	p.TabTo(`main form .primary`)
	p.Enter()
	if got := p.Text("main"); !strings.Contains(got, "完成时限看不明白") {
		t.Fatalf("the preview says %q", got)
	}
	p.TabTo(`[name="col:联系处室"]`)
	p.Type("备注")
	p.TabTo(`.confirm-bar [value=reread]`)
	p.Enter()
	if got := p.Text("main"); !strings.Contains(got, "已更正") {
		t.Fatalf("after a correction the page says %q", got)
	}
	p.TabTo(`.confirm-bar .primary`)
	p.Enter()
	if got := p.Text("main"); !strings.Contains(got, "导入完成") {
		t.Fatalf("after confirming the page says %q", got)
	}
	clean(t, o)
}
