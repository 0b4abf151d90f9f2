package exchange_test

import (
	"context"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWhoseDatabaseStallsStopsFollowing: a process whose connection falls silent, wherever in a renewal, ends what it did under the lease before
// another takes it, and another does.
func TestWhoseDatabaseStallsStopsFollowing(t *testing.T) {
	for name, silence := range map[string]func(l *storetest.Line){
		"between two renewals":     (*storetest.Line).Silence,
		"when a renewal commits":   func(l *storetest.Line) { l.SilenceBefore(storetest.AskedToCommit) },
		"when a renewal is stored": func(l *storetest.Line) { l.SilenceBefore(storetest.Committed) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stalls(t, silence)
		})
	}
}

func stalls(t *testing.T, silence func(l *storetest.Line)) {
	address := storetest.PostgresAddress(t)
	ctx := context.Background()
	var l storetest.Line
	opened := func(address string) *store.Store {
		s, err := store.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	stalls, other := opened(l.Through(t, address)), opened(address)
	if err := other.Migrate(ctx, "exchange", exchange.Module().Migrations); err != nil {
		t.Fatal(err)
	}
	holds, ended := make(chan time.Time, 9), make(chan time.Time, 9)
	run := func(s *store.Store) {
		one, stop := context.WithCancel(ctx)
		t.Cleanup(stop)
		go (&exchange.Lease{Store: s}).While(one, func(ctx context.Context) {
			holds <- time.Now()
			<-ctx.Done()
			ended <- time.Now()
		})
	}
	run(stalls)
	next := func(from chan time.Time, what string) time.Time {
		t.Helper()
		select {
		case at := <-from:
			return at
		case <-time.After(20 * time.Second):
			t.Errorf("%s: nothing in 20 seconds", what)
			return time.Now()
		}
	}
	next(holds, "the first holds")
	run(other)
	time.Sleep(2 * time.Second) // it renews in peace
	silence(&l)
	defer l.Resume()
	took := next(holds, "the other holds")
	if stopped := next(ended, "the first ends"); took.Before(stopped) {
		t.Errorf("both follow for %v", stopped.Sub(took))
	}
}
