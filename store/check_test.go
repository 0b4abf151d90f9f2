package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"liandong/store"
	"liandong/store/pages"
	"liandong/store/storetest"
)

// pageSize of the files here: small pages make many levels of few rows.
const pageSize = 1024

// manyShapes writes a database that has every sort of page: trees of several levels, overflow chains, free pages,
// free blocks, an index that is in no plain order and a table WITHOUT ROWID.
func manyShapes(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "shapes.db")
	ctx := context.Background()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size = %d; VACUUM; PRAGMA journal_mode = WAL", pageSize)); err != nil {
		t.Fatal(err)
	}
	db.Close()
	s, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Write(ctx, func(tx *store.Tx) error {
		err := tx.Script(ctx, `
			CREATE TABLE thing (book TEXT NOT NULL, idx BIGINT NOT NULL, raw BYTEA, n BIGINT NOT NULL, PRIMARY KEY (book, idx));
			CREATE INDEX thing_n ON thing (n);
			CREATE INDEX thing_raw ON thing (raw);
			CREATE INDEX thing_down ON thing (idx DESC);
			CREATE INDEX thing_some ON thing (n) WHERE n > 1;
			CREATE TABLE pair (a TEXT, b BIGINT, PRIMARY KEY (a, b)) WITHOUT ROWID;
			CREATE TABLE counted (id INTEGER PRIMARY KEY NOT NULL, name TEXT);
			CREATE TABLE empty (id TEXT PRIMARY KEY);`)
		if err != nil {
			return err
		}
		for i := range 400 {
			raw := bytes.Repeat([]byte{byte(i)}, i%90)
			if i%50 == 7 {
				raw = bytes.Repeat(fmt.Appendf(nil, "long %02d ", i%13), 100+20*i)
			}
			n := 100
			if i >= 200 { // numbers below and above zero side by side, with rowids of one width
				n = i%5*3 - 4
			}
			if _, err := tx.Exec(ctx, `INSERT INTO thing VALUES (?, ?, ?, ?)`, fmt.Sprint("book-", i%3), i, raw, n); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO pair VALUES (?, ?)`, fmt.Sprint(i%7), i); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO counted (name) VALUES (?)`, fmt.Sprint(i)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `DELETE FROM thing WHERE idx BETWEEN 100 AND 180 OR idx % 11 = 0`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// pagesOf checks a file and returns what was found, and SQLite's own word on it.
func pagesOf(t *testing.T, path string) (ours, theirs []string) {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.ReadOnly())
	if err != nil {
		return []string{err.Error()}, []string{err.Error()}
	}
	defer s.Close()
	err = s.Read(ctx, func(tx *store.Tx) error {
		err := tx.CheckPages(ctx, &store.PageCheck{Damage: func(d pages.Damage) { ours = append(ours, d.String()) }})
		if err != nil {
			ours = append(ours, err.Error())
		}
		theirs, err = tx.Integrity(ctx, false)
		if err != nil {
			theirs = append(theirs, err.Error())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

func TestCheckPagesOfAWholeFile(t *testing.T) {
	path := manyShapes(t)
	if ours, theirs := pagesOf(t, path); len(ours)+len(theirs) > 0 {
		t.Fatalf("a whole file: we found %q, SQLite %q", ours, theirs)
	}
	s, err := store.Open(context.Background(), path, store.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var got, want []string
	ctx := context.Background()
	err = s.Read(ctx, func(tx *store.Tx) error {
		row := func(r *pages.Record) error {
			idx, _ := r.At(1).Int()
			got = append(got, fmt.Sprintf("%s %d %x", r.At(0).Bytes, idx, r.At(2).Bytes))
			return nil
		}
		if err := tx.CheckPages(ctx, &store.PageCheck{Rows: map[string]func(*pages.Record) error{"thing": row}}); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT book, idx, raw FROM thing ORDER BY rowid`)
		if err != nil {
			return err
		}
		want, err = store.Collect(rows, func(scan func(...any) error) (string, error) {
			var book string
			var idx int64
			var raw []byte
			err := scan(&book, &idx, &raw)
			return fmt.Sprintf("%s %d %x", book, idx, raw), err
		})
		return err
	})
	if err != nil || len(got) < 200 || !slices.Equal(got, want) {
		t.Errorf("%d rows from pages, %d from SQL, %v", len(got), len(want), err)
	}
}

// beyondOurs is what SQLite finds by the order and the rows of indexes that are partial or descending, and of tables
// WITHOUT ROWID: of those our check knows the form only. No table of ours has any.
var beyondOurs = regexp.MustCompile(`thing_down|thing_some|PRIMARY KEY order for pair|row \d+ missing from index sqlite_autoindex_pair`)

// TestCheckPagesSeesWhatSQLiteSees: whatever bit of the file is flipped, damage that SQLite's full check finds is
// found by ours as well.
func TestCheckPagesSeesWhatSQLiteSees(t *testing.T) {
	original, err := os.ReadFile(manyShapes(t))
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(t.TempDir(), "broken.db")
	both, we := 0, 0
	for range 400 {
		broken := slices.Clone(original)
		at, bit := random.IntN(len(broken)), random.IntN(8)
		if random.IntN(3) > 0 { // what is not data lies at the beginning of pages
			at = at/pageSize*pageSize + random.IntN(40)
		}
		broken[at] ^= 1 << bit
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		ours, theirs := pagesOf(t, path)
		switch {
		case len(ours) > 0 && len(theirs) > 0:
			both++
		case len(ours) > 0:
			we++
		case len(theirs) > 0 && !beyondOurs.MatchString(strings.Join(theirs, "\n")):
			t.Errorf("bit %d of byte %d (page %d): SQLite says %q, we found nothing", bit, at, at/pageSize+1, theirs)
		}
	}
	if both < 50 {
		t.Errorf("only %d flips were found by both", both)
	}
	t.Logf("%d found by both, %d by us alone", both, we)
}

// TestCheckPagesNames: each rule names what it found.
func TestCheckPagesNames(t *testing.T) {
	original, err := os.ReadFile(manyShapes(t))
	if err != nil {
		t.Fatal(err)
	}
	is := func(kind byte) (at int) { // a page of a kind with rows of thing
		for at := pageSize; at < len(original); at += pageSize {
			if original[at] == kind && bytes.Contains(original[at:at+pageSize], []byte("book-0")) {
				return at
			}
		}
		t.Fatalf("no page of kind %d", kind)
		return 0
	}
	leaf, index := is(13), is(10)
	trunk := int(binary.BigEndian.Uint32(original[32:])-1) * pageSize
	cell := func(page, n int) int { return page + int(binary.BigEndian.Uint16(original[page+8+2*n:])) }
	for _, c := range []struct {
		remark string
		at     int
		bytes  []byte
		want   string
	}{
		{"a page of no kind", leaf, []byte{7}, "wrong type of page"},
		{"a leaf of an index among those of a table", leaf, []byte{10}, "wrong type of page"},
		{"the content over the pointers", leaf + 5, []byte{0, 9}, "overlaps the header"},
		{"a cell before the content", leaf + 8, []byte{0, 20}, "outside its page"},
		{"two cells in one place", leaf + 8, original[leaf+10 : leaf+12], "over another"},
		{"another number of loose bytes", leaf + 7, []byte{original[leaf+7] + 1}, "fragments differ"},
		{"a free block outside", leaf + 1, []byte{255, 255}, "free block outside"},
		{"rows out of order", cell(leaf, 0) + 1, []byte{0x7f}, "out of order"},
		{"an index out of order", index + 8, slices.Concat(original[index+10:index+12], original[index+8:index+10]), "an index out of order"},
		{"more free pages than are listed", 39, []byte{original[39] + 1}, "number of free pages"},
		{"the list of free pages ends", trunk + 4, []byte{0, 0, 0, 0}, "nothing refers"},
		{"a free page twice", trunk + 8, original[trunk+12 : trunk+16], "referred to twice"},
		{"a free page beyond", trunk + 8, []byte{0x7f, 0, 0, 0}, "beyond the file"},
	} {
		t.Run(c.remark, func(t *testing.T) {
			broken := slices.Clone(original)
			copy(broken[c.at:], c.bytes)
			path := filepath.Join(t.TempDir(), "broken.db")
			if err := os.WriteFile(path, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			if ours, _ := pagesOf(t, path); !strings.Contains(strings.Join(ours, "\n"), c.want) {
				t.Errorf("want %q, got %q", c.want, ours)
			}
		})
	}
}

// TestCheckPagesOfAnIndex: an index that holds other rows than its table is found, as when an index was
// written and its table was not.
func TestCheckPagesOfAnIndex(t *testing.T) {
	path := manyShapes(t)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(b, []byte("book-2")) // the table's cells hold it too, wherever it is
	b[at+5] = '1'
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if ours, _ := pagesOf(t, path); len(ours) == 0 {
		t.Error("a row and its index differ, and nothing was found")
	}
}

// TestCheckPagesOnPostgreSQL: there are no pages to see.
func TestCheckPagesOnPostgreSQL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		err := s.Read(ctx, func(tx *store.Tx) error { return tx.CheckPages(ctx, &store.PageCheck{}) })
		if (err == nil) != (s.Dialect == store.SQLite) {
			t.Errorf("%s: %v", s.Dialect, err)
		}
	})
}
