package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// benchEntries is the size of the book that is followed; a million counts for the goals.
func benchEntries() int {
	if n, err := strconv.Atoi(os.Getenv("LIANDONG_BENCH_ENTRIES")); err == nil {
		return n
	}
	return 1_000_000
}

func benchNeighbours(b *testing.B) (suining, tongnan *government) {
	suining, tongnan = governs(b, "510900", "suining.example"), governs(b, "500152", "tongnan.example")
	suining.recognises(b, tongnan)
	tongnan.recognises(b, suining)
	return suining, tongnan
}

// BenchmarkFollow follows a neighbour's book over HTTP from its start: fetch, verify, check, apply. Its peer is
// `rebuild` of the same entries on the same machine: "of-rebuild" is to be at least 0.5, "heap-MB" under 300.
func BenchmarkFollow(b *testing.B) {
	suining, tongnan := benchNeighbours(b)
	count := benchEntries()
	for range count / 5000 {
		tongnan.talks(b, 5000)
	}
	done := make(chan struct{})
	most := peakHeap(done)
	begun := time.Now()
	size, err := suining.once(b, tongnan)
	followed := time.Since(begun)
	close(done)
	if err != nil || size < int64(count) {
		b.Fatal(size, err)
	}
	begun = time.Now()
	if err := suining.Rebuild(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
	rebuilt := time.Since(begun)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size)/followed.Seconds(), "entries/s")
	b.ReportMetric(float64(size)/rebuilt.Seconds(), "rebuild-entries/s")
	b.ReportMetric(rebuilt.Seconds()/followed.Seconds(), "of-rebuild")
	b.ReportMetric(float64(<-most)/1e6, "heap-MB")
}

// peakHeap watches the memory in use, of the writing node too, since both run in this process.
func peakHeap(done <-chan struct{}) <-chan uint64 {
	most := make(chan uint64, 1)
	go func() {
		var peak uint64
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-done:
				most <- peak
				return
			case <-tick.C:
			}
		}
	}()
	return most
}

// BenchmarkDelay measures the time from a write on one node to the other's view at 200 writes a second on loopback:
// "p99-ms" is to be under 500.
func BenchmarkDelay(b *testing.B) {
	suining, tongnan := benchNeighbours(b)
	ctx, stop := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { suining.follower(b).Run(ctx) })
	defer ended.Wait()
	defer stop()
	const writes = 1000
	var mu sync.Mutex
	sent := map[int64]time.Time{}
	var writing sync.WaitGroup
	defer writing.Wait()
	writing.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for range writes {
			<-tick.C
			writing.Go(func() {
				at := time.Now()
				index := tongnan.speaks(b)
				mu.Lock()
				sent[index] = at
				mu.Unlock()
			})
		}
	})
	var delays []time.Duration
	last := suining.size(b, "500152/suitong")
	for len(delays) < writes*9/10 {
		time.Sleep(500 * time.Microsecond)
		size := suining.size(b, "500152/suitong")
		now := time.Now()
		mu.Lock()
		for ; last < size; last++ {
			if at, ok := sent[last]; ok {
				delays = append(delays, now.Sub(at))
			}
		}
		mu.Unlock()
	}
	slices.Sort(delays)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(delays[len(delays)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(delays[len(delays)*99/100].Microseconds())/1000, "p99-ms")
}

// speaks says one thing in the book of the circle and returns its index.
func (g *government) speaks(t testing.TB) int64 {
	actor := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: g.Member}
	r, err := g.Write(context.Background(), node.Request{Actor: actor}, func(ctx context.Context, w *node.Writing) error {
		_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
			Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
			Words: &region.CircleWords{Name: "遂潼"},
		})
		return err
	})
	if err != nil {
		t.Error(err)
		return -1
	}
	return r.Entries[0].Index
}

