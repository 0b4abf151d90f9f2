package board_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// TestARowDoneWithANeighbour: the list and the item say who has reported and who said the newest progress, and a row that only a
// neighbour leads names it.
func TestARowDoneWithANeighbour(t *testing.T) {
	ctx := context.Background()
	o, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(o, tongnan)
	o.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"},
		"序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,遂宁市：市交通运输局；潼南区：区交通局,年底前\n2,整治琼江潼南段,潼南区：区水利局,年底前\n")
	tongnan.Hear(o)
	asked, err := tongnan.AskedOfUs(ctx)
	if err != nil || len(asked) != 2 {
		t.Fatalf("asked %+v, %v", asked, err)
	}
	for _, a := range asked {
		if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), a.Listing, "", []string{tongnan.Units["市交通运输局"]}); err != nil {
			t.Fatal(err)
		}
	}
	tongnan.Day("2022-06-20")
	o.Day("2022-06-20")
	asked, _ = tongnan.AskedOfUs(ctx)
	both := asked[0]
	if asked[1].Words.Number == "1" {
		both = asked[1]
	}
	tongnan.FileAs("市交通运输局", both.Item, "2022-06", judge.OnTime, "潼南段路基完成60%")
	tongnan.AcceptNow(both.Item, "2022-06", false)
	o.Hear(tongnan)

	list, err := o.List(ctx, plan.ListQuery{Plan: "suitong-2022"})
	if err != nil || len(list.Rows) != 2 {
		t.Fatalf("%+v, %v", list.Rows, err)
	}
	states := func(parts []plan.RowPart) (all string) {
		for _, p := range parts {
			all += p.Name + " " + string(p.Filing.State) + ";"
		}
		return all
	}
	if got := states(list.Rows[0].Parts); got != "潼南区 accepted;遂宁市 due;" {
		t.Errorf("the row of both stands as %q", got)
	}
	if got := states(list.Rows[1].Parts); got != "潼南区 due;" {
		t.Errorf("the neighbour's row stands as %q", got)
	}
	_, own := o.Row("遂渝高速")
	base := site(t, o, region.Coordinator, "市发展改革委")
	for path, says := range map[string][]string{
		"/plan/suitong-2022": {"市交通运输局；潼南区：区交通局", "潼南区：区水利局", "潼南区已采用 · 本方待报", "潼南区 · 6月", "潼南段路基完成60%"},
		"/item/" + own:       {"潼南区已采用 · 本方待报"},
	} {
		_, body := get(t, base+path)
		page := strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
		for _, say := range says {
			if !strings.Contains(page, say) {
				t.Errorf("%s does not say %q: %s", path, say, page)
			}
		}
	}
	plain := plantest.New(t, storetest.OpenSQLite(t)) // a row that only its own member does has no parts
	plain.Take(plan.ImportOptions{Plan: "own", Year: 2022, Title: "任务"}, "序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,年底前\n")
	if list, err := plain.List(ctx, plan.ListQuery{Plan: "own"}); err != nil || len(list.Rows[0].Parts) != 0 {
		t.Errorf("an own row has parts %+v, %v", list.Rows, err)
	}
}
