package book

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// bigShelf holds the tiles of a book of bigSize entries.
func bigShelf(t testing.TB) *shelf {
	grown.grow(t, bigSize)
	tree, store := &Tree{}, newShelf(bigLeaf)
	for i := range int64(bigSize) {
		tree.Append(bigLeaf(i))
	}
	store.put(tree.Pending())
	return store
}

// TestProofsAgreeWithTheLibrary: what we prove from tiles is what the library proves from all hashes, at any size
// up to that of the stored tiles; and the library's own checks accept it.
func TestProofsAgreeWithTheLibrary(t *testing.T) {
	store := bigShelf(t)
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.Int64Range(1, bigSize).Draw(rt, "size")
		index := rapid.Int64Range(0, size-1).Draw(rt, "index")
		older := rapid.Int64Range(1, size).Draw(rt, "older")
		root, olderRoot := grown.root(t, size), grown.root(t, older)

		proof, err := ProveInclusion(size, index, store.load)
		if err != nil {
			rt.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, size, root, index, bigLeaf(index)); err != nil {
			rt.Fatalf("library: %v", err)
		}
		if err := CheckInclusion(size, index, root, bigLeaf(index), proof); err != nil {
			rt.Fatal(err)
		}
		if CheckInclusion(size, index, root, tlog.Hash{1}, proof) == nil {
			rt.Fatal("another leaf was accepted")
		}
		if other := (index + 1) % size; other != index && CheckInclusion(size, other, root, bigLeaf(index), proof) == nil {
			rt.Fatal("another index was accepted")
		}

		steps, err := ProveConsistency(older, size, store.load)
		if err != nil {
			rt.Fatal(err)
		}
		if older < size {
			if err := tlog.CheckTree(steps, size, root, older, olderRoot); err != nil {
				rt.Fatalf("library: %v", err)
			}
		}
		if err := CheckConsistency(older, size, olderRoot, root, steps); err != nil {
			rt.Fatal(err)
		}
		if within, err := RootWithin(older, size, root, store.load); err != nil || within != olderRoot {
			rt.Fatalf("the root of the first %d of %d is %v: %v", older, size, within, err)
		}
		if _, err := RootWithin(older, size, tlog.Hash{1}, store.load); older < size && !errors.Is(err, ErrFalseTiles) {
			rt.Fatalf("tiles of another head: %v", err)
		}
		if CheckConsistency(older, size, tlog.Hash{1}, root, steps) == nil {
			rt.Fatal("a fork was accepted")
		}
		if len(steps) > 0 {
			steps[0][0] ^= 1
			if CheckConsistency(older, size, olderRoot, root, steps) == nil {
				rt.Fatal("a changed proof was accepted")
			}
		}
	})
}

func TestProofsAtTheirLimits(t *testing.T) {
	store := bigShelf(t)
	empty := (&Tree{}).Root()
	for _, c := range []struct {
		remark string
		err    error
		ok     bool
	}{
		{"from nothing", CheckConsistency(0, 5, empty, grown.root(t, 5), nil), true},
		{"from nothing to nothing", CheckConsistency(0, 0, empty, empty, nil), true},
		{"from nothing with another root", CheckConsistency(0, 5, tlog.Hash{}, grown.root(t, 5), nil), false},
		{"equal sizes, equal roots", CheckConsistency(5, 5, grown.root(t, 5), grown.root(t, 5), nil), true},
		{"equal sizes, other roots", CheckConsistency(5, 5, grown.root(t, 5), grown.root(t, 6), nil), false},
		{"backwards", CheckConsistency(6, 5, grown.root(t, 6), grown.root(t, 5), nil), false},
		{"index beyond the end", CheckInclusion(5, 5, grown.root(t, 5), bigLeaf(5), nil), false},
		{"index -1", CheckInclusion(5, -1, grown.root(t, 5), bigLeaf(0), nil), false},
	} {
		if (c.err == nil) != c.ok {
			t.Errorf("%s: %v", c.remark, c.err)
		}
	}
	if _, err := ProveInclusion(5, 5, store.load); err == nil {
		t.Error("proved an entry beyond the end")
	}
	if _, err := ProveConsistency(6, 5, store.load); err == nil {
		t.Error("proved a book that shrank")
	}
	absent := newShelf(bigLeaf)
	if _, err := ProveInclusion(bigSize, 5, absent.load); err == nil {
		t.Error("proved without tiles")
	}
}

// TestAProofOfAnotherBeginning: the true proof of another tree shows that it begins otherwise; a proof of the same tree, and one that was
// changed, show nothing.
func TestAProofOfAnotherBeginning(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.Int64Range(2, 900).Draw(r, "size")
		old := rapid.Int64Range(1, size-1).Draw(r, "old")
		changed := rapid.Int64Range(0, old-1).Draw(r, "changed")
		root := func(s Shown) tlog.Hash {
			head, err := OpenCheckpoint(s.Checkpoint, testOrigin, testVerifier(t, testKey(t, 1), testOrigin))
			if err != nil {
				t.Fatal(err)
			}
			return head.Root
		}
		key := testKey(t, 1)
		seen, same, other := shown(t, key, old, -1), shown(t, key, size, -1), shown(t, key, size, changed)
		proof, err := ProveConsistency(old, size, other.Load)
		if err != nil {
			r.Fatal(err)
		}
		if got, want := ProvesOther(old, size, root(seen), root(other), proof), old&(old-1) != 0; got != want {
			r.Errorf("%d of %d, another from %d on: proven %v, want %v", old, size, changed, got, want)
		}
		if ProvesOther(old, size, root(seen), root(same), proof) {
			r.Error("the proof of another tree proves something of this one")
		}
		if proof, err = ProveConsistency(old, size, same.Load); err != nil || ProvesOther(old, size, root(seen), root(same), proof) {
			r.Errorf("a tree that continues is taken for another: %v", err)
		}
		if len(proof) > 0 {
			proof[rapid.IntRange(0, len(proof)-1).Draw(r, "bent")][0] ^= 1
			if ProvesOther(old, size, root(seen), root(same), proof) {
				r.Error("a bent proof proves something")
			}
		}
	})
}
