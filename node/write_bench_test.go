package node_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// BenchmarkWrite measures durable requests through the whole path against bare inserts of the same
// rows with the same indexes, in the same SQLite with the same batching. Its figure "of-bare" is to
// be at least 0.5 for 64 writers; for one writer "x-bare-latency" is to be at most 2.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{64, 1} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := storetest.OpenSQLite(b)
			n := opened(b, s, &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
			count := max(b.N/writers*writers, writers)
			start := time.Now()
			writeAll(b, n, writers, count)
			whole := time.Since(start)
			bare := bareInserts(b, s, writers)
			b.ReportMetric(float64(count)/whole.Seconds(), "writes/s")
			b.ReportMetric(bare.Seconds()/whole.Seconds(), "of-bare")
			b.ReportMetric(whole.Seconds()/bare.Seconds(), "x-bare-latency")
		})
	}
}

func writeAll(b *testing.B, n *node.Node, writers, count int) {
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for j := range count / writers {
				act := add("suitong", fmt.Sprintf("%d-%d", i, j), int64(j))
				if _, err := n.Write(context.Background(), node.Request{Actor: someone}, act); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// bareInserts writes every row that stands in the store into an empty one, a batch as large as
// the writers could fill in a transaction.
func bareInserts(b *testing.B, from *store.Store, batch int) time.Duration {
	ctx := context.Background()
	tables := copyRows(b, from)
	path := filepath.Join(b.TempDir(), "bare.db")
	to, err := store.Open(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	defer to.Close()
	schema(b, from, to)
	start := time.Now()
	rows := 0
	for _, t := range tables {
		rows = max(rows, len(t.rows))
	}
	for at := 0; at < rows; at += batch { // the rows of one request go together
		err := to.Write(ctx, func(tx *store.Tx) error {
			for _, t := range tables {
				for i := at; i < min(at+batch, len(t.rows)); i++ {
					if _, err := tx.Exec(ctx, t.insert, t.rows[i]...); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

type tableRows struct {
	insert string
	rows   [][]any
}

func copyRows(b *testing.B, s *store.Store) (all []tableRows) {
	ctx := context.Background()
	err := s.Read(ctx, func(tx *store.Tx) error {
		names, err := tx.Tables(ctx)
		if err != nil {
			return err
		}
		for _, name := range names {
			if strings.HasPrefix(name, "migrated_") || strings.HasPrefix(name, "sqlite_") {
				continue
			}
			rows, err := tx.Query(ctx, `SELECT * FROM `+name)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			t := tableRows{insert: "INSERT INTO " + name + " VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"}
			if t.rows, err = readAll(rows, len(columns)); err != nil {
				return err
			}
			all = append(all, t)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

func readAll(rows *sql.Rows, columns int) ([][]any, error) {
	return store.Collect(rows, func(scan func(...any) error) ([]any, error) {
		row, at := make([]any, columns), make([]any, columns)
		for i := range row {
			at[i] = &row[i]
		}
		return row, scan(at...)
	})
}

func schema(b *testing.B, from, to *store.Store) {
	ctx := context.Background()
	var statements []string
	err := from.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
			AND name NOT LIKE 'migrated_%'`)
		if err != nil {
			return err
		}
		statements, err = store.Collect(rows, func(scan func(...any) error) (s string, err error) {
			err = scan(&s)
			return s, err
		})
		return err
	})
	if err == nil {
		err = to.Write(ctx, func(tx *store.Tx) error { return tx.Script(ctx, strings.Join(statements, ";\n")) })
	}
	if err != nil {
		b.Fatal(err)
	}
}
