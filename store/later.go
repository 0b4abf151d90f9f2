package store

import (
	"context"
	"slices"
	"strings"
)

// Table names where rows go that are inserted many at a time.
type Table struct {
	name    string
	inserts map[int]string // by the number of rows: powers of two up to mostLater
}

// TableOf is the table of a name, whose rows come with values for these columns.
func TableOf(name string, columns ...string) *Table {
	t := &Table{name: name, inserts: map[int]string{}}
	row := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for n := 1; n <= mostLater; n *= 2 {
		t.inserts[n] = "INSERT INTO " + name + " (" + strings.Join(columns, ", ") + ") VALUES " + row +
			strings.Repeat(", "+row, n-1)
	}
	return t
}

// mostLater bounds the rows that wait: they are the writer's memory.
const mostLater = 256

// later are rows of one table that wait to be inserted together.
type later struct {
	table *Table
	rows  [][]any
}

// Later inserts a row at the latest before any statement that names its table, before a savepoint
// begins or ends, and before the commit: nobody can tell it from a row that was inserted at once, except
// that a doubled key is reported then. Many rows in one statement cost a fraction of a statement each.
// The values are the store's to keep.
func (tx *Tx) Later(ctx context.Context, t *Table, values ...any) error {
	tx.writes++
	at := slices.IndexFunc(tx.later, func(l later) bool { return l.table == t })
	if at < 0 {
		at = len(tx.later)
		tx.later = append(tx.later, later{table: t})
	}
	l := &tx.later[at]
	if l.rows = append(l.rows, values); len(l.rows) < mostLater {
		return nil
	}
	return tx.settle(ctx, l)
}

// flush inserts the waiting rows of those tables that a statement names; of all, if it names "".
func (tx *Tx) flush(ctx context.Context, statement string) error {
	for i := range tx.later {
		l := &tx.later[i]
		if len(l.rows) == 0 || statement != "" && !strings.Contains(statement, l.table.name) {
			continue
		}
		if err := tx.settle(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// settle inserts the rows that wait for one table, by powers of two, so that few statements are prepared.
func (tx *Tx) settle(ctx context.Context, l *later) error {
	defer l.forget()
	rows := l.rows
	var args []any
	for n := mostLater; n > 0; n /= 2 {
		for ; len(rows) >= n; rows = rows[n:] {
			args = args[:0]
			for _, row := range rows[:n] {
				args = append(args, row...)
			}
			if _, err := tx.exec(ctx, l.table.inserts[n], args); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *later) forget() {
	clear(l.rows)
	l.rows = l.rows[:0]
}

// forgetLater drops the rows that wait: what they belong to is undone.
func (tx *Tx) forgetLater() {
	for i := range tx.later {
		tx.later[i].forget()
	}
}
