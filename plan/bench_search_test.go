package plan_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

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

func onPostgres(b *testing.B, items int) *node.Folder {
	b.Helper()
	ctx := context.Background()
	from := openOffice(b, plantest.Many(b, items, exchange.Module()), true)
	backup, dir := filepath.Join(b.TempDir(), "backup.zip"), filepath.Join(b.TempDir(), "office")
	if _, err := from.Backup(ctx, backup, node.BackupOptions{Passphrase: "演示用的口令，只在量的时候"}); err != nil {
		b.Fatal(err)
	}
	o := node.RestoreOptions{Store: storetest.PostgresAddress(b), Passphrase: "演示用的口令，只在量的时候"}
	if _, err := node.Restore(ctx, backup, dir, plantest.ManyModules(exchange.Module()), o); err != nil {
		b.Fatal(err)
	}
	f := openOffice(b, dir, false)
	if err := plan.NewDesk(f.Node).Reindex(ctx); err != nil {
		b.Fatal(err)
	}
	return f
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
