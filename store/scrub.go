package store

import (
	"context"
	"errors"
	"fmt"
)

// ErrBusy: somebody reads the database, so that its log cannot be emptied now. It is tried again.
var ErrBusy = errors.New("数据库的日志正被读取,稍后再清空 (the log of the database is being read)")

// Scrub makes what was deleted from tables leave the disk as far as the engine can. SQLite has overwritten it already
// (secure_delete): its log is carried over into the database and cut to nothing. PostgreSQL vacuums the tables: their
// room is used again, but its log and the archives of it keep what they wrote until they are recycled by the operator.
func (s *Store) Scrub(ctx context.Context, tables ...string) error {
	if s.Dialect == Postgres {
		for _, t := range tables {
			if _, err := s.db.ExecContext(ctx, "VACUUM "+t); err != nil {
				return fmt.Errorf("vacuum %s: %w", t, err)
			}
		}
		return nil
	}
	c, err := s.write.take(ctx)
	if err != nil {
		return err
	}
	broken := true
	defer func() { s.write.give(c, broken) }()
	var busy, pages, carried int
	if err := c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &carried); err != nil {
		return fmt.Errorf("empty the log of the database: %w", err)
	}
	broken = false
	if busy != 0 {
		return ErrBusy
	}
	return nil
}
