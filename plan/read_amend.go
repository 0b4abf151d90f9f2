package plan

import (
	"cmp"
	"context"
	"time"

	"liandong/book"
	"liandong/plan/judge"
	"liandong/store"
)

// Amended is one amendment of a row (调整).
type Amended struct {
	Day   judge.Date   `json:"day"`
	Words AmendedWords `json:"words"`
	// Erased: only that something was amended is known.
	Erased bool   `json:"erased"`
	Asked  bool   `json:"asked"` // a unit asked for it
	Book   string `json:"book"`
	Index  int64  `json:"index"`
	at     time.Time
}

// AskedAmendment is what a unit asks to be otherwise of a row (调整申请), and the answer.
type AskedAmendment struct {
	ID       string         `json:"id"`
	Listing  string         `json:"listing"`
	Item     string         `json:"item"` // by which the unit does it
	Plan     string         `json:"plan"`
	List     string         `json:"list"` // title of the list
	Row      ListingWords   `json:"row"`
	Org      string         `json:"org"`
	Unit     string         `json:"unit"`
	Deadline judge.Deadline `json:"deadline"` // Kind empty: it stays
	Words    ChangeWords    `json:"words"`
	// What of that the row said when it was asked for; empty: nothing, or that is not known any more.
	WasDeadline string     `json:"wasDeadline,omitempty"`
	WasTarget   string     `json:"wasTarget,omitempty"`
	Erased      bool       `json:"erased"`
	Day         judge.Date `json:"day"`
	Index       int64      `json:"index"` // in the own book
	Answered    judge.Date `json:"answered"`
	Accepted    bool       `json:"accepted"`
	Reason      string     `json:"reason"`
	at          int64
}

// AmendmentPage is a row with all that was amended of it, newest first.
type AmendmentPage struct {
	Listing string
	Plan    string
	Key     string
	List    string
	Words   ListingWords
	Ours    bool
	Leads   bool // the viewer's organisation leads it
	Amended []Amended
	Asked   []AskedAmendment // that the viewer may see
}

// Amendments reads a row's. Refused: plan.listing-unknown.
func (d *Desk) Amendments(ctx context.Context, listing string, v Viewer) (p AmendmentPage, err error) {
	listing = d.ID(listing)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		row, err := listingByID(ctx, tx, listing)
		if err != nil {
			return err
		}
		head, err := planHead(ctx, tx, row.Facts.Plan)
		if err != nil {
			return err
		}
		p = AmendmentPage{Listing: listing, Plan: row.Facts.Plan, Key: d.PlanKey(row.Facts.Plan), Words: row.Words, Ours: memberOf(listing) == d.node.Member}
		if head != nil {
			p.List = head.Words.Title
		}
		for _, item := range row.Facts.Items {
			r, err := v.roleIn(ctx, tx, item)
			if err != nil {
				return err
			}
			p.Leads = p.Leads || r == leads && p.Ours
		}
		if p.Amended, err = amendedOf(ctx, tx, listing); err != nil {
			return err
		}
		which, args := `WHERE a.listing = ?`, []any{listing}
		if !v.allSlips() {
			which, args = which+` AND a.org = ?`, append(args, v.Org)
		}
		p.Asked, err = d.amendmentsWhere(ctx, tx, which, args...)
		return err
	})
	return p, err
}

func amendedOf(ctx context.Context, tx *store.Tx, listing string) ([]Amended, error) {
	rows, err := tx.Query(ctx, `SELECT a.day, a.asked, a.book, a.idx, e.entry, e.words FROM plan_amended a JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		WHERE a.listing = ? ORDER BY a.idx DESC`, listing)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (a Amended, err error) {
		var raw, said []byte
		var asked int
		if err := scan(&a.Day, &asked, &a.Book, &a.Index, &raw, &said); err != nil {
			return a, err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return a, err
		}
		a.Asked, a.at = asked == 1, e.At
		a.Words, a.Erased, err = words[AmendedWords](said)
		return a, err
	})
}

