package pages

import "encoding/binary"

// leastCell is the room that the smallest cell takes.
const leastCell = 4

// readCells reads the cells of a page and notes which bytes are theirs; bad is the one by which it was found that
// one does not lie whole in the page or lies over another, -1 if all are well.
func (t *tree) readCells(b []byte, kind byte, pointers, count, content int) (used, bad int) {
	t.cells = t.cells[:0]
	from, to := 0, 0 // of cells that touch: they are covered together
	for i := range count {
		c, ok := t.cell(b, kind, be16(b[pointers+2*i:]), content)
		if ok && c.end != from {
			ok = t.cover(from, to)
			to = c.end
		}
		if !ok {
			return used, i
		}
		from = c.at
		used += c.end - c.at
		t.cells = append(t.cells, c)
	}
	if !t.cover(from, to) {
		return used, count - 1
	}
	return used, -1
}

// cell reads the cell at an offset; ok is false where it does not lie whole in the page's content.
func (t *tree) cell(b []byte, kind byte, at, content int) (c cell, ok bool) {
	if at < content || at > t.usable-leastCell {
		return c, false
	}
	c.at = at
	i := at
	b = b[:t.usable]
	if kind == tableInterior || kind == indexInterior {
		c.left = binary.BigEndian.Uint32(b[i:])
		i += 4
	}
	var v uint64
	var n int
	if kind != tableInterior {
		if v, n = varint(b[i:]); n == 0 || v > 1<<31-1 {
			return c, false
		}
		c.size, i = int(v), i+n
	}
	if kind == tableLeaf || kind == tableInterior {
		if v, n = varint(b[i:]); n == 0 {
			return c, false
		}
		c.rowid, i = int64(v), i+n
	}
	if kind != tableInterior {
		if i, ok = t.local(b, kind, i, &c); !ok {
			return c, false
		}
	}
	c.end = max(i, at+leastCell)
	return c, c.end <= t.usable
}

// local finds what of the payload stands in the page, and where it goes on. Section 1.6: "P is the payload size, U the usable size".
func (t *tree) local(b []byte, kind byte, i int, c *cell) (end int, ok bool) {
	most := t.usable - 35
	if kind != tableLeaf {
		most = (t.usable-12)*64/255 - 23
	}
	here := c.size
	if c.size > most {
		least := (t.usable-12)*32/255 - 23
		if here = least + (c.size-least)%(t.usable-4); here > most {
			here = least
		}
	}
	end = i + here
	if end > len(b) {
		return end, false
	}
	c.from, c.to = i, end
	if here == c.size {
		return end, true
	}
	if end+4 > len(b) {
		return end, false
	}
	c.overflow = binary.BigEndian.Uint32(b[end:])
	return end + 4, c.overflow != 0
}

// cover notes that bytes of the page belong to something; ok is false where they did before.
func (w *walker) cover(from, to int) (ok bool) {
	for at := from; at < to; {
		word, bit := at/64, at%64
		n := min(64-bit, to-at)
		mask := ^uint64(0) >> (64 - n) << bit
		if w.covered[word]&mask != 0 {
			return false
		}
		w.covered[word] |= mask
		at += n
	}
	return true
}

// freeBlocks adds up the bytes of a page's list of free blocks, which are in order and never touch.
func (t *tree) freeBlocks(b []byte, at, content int) (bytes int, ok bool) {
	for at != 0 {
		if at < content || at > t.usable-leastCell {
			return 0, false
		}
		next, size := be16(b[at:]), be16(b[at+2:])
		if size < leastCell || at+size > t.usable || next != 0 && next <= at+size || !t.cover(at, at+size) {
			return 0, false
		}
		bytes, at = bytes+size, next
	}
	return bytes, true
}
