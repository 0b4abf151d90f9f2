package book

import (
	"bytes"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func TestPaths(t *testing.T) {
	for _, c := range []struct {
		path string
		want TileRef
	}{
		{"tile/0/000", TileRef{Width: 256}},
		{"tile/3/x001/x234/067.p/1", TileRef{Level: 3, N: 1234067, Width: 1}},
		{"tile/entries/x001/000.p/255", TileRef{Entries: true, N: 1000, Width: 255}},
		{"tile/entries/999", TileRef{Entries: true, N: 999, Width: 256}},
	} {
		got, err := ParsePath(c.path)
		if err != nil || got != c.want || got.Path() != c.path {
			t.Errorf("%s: %+v, %v", c.path, got, err)
		}
	}
}

func TestPathsRefused(t *testing.T) {
	for _, c := range []struct{ remark, path string }{
		{"leading slash", "/tile/0/000"},
		{"nothing", ""},
		{"level with leading zero", "tile/00/000"},
		{"level with plus", "tile/+0/000"},
		{"level that no book has", "tile/8/000"},
		{"data, as in the Go checksum database", "tile/data/000"},
		{"number too short", "tile/0/0"},
		{"number too long", "tile/0/0000"},
		{"leading zero group", "tile/0/x000/001"},
		{"last group with x", "tile/0/x001"},
		{"first group without x", "tile/0/001/002"},
		{"width 0", "tile/0/000.p/0"},
		{"width 256", "tile/0/000.p/256"},
		{"width 01", "tile/0/000.p/01"},
		{"no width", "tile/0/000.p/"},
		{"two widths", "tile/0/000.p/1.p/1"},
		{"climbing", "tile/0/../000"},
		{"trailing slash", "tile/0/000/"},
		{"beyond 2^63", "tile/0/x999/x999/x999/x999/x999/x999/999"},
	} {
		if r, err := ParsePath(c.path); err == nil {
			t.Errorf("%s: %q was read as %+v", c.remark, c.path, r)
		}
	}
}

// TestPathsAgreeWithTheLibrary: apart from the height, which C2SP leaves out, tlog writes the same.
func TestPathsAgreeWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64Range(0, 1<<55).Draw(rt, "n")
		level := rapid.IntRange(0, 7).Draw(rt, "level")
		width := rapid.IntRange(1, 256).Draw(rt, "width")
		got := TilePath(level, n, width)
		if want := "tile/8/" + got[len("tile/"):]; want != (tlog.Tile{H: 8, L: level, N: n, W: width}).Path() {
			rt.Fatalf("%s", got)
		}
		if r, err := ParsePath(got); err != nil || r != (TileRef{Level: level, N: n, Width: width}) {
			rt.Fatalf("%s: %+v, %v", got, r, err)
		}
	})
}

func FuzzParsePath(f *testing.F) {
	f.Add("tile/entries/x001/000.p/255")
	f.Add("tile/0/000")
	f.Fuzz(func(t *testing.T, path string) {
		if r, err := ParsePath(path); err == nil && r.Path() != path {
			t.Errorf("%q reads as %q", path, r.Path())
		}
	})
}

func TestBundle(t *testing.T) {
	entries := [][]byte{[]byte("a"), {}, bytes.Repeat([]byte{7}, MaxEntry)}
	b, err := EntryBundle(entries)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ScanBundle(b)
	if err != nil || len(got) != 3 || !bytes.Equal(got[2], entries[2]) {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	for _, n := range []int{1, 2, 4, len(b) - 1} {
		if _, err := ScanBundle(b[:n]); err == nil {
			t.Errorf("the first %d bytes were accepted", n)
		}
	}
	if _, err := EntryBundle(make([][]byte, 257)); err == nil {
		t.Error("257 entries were bundled")
	}
	if _, err := EntryBundle([][]byte{make([]byte, MaxEntry+1)}); err == nil {
		t.Error("an entry of 65,536 bytes was bundled")
	}
	if _, err := ScanBundle(make([]byte, 2*257)); err == nil {
		t.Error("257 entries were read")
	}
}

func FuzzScanBundle(f *testing.F) {
	f.Add([]byte{0, 1, 'a', 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := ScanBundle(b)
		if err != nil {
			return
		}
		if again, err := EntryBundle(entries); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%x reads as %x, %v", b, again, err)
		}
	})
}
