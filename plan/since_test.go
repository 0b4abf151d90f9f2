package plan

import (
	"testing"

	"liandong/plan/judge"
)

// TestSince: on which day a row enters its list, docs/reference/status.md.
func TestSince(t *testing.T) {
	for _, c := range []struct {
		remark                string
		listed, begun, issued judge.Date
		want                  judge.Date
	}{
		{"taken in later than it was issued", "2022-06-20", "2022-06-20", "2022-03-01", "2022-03-01"},
		{"taken in before the day of issue it names", "2022-02-20", "2022-02-20", "2022-03-01", "2022-02-20"},
		{"no day of issue", "2022-06-20", "2022-06-20", "", "2022-06-20"},
		{"no day of issue, the last day of its year", "2022-12-31", "2022-12-31", "", "2022-12-31"},
		{"no day of issue, its year was over", "2026-11-26", "2026-11-26", "", "2022-01-01"},
		{"no day of issue, before its year", "2021-12-20", "2021-12-20", "", "2021-12-20"},
		{"added to a standing list", "2022-06-20", "2022-03-05", "2022-03-01", "2022-06-20"},
	} {
		if got := since(c.listed, c.begun, c.issued, 2022); got != c.want {
			t.Errorf("%s: %s, want %s", c.remark, got, c.want)
		}
	}
}
