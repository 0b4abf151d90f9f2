package plan

import (
	"context"
	"errors"
	"slices"
	"time"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Asked is a row of a neighbour's list that asks this member, with the answer as far as there is one.
type Asked struct {
	Listing, Plan string
	Key           string // of the list
	PlanTitle     string
	Circle        string
	Member        string // name of who asks
	Book          string
	Index         int64 // of the asking entry
	At            time.Time
	Alone         bool
	Words         ListingWords
	Erased        bool
	Deadline      judge.Deadline

	Answer   Answer // empty: none yet
	Item     string // by which it was claimed
	Proposed judge.Date
	Reason   string // of declining
	AnswerAt int64  // index in this member's book of the circle
}

// mostAsked bounds what a page shows, whatever a neighbour asks.
const mostAsked = 1000

// AskedOfUs lists what neighbours' rows ask of this member: what waits for an answer first, by list and place.
func (d *Desk) AskedOfUs(ctx context.Context) (all []Asked, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.askedOfUs(ctx, tx)
		return err
	})
	return all, err
}

func (d *Desk) askedOfUs(ctx context.Context, tx *store.Tx) ([]Asked, error) {
	rows, err := tx.Query(ctx, `SELECT a.listing, a.book, a.idx, a.alone, l.plan, l.circle, l.deadline_kind, l.deadline, e.words, pe.words,
		COALESCE(w.answer, ''), COALESCE(w.item, ''), COALESCE(w.deadline, ''), COALESCE(w.idx, -1), we.words
		FROM plan_ask a JOIN plan_listing l ON l.book = a.book AND l.listing = a.listing
		JOIN book_entry e ON e.book = l.book AND e.idx = l.idx
		JOIN plan_plan p ON p.book = l.book AND p.plan = l.plan JOIN book_entry pe ON pe.book = p.book AND pe.idx = p.idx
		LEFT JOIN plan_answer w ON w.book = a.member || substr(a.book, 7) AND w.listing = a.listing AND w.ask = a.idx
		LEFT JOIN book_entry we ON we.book = w.book AND we.idx = w.idx
		LEFT JOIN plan_dropped x ON x.book = a.book AND x.listing = a.listing
		WHERE a.member = ? AND x.listing IS NULL
		ORDER BY CASE WHEN w.answer IS NULL THEN 0 ELSE 1 END, l.plan, l.ord, a.listing LIMIT ?`, d.node.Member, mostAsked)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, d.scanAsked)
}

func (d *Desk) scanAsked(scan func(...any) error) (a Asked, err error) {
	var alone int
	var row, head, why []byte
	err = scan(&a.Listing, &a.Book, &a.Index, &alone, &a.Plan, &a.Circle, &a.Deadline.Kind, &a.Deadline.Date, &row, &head,
		&a.Answer, &a.Item, &a.Proposed, &a.AnswerAt, &why)
	if err != nil {
		return a, err
	}
	a.Alone, a.Key, a.Member = alone == 1, d.PlanKey(a.Plan), region.MemberName(memberOfBook(a.Book))
	var plan PlanWords
	var reason ReasonWords
	var errs [3]error
	a.Words, a.Erased, errs[0] = words[ListingWords](row)
	plan, _, errs[1] = words[PlanWords](head)
	reason, _, errs[2] = words[ReasonWords](why)
	a.PlanTitle, a.Reason = plan.Title, reason.Reason
	return a, errors.Join(errs[:]...)
}

// waitingAsks counts what waits for this member's answer.
func (d *Desk) waitingAsks(ctx context.Context, tx *store.Tx) (n int, err error) {
	err = tx.Row(ctx, `SELECT count(*) FROM plan_ask a LEFT JOIN plan_dropped x ON x.book = a.book AND x.listing = a.listing
		WHERE a.member = ? AND x.listing IS NULL AND NOT EXISTS (SELECT 1 FROM plan_answer w
			WHERE w.book = a.member || substr(a.book, 7) AND w.listing = a.listing AND w.ask = a.idx)`, d.node.Member).Scan(&n)
	return n, err
}

// AskedOf is what one member was asked by a row, and what it answered.
type AskedOf struct {
	Member   string // name
	Answer   Answer
	Item     string // by which it was claimed
	Title    string // of that item
	Proposed judge.Date
	Reason   string
	Book     string // of the answer; empty: none yet
	Index    int64
}

// answersTo are the members that a row asks, with their answers.
func answersTo(ctx context.Context, tx *store.Tx, listing string) ([]AskedOf, error) {
	rows, err := tx.Query(ctx, `SELECT a.member, COALESCE(w.answer, ''), COALESCE(w.item, ''), COALESCE(w.deadline, ''),
		COALESCE(w.book, ''), COALESCE(w.idx, -1), e.words FROM plan_ask a
		LEFT JOIN plan_answer w ON w.book = a.member || substr(a.book, 7) AND w.listing = a.listing AND w.ask = a.idx
		LEFT JOIN book_entry e ON e.book = w.book AND e.idx = w.idx WHERE a.listing = ? ORDER BY a.member`, listing)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (a AskedOf, err error) {
		var raw []byte
		if err := scan(&a.Member, &a.Answer, &a.Item, &a.Proposed, &a.Book, &a.Index, &raw); err != nil {
			return a, err
		}
		a.Member = region.MemberName(a.Member)
		w, _, err := words[ReasonWords](raw)
		a.Reason = w.Reason
		return a, err
	})
	for i := range all {
		if err == nil && all[i].Item != "" {
			all[i].Title, err = itemTitle(ctx, tx, all[i].Item)
		}
	}
	return all, err
}

// AskedPage is one row that asks this member, with what it may be claimed by.
type AskedPage struct {
	Asked
	Candidates []TwinCandidate // items of this member that may be the same work
	Units      []region.Org    // of this member, that may lead it
}

// AskedRow reads one row that asks this member. Refused: plan.not-asked.
func (d *Desk) AskedRow(ctx context.Context, listing string) (p AskedPage, err error) {
	listing = d.ID(listing)
	all, err := d.AskedOfUs(ctx)
	if err != nil {
		return p, err
	}
	at := slices.IndexFunc(all, func(a Asked) bool { return a.Listing == listing })
	if at < 0 {
		return p, refuse.New("plan.not-asked")
	}
	p.Asked = all[at]
	twins, err := d.Twins(ctx, listing)
	if err != nil {
		return p, err
	}
	p.Candidates = twins.Candidates
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		orgs, err := region.Orgs(ctx, tx)
		p.Units = slices.DeleteFunc(orgs, func(o region.Org) bool { return o.Closed || o.Group || o.Side != d.node.Member })
		return err
	})
	return p, err
}
