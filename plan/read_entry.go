package plan

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// MayRead says whether an actor may read an entry of this room in the member's own book. Lists, items
// and what was accepted are for every seat that reads plans; filings and returns are for those who
// review them and for the units of their item; a part for its own unit and for the lead that merges it.
func (d *Desk) MayRead(ctx context.Context, tx *store.Tx, actor node.Actor, e book.Entry) (bool, error) {
	seat := region.Seat(actor.Seat)
	switch e.Kind {
	case PlanIssued.Name, Listed.Name, ListingDropped.Name, Pointed.Name, ItemOpened.Name, VerdictGiven.Name, ReportAccepted.Name:
		return region.May(seat, region.PlanRead), nil
	case BulletinIssued.Name:
		return region.May(seat, region.BulletinRead), nil
	case ReportFiled.Name, ReportReturned.Name:
		if !region.May(seat, region.PlanRead) || len(e.Subjects) == 0 {
			return false, nil
		}
		return ViewerOf(actor).inside(ctx, tx, e.Subjects[0])
	case PartFiled.Name:
		if ViewerOf(actor).all() {
			return true, nil
		}
		return d.mayReadFile(ctx, tx, actor, e)
	}
	return false, nil
}
