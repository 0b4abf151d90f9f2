package plantest_test

import (
	"context"
	"slices"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWhoAskedHearsTheNo: what a neighbour declined stands on the coordinator's day and in the story of the item, until it is settled.
func TestWhoAskedHearsTheNo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(suining, tongnan)
		suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
		row, item := suining.Row("遂潼产业园")
		tongnan.Hear(suining)
		if _, err := tongnan.Decline(ctx, tongnan.Coordinator(), row, "本年度没有资金", "2023-03-31"); err != nil {
			t.Fatal(err)
		}
		suining.Hear(tongnan)
		all, err := suining.RefusedByNeighbours(ctx)
		if err != nil || len(all) != 1 || all[0].Listing != row || all[0].Reason != "本年度没有资金" || all[0].Proposed != "2023-03-31" || all[0].PlanTitle != "遂潼任务" {
			t.Fatalf("refused: %+v, %v", all, err)
		}
		if todo, err := suining.Todo(ctx, suining.Coordinator().Actor); err != nil || todo.Refused != 1 {
			t.Errorf("%d refused on the coordinator's day, %v", todo.Refused, err)
		}
		if todo, err := tongnan.Todo(ctx, tongnan.Coordinator().Actor); err != nil || todo.Refused != 0 {
			t.Errorf("%d refused on the day of who refused, %v", todo.Refused, err)
		}
		story, err := suining.Story(ctx, item, "", plan.ViewerOf(suining.Coordinator().Actor))
		at := slices.IndexFunc(story.Events, func(h plan.Happening) bool { return h.Kind == "plan.declined" })
		if err != nil || at < 0 || story.Events[at].Text != "本年度没有资金" || story.Events[at].Listing != row || len(story.Events[at].Changed) != 1 {
			t.Errorf("the story tells %+v, %v", story.Events, err)
		}
		suining.Clean()
	})
}
