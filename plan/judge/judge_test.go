package judge

import "testing"

// The board changes at midnight although nobody wrote anything.
func TestMidnightChangesTheState(t *testing.T) {
	w := Work{Deadline: Deadline{By, "2022-12-31"}, Started: "2022-03-25",
		Milestones: []Milestone{{ID: "m1", Due: "2022-06-30"}}}
	for _, c := range []struct {
		remark string
		asOf   Date
		want   string
	}{
		{"before the first report", "2022-03-24", "未启动：尚无已采用的进展"},
		{"day before the warning", "2022-06-14", "正常推进：3月25日起有进展填报"},
		{"fifteen days before", "2022-06-15", "有风险：节点“主体完工”临近：6月30日"},
		{"the due day is included", "2022-06-30", "有风险：节点“主体完工”临近：6月30日"},
		{"the day after", "2022-07-01", "滞后：6月30日节点“主体完工”未完成"},
		{"the deadline is graver", "2023-01-01", "滞后：完成时限2022年12月31日已过"},
	} {
		if got := At(Outlook(w), c.asOf).Zh("主体完工", c.asOf); got != c.want {
			t.Errorf("%s: %s, want %s", c.remark, got, c.want)
		}
	}
}
