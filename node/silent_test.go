package node_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// TestASilentDatabaseHoldsNobodyForEver: the line to PostgreSQL falls silent when a batch commits, before the server knows of it or after it is
// stored. All who wrote are answered, another process on the database goes on, and who asks again under the same id finds that it was stored, or
// stores it now: once.
func TestASilentDatabaseHoldsNobodyForEver(t *testing.T) {
	for name, before := range map[string]string{"before it is stored": storetest.AskedToCommit, "when it is stored": storetest.Committed} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			address := storetest.PostgresAddress(t)
			var line storetest.Line
			opens := func(address string) *node.Node {
				s, err := store.Open(ctx, address)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return opened(t, s, &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
			}
			n, other := opens(line.Through(t, address)), opens(address)
			n.SetSilence(time.Second)
			if _, err := n.Write(ctx, node.Request{Actor: someone}, add("suitong", "x", 1)); err != nil {
				t.Fatal(err)
			}
			var falls sync.Once
			write := func(i int) error {
				_, err := n.Write(ctx, node.Request{ID: fmt.Sprint("r", i), Actor: someone}, func(ctx context.Context, w *node.Writing) error {
					falls.Do(func() { line.SilenceBefore(before) }) // the next commit is of the batch in which this stands
					return add("suitong", "x", 1)(ctx, w)
				})
				return err
			}
			goOn := busy(t, n)
			errs := make(chan error, 20)
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() { errs <- write(i) })
			}
			time.Sleep(200 * time.Millisecond) // they queue up
			goOn()
			for range 20 {
				select {
				case err := <-errs:
					if !errors.Is(err, store.ErrSilent) {
						t.Errorf("answered %v", err)
					}
				case <-time.After(15 * time.Second):
					t.Error("somebody waits")
				}
			}
			wrote := make(chan error, 1)
			go func() {
				_, err := other.Write(ctx, node.Request{Actor: someone}, add("suitong", "x", 100))
				wrote <- err
			}()
			select {
			case err := <-wrote:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(10 * time.Second):
				t.Error("another process waits")
			}
			line.Resume()
			all.Wait()
			for i := range 20 {
				if err := write(i); err != nil {
					t.Errorf("again: %v", err)
				}
			}
			if got := total(t, other, "x"); got != 121 {
				t.Errorf("total = %d, want 121", got)
			}
			clean(t, other)
		})
	}
}
