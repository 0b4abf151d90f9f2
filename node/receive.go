package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// Page is a stretch of a neighbour's book as it came, with what lies beside its entries. Whoever hands
// it over has proven each entry to lie under Head (book.LeavesUnder); the node proves the rest.
type Page struct {
	Book    string // 500152/suitong
	From    int64  // index of the first entry
	Entries [][]byte
	Beside  []book.Beside // one for each entry
	Head    []byte        // the signed head, of this many entries or more
	Key     string        // verifier key that signed it
}

// The ways in which a page is not taken. They say something of the neighbour or of the way it came, not
// of a person here; nothing was written.
var (
	ErrUnrecognised = errors.New("本方在该圈的账本没有认可这把密钥 (the key is not recognised in our book of the circle)")
	ErrGap          = errors.New("中间缺记录 (entries before these are missing)")
	ErrOtherBook    = errors.New("与已收到的账本不符 (differs from what was received before)")
	ErrOtherWords   = errors.New("正文与记录中的承诺不符 (words that do not match the entry's commitment)")
	ErrCauseAbsent  = errors.New("缺少依据的凭证 (the evidence of a cause is missing)")
)

// Receive takes a page of a neighbour's book: stores, checks, applies and projects its entries in one
// transaction of the writer, strictly by index, and returns the size that the book has here now. What
// stands here already is compared and skipped. A node that only reads takes pages too, also of its own
// books: that is how it catches up with what it published before.
func (n *Node) Receive(ctx context.Context, p Page) (size int64, err error) {
	_, err = n.ask(ctx, &waiting{receives: true, act: func(ctx context.Context, w *Writing) error {
		size, err = w.receive(ctx, p)
		return err
	}})
	return size, err
}

// receiving is a book while a page of it is taken.
type receiving struct {
	*Writing
	Page
	name    string // of the book
	origin  string
	size    int64
	root    tlog.Hash
	order   order
	last    []byte // entry
	clockOK int64
	tree    *book.Tree
	head    book.Checkpoint
}

// order is the order of time in a book: an entry that lies before the one before it breaks it.
type order struct{ last int64 } // Unix ms

func (o *order) follows(at time.Time) bool {
	if at.UnixMilli() < o.last {
		return false
	}
	o.last = at.UnixMilli()
	return true
}

func (w *Writing) receive(ctx context.Context, p Page) (int64, error) {
	r := &receiving{Writing: w, Page: p, name: p.Book}
	if len(p.Beside) != len(p.Entries) {
		return 0, fmt.Errorf("%s: %d entries with what lies beside %d", p.Book, len(p.Entries), len(p.Beside))
	}
	if err := r.recognised(ctx); err != nil {
		return 0, err
	}
	if err := r.open(ctx); err != nil {
		return 0, err
	}
	for i := range p.Entries {
		if err := r.take(ctx, i); err != nil {
			return 0, fmt.Errorf("%s/%d: %w", p.Book, p.From+int64(i), err)
		}
	}
	return r.size, r.close(ctx)
}

// recognised checks that the head is signed by a key that our book of the circle recognises for it.
func (r *receiving) recognised(ctx context.Context) error {
	v, err := book.Verifier(r.Key)
	if err != nil {
		return err
	}
	r.origin = v.Name()
	member, circle, _ := strings.Cut(r.name, "/")
	if r.head, err = book.OpenCheckpoint(r.Head, r.origin, v); err != nil {
		return err
	}
	if circle == Self || !strings.HasSuffix(r.origin, "/"+circle) {
		return ErrUnrecognised
	}
	if member == r.node.Member {
		ours := r.Key == book.VerifierKey(r.node.OriginOf(circle), r.node.SigningKey().Public()) || r.Key == r.node.formerKey(circle)
		if !r.batch.reading || !ours {
			return ErrUnrecognised
		}
		return nil
	}
	var until int64
	err = r.Tx().Row(ctx, `SELECT until FROM node_key WHERE book = ? AND origin = ? AND verifier = ? AND member = ?`,
		r.node.BookName(circle), r.origin, r.Key, member).Scan(&until)
	if errors.Is(err, sql.ErrNoRows) || err == nil && until != 0 && r.head.Size > until {
		return ErrUnrecognised
	}
	return err
}

