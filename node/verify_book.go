package node

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/store"
)

// verifyPage is how many entries are read at once: whole tiles, few enough to keep in memory.
const verifyPage = 8 * tileWidth

// stored is an entry as it lies in the store.
type stored struct {
	index              int64
	entry, leaf, words []byte
	salt               []byte
	erased             int64 // 0: not erased
}

type storedTile struct {
	level  int
	n      int64
	hashes []byte
}

// page is a stretch of a book with its full tiles of level 0. An error ends the book.
type page struct {
	entries []stored
	room    room // where their bytes lie
	tiles   []storedTile
	err     error
}

// book verifies one book by its rows as SQL gives them. Reading and hashing run side by side: each
// takes about as long.
func (v *verifier) book(h storedHead) error {
	stands, err := v.stands(h)
	if err != nil {
		return err
	}
	pages := make(chan page, 2)
	go v.read(h.Book, stands, pages)
	c := v.check(h)
	var failed error
	for p := range pages {
		c.take(p)
		v.step(int64(len(p.entries)))
		failed = errors.Join(failed, p.err)
	}
	if failed != nil {
		return failed
	}
	return c.end()
}

// bookCheck is a book under verification: its entries are fed in order.
type bookCheck struct {
	*verifier
	storedHead
	checker *book.Checker
	signed  *book.Checkpoint // nil: what is stored is none
	last    []byte           // entry, the checker's own
	clock   int64            // as confirmed by the entries so far, Unix ms
}

func (v *verifier) check(h storedHead) *bookCheck {
	b := &bookCheck{verifier: v, storedHead: h, checker: book.NewChecker(h.Member, h.Circle)}
	if head, ok := v.checkpoint(h); ok {
		b.signed = &head
	}
	return b
}

func (b *bookCheck) take(p page) {
	for _, e := range p.entries {
		b.entry(b.checker, b.storedHead, e)
		b.clock = confirmedBy(b.last, e.entry, b.clock)
		b.last = e.entry
	}
	b.last = slices.Clone(b.last) // the page's room is used again
	for _, t := range p.tiles {
		b.damage(b.Book, b.checker.CheckTile(t.level, t.n, t.hashes))
	}
}

// end compares what the entries add up to with what is stored of the whole book.
func (b *bookCheck) end() error {
	c := b.checker
	if c.Size() < b.Size { // the end is cut off, however much it is
		b.fault(b.Book, c.Size(), FaultMissing, fmt.Sprintf("记录不见了,由此到第 %d 条 (entries are missing from here on)", b.Size-1))
	}
	if err := b.upperTiles(c, b.Book); err != nil {
		return err
	}
	b.damage(b.Book, c.CheckStored())
	if b.signed != nil {
		b.damage(b.Book, c.CheckHead(*b.signed))
	} else if root := c.Root(); !bytes.Equal(root[:], b.root) {
		b.fault(b.Book, -1, book.DamageRoot, fmt.Sprintf("重算根散列 %v,账头记为 %v (entries do not add up to the stored root)", root, b.Root))
	}
	if b.foreign(b.storedHead) {
		return nil
	}
	b.lastTime(b.storedHead, b.last)
	if b.clock != b.clockOK {
		b.fault(b.Book, -1, FaultHead, "账头所记的时钟确认与记录不符 (the head has another confirmation of the clock)")
	}
	return nil
}

// foreign: a neighbour's book. What its entries say is its own affair, and what breaks a rule was set aside; that they
// are the entries it signed is ours to prove.
func (v *verifier) foreign(h storedHead) bool { return h.Member != v.node.Member }

// setAside tells whether what a check found is a rule that the entry breaks, and no damage of what is stored.
func setAside(err error) bool {
	var d *book.Damage
	return errors.As(err, &d) && slices.Contains([]string{book.DamageEntry, book.DamageMember, book.DamageCircle, book.DamageTime}, d.Code)
}

// confirmation is how an entry begins that confirms the clock.
var confirmation = []byte(`{"v":1,"kind":"` + ClockConfirmed.Name + `"`)

