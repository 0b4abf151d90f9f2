package workdays

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/rules/workday"
	"liandong/store"
)

// Source says where a year's arrangement comes from.
type Source string

// The sources: 随软件所带的通知, 本单位录入, 没有（暂定）.
const (
	Shipped Source = "shipped"
	Entered Source = "entered"
	Nothing Source = "nothing"
)

// Year is how one year stands.
type Year struct {
	Year     int      `json:"year" example:"2027"`
	Source   Source   `json:"source" enum:"shipped,entered,nothing" doc:"Shipped with the program, entered here, or nothing: provisional, weekdays count"`
	Document string   `json:"document,omitempty" doc:"The notice; empty where its words were erased" example:"国办发明电〔2026〕9号"`
	Note     string   `json:"note,omitempty"`
	Since    string   `json:"since,omitempty" doc:"From this day of entry on; days before it are counted as was known then" example:"2026-11-20"`
	Off      []string `json:"off" doc:"Days off that are no ordinary weekend, and what the notice names beside them"`
	Work     []string `json:"work" doc:"Weekend days that are worked"`
	Working  int      `json:"working" doc:"Working days of the year, as they count here" example:"249"`
	// Differs: what was entered makes other days working days than the shipped notice does.
	Differs bool   `json:"differs,omitempty" doc:"Entered, and not the same as the notice shipped with the program"`
	Book    string `json:"book,omitempty" doc:"Where it was entered"`
	Index   int64  `json:"index,omitempty"`
	past    []region.Arrangement
}

// ahead is how many years after this one can be entered.
const ahead = 2

// years reads how all years stand that are known or may be entered, the latest first.
func years(ctx context.Context, d *plan.Desk) (all []Year, err error) {
	var said []region.Arrangement
	n := d.Node()
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		said, err = region.Arrangements(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var settings []workday.Setting
	for _, a := range said {
		settings = append(settings, a.Setting)
	}
	calendar := workday.Official.With(settings...)
	numbers := append(workday.Official.Years(), calendar.Years()...)
	for y := thisYear(d); y <= thisYear(d)+ahead; y++ {
		numbers = append(numbers, y)
	}
	slices.Sort(numbers)
	for _, y := range slices.Backward(slices.Compact(numbers)) {
		all = append(all, yearOf(y, said, calendar, n.BookName(node.Self)))
	}
	return all, nil
}

func yearOf(number int, said []region.Arrangement, c *workday.Calendar, book string) Year {
	y := Year{Year: number, Source: Nothing, Off: []string{}, Work: []string{}}
	shipped, known := workday.Shipped(number)
	if known {
		y.Source, y.Off, y.Work = Shipped, shipped.Off, shipped.Work
	}
	for _, a := range said {
		if a.Year != number {
			continue
		}
		y.past = append([]region.Arrangement{a}, y.past...)
		y.Document, y.Note, y.Since, y.Book, y.Index = a.Document, a.Note, a.Day, book, a.Index
		if a.Shipped {
			y.Source, y.Off, y.Work = Shipped, shipped.Off, shipped.Work
		} else {
			y.Source, y.Off, y.Work = Entered, a.Days.Off, a.Days.Work
		}
	}
	y.Differs = known && y.Source == Entered && !workday.Same(number, shipped, workday.Year{Off: y.Off, Work: y.Work})
	first := time.Date(number, 1, 1, 0, 0, 0, 0, time.UTC)
	y.Working, _ = c.Between(first.AddDate(0, 0, -1), first.AddDate(1, 0, -1))
	return y
}

func thisYear(d *plan.Desk) int { return yearOfDay(d.Today()) }

func yearOfDay(day judge.Date) int {
	t, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return 0
	}
	return t.Year()
}

// oneYear reads how a year stands.
func oneYear(ctx context.Context, d *plan.Desk, number int) (y Year, ok bool, err error) {
	all, err := years(ctx, d)
	at := slices.IndexFunc(all, func(y Year) bool { return y.Year == number })
	if at < 0 {
		return y, false, err
	}
	return all[at], true, err
}

// Typed is a year's arrangement as somebody wrote it: the notice as a whole, or its days.
type Typed struct {
	Year     int
	Notice   string // its text; what is read of it takes the place of Off and Work
	Off      string
	Work     string
	Document string
	Note     string
	Shipped  bool // back to the notice that the program brings along
}

