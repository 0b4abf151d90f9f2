package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liandong/book"
	"liandong/store"
)

// vetted is a page of which everything is proven that can be without the writer's turn: signatures, commitments and evidence take most of the
// time, and what does not hold must not stand in a transaction with what others write.
type vetted struct {
	Page
	origin  string
	signed  book.Checkpoint // Head
	had     int64           // entries of the book were here: they are only compared
	entries []vettedEntry
}

type vettedEntry struct {
	book.Entry
	malformed  bool // it will be set aside, and nothing is bound to it
	words      book.Words
	otherWords bool // than it is bound to
	causes     []vettedCause
}

// vettedCause is evidence that holds when its key is recognised.
type vettedCause struct {
	number int
	of     book.Cause
	key    string
	size   int64  // of the head under which it lies
	raw    []byte // as it is kept
}

// vet proves of a page what the rows that stand now allow.
func (n *Node) vet(ctx context.Context, p Page) (*vetted, error) {
	v := &vetted{Page: p, entries: make([]vettedEntry, len(p.Entries))}
	if len(p.Beside) != len(p.Entries) {
		return nil, fmt.Errorf("%s: %d entries with what lies beside %d", p.Book, len(p.Entries), len(p.Beside))
	}
	verifier, err := book.Verifier(p.Key)
	if err != nil {
		return nil, err
	}
	v.origin = verifier.Name()
	if v.signed, err = book.OpenCheckpoint(p.Head, v.origin, verifier); err != nil {
		return nil, err
	}
	if _, circle, _ := strings.Cut(p.Book, "/"); circle == Self || !strings.HasSuffix(v.origin, "/"+circle) {
		return nil, ErrUnrecognised
	}
	if err := n.Store.Read(ctx, func(tx *store.Tx) error { return v.continues(ctx, tx, n) }); err != nil {
		return nil, err
	}
	for i := range p.Entries {
		if err := v.entry(i); err != nil {
			return nil, fmt.Errorf("%s/%d: %w", p.Book, p.From+int64(i), err)
		}
	}
	return v, nil
}

// after is what is left of a page when its first entries were taken.
func (v *vetted) after(taken int) *vetted {
	left := *v
	left.From += int64(taken)
	left.Entries, left.Beside, left.entries = v.Entries[taken:], v.Beside[taken:], v.entries[taken:]
	return &left
}

// continues asks the rows: whether the key is recognised, and whether the page continues what stands here.
func (v *vetted) continues(ctx context.Context, tx *store.Tx, n *Node) error {
	if member, _, _ := strings.Cut(v.Book, "/"); member != n.Member { // of an own book the writer knows
		if err := recognised(ctx, tx, n, v.Book, v.Key, v.signed.Size); err != nil {
			return err
		}
	}
	var origin string
	err := tx.Row(ctx, `SELECT origin, size FROM book_head WHERE book = ?`, v.Book).Scan(&origin, &v.had)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("head of %s: %w", v.Book, err)
	}
	return v.follows(origin, v.had)
}

// recognised checks that our book of the circle recognises the key of a book for heads of a size.
func recognised(ctx context.Context, tx *store.Tx, n *Node, name, verifier string, size int64) error {
	member, circle, _ := strings.Cut(name, "/")
	key, err := book.Verifier(verifier)
	if err != nil {
		return err
	}
	var until int64
	err = tx.Row(ctx, `SELECT until FROM node_key WHERE book = ? AND origin = ? AND verifier = ? AND member = ?`,
		n.BookName(circle), key.Name(), verifier, member).Scan(&until)
	if errors.Is(err, sql.ErrNoRows) || err == nil && until != 0 && size > until {
		return ErrUnrecognised
	}
	return err
}

// follows checks that the page continues a book of this origin and size; a book that is not here yet has neither.
func (v *vetted) follows(origin string, size int64) error {
	if size < v.had || v.From > size { // it has become smaller since: what stood before was not vetted
		return ErrGap
	}
	if origin != "" && origin != v.origin || v.signed.Size < size {
		return ErrOtherBook
	}
	return nil
}

// entry proves what lies beside the i-th entry. Whether one that was here is another now is told before whether its words are.
func (v *vetted) entry(i int) (err error) {
	one := &v.entries[i]
	if one.Entry, err = book.Scan(v.Entries[i]); err != nil {
		one.malformed = true
		return nil
	}
	b, had := v.Beside[i], v.From+int64(i) < v.had
	one.words = b.Words
	one.otherWords = one.Words != nil && b.Words.State == book.WordsHere &&
		(len(b.Words.Text) > maxWords || book.Commit(b.Words.Salt, b.Words.Text) != *one.Words)
	if had {
		return nil
	}
	if one.otherWords {
		return ErrOtherWords
	}
	one.causes, err = v.causes(one.Entry, b.Causes)
	return err
}

// mostEvidence bounds the evidence of one cause: an entry of 64 KiB, escaped, and a head with many lines.
const mostEvidence = 256 << 10

// causes proves the evidence of the causes in other books. That some is missing or does not hold proves nothing of the
// entry, for nothing in the log binds it, and another source may have what holds: the page is not taken. So what lies
// beside an entry is the same wherever the entry stands, in what it proves.
func (v *vetted) causes(e book.Entry, came []book.CauseEvidence) (all []vettedCause, err error) {
	for n, c := range e.Causes {
		if c.Origin == v.origin {
			continue
		}
		at := slices.IndexFunc(came, func(one book.CauseEvidence) bool { return one.Number == n })
		if at < 0 {
			return nil, fmt.Errorf("%w: %d", ErrCauseAbsent, n)
		}
		ev := came[at].Evidence
		if ev.Words.State == book.WordsHere.String() { // a cause's words stay with their own entry
			ev.Words = book.EvidenceWords{State: book.WordsWithheld.String()}
		}
		report, err := ev.Verify(ev.Key)
		if err != nil || !names(ev, c) {
			return nil, fmt.Errorf("%w: %d: it does not hold", ErrCauseAbsent, n)
		}
		one := vettedCause{number: n, of: c, key: ev.Key, size: report.Size}
		if one.raw, err = ev.Bytes(); err != nil {
			return nil, err
		}
		if len(one.raw) > mostEvidence {
			return nil, fmt.Errorf("%w: %d: %d bytes", ErrCauseAbsent, n, len(one.raw))
		}
		all = append(all, one)
	}
	return all, nil
}
