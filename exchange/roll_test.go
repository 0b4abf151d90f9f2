package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"liandong/book"
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
	roll := rolls(t, tongnan)
	tongnan.talks(t, 5)
	if _, err := suining.once(t, tongnan); !errors.Is(err, exchange.ErrRolled) {
		t.Fatalf("the book after a roll: %v", err)
	}
	if got := suining.size(t, "500152/suitong"); got != roll.Index+1 {
		t.Errorf("%d entries are here, the roll is entry %d", got, roll.Index)
	}
	if states := suining.states(t); states[0].Why != exchange.ErrRolled.Error() {
		t.Errorf("the operator reads %q", states[0].Why)
	}
	suining.recognisesRoll(t, tongnan, roll)
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

// rolls has a government sign by another key from now on, and gives the entry that says so.
func rolls(t *testing.T, g *government) node.Position {
	t.Helper()
	admin := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: g.Member}
	r, err := region.RollKey(context.Background(), g.folder, node.Request{Actor: admin}, "例行更换")
	if err != nil {
		t.Fatal(err)
	}
	return r.Entries[0]
}

// recognisesRoll recognises the key that the other said in a roll.
func (g *government) recognisesRoll(t *testing.T, other *government, roll node.Position) {
	t.Helper()
	keys, err := region.KeysOf(other.Origin, other.SigningKey())
	if err != nil {
		t.Fatal(err)
	}
	g.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Causes: []node.Position{roll},
			Facts: region.RecognisedFacts{
				Member: other.Member, Origin: other.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request, Until: roll.Index + 1,
			}, Words: &region.RecognisedWords{Name: "潼南区", Address: other.server.URL},
		})
		return err
	})
}

// TestHistoryRewrittenAcrossARollIsProven: who goes on under the next key with another past is found, and an outsider checks it by one
// file; so is who shows another past under the former key to one who follows the next.
func TestHistoryRewrittenAcrossARollIsProven(t *testing.T) {
	for _, under := range []string{"the next key", "the former key"} {
		t.Run(under, func(t *testing.T) {
			ctx := context.Background()
			suining, tongnan := neighbours(t)
			tongnan.talks(t, 300)
			former := tongnan.shows(t, 250)
			roll := rolls(t, tongnan)
			if _, err := suining.once(t, tongnan); !errors.Is(err, exchange.ErrRolled) {
				t.Fatalf("the book after a roll: %v", err)
			}
			suining.recognisesRoll(t, tongnan, roll)
			next := tongnan.shows(t, int(tongnan.size(t, "500152/suitong"))+5)
			next.key = tongnan.SigningKey()
			lies := next
			if under == "the former key" {
				tongnan.talks(t, 3)
				if _, err := suining.once(t, tongnan); err != nil {
					t.Fatal(err)
				}
				lies = former
			}
			lies.entries[200] = bytes.Replace(lies.entries[200], []byte(`"p-1"`), []byte(`"p-2"`), 1)
			if _, err := suining.follower(t).Once(ctx, "suitong", "500152", lies); !errors.Is(err, exchange.ErrForked) {
				t.Fatalf("another past under %s: %v", under, err)
			}
			var found []exchange.Found
			err := suining.Store.Read(ctx, func(tx *store.Tx) (err error) {
				found, err = exchange.Evidences(ctx, tx)
				return err
			})
			if err != nil || len(found) != 1 {
				t.Fatalf("evidence: %+v, %v", found, err)
			}
			fork, err := book.ReadFork(found[0].Fork)
			if err != nil {
				t.Fatal(err)
			}
			vkey := func(key book.Key) string { return book.VerifierKey(tongnan.OriginOf("suitong"), key.Public()) }
			if err := fork.Verify(vkey(tongnan.key), region.RolledTo); err != nil || fork.Index != 200 {
				t.Errorf("the evidence names entry %d: %v", fork.Index, err)
			}
			if err := fork.Verify(vkey(tongnan.SigningKey()), region.RolledTo); !errors.Is(err, book.ErrLaterKey) {
				t.Errorf("for one who knows the next key alone: %v", err)
			}
			if err := fork.Verify(book.VerifierKey(tongnan.OriginOf("suitong"), suining.key.Public()), region.RolledTo); !errors.Is(err, book.ErrOtherKey) {
				t.Errorf("against another key: %v", err)
			}
			untied := fork
			untied.Ties = nil
			if err := untied.Verify("", region.RolledTo); !errors.Is(err, book.ErrNoFork) {
				t.Errorf("without ties: %v", err)
			}
			if states := suining.states(t); !states[0].Stopped {
				t.Errorf("it is still followed: %+v", states[0])
			}
			suining.clean(t)
		})
	}
}
