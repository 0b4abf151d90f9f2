package node_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// TestASignedHeadStandsUntilItsEntriesCame: a head of which some entries are missing gives way only to a larger one that is proven to continue it,
// or where its key is found to have been lost before.
func TestASignedHeadStandsUntilItsEntriesCame(t *testing.T) {
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	says := func(n int) node.Page { // all of it as it stands now
		for i := range n {
			tongnan.say(t, add("suitong", "bridge", int64(i)))
		}
		return tongnan.page(t, 0, 1000)
	}
	stands := func() (checkpoint []byte) {
		if err := suining.Store.Read(ctx, func(tx *store.Tx) (err error) {
			_, checkpoint, err = node.Head(ctx, tx, "500152/suitong")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return checkpoint
	}
	cut := func(p node.Page, from, to int) node.Page {
		p.From, p.Entries, p.Beside = int64(from), p.Entries[from:to], p.Beside[from:to]
		return p
	}
	smaller, held, larger := says(300), says(100), says(100)
	suining.receive(t, cut(held, 0, 200))
	suining.receive(t, cut(smaller, 200, 250))
	if !bytes.Equal(stands(), held.Head) {
		t.Errorf("a smaller head took its place:\n%s", stands())
	}
	suining.sameAsReplayed(t)
	if _, err := suining.Receive(ctx, cut(larger, 250, 260)); !errors.Is(err, node.ErrHeldBack) {
		t.Errorf("a larger head without a proof: %v", err)
	}
	continued := larger
	if err := tongnan.Store.Read(ctx, func(tx *store.Tx) (err error) {
		continued.Since, err = book.ProveConsistency(401, 501, func(level int, n int64, width int) ([]byte, error) {
			return node.Tile(ctx, tx, larger.Book, level, n, width)
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	other := continued
	var err error
	if other.Head, err = book.SignCheckpoint(tongnan.OriginOf("suitong"), 501, book.LeafHash(nil), tongnan.key.Signer(tongnan.OriginOf("suitong"))); err != nil {
		t.Fatal(err)
	}
	if _, err := suining.Receive(ctx, cut(other, 250, 260)); !errors.Is(err, node.ErrHeldBack) {
		t.Errorf("a larger head of another book: %v", err)
	}
	if other.Head, err = book.SignCheckpoint(tongnan.OriginOf("suitong"), 401, book.LeafHash(nil), tongnan.key.Signer(tongnan.OriginOf("suitong"))); err != nil {
		t.Fatal(err)
	}
	if _, err := suining.Receive(ctx, cut(other, 250, 260)); !errors.Is(err, node.ErrOtherBook) {
		t.Errorf("another head of its size: %v", err)
	}
	if size := suining.receive(t, cut(continued, 250, 260)); size != 260 || !bytes.Equal(stands(), larger.Head) {
		t.Errorf("a larger head that continues it: %d entries under\n%s", size, stands())
	}
	suining.recognises(t, tongnan, 301) // beyond these it was not tongnan that signed
	if size := suining.receive(t, cut(smaller, 260, 301)); size != 301 || !bytes.Equal(stands(), smaller.Head) {
		t.Errorf("after its key was bounded: %d entries under\n%s", size, stands())
	}
	suining.sameAsReplayed(t)
}
