package notice

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"liandong/store"
)

// State is how far a delivery is.
type State string

// The states: 待投递, 已投递, 不必投递, 死信.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Moot    State = "moot" // what it was to tell was done before it could be sent, or nobody wants it any more
	Dead    State = "dead" // it cannot be sent, or was tried for two weeks
)

// atOnce is how many deliveries of a line are taken together: for so many a process that dies may send once more.
const atOnce = 20

// letter is a delivery ready to be sent.
type letter struct {
	id, recipient string
	tries         int
	since         int64
	message
	pref Pref
}

// failure says why a letter was not sent. Its text holds no address, no secret and nothing that somebody typed: it is logged.
type failure struct {
	why   string
	final bool          // of this letter: to try again is of no use
	line  bool          // the line was not reached: nobody else need try it now
	after time.Duration // the receiver asks to wait so long; 0: it does not say
}

func (f *failure) Error() string { return f.why }

// carrier sends over one line: each letter once and in order, and says of each what came of it. After a failure of the line it stops.
type carrier func(ctx context.Context, letters []letter, came func(at int, err error))

// send begins sending on every line that has something due and on which nobody sends: a receiver that hangs keeps no other waiting.
func (d *Desk) send(ctx context.Context, sending *sync.WaitGroup) error {
	lines, err := d.dueLines(ctx)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if !d.begin(line) {
			continue
		}
		sending.Go(func() {
			defer d.end(line)
			if err := d.sendOn(ctx, line); err != nil && ctx.Err() == nil {
				d.Log.Error("what became of notices could not be noted", "error", err)
			}
		})
	}
	return nil
}

// begin says whether a line is free, and takes it.
func (d *Desk) begin(line string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[line] || d.now().Before(d.rests[line].until) {
		return false
	}
	d.busy[line] = true
	return true
}

func (d *Desk) end(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, line)
}

