package node

import (
	"context"
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
	// Since proves that Head continues the signed head that stands here, where not all entries under that one came yet. Without it such a head
	// is not replaced by a larger one.
	Since []tlog.Hash
}

// The ways in which a page is not taken. They say something of the neighbour or of the way it came, not
// of a person here. Nothing was written in the transaction that found it; what was taken of the page before stays.
var (
	ErrUnrecognised = errors.New("本方在该圈的账本没有认可这把密钥 (the key is not recognised in our book of the circle)")
	ErrGap          = errors.New("中间缺记录 (entries before these are missing)")
	ErrOtherBook    = errors.New("与已收到的账本不符 (differs from what was received before)")
	ErrOtherWords   = errors.New("正文与记录中的承诺不符 (words that do not match the entry's commitment)")
	ErrCauseAbsent  = errors.New("缺少依据的凭证 (the evidence of a cause is missing)")
	ErrHeldBack     = errors.New("没有证明它延续此前收到的签名账头 (not proven to continue the signed head that came before)")
)

// mostHeld is how long a page is taken in one transaction, up to the end of an entry: who writes here waits as long.
const mostHeld = 50 * time.Millisecond

// Receive takes a page of a neighbour's book: stores, checks, applies and projects its entries strictly by index, and returns the size that
// the book has here now. One that takes long is taken in several transactions of the writer, so that others have their turn, and what was taken
// before an error stays. What stands here already is compared and skipped. A node that only reads takes pages too, also of its own
// books: that is how it catches up with what it published before.
func (n *Node) Receive(ctx context.Context, p Page) (size int64, err error) {
	v, err := n.vet(ctx, p)
	if err != nil {
		return 0, err
	}
	for {
		var taken int
		_, err = n.ask(ctx, &waiting{receives: true, act: func(ctx context.Context, w *Writing) error {
			size, taken, err = w.receive(ctx, v)
			return err
		}})
		if v = v.after(taken); err != nil || len(v.Entries) == 0 {
			return size, err
		}
	}
}

// isNotTaken says whether an error is of the ways in which a page is not taken: it is that page's own.
func isNotTaken(err error) bool {
	return slices.ContainsFunc([]error{ErrUnrecognised, ErrGap, ErrOtherBook, ErrOtherWords, ErrCauseAbsent, ErrHeldBack}, func(one error) bool {
		return errors.Is(err, one)
	})
}

// receiving is a book while a page of it is taken.
type receiving struct {
	*Writing
	*vetted
	size    int64 // now, as it grows
	root    tlog.Hash
	order   order
	last    []byte // entry
	clockOK int64
	tree    *book.Tree
	head    signed // that stands when the page is taken
}

