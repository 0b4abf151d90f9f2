package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"liandong/store"
)

// maxBatch bounds the requests that share one commit: more gain little and wait longer.
const maxBatch = 128

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
