package node_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// opensOn opens a node of one member on a database that others have open as well.
func opensOn(t *testing.T, at string, view int, now func() time.Time, progress func(done, total int64)) (*node.Node, error) {
	t.Helper()
	s, err := store.Open(context.Background(), at)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { s.Close() })
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat("liandong", 8)))
	if err != nil {
		return nil, err
	}
	module := counting
	module.View = view
	n, err := node.Open(context.Background(), node.Config{
		Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"},
		Key:      key, Store: s, Modules: []node.Module{module}, Clock: now,
		May: func(node.Actor, string) bool { return true }, Progress: progress,
	})
	if err == nil {
		t.Cleanup(n.Close)
	}
	return n, err
}

func opensBook(t *testing.T, n *node.Node) {
	t.Helper()
	mustWrite(t, n, func(ctx context.Context, w *node.Writing) error { return w.OpenBook(ctx, "suitong") })
}

// TestNobodyWritesBesideARebuild: an old process that writes while a new one makes the view anew waits, and is told to stop; what stands is
// what the books add up to.
func TestNobodyWritesBesideARebuild(t *testing.T) {
	ctx := context.Background()
	at := storetest.PostgresAddress(t)
	c := &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)}
	old, err := opensOn(t, at, 0, c.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	opensBook(t, old)
	mustWrite(t, old, add("suitong", "x", 1))
	meanwhile := make(chan error, 1)
	var once sync.Once
	next, err := opensOn(t, at, 1, c.Now, func(int64, int64) {
		once.Do(func() {
			go func() {
				_, err := old.Write(ctx, node.Request{Actor: someone}, add("suitong", "x", 41))
				meanwhile <- err
			}()
			time.Sleep(200 * time.Millisecond) // it has come as far as it can
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-meanwhile; err == nil {
		t.Error("the old process wrote beside the rebuild")
	}
	mustWrite(t, next, add("suitong", "x", 100))
	if sum := total(t, next, "x"); sum != 101 {
		t.Errorf("the view says %d", sum)
	}
	v, err := next.Verify(ctx, node.VerifyOptions{View: true})
	if err != nil || !v.Clean() {
		t.Errorf("%v %v", v.Faults, err)
	}
}

// TestSeveralStartAtOnce on an empty database, and once more after an upgrade: all of them write.
func TestSeveralStartAtOnce(t *testing.T) {
	at := storetest.PostgresAddress(t)
	c := &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)}
	for view := range 2 {
		nodes, errs := make([]*node.Node, 4), make([]error, 4)
		var all sync.WaitGroup
		for i := range nodes {
			all.Go(func() { nodes[i], errs[i] = opensOn(t, at, view, c.Now, nil) })
		}
		all.Wait()
		for i, n := range nodes {
			if errs[i] != nil {
				t.Fatalf("view %d, process %d: %v", view, i, errs[i])
			}
			opensBook(t, n)
			mustWrite(t, n, add("suitong", fmt.Sprint("by-", i), 1))
		}
		for _, n := range nodes {
			n.Close()
		}
	}
}
