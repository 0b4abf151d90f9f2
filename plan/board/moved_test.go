package board_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
)

// TestAnItemWithoutAListSaysWhereItsRowWent: after a row was pointed at the same work of another list, its own item is found behind
// that one, says that it stands in no list and what the row stands for, and bears no state; pointed back, it is as before.
func TestAnItemWithoutAListSaysWhereItsRowWent(t *testing.T) {
	ctx := context.Background()
	o, row, plans, _ := twoWorks(t)
	_, own := o.Row("涪江湾园区规划建设")
	if err := o.Link(ctx, o.Coordinator(), row, []string{plans}, "同一事项"); err != nil {
		t.Fatal(err)
	}
	stop, err := o.FollowSearch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	if err := o.CatchUpSearch(ctx); err != nil {
		t.Fatal(err)
	}
	base := site(t, o, region.Coordinator, "市发展改革委")
	_, found := get(t, base+"/search?q="+url.QueryEscape("涪江湾园区"))
	items := between(found, `id="hits-`, "</section>")
	gone, other := strings.Index(items, "/item/"+own), strings.LastIndex(items, "<li>")
	if gone < 0 || gone < other {
		t.Errorf("the item without a list does not stand last, or does not say so:\n%s", items)
	}
	if strings.Count(items, "不在任何清单中") != 1 || strings.Count(items, "清单任务已并入") != 1 {
		t.Errorf("another item is said to stand in no list:\n%s", items)
	}
	_, page := get(t, base+"/item/"+own)
	if !strings.Contains(page, "这一事项已不在任何清单中") || !strings.Contains(page, `href="/item/`+plans+`"`) || strings.Contains(page, "未开始") {
		t.Errorf("the page of the item does not say what became of it:\n%.3000s", page)
	}
	if err := o.Unlink(ctx, o.Coordinator(), row); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/item/" + own, "/search?q=" + url.QueryEscape("涪江湾园区")} {
		if _, page := get(t, base+path); strings.Contains(page, "不在任何清单中") {
			t.Errorf("%s: pointed back, and it still stands in no list", path)
		}
	}
}

// TestTheAnswerPageShowsWhatIsAsked: the target of the row, the unit that it names for us, and that unit chosen where the directory
// knows it.
func TestTheAnswerPageShowsWhatIsAsked(t *testing.T) {
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "asks-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"},
		"序号,工作任务,年度目标,牵头单位,完成时限\n1,整治琼江潼南段,整治堤防12公里,潼南区：市农业农村局,6月底前\n2,疏浚琼江航道,疏浚8公里,潼南区：区航道中心,6月底前\n")
	tongnan.Hear(suining)
	base := site(t, tongnan, region.Coordinator, "市发展改革委")
	known, _ := suining.Row("整治琼江")
	unknown, _ := suining.Row("疏浚琼江")
	_, page := get(t, base+"/asked/"+known)
	if !strings.Contains(page, "整治堤防12公里") || !strings.Contains(between(page, `<main`, "<form"), "市农业农村局") {
		t.Errorf("the page does not show what is asked of whom:\n%s", page)
	}
	if !strings.Contains(page, `value="`+tongnan.Units["市农业农村局"]+`" selected`) {
		t.Error("the unit that is named is not chosen")
	}
	if _, page := get(t, base+"/asked/"+unknown); strings.Contains(between(page, `name="lead"`, "</select>"), "selected>市") {
		t.Error("a unit is chosen that the row does not name")
	}
}
