package plan

import (
	"cmp"
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

// Duty is a report or part that a unit owes of an item for a period.
type Duty struct {
	Item     string            `json:"item"`
	Title    string            `json:"title"`
	Period   judge.Period      `json:"period"`
	State    judge.FilingState `json:"state"`              // of the lead's report, where it is a part
	Part     bool              `json:"part,omitempty"`     // what the unit may add as a supporting one; it has added nothing
	Cutoff   judge.Date        `json:"cutoff"`             // last day in time, included
	Returned string            `json:"returned,omitempty"` // the reviewer's reason
	Composed bool              `json:"composed"`           // only to be confirmed from shorter reports
	Lists    []ListRef         `json:"lists"`              // in which the report counts
	Called   []Call            `json:"called,omitempty"`   // the calls that it answers
	Since    judge.Date        `json:"-"`                  // in this state; empty: ever
	Signing  bool              `json:"signing,omitempty"`  // it was drafted and waits for a signature inside the unit
	Unsigned string            `json:"unsigned,omitempty"` // why it was sent back from there

	UnsignedOn judge.Date `json:"-"`
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

// duties are the reports of an item that a unit has to write now.
func duties(it unitItem, done history, today judge.Date) (all []Duty) {
	if it.known != nil && it.known.unfiled == "" {
		return nil
	}
	shortest := it.shortest()
	for _, cycle := range it.cycles() {
		for _, a := range it.opened(cycle, today) {
			p := a.period
			span := done.state(it.id, p, a.rhythm, today)
			switch span.State {
			case judge.Due, judge.Missed, judge.Returned:
			default:
				continue
			}
			longer := cycle != shortest && cycle != judge.AdHoc
			if longer && len(missingParts(it, p, done)) > 0 {
				continue // its shorter reports are the duty, and stand above
			}
			in, _ := it.in(p)
			all = append(all, Duty{
				Item: it.id, Period: p, State: span.State,
				Cutoff: a.rhythm.Cutoff(p), Composed: longer, Lists: in, Called: it.calls(p), Since: span.From,
			})
		}
	}
	return all
}

// missingParts are the shorter periods of a longer one that are owed and not accepted.
func missingParts(it unitItem, longer judge.Period, done history) (missing []judge.Period) {
	for _, p := range partsOf(it, longer) {
		accepted := slices.ContainsFunc(done.of(it.id, p), func(a act) bool { return a.What == judge.Accepted })
		if !accepted {
			missing = append(missing, p)
		}
	}
	return missing
}

// partsOf are the shorter periods that are owed and lie in a longer one.
func partsOf(it unitItem, longer judge.Period) []judge.Period {
	owed, _ := it.asked(it.shortest())
	return slices.DeleteFunc(judge.Parts(longer, it.shortest()), func(p judge.Period) bool { return !owed.holds(string(p)) })
}

func unanswered(it unitItem, done history, today judge.Date) (n int) {
	if it.known != nil && len(it.known.filed) == 0 {
		return 0
	}
	for _, cycle := range it.cycles() {
		for _, a := range it.opened(cycle, today) {
			if done.state(it.id, a.period, a.rhythm, today).State == judge.Filed {
				n++
			}
		}
	}
	return n
}

// filedUnowed counts the filings that wait for an answer though no list owes a report of their period: of work that was taken on
// after the cut-off.
func (d *Desk) filedUnowed(ctx context.Context, tx *store.Tx, items []unitItem, today judge.Date) (n int, err error) {
	by := map[string]unitItem{}
	waiting := map[string]*knownReports{}
	for _, it := range items {
		by[it.id], waiting[it.id] = it, &knownReports{}
	}
	if err := d.joinFiled(ctx, tx, waiting); err != nil {
		return 0, err
	}
	for id, k := range waiting {
		for _, p := range k.filed {
			if !slices.ContainsFunc(by[id].opened(p.Cycle(), today), func(a asking) bool { return a.period == p }) {
				n++
			}
		}
	}
	return n, nil
}

var urgency = map[judge.FilingState]int{judge.Missed: 0, judge.Returned: 1, judge.Due: 2}

// byUrgency puts what is overdue first, the longest overdue before the others; of the rest what was
// returned before what is only due.
func byUrgency(today judge.Date) func(a, b Duty) int {
	overdue := func(d Duty) int { return bit(d.Cutoff >= today) }
	return func(a, b Duty) int {
		if x, y := overdue(a), overdue(b); x != y {
			return cmp.Compare(x, y)
		} else if x == 0 {
			return cmp.Or(cmp.Compare(a.Cutoff, b.Cutoff), cmp.Compare(urgency[a.State], urgency[b.State]))
		}
		return cmp.Or(cmp.Compare(urgency[a.State], urgency[b.State]), cmp.Compare(a.Cutoff, b.Cutoff))
	}
}

// whyReturned joins the reviewers' reasons.
func (d *Desk) whyReturned(ctx context.Context, tx *store.Tx, all []Duty, done history) error {
	for i := range all {
		if all[i].State != judge.Returned {
			continue
		}
		acts := done.of(all[i].Item, all[i].Period)
		said, _, err := wordsAt[ReasonWords](ctx, tx, d.node.BookName(node.Self), acts[len(acts)-1].idx)
		if err != nil {
			return err
		}
		all[i].Returned = said.Reason
	}
	return nil
}

// partsAsked: the newest report of an item, and those called for and not overdue, that the lead still
// writes and to which the unit has added nothing yet; not those for which the lead asks it for a part.
func (d *Desk) partsAsked(ctx context.Context, tx *store.Tx, org string, items []unitItem, done history, today judge.Date) (all []Duty, err error) {
	given, err := d.partsGiven(ctx, tx, org, items)
	if err != nil {
		return nil, err
	}
	shares, err := d.standingShares(ctx, tx, org, "")
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		for _, a := range it.helped(today) {
			p := a.period
			state := done.state(it.id, p, a.rhythm, today).State
			if state == judge.Accepted || given[it.id+"@"+string(p)] ||
				slices.ContainsFunc(shares, func(s Share) bool { return s.Item == it.id && covers(s.Once, s.From, p) }) {
				continue
			}
			in, _ := it.in(p)
			all = append(all, Duty{
				Item: it.id, Period: p, State: state, Part: true,
				Cutoff: a.rhythm.Cutoff(p), Lists: in, Called: it.calls(p),
			})
		}
	}
	return all, nil
}

// helped are the periods to whose reports a supporting unit adds: the newest of the shortest cycle,
// and those called for that are not over.
func (u unitItem) helped(today judge.Date) (all []asking) {
	if opened := u.opened(u.shortest(), today); len(opened) > 0 && u.shortest() != judge.AdHoc {
		all = opened[len(opened)-1:]
	}
	return append(slices.Clone(all), slices.DeleteFunc(u.called(today), func(a asking) bool { return a.period.Last() < today })...)
}

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
