package plan

import (
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// ListRef is a list in which an item stands, as far as reporting goes.
type ListRef struct {
	Plan     string      `json:"plan"`
	Title    string      `json:"title"`
	Listing  string      `json:"listing"`
	Number   string      `json:"number,omitempty"` // as the list numbers the row
	Wording  string      `json:"wording"`          // the row's own wording
	Circle   string      `json:"circle"`
	Cycle    judge.Cycle `json:"cycle"`
	Deadline string      `json:"deadline,omitempty"` // as the list words it: 6月底前
	Member   string      `json:"member,omitempty"`   // name of the neighbour whose list it is

	rhythm judge.Rhythm
	owed   window
	calls  []Call // that the row owes reports for
}

// unitItem is an item of a unit with the lists that hold it.
type unitItem struct {
	id    string
	lists []ListRef
	known *knownReports        // nil: only its acts tell
	alike map[opening][]asking // what rows open that open alike; nil: not kept
}

// opening is what decides which periods of a cycle are waited for.
type opening struct {
	cycle  judge.Cycle
	owed   window
	rhythm judge.Rhythm
}

// shortest is the cycle at which the unit files.
func (u unitItem) shortest() judge.Cycle {
	var of []judge.Cycle
	for _, l := range u.lists {
		of = append(of, l.Cycle)
	}
	return judge.Shortest(of...)
}

// asked is for which periods of a cycle reports are owed, and by which rhythm. At the shortest
// cycle all lists ask: the longer reports are composed from these.
func (u unitItem) asked(cycle judge.Cycle) (all stretches, r judge.Rhythm) {
	shortest, first := cycle == u.shortest(), true
	for _, l := range u.lists {
		if l.Cycle == cycle && first {
			r, first = l.rhythm, false
		}
		if shortest || l.Cycle == cycle {
			all = all.with(l.owed)
		}
	}
	return all, r
}

// cycles are those of its lists, the shortest first, and ad hoc where a list called for a report.
func (u unitItem) cycles() []judge.Cycle {
	var all []judge.Cycle
	for _, c := range judge.Cycles() {
		if slices.ContainsFunc(u.lists, func(l ListRef) bool { return l.Cycle == c || c == judge.AdHoc && len(l.calls) > 0 }) {
			all = append(all, c)
		}
	}
	return all
}

// opened lists the periods of a cycle that are owed and waited for by a day, in order, each with
// its rhythm. What it returns is shared: it is not to be changed.
func (u unitItem) opened(cycle judge.Cycle, today judge.Date) (all []asking) {
	if cycle == judge.AdHoc {
		return u.called(today)
	}
	of, r := u.asked(cycle)
	if len(of) == 1 {
		return u.openedIn(opening{cycle, of[0], r}, today)
	}
	for _, w := range of {
		all = append(all, u.openedIn(opening{cycle, w, r}, today)...)
	}
	return all
}

func (u unitItem) openedIn(o opening, today judge.Date) (all []asking) {
	if all, kept := u.alike[o]; kept {
		return all
	}
	for p := judge.PeriodOf(o.cycle, o.owed.from); p != "" && p.First() < o.owed.until && o.rhythm.Opens(p) <= today; p = p.Next() {
		all = append(all, asking{p, o.rhythm})
	}
	if u.alike != nil {
		u.alike[o] = all
	}
	return all
}

// counts says that the list owes a report of just this period: by its cycle, between its first period
// and its last, or by a call.
func (l ListRef) counts(p judge.Period) bool {
	return l.Cycle == p.Cycle() && l.owed.holds(string(p)) || slices.ContainsFunc(l.calls, func(c Call) bool { return c.Period() == p })
}

// Composes says that a longer report, which the list owes, is composed from reports of such a period.
func (l ListRef) Composes(p judge.Period) bool {
	return p.Cycle() != judge.AdHoc && l.Cycle != judge.AdHoc && l.Cycle.PerYear() < p.Cycle().PerYear() && l.owed.meets(p)
}

// in are the lists in which a report of the period counts, and the others.
func (u unitItem) in(p judge.Period) (in, others []ListRef) {
	for _, l := range u.lists {
		if l.counts(p) {
			in = append(in, l)
		} else {
			others = append(others, l)
		}
	}
	return in, others
}

const listColumns = `n.listing, n.plan, n.circle, n.cycle, n.owed_from, n.owed_until,
	p.cutoff_day, p.ten_day_grace, p.open_days, le.words, pe.words`

const listJoins = `JOIN plan_now n ON n.listing = pt.listing AND n.book = pt.book
	JOIN plan_plan p ON p.book = n.book AND p.plan = n.plan
	JOIN book_entry le ON le.book = n.book AND le.idx = n.idx
	JOIN book_entry pe ON pe.book = p.book AND pe.idx = p.idx
	LEFT JOIN plan_dropped d ON d.book = n.book AND d.listing = n.listing`

func scanList(scan func(...any) error, before ...any) (l ListRef, err error) {
	var row, head []byte
	err = scan(append(before, &l.Listing, &l.Plan, &l.Circle, &l.Cycle, &l.owed.from, &l.owed.until,
		&l.rhythm.CutoffDay, &l.rhythm.TenDayGrace, &l.rhythm.OpenDays, &row, &head)...)
	if err != nil {
		return l, err
	}
	said, _, err := words[ListingWords](row)
	if err != nil {
		return l, err
	}
	plan, _, err := words[PlanWords](head)
	l.Number, l.Wording, l.Deadline, l.Title = said.Number, said.Title, said.Deadline, plan.Title
	return l, err
}

// listsOf reads the lists that hold an item now.
func listsOf(ctx context.Context, tx *store.Tx, item string) ([]ListRef, error) {
	rows, err := tx.Query(ctx, `SELECT `+listColumns+` FROM plan_pointer pt `+listJoins+`
		WHERE pt.item = ? AND d.day IS NULL ORDER BY n.plan, n.ord`, item)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (ListRef, error) { return scanList(scan) })
	if err != nil {
		return nil, err
	}
	calls, err := callsOn(ctx, tx, `SELECT listing FROM plan_pointer WHERE item = ?`, item)
	for i := range all {
		all[i].calls = calls[all[i].Listing]
	}
	return all, err
}

