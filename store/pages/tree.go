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

	record, before Record
	begun          bool
	payload, kept  []byte
}

func (w *walker) tree(name string, page uint32, index bool, each func(*Record) error) error {
	t := &tree{walker: w, name: name, leaf: -1, each: each}
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

// room is where pages are read to; each depth has two, of which one is read while the other is looked at.
func (w *walker) room(n int) []byte {
	for len(w.rooms) <= n {
		w.rooms = append(w.rooms, make([]byte, together*w.file.PageSize))
	}
	return w.rooms[n]
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
			if err := t.row(number, c); err != nil {
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
			children = append(children, child{to, i})
		}
	}
	cells := slices.Clone(p.cells) // those of the pages below come into their room
	read := func(k int, some []child) func() ([]byte, error) {
		numbers := make([]uint32, len(some))
		for i, c := range some {
			numbers[i] = c.page
		}
		return t.ahead(numbers, t.room(2*depth+k%2))
	}
	groups := slices.Collect(slices.Chunk(children, together))
	var next func() ([]byte, error)
	for k, some := range groups {
		if k == 0 {
			next = read(0, some)
		}
		room, err := next()
		if err != nil {
			return err
		}
		if k+1 < len(groups) {
			next = read(k+1, groups[k+1])
		}
		for i, c := range some {
			err := t.visit(c.page, room[i*t.file.PageSize:(i+1)*t.file.PageSize], depth)
			if err == nil && c.after < len(cells) {
				err = t.parting(p.number, cells[c.after])
			}
			if err != nil {
				if k+1 < len(groups) {
					next() // nothing may be read any more when the check has ended
				}
				return err
			}
		}
	}
	return nil
}

// ahead begins to read pages, beside the work on those before them, and returns how to wait for them.
func (w *walker) ahead(numbers []uint32, room []byte) (wait func() ([]byte, error)) {
	room = room[:len(numbers)*w.file.PageSize]
	done := make(chan error, 1)
	go func() { done <- w.file.Read(numbers, room) }()
	return func() ([]byte, error) { return room, <-done }
}

// parting takes a cell of an interior page: in an index a row, in a table the greatest rowid before it.
func (t *tree) parting(number uint32, c cell) error {
	if !t.rowid {
		return t.row(number, c)
	}
	if t.begun && c.rowid < t.record.Rowid {
		return t.damage(number, t.name, "行号次序错乱 (rowids out of order)")
	}
	t.record.Rowid, t.begun = c.rowid, true
	return nil
}

// row takes a cell that holds a row.
func (t *tree) row(number uint32, c cell) error {
	payload, ok, err := t.whole(number, c)
	if !ok {
		return err
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
		t.addRow(t.table, &t.record)
	}
	if t.each != nil {
		return t.each(&t.record)
	}
	return nil
}

func (t *tree) columns(number uint32) error {
	if len(t.record.Values) > len(t.table.NotNull) {
		return t.damage(number, t.name, "一行的列过多 (a row with too many columns)")
	}
	for i, v := range t.record.Values {
		if v.Type == 0 && t.table.NotNull[i] {
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
	if t.begun && t.before.compare(&t.record) >= 0 {
		return t.damage(number, t.name, "索引次序错乱 (an index out of order)")
	}
	t.begun = true
	t.kept = t.record.copyTo(&t.before, t.kept)
	if !t.addKey(t.index, &t.record) {
		return t.damage(number, t.name, "索引行的列数不对 (a row of an index with another number of columns)")
	}
	return nil
}

// whole gives the payload of a cell, with what stands in overflow pages (section 1.6).
func (t *tree) whole(number uint32, c cell) (payload []byte, ok bool, err error) {
	if c.overflow == 0 {
		return c.local, true, nil
	}
	t.payload = append(t.payload[:0], c.local...)
	room := make([]byte, t.file.PageSize)
	next := c.overflow
	for left := c.size - len(c.local); left > 0; {
		if ok, err := t.reach(next, number, t.name); !ok {
			return nil, false, err
		}
		if err := t.file.Read([]uint32{next}, room); err != nil {
			return nil, false, err
		}
		n := min(left, t.usable-4)
		t.payload = append(t.payload, room[4:4+n]...)
		left -= n
		number, next = next, binary.BigEndian.Uint32(room)
	}
	if next != 0 {
		return nil, false, t.damage(number, t.name, "溢出页链过长 (a chain of overflow pages goes on)")
	}
	return t.payload, true, nil
}
