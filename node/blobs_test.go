package node

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAFolderIsAsLastingAsItsFiles: the name of a new folder is written to the disk before the
// attachment in it counts as stored.
func TestAFolderIsAsLastingAsItsFiles(t *testing.T) {
	b, err := OpenBlobs(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var synced []string
	depot := b.Depot.(*folderDepot)
	depot.sync = func(dir string) error {
		synced = append(synced, dir)
		return syncDir(dir)
	}
	for _, want := range [][]string{{"above", "its own"}, {"its own"}} {
		b.rand = strings.NewReader(strings.Repeat("x", 64)) // the same salt, and so the same name, each time
		synced = nil
		kept, err := b.Put(strings.NewReader("附件"), 100)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, dir := range synced {
			got = append(got, map[string]string{b.dir: "above", filepath.Dir(depot.path(kept.Name)): "its own"}[dir])
		}
		if !slices.Equal(got, want) {
			t.Errorf("synced %v, want %v", got, want)
		}
	}
}
