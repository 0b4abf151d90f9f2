package judge

import (
	"fmt"
	"strconv"
	"time"
)

// Period is one reporting period (填报期), by its id:
//
//	2022-06-x1   first ten days of June (x2 中旬, x3 下旬)
//	2022-06      June
//	2022-Q2      second quarter
//	2022-H1      first half
//	2022         the year
//	2022-06-15   an ad hoc call for that day (临时调度)
//
// "" is none. A Period that did not come from [ParsePeriod] or a function of this package may
// be malformed; its methods then answer with zero values.
type Period string

// place is a period as arithmetic wants it: the n-th (from 0) of its cycle in the year.
type place struct {
	cycle Cycle
	year  int
	n     int
	day   Date // AdHoc only
}

// ParsePeriod reads an id; there is exactly one spelling for each period.
func ParsePeriod(id string) (Period, error) {
	if _, ok := Period(id).place(); !ok {
		return "", problem("period-malformed",
			"填报期“%s”无法识别，应为 2022-06-x1（旬）、2022-06、2022-Q2、2022-H1、2022 或 2022-06-15（临时）",
			"period %q is not of the form 2022-06-x1, 2022-06, 2022-Q2, 2022-H1, 2022 or 2022-06-15", id)
	}
	return Period(id), nil
}

// PeriodOf is the period of a cycle that contains the day; "" where either is none.
func PeriodOf(cycle Cycle, day Date) Period {
	t, ok := day.time()
	if !ok {
		return ""
	}
	month, per := int(t.Month())-1, cycle.PerYear()
	switch {
	case cycle == AdHoc:
		return Period(day)
	case cycle == TenDay:
		return place{cycle: TenDay, year: t.Year(), n: month*3 + min((t.Day()-1)/10, 2)}.id()
	case per > 0:
		return place{cycle: cycle, year: t.Year(), n: month * per / 12}.id()
	}
	return ""
}

// PeriodsOf lists the periods of a year in order; none for AdHoc, which is called by people.
func PeriodsOf(cycle Cycle, year int) []Period {
	var all []Period
	for n := range cycle.PerYear() {
		all = append(all, place{cycle: cycle, year: year, n: n}.id())
	}
	return all
}

// Cycle is the cycle that the id belongs to; "" if it is malformed.
func (p Period) Cycle() Cycle { at, _ := p.place(); return at.cycle }

// First is the period's first day.
func (p Period) First() Date { first, _ := p.days(); return first }

// Last is the period's last day, included in it.
func (p Period) Last() Date { _, last := p.days(); return last }

// Next is the following period of the same cycle; "" for AdHoc and at the end of time.
func (p Period) Next() Period { return p.move(1) }

// Prev is the period before; "" for AdHoc and at the beginning of time.
func (p Period) Prev() Period { return p.move(-1) }

func (p Period) move(by int) Period {
	at, ok := p.place()
	if !ok || at.cycle == AdHoc {
		return ""
	}
	per := at.cycle.PerYear()
	at.n += by
	if at.n < 0 || at.n >= per {
		at.year += by
		at.n = (at.n + per) % per
	}
	return at.id()
}

// Within tells whether the shorter period lies wholly in the longer (a period lies in itself).
// An ad hoc day lies in every period that contains it.
func Within(shorter, longer Period) bool {
	s, okS := shorter.place()
	l, okL := longer.place()
	switch {
	case !okS || !okL:
		return false
	case s.cycle == AdHoc:
		return s.day.between(longer.First(), longer.Last())
	case l.cycle == AdHoc || s.year != l.year || s.cycle.PerYear() < l.cycle.PerYear():
		return false
	}
	return s.n/(s.cycle.PerYear()/l.cycle.PerYear()) == l.n
}

// Parts lists the periods of a shorter cycle that make up the longer period, in order: a
// longer report is composed from these and only confirmed. Nil where the cycle is longer or
// has no rhythm; the period itself where the cycle is its own.
func Parts(longer Period, cycle Cycle) []Period {
	l, ok := longer.place()
	if !ok || l.cycle == AdHoc || cycle.PerYear() < l.cycle.PerYear() {
		return nil
	}
	each := cycle.PerYear() / l.cycle.PerYear()
	var parts []Period
	for n := l.n * each; n < (l.n+1)*each; n++ {
		parts = append(parts, place{cycle: cycle, year: l.year, n: n}.id())
	}
	return parts
}

var (
	tenDayZh  = [3]string{"上旬", "中旬", "下旬"}
	tenDayEn  = [3]string{"1st–10th of", "11th–20th of", "21st to the end of"}
	quarterZh = [4]string{"第一季度", "第二季度", "第三季度", "第四季度"}
	halfZh    = [2]string{"上半年", "下半年"}
)

