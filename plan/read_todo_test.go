package plan

import (
	"slices"
	"testing"

	"liandong/plan/judge"
)

func TestWhatIsOverdueStandsFirst(t *testing.T) {
	all := []Duty{
		{Item: "due soon", State: judge.Due, Cutoff: "2022-06-25"},
		{Item: "returned, in time", State: judge.Returned, Cutoff: "2022-06-25"},
		{Item: "returned, overdue", State: judge.Returned, Cutoff: "2022-05-25"},
		{Item: "due today", State: judge.Due, Cutoff: "2022-06-20"},
		{Item: "missed in May", State: judge.Missed, Cutoff: "2022-05-25"},
		{Item: "missed in April", State: judge.Missed, Cutoff: "2022-04-25"},
	}
	slices.SortStableFunc(all, byUrgency("2022-06-20"))
	var got []string
	for _, d := range all {
		got = append(got, d.Item)
	}
	want := []string{"missed in April", "missed in May", "returned, overdue", "returned, in time", "due today", "due soon"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
