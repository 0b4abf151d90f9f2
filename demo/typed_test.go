package demo

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/judge"
)

// TestFewerFieldsAreTyped counts what people type for June in the demonstration: list by list, as offices fill three tables today, and once for
// each piece of work. A report has a field for progress, one for problem, one for what comes next, and one for each figure. The README gives
// both sums.
func TestFewerFieldsAreTyped(t *testing.T) {
	ctx := context.Background()
	s, _ := open(t, options(t.TempDir()))
	const asOf = "2022-06-20"
	fields := map[string]int{} // by item
	typed := func(item string) int {
		if _, ok := fields[item]; !ok {
			p, err := s.desk.Item(ctx, item, asOf, plan.Viewer{})
			if err != nil {
				t.Fatal(err)
			}
			fields[item] = 3 + len(p.Indicators)
		}
		return fields[item]
	}
	lists, reports, byList := 0, map[string]bool{}, 0
	for list, period := range map[string]judge.Period{"chengyu-2022": "2022-06", "suitong-2022": "2022-06", "chengduplain-2022": "2022-Q2"} {
		for after := ""; ; {
			p, err := s.desk.List(ctx, plan.ListQuery{Plan: list, Period: period, AsOf: asOf, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Rows {
				if r.Owes {
					lists, byList = lists+1, byList+typed(r.Item)
					reports[r.Item] = true
				}
			}
			if after = p.Next; after == "" {
				break
			}
		}
	}
	once := 0
	for item := range reports {
		once += typed(item)
	}
	t.Logf("%d rows owe a report in June, %d fields; %d pieces of work, %d fields", lists, byList, len(reports), once)
	if once >= byList {
		t.Errorf("nothing is saved: %d fields instead of %d", once, byList)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := saysTyped(lists, byList, len(reports), once); !strings.Contains(strings.Join(strings.Fields(string(readme)), " "), want) {
		t.Errorf("the README does not say %q", want)
	}
}

func saysTyped(rows, byList, reports, once int) string {
	return fmt.Sprintf("%d rows of the three lists ask for a report in June, %d fields to type; as %d reports, each counted wherever its work stands, they are %d", rows, byList, reports, once)
}
