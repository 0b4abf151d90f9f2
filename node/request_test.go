package node_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"liandong/node"
)

// TestOneRequestManyTimesAtOnce: a button that is pressed again and again before the first answer
// comes says one thing.
func TestOneRequestManyTimesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		req := node.Request{ID: "r-1", Print: []byte("one"), Actor: someone}
		var first atomic.Int64
		var places sync.Map
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				r, err := n.Write(context.Background(), req, add(node.Self, "x", 5))
				if err != nil {
					t.Error(err)
				}
				if !r.Again {
					first.Add(1)
				}
				places.Store(fmt.Sprint(r.Entries), true)
			})
		}
		wg.Wait()
		n2 := 0
		places.Range(func(any, any) bool { n2++; return true })
		if first.Load() != 1 || n2 != 1 || total(t, n, "x") != 5 {
			t.Errorf("written %d times, %d answers, total %d", first.Load(), n2, total(t, n, "x"))
		}
	})
}

// TestActSeesWhatItSaid: entries are inserted late and many at a time, and nobody can tell.
func TestActSeesWhatItSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		_, err := n.Write(context.Background(), node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
			for i := range 3 {
				_, err := added.Say(ctx, w, node.Said[addFacts, addWords]{
					Circle: node.Self, Subjects: []string{"s-1"}, Facts: addFacts{To: "x", N: 1},
				})
				if err != nil {
					return err
				}
				about, err := node.EntriesAbout(ctx, w.Tx(), n.BookName(node.Self), "s-1")
				if err != nil || len(about) != i+1 {
					t.Errorf("%d entries about it, %v; want %d", len(about), err, i+1)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestNamelessRequestsCountOnce: a request without an id cannot be asked again, so the writer itself
// finds out whether a commit that reported a failure stored it.
func TestNamelessRequestsCountOnce(t *testing.T) {
	seed := seeded(t)
	for _, stored := range []bool{false, true} {
		for at := 1; namelessRound(t, seed, fault{at: at, stored: stored, err: sqlite3.IOERR}); at++ {
		}
	}
}

// namelessRound lets three write at once, twice, while one write goes wrong, and reports whether it did.
func namelessRound(t *testing.T, seed string, f fault) bool {
	t.Helper()
	path := filepath.Join(t.TempDir(), "node.db")
	copyFile(t, seed, path)
	theDisk.set(fault{})
	n, err := openOn(path)
	if err != nil {
		t.Fatal(err)
	}
	theDisk.set(f)
	var answered, failed atomic.Int64
	for range 2 {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := n.Write(context.Background(), node.Request{Actor: someone}, add("suitong", "z", 1)); err != nil {
					failed.Add(1)
					return
				}
				answered.Add(1)
			})
		}
		wg.Wait()
	}
	shut(n)
	met := theDisk.met()
	theDisk.set(fault{})
	if n, err = openOn(path); err != nil {
		t.Fatal(err)
	}
	defer shut(n)
	clean(t, n)
	if got := total(t, n, "z"); got < answered.Load() || got > answered.Load()+failed.Load() {
		t.Errorf("%+v: %d answered, %d failed, %d stand", f, answered.Load(), failed.Load(), got)
	}
	return met
}
