package pages

import "encoding/binary"

// page is one page of a tree, section 1.6.
type page struct {
	number   uint32
	b        []byte
	interior bool
	right    uint32 // of an interior page: the last page below it
	cells    []cell
}

// cell is one cell of a page.
type cell struct {
	left     uint32 // of an interior page: the page before it
	rowid    int64
	size     int    // of the payload
	from, to int    // what of it stands in the page
	overflow uint32 // where it goes on; 0: nowhere
	at, end  int    // where the cell stands
}

// open reads a page's header and cells and accounts for every byte of its content.
func (t *tree) open(number uint32, b []byte) (p page, ok bool, err error) {
	start := startOf(number)
	kind := b[start]
	p = page{number: number, b: b, interior: kind == tableInterior || kind == indexInterior}
	isTable := kind == tableLeaf || kind == tableInterior
	if !isTable && kind != indexLeaf && kind != indexInterior || isTable != t.rowid {
		return p, false, t.damage(number, t.name, "页的种类 %d 不对 (wrong type of page)", kind)
	}
	header := start + 8
	if p.interior {
		p.right = binary.BigEndian.Uint32(b[header:])
		header += 4
	}
	count, content := be16(b[start+3:]), be16(b[start+5:])
	if content == 0 {
		content = 1 << 16
	}
	pointers := header + 2*count
	if pointers > content || content > t.usable {
		return p, false, t.damage(number, t.name, "页内布局不对 (the content overlaps the header)")
	}
	clear(t.covered)
	used, bad := t.readCells(b, kind, header, count, content)
	if bad >= 0 {
		return p, false, t.damage(number, t.name, "第 %d 个单元越界或重叠 (a cell outside its page, or over another)", bad)
	}
	p.cells = t.cells // used again for the next page
	blocks, ok := t.freeBlocks(b, be16(b[start+1:]), content)
	if !ok {
		return p, false, t.damage(number, t.name, "页内空闲块越界或重叠 (a free block outside its page, or over a cell)")
	}
	if loose := t.usable - content - used - blocks; loose != int(b[start+7]) {
		return p, false, t.damage(number, t.name, "页内碎片 %d 字节,页头记 %d (fragments differ from what the page has)", loose, b[start+7])
	}
	return p, true, nil
}
