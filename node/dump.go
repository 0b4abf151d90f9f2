package node

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"

	"liandong/store"
)

// Digest (表摘要) stands for the rows of a table in whatever order: two tables with equal digests
// have the same rows.
type Digest struct {
	Table string
	Rows  int64
	Sum   [4]uint64 // of the rows' SHA-256, added without carry between the four parts
}

// Dump reads a table and returns its digest. Nodes that have the same books have the same
// digests of all tables of the view, on either engine.
func Dump(ctx context.Context, tx *store.Tx, table string) (Digest, error) {
	d := Digest{Table: table}
	err := EachRow(ctx, tx, table, func(r Row) error {
		d.add(r.hash())
		return nil
	})
	return d, err
}

func (d *Digest) add(h [sha256.Size]byte) {
	d.Rows++
	for i := range d.Sum {
		d.Sum[i], _ = bits.Add64(d.Sum[i], binary.BigEndian.Uint64(h[i*8:]), 0)
	}
}

// Row is one row of a table; it and its values are the callee's only until EachRow goes on.
type Row struct {
	Columns []string
	Values  []any // nil, int64, float64 or []byte
}

// EachRow hands over the rows of a table in no order.
func EachRow(ctx context.Context, tx *store.Tx, table string, f func(r Row) error) error {
	rows, err := tx.Query(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	r := Row{}
	if r.Columns, err = rows.Columns(); err != nil {
		return fmt.Errorf("columns of %s: %w", table, err)
	}
	for i, c := range r.Columns {
		r.Columns[i] = strings.ToLower(c) // names are the same to both engines whatever their case
	}
	r.Values = make([]any, len(r.Columns))
	into := make([]any, len(r.Columns))
	for i := range into {
		into[i] = &r.Values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("row of %s: %w", table, err)
		}
		for i, v := range r.Values {
			if s, ok := v.(string); ok { // text and bytes are the same to a reader
				r.Values[i] = []byte(s)
			}
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// hash is that of the names and values of the columns, each behind its length.
func (r Row) hash() [sha256.Size]byte {
	b := make([]byte, 0, 512)
	for i, c := range r.Columns {
		b = append(append(b, c...), 0)
		b = appendValue(b, r.Values[i])
	}
	return sha256.Sum256(b)
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 'n')
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
	case []byte:
		b = binary.BigEndian.AppendUint64(append(b, 't'), uint64(len(v)))
		return append(b, v...)
	}
	return append(fmt.Appendf(append(b, '?'), "%T %v", v, v), 0)
}

// Get returns the value of a column as text; empty where there is none.
func (r Row) Get(column string) string {
	for i, c := range r.Columns {
		if c != column {
			continue
		}
		switch v := r.Values[i].(type) {
		case nil:
			return ""
		case []byte:
			return string(v)
		default:
			return fmt.Sprint(v)
		}
	}
	return ""
}

// key names a row by its key's columns: "book=510900/suitong id=i-1".
func (r Row) key(columns []string) string {
	if len(columns) == 0 {
		columns = r.Columns
	}
	var parts []string
	for _, c := range columns {
		parts = append(parts, c+"="+clip(r.Get(c)))
	}
	return strings.Join(parts, " ")
}

// clip keeps long values and line ends out of messages.
func clip(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return strings.Join(strings.Fields(s), " ")
}
