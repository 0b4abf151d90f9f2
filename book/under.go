package book

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// LeavesUnder gives the leaf hashes of the entries from an index on, each proven to lie under head. What load gives
// need not be trusted: a tile that does not lead to the root is an error, and nothing of it is given out.
func LeavesUnder(head Checkpoint, from int64, count int, load Loader) ([]tlog.Hash, error) {
	if from < 0 || count < 0 || from+int64(count) > head.Size {
		return nil, fmt.Errorf("账头只有 %d 条, 没有 %d 至 %d (not under this head)", head.Size, from, from+int64(count)-1)
	}
	indexes := make([]int64, count)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, from+int64(i))
	}
	tiles := tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, untrusted(load))
	leaves, err := tiles.ReadHashes(indexes)
	if err != nil {
		return nil, fmt.Errorf("%s: 瓦片与账头不符 (tiles that do not lead to the head): %w", head.Origin, err)
	}
	return leaves, nil
}

// untrusted hands a loader's tiles to the library, which compares each with those above it.
type untrusted Loader

func (untrusted) Height() int                     { return tileHeight }
func (untrusted) SaveTiles([]tlog.Tile, [][]byte) {}

func (l untrusted) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := loadTile(Loader(l), t.L, t.N, t.W)
		if err != nil {
			return nil, err
		}
		all[i] = data
	}
	return all, nil
}
