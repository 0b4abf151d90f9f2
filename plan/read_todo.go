package plan

import (
	"context"
	"math"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// Todo is what waits for a seat: my day (我的工作台).
type Todo struct {
	AsOf       judge.Date  `json:"asOf"`
	Reports    []Duty      `json:"reports"`    // owed as lead: overdue, then returned, then due
	Parts      []Duty      `json:"parts"`      // may be added as supporting unit
	Signing    int         `json:"signing"`    // reports of the unit that wait for the actor's signature
	Shares     []ShareLine `json:"shares"`     // asked by a lead and still to be reported, the first due first
	Owed       int         `json:"owed"`       // parts that the unit asked of others and that are late or were declined
	Waiting    int         `json:"waiting"`    // own filings that nobody has answered yet
	Review     Review      `json:"review"`     // what the seat may answer
	Asked      int         `json:"asked"`      // rows of neighbours that wait for this member's answer
	Refused    int         `json:"refused"`    // rows of this member that a neighbour does not do as it was asked
	Slips      int         `json:"slips"`      // supervision slips whose next step is the actor's
	Amendments int         `json:"amendments"` // applications for another deadline or target that wait for this office
	Drafts     int         `json:"drafts"`     // consultations whose next step is the actor's
	Meetings   int         `json:"meetings"`   // meetings to answer, to write the minutes of, or to confirm these
	Words      int         `json:"words"`      // leaders' words (批示) to sign for, to answer or to close
	Hearsay    int         `json:"hearsay"`    // records of this member's word (转述) that it has neither confirmed nor contradicted
	Changes    int         `json:"changes"`    // proposals of neighbours that wait for this member's answer
	Plans      []PlanLine  `json:"plans"`
}

// Review says how many filings wait for an answer.
type Review struct {
	Filings int        `json:"filings"`
	Done    int        `json:"done"` // of these claim that the work is done
	Oldest  judge.Date `json:"oldest,omitempty"`
}

// PlanLine is one line for a list that the seat follows.
type PlanLine struct {
	Plan   string       `json:"plan"`
	Title  string       `json:"title"`
	Circle string       `json:"circle"`
	Rows   int          `json:"rows"`
	Period judge.Period `json:"period,omitempty"` // the newest that is waited for
	Owed   int          `json:"owed"`             // reports owed for it
	Filed  int          `json:"filed"`            // of these filed, accepted or not
	Cutoff judge.Date   `json:"cutoff,omitempty"`
}

// Todo reads what waits for the actor's seat, and nothing else.
func (d *Desk) Todo(ctx context.Context, actor node.Actor) (Todo, error) {
	return d.todo(ctx, actor, math.MaxInt)
}

// Day is Todo for who shows the most urgent duties only: of reports and of parts so many are worded (Title, Returned, and of Lists
// Number, Wording and Deadline), and the others only counted.
func (d *Desk) Day(ctx context.Context, actor node.Actor, worded int) (Todo, error) {
	return d.todo(ctx, actor, worded)
}

func (d *Desk) todo(ctx context.Context, actor node.Actor, worded int) (t Todo, err error) {
	t.AsOf = d.Today()
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if region.May(region.Seat(actor.Seat), region.SlipAnswer) {
			if t.Slips, err = d.slipsWaiting(ctx, tx, actor); err != nil {
				return err
			}
		}
		if region.May(region.Seat(actor.Seat), region.PlanComment) {
			if t.Drafts, err = d.consultationsWaiting(ctx, tx, actor); err != nil {
				return err
			}
		}
		if region.May(region.Seat(actor.Seat), region.MeetingAnswer) {
			waiting, err := d.meetingsThatWait(ctx, tx, actor)
			if err != nil {
				return err
			}
			t.Meetings = len(waiting)
		}
		if region.May(region.Seat(actor.Seat), region.InstructRead) {
			if t.Words, err = d.instructionsWaiting(ctx, tx, actor); err != nil {
				return err
			}
		}
		if region.May(region.Seat(actor.Seat), region.ReportSign) {
			if t.Signing, err = d.signingCount(ctx, tx, actor); err != nil {
				return err
			}
		}
		if seat := region.Seat(actor.Seat); region.May(seat, region.ReportFile) {
			return d.unitTodo(ctx, tx, actor.Org, worded, &t)
		} else if !region.May(seat, region.PlanRead) {
			return nil
		} else if region.May(seat, region.ReportReview) {
			if err := d.reviewTodo(ctx, tx, actor, &t); err != nil {
				return err
			}
		}
		if region.May(region.Seat(actor.Seat), region.PlanImport) {
			if t.Asked, err = d.waitingAsks(ctx, tx); err != nil {
				return err
			}
			if t.Refused, err = d.refusedCount(ctx, tx); err != nil {
				return err
			}
			if t.Amendments, err = amendmentsWaiting(ctx, tx); err != nil {
				return err
			}
		}
		if region.May(region.Seat(actor.Seat), region.HearsaySay) {
			if t.Hearsay, err = region.HearsayWaiting(ctx, tx, d.node.Member); err != nil {
				return err
			}
		}
		if region.May(region.Seat(actor.Seat), region.PlanChange) {
			if t.Changes, err = d.waitingChanges(ctx, tx); err != nil {
				return err
			}
		}
		t.Plans, err = d.planLines(ctx, tx, t.AsOf)
		return err
	})
	return t, err
}

