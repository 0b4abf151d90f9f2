package plan

import (
	"context"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// reviewScope is the organisation whose filings a seat may answer; empty: all. A coordinator reaches
// all. So does a reviewer of an organisation that has a coordinator: he works for the office that
// keeps the lists. A reviewer of any other reaches the filings of his own organisation only.
func (d *Desk) reviewScope(ctx context.Context, tx *store.Tx, actor node.Actor) (org string, err error) {
	if region.Seat(actor.Seat) != region.Reviewer {
		return "", nil
	}
	var coordinators int
	err = tx.Row(ctx, `SELECT count(*) FROM region_seat s
		JOIN book_head h ON h.book = s.book AND h.member = ?
		JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
		WHERE s.org = ? AND s.seat = ?`, d.node.Member, actor.Org, string(region.Coordinator)).Scan(&coordinators)
	if err != nil || coordinators > 0 {
		return "", err
	}
	return actor.Org, nil
}

// mayAnswer refuses who answers a filing of org that is outside his scope.
func (d *Desk) mayAnswer(ctx context.Context, tx *store.Tx, actor node.Actor, org string) error {
	scope, err := d.reviewScope(ctx, tx, actor)
	if err != nil || scope == "" || scope == org {
		return err
	}
	return refuse.New("plan.not-your-review")
}
