package exchange

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"liandong/store"
)

// together lets small transactions that come at once share one commit, which costs the same for one and for a hundred.
// Each either writes what it has to as its last step or returns an answer and has written nothing that may not stay. What fails in any other way
// costs the commit: it is tried once more with a savepoint for each.
type together struct {
	write func(ctx context.Context, f func(tx *store.Tx) error) error
	turn  chan struct{} // holds one: who has it commits for those who wait
	queue chan *part
}

type part struct {
	f    func(tx *store.Tx) error
	err  error
	done chan struct{}
}

// mostTogether bounds how many share a commit.
const mostTogether = 256

func newTogether(write func(ctx context.Context, f func(tx *store.Tx) error) error) *together {
	return &together{write: write, turn: make(chan struct{}, 1), queue: make(chan *part, mostTogether)}
}

// Write runs f and returns when what it wrote is durable.
func (t *together) Write(ctx context.Context, f func(tx *store.Tx) error) error {
	p := &part{f: f, done: make(chan struct{})}
	select {
	case t.queue <- p:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		select {
		case <-p.done:
			return p.err
		case t.turn <- struct{}{}:
			t.take()
		}
	}
}

// take commits in turn; a panic gives the turn back.
func (t *together) take() {
	defer func() { <-t.turn }()
	t.commit()
}

// commit runs what has queued up in one transaction.
func (t *together) commit() {
	var all []*part
	for len(all) < mostTogether {
		select {
		case p := <-t.queue:
			all = append(all, p)
			continue
		default:
		}
		break
	}
	if len(all) == 0 {
		return
	}
	err := fmt.Errorf("a commit of %d parts did not come to its end", len(all)) // unless it does
	defer func() {
		for _, p := range all {
			if err != nil {
				p.err = err
			}
			close(p.done)
		}
	}()
	err = t.write(context.Background(), func(tx *store.Tx) error { return run(tx, all, false) })
	if errors.Is(err, errFailed) {
		err = t.write(context.Background(), func(tx *store.Tx) error { return run(tx, all, true) })
	}
}

// errFailed: a part ended in a way that none of its answers is, and may have written, or spoilt the transaction.
var errFailed = errors.New("a part of a shared commit failed")

// run runs the parts; when each stands in a savepoint of its own, one that fails leaves nothing behind.
func run(tx *store.Tx, all []*part, apart bool) error {
	for _, p := range all {
		if apart {
			p.err = tx.Savepoint(context.Background(), func() error { return p.run(tx) })
			continue
		}
		p.err = p.run(tx)
		if a := (*answer)(nil); p.err != nil && !errors.As(p.err, &a) {
			return errFailed
		}
	}
	return nil
}

// run keeps a mistake in a part from the others.
func (p *part) run(tx *store.Tx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("a part of a shared commit panicked: %v\n%s", v, debug.Stack())
		}
	}()
	return p.f(tx)
}
