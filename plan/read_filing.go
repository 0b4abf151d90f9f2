package plan

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// FilingForm is all that stands on the page where a report or a part is written.
type FilingForm struct {
	Item     string   `json:"item"`
	Title    string   `json:"title"`
	Leader   string   `json:"leader,omitempty"`
	Leads    []string `json:"leads"`           // names
	Supports []string `json:"supports"`        // names
	AsPart   bool     `json:"asPart"`          // the actor's unit supports and adds a part
	Share    string   `json:"share,omitempty"` // id of the part that the lead asks of it for the period, by which it reports instead

	Period  judge.Period      `json:"period"`
	Periods []PeriodState     `json:"periods"` // that may be chosen, newest first
	State   judge.FilingState `json:"state"`
	Reason  judge.Reason      `json:"reason"`
	Cutoff  judge.Date        `json:"cutoff"`
	Unowed  bool              `json:"unowed,omitempty"` // no list waits for a report of the period; one may be filed all the same

	Lists  []ListRef `json:"lists"`            // in which the report counts
	Theirs []ListRef `json:"theirs,omitempty"` // of neighbours, in which it counts too
	Called []Call    `json:"called,omitempty"` // the calls that it answers
	Other  []ListRef `json:"other"`            // that hold the item besides: of another cycle, or owed for other periods

	Last      *Said       `json:"last,omitempty"`      // the report of the period before
	Current   *Said       `json:"current,omitempty"`   // what the unit filed for this period last
	Accepted  *Said       `json:"accepted,omitempty"`  // what was accepted for this period last
	Returned  *Said       `json:"returned,omitempty"`  // the return that waits for a new filing; Words.Progress is its reason
	Parts     []Said      `json:"parts"`               // of supporting units, the newest of each, and what came of shares
	Submitted *Submitted  `json:"submitted,omitempty"` // what the unit submitted to be signed and has not filed
	Signed    bool        `json:"signed,omitempty"`    // the unit signs its reports before they are filed
	Shares    []ShareLine `json:"shares,omitempty"`    // the parts that the lead asked for, with how they stand

	Indicators []IndicatorLine `json:"indicators"`
	Milestones []MilestoneLine `json:"milestones"`

	Composed bool           `json:"composed"` // a longer period: made from shorter ones
	Compose  *Composition   `json:"compose,omitempty"`
	Missing  []judge.Period `json:"missing"` // shorter periods that are not accepted yet
}

// Counts are all lists in which the report counts, this member's first.
func (f *FilingForm) Counts() []ListRef { return slices.Concat(f.Lists, f.Theirs) }

// Correction says that what is filed now corrects what was accepted.
func (f *FilingForm) Correction() bool { return f.Accepted != nil }

// PeriodState is a period with the state of its report.
type PeriodState struct {
	Period judge.Period      `json:"period"`
	State  judge.FilingState `json:"state"`
}

// Said is what somebody said about an item for a period, with its entry in the own book.
type Said struct {
	Index  int64       `json:"index"`
	Org    string      `json:"org"`
	Name   string      `json:"name"` // of the organisation
	Day    judge.Date  `json:"day"`
	Facts  ReportFacts `json:"facts"`
	Words  ReportWords `json:"words"`
	Erased bool        `json:"erased"`
}

// IndicatorLine is an indicator with its target and the values known.
type IndicatorLine struct {
	IndicatorFacts
	Name       string       `json:"name"`
	TargetText string       `json:"targetText,omitempty"` // as the list words it
	Last       string       `json:"last,omitempty"`       // the newest value of an earlier period
	LastPeriod judge.Period `json:"lastPeriod,omitempty"`
}

// MilestoneLine is a milestone and the day on which an accepted report says that it was reached.
type MilestoneLine struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Due     judge.Date `json:"due"`
	Reached judge.Date `json:"reached,omitempty"`
}

