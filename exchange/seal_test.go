package exchange_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
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

// TestWordsAreSealedBySM2WhereAllAskForIt: two members whose nodes are set to the commercial ciphers seal by them; as soon as
// one of those named does not, all that is said to it is sealed so that it can read it.
func TestWordsAreSealedBySM2WhereAllAskForIt(t *testing.T) {
	ctx := context.Background()
	at := func(member, origin string, sm2 bool) *government {
		dir := filepath.Join(t.TempDir(), member)
		s := node.Settings{Identity: node.Identity{Member: member, Name: member, Origin: origin}, SM2: sm2}
		if err := node.InitFolder(dir, s); err != nil {
			t.Fatal(err)
		}
		g := serves(t, dir)
		g.say(t, func(ctx context.Context, w *node.Writing) error {
			return region.OpenCircle(ctx, w, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900", "511500"}})
		})
		return g
	}
	suining, tongnan, yibin := at("510900", "suining.example", true), at("500152", "tongnan.example", true), at("511500", "yibin.example", false)
	all := []*government{suining, tongnan, yibin}
	follow := func() {
		t.Helper()
		for _, g := range all {
			for _, other := range all {
				if g == other {
					continue
				}
				if _, err := g.once(t, other); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, g := range all {
		for _, other := range all {
			if g != other {
				g.recognises(t, other)
			}
		}
		if err := region.ShowSealing(ctx, g.Node); err != nil {
			t.Fatal(err)
		}
	}
	follow()
	for _, c := range []struct {
		to   []string
		form string
	}{
		{[]string{"500152"}, `{"sealed":2,`},
		{[]string{"500152", "511500"}, `{"sealed":1,`},
		{[]string{"511500"}, `{"sealed":1,`},
	} {
		var at node.Position
		suining.say(t, func(ctx context.Context, w *node.Writing) (err error) {
			at, err = region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900", "511500"}},
				Words: &region.CircleWords{Name: "只供所列各方"}, To: c.to,
			})
			return err
		})
		follow()
		for _, g := range all {
			err := g.Store.Read(ctx, func(tx *store.Tx) error {
				beside, err := node.Beside(ctx, tx, at.Book, at.Index, 1)
				if err != nil {
					return err
				}
				if words := string(beside[0].Words.Text); !strings.HasPrefix(words, c.form) {
					t.Errorf("to %v: %.40s, want %s", c.to, words, c.form)
				}
				_, p, err := g.PlainAt(ctx, tx, at.Book, at.Index)
				named := g == suining || slices.Contains(c.to, g.Member)
				if (p.State == node.PlainHere) != named || named != bytes.Contains(p.Text, []byte("只供所列各方")) {
					t.Errorf("to %v, %s reads %s %s", c.to, g.Member, p.State, p.Text)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, g := range all {
		g.clean(t)
	}
}
