package plantest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
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
		again := func(who node.Request, member, want string) {
			t.Helper()
			if _, err := suining.AskAgain(ctx, who, row, member); want == "" && err != nil || want != "" && !refuse.Is(err, want) {
				t.Errorf("asked again: %v, want %s", err, want)
			}
		}
		again(suining.As(region.Reporter, roads), plantest.Tongnan.Member, "node.not-permitted")
		again(suining.Coordinator(), "511500", "plan.not-declined")
		again(suining.Coordinator(), plantest.Tongnan.Member, "")
		again(suining.Coordinator(), plantest.Tongnan.Member, "plan.not-declined")
		if todo, err := suining.Todo(ctx, suining.Coordinator().Actor); err != nil || todo.Refused != 0 {
			t.Errorf("asked again, and %d refused, %v", todo.Refused, err)
		}
		tongnan.Hear(suining)
		if todo, err := tongnan.Todo(ctx, tongnan.Coordinator().Actor); err != nil || todo.Asked != 2 {
			t.Errorf("the neighbour is asked for %d, %v", todo.Asked, err)
		}
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), row, "", []string{tongnan.Units["市农业农村局"]}); err != nil {
			t.Fatal(err)
		}
		suining.Hear(tongnan)
		if all, err = suining.RefusedByNeighbours(ctx); err != nil || len(all) != 0 {
			t.Errorf("claimed at last, and refused: %+v, %v", all, err)
		}
		suining.Clean()
		tongnan.Clean()
		if strings.HasSuffix(t.Name(), "/sqlite") {
			kindtest.Golden(t, suining.Node(), "testdata/golden-again.txt")
		}
	})
}
