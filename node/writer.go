package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// maxBatch bounds the requests that share one commit: more gain little and wait longer.
const maxBatch = 128

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

// rush is what a batch tells about the next one: who was just answered may ask again at once, and
// is worth a short wait, for a commit costs the same for one request and for a hundred.
type rush struct {
	expected int           // requests that were answered or queued up when the last batch ended
	patience time.Duration // a quarter of what the last commit took
}

// mostPatience bounds the wait: nobody may wait long after somebody's large import.
const mostPatience = 5 * time.Millisecond

// write is the one goroutine that writes.
func (n *Node) write() {
	defer close(n.stopped)
	var last rush
	for {
		select {
		case <-n.stop:
			n.drain()
			return
		case first := <-n.queue:
			all := n.gather(first, last)
			start := time.Now()
			n.answer(all)
			last = rush{expected: len(all) + len(n.queue), patience: min(time.Since(start)/4, mostPatience)}
		}
	}
}

// gather takes what has queued up while the last batch was being committed, and waits a little for
// those whom it answered. One writer alone never waits.
func (n *Node) gather(first *waiting, last rush) []*waiting {
	all := n.queued([]*waiting{first})
	if len(all) >= min(last.expected, maxBatch) {
		return all
	}
	enough := time.NewTimer(last.patience)
	defer enough.Stop()
	for len(all) < min(last.expected, maxBatch) {
		select {
		case w := <-n.queue:
			all = append(all, w)
		case <-enough.C:
			return all
		case <-n.stop:
			return all
		}
	}
	return n.queued(all)
}

// queued adds what stands in the queue, as far as it fits.
func (n *Node) queued(all []*waiting) []*waiting {
	for len(all) < maxBatch {
		select {
		case w := <-n.queue:
			all = append(all, w)
		default:
			return all
		}
	}
	return all
}

func (n *Node) drain() {
	for {
		select {
		case w := <-n.queue:
			n.answer(n.queued([]*waiting{w}))
		default:
			return
		}
	}
}

// mostSpared is how many requests that cannot be taken are put aside before those of a batch are tried one by one.
const mostSpared = 4

// mostSilence is how long the database may be silent in the writer's transaction: it is also what an act may compute between two statements, and
// how long it may wait for another process on the same database, whose import may be large.
const mostSilence = 30 * time.Second

// answer commits a batch and answers each request. When the batch as a whole fails, the one it was given up for is put aside and
// the others are committed together: a neighbour's page that is not taken must not cost everybody else the shared commit.
// Where it is not known, or where there are many, they are tried one by one.
func (n *Node) answer(all []*waiting) { n.answerSparing(all, mostSpared) }

func (n *Node) answerSparing(all []*waiting, spared int) {
	if len(all) > 1 && slices.ContainsFunc(all, func(w *waiting) bool { return w.rolls != nil }) {
		for _, w := range all { // nothing may follow a roll under the old key
			n.answer([]*waiting{w})
		}
		return
	}
	failed, err := n.commit(all)
	silent := errors.Is(err, store.ErrSilent)
	if err != nil {
		n.heads = map[string]*head{} // whatever we believed, the rows know better
	}
	if err != nil && len(all) > 1 && !silent { // where nobody answers, to ask for each of them would take as much longer
		if failed != nil && spared > 0 {
			n.answerSparing(slices.DeleteFunc(slices.Clone(all), func(w *waiting) bool { return w == failed }), spared-1)
			all = []*waiting{failed}
		}
		for _, w := range all {
			n.answer([]*waiting{w})
		}
		return
	}
	if err != nil && store.Unclear(err) && !silent && n.settled(all[0]) {
		err = nil
	}
	for _, w := range all {
		if err == nil && w.rolled {
			n.key.Store(w.rolls)
		}
		if err != nil {
			w.answer <- answer{err: err}
			continue
		}
		w.answer <- answer{receipt: w.receipt, err: w.err}
	}
	if err == nil && n.forgetful.Swap(false) {
		select {
		case n.wakeForget <- struct{}{}:
		default: // awake already
		}
	}
	if err == nil {
		n.tell()
	}
}

// tell calls those who want to know of commits: the writer of its own, listen of other processes'.
func (n *Node) tell() {
	if hooks := n.after.Load(); hooks != nil {
		for _, f := range *hooks {
			f()
		}
	}
}

// listen tells of what other processes committed.
func (n *Node) listen() {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-n.stop
		cancel()
	}()
	n.Store.Listen(ctx, func(from string) {
		if from != n.process {
			n.tell()
		}
	})
	close(n.deaf)
}

// settled finds out whether a commit that reported a failure was stored all the same.
func (n *Node) settled(w *waiting) bool {
	ctx := context.Background()
	found := false
	err := n.Store.ReadWithin(ctx, n.silence, func(tx *store.Tx) (err error) {
		found, err = (&batch{node: n, tx: tx}).answered(ctx, w)
		return err
	})
	return found && err == nil
}

// errSpoilt: a request was refused after it had written.
var errSpoilt = errors.New("a refused request has written")

// commit writes a batch. A savepoint for each request costs as much as what it writes, and few are
// refused after they have written: so there are none until that happens.
func (n *Node) commit(all []*waiting) (failed *waiting, err error) {
	b := &batch{}
	if err = n.try(all, b); errors.Is(err, errSpoilt) {
		b = &batch{careful: true}
		err = n.try(all, b)
	}
	return b.failed, err
}

func (n *Node) try(all []*waiting, b *batch) error {
	ctx := context.Background()
	b.node, b.now, b.heads = n, n.Now(), map[string]*head{}
	b.id = fmt.Sprintf("%011x-%s", b.now.UnixMilli(), rand.Text()) // grows with the clock: answers of a time stand together
	err := n.Store.WriteWithin(ctx, n.silence, func(tx *store.Tx) error {
		b.tx = tx
		if err := b.begin(ctx); err != nil {
			return err
		}
		for _, w := range all {
			if err := b.serve(ctx, w); err != nil {
				b.failed = w
				return err
			}
		}
		return b.end(ctx)
	})
	if store.Unclear(err) {
		for _, w := range all {
			if w.err == nil && w.batch != "" {
				w.doubt = &doubt{w.batch, w.receipt}
			}
		}
	}
	if err != nil {
		return err
	}
	for circle, h := range b.heads {
		n.heads[circle] = h
	}
	n.watched(b)
	return nil
}

// watched keeps in mind what a committed batch answered, and where.
func (n *Node) watched(b *batch) {
	if b.met != nil {
		n.watch.begin(b.met)
	}
	if n.watch.asks {
		sizes := make(map[string]int64, len(b.heads))
		for _, h := range b.heads {
			sizes[h.book] = h.size
		}
		n.watch.see(sizes)
	}
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
