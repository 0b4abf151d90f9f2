package book

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// tileReader answers the library's questions for single hashes from whole tiles of a book of a given size.
type tileReader struct {
	size int64
	load Loader
	seen map[[2]int64][]byte // level, number
}

// ReadHashes implements tlog.HashReader.
func (r *tileReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		tile := tlog.TileForIndex(tileHeight, index)
		tile.W = r.width(tile.L, tile.N)
		data, err := r.tile(tile)
		if err != nil {
			return nil, err
		}
		if out[i], err = tlog.HashFromTile(tile, data, index); err != nil {
			return nil, fmt.Errorf("hash %d of a book of %d entries: %w", index, r.size, err)
		}
	}
	return out, nil
}

// width is what a tile has at the reader's size; loaders store or make tiles of just that width.
func (r *tileReader) width(level int, n int64) int {
	return int(min(TileWidth, r.size>>(tileHeight*level)-n*TileWidth))
}

func (r *tileReader) tile(t tlog.Tile) ([]byte, error) {
	at := [2]int64{int64(t.L), t.N}
	if data, ok := r.seen[at]; ok {
		return data, nil
	}
	if t.W < 1 {
		return nil, fmt.Errorf("tile %s lies beyond a book of %d entries", TilePath(t.L, t.N, TileWidth), r.size)
	}
	data, err := loadTile(r.load, t.L, t.N, t.W)
	if err != nil {
		return nil, err
	}
	r.seen[at] = data
	return data, nil
}

func readTiles(size int64, load Loader) *tileReader {
	return &tileReader{size, load, map[[2]int64][]byte{}}
}

// ProveInclusion gives the hashes that lead from entry index to the root of the book at size, RFC 6962 section 2.1.1.
func ProveInclusion(size, index int64, load func(level int, n int64, width int) ([]byte, error)) ([]tlog.Hash, error) {
	if index < 0 || index >= size {
		return nil, fmt.Errorf("账本长度为 %d, 没有第 %d 条 (no such entry at this size)", size, index)
	}
	proof, err := tlog.ProveRecord(size, index, readTiles(size, load))
	if err != nil {
		return nil, fmt.Errorf("prove entry %d of %d: %w", index, size, err)
	}
	return proof, nil
}

// CheckInclusion tells whether the entry with this leaf hash is number index of the book with this size and root.
func CheckInclusion(size, index int64, root, leaf tlog.Hash, proof []tlog.Hash) error {
	if index < 0 || index >= size {
		return fmt.Errorf("账本长度为 %d, 没有第 %d 条 (no such entry at this size)", size, index)
	}
	if err := tlog.CheckRecord(proof, size, root, index, leaf); err != nil {
		return fmt.Errorf("第 %d 条不在此账头之下 (entry %d is not under this root): %w", index, index, err)
	}
	return nil
}

// ProveConsistency gives the hashes that show the book at size older to be the beginning of the book at size newer,
// RFC 6962 section 2.1.2. Between equal sizes and from an empty book there is nothing to prove.
func ProveConsistency(older, newer int64, load func(level int, n int64, width int) ([]byte, error)) ([]tlog.Hash, error) {
	if older < 0 || older > newer {
		return nil, fmt.Errorf("账本不能从 %d 条变为 %d 条 (sizes in wrong order)", older, newer)
	}
	if older == 0 || older == newer {
		return nil, nil
	}
	proof, err := tlog.ProveTree(newer, older, readTiles(newer, load))
	if err != nil {
		return nil, fmt.Errorf("prove %d to %d: %w", older, newer, err)
	}
	return proof, nil
}

// CheckConsistency tells whether the book with size older and olderRoot is the beginning of the newer one.
func CheckConsistency(older, newer int64, olderRoot, newerRoot tlog.Hash, proof []tlog.Hash) error {
	if older < 0 || older > newer {
		return fmt.Errorf("账本不能从 %d 条变为 %d 条 (sizes in wrong order)", older, newer)
	}
	fork := fmt.Errorf("两个账头 (%d 条, %d 条) 不属于同一账本 (the book was forked or rewritten)", older, newer)
	switch {
	case older == 0:
		empty := (&Tree{}).Root()
		if olderRoot != empty || newer == 0 && newerRoot != empty || len(proof) != 0 {
			return fork
		}
		return nil
	case older == newer:
		if olderRoot != newerRoot || len(proof) != 0 {
			return fork
		}
		return nil
	}
	if err := tlog.CheckTree(proof, newer, newerRoot, older, olderRoot); err != nil {
		return fmt.Errorf("%w: %w", fork, err)
	}
	return nil
}

// ErrFalseTiles: tiles that are not those of the head under which they were shown.
var ErrFalseTiles = errors.New("所给的散列不在该账头之下 (tiles that are not under the head)")

// RootWithin is the root that a book of newer entries had at size older, by tiles that are proven to lead to newerRoot.
func RootWithin(older, newer int64, newerRoot tlog.Hash, load Loader) (root tlog.Hash, err error) {
	proof, err := ProveConsistency(older, newer, load)
	if err != nil {
		return root, err
	}
	switch older {
	case 0:
		root = (&Tree{}).Root()
	case newer:
		return newerRoot, nil
	default:
		if root, err = tlog.TreeHash(older, readTiles(newer, load)); err != nil {
			return root, fmt.Errorf("root of the first %d of %d: %w", older, newer, err)
		}
	}
	if err := CheckConsistency(older, newer, root, newerRoot, proof); err != nil {
		return root, fmt.Errorf("%w: %w", ErrFalseTiles, err)
	}
	return root, nil
}

// ProvesOther says that a consistency proof shows a tree of newSize entries under newRoot to begin with another root at oldSize than
// oldRoot: then one signed head contradicts the other. A proof that leads to neither proves nothing. Where oldSize is a power of two no
// proof says it, since it begins with oldRoot itself.
func ProvesOther(oldSize, newSize int64, oldRoot, newRoot tlog.Hash, proof []tlog.Hash) bool {
	if oldSize <= 0 || oldSize >= newSize || oldSize&(oldSize-1) == 0 || len(proof) == 0 {
		return false
	}
	first, second, ok := consistencyRoots(oldSize, newSize, proof)
	return ok && second == newRoot && first != oldRoot
}

// consistencyRoots are the two roots that a proof leads to (RFC 9162, 2.1.4.2); oldSize is no power of two.
func consistencyRoots(oldSize, newSize int64, proof []tlog.Hash) (first, second tlog.Hash, ok bool) {
	f, s := oldSize-1, newSize-1
	for f&1 == 1 {
		f, s = f>>1, s>>1
	}
	first, second = proof[0], proof[0]
	for _, c := range proof[1:] {
		if s == 0 {
			return first, second, false
		}
		if f&1 == 1 || f == s {
			first, second = tlog.NodeHash(c, first), tlog.NodeHash(c, second)
			for f&1 == 0 && f != 0 {
				f, s = f>>1, s>>1
			}
		} else {
			second = tlog.NodeHash(second, c)
		}
		f, s = f>>1, s>>1
	}
	return first, second, s == 0
}
