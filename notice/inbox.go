package notice

import (
	"context"
	"errors"
	"time"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Told is a line of somebody's inbox.
type Told struct {
	Matter
	Text  string // in the language of the context
	Seat  region.Seat
	Org   string // name of the organisation
	At    time.Time
	Read  bool
	Ended bool // it waits no more
}

// shownAtMost is how many lines an inbox shows, the newest first.
const shownAtMost = 200

// Inbox reads what a person was told, what waits first.
func (d *Desk) Inbox(ctx context.Context, person string) (all []Told, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT kind, ref, period, day, due, href, n, urgent, org, seat, told_at, CASE WHEN read_at = 0 THEN 0 ELSE 1 END,
			CASE WHEN ended_at = 0 THEN 0 ELSE 1 END FROM notice_inbox WHERE person = ?
			ORDER BY CASE WHEN ended_at = 0 THEN 0 ELSE 1 END, urgent DESC, told_at DESC, due, matter LIMIT ?`, person, shownAtMost)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, func(scan func(...any) error) (t Told, err error) {
			var org string
			var at int64
			err = scanMatter(scan, &t.Matter, &org, &t.Seat, &at, &t.Read, &t.Ended)
			t.Org, t.At = names[org], time.UnixMilli(at)
			return t, err
		})
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	matters := make([]Matter, len(all))
	for i := range all {
		matters[i] = all[i].Matter
	}
	texts, err := d.Source.Word(ctx, matters)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Text = texts[i]
	}
	return all, nil
}

// Unread counts what waits for a person and was not read yet.
func (d *Desk) Unread(ctx context.Context, person string) (n int, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT count(*) FROM notice_inbox WHERE ended_at = 0 AND person = ? AND read_at = 0`, person).Scan(&n)
	})
	return n, err
}

// MarkRead notes that a person has read one line, or with an empty matter all: what he has read no line carries to him.
func (d *Desk) MarkRead(ctx context.Context, person, matter string) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notice_inbox SET read_at = ? WHERE person = ? AND read_at = 0 AND (? = '' OR matter = ?)`,
			d.now().UnixMilli(), person, matter, matter)
		return err
	})
}

// MarkMany notes that a person has read these lines: all of them, or none where one is not his; with partial those that are. wrong says
// by place which are not. Refused: notice.unknown.
func (d *Desk) MarkMany(ctx context.Context, person string, matters []string, partial bool) (wrong map[int]error, err error) {
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		wrong = map[int]error{}
		for i, matter := range matters {
			n, err := tx.Exec(ctx, `UPDATE notice_inbox SET read_at = CASE WHEN read_at = 0 THEN ? ELSE read_at END WHERE person = ? AND matter = ?`,
				d.now().UnixMilli(), person, matter)
			if err != nil {
				return err
			}
			if n == 0 {
				wrong[i] = refuse.New("notice.unknown", "notice", matter).At("notices")
			}
		}
		if len(wrong) > 0 && !partial {
			return errNone
		}
		return nil
	})
	if errors.Is(err, errNone) {
		err = nil
	}
	return wrong, err
}

// errNone undoes what was marked beside a line that is not there.
var errNone = errors.New("none is marked")

// Delivery is one message over one line, as administrators see it: without what it says, and without an address.
type Delivery struct {
	ID      string
	To      string // name of the person, or of the receiver
	Line    string
	State   State
	Tries   int
	Matters int
	Made    time.Time
	Next    time.Time // zero when it is over
	Ended   time.Time // zero when it waits
	Why     string    // it was not sent the last time
}

// Deliveries lists deliveries of one state, the newest first, at most 200; all counts them.
func (d *Desk) Deliveries(ctx context.Context, s State) (some []Delivery, all map[State]int, err error) {
	all = map[State]int{}
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT state, count(*) FROM notice_delivery GROUP BY state`)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var state State
			var n int
			err = scan(&state, &n)
			all[state] = n
			return none, err
		})
		if err != nil {
			return err
		}
		rows, err = tx.Query(ctx, `SELECT id, recipient, line, state, tries, made_at, next_at, ended_at, why,
			(SELECT count(*) FROM notice_carried c WHERE c.delivery = d.id) FROM notice_delivery d
			WHERE state = ? ORDER BY made_at DESC, id LIMIT ?`, s, shownAtMost)
		if err != nil {
			return err
		}
		if some, err = store.Collect(rows, scanDelivery); err != nil {
			return err
		}
		for i := range some {
			if some[i].To, err = d.nameOf(ctx, tx, some[i].To); err != nil {
				return err
			}
		}
		return nil
	})
	return some, all, err
}

func scanDelivery(scan func(...any) error) (v Delivery, err error) {
	var made, next, ended int64
	err = scan(&v.ID, &v.To, &v.Line, &v.State, &v.Tries, &made, &next, &ended, &v.Why, &v.Matters)
	v.Made = time.UnixMilli(made)
	if v.State == Waiting {
		v.Next = time.UnixMilli(next)
	}
	if ended > 0 {
		v.Ended = time.UnixMilli(ended)
	}
	return v, err
}

// nameOf is what a recipient is called.
func (d *Desk) nameOf(ctx context.Context, tx *store.Tx, recipient string) (string, error) {
	if !isHook(recipient) {
		return region.PersonName(ctx, tx, recipient)
	}
	h, known, err := hookOf(ctx, tx, recipient)
	if !known {
		h.Name = recipient
	}
	return h.Name, err
}

// Retry sends a dead letter once more, with two weeks from now on; an empty id means all dead letters.
func (d *Desk) Retry(ctx context.Context, id string) (n int64, err error) {
	now := d.now().UnixMilli()
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		n, err = tx.Exec(ctx, `UPDATE notice_delivery SET state = ?, tries = 0, since_at = ?, next_at = ?, ended_at = 0, why = ''
			WHERE state = ? AND (? = '' OR id = ?)`, Waiting, now, now, Dead, id, id)
		return err
	})
	return n, err
}
