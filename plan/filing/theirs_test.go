package filing_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
)

// TestANeighboursListIsCounted: where a neighbour's row counts what is reported, the form, the flash and the review name its list
// and count it, as the item's page does.
func TestANeighboursListIsCounted(t *testing.T) {
	ctx := context.Background()
	s := newStand(t, storetest.OpenSQLite(t))
	item := s.item("开通遂潼城际公交")
	tongnan := plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(s.Office, tongnan)
	tongnan.Day("2022-06-20")
	tongnan.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "潼南区合作清单"},
		"序号,工作任务,牵头单位,完成时限\n1,开通遂潼城际公交,遂宁市：市交通运输局,9月底前\n")
	s.Hear(tongnan)
	asked, err := s.AskedOfUs(ctx)
	if err != nil || len(asked) != 1 {
		t.Fatalf("asked %+v, %v", asked, err)
	}
	if _, err := s.Claim(ctx, s.Coordinator(), asked[0].Listing, item, nil); err != nil {
		t.Fatal(err)
	}
	reporter := s.as(region.Reporter, "市交通运输局")
	form := reporter.get("/item/" + item + "/report").Body.String()
	if !strings.Contains(form, "计入 2 个清单") || !strings.Contains(form, "潼南区：潼南区合作清单") {
		t.Errorf("the form: %s", form)
	}
	s.FileAs("市交通运输局", item, "2022-06", "on-time", "开行班线3条")
	review := s.as(region.Coordinator, "市发展改革委").get("/review/" + item + "/2022-06").Body.String()
	if !strings.Contains(review, "采用后计入 2 个清单") || !strings.Contains(review, "潼南区：潼南区合作清单") {
		t.Errorf("the review: %s", review)
	}
	f, err := s.FilingForm(ctx, s.As(region.Reporter, "市交通运输局").Actor, item, "2022-06")
	if err != nil || len(f.Theirs) != 1 || len(f.Lists) != 1 {
		t.Errorf("counted in %+v, %v", f, err)
	}
}
