package workday

import (
	"slices"
	"time"
)

// Problem is one thing that is wrong with a year's arrangement.
type Problem struct {
	Code string // one of the constants below
	Day  string // which day; as it was typed where it is none
	At   string // "off" or "work"
}

// What can be wrong.
const (
	NoDay      = "no-day"      // it is no date
	OtherYear  = "other-year"  // it is of another year
	Twice      = "twice"       // it stands there twice
	Both       = "both"        // it is off and worked
	NoWeekend  = "no-weekend"  // a make-up day on which one works anyway
	NothingOff = "nothing-off" // no weekday is off: that is no arrangement
	TooMany    = "too-many"    // more days than a year's notice can have
)

// mostOff and mostWork bound an arrangement: the notices of 2022 to 2026 have at most 34 days off and 8 that are worked.
const mostOff, mostWork = 100, 60

// Check finds everything that is wrong with a year's arrangement, in the order in which it stands there.
func Check(year int, y Year) (all []Problem) {
	off, free := map[string]bool{}, false
	look := func(days []string, at string, most int, one func(text string, day time.Time)) {
		if len(days) > most {
			all = append(all, Problem{TooMany, "", at})
			return
		}
		seen := map[string]bool{}
		for _, text := range days {
			day, err := time.Parse(time.DateOnly, text)
			switch {
			case err != nil:
				all = append(all, Problem{NoDay, text, at})
			case day.Year() != year:
				all = append(all, Problem{OtherYear, text, at})
			case seen[text]:
				all = append(all, Problem{Twice, text, at})
			default:
				one(text, day)
			}
			seen[text] = true
		}
	}
	look(y.Off, "off", mostOff, func(text string, day time.Time) {
		off[text] = true
		free = free || !Weekend(day)
	})
	look(y.Work, "work", mostWork, func(text string, day time.Time) {
		switch {
		case off[text]:
			all = append(all, Problem{Both, text, "work"})
		case !Weekend(day):
			all = append(all, Problem{NoWeekend, text, "work"})
		}
	})
	if len(all) == 0 && !free {
		all = append(all, Problem{NothingOff, "", "off"})
	}
	return all
}

// Sorted is the arrangement with its days rising.
func (y Year) Sorted() Year {
	return Year{slices.Sorted(slices.Values(y.Off)), slices.Sorted(slices.Values(y.Work))}
}

// Same says whether two arrangements make the same days working days: which weekend days a notice names beside its days off is all one.
func Same(year int, a, b Year) bool {
	of, other := New(map[int]Year{year: a}), New(map[int]Year{year: b})
	for day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		is, _ := of.Is(day)
		if was, _ := other.Is(day); is != was {
			return false
		}
	}
	return true
}
