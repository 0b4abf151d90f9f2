package filing_test

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
)

// TestAReportNobodyOwes: work taken on after the cut-off owes nothing for that month. The form says so, and what is filed all the
// same waits for its reviewer on the reporter's day too.
func TestAReportNobodyOwes(t *testing.T) {
	ctx := context.Background()
	s := newStandOn(t, storetest.OpenSQLite(t), "2022-06-20")
	s.Day("2022-06-28")
	s.Take(plan.ImportOptions{Plan: "late", Year: 2022, Circle: plantest.Circle, Title: "补充任务"},
		"序号,工作任务,牵头单位,完成时限\n1,修订防汛联动预案,市教育和体育局,年底前\n")
	item := s.item("修订防汛联动预案")
	reporter := s.as(region.Reporter, "市教育和体育局")
	form := reporter.get("/item/" + item + "/report").Body.String()
	if !strings.Contains(form, "本期不需填报") {
		t.Errorf("the form: %s", form)
	}
	for _, never := range []string{"逾期", "汇总较长周期"} {
		if strings.Contains(form, never) {
			t.Errorf("the form of a report nobody owes says %s", never)
		}
	}
	s.FileAs("市教育和体育局", item, "2022-06", judge.OnTime, "预案初稿已完成")
	todo, err := s.Todo(ctx, s.As(region.Reporter, "市教育和体育局").Actor)
	if err != nil || todo.Waiting != 1 {
		t.Errorf("%d filings wait on the reporter's day, %v", todo.Waiting, err)
	}
	s.AcceptNow(item, "2022-06", false)
	if todo, err = s.Todo(ctx, s.As(region.Reporter, "市教育和体育局").Actor); err != nil || todo.Waiting != 0 {
		t.Errorf("after it was accepted %d wait, %v", todo.Waiting, err)
	}
}
