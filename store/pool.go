package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// pool keeps connections with their prepared statements: preparing costs more than most of our
// statements do, and database/sql prepares anew for every transaction.
type pool struct {
	db      *sql.DB
	dialect Dialect
	slots   chan *conn // nil: a slot whose connection is not opened yet

	mu     sync.Mutex
	closed bool
}

type conn struct {
	*sql.Conn
	dialect  Dialect
	prepared map[string]*sql.Stmt
}

func newPool(db *sql.DB, d Dialect, n int) *pool {
	p := &pool{db: db, dialect: d, slots: make(chan *conn, n)}
	for range n {
		p.slots <- nil
	}
	return p
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case c := <-p.slots:
		if c != nil {
			return c, nil
		}
		sc, err := p.db.Conn(ctx)
		if err != nil {
			p.slots <- nil
			return nil, err
		}
		return &conn{Conn: sc, dialect: p.dialect, prepared: map[string]*sql.Stmt{}}, nil
	}
}

// give returns a connection; a broken one is dropped and its slot opens a new one.
func (p *pool) give(c *conn, broken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if broken || p.closed {
		c.drop()
		c = nil
	}
	p.slots <- c
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for range len(p.slots) {
		if c := <-p.slots; c != nil {
			c.drop()
		}
		p.slots <- nil
	}
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
func (p *pool) in(ctx context.Context, begin, end string, f func(tx *Tx) error) (err error) {
	c, err := p.take(ctx)
	if err != nil {
		return fmt.Errorf("wait for a connection: %w", err)
	}
	broken := true
	defer func() { p.give(c, broken) }()
	if _, err := c.ExecContext(ctx, begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{c: c}
	if err := f(tx); err != nil {
		_, failed := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		broken = failed != nil && !alreadyRolledBack(failed)
		return err
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

type unclear struct{ err error }

func (u *unclear) Error() string { return "commit: " + u.err.Error() }
func (u *unclear) Unwrap() error { return u.err }

// Unclear says that a commit was tried and failed: it may have been stored all the same. Who
// gets it forgets what it believed of the database and reads it again.
func Unclear(err error) bool {
	var u *unclear
	return errors.As(err, &u)
}
