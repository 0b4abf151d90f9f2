package node_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// busy keeps the writer of a node busy until goOn is called, which waits for the act that did it.
func busy(t *testing.T, n *node.Node) (goOn func()) {
	t.Helper()
	begun, free := make(chan struct{}), make(chan struct{})
	var one sync.WaitGroup
	one.Go(func() {
		_, err := n.Write(context.Background(), node.Request{Actor: someone}, func(context.Context, *node.Writing) error {
			close(begun)
			<-free
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	return func() { close(free); one.Wait() }
}

// TestWhatDoesNotHoldNeverQueues: while somebody writes, pages that cannot be taken are refused at once.
func TestWhatDoesNotHoldNeverQueues(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := twoParties(t, s)
		stranger := meets(t, storetest.OpenSQLite(t), "511500", "yibin.example")
		tongnan.say(t, add("suitong", "bridge", 1))
		suining.receive(t, tongnan.page(t, 0, 2))
		tongnan.say(t, add("suitong", "bridge", 2))
		road := suining.say(t, add("suitong", "road", 1)).Entries
		tongnan.receive(t, suining.page(t, 0, 2))
		tongnan.say(t, func(ctx context.Context, w *node.Writing) error { // names an entry of the other book
			_, err := answered.Say(ctx, w, node.Said[struct{}, addWords]{Circle: "suitong", Causes: road})
			return err
		})
		goOn := busy(t, suining.Node)
		defer goOn()
		for _, c := range []struct {
			name   string
			change func(p *node.Page)
			want   error
		}{
			{"a stranger's book", func(p *node.Page) { *p = stranger.page(t, 0, 1) }, node.ErrUnrecognised},
			{"entries are skipped", func(p *node.Page) { *p = tongnan.page(t, 3, 1) }, node.ErrGap},
			{"other words", func(p *node.Page) { p.Beside[0].Words.Text = []byte(`{"why":"no"}`) }, node.ErrOtherWords},
			{"no evidence of a cause", func(p *node.Page) { p.Beside[1].Causes = nil }, node.ErrCauseAbsent},
			{"false evidence of a cause", func(p *node.Page) {
				p.Beside[1].Causes = slices.Clone(p.Beside[1].Causes)
				p.Beside[1].Causes[0].Evidence.Entry += " "
			}, node.ErrCauseAbsent},
			{"an unsigned head", func(p *node.Page) { p.Head = bytes.Replace(p.Head, []byte("\n4\n"), []byte("\n5\n"), 1) }, book.ErrBadSignature},
		} {
			page := tongnan.page(t, 2, 2)
			c.change(&page)
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			answer := make(chan error, 1)
			go func() {
				_, err := suining.Receive(ctx, page)
				answer <- err
			}()
			select {
			case err := <-answer:
				if !errors.Is(err, c.want) {
					t.Errorf("%s: %v, want %v", c.name, err, c.want)
				}
			case <-time.After(2 * time.Second):
				t.Errorf("%s: waits for the writer", c.name)
			}
			cancel()
		}
	})
}

// TestPagesThatAreNotTakenBreakNoSharedCommit: what only the writer can find costs the thirty who write beside it a savepoint each, and no commit.
func TestPagesThatAreNotTakenBreakNoSharedCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := twoParties(t, s)
		tongnan.say(t, add("suitong", "bridge", 1))
		suining.receive(t, tongnan.page(t, 0, 1))
		untrue := tongnan.page(t, 1, 1)
		origin := tongnan.OriginOf("suitong")
		head, err := book.SignCheckpoint(origin, 2, (&book.Tree{}).Root(), tongnan.key.Signer(origin)) // of another book of as many entries
		if err != nil {
			t.Fatal(err)
		}
		untrue.Head = head
		var commits atomic.Int64
		suining.AfterCommit(func() { commits.Add(1) })
		goOn := busy(t, suining.Node)
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				if i%4 != 0 {
					if _, err := suining.Write(context.Background(), node.Request{Actor: someone}, add("suitong", "x", 1)); err != nil {
						t.Error(err)
					}
					return
				}
				if _, err := suining.Receive(context.Background(), untrue); !errors.Is(err, node.ErrOtherBook) {
					t.Errorf("a page under a false head: %v", err)
				}
			})
		}
		time.Sleep(200 * time.Millisecond) // they queue up
		goOn()
		all.Wait()
		if got := total(t, suining.Node, "x"); got != 30 {
			t.Errorf("total = %d, want 30", got)
		}
		if got := commits.Load(); got > 5 { // one, and all together; some may have come late on a busy machine
			t.Errorf("%d commits", got)
		}
		suining.sameAsReplayed(t)
	})
}
