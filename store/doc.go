// Package store opens SQLite or PostgreSQL and runs the same SQL on both.
//
// Words: a store (库) is one database; a transaction (事务) reads one snapshot or writes
// all or nothing; a savepoint (保存点) lets one request of a batch fail alone. Statements
// keep to the subset both engines share: BIGINT, TEXT and BYTEA columns, `?` placeholders,
// upserts, RETURNING, common table expressions and windows. Times are Unix milliseconds in
// UTC, civil dates are text "2006-01-02", booleans are 0 or 1.
package store
