package plan_test

import (
	"context"
	"slices"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
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

// TestLinkingDatesNothingBack: a row listed in June for work that was reported since March counts
// these reports from June on; in March it did not stand in that list, and no report was owed for it there.
func TestLinkingDatesNothingBack(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	o.Take(plan.ImportOptions{Plan: "old", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"},
		"序号,重点任务,牵头单位,完成时限\n1,加快推进遂渝高速公路扩容工程建设,市交通运输局,年底前\n")
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	o.Day("2022-03-20")
	o.FileAs("市交通运输局", road, "2022-03", judge.OnTime, "路基动工。")
	o.AcceptNow(road, "2022-03", false)
	o.Day("2022-06-10")
	o.Take(plan.ImportOptions{Plan: "new", Year: 2022, Circle: "suitong", Title: "遂潼补充任务"},
		"序号,重点任务,牵头单位,完成时限\n1,实施遂渝高速公路扩容改造工程,市交通运输局,5月底前\n")
	o.Day("2022-07-01")
	if _, item := o.Row("实施遂渝高速公路扩容改造工程"); item != road {
		t.Fatal("the new row was not linked")
	}
	for _, c := range []struct {
		day      judge.Date
		old, new judge.WorkState
	}{
		{"2022-03-25", judge.OnTime, ""},
		{"2022-06-09", judge.OnTime, ""},
		{"2022-06-10", judge.OnTime, judge.Late},
	} {
		p, err := o.Item(ctx, road, c.day, plan.ViewerOf(o.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]judge.WorkState{}
		for _, l := range p.Listings {
			got[l.PlanTitle] = l.Work.State
		}
		if got["遂潼工作计划"] != c.old || got["遂潼补充任务"] != c.new {
			t.Errorf("as of %s: %v, want %s and %s", c.day, got, c.old, c.new)
		}
	}
	var counted int
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT count(*) FROM plan_filing f JOIN plan_listing l ON l.listing = f.listing
			WHERE l.deadline = '2022-05-31' AND f.period = '2022-03' AND f.scopes <> ''`).Scan(&counted)
	})
	if err != nil || counted != 0 {
		t.Errorf("the report of March counts %d times in the new list, %v", counted, err)
	}
	o.Clean()
}

// TestRowOfTwoWorks: a row that holds two works is linked to both; a general yes links only the one of which its circle learns
// nothing new, and the other when a person says so; undone the row is a work of its own.
func TestRowOfTwoWorks(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	o.Take(plan.ImportOptions{Plan: "a", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"},
		"序号,重点任务,牵头单位,完成时限\n1,编制涪江湾园区国土空间规划,市发展改革委,6月底前\n2,建设涪江湾园区标准化厂房一期,市经济和信息化局,年底前\n")
	_, halls := o.Row("建设涪江湾园区标准化厂房一期")
	o.Day("2022-03-20")
	o.FileAs("市经济和信息化局", halls, "2022-03", judge.OnTime, "厂房动工。")
	o.AcceptNow(halls, "2022-03", false)
	titles, err := o.ItemTitles(ctx, []string{halls}, "chengyu")
	if err != nil || titles[halls].Shows != 1 {
		t.Errorf("a link shows %d periods, %v; want 1", titles[halls].Shows, err)
	}
	if titles, err = o.ItemTitles(ctx, []string{halls}, "suitong"); err != nil || titles[halls].Shows != 0 {
		t.Errorf("a circle that reads it already would see %d more, %v", titles[halls].Shows, err)
	}
	o.Take(plan.ImportOptions{Plan: "b", Year: 2022, Circle: "chengyu", Title: "工作要点"},
		"序号,重点任务,工作举措,牵头单位,完成时限\n1,涪江湾园区规划建设,国土空间规划获批，一期标准厂房完工,市发展改革委、市经济和信息化局,年底前\n")
	row, _ := o.Row("涪江湾园区规划建设")
	items := func() (items []string) {
		page, err := o.Twins(ctx, row)
		if err != nil {
			t.Fatal(err)
		}
		return page.Listing.Facts.Items
	}
	got := items()
	if len(got) != 1 || got[0] == halls {
		t.Fatalf("a general yes linked to %v, want the plan, of which nothing was reported", got)
	}
	if err := o.Link(ctx, o.Coordinator(), row, []string{got[0], halls}, ""); err != nil {
		t.Fatal(err)
	}
	if got := items(); len(got) != 2 || !slices.Contains(got, halls) {
		t.Fatalf("linked to %v, want the halls and the plan", got)
	}
	if err := o.Unlink(ctx, o.Coordinator(), row); err != nil {
		t.Fatal(err)
	}
	if got := items(); len(got) != 1 || got[0] == halls {
		t.Errorf("undone, the row points at %v", got)
	}
	page, err := o.Twins(ctx, row)
	if err != nil || len(page.Candidates) != 2 {
		t.Errorf("after the import %d candidates, %v; want both works", len(page.Candidates), err)
	}
	o.Clean()
}