// open locks the head row, which the first page makes.
func (r *receiving) open(ctx context.Context) error {
	member, circle, _ := strings.Cut(r.name, "/")
	empty := (&book.Tree{}).Root()
	_, err := r.Tx().Exec(ctx, `INSERT INTO book_head
		(book, member, circle, origin, verifier, size, root, last_at, clock_ok, checkpoint)
		VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, ?) ON CONFLICT (book) DO NOTHING`,
		r.name, member, circle, r.origin, r.Key, empty[:], r.Head)
	if err != nil {
		return err
	}
	var root []byte
	var origin string
	err = r.Tx().Row(ctx, `SELECT origin, size, root, last_at, clock_ok FROM book_head WHERE book = ?`+r.Tx().ForUpdate(), r.name).
		Scan(&origin, &r.size, &root, &r.order.last, &r.clockOK)
	if err != nil {
		return fmt.Errorf("head of %s: %w", r.name, err)
	}
	copy(r.root[:], root)
	if origin != r.origin || r.head.Size < r.size {
		return ErrOtherBook
	}
	if r.From > r.size {
		return ErrGap
	}
	if r.tree, err = openTree(ctx, r.Tx(), r.name, r.size); err != nil || r.size == 0 {
		return err
	}
	return r.Tx().Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, r.name, r.size-1).Scan(&r.last)
}

// take stores, checks and applies the i-th entry of the page.
func (r *receiving) take(ctx context.Context, i int) error {
	raw, index := r.Entries[i], r.From+int64(i)
	leaf := book.LeafHash(raw)
	if index < r.size {
		return r.same(ctx, index, raw, leaf, r.Beside[i].Words)
	}
	e, scanned := book.Scan(raw)
	b := r.Beside[i]
	if scanned != nil {
		b = book.Beside{} // it will be set aside: nothing can be bound to it
	}
	if err := r.words(ctx, e, raw, leaf, b.Words); err != nil {
		return err
	}
	own := &Own{tx: r.Tx(), Book: r.name, Index: index, order: &r.order}
	if err := r.causes(ctx, own, e, b.Causes); err != nil {
		return err
	}
	if err := r.node.apply(ctx, r.Writing, own, raw); err != nil {
		return err
	}
	r.clockOK = confirmedBy(r.last, raw, r.clockOK)
	r.last = raw
	r.tree.Append(leaf)
	r.size++
	return nil
}

// same compares with what stands here.
func (r *receiving) same(ctx context.Context, index int64, raw []byte, leaf tlog.Hash, w book.Words) error {
	var stands []byte
	if err := r.Tx().Row(ctx, `SELECT leaf FROM book_entry WHERE book = ? AND idx = ?`, r.name, index).Scan(&stands); err != nil {
		return err
	}
	if tlog.Hash(stands) != leaf {
		return ErrOtherBook
	}
	return r.late(ctx, index, raw, w)
}

// late stores words that were withheld when their entry came. Those that were erased since are never stored again,
// whoever still carries them.
func (r *receiving) late(ctx context.Context, index int64, raw []byte, w book.Words) error {
	if w.State != book.WordsHere {
		return nil
	}
	e, err := book.Scan(raw)
	if err != nil || e.Words == nil {
		return nil // it was set aside, and nothing is bound to it
	}
	if len(w.Text) > maxWords || book.Commit(w.Salt, w.Text) != *e.Words {
		return ErrOtherWords
	}
	_, err = r.Tx().Exec(ctx, `UPDATE book_entry SET salt = ?, words = ?, erased = ? WHERE book = ? AND idx = ? AND erased = ?`,
		w.Salt[:], w.Text, wordsPresent, r.name, index, WordsWithheld)
	return err
}

