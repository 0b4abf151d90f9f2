package exchange_test

import (
	"context"
	"errors"
	"testing"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// TestARolledKeyIsFollowed: the neighbour is read up to its roll under the former key, and on from there once its
// people recognised the next one.
func TestARolledKeyIsFollowed(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 3)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 300) // not read yet when the key is rolled
	admin := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: tongnan.Member}
	r, err := region.RollKey(context.Background(), tongnan.folder, node.Request{Actor: admin}, "例行更换")
	if err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 5)
	roll := r.Entries[0]
	if _, err := suining.once(t, tongnan); !errors.Is(err, exchange.ErrRolled) {
		t.Fatalf("the book after a roll: %v", err)
	}
	if got := suining.size(t, "500152/suitong"); got != roll.Index+1 {
		t.Errorf("%d entries are here, the roll is entry %d", got, roll.Index)
	}
	if states := suining.states(t); states[0].Why != exchange.ErrRolled.Error() {
		t.Errorf("the operator reads %q", states[0].Why)
	}
	keys, err := region.KeysOf(tongnan.Origin, tongnan.SigningKey())
	if err != nil {
		t.Fatal(err)
	}
	suining.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Causes: []node.Position{roll},
			Facts: region.RecognisedFacts{
				Member: tongnan.Member, Origin: tongnan.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request, Until: roll.Index + 1,
			}, Words: &region.RecognisedWords{Name: "潼南区", Address: tongnan.server.URL},
		})
		return err
	})
	if size, err := suining.once(t, tongnan); err != nil || size != tongnan.size(t, "500152/suitong") {
		t.Errorf("after the next key was recognised: %d, %v", size, err)
	}
	if err := suining.Store.Read(context.Background(), func(tx *store.Tx) error {
		_, err := node.Evidence(context.Background(), tx, "510900/suitong", suining.size(t, "510900/suitong")-1, "")
		return err
	}); err != nil {
		t.Error(err)
	}
	suining.clean(t)
	tongnan.clean(t)
}
