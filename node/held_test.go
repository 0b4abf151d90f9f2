package node_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// takes is how long an entry of heavy is applied, as one with a long list is.
var takes atomic.Int64

var heavy = &node.Kind[addFacts, addWords]{
	Name: "test.heavy/1", Action: "count",
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f addFacts) ([]string, error) {
		time.Sleep(time.Duration(takes.Load()))
		return added.Apply(ctx, own, e, f)
	},
}

// TestAHeavyPageHoldsNobodyUp: while a page is taken that needs two seconds, who writes here waits for a part of it, and the page comes whole.
func TestAHeavyPageHoldsNobodyUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := twoParties(t, s)
		for range 100 {
			tongnan.say(t, func(ctx context.Context, w *node.Writing) error {
				_, err := heavy.Say(ctx, w, node.Said[addFacts, addWords]{
					Circle: "suitong", Facts: addFacts{To: "road", N: 1}, Words: &addWords{Why: "because"},
				})
				return err
			})
		}
		page := tongnan.page(t, 0, 101)
		takes.Store(int64(20 * time.Millisecond))
		defer takes.Store(0)
		came := make(chan int64, 1)
		go func() {
			size, err := suining.Receive(context.Background(), page)
			if err != nil {
				t.Error(err)
			}
			came <- size
		}()
		var longest time.Duration
		wrote := 0
		for {
			select {
			case size := <-came:
				if size != 101 {
					t.Errorf("%d entries came", size)
				}
				if longest > 700*time.Millisecond || wrote < 4 {
					t.Errorf("%d wrote meanwhile, the longest waited %v", wrote, longest)
				}
				takes.Store(0)
				if sum := total(t, suining.Node, "road"); sum != 100 {
					t.Errorf("the sum is %d", sum)
				}
				suining.sameAsReplayed(t)
				return
			default:
			}
			begun := time.Now()
			suining.say(t, add("suitong", "x", 1))
			longest = max(longest, time.Since(begun))
			wrote++
		}
	})
}
