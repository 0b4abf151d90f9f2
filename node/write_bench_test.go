package node_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// BenchmarkWrite measures durable requests through the whole path against bare inserts of the same
// rows with the same indexes, in the same SQLite with the same batching. Its figure "of-bare" is to
// be at least 0.5 for 64 writers; for one writer "x-bare-latency" is to be at most 2. Both are medians
// of rounds in which the two take turns, so that what else the machine does weighs on both.
func BenchmarkWrite(b *testing.B) {
	for _, c := range []struct{ writers, count int }{{64, 6400}, {1, 300}} {
		b.Run(fmt.Sprintf("writers=%d", c.writers), func(b *testing.B) {
			var rates, of, latencies, bareLatencies []float64
			for range 7 {
				s := storetest.OpenSQLite(b)
				n := opened(b, s, &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
				start := time.Now()
				writeAll(b, n, c.writers, c.count)
				whole := time.Since(start)
				bare := bareInserts(b, s, c.writers)
				rates = append(rates, float64(c.count)/whole.Seconds())
				of = append(of, bare.Seconds()/whole.Seconds())
				latencies = append(latencies, whole.Seconds()*1e6/float64(c.count))
				bareLatencies = append(bareLatencies, bare.Seconds()*1e6/float64(c.count))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(rates), "writes/s")
			b.ReportMetric(median(of), "of-bare")
			b.ReportMetric(1/median(of), "x-bare-latency")
			b.ReportMetric(median(latencies), "µs/write")
			b.ReportMetric(median(bareLatencies), "bare-µs/write")
		})
	}
}

// BenchmarkRate is one turn of the comparison with another team's log in peer/bench: the durable
// writes a second of 64 writers, and the length of their leaves.
func BenchmarkRate(b *testing.B) {
	s := storetest.OpenSQLite(b)
	n := opened(b, s, &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
	const count = 12_800
	var commits atomic.Int64
	n.AfterCommit(func() { commits.Add(1) })
	start := time.Now()
	writeAll(b, n, 64, count)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(count/time.Since(start).Seconds(), "writes/s")
	b.ReportMetric(count/float64(commits.Load()), "writes/commit")
	ctx := context.Background()
	var length float64
	err := s.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT avg(length(entry)) FROM book_entry`).Scan(&length)
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(math.Ceil(length), "leaf-bytes")
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
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
