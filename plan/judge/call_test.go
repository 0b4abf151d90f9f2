package judge

import "testing"

func TestCallOwed(t *testing.T) {
	const called, due = "2022-06-01", "2022-06-15"
	for _, c := range []struct {
		name   string
		active Active
		want   bool
	}{
		{"listed before", Active{From: "2022-01-01"}, true},
		{"listed on its last day", Active{From: due}, true},
		{"listed after it was due", Active{From: "2022-06-16"}, false},
		{"never listed", Active{}, false},
		{"dropped after it was due", Active{From: "2022-01-01", Dropped: "2022-06-16"}, true},
		{"dropped on its last day", Active{From: "2022-01-01", Dropped: due}, false},
		{"confirmed done the day before the call", Active{From: "2022-01-01", Done: "2022-05-31"}, false},
		{"confirmed done on the day of the call", Active{From: "2022-01-01", Done: called}, true},
		{"after the plan's year", Active{From: "2021-01-01", Until: "2021-12-31"}, true},
	} {
		if got := CallOwed(c.active, called, due); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestACallIsWaitedForFromItsDayOn(t *testing.T) {
	for _, c := range []struct{ called, due, opens Date }{
		{"2022-06-01", "2022-06-15", "2022-06-01"},
		{"2022-06-15", "2022-06-15", "2022-06-14"}, // of no consequence: before it was made nobody knew of it
		{"2022-06-01", "2024-06-01", "2023-06-01"},
	} {
		r := Rhythm{CutoffDay: 20}.OfCall(c.called, c.due)
		if opens, cutoff := r.Opens(Period(c.due)), r.Cutoff(Period(c.due)); opens != c.opens || cutoff != c.due {
			t.Errorf("called on %s for %s: %s to %s, want from %s on", c.called, c.due, opens, cutoff, c.opens)
		}
	}
}
