package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// SnapshotTo writes one consistent state of a SQLite database into a new file, while others go
// on writing. What was deleted is not in it. It is on the disk when SnapshotTo returns.
func (s *Store) SnapshotTo(ctx context.Context, path string) error {
	if s.Dialect != SQLite {
		return errors.New("only a SQLite database is one file")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("path of the copy: %w", err)
	}
	c, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if _, err := c.ExecContext(ctx, "VACUUM INTO ?", abs); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return nil
}

// CopyTable empties a table of to and fills it with the rows of from; both have the same columns.
func CopyTable(ctx context.Context, from, to *Tx, table string) error {
	if _, err := to.Exec(ctx, "DELETE FROM "+table); err != nil {
		return err
	}
	rows, err := from.Query(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("columns of %s: %w", table, err)
	}
	insert := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" +
		strings.Repeat(", ?", len(columns)-1) + ")"
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("row of %s: %w", table, err)
		}
		if _, err := to.Exec(ctx, insert, values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
