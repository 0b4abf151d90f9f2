package notice

import (
	"math/rand/v2"
	"time"

	"liandong/rules/civil"
)

// How often and how long a delivery is tried. The figures have no source; they are ours: a mail server that is away over a long holiday
// (eight days) must not cost a letter.
const (
	firstAgain = time.Minute
	longest    = 6 * time.Hour
	giveUp     = 14 * 24 * time.Hour
	// claimed is for how long a delivery belongs to who has taken it: longer than any line may take for those taken together.
	claimed = 15 * time.Minute
	// A line of which nothing is reached rests for so long before another delivery is tried on it.
	firstRest, longestRest = 15 * time.Second, 30 * time.Minute
)

// backOff is how long to wait after so many tries: twice as long each time, and shortened at random by up to a half, so that many do not
// come back at the same moment. chance is from [0, 1).
func backOff(tries int, first, most time.Duration, chance float64) time.Duration {
	wait := most
	if tries < 30 { // beyond it the shift runs over
		wait = min(most, first<<max(tries-1, 0))
	}
	return wait - time.Duration(chance*float64(wait)/2)
}

// chance is a random number from [0, 1).
func chance() float64 { return rand.Float64() }

// dayOf is the civil day of a moment in Beijing.
func dayOf(t time.Time) string { return t.In(civil.Beijing).Format(time.DateOnly) }

// quietUntil is when the quiet hours end in which a moment lies; the moment itself if it lies in none. Hours are of the day in Beijing,
// from included, until not; from 21 until 7 goes over midnight; the same hour twice means none.
func quietUntil(t time.Time, from, until int) time.Time {
	at := t.In(civil.Beijing)
	hour := at.Hour()
	over := from > until
	quiet := from != until && (!over && hour >= from && hour < until || over && (hour >= from || hour < until))
	if !quiet {
		return t
	}
	end := time.Date(at.Year(), at.Month(), at.Day(), until, 0, 0, 0, civil.Beijing)
	if !end.After(at) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

// digestDue says that the hour of the day's letter has come.
func digestDue(t time.Time, hour int) bool { return t.In(civil.Beijing).Hour() >= hour }
