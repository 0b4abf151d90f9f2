package plan

import (
	"context"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// consultationsWaiting counts those whose next step is an actor's: draft lists that ask his unit, or of a neighbour this member, and have heard
// nothing; for who asks those with comments to decide on.
func (d *Desk) consultationsWaiting(ctx context.Context, tx *store.Tx, actor node.Actor) (n int, err error) {
	all, err := d.consultations(ctx, tx, ViewerOf(actor), true)
	for _, c := range all {
		if d.ConsultationWaits(c, actor) {
			n++
		}
	}
	return n, err
}

// ConsultationWaits says that the next step of a consultation is an actor's.
func (d *Desk) ConsultationWaits(c *Consultation, actor node.Actor) bool {
	if c.Outcome != "" {
		return false
	}
	if d.Comments(c, actor) && c.askedOf(d.asks(c, actor)).Day == "" {
		return true
	}
	return c.Ours && c.Undecided > 0 && region.May(region.Seat(actor.Seat), region.PlanDraft)
}

func (d *Desk) asks(c *Consultation, actor node.Actor) string {
	if c.Ours {
		return actor.Org
	}
	return d.node.Member
}

// Comments says that an actor may comment: for his unit, or as a coordinator for this member on a neighbour's draft.
func (d *Desk) Comments(c *Consultation, actor node.Actor) bool {
	seat := region.Seat(actor.Seat)
	return c.Outcome == "" && region.May(seat, region.PlanComment) && (c.Ours || region.May(seat, region.PlanDraft)) && c.askedOf(d.asks(c, actor)) != nil
}

// AskedAs is whom an actor comments for, nil where he is not asked.
func (d *Desk) AskedAs(c *Consultation, actor node.Actor) *ConsultationAsked {
	return c.askedOf(d.asks(c, actor))
}
