package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"liandong/store/pages"
)

// ErrNoPages says that the engine does not show its pages: it is PostgreSQL, which checks them as it
// reads, or a SQLite that was built without the table sqlite_dbpage.
var ErrNoPages = errors.New("the engine does not show its pages")

// PageCheck says what becomes of what CheckPages reads.
type PageCheck struct {
	Damage func(pages.Damage)
	// Rows names tables whose rows are handed over on the way, in the order of their rowids.
	Rows map[string]func(*pages.Record) error
	// Turn is held while the transaction reads pages. Who uses the transaction in Rows holds it too.
	Turn sync.Mutex
}

// CheckPages reads the whole file of a SQLite database, as the transaction sees it, and reports what
// is wrong with it.
func (tx *Tx) CheckPages(ctx context.Context, c *PageCheck) error {
	if tx.Dialect() != SQLite {
		return ErrNoPages
	}
	var f pages.File
	untouched := tx.writes == 0 // what a transaction has written stands nowhere but in SQLite's memory
	err := tx.Row(ctx, `SELECT page_size, page_count FROM pragma_page_size, pragma_page_count`).Scan(&f.PageSize, &f.Count)
	if err != nil {
		return fmt.Errorf("size of the file: %w", err)
	}
	var one []byte
	if err := tx.Row(ctx, `SELECT data FROM sqlite_dbpage WHERE pgno = 1`).Scan(&one); NoSuchTable(err) {
		return ErrNoPages
	}
	s, err := tx.shape(ctx)
	if err != nil {
		return err
	}
	for name, row := range c.Rows {
		if t := s.Tables[name]; t != nil {
			t.Row = row
		}
	}
	r := &pageReader{tx: tx, turn: &c.Turn, size: f.PageSize}
	if untouched {
		r.pastSQLite(one)
	}
	f.Read = func(numbers []uint32, into []byte) error { return r.read(ctx, numbers, into) }
	return pages.Check(f, s, c.Damage)
}

