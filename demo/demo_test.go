package demo

import (
	"context"
	"testing"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/store"
)

var modules = []node.Module{region.Module(), plan.Module()}

func options(dir string) Options {
	founder := node.Actor{Person: "operator", Org: "o-office", Seat: string(region.Administrator), Member: Identity.Member}
	return Options{
		Dir: dir, Modules: modules, Founder: founder,
		Found: func(ctx context.Context, n *node.Node) error {
			_, err := n.Write(ctx, node.Request{Actor: founder}, func(ctx context.Context, w *node.Writing) error {
				return w.OpenBook(ctx, node.Self)
			})
			return err
		},
	}
}

// stand is an opened demonstration.
type stand struct {
	*node.Folder
	clock *Clock
	desk  *plan.Desk
}

func open(t *testing.T, o Options) (s stand, made bool) {
	t.Helper()
	ctx := context.Background()
	began := time.Now()
	clock, made, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(ctx, o.Dir, o.Modules, node.FolderOptions{May: region.Permit, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	t.Logf("ready after %s", time.Since(began))
	if err := clock.CatchUp(ctx, f.Node); err != nil {
		t.Fatal(err)
	}
	return stand{f, clock, plan.NewDesk(f.Node)}, made
}

func (s stand) count(t *testing.T, query string) (n int) {
	t.Helper()
	ctx := context.Background()
	err := s.Store.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, query).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDemonstration(t *testing.T) {
	s, made := open(t, options(t.TempDir()+"/demo"))
	if !made {
		t.Error("an empty folder was taken for a demonstration")
	}
	for key, want := range map[string]int{"chengyu-2022": 70, "chengduplain-2022": 27, "suitong-2022": 30} {
		page, err := s.desk.List(context.Background(), plan.ListQuery{Plan: key})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d rows, %v, %+v", key, page.States.Total(), page.States, page.Report)
		if page.States.Total() != want {
			t.Errorf("%s has %d rows, want %d", key, page.States.Total(), want)
		}
	}
	items := s.count(t, `SELECT count(DISTINCT item) FROM plan_now`)
	shared := s.count(t, `SELECT count(*) FROM (SELECT item FROM plan_now GROUP BY item HAVING count(*) > 1) x`)
	t.Logf("%d items, %d in several lists", items, shared)
	if items >= 127 || shared < 12 {
		t.Errorf("%d items, %d of them in several lists", items, shared)
	}
}
