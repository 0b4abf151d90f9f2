package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

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