// signed is a signed head and the verifier key under which it is.
type signed struct {
	checkpoint []byte
	verifier   string
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

// receive takes the first entries of a page, as many as mostHeld allows and one at least.
func (w *Writing) receive(ctx context.Context, v *vetted) (size int64, taken int, err error) {
	begun := time.Now()
	r := &receiving{Writing: w, vetted: v}
	if err := r.mayCome(ctx); err != nil {
		return 0, 0, err
	}
	if err := r.open(ctx); err != nil {
		return 0, 0, err
	}
	for taken < len(r.Entries) && (taken == 0 || time.Since(begun) < mostHeld) {
		if err := r.take(ctx, taken); err != nil {
			return 0, 0, fmt.Errorf("%s/%d: %w", r.Book, r.From+int64(taken), err)
		}
		taken++
	}
	return r.size, taken, r.close(ctx)
}

// mayCome asks again, in the writer's turn, whose the book is: of an own book by the keys, of another's by our book of the circle.
func (r *receiving) mayCome(ctx context.Context) error {
	member, circle, _ := strings.Cut(r.Book, "/")
	if member != r.node.Member {
		return recognised(ctx, r.Tx(), r.node, r.Book, r.Key, r.signed.Size)
	}
	if !r.batch.reading || !r.ours(circle, r.Key) {
		return ErrUnrecognised
	}
	return nil
}

// open locks the head row, which the first page makes.
func (r *receiving) open(ctx context.Context) error {
	member, circle, _ := strings.Cut(r.Book, "/")
	empty := (&book.Tree{}).Root()
	_, err := r.Tx().Exec(ctx, `INSERT INTO book_head
		(book, member, circle, origin, verifier, size, root, last_at, clock_ok, checkpoint)
		VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, ?) ON CONFLICT (book) DO NOTHING`,
		r.Book, member, circle, r.origin, r.Key, empty[:], r.Head)
	if err != nil {
		return err
	}
	var root []byte
	var origin string
	err = r.Tx().Row(ctx, `SELECT origin, size, root, last_at, clock_ok, checkpoint, verifier FROM book_head WHERE book = ?`+r.Tx().ForUpdate(), r.Book).
		Scan(&origin, &r.size, &root, &r.order.last, &r.clockOK, &r.head.checkpoint, &r.head.verifier)
	if err != nil {
		return fmt.Errorf("head of %s: %w", r.Book, err)
	}
	copy(r.root[:], root)
	if err := r.follows(origin, r.size); err != nil {
		return err
	}
	if err := r.heads(ctx); err != nil {
		return err
	}
	if r.tree, err = openTree(ctx, r.Tx(), r.Book, r.size); err != nil || r.size == 0 {
		return err
	}
	return r.Tx().Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, r.Book, r.size-1).Scan(&r.last)
}

// heads decides which signed head stands from now on. One whose entries did not all come is never forgotten: a smaller one does not replace
// it, and a larger one only with the proof that it continues it. Otherwise its member could hold back the end of one book and go on with another.
func (r *receiving) heads(ctx context.Context) error {
	size, err := book.SizeOf(r.head.checkpoint)
	if err != nil {
		return fmt.Errorf("head of %s: %w", r.Book, err)
	}
	known := true
	if size > r.size {
		if known, err = r.stillGood(ctx, r.head.verifier, size); err != nil {
			return err
		}
	}
	if size <= r.size || !known {
		r.head = signed{r.Head, r.Key}
		return nil
	}
	verifier, err := book.Verifier(r.head.verifier)
	if err != nil {
		return err
	}
	held, err := book.OpenCheckpoint(r.head.checkpoint, r.origin, verifier)
	switch {
	case err != nil:
		return fmt.Errorf("head of %s: %w", r.Book, err)
	case held.Size > r.signed.Size:
		return nil
	case held.Size == r.signed.Size && held.Root != r.signed.Root:
		return ErrOtherBook
	case held.Size < r.signed.Size && book.CheckConsistency(held.Size, r.signed.Size, held.Root, r.signed.Root, r.Since) != nil:
		return ErrHeldBack
	}
	r.head = signed{r.Head, r.Key}
	return nil
}

// stillGood tells whether a head of a size under a key still counts: people may have found since that the key was lost before.
func (r *receiving) stillGood(ctx context.Context, verifier string, size int64) (bool, error) {
	member, circle, _ := strings.Cut(r.Book, "/")
	if member == r.node.Member {
		return r.ours(circle, verifier), nil
	}
	err := recognised(ctx, r.Tx(), r.node, r.Book, verifier, size)
	if errors.Is(err, ErrUnrecognised) {
		return false, nil
	}
	return err == nil, err
}

// ours: under the present key of this member, or the one that was lost.
func (r *receiving) ours(circle, verifier string) bool {
	return verifier == book.VerifierKey(r.node.OriginOf(circle), r.node.SigningKey().Public()) || verifier == r.node.formerKey(circle)
}

