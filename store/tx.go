package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Tx is one transaction of a store. It is not safe for use by several goroutines, and rows
// must be closed before the next statement.
type Tx struct {
	c      *conn
	file   *dataFile // nil: not known
	later  []later
	writes int
	guard  *guard // nil: silence has no limit

	announces bool
}

// Dialect names the engine, for the few statements that differ.
func (tx *Tx) Dialect() Dialect { return tx.c.dialect }

// Writes counts what was said in this transaction that may change a row.
func (tx *Tx) Writes() int { return tx.writes }

// Exec runs a statement and returns the number of rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := tx.flush(ctx, query); err != nil {
		return 0, err
	}
	return tx.exec(ctx, query, args)
}

func (tx *Tx) exec(ctx context.Context, query string, args []any) (int64, error) {
	s, err := tx.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: rows affected: %w", firstWords(query), err)
	}
	return n, nil
}

// Query runs a statement that returns rows. The caller closes them.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := tx.flush(ctx, query); err != nil {
		return nil, err
	}
	s, err := tx.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	return rows, nil
}

// Row is what a statement returned that gives at most one row.
type Row struct {
	row *sql.Row
	err error // instead of a row
}

// Scan reads the row; sql.ErrNoRows says that there is none.
func (r *Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(into...)
}

// Row runs a statement that returns at most one row.
func (tx *Tx) Row(ctx context.Context, query string, args ...any) *Row {
	if err := tx.flush(ctx, query); err != nil {
		return &Row{err: err}
	}
	s, err := tx.prepare(ctx, query)
	if err != nil {
		return &Row{err: err}
	}
	return &Row{row: s.QueryRowContext(ctx, args...)}
}

// Script runs several statements that take no arguments, as a schema does.
func (tx *Tx) Script(ctx context.Context, statements string) error {
	if err := tx.flush(ctx, ""); err != nil {
		return err
	}
	tx.writes++
	tx.guard.speaks()
	if _, err := tx.c.ExecContext(ctx, tx.c.dialect.byBytes(statements)); err != nil {
		return fmt.Errorf("%s: %w", firstWords(statements), err)
	}
	return nil
}

func (tx *Tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if !strings.HasPrefix(query, "SELECT ") {
		tx.writes++
	}
	tx.guard.speaks()
	if s, ok := tx.c.prepared[query]; ok {
		return s, nil
	}
	s, err := tx.c.PrepareContext(context.WithoutCancel(ctx), tx.c.dialect.rewrite(query))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstWords(query), err)
	}
	if len(tx.c.prepared) > 500 { // built queries must not grow it for ever
		tx.c.forget()
	}
	tx.c.prepared[query] = s
	return s, nil
}

func (c *conn) forget() {
	for q, s := range c.prepared {
		s.Close()
		delete(c.prepared, q)
	}
}

// Savepoint runs f so that its failure undoes what f did and nothing else.
func (tx *Tx) Savepoint(ctx context.Context, f func() error) error {
	if err := tx.control(ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		return tx.control(ctx, "RELEASE SAVEPOINT one")
	}
	tx.forgetLater()
	back := context.WithoutCancel(ctx)
	if undo := tx.control(back, "ROLLBACK TO SAVEPOINT one"); undo != nil {
		return fmt.Errorf("%w (and undoing it failed: %w)", err, undo)
	}
	if undo := tx.control(back, "RELEASE SAVEPOINT one"); undo != nil {
		return fmt.Errorf("%w (and releasing it failed: %w)", err, undo)
	}
	return err
}

func (tx *Tx) control(ctx context.Context, statement string) error {
	if err := tx.flush(ctx, ""); err != nil {
		return err
	}
	_, err := tx.exec(ctx, statement, nil)
	return err
}

var rewritten sync.Map // query with ? -> query with $n

// rewrite turns ? placeholders into PostgreSQL's. Queries keep ? out of literals.
func (d Dialect) rewrite(query string) string {
	if d != Postgres || !strings.Contains(query, "?") {
		return query
	}
	if q, ok := rewritten.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	rewritten.Store(query, b.String())
	return b.String()
}

// firstWords names a statement in an error without its values.
func firstWords(query string) string {
	w := strings.Fields(query)
	return strings.Join(w[:min(len(w), 4)], " ")
}
