package exchange_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"liandong/exchange"
)

// TestANeighbourWaitsOnlySoOften: who has enough requests waiting is told so at once; others wait, and he again once one of his has ended.
func TestANeighbourWaitsOnlySoOften(t *testing.T) {
	suining, tongnan := neighbours(t)
	yibin := governs(t, "511500", "yibin.example")
	yibin.recognises(t, suining)
	suining.recognises(t, yibin)
	const most = 64
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	answered := make(chan error, 2*most)
	waits := func(ctx context.Context, g *government) {
		size := suining.size(t, suining.BookName("suitong"))
		r := g.of(t, suining)
		go func() { answered <- r.Wait(ctx, size) }()
	}
	asked := make(chan struct{}, 2*most)
	suining.answers("/book/suitong/wait", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		asked <- struct{}{}
		next.ServeHTTP(w, r)
	})
	first, end := context.WithCancel(ctx)
	waits(first, tongnan)
	for range most - 1 {
		waits(ctx, tongnan)
	}
	for range most {
		<-asked
	}
	told := func(g *government) error {
		waits(ctx, g)
		select {
		case err := <-answered:
			return err
		case <-time.After(300 * time.Millisecond):
			return nil
		}
	}
	for begun := time.Now(); ; { // the last of them may not have been counted yet
		if err := told(tongnan); err != nil {
			var status *exchange.StatusError
			if !errors.As(err, &status) || status.Status != http.StatusTooManyRequests {
				t.Fatalf("one too many: %v", err)
			}
			break
		}
		if time.Since(begun) > 10*time.Second {
			t.Fatal("as many as he likes wait")
		}
	}
	if err := told(yibin); err != nil {
		t.Errorf("another neighbour: %v", err)
	}
	end()
	<-answered
	for begun := time.Now(); told(tongnan) != nil; {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("the place of one that ended is not free")
		}
	}
}
