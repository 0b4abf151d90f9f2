// Package workday counts working days (工作日) by the official calendar. Pure.
//
// Days off and the working days that make up for them (调休) are those of the yearly notice of the State Council's General Office
// (国务院办公厅关于部分节假日安排的通知) for 2022 to 2026, under 全国年节及纪念日放假办法, since 2025-01-01 as of 国务院令第795号. A
// period counts from the day after it began, a last day on a day off moves to the next working day (民法典 第201条 第2款,
// 第203条 第1款).
package workday

import (
	"slices"
	"time"
)

// Year is what one year's notice says: dates as "2022-01-29".
type Year struct {
	Off  []string // days off that are no ordinary weekend, each
	Work []string // weekend days that are worked
}

// Calendar holds what is known of years. A day of another year is judged by its weekday alone, and provisional.
type Calendar struct {
	years map[int][]arrangement // of each the latest last
}

// arrangement is what was said of a year, for its days from one on.
type arrangement struct {
	from      string // "": all of the year
	off, work map[string]bool
}

// New makes a calendar of years.
func New(years map[int]Year) *Calendar {
	c := &Calendar{years: map[int][]arrangement{}}
	for n, y := range years {
		c.years[n] = []arrangement{arranged("", y)}
	}
	return c
}

func arranged(from string, y Year) arrangement {
	a := arrangement{from, map[string]bool{}, map[string]bool{}}
	for _, d := range y.Off {
		a.off[d] = true
	}
	for _, d := range y.Work {
		a.work[d] = true
	}
	return a
}

// Official is the calendar of the notices that this program knows.
var Official = New(official)

// Shipped is what the program's own notice says of a year; ok is false where it knows none.
func Shipped(year int) (y Year, ok bool) {
	y, ok = official[year]
	return y, ok
}

// Setting is another arrangement of a year, said on a day: it holds for the days of the year from that day on.
type Setting struct {
	Year    int
	Day     string // on which it was said, "2026-11-20"
	Days    Year
	Shipped bool // the program's own notice holds again, if it knows the year
}

// With is the calendar with what was said besides, in the order in which it was said. A day is judged by the last that was said up to
// that day itself: what was said later changes no day that was over.
func (c *Calendar) With(all ...Setting) *Calendar {
	if len(all) == 0 {
		return c
	}
	with := &Calendar{years: make(map[int][]arrangement, len(c.years)+len(all))}
	for n, y := range c.years {
		with.years[n] = slices.Clone(y)
	}
	for _, s := range all {
		days := s.Days
		if s.Shipped {
			known := c.years[s.Year]
			if len(known) == 0 {
				continue
			}
			with.years[s.Year] = append(with.years[s.Year], arrangement{s.Day, known[0].off, known[0].work})
			continue
		}
		with.years[s.Year] = append(with.years[s.Year], arranged(s.Day, days))
	}
	return with
}

// Is says whether a civil day is a working day, and whether that is known: for a year without a notice it is provisional.
func (c *Calendar) Is(day time.Time) (works, known bool) {
	text := day.Format(time.DateOnly)
	for _, a := range slices.Backward(c.years[day.Year()]) {
		if text < a.from {
			continue
		}
		switch {
		case a.work[text]:
			return true, true
		case a.off[text]:
			return false, true
		}
		return !Weekend(day), true
	}
	return !Weekend(day), false
}

// Weekend says whether a day is a Saturday or a Sunday.
func Weekend(day time.Time) bool {
	weekday := day.Weekday()
	return weekday == time.Saturday || weekday == time.Sunday
}

// Add is the n-th working day after a day, which itself does not count; for n of 0 it is the day, or the next working day. known is false
// where a year without a notice was crossed: the date is provisional (暂定).
func (c *Calendar) Add(day time.Time, n int) (last time.Time, known bool) {
	if n <= 0 {
		return c.Next(day)
	}
	known = true
	for last = day; n > 0; {
		last = last.AddDate(0, 0, 1)
		works, sure := c.Is(last)
		known = known && sure
		if works {
			n--
		}
	}
	return last, known
}

// Next is the day itself where it is a working day, else the next one: the last day of a period that ends on a day off.
func (c *Calendar) Next(day time.Time) (time.Time, bool) {
	known := true
	for {
		works, sure := c.Is(day)
		known = known && sure
		if works {
			return day, known
		}
		day = day.AddDate(0, 0, 1)
	}
}

// Back is the working day after which n working days come up to and with a day: Between of both is n. known is false where a year
// without a notice was counted over.
func (c *Calendar) Back(day time.Time, n int) (first time.Time, known bool) {
	known = true
	for passed := 0; ; day = day.AddDate(0, 0, -1) {
		works, sure := c.Is(day)
		known = known && sure
		if works && passed >= n {
			return day, known
		}
		if works {
			passed++
		}
	}
}

// Between counts the working days after a day up to and with another; 0 where that is not later.
func (c *Calendar) Between(day, until time.Time) (n int, known bool) {
	known = true
	for day = day.AddDate(0, 0, 1); !day.After(until); day = day.AddDate(0, 0, 1) {
		works, sure := c.Is(day)
		known = known && sure
		if works {
			n++
		}
	}
	return n, known
}

// Years lists the years that are known, rising.
func (c *Calendar) Years() []int {
	all := make([]int, 0, len(c.years))
	for y := range c.years {
		all = append(all, y)
	}
	slices.Sort(all)
	return all
}
