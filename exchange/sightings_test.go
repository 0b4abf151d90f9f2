package exchange_test

import (
	"context"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// TestALongOriginStopsNobody: a member whose witness can have no name under its origin is not recognised; one that was, by an earlier
// version, keeps nobody from following the others.
func TestALongOriginStopsNobody(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	suining.recognises(t, yibin)
	long := strings.Repeat("a", 248)
	keys, err := region.KeysOf(yibin.Origin, yibin.key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = suining.Write(ctx, node.Request{Actor: node.Actor{Seat: "administrator", Member: "510900"}}, func(ctx context.Context, w *node.Writing) error {
		if err := region.OpenCircle(ctx, w, region.Circle{ID: "cy", Name: "成渝", Members: []string{"510900", "511500"}}); err != nil {
			return err
		}
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "cy", Facts: region.RecognisedFacts{Member: "511500", Origin: long, Key: keys.Key, Witness: keys.Witness, Request: keys.Request},
			Words: &region.RecognisedWords{Name: "宜宾市"},
		})
		return err
	})
	if !refuse.Is(err, "region.member.origin-form") {
		t.Errorf("an origin too long for its witness is recognised: %v", err)
	}
	if err := suining.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE region_neighbour SET origin = ? WHERE member = '511500'`, long)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := suining.once(t, tongnan); err != nil {
		t.Errorf("tongnan's book, beside a member with a long origin: %v", err)
	}
	if all := suining.sightings(t); len(all) == 0 {
		t.Error("that tongnan's head was seen is not kept")
	}
}
