package judge

import (
	"fmt"
	"time"

	"liandong/rules/civil"
)

// Date is a civil day (日期) as "2022-06-30"; "" is none. Lexical order is the order of time.
type Date string

// Beijing is the zone of every civil day here.
var Beijing = civil.Beijing

const (
	isoDay  = "2006-01-02"
	lastDay = Date("9999-12-31")
)

// ParseDate reads exactly "2022-06-30": four, two and two digits of a day that exists.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(isoDay, text)
	if err != nil || t.Format(isoDay) != text {
		return "", problem("date-malformed",
			"日期“%s”无法识别，请写成 2022-06-30 的形式", "date %q is not a day written as 2022-06-30", text)
	}
	return Date(text), nil
}

// DateIn is the civil day of a moment in a zone, usually [Beijing].
func DateIn(moment time.Time, zone *time.Location) Date {
	return Date(moment.In(zone).Format(isoDay))
}

// AddDays moves by whole days. None stays none, what is no day stays as it is, and the last
// day of the year 9999 and the first of 0000 are the ends: order stays lexical.
func (d Date) AddDays(days int) Date {
	t, ok := d.time()
	if !ok {
		return d
	}
	return dateOf(t.AddDate(0, 0, days))
}

// EndOfMonth is the last day of the month of d.
func (d Date) EndOfMonth() Date {
	t, ok := d.time()
	if !ok {
		return d
	}
	return dayAt(t.Year(), int(t.Month())+1, 0)
}

// Zh is the day in prose: 2022年6月30日.
func (d Date) Zh() string {
	t, ok := d.time()
	if !ok {
		return string(d)
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// ShortZh is the day without its year: 6月30日.
func (d Date) ShortZh() string {
	t, ok := d.time()
	if !ok {
		return string(d)
	}
	return fmt.Sprintf("%d月%d日", int(t.Month()), t.Day())
}

// En is the day in English prose: 30 June 2022.
func (d Date) En() string { return d.format("2 January 2006") }

// ShortEn is the day without its year: 30 June.
func (d Date) ShortEn() string { return d.format("2 January") }

func (d Date) format(layout string) string {
	t, ok := d.time()
	if !ok {
		return string(d)
	}
	return t.Format(layout)
}

// Day numbers the days, those before 1970-01-01 below zero. What is no day is 0.
func (d Date) Day() int {
	if len(d) != len(isoDay) {
		return 0
	}
	number := func(digits Date) (n int) {
		for _, r := range digits {
			n = n*10 + int(r-'0')
		}
		return n
	}
	day := time.Date(number(d[:4]), time.Month(number(d[5:7])), number(d[8:]), 0, 0, 0, 0, time.UTC)
	return int(day.Unix() / (24 * 60 * 60))
}

// near leaves the year away where the reader sees it anyway: in the year of the as-of date.
func (d Date) near(asOf Date) (zh, en string) {
	if len(d) == len(isoDay) && len(asOf) == len(isoDay) && d[:4] == asOf[:4] {
		return d.ShortZh(), d.ShortEn()
	}
	return d.Zh(), d.En()
}

func (d Date) time() (time.Time, bool) {
	t, err := time.Parse(isoDay, string(d))
	return t, err == nil
}

// dayAt takes months and days beyond their range as time.Date does: day 0 is the day before.
func dayAt(year, month, day int) Date {
	return dateOf(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC))
}

func dateOf(t time.Time) Date {
	switch {
	case t.Year() > 9999:
		return lastDay
	case t.Year() < 0:
		return "0000-01-01"
	}
	return Date(t.Format(isoDay))
}

// between tells whether d lies in first..last, both included; "" is open.
func (d Date) between(first, last Date) bool {
	return d >= first && (last == "" || d <= last)
}

// happened tells whether a fact with that date is known on the as-of date.
func (d Date) happened(asOf Date) bool { return d != "" && d <= asOf }
