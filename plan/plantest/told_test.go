package plantest_test

import (
	"context"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestARevisedItemIsToldWhereNeighboursCountIt: an item that stands in a list of no circle was claimed for a neighbour's row. A revision
// of that list changes who leads it, and the circle hears of that too.
func TestARevisedItemIsToldWhereNeighboursCountIt(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	own := plan.ImportOptions{Plan: "inside-2022", Year: 2022, Title: "内部台账"}
	tongnan.Take(own, "序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,市农业农村局,6月底前\n")
	tongnan.Hear(suining)
	row, _ := rowIn(t, tongnan, suiningsList, "整治琼江")
	_, item := rowIn(t, tongnan, "inside-2022", "整治琼江")
	if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), row, item, nil); err != nil {
		t.Fatal(err)
	}
	tongnan.Take(own, "序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,市交通运输局,6月底前\n")
	suining.Hear(tongnan)
	var lead string
	err := suining.Node().Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT leads FROM plan_item_now WHERE item = ?`, item).Scan(&lead)
	})
	if want := tongnan.Units["市交通运输局"] + "@500152"; err != nil || lead != want {
		t.Errorf("Suining knows %q as its lead, want %q, %v", lead, want, err)
	}
	suining.Clean()
}
