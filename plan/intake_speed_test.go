package plan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"liandong/plan"
	"liandong/store/storetest"
)

// bigList is an invented list (演示数据) of n rows, in the words of offices.
func bigList(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var b strings.Builder
	b.WriteString("序号,工作任务,年度目标,牵头单位,配合单位,完成时限\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,%s%s%s第%d号项目%s,完成投资%d亿元,%s,%s,%d月底前\n", i+1,
			pick("推进", "建设", "实施", "完善", "共建", "开展", "打造", "培育"),
			pick("船山", "安居", "射洪", "蓬溪", "大英", "双江", "柏梓", "塘坝"),
			pick("高速公路", "蔬菜基地", "锂电产业园", "医保结算", "公交线路", "水环境治理", "文旅走廊", "职业教育"),
			i+1, pick("一期", "二期", "提升", "改造"), r.IntN(90)+1, pick(units...), pick(units...), r.IntN(12)+1)
	}
	return b.String()
}

// TestManyRows takes a long list in and reads it again; the limits are generous multiples of
// what was measured, so that a square somewhere is found and a busy machine is not.
func TestManyRows(t *testing.T) {
	if testing.Short() {
		t.Skip("a long list")
	}
	ctx := context.Background()
	o := newOffice(t, storetest.OpenSQLite(t))
	const rows = 4_000
	list := bigList(rows)
	opt := plan.ImportOptions{Plan: "big", Year: 2022, Circle: "suitong", Title: "大清单（演示数据）"}
	timed := func(what string, most time.Duration, f func()) {
		t.Helper()
		start := time.Now()
		f()
		took := time.Since(start)
		t.Logf("%s: %v", what, took)
		if took > most {
			t.Errorf("%s took %v, more than %v", what, took, most)
		}
	}
	timed("preview of a new list", 10*time.Second, func() {
		if _, err := o.Preview(ctx, source("清单.csv", list), opt); err != nil {
			t.Fatal(err)
		}
	})
	timed("import", 40*time.Second, func() {
		if done := o.take(opt, list); done.New != rows {
			t.Errorf("imported %+v", done)
		}
	})
	timed("preview of the same list", 10*time.Second, func() {
		p, err := o.Preview(ctx, source("清单.csv", list), opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Changes {
			if c.What != plan.RowSame {
				t.Fatalf("%s %s", c.What, c.Title)
			}
		}
	})
	timed("preview beside it", 20*time.Second, func() {
		p, err := o.Preview(ctx, source("清单.csv", bigList(400)), plan.ImportOptions{Plan: "other", Year: 2022})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.EveryProposal().Links) == 0 {
			t.Error("no row of the second list was proposed as work of the first")
		}
	})
}
