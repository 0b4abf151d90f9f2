package store

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// SQLite's result codes (sqlite.org/rescode.html) and PostgreSQL's SQLSTATE classes
// (PostgreSQL manual, appendix A) that a person can do something about.
const (
	sqliteCorrupt = 11
	sqliteFull    = 13
	sqliteNotADB  = 26
)

// DiskFull says that the engine had no room left.
func DiskFull(err error) bool {
	return code(err) == sqliteFull || state(err) == "53100" || errorHas(err, "disk is full")
}

// Damaged says that the file of the database itself is broken, or holds a value that no statement
// put there.
func Damaged(err error) bool {
	c := code(err)
	return c == sqliteCorrupt || c == sqliteNotADB || strings.HasPrefix(state(err), "XX") ||
		errorHas(err, "malformed") || errorHas(err, "not a database") || errorHas(err, "unsupported file format") || errorHas(err, "sql: Scan error")
}

// NoSuchTable says that a table or column which should stand does not: the database belongs to
// another version of the program, or its schema is damaged.
func NoSuchTable(err error) bool {
	return state(err) == "42P01" || state(err) == "42703" || errorHas(err, "no such table") ||
		errorHas(err, "no such column")
}

func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func errorHas(err error, words string) bool {
	return err != nil && strings.Contains(err.Error(), words)
}

// alreadyRolledBack: SQLite undoes a transaction by itself when the disk is full, and then
// says that there is none to roll back.
func alreadyRolledBack(err error) bool { return errorHas(err, "no transaction is active") }