// Integrity lets SQLite check its own file, quickly or with every index against its table, and returns what it finds wrong, at
// most 20 things. PostgreSQL checks its pages as it reads.
//
// An index of words remembers in each connection how it was last built, and its check alone does not look whether another
// connection has rebuilt it since: it would call that damage. Opening a cursor on it makes it look.
func (tx *Tx) Integrity(ctx context.Context, quick bool) (wrong []string, err error) {
	if tx.Dialect() != SQLite {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage = 0 AND sql LIKE '%USING fts5(%'`)
	if err != nil {
		return nil, err
	}
	indexes, err := Column[string](rows)
	if err != nil {
		return nil, err
	}
	for _, name := range indexes {
		var none int
		if err := tx.Row(ctx, `SELECT 1 FROM `+name+` LIMIT 1`).Scan(&none); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	pragma := `PRAGMA integrity_check(20)`
	if quick {
		pragma = `PRAGMA quick_check(20)`
	}
	if rows, err = tx.Query(ctx, pragma); err != nil {
		return nil, err
	}
	wrong, err = Column[string](rows)
	return slices.DeleteFunc(wrong, func(line string) bool { return line == "ok" }), err
}

// pageReader reads the pages of a snapshot.
type pageReader struct {
	tx     *Tx
	turn   *sync.Mutex
	size   int             // bytes of a page
	file   *os.File        // nil: SQLite is asked for all pages
	logged map[uint32]bool // those that SQLite is asked for
}

// pastSQLite finds out which pages stand in the file as the snapshot has them. one is what SQLite gives as page 1: where
// that is another, the file is not the one.
func (r *pageReader) pastSQLite(one []byte) {
	file := r.tx.file.reader()
	if file == nil {
		return
	}
	logged, err := loggedPages(r.tx.file.path, r.size)
	if err != nil {
		return
	}
	b := make([]byte, r.size)
	if _, err := file.ReadAt(b, 0); !logged[1] && (err != nil || !bytes.Equal(b, one)) {
		return
	}
	r.file, r.logged = file, logged
}

func (r *pageReader) read(ctx context.Context, numbers []uint32, into []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var asked []uint32
	var slots [][]byte
	for i := 0; i < len(numbers); {
		n := r.row(numbers[i:])
		if n == 0 || !r.direct(numbers[i], into[i*r.size:(i+n)*r.size]) { // SQLite has the right word for what cannot be read
			n = max(n, 1)
			for j := range n {
				asked, slots = append(asked, numbers[i+j]), append(slots, into[(i+j)*r.size:(i+j+1)*r.size])
			}
		}
		i += n
	}
	if len(asked) == 0 {
		return nil
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	return r.tx.pages(ctx, asked, slots)
}

// row is how many pages at the head of the list follow one another in the file and may be read from it.
func (r *pageReader) row(numbers []uint32) (n int) {
	for r.file != nil && n < len(numbers) && numbers[n] == numbers[0]+uint32(n) && !r.logged[numbers[n]] {
		n++
	}
	return n
}

func (r *pageReader) direct(first uint32, into []byte) (ok bool) {
	n, _ := r.file.ReadAt(into, int64(first-1)*int64(r.size))
	return n == len(into)
}

// pages asks SQLite for pages, in the order of their numbers in the list, by one statement: it costs more than a page does.
func (tx *Tx) pages(ctx context.Context, numbers []uint32, into [][]byte) error {
	list, err := json.Marshal(numbers)
	if err != nil {
		return fmt.Errorf("list of pages: %w", err)
	}
	// A context that can end costs a goroutine for each statement.
	rows, err := tx.Query(context.WithoutCancel(ctx), `SELECT p.data FROM json_each(?) AS n CROSS JOIN sqlite_dbpage AS p
		WHERE p.pgno = n.value`, string(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var data sql.RawBytes
		if err := rows.Scan(&data); err != nil {
			return err
		}
		if len(into) == 0 || len(data) != len(into[0]) {
			return fmt.Errorf("a page of %d bytes too many, or of another size", len(data))
		}
		copy(into[0], data)
		into = into[1:]
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(into) > 0 {
		return fmt.Errorf("%d of the pages %v are not there", len(into), numbers)
	}
	return nil
}

// shape reads what SQLite says of its tables and of those indexes that the check understands. An INTEGER
// PRIMARY KEY is the rowid and stands as NULL in its row.
func (tx *Tx) shape(ctx context.Context) (s pages.Schema, err error) {
	s = pages.Schema{Tables: map[string]*pages.Table{}, Indexes: map[string]*pages.Index{}}
	rows, err := tx.Query(ctx, `SELECT m.name, c.name, c."notnull" = 1 AND NOT (c.pk = 1 AND upper(c.type) = 'INTEGER')
		FROM sqlite_master AS m CROSS JOIN pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND m.rootpage > 0 ORDER BY m.name, c.cid`)
	if err != nil {
		return s, err
	}
	_, err = Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var table, column string
		var notNull bool
		if err := scan(&table, &column, &notNull); err != nil {
			return none, err
		}
		t := s.Tables[table]
		if t == nil {
			t = &pages.Table{}
			s.Tables[table] = t
		}
		t.Columns, t.NotNull = append(t.Columns, column), append(t.NotNull, notNull)
		return none, nil
	})
	if err != nil {
		return s, err
	}
	return s, tx.indexShapes(ctx, s.Indexes)
}

// indexShapes leaves out what is partial, descending, of another collation or over expressions or the rowid itself.
func (tx *Tx) indexShapes(ctx context.Context, into map[string]*pages.Index) error {
	rows, err := tx.Query(ctx, `SELECT m.tbl_name, m.name, x.cid FROM sqlite_master AS m CROSS JOIN pragma_index_xinfo(m.name) AS x
		WHERE m.type = 'index' AND m.rootpage > 0 AND x.key = 1
		AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.tbl_name) AS l WHERE l.name = m.name AND l.partial = 1)
		AND NOT EXISTS (SELECT 1 FROM pragma_index_xinfo(m.name) AS o WHERE o.key = 1
			AND (o."desc" = 1 OR o.coll <> 'BINARY' OR o.cid < 0))
		AND NOT EXISTS (SELECT 1 FROM pragma_index_xinfo(m.name) AS o JOIN pragma_table_info(m.tbl_name) AS c ON c.cid = o.cid
			WHERE o.key = 1 AND upper(c.type) IN ('INTEGER', 'REAL'))
		ORDER BY m.name, x.seqno`)
	if err != nil {
		return err
	}
	_, err = Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var table, name string
		var column int
		if err := scan(&table, &name, &column); err != nil {
			return none, err
		}
		x := into[name]
		if x == nil {
			x = &pages.Index{Table: table}
			into[name] = x
		}
		x.Columns = append(x.Columns, column)
		return none, nil
	})
	return err
}
