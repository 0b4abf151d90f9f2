package store

import (
	"context"
	"fmt"
)

// viewSchema is where PostgreSQL keeps the view, apart from what must last. SQLite has one
// name space; there the tables' names alone tell.
const viewSchema = "liandong_view"

// Rebuild replaces the view in one transaction: readers see the old one whole until the new
// one is whole. tables names the tables of the old view; begin keeps others from writing meanwhile, or ends it by an error, and
// build creates and fills the new.
func (s *Store) Rebuild(ctx context.Context, tables []string, begin, build func(tx *Tx) error) error {
	err := s.Write(ctx, func(tx *Tx) error {
		if err := begin(tx); err != nil {
			return err
		}
		if s.Dialect == Postgres {
			return rebuildBeside(ctx, tx, build)
		}
		for _, t := range tables {
			if _, err := tx.Exec(ctx, "DROP TABLE IF EXISTS "+t); err != nil {
				return err
			}
		}
		return build(tx)
	})
	if err != nil || s.Dialect == Postgres {
		return err
	}
	s.write.emptyLog(context.WithoutCancel(ctx))
	return nil
}

func rebuildBeside(ctx context.Context, tx *Tx, build func(tx *Tx) error) error {
	const next = viewSchema + "_next"
	before := "DROP SCHEMA IF EXISTS " + next + " CASCADE; CREATE SCHEMA " + next +
		"; SET LOCAL search_path TO " + next + ", public"
	if err := tx.Script(ctx, before); err != nil {
		return err
	}
	tx.c.forget() // prepared statements would still mean the old tables
	defer tx.c.forget()
	if err := build(tx); err != nil {
		return err
	}
	return tx.Script(ctx, "DROP SCHEMA IF EXISTS "+viewSchema+" CASCADE; ALTER SCHEMA "+next+
		" RENAME TO "+viewSchema)
}

// Tables lists the tables that stand, view and lasting ones alike.
func (tx *Tx) Tables(ctx context.Context) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if tx.Dialect() == Postgres {
		query = `SELECT table_name FROM information_schema.tables
			WHERE table_schema IN ('` + viewSchema + `', 'public') ORDER BY table_name`
	}
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return Column[string](rows)
}

// ForUpdate is what a SELECT ends with so that its rows stay as they are until the commit.
// SQLite has one writer at a time and needs nothing.
func (tx *Tx) ForUpdate() string {
	if tx.Dialect() == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// Size is the database's size on disk in bytes.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	query := `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`
	if s.Dialect == Postgres {
		query = `SELECT pg_database_size(current_database())`
	}
	err = s.Read(ctx, func(tx *Tx) error { return tx.Row(ctx, query).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("size of the database: %w", err)
	}
	return n, nil
}
