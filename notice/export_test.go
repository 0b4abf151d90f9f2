package notice

import (
	"context"
	"sync"
	"time"
)

// SetClock hands in the clock.
func (d *Desk) SetClock(now func() time.Time) { d.now = now }

// SendNow sends what is due, and waits until all of it is settled.
func (d *Desk) SendNow(ctx context.Context) error {
	var sending sync.WaitGroup
	err := d.send(ctx, &sending)
	sending.Wait()
	return err
}

// SendBegun begins to send, and leaves the waiting to the test.
func (d *Desk) SendBegun(ctx context.Context, sending *sync.WaitGroup) error {
	return d.send(ctx, sending)
}

var (
	QuietUntil = quietUntil
	BackOff    = backOff
)

// PlainCard is a card as it is sent, and Sign its signature.
type PlainCard = plainCard

var Sign = sign
