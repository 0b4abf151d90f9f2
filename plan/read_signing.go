package plan

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Submitted is a report that waits for a signature inside its unit (待审签), or was sent back by who signs.
type Submitted struct {
	Said
	Item     string     `json:"item"`
	Title    string     `json:"title"`
	Person   string     `json:"person"`             // who drafted it
	Own      bool       `json:"own"`                // the reader drafted it and may not sign it himself
	Waits    bool       `json:"waits"`              // for a signature; else it was sent back
	Returned string     `json:"returned,omitempty"` // why
	On       judge.Date `json:"on,omitempty"`       // on which it was sent back
}

// Period is the one that it reports on.
func (s Submitted) Period() judge.Period { return s.Facts.Period }

// SigningOf reads the setting of an organisation.
func (d *Desk) SigningOf(ctx context.Context, org string) (f SigningFacts, err error) {
	f.Org = org
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		err := tx.Row(ctx, `SELECT signed, own FROM plan_signing WHERE book = ? AND org = ?`, d.node.BookName(node.Self), org).Scan(&f.On, &f.Own)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return err
	})
	return f, err
}

// SigningUnits are the organisations of which an actor sets whether reports are signed: the administrator of all, a reviewer of his own.
func (d *Desk) SigningUnits(ctx context.Context, actor node.Actor) (all []region.Org, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		orgs, err := region.Orgs(ctx, tx)
		for _, o := range orgs {
			if o.Side == actor.Member && !o.Group && !o.Closed && (region.Seat(actor.Seat) == region.Administrator || o.ID == actor.Org) {
				all = append(all, o)
			}
		}
		return err
	})
	return all, err
}

// ToSign lists what waits for a signature in the actor's unit, the first submitted first.
func (d *Desk) ToSign(ctx context.Context, actor node.Actor) (all []Submitted, err error) {
	if !region.May(region.Seat(actor.Seat), region.ReportSign) {
		return nil, nil
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.submissions(ctx, tx, actor, `s.org = ? AND `+submissionWaits, actor.Org)
		return err
	})
	return all, err
}

// ToSignOne is one of ToSign, with the form of its report: what was accepted, the period before, the item's indicators. Refused: plan.not-submitted.
func (d *Desk) ToSignOne(ctx context.Context, actor node.Actor, item string, p judge.Period) (s Submitted, f *FilingForm, err error) {
	item = d.ID(item)
	if !region.May(region.Seat(actor.Seat), region.ReportSign) || d.ours(item) != nil {
		return s, nil, refuse.New("plan.not-submitted")
	}
	f = &FilingForm{Item: item, Period: p}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := d.submissions(ctx, tx, actor, `s.org = ? AND s.item = ? AND s.period = ? AND `+submissionWaits, actor.Org, item, string(p))
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return refuse.New("plan.not-submitted")
		}
		s = all[0]
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		return d.fillForm(ctx, tx, actor, f, names)
	})
	return s, f, err
}

func (d *Desk) submissions(ctx context.Context, tx *store.Tx, actor node.Actor, which string, args ...any) ([]Submitted, error) {
	self := d.node.BookName(node.Self)
	rows, err := tx.Query(ctx, `SELECT s.idx, s.item, e.entry, e.words, COALESCE(g.own, 0) FROM plan_submitted s
		JOIN book_entry e ON e.book = s.book AND e.idx = s.idx LEFT JOIN plan_signing g ON g.book = s.book AND g.org = s.org
		WHERE s.book || '' = ? AND `+which+` ORDER BY s.idx`, append([]any{self}, args...)...)
	if err != nil {
		return nil, err
	}
	var persons, standing []string
	all, err := store.Collect(rows, func(scan func(...any) error) (s Submitted, err error) {
		var raw, wordsRaw []byte
		var idx int64
		var own bool
		if err := scan(&idx, &s.Item, &raw, &wordsRaw, &own); err != nil {
			return s, err
		}
		said, err := readSaid(raw, wordsRaw, idx, nil)
		if err != nil {
			return s, err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return s, err
		}
		s.Said, s.Waits = *said, true
		for _, who := range node.Persons(e) {
			s.Own = s.Own || !own && who != "" && (who == actor.Person || who == actor.For)
		}
		persons, standing = append(persons, e.Person), append(standing, node.ForOf(e))
		return s, nil
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var items []string
	for _, s := range all {
		items = append(items, s.Item)
	}
	titles, err := wordsById[ItemWords](ctx, tx, `SELECT i.item, e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.book = ? AND i.item`, items, self)
	for i := range all {
		if err == nil {
			all[i].Title = cmp.Or(titles[all[i].Item].Title, all[i].Item)
			all[i].Person, err = region.ActingName(ctx, tx, persons[i], standing[i])
		}
	}
	return all, err
}

// signingCount counts what waits for an actor's signature.
func (d *Desk) signingCount(ctx context.Context, tx *store.Tx, actor node.Actor) (n int, err error) {
	all, err := d.submissions(ctx, tx, actor, `s.org = ? AND `+submissionWaits, actor.Org)
	for _, s := range all {
		n += bit(!s.Own)
	}
	return n, err
}

// newestSubmission is what a unit submitted last for an item and period, if nothing was filed since: it waits, or was sent back.
func (d *Desk) newestSubmission(ctx context.Context, tx *store.Tx, org, item string, p judge.Period) (*Submitted, error) {
	all, err := d.submissions(ctx, tx, node.Actor{}, `s.org = ? AND s.item = ? AND s.period = ? AND s.idx = (SELECT max(x.idx) FROM plan_submitted x
		WHERE x.book = s.book AND x.item = s.item AND x.period = s.period AND x.org = s.org)
		AND NOT EXISTS (SELECT 1 FROM plan_filed f WHERE f.book = s.book AND f.item = s.item AND f.period = s.period AND f.idx > s.idx)`, org, item, string(p))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	s := &all[0]
	var idx int64
	err = tx.Row(ctx, `SELECT idx, day FROM plan_submission_answer WHERE book = ? AND of_idx = ?`, d.node.BookName(node.Self), s.Index).Scan(&idx, &s.On)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	s.Waits = false
	said, _, err := wordsAt[ReasonWords](ctx, tx, d.node.BookName(node.Self), idx)
	s.Returned = said.Reason
	return s, err
}

// signDuties says of duties which wait for a signature inside the unit, and which were sent back from there.
func (d *Desk) signDuties(ctx context.Context, tx *store.Tx, org string, all []Duty) error {
	var any int
	err := tx.Row(ctx, `SELECT count(*) FROM plan_submitted WHERE org = ?`, org).Scan(&any)
	if err != nil || any == 0 {
		return err
	}
	for i := range all {
		s, err := d.newestSubmission(ctx, tx, org, all[i].Item, all[i].Period)
		if err != nil {
			return err
		}
		if s != nil {
			all[i].Signing, all[i].Unsigned, all[i].UnsignedOn = s.Waits, s.Returned, s.On
		}
	}
	return nil
}
