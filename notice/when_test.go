package notice_test

import (
	"testing"
	"time"

	"liandong/notice"
)

func TestQuietUntil(t *testing.T) {
	for _, c := range []struct {
		name, at    string
		from, until int
		want        string
	}{
		{"by day", "2022-06-20 12:00", 21, 7, "2022-06-20 12:00"},
		{"the first minute", "2022-06-20 21:00", 21, 7, "2022-06-21 07:00"},
		{"the last minute before", "2022-06-20 20:59", 21, 7, "2022-06-20 20:59"},
		{"after midnight", "2022-06-21 00:00", 21, 7, "2022-06-21 07:00"},
		{"the end is not quiet", "2022-06-21 07:00", 21, 7, "2022-06-21 07:00"},
		{"over new year", "2021-12-31 23:30", 21, 7, "2022-01-01 07:00"},
		{"the 29th of February", "2024-02-28 22:00", 21, 7, "2024-02-29 07:00"},
		{"at noon", "2022-06-20 12:30", 12, 14, "2022-06-20 14:00"},
		{"until midnight", "2022-06-20 22:00", 20, 0, "2022-06-21 00:00"},
		{"none", "2022-06-20 03:00", 0, 0, "2022-06-20 03:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := notice.QuietUntil(at(c.at), c.from, c.until); !got.Equal(at(c.want)) {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestBackOff(t *testing.T) {
	for _, c := range []struct {
		tries  int
		chance float64
		want   time.Duration
	}{
		{1, 0, time.Minute},
		{2, 0, 2 * time.Minute},
		{5, 0, 16 * time.Minute},
		{9, 0, 256 * time.Minute},
		{10, 0, 6 * time.Hour},
		{400, 0, 6 * time.Hour},
		{2, 0.5, 90 * time.Second},
		{400, 1, 3 * time.Hour},
	} {
		if got := notice.BackOff(c.tries, time.Minute, 6*time.Hour, c.chance); got != c.want {
			t.Errorf("after %d tries with chance %v: %v, want %v", c.tries, c.chance, got, c.want)
		}
	}
}
