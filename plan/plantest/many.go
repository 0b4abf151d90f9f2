package plantest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// manyEdition names what Many makes; a folder of another edition, or with other tables, is made anew.
const manyEdition = 7

// Months are the months for which every item of Many has a report: Many(t, n) has 10·n reports.
const Months = 10

// ManyDay is the day on which the office of Many stands: its last reports have come in.
const ManyDay = judge.Date("2022-10-26")

// ManyUnits are the lead units of Many: o-1 is the coordinator's, the others lead.
const ManyUnits = 60

// ManyLists are the member's own lists of Many, list-0 to list-9: as many for few items as for many.
const ManyLists = 10

// manyCircle is the circle of the list "joint"; all other lists are the member's own.
const manyCircle = "suitong"

// ManyModules open an office of Many. Who starts the program on it gives the modules that it has besides, in its order,
// here and to Many: else its first start would make the view anew.
func ManyModules(more ...node.Module) []node.Module {
	return append([]node.Module{region.Module(), plan.Module()}, more...)
}

// Many returns the folder of a node with so many items, ten reports for each, and lists that hold
// them (演示数据): each item in one of ten, and every tenth also in the list "joint" of a circle. It is made once and kept in the user's cache folder,
// or in that which LIANDONG_BENCH_CACHE names; nobody may write to it.
func Many(t testing.TB, items int, more ...node.Module) (dir string) {
	t.Helper()
	cache := os.Getenv("LIANDONG_BENCH_CACHE")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(base, "liandong-bench")
	}
	dir = filepath.Join(cache, fmt.Sprintf("many-%d-%08x-%d", manyEdition, tablesOf(ManyModules(more...)), items))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	unfinished := dir + ".unfinished"
	if err := errors.Join(os.RemoveAll(unfinished), makeMany(unfinished, items, more), os.Rename(unfinished, dir)); err != nil {
		t.Fatalf("make %d items: %v", items, err)
	}
	return dir
}

// tablesOf tells apart the tables that modules ask for: an office with those of before answers no page.
func tablesOf(modules []node.Module) uint32 {
	sum := fnv.New32a()
	for _, m := range modules {
		fmt.Fprintln(sum, m.Name, m.View, m.Rows, m.Joint)
	}
	return sum.Sum32()
}

func makeMany(dir string, items int, more []node.Module) error {
	ctx := context.Background()
	id := node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}
	if err := node.InitFolder(dir, node.Settings{Identity: id}); err != nil {
		return err
	}
	m := &many{ctx: ctx, items: items, more: more, now: Start}
	// The joint rows are made once at the end, of each item with all its reports.
	later := plan.Module()
	later.Project = nil
	f, err := m.open(dir, later)
	if err != nil {
		return err
	}
	m.node = f.Node
	if err := errors.Join(m.fill(), f.Close()); err != nil {
		return err
	}
	if f, err = m.open(dir, plan.Module()); err != nil {
		return err
	}
	m.node = f.Node
	return errors.Join(m.project(), plan.NewDesk(f.Node).Reindex(ctx), f.Close())
}

func (m *many) open(dir string, module node.Module) (*node.Folder, error) {
	modules := ManyModules(m.more...)
	modules[1] = module
	return node.OpenFolder(m.ctx, dir, modules, node.FolderOptions{
		Unsynced: true, Clock: func() time.Time { return m.now },
		May: func(a node.Actor, act string) bool { return a.Seat == "setup" || region.Permit(a, act) },
	})
}

// project makes the joint rows as Project does for what the entries touched, some items at a time.
func (m *many) project() error {
	const chunk = 1000
	for from := 0; from < m.items; from += chunk {
		var keys []string
		for i := from; i < min(from+chunk, m.items); i++ {
			item := m.item(i) + "@510900"
			keys = append(keys, "i:"+item)
			if m.waits(i) {
				keys = append(keys, fmt.Sprintf("f:%s@%s", item, month(Months)))
			}
		}
		err := m.node.Store.Write(m.ctx, func(tx *store.Tx) error { return plan.Module().Project(m.ctx, tx, keys) })
		if err != nil {
			return err
		}
	}
	return nil
}
