package judge

import "slices"

// Merge counts an item that stands in several lists once. As long as one list holds the work
// open, the item is open, and stands as in the list where it stands worst; only when every
// list is closed does the worst of the closings count:
//
//	late > at-risk > planned > on-time > done-late > done > dropped
//
// Of reasons for the same state the earliest day's is named. The result does not depend on
// order or grouping; an empty outlook says nothing; of none at all the result is nil. Outlooks may
// begin on different days: a list counts from its first.
func Merge(outlooks ...[]WorkSpan) []WorkSpan {
	outlooks = slices.DeleteFunc(slices.Clone(outlooks), func(o []WorkSpan) bool { return len(o) == 0 })
	if len(outlooks) == 0 {
		return nil
	}
	var cuts []Date
	for _, o := range outlooks {
		cuts = append(cuts, starts(o)...)
	}
	spans := spread(cuts, func(day Date) (WorkState, Reason) {
		worst := At(outlooks[0], day)
		for _, o := range outlooks[1:] {
			if s := At(o, day); worse(s, worst) {
				worst = s
			}
		}
		return worst.State, worst.Reason
	})
	if spans[0].State == "" { // before the first list
		spans = spans[1:]
	}
	return spans
}

// Worst is the one of two states that counts where an item stands in both.
func Worst(a, b WorkState) WorkState {
	if b.rank() < a.rank() {
		return b
	}
	return a
}

func worse(a, b WorkSpan) bool {
	if ra, rb := a.State.rank(), b.State.rank(); ra != rb {
		return ra < rb
	}
	return a.Reason.before(b.Reason)
}

// rank is 0 for the worst; an unknown state comes last.
func (s WorkState) rank() int {
	for i, f := range workStates {
		if f.state == s {
			return i
		}
	}
	return len(workStates)
}