// FilingForm reads what a unit needs to report on an item. An empty period is the most urgent one.
// Only units that lead or support the item get it: plan.not-your-item.
func (d *Desk) FilingForm(ctx context.Context, actor node.Actor, item string, period judge.Period) (*FilingForm, error) {
	f := &FilingForm{Item: d.ID(item), Period: period}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		return d.fillForm(ctx, tx, actor, f, names)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// FormsQuery says which of a unit's forms are wanted.
type FormsQuery struct {
	Period     judge.Period // "": each item's newest of its shortest cycle
	From, Size int          // Size 0: all
}

// UnitForms are forms of a unit's items, and what else there is.
type UnitForms struct {
	Forms   []*FilingForm
	Waiting []judge.Period // for which something is still to be written, newest first
	Total   int            // items that could be asked for so
}

// UnitForms reads the forms of items that the actor's unit leads: for a period, of those that are
// asked for it, or else each for the newest period of its shortest cycle.
func (d *Desk) UnitForms(ctx context.Context, actor node.Actor, q FormsQuery) (u UnitForms, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := d.itemsOfUnit(ctx, tx, actor.Org, true)
		if err != nil {
			return err
		}
		if u.Waiting, err = d.waitingPeriods(ctx, tx, items); err != nil {
			return err
		}
		names, err := region.OrgNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, it := range items {
			p, ok := it.inGrid(q.Period, d.Today())
			if !ok {
				continue
			}
			if u.Total++; u.Total <= q.From || q.Size > 0 && len(u.Forms) == q.Size {
				continue
			}
			f := &FilingForm{Item: it.id, Period: p}
			if err := d.fillForm(ctx, tx, actor, f, names); err != nil {
				return err
			}
			u.Forms = append(u.Forms, f)
		}
		return nil
	})
	return u, err
}

// WaitingPeriods are the periods for which the actor's unit still has something to write, newest first.
func (d *Desk) WaitingPeriods(ctx context.Context, actor node.Actor) (waiting []judge.Period, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := d.itemsOfUnit(ctx, tx, actor.Org, true)
		if err == nil {
			waiting, err = d.waitingPeriods(ctx, tx, items)
		}
		return err
	})
	return waiting, err
}

func (d *Desk) waitingPeriods(ctx context.Context, tx *store.Tx, items []unitItem) (waiting []judge.Period, err error) {
	done, err := d.historyOf(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		for _, duty := range duties(it, done, d.Today()) {
			if !duty.Composed && !slices.Contains(waiting, duty.Period) {
				waiting = append(waiting, duty.Period)
			}
		}
	}
	slices.SortFunc(waiting, func(a, b judge.Period) int { return cmp.Or(cmp.Compare(b.Last(), a.Last()), cmp.Compare(b, a)) })
	return waiting, nil
}

// inGrid is the period for which an item stands in its unit's grid: the one asked for, if it is of
// the shortest cycle or called for, or the newest of the shortest cycle.
func (u unitItem) inGrid(asked judge.Period, today judge.Date) (judge.Period, bool) {
	cycle := u.shortest()
	if asked.Cycle() == judge.AdHoc {
		cycle = judge.AdHoc
	}
	opened := u.opened(cycle, today)
	if asked != "" {
		return asked, slices.ContainsFunc(opened, func(a asking) bool { return a.period == asked })
	}
	if len(opened) == 0 {
		return "", false
	}
	return opened[len(opened)-1].period, true
}

// fillForm fills in what a form says; names are those of organisations.
func (d *Desk) fillForm(ctx context.Context, tx *store.Tx, actor node.Actor, f *FilingForm, names map[string]string) error {
	role, err := d.roleOf(ctx, tx, actor, f.Item)
	if err != nil {
		return err
	}
	f.AsPart = role == supports
	facts, said, err := d.describe(ctx, tx, f, names)
	if err != nil {
		return err
	}
	it := unitItem{id: f.Item}
	if it.lists, err = listsOf(ctx, tx, f.Item); err != nil {
		return err
	}
	done, err := d.actsOf(ctx, tx, `x.item = ?`, f.Item)
	if err != nil {
		return err
	}
	if err := f.choose(it, done, d.Today()); err != nil {
		return err
	}
	if f.Theirs, err = listsElsewhere(ctx, tx, f.Item, f.Period); err != nil {
		return err
	}
	if err := d.readSaid(ctx, tx, actor, f, done, names); err != nil {
		return err
	}
	if err := d.readValues(ctx, tx, f, facts, said); err != nil {
		return err
	}
	if f.Composed && !f.AsPart {
		return d.compose(ctx, tx, it, done, f)
	}
	return nil
}

