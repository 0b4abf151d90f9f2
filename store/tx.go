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
	c *conn
}

// Dialect names the engine, for the few statements that differ.
func (tx *Tx) Dialect() Dialect { return tx.c.dialect }

// Exec runs a statement and returns the number of rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
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

// Row runs a statement that returns at most one row; its Scan gives sql.ErrNoRows for none.
func (tx *Tx) Row(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := tx.prepare(ctx, query)
	if err != nil {
		// database/sql builds a Row with an error only by running a query: run the same one unprepared.
		return tx.c.QueryRowContext(ctx, tx.c.dialect.rewrite(query), args...)
	}
	return s.QueryRowContext(ctx, args...)
}

// Script runs several statements that take no arguments, as a schema does.
func (tx *Tx) Script(ctx context.Context, statements string) error {
	if _, err := tx.c.ExecContext(ctx, tx.c.dialect.byBytes(statements)); err != nil {
		return fmt.Errorf("%s: %w", firstWords(statements), err)
	}
	return nil
}

func (tx *Tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
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
	if err := f(); err != nil {
		back := context.WithoutCancel(ctx)
		if undo := tx.control(back, "ROLLBACK TO SAVEPOINT one"); undo != nil {
			return fmt.Errorf("%w (and undoing it failed: %w)", err, undo)
		}
		if undo := tx.control(back, "RELEASE SAVEPOINT one"); undo != nil {
			return fmt.Errorf("%w (and releasing it failed: %w)", err, undo)
		}
		return err
	}
	return tx.control(ctx, "RELEASE SAVEPOINT one")
}

func (tx *Tx) control(ctx context.Context, statement string) error {
	_, err := tx.Exec(ctx, statement)
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
