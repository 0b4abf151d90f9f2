package node

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// batch is one transaction of the writer.
type batch struct {
	node    *Node
	id      string
	tx      *store.Tx
	now     time.Time
	seen    int64            // the clock last seen by this node, Unix ms
	heads   map[string]*head // of the circles this batch touched
	done    []*waiting       // that were written
	careful bool             // each request has a savepoint of its own

	failed    *waiting  // whose act the batch had to be given up for
	confirmed bool      // somebody confirmed a doubtful clock
	reading   bool      // the node only reads, until a request ends that
	met       *met      // the database, when it is another than the last batch's
	rolls     *book.Key // signs the heads after this batch, in which nothing else stands
}

// begin stops an old process that finds a newer view, and any that finds another database than it wrote to. The row stays locked until the commit: the
// joint rows of two books touch each other, so two processes write one after another.
func (b *batch) begin(ctx context.Context) error {
	l, err := b.node.look(ctx, b.tx)
	if err != nil {
		return err
	}
	if l.generation != b.node.generation {
		return refuse.New("node.newer-view", "ours", b.node.generation, "stored", l.generation)
	}
	if b.met, err = b.node.meet(ctx, b.tx, l, false); err != nil {
		return err
	}
	b.seen, b.reading = l.seen, l.reading != 0 || b.met != nil && b.met.stops
	return nil
}

// serve answers one request. It returns an error only when the whole batch must be given up; a
// refusal is that request's own.
func (b *batch) serve(ctx context.Context, w *waiting) error {
	w.rolled = false
	found, err := b.answered(ctx, w)
	if err == nil && !found {
		err = b.say(ctx, w)
	}
	if isOwn(err) {
		w.err = err
		return nil
	}
	return err
}

// isOwn says whether an error is one request's answer, which costs the others of its batch a savepoint at most.
func isOwn(err error) bool {
	_, refused := refuse.As(err)
	return refused || isNotTaken(err)
}

// say runs one request: what it wrote stands whole or not at all.
func (b *batch) say(ctx context.Context, w *waiting) error {
	if b.reading && !w.resumes && !w.receives {
		return refuse.New("node.only-reading")
	}
	one := &Writing{node: b.node, batch: b, Actor: w.req.Actor, heads: map[string]*head{}}
	err := b.alone(ctx, func() error {
		if err := one.run(ctx, w.act); err != nil {
			return err
		}
		return one.project(ctx)
	})
	if err != nil {
		return err
	}
	for circle, h := range one.heads {
		b.heads[circle].grow(h)
	}
	w.receipt, w.batch = one.receipt, b.id
	b.done = append(b.done, w)
	b.rolls, w.rolled = w.rolls, w.rolls != nil
	b.confirmed = b.confirmed || one.confirmed
	b.reading = b.reading && !w.resumes
	return nil
}

// alone runs f so that its refusal leaves nothing: in a savepoint, or by giving up the batch when
// there is something to undo.
func (b *batch) alone(ctx context.Context, f func() error) error {
	if b.careful {
		return b.tx.Savepoint(ctx, f)
	}
	writes := b.tx.Writes()
	err := f()
	if isOwn(err) && b.tx.Writes() != writes {
		return errSpoilt
	}
	return err
}

// run keeps a mistake in an act from ending the process: it is that request's own.
func (w *Writing) run(ctx context.Context, act Act) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("an act panicked: %v\n%s", p, debug.Stack())
		}
	}()
	if err := w.stands(ctx); err != nil {
		return err
	}
	return act(ctx, w)
}

// end stores the answers, the trees' new tiles and the signed heads.
func (b *batch) end(ctx context.Context) error {
	if err := b.remember(ctx); err != nil {
		return err
	}
	for _, h := range b.heads {
		if len(h.leaves) == 0 {
			continue
		}
		before := h.size - int64(len(h.leaves))
		h.tree = h.tree.Clone()
		for _, leaf := range h.leaves {
			h.tree.Append(leaf)
		}
		h.leaves = nil
		if err := b.storeTiles(ctx, h); err != nil {
			return err
		}
		if err := b.storeHead(ctx, h, before); err != nil {
			return err
		}
	}
	if b.rolls != nil {
		if err := b.roll(ctx, *b.rolls); err != nil {
			return err
		}
	}
	if err := b.tx.Announce(ctx, b.node.process); err != nil {
		return err
	}
	return b.node.noteAwake(ctx, b.tx, b.now.UnixMilli(), b.confirmed)
}

func (b *batch) storeTiles(ctx context.Context, h *head) error {
	for _, t := range h.tree.Pending() {
		_, err := b.tx.Exec(ctx, `INSERT INTO book_tile (book, level, n, hashes) VALUES (?, ?, ?, ?)
			ON CONFLICT (book, level, n) DO UPDATE SET hashes = excluded.hashes`, h.book, t.Level, t.N, t.Data)
		if err != nil {
			return err
		}
	}
	return nil
}

// storeHead signs the new head. It is published only because its row is committed, and only
// if nobody moved the row since we read it.
func (b *batch) storeHead(ctx context.Context, h *head, before int64) error {
	root := h.tree.Root()
	checkpoint, err := b.node.signHead(b.node.SigningKey(), h.origin, h.size, root)
	if err != nil {
		return fmt.Errorf("sign the head of %s: %w", h.book, err)
	}
	moved, err := b.tx.Exec(ctx, `UPDATE book_head SET size = ?, root = ?, last_at = ?, clock_ok = ?, checkpoint = ?
		WHERE book = ? AND size = ? AND verifier = ?`, h.size, root[:], h.lastAt, h.clockOK, checkpoint, h.book, before, h.verifier)
	if err != nil {
		return err
	}
	if moved != 1 {
		return fmt.Errorf("the head of %s moved under the writer", h.book)
	}
	return nil
}
