package plan

import (
	"context"
	"slices"

	"liandong/plan/judge"
	"liandong/store"
)

// Call is a list's call for reports out of turn (临时调度) that was not withdrawn.
type Call struct {
	Plan   string     `json:"plan"`
	Title  string     `json:"title,omitempty"` // of the list
	Day    judge.Date `json:"day"`             // by which the report is due, that day included
	Called judge.Date `json:"called"`          // when it was made
	Whole  bool       `json:"whole"`           // all open rows are asked, else some
	Text   string     `json:"text"`            // what is asked and why; empty when erased
	Book   string     `json:"book"`
	Index  int64      `json:"index"`
}

// Period is the ad hoc period that answers the call.
func (c Call) Period() judge.Period { return judge.Period(c.Day) }

// Asking is the period and the rhythm by which its report is judged.
func (c Call) asking() asking {
	return asking{period: c.Period(), rhythm: judge.Rhythm{}.OfCall(c.Called, c.Day)}
}

const callColumns = `c.plan, c.day, c.called, c.whole, c.book, c.idx, e.words, pe.words`

const callJoins = `JOIN book_entry e ON e.book = c.book AND e.idx = c.idx
	JOIN plan_plan p ON p.book = c.book AND p.plan = c.plan
	JOIN book_entry pe ON pe.book = p.book AND pe.idx = p.idx`

func scanCall(scan func(...any) error, before ...any) (c Call, err error) {
	var raw, head []byte
	var whole int
	err = scan(append(before, &c.Plan, &c.Day, &c.Called, &whole, &c.Book, &c.Index, &raw, &head)...)
	if err != nil {
		return c, err
	}
	c.Whole = whole == 1
	said, _, err := words[CallWords](raw)
	if err != nil {
		return c, err
	}
	plan, _, err := words[PlanWords](head)
	c.Text, c.Title = said.Text, plan.Title
	return c, err
}

// callsBy reads the calls made by a day, of one list or with plan "" of all, the latest due first.
func callsBy(ctx context.Context, tx *store.Tx, plan string, asOf judge.Date) ([]Call, error) {
	rows, err := tx.Query(ctx, `SELECT `+callColumns+` FROM plan_call c `+callJoins+`
		WHERE (? = '' OR c.plan = ?) AND c.called <= ? ORDER BY c.day DESC, c.plan`, plan, plan, string(asOf))
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (Call, error) { return scanCall(scan) })
}

// callsTo reads the calls of some lists made by a day, the latest due first.
func callsTo(ctx context.Context, tx *store.Tx, heads []PlanHead, asOf judge.Date) ([]Call, error) {
	calls, err := callsBy(ctx, tx, "", asOf)
	return slices.DeleteFunc(calls, func(c Call) bool {
		return !slices.ContainsFunc(heads, func(h PlanHead) bool { return h.Facts.Plan == c.Plan })
	}), err
}

// callsByList are the calls of all lists, by list.
func callsByList(ctx context.Context, tx *store.Tx, asOf judge.Date) (map[string][]Call, error) {
	calls, err := callsBy(ctx, tx, "", asOf)
	all := map[string][]Call{}
	for _, c := range calls {
		all[c.Plan] = append(all[c.Plan], c)
	}
	return all, err
}

// callsOn reads the calls that rows owe reports for, by row; the rows are those that a query names.
func callsOn(ctx context.Context, tx *store.Tx, listings string, args ...any) (map[string][]Call, error) {
	rows, err := tx.Query(ctx, `SELECT a.owner, `+callColumns+` FROM plan_asked a
		JOIN plan_now n ON n.listing = a.owner
		JOIN plan_call c ON c.book = n.book AND c.plan = n.plan AND c.day = a.day `+callJoins+`
		WHERE a.scope = '' AND a.owner IN (`+listings+`) ORDER BY c.day, c.plan`, args...)
	if err != nil {
		return nil, err
	}
	all := map[string][]Call{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var listing string
		c, err := scanCall(scan, &listing)
		all[listing] = append(all[listing], c)
		return none, err
	})
	return all, err
}

// calls are those of the item's lists that a period answers, each list's once.
func (u unitItem) calls(p judge.Period) (all []Call) {
	for _, l := range u.lists {
		for _, c := range l.calls {
			same := func(o Call) bool { return o.Book == c.Book && o.Index == c.Index }
			if c.Period() == p && !slices.ContainsFunc(all, same) {
				all = append(all, c)
			}
		}
	}
	return all
}

// called are the periods that were called for by a day, in order; of two calls for one day the
// earlier one counts.
func (u unitItem) called(today judge.Date) []asking {
	made := days{}
	for _, l := range u.lists {
		for _, c := range l.calls {
			if c.Called <= today {
				made.add(days{c.Day: c.Called})
			}
		}
	}
	var all []asking
	for _, due := range made.inOrder() {
		all = append(all, Call{Day: due, Called: made[due]}.asking())
	}
	return all
}

// rhythmOf is the rhythm by which a report of the period is judged; asked is false where no list
// of the item wants one. A list without a rhythm takes a report of any period.
func (u unitItem) rhythmOf(p judge.Period, today judge.Date) (r judge.Rhythm, asked bool) {
	for _, a := range u.called(today) {
		if a.period == p {
			return a.rhythm, true
		}
	}
	for _, cycle := range []judge.Cycle{p.Cycle(), judge.AdHoc} {
		for _, l := range u.lists {
			if l.Cycle == cycle {
				return l.rhythm, true
			}
		}
	}
	return judge.Rhythm{}, false
}