// confirmedBy is the reading of the clock that stands confirmed after an entry, Unix ms: until an
// entry lies after the one before it.
func confirmedBy(before, entry []byte, confirmed int64) int64 {
	confirms := bytes.HasPrefix(entry, confirmation)
	if !confirms && confirmed == 0 {
		return 0
	}
	e, err := book.Scan(entry)
	if err != nil {
		return confirmed
	}
	if confirms {
		if f, err := ClockConfirmed.facts(e); err == nil {
			return f.Clock
		}
		return confirmed
	}
	if b, err := book.Scan(before); err == nil && e.At.After(b.At) {
		return 0
	}
	return confirmed
}

// stands is the size of the book as its entries have it, at most that of its head: a damaged head
// must not make us look for entries for ever.
func (v *verifier) stands(h storedHead) (int64, error) {
	var last sql.NullInt64
	err := v.tx.Row(v.ctx, `SELECT MAX(idx) FROM book_entry WHERE book = ?`, h.Book).Scan(&last)
	if err != nil || !last.Valid {
		return 0, err
	}
	return min(h.Size, last.Int64+1), nil
}

// checkpoint opens the stored checkpoint and compares it with the row it stands in.
func (v *verifier) checkpoint(h storedHead) (c book.Checkpoint, ok bool) {
	key, err := book.Verifier(h.Key)
	if err == nil {
		c, err = book.OpenCheckpoint(h.checkpoint, h.Origin, key)
	}
	if err == nil {
		err = oneForm(h.checkpoint)
	}
	if err != nil {
		v.fault(h.Book, -1, FaultCheckpoint, err.Error())
		return c, false
	}
	if h.Book != h.Member+"/"+h.Circle { // an empty book has no entry that says whose it is
		v.fault(h.Book, -1, FaultHead, fmt.Sprintf("账头记为成员 %s、圈 %s,与账本名不符 (the head names another member or circle)", h.Member, h.Circle))
	}
	switch {
	case v.foreign(h) && c.Size > h.Size: // its pages are still coming: what is here is the beginning
		return c, false
	case c.Size != h.Size || !bytes.Equal(c.Root[:], h.root):
		v.fault(h.Book, -1, FaultHead, fmt.Sprintf("账头记为 %d 条、根 %v,签名账头为 %d 条、根 %v (the stored head is not the signed one)",
			h.Size, h.Root, c.Size, c.Root))
	}
	return c, true
}

// oneForm: the last character of base64 has bits that most readers ignore. A changed one is damage
// all the same.
func oneForm(checkpoint []byte) error {
	for line := range bytes.Lines(checkpoint) {
		if !bytes.HasPrefix(line, []byte("— ")) {
			continue
		}
		words := bytes.Fields(line)
		if _, err := base64.StdEncoding.Strict().DecodeString(string(words[len(words)-1])); err != nil {
			return fmt.Errorf("签名行不是规范的 base64 (a signature is not canonical base64): %w", err)
		}
	}
	return nil
}

// entry feeds one stored entry; indexes that were skipped are named and counted as leaves, so
// that those after them keep their place.
func (v *verifier) entry(c *book.Checker, h storedHead, e stored) {
	if e.index >= h.Size || e.index < c.Size() {
		v.fault(h.Book, e.index, FaultBeyond, fmt.Sprintf("记录在账头的 %d 条之外 (an entry beyond the head)", h.Size))
		return
	}
	for c.Size() < e.index {
		v.gap(c, h.Book)
	}
	words, err := e.state()
	if err != nil {
		v.fault(h.Book, e.index, book.DamageCommitment, err.Error())
	}
	if err := c.Entry(e.entry, words); !v.foreign(h) || !setAside(err) {
		v.damage(h.Book, err)
	}
	if len(e.leaf) != tlog.HashSize {
		v.fault(h.Book, e.index, book.DamageLeaf, "所存叶散列长度不对 (the stored leaf hash has a wrong length)")
		return
	}
	v.damage(h.Book, c.CheckLeaf(tlog.Hash(e.leaf)))
}

func (v *verifier) gap(c *book.Checker, name string) {
	v.fault(name, c.Size(), FaultMissing, "记录不见了 (the entry is missing)")
	_ = c.Entry(nil, book.Words{}) // counts as a leaf; that it is no entry is said already
}

