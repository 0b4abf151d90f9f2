package board

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web/lang"
)

// The calendar is drawn in units of which one day takes dayWide.
const (
	dayWide    = 4
	trackHigh  = 26
	monthsHigh = 24
	// yearWide is the width of a year; the last day of a leap year ends where that of another does.
	yearWide = 365 * dayWide
)

// at is where a day begins in the drawing of a year: earlier days at its left edge, later ones at its right.
func at(year int, day judge.Date) int {
	first := judge.Date(strconv.Itoa(year) + "-01-01")
	return min(max(first.DaysUntil(day), 0)*dayWide, yearWide)
}

func inYear(year int, day judge.Date) bool {
	return judge.Within(judge.Period(day), judge.Period(strconv.Itoa(year)))
}

// spanOf is where the bar of a row begins and ends: from the day it was listed, or the year's first, to its deadline, that day included, or
// the year's end.
func spanOf(year int, y plan.YearRow) (from, until int) {
	until = yearWide
	if y.By != "" {
		until = at(year, y.By.AddDays(1))
	}
	return min(at(year, y.From), max(until-dayWide, 0)), until
}

// trackText says what the drawing of a row shows.
func trackText(ctx context.Context, year int, y plan.YearRow) string {
	from := max(y.From, judge.Date(strconv.Itoa(year)+"-01-01"))
	if y.By == "" {
		return t(ctx, "calendar.ongoing", "from", shortDay(ctx, from))
	}
	return t(ctx, "calendar.track", "from", shortDay(ctx, from), "until", shortDay(ctx, y.By))
}

// monthMarks are where the months of a year begin.
func monthMarks(year int) (all []int) {
	for _, p := range judge.PeriodsOf(judge.Month, year) {
		all = append(all, at(year, p.First()))
	}
	return all
}

// monthName is the name of a month in its column, i from 0.
func monthName(ctx context.Context, year, i int) string {
	return lang.Pick(ctx, judge.PeriodsOf(judge.Month, year)[i].ShortZh(), time.Month(i + 1).String()[:3])
}

func box(high int) string { return fmt.Sprintf("0 0 %d %d", yearWide, high) }

func upright(x, high int) string { return fmt.Sprintf("M%d 0V%d", x, high) }

// diamond is drawn around a place, and wholly inside the drawing.
func diamond(x int) string {
	const r = 9
	return fmt.Sprintf("M%d %dl%d %dl-%d %dl-%d-%dz", min(max(x, r), yearWide-r), 13-r, r, r, r, r, r, r)
}
