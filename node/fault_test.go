package node_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// openOn opens a node on the faulty disk.
func openOn(path string) (*node.Node, error) {
	s, err := store.Open(context.Background(), path, store.WithDriver("sqlite3", "vfs=faulty"))
	if err != nil {
		return nil, err
	}
	n, err := node.Open(context.Background(), faultConfig(s))
	if err != nil {
		s.Close()
	}
	return n, err
}

func faultConfig(s *store.Store) node.Config {
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat("liandong", 8)))
	if err != nil {
		panic(err)
	}
	now := time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)
	return node.Config{
		Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"},
		Key:      key, Store: s, Modules: []node.Module{counting}, Clock: func() time.Time { return now },
		May: func(node.Actor, string) bool { return true },
	}
}

func shut(n *node.Node) {
	if n != nil {
		n.Close()
		n.Store.Close()
	}
}

// seeded makes a database with two books and a few entries, which each round starts from.
func seeded(t *testing.T) string {
	t.Helper()
	theDisk.set(fault{})
	path := filepath.Join(t.TempDir(), "seed.db")
	n, err := openOn(path)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(n)
	for _, circle := range []string{node.Self, "suitong"} {
		if _, err := n.Write(context.Background(), node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
			return w.OpenBook(ctx, circle)
		}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if _, err := n.Write(context.Background(), node.Request{Actor: someone}, add("suitong", "x", 1)); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// requests are what each round asks for: entries in both books, in one commit and in several.
var requests = []struct {
	id   string
	act  node.Act
	says int // entries
}{
	{"r-0", add("suitong", "x", 10), 1},
	{"r-1", func(ctx context.Context, w *node.Writing) error {
		return errors.Join(add("suitong", "y", 20)(ctx, w), add(node.Self, "x", 30)(ctx, w))
	}, 2},
	{"r-2", add(node.Self, "y", 40), 1},
}

func ask(n *node.Node, i int) (node.Receipt, error) {
	r := requests[i]
	return n.Write(context.Background(), node.Request{ID: r.id, Print: []byte(r.id), Actor: someone}, r.act)
}

// TestEveryWriteFailsOnce: each write to the disk is once lost and once stored but reported as
// failed. Nothing answered is lost, nothing is half done, and the retry is answered once.
func TestEveryWriteFailsOnce(t *testing.T) {
	seed := seeded(t)
	for _, c := range []struct {
		name   string
		stored bool
	}{{"lost", false}, {"stored but reported as failed", true}} {
		t.Run(c.name, func(t *testing.T) {
			for at := 1; ; at++ {
				if !round(t, seed, fault{at: at, stored: c.stored, err: sqlite3.IOERR}) {
					t.Logf("%d writes", at-1)
					return
				}
			}
		})
	}
}

// round runs one fault and reports whether it was met.
func round(t *testing.T, seed string, f fault) bool {
	t.Helper()
	path := filepath.Join(t.TempDir(), "node.db")
	copyFile(t, seed, path)
	theDisk.set(f)
	answered := map[int]node.Receipt{}
	n, err := openOn(path)
	for i := range requests {
		if err != nil {
			break // the fault was met while opening
		}
		receipt, failed := ask(n, i)
		if failed != nil { // the disk is well again: the same process must get through
			receipt, failed = ask(n, i)
		}
		if failed != nil {
			t.Errorf("%+v: %s: the retry failed too: %v", f, requests[i].id, failed)
			continue
		}
		answered[i] = receipt
	}
	shut(n)
	met := theDisk.met()
	theDisk.set(fault{})
	n, err = openOn(path)
	if err != nil {
		t.Fatalf("%+v: reopen: %v", f, err)
	}
	defer shut(n)
	afterFault(t, n, f, answered)
	return met
}

// afterFault asks everything once more and looks at what stands.
func afterFault(t *testing.T, n *node.Node, f fault, answered map[int]node.Receipt) {
	t.Helper()
	clean(t, n)
	for i, r := range requests {
		receipt, err := ask(n, i)
		if err != nil || len(receipt.Entries) != r.says {
			t.Errorf("%+v: %s: %+v, %v", f, r.id, receipt, err)
		}
		if before, ok := answered[i]; ok && (!receipt.Again || fmt.Sprint(before.Entries) != fmt.Sprint(receipt.Entries)) {
			t.Errorf("%+v: %s was answered with %+v and then with %+v", f, r.id, before, receipt)
		}
	}
	if x, y := total(t, n, "x"), total(t, n, "y"); x != 43 || y != 60 {
		t.Errorf("%+v: totals %d and %d, want 43 and 60: a request counted twice or not at all", f, x, y)
	}
	clean(t, n)
}

// TestDiskFull: whoever writes is told plainly, nothing is half written, reading goes on, and
// the node recovers by itself once there is room.
func TestDiskFull(t *testing.T) {
	seed := seeded(t)
	for at := 1; at <= 40; at += 3 {
		path := filepath.Join(t.TempDir(), "node.db")
		copyFile(t, seed, path)
		theDisk.set(fault{})
		n, err := openOn(path)
		if err != nil {
			t.Fatal(err)
		}
		f := fault{at: at, onwards: true, err: sqlite3.FULL}
		theDisk.set(f)
		answered := map[int]node.Receipt{}
		for i := range requests {
			receipt, err := ask(n, i)
			if err == nil {
				answered[i] = receipt
			} else if !store.DiskFull(err) {
				t.Errorf("%+v: %v, want a plain word that the disk is full", f, err)
			}
		}
		total(t, n, "x") // reading goes on
		theDisk.set(fault{})
		afterFault(t, n, f, answered)
		shut(n)
	}
}
