package plan

import (
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
)

// A report is kept twice where a circle counts it: as this node knows it, with what was filed and sent back, and as the
// circle's books know it (圈内口径), which is only what was accepted and the same on every node. See docs/decisions/0012.

// sharedOwner names how the report of a listing, or a list, stands in its circle.
func sharedOwner(id string) string { return sharedMark + id }

const sharedMark = "circle "

// sharedItem names how the report of an item stands in a circle.
func sharedItem(circle, item string) string { return circlePrefix + circle + " " + item }

const circlePrefix = "circle:"

// sharedIn is the circle that a scope of items counts over; ok is false for the member's own lists, also those in no circle.
func sharedIn(scope string) (circle string, ok bool) {
	circle, ok = strings.CutPrefix(scope, circlePrefix)
	return circle, ok && circle != node.Self
}

// sharedScopes are the sums of a list by its circle's books.
func sharedScopes(plan, lead string) []string {
	if plan == "" {
		return nil
	}
	scopes := []string{sharedScope(plan, "")}
	if lead != "" {
		scopes = append(scopes, sharedScope(plan, lead))
	}
	return scopes
}

// sharedScope is the sum of reports of a list, or of what a unit leads in it, by its circle's books.
func sharedScope(plan, unit string) string { return "circle" + planScope(plan, unit) }

// reportScope is the sum of a list's reports as they are looked at.
func reportScope(plan, unit string, shared bool) string {
	if shared {
		return sharedScope(plan, unit)
	}
	return planScope(plan, unit)
}

// reportScopes are all sums in which it counts that a row of a list owes a report.
func reportScopes(plan, lead, circle string) []string {
	if circle == node.Self {
		return planScopes(plan, lead)
	}
	return append(planScopes(plan, lead), sharedScopes(plan, lead)...)
}

// sharedFiling keeps how the report of a listing stands in its circle. Where that has a row, the listing's own filing has one.
func (p *projector) sharedFiling(s standing, period string) (err error) {
	l := s.facts
	if l.circle == node.Self {
		return nil
	}
	var now filingRow
	if s.counts(period) {
		if now, err = p.shared(l.work(), l.circle, period, l.rhythm); err != nil {
			return err
		}
	}
	now.plan, now.lead = sharedOwner(l.plan), l.lead
	if s.owes(period) {
		now.scopes = filedSince(l.since, sharedScopes(l.plan, l.lead))
	}
	return p.storeFiling(sharedOwner(l.id), period, now)
}

// sharedItemFiling counts the report of an item once in a circle, at the shortest cycle of the lists there.
func (p *projector) sharedItemFiling(id string, now itemRow, scope, period string) (err error) {
	circle, ok := sharedIn(scope)
	if !ok {
		return nil
	}
	var row filingRow
	if judge.Period(period).Cycle() == now.cycles[scope].cycle || now.asked[scope].has(period) {
		work := []claim{{item: id, book: now.member + "/" + circle}}
		if row, err = p.shared(work, circle, period, now.cycles[scope].rhythm); err != nil {
			return err
		}
	}
	if now.owes(scope, period) {
		row.scopes = sortedTexts(filedSince(begins(now.spans[scope]), counted(scope, now.leads)))
	}
	return p.storeFiling(sharedItem(circle, id), period, row)
}

// shared is how the report of a period over some items stands by a circle's books: accepted from the day on which there was
// one of each, and before that day nothing was known of it; in time if each was first filed in time.
func (p *projector) shared(work []claim, circle, period string, r judge.Rhythm) (row filingRow, err error) {
	known := judge.Date("")
	row.onTime = 1
	for _, w := range work {
		f, err := p.readItem(w.book, circle, w.item)
		if err != nil {
			return row, err
		}
		at := slices.IndexFunc(f.accepted, func(a acceptedRow) bool { return a.period == period })
		if at < 0 {
			return filingRow{}, nil
		}
		known = max(known, f.accepted[at].day)
		if f.accepted[at].filed > r.Cutoff(judge.Period(period)) {
			row.onTime = 0
		}
	}
	if known == "" {
		return filingRow{}, nil
	}
	row.state, row.steps = string(judge.Accepted), stepText([]judge.Step{{What: judge.Accepted, On: known}})
	return row, nil
}
