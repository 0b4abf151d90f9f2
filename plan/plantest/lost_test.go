package plantest_test

import (
	"context"
	"testing"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// TestUnitsOfALostDirectory: a node that was built from its neighbours' copies has no directory; what its books showed the circle
// names the units still, and a unit registered again under its name is the one that leads its items.
func TestUnitsOfALostDirectory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o, tongnan := plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(o, tongnan)
		tongnan.Take(plan.ImportOptions{Plan: "theirs", Year: 2022, Circle: plantest.Circle, Title: "潼南任务"},
			"序号,工作任务,牵头单位,完成时限\n1,整治琼江,市农业农村局,年底前\n")
		o.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"},
			"序号,工作任务,牵头单位,完成时限\n1,扩容遂渝高速公路,市交通运输局,年底前\n")
		_, item := o.Row("遂渝高速")
		o.Hear(tongnan)
		unit := o.Units["市交通运输局"]
		err := s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM region_org WHERE org = ?`, unit)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(ctx, func(tx *store.Tx) error {
			names, err := region.OrgNames(ctx, tx)
			if names[unit] != "市交通运输局" || err != nil {
				t.Errorf("the unit is called %q, %v", names[unit], err)
			}
			for _, c := range []struct{ side, name, want string }{
				{"510900", "市交通运输局", unit},
				{"500152", "市交通运输局", ""},
				{"510900", "市教育局", ""},
				{"510900", "市发展改革委", ""}, // stands in the directory
				{"500152", "市农业农村局", ""}, // a neighbour's book shows it
			} {
				if got, err := region.LostOrg(ctx, tx, c.side, c.name); err != nil || got != c.want {
					t.Errorf("%s of %s is %q, %v; want %q", c.name, c.side, got, err, c.want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		page, err := o.Item(ctx, item, "", plan.ViewerOf(o.Coordinator().Actor))
		if err != nil || len(page.Leads) != 1 || page.Leads[0].Name != "市交通运输局" {
			t.Errorf("the item is led by %+v, %v", page.Leads, err)
		}
		o.Take(plan.ImportOptions{Plan: "own", Year: 2022, Title: "内部任务"},
			"序号,工作任务,牵头单位,完成时限\n1,养护国省干线公路,市交通运输局,年底前\n")
		_, own := o.Row("养护国省干线")
		page, err = o.Item(ctx, own, "", plan.ViewerOf(o.Coordinator().Actor))
		if err != nil || len(page.Leads) != 1 || page.Facts.Leads[0] != unit {
			t.Errorf("registered again it leads as %+v, %v; want %s", page.Facts.Leads, err, unit)
		}
	})
}