// Checked is what was understood of it.
type Checked struct {
	Typed
	Days   workday.Year
	Left   []string     // sentences in which a day is named that was not taken
	Shifts []plan.Shift // days that would move
	Same   bool         // it says what holds already
}

// mostNotice bounds the text of a notice, in bytes.
const mostNotice = 20_000

// check reads what was typed, names all that is wrong with it at once, and says which days would move.
func check(ctx context.Context, d *plan.Desk, t Typed) (c Checked, err error) {
	c.Typed = t
	var wrong []error
	if now := thisYear(d); t.Year < now || t.Year > now+ahead {
		wrong = append(wrong, refuse.New("region.calendar.year", "first", now, "last", now+ahead).At("year"))
	}
	if strings.TrimSpace(t.Document) == "" {
		wrong = append(wrong, refuse.New("region.calendar.document").At("document"))
	}
	if _, known := workday.Shipped(t.Year); t.Shipped && !known {
		wrong = append(wrong, refuse.New("region.calendar.not-shipped", "year", t.Year).At("year"))
	}
	if !t.Shipped {
		wrong = append(wrong, c.read()...)
		wrong = append(wrong, region.CalendarFits(t.Year, c.Days))
	}
	if err := errors.Join(wrong...); err != nil {
		return c, err
	}
	was, _, err := oneYear(ctx, d, t.Year)
	if err != nil {
		return c, err
	}
	days := c.Days
	if c.Shipped {
		days, _ = workday.Shipped(t.Year)
	}
	c.Same = was.Source != Nothing && c.Shipped == (was.Source == Shipped) && workday.Same(t.Year, days, workday.Year{Off: was.Off, Work: was.Work})
	c.Shifts, err = d.Shifts(ctx, workday.Setting{Year: t.Year, Days: c.Days, Shipped: c.Shipped})
	return c, err
}

// read fills Days, and writes them into the fields as they were understood.
func (c *Checked) read() (wrong []error) {
	strange := func(all []string, field string) {
		for _, s := range all {
			wrong = append(wrong, refuse.New("region.calendar.strange", "text", s).At(field))
		}
	}
	if strings.TrimSpace(c.Notice) != "" {
		if len(c.Notice) > mostNotice {
			return []error{refuse.New("region.calendar.long", "most", mostNotice/3).At("notice")}
		}
		r := workday.Notice(c.Year, c.Notice)
		c.Days, c.Left = r.Year, r.Left
		strange(r.Strange, "notice")
		for _, m := range r.Counts {
			wrong = append(wrong, refuse.New("region.calendar.count", "text", m.Text, "said", m.Said, "read", m.Read).At("notice"))
		}
		if len(c.Days.Off)+len(c.Days.Work) == 0 {
			wrong = append(wrong, refuse.New("region.calendar.nothing-read").At("notice"))
		} else {
			c.Off, c.Work = spanText(c.Days.Off), spanText(c.Days.Work)
		}
		return wrong
	}
	var odd []string
	c.Days.Off, odd = workday.List(c.Year, c.Off)
	strange(odd, "off")
	c.Days.Work, odd = workday.List(c.Year, c.Work)
	strange(odd, "work")
	return wrong
}

// spanText writes days as the fields take them: a span a line. Days that stand there twice are written twice, so that they are named.
func spanText(days []string) string {
	if len(slices.Compact(slices.Sorted(slices.Values(days)))) != len(days) {
		return strings.Join(days, "\n")
	}
	var lines []string
	for _, s := range workday.Spans(days) {
		if s[0] == s[1] {
			lines = append(lines, s[0])
		} else {
			lines = append(lines, s[0]+" 至 "+s[1])
		}
	}
	return strings.Join(lines, "\n")
}

// set enters what was typed.
func set(ctx context.Context, d *plan.Desk, req node.Request, t Typed) error {
	c, err := check(ctx, d, t)
	if err != nil {
		return err
	}
	_, err = d.Node().Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		return region.SetCalendar(ctx, w, region.CalendarFacts{Year: t.Year, Off: c.Days.Off, Work: c.Days.Work, Shipped: t.Shipped},
			region.CalendarWords{Document: t.Document, Note: t.Note})
	})
	return err
}

// offered is what the form proposes for a year: what was entered for it, else what is shipped.
func offered(y Year) Typed {
	return Typed{Year: y.Year, Off: spanText(y.Off), Work: spanText(y.Work), Document: cmp.Or(y.Document), Note: y.Note}
}
