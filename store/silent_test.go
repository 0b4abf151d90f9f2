package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"liandong/store"
	"liandong/store/storetest"
)

// TestASilentDatabaseIsGivenUp: wherever in a transaction the line to PostgreSQL falls silent, who asked has an answer in time, and what the
// transaction had locked is free for others soon.
func TestASilentDatabaseIsGivenUp(t *testing.T) {
	const limit = 400 * time.Millisecond
	ctx := context.Background()
	for _, c := range []struct {
		name string
		when func(tx *store.Tx, silence func()) error
	}{
		{"at a statement that is known", func(tx *store.Tx, silence func()) error {
			if _, err := tx.Exec(ctx, `UPDATE a SET n = n + 1`); err != nil {
				return err
			}
			silence()
			_, err := tx.Exec(ctx, `UPDATE a SET n = n + 1`)
			return err
		}},
		{"at a statement that is new", func(tx *store.Tx, silence func()) error {
			if _, err := tx.Exec(ctx, `UPDATE a SET n = n + 1`); err != nil {
				return err
			}
			silence()
			return tx.Row(ctx, `SELECT n FROM a`).Scan(new(int))
		}},
		{"at the commit", func(tx *store.Tx, silence func()) error {
			_, err := tx.Exec(ctx, `UPDATE a SET n = n + 1`)
			silence()
			return err
		}},
		{"at the roll-back", func(tx *store.Tx, silence func()) error {
			_, err := tx.Exec(ctx, `UPDATE a SET n = n + 1`)
			silence()
			return errors.Join(err, errors.New("a mistake"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := storetest.PostgresAddress(t)
			var line storetest.Line
			opened := func(address string) *store.Store {
				s, err := store.Open(ctx, address)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return s
			}
			silent, other := opened(line.Through(t, address)), opened(address)
			if err := other.Write(ctx, func(tx *store.Tx) error {
				return tx.Script(ctx, `CREATE TABLE a (n BIGINT PRIMARY KEY); INSERT INTO a (n) VALUES (1)`)
			}); err != nil {
				t.Fatal(err)
			}
			fell := make(chan struct{})
			asked := make(chan error, 1)
			go func() {
				asked <- silent.WriteWithin(ctx, limit, func(tx *store.Tx) error {
					return c.when(tx, func() { line.Silence(); close(fell) })
				})
			}()
			<-fell
			select {
			case err := <-asked:
				if c.name != "at the roll-back" && !errors.Is(err, store.ErrSilent) || err == nil {
					t.Errorf("answered %v", err)
				}
				if unclear := c.name == "at the commit"; store.Unclear(err) != unclear {
					t.Errorf("unclear: %v of %v", !unclear, err)
				}
			case <-time.After(10 * limit):
				t.Error("no answer")
			}
			free := make(chan error, 1)
			go func() {
				free <- other.Write(ctx, func(tx *store.Tx) error {
					_, err := tx.Exec(ctx, `UPDATE a SET n = 10`)
					return err
				})
			}()
			select {
			case err := <-free:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(10 * limit):
				t.Error("what it had locked stays locked")
			}
			line.Resume()
			if err := silent.WriteWithin(ctx, limit, func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE a SET n = 11`)
				return err
			}); err != nil {
				t.Errorf("once the line is back: %v", err)
			}
		})
	}
}

// TestWhoIsAnsweredMayTakeLong: the limit is on the silence, not on the transaction.
func TestWhoIsAnsweredMayTakeLong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		err := s.WriteWithin(ctx, 300*time.Millisecond, func(tx *store.Tx) error {
			for range 6 {
				time.Sleep(100 * time.Millisecond)
				if err := tx.Row(ctx, `SELECT 1`).Scan(new(int)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