// take stores, checks and applies the i-th entry of the page.
func (r *receiving) take(ctx context.Context, i int) error {
	raw, index, e := r.Entries[i], r.From+int64(i), r.entries[i]
	leaf := book.LeafHash(raw)
	if index < r.size {
		return r.same(ctx, index, leaf, e)
	}
	if err := r.words(ctx, e, raw, leaf); err != nil {
		return err
	}
	own := &Own{tx: r.Tx(), Book: r.Book, Index: index, order: &r.order}
	if err := r.keepCauses(ctx, own, e.causes); err != nil {
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
func (r *receiving) same(ctx context.Context, index int64, leaf tlog.Hash, e vettedEntry) error {
	var stands []byte
	if err := r.Tx().Row(ctx, `SELECT leaf FROM book_entry WHERE book = ? AND idx = ?`, r.Book, index).Scan(&stands); err != nil {
		return err
	}
	if tlog.Hash(stands) != leaf {
		return ErrOtherBook
	}
	return r.late(ctx, index, e)
}

// late stores words that were withheld when their entry came. Those that were erased since are never stored again,
// whoever still carries them.
func (r *receiving) late(ctx context.Context, index int64, e vettedEntry) error {
	if e.malformed || e.Words == nil || e.words.State != book.WordsHere {
		return nil
	}
	if e.otherWords {
		return ErrOtherWords
	}
	_, err := r.Tx().Exec(ctx, `UPDATE book_entry SET salt = ?, words = ?, erased = ? WHERE book = ? AND idx = ? AND erased = ?`,
		e.words.Salt[:], e.words.Text, wordsPresent, r.Book, index, WordsWithheld)
	return err
}

// words stores the entry with its words, as far as they came.
func (r *receiving) words(ctx context.Context, e vettedEntry, raw []byte, leaf tlog.Hash) error {
	var salt, text []byte
	erased := wordsPresent
	switch {
	case e.Words == nil:
	case e.words.State == book.WordsHere:
		salt, text = e.words.Salt[:], e.words.Text
	default: // also where the source says "erased": that is so once the book says it, by an entry that comes later
		erased = WordsWithheld
	}
	return r.Tx().Later(ctx, receivedTable, r.Book, r.size, raw, leaf[:], salt, text, erased)
}

var receivedTable = store.TableOf("book_entry", "book", "idx", "entry", "leaf", "salt", "words", "erased")

// WordsWithheld is the value of book_entry.erased where words did not come along yet, and may still come.
const WordsWithheld int64 = 2

// The other values of book_entry.erased.
const (
	wordsPresent int64 = 0
	wordsErased  int64 = 1
)

// keepCauses stores the evidence of the causes in other books, under keys that this book has recognised up to here.
func (r *receiving) keepCauses(ctx context.Context, own *Own, all []vettedCause) error {
	for _, c := range all {
		_, until, err := own.keyOf(ctx, c.of, c.key)
		if err == nil && until != 0 && c.size > until {
			err = falseCause(c.of)
		}
		if refused, ok := refuse.As(err); ok {
			return fmt.Errorf("%w: %d: %s", ErrCauseAbsent, c.number, refused.Code)
		}
		if err != nil {
			return err
		}
		_, err = r.Tx().Exec(ctx, `INSERT INTO book_cause (book, idx, n, evidence, origin, of_idx) VALUES (?, ?, ?, ?, ?, ?)`,
			r.Book, r.size, c.number, c.raw, c.of.Origin, c.of.Index)
		if err != nil {
			return err
		}
	}
	return nil
}

// close stores tiles and head. Where the page reaches the signed size, its root must be the signed one.
func (r *receiving) close(ctx context.Context) error {
	root := r.tree.Root()
	if r.size == r.signed.Size && root != r.signed.Root || r.size > r.signed.Size {
		return ErrOtherBook
	}
	if err := r.batch.storeTiles(ctx, &head{book: r.Book, tree: r.tree}); err != nil {
		return err
	}
	if _, circle, _ := strings.Cut(r.Book, "/"); r.Book == r.node.BookName(circle) {
		delete(r.node.heads, circle)
	}
	_, err := r.Tx().Exec(ctx, `UPDATE book_head SET verifier = ?, size = ?, root = ?, last_at = ?, clock_ok = ?, checkpoint = ?
		WHERE book = ?`, r.head.verifier, r.size, root[:], r.order.last, r.clockOK, r.head.checkpoint, r.Book)
	return err
}