func (d *Desk) unitTodo(ctx context.Context, tx *store.Tx, org string, worded int, t *Todo) error {
	items, err := d.itemsOfUnit(ctx, tx, org, true)
	if err != nil {
		return err
	}
	done, err := d.historyOf(ctx, tx, items)
	if err != nil {
		return err
	}
	for _, it := range items {
		t.Reports = append(t.Reports, duties(it, done, t.AsOf)...)
		t.Waiting += unanswered(it, done, t.AsOf)
	}
	unowed, err := d.filedUnowed(ctx, tx, items, t.AsOf)
	if err != nil {
		return err
	}
	t.Waiting += unowed
	slices.SortStableFunc(t.Reports, byUrgency(t.AsOf))
	if err := d.wordDuties(ctx, tx, t.Reports[:min(worded, len(t.Reports))], done); err != nil {
		return err
	}
	if err := d.signDuties(ctx, tx, org, t.Reports); err != nil {
		return err
	}
	t.Plans = unitLines(items, done, t.AsOf)
	if items, err = d.itemsOfUnit(ctx, tx, org, false); err != nil {
		return err
	}
	if done, err = d.historyOf(ctx, tx, items); err != nil {
		return err
	}
	if t.Parts, err = d.partsAsked(ctx, tx, org, items, done, t.AsOf); err != nil {
		return err
	}
	if err := d.wordDuties(ctx, tx, t.Parts[:min(worded, len(t.Parts))], done); err != nil {
		return err
	}
	if t.Shares, err = d.sharesWaiting(ctx, tx, org, t.AsOf); err != nil {
		return err
	}
	t.Owed, err = d.sharesOwed(ctx, tx, org, t.AsOf)
	return err
}

var urgency = map[judge.FilingState]int{judge.Missed: 0, judge.Returned: 1, judge.Due: 2}

// unitLines count a unit's own rows of each list for the newest period.
func unitLines(items []unitItem, done history, today judge.Date) (all []PlanLine) {
	at := map[string]int{}
	for _, it := range items {
		for _, l := range it.lists {
			n, known := at[l.Plan]
			if !known {
				n, at[l.Plan] = len(all), len(all)
				all = append(all, PlanLine{Plan: l.Plan, Title: l.Title, Circle: l.Circle})
			}
			line := &all[n]
			line.Rows++
			alone := unitItem{id: it.id, lists: []ListRef{l}, alike: it.alike}
			opened := alone.opened(l.Cycle, today)
			if len(opened) == 0 {
				continue
			}
			p, rhythm := opened[len(opened)-1].period, opened[len(opened)-1].rhythm
			if p.First() > line.Period.First() {
				line.Period, line.Owed, line.Filed, line.Cutoff = p, 0, 0, rhythm.Cutoff(p)
			}
			if p != line.Period {
				continue
			}
			line.Owed++
			switch done.state(it.id, p, rhythm, today).State {
			case judge.Filed, judge.Accepted:
				line.Filed++
			}
		}
	}
	return all
}

