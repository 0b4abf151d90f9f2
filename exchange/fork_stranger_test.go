package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/node"
	"liandong/region"
)

// TestAStrangerAccusesNobody: a stranger makes a key under tongnan's origin, says that the next one is tongnan's, and sets one of his own heads
// beside an honest one of tongnan's. That tongnan signed the entry too proves nothing: he takes tongnan's own, of a roll that it did make.
func TestAStrangerAccusesNobody(t *testing.T) {
	for _, whose := range []string{"a roll that he made up", "tongnan's own roll"} {
		t.Run(whose, func(t *testing.T) {
			ctx := context.Background()
			_, tongnan := neighbours(t)
			tongnan.talks(t, 3)
			stranger := governs(t, "500152", "tongnan.example") // anybody may call his node so
			says, key := stranger, tongnan.key
			var roll node.Position
			if whose == "tongnan's own roll" {
				roll = rolls(t, tongnan)
				says, key = tongnan, tongnan.SigningKey()
			} else {
				keys, err := region.KeysOf(tongnan.Origin, key)
				if err != nil {
					t.Fatal(err)
				}
				stranger.say(t, func(ctx context.Context, w *node.Writing) (err error) {
					roll, err = region.KeyRolled.Say(ctx, w, node.Said[region.RolledFacts, region.ReasonWords]{
						Circle: "suitong", Facts: keys, Words: &region.ReasonWords{Reason: "例行更换"},
					})
					return err
				})
			}
			size := int(roll.Index) + 1
			tied := says.shows(t, size)
			tied.key = stranger.key
			head, err := tied.Checkpoint(ctx)
			if err != nil {
				t.Fatal(err)
			}
			proof, err := book.ProveInclusion(int64(size), roll.Index, func(level int, n int64, width int) ([]byte, error) {
				return tied.Tile(ctx, level, n, width)
			})
			if err != nil {
				t.Fatal(err)
			}
			origin := tongnan.OriginOf("suitong")
			his, theirs := book.VerifierKey(origin, stranger.key.Public()), book.VerifierKey(origin, key.Public())
			tie, err := book.NewEvidence(tied.entries[roll.Index], book.Words{State: book.WordsErased}, roll.Index, proof, head, his, "潼南区")
			if err != nil {
				t.Fatal(err)
			}
			honest := tongnan.shows(t, size)
			honest.key = key
			lies := tongnan.shows(t, size)
			lies.key = stranger.key
			lies.entries[1] = bytes.Replace(lies.entries[1], []byte(`"p-1"`), []byte(`"p-2"`), 1)
			f := book.Fork{
				Format: book.ForkFormatTied, Origin: origin, Key: his, Index: -1, OtherKey: theirs, Ties: []book.Evidence{tie},
				One: book.ForkSide{Inclusion: []tlog.Hash{}}, Other: book.ForkSide{Inclusion: []tlog.Hash{}},
			}
			for side, s := range map[*book.ForkSide]*shown{&f.One: lies, &f.Other: honest} {
				head, err := s.Checkpoint(ctx)
				if err != nil {
					t.Fatal(err)
				}
				side.Checkpoint = string(head)
			}
			if err := f.Verify(his, region.RolledTo); err != nil {
				t.Fatalf("against the stranger it is true: %v", err)
			}
			if err := f.Verify(theirs, region.RolledTo); !errors.Is(err, book.ErrLaterKey) {
				t.Errorf("against tongnan, which signed one honest head: %v", err)
			}
		})
	}
}
