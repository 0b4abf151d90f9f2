package pages

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// File is a database as one snapshot shows it.
type File struct {
	PageSize int    // bytes
	Count    uint32 // pages; they are numbered from 1
	// Read puts the pages of these numbers, all from 1 to Count, one after the other into into. It may be called
	// by several goroutines.
	Read func(numbers []uint32, into []byte) error
}

// Table is what is known of a table's rows.
type Table struct {
	Columns []string
	NotNull []bool // by column
	// Row is given every row in the order of the table. The record is valid until Row returns. May be nil.
	Row func(r *Record) error

	sums []*indexSum // by index of the table
}

// Index is what is known of an index.
type Index struct {
	Table   string
	Columns []int // places in the table's columns

	rows sum
}

// Schema is what SQLite says of its tables and indexes, by name. An index is in it only if it is ascending, by bytes,
// over plain columns and of all rows; of others the order and the rows are not checked.
type Schema struct {
	Tables  map[string]*Table
	Indexes map[string]*Index
}

// Damage (损坏) is one thing that is wrong with the file.
type Damage struct {
	Page uint32 // 0: none can be named
	Tree string // name of the table or index; empty: none
	What string
}

func (d Damage) String() string {
	return fmt.Sprintf("第 %d 页 %s: %s (page %d)", d.Page, d.Tree, d.What, d.Page)
}

// most bounds what is reported: a broken disk breaks everything.
const most = 20

var errEnough = errors.New("enough was found")

// Check reads the whole file, on all processors, and reports what is wrong with it: one damage at a time, but from
// several goroutines, as the rows of different tables are. An error is that of Read or of a Row.
func Check(f File, s Schema, damage func(Damage)) error {
	c := &check{file: f, schema: s, report: damage, seed: maphash.MakeSeed(), reached: make([]atomic.Uint64, f.Count/64+1)}
	c.salt = [2]uint64{maphash.Bytes(c.seed, []byte{0}), maphash.Bytes(c.seed, []byte{1})}
	if err := c.run(); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return nil
}

// check is what all walkers share.
type check struct {
	file    File
	usable  int // bytes of a page that are not reserved
	schema  Schema
	seed    maphash.Seed    // of fingerprints
	salt    [2]uint64       // of those of short values
	reached []atomic.Uint64 // a bit for each page
	ended   atomic.Bool     // an error of one walker ends all

	mu     sync.Mutex // of what follows
	report func(Damage)
	found  int
}

func (c *check) run() error {
	first := make([]byte, c.file.PageSize)
	if err := c.file.Read([]uint32{1}, first); err != nil {
		return err
	}
	if ok, err := c.header(first); !ok || err != nil {
		return err
	}
	roots, err := c.roots()
	if err != nil {
		return err
	}
	if err := c.trees(roots); err != nil {
		return err
	}
	if err := c.sameRows(); err != nil {
		return err
	}
	if err := c.free(binary.BigEndian.Uint32(first[32:]), binary.BigEndian.Uint32(first[36:])); err != nil {
		return err
	}
	return c.unreached()
}

// trees lets one walker for each processor take one tree after the other.
func (c *check) trees(roots []root) error {
	next := make(chan root, len(roots))
	for _, r := range roots {
		next <- r
	}
	close(next)
	errs := make([]error, min(runtime.GOMAXPROCS(0), len(roots)))
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			w := c.walker()
			for r := range next {
				if errs[i] = w.tree(r.name, r.page, r.index, nil); errs[i] != nil {
					c.ended.Store(true)
					return
				}
			}
		})
	}
	wg.Wait()
	var first error
	for _, err := range errs {
		if rank(err) > rank(first) {
			first = err
		}
	}
	return first
}

// rank: what kept a walker from going on is said before that enough was found.
func rank(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errEnough):
		return 1
	}
	return 2
}

// walker walks one tree after another.
type walker struct {
	*check
	cells   []cell // of the page at hand
	rooms   [][]byte
	covered []uint64 // a bit for each byte of the page at hand
}

func (c *check) walker() *walker {
	return &walker{check: c, covered: make([]uint64, c.file.PageSize/64+1)}
}

// damage reports one thing; its error ends the check when enough was found.
func (c *check) damage(page uint32, tree, what string, args ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found < most {
		c.report(Damage{page, tree, fmt.Sprintf(what, args...)})
	}
	if c.found++; c.found >= most {
		return errEnough
	}
	return nil
}

