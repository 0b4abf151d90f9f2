package exchange_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// slow sends a kilobyte a second.
type slow struct {
	http.ResponseWriter
	begun time.Time
	sent  int
}

func (s *slow) Write(b []byte) (n int, err error) {
	const chunk, rate = 64, 1024
	for len(b) > 0 {
		part := b[:min(chunk, len(b))]
		s.sent += len(part)
		if ahead := time.Duration(s.sent)*time.Second/rate - time.Since(s.begun); ahead > 0 {
			time.Sleep(ahead)
		}
		m, err := s.ResponseWriter.Write(part)
		if n += m; err != nil {
			return n, err
		}
		_ = http.NewResponseController(s.ResponseWriter).Flush()
		b = b[len(part):]
	}
	return n, nil
}

func (g *government) through(line func(next http.Handler) http.Handler) { g.before.Store(&line) }

// TestASlowLine: a line of a kilobyte a second brings the book all the same, and who is well connected does not wait for it.
func TestASlowLine(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	suining.recognises(t, yibin)
	yibin.recognises(t, suining)
	tongnan.talks(t, 6)
	var begun atomic.Pointer[time.Time] // of what the line carries: answers share it
	var line slowLine
	tongnan.through(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			now := time.Now()
			begun.CompareAndSwap(nil, &now)
			line.serve(w, r, next)
		})
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { suining.follower(t).Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	for begun.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	yibin.talks(t, 3)
	comes(t, 3*time.Second, "the well connected one, while the other's book is under way", func() bool {
		return suining.size(t, "511500/suitong") == yibin.size(t, "511500/suitong")
	})
	comes(t, time.Minute, "the book over the slow line", func() bool {
		return suining.size(t, "500152/suitong") == tongnan.size(t, "500152/suitong")
	})
	if took := time.Since(*begun.Load()); took < time.Second {
		t.Errorf("the line was not slow: %v for %d bytes", took, line.sent.Load())
	}
	suining.clean(t)
}

type slowLine struct{ sent atomic.Int64 }

func (l *slowLine) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	s := &slow{ResponseWriter: w, begun: time.Now()}
	next.ServeHTTP(s, r)
	l.sent.Add(int64(s.sent))
}

func comes(t *testing.T, patience time.Duration, what string, so func() bool) {
	t.Helper()
	for begun := time.Now(); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// TestALossyLine: of twelve answers one is lost and one is cut off, and what was taken before is not asked for again.
func TestALossyLine(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 2000)
	var n atomic.Int64
	var mu sync.Mutex
	luck := rand.New(rand.NewPCG(1, 2))
	tongnan.through(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n.Add(1)
			mu.Lock()
			fate := luck.IntN(12)
			mu.Unlock()
			switch fate {
			case 0:
				panic(http.ErrAbortHandler)
			case 1:
				next.ServeHTTP(&cutOff{ResponseWriter: w}, r)
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	})
	most, tries := int64(0), 0
	for most != tongnan.size(t, "500152/suitong") {
		if tries++; tries > 200 {
			t.Fatalf("%d entries after %d tries", most, tries)
		}
		_, _ = suining.once(t, tongnan) // most of them fail, which the line is for
		size := suining.size(t, "500152/suitong")
		if size < most {
			t.Fatalf("%d entries, and %d before", size, most)
		}
		most = size
	}
	t.Logf("%d tries, %d requests", tries, n.Load())
	suining.clean(t)
}

// cutOff lets half of the first writing through.
type cutOff struct {
	http.ResponseWriter
	cut bool
}

func (c *cutOff) Write(b []byte) (int, error) {
	if !c.cut {
		c.cut = true
		_, _ = c.ResponseWriter.Write(b[:len(b)/2])
	}
	return len(b), nil
}

// TestAFullDisk: a follower without room takes no half of anything, says so, and goes on by itself when there is room.
func TestAFullDisk(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 3000)
	room := func(more int) {
		if err := suining.Store.Write(context.Background(), func(tx *store.Tx) error {
			var pages int
			if err := tx.Row(context.Background(), `PRAGMA page_count`).Scan(&pages); err != nil {
				return err
			}
			var now int
			return tx.Row(context.Background(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+more)).Scan(&now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	room(40)
	_, err := suining.once(t, tongnan)
	if !store.DiskFull(err) {
		t.Fatalf("followed without room: %v", err)
	}
	if states := suining.states(t); len(states) != 1 || states[0].Stopped {
		t.Errorf("noted as %+v", states)
	}
	suining.clean(t)
	actor := node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: suining.Member}
	for err = nil; err == nil; { // what is left is used up by the own book
		_, err = suining.Write(context.Background(), node.Request{Actor: actor}, func(ctx context.Context, w *node.Writing) error {
			_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
				Circle: "suitong", Facts: region.CircleFacts{Circle: "suitong", Members: []string{"500152", "510900"}},
				Words: &region.CircleWords{Name: "遂潼"},
			})
			return err
		})
	}
	if !refuse.Is(err, "node.disk-full") && !store.DiskFull(err) {
		t.Errorf("the own book without room: %v", err)
	}
	room(1 << 20)
	if size, err := suining.once(t, tongnan); err != nil || size != tongnan.size(t, "500152/suitong") {
		t.Errorf("with room again: %d, %v", size, err)
	}
	suining.talks(t, 1)
	suining.clean(t)
}
