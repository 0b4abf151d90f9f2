package pages

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// sum tells whether two trees hold the same rows, in whatever order.
type sum struct {
	rows  int64
	print uint64
}

func (s *sum) add(print uint64) {
	s.rows++
	s.print += print
}

// indexSum is an index by what its table holds.
type indexSum struct {
	index *Index
	sum
	unknown bool // a column that was added later: its value stands in the schema alone
}

// printOf goes on with a fingerprint of values. Most are short: two words hold them, and no call is needed.
func (c *check) printOf(print uint64, r *Record, at int) uint64 {
	v := r.columns[at]
	b := r.Payload[v.from:v.to]
	var low, high uint64
	switch n := len(b); {
	case n > 16:
		low = maphash.Bytes(c.seed, b)
	case n >= 8:
		low, high = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	default:
		for _, one := range b {
			low = low<<8 | uint64(one)
		}
	}
	up, down := bits.Mul64(print^low^c.salt[0], high^v.serial^c.salt[1])
	return up ^ down
}

// printRowid ends a fingerprint with the rowid that the values belong to.
func printRowid(print uint64, rowid int64) uint64 {
	print = (print ^ uint64(rowid)) * 0xD6E8FEB86659FD93
	return print ^ print>>32
}

// sumsOf makes ready to count a table's rows for each of its indexes.
func (c *check) sumsOf(name string, t *Table) {
	t.sums = nil
	for _, x := range c.schema.Indexes {
		if x.Table == name {
			t.sums = append(t.sums, &indexSum{index: x})
		}
	}
}

func (c *check) addRow(t *Table, r *Record) {
	for _, s := range t.sums {
		var print uint64
		for _, at := range s.index.Columns {
			if at >= r.Len() {
				s.unknown = true
				break
			}
			print = c.printOf(print, r, at)
		}
		s.add(printRowid(print, r.Rowid))
	}
}

// addKey counts a row of an index: its columns and the rowid.
func (c *check) addKey(x *Index, r *Record) (ok bool) {
	last := r.Len() - 1
	if last != len(x.Columns) {
		return false
	}
	var print uint64
	for i := range last {
		print = c.printOf(print, r, i)
	}
	rowid, ok := r.At(last).Int()
	x.rows.add(printRowid(print, rowid))
	return ok
}

// sameRows compares every index with its table.
func (c *check) sameRows() error {
	for name, t := range c.schema.Tables {
		for _, s := range t.sums {
			if s.unknown || s.sum == s.index.rows {
				continue
			}
			err := c.damage(0, name, "表 %d 行,其索引 %d 行,内容不一 (an index does not hold the rows of its table)", s.rows, s.index.rows.rows)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
