package plan

import (
	"context"
	"database/sql"
	"errors"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Viewer is who reads: what stays inside the member is shown to few.
type Viewer struct {
	Org  string
	Seat region.Seat
}

// ViewerOf is the viewer that an actor is.
func ViewerOf(a node.Actor) Viewer { return Viewer{Org: a.Org, Seat: region.Seat(a.Seat)} }

// all says that the seat sees everything of the member: filings, returns, parts.
func (v Viewer) all() bool {
	return v.Seat == region.Coordinator || v.Seat == region.Reviewer || v.Seat == region.Auditor
}

// sees is the one rule of who reads what was said, by the entry's kind, the organisation that said
// it and how the viewer's own stands to its item. Lists, items and what was accepted are for every
// seat that reads plans; filings and returns for those who review them and for reporters of the
// units of the item; a part for its own unit and for the lead that merges it.
func (v Viewer) sees(kind, org string, r role) bool {
	switch kind {
	case PlanIssued.Name, Listed.Name, ListingDropped.Name, Pointed.Name, ItemOpened.Name, VerdictGiven.Name, ReportAccepted.Name:
		return region.May(v.Seat, region.PlanRead)
	case BulletinIssued.Name:
		return region.May(v.Seat, region.BulletinRead)
	case ReportFiled.Name, ReportReturned.Name:
		return v.all() || v.Seat == region.Reporter && r != ""
	case PartFiled.Name:
		return v.all() || v.Seat == region.Reporter && (r == leads || r == supports && org == v.Org)
	}
	return false
}

// seesEntry asks the rule about one entry.
func (v Viewer) seesEntry(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	var r role
	switch e.Kind {
	case ReportFiled.Name, ReportReturned.Name, PartFiled.Name:
		if len(e.Subjects) == 0 {
			return false, nil
		}
		var err error
		if r, err = v.roleIn(ctx, tx, e.Subjects[0]); err != nil {
			return false, err
		}
	}
	return v.sees(e.Kind, e.Org, r), nil
}

// roleIn is how the viewer's organisation stands to an item, "" if it has nothing to do with it.
func (v Viewer) roleIn(ctx context.Context, tx *store.Tx, item string) (role, error) {
	var lead int
	err := tx.Row(ctx, `SELECT u.leads FROM plan_item_now i JOIN plan_item_unit u ON u.book = i.book AND u.item = i.item
		WHERE i.item = ? AND u.org = ?`, item, v.Org).Scan(&lead)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err == nil && lead == 1:
		return leads, nil
	}
	return supports, err
}
