package plantest_test

import (
	"context"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestHeardTogether: a report and a word on one of the two lists that hold its item come in the same page. The list of which
// nothing was said counts the report too.
func TestHeardTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining := plantest.New(t, s)
		tongnan := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(suining, tongnan)
		const rows = "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,年底前\n"
		for _, key := range []string{"first-2022", "second-2022"} {
			suining.Take(plan.ImportOptions{Plan: key, Year: 2022, Circle: plantest.Circle, Title: key}, rows)
		}
		tongnan.Hear(suining)

		listing, item := suining.Row("扩容遂渝高速公路")
		suining.Day("2022-06-20")
		tongnan.Day("2022-06-20")
		suining.FileAs("市交通运输局", item, "2022-06", judge.OnTime, "路基完成")
		suining.AcceptNow(item, "2022-06", false)
		if err := suining.GiveVerdict(context.Background(), suining.Coordinator(), listing, judge.Late, "经核实"); err != nil {
			t.Fatal(err)
		}
		tongnan.Hear(suining)
		tongnan.Clean()
	})
}
