package plantest_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWhoHasReportedIsNotAskedAgain: a row of two sides counts as the worse of them; who is named as not having reported is the
// side that has not.
func TestWhoHasReportedIsNotAskedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(suining, tongnan)
		suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
		both, ours := suining.Row("遂潼产业园")
		tongnan.Hear(suining)
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), both, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
			t.Fatal(err)
		}
		suining.Hear(tongnan)
		suining.Day("2022-06-24")
		tongnan.Day("2022-06-24")
		owes := func(want string) {
			t.Helper()
			m, err := suining.Missing(ctx, "suitong-2022", "2022-06", "")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range m.Units {
				for _, r := range u.Rows {
					if r.Listing == both {
						got = append(got, u.Name)
					}
				}
			}
			if text := strings.Join(got, " "); text != want {
				t.Errorf("the row of both sides is owed by %q, want %q", text, want)
			}
		}
		owes("潼南区 市经济和信息化局")
		suining.FileAs("市经济和信息化局", ours, "2022-06", judge.OnTime, "产业园开工")
		suining.AcceptNow(ours, "2022-06", false)
		owes("潼南区")
		asked, err := tongnan.AskedOfUs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range asked {
			if a.Item != "" {
				tongnan.FileAs("市农业农村局", a.Item, "2022-06", judge.OnTime, "潼南侧开工")
				tongnan.AcceptNow(a.Item, "2022-06", false)
			}
		}
		suining.Hear(tongnan)
		owes("")
	})
}
