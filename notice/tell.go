package notice

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// together is how many recipients are written in one transaction: long enough to be fast, short enough to keep nobody waiting.
const together = 100

// Tell brings the inboxes up to date with what waits now, and makes the deliveries that are due: the day's letter of whoever's hour has
// come, and what is urgent.
func (d *Desk) Tell(ctx context.Context) error {
	if reading, err := d.reading(ctx); err != nil || reading {
		return err
	}
	r, err := d.round(ctx)
	if err != nil {
		return err
	}
	if err := r.gather(ctx); err != nil {
		return err
	}
	var changed []*recipient
	for _, to := range r.recipients {
		if to.compare(r.day); to.changed() {
			changed = append(changed, to)
		}
	}
	for some := range slices.Chunk(changed, together) {
		err := d.store.Write(ctx, func(tx *store.Tx) error {
			for _, to := range some {
				if err := r.write(ctx, tx, to); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("write what is told: %w", err)
		}
	}
	return nil
}

// round is one going over all recipients.
type round struct {
	*Desk
	at         int64 // Unix milliseconds
	day        string
	recipients []*recipient
	heard      map[seat][]standing
	sms        bool // there is a gateway for short messages
}

// recipient is a person, or a receiver of cards.
type recipient struct {
	id    string
	seats []seat
	pref  Pref
	lines []string          // over which he is told
	open  map[string]row    // by matter
	had   map[string]bool   // lines over which he had the letter of this day
	now   []standing        // what waits for him
	fresh []standing        // not in the inbox yet, or only with an earlier day
	same  []standing        // in the inbox, with another number or date
	ended []row             // waits no more
	carry map[string][]row  // what is to be carried over a line, of what stands
	due   map[string]string // batch of the line's delivery
}

// row is a line of an inbox.
type row struct {
	matter, day, due string
	n                int
	urgent           bool
	read             bool
	carried          []string // lines
}

func (d *Desk) round(ctx context.Context) (*round, error) {
	now := d.now()
	r := &round{Desk: d, at: now.UnixMilli(), day: dayOf(now), heard: map[seat][]standing{}}
	err := d.store.Read(ctx, func(tx *store.Tx) error {
		set, err := prefs(ctx, tx)
		if err != nil {
			return err
		}
		people, err := region.Seated(ctx, tx)
		if err != nil {
			return err
		}
		receivers, err := hooks(ctx, tx)
		if err != nil {
			return err
		}
		cards := map[string][]*recipient{} // by unit
		by := map[string]*recipient{}
		add := func(id string, p Pref, lines []string) *recipient {
			to := &recipient{id: id, pref: p, lines: lines, open: map[string]row{}, had: map[string]bool{}, carry: map[string][]row{}, due: map[string]string{}}
			r.recipients, by[id] = append(r.recipients, to), to
			return to
		}
		for _, h := range receivers {
			if r.sms = r.sms || h.Kind == SMS; h.Kind == Card {
				at := usual
				at.AtOnce = true
				cards[h.Org] = append(cards[h.Org], add(h.recipient(), at, []string{h.recipient()}))
			}
		}
		for _, p := range people {
			to := by[p.Person]
			if to == nil {
				pref, ok := set[p.Person]
				if !ok {
					pref = usual
				}
				to = add(p.Person, pref, r.linesOf(pref))
			}
			to.seats = append(to.seats, seat{p.Org, string(p.Seat)})
			for _, card := range cards[p.Org] {
				if !slices.Contains(card.seats, seat{p.Org, string(p.Seat)}) {
					card.seats = append(card.seats, seat{p.Org, string(p.Seat)})
				}
			}
		}
		return errors.Join(r.readOpen(ctx, tx, by, add), r.readHad(ctx, tx, by))
	})
	return r, err
}

// linesOf are the lines over which a person is told.
func (r *round) linesOf(p Pref) (lines []string) {
	if r.Mail != nil && p.ByMail && p.Mail != "" {
		lines = append(lines, mailLine)
	}
	if r.sms && p.BySMS && p.Phone != "" {
		lines = append(lines, smsLine)
	}
	return lines
}

// readOpen reads what stands in the inboxes; whoever has left still has rows that end now.
func (r *round) readOpen(ctx context.Context, tx *store.Tx, by map[string]*recipient, add func(string, Pref, []string) *recipient) error {
	rows, err := tx.Query(ctx, `SELECT person, matter, day, due, n, urgent, CASE WHEN read_at = 0 THEN 0 ELSE 1 END FROM notice_inbox WHERE ended_at = 0`)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var person string
		var o row
		if err := scan(&person, &o.matter, &o.day, &o.due, &o.n, &o.urgent, &o.read); err != nil {
			return none, err
		}
		to := by[person]
		if to == nil {
			to = add(person, usual, nil)
		}
		to.open[o.matter] = o
		return none, nil
	})
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `SELECT i.person, i.matter, c.line FROM notice_inbox i
		JOIN notice_carried c ON c.recipient = i.person AND c.matter = i.matter AND c.day = i.day WHERE i.ended_at = 0`)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var person, matter, line string
		err = scan(&person, &matter, &line)
		if o, ok := by[person].open[matter]; ok {
			o.carried = append(o.carried, line)
			by[person].open[matter] = o
		}
		return none, err
	})
	return err
}

