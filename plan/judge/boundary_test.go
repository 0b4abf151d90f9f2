package judge

import (
	"testing"
	"time"
)

// TestTheLastDayEndsAtMidnightInBeijing: the 25th is included, on whatever day of the week it falls
// and wherever the server stands; RULES give no rule that moves a report's cut-off off a rest day.
func TestTheLastDayEndsAtMidnightInBeijing(t *testing.T) {
	for _, c := range []struct {
		name   string
		period Period
		moment string // UTC
		state  FilingState
	}{
		{"Saturday 25 June, last second", "2022-06", "2022-06-25T15:59:59Z", Due},
		{"Sunday begins in Beijing", "2022-06", "2022-06-25T16:00:00Z", Missed},
		{"25 April, the Monday after a make-up Sunday", "2022-04", "2022-04-25T15:59:59Z", Due},
		{"opens ten days before, at midnight", "2022-06", "2022-06-14T16:00:00Z", Due},
		{"not a second earlier", "2022-06", "2022-06-14T15:59:59Z", NotDue},
		{"December is due within its year", "2022-12", "2022-12-25T15:59:59Z", Due},
		{"and missed before the year ends", "2022-12", "2022-12-31T15:59:59Z", Missed},
		{"last ten days of February end with it", "2022-02-x3", "2022-02-28T15:59:59Z", Due},
		{"and in a leap year a day later", "2024-02-x3", "2024-02-29T15:59:59Z", Due},
		{"first ten days are missed on the 11th", "2022-06-x1", "2022-06-10T16:00:00Z", Missed},
		{"the year's report is due on 25 December", "2022", "2022-12-25T16:00:00Z", Missed},
		{"the second quarter's on 25 June", "2022-Q2", "2022-06-25T16:00:00Z", Missed},
		{"an ad hoc call on its day", "2022-06-15", "2022-06-15T15:59:59Z", Due},
		{"and no longer", "2022-06-15", "2022-06-15T16:00:00Z", Missed},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.moment)
			if err != nil {
				t.Fatal(err)
			}
			got := At(ReportOutlook(FilingOf(c.period, Rhythm{})), DateIn(at, Beijing))
			if got.State != c.state {
				t.Errorf("%s at %s is %s, want %s", c.period, c.moment, got.State, c.state)
			}
		})
	}
}

// TestThePlanMovesItsOwnCutoff: the day is data of the plan, a month without it ends on its last.
func TestThePlanMovesItsOwnCutoff(t *testing.T) {
	for _, c := range []struct {
		rhythm Rhythm
		period Period
		want   Date
	}{
		{Rhythm{CutoffDay: 31}, "2022-02", "2022-02-28"},
		{Rhythm{CutoffDay: 24}, "2022-06", "2022-06-24"},
		{Rhythm{TenDayGrace: 2}, "2022-12-x3", "2023-01-02"},
	} {
		if got := c.rhythm.Cutoff(c.period); got != c.want {
			t.Errorf("%+v: the cut-off of %s is %s, want %s", c.rhythm, c.period, got, c.want)
		}
	}
}
