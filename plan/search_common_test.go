package plan_test

import (
	"context"
	"fmt"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// TestCommonWordsAreFoundAmongOnesOwn: a unit finds the same of its own filings whether the words are looked up or its filings are read.
func TestCommonWordsAreFoundAmongOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		_, road := o.Row("遂渝高速公路扩容")
		_, farm := o.Row("蔬菜生产带")
		for month := 2; month <= 11; month++ {
			o.Day(judge.Date(fmt.Sprintf("2022-%02d-21", month)))
			period := judge.Period(fmt.Sprintf("2022-%02d", month))
			o.FileAs("市交通运输局", road, period, judge.OnTime, fmt.Sprintf("本月稳步推进，完成第%d标段", month))
			if month < 6 {
				o.FileAs("市农业农村局", farm, period, judge.OnTime, "本月稳步推进")
			}
		}
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		ask := func(unit, text string) (said string) {
			p, err := o.Search(ctx, plan.SearchQuery{Text: text, Kind: "filing", Viewer: plan.ViewerOf(o.As(region.Reporter, unit).Actor)})
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range p.Groups {
				said += fmt.Sprintf("%s %v:", g.Kind, g.More)
				for _, h := range g.Hits {
					said += fmt.Sprintf(" %s %s", h.Item, h.Period)
				}
			}
			return said
		}
		for unit, n := range map[string]int{"市交通运输局": 10, "市农业农村局": 4, "市教育和体育局": 0} {
			for _, text := range []string{"稳步推进", "稳步推进 第7标段", "稳步推进 没有的话"} {
				looked := ask(unit, text)
				if text == "稳步推进" && n > 0 && looked == "" {
					t.Fatalf("%s finds nothing", unit)
				}
				func() {
					was := plan.SetMostCommon(3)
					defer plan.SetMostCommon(was)
					if read := ask(unit, text); read != looked {
						t.Errorf("%s, %s: looked up %q, read %q", unit, text, looked, read)
					}
				}()
			}
		}
	})
}