// reviewTodo counts what the actor may answer.
func (d *Desk) reviewTodo(ctx context.Context, tx *store.Tx, actor node.Actor, t *Todo) error {
	reach, err := d.sightOf(ctx, tx, ViewerOf(actor))
	if err != nil {
		return err
	}
	scope := reach.scope()
	return tx.Row(ctx, `SELECT count(*), COALESCE(sum(CASE WHEN claim = 'done' THEN 1 ELSE 0 END), 0), COALESCE(min(day), '')
		FROM plan_waiting WHERE book = ? AND (? = '' OR org = ?)`, d.node.BookName(node.Self), scope, scope).
		Scan(&t.Review.Filings, &t.Review.Done, &t.Review.Oldest)
}

// planLines count all rows of each list, from the sums that stand.
func (d *Desk) planLines(ctx context.Context, tx *store.Tx, today judge.Date) ([]PlanLine, error) {
	heads, err := d.ownHeads(ctx, tx)
	if err != nil {
		return nil, err
	}
	calls, err := callsByList(ctx, tx, today)
	if err != nil {
		return nil, err
	}
	all := make([]PlanLine, 0, len(heads))
	for _, h := range heads {
		line := PlanLine{Plan: h.Facts.Plan, Title: h.Words.Title, Circle: h.Circle}
		line.Period = newestOpen(h, today)
		line.Cutoff = h.Facts.Rhythm.Cutoff(line.Period)
		err := tx.Row(ctx, `SELECT
			(SELECT COALESCE(sum(n), 0) FROM plan_tally WHERE scope = ? AND from_day <= ?
				AND state NOT LIKE '%:%' AND state <> 'dropped'),
			(SELECT COALESCE(sum(n), 0) FROM plan_tally WHERE scope = ? AND state = ? AND from_day <= ?),
			(SELECT COALESCE(sum(n), 0) FROM plan_filing_tally WHERE scope = ? AND period = ? AND state <> 'returned')`,
			"plan:"+h.Facts.Plan, string(today), "plan:"+h.Facts.Plan, owedState(h.Facts.Cycle), string(line.Period.First()),
			"plan:"+h.Facts.Plan, string(line.Period)).Scan(&line.Rows, &line.Owed, &line.Filed)
		if err != nil {
			return nil, err
		}
		all = append(all, line)
		called, err := d.callLines(ctx, tx, line, calls[h.Facts.Plan], today)
		if err != nil {
			return nil, err
		}
		all = append(all, called...)
	}
	return all, nil
}

// callLines are a line for each call of a list for which something is still to come, the first
// due first.
func (d *Desk) callLines(ctx context.Context, tx *store.Tx, line PlanLine, calls []Call, today judge.Date) (all []PlanLine, err error) {
	scope := "plan:" + line.Plan
	c := counting{ctx: ctx, tx: tx, asOf: today, today: today, sums: &d.sums}
	for _, call := range slices.Backward(calls) {
		reports, err := c.reports(map[string]asking{scope: call.asking()})
		if err != nil {
			return nil, err
		}
		r := reports[scope]
		if r.Missing+r.Returned == 0 {
			continue
		}
		line.Period, line.Owed, line.Filed, line.Cutoff = call.Period(), r.Owed, r.Reported(), r.Cutoff
		all = append(all, line)
	}
	return all, nil
}

// newestOpen is the newest period of a list's year whose report is waited for.
func newestOpen(h PlanHead, today judge.Date) (p judge.Period) {
	for _, each := range judge.PeriodsOf(h.Facts.Cycle, h.Facts.Year) {
		if h.Facts.Rhythm.Opens(each) <= today {
			p = each
		}
	}
	return p
}
