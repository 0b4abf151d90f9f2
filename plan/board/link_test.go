package board_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
	"liandong/web/webtest"
)

// TestSeveralItemsForOneRow links a row with one item instead of its own, adds a second, and takes
// them away one by one, as a browser without scripts does; each page says what differs.
func TestSeveralItemsForOneRow(t *testing.T) {
	o, row, plans, halls := twoWorks(t)
	base := site(t, o, region.Coordinator, "市发展改革委")
	at := "/listing/" + row
	_, own := o.Row("涪江湾园区规划建设")

	_, page := get(t, base+at+"/twins")
	for _, says := range []string{"现在对应的事项（1）", "只由这条任务形成", "/link?item=" + plans} {
		if !strings.Contains(page, says) {
			t.Errorf("before, the page does not say %q: %.600s", says, page)
		}
	}
	if strings.Contains(page, at+"/unlink") {
		t.Error("a row that stands for its own item only is offered to be unlinked")
	}

	_, ask := get(t, base+at+"/link?item="+plans)
	if !strings.Contains(ask, `value="instead"`) || !strings.Contains(ask, `value="also"`) {
		t.Errorf("a row of its own item is not asked how it is linked: %.600s", ask)
	}
	sent(t, base+at+"/link", url.Values{"item": {plans}, "how": {"instead"}, "reason": {"同一规划"}, "request": {"r1"}})
	wantItems(t, o, row, plans)

	_, ask = get(t, base+at+"/link?item="+halls)
	if strings.Contains(ask, `value="instead"`) || !strings.Contains(ask, "已对应 1 个事项") {
		t.Errorf("a linked row may lose what it stands for: %.600s", ask)
	}
	sent(t, base+at+"/link", url.Values{"item": {halls}, "how": {"also"}, "request": {"r2"}})
	sent(t, base+at+"/link", url.Values{"item": {halls}, "how": {"also"}, "request": {"r3"}}) // once more is no fault
	wantItems(t, o, row, plans, halls)

	_, page = get(t, base+at+"/twins")
	for _, item := range []string{plans, halls} {
		card := between(page, `id="linked-`+item+`"`, "</article>")
		if !strings.Contains(card, "写法不同的地方") || !strings.Contains(card, "6月底前") && !strings.Contains(card, "9月底前") || !strings.Contains(card, at+"/unlink?item="+item) {
			t.Errorf("the page does not say what differs from %s, or offers no undoing: %.600s", item, card)
		}
		if strings.Contains(page, "/link?item="+item) {
			t.Errorf("%s is linked and proposed again", item)
		}
	}

	_, ask = get(t, base+at+"/unlink?item="+plans)
	if !strings.Contains(ask, "编制涪江湾园区国土空间规划") || !strings.Contains(ask, "仍对应其余 1 个事项") {
		t.Errorf("the question before undoing: %.600s", ask)
	}
	sent(t, base+at+"/unlink", url.Values{"item": {plans}, "request": {"r4"}})
	wantItems(t, o, row, halls)
	sent(t, base+at+"/unlink", url.Values{"item": {halls}, "request": {"r5"}})
	wantItems(t, o, row, own)
	if status, _ := get(t, base+at+"/unlink?item="+halls); status != http.StatusNotFound {
		t.Errorf("undoing what is not linked is %d", status)
	}
	o.Clean()
}

// TestOneRowAlsoHoldsAnother: added beside its own item, the own item stays.
func TestOneRowAlsoHoldsAnother(t *testing.T) {
	o, row, plans, halls := twoWorks(t)
	_, own := o.Row("涪江湾园区规划建设")
	base := site(t, o, region.Coordinator, "市发展改革委")
	sent(t, base+"/listing/"+row+"/link", url.Values{"item": {halls}, "how": {"also"}, "request": {"r1"}})
	wantItems(t, o, row, own, halls)
	_, ask := get(t, base+"/listing/"+row+"/unlink?item="+own)
	if !strings.Contains(ask, "不在任何清单里") {
		t.Errorf("nobody is told that the item will stand in no list: %.600s", ask)
	}
	reporter := site(t, o, region.Reporter, "市发展改革委")
	if status, _ := post(t, reporter+"/listing/"+row+"/link", url.Values{"item": {plans}, "request": {"r2"}}); status != http.StatusForbidden {
		t.Errorf("a reporter links: %d", status)
	}
	if status, _ := post(t, reporter+"/listing/"+row+"/unlink", url.Values{"item": {halls}, "request": {"r3"}}); status != http.StatusForbidden {
		t.Errorf("a reporter unlinks: %d", status)
	}
	wantItems(t, o, row, own, halls)
}

// TestLinksLookRight: on the desk and on a phone, the details open.
func TestLinksLookRight(t *testing.T) {
	o, row, plans, halls := twoWorks(t)
	if err := o.Link(context.Background(), o.Coordinator(), row, []string{plans, halls}, ""); err != nil {
		t.Fatal(err)
	}
	base, b := site(t, o, region.Coordinator, "市发展改革委"), webtest.Start(t)
	for name, look := range map[string]webtest.Look{"desk": webtest.Desk, "phone": webtest.Phone} {
		p := b.Open(t, base, look)
		for page, path := range map[string]string{"linked": "/twins", "unlink-one": "/unlink?item=" + plans} {
			p.Go("/listing/" + row + path)
			p.Axe()
			p.FitsWidth()
			p.Shot("board-" + page + "-" + name)
		}
	}
}

// twoWorks is an office with two works in one list and a row of another list that holds both.
func twoWorks(t *testing.T) (o *plantest.Office, row, plans, halls string) {
	t.Helper()
	o = plantest.New(t, storetest.OpenSQLite(t))
	o.Take(plan.ImportOptions{Plan: "a", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"},
		"序号,重点任务,牵头单位,完成时限\n1,编制涪江湾园区国土空间规划,市发展改革委,6月底前\n2,建设涪江湾园区标准化厂房一期,市经济和信息化局,9月底前\n")
	o.Take(plan.ImportOptions{Plan: "b", Year: 2022, Circle: "suitong", Title: "工作要点"},
		"序号,重点任务,工作举措,牵头单位,完成时限\n1,涪江湾园区规划建设,国土空间规划获批，一期标准厂房完工,市发展改革委、市经济和信息化局,年底前\n")
	_, plans = o.Row("编制涪江湾园区国土空间规划")
	_, halls = o.Row("建设涪江湾园区标准化厂房一期")
	row, _ = o.Row("涪江湾园区规划建设")
	if err := o.Unlink(context.Background(), o.Coordinator(), row); err != nil { // the import linked it to both
		t.Fatal(err)
	}
	return o, row, plans, halls
}

func wantItems(t *testing.T, o *plantest.Office, row string, want ...string) {
	t.Helper()
	page, err := o.Twins(context.Background(), row)
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Listing.Facts.Items; !slices.Equal(got, want) {
		t.Fatalf("the row stands for %v, want %v", got, want)
	}
}

// sent posts a form and wants to be led to another page.
func sent(t *testing.T, address string, form url.Values) {
	t.Helper()
	if status, text := post(t, address, form); status != http.StatusSeeOther {
		t.Fatalf("%s: %d %.600s", address, status, text)
	}
}

// between gives the text from one mark to the next other one.
func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}
