package plan_test

import (
	"context"
	"slices"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestUnlinkGivesTheRowItsOwnWork: undone, a link leaves the row with an item of its own wording,
// units and indicators, not with those of the item it shared.
func TestUnlinkGivesTheRowItsOwnWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		o.Take(plan.ImportOptions{Plan: "chengyu", Year: 2022, Circle: "chengyu", Title: "工作要点"},
			"序号,重点任务,年度目标,牵头单位,配合单位,完成时限\n"+
				"1,实施遂渝高速公路扩容改造工程,完成投资18亿元,市交通运输局,市农业农村局,2022年9月\n")
		listing, shared := o.Row("实施遂渝高速公路扩容改造工程")
		if _, first := o.Row("加快推进遂渝高速公路扩容工程建设"); first != shared {
			t.Fatal("the two rows were not linked: nothing to undo")
		}
		if err := o.Unlink(ctx, o.Coordinator(), listing); err != nil {
			t.Fatal(err)
		}
		_, own := o.Row("实施遂渝高速公路扩容改造工程")
		if own == shared {
			t.Fatal("still linked")
		}
		page, err := o.Item(ctx, own, "", plan.ViewerOf(o.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, u := range append(page.Leads, page.Supports...) {
			names = append(names, u.Name)
		}
		if !slices.Equal(names, []string{"市交通运输局", "市农业农村局"}) || len(page.Indicators) != 1 {
			t.Errorf("units %v, %d indicators: want the row's own two and its investment", names, len(page.Indicators))
		}
		o.Clean()
	})
}
