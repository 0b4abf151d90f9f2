package board_test

import (
	"strings"
	"testing"

	"liandong/region"
	"liandong/web/webtest"
)

// TestThePhoneShowsTheSumFirst: on a phone the first screen names what is late and who owes; the tables
// below show that of each list and unit, and all columns by a link, without scripts.
func TestThePhoneShowsTheSumFirst(t *testing.T) {
	o := opened(t)
	p := webtest.Start(t).Open(t, site(t, o, region.Coordinator, "市发展改革委"), webtest.Look{NoJS: true, Width: 390, Height: 844})
	p.Go("/plan")
	p.FitsWidth()
	figures := p.Text(".figures")
	if !strings.Contains(figures, "滞后") || !strings.Contains(figures, "市农业农村局 1") {
		t.Errorf("the figures say %q", figures)
	}
	shown := func(selector string) int {
		return webtest.Eval[int](p, `Array.from(document.querySelectorAll("`+selector+`")).filter(e => e.offsetHeight > 0).length`)
	}
	for id, c := range map[string]struct{ brief, whole int }{"#plans": {3, 7}, "#units-table": {3, 8}} {
		cells, link := id+" tbody tr:first-child td", id+"-whole"
		if n := shown(cells); n != c.brief {
			t.Errorf("folded, a row of %s shows %d cells", id, n)
		}
		p.Press(link + ` .unfold`)
		if n := shown(cells); n != c.whole || !strings.HasSuffix(p.Address(), link) {
			t.Errorf("unfolded at %s, a row of %s shows %d cells", p.Address(), id, n)
		}
		p.FitsWidth()
		p.Press(link + ` .refold`)
		if n := shown(cells); n != c.brief {
			t.Errorf("folded again, a row of %s shows %d cells", id, n)
		}
	}
	p.Look(webtest.Desk)
	p.Go("/plan")
	if cells, links := shown("#plans tbody tr:first-child td"), shown(".fold-link"); cells != 7 || links != 0 {
		t.Errorf("on a desk a row shows %d cells, and %d links unfold", cells, links)
	}
}
