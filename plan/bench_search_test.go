package plan_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"liandong/exchange"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// searchItems make an office of a little more than 1,000,000 texts: 22 for each item.
const searchItems = 46_000

// BenchmarkSearch measures the search over a million texts on either store, by a coordinator and by units: "p99-ms" is to be under 50. The
// office of PostgreSQL is that of SQLite, restored from its backup.
func BenchmarkSearch(b *testing.B) {
	items := min(benchItems(b), searchItems)
	b.Run("sqlite", func(b *testing.B) {
		searchIn(b, openOffice(b, plantest.Many(b, items, exchange.Module()), true), items)
	})
	b.Run("postgres", func(b *testing.B) { searchIn(b, onPostgres(b, items), items) })
}

func openOffice(b *testing.B, dir string, readOnly bool) *node.Folder {
	b.Helper()
	f, err := node.OpenFolder(context.Background(), dir, plantest.ManyModules(exchange.Module()), node.FolderOptions{
		May: region.Permit, ReadOnly: readOnly, Clock: func() time.Time { return time.Date(2022, 10, 26, 1, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return f
}

// onPostgres is the office of SQLite on PostgreSQL: its rows are copied, for the replay of a million entries takes the better part of an hour
// there; its index of words is made by the program.
func onPostgres(b *testing.B, items int) *node.Folder {
	b.Helper()
	from, dir, where := plantest.Many(b, items, exchange.Module()), b.TempDir(), storetest.PostgresAddress(b)
	var about map[string]any
	raw, err := os.ReadFile(filepath.Join(from, "node.json"))
	if err == nil {
		err = json.Unmarshal(raw, &about)
	}
	about["store"] = where
	raw, _ = json.Marshal(about)
	key, wrong := os.ReadFile(filepath.Join(from, "key"))
	if err := errors.Join(err, wrong, os.WriteFile(filepath.Join(dir, "node.json"), raw, 0o600), os.WriteFile(filepath.Join(dir, "key"), key, 0o600)); err != nil {
		b.Fatal(err)
	}
	made := openOffice(b, dir, false)
	made.Close()
	copyRows(b, filepath.Join(from, "liandong.db"), where)
	f := openOffice(b, dir, false)
	if err := plan.NewDesk(f.Node).Reindex(context.Background()); err != nil {
		b.Fatal(err)
	}
	return f
}

// copyRows fills the tables of a new PostgreSQL database with the rows of a SQLite file.
func copyRows(b *testing.B, file, where string) {
	b.Helper()
	ctx := context.Background()
	from, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		b.Fatal(err)
	}
	defer from.Close()
	to, err := pgx.Connect(ctx, where)
	if err != nil {
		b.Fatal(err)
	}
	defer to.Close(ctx)
	rows, err := to.Query(ctx, `SELECT table_name::text, array_agg(column_name::text), array_agg(data_type::text) FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'plan_search%' AND table_name NOT LIKE 'migrated%' GROUP BY table_name`)
	if err != nil {
		b.Fatal(err)
	}
	type table struct {
		Name           string
		Columns, Types []string
	}
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range tables {
		if _, err := to.Exec(ctx, `TRUNCATE `+t.Name); err != nil {
			b.Fatal(err)
		}
		all, err := from.Query(`SELECT ` + strings.Join(t.Columns, ", ") + ` FROM ` + t.Name)
		if err != nil {
			b.Fatal(t.Name, err)
		}
		_, err = to.CopyFrom(ctx, pgx.Identifier{t.Name}, t.Columns, pgx.CopyFromFunc(func() ([]any, error) {
			if !all.Next() {
				return nil, all.Err()
			}
			row, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
			for i := range row {
				into[i] = &row[i]
			}
			err := all.Scan(into...)
			for i, v := range row {
				if text, ok := v.(string); ok && t.Types[i] == "bytea" {
					row[i] = []byte(text)
				} else if raw, ok := v.([]byte); ok && t.Types[i] == "text" {
					row[i] = string(raw)
				}
			}
			return row, err
		}))
		all.Close()
		if err != nil {
			b.Fatal(t.Name, err)
		}
	}
	if _, err := to.Exec(ctx, `ANALYZE`); err != nil {
		b.Fatal(err)
	}
}

func searchIn(b *testing.B, f *node.Folder, items int) {
	var texts int
	err := f.Store.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Row(context.Background(), `SELECT count(*) FROM plan_search`).Scan(&texts)
	})
	if err != nil {
		b.Fatal(err)
	}
	site, r := siteIn(f), rand.New(rand.NewPCG(1, 2))
	var took samples
	for i := range 520 {
		for _, page := range pages {
			if page.name != "search" {
				continue
			}
			if one := site.get(b, page.addresses(r, items)); i >= 20 {
				took = append(took, one)
			}
		}
	}
	b.ReportMetric(milliseconds(quantile(took.took(), 0.99)), "p99-ms")
	b.ReportMetric(milliseconds(quantile(took.took(), 0.5)), "median-ms")
	b.ReportMetric(milliseconds(quantile(took.worked(), 0.99)), "cpu-p99-ms")
	b.ReportMetric(float64(texts), "texts")
	b.ReportMetric(0, "ns/op")
}