// BenchmarkCosign sends heads to a witness from 32 logs at once: "cosigned/s" is to be at least 2,000.
func BenchmarkCosign(b *testing.B) {
	suining := governs(b, "510900", "suining.example")
	const logs, heads = 32, 40
	all := make([][][]byte, logs)
	for i := range logs {
		origin := fmt.Sprintf("m%d.example", i)
		key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{byte(i + 1)}, 64)))
		if err != nil {
			b.Fatal(err)
		}
		suining.say(b, func(ctx context.Context, w *node.Writing) error {
			text := region.KeyText(key.Public())
			_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
				Circle: "suitong", Words: &region.RecognisedWords{Name: origin},
				Facts: region.RecognisedFacts{Member: fmt.Sprint(520000 + i), Origin: origin, Key: text, Witness: text, Request: text},
			})
			return err
		})
		all[i] = submissions(b, origin+"/suitong", key, heads)
	}
	begun := time.Now()
	var wg sync.WaitGroup
	for i := range logs {
		wg.Go(func() {
			for _, s := range all[i] {
				res, err := http.Post(suining.server.URL+"/witness/add-checkpoint", "text/plain", bytes.NewReader(s))
				if err != nil {
					b.Error(err)
					return
				}
				res.Body.Close()
				if res.StatusCode != http.StatusOK {
					b.Error(res.Status)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(logs*heads/time.Since(begun).Seconds(), "cosigned/s")
}

func submissions(b *testing.B, origin string, key book.Key, heads int) (all [][]byte) {
	s := &shown{origin: origin, key: key}
	for i := range heads {
		old := int64(len(s.entries))
		s.entries = append(s.entries, fmt.Appendf(nil, "%s %d", origin, i))
		checkpoint, err := s.Checkpoint(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		proof, err := book.ProveConsistency(old, int64(len(s.entries)), func(level int, n int64, width int) ([]byte, error) {
			return s.Tile(context.Background(), level, n, width)
		})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, exchange.Submission(old, proof, checkpoint))
	}
	return all
}

// BenchmarkTile serves a full tile of an open book again and again, beside a handler of static files: "of-static" is to
// be at least 0.5.
func BenchmarkTile(b *testing.B) {
	suining := governs(b, "510900", "suining.example")
	suining.talks(b, 1000)
	books := exchange.Books{Node: suining.Node, Open: exchange.OpenTo("suitong"), Kept: &exchange.Kept{}}
	mux := http.NewServeMux()
	for _, p := range exchange.Patterns {
		mux.Handle(p, books)
	}
	dir := b.TempDir()
	var tile []byte
	if err := suining.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		tile, err = node.Tile(context.Background(), tx, "510900/suitong", 0, 1, 256)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tile"), tile, 0o600); err != nil {
		b.Fatal(err)
	}
	static := http.FileServer(http.Dir(dir))
	serve := func(h http.Handler, path string) time.Duration {
		begun := time.Now()
		for range 2000 {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
			if rec.Code != http.StatusOK || rec.Body.Len() != 8192 {
				b.Fatal(rec.Code, rec.Body.Len())
			}
		}
		return time.Since(begun)
	}
	var of []float64
	for range 7 {
		peer := serve(static, "/tile")
		of = append(of, peer.Seconds()/serve(mux, "/book/suitong/tile/0/001").Seconds())
	}
	slices.Sort(of)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(of[len(of)/2], "of-static")
}

// BenchmarkFollowers has 64 writers write as fast as they can, alone and while 300 followers each ask every two seconds, over a
// connection of their own, for the head, the newest full tile and its entries: "of-alone" is to be at least 0.9. The followers run
// in the same process, so what asking costs them is counted too.
func BenchmarkFollowers(b *testing.B) {
	suining := governs(b, "510900", "suining.example")
	suining.talks(b, 1000)
	mux := http.NewServeMux()
	for _, p := range exchange.Patterns {
		mux.Handle(p, exchange.Books{Node: suining.Node, Open: exchange.OpenTo("suitong"), Kept: &exchange.Kept{}})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	const followers, pace, round = 300, 2 * time.Second, 3 * time.Second
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: followers}}
	var asked atomic.Int64
	follow := func(ctx context.Context, late time.Duration) {
		for wait := late; ; wait = pace {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			full := suining.size(b, "510900/suitong")/256 - 1
			for _, path := range []string{"checkpoint", book.TilePath(0, full, 256), book.EntriesPath(full, 256)} {
				res, err := client.Get(server.URL + "/book/suitong/" + path)
				if err != nil {
					b.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != http.StatusOK {
					b.Errorf("%s: %s, %v", path, res.Status, err)
					return
				}
				asked.Add(1)
			}
		}
	}
	written := func() float64 {
		before, begun := suining.size(b, "510900/suitong"), time.Now()
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for time.Since(begun) < round {
					suining.speaks(b)
				}
			})
		}
		wg.Wait()
		return float64(suining.size(b, "510900/suitong")-before) / time.Since(begun).Seconds()
	}
	written() // warm
	var of []float64
	for range 5 {
		alone := written() // and once more after: the book grows, and each write costs a little more than the one before
		ctx, stop := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for i := range followers {
			wg.Go(func() { follow(ctx, pace*time.Duration(i)/followers) })
		}
		among := written()
		stop()
		wg.Wait()
		of = append(of, 2*among/(alone+written()))
	}
	slices.Sort(of)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(of[len(of)/2], "of-alone")
	b.ReportMetric(float64(asked.Load())/(5*round.Seconds()), "asked/s")
}
