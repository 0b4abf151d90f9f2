package exchange_test

import (
	"bytes"
	"context"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store/storetest"
)

// counting counts what is asked of a source, and the largest heap that it sees.
type counting struct {
	*shown
	bytes atomic.Int64
	heap  atomic.Uint64
}

func (c *counting) Entries(ctx context.Context, n int64, width int) ([][]byte, error) {
	all, err := c.shown.Entries(ctx, n, width)
	given := make([][]byte, len(all))
	for i, e := range all { // as a line brings them: bytes of their own
		given[i] = bytes.Clone(e)
		c.bytes.Add(int64(len(e)))
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	for had := c.heap.Load(); m.HeapAlloc > had && !c.heap.CompareAndSwap(had, m.HeapAlloc); had = c.heap.Load() {
	}
	return given, err
}

// TestHeavyEntriesComeOnceAndInPieces: a book of entries of 64 KB, whoever made them, is asked for about once, and others write between
// its pieces.
func TestHeavyEntriesComeOnceAndInPieces(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { heavyEntries(t, governs(t, "510900", "suining.example")) })
	t.Run("postgres", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "510900")
		if err := node.InitFolder(dir, node.Settings{Identity: node.Identity{Member: "510900", Name: "510900", Origin: "suining.example"}}); err != nil {
			t.Fatal(err)
		}
		heavyEntries(t, opensCircle(t, servesWith(t, dir, node.FolderOptions{May: region.Permit, Store: storetest.PostgresAddress(t)})))
	})
}

func heavyEntries(t *testing.T, suining *government) {
	tongnan := governs(t, "500152", "tongnan.example")
	suining.recognises(t, tongnan)
	tongnan.recognises(t, suining)
	src := &counting{shown: tongnan.shows(t, 2)}
	for i := range 700 {
		src.entries = append(src.entries, bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 32<<10))
	}
	var commits atomic.Int64
	suining.AfterCommit(func() { commits.Add(1) })
	size, err := suining.follower(t).Once(context.Background(), "suitong", "500152", src)
	if err != nil || size != 702 {
		t.Fatalf("%d entries: %v", size, err)
	}
	whole := int64(700 * 64 << 10)
	if asked := src.bytes.Load(); asked > 3*whole {
		t.Errorf("%d MB were asked for of a book of %d MB", asked>>20, whole>>20)
	}
	if n := commits.Load(); n < whole>>20 {
		t.Errorf("%d commits for %d MB", n, whole>>20)
	}
	t.Logf("asked for %d MB, %d commits, heap %d MB", src.bytes.Load()>>20, commits.Load(), src.heap.Load()>>20)
	suining.clean(t)
}

var _ exchange.Source = (*counting)(nil)
