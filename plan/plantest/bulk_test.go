package plantest_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store/storetest"
)

func TestBulkIsWhatActsWouldLeave(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	plantest.FillBulk(t, o, plantest.Bulk{Lists: 4, Items: 40, Units: 6, Reports: 100})
	b, err := o.Board(context.Background(), plan.BoardQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Totals.Total() != 40 || len(b.Rows) != 4 || b.Listed.Total() != 44 {
		t.Errorf("%d items, %d lists, %d rows", b.Totals.Total(), len(b.Rows), b.Listed.Total())
	}
	o.Clean()
}

// TestReadingStaysFast measures the board, a list and an item on a small and on a large office;
// LIANDONG_BULK names the items of the large one and LIANDONG_BULK_REPORTS
// how many reports each has (ten).
func TestReadingStaysFast(t *testing.T) {
	large, _ := strconv.Atoi(os.Getenv("LIANDONG_BULK"))
	if large == 0 {
		t.Skip("set LIANDONG_BULK to a number of items, such as 100000")
	}
	for _, n := range []int{1000, large} {
		o := plantest.New(t, storetest.OpenSQLite(t))
		start := time.Now()
		reports, _ := strconv.Atoi(os.Getenv("LIANDONG_BULK_REPORTS"))
		if reports == 0 {
			reports = 10
		}
		plantest.FillBulk(t, o, plantest.Bulk{Items: n, Reports: reports * n})
		t.Logf("%d items written in %v", n, time.Since(start))
		ctx := context.Background()
		for name, read := range map[string]func(i int) error{
			"board": func(int) error { _, err := o.Board(ctx, plan.BoardQuery{}); return err },
			"list":  func(i int) error { _, err := o.List(ctx, plan.ListQuery{Plan: plantest.SomeList(i % 27)}); return err },
			"item": func(i int) error {
				v := plan.Viewer{Seat: region.Coordinator}
				if _, err := o.Item(ctx, plantest.SomeItem(i*7%n), "", v); err != nil {
					return err
				}
				_, err := o.Story(ctx, plantest.SomeItem(i*7%n), "", v)
				return err
			},
		} {
			t.Logf("%d items, %s: %s", n, name, p99(t, read))
		}
	}
}

func p99(t *testing.T, read func(i int) error) string {
	t.Helper()
	var took []time.Duration
	for i := range 200 {
		start := time.Now()
		if err := read(i); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return fmt.Sprintf("median %v, p99 %v", took[len(took)/2], took[len(took)*99/100])
}
