package plan

import (
	"maps"
	"slices"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// days are the days for which reports were called (临时调度), each with the day of the call.
type days map[judge.Date]judge.Date

// add keeps the earlier of two calls for one day: an item in several lists files once.
func (d days) add(more days) {
	for due, called := range more {
		if had, ok := d[due]; !ok || called < had {
			d[due] = called
		}
	}
}

func (d days) inOrder() []judge.Date { return slices.Sorted(maps.Keys(d)) }

// has says that an ad hoc period was called for.
func (d days) has(period string) bool {
	_, ok := d[judge.Date(period)]
	return ok
}

// call is one call of a list that was not withdrawn.
type call struct {
	due, called judge.Date
	rows        map[string]bool // nil: all
}

// callsOf reads the calls of a list, once for all its rows.
func (p *projector) callsOf(book, plan string) ([]call, error) {
	key := book + " " + plan
	if calls, ok := p.calls[key]; ok {
		return calls, nil
	}
	rows, err := p.tx.Query(p.ctx, `SELECT c.day, c.called, c.whole, COALESCE(r.listing, '') FROM plan_call c
		LEFT JOIN plan_call_row r ON r.book = c.book AND r.plan = c.plan AND r.day = c.day
		WHERE c.book = ? AND c.plan = ? ORDER BY c.day`, book, plan)
	if err != nil {
		return nil, err
	}
	calls := []call{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var c call
		var whole int
		var listing string
		if err := scan(&c.due, &c.called, &whole, &listing); err != nil || whole == 1 {
			calls = append(calls, c)
			return none, err
		}
		if n := len(calls); n == 0 || calls[n-1].due != c.due {
			c.rows = map[string]bool{}
			calls = append(calls, c)
		}
		calls[len(calls)-1].rows[listing] = true
		return none, nil
	})
	p.calls[key] = calls
	return calls, err
}

// asked are the days for which a listing owes a report that was called for.
func (p *projector) asked(l *listingFacts, spans []judge.WorkSpan) (days, error) {
	calls, err := p.callsOf(l.book, l.plan)
	if err != nil || len(calls) == 0 {
		return nil, err
	}
	all, active := days{}, l.active(spans)
	for _, c := range calls {
		if (c.rows == nil || c.rows[l.id]) && judge.CallOwed(active, c.called, c.due) {
			all[c.due] = c.called
		}
	}
	return all, nil
}

// oldAsked are the days that stand for a listing (scope "") or, by scope, for an item.
func (p *projector) oldAsked(owner string) (map[string]days, error) {
	all := map[string]days{}
	if p.anew {
		return all, nil
	}
	rows, err := p.tx.Query(p.ctx, `SELECT scope, day, called FROM plan_asked WHERE owner = ?`, owner)
	if err != nil {
		return nil, err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var scope string
		var due, called judge.Date
		err = scan(&scope, &due, &called)
		if all[scope] == nil {
			all[scope] = days{}
		}
		all[scope][due] = called
		return none, err
	})
	return all, err
}

// itemOwner names an item where rows of listings and items stand in one table: a neighbour may give both one id.
func itemOwner(item string) string { return "item " + item }

const itemOwnerSQL = `'item ' || `

// storeAsked replaces the days of a listing or item where they changed, and says whether they did.
func (p *projector) storeAsked(owner string, old, now map[string]days) (changed bool, err error) {
	if maps.EqualFunc(old, now, maps.Equal[days, days]) {
		return false, nil
	}
	if len(old) > 0 {
		if _, err := p.tx.Exec(p.ctx, `DELETE FROM plan_asked WHERE owner = ?`, owner); err != nil {
			return true, err
		}
	}
	for _, scope := range sortedKeys(now) {
		for _, due := range now[scope].inOrder() {
			if err := p.tx.Later(p.ctx, askedTable, owner, scope, string(due), string(now[scope][due])); err != nil {
				return true, err
			}
		}
	}
	return true, nil
}

// listingAsked brings a listing's days and the sums of who owes up to date.
func (p *projector) listingAsked(s standing, old nowRow) (changed bool, err error) {
	had, err := p.oldAsked(s.facts.id)
	if err != nil {
		return false, err
	}
	now := map[string]days{}
	if len(s.asked) > 0 {
		now[""] = s.asked
	}
	p.tallies.asked(reportScopes(old.plan, old.lead, s.facts.circle), had[""], -1)
	p.tallies.asked(reportScopes(s.facts.plan, s.facts.lead, s.facts.circle), s.asked, 1)
	return p.storeAsked(s.facts.id, had, now)
}

// itemAsked does the same for an item, per scope; leads are those it had.
func (p *projector) itemAsked(id string, leads []string, now itemRow) (changed bool, err error) {
	had, err := p.oldAsked(itemOwner(id))
	if err != nil {
		return false, err
	}
	for scope := range union(had, now.asked) {
		p.tallies.asked(counted(scope, leads), had[scope], -1)
		p.tallies.asked(counted(scope, now.leads), now.asked[scope], 1)
	}
	return p.storeAsked(itemOwner(id), had, now.asked)
}

// asked counts who owes a report that was called for: on its one day.
func (t tallies) asked(scopes []string, all days, sign int) {
	for due := range all {
		t.owed(scopes, judge.AdHoc, window{from: due, until: due.AddDays(1)}, "", sign)
	}
}

// adHoc says that a period is one day that somebody called for, or chose.
func adHoc(period string) bool { return judge.Period(period).Cycle() == judge.AdHoc }

// counts says whether a report of the period is one that the list may have asked for.
func (s standing) counts(period string) bool {
	return judge.Period(period).Cycle() == s.facts.cycle || s.asked.has(period)
}

// owes says whether a report of the period is owed.
func (s standing) owes(period string) bool {
	if adHoc(period) {
		return s.asked.has(period)
	}
	return s.owed.holds(period)
}

// counts says whether a report of the period is one that a list of the item may have asked for.
func (r itemRow) counts(period string) bool {
	if judge.Period(period).Cycle() == r.cycle {
		return true
	}
	for _, d := range r.asked {
		if d.has(period) {
			return true
		}
	}
	return false
}

// owes says whether a scope counts the item among those that owe a report of the period.
func (r itemRow) owes(scope, period string) bool {
	if adHoc(period) {
		return r.asked[scope].has(period)
	}
	return r.cycles[scope].cycle == judge.Period(period).Cycle() && r.owed[scope].holds(period)
}

// circles are those in whose lists the item stands.
func (r itemRow) circles() (all []string) {
	for scope := range r.spans {
		if circle, ok := strings.CutPrefix(scope, "circle:"); ok {
			all = append(all, circle)
		}
	}
	return sortedTexts(all)
}
