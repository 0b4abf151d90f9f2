package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"liandong/store"
	"liandong/store/storetest"
)

func fill(t *testing.T, s *store.Store) context.Context {
	t.Helper()
	ctx := context.Background()
	m := fstest.MapFS{"00001_things.sql": {Data: []byte("-- +goose Up\n" +
		"CREATE TABLE thing (id TEXT PRIMARY KEY, n BIGINT NOT NULL, raw BYTEA);\n" +
		"-- +goose Down\nDROP TABLE thing;\n")}}
	for range 2 { // twice: the second time there is nothing to do
		if err := s.Migrate(ctx, "things", m); err != nil {
			t.Fatal(err)
		}
	}
	return ctx
}

func count(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	ctx := context.Background()
	err := s.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT count(*) FROM thing`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func put(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, `INSERT INTO thing (id, n, raw) VALUES (?, ?, ?)`, id, 1, []byte{0, 255})
	return err
}

func TestWriteIsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		boom := errors.New("boom")
		err := s.Write(ctx, func(tx *store.Tx) error {
			if err := put(ctx, tx, "a"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || store.Unclear(err) || count(t, s) != 0 {
			t.Fatalf("err = %v, %d rows; want boom and none", err, count(t, s))
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return put(ctx, tx, "a") }); err != nil {
			t.Fatal(err)
		}
		if count(t, s) != 1 {
			t.Error("the committed row is missing")
		}
	})
}

func TestSavepointFailsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		err := s.Write(ctx, func(tx *store.Tx) error {
			if err := put(ctx, tx, "a"); err != nil {
				return err
			}
			if tx.Savepoint(ctx, func() error { return errors.Join(put(ctx, tx, "b"), put(ctx, tx, "a")) }) == nil {
				t.Error("a doubled key was taken")
			}
			return tx.Savepoint(ctx, func() error { return put(ctx, tx, "c") })
		})
		if err != nil || count(t, s) != 2 {
			t.Fatalf("err = %v, %d rows; want a and c", err, count(t, s))
		}
	})
}

func TestReadersSeeOneSnapshot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		err := s.Read(ctx, func(tx *store.Tx) error {
			var before, after int
			if err := tx.Row(ctx, `SELECT count(*) FROM thing`).Scan(&before); err != nil {
				return err
			}
			var wg sync.WaitGroup
			wg.Go(func() {
				if err := s.Write(ctx, func(w *store.Tx) error { return put(ctx, w, "a") }); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			if err := tx.Row(ctx, `SELECT count(*) FROM thing`).Scan(&after); err != nil {
				return err
			}
			if before != after {
				t.Errorf("the snapshot moved from %d to %d rows", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadDoesNotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		_ = s.Read(ctx, func(tx *store.Tx) error { return put(ctx, tx, "a") })
		if count(t, s) != 0 {
			t.Error("a read left a row behind")
		}
	})
}

func TestRebuildSwapsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for round := range 3 {
			err := s.Rebuild(ctx, []string{"seen"}, nothing, func(tx *store.Tx) error {
				if err := tx.Script(ctx, `CREATE TABLE seen (n BIGINT PRIMARY KEY);`); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO seen (n) VALUES (?)`, round)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var n int
			err = s.Read(ctx, func(tx *store.Tx) error {
				return tx.Row(ctx, `SELECT n FROM seen`).Scan(&n)
			})
			if err != nil || n != round {
				t.Fatalf("round %d: read %d, %v", round, n, err)
			}
		}
		failed := s.Rebuild(ctx, []string{"seen"}, nothing, func(*store.Tx) error { return errors.New("half way") })
		var n int
		err := s.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, `SELECT n FROM seen`).Scan(&n) })
		if failed == nil || err != nil || n != 2 {
			t.Fatalf("after a failed rebuild: %v; read %d, %v", failed, n, err)
		}
	})
}

// TestPanicLeavesNoTransactionOpen: whoever comes after somebody's accident gets a clean connection,
// and the lock of a write is not held on.
func TestPanicLeavesNoTransactionOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		accident := func(in func(context.Context, func(*store.Tx) error) error) {
			defer func() { _ = recover() }()
			_ = in(ctx, func(tx *store.Tx) error {
				_ = put(ctx, tx, "lost")
				panic("an accident")
			})
		}
		for range 40 { // more than there are connections
			accident(s.Read)
			accident(s.Write)
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return put(ctx, tx, "a") }); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s); n != 1 {
			t.Errorf("%d rows: what was written before the accident stayed", n)
		}
	})
}

// TestTextOrdersByBytes: whatever language the database was made in.
func TestTextOrdersByBytes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := fill(t, s)
		err := s.Write(ctx, func(tx *store.Tx) error {
			for _, id := range []string{"b", "A", "a", "B", "-", "1"} {
				if err := put(ctx, tx, id); err != nil {
					return err
				}
			}
			return tx.Script(ctx, `CREATE TABLE named (name TEXT NOT NULL); INSERT INTO named SELECT id FROM thing;`)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{`SELECT id FROM thing ORDER BY id`, `SELECT name FROM named ORDER BY name`} {
			var got string
			err = s.Read(ctx, func(tx *store.Tx) error {
				rows, err := tx.Query(ctx, query)
				if err != nil {
					return err
				}
				all, err := store.Collect(rows, func(scan func(...any) error) (id string, err error) {
					err = scan(&id)
					return id, err
				})
				got = strings.Join(all, "")
				return err
			})
			if err != nil || got != "-1ABab" {
				t.Errorf("%s: %s, %v", query, got, err)
			}
		}
	})
}

func nothing(*store.Tx) error { return nil }
