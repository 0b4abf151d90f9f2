package demo

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

// Start is where the demonstration's clock (演示时钟) stands when the node was just made:
// 2022-06-20 09:00 in Beijing.
var Start = time.Date(2022, 6, 20, 9, 0, 0, 0, judge.Beijing).UTC()

// Clock is the demonstration's clock: real time, moved by a constant that is kept in the folder.
type Clock struct {
	mu    sync.Mutex
	since time.Time // when it stood at Start
	held  time.Time // it stands here while the past is written; zero: it runs
}

// Now is the demonstration's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.held.IsZero() {
		return c.held
	}
	return Start.Add(time.Since(c.since))
}

func (c *Clock) hold(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = t
}

// CatchUp tells a node that stood still about the days that went by meanwhile, so that a pause is
// no leap of its clock. It is called before the node is served.
func (c *Clock) CatchUp(ctx context.Context, n *node.Node) error {
	var seen int64
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT clock_seen FROM node_state WHERE id = 1`).Scan(&seen)
	})
	if err != nil {
		return err
	}
	now := c.Now()
	defer c.hold(time.Time{})
	return c.walk(ctx, n, time.UnixMilli(seen), now)
}

// walk moves the clock from one time to another, a day at a time, as a running node sees it.
func (c *Clock) walk(ctx context.Context, n *node.Node, from, to time.Time) error {
	for t := from; t.Before(to); {
		t = t.Add(min(24*time.Hour, to.Sub(t)))
		c.hold(t)
		if err := n.Awake(ctx); err != nil {
			return err
		}
	}
	return nil
}

// seeded is randomness that is the same each time, safe for several goroutines.
type seeded struct {
	mu  sync.Mutex
	rng *rand.ChaCha8
}

func newSeeded(seed string) *seeded {
	var s [32]byte
	copy(s[:], seed)
	return &seeded{rng: rand.NewChaCha8(s)}
}

// Read fills p.
func (s *seeded) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rng.Read(p)
}
