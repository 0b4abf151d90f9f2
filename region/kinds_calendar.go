package region

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"liandong/book"
	"liandong/node"
	"liandong/rules/civil"
	"liandong/rules/refuse"
	"liandong/rules/workday"
	"liandong/store"
)

// CalendarFacts: which days of a year are off though they are no weekend, and which weekend days are worked instead.
type CalendarFacts struct {
	Year    int      `json:"year"`
	Off     []string `json:"off"`     // dates, rising; weekend days among them say nothing new
	Work    []string `json:"work"`    // dates, rising
	Shipped bool     `json:"shipped"` // no days of our own any more: the notice that the program brings along holds again
}

// CalendarWords: the notice that says so (国办发明电〔2025〕7号), and what else there is to say.
type CalendarWords struct {
	Document string `json:"document"`
	Note     string `json:"note,omitempty"`
}

// CalendarSet 设定工作日历: how a year's holidays are laid. It holds for the days of the year from the day of the entry on, so that no day that is
// over becomes another by what is said later (decision 0027). It stands in the own book: days that neighbours are asked to keep are said as
// dates, and each member counts by its own calendar.
var CalendarSet = &node.Kind[CalendarFacts, CalendarWords]{
	Name: "region.calendar.set/1", Action: string(CalendarWrite),
	Allow: func(_ context.Context, w *node.Writing, _ string, f CalendarFacts, words *CalendarWords) error {
		now := w.Now().In(civil.Beijing).Year()
		if f.Year < now || f.Year > now+2 {
			return refuse.New("region.calendar.year", "first", now, "last", now+2).At("year")
		}
		if words == nil || strings.TrimSpace(words.Document) == "" {
			return refuse.New("region.calendar.document").At("document")
		}
		if utf8.RuneCountInString(words.Document) > mostDocument || utf8.RuneCountInString(words.Note) > mostCalendarNote {
			return refuse.New("region.calendar.long", "most", mostDocument).At("document")
		}
		if _, known := workday.Shipped(f.Year); f.Shipped && !known {
			return refuse.New("region.calendar.not-shipped", "year", f.Year).At("year")
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f CalendarFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		if f.Year < 2000 || f.Year > 2200 {
			return refuse.New("region.calendar.no-year").At("year")
		}
		if f.Shipped {
			if len(f.Off)+len(f.Work) > 0 {
				return refuse.New("region.calendar.no-year").At("off")
			}
			return nil
		}
		return CalendarFits(f.Year, workday.Year{Off: f.Off, Work: f.Work})
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f CalendarFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_calendar (book, idx, year, day, shipped, off, work) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			own.Index, f.Year, Today(e.At), bit(f.Shipped), strings.Join(f.Off, " "), strings.Join(f.Work, " "))
		return nil, err
	},
}

// mostDocument and mostCalendarNote bound its words, in characters.
const mostDocument, mostCalendarNote = 200, 1000

// CalendarFits names everything that is wrong with an arrangement, at once.
func CalendarFits(year int, y workday.Year) error {
	var all []error
	for _, p := range workday.Check(year, y) {
		all = append(all, refuse.New("region.calendar."+p.Code, "day", p.Day, "year", year).At(p.At))
	}
	return errors.Join(all...)
}

const calendarRows = `
CREATE TABLE region_calendar (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	year BIGINT NOT NULL,
	day TEXT NOT NULL,
	shipped BIGINT NOT NULL,
	off TEXT NOT NULL,
	work TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);`

// Arrangement is what was said of a year's days, with the entry that says it.
type Arrangement struct {
	workday.Setting
	Index    int64
	Document string // empty: the words were erased
	Note     string
}

// Arrangements are all that was said of years, in the order in which it was said. Only the own book says any.
func Arrangements(ctx context.Context, tx *store.Tx) ([]Arrangement, error) {
	rows, err := tx.Query(ctx, `SELECT c.idx, c.year, c.day, c.shipped, c.off, c.work, e.words FROM region_calendar c
		JOIN book_entry e ON e.book = c.book AND e.idx = c.idx ORDER BY c.idx`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (a Arrangement, err error) {
		var off, work string
		var raw []byte
		if err := scan(&a.Index, &a.Year, &a.Day, &a.Shipped, &off, &work, &raw); err != nil {
			return a, err
		}
		a.Days = workday.Year{Off: strings.Fields(off), Work: strings.Fields(work)}
		if raw != nil {
			said, err := CalendarSet.WordsOf(raw)
			if err != nil {
				return a, err
			}
			a.Document, a.Note = said.Document, said.Note
		}
		return a, nil
	})
}

// Workdays is the calendar by which this member counts working days: the notices that the program brings along, and what was entered here.
func Workdays(ctx context.Context, tx *store.Tx) (*workday.Calendar, error) {
	all, err := Arrangements(ctx, tx)
	if err != nil {
		return nil, err
	}
	return workday.Official.With(settings(all)...), nil
}

func settings(all []Arrangement) (said []workday.Setting) {
	for _, a := range all {
		said = append(said, a.Setting)
	}
	return said
}

// SetCalendar says how a year's days are laid; Shipped drops what was entered for it.
func SetCalendar(ctx context.Context, w *node.Writing, f CalendarFacts, words CalendarWords) error {
	sorted := workday.Year{Off: f.Off, Work: f.Work}.Sorted()
	f.Off, f.Work = append([]string{}, sorted.Off...), append([]string{}, sorted.Work...)
	words.Document, words.Note = strings.TrimSpace(words.Document), strings.TrimSpace(words.Note)
	_, err := CalendarSet.Say(ctx, w, node.Said[CalendarFacts, CalendarWords]{Circle: node.Self, Facts: f, Words: &words})
	return err
}
