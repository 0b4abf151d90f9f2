package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// ErrSilent says that PostgreSQL did not answer within the limit that the transaction was given. Where Unclear says so too, it fell silent at
// the commit.
var ErrSilent = errors.New("数据库没有应答 (the database does not answer)")

// WriteWithin is Write for a database that may fall silent: when between two statements, or for one, more than limit passes, the
// connection is ended and the error is ErrSilent; the server ends the transaction after as long, so that others get what it had locked. A context
// alone does not do: commits, roll-backs and what prepares a statement must not be cut off by somebody who has gone. SQLite is in the
// process itself and has no limit.
func (s *Store) WriteWithin(ctx context.Context, limit time.Duration, f func(tx *Tx) error) error {
	return s.within(ctx, s.write, limit, "BEGIN", "COMMIT", f, s.Write)
}

// ReadWithin is Read with the limit of WriteWithin.
func (s *Store) ReadWithin(ctx context.Context, limit time.Duration, f func(tx *Tx) error) error {
	return s.within(ctx, s.read, limit, beginReading, "ROLLBACK", f, s.Read)
}

func (s *Store) within(ctx context.Context, p *pool, limit time.Duration, begin, end string, f func(tx *Tx) error,
	unlimited func(ctx context.Context, f func(tx *Tx) error) error,
) error {
	if s.Dialect == SQLite {
		return unlimited(ctx, f)
	}
	g := &guard{limit: limit}
	defer g.end()
	begin += fmt.Sprintf("; SET LOCAL idle_in_transaction_session_timeout = %d", limit.Milliseconds())
	err := p.in(ctx, g, begin, end, f)
	if err != nil && g.silent.Load() {
		return fmt.Errorf("%w: %w", ErrSilent, err)
	}
	return err
}

// guard ends a connection that was silent for too long. A nil guard does nothing.
type guard struct {
	limit  time.Duration
	timer  *time.Timer
	silent atomic.Bool
}

// take gets a connection, which may take as long.
func (g *guard) take(ctx context.Context, p *pool) (*conn, error) {
	if g == nil {
		return p.take(ctx)
	}
	within, cancel := context.WithTimeout(ctx, g.limit)
	defer cancel()
	c, err := p.take(within)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		g.silent.Store(true)
	}
	return c, err
}

// watch begins to watch a connection.
func (g *guard) watch(c *conn) error {
	if g == nil {
		return nil
	}
	return c.Raw(func(driver any) error {
		d, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of %T cannot be watched", driver)
		}
		var wire net.Conn = d.Conn().PgConn().Conn()
		g.timer = time.AfterFunc(g.limit, func() {
			g.silent.Store(true)
			_ = wire.Close() // whoever waits for it has an error now
		})
		return nil
	})
}

// speaks says that something is asked now.
func (g *guard) speaks() {
	if g != nil {
		g.timer.Reset(g.limit)
	}
}

func (g *guard) end() {
	if g.timer != nil {
		g.timer.Stop()
	}
}
