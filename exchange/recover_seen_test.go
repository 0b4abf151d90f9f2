package exchange_test

import (
	"context"
	"testing"

	"liandong/exchange"
)

// TestRecoveryIsNotCompleteAgainstAnotherWitnessedHead: what was published before the disk died was cosigned and taken in by nobody. The node,
// let go on too early, wrote as much and more; the sizes alone do not tell.
func TestRecoveryIsNotCompleteAgainstAnotherWitnessedHead(t *testing.T) {
	for _, more := range []int{0, 5} {
		suining, tongnan := neighbours(t)
		suining.talks(t, 20)
		if _, err := tongnan.once(t, suining); err != nil {
			t.Fatal(err)
		}
		ctx, before := context.Background(), int(suining.size(t, "510900/suitong"))
		if r, err := suining.follower(t).Recover(ctx); err != nil || !r.Complete() || r.Books[0].Asked[0].Seen != 0 {
			t.Fatalf("nothing was cosigned yet: %+v, %v", r, err)
		}
		if status, line := submits(t, tongnan, int64(before), suining.shows(t, before)); status != 200 {
			t.Fatal(status, line)
		}
		gone := suining.shows(t, before+3)
		if status, line := submits(t, tongnan, int64(before), gone); status != 200 {
			t.Fatal(status, line)
		}
		suining.talks(t, 3+more)
		r, err := suining.follower(t).Recover(ctx)
		if err != nil || r.Complete() {
			t.Errorf("complete with %d entries, though another head of %d was cosigned: %s, %v", before+3+more, before+3, r.Statement(), err)
		}
		if a := r.Books[0].Asked[0]; a.Why != exchange.Explain(exchange.ErrOtherSeen) {
			t.Errorf("the operator reads %q", a.Why)
		}
	}
}
