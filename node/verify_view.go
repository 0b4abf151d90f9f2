package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"liandong/store"
)

// maxRows bounds the differing rows that are named of one table.
const maxRows = 20

// view replays all books into a scratch database and compares every table with it.
func (v *verifier) view() error {
	var stands string
	err := v.tx.Row(v.ctx, `SELECT view_schema FROM node_state WHERE id = 1`).Scan(&stands)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("state of the node: %w", err)
	}
	if stands != shape(v.node.modules) {
		v.fault("", -1, FaultShape, "视图不是由本版本的程序生成的,无法比较;请用服务所用的版本核对,或运行 liandong rebuild (the view is not of this version of the program)")
		return nil
	}
	if err := v.damaged("", v.receipts()); err != nil {
		return err
	}
	return withScratch(v.ctx, func(scratch *store.Store) error {
		before := v.done.Load()
		err := scratch.Write(v.ctx, func(to *store.Tx) error {
			return v.node.makeView(v.ctx, v.tx, to, func(done, _ int64) {
				if v.progress != nil {
					v.progress(min(before+done, v.total), v.total)
				}
			})
		})
		if err != nil && len(v.found.Faults) > 0 && v.ctx.Err() == nil {
			v.fault("", -1, FaultView, "账本有破损,未能重放比较 (the broken books could not be replayed): "+err.Error())
			return nil
		}
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		return scratch.Read(v.ctx, func(replayed *store.Tx) error {
			for _, table := range v.node.ViewTables() {
				if err := v.damaged("", v.table(replayed, table)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// withScratch opens a SQLite file that need not survive anything.
func withScratch(ctx context.Context, f func(s *store.Store) error) error {
	dir, err := os.MkdirTemp("", "liandong-replay-")
	if err != nil {
		return fmt.Errorf("folder for the replay: %w", err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(ctx, filepath.Join(dir, "replay.db"),
		store.WithDriver("sqlite", "_pragma=synchronous(off)&_pragma=secure_delete(0)"))
	if err != nil {
		return err
	}
	defer s.Close()
	return f(s)
}

func (v *verifier) table(replayed *store.Tx, table string) error {
	ours, err := Dump(v.ctx, v.tx, table)
	if err != nil {
		return err
	}
	theirs, err := Dump(v.ctx, replayed, table)
	if err != nil {
		return err
	}
	if ours == theirs {
		return nil
	}
	return v.differing(replayed, table)
}

// differing names the rows by which a table differs from its replay.
func (v *verifier) differing(replayed *store.Tx, table string) error {
	key, err := keyOf(v.ctx, replayed, table)
	if err != nil {
		return err
	}
	want := map[string]Row{}
	if err := EachRow(v.ctx, replayed, table, func(r Row) error {
		want[r.key(key)] = r.clone()
		return nil
	}); err != nil {
		return err
	}
	named := 0
	name := func(r Row, what string) {
		if named++; named <= maxRows {
			book, index := r.place()
			v.fault(book, index, FaultView, fmt.Sprintf("%s [%s]: %s", table, r.key(key), what))
		}
	}
	err = EachRow(v.ctx, v.tx, table, func(r Row) error {
		k := r.key(key)
		w, ok := want[k]
		delete(want, k)
		switch {
		case !ok:
			name(r, "重放中没有此行 (the replay has no such row)")
		case r.hash() != w.hash():
			name(r, "与重放不符 (differs from the replay): "+differences(r, w))
		}
		return nil
	})
	for _, r := range want {
		name(r, "视图缺少此行 (the view lacks this row)")
	}
	if named > maxRows {
		v.fault("", -1, FaultView, fmt.Sprintf("%s: 另有 %d 行不符,请运行 liandong rebuild (more rows differ; run rebuild)", table, named-maxRows))
	}
	return err
}

func (r Row) clone() Row {
	c := Row{Columns: r.Columns, Values: make([]any, len(r.Values))}
	for i, v := range r.Values {
		if b, ok := v.([]byte); ok {
			v = append([]byte{}, b...)
		}
		c.Values[i] = v
	}
	return c
}

// place reads the book and the entry a row belongs to, where its table has such columns.
func (r Row) place() (name string, index int64) {
	index, err := strconv.ParseInt(r.Get("idx"), 10, 64)
	if err != nil {
		index = -1
	}
	return r.Get("book"), index
}

func differences(ours, theirs Row) string {
	var parts []string
	for i, c := range ours.Columns {
		if sha256.Sum256(appendValue(nil, ours.Values[i])) != sha256.Sum256(appendValue(nil, theirs.Values[i])) {
			parts = append(parts, fmt.Sprintf("%s %q ≠ %q", c, clip(ours.Get(c)), clip(theirs.Get(c))))
		}
	}
	return strings.Join(parts, "; ")
}

// keyOf names the columns of a table's primary key.
func keyOf(ctx context.Context, scratch *store.Tx, table string) ([]string, error) {
	rows, err := scratch.Query(ctx, `SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`, table)
	if err != nil {
		return nil, err
	}
	return store.Column[string](rows)
}

// receipts: nothing that was answered may be lost. Every stored answer names entries that stand
// in their books under these very hashes.
func (v *verifier) receipts() error {
	for last := ""; ; {
		rows, err := v.tx.Query(v.ctx, `SELECT id, receipt FROM node_request WHERE id > ? ORDER BY id LIMIT 4096`, last)
		if err != nil {
			return err
		}
		answers, err := store.Collect(rows, func(scan func(...any) error) (a [2]string, err error) {
			err = scan(&a[0], &a[1])
			return a, err
		})
		if err != nil || len(answers) == 0 {
			return err
		}
		for _, a := range answers {
			if err := v.receipt(a[1]); err != nil {
				return err
			}
			if a[0] <= last {
				v.fault("", -1, FaultFile, "node_request 的索引次序错乱 (the index of node_request is out of order)")
				return nil
			}
			last = a[0]
		}
	}
}

func (v *verifier) receipt(text string) error {
	var r Receipt
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		v.fault("", -1, FaultReceipt, "已答复的请求读不出来 (a stored answer cannot be read): "+err.Error())
		return nil
	}
	for _, p := range r.Entries {
		var leaf []byte
		err := v.tx.Row(v.ctx, `SELECT leaf FROM book_entry WHERE book = ? AND idx = ?`, p.Book, p.Index).Scan(&leaf)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if !bytes.Equal(leaf, p.Leaf[:]) {
			v.fault(p.Book, p.Index, FaultReceipt, "已答复的记录不在账中 (an answered entry does not stand in the book)")
		}
	}
	return nil
}
