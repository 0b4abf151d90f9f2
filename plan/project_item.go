package plan

import (
	"maps"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

// itemFacts are the rows of a circle's books about one item.
type itemFacts struct {
	milestones []judge.Milestone
	accepted   []acceptedRow // by the day on which they became known
}

type acceptedRow struct {
	book, period, periodLast string
	idx                      int64
	filed, day, doneOn       judge.Date
	claim                    judge.WorkState
	confirmed                bool
	met                      []judge.Milestone // ID and Done only
}

// lastReport is the newest accepted report: of the latest period, and of that the latest version.
type lastReport struct {
	period, periodLast, book string
	idx                      int64
}

func (a lastReport) newer(b lastReport) lastReport {
	if b.periodLast > a.periodLast || b.periodLast == a.periodLast && b.idx > a.idx {
		return b
	}
	return a
}

func itemKey(book, circle, item string) string { return circle + " " + book + " " + item }

func (p *projector) readItem(book, circle, item string) (*itemFacts, error) {
	key := itemKey(book, circle, item)
	if f, ok := p.facts[key]; ok {
		return f, nil
	}
	f := &itemFacts{}
	rows, err := p.tx.Query(p.ctx, `SELECT milestone, day FROM plan_milestone WHERE book = ? AND item = ? ORDER BY day, milestone`,
		book, item)
	if err != nil {
		return nil, err
	}
	f.milestones, err = store.Collect(rows, func(scan func(...any) error) (m judge.Milestone, err error) {
		err = scan(&m.ID, &m.Due)
		return m, err
	})
	if err != nil {
		return nil, err
	}
	rows, err = p.tx.Query(p.ctx, `SELECT book, idx, period, period_last, filed, day, done_on, claim, confirmed FROM plan_accepted
		WHERE item = ? AND circle = ? ORDER BY day, book, idx`, item, circle)
	if err != nil {
		return nil, err
	}
	f.accepted, err = store.Collect(rows, func(scan func(...any) error) (a acceptedRow, err error) {
		err = scan(&a.book, &a.idx, &a.period, &a.periodLast, &a.filed, &a.day, &a.doneOn, &a.claim, &a.confirmed)
		return a, err
	})
	if err != nil {
		return nil, err
	}
	p.facts[key] = f
	return f, p.readMet(f, item)
}

func (p *projector) readMet(f *itemFacts, item string) error {
	if len(f.milestones) == 0 {
		return nil
	}
	for i := range f.accepted {
		a := &f.accepted[i]
		rows, err := p.tx.Query(p.ctx, `SELECT milestone, day FROM plan_met WHERE book = ? AND idx = ? ORDER BY milestone`,
			a.book, a.idx)
		if err != nil {
			return err
		}
		a.met, err = store.Collect(rows, func(scan func(...any) error) (m judge.Milestone, err error) {
			err = scan(&m.ID, &m.Done)
			return m, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *itemFacts) last() (last lastReport) {
	for _, a := range f.accepted {
		last = last.newer(lastReport{period: a.period, periodLast: a.periodLast, book: a.book, idx: a.idx})
	}
	return last
}

// history is how a listing of this item stands over all days: each day as judged from what was
// known on it. What became known later does not rewrite the days before. Before it stood in its list
// nothing was due there and nothing reported: what its item had done by then counts from that day on.
func (f *itemFacts) history(l *listingFacts, w claim) []judge.WorkSpan {
	spans := judge.Splice(judge.Outlook(judge.Work{}), l.since, judge.Outlook(f.known(l, w, l.since)))
	for _, day := range f.turns(l, w) {
		if day <= l.since {
			continue
		}
		spans = judge.Splice(spans, day, judge.Outlook(f.known(l, w, day)))
	}
	return spans
}

// turns are the days on which something became known, in order.
func (f *itemFacts) turns(l *listingFacts, of claim) []judge.Date {
	days := l.equalTurns(of)
	for _, a := range f.accepted {
		days = append(days, a.day)
	}
	for _, v := range l.verdicts {
		days = append(days, v.Date)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// known is what decides the listing on a day. The drop is always in it: it is one day, and the
// outlook keeps it from the days before.
func (f *itemFacts) known(l *listingFacts, of claim, day judge.Date) judge.Work {
	w := judge.Work{
		Deadline: l.deadlineOf(of, day), Milestones: slices.Clone(f.milestones), Dropped: l.dropped, WarnDays: l.warnDays,
	}
	newest := map[string]acceptedRow{} // by period
	var last lastReport
	for _, a := range f.accepted {
		if a.day > day {
			break
		}
		if w.Started == "" {
			w.Started = a.day
		}
		newest[a.period] = a
		if now := last.newer(lastReport{a.period, a.periodLast, a.book, a.idx}); now != last && a.claim != "" {
			last, w.Claim = now, judge.Claim{State: a.claim, Date: a.day}
		}
	}
	for _, a := range newest { // a correction may take a milestone back
		reach(w.Milestones, a.met)
		if a.confirmed && (w.Completion.Confirmed == "" || a.day < w.Completion.Confirmed) {
			w.Completion = judge.Completion{On: a.doneOn, Confirmed: a.day}
		}
	}
	w.Overrule = f.overrule(l, of, day)
	return w
}

func reach(due, met []judge.Milestone) {
	for _, m := range met {
		for i := range due {
			if due[i].ID == m.ID && (due[i].Done == "" || m.Done < due[i].Done) {
				due[i].Done = m.Done
			}
		}
	}
}

// item brings what is counted of an item once, in however many lists it stands, up to date.
func (p *projector) item(id string, whole bool) error {
	old, err := p.oldItem(id)
	if err != nil {
		return err
	}
	now, err := p.newItem(id)
	if err != nil {
		return err
	}
	for scope := range union(old.owed, now.owed) {
		for _, w := range old.owed[scope] {
			p.tallies.owed(counted(scope, old.leads), old.cycles[scope].cycle, w, begins(old.spans[scope]), -1)
		}
		for _, w := range now.owed[scope] {
			p.tallies.owed(counted(scope, now.leads), now.cycles[scope].cycle, w, begins(now.spans[scope]), 1)
		}
	}
	if err := p.itemSpans(id, old, now); err != nil {
		return err
	}
	called, err := p.itemAsked(id, old.leads, now)
	if err != nil {
		return err
	}
	if whole || called || old.cycle != now.cycle || !maps.EqualFunc(old.cycles, now.cycles, sameCycle) || !maps.EqualFunc(old.owed, now.owed, slices.Equal[stretches]) || !maps.EqualFunc(old.spans, now.spans, beginAlike) {
		if err := p.itemFilings(id, old, now); err != nil {
			return err
		}
	}
	return p.storeItem(id, now)
}

// itemRow is how an item is counted: its leads, its shortest cycle, and per scope (all lists of its
// member, one circle, one lead) how it stands, for which periods it owes reports, and of which cycle: in a circle the shortest
// of the lists there, for no node knows all others.
type itemRow struct {
	member string // whose item it is
	book   string
	idx    int64
	leads  []string
	lists  int
	cycle  judge.Cycle
	rhythm judge.Rhythm
	spans  map[string][]judge.WorkSpan
	owed   map[string]stretches
	cycles map[string]rhythmic
	asked  map[string]days // called for by hand; no scope without a day

	by       []string // items of neighbours that do it alone, in a circle
	byCircle string
}

// rhythmic is a cycle with the rhythm of the first list that has it.
type rhythmic struct {
	cycle  judge.Cycle
	rhythm judge.Rhythm
}

func sameCycle(a, b rhythmic) bool { return a.cycle == b.cycle }

// shorter is the shorter of the two cycles.
func (r rhythmic) shorter(l *listingFacts) rhythmic {
	if s := judge.Shortest(r.cycle, l.cycle); s != r.cycle {
		return rhythmic{s, l.rhythm}
	}
	return r
}

func (p *projector) newItem(id string) (r itemRow, err error) {
	r = emptyItem(memberOf(id))
	listings, err := p.listingsOf(id)
	if err != nil {
		return r, err
	}
	if err := p.itemHome(id, &r); err != nil {
		return r, err
	}
	var own []*listingFacts
	in := map[string][]*listingFacts{}
	for _, listing := range listings {
		stood, err := p.stand(listing)
		if err != nil {
			return r, err
		}
		l, spans := stood.facts, stood.spans
		ours := memberOfBook(l.book) == r.member
		if ours {
			r.lists++
		}
		if ours && l.elsewhere() {
			r.by, r.byCircle = l.workItems(), l.circle
		}
		if ours {
			own = append(own, l)
		}
		for _, scope := range r.scopes(l) {
			if had := r.spans[scope]; len(had) == 0 {
				r.spans[scope] = spans
			} else {
				r.spans[scope] = judge.Merge(had, spans)
			}
		}
		for _, scope := range r.scopes(l) {
			if _, shared := sharedIn(scope); shared {
				in[scope] = append(in[scope], l)
			}
		}
		r.widen(stood.owed, l)
		for _, scope := range r.scopes(l) {
			if len(stood.asked) > 0 && r.asked[scope] == nil {
				r.asked[scope] = days{}
			}
			r.asked[scope].add(stood.asked)
		}
	}
	shortest := shortestOf(own)
	r.cycle, r.rhythm = shortest.cycle, shortest.rhythm
	for scope := range r.spans {
		r.cycles[scope] = shortest
		if _, shared := sharedIn(scope); shared {
			r.cycles[scope] = shortestOf(in[scope])
		}
		if r.cycles[scope].cycle == judge.AdHoc { // what a dropped row of another cycle had owed is nothing that is called for
			delete(r.owed, scope)
		}
	}
	return r, nil
}

// shortestOf is the shortest cycle of the rows that stand, as the unit is asked (unitItem), or of all where none does.
func shortestOf(all []*listingFacts) (of rhythmic) {
	for _, l := range all {
		if l.dropped == "" {
			of = of.shorter(l)
		}
	}
	if of.cycle == "" {
		for _, l := range all {
			of = of.shorter(l)
		}
	}
	return of
}

func emptyItem(member string) itemRow {
	return itemRow{
		member: member, spans: map[string][]judge.WorkSpan{}, owed: map[string]stretches{}, cycles: map[string]rhythmic{}, asked: map[string]days{},
	}
}

// allOf is the sum of a member's items over all its lists that can be read here.
func allOf(member string) string { return "all:" + member }

// reporters are the items whose reports are the item's, and the circles in which they are known: its own ones, unless
// neighbours do its work alone.
func (r *itemRow) reporters(id string) (items, circles []string) {
	if circles = r.circles(); len(circles) == 0 && len(r.by) > 0 {
		return r.by, []string{r.byCircle}
	}
	return []string{id}, circles
}

// scopes are the sums in which a listing's item is counted once.
// A row that neighbours do alone counts in its circle as their work, and among its own member's as its own item.
func (r *itemRow) scopes(l *listingFacts) (scopes []string) {
	ours := memberOfBook(l.book) == r.member
	if !ours || !l.elsewhere() {
		scopes = append(scopes, "circle:"+l.circle)
	}
	if !ours {
		return scopes
	}
	scopes = append(scopes, allOf(r.member))
	for _, lead := range r.leads {
		scopes = append(scopes, "unit:"+lead)
	}
	return scopes
}

func (r *itemRow) widen(w window, l *listingFacts) {
	if w.from == "" {
		return
	}
	for _, scope := range r.scopes(l) {
		r.owed[scope] = r.owed[scope].with(w)
	}
}

// itemHome finds the entry that describes the item: the own book's where there is one.
func (p *projector) itemHome(id string, r *itemRow) error {
	rows, err := p.tx.Query(p.ctx, `SELECT book, idx FROM plan_item WHERE item = ? ORDER BY book`, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var book string
		var idx int64
		if err := rows.Scan(&book, &idx); err != nil {
			return err
		}
		if r.book == "" || strings.HasSuffix(book, "/"+node.Self) {
			r.book, r.idx = book, idx
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	r.leads, err = p.texts(`SELECT org FROM plan_item_unit WHERE book = ? AND item = ? AND leads = 1 ORDER BY ord`, r.book, id)
	for i := range r.leads {
		r.leads[i] = idOf(r.member, r.leads[i])
	}
	return err
}

func union[V any](a, b map[string]V) map[string]bool {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}
