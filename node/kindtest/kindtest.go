// Package kindtest proves of a node's kinds what DESIGN asks of every kind: that Check and Apply
// see only their own book, and that Project equals its recomputation from nothing.
package kindtest

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// Prove replays the books of a filled node in other ways than they were written and fails the
// test where that makes a difference.
func Prove(t testing.TB, n *node.Node) {
	t.Helper()
	ctx := context.Background()
	v, err := n.Verify(ctx, node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Faults {
		t.Errorf("replayed from nothing: %s/%d [%s] %s", f.Book, f.Index, f.Code, f.What)
	}
	whole := rowsOf(t, n.Store, n)
	for _, b := range v.Books {
		alone(t, n, b.Book, whole)
	}
	backwards(t, n, v.Books)
}

// alone replays one book into an empty store: its rows and verdicts are those it has among the
// others, and no row of another book is made.
func alone(t testing.TB, n *node.Node, name string, whole map[string][]string) {
	t.Helper()
	s := scratch(t)
	if err := n.ReplayInto(context.Background(), s, []string{name}); err != nil {
		t.Errorf("%s replayed alone: %v", name, err)
		return
	}
	for table, rows := range rowsOf(t, s, n) {
		if joint(n, table) {
			continue
		}
		want := slices.DeleteFunc(slices.Clone(whole[table]), func(r string) bool { return !of(r, name) })
		compare(t, fmt.Sprintf("%s replayed alone: %s", name, table), rows, want)
	}
}

// backwards replays the books in the other order: whoever has the same books has the same tables.
func backwards(t testing.TB, n *node.Node, books []node.BookVerified) {
	t.Helper()
	var names []string
	for _, b := range slices.Backward(books) {
		names = append(names, b.Book)
	}
	s := scratch(t)
	if err := n.ReplayInto(context.Background(), s, names); err != nil {
		t.Fatalf("replayed backwards: %v", err)
	}
	whole := rowsOf(t, n.Store, n)
	for table, rows := range rowsOf(t, s, n) {
		compare(t, "books replayed in the other order: "+table, rows, whole[table])
	}
}

func compare(t testing.TB, what string, got, want []string) {
	t.Helper()
	for _, r := range got {
		if !slices.Contains(want, r) {
			t.Errorf("%s: only there: %s", what, r)
		}
	}
	for _, r := range want {
		if !slices.Contains(got, r) {
			t.Errorf("%s: missing there: %s", what, r)
		}
	}
}

func joint(n *node.Node, table string) bool {
	return slices.ContainsFunc(n.Modules(), func(m node.Module) bool { return slices.Contains(m.JointTables(), table) })
}

// of says whether a row belongs to a book: its first column names it.
func of(row, name string) bool { return strings.HasPrefix(row, "book="+name+"\t") }

func scratch(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "replay.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// rowsOf writes every row of the view as text, sorted.
func rowsOf(t testing.TB, s *store.Store, n *node.Node) map[string][]string {
	t.Helper()
	ctx := context.Background()
	all := map[string][]string{}
	err := s.Read(ctx, func(tx *store.Tx) error {
		for _, table := range n.ViewTables() {
			all[table] = []string{}
			err := node.EachRow(ctx, tx, table, func(r node.Row) error {
				var b strings.Builder
				for _, c := range r.Columns {
					fmt.Fprintf(&b, "%s=%s\t", c, strings.NewReplacer("\t", "\\t", "\n", "\\n").Replace(r.Get(c)))
				}
				all[table] = append(all[table], b.String())
				return nil
			})
			if err != nil {
				return err
			}
			slices.Sort(all[table])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var update = flag.Bool("kindtest.update", false, "write the golden replays anew")

// Golden holds released kinds to their meaning: the entries in file, replayed, give the rows in
// file. With -kindtest.update its rows are written anew from its own entries, and from the node's books
// when those hold a kind that the file does not have yet.
//
// The file has one line for each entry ("entry", book and origin, bytes) and each row ("row", table, values).
func Golden(t testing.TB, n *node.Node, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatalf("%v (write it with -kindtest.update)", err)
	}
	entries, rows := readGolden(t, b)
	if *update {
		if said := booksOf(t, n); !sameKinds(said, entries) {
			entries = said
		}
	}
	s := scratch(t)
	if err := n.ReplayEntries(context.Background(), s, entries); err != nil {
		t.Fatalf("replay %s: %v", file, err)
	}
	got := rowsOf(t, s, n)
	if *update {
		if err := os.WriteFile(file, golden(n, entries, got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for table, r := range got {
		compare(t, file+": "+table, r, rows[table])
	}
}

// booksOf are the entries of all books of the node.
func booksOf(t testing.TB, n *node.Node) (all []node.Replayed) {
	t.Helper()
	ctx := context.Background()
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		books, err := node.Books(ctx, tx)
		for _, b := range books {
			entries, err := node.Entries(ctx, tx, b.Book, 0, int(b.Size))
			if err != nil {
				return err
			}
			for _, e := range entries {
				all = append(all, node.Replayed{Book: b.Book, Origin: b.Origin, Entry: e})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sameKinds tells whether the second entries hold every kind of the first.
func sameKinds(said, kept []node.Replayed) bool {
	kinds := map[string]bool{}
	for _, r := range kept {
		if e, err := book.Scan(r.Entry); err == nil {
			kinds[e.Kind] = true
		}
	}
	for _, r := range said {
		if e, err := book.Scan(r.Entry); err == nil && !kinds[e.Kind] {
			return false
		}
	}
	return true
}

func golden(n *node.Node, entries []node.Replayed, rows map[string][]string) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		fmt.Fprintf(&b, "entry\t%s %s\t%s\n", e.Book, e.Origin, e.Entry)
	}
	for _, table := range n.ViewTables() {
		for _, r := range rows[table] {
			fmt.Fprintf(&b, "row\t%s\t%s\n", table, r)
		}
	}
	return b.Bytes()
}

func readGolden(t testing.TB, b []byte) (entries []node.Replayed, rows map[string][]string) {
	t.Helper()
	rows = map[string][]string{}
	for line := range strings.Lines(string(b)) {
		sort, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		name, what, ok := strings.Cut(rest, "\t")
		switch {
		case ok && sort == "entry":
			book, origin, _ := strings.Cut(name, " ")
			entries = append(entries, node.Replayed{Book: book, Origin: origin, Entry: []byte(what)})
		case ok && sort == "row":
			rows[name] = append(rows[name], what)
		default:
			t.Fatalf("golden file: %q", line)
		}
	}
	return entries, rows
}
