package plan_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liandong/exchange"
	"liandong/node"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
)

// BenchmarkVerifyBooks measures `book verify` of an office's books against reading the same entries
// and hashing them: "of-floor" is to be at least 0.5.
func BenchmarkVerifyBooks(b *testing.B) {
	f := openCopy(b, 5000)
	var of, rates []float64
	for range 7 {
		floor := timed(b, func() error { return readAndHash(f.Store) })
		var entries int64
		verify := timed(b, func() error {
			v, err := f.Verify(context.Background(), node.VerifyOptions{})
			if entries = v.Entries; err == nil && !v.Clean() {
				b.Fatalf("%+v", v.Faults[0])
			}
			return err
		})
		of = append(of, floor.Seconds()/verify.Seconds())
		rates = append(rates, float64(entries)/verify.Seconds())
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates), "entries/s")
	b.ReportMetric(median(of), "of-floor")
}

// BenchmarkRebuild measures `rebuild` of an office's view against a bulk insert of the rows that it
// makes, into the same tables with the same indexes in one transaction: "of-bulk" is to be at least 0.4.
func BenchmarkRebuild(b *testing.B) {
	f := openCopy(b, 1000)
	tables := viewRows(b, f.Node)
	var of, rates []float64
	for range 5 {
		var rows int
		for _, t := range tables {
			rows += len(t.rows)
		}
		bulk := timed(b, func() error { return bulkInsert(b, f.Store, tables) })
		rebuild := timed(b, func() error { return f.Rebuild(context.Background(), nil) })
		of = append(of, bulk.Seconds()/rebuild.Seconds())
		rates = append(rates, float64(rows)/rebuild.Seconds())
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates), "rows/s")
	b.ReportMetric(median(of), "of-bulk")
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

func timed(b *testing.B, f func() error) time.Duration {
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// copyOf copies the folder of an office of Many, for what writes to it.
func copyOf(b *testing.B, items int) string {
	from, to := plantest.Many(b, items, exchange.Module()), b.TempDir()
	for _, name := range []string{"node.json", "key", "liandong.db"} {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			b.Fatal(err)
		}
	}
	return to
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := out.ReadFrom(in); err != nil {
		return err
	}
	return out.Close()
}

func openCopy(b *testing.B, items int) *node.Folder {
	f, err := node.OpenFolder(context.Background(), copyOf(b, items), plantest.ManyModules(exchange.Module()),
		node.FolderOptions{May: region.Permit})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return f
}

func readAndHash(s *store.Store) error {
	ctx := context.Background()
	return s.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT entry FROM book_entry ORDER BY book, idx`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var raw []byte
			if err := rows.Scan(&raw); err != nil {
				return err
			}
			sha256.Sum256(raw)
		}
		return rows.Err()
	})
}

// tableRows is a table of the view with all its rows, in the order in which it stores them.
type tableRows struct {
	name, insert string
	rows         [][]any
}

func viewRows(b *testing.B, n *node.Node) (all []tableRows) {
	ctx := context.Background()
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		for _, name := range n.ViewTables() {
			rows, err := tx.Query(ctx, `SELECT * FROM `+name)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			t := tableRows{name: name, insert: "INSERT INTO " + name + " VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"}
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

func bulkInsert(b *testing.B, from *store.Store, tables []tableRows) error {
	ctx := context.Background()
	to, err := store.Open(ctx, filepath.Join(b.TempDir(), "bulk.db"))
	if err != nil {
		return err
	}
	defer to.Close()
	return to.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Script(ctx, viewSchema(b, from, tables)); err != nil {
			return err
		}
		for _, t := range tables {
			for _, row := range t.rows {
				if _, err := tx.Exec(ctx, t.insert, row...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func viewSchema(b *testing.B, from *store.Store, tables []tableRows) string {
	ctx := context.Background()
	var all []string
	err := from.Read(ctx, func(tx *store.Tx) error {
		for _, t := range tables {
			rows, err := tx.Query(ctx, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name = ?`, t.name)
			if err != nil {
				return err
			}
			one, err := store.Collect(rows, func(scan func(...any) error) (s string, err error) {
				err = scan(&s)
				return s, err
			})
			if err != nil {
				return err
			}
			all = append(all, one...)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(all, ";\n")
}
