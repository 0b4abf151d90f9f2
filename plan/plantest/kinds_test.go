package plantest_test

import (
	"testing"

	"liandong/node/kindtest"
	"liandong/plan/judge"
	"liandong/store/storetest"
)

// TestKindsSeeTheirOwnBookOnly: the kinds of plans and of the region, after an office's work in
// its own book and in those of two circles.
func TestKindsSeeTheirOwnBookOnly(t *testing.T) {
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-05-20")
	o.FileAs("市交通运输局", item, "2022-05", judge.OnTime, "路基工程完成三成")
	o.AcceptNow(item, "2022-05", false)
	kindtest.Prove(t, o.Node())
}

// TestReleasedKindsKeepTheirMeaning replays the entries of a file that was written once: what
// they add up to must not change with the program (write it anew with -kindtest.update only when
// the tables' form changed, and look at the difference).
func TestReleasedKindsKeepTheirMeaning(t *testing.T) {
	o := open(t, storetest.OpenSQLite(t))
	_, item := o.Row("遂渝高速公路扩容")
	o.Day("2022-05-20")
	o.FileAs("市交通运输局", item, "2022-05", judge.OnTime, "路基工程完成三成")
	o.AcceptNow(item, "2022-05", false)
	kindtest.Golden(t, o.Node(), "testdata/golden.txt")
}
