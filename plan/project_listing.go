package plan

import (
	"fmt"
	"slices"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// listingFacts are the rows of the books that decide how one listing stands.
type listingFacts struct {
	id, book, circle, plan string
	ord, idx               int64
	items                  []string
	claims                 []claim // of neighbours, that stand for it
	lead                   string
	year                   int
	cycle                  judge.Cycle
	rhythm                 judge.Rhythm
	since                  judge.Date // first day in its list, see since
	from                   judge.Date // issued or added to the list
	dropped                judge.Date
	deadline               judge.Deadline
	warnDays               int
	verdicts               []judge.Overrule // in the order of the book; an empty state withdraws
	agreed                 []agreed         // changes of neighbours' parts, the one that holds last
	onParts                []partVerdict    // in the order of the book
}

func (p *projector) readListing(id string) (*listingFacts, error) {
	l := &listingFacts{id: id}
	var listed, begun, issued string
	err := p.tx.Row(p.ctx, `SELECT l.book, l.circle, l.plan, l.ord, l.idx, l.deadline_kind, l.deadline, l.listed,
		COALESCE(d.day, ''), p.year, p.cycle, p.cutoff_day, p.ten_day_grace, p.open_days, p.warn_days, p.issued, p.begun
		FROM plan_listing l JOIN plan_plan p ON p.book = l.book AND p.plan = l.plan
		LEFT JOIN plan_dropped d ON d.book = l.book AND d.listing = l.listing
		WHERE l.listing = ? ORDER BY l.book LIMIT 1`, id).Scan(
		&l.book, &l.circle, &l.plan, &l.ord, &l.idx, &l.deadline.Kind, &l.deadline.Date, &listed, &l.dropped,
		&l.year, &l.cycle, &l.rhythm.CutoffDay, &l.rhythm.TenDayGrace, &l.rhythm.OpenDays, &l.warnDays, &issued, &begun)
	if err != nil {
		return nil, err
	}
	if issued != "" { // long before its year no report is owed: a slip, or malice
		issued = max(issued, fmt.Sprintf("%04d-01-01", l.year-1))
	}
	l.from = max(judge.Date(listed), judge.Date(issued))
	l.since = since(judge.Date(listed), judge.Date(begun), judge.Date(issued), l.year)
	l.items, err = p.texts(`SELECT item FROM plan_pointer WHERE book = ? AND listing = ? ORDER BY ord`, l.book, id)
	if err != nil {
		return nil, err
	}
	if len(l.items) > 0 {
		leads, err := p.texts(`SELECT org FROM plan_item_unit WHERE book = ? AND item = ? AND leads = 1 ORDER BY ord LIMIT 1`,
			l.book, l.items[0])
		if err != nil {
			return nil, err
		}
		l.lead = idOf(memberOfBook(l.book), strings.Join(leads, ""))
	}
	if l.claims, err = p.claimsOf(l); err != nil {
		return nil, err
	}
	if err := p.readEquals(l); err != nil {
		return nil, err
	}
	return l, p.readVerdicts(l)
}

// elsewhere says that neighbours do the row's work alone.
func (l *listingFacts) elsewhere() bool {
	return len(l.claims) > 0 && !slices.ContainsFunc(l.claims, func(c claim) bool { return !c.alone })
}

// work are the items by which a row is judged, with the book that describes each: its own, unless neighbours do
// the work alone, and those of the neighbours who claimed it. It stands where the worst of them stands.
func (l *listingFacts) work() (all []claim) {
	if !l.elsewhere() {
		for _, item := range l.items {
			all = append(all, claim{listing: l.id, item: item, book: l.book})
		}
	}
	return append(all, l.claims...)
}

func (l *listingFacts) workItems() (items []string) {
	for _, w := range l.work() {
		items = append(items, w.item)
	}
	return items
}

// since is the first day on which a row stands in its list. A list binds from its issue (印发), also when
// it is taken in here later; one that is taken in before it is issued is there from then on. One that names
// no day of issue counts from the day it was taken in, or, when its year was over by then, through its year.
// A row that was added to a standing list counts from that day.
func since(listed, begun, issued judge.Date, year int) judge.Date {
	newYear := func(y int) judge.Date { return judge.Date(fmt.Sprintf("%04d-01-01", y)) }
	switch {
	case listed > begun:
		return listed
	case issued != "":
		return min(issued, listed)
	case listed >= newYear(year+1):
		return newYear(year)
	}
	return listed
}

func (p *projector) readVerdicts(l *listingFacts) error {
	rows, err := p.tx.Query(p.ctx, `SELECT idx, state, day FROM plan_verdict WHERE book = ? AND listing = ? ORDER BY idx`,
		l.book, l.id)
	if err != nil {
		return err
	}
	l.verdicts, err = store.Collect(rows, func(scan func(...any) error) (v judge.Overrule, err error) {
		var idx int64
		err = scan(&idx, &v.State, &v.Date)
		v.Ref = fmt.Sprint(idx)
		return v, err
	})
	return err
}
