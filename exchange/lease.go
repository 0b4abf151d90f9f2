package exchange

import (
	"context"
	"crypto/rand"
	"time"

	"liandong/store"
)

// A member may be served by several processes over one PostgreSQL. One of them does a work, whichever holds its lease
// (租约); when it dies another takes over after leaseFor at the latest. The database's clock counts, so that processes
// with different clocks agree.
const (
	leaseFor   = 8 * time.Second
	leaseRenew = 1500 * time.Millisecond
	// leaseSure is how long after it was asked for a lease is surely held: a database that answers late has counted from earlier.
	leaseSure = leaseFor / 2
)

// Work is what only one of several processes does.
type Work int64

// The works, each under a lease of its own.
const (
	Following Work = iota // neighbours' books
	Telling               // people, of what waits for them
)

// Lease is a process's claim to be the one that does a work.
type Lease struct {
	Store  *store.Store
	Work   Work
	holder string
}

// row is the id of the lease's row.
func (l *Lease) row() int64 { return int64(l.Work) + 1 }

// take takes or renews the lease; whether this process holds it now.
func (l *Lease) take(ctx context.Context) (held bool, err error) {
	if l.holder == "" {
		l.holder = rand.Text()
	}
	err = l.Store.WriteWithin(ctx, leaseSure, func(tx *store.Tx) error {
		var now int64
		if err := tx.Row(ctx, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`).Scan(&now); err != nil {
			return err
		}
		// One statement: of two that find no lease at all only one is to take it, and a row that is not there cannot be locked.
		took, err := tx.Exec(ctx, `INSERT INTO exchange_lease (id, holder, until_ms) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
			WHERE exchange_lease.holder = excluded.holder OR exchange_lease.until_ms <= ?`, l.row(), l.holder, now+leaseFor.Milliseconds(), now)
		held = took == 1
		return err
	})
	return held && err == nil, err
}

// give ends the lease, so that another need not wait for its end.
func (l *Lease) give(ctx context.Context) error {
	return l.Store.WriteWithin(ctx, leaseSure, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE exchange_lease SET until_ms = 0 WHERE id = ? AND holder = ?`, l.row(), l.holder)
		return err
	})
}

// While runs f as long as this process holds the lease, again and again, until ctx ends. f ends when its context does.
func (l *Lease) While(ctx context.Context, f func(ctx context.Context)) {
	if l.Store.Dialect == store.SQLite { // the folder's lock lets one process only
		f(ctx)
		return
	}
	for ctx.Err() == nil {
		asked := time.Now()
		if held, err := l.ask(ctx, asked.Add(leaseSure)); err != nil || !held {
			sleep(ctx, leaseRenew)
			continue
		}
		l.hold(ctx, asked, f)
	}
}

// ask is take by a time: a database that does not answer must not keep this process from noticing that its lease has ended.
func (l *Lease) ask(ctx context.Context, by time.Time) (held bool, err error) {
	ctx, cancel := context.WithDeadline(ctx, by)
	defer cancel()
	return l.take(ctx)
}

// hold runs f and renews beside it; f is stopped well before the lease can end. renewed is when it was asked for.
func (l *Lease) hold(ctx context.Context, renewed time.Time, f func(ctx context.Context)) {
	one, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); f(one) }()
	unsure := time.AfterFunc(time.Until(renewed.Add(leaseSure)), stop) // whatever a renewal waits for
	defer unsure.Stop()
	for one.Err() == nil {
		sleep(one, leaseRenew)
		asked := time.Now()
		held, err := l.ask(one, renewed.Add(leaseSure))
		switch {
		case err == nil && held:
			renewed = asked
			unsure.Reset(time.Until(renewed.Add(leaseSure)))
		case err == nil: // another has it
			stop()
		}
	}
	<-ended
	// Without the lease there is nothing to give; the error would be the one that is being left.
	done, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseSure)
	defer cancel()
	_ = l.give(done)
}

func sleep(ctx context.Context, d time.Duration) {
	enough := time.NewTimer(d)
	defer enough.Stop()
	select {
	case <-enough.C:
	case <-ctx.Done():
	}
}
