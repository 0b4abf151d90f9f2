package plan

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"liandong/plan/judge"
)

// wantedReport is a period whose reports are asked for, with the texts of what was done with reports for it: those that on the day came
// to the state asked for, and the others.
type wantedReport struct {
	asking
	fits, others []string
}

func (r itemsReading) wantedReports(asked []asking) (all []wantedReport, err error) {
	for _, a := range asked {
		t := wantedReport{asking: a}
		if t.fits, t.others, err = r.histories("", a, r.wanted()); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// wanted is the state that is asked for: any, where only a call's day is.
func (r itemsReading) wanted() judge.FilingState {
	if r.q.Filing == "" {
		return Owed
	}
	return r.q.Filing
}

// stand lets through what owes one of the reports and has it stand as asked for.
func (r itemsReading) stand(all []wantedReport, filter *itemFilter) {
	owner := itemOwnerSQL + `s.item`
	if r.shared() {
		owner = `s.scope || ' ' || s.item`
	}
	var cycles, calls, either []string
	var cycleArgs, callArgs []any
	for _, t := range all {
		stands, more := r.stands(t, owner)
		first := string(t.period.First())
		if t.called() {
			calls = append(calls, `EXISTS (SELECT 1 FROM plan_asked a WHERE a.owner = `+itemOwnerSQL+`s.item AND a.scope = s.scope AND a.day = ?)`+stands)
			callArgs = slices.Concat(callArgs, []any{first}, more)
			continue
		}
		cycles = append(cycles, `(o.cycle = ? AND o.owed_from <> '' AND o.owed_from <= ? AND o.owed_until > ?`+stands+`)`)
		cycleArgs = slices.Concat(cycleArgs, []any{string(t.period.Cycle()), first, first}, more)
	}
	if len(cycles) > 0 {
		either = append(either, `EXISTS (SELECT 1 FROM plan_item_owed o WHERE o.item = s.item AND o.scope = s.scope AND (`+strings.Join(cycles, ` OR `)+`))`)
	}
	either = append(either, calls...)
	filter.and(`(`+strings.Join(either, ` OR `)+`)`, slices.Concat(cycleArgs, callArgs)...)
}

// stands asks how the report of a period stands.
func (r itemsReading) stands(t wantedReport, owner string) (and string, args []any) {
	const report = ` EXISTS (SELECT 1 FROM plan_filing f WHERE f.listing = %s AND f.period = ? AND f.steps IN (%s)%s)`
	switch {
	case r.wanted() == Owed:
		return ``, nil
	case nothingFiled(r.q.Filing):
		in, others := padded(t.others)
		return ` AND NOT` + fmt.Sprintf(report, owner, in, ``), append([]any{string(t.period)}, others...)
	}
	in, fits := padded(t.fits)
	return ` AND` + fmt.Sprintf(report, owner, in, r.inTime()), append([]any{string(t.period)}, fits...)
}

func (r itemsReading) inTime() string {
	if r.q.Filing == InTime {
		return ` AND f.on_time = 1`
	}
	return ``
}

// reported are sets in one of which all items are whose report stands as asked for; none where no index knows. n is
// how many these are by the sums, walk what it costs to do without.
func (r itemsReading) reported(all []wantedReport, n, walk int, stand itemFilter) ([]itemSet, error) {
	if len(all) == 1 && all[0].called() {
		return []itemSet{{
			n:    n, // of a unit in a circle it is less than what the index gives
			ids:  `SELECT substr(owner, 6) AS item FROM plan_asked WHERE day = ? AND scope = ?`,
			args: []any{string(all[0].period.First()), r.scope()},
		}}, nil
	}
	if r.wanted() == Owed || nothingFiled(r.q.Filing) {
		return r.waiting(all, n, walk, stand)
	}
	set := itemSet{}
	set.ids, set.args = r.filedAs(all)
	var err error
	set.n, err = r.indexed(all)
	return []itemSet{set}, err
}

// indexed is about how many reports the index has that stand as asked for: it has those of all units, and of neighbours' items.
func (r itemsReading) indexed(all []wantedReport) (n int, err error) {
	scope, asked := allOf(r.member), []asking{}
	if r.shared() {
		scope = r.scope()
	}
	for _, t := range all {
		asked = append(asked, t.asking)
	}
	reports, err := r.unitReports([]string{scope}, asked)
	return reports[scope].count(r.q.Filing), err
}

// filedAs are the items with whose reports was done what the texts say.
func (r itemsReading) filedAs(all []wantedReport) (query string, args []any) {
	prefix := r.owner("")
	end := prefix[:len(prefix)-1] + string(prefix[len(prefix)-1]+1)
	var arms []string
	for _, t := range all {
		in, fits := padded(t.fits)
		arms = append(arms, fmt.Sprintf(`SELECT substr(f.listing, %d) AS item FROM plan_filing f WHERE f.plan = '' AND f.period = ?
			AND f.steps IN (%s) AND f.listing > ? AND f.listing < ?%s`, utf8.RuneCountInString(prefix)+1, in, r.inTime()))
		args = append(slices.Concat(args, []any{string(t.period)}, fits), prefix, end)
	}
	return strings.Join(arms, ` UNION `), args
}

// waiting finds items without a report, or all that owe one, by the rows of lists that wait for one and by what was filed. An
// item may owe by two lists what neither of them waits for (one of a longer cycle, one that it left): so these are taken only
// where the sums count as many in all.
func (r itemsReading) waiting(all []wantedReport, n, walk int, stand itemFilter) ([]itemSet, error) {
	if walk <= r.q.Size {
		return nil, nil
	}
	rows, args, err := r.waitingRows(all)
	if err != nil {
		return nil, err
	}
	arms := []string{`SELECT p.item FROM (` + rows + `) AS g CROSS JOIN plan_pointer p WHERE p.book = g.book AND p.listing = g.listing`}
	for _, t := range all {
		if t.called() {
			arms, args = append(arms, `SELECT substr(owner, 6) FROM plan_asked WHERE day = ? AND scope = ?`), append(args, string(t.period), r.scope())
		}
	}
	set := itemSet{ids: strings.Join(arms, ` UNION ALL `), args: args}
	most := min(walk, mostSought)
	set.n, err = once(r.counting, fmt.Sprint("waiting ", most, set.args), func() (n int, err error) {
		err = r.tx.Row(r.ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM (%s) AS w LIMIT %d) AS t`, set.ids, most), set.args...).Scan(&n)
		return n, err
	})
	if err != nil || set.n >= most {
		return nil, err
	}
	if slices.ContainsFunc(all, func(t wantedReport) bool { return len(t.fits) > 0 }) { // filed after the day, or for all that owe at any time
		filed, err := r.indexed(all)
		if set.n += filed; err != nil || set.n >= most {
			return nil, err
		}
		ids, more := r.filedAs(all)
		set.ids, set.args = set.ids+` UNION `+ids, append(set.args, more...)
	}
	key := fmt.Sprint("waiting items ", r.counted(), r.asOf, r.wanted(), all)
	found, err := once(r.counting, key, func() (found int, err error) {
		query, args := r.selection(itemSet{ids: `SELECT DISTINCT item FROM (` + set.ids + `) AS d`, args: set.args}, stand, ``, ``)
		err = r.tx.Row(r.ctx, `SELECT count(*) FROM (`+query+`) AS t`, args...).Scan(&found)
		return found, err
	})
	if err != nil || found != n {
		return nil, err
	}
	return []itemSet{set}, nil
}

// waitingRows are the rows of lists (book and listing) that wait for one of the reports: those with a gap by its period and, in a
// circle, those whose report is not accepted yet.
func (r itemsReading) waitingRows(all []wantedReport) (query string, args []any, err error) {
	arms := []string{`SELECT book, listing FROM plan_now WHERE 1 = 0`}
	for _, h := range r.heads {
		for _, t := range all {
			if h.Facts.Cycle != t.period.Cycle() || t.called() || !inScope(h, r.q.Circle, r.member) {
				continue
			}
			arms = append(arms, `SELECT book, listing FROM plan_now WHERE plan = ? AND gap > '' AND gap <= ?`)
			args = append(args, h.Facts.Plan, string(t.period.First()))
			if !r.shared() {
				continue
			}
			_, open, err := r.histories(h.Facts.Plan, t.asking, judge.Accepted)
			if err != nil {
				return ``, nil, err
			}
			in, steps := padded(open)
			arms = append(arms, `SELECT n.book, n.listing FROM plan_filing f CROSS JOIN plan_now n
				WHERE f.plan = ? AND f.period = ? AND f.steps IN (`+in+`) AND n.listing = f.listing`)
			args = append(append(args, h.Facts.Plan, string(t.period)), steps...)
		}
	}
	return strings.Join(arms, ` UNION ALL `), args, nil
}
