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

// Calendar holds the years that are known. A day of another year is judged by its weekday alone, and provisional.
type Calendar struct {
	off, work map[string]bool
	years     map[int]bool
}

// New makes a calendar of years; a later year of the same number replaces the earlier one.
func New(years map[int]Year) *Calendar {
	c := &Calendar{off: map[string]bool{}, work: map[string]bool{}, years: map[int]bool{}}
	for n, y := range years {
		c.years[n] = true
		for _, d := range y.Off {
			c.off[d] = true
		}
		for _, d := range y.Work {
			c.work[d] = true
		}
	}
	return c
}

// Official is the calendar of the notices that this program knows.
var Official = New(official)

// Is says whether a civil day is a working day, and whether that is known: for a year without a notice it is provisional.
func (c *Calendar) Is(day time.Time) (works, known bool) {
	text := day.Format(time.DateOnly)
	known = c.years[day.Year()]
	switch {
	case c.work[text]:
		return true, known
	case c.off[text]:
		return false, known
	}
	weekday := day.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday, known
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
