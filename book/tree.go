package book

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles have 256 hashes (c2sp.org/tlog-tiles): eight levels of the tree.
const (
	TileWidth  = 256
	tileHeight = 8
)

// Loader gives the hashes of a tile: at least width*32 bytes, of which the first count. width is what the tile
// has at the size asked about (1 to 256). Tiles of level 0 that are not full are never stored: the loader makes
// them from the entries by LeafHash.
type Loader func(level int, n int64, width int) ([]byte, error)

// Tile is a tile to be stored: the hashes n*256… of a level, width*32 bytes. Data is never changed afterwards.
type Tile struct {
	Level int
	N     int64
	Data  []byte
}

// Tree is the right edge of a book, in memory: enough to append and to tell the root. It is not safe for
// concurrent use.
type Tree struct {
	size    int64
	edge    [64]tlog.Hash // edge[h]: root of the perfect subtree of 2^h leaves, where bit h of size is set
	levels  [][]byte      // per tile level: hashes of the tile that is not yet full
	grown   []bool        // per tile level: whether it grew since the last Pending
	pending []Tile        // full tiles since the last Pending
}

// OpenTree reads the right edge of a book of size entries. The caller compares Root with the root it stored.
func OpenTree(size int64, load func(level int, n int64, width int) ([]byte, error)) (*Tree, error) {
	if size < 0 {
		return nil, fmt.Errorf("账本长度不能为负: %d (negative size)", size)
	}
	t := &Tree{size: size}
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		count := size >> (tileHeight * level)
		width := int(count % TileWidth)
		var hashes []byte // nil between full tiles
		if width > 0 {
			data, err := loadTile(load, level, count/TileWidth, width)
			if err != nil {
				return nil, err
			}
			hashes = bytes.Clone(data)
		}
		t.levels, t.grown = append(t.levels, hashes), append(t.grown, false)
		t.restEdge(level, hashes)
	}
	return t, nil
}

func loadTile(load Loader, level int, n int64, width int) ([]byte, error) {
	data, err := load(level, n, width)
	if err != nil {
		return nil, fmt.Errorf("read tile %s: %w", TilePath(level, n, width), err)
	}
	if len(data) < width*tlog.HashSize {
		return nil, fmt.Errorf("tile %s: %d 字节, 应为 %d (too short)", TilePath(level, n, width), len(data), width*tlog.HashSize)
	}
	return data[:width*tlog.HashSize], nil
}

// restEdge fills edge for the eight heights of a tile level: the widest subtrees stand to the left.
func (t *Tree) restEdge(level int, hashes []byte) {
	width := len(hashes) / tlog.HashSize
	for h := tileHeight - 1; h >= 0; h-- {
		if width>>h&1 == 0 {
			continue
		}
		part := tlog.HashSize << h
		t.edge[level*tileHeight+h] = subtree(hashes[:part])
		hashes = hashes[part:]
	}
}

// subtree is the root of a power of two of hashes.
func subtree(hashes []byte) tlog.Hash {
	if len(hashes) == tlog.HashSize {
		return tlog.Hash(hashes)
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}

// Append adds a leaf (LeafHash of an entry): one hash of two on average.
func (t *Tree) Append(leaf tlog.Hash) {
	t.put(0, leaf)
	h := 0
	for ; t.size>>h&1 == 1; h++ {
		leaf = tlog.NodeHash(t.edge[h], leaf)
		if (h+1)%tileHeight == 0 {
			t.put((h+1)/tileHeight, leaf)
		}
	}
	t.edge[h] = leaf
	t.size++
}

// put adds a hash to the unfinished tile of a level.
func (t *Tree) put(level int, h tlog.Hash) {
	if level == len(t.levels) {
		t.levels, t.grown = append(t.levels, nil), append(t.grown, false)
	}
	tile := append(t.levels[level], h[:]...)
	t.levels[level], t.grown[level] = tile, true
	if len(tile) == TileWidth*tlog.HashSize {
		n := t.size >> (tileHeight * (level + 1))
		t.pending = append(t.pending, Tile{level, n, tile})
		t.levels[level], t.grown[level] = nil, false
	}
}

// Size is the number of entries.
func (t *Tree) Size() int64 { return t.size }

// Root is the hash of the whole tree, RFC 6962 section 2.1; that of nothing is SHA-256 of nothing.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	h := bits.TrailingZeros64(uint64(t.size))
	root := t.edge[h]
	for h++; t.size>>h > 0; h++ {
		if t.size>>h&1 == 1 {
			root = tlog.NodeHash(t.edge[h], root)
		}
	}
	return root
}

// Clone is cheap: a writer appends to the clone and keeps it only once it has committed. Hashes once written are never
// changed, so both share them; a clone's slices end where they are full, so that it copies before it appends.
func (t *Tree) Clone() *Tree {
	c := *t
	c.levels = make([][]byte, len(t.levels), len(t.levels)+1)
	for i, tile := range t.levels {
		c.levels[i] = slices.Clip(tile)
	}
	c.grown, c.pending = slices.Clone(t.grown), slices.Clip(t.pending)
	return &c
}

// Pending gives the tiles to store since the last call, and forgets them: full tiles of every level, and for
// levels from 1 the unfinished tile if it grew (it replaces the one stored before it). Unfinished tiles of
// level 0 are left out: they are made from the entries when asked for.
func (t *Tree) Pending() []Tile {
	tiles := t.pending
	t.pending = nil
	for level := 1; level < len(t.levels); level++ {
		if t.grown[level] {
			n := t.size >> (tileHeight * (level + 1))
			tiles = append(tiles, Tile{level, n, slices.Clip(t.levels[level])})
		}
	}
	clear(t.grown)
	return tiles
}
