package node_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
)

// TestWhatCannotBeTakenCostsNobodyTheSharedCommit: thirty write at once with two whose acts fail and a neighbour's page that is not taken;
// the thirty still share a commit, and each of the others has its own error.
func TestWhatCannotBeTakenCostsNobodyTheSharedCommit(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		ctx := context.Background()
		var commits atomic.Int64
		n.AfterCommit(func() { commits.Add(1) })
		begun, goOn := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() { // keeps the writer busy until the others stand in the queue
			_, err := n.Write(ctx, node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
				begun <- struct{}{}
				<-goOn
				return add("suitong", "x", 1)(ctx, w)
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-begun
		mistake := errors.New("a mistake")
		for range 2 {
			all.Go(func() {
				_, err := n.Write(ctx, node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
					return errors.Join(add("suitong", "x", 100)(ctx, w), mistake)
				})
				if !errors.Is(err, mistake) {
					t.Errorf("the act that fails: %v", err)
				}
			})
		}
		all.Go(func() {
			key := book.VerifierKey("tongnan.example/suitong", n.SigningKey().Public())
			head, err := book.SignCheckpoint("tongnan.example/suitong", 0, (&book.Tree{}).Root(), n.SigningKey().Signer("tongnan.example/suitong"))
			if err != nil {
				t.Error(err)
			}
			if _, err := n.Receive(ctx, node.Page{Book: "500152/suitong", Head: head, Key: key}); !errors.Is(err, node.ErrUnrecognised) {
				t.Errorf("the page that is not taken: %v", err)
			}
		})
		for range 30 {
			all.Go(func() {
				if _, err := n.Write(ctx, node.Request{Actor: someone}, add("suitong", "x", 1)); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(100 * time.Millisecond) // they queue up
		close(goOn)
		all.Wait()
		if got := total(t, n, "x"); got != 31 {
			t.Errorf("total = %d, want 31", got)
		}
		if got := commits.Load(); got > 5 { // one, thirty together; some may have come late on a busy machine
			t.Errorf("%d commits", got)
		}
		clean(t, n)
	})
}
