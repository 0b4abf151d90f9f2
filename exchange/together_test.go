package exchange

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/store"
	"liandong/store/storetest"
)

// TestAPartThatFailsSpoilsNoOther: of parts that share a commit one panics after it wrote, one asks what the database refuses, one answers no.
// All are answered, what the others wrote stands, and of these nothing.
func TestAPartThatFailsSpoilsNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		err := s.Write(ctx, func(tx *store.Tx) error { return tx.Script(ctx, `CREATE TABLE said (n BIGINT PRIMARY KEY)`) })
		if err != nil {
			t.Fatal(err)
		}
		waits := make(chan struct{})
		together := newTogether(func(ctx context.Context, f func(tx *store.Tx) error) error {
			<-waits // until all parts stand in the queue
			return s.Write(ctx, f)
		})
		says := func(n int) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO said (n) VALUES (?)`, n)
				return err
			}
		}
		parts := []func(tx *store.Tx) error{
			says(0), says(1),
			func(tx *store.Tx) error {
				if err := says(2)(tx); err != nil {
					return err
				}
				panic("a mistake")
			},
			func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO nowhere (n) VALUES (3)`)
				return err
			},
			func(*store.Tx) error { return sizeAnswer(4) },
			says(5),
		}
		got := make([]error, len(parts))
		var all sync.WaitGroup
		for i, f := range parts {
			all.Go(func() { got[i] = together.Write(ctx, f) })
		}
		time.Sleep(50 * time.Millisecond) // one takes the turn, the others queue up behind it
		close(waits)
		done := make(chan struct{})
		go func() { all.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatal("somebody waits for ever")
		}
		var a *answer
		for i, err := range got {
			switch i {
			case 2:
				if err == nil || !strings.Contains(err.Error(), "a mistake") {
					t.Errorf("the one that panics: %v", err)
				}
			case 3:
				if err == nil || errors.As(err, &a) {
					t.Errorf("the one that the database refuses: %v", err)
				}
			case 4:
				if !errors.As(err, &a) {
					t.Errorf("the one that answers no: %v", err)
				}
			default:
				if err != nil {
					t.Errorf("part %d: %v", i, err)
				}
			}
		}
		err = s.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, `SELECT n FROM said ORDER BY n`)
			if err != nil {
				return err
			}
			said, err := store.Column[int64](rows)
			if len(said) != 3 || said[0] != 0 || said[1] != 1 || said[2] != 5 {
				t.Errorf("what stands: %v, want 0, 1, 5", said)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
