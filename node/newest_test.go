package node_test

import (
	"context"
	"fmt"
	"testing"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestAnOlderProgramLeavesANewerFolderAlone: a folder that a newer form of a module opened is not opened by an older one, nor by a program that lacks a
// module; the newer one opens it again, and so does one newer still.
func TestAnOlderProgramLeavesANewerFolderAlone(t *testing.T) {
	for _, where := range []string{"", "postgres"} {
		t.Run(where, func(t *testing.T) {
			if where != "" {
				where = storetest.PostgresAddress(t)
			}
			f := folder(t, where)
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			now, later := counting, counting
			later.View = now.View + 2
			between := counting
			between.View = now.View + 1
			another := node.Module{Name: "another", View: 1}
			for i, c := range []struct {
				modules []node.Module
				opens   bool
			}{
				{[]node.Module{later}, true},
				{[]node.Module{now}, false},
				{[]node.Module{between}, false},
				{[]node.Module{later, another}, true},
				{[]node.Module{later}, false},
				{[]node.Module{later, another}, true},
			} {
				f, err := node.OpenFolder(context.Background(), f.Dir, c.modules, anyone)
				if c.opens != (err == nil) || err != nil && !refuse.Is(err, "node.newer-folder") {
					t.Fatalf("%d: %v", i, err)
				}
				if err != nil {
					continue
				}
				var n int
				err = f.Store.Read(context.Background(), func(tx *store.Tx) error {
					return tx.Row(context.Background(), `SELECT n FROM count_sum WHERE book = ? AND id = ?`, "510900/suitong", fmt.Sprint(3)).Scan(&n)
				})
				if err != nil || n == 0 {
					t.Errorf("%d: its view says %d, %v", i, n, err)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
