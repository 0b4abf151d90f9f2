package node

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// Recognise notes in a book's rows that a neighbour's book is signed by this verifier key, so that
// entries after this one may name its entries as causes and nodes follow it. until is the size up to
// which heads under the key are good; 0: without end. Only Apply calls it.
func (o *Own) Recognise(ctx context.Context, member, verifier string, until int64) error {
	v, err := book.Verifier(verifier)
	if err != nil {
		return err
	}
	_, err = o.Exec(ctx, `INSERT INTO node_key (book, origin, verifier, member, until, idx) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (book, origin, verifier) DO UPDATE SET member = excluded.member, until = excluded.until`,
		v.Name(), verifier, member, until, o.Index)
	return err
}

// Disown takes a verifier key out of a book's rows: from this entry on no head under it is good. Only Apply calls it.
func (o *Own) Disown(ctx context.Context, verifier string) error {
	v, err := book.Verifier(verifier)
	if err != nil {
		return err
	}
	_, err = o.Exec(ctx, `DELETE FROM node_key WHERE book = ? AND origin = ? AND verifier = ?`, v.Name(), verifier)
	return err
}

// Cause returns the n-th cause of e. One of the same book is read from its rows; one of another book
// from the evidence that came beside the entry, which must lie under a head signed by a key that this
// book had recognised. A cause that does not hold is a refusal, alike on every node.
func (o *Own) Cause(ctx context.Context, e book.Entry, n int) (book.Entry, error) {
	if n >= len(e.Causes) {
		return book.Entry{}, refuse.New("node.cause-missing")
	}
	c := e.Causes[n]
	member, _, _ := strings.Cut(o.Book, "/")
	raw, err := o.entryAt(ctx, c)
	if err == nil && raw == nil {
		raw, member, err = o.beside(ctx, c, n)
	}
	if err != nil {
		return book.Entry{}, err
	}
	cause, err := book.Scan(raw)
	// An entry that says to be of another member or circle than the book in which it stands was set aside there: whoever writes that book
	// could have it say anything.
	if err != nil || book.LeafHash(raw) != c.Leaf || cause.Member != member || !strings.HasSuffix(c.Origin, "/"+cause.Circle) {
		return book.Entry{}, refuse.New("node.cause-false", "book", c.Origin, "index", c.Index)
	}
	return cause, nil
}

// entryAt is an entry of the own book; nil where the cause stands in another one.
func (o *Own) entryAt(ctx context.Context, c book.Cause) ([]byte, error) {
	var origin string
	var raw []byte
	err := o.from().Row(ctx, `SELECT h.origin, e.entry FROM book_head h LEFT JOIN book_entry e ON e.book = h.book AND e.idx = ?
		WHERE h.book = ?`, c.Index, o.Book).Scan(&origin, &raw)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && origin != c.Origin:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read cause %s/%d: %w", c.Origin, c.Index, err)
	case raw == nil || c.Index >= o.Index:
		return nil, refuse.New("node.cause-false", "book", c.Origin, "index", c.Index)
	}
	return raw, nil
}

// beside reads and checks the evidence that came with the entry, and says whose book it is of.
func (o *Own) beside(ctx context.Context, c book.Cause, n int) (entry []byte, member string, err error) {
	bad := refuse.New("node.cause-false", "book", c.Origin, "index", c.Index)
	var raw []byte
	err = o.from().Row(ctx, `SELECT evidence FROM book_cause WHERE book = ? AND idx = ? AND n = ?`, o.Book, o.Index, n).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", bad
	}
	if err != nil {
		return nil, "", fmt.Errorf("evidence of cause %s/%d: %w", c.Origin, c.Index, err)
	}
	ev, err := book.ReadEvidence(raw)
	if err != nil {
		return nil, "", bad
	}
	member, err = o.proven(ctx, c, ev)
	return []byte(ev.Entry), member, err
}

// proven checks that evidence is that of a cause, under a head signed by a key that this book had recognised, and says whose.
func (o *Own) proven(ctx context.Context, c book.Cause, ev book.Evidence) (member string, err error) {
	if !names(ev, c) {
		return "", falseCause(c)
	}
	member, until, err := o.keyOf(ctx, c, ev.Key)
	if err != nil {
		return "", err
	}
	report, err := ev.Verify(ev.Key)
	if err != nil || until != 0 && report.Size > until {
		return "", falseCause(c)
	}
	return member, nil
}

func falseCause(c book.Cause) error {
	return refuse.New("node.cause-false", "book", c.Origin, "index", c.Index)
}

// names says whether evidence is that of the entry which a cause names.
func names(ev book.Evidence, c book.Cause) bool {
	return ev.Origin == c.Origin && ev.Index == c.Index && book.LeafHash([]byte(ev.Entry)) == c.Leaf
}

// keyOf says whose a key is under which a cause's head is signed, as this book had recognised it, and up to which size; 0: without end.
func (o *Own) keyOf(ctx context.Context, c book.Cause, key string) (member string, until int64, err error) {
	err = o.Row(ctx, `SELECT until, member FROM node_key WHERE book = ? AND origin = ? AND verifier = ?`, c.Origin, key).Scan(&until, &member)
	if errors.Is(err, sql.ErrNoRows) {
		err = refuse.New("node.cause-unrecognised", "book", c.Origin)
	}
	return member, until, err
}

func (o *Own) from() *store.Tx {
	if o.books != nil {
		return o.books
	}
	return o.tx
}

// besideCause keeps the evidence of a cause that stands in a neighbour's book, for those who will read the
// entry. The words of the cause stay where they are.
func (w *Writing) besideCause(ctx context.Context, to string, index int64, n int, p Position) error {
	ev, err := Evidence(ctx, w.Tx(), p.Book, p.Index, "")
	if err != nil {
		return err
	}
	if ev.Words.State == book.WordsHere.String() {
		ev.Words = book.EvidenceWords{State: book.WordsWithheld.String()}
	}
	raw, err := ev.Bytes()
	if err != nil {
		return err
	}
	_, err = w.Tx().Exec(ctx, `INSERT INTO book_cause (book, idx, n, evidence, origin, of_idx) VALUES (?, ?, ?, ?, ?, ?)`,
		to, index, n, raw, ev.Origin, ev.Index)
	return err
}

// causes turns positions into what an entry names them by. A cause shows its facts to whoever reads the entry,
// so it stands in the same book, or in a neighbour's book of the same circle.
func (w *Writing) causes(ctx context.Context, to string, ps []Position) ([]book.Cause, error) {
	_, circle, _ := strings.Cut(to, "/")
	var all []book.Cause
	for _, p := range ps {
		if p.Book != to && (circle == Self || !strings.HasSuffix(p.Book, "/"+circle)) {
			return nil, refuse.New("node.cause-inside", "book", p.Book)
		}
		var origin string
		err := w.Tx().Row(ctx, `SELECT origin FROM book_head WHERE book = ?`, p.Book).Scan(&origin)
		if err != nil {
			return nil, fmt.Errorf("book %s of a cause: %w", p.Book, err)
		}
		all = append(all, book.Cause{Origin: origin, Index: p.Index, Leaf: p.Leaf})
	}
	return all, nil
}
