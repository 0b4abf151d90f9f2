package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite" // driver "sqlite"
)

// Dialect names the engine behind a store.
type Dialect string

// The two engines that every test of this project runs on.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Store is one open database: a pool of connections that read snapshots and one that writes.
type Store struct {
	Dialect Dialect
	db      *sql.DB
	read    *pool
	write   *pool
	file    *dataFile // of SQLite; nil: not known

	announces bool // of PostgreSQL: others can be told of commits
}

// Option changes how a store is opened.
type Option func(*opening)

type opening struct {
	driver   string
	params   string
	readonly bool
}

// WithDriver opens SQLite through another database/sql driver and adds parameters to its
// address: the fault tests use one whose file layer is written in Go.
func WithDriver(name, params string) Option {
	return func(o *opening) { o.driver, o.params = name, params }
}

// ReadOnly opens a database that another process may be serving, and never writes to it.
func ReadOnly() Option { return func(o *opening) { o.readonly = true } }

// Open opens the database at where: a file path is SQLite (WAL, synchronous=FULL), an address
// that begins with postgres:// or postgresql:// is PostgreSQL.
func Open(ctx context.Context, where string, options ...Option) (*Store, error) {
	o := opening{driver: "sqlite"}
	for _, set := range options {
		set(&o)
	}
	if strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://") {
		return openPostgres(ctx, where)
	}
	return openSQLite(ctx, where, o)
}

// A commit waits until its pages and the length of the log are on the disk, not for the log's time
// of change: as durable (fdatasync(2)), and SQLite's own choice wherever it is built for Linux. Systems that
// have no such call keep fsync.
func init() { _, _ = sqlite.Fdatasync(true) }

// checkpointPages is the length of the log, in pages, from which a commit carries it over into the
// database: 16 MiB. Pages that many commits write again are carried over once.
const checkpointPages = 4000

// waiting is how long SQLite waits for another process, in milliseconds.
const waiting = "busy_timeout(10000)"

func openSQLite(ctx context.Context, path string, o opening) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("path of the database: %w", err)
	}
	address := "file:" + (&url.URL{Path: abs}).EscapedPath() +
		"?_pragma=" + waiting + "&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=cache_size(-32000)&_pragma=temp_store(memory)&_pragma=secure_delete(1)"
	if o.readonly {
		address += "&mode=ro&_pragma=query_only(1)"
	} else {
		address += fmt.Sprintf("&_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(%d)", checkpointPages)
	}
	if o.params != "" {
		address += "&" + o.params
	}
	db, err := sql.Open(o.driver, address)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	readers := 2*runtime.GOMAXPROCS(0) + 2
	db.SetMaxOpenConns(readers + 2)
	s := &Store{Dialect: SQLite, db: db}
	s.read = newPool(db, SQLite, readers)
	s.write = newPool(db, SQLite, 1)
	if err := s.ping(ctx); err != nil {
		return s, err
	}
	if o.driver == "sqlite" { // of another driver's file layer nothing is known
		s.file = shareDataFile(abs)
		s.read.file, s.write.file = s.file, s.file
	}
	return s, nil
}

func openPostgres(ctx context.Context, address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the database is not a URL") // the error would show its password
	}
	q := u.Query()
	q.Set("search_path", "public,"+viewSchema) // public first: what must last is made there
	q.Set("synchronous_commit", "on")
	u.RawQuery = q.Encode()
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL at %s: %w", u.Host, err)
	}
	config.DialFunc = line().DialContext
	db := stdlib.OpenDB(*config)
	readers := 4*runtime.GOMAXPROCS(0) + 2
	db.SetMaxOpenConns(readers + 7) // those of the two pools, two for migrations, one that listens
	s := &Store{Dialect: Postgres, db: db}
	s.read = newPool(db, Postgres, readers)
	s.write = newPool(db, Postgres, 4)
	return s, s.ping(ctx)
}

func (s *Store) ping(ctx context.Context) error {
	err := s.Read(ctx, func(tx *Tx) error {
		var one int
		return tx.Row(ctx, `SELECT 1`).Scan(&one)
	})
	if err == nil && s.Dialect == Postgres {
		_, err = s.db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+viewSchema)
		if state(err) == "23505" { // another process made it at the same moment
			err = nil
		}
		_, silent := s.db.ExecContext(ctx, "LISTEN "+commitsChannel+"; UNLISTEN "+commitsChannel)
		s.announces = silent == nil
		s.read.announces, s.write.announces = s.announces, s.announces
	}
	if err != nil {
		s.Close()
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Shrink gives memory back that is held only for what was read before: SQLite keeps up to 32 MB of pages for each
// connection. Whoever reads next finds them in the system's own cache.
func (s *Store) Shrink(ctx context.Context) error {
	if s.Dialect != SQLite {
		return nil
	}
	return errors.Join(s.read.shrink(ctx), s.write.shrink(ctx))
}

// Close ends all connections. Transactions under way are rolled back.
func (s *Store) Close() error {
	s.read.close()
	s.write.close()
	err := s.db.Close()
	s.file.leave()
	return err
}

// Read runs f on one snapshot; what f writes is refused or rolled back.
func (s *Store) Read(ctx context.Context, f func(tx *Tx) error) error {
	begin := "BEGIN"
	if s.Dialect == Postgres {
		begin = beginReading
	}
	return s.read.in(ctx, nil, begin, "ROLLBACK", f)
}

const beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" // PostgreSQL

// Write runs f in one transaction: all of it is durable when Write returns nil, none of it
// otherwise, except when Unclear says of the error that the engine could not tell.
func (s *Store) Write(ctx context.Context, f func(tx *Tx) error) error {
	begin := "BEGIN IMMEDIATE"
	if s.Dialect == Postgres {
		begin = "BEGIN"
	}
	return s.write.in(ctx, nil, begin, "COMMIT", f)
}
