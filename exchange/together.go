package exchange

import (
	"context"

	"liandong/store"
)

// together lets small transactions that come at once share one commit, which costs the same for one and for a hundred.
// Each either writes what it has to as its last step or returns an error and has written nothing.
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

// take commits in turn; a panic of a part gives the turn back.
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
	err := t.write(context.Background(), func(tx *store.Tx) error {
		for _, p := range all {
			p.err = p.f(tx)
		}
		return nil
	})
	for _, p := range all {
		if err != nil {
			p.err = err
		}
		close(p.done)
	}
}