// readHad reads who had his letter of this day.
func (r *round) readHad(ctx context.Context, tx *store.Tx, by map[string]*recipient) error {
	rows, err := tx.Query(ctx, `SELECT recipient, line FROM notice_delivery WHERE day = ? AND batch = ?`, r.day, digest)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var id, line string
		err = scan(&id, &line)
		if to := by[id]; to != nil {
			to.had[line] = true
		}
		return none, err
	})
	return err
}

// gather asks the source what waits for each seat, once for all who hold it.
func (r *round) gather(ctx context.Context) error {
	for _, to := range r.recipients {
		for _, s := range to.seats {
			heard, known := r.heard[s]
			if !known {
				var err error
				if heard, err = r.hear(ctx, s); err != nil {
					return err
				}
				r.heard[s] = heard
			}
			to.now = merge(to.now, heard)
		}
		r.letters(to)
	}
	return nil
}

// hear asks what waits for a seat and is to be told by now.
func (r *round) hear(ctx context.Context, s seat) (heard []standing, err error) {
	all, err := r.Source.Standing(ctx, node.Actor{Org: s.org, Seat: s.seat, Member: r.node.Member})
	if err != nil {
		return nil, fmt.Errorf("what waits for %s of %s: %w", s.seat, s.org, err)
	}
	for _, m := range all {
		if m.Day <= r.day {
			heard = append(heard, standing{m, m.id(), s})
		}
	}
	return heard, nil
}

// letters decides over which lines a recipient is told now, and of how much.
func (r *round) letters(to *recipient) {
	for _, line := range to.lines {
		switch {
		case digestDue(r.now(), to.pref.DigestHour) && !to.had[line]:
			to.due[line] = digest
		case to.pref.AtOnce:
			to.due[line] = rand.Text()
		}
	}
}

// digest is the batch of the day's letter, of which there is one.
const digest = "digest"

// compare finds what is to be written.
func (to *recipient) compare(day string) {
	waits := map[string]bool{}
	for _, s := range to.now {
		waits[s.matter] = true
		o, stands := to.open[s.matter]
		switch {
		case !stands:
			to.fresh = append(to.fresh, s)
		case o.day < s.Day:
			to.fresh, to.ended = append(to.fresh, s), append(to.ended, o)
		case o.n != s.N || o.due != s.Due:
			to.same = append(to.same, s)
		}
		if !stands || o.day < s.Day {
			o = row{matter: s.matter, day: s.Day, due: s.Due, n: s.N, urgent: s.Urgent}
		}
		for line, batch := range to.due {
			if !o.read && !slices.Contains(o.carried, line) && (batch == digest || o.urgent) {
				to.carry[line] = append(to.carry[line], o)
			}
		}
	}
	for matter, o := range to.open {
		if !waits[matter] {
			to.ended = append(to.ended, o)
		}
	}
}

func (to *recipient) changed() bool {
	return len(to.fresh)+len(to.same)+len(to.ended)+len(to.carry) > 0
}

// write brings one inbox up to date and makes the deliveries, all in the transaction tx: the unique keys of both decide who is first.
func (r *round) write(ctx context.Context, tx *store.Tx, to *recipient) error {
	for _, o := range to.ended {
		if _, err := tx.Exec(ctx, `UPDATE notice_inbox SET ended_at = ? WHERE person = ? AND matter = ? AND day = ?`, r.at, to.id, o.matter, o.day); err != nil {
			return err
		}
	}
	for _, s := range slices.Concat(to.fresh, to.same) {
		// What waited before on the same day, and waits again, is told already.
		_, err := tx.Exec(ctx, `INSERT INTO notice_inbox (person, matter, day, org, seat, kind, ref, period, due, href, n, urgent, told_at, read_at, ended_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
			ON CONFLICT (person, matter, day) DO UPDATE SET ended_at = 0, due = excluded.due, n = excluded.n`,
			to.id, s.matter, s.Day, s.at.org, s.at.seat, s.Kind, s.Ref, s.Period, s.Due, s.Href, s.N, bit(s.Urgent), r.at)
		if err != nil {
			return err
		}
	}
	for line, carried := range to.carry {
		if err := r.enqueue(ctx, tx, to, line, carried); err != nil {
			return err
		}
	}
	return nil
}

// enqueue makes a delivery of what was not carried over the line yet; of nothing none is made.
func (r *round) enqueue(ctx context.Context, tx *store.Tx, to *recipient, line string, carried []row) error {
	id := rand.Text()
	made, err := tx.Exec(ctx, `INSERT INTO notice_delivery (id, recipient, line, day, batch, state, tries, made_at, since_at, next_at, ended_at, why)
		VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, '') ON CONFLICT (recipient, line, day, batch) DO NOTHING`,
		id, to.id, line, r.day, to.due[line], Waiting, r.at, r.at, r.at)
	if err != nil || made == 0 {
		return err
	}
	var n int64
	for _, o := range carried {
		first, err := tx.Exec(ctx, `INSERT INTO notice_carried (recipient, line, matter, day, delivery) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (recipient, line, matter, day) DO NOTHING`, to.id, line, o.matter, o.day, id)
		if err != nil {
			return err
		}
		n += first
	}
	if n == 0 {
		_, err = tx.Exec(ctx, `DELETE FROM notice_delivery WHERE id = ?`, id)
	}
	return err
}
