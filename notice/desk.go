package notice

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"liandong/node"
	"liandong/store"
)

// Options are what a desk works with.
type Options struct {
	Source Source
	Mail   *Mail  // nil: no mail goes out
	Site   string // https://… by which people reach this site; empty: messages carry no link
	Log    *slog.Logger
}

// Desk keeps the inboxes and the deliveries of one node.
type Desk struct {
	Options
	node  *node.Node
	store *store.Store
	now   func() time.Time

	mu    sync.Mutex
	busy  map[string]bool // lines on which somebody is sending
	rests map[string]rest // lines that are not reached
}

// rest is how a line stands that was not reached.
type rest struct {
	fails int
	until time.Time
}

// NewDesk works on a node that has this room's module; it goes by the node's clock.
func NewDesk(n *node.Node, o Options) *Desk {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Desk{Options: o, node: n, store: n.Store, now: n.Now, busy: map[string]bool{}, rests: map[string]rest{}}
}

// How often it is looked for what is to be told, and for what is to be sent.
const (
	tellEvery = 5 * time.Minute
	sendEvery = 10 * time.Second
)

// Run tells and sends until ctx ends. Of several processes over one database one runs it.
func (d *Desk) Run(ctx context.Context) {
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	var sending sync.WaitGroup
	defer sending.Wait()
	var told time.Time
	for {
		if now := time.Now(); now.Sub(told) >= tellEvery {
			told = now
			if err := d.Tell(ctx); err != nil && ctx.Err() == nil {
				d.Log.Error("what is to be told could not be found", "error", err)
			}
		}
		if err := d.send(ctx, &sending); err != nil && ctx.Err() == nil {
			d.Log.Error("notices to be sent could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// reading says that the node only reads: after a restore its deliveries may have been made already.
func (d *Desk) reading(ctx context.Context) (yes bool, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		why, err := node.Reading(ctx, tx)
		yes = why != ""
		return err
	})
	return yes, err
}