// header, section 1.3. What SQLite refuses to open need not be looked at again.
func (c *check) header(b []byte) (ok bool, err error) {
	c.usable = c.file.PageSize - int(b[20])
	switch {
	case string(b[:16]) != "SQLite format 3\x00":
		return false, c.damage(1, "", "不是 SQLite 文件头 (not the header of SQLite)")
	case c.usable < 480:
		return false, c.damage(1, "", "每页保留 %d 字节,过多 (too many reserved bytes)", b[20])
	case b[21] != 64 || b[22] != 32 || b[23] != 32:
		return false, c.damage(1, "", "文件头中的负载比例不对 (wrong payload fractions)")
	case binary.BigEndian.Uint32(b[52:]) != 0:
		return false, c.damage(1, "", "文件头称有指针页,本程序从不使用 (auto-vacuum, which is never used here)")
	case binary.BigEndian.Uint32(b[56:]) > 1: // 0: there are no tables yet
		return false, c.damage(1, "", "文本编码不是 UTF-8 (the encoding is not UTF-8)")
	}
	return true, nil
}

// root is a tree that the schema names.
type root struct {
	name  string
	page  uint32
	index bool // by its type; a table WITHOUT ROWID is also stored as one
}

// roots reads the table of the schema, section 2.6, whose root is page 1. First come the trees whose rows somebody
// waits for: who works on them can begin.
func (c *check) roots() (roots []root, err error) {
	named := map[string]bool{}
	err = c.walker().tree("sqlite_schema", 1, false, func(r *Record) error {
		if r.Len() < 5 {
			return c.damage(1, "sqlite_schema", "一行少于五列 (a row with fewer than five columns)")
		}
		page, ok := r.At(3).Int()
		kind, name := string(r.At(0).Bytes), string(r.At(1).Bytes)
		switch {
		case !ok || page <= 0 || kind != "table" && kind != "index":
		case page > int64(c.file.Count):
			return c.damage(1, "sqlite_schema", "%s 的根页 %d 不在文件中 (a root beyond the file)", name, page)
		case named[name]:
			return c.damage(1, "sqlite_schema", "有两个 %s (two trees of one name)", name)
		default:
			named[name] = true
			roots = append(roots, root{name, uint32(page), kind == "index"})
		}
		return nil
	})
	awaited := func(r root) int {
		if t := c.schema.Tables[r.name]; t != nil && t.Row != nil {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(roots, func(a, b root) int { return awaited(a) - awaited(b) })
	return roots, err
}

// reach notes that a page is referred to; only then it may be read.
func (c *check) reach(page, from uint32, tree string) (ok bool, err error) {
	if page == 0 || page > c.file.Count {
		return false, c.damage(from, tree, "指向不存在的第 %d 页 (refers to a page beyond the file)", page)
	}
	bit := uint64(1) << (page % 64)
	if c.reached[page/64].Or(bit)&bit != 0 {
		return false, c.damage(from, tree, "第 %d 页被引用两次 (a page is referred to twice)", page)
	}
	return true, nil
}

// free walks the list of free pages, section 1.5.
func (c *check) free(trunk, count uint32) error {
	room := make([]byte, c.file.PageSize)
	from, n := uint32(1), uint32(0)
	for trunk != 0 {
		if ok, err := c.reach(trunk, from, "free"); !ok {
			return err
		}
		if err := c.file.Read([]uint32{trunk}, room); err != nil {
			return err
		}
		leaves := binary.BigEndian.Uint32(room[4:])
		if int64(leaves) > int64(c.usable/4-2) {
			return c.damage(trunk, "free", "空闲页目录过长 (too many entries of free pages)")
		}
		for i := range leaves {
			if _, err := c.reach(binary.BigEndian.Uint32(room[8+4*i:]), trunk, "free"); err != nil {
				return err
			}
		}
		n += 1 + leaves
		from, trunk = trunk, binary.BigEndian.Uint32(room)
	}
	if n != count {
		return c.damage(1, "free", "空闲页 %d 个,文件头记 %d 个 (another number of free pages than the header has)", n, count)
	}
	return nil
}

// unreached names pages that nothing refers to. The page with the byte at 1 GiB is used for locks only (section 1.4).
func (c *check) unreached() error {
	lock := uint32(1<<30/c.file.PageSize) + 1
	for n := uint32(1); n <= c.file.Count; n++ {
		if c.reached[n/64].Load()&(1<<(n%64)) == 0 && n != lock {
			if err := c.damage(n, "", "没有任何地方引用此页 (nothing refers to this page)"); err != nil {
				return err
			}
		}
	}
	return nil
}
