package plan

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/plan/judge"
)

// TestForksLeadToEverySpanOfADay: a span that holds a day stands under one of the day's forks; it
// lies at or after the day only if the span begins by then, before it only if the span goes on.
func TestForksLeadToEverySpanOfADay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		day := rapid.Custom(func(r *rapid.T) judge.Date {
			far := rapid.SampledFrom([]judge.Date{"1999-12-25", "2022-01-01", "2089-09-10"}).Draw(r, "near")
			return far.AddDays(rapid.IntRange(-20, 400).Draw(r, "days"))
		})
		from, until, on := day.Draw(r, "from"), day.Draw(r, "until"), day.Draw(r, "on")
		from = rapid.SampledFrom([]judge.Date{from, ""}).Draw(r, "since")
		until = rapid.SampledFrom([]judge.Date{until, ""}).Draw(r, "to")
		if until != "" && until <= from || on < from || until != "" && on >= until {
			r.Skip("the span does not hold the day")
		}
		before, after := forksOf(on)
		if fork := any(forkOf(from, until)); !slices.Contains(before, fork) && !slices.Contains(after, fork) {
			r.Fatalf("[%s, %s) stands under %v, %s leads to %v %v", from, until, fork, on, before, after)
		}
		if len(before)+len(after) > forkBits {
			r.Fatalf("%s leads to %d forks", on, len(before)+len(after))
		}
	})
}

// The forks of a day leave out what only lies near it, or the tree would be no use.
func TestForksLeadToFewOthers(t *testing.T) {
	before, after := forksOf("2022-06-20")
	led := 0
	for n := range 365 {
		from := judge.Date("2022-01-01").AddDays(n)
		fork := any(forkOf(from, from.AddDays(1)))
		if slices.Contains(before, fork) || slices.Contains(after, fork) {
			led++
		}
	}
	if led > forkBits {
		t.Errorf("a day leads to %d of a year's spans of a day, want at most %d", led, forkBits)
	}
}