// state says what became of the words.
func (e stored) state() (book.Words, error) {
	switch {
	case e.words != nil && len(e.salt) == len(book.Salt{}):
		return book.Words{State: book.WordsHere, Salt: book.Salt(e.salt), Text: e.words}, nil
	case e.words != nil:
		return book.Words{State: book.WordsHere, Text: e.words}, errors.New("盐的长度不对 (the salt has a wrong length)")
	case e.erased == WordsWithheld:
		return book.Words{State: book.WordsWithheld}, nil
	case e.erased != 0:
		return book.Words{State: book.WordsErased}, nil
	}
	return book.Words{State: book.WordsNone}, nil
}

// lastTime: the head remembers the time of the last entry, which the next one must not precede.
func (v *verifier) lastTime(h storedHead, last []byte) {
	e, err := book.Scan(last)
	if h.Size == 0 || err != nil || e.At.UnixMilli() == h.lastAt {
		return
	}
	v.fault(h.Book, -1, FaultHead, fmt.Sprintf("账头记末条时间为 %s,实为 %s (the head has another time of the last entry)",
		time.UnixMilli(h.lastAt).UTC().Format(time.RFC3339Nano), e.At.Format(time.RFC3339Nano)))
}

func (v *verifier) step(entries int64) {
	if done := v.done.Add(entries); v.progress != nil {
		v.progress(done, v.total)
	}
}

// read sends a book page by page, each with the tiles of level 0 that end in it.
func (v *verifier) read(name string, size int64, pages chan<- page) {
	defer close(pages)
	for next := int64(0); ; next += verifyPage {
		to := next + verifyPage
		if to >= size {
			to = 1<<63 - 1 // also what stands there though it should not
		}
		p := v.page(name, next, to)
		pages <- p
		if p.err != nil || next+verifyPage >= size {
			return
		}
	}
}

func (v *verifier) page(name string, from, to int64) (p page) {
	rows, err := v.tx.Query(v.ctx, `SELECT idx, entry, leaf, salt, words, erased FROM book_entry
		WHERE book = ? AND idx >= ? AND idx < ? ORDER BY idx LIMIT `+fmt.Sprint(2*verifyPage), name, from, to)
	if err != nil {
		return page{err: err}
	}
	p.entries, p.err = store.Collect(rows, func(scan func(...any) error) (e stored, err error) {
		var entry, leaf, salt, words sql.RawBytes
		err = scan(&e.index, &entry, &leaf, &salt, &words, &e.erased)
		e.entry, e.leaf, e.salt, e.words = p.room.keep(entry), p.room.keep(leaf), p.room.keep(salt), p.room.keep(words)
		return e, err
	})
	if p.err != nil {
		return p
	}
	p.tiles, p.err = v.fullTiles(name, from/tileWidth, to/tileWidth)
	return p
}

// room keeps what was read: one allocation now and then instead of four a row. It grows, so that one that is used again
// soon has room for all.
type room []byte

func (r *room) keep(raw []byte) []byte {
	if raw == nil {
		return nil
	}
	if cap(*r)-len(*r) < len(raw) {
		*r = make([]byte, 0, max(1<<18, 2*cap(*r), len(raw)))
	}
	from := len(*r)
	*r = append(*r, raw...)
	return (*r)[from:len(*r):len(*r)]
}

// fullTiles reads tiles of level 0.
func (v *verifier) fullTiles(name string, from, to int64) ([]storedTile, error) {
	rows, err := v.tx.Query(v.ctx, `SELECT level, n, hashes FROM book_tile
		WHERE book = ? AND level = 0 AND n >= ? AND n < ? ORDER BY n`, name, from, to)
	if err != nil {
		return nil, err
	}
	return collectTiles(rows)
}

func (v *verifier) upperTiles(c *book.Checker, name string) error {
	rows, err := v.tx.Query(v.ctx, `SELECT level, n, hashes FROM book_tile
		WHERE book = ? AND level <> 0 ORDER BY level, n`, name)
	if err != nil {
		return err
	}
	tiles, err := collectTiles(rows)
	for _, t := range tiles {
		v.damage(name, c.CheckTile(t.level, t.n, t.hashes))
	}
	return err
}

func collectTiles(rows *sql.Rows) ([]storedTile, error) {
	return store.Collect(rows, func(scan func(...any) error) (t storedTile, err error) {
		err = scan(&t.level, &t.n, &t.hashes)
		return t, err
	})
}
