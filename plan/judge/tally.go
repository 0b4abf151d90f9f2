package judge

import (
	"cmp"
	"maps"
	"slices"
)

// Delta says that from a day on, N more (or fewer) listings stand in a state. Deltas do not
// change with time: a list of 100,000 rows is counted for any as-of date from a few of them.
type Delta[S StateWord] struct {
	State S    `json:"state"`
	From  Date `json:"from"` // "" = since ever
	N     int  `json:"n"`
}

type (
	// WorkDelta counts work states.
	WorkDelta = Delta[WorkState]
	// FilingDelta counts filing states.
	FilingDelta = Delta[FilingState]
)

// Deltas are what the outlooks add to the counts, summed, none of them zero, ordered by day
// and state. The deltas of many outlooks are the sum of the deltas of each.
func Deltas[S StateWord](outlooks ...[]Span[S]) []Delta[S] {
	var deltas []Delta[S]
	for _, spans := range outlooks {
		for _, s := range spans {
			deltas = append(deltas, Delta[S]{s.State, s.From, 1})
			if s.Until != "" {
				deltas = append(deltas, Delta[S]{s.State, s.Until, -1})
			}
		}
	}
	return Sum(deltas)
}

// Sum joins deltas of the same state and day; Sum(new, Negate(old)) is what one change moves.
func Sum[S StateWord](all ...[]Delta[S]) []Delta[S] {
	sum := slices.Concat(all...)
	slices.SortFunc(sum, func(a, b Delta[S]) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.State, b.State))
	})
	joined := sum[:0]
	for _, d := range sum {
		last := len(joined) - 1
		switch {
		case last < 0 || joined[last].From != d.From || joined[last].State != d.State:
			joined = append(joined, d)
		default:
			joined[last].N += d.N
		}
	}
	return slices.DeleteFunc(joined, func(d Delta[S]) bool { return d.N == 0 })
}

// Negate takes deltas away when added.
func Negate[S StateWord](deltas []Delta[S]) []Delta[S] {
	away := slices.Clone(deltas)
	for i := range away {
		away[i].N = -away[i].N
	}
	return away
}

// Counts is how many stand in each state on the as-of date; states with none are left out.
func Counts[S StateWord](deltas []Delta[S], asOf Date) map[S]int {
	counts := map[S]int{}
	for _, d := range deltas {
		if d.From <= asOf {
			counts[d.State] += d.N
		}
	}
	maps.DeleteFunc(counts, func(_ S, n int) bool { return n == 0 })
	return counts
}
