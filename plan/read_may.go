package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Viewer is who reads: what stays inside the member is shown to few.
type Viewer struct {
	Org    string
	Seat   region.Seat
	member string
}

// ViewerOf is the viewer that an actor is.
func ViewerOf(a node.Actor) Viewer {
	return Viewer{Org: a.Org, Seat: region.Seat(a.Seat), member: a.Member}
}

// sight is how far a seat goes into what was filed and not accepted yet, to read it and to answer
// it: one rule for both. A coordinator and an auditor reach the filings of all organisations. So
// does a reviewer of an organisation that has a coordinator: he works for the office that keeps the
// lists. A reviewer of any other organisation reaches what its reporters reach, and answers what
// it filed itself.
type sight struct {
	Viewer
	all bool // what every organisation filed
}

func (d *Desk) sightOf(ctx context.Context, tx *store.Tx, v Viewer) (r sight, err error) {
	r.Viewer = v
	switch v.Seat {
	case region.Coordinator, region.Auditor:
		r.all = true
	case region.Reviewer:
		r.all, err = d.keepsLists(ctx, tx, v.Org)
	}
	return r, err
}

// keepsLists says that an organisation has a coordinator.
func (d *Desk) keepsLists(ctx context.Context, tx *store.Tx, org string) (bool, error) {
	var coordinators int
	err := tx.Row(ctx, `SELECT count(*) FROM region_seat s
		JOIN book_head h ON h.book = s.book AND h.member = ?
		JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
		WHERE s.org = ? AND s.seat = ?`, d.node.Member, org, string(region.Coordinator)).Scan(&coordinators)
	return coordinators > 0, err
}

// inside says that the seat reads what its own organisation has to do with before it is accepted.
func (r sight) inside() bool {
	return r.all || r.Seat == region.Reporter || r.Seat == region.Reviewer
}

// sees is the rule of who reads what was said, by the entry's kind, the organisation that said
// it and how the viewer's own stands to its item. Lists, items and what was accepted are for every
// seat that reads plans; filings and returns for the units of the item; a part for its own unit and
// for the lead that merges it.
func (r sight) sees(kind, org string, stands role) bool {
	switch kind {
	case PlanIssued.Name, Listed.Name, ListingDropped.Name, Pointed.Name, ItemOpened.Name, VerdictGiven.Name, LegendSet.Name,
		ReportAccepted.Name, ReportCalled.Name, CallWithdrawn.Name, WorkAsked.Name, WorkAskedAgain.Name, WorkClaimed.Name, WorkDeclined.Name,
		ChangeProposed.Name, ChangeAnswered.Name, LadderSet.Name, PartJudged.Name, VerdictObjected.Name, ListsSame.Name, ListingAmended.Name,
		WorkPassed.Name:
		return region.May(r.Seat, region.PlanRead)
	case BulletinIssued.Name, bulletinIssuedFirst.Name:
		return region.May(r.Seat, region.BulletinRead)
	case ReportFiled.Name, ReportSigned.Name:
		return r.all || r.inside() && (stands != "" || org == r.Org)
	case ReportReturned.Name, AmendmentProposed.Name, AmendmentAnswered.Name:
		return r.all || r.inside() && stands != ""
	case ReportSubmitted.Name, SubmissionReturned.Name: // what is not signed yet stays inside the unit
		return r.Seat == region.Auditor || r.inside() && org == r.Org
	case PartFiled.Name:
		return r.all || r.inside() && (stands == leads || org == r.Org)
	}
	return false
}

// answers says whether the seat accepts and returns what an organisation filed. Whoever answers a
// filing reads it.
func (r sight) answers(org string) bool {
	return region.May(r.Seat, region.ReportReview) && (r.all || r.Org == org)
}

// scope is the organisation whose filings the seat answers, empty for all.
func (r sight) scope() string {
	if r.all {
		return ""
	}
	return r.Org
}

// mayAnswer refuses who answers a filing of org that is outside his reach.
func (d *Desk) mayAnswer(ctx context.Context, tx *store.Tx, actor node.Actor, org string) error {
	r, err := d.sightOf(ctx, tx, ViewerOf(actor))
	if err == nil && !r.answers(org) {
		err = refuse.New("plan.not-your-review")
	}
	return err
}

