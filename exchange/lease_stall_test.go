package exchange_test

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/store"
	"liandong/store/storetest"
)

// line is a connection to PostgreSQL that can stall: nothing is lost, and nothing comes through.
type line struct {
	mu sync.Mutex // held while it stalls
}

func (l *line) pass(to net.Conn, b []byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := to.Write(b)
	return err == nil
}

// through listens beside the server's socket and passes on what comes; the address leads there.
func (l *line) through(t *testing.T, address string) string {
	t.Helper()
	before, socket, _ := strings.Cut(address, "host=")
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", filepath.Join(socket, ".s.PGSQL.5432"))
			if err != nil {
				near.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				defer to.Close()
				b := make([]byte, 1<<14)
				for {
					n, err := from.Read(b)
					if !l.pass(to, b[:n]) || err != nil {
						return
					}
				}
			}
			go pass(near, far)
			go pass(far, near)
		}
	}()
	return before + "host=" + dir
}

// TestWhoseDatabaseStallsStopsFollowing: a process whose connection stalls ends what it did under the lease before another can take it.
func TestWhoseDatabaseStallsStopsFollowing(t *testing.T) {
	address := storetest.PostgresAddress(t)
	ctx := context.Background()
	var l line
	opened := func(address string) *store.Store {
		s, err := store.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	stalls, other := opened(l.through(t, address)), opened(address)
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
		select {
		case at := <-from:
			return at
		case <-time.After(15 * time.Second):
			t.Fatalf("%s: nothing in 15 seconds", what)
			return time.Time{}
		}
	}
	next(holds, "the first holds")
	run(other)
	time.Sleep(2 * time.Second) // it renews in peace
	l.mu.Lock()
	defer l.mu.Unlock()
	stopped, took := next(ended, "the first ends"), next(holds, "the other holds")
	if took.Before(stopped) {
		t.Errorf("both follow for %v", stopped.Sub(took))
	}
}
