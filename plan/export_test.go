package plan

import "testing"

// Walking lets lists be walked wherever they can be, for the time of a test that compares it with
// seeking.
func Walking(t testing.TB) { walking(t, 0) }

// Seeking lets pages be found by an index wherever one knows.
func Seeking(t testing.TB) { walking(t, 1e6) }

func walking(t testing.TB, cost float64) {
	had := walkCost
	walkCost = cost
	t.Cleanup(func() { walkCost = had })
}

// InTimeOf says whether the report of a row first came in by the cut-off.
func InTimeOf(r Row) bool { return r.onTime }

// ManyKeys sets how many keys make a projection look whether it begins with nothing, and returns how to undo it.
func ManyKeys(n int) (undo func()) {
	had := manyKeys
	manyKeys = n
	return func() { manyKeys = had }
}

// SetMostCommon says from how many texts on words are common, and returns what it was.
func SetMostCommon(n int) (was int) {
	was, mostCommon = mostCommon, n
	return was
}