// Zh is the name with its year: 2022年6月, 2022年第二季度, 2022年6月上旬, 2022年上半年.
func (p Period) Zh() string {
	at, ok := p.place()
	if !ok {
		return string(p)
	}
	if at.cycle == Year {
		return strconv.Itoa(at.year) + "年"
	}
	return strconv.Itoa(at.year) + "年" + p.ShortZh()
}

// ShortZh is the name inside its year: 6月, 第二季度, 6月上旬, 上半年, 全年.
func (p Period) ShortZh() string {
	at, ok := p.place()
	if !ok {
		return string(p)
	}
	switch at.cycle {
	case TenDay:
		return strconv.Itoa(at.n/3+1) + "月" + tenDayZh[at.n%3]
	case Month:
		return strconv.Itoa(at.n+1) + "月"
	case Quarter:
		return quarterZh[at.n]
	case HalfYear:
		return halfZh[at.n]
	case Year:
		return "全年"
	}
	return at.day.ShortZh()
}

// En is the English name with its year: June 2022, Q2 2022, 1st–10th of June 2022.
func (p Period) En() string {
	at, ok := p.place()
	if !ok {
		return string(p)
	}
	switch at.cycle {
	case TenDay:
		return fmt.Sprintf("%s %s %d", tenDayEn[at.n%3], time.Month(at.n/3+1), at.year)
	case Month:
		return fmt.Sprintf("%s %d", time.Month(at.n+1), at.year)
	case Quarter:
		return fmt.Sprintf("Q%d %d", at.n+1, at.year)
	case HalfYear:
		return fmt.Sprintf("H%d %d", at.n+1, at.year)
	case Year:
		return strconv.Itoa(at.year)
	}
	return at.day.En()
}

// place reads the id. There is one spelling for each place: "2022-6" has no meaning.
func (p Period) place() (place, bool) {
	at, ok := p.read()
	if !ok || at.n < 0 || at.n >= max(at.cycle.PerYear(), 1) {
		return place{}, false
	}
	return at, true
}

func (p Period) read() (at place, ok bool) {
	if len(p) < 4 {
		return at, false
	}
	if at.year, ok = digits(p[:4]); !ok || len(p) == 4 {
		at.cycle = Year
		return at, ok
	}
	if p[4] != '-' {
		return at, false
	}
	if len(p) == 7 && (p[5] == 'Q' || p[5] == 'H') {
		at.cycle, at.n = Quarter, int(p[6])-'1'
		if p[5] == 'H' {
			at.cycle = HalfYear
		}
		return at, true
	}
	return at, p.readInMonth(&at)
}

func (p Period) readInMonth(at *place) (ok bool) {
	if len(p) != 7 && len(p) != 10 {
		return false
	}
	month, ok := digits(p[5:7])
	switch {
	case !ok || month < 1 || month > 12:
		return false
	case len(p) == 7:
		at.cycle, at.n = Month, month-1
		return true
	case p[7] == '-' && p[8] == 'x':
		part := int(p[9]) - '1'
		at.cycle, at.n = TenDay, (month-1)*3+part
		return part >= 0 && part < 3
	}
	at.cycle, at.day = AdHoc, Date(p)
	_, ok = at.day.time()
	return ok
}

// id is "" where the place is outside its cycle's year or the four digits of a year.
func (at place) id() Period {
	if at.cycle == AdHoc {
		return Period(at.day)
	}
	if at.year < 0 || at.year > 9999 || at.n < 0 || at.n >= at.cycle.PerYear() {
		return ""
	}
	b := appendDigits(make([]byte, 0, len(isoDay)), at.year, 4)
	switch at.cycle {
	case TenDay:
		b = appendDigits(append(b, '-'), at.n/3+1, 2)
		b = append(b, '-', 'x', byte('1'+at.n%3))
	case Month:
		b = appendDigits(append(b, '-'), at.n+1, 2)
	case Quarter:
		b = append(b, '-', 'Q', byte('1'+at.n))
	case HalfYear:
		b = append(b, '-', 'H', byte('1'+at.n))
	}
	return Period(b)
}

func (p Period) days() (first, last Date) {
	at, ok := p.place()
	switch {
	case !ok:
		return "", ""
	case at.cycle == AdHoc:
		return at.day, at.day
	case at.cycle == TenDay:
		month, part := at.n/3+1, at.n%3
		if part == 2 {
			return dayAt(at.year, month, 21), dayAt(at.year, month+1, 0)
		}
		return dayAt(at.year, month, part*10+1), dayAt(at.year, month, part*10+10)
	}
	months := 12 / at.cycle.PerYear()
	return dayAt(at.year, at.n*months+1, 1), dayAt(at.year, (at.n+1)*months+1, 0)
}
