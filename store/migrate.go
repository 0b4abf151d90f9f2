package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate brings the durable tables of one room up to date. migrations holds files like
// 00001_entry.sql at its root; name keeps the rooms' histories apart.
func (s *Store) Migrate(ctx context.Context, name string, migrations fs.FS) error {
	dialect := goose.DialectSQLite3
	if s.Dialect == Postgres {
		dialect = goose.DialectPostgres
	}
	options := []goose.ProviderOption{goose.WithTableName("migrated_" + name), goose.WithDisableGlobalRegistry(true)}
	if s.Dialect == Postgres { // several processes may start at once over one database
		one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
		if err != nil {
			return fmt.Errorf("lock the migrations of %s: %w", name, err)
		}
		options = append(options, goose.WithSessionLocker(one))
	}
	p, err := goose.NewProvider(dialect, s.db, migrationsOf{migrations, s.Dialect}, options...)
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the migrations of %s: %w", name, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", name, err)
	}
	return nil
}
