package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"liandong/store"
	"liandong/store/storetest"
)

var things = store.TableOf("thing", "id", "n", "raw")

func putLater(ctx context.Context, tx *store.Tx, from, to int) error {
	for i := from; i < to; i++ {
		if err := tx.Later(ctx, things, fmt.Sprint("t", i), i, []byte{0, 255}); err != nil {
			return err
		}
	}
	return nil
}

// TestLaterRowsAreSeen: whoever reads the table, in whatever way, finds the rows that were put off.
func TestLaterRowsAreSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		err := s.Write(ctx, func(tx *store.Tx) error {
			for i, read := range []func() (int, error){
				func() (n int, err error) {
					err = tx.Row(ctx, `SELECT count(*) FROM thing`).Scan(&n)
					return n, err
				},
				func() (int, error) {
					rows, err := tx.Query(ctx, `SELECT id FROM thing`)
					if err != nil {
						return 0, err
					}
					ids, err := store.Collect(rows, func(scan func(...any) error) (id string, err error) { return id, scan(&id) })
					return len(ids), err
				},
				func() (int, error) {
					n, err := tx.Exec(ctx, `UPDATE thing SET n = n + 1`)
					return int(n), err
				},
			} {
				if err := putLater(ctx, tx, 100*i, 100*(i+1)); err != nil {
					return err
				}
				if n, err := read(); err != nil || n != 100*(i+1) {
					t.Errorf("reader %d: %d rows, %v; want %d", i, n, err, 100*(i+1))
				}
			}
			return putLater(ctx, tx, 300, 1000)
		})
		if err != nil || count(t, s) != 1000 {
			t.Errorf("%v, %d rows after the commit, want 1000", err, count(t, s))
		}
	})
}

// TestLaterKeepsToItsSavepoint: what is undone takes the rows along that were put off in it, and
// only those.
func TestLaterKeepsToItsSavepoint(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		boom := errors.New("boom")
		err := s.Write(ctx, func(tx *store.Tx) error {
			if err := putLater(ctx, tx, 0, 3); err != nil {
				return err
			}
			err := tx.Savepoint(ctx, func() error { return errors.Join(putLater(ctx, tx, 3, 7), boom) })
			if !errors.Is(err, boom) {
				t.Error(err)
			}
			return tx.Savepoint(ctx, func() error { return putLater(ctx, tx, 7, 9) })
		})
		if err != nil || count(t, s) != 5 {
			t.Errorf("%v, %d rows, want 5", err, count(t, s))
		}
		err = s.Write(ctx, func(tx *store.Tx) error { return putLater(ctx, tx, 0, 1) })
		if err == nil || store.Unclear(err) {
			t.Errorf("a doubled key: %v, want a clear failure", err)
		}
	})
}

// TestWritesCounts: only what surely reads alone is not counted.
func TestWritesCounts(t *testing.T) {
	s := storetest.OpenSQLite(t)
	ctx := fill(t, s)
	err := s.Write(ctx, func(tx *store.Tx) error {
		var n int
		for _, step := range []struct {
			name   string
			do     func() error
			writes bool
		}{
			{"SELECT", func() error { return tx.Row(ctx, `SELECT count(*) FROM thing`).Scan(&n) }, false},
			{"INSERT", func() error { return put(ctx, tx, "a") }, true},
			{"Later", func() error { return putLater(ctx, tx, 0, 1) }, true},
			{"RETURNING", func() error { return tx.Row(ctx, `UPDATE thing SET n = 2 WHERE id = 'a' RETURNING n`).Scan(&n) }, true},
			{"Script", func() error { return tx.Script(ctx, `DELETE FROM thing`) }, true},
		} {
			before := tx.Writes()
			if err := step.do(); err != nil {
				return fmt.Errorf("%s: %w", step.name, err)
			}
			if (tx.Writes() != before) != step.writes {
				t.Errorf("%s: %d writes, before %d", step.name, tx.Writes(), before)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
