package plan

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"

	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/store"
)

// bulletinItem is a piece of work as it stands over the lists of the bulletin, and no others.
type bulletinItem struct {
	bulletinLine // as the first of its own member's rows has it, or the first of all
	own          bool
	said         bulletinLine // under which its reports are quoted: the row that it shares with others, if it does
	row          string       // that row; "": it shares none
	turn         int          // in that row, the list's own member first
	place, order int          // its reports come in the order of places
	lists        int
	state        judge.WorkState
	dropped      bool // from all lists so far
	owes, alone  bool // alone: its report was read from a row that stands for it only
	filing       judge.FilingState
	inTime       bool
	cutoff       judge.Date
}

// bulletinLine is what a row of a list says.
type bulletinLine struct{ title, section, list, unit, number string }

// work is by which items the rows of a list are done: in a circle by what neighbours claimed, and by the list's own items but where
// neighbours do the work alone.
func (r *bulletinReading) work(plan string) (map[string][]string, error) {
	of, err := pointersOf(r.ctx, r.tx, plan)
	if err != nil || r.circle == "" {
		return of, err
	}
	rows, err := r.tx.Query(r.ctx, `SELECT c.listing, c.item, c.alone FROM plan_claimed c JOIN plan_listing l ON l.listing = c.listing
		WHERE l.plan = ? ORDER BY c.listing, c.item`, plan)
	if err != nil {
		return nil, err
	}
	alone := map[string]bool{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var listing, item string
		var only int
		err = scan(&listing, &item, &only)
		if only == 1 && !alone[listing] {
			alone[listing], of[listing] = true, nil
		}
		of[listing] = append(of[listing], item)
		return none, err
	})
	return of, err
}

// takeRow adds a row of a list to the items that stand for it. What several members do together is quoted together, under that row.
func (r *bulletinReading) takeRow(items []string, h PlanHead, w Row, report Reporting) error {
	list := cmp.Or(h.Words.Title, r.d.PlanKey(h.Facts.Plan))
	said := bulletinLine{w.Words.Title, first(w.Words.Section), list, w.LeadName, w.Words.Number}
	several := slices.ContainsFunc(items, func(id string) bool { return memberOf(id) != memberOf(items[0]) })
	if several && w.Work.State != judge.Dropped {
		r.joint++
	}
	for turn, id := range items {
		as := said
		own := memberOf(id) == memberOf(w.Listing)
		if !own {
			var err error
			if as.unit, err = r.leadOf(id); err != nil {
				return err
			}
		}
		of := w
		if several && report.Period == r.month {
			var err error
			if of, err = r.part(id, w, h.Facts.Rhythm); err != nil {
				return err
			}
		}
		r.take(id, as, own, of, report)
		if at := r.items[id]; several && at.row == "" {
			at.row, at.said, at.place, at.turn = w.Listing, said, r.items[items[0]].order, turn
		}
	}
	return nil
}

// part is a row as it stands for one of its items: each member reports its own part, and whoever has reported owes nothing for the other.
func (r *bulletinReading) part(item string, w Row, rhythm judge.Rhythm) (Row, error) {
	var steps string
	var onTime int
	err := r.tx.Row(r.ctx, `SELECT steps, on_time FROM plan_filing WHERE listing = ? AND period = ?`, sharedItem(r.circle, item), string(r.month)).Scan(&steps, &onTime)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil // nothing came
	}
	w.Filing, w.onTime, w.Items = filingAt(r.month, rhythm, steps, r.asOf), onTime == 1, 1
	return w, err
}

// leadOf names the unit that leads a neighbour's item, by that member's book of the circle.
func (r *bulletinReading) leadOf(item string) (string, error) {
	var org string
	err := r.tx.Row(r.ctx, `SELECT org FROM plan_item_unit WHERE book = ? AND item = ? AND leads = 1 AND ord = 0`, memberOf(item)+"/"+r.circle, item).Scan(&org)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil // nobody is named: its member stands for it
	}
	return r.unit(idOf(memberOf(item), cmp.Or(org, "-")), ""), err
}

// take adds a row of a list to an item, which stands under the first of its rows that was not dropped, of its own member's if there is one.
func (r *bulletinReading) take(id string, as bulletinLine, own bool, w Row, report Reporting) {
	at, ok := r.items[id]
	dropped := w.Work.State == judge.Dropped
	switch {
	case !ok || at.dropped && !dropped:
		order := len(r.items)
		if ok {
			order = at.order
		}
		at = &bulletinItem{bulletinLine: as, own: own, said: as, place: order, order: order, state: w.Work.State, dropped: dropped}
		r.items[id] = at
	case own && !at.own && !dropped:
		at.bulletinLine, at.own = as, true
	}
	if dropped && !at.dropped {
		return
	}
	at.lists++
	at.state = judge.Worst(at.state, w.Work.State)
	if !w.Owes || report.Period != r.month {
		return
	}
	if alone := w.Items == 1; !at.owes || alone && !at.alone {
		at.owes, at.alone, at.filing, at.inTime, at.cutoff = true, alone, w.Filing.State, w.onTime, report.Cutoff
	}
}

// total counts each piece of work of the lists once.
func (r *bulletinReading) total(lists []letter.List) letter.Figures {
	states, report := Counts{}, Reporting{Cutoff: r.cutoff()}
	for _, at := range r.items {
		states[at.state]++
		if !at.owes {
			continue
		}
		report.Owed++
		if nothingFiled(at.filing) {
			report.Missing++
			continue
		}
		report = report.plus(at.filing, at.inTime, 1)
	}
	f := figuresOf(states, report, r.asOf)
	f.Missed = 0
	for _, at := range r.items {
		if at.owes && at.filing == judge.Missed {
			f.Missed++
		}
	}
	f.Lists = len(lists)
	for _, l := range lists {
		f.Listings += l.Figures.Listings
	}
	return f
}

// cutoff is the last of the days by which the month's reports are owed; "" if none is.
func (r *bulletinReading) cutoff() (day judge.Date) {
	for _, at := range r.items {
		day = max(day, at.cutoff)
	}
	return day
}

// missing are the pieces of work of which no report came, each once, in the order of the lists.
func (r *bulletinReading) missing() (all []letter.Missing) {
	var late []*bulletinItem
	for _, at := range r.items {
		if at.owes && at.filing == judge.Missed {
			late = append(late, at)
		}
	}
	slices.SortFunc(late, func(a, b *bulletinItem) int { return a.order - b.order })
	for _, at := range late {
		all = append(all, letter.Missing{Unit: at.unit, List: at.list, No: at.number, Item: at.title, Due: string(at.cutoff)})
	}
	return all
}
