package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/store"
)

func TestAForkIsFoundAndProven(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 300)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	other := tongnan.shows(t, 400) // of its own key, another history from entry 250 on
	other.entries[250] = bytes.Replace(other.entries[250], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	size, err := suining.follower(t).Once(context.Background(), "suitong", "500152", other)
	if !errors.Is(err, exchange.ErrForked) || size != 302 {
		t.Fatalf("a forked book: %d, %v", size, err)
	}
	var found []exchange.Found
	if err := suining.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		found, err = exchange.Evidences(context.Background(), tx)
		return err
	}); err != nil || len(found) != 1 || found[0].Book != "500152/suitong" {
		t.Fatalf("evidence: %+v, %v", found, err)
	}
	fork, err := book.ReadFork(found[0].Fork)
	if err != nil {
		t.Fatal(err)
	}
	if err := fork.Verify(book.VerifierKey("tongnan.example/suitong", tongnan.key.Public()), nil); err != nil || fork.Index != 250 {
		t.Errorf("the evidence names entry %d: %v", fork.Index, err)
	}
	if states := suining.states(t); !states[0].Stopped {
		t.Errorf("it is still followed: %+v", states[0])
	}
	suining.clean(t)
}

// shown is a book as somebody shows it who holds its key.
type shown struct {
	origin  string
	key     book.Key
	entries [][]byte
}

// shows is the true book, its last entry repeated until it has a size.
func (g *government) shows(t *testing.T, size int) *shown {
	t.Helper()
	s := &shown{origin: g.OriginOf("suitong"), key: g.key}
	if err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		s.entries, err = node.Entries(context.Background(), tx, g.BookName("suitong"), 0, size)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for len(s.entries) < size {
		s.entries = append(s.entries, s.entries[len(s.entries)-1])
	}
	return s
}

func (s *shown) tree() *book.Tree {
	tree := &book.Tree{}
	for _, e := range s.entries {
		tree.Append(book.LeafHash(e))
	}
	return tree
}

func (s *shown) Checkpoint(context.Context) ([]byte, error) {
	return book.SignCheckpoint(s.origin, int64(len(s.entries)), s.tree().Root(), s.key.Signer(s.origin))
}

func (s *shown) Tile(_ context.Context, level int, n int64, width int) ([]byte, error) {
	if level == 0 {
		var all []byte
		for _, e := range s.entries[n*256 : n*256+int64(width)] {
			h := book.LeafHash(e)
			all = append(all, h[:]...)
		}
		return all, nil
	}
	for _, tile := range s.tree().Pending() {
		if tile.Level == level && tile.N == n {
			return tile.Data, nil
		}
	}
	return nil, fmt.Errorf("no tile %d/%d", level, n)
}

func (s *shown) Entries(_ context.Context, n int64, width int) ([][]byte, error) {
	return s.entries[n*256 : n*256+int64(width)], nil
}

func (s *shown) Beside(_ context.Context, from int64, count int) ([]book.Beside, error) {
	return book.ScanBeside(nil, from, count)
}

// TestTwoBooksForTwoNeighbours: tongnan shows suining one book and yibin another; they meet.
func TestTwoBooksForTwoNeighbours(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, tongnan)
	yibin.recognises(t, suining)
	suining.recognises(t, yibin)
	tongnan.talks(t, 300)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	meet := func() error {
		return suining.follower(t).Compare(ctx, exchange.Meeting{Circle: "suitong", Member: "511500", Remote: suining.of(t, yibin)})
	}
	honest := tongnan.shows(t, 100)
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", honest); err != nil {
		t.Fatal(err)
	}
	if err := meet(); err != nil {
		t.Fatalf("an older head of the same book: %v", err)
	}
	other := tongnan.shows(t, 400)
	other.entries[350] = bytes.Replace(other.entries[350], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", other); err != nil {
		t.Fatal(err)
	}
	tongnan.talks(t, 200)
	if _, err := suining.once(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if err := meet(); !errors.Is(err, exchange.ErrForked) {
		t.Fatalf("two books: %v", err)
	}
	if states := suining.states(t); len(states) != 1 || !states[0].Stopped {
		t.Errorf("tongnan is still followed: %+v", states)
	}
	suining.clean(t)
	yibin.clean(t)
}

