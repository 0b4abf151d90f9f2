package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5/stdlib"
)

// pool keeps connections with their prepared statements: preparing costs more than most of our
// statements do, and database/sql prepares anew for every transaction.
//
// Who comes takes the connection that was given back last: its pages are still in its cache, and what is
// seldom needed is not even opened.
type pool struct {
	db      *sql.DB
	dialect Dialect
	file    *dataFile
	free    chan struct{} // as many as connections may be taken

	mu     sync.Mutex
	idle   []*conn // the last is the next to be taken
	closed bool

	announces bool
}

type conn struct {
	*sql.Conn
	dialect  Dialect
	prepared map[string]*sql.Stmt
}

func newPool(db *sql.DB, d Dialect, n int) *pool {
	p := &pool{db: db, dialect: d, free: make(chan struct{}, n)}
	for range n {
		p.free <- struct{}{}
	}
	return p
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.free:
	}
	if c := p.last(); c != nil {
		return c, nil
	}
	c, err := p.db.Conn(ctx)
	if err != nil {
		p.free <- struct{}{}
		return nil, err
	}
	return &conn{Conn: c, dialect: p.dialect, prepared: map[string]*sql.Stmt{}}, nil
}

func (p *pool) last() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	c := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return c
}

// give returns a connection; a broken one is dropped, and another is opened when it is needed.
func (p *pool) give(c *conn, broken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if broken || p.closed {
		c.drop()
	} else {
		p.idle = append(p.idle, c)
	}
	p.free <- struct{}{}
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.drop()
	}
	p.idle = nil
}

// emptyLog carries the write-ahead log of a SQLite database over into its file and cuts it off, unless somebody reads:
// after one large transaction it is as long as the file, and would stay so. That it could not be is no error.
func (p *pool) emptyLog(ctx context.Context) {
	c, err := p.take(ctx)
	if err != nil {
		return
	}
	defer p.give(c, false)
	_, _ = c.ExecContext(ctx, `PRAGMA busy_timeout(0); PRAGMA wal_checkpoint(TRUNCATE); PRAGMA `+waiting)
}

// shrink lets SQLite give back the page caches of the connections that nobody uses.
func (p *pool) shrink(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		if _, err := c.ExecContext(ctx, "PRAGMA shrink_memory"); err != nil {
			return fmt.Errorf("shrink the page cache: %w", err)
		}
	}
	return nil
}

// drop ends a connection for good: database/sql would hand it to the next taker as it is, perhaps
// with its transaction open.
func (c *conn) drop() {
	for _, s := range c.prepared {
		s.Close()
	}
	c.Raw(func(any) error { return driver.ErrBadConn })
	c.Close()
}

// in runs f between begin and end; any error rolls back. A connection on which a roll-back
// fails is not used again.
func (p *pool) in(ctx context.Context, g *guard, begin, end string, f func(tx *Tx) error) (err error) {
	c, err := g.take(ctx, p)
	if err != nil {
		return fmt.Errorf("wait for a connection: %w", err)
	}
	broken := true
	defer func() { p.give(c, broken) }()
	if err := g.watch(c); err != nil {
		return err
	}
	if _, err = c.ExecContext(ctx, begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{c: c, file: p.file, announces: p.announces, guard: g}
	err = f(tx)
	if err == nil {
		err = tx.flush(ctx, "")
	}
	g.speaks()
	if err != nil {
		_, failed := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		broken = failed != nil && !alreadyRolledBack(failed)
		return err
	}
	if end == "COMMIT" && c.aborted() { // PostgreSQL answers such a COMMIT by rolling back, and says that all went well
		_, failed := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		broken = failed != nil
		return errAborted
	}
	if _, err := c.ExecContext(context.WithoutCancel(ctx), end); err != nil {
		_, failed := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		broken = failed != nil
		if end == "COMMIT" {
			return &unclear{err}
		}
		return fmt.Errorf("end: %w", err)
	}
	broken = false
	return nil
}

var errAborted = errors.New("a statement of the transaction failed, and its error was not returned: nothing of it is stored")

// aborted says that PostgreSQL gave the transaction up after a statement that failed.
func (c *conn) aborted() (is bool) {
	if c.dialect != Postgres {
		return false
	}
	err := c.Raw(func(driver any) error {
		is = driver.(*stdlib.Conn).Conn().PgConn().TxStatus() == 'E'
		return nil
	})
	return is && err == nil
}

type unclear struct{ err error }

func (u *unclear) Error() string { return "commit: " + u.err.Error() }
func (u *unclear) Unwrap() error { return u.err }

// Unclear says that a commit was tried and failed: it may have been stored all the same. Who
// gets it forgets what it believed of the database and reads it again.
func Unclear(err error) bool {
	var u *unclear
	return errors.As(err, &u)
}
