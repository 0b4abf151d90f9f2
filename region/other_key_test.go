package region_test

import (
	"context"
	"path/filepath"
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
	newer := another(t, "newer")
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
	tongnan.rollsTo(t, newer)
	if err := suining.receive(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if got := suining.otherKeys(t); len(got) != 0 {
		t.Errorf("a roll is told as another key: %+v", got)
	}
}

func another(t *testing.T, seed string) book.Key {
	t.Helper()
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat(seed, 8)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// rollsTo says in g's book that it goes on under a key, and gives the entry.
func (g government) rollsTo(t *testing.T, key book.Key) (at node.Position) {
	t.Helper()
	f := g.facts(t, key)
	err := g.say(func(ctx context.Context, w *node.Writing) (err error) {
		at, err = region.KeyRolled.Say(ctx, w, node.Said[region.RolledFacts, region.ReasonWords]{
			Circle: "suitong", Facts: region.RolledFacts{Key: f.Key, Witness: f.Witness, Request: f.Request}, Words: &region.ReasonWords{Reason: "例行更换"},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestAnotherKeyIsSeenAfterARoll: tongnan rolled its key, and suining recognised the next. Whether yibin knows tongnan by the former one,
// which it rolled, by one that it lost, or by one that it never had, is told apart.
func TestAnotherKeyIsSeenAfterARoll(t *testing.T) {
	for name, c := range map[string]struct {
		knows string // yibin
		lost  bool   // the next key, and suining's people recognised a third one
		told  bool
	}{
		"the former":                        {"500152", false, false},
		"the next":                          {"newer", false, false},
		"a stranger's":                      {"thief", false, true},
		"the former, then lost":             {"500152", true, false},
		"the one that was lost":             {"newer", true, true},
		"a stranger's in place of the lost": {"thief", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			suining, yibin := opens(t, "510900", "suining.example"), opens(t, "511500", "yibin.example")
			tongnan := opens(t, "500152", "tongnan.example")
			newer := another(t, "newer")
			next := tongnan.facts(t, newer)
			for _, err := range []error{
				suining.recognise(tongnan.facts(t, tongnan.key)), suining.recognise(yibin.facts(t, yibin.key)),
				yibin.recognise(tongnan.facts(t, another(t, c.knows))), suining.receive(t, yibin),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			roll := tongnan.rollsTo(t, newer)
			if err := suining.receive(t, tongnan); err != nil {
				t.Fatal(err)
			}
			next.Until = roll.Index + 1
			if err := suining.recognise(next, roll); err != nil {
				t.Fatal(err)
			}
			if c.lost {
				third := tongnan.facts(t, another(t, "third"))
				third.Until = roll.Index + 1
				if err := suining.recognise(third); err != nil {
					t.Fatal(err)
				}
			}
			var want []region.OtherKey
			if c.told {
				want = []region.OtherKey{{Circle: "suitong", Member: "500152", By: "511500"}}
			}
			if got := suining.otherKeys(t); !slices.Equal(got, want) {
				t.Errorf("told %+v, want %+v", got, want)
			}
		})
	}
}

// TestAnotherKeyOfOursIsSeen: who knows us by the key that we rolled will hear of the next; any other key is somebody else's.
func TestAnotherKeyOfOursIsSeen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "suining")
	if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}); err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{region.Module()}, node.FolderOptions{May: region.Permit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	suining, tongnan := government{f.Node, f.SigningKey()}, opens(t, "500152", "tongnan.example")
	if err := suining.say(func(ctx context.Context, w *node.Writing) error {
		return region.OpenCircle(ctx, w, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}})
	}); err != nil {
		t.Fatal(err)
	}
	knows := func(key book.Key) {
		t.Helper()
		for _, err := range []error{tongnan.recognise(suining.facts(t, key)), suining.receive(t, tongnan)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := suining.recognise(tongnan.facts(t, tongnan.key)); err != nil {
		t.Fatal(err)
	}
	knows(suining.key)
	admin := node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: "510900"}}
	if _, err := region.RollKey(context.Background(), f, admin, "例行更换"); err != nil {
		t.Fatal(err)
	}
	suining.key = f.SigningKey()
	if got := suining.otherKeys(t); len(got) != 0 {
		t.Errorf("tongnan has not heard of our roll yet: told %+v", got)
	}
	knows(another(t, "thief"))
	if got, want := suining.otherKeys(t), []region.OtherKey{{Circle: "suitong", Member: "510900", By: "500152"}}; !slices.Equal(got, want) {
		t.Errorf("tongnan knows us by a key that we never had: told %+v, want %+v", got, want)
	}
	knows(suining.key)
	if got := suining.otherKeys(t); len(got) != 0 {
		t.Errorf("tongnan knows us as we are: told %+v", got)
	}
}