// How a unit stands to an item.
type role string

const (
	leads    role = "leads"
	supports role = "supports"
)

// roleOf finds out how the actor's unit stands to an item.
func (d *Desk) roleOf(ctx context.Context, tx *store.Tx, actor node.Actor, item string) (role, error) {
	var lead int
	err := tx.Row(ctx, `SELECT leads FROM plan_item_unit WHERE book = ? AND item = ? AND org = ?`,
		d.node.BookName(node.Self), item, actor.Org).Scan(&lead)
	if errors.Is(err, sql.ErrNoRows) {
		return "", refuse.New("plan.not-your-item", "item", item)
	}
	if lead == 1 {
		return leads, err
	}
	return supports, err
}

func (d *Desk) describe(ctx context.Context, tx *store.Tx, f *FilingForm, names map[string]string) (ItemFacts, ItemWords, error) {
	facts, said, ok, err := readItemEntry(ctx, tx, d.node.BookName(node.Self), f.Item)
	if err == nil && !ok {
		err = refuse.New("plan.item-unknown", "item", f.Item)
	}
	if err != nil {
		return facts, said, err
	}
	f.Title, f.Leader = said.Title, said.Leader
	for _, o := range facts.Leads {
		f.Leads = append(f.Leads, names[o])
	}
	for _, o := range facts.Supports {
		f.Supports = append(f.Supports, names[o])
	}
	return facts, said, nil
}

// choose settles the period: the one asked for, or the most urgent of those that wait.
func (f *FilingForm) choose(it unitItem, done history, today judge.Date) error {
	for _, cycle := range it.cycles() {
		for _, a := range slices.Backward(it.opened(cycle, today)) {
			f.Periods = append(f.Periods, PeriodState{a.period, done.state(it.id, a.period, a.rhythm, today).State})
		}
	}
	if f.Period == "" {
		f.Period = f.urgent(it, done, today)
	}
	cycle := f.Period.Cycle()
	rhythm, asked := it.rhythmOf(f.Period, today)
	if !asked && len(done.of(it.id, f.Period)) == 0 { // what was filed is answered though its call was withdrawn
		return refuse.New("plan.period-not-asked", "period", string(f.Period)).At("period")
	}
	span := done.state(it.id, f.Period, rhythm, today)
	f.State, f.Reason, f.Cutoff = span.State, span.Reason, rhythm.Cutoff(f.Period)
	f.Lists, f.Other = it.in(f.Period)
	f.Called = it.calls(f.Period)
	owed, _ := it.asked(cycle)
	if f.Unowed = len(f.Called) == 0 && !owed.holds(string(f.Period)); f.Unowed && nothingFiled(f.State) {
		f.State, f.Reason = judge.NotDue, judge.Reason{}
	}
	f.Composed = cycle != it.shortest() && it.shortest() != judge.AdHoc && cycle != judge.AdHoc
	return nil
}

func (f *FilingForm) urgent(it unitItem, done history, today judge.Date) judge.Period {
	if waiting := duties(it, done, today); len(waiting) > 0 && !f.AsPart {
		slices.SortStableFunc(waiting, byUrgency(today))
		return waiting[0].Period
	}
	if len(f.Periods) > 0 {
		return f.Periods[0].Period
	}
	switch shortest := it.shortest(); shortest {
	case "":
		return ""
	case judge.AdHoc:
		return judge.Period(today)
	default:
		return judge.PeriodOf(shortest, today)
	}
}
