package filing_test

import (
	"fmt"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/region"
	"liandong/store/storetest"
)

// TestAUnitWithManyItems: the grid comes in pages, each files its own rows and keeps its own draft; the day
// shows the most urgent and says how many there are.
func TestAUnitWithManyItems(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t))
	var list strings.Builder
	list.WriteString("序号,工作任务,牵头单位,完成时限\n")
	for n := range 120 {
		fmt.Fprintf(&list, "%d,改造第%d号农村公路,%s,年底前\n", n+1, n+1, jtj)
	}
	s.Take(plan.ImportOptions{Plan: "roads", Year: 2022, Title: "农村公路（演示数据）"}, list.String())
	reporter := s.as(region.Reporter, jtj)
	day := reporter.get("/").Body.String()
	if n := strings.Count(day, `class="row-link" href="/item/`); n != 100 || !strings.Contains(day, "待填报 123 项") || !strings.Contains(day, "最急的 100 项") {
		t.Errorf("the day shows %d of the 123 reports", n)
	}
	first := reporter.get("/report/grid").Body.String()
	if n := strings.Count(first, `data-col="p"`); n != 100 || !strings.Contains(first, "第 1 至 100 项，共 123 项") || !strings.Contains(first, `href="/report/grid?from=100"`) {
		t.Errorf("the first page has %d rows", n)
	}
	second := reporter.get("/report/grid?from=100").Body.String()
	if n := strings.Count(second, `data-col="p"`); n != 23 || !strings.Contains(second, `action="/report/grid?from=100"`) {
		t.Errorf("the second page has %d rows", n)
	}
	last := s.item("改造第120号农村公路")
	if !strings.Contains(second, "period-"+last) {
		t.Fatal("the last row is not on the last page")
	}
	typed := []string{"request", "m1", "act", "draft", "version", "0", "period-" + last, "2022-06", "p-" + last, "已放线"}
	s.want(reporter.post("/report/grid/draft?from=100", typed...), 303)
	s.want(reporter.get("/report/grid?from=100"), 200, "已放线</textarea>")
	if strings.Contains(reporter.get("/report/grid").Body.String(), "保存的草稿") {
		t.Error("the draft of the second page shows on the first")
	}
	s.want(reporter.post("/report/grid?from=100", "request", "m2", "version", "1", "period-"+last, "2022-06", "p-"+last, "已放线", "c-"+last, "on-time"), 303)
	if n := s.count("plan.report.filed/1"); n != 1 {
		t.Errorf("%d reports filed", n)
	}
	s.want(reporter.get("/report/grid?from=x"), 404)
}
