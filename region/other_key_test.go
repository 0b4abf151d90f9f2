package region_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

func (g government) otherKeys(t *testing.T) (all []region.OtherKey) {
	t.Helper()
	ctx := context.Background()
	err := g.Store.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = region.OtherKeys(ctx, tx, g.Member, region.KeyText(g.key.Public()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAnotherKeyIsSeen: yibin recognises tongnan by the key of somebody else. It is told as long as it is so, and not where tongnan's own
// book says that it rolled its key.
func TestAnotherKeyIsSeen(t *testing.T) {
	suining, yibin := opens(t, "510900", "suining.example"), opens(t, "511500", "yibin.example")
	tongnan := opens(t, "500152", "tongnan.example")
	newer, err := book.GenerateKey(strings.NewReader(strings.Repeat("newer", 8)))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		suining.recognise(tongnan.facts(t, tongnan.key)), suining.recognise(yibin.facts(t, yibin.key)),
		yibin.recognise(tongnan.facts(t, newer)), suining.receive(t, yibin), suining.receive(t, tongnan),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, want := suining.otherKeys(t), []region.OtherKey{{Circle: "suitong", Member: "500152", By: "511500"}}; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	f := tongnan.facts(t, newer)
	err = tongnan.say(func(ctx context.Context, w *node.Writing) error {
		_, err := region.KeyRolled.Say(ctx, w, node.Said[region.RolledFacts, region.ReasonWords]{
			Circle: "suitong", Facts: region.RolledFacts{Key: f.Key, Witness: f.Witness, Request: f.Request}, Words: &region.ReasonWords{Reason: "例行更换"},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := suining.receive(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if got := suining.otherKeys(t); len(got) != 0 {
		t.Errorf("a roll is told as another key: %+v", got)
	}
}