// seesEntry asks the rule about one entry.
func (r sight) seesEntry(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	if isInstruction(e.Kind) {
		return r.seesInstruction(ctx, tx, e)
	}
	if isShare(e.Kind) {
		return r.seesShare(ctx, tx, e)
	}
	if isMeeting(e.Kind) {
		return r.seesMeetingEntry(ctx, tx, e)
	}
	var stands role
	switch e.Kind {
	case ConsultationOpened.Name, ConsultationRow.Name, CommentGiven.Name, CommentDecided.Name, ConsultationClosed.Name, ConsultationWidened.Name:
		return r.seesConsultation(ctx, tx, e)
	case SlipIssued.Name, SlipSigned.Name, SlipAnswered.Name, SlipReturned.Name, SlipRaised.Name, SlipClosed.Name:
		return r.seesSlip(ctx, tx, e)
	case AmendmentProposed.Name, AmendmentAnswered.Name: // the row, and the item by which it is done
		if len(e.Subjects) < 2 {
			return false, nil
		}
		var err error
		if stands, err = r.roleIn(ctx, tx, idOf(e.Member, e.Subjects[1])); err != nil {
			return false, err
		}
	case ReportFiled.Name, ReportSigned.Name, ReportReturned.Name, PartFiled.Name:
		if len(e.Subjects) == 0 {
			return false, nil
		}
		var err error
		if stands, err = r.roleIn(ctx, tx, idOf(e.Member, e.Subjects[0])); err != nil {
			return false, err
		}
	}
	return r.sees(e.Kind, e.Org, stands), nil
}

// seesSlip: the slips of this member's own units are for the coordinator, the auditor and the unit that is asked.
func (r sight) seesSlip(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	if r.allSlips() {
		return true, nil
	}
	var n int
	if e.Kind == SlipSigned.Name || e.Kind == SlipAnswered.Name { // the slip is the first cause
		if e.Circle != node.Self || e.Org == r.Org || len(e.Causes) == 0 { // to a neighbour the coordinator speaks for the member
			return e.Circle == node.Self && e.Org == r.Org, nil
		}
		err := tx.Row(ctx, `SELECT count(*) FROM plan_slip WHERE book = ? AND idx = ? AND org = ?`, e.Member+"/"+e.Circle, e.Causes[0].Index, r.Org).Scan(&n)
		return n > 0, err
	}
	var f struct {
		Slip string `json:"slip"`
	}
	if json.Unmarshal(e.Facts, &f) != nil || f.Slip == "" {
		return false, nil
	}
	err := tx.Row(ctx, `SELECT count(*) FROM plan_slip WHERE book = ? AND slip = ? AND org = ?`, e.Member+"/"+e.Circle, f.Slip, r.Org).Scan(&n)
	return n > 0, err
}

// seesConsultation: draft lists are for the coordinator, the auditor and the units that are asked; what one of these said and what became of
// it for that one alone.
func (r sight) seesConsultation(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	if r.allSlips() {
		return true, nil
	}
	var n int
	switch e.Kind {
	case CommentGiven.Name: // on a neighbour's draft the coordinator speaks for the member
		return e.Circle == node.Self && e.Org == r.Org, nil
	case CommentDecided.Name:
		if len(e.Causes) == 0 {
			return false, nil
		}
		err := tx.Row(ctx, `SELECT count(*) FROM plan_comment WHERE origin = ? AND idx = ? AND asked = ?`, e.Causes[0].Origin, e.Causes[0].Index, r.Org).Scan(&n)
		return n > 0, err
	}
	var f struct {
		Consultation string `json:"consultation"`
	}
	if json.Unmarshal(e.Facts, &f) != nil || f.Consultation == "" {
		return false, nil
	}
	err := tx.Row(ctx, `SELECT count(*) FROM plan_consultation_to WHERE book = ? AND consultation = ? AND asked = ?`, e.Member+"/"+e.Circle, f.Consultation, r.Org).Scan(&n)
	return n > 0, err
}

// roleIn is how the viewer's organisation stands to an item, "" if it has nothing to do with it.
func (v Viewer) roleIn(ctx context.Context, tx *store.Tx, item string) (role, error) {
	if v.member != "" && memberOf(item) != v.member {
		return "", nil // a neighbour may call its organisations as we do
	}
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
