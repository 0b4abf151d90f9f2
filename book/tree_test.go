package book

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// reference is a log kept by the library's own arithmetic (tlog.StoredHashes), which the tree is compared with.
type reference struct {
	hashes []tlog.Hash
	leaves []tlog.Hash
}

func (r *reference) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		out[i] = r.hashes[n]
	}
	return out, nil
}

func testLeaf(i int64) []byte { return binary.BigEndian.AppendUint64([]byte("entry"), uint64(i)) }

func (r *reference) grow(t testing.TB, size int64) {
	for i := int64(len(r.leaves)); i < size; i++ {
		more, err := tlog.StoredHashes(i, testLeaf(i), r)
		if err != nil {
			t.Fatal(err)
		}
		r.hashes = append(r.hashes, more...)
		r.leaves = append(r.leaves, LeafHash(testLeaf(i)))
	}
}

func (r *reference) root(t testing.TB, size int64) tlog.Hash {
	h, err := tlog.TreeHash(size, r)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// shelf stores tiles as a node does: one a level and number, level 0 only when full.
type shelf struct {
	tiles  map[string][]byte
	leaves func(i int64) tlog.Hash
}

func newShelf(leaves func(int64) tlog.Hash) *shelf { return &shelf{map[string][]byte{}, leaves} }

func (s *shelf) put(tiles []Tile) {
	for _, tile := range tiles {
		s.tiles[fmt.Sprint(tile.Level, tile.N)] = tile.Data
	}
}

func (s *shelf) load(level int, n int64, width int) ([]byte, error) {
	if level == 0 && width < TileWidth {
		var data []byte
		for i := range int64(width) {
			h := s.leaves(n*TileWidth + i)
			data = append(data, h[:]...)
		}
		return data, nil
	}
	data, ok := s.tiles[fmt.Sprint(level, n)]
	if !ok {
		return nil, fmt.Errorf("no tile %d %d", level, n)
	}
	return data, nil
}

// grown is grown once for all tests.
var grown reference

const bigSize = 70_000

func bigLeaf(i int64) tlog.Hash { return grown.leaves[i] }

func TestTreeEqualsTheLibraryAtRandomSizes(t *testing.T) {
	grown.grow(t, bigSize)
	rapid.Check(t, func(rt *rapid.T) {
		tree, store := &Tree{}, newShelf(bigLeaf)
		sizes := rapid.SliceOfN(rapid.Int64Range(0, bigSize), 1, 6).Draw(rt, "sizes")
		for _, target := range sizes {
			if target < tree.Size() {
				continue
			}
			appendWithAccidents(tree, target)
			next := tree.Clone()
			for i := tree.Size(); i < target; i++ {
				next.Append(bigLeaf(i))
			}
			store.put(next.Pending())
			tree = next
			if target > 0 && tree.Root() != grown.root(t, target) {
				rt.Fatalf("root at %d differs", target)
			}
			checkReload(rt, tree, store)
			checkTiles(rt, target, store)
		}
	})
}

// appendWithAccidents: clones that are thrown away leave no trace.
func appendWithAccidents(tree *Tree, target int64) {
	lost := tree.Clone()
	for range min(target-tree.Size(), 600) {
		lost.Append(tlog.Hash{0xff})
	}
	lost.Pending()
}

func checkReload(rt *rapid.T, tree *Tree, store *shelf) {
	again, err := OpenTree(tree.Size(), store.load)
	if err != nil {
		rt.Fatal(err)
	}
	if again.Root() != tree.Root() {
		rt.Fatalf("reloaded root at %d differs", tree.Size())
	}
	for i := range int64(300) { // what both write next must be the same as well
		h := tlog.Hash{byte(i)}
		again.Append(h)
	}
	other := tree.Clone()
	for i := range int64(300) {
		other.Append(tlog.Hash{byte(i)})
	}
	a, b := again.Pending(), other.Pending()
	if len(a) != len(b) {
		rt.Fatalf("%d tiles after reload, %d without", len(a), len(b))
	}
	for i := range a {
		if a[i].Level != b[i].Level || a[i].N != b[i].N || !bytes.Equal(a[i].Data, b[i].Data) {
			rt.Fatalf("tile %d %d differs after reload", a[i].Level, a[i].N)
		}
	}
}

// checkTiles compares every stored tile with the library's: the widest one of each number, and no other.
func checkTiles(rt *rapid.T, size int64, store *shelf) {
	want := 0
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		if tile.L == 0 && tile.W < TileWidth {
			continue
		}
		want++
		data, err := tlog.ReadTileData(tile, &grown)
		if err != nil {
			rt.Fatal(err)
		}
		if got := store.tiles[fmt.Sprint(tile.L, tile.N)]; !bytes.Equal(got, data) {
			rt.Fatalf("tile %s at size %d: %d bytes, want %d", tile.Path(), size, len(got), len(data))
		}
	}
	if want != len(store.tiles) {
		rt.Fatalf("%d tiles stored at size %d, want %d", len(store.tiles), size, want)
	}
}

func TestTreeAtEdges(t *testing.T) {
	grown.grow(t, bigSize)
	tree, store := &Tree{}, newShelf(bigLeaf)
	empty := tree.Root()
	if got := fmt.Sprintf("%x", empty[:]); got != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("root of nothing is %s", got)
	}
	for i := range int64(bigSize) {
		tree.Append(bigLeaf(i))
		n := tree.Size()
		if n < 3 || n%256 < 2 || n%256 == 255 {
			if tree.Root() != grown.root(t, n) {
				t.Fatalf("root at %d differs", n)
			}
			store.put(tree.Pending())
			again, err := OpenTree(n, store.load)
			if err != nil || again.Root() != tree.Root() {
				t.Fatalf("reload at %d: %v", n, err)
			}
		}
	}
}

func TestOpenTreeRefusesShortTiles(t *testing.T) {
	short := func(int, int64, int) ([]byte, error) { return make([]byte, 31), nil }
	if _, err := OpenTree(1, short); err == nil {
		t.Error("a tile of 31 bytes was accepted")
	}
	if _, err := OpenTree(-1, short); err == nil {
		t.Error("size -1 was accepted")
	}
}

// TestClonesDoNotTouchEachOther: what one appends is not seen by the other, whichever appends first.
func TestClonesDoNotTouchEachOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		trees := []*Tree{{}}
		leaves := [][]byte{nil} // what was appended to each
		for _, step := range rapid.SliceOfN(rapid.IntRange(0, 1<<16), 1, 60).Draw(rt, "steps") {
			i := step % len(trees)
			if step%5 == 0 {
				trees, leaves = append(trees, trees[i].Clone()), append(leaves, bytes.Clone(leaves[i]))
			}
			for range step % 300 {
				trees[i].Append(tlog.Hash{byte(step)})
				leaves[i] = append(leaves[i], byte(step))
			}
		}
		for i, tree := range trees {
			fresh := &Tree{}
			for _, b := range leaves[i] {
				fresh.Append(tlog.Hash{b})
			}
			if a, b := tree.Pending(), fresh.Pending(); tree.Root() != fresh.Root() || fmt.Sprint(a) != fmt.Sprint(b) {
				rt.Fatalf("tree %d of %d differs from one made alone", i, len(trees))
			}
		}
	})
}

func BenchmarkCloneAndAppend(b *testing.B) {
	tree := &Tree{}
	for i := range int64(70_000) {
		tree.Append(tlog.Hash{byte(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		c := tree.Clone()
		for range 16 {
			c.Append(tlog.Hash{1})
		}
		c.Pending()
		tree = c
	}
}
