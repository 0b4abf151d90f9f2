package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"liandong/store"
	"liandong/store/pages"
)

// rowsOfThing are the rows of thing as SQL gives them.
func rowsOfThing(ctx context.Context, tx *store.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT n, raw FROM thing ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (string, error) {
		var n int64
		var raw string
		err := scan(&n, &raw)
		return fmt.Sprint(n, " ", raw), err
	})
}

// TestCheckPagesOfASnapshot: others change rows and carry the log over into the file while a snapshot is checked;
// it is whole, and its rows are its own.
func TestCheckPagesOfASnapshot(t *testing.T) {
	for _, c := range []struct{ before, meanwhile bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		t.Run(fmt.Sprintf("log carried over before %v meanwhile %v", c.before, c.meanwhile), func(t *testing.T) {
			ctx := context.Background()
			path := filepath.Join(t.TempDir(), "node.db")
			s, err := store.Open(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			aside, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer aside.Close()
			carry := func() {
				if _, err := aside.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
					t.Fatal(err)
				}
			}
			write := func(statement string) {
				if err := s.Write(ctx, func(tx *store.Tx) error { return tx.Script(ctx, statement) }); err != nil {
					t.Fatal(err)
				}
			}
			write(`CREATE TABLE thing (n BIGINT NOT NULL, raw TEXT NOT NULL); CREATE INDEX thing_raw ON thing (raw);
				WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000)
				INSERT INTO thing SELECT i, hex(randomblob(100)) FROM c`)
			carry()
			write(`UPDATE thing SET raw = hex(randomblob(90)) WHERE n % 7 = 0 AND n < 1000`)
			if c.before {
				carry()
			}
			err = s.Read(ctx, func(tx *store.Tx) error {
				want, err := rowsOfThing(ctx, tx)
				if err != nil {
					return err
				}
				for _, statement := range []string{
					`UPDATE thing SET n = -n, raw = hex(randomblob(110)) WHERE n > 2000`, `DELETE FROM thing WHERE n % 3 = 0 AND n > 1700`,
				} {
					write(statement)
					if c.meanwhile {
						carry()
					}
				}
				var got []string
				err = tx.CheckPages(ctx, &store.PageCheck{
					Damage: func(d pages.Damage) { t.Error(d) },
					Rows: map[string]func(*pages.Record) error{"thing": func(r *pages.Record) error {
						n, _ := r.At(0).Int()
						got = append(got, fmt.Sprint(n, " ", string(r.At(1).Bytes)))
						return nil
					}},
				})
				if err == nil && !slices.Equal(got, want) {
					t.Errorf("%d rows from pages, %d from SQL, or others", len(got), len(want))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRebuildEmptiesTheLog: what was written in one large transaction stands in the file alone, and who reads
// meanwhile holds up nobody.
func TestRebuildEmptiesTheLog(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "node.db")
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rebuild := func() (log int64) {
		err := s.Rebuild(ctx, []string{"thing"}, nothing, func(tx *store.Tx) error {
			return tx.Script(ctx, `CREATE TABLE thing (raw TEXT NOT NULL); WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL
				SELECT i + 1 FROM c WHERE i < 3000) INSERT INTO thing SELECT hex(randomblob(100)) FROM c`)
		})
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if log := rebuild(); log != 0 {
		t.Errorf("afterwards the log has %d bytes", log)
	}
	err = s.Read(ctx, func(tx *store.Tx) error {
		var before, after string
		if err := tx.Row(ctx, `SELECT max(raw) FROM thing`).Scan(&before); err != nil {
			return err
		}
		start := time.Now()
		rebuild()
		if took := time.Since(start); took > 8*time.Second { // SQLite waits for ten where it waits
			t.Errorf("with a reader it took %v", took)
		}
		err := tx.Row(ctx, `SELECT max(raw) FROM thing`).Scan(&after)
		if before != after {
			t.Error("the reader's snapshot changed")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestClosingKeepsLocks: what one store of a process has read past SQLite does not cost another its locks.
func TestClosingKeepsLocks(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "node.db")
	open := func() *store.Store {
		s, err := store.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second := open(), open()
	defer second.Close()
	for _, s := range []*store.Store{first, second} {
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.Script(ctx, `CREATE TABLE IF NOT EXISTS thing (n BIGINT)`) }); err != nil {
			t.Fatal(err)
		}
	}
	before := locks(t, path)
	if err := first.Read(ctx, func(tx *store.Tx) error {
		return tx.CheckPages(ctx, &store.PageCheck{Damage: func(d pages.Damage) { t.Error(d) }})
	}); err != nil {
		t.Fatal(err)
	}
	first.Close()
	if after := locks(t, path); before == 0 || after == 0 {
		t.Errorf("%d locks before, %d after another store was closed", before, after)
	}
}

// locks counts the system's locks on a file.
func locks(t *testing.T, path string) (n int) {
	t.Helper()
	b, err := os.ReadFile("/proc/locks")
	if err != nil {
		t.Skipf("no word of the system on locks: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), fmt.Sprintf(":%d ", info.Sys().(*syscall.Stat_t).Ino))
}