// TestABookThatIsHeldBackIsCompared: tongnan gives suining the beginning of one book and no more, and yibin another. What is here is
// compared all the same, and proven by the tiles that tongnan itself shows under its head.
func TestABookThatIsHeldBackIsCompared(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, tongnan)
	yibin.recognises(t, suining)
	suining.recognises(t, yibin)
	tongnan.talks(t, 1800)
	ctx := context.Background()
	tongnan.holdsBack(1024)
	if _, err := suining.once(t, tongnan); err == nil {
		t.Fatal("all of it came")
	}
	if size := suining.size(t, "500152/suitong"); size != 1024 {
		t.Fatalf("%d entries came, want those of one page", size)
	}
	other := tongnan.shows(t, 1500)
	other.entries[700] = bytes.Replace(other.entries[700], []byte(`"p-1"`), []byte(`"p-2"`), 1)
	if _, err := yibin.follower(t).Once(ctx, "suitong", "500152", other); err != nil {
		t.Fatal(err)
	}
	err := suining.follower(t).Compare(ctx, exchange.Meeting{Circle: "suitong", Member: "511500", Remote: suining.of(t, yibin)})
	if !errors.Is(err, exchange.ErrForked) {
		t.Fatalf("two books: %v", err)
	}
	if states := suining.states(t); len(states) != 1 || !states[0].Stopped {
		t.Errorf("tongnan is still followed: %+v", states)
	}
	suining.clean(t)
}

// holdsBack answers for no entries from an index on, until it is told to go on.
func (g *government) holdsBack(from int) (goOn func()) {
	g.answers("/beside", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if at, _ := strconv.Atoi(r.URL.Query().Get("from")); at >= from {
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
	return func() { g.before.Store(nil) }
}

// TestAHeadHeldBackIsNotForgotten: tongnan signs 1802 entries, gives 1024 of them, and goes on with another book, whose head is of one size, larger,
// or smaller.
func TestAHeadHeldBackIsNotForgotten(t *testing.T) {
	for _, c := range []struct {
		remark  string
		size    int
		evident bool // tongnan itself serves the tiles under its first head
	}{
		{"one size", 1802, true},
		{"larger", 1900, true},
		{"smaller", 1700, true},
		{"larger, and the tiles of the first are gone", 1900, false},
	} {
		t.Run(c.remark, func(t *testing.T) {
			suining, tongnan := neighbours(t)
			tongnan.talks(t, 1800)
			ctx := context.Background()
			tongnan.holdsBack(1024)
			if _, err := suining.once(t, tongnan); err == nil {
				t.Fatal("all of it came")
			}
			other := tongnan.shows(t, c.size)
			other.entries[1500] = bytes.Replace(other.entries[1500], []byte(`"p-1"`), []byte(`"p-2"`), 1)
			if !c.evident {
				tongnan.server.Close()
			}
			size, err := suining.follower(t).Once(ctx, "suitong", "500152", other)
			if !errors.Is(err, exchange.ErrForked) || size != 1024 {
				t.Errorf("two signed heads were here: %d, %v", size, err)
			}
			if states := suining.states(t); !states[0].Stopped {
				t.Errorf("still followed: %+v", states[0])
			}
			all := found(t, suining)
			if len(all) == 1 != c.evident {
				t.Fatalf("evidence: %+v", all)
			}
			if c.evident {
				f, err := book.ReadFork(all[0].Fork)
				if err == nil {
					err = f.Verify(book.VerifierKey(tongnan.OriginOf("suitong"), tongnan.key.Public()), nil)
				}
				if err != nil || f.Index != 1500 && f.Index != -1 {
					t.Errorf("the evidence names entry %d: %v", f.Index, err)
				}
			}
			suining.clean(t)
		})
	}
}

// TestAnOlderHeadDoesNotReplaceOneHeldBack: entries come from another source under a smaller head of the book; the larger one stands until its own come.
func TestAnOlderHeadDoesNotReplaceOneHeldBack(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 1800)
	ctx := context.Background()
	goOn := tongnan.holdsBack(1024)
	if _, err := suining.once(t, tongnan); err == nil {
		t.Fatal("all of it came")
	}
	signed := func() int64 {
		var checkpoint []byte
		if err := suining.Store.Read(ctx, func(tx *store.Tx) (err error) {
			_, checkpoint, err = node.Head(ctx, tx, "500152/suitong")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		size, err := book.SizeOf(checkpoint)
		if err != nil {
			t.Fatal(err)
		}
		return size
	}
	older := besides{tongnan.shows(t, 1400), tongnan}
	if size, err := suining.follower(t).Once(ctx, "suitong", "500152", older); err != nil || size != 1400 || signed() != 1802 {
		t.Errorf("a smaller head of the book: %d entries under one of %d, %v", size, signed(), err)
	}
	if _, err := suining.follower(t).Once(ctx, "suitong", "500152", older); !errors.Is(err, exchange.ErrOldHead) {
		t.Errorf("a smaller head that brings nothing: %v", err)
	}
	goOn()
	tongnan.talks(t, 10)
	if size, err := suining.once(t, tongnan); err != nil || size != 1812 || signed() != 1812 {
		t.Errorf("when the others come: %d entries under a head of %d, %v", size, signed(), err)
	}
	suining.clean(t)
}

// besides is a shown book with what truly lies beside its entries.
type besides struct {
	*shown
	of *government
}

func (b besides) Beside(ctx context.Context, from int64, count int) ([]book.Beside, error) {
	return exchange.Local{Node: b.of.Node, Book: b.of.BookName("suitong")}.Beside(ctx, from, count)
}