// wordedAt is how a row's deadline and target read at a moment: as now, but for what was amended since. Of two things said in one moment an
// amendment that a unit asked for is the later one. Empty: it is not known, the words of an amendment were erased.
func wordedAt(ctx context.Context, tx *store.Tx, row ListingRow, at time.Time) (was ChangeWords, err error) {
	was.Deadline, was.Target = row.Words.Deadline, row.Words.Target
	all, err := amendedOf(ctx, tx, row.ID)
	for _, a := range all { // back in time
		switch {
		case a.at.Before(at) || a.at.Equal(at) && !a.Asked:
			continue
		case a.Erased:
			was = ChangeWords{}
		}
		if a.Words.Deadline != "" || a.Words.WasDeadline != "" {
			was.Deadline = a.Words.WasDeadline
		}
		if a.Words.Target != "" || a.Words.WasTarget != "" {
			was.Target = a.Words.WasTarget
		}
	}
	return was, err
}

// WaitingAmendments are the applications that the list's office has not answered, oldest first; for a unit its own.
func (d *Desk) WaitingAmendments(ctx context.Context, v Viewer) (all []AskedAmendment, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		which, args := `WHERE b.amendment IS NULL`, []any{}
		if !v.allSlips() {
			which, args = which+` AND a.org = ?`, append(args, v.Org)
		}
		all, err = d.amendmentsWhere(ctx, tx, which, args...)
		return err
	})
	return all, err
}

func (d *Desk) amendmentsWhere(ctx context.Context, tx *store.Tx, which string, args ...any) ([]AskedAmendment, error) {
	rows, err := tx.Query(ctx, `SELECT a.amendment, a.listing, a.item, a.org, a.deadline_kind, a.deadline, a.day, a.at, a.idx, e.words,
		COALESCE(b.accepted, 0), COALESCE(b.day, ''), y.words FROM plan_amendment a JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		LEFT JOIN plan_amendment_answer b ON b.book = a.book AND b.amendment = a.amendment LEFT JOIN book_entry y ON y.book = b.book AND y.idx = b.idx `+
		which+` ORDER BY CASE WHEN b.amendment IS NULL THEN 0 ELSE 1 END, a.at, a.idx`, args...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (a AskedAmendment, err error) {
		var said, why []byte
		var accepted int
		if err := scan(&a.ID, &a.Listing, &a.Item, &a.Org, &a.Deadline.Kind, &a.Deadline.Date, &a.Day, &a.at, &a.Index, &said, &accepted, &a.Answered, &why); err != nil {
			return a, err
		}
		a.Accepted = accepted == 1
		if a.Words, a.Erased, err = words[ChangeWords](said); err == nil {
			a.Reason, err = slipText(why)
		}
		return a, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := d.orgNames(ctx, tx)
	for i := range all {
		a := &all[i]
		a.Unit = cmp.Or(names[idOf(d.node.Member, a.Org)], a.Org)
		row, wrong := listingByID(ctx, tx, a.Listing)
		if wrong != nil {
			return nil, wrong
		}
		a.Plan, a.Row = row.Facts.Plan, row.Words
		was, wrong := wordedAt(ctx, tx, row, time.UnixMilli(a.at))
		if wrong != nil {
			return nil, wrong
		}
		if a.Words.Deadline != "" {
			a.WasDeadline = was.Deadline
		}
		if a.Words.Target != "" {
			a.WasTarget = was.Target
		}
		if head, wrong := planHead(ctx, tx, row.Facts.Plan); wrong != nil {
			return nil, wrong
		} else if head != nil {
			a.List = head.Words.Title
		}
	}
	return all, err
}

// amendmentsWaiting counts the applications that wait for the list's office.
func amendmentsWaiting(ctx context.Context, tx *store.Tx) (n int, err error) {
	err = tx.Row(ctx, `SELECT count(*) FROM plan_amendment a LEFT JOIN plan_amendment_answer b ON b.book = a.book AND b.amendment = a.amendment
		WHERE b.amendment IS NULL`).Scan(&n)
	return n, err
}
