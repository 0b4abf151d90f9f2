package plan

import (
	"math/bits"

	"liandong/plan/judge"
)

// Which spans hold a day is asked of tables with a million of them, most of which begin or end on
// the same few days. So each span is kept under one node of a fixed binary tree over all days, and
// a day is held only by spans under the nodes on the way from the root to it: fifteen look-ups find
// all of them and no others (Kriegel, Pötke, Seidl: Managing Intervals Efficiently in
// Object-Relational Databases, VLDB 2000).

// forkBits are the levels of the tree: 2^15 days from 2000-01-01 reach into 2089. What lies outside
// stands at its ends, and is told apart by its dates.
const forkBits = 15

// forkDay numbers days from 1, the first of the year 2000.
func forkDay(d judge.Date) int64 {
	if d == "" {
		return 1
	}
	return min(max(int64(d.Day()-judge.Date("1999-12-31").Day()), 1), 1<<forkBits-1)
}

// forkOf is the node of a span of days: the highest one in it.
func forkOf(from, until judge.Date) int64 {
	last := int64(1<<forkBits - 1)
	if until != "" {
		last = max(forkDay(until)-1, 1)
	}
	first := min(forkDay(from), last)
	low := bits.Len64(uint64((first-1)^last)) - 1
	return last >> low << low
}

// forksOf are the nodes on the way to a day: those that lie before it, and it with those after.
func forksOf(day judge.Date) (before, after []any) {
	n := forkDay(day)
	for low := bits.TrailingZeros64(uint64(n)); low < forkBits; low++ {
		if node := (n>>low | 1) << low; node < n {
			before = append(before, node)
		} else {
			after = append(after, node)
		}
	}
	return before, after
}
