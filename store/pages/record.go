package pages

import (
	"bytes"
	"cmp"
	"encoding/binary"
)

// Value is one column of a record as it is stored, section 2.1: its serial type and its bytes.
type Value struct {
	Type  uint64
	Bytes []byte
}

// Null says that the value is NULL.
func (v Value) Null() bool { return v.Type == 0 }

// Int reads an integer.
func (v Value) Int() (n int64, ok bool) {
	switch {
	case v.Type >= 1 && v.Type <= 6:
		n = int64(int8(v.Bytes[0]))
		for _, b := range v.Bytes[1:] {
			n = n<<8 | int64(b)
		}
		return n, true
	case v.Type == 8, v.Type == 9:
		return int64(v.Type - 8), true
	}
	return 0, false
}

// Record is a row of a table or an index.
type Record struct {
	Payload []byte // header and contents
	Rowid   int64  // of a table's row
	columns []column
}

// column is where a value stands in the payload. Without pointers, so that the collector has no part in walking.
type column struct {
	serial   uint64
	from, to uint32
}

// Len is the number of columns.
func (r *Record) Len() int { return len(r.columns) }

// At is a column's value.
func (r *Record) At(i int) Value {
	c := r.columns[i]
	return Value{c.serial, r.bytes(c)}
}

func (r *Record) bytes(c column) []byte { return r.Payload[c.from:c.to:c.to] }

// In is the same record in a copy of its payload. It is valid as long as r.
func (r *Record) In(payload []byte) Record { return Record{payload, r.Rowid, r.columns} }

// sizes of the contents of serial types below 12; 10 and 11 are never in a file.
var sizes = [12]int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, -1, -1}

// parse reads a record; it fails unless header and contents fill b to the last byte.
func (r *Record) parse(b []byte) bool {
	r.Payload, r.columns = b, r.columns[:0]
	header, i := varint(b)
	if i == 0 || header > uint64(len(b)) || header < uint64(i) {
		return false
	}
	at, end := int(header), int(header)
	for i < end {
		t, n := varint(b[i:end])
		if n == 0 {
			return false
		}
		i += n
		size, ok := sizeOf(t, len(b)-at)
		if !ok {
			return false
		}
		r.columns = append(r.columns, column{t, uint32(at), uint32(at + size)})
		at += size
	}
	return at == len(b)
}

func sizeOf(serial uint64, room int) (size int, ok bool) {
	if serial < 12 {
		size = sizes[serial]
		return size, size >= 0 && size <= room
	}
	long := (serial - 12) / 2
	return int(long), long <= uint64(room)
}

// varint reads a variable-length integer, section 1.6; n is 0 where it is cut short.
func varint(b []byte) (v uint64, n int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	return longVarint(b)
}

func longVarint(b []byte) (v uint64, n int) {
	for i, c := range b {
		if i == 8 {
			return v<<8 | uint64(c), 9
		}
		v = v<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// class orders values of different sorts: NULL, numbers, text, blobs (section 2.4).
func (v Value) class() int {
	switch {
	case v.Type == 0:
		return 0
	case v.Type < 12:
		return 1
	}
	return 2 + int(1-v.Type%2)
}

// compare orders two values.
func (v Value) compare(o Value) int {
	if c := cmp.Compare(v.class(), o.class()); c != 0 {
		return c
	}
	switch v.class() {
	case 0:
		return 0
	case 1:
		a, okA := v.Int()
		b, okB := o.Int()
		if !okA || !okB {
			return 0 // fractions: no column of ours is indexed by one
		}
		return cmp.Compare(a, b)
	}
	return bytes.Compare(v.Bytes, o.Bytes)
}

// compare orders records of one index.
func (r *Record) compare(o *Record) int {
	if c, ok := r.compareWhole(o); ok {
		return c
	}
	for i := range min(len(r.columns), len(o.columns)) {
		if c := r.At(i).compare(o.At(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(r.columns), len(o.columns))
}

// compareWhole orders records of the same types and lengths that have no number below zero and no fraction: by their
// contents as a whole. Most neighbours are such.
func (r *Record) compareWhole(o *Record) (c int, ok bool) {
	if len(r.columns) != len(o.columns) || len(r.columns) == 0 {
		return 0, false
	}
	for i, a := range r.columns {
		if a.serial != o.columns[i].serial || a.serial == 7 {
			return 0, false
		}
		if a.serial >= 1 && a.serial <= 6 && (r.Payload[a.from]|o.Payload[o.columns[i].from])&0x80 != 0 {
			return 0, false
		}
	}
	return bytes.Compare(r.Payload[r.columns[0].from:], o.Payload[o.columns[0].from:]), true
}

func be16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }
