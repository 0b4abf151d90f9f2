package board_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
)

// TestARowOfANeighboursListIsNotOursToChange: an item of this member stands in a list of a neighbour's too. At that row it is
// offered to talk to the neighbour, and nothing that could only be refused; at a row of an own list all is offered. An address
// typed by hand is refused by the neighbour's name before a form is filled in.
func TestARowOfANeighboursListIsNotOursToChange(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "asks-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"},
		"序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,潼南区：区水利局,6月底前\n")
	theirs, _ := suining.Row("整治琼江")
	tongnan.Take(plan.ImportOptions{Plan: "own-2022", Year: 2022, Circle: plantest.Circle, Title: "潼南任务"},
		"序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段堤防,市农业农村局,6月底前\n")
	own, item := tongnan.Row("整治琼江潼南段堤防")
	tongnan.Hear(suining)
	if _, err := tongnan.Claim(ctx, tongnan.Coordinator(), theirs, item, nil); err != nil {
		t.Fatal(err)
	}
	base := site(t, tongnan, region.Coordinator, "市发展改革委")
	_, page := get(t, base+"/item/"+item)
	if !strings.Contains(page, `href="/listing/`+theirs+`/terms"`) {
		t.Error("it is not offered to talk about the neighbour's row")
	}
	for _, act := range []string{"verdict", "twins", "unlink", "amend"} {
		if strings.Contains(page, "/listing/"+theirs+"/"+act) {
			t.Errorf("%s of a neighbour's row is offered", act)
		}
		if !strings.Contains(page, "/listing/"+own+"/"+act) {
			t.Errorf("%s of the own row is not offered", act)
		}
		if act == "amend" { // its page is another room's
			continue
		}
		if status, body := get(t, base+"/listing/"+theirs+"/"+act); status != 422 || !strings.Contains(body, "这是遂宁市的内容") || strings.Contains(body, "510900的内容") {
			t.Errorf("%s of a neighbour's row: %d", act, status)
		}
	}
	if status, _ := get(t, base+"/listing/"+theirs+"/link?item="+item); status != 422 {
		t.Errorf("linking a neighbour's row: %d", status)
	}
}
