package book

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// TileRef names what stands under a path of c2sp.org/tlog-tiles.
type TileRef struct {
	Entries bool  // an entry bundle; Level is 0
	Level   int   // 0 to 7 (a book of 2^63 entries has no more)
	N       int64 // number within the level
	Width   int   // 1 to 256; 256 is full
}

// Path is the canonical path, without a leading slash.
func (r TileRef) Path() string {
	if r.Entries {
		return EntriesPath(r.N, r.Width)
	}
	return TilePath(r.Level, r.N, r.Width)
}

// TilePath is tile/<L>/<N>[.p/<W>].
func TilePath(level int, n int64, width int) string {
	return "tile/" + strconv.Itoa(level) + "/" + numberPath(n, width)
}

// EntriesPath is tile/entries/<N>[.p/<W>].
func EntriesPath(n int64, width int) string { return "tile/entries/" + numberPath(n, width) }

// numberPath writes n in groups of three digits, all but the last with an x: x001/x234/067.
func numberPath(n int64, width int) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	if width < TileWidth {
		s += ".p/" + strconv.Itoa(width)
	}
	return s
}

// ParsePath reads a path without leading slash. Each tile has one canonical path; any other is refused.
func ParsePath(path string) (TileRef, error) {
	r, ok := readPath(path)
	if !ok || r.Path() != path {
		return TileRef{}, fmt.Errorf("不是账本瓦片的规范路径: %q (not a canonical path of c2sp.org/tlog-tiles)", path)
	}
	return r, nil
}

func readPath(path string) (r TileRef, ok bool) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok || len(path) > 64 {
		return r, false
	}
	level, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return r, false
	}
	if r.Entries = level == "entries"; !r.Entries {
		n, err := strconv.Atoi(level)
		if err != nil || n < 0 || n > 7 {
			return r, false
		}
		r.Level = n
	}
	number, width, partial := strings.Cut(rest, ".p/")
	r.Width = TileWidth
	if partial {
		n, err := strconv.Atoi(width)
		if err != nil || n < 1 || n >= TileWidth {
			return r, false
		}
		r.Width = n
	}
	r.N, ok = readNumber(number)
	return r, ok
}

func readNumber(s string) (n int64, ok bool) {
	for part := range strings.SplitSeq(s, "/") {
		d, err := strconv.ParseUint(strings.TrimPrefix(part, "x"), 10, 16)
		if err != nil || d > 999 || n > (math.MaxInt64-999)/1000 {
			return 0, false
		}
		n = n*1000 + int64(d)
	}
	return n, true
}

// EntryBundle writes up to 256 entries, each behind its length as a big-endian uint16.
func EntryBundle(entries [][]byte) ([]byte, error) {
	if len(entries) > TileWidth {
		return nil, fmt.Errorf("一个记录包最多 %d 条, 现有 %d 条 (too many entries in a bundle)", TileWidth, len(entries))
	}
	size := 0
	for _, e := range entries {
		size += 2 + len(e)
	}
	b := make([]byte, 0, size)
	for i, e := range entries {
		if len(e) > MaxEntry {
			return nil, fmt.Errorf("记录包第 %d 条超过 %d 字节 (entry too long)", i, MaxEntry)
		}
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(e))), e...)
	}
	return b, nil
}

// ScanBundle cuts a bundle into its entries, which point into b.
func ScanBundle(b []byte) ([][]byte, error) {
	var entries [][]byte
	for at := 0; at < len(b); {
		if len(entries) == TileWidth {
			return nil, fmt.Errorf("记录包在第 %d 字节后多于 %d 条 (more than 256 entries)", at, TileWidth)
		}
		if len(b)-at < 2 {
			return nil, fmt.Errorf("记录包在第 %d 字节处截断 (bundle ends within a length)", at)
		}
		end := at + 2 + int(binary.BigEndian.Uint16(b[at:]))
		if end > len(b) {
			return nil, fmt.Errorf("记录包第 %d 条在第 %d 字节处截断 (bundle ends within an entry)", len(entries), at)
		}
		entries = append(entries, b[at+2:end:end])
		at = end
	}
	return entries, nil
}
