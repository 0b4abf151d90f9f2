package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// Writing is what an act writes with: it lives as long as the request's savepoint.
type Writing struct {
	Actor Actor

	node    *Node
	batch   *batch
	receipt Receipt
	heads   map[string]*head
	touched map[int]map[string]bool // module -> keys for Project

	confirmed bool // the request confirmed a doubtful clock
}

// Tx reads everything this node knows, also what this request has said so far.
func (w *Writing) Tx() *store.Tx { return w.batch.tx }

// Now is the clock of the batch.
func (w *Writing) Now() time.Time { return w.batch.now }

// Node is the node that writes.
func (w *Writing) Node() *Node { return w.node }

// Note is kept with the receipt: what a retry must be told too.
func (w *Writing) Note(note string) { w.receipt.Note = note }

func (w *Writing) head(ctx context.Context, circle string) (*head, error) {
	if h, ok := w.heads[circle]; ok {
		return h, nil
	}
	h, err := w.batch.head(ctx, circle)
	if err != nil {
		return nil, err
	}
	own := h.clone() // dropped if this request fails
	w.heads[circle] = own
	return own, nil
}

// OpenBook makes this member's book for a circle if there is none yet.
func (w *Writing) OpenBook(ctx context.Context, circle string) error {
	if err := checkCircle(circle); err != nil {
		return err
	}
	n := w.node
	origin := n.OriginOf(circle)
	empty, err := book.OpenTree(0, nil)
	if err != nil {
		return err
	}
	root := empty.Root()
	checkpoint, err := n.signHead(n.SigningKey(), origin, 0, root)
	if err != nil {
		return fmt.Errorf("sign the empty head of %s: %w", origin, err)
	}
	_, err = w.Tx().Exec(ctx, `INSERT INTO book_head
		(book, member, circle, origin, verifier, size, root, last_at, clock_ok, checkpoint)
		VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, ?) ON CONFLICT (book) DO NOTHING`,
		n.BookName(circle), n.Member, circle, origin, book.VerifierKey(origin, n.SigningKey().Public()), root[:], checkpoint)
	return err
}

var entryTable = store.TableOf("book_entry", "book", "idx", "entry", "leaf", "salt", "words")

// append puts one entry at the end of a book: check, append, apply.
func (w *Writing) append(ctx context.Context, k AnyKind, circle string, subjects []string,
	causes []Position, facts, words []byte,
) (Position, error) {
	h, err := w.head(ctx, circle)
	if err != nil {
		return Position{}, err
	}
	at, err := w.at(h, k)
	if err != nil {
		return Position{}, err
	}
	e := book.Entry{
		V: 1, Kind: k.KindName(), Member: w.node.Member, Circle: circle, Org: w.Actor.Org,
		Person: w.Actor.Person, At: at, Subjects: w.Actor.said(subjects), Facts: facts,
	}
	if e.Causes, err = w.causes(ctx, h.book, causes); err != nil {
		return Position{}, err
	}
	var salt []byte
	if words != nil {
		if salt, err = w.commitWords(&e, words); err != nil {
			return Position{}, err
		}
	}
	for i, p := range causes {
		if p.Book == h.book {
			continue
		}
		if err := w.besideCause(ctx, h.book, h.size, i, p); err != nil {
			return Position{}, err
		}
	}
	return w.store(ctx, k, h, e, salt, words)
}

func (w *Writing) commitWords(e *book.Entry, words []byte) (salt []byte, err error) {
	s, err := book.NewSalt(w.node.rand)
	if err != nil {
		return nil, fmt.Errorf("salt of the words: %w", err)
	}
	c := book.Commit(s, words)
	e.Words = &c
	return s[:], nil
}

func (w *Writing) store(ctx context.Context, k AnyKind, h *head, e book.Entry, salt, words []byte) (Position, error) {
	raw, err := e.Bytes()
	if err != nil {
		return Position{}, refuse.New("node.entry-form", "kind", e.Kind, "why", err.Error())
	}
	own := &Own{tx: w.Tx(), Book: h.book, Index: h.size}
	if err := k.check(ctx, own, e); err != nil {
		return Position{}, err
	}
	leaf := book.LeafHash(raw)
	if err := w.Tx().Later(ctx, entryTable, h.book, h.size, raw, leaf[:], salt, words); err != nil {
		return Position{}, err
	}
	if err := own.index(ctx, e); err != nil {
		return Position{}, err
	}
	keys, err := k.apply(ctx, own, e)
	if err != nil {
		return Position{}, err
	}
	if err := k.last(ctx, w.node, own, e); err != nil {
		return Position{}, err
	}
	w.touch(k, keys)
	h.leaves = append(h.leaves, leaf)
	p := Position{Book: h.book, Index: h.size, Leaf: leaf}
	h.size++
	if at := e.At.UnixMilli(); at > h.lastAt {
		if k.KindName() != ClockConfirmed.Name {
			h.clockOK = 0 // the clock has caught up: what was confirmed of it is over
		}
		h.lastAt = at
	}
	w.receipt.Entries = append(w.receipt.Entries, p)
	return p, nil
}

func (w *Writing) touch(k AnyKind, keys []string) {
	if len(keys) == 0 {
		return
	}
	m := w.node.owner[k.KindName()]
	if w.touched == nil {
		w.touched = map[int]map[string]bool{}
	}
	if w.touched[m] == nil {
		w.touched[m] = map[string]bool{}
	}
	for _, key := range keys {
		w.touched[m][key] = true
	}
}

// project brings the joint rows of what the request touched up to date. An act that needs them
// before it ends calls it in between.
func (w *Writing) project(ctx context.Context) error {
	for m, set := range w.touched {
		p := w.node.modules[m].Project
		if p == nil {
			continue
		}
		if err := p(ctx, w.Tx(), sorted(set)); err != nil {
			return fmt.Errorf("project %s: %w", w.node.modules[m].Name, err)
		}
	}
	w.touched = nil
	return nil
}

// Project brings the joint rows up to date before the act goes on.
func (w *Writing) Project(ctx context.Context) error { return w.project(ctx) }

func sorted(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
