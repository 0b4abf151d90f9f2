package workday

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(text string) time.Time { return must(text) }

// TestOfficialExamples: deadlines as the notices and the civil code (第201条 to 第203条) give them.
func TestOfficialExamples(t *testing.T) {
	for _, c := range []struct {
		from  string
		n     int
		want  string
		known bool
	}{
		{"2026-09-22", 5, "2026-09-30", true},
		{"2026-02-12", 5, "2026-02-26", true},
		{"2025-09-26", 15, "2025-10-23", true},
		{"2022-06-20", 5, "2022-06-27", true},
		{"2022-06-02", 1, "2022-06-06", true},  // over 端午
		{"2022-01-28", 1, "2022-01-29", true},  // a Saturday that is worked
		{"2022-06-20", 0, "2022-06-20", true},  // today
		{"2022-06-19", 0, "2022-06-20", true},  // a Sunday
		{"2026-12-30", 3, "2027-01-04", false}, // 2027 has no notice yet
		{"2030-05-01", 1, "2030-05-02", false},
	} {
		last, known := Official.Add(day(c.from), c.n)
		if got := last.Format(time.DateOnly); got != c.want || known != c.known {
			t.Errorf("%s + %d: %s, known %v; want %s, %v", c.from, c.n, got, known, c.want, c.known)
		}
	}
	// 15 calendar days from 2026-09-21 end on 10-06, within 国庆: the next working day.
	if last, known := Official.Next(day("2026-09-21").AddDate(0, 0, 15)); last.Format(time.DateOnly) != "2026-10-08" || !known {
		t.Errorf("15 days: %s", last.Format(time.DateOnly))
	}
}

// TestWorkingDaysOfAYear: what the notices leave, counted.
func TestWorkingDaysOfAYear(t *testing.T) {
	for y, want := range map[int]int{2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248} {
		n, known := Official.Between(day("2000-01-01").AddDate(y-2000, 0, -1), day("2000-12-31").AddDate(y-2000, 0, 0))
		if n != want || !known {
			t.Errorf("%d has %d working days, want %d", y, n, want)
		}
	}
}

// TestAddAndBetweenAgree: the n-th working day after a day has n of them after it.
func TestAddAndBetweenAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day("2021-12-01").AddDate(0, 0, rapid.IntRange(0, 2500).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		last, known := Official.Add(from, n)
		got, sure := Official.Between(from, last)
		if works, _ := Official.Is(last); got != n || sure != known || !works {
			t.Fatalf("%s + %d is %s with %d between", from, n, last, got)
		}
	})
}

// TestAYearIsReplaced: a member's own calendar goes over the known one.
func TestAYearIsReplaced(t *testing.T) {
	c := New(map[int]Year{2027: {Off: []string{"2027-01-01"}, Work: []string{"2027-01-02"}}})
	for text, want := range map[string]bool{"2027-01-01": false, "2027-01-02": true, "2027-01-04": true} {
		if works, known := c.Is(day(text)); works != want || !known {
			t.Errorf("%s: %v, known %v", text, works, known)
		}
	}
	if _, known := c.Is(day("2026-06-01")); known {
		t.Error("2026 is not in it")
	}
}

// TestBackAndBetweenAgree: from the n-th working day before a day, n of them come up to it, whatever day of the week it is.
func TestBackAndBetweenAgree(t *testing.T) {
	for _, c := range []struct {
		day  string
		n    int
		want string
	}{
		{"2022-06-25", 3, "2022-06-21"}, // a Saturday
		{"2022-07-25", 3, "2022-07-20"},
		{"2022-10-08", 1, "2022-09-30"}, // a Saturday on which the holiday was made up for
		{"2022-10-03", 0, "2022-09-30"},
	} {
		got, known := Official.Back(day(c.day), c.n)
		if got != day(c.want) || !known {
			t.Errorf("%d working days before %s: %s, want %s", c.n, c.day, got.Format(time.DateOnly), c.want)
		}
	}
	for d := day("2022-01-20"); d.Before(day("2022-12-31")); d = d.AddDate(0, 0, 1) {
		for n := range 12 {
			from, _ := Official.Back(d, n)
			if works, _ := Official.Is(from); !works {
				t.Fatalf("%d before %s is a day off", n, d.Format(time.DateOnly))
			}
			if got, _ := Official.Between(from, d); got != n {
				t.Fatalf("%d before %s is %s, from which %d come", n, d.Format(time.DateOnly), from.Format(time.DateOnly), got)
			}
		}
	}
}
