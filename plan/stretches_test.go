package plan

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/plan/judge"
)

// TestStretchesHoldWhatTheirWindowsHold: in whatever order windows are joined, the same periods are owed, and the stretches stand in
// order and apart.
func TestStretchesHoldWhatTheirWindowsHold(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var windows []window
		for range rapid.IntRange(0, 6).Draw(r, "windows") {
			from := rapid.IntRange(1, 12).Draw(r, "from")
			until := rapid.IntRange(from+1, 13).Draw(r, "until")
			windows = append(windows, window{judge.Date(fmt.Sprintf("2022-%02d-01", from)), month(until)})
		}
		var s, back stretches
		for _, w := range windows {
			s = s.with(w)
		}
		for _, w := range slices.Backward(windows) {
			back = back.with(w)
		}
		if !slices.Equal(s, back) {
			r.Fatalf("%v joined in one order are %v, in the other %v", windows, s, back)
		}
		for i := 1; i < len(s); i++ {
			if s[i-1].until >= s[i].from {
				r.Fatalf("%v are not apart: %v", windows, s)
			}
		}
		for m := 1; m <= 12; m++ {
			p := fmt.Sprintf("2022-%02d", m)
			if want := slices.ContainsFunc(windows, func(w window) bool { return w.holds(p) }); s.holds(p) != want {
				r.Fatalf("%v hold %s: %v, want %v", s, p, s.holds(p), want)
			}
		}
	})
}

func month(n int) judge.Date {
	if n > 12 {
		return "2023-01-01"
	}
	return judge.Date(fmt.Sprintf("2022-%02d-01", n))
}