// words stores the entry with its words, as far as they came.
func (r *receiving) words(ctx context.Context, e book.Entry, raw []byte, leaf tlog.Hash, w book.Words) error {
	var salt, text []byte
	erased := wordsPresent
	switch {
	case e.Words == nil:
	case w.State == book.WordsHere:
		if len(w.Text) > maxWords || book.Commit(w.Salt, w.Text) != *e.Words {
			return ErrOtherWords
		}
		salt, text = w.Salt[:], w.Text
	default: // also where the source says "erased": that is so once the book says it, by an entry that comes later
		erased = WordsWithheld
	}
	return r.Tx().Later(ctx, receivedTable, r.name, r.size, raw, leaf[:], salt, text, erased)
}

var receivedTable = store.TableOf("book_entry", "book", "idx", "entry", "leaf", "salt", "words", "erased")

// WordsWithheld is the value of book_entry.erased where words did not come along yet, and may still come.
const WordsWithheld int64 = 2

// The other values of book_entry.erased.
const (
	wordsPresent int64 = 0
	wordsErased  int64 = 1
)

// mostEvidence bounds the evidence of one cause: an entry of 64 KiB, escaped, and a head with many lines.
const mostEvidence = 256 << 10

// causes stores the evidence of the causes in other books. That some is missing or does not hold proves nothing of the
// entry, for nothing in the log binds it, and another source may have what holds: the page is not taken. So what lies
// beside an entry is the same wherever the entry stands, in what it proves.
func (r *receiving) causes(ctx context.Context, own *Own, e book.Entry, came []book.CauseEvidence) error {
	for n, c := range e.Causes {
		if c.Origin == r.origin {
			continue
		}
		at := slices.IndexFunc(came, func(one book.CauseEvidence) bool { return one.Number == n })
		if at < 0 {
			return fmt.Errorf("%w: %d", ErrCauseAbsent, n)
		}
		ev := came[at].Evidence
		if ev.Words.State == book.WordsHere.String() { // a cause's words stay with their own entry
			ev.Words = book.EvidenceWords{State: book.WordsWithheld.String()}
		}
		_, err := own.proven(ctx, c, ev)
		if refused, ok := refuse.As(err); ok {
			return fmt.Errorf("%w: %d: %s", ErrCauseAbsent, n, refused.Code)
		}
		if err != nil {
			return err
		}
		raw, err := ev.Bytes()
		if err == nil && len(raw) > mostEvidence {
			err = fmt.Errorf("%w: %d: %d bytes", ErrCauseAbsent, n, len(raw))
		}
		if err != nil {
			return err
		}
		_, err = r.Tx().Exec(ctx, `INSERT INTO book_cause (book, idx, n, evidence, origin, of_idx) VALUES (?, ?, ?, ?, ?, ?)`,
			r.name, r.size, n, raw, c.Origin, c.Index)
		if err != nil {
			return err
		}
	}
	return nil
}

// close stores tiles and head. Where the page reaches the signed size, its root must be the signed one.
func (r *receiving) close(ctx context.Context) error {
	root := r.tree.Root()
	if r.size == r.head.Size && root != r.head.Root || r.size > r.head.Size {
		return ErrOtherBook
	}
	if err := r.batch.storeTiles(ctx, &head{book: r.name, tree: r.tree}); err != nil {
		return err
	}
	if _, circle, _ := strings.Cut(r.name, "/"); r.name == r.node.BookName(circle) {
		delete(r.node.heads, circle)
	}
	_, err := r.Tx().Exec(ctx, `UPDATE book_head SET verifier = ?, size = ?, root = ?, last_at = ?, clock_ok = ?, checkpoint = ?
		WHERE book = ?`, r.Key, r.size, root[:], r.order.last, r.clockOK, r.Head, r.name)
	return err
}
