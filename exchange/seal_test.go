package exchange_test

import (
	"bytes"
	"context"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// TestSealingKeysAreShownOnceAndAfterARoll: what was sealed to a key that was rolled since is read all the same.
func TestSealingKeysAreShownOnceAndAfterARoll(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := neighbours(t)
	shows := func(want int64) {
		t.Helper()
		before := tongnan.size(t, "500152/suitong")
		for range 2 {
			if err := region.ShowSealing(ctx, tongnan.Node); err != nil {
				t.Fatal(err)
			}
		}
		if got := tongnan.size(t, "500152/suitong") - before; got != want {
			t.Fatalf("%d entries show the key, want %d", got, want)
		}
	}
	shows(1)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	var at node.Position
	suining.say(t, func(ctx context.Context, w *node.Writing) (err error) {
		at, err = region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
			Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
			Words: &region.CircleWords{Name: "只供潼南"}, To: []string{"500152"},
		})
		return err
	})
	if _, err := tongnan.once(t, suining); err != nil {
		t.Fatal(err)
	}
	reads := func(when string) {
		t.Helper()
		err := tongnan.Store.Read(ctx, func(tx *store.Tx) error {
			_, p, err := tongnan.PlainAt(ctx, tx, at.Book, at.Index)
			if p.State != node.PlainHere || !bytes.Contains(p.Text, []byte("只供潼南")) {
				t.Errorf("%s: %s %s", when, p.State, p.Text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	reads("before the roll")
	admin := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: tongnan.Member}
	if _, err := region.RollKey(ctx, tongnan.folder, node.Request{Actor: admin}, "例行更换"); err != nil {
		t.Fatal(err)
	}
	shows(1)
	reads("after the roll")
	suining.clean(t)
	tongnan.clean(t)
}
