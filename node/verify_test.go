package node_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// TestOneBitNamesTheEntry: one bit flipped in what a book consists of is named with its entry.
func TestOneBitNamesTheEntry(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		for i := range 300 { // more than a tile
			if _, err := n.Write(context.Background(), node.Request{Actor: someone}, add("suitong", fmt.Sprint(i%7), 1)); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			table, column, where string
			index                int64
			codes                string
		}{
			{"book_entry", "entry", "idx = 12", 12, "entry leaf commitment member circle time-order"},
			{"book_entry", "entry", "idx = 299", 299, "entry leaf commitment member circle time-order"},
			{"book_entry", "leaf", "idx = 12", 12, book.DamageLeaf},
			{"book_entry", "salt", "idx = 12", 12, book.DamageCommitment},
			{"book_entry", "words", "idx = 12", 12, book.DamageCommitment},
			{"book_tile", "hashes", "level = 0", -2, book.DamageTile}, // whichever entry the bit lies in
			{"book_tile", "hashes", "level = 1", -1, book.DamageTile},
			{"book_head", "checkpoint", "1 = 1", -1, "checkpoint"},
			{"book_head", "root", "1 = 1", -1, "head"},
		} {
			for range 3 {
				undo := flip(t, n.Store, c.table, c.column, c.where)
				named(t, n, c.index, c.codes)
				undo()
			}
		}
		for _, c := range []struct {
			change string
			index  int64
			codes  string
		}{
			{"UPDATE book_entry SET words = NULL, salt = NULL WHERE book = '510900/suitong' AND idx = 5", 5, book.DamageWords},
			{"DELETE FROM book_entry WHERE book = '510900/suitong' AND idx = 6", 6, node.FaultMissing},
			{"DELETE FROM book_entry WHERE book = '510900/suitong' AND idx = 299", 299, node.FaultMissing},
			{"DELETE FROM book_tile WHERE book = '510900/suitong' AND level = 0", -1, book.DamageTileAbsent},
			{"UPDATE book_head SET size = size + 1, last_at = last_at + 1 WHERE book = '510900/suitong'", 299, node.FaultMissing},
			{"UPDATE book_entry SET idx = 400 WHERE book = '510900/suitong' AND idx = 298", 400, node.FaultBeyond},
			{"INSERT INTO book_entry (book, idx, entry, leaf) VALUES ('510900/other', 0, '', '')", -1, node.FaultBeyond},
			{"UPDATE count_sum SET n = n + 1 WHERE id = '3'", -1, node.FaultView},
			{"DELETE FROM count_total WHERE id = '2'", -1, node.FaultView},
			{"INSERT INTO count_total (id, n) VALUES ('none', 7)", -1, node.FaultView},
		} {
			change(t, n.Store, c.change)
			named(t, n, c.index, c.codes)
		}
	})
}

func change(t *testing.T, s *store.Store, query string, args ...any) {
	t.Helper()
	ctx := context.Background()
	if err := s.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, query, args...)
		if err == nil && n == 0 {
			err = fmt.Errorf("no row: %s", query)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// flip turns one random bit of one value and returns how to undo it.
func flip(t *testing.T, s *store.Store, table, column, where string) (undo func()) {
	t.Helper()
	ctx := context.Background()
	where = " WHERE book = '510900/suitong' AND " + where
	var value []byte
	if err := s.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, "SELECT "+column+" FROM "+table+where).Scan(&value)
	}); err != nil {
		t.Fatal(err)
	}
	broken := slices.Clone(value)
	broken[rand.IntN(len(broken))] ^= 1 << rand.IntN(8)
	update := "UPDATE " + table + " SET " + column + " = ?" + where
	change(t, s, update, broken)
	return func() { change(t, s, update, value) }
}

// named expects a fault at the index with one of the codes; -2 stands for any entry.
func named(t *testing.T, n *node.Node, index int64, codes string) {
	t.Helper()
	v, err := n.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(v.Faults, func(f node.Fault) bool {
		return (f.Index == index || index == -2 && f.Index >= 0) && slices.Contains(strings.Fields(codes), f.Code)
	}) {
		t.Errorf("want a fault at %d with code %s, got %+v", index, codes, v.Faults)
	}
}

// TestOneBitOfTheFile: whatever bit of the database file is flipped, verification runs, and the
// books, the view and the answers are never other than they were without its saying so.
func TestOneBitOfTheFile(t *testing.T) {
	seed := seeded(t)
	original, err := os.ReadFile(seed)
	if err != nil {
		t.Fatal(err)
	}
	want := digests(t, seed)
	silent, loud := 0, 0
	for i := range 208 {
		path := filepath.Join(t.TempDir(), "node.db")
		broken := slices.Clone(original)
		at, bit := rand.IntN(len(broken)), rand.IntN(8)
		for broken[at] == 0 && rand.IntN(10) > 0 { // most of a small database is empty
			at = rand.IntN(len(broken))
		}
		if i >= 200 { // the format in the file's head, by which SQLite refuses it with words of its own
			at, bit = 47, i-200
		}
		broken[at] ^= 1 << bit
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if verifyFile(t, path, at) {
			silent++
			if got := digests(t, path); got != want {
				t.Errorf("bit %d of byte %d changed what stands, and verify was clean", bit, at)
			}
		} else {
			loud++
		}
	}
	t.Logf("%d flips named, %d where nothing stands", loud, silent)
}

// verifyFile reports whether the file was found clean.
func verifyFile(t *testing.T, path string, at int) bool {
	t.Helper()
	s, err := store.Open(context.Background(), path, store.ReadOnly())
	if err != nil {
		if !store.Damaged(err) {
			t.Errorf("byte %d: opening: %v, which does not name the file", at, err)
		}
		return false
	}
	defer s.Close()
	n, err := node.Inspect(faultConfig(s))
	if err != nil {
		t.Fatal(err)
	}
	v, err := n.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Errorf("byte %d: verify could not run: %v", at, err)
		return false
	}
	return v.Clean()
}

// digests of all that verification answers for.
func digests(t *testing.T, path string) string {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var b strings.Builder
	err = s.Read(ctx, func(tx *store.Tx) error {
		for _, table := range []string{"book_head", "book_entry", "book_tile", "node_aside", "count_sum", "count_total"} {
			d, err := node.Dump(ctx, tx, table)
			if err != nil {
				return err
			}
			fmt.Fprintln(&b, d)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
