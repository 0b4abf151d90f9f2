package exchange_test

import (
	"archive/zip"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

// TestDamageNeverGetsIn: of a bundle with flipped or missing bytes nothing is taken but what the neighbour said.
func TestDamageNeverGetsIn(t *testing.T) {
	suining, tongnan := neighbours(t)
	tongnan.talks(t, 700)
	whole, err := os.ReadFile(tongnan.exports(t, nil)[0])
	if err != nil {
		t.Fatal(err)
	}
	said := tongnan.shows(t, 702).entries
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 2))
	t.Logf("seed %d", seed)
	path := filepath.Join(t.TempDir(), "damaged.zip")
	for range 60 {
		damaged := append([]byte{}, whole...)
		for range 1 + random.IntN(4) {
			damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))
		}
		if random.IntN(4) == 0 {
			damaged = damaged[:random.IntN(len(damaged))]
		}
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		suining.imports(t, path)
	}
	suining.clean(t)
	err = suining.Store.Read(context.Background(), func(tx *store.Tx) error {
		here, err := node.Entries(context.Background(), tx, "500152/suitong", 0, len(said)+1)
		for i, e := range here {
			if i >= len(said) || string(e) != string(said[i]) {
				t.Fatalf("entry %d was never said", i)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnUnpackedBundleIsAStaticLog: its paths are those of c2sp.org/tlog-tiles.
func TestAnUnpackedBundleIsAStaticLog(t *testing.T) {
	_, tongnan := neighbours(t)
	tongnan.talks(t, 700)
	z, err := zip.OpenReader(tongnan.exports(t, nil)[0])
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	read := func(path string) ([]byte, error) {
		f, err := z.Open("500152/suitong/" + path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(f)
	}
	checkpoint, err := read("checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	v, err := book.Verifier(book.VerifierKey("tongnan.example/suitong", tongnan.key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	head, err := book.OpenCheckpoint(checkpoint, v.Name(), v)
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := book.LeavesUnder(head, 0, 702, func(level int, n int64, width int) ([]byte, error) {
		return read(book.TilePath(level, n, width))
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(3) {
		packed, err := read(book.EntriesPath(n, int(min(256, 702-n*256))))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := book.ScanBundle(packed)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range entries {
			if book.LeafHash(e) != leaves[n*256+int64(i)] {
				t.Errorf("entry %d", n*256+int64(i))
			}
		}
	}
}
