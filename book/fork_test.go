package book

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// shown makes a book of size entries in which the entries from changed on (-1: none) are others, and its signed head.
func shown(t testing.TB, key Key, size, changed int64) Shown {
	leaf := func(i int64) tlog.Hash {
		if changed >= 0 && i >= changed {
			return LeafHash(fmt.Appendf(nil, "another %d", i))
		}
		return LeafHash(testLeaf(i))
	}
	tree, tiles := &Tree{}, newShelf(leaf)
	for i := range size {
		tree.Append(leaf(i))
	}
	tiles.put(tree.Pending())
	signed, err := SignCheckpoint(testOrigin, size, tree.Root(), key.Signer(testOrigin))
	if err != nil {
		t.Fatal(err)
	}
	return Shown{signed, tiles.load}
}

func TestFindFork(t *testing.T) {
	key := testKey(t, 1)
	vkey := VerifierKey(testOrigin, key.Public())
	rapid.Check(t, func(r *rapid.T) {
		a := rapid.Int64Range(1, 1500).Draw(r, "a")
		b := rapid.Int64Range(1, 1500).Draw(r, "b")
		at := rapid.Int64Range(0, min(a, b)-1).Draw(r, "at")
		f, err := FindFork(vkey, shown(t, key, a, -1), shown(t, key, b, at))
		if err != nil {
			r.Fatal(err)
		}
		if a != b && f.Index != at {
			r.Errorf("they differ from %d, found %d", at, f.Index)
		}
		file, err := f.Bytes()
		if err != nil {
			r.Fatal(err)
		}
		again, err := ReadFork(file)
		if err == nil {
			err = again.Verify(vkey, nil)
		}
		if err != nil {
			r.Errorf("evidence read again: %v\n%s", err, file)
		}
	})
}

func TestFindForkFarDown(t *testing.T) {
	key := testKey(t, 1)
	for _, at := range []int64{0, 65_535, 65_536, 66_999} {
		f, err := FindFork(VerifierKey(testOrigin, key.Public()), shown(t, key, 67_000, -1), shown(t, key, 70_000, at))
		if err != nil || f.Index != at {
			t.Errorf("they differ from %d, found %d: %v", at, f.Index, err)
		}
	}
}

func TestNoFork(t *testing.T) {
	key := testKey(t, 1)
	vkey := VerifierKey(testOrigin, key.Public())
	for _, sizes := range [][2]int64{{300, 700}, {0, 5}, {66_000, 65_536}, {5, 5}} {
		_, err := FindFork(vkey, shown(t, key, sizes[0], -1), shown(t, key, sizes[1], -1))
		if !errors.Is(err, ErrNoFork) {
			t.Errorf("%v of one book: %v", sizes, err)
		}
	}
}

func TestForkRefused(t *testing.T) {
	key := testKey(t, 1)
	vkey := VerifierKey(testOrigin, key.Public())
	fresh := func() Fork {
		f, err := FindFork(vkey, shown(t, key, 700, -1), shown(t, key, 300, 257))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, c := range []struct {
		remark string
		change func(*Fork)
		want   error
	}{
		{"unknown format", func(f *Fork) { f.Format = "liandong-fork/3" }, ErrEvidenceFormat},
		{"another key", func(f *Fork) { f.Key = VerifierKey(testOrigin, testKey(t, 2).Public()) }, ErrOtherKey},
		{"an index where both agree", func(f *Fork) { f.Index-- }, ErrNoFork},
		{"one leaf on both sides", func(f *Fork) { f.One.Leaf = f.Other.Leaf }, ErrNoFork},
		{"one head on both sides", func(f *Fork) { f.One = f.Other }, ErrNoFork},
		{"no index, though the sizes differ", func(f *Fork) { f.Index = -1 }, ErrNoFork},
		{"a hash of a path", func(f *Fork) { f.Other.Inclusion[0][0] ^= 1 }, ErrNoFork},
		{"the size signed", func(f *Fork) {
			f.Other.Checkpoint = strings.Replace(f.Other.Checkpoint, "\n300\n", "\n301\n", 1)
		}, ErrBadSignature},
		{"the origin", func(f *Fork) { f.Origin = "suining.example/chengyu" }, ErrWrongOrigin},
	} {
		f := fresh()
		c.change(&f)
		if err := f.Verify(vkey, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.remark, err, c.want)
		}
	}
}

// A neighbour that shows tiles which are not those of its head gives no evidence against anybody.
func TestForkNeedsHonestTiles(t *testing.T) {
	key := testKey(t, 1)
	vkey := VerifierKey(testOrigin, key.Public())
	honest, other := shown(t, key, 700, -1), shown(t, key, 300, -1)
	other.Load = shown(t, key, 300, 100).Load
	if _, err := FindFork(vkey, honest, other); !errors.Is(err, ErrNoFork) {
		t.Errorf("evidence out of false tiles: %v", err)
	}
}
