package plan

import (
	"context"
	"time"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/workday"
	"liandong/store"
)

// calendar counts the working days of this member (region.Workdays) in civil days.
type calendar struct{ *workday.Calendar }

// calendarOf reads the calendar as it stands. Days that are said in entries are counted once, when they are said; what is counted on
// reading goes by what had been said of each day up to that day, so that a later calendar changes nothing that is over (decision 0027).
func calendarOf(ctx context.Context, tx *store.Tx) (calendar, error) {
	c, err := region.Workdays(ctx, tx)
	return calendar{c}, err
}

// after is the n-th working day after a day; for n of 0 the day itself or the next that is one.
func (c calendar) after(day judge.Date, n int) judge.Date {
	from, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return day
	}
	last, _ := c.Add(from, n)
	return judge.Date(last.Format(time.DateOnly))
}

// before is the n-th working day before a day; for n of 0 the day itself or the last that was one.
func (c calendar) before(day judge.Date, n int) judge.Date {
	t, _ := c.Back(midnight(day), n)
	return judge.DateIn(t, time.UTC)
}

// works says whether a day is a working day.
func (c calendar) works(day judge.Date) bool {
	works, _ := c.Is(midnight(day))
	return works
}

// between counts the working days after a day up to and with another.
func (c calendar) between(day, until judge.Date) int {
	n, _ := c.Between(midnight(day), midnight(until))
	return n
}

// midnight is a civil day as calendars count it.
func midnight(day judge.Date) time.Time {
	t, _ := time.Parse(time.DateOnly, string(day)) // a zero time has no working days around it, and is refused as a day before
	return t
}

// Workdays is the calendar by which this member counts working days.
func (d *Desk) Workdays(ctx context.Context) (c *workday.Calendar, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		c, err = region.Workdays(ctx, tx)
		return err
	})
	return c, err
}

// daysFromToday is the n-th working day from today, for what a form proposes.
func (d *Desk) daysFromToday(ctx context.Context, n int) (day judge.Date, err error) {
	c, err := d.Workdays(ctx)
	if err != nil {
		return "", err
	}
	return calendar{c}.after(d.Today(), n), nil
}
