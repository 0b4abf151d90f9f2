package pages

import (
	"encoding/binary"
	"slices"
)

// The types of pages, section 1.6.
const (
	indexInterior = 2
	tableInterior = 5
	indexLeaf     = 10
	tableLeaf     = 13
)

// maxDepth is SQLite's own limit of the levels of a tree.
const maxDepth = 20

// together is how many pages are read at once.
const together = 32

// tree is the walk over one tree, in the order of its rows.
type tree struct {
	*walker
	name  string
	table *Table // of what is known of its rows; nil: nothing
	index *Index
	each  func(r *Record) error
	rowid bool // a table by rowid
	leaf  int  // depth of the leaves, -1: not met yet

	// The row at hand, and of an index the one before: it stands in the same leaf or in a page above it, which are
	// not read over as long as it is needed.
	record, before *Record
	begun          bool
	payload, more  []byte // of a row that goes on in other pages, and one of these
	kept           []byte // payload of the row before such a one
}

func (w *walker) tree(name string, page uint32, index bool, each func(*Record) error) error {
	t := &tree{walker: w, name: name, leaf: -1, each: each, record: &Record{}, before: &Record{}}
	if index {
		t.index = w.schema.Indexes[name]
	} else if t.table = w.schema.Tables[name]; t.table != nil {
		t.each = t.table.Row
	}
	if ok, err := w.reach(page, 0, name); !ok {
		return err
	}
	room := w.room(0)[:w.file.PageSize]
	if err := w.file.Read([]uint32{page}, room); err != nil {
		return err
	}
	kind := room[startOf(page)]
	t.rowid = kind == tableLeaf || kind == tableInterior
	if index && t.rowid {
		return w.damage(page, name, "索引的根页是表页 (the root of an index is a page of a table)")
	}
	if !t.rowid { // WITHOUT ROWID: columns stand in another order than they are declared
		t.table, t.each = nil, nil
	} else if t.table != nil {
		w.sumsOf(name, t.table)
	}
	return t.visit(page, room, 0)
}

// room is where pages at a depth are read to.
func (w *walker) room(depth int) []byte {
	for len(w.rooms) <= depth {
		w.rooms = append(w.rooms, make([]byte, together*w.file.PageSize))
	}
	return w.rooms[depth]
}

// startOf is where a page's own header begins: on page 1 after that of the file.
func startOf(page uint32) int {
	if page == 1 {
		return 100
	}
	return 0
}

func (t *tree) visit(number uint32, b []byte, depth int) error {
	p, ok, err := t.open(number, b)
	if !ok {
		return err
	}
	if !p.interior {
		if t.leaf < 0 {
			t.leaf = depth
		} else if t.leaf != depth {
			return t.damage(number, t.name, "叶页深度不一 (leaves at different depths)")
		}
		for _, c := range p.cells {
			if err := t.row(p, c); err != nil {
				return err
			}
		}
		return nil
	}
	if depth >= maxDepth {
		return t.damage(number, t.name, "层数过多 (too many levels)")
	}
	return t.below(p, depth+1)
}

// below walks the pages under an interior page, each followed by the cell that parts it from the next.
func (t *tree) below(p page, depth int) error {
	type child struct {
		page  uint32
		after int
	}
	var children []child
	var numbers []uint32
	for i := range len(p.cells) + 1 {
		to := p.right
		if i < len(p.cells) {
			to = p.cells[i].left
		}
		ok, err := t.reach(to, p.number, t.name)
		if err != nil {
			return err
		}
		if ok {
			children, numbers = append(children, child{to, i}), append(numbers, to)
		}
	}
	cells := slices.Clone(p.cells) // those of the pages below come into their room
	for some := range slices.Chunk(children, together) {
		if t.ended.Load() {
			return errEnough
		}
		room := t.room(depth)[:len(some)*t.file.PageSize]
		if err := t.file.Read(numbers[:len(some)], room); err != nil {
			return err
		}
		numbers = numbers[len(some):]
		for i, c := range some {
			err := t.visit(c.page, room[i*t.file.PageSize:(i+1)*t.file.PageSize], depth)
			if err == nil && c.after < len(cells) {
				err = t.parting(p, cells[c.after])
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// parting takes a cell of an interior page: in an index a row, in a table the greatest rowid before it.
func (t *tree) parting(p page, c cell) error {
	if !t.rowid {
		return t.row(p, c)
	}
	if t.begun && c.rowid < t.record.Rowid {
		return t.damage(p.number, t.name, "行号次序错乱 (rowids out of order)")
	}
	t.record.Rowid, t.begun = c.rowid, true
	return nil
}

// row takes a cell that holds a row.
func (t *tree) row(p page, c cell) error {
	payload, number := p.b[c.from:c.to:c.to], p.number
	if c.overflow != 0 {
		var ok bool
		var err error
		if payload, ok, err = t.whole(number, payload, c); !ok {
			return err
		}
	}
	last := t.record.Rowid
	if !t.record.parse(payload) {
		return t.damage(number, t.name, "一行的格式不对 (a row is malformed)")
	}
	if !t.rowid {
		return t.key(number)
	}
	t.record.Rowid = c.rowid
	if t.begun && c.rowid <= last {
		return t.damage(number, t.name, "行号次序错乱 (rowids out of order)")
	}
	t.begun = true
	if t.table != nil {
		if err := t.columns(number); err != nil {
			return err
		}
		t.addRow(t.table, t.record)
	}
	if t.each != nil {
		return t.each(t.record)
	}
	return nil
}

func (t *tree) columns(number uint32) error {
	if t.record.Len() > len(t.table.NotNull) {
		return t.damage(number, t.name, "一行的列过多 (a row with too many columns)")
	}
	for i, c := range t.record.columns {
		if c.serial == 0 && t.table.NotNull[i] {
			return t.damage(number, t.name, "%s 列为空 (a column is NULL)", t.table.Columns[i])
		}
	}
	return nil
}

// key takes a row of an index, or of a table WITHOUT ROWID, of whose order nothing is known.
func (t *tree) key(number uint32) error {
	if t.index == nil {
		return nil
	}
	if t.begun && t.before.compare(t.record) >= 0 {
		return t.damage(number, t.name, "索引次序错乱 (an index out of order)")
	}
	t.begun = true
	if !t.addKey(t.index, t.record) {
		return t.damage(number, t.name, "索引行的列数不对 (a row of an index with another number of columns)")
	}
	t.before, t.record = t.record, t.before
	return nil
}

// whole gives the payload of a cell that goes on in overflow pages (section 1.6).
func (t *tree) whole(number uint32, local []byte, c cell) (payload []byte, ok bool, err error) {
	t.kept = append(t.kept[:0], t.before.Payload...) // perhaps it was the last to stand in the room that is filled now
	t.before.Payload = t.kept
	t.payload = append(t.payload[:0], local...)
	if t.more == nil {
		t.more = make([]byte, t.file.PageSize)
	}
	next := c.overflow
	for left := c.size - len(local); left > 0; {
		if ok, err := t.reach(next, number, t.name); !ok {
			return nil, false, err
		}
		if err := t.file.Read([]uint32{next}, t.more); err != nil {
			return nil, false, err
		}
		n := min(left, t.usable-4)
		t.payload = append(t.payload, t.more[4:4+n]...)
		left -= n
		number, next = next, binary.BigEndian.Uint32(t.more)
	}
	if next != 0 {
		return nil, false, t.damage(number, t.name, "溢出页链过长 (a chain of overflow pages goes on)")
	}
	return t.payload, true, nil
}
