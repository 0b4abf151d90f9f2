package plantest_test

import (
	"context"
	"testing"

	"liandong/node"
	"liandong/plan/plantest"
	"liandong/region"
)

// What the generator makes in bulk is what the entries add up to: else its figures prove nothing.
func TestManyVerifies(t *testing.T) {
	t.Setenv("LIANDONG_BENCH_CACHE", t.TempDir())
	dir := plantest.Many(t, 200)
	f, err := node.OpenFolder(context.Background(), dir, plantest.ManyModules(),
		node.FolderOptions{May: region.Permit, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := f.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	if !v.Clean() {
		t.Errorf("%d faults, first %+v", len(v.Faults), v.Faults[0])
	}
}
