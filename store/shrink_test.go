package store_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"liandong/store"
	"liandong/store/storetest"
)

// resident is the memory of this process that lies in the machine's, without what Go itself could give back.
func resident(t *testing.T) (bytes int) {
	t.Helper()
	debug.FreeOSMemory()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skipf("no word of the system on memory: %v", err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestShrinkGivesBack: what SQLite keeps of a file that was read is given back, and the connections go on.
func TestShrinkGivesBack(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "large.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const rows, each = 24_000, 1000
	err = s.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Script(ctx, `CREATE TABLE thing (raw BYTEA NOT NULL)`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO thing SELECT randomblob(?) FROM n`, rows, each)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sum := func() (n int64) {
		t.Helper()
		if err := s.Read(ctx, func(tx *store.Tx) error {
			return tx.Row(ctx, `SELECT sum(length(raw)) FROM thing WHERE raw <> x'00'`).Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	sum()
	before := resident(t)
	if err := s.Shrink(ctx); err != nil {
		t.Fatal(err)
	}
	if given := before - resident(t); given < rows*each {
		t.Errorf("%d bytes of %d were given back, want the %d of the rows at least", given, before, rows*each)
	}
	if got := sum(); got != rows*each {
		t.Errorf("afterwards %d bytes are read, want %d", got, rows*each)
	}
}

// TestShrinkLeavesAloneWhatIsInUse: a transaction under way neither waits nor is disturbed.
func TestShrinkLeavesAloneWhatIsInUse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		err := s.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Script(ctx, `CREATE TABLE thing (n BIGINT NOT NULL); INSERT INTO thing VALUES (7)`); err != nil {
				return err
			}
			if err := s.Shrink(ctx); err != nil {
				return err
			}
			var n int64
			if err := tx.Row(ctx, `SELECT n FROM thing`).Scan(&n); err != nil || n != 7 {
				t.Errorf("in the transaction stands %d, %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
