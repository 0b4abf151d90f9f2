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
	if _, ok := Date(text).time(); !ok {
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
	t, ok := d.time()
	if !ok {
		return 0
	}
	return int(t.Unix() / (24 * 60 * 60))
}

// near leaves the year away where the reader sees it anyway: in the year of the as-of date.
func (d Date) near(asOf Date) (zh, en string) {
	if len(d) == len(isoDay) && len(asOf) == len(isoDay) && d[:4] == asOf[:4] {
		return d.ShortZh(), d.ShortEn()
	}
	return d.Zh(), d.En()
}

// DaysUntil is how many days a later day is away; negative for an earlier one, 0 where either is none.
func (d Date) DaysUntil(later Date) int {
	from, ok := d.time()
	to, okTo := later.time()
	if !ok || !okTo {
		return 0
	}
	return int(to.Sub(from) / (24 * time.Hour))
}

// time reads the day. Days are read and written a million times when an office's view is made anew: package time's
// layouts take five times as long.
func (d Date) time() (t time.Time, ok bool) {
	if len(d) != len(isoDay) || d[4] != '-' || d[7] != '-' {
		return t, false
	}
	year, okYear := digits(d[:4])
	month, okMonth := digits(d[5:7])
	day, okDay := digits(d[8:])
	t = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, okYear && okMonth && okDay && t.Month() == time.Month(month) && t.Day() == day // else there is no such day
}

// digits reads a number of ASCII digits only.
func digits[T ~string](text T) (n int, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, len(text) > 0
}

// appendDigits writes a number with leading zeros.
func appendDigits(b []byte, n, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; n > 0; i-- {
		b[i], n = byte('0'+n%10), n/10
	}
	return b
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
	year, month, day := t.Date()
	b := appendDigits(make([]byte, 0, len(isoDay)), year, 4)
	b = appendDigits(append(b, '-'), int(month), 2)
	return Date(appendDigits(append(b, '-'), day, 2))
}

// between tells whether d lies in first..last, both included; "" is open.
func (d Date) between(first, last Date) bool {
	return d >= first && (last == "" || d <= last)
}

// happened tells whether a fact with that date is known on the as-of date.
func (d Date) happened(asOf Date) bool { return d != "" && d <= asOf }
