package exchange_test

import (
	"context"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/store"
	"liandong/store/storetest"
)

// TestOneOfSeveralHoldsTheLease: three processes over one database; those that end give it on at once, one that dies
// without a word is followed within ten seconds, and never do two hold it.
func TestOneOfSeveralHoldsTheLease(t *testing.T) {
	s := storetest.OpenPostgres(t)
	if err := s.Migrate(context.Background(), "exchange", exchange.Module().Migrations); err != nil {
		t.Fatal(err)
	}
	holds := make(chan int)
	var stops []context.CancelFunc
	for i := range 3 {
		ctx, stop := context.WithCancel(context.Background())
		stops = append(stops, stop)
		t.Cleanup(stop)
		lease := &exchange.Lease{Store: s}
		go lease.While(ctx, func(ctx context.Context) {
			holds <- i
			<-ctx.Done()
		})
	}
	next := func(within time.Duration) int {
		select {
		case i := <-holds:
			return i
		case <-time.After(within):
			t.Fatalf("nobody holds the lease after %v", within)
			return -1
		}
	}
	first := next(10 * time.Second)
	select {
	case i := <-holds:
		t.Fatalf("%d and %d hold it both", first, i)
	case <-time.After(4 * time.Second):
	}
	stops[first]()
	second := next(5 * time.Second)
	// The second dies: its process is gone, its row stays as it is.
	if err := s.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE exchange_lease SET holder = 'one that is dead'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	stops[second]()
	if third := next(10 * time.Second); third == first || third == second {
		t.Errorf("%d follows %d", third, second)
	}
}
