package plan

import (
	"context"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// Refused is a row of a list of this member that a neighbour does not do as it was asked: nobody does its part until the neighbour is asked again
// (AskAgain), names it no more, or is dropped. Lists of years that are over tell none.
type Refused struct {
	Listing   string
	Words     ListingWords
	Erased    bool
	Plan      string
	PlanTitle string
	By        string // code of who answered
	Member    string // its name
	Proposed  judge.Date
	Reason    string
	Book      string // of the answer
	Index     int64
}

const refusedRows = ` FROM plan_ask a JOIN plan_answer w ON w.book = a.member || substr(a.book, 7) AND w.listing = a.listing AND w.ask = a.idx
	JOIN book_entry e ON e.book = w.book AND e.idx = w.idx
	JOIN plan_listing l ON l.book = a.book AND l.listing = a.listing JOIN plan_plan p ON p.book = l.book AND p.plan = l.plan
	LEFT JOIN plan_dropped x ON x.book = a.book AND x.listing = a.listing
	WHERE substr(a.book, 1, 6) = ? AND p.year >= ? AND w.answer = 'declined' AND x.listing IS NULL`

// refusedCount counts them.
func (d *Desk) refusedCount(ctx context.Context, tx *store.Tx) (n int, err error) {
	err = tx.Row(ctx, `SELECT count(*)`+refusedRows, d.node.Member, yearOfDay(d.Today())).Scan(&n)
	return n, err
}

// RefusedByNeighbours lists the rows that neighbours declined or would do by another day, by list and place.
func (d *Desk) RefusedByNeighbours(ctx context.Context) (all []Refused, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT k.listing, k.plan, k.member, k.deadline, k.book, k.idx, e.words, pe.words, we.words FROM (
			SELECT a.listing, l.plan, l.book AS row_book, l.idx AS row_idx, l.ord, a.member, w.deadline, w.book, w.idx`+refusedRows+`) AS k
			JOIN book_entry e ON e.book = k.row_book AND e.idx = k.row_idx
			JOIN plan_plan p ON p.book = k.row_book AND p.plan = k.plan JOIN book_entry pe ON pe.book = p.book AND pe.idx = p.idx
			JOIN book_entry we ON we.book = k.book AND we.idx = k.idx ORDER BY k.plan, k.ord, k.listing, k.member LIMIT ?`, d.node.Member, yearOfDay(d.Today()), mostAsked)
		if err != nil {
			return err
		}
		all, err = store.Collect(rows, scanRefused)
		return err
	})
	return all, err
}

func scanRefused(scan func(...any) error) (r Refused, err error) {
	var row, head, why []byte
	if err := scan(&r.Listing, &r.Plan, &r.By, &r.Proposed, &r.Book, &r.Index, &row, &head, &why); err != nil {
		return r, err
	}
	r.Member = region.MemberName(r.By)
	if r.Words, r.Erased, err = words[ListingWords](row); err != nil {
		return r, err
	}
	list, _, err := words[PlanWords](head)
	if err != nil {
		return r, err
	}
	reason, _, err := words[ReasonWords](why)
	r.PlanTitle, r.Reason = list.Title, reason.Reason
	return r, err
}
