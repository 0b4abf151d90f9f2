package board_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/region"
)

// TestCountsSayWhatWasDropped: a dropped row still stands in its list and is shown there, so the
// count and the places of the rows say so.
func TestCountsSayWhatWasDropped(t *testing.T) {
	o := opened(t)
	list := func(n int, without ...int) string {
		var b strings.Builder
		b.WriteString("序号,任务名称,牵头单位,完成时限\n")
		for i := 1; i <= n; i++ {
			dropped := false
			for _, w := range without {
				dropped = dropped || w == i
			}
			if !dropped {
				fmt.Fprintf(&b, "%d,办理第%d件民生实事,市交通运输局,年底前\n", i, i)
			}
		}
		return b.String()
	}
	for key, n := range map[string]int{"few-2022": 7, "many-2022": 103} {
		opt := plan.ImportOptions{Plan: key, Year: 2022, Title: key}
		o.Take(opt, list(n))
		o.Take(opt, list(n, 3))
	}
	base := site(t, o, region.Coordinator, "市发展改革委")
	for _, c := range []struct{ path, says, not string }{
		{"/plan/few-2022", "共 7 条，其中已取消 1 条", "清单第"},
		{"/plan/few-2022?state=standing", "共 6 条<", "其中已取消"},
		{"/plan/few-2022?state=dropped", "共 1 条<", "其中已取消"},
		{"/plan/many-2022", "本页 100 条，其中已取消 1 条", "共 100 条"},
		{"/plan/many-2022", "清单第 1 至 99 条", "清单第 1 至 100 条"},
		{"/plan/many-2022?state=standing", "本页 100 条<", "其中已取消"},
		{"/plan/many-2022?state=standing", "清单第 1 至 100 条", "共 100 条"},
	} {
		status, page := get(t, base+c.path)
		if status != http.StatusOK || !strings.Contains(page, c.says) || strings.Contains(page, c.not) {
			t.Errorf("%s: %d, %s %v, %s %v", c.path, status, c.says, strings.Contains(page, c.says), c.not, strings.Contains(page, c.not))
		}
	}
}