// listsElsewhere are the lists of neighbours, in a row of which a report of an item and period counts once it is accepted.
func listsElsewhere(ctx context.Context, tx *store.Tx, item string, p judge.Period) ([]ListRef, error) {
	rows, err := tx.Query(ctx, `SELECT n.book, `+listColumns+` FROM
		(SELECT k.listing, w.book FROM plan_claimed k JOIN plan_now w ON w.listing = k.listing WHERE k.item = ?) AS pt `+listJoins+`
		WHERE d.day IS NULL ORDER BY n.plan, n.ord`, item)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (l ListRef, err error) {
		var name string
		l, err = scanList(scan, &name)
		l.Member = region.MemberName(memberOfBook(name))
		return l, err
	})
	return slices.DeleteFunc(all, func(l ListRef) bool { return !l.counts(p) }), err
}

// act is one act on the report of an item and period, with its entry in the own book.
type act struct {
	judge.Step
	idx int64
	org string
}

// history are the acts by item and period, in the order of the book. Of items whose reports are known without them they are
// not read.
type history struct {
	acts  map[string][]act // by "ITEM@PERIOD"
	known map[string]*knownReports
}

func (h history) of(item string, p judge.Period) []act { return h.acts[item+"@"+string(p)] }

func (h history) steps(item string, p judge.Period) []judge.Step {
	var all []judge.Step
	for _, a := range h.of(item, p) {
		all = append(all, a.Step)
	}
	return all
}

// state is how the report of an item and period stands on a day.
func (h history) state(item string, p judge.Period, r judge.Rhythm, day judge.Date) judge.FilingSpan {
	if k, ok := h.known[item]; ok && k.accepted(p) {
		return judge.FilingSpan{State: judge.Accepted}
	} else if ok && p != k.unfiled {
		return judge.FilingSpan{State: judge.Filed}
	}
	return judge.At(judge.ReportOutlook(judge.FilingOf(p, r, h.steps(item, p)...)), day)
}

// actsOf reads what was filed, returned and accepted in the own book; where selects the items by
// the column x.item and takes the arguments.
func (d *Desk) actsOf(ctx context.Context, tx *store.Tx, where string, args ...any) (history, error) {
	self := d.node.BookName(node.Self)
	// Book and place go by expressions: else the whole book would be walked, which is in the order asked for.
	one := func(what judge.FilingState, org, table string) string {
		return `SELECT x.item, x.period, x.idx + 0, '` + string(what) + `', x.day, ` + org + ` FROM ` + table +
			` x WHERE x.book || '' = ? AND ` + where
	}
	each := append([]any{self}, args...)
	rows, err := tx.Query(ctx, one(judge.Filed, "x.org", "plan_filed")+` UNION ALL `+
		one(judge.Returned, "''", "plan_returned")+` UNION ALL `+
		one(judge.Accepted, "x.org", "plan_accepted")+` ORDER BY 3`, slices.Concat(each, each, each)...)
	h := history{acts: map[string][]act{}}
	if err != nil {
		return h, err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var item, period string
		var a act
		err = scan(&item, &period, &a.idx, &a.What, &a.On, &a.org)
		h.acts[item+"@"+period] = append(h.acts[item+"@"+period], a)
		return none, err
	})
	return h, err
}
