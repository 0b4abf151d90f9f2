package pages

import "hash/maphash"

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

// printOf goes on with a fingerprint of values.
func (w *walker) printOf(print uint64, v Value) uint64 {
	return (print^v.Type)*0x9E3779B97F4A7C15 + maphash.Bytes(w.seed, v.Bytes)
}

// printRowid ends a fingerprint with the rowid that the values belong to.
func printRowid(print uint64, rowid int64) uint64 {
	print = (print ^ uint64(rowid)) * 0xD6E8FEB86659FD93
	return print ^ print>>32
}

// sumsOf makes ready to count a table's rows for each of its indexes.
func (w *walker) sumsOf(name string, t *Table) {
	t.sums = nil
	for _, x := range w.schema.Indexes {
		if x.Table == name {
			t.sums = append(t.sums, &indexSum{index: x})
		}
	}
}

func (w *walker) addRow(t *Table, r *Record) {
	for _, s := range t.sums {
		var print uint64
		for _, c := range s.index.Columns {
			if c >= len(r.Values) {
				s.unknown = true
				break
			}
			print = w.printOf(print, r.Values[c])
		}
		s.add(printRowid(print, r.Rowid))
	}
}

// addKey counts a row of an index: its columns and the rowid.
func (w *walker) addKey(x *Index, r *Record) (ok bool) {
	last := len(r.Values) - 1
	if last != len(x.Columns) {
		return false
	}
	var print uint64
	for _, v := range r.Values[:last] {
		print = w.printOf(print, v)
	}
	rowid, ok := r.Values[last].Int()
	x.rows.add(printRowid(print, rowid))
	return ok
}

// sameRows compares every index with its table.
func (w *walker) sameRows() error {
	for name, t := range w.schema.Tables {
		for _, s := range t.sums {
			if s.unknown || s.sum == s.index.rows {
				continue
			}
			err := w.damage(0, name, "表 %d 行,其索引 %d 行,内容不一 (an index does not hold the rows of its table)", s.rows, s.index.rows.rows)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