// dueLines are those that have something to send.
func (d *Desk) dueLines(ctx context.Context) (lines []string, err error) {
	if reading, err := d.reading(ctx); err != nil || reading {
		return nil, err
	}
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT DISTINCT line FROM notice_delivery WHERE state = ? AND next_at <= ? ORDER BY line`, Waiting, d.now().UnixMilli())
		if err != nil {
			return err
		}
		lines, err = store.Column[string](rows)
		return err
	})
	return lines, err
}

// sendOn sends what is due on a line until nothing is, or the line is not reached.
func (d *Desk) sendOn(ctx context.Context, line string) error {
	carry, err := d.carrierOf(ctx, line)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		letters, taken, err := d.take(ctx, line)
		if err != nil || taken == 0 {
			return err
		}
		if len(letters) == 0 { // all of them moot, or in quiet hours
			continue
		}
		came := make([]error, len(letters))
		for i := range came {
			came[i] = errNotTried
		}
		carry(ctx, letters, func(at int, err error) { came[at] = err })
		down, err := d.settle(context.WithoutCancel(ctx), line, letters, came)
		if err != nil || down {
			return err
		}
	}
	return nil
}

// errNotTried is said of a letter that the carrier did not come to.
var errNotTried = errors.New("not tried")

// take claims what is due on a line; nobody else sends it meanwhile. taken counts what was looked at, also what is not to be sent now.
func (d *Desk) take(ctx context.Context, line string) (letters []letter, taken int, err error) {
	now := d.now()
	var claimed []letter
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		claimed, taken = nil, 0
		rows, err := tx.Query(ctx, `SELECT id, recipient, tries, since_at FROM notice_delivery WHERE state = ? AND line = ? AND next_at <= ?
			ORDER BY next_at, id LIMIT ?`, Waiting, line, now.UnixMilli(), atOnce)
		if err != nil {
			return err
		}
		due, err := store.Collect(rows, func(scan func(...any) error) (l letter, err error) {
			err = scan(&l.id, &l.recipient, &l.tries, &l.since)
			return l, err
		})
		if err != nil {
			return err
		}
		for _, l := range due {
			if l.pref, err = d.prefOf(ctx, tx, l.recipient); err != nil {
				return err
			}
			taken++
			wanted, err := d.wants(ctx, tx, l, line)
			if err != nil {
				return err
			}
			if !wanted {
				err = d.close(ctx, tx, l, Moot, "")
			} else if free := quietUntil(now, l.pref.QuietFrom, l.pref.QuietUntil); free.After(now) {
				_, err = tx.Exec(ctx, `UPDATE notice_delivery SET next_at = ? WHERE id = ?`, free.UnixMilli(), l.id)
			} else if ours, wrong := d.claim(ctx, tx, l); wrong != nil || ours {
				claimed, err = append(claimed, l), wrong
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(claimed) == 0 {
		return nil, taken, err
	}
	letters, err = d.compose(ctx, claimed)
	return letters, taken, err
}

// claim takes a delivery if it stands as it was read.
func (d *Desk) claim(ctx context.Context, tx *store.Tx, l letter) (ours bool, err error) {
	now := d.now()
	n, err := tx.Exec(ctx, `UPDATE notice_delivery SET tries = tries + 1, next_at = ? WHERE id = ? AND tries = ? AND next_at <= ?`,
		now.Add(claimed).UnixMilli(), l.id, l.tries, now.UnixMilli())
	return n == 1, err
}

func (d *Desk) close(ctx context.Context, tx *store.Tx, l letter, s State, why string) error {
	_, err := tx.Exec(ctx, `UPDATE notice_delivery SET state = ?, ended_at = ?, why = ? WHERE id = ? AND state = ?`, s, d.now().UnixMilli(), why, l.id, Waiting)
	return err
}

// settle notes what came of letters; down says that the line was not reached.
func (d *Desk) settle(ctx context.Context, line string, letters []letter, came []error) (down bool, err error) {
	now := d.now()
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		for i, l := range letters {
			if err := d.note(ctx, tx, l, came[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("note what became of %d notices: %w", len(letters), err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range came {
		var f *failure
		switch {
		case e == nil:
			delete(d.rests, line)
		case errors.As(e, &f) && f.line:
			fails := d.rests[line].fails + 1
			d.rests[line] = rest{fails, now.Add(max(f.after, backOff(fails, firstRest, longestRest, chance())))}
			d.Log.Warn("a line is not reached; notices wait", "line", line, "why", f.why, "times", fails)
			down = true
		}
	}
	return down, nil
}

// note writes down what came of one letter.
func (d *Desk) note(ctx context.Context, tx *store.Tx, l letter, came error) error {
	now := d.now()
	f := &failure{}
	switch {
	case came == nil:
		return d.close(ctx, tx, l, Sent, "")
	case errors.Is(came, errMoot):
		return d.close(ctx, tx, l, Moot, "")
	case errors.Is(came, errNotTried): // it was claimed for nothing
		_, err := tx.Exec(ctx, `UPDATE notice_delivery SET tries = ?, next_at = ? WHERE id = ?`, l.tries, now.UnixMilli(), l.id)
		return err
	case !errors.As(came, &f):
		f = &failure{why: "it could not be made"}
		d.Log.Error("a notice could not be made", "line", l.line, "error", came)
	}
	if f.final || now.Sub(time.UnixMilli(l.since)) >= giveUp {
		d.Log.Warn("a notice was given up; it stands among the dead letters", "delivery", l.id, "why", f.why)
		return d.close(ctx, tx, l, Dead, f.why)
	}
	again := now.Add(max(f.after, backOff(l.tries+1, firstAgain, longest, chance())))
	_, err := tx.Exec(ctx, `UPDATE notice_delivery SET next_at = ?, why = ? WHERE id = ?`, again.UnixMilli(), f.why, l.id)
	return err
}
