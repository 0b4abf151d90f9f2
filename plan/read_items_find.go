package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"liandong/plan/judge"
)

// itemSet is a query for the column item of some items, none twice.
type itemSet struct {
	n    int // about how many they are
	ids  string
	args []any
}

// An item that is met along the scope costs as much as so many from an index. Of two sets both are sought where the larger is
// at most so many times the other: what both indexes hold is told without a row.
const (
	itemCost   = 10
	bothSought = 8
	mostSought = 4096 // at once
)

// itemFilter is what is asked of an item: s is its row of plan_item_span on the day, i that of plan_item_now, f its
// report's of plan_filing.
type itemFilter struct {
	where []string
	args  []any
}

func (f *itemFilter) and(condition string, args ...any) {
	f.where, f.args = append(f.where, condition), append(f.args, args...)
}

// scope are the sums by whose spans the items shown stand.
func (r itemsReading) scope() string {
	if r.q.Circle != "" {
		return itemScope(r.q.Circle, "", r.member)
	}
	return itemScope("", r.q.Unit, r.member)
}

// reporting says that only items are shown of which a report is owed.
func (r itemsReading) reporting() bool { return r.q.Filing != "" || adHoc(string(r.q.Period)) }

// find gives the items of a page, in the order of their ids. Where few items meet what is asked they are found by
// an index of it; where many do, the items of the scope are walked until the page is full. So a page costs about the
// same among a thousand items and a hundred thousand.
func (r itemsReading) find(asked []asking, limit int) (items []string, err error) {
	states, err := r.states([]string{r.scope(), r.counted()}, judge.WorkStates())
	if err != nil {
		return nil, err
	}
	total := states[r.counted()].Total()
	share := 1.0 // of these, what meets what is asked
	met := func(n int) { share *= min(1, float64(n)/float64(max(total, 1))) }
	var sets []itemSet
	var filter itemFilter
	if in := statesIn(r.q.State); in != nil {
		set, err := r.standing(in, states[r.scope()])
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
		n := 0
		for _, s := range in {
			n += states[r.counted()][s]
		}
		met(n)
		places, args := places(in)
		filter.and(`s.state || '' IN (`+places+`)`, args...) // no index is to be taken for it: the page would be sorted
	}
	if r.reporting() {
		reports, err := r.unitReports([]string{r.counted()}, asked)
		if err != nil {
			return nil, err
		}
		n := reports[r.counted()].count(r.q.Filing)
		if n == 0 && nothingFiled(r.q.Filing) && plain(asked) {
			return nil, nil
		}
		met(n)
		fits, err := r.files(asked, &filter)
		if err != nil {
			return nil, err
		}
		more, err := r.reported(asked, fits, n, r.walk(total, share, limit), filter)
		if err != nil {
			return nil, err
		}
		sets = append(sets, more...)
	}
	r.narrow(&filter)
	slices.SortStableFunc(sets, func(a, b itemSet) int { return cmp.Compare(a.n, b.n) })
	if len(sets) == 0 || sets[0].n > r.walk(total, share, limit) {
		order := `s.item`
		if r.q.Unit != "" && r.q.Circle != "" {
			order = `u.item`
		}
		// A limit that is an argument makes SQLite plan the query anew for each page.
		query, args := r.selection(asked, itemSet{}, filter)
		return r.texts(fmt.Sprintf(`%s ORDER BY %s LIMIT %d`, query, order, limit), args...)
	}
	return r.seek(asked, sets, filter, limit)
}

// seek takes items from the first set, in order and more each time, until enough of them pass the filter.
func (r itemsReading) seek(asked []asking, sets []itemSet, filter itemFilter, limit int) (items []string, err error) {
	// The items go by an expression, so that no index is taken for their order instead of the condition's own.
	where, more := `c.item || '' > ?`, []any{}
	if len(sets) > 1 && sets[1].n <= bothSought*sets[0].n {
		where, more = where+` AND c.item IN (`+sets[1].ids+`)`, slices.Clone(sets[1].args)
	}
	for _, scope := range []string{r.scope(), itemScope("", r.q.Unit, r.member)} { // most of an office's items are not the unit's
		if scope != allOf(r.member) {
			where += ` AND EXISTS (SELECT 1 FROM plan_item_span z WHERE z.scope = ? AND z.item = c.item AND z.seq = 0)`
			more = append(more, scope)
		}
	}
	after := r.q.After
	for size := limit; ; size = min(4*size, mostSought) {
		some, err := r.texts(fmt.Sprintf(`SELECT DISTINCT c.item || '' FROM (%s) AS c WHERE %s ORDER BY 1 LIMIT %d`, sets[0].ids, where, size),
			slices.Concat(sets[0].args, []any{after}, more)...)
		if err != nil || len(some) == 0 {
			return items, err
		}
		in, args := padded(some)
		query, args := r.selection(asked, itemSet{ids: `SELECT item FROM plan_item_now WHERE item IN (` + in + `)`, args: args}, filter)
		pass, err := r.texts(query+` ORDER BY s.item`, args...)
		if items = append(items, pass...); err != nil || len(some) < size || len(items) >= limit {
			return items[:min(len(items), limit)], err
		}
		after = some[len(some)-1]
	}
}

func (r itemsReading) texts(query string, args ...any) ([]string, error) {
	rows, err := r.tx.Query(r.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// walk is what it costs to walk until a page is full if a share of all items is shown, in rows of an index.
func (r itemsReading) walk(total int, share float64, limit int) int {
	walk := float64(total)
	if meet := share * walk; meet > float64(limit) {
		walk *= float64(limit) / meet
	}
	return int(walk * itemCost * walkCost)
}

// counted is the scope whose sums count what is shown.
func (r itemsReading) counted() string { return itemScope(r.q.Circle, r.q.Unit, r.member) }

// standing are the items that stand in some states on the day.
func (r itemsReading) standing(states []judge.WorkState, counts Counts) (set itemSet, err error) {
	for _, s := range states {
		set.n += counts[s]
	}
	set.ids, set.args = spansOn(`item FROM plan_item_span WHERE scope = ?`, r.scope(), states, r.asOf)
	return set, nil
}

// files lets through what owes a report that stands as asked for, and gives what was done with the reports of each
// period that stand so.
func (r itemsReading) files(asked []asking, filter *itemFilter) (fits [][]string, err error) {
	owes, args := []string{"1 = 0"}, []any{}
	for _, a := range asked {
		first := string(a.period.First())
		if adHoc(string(a.period)) {
			owes = append(owes, `EXISTS (SELECT 1 FROM plan_asked a WHERE a.owner = `+itemOwnerSQL+`s.item AND a.scope = s.scope AND a.day = ?)`)
			args = append(args, first)
			continue
		}
		owes = append(owes, `(i.cycle = ? AND EXISTS (SELECT 1 FROM plan_item_owed o WHERE o.item = s.item AND o.scope = s.scope
			AND o.owed_from <> '' AND o.owed_from <= ? AND o.owed_until > ?))`)
		args = append(args, string(a.period.Cycle()), first, first)
	}
	filter.and(`(`+strings.Join(owes, ` OR `)+`)`, args...)
	if r.q.Filing == "" || r.q.Filing == Owed {
		return nil, nil
	}
	var every, rest []string
	for _, a := range asked {
		these, others, err := r.histories("", a, r.q.Filing)
		if err != nil {
			return nil, err
		}
		fits = append(fits, these)
		every, rest = append(every, these...), append(rest, others...)
	}
	switch {
	case nothingFiled(r.q.Filing):
		in, args := padded(rest)
		filter.and(`(f.steps IS NULL OR f.steps NOT IN (`+in+`))`, args...)
	default:
		in, args := padded(every)
		filter.and(`f.steps IN (`+in+`)`, args...)
		periods := make([]any, len(asked))
		for i, a := range asked {
			periods[i] = string(a.period)
		}
		if len(periods) > 0 { // most that is walked past is told by this alone
			filter.and(`EXISTS (SELECT 1 FROM plan_filing x WHERE x.listing = `+itemOwnerSQL+`s.item
				AND x.period IN (`+marks(len(periods))+`) AND x.steps IN (`+in+`))`, append(periods, args...)...)
		}
	}
	if r.q.Filing == InTime {
		filter.and(`f.on_time = 1`)
	}
	return fits, nil
}

// plain says that no item is asked for two reports, so that the sums count each as the rows do.
func plain(asked []asking) bool {
	return len(asked) == 1 || !slices.ContainsFunc(asked, func(a asking) bool { return adHoc(string(a.period)) })
}

// reported are sets in one of which all items are whose report stands as asked for; none where no index knows. n is
// how many these are by the sums, walk what it costs to do without.
func (r itemsReading) reported(asked []asking, fits [][]string, n, walk int, filter itemFilter) ([]itemSet, error) {
	if len(asked) == 1 && adHoc(string(asked[0].period)) {
		return r.calledFor(asked[0])
	}
	switch {
	case r.q.Filing == "" || r.q.Filing == Owed:
		return nil, nil
	case nothingFiled(r.q.Filing):
		return r.missing(asked, fits, n, walk, filter)
	}
	set := itemSet{}
	set.ids, set.args = filedAs(asked, fits)
	var err error
	set.n, err = r.indexed(asked)
	return []itemSet{set}, err
}

// indexed is about how many reports an index finds that stand as asked for: it is one of all items, also of neighbours' and
// of other units.
func (r itemsReading) indexed(asked []asking) (n int, err error) {
	all := []string{allOf(r.member)}
	if r.q.Circle != "" {
		all = append(all, r.scope())
	}
	reports, err := r.unitReports(all, asked)
	for _, scope := range all {
		n += reports[scope].count(r.q.Filing)
	}
	return n, err
}

// calledFor are the items that owe a report for the day of a call.
func (r itemsReading) calledFor(a asking) ([]itemSet, error) {
	reports, err := r.unitReports([]string{r.scope()}, []asking{a})
	return []itemSet{{
		n:    reports[r.scope()].Owed,
		ids:  `SELECT substr(owner, 6) AS item FROM plan_asked WHERE day = ? AND scope = ?`,
		args: []any{string(a.period.First()), r.scope()},
	}}, err
}

// filedAs are the items with whose reports was done what some texts say.
func filedAs(asked []asking, fits [][]string) (query string, args []any) {
	var arms []string
	for i, a := range asked {
		in, these := padded(fits[i])
		arms = append(arms, `SELECT substr(f.listing, 6) AS item FROM plan_filing f WHERE f.plan = '' AND f.period = ? AND f.steps IN (`+in+`)`)
		args = append(append(args, string(a.period)), these...)
	}
	if len(arms) == 0 {
		return `SELECT item FROM plan_item_now WHERE 1 = 0`, nil
	}
	return strings.Join(arms, ` UNION `), args
}

// missing finds items without a report by the rows of lists that wait for one. An item may owe by two lists what
// neither of them waits for (one of a longer cycle, one that it left): so these are taken only where the sums
// count as many in all.
func (r itemsReading) missing(asked []asking, fits [][]string, n, walk int, filter itemFilter) ([]itemSet, error) {
	if !plain(asked) || walk <= r.q.Size {
		return nil, nil
	}
	var arms []string
	var args []any
	for _, h := range r.heads {
		for _, a := range asked {
			if h.Facts.Cycle == a.period.Cycle() && inScope(h, r.q.Circle, r.member) {
				arms = append(arms, `SELECT book, listing FROM plan_now WHERE plan = ? AND gap > '' AND gap <= ?`)
				args = append(args, h.Facts.Plan, string(a.period.First()))
			}
		}
	}
	if len(arms) == 0 {
		return nil, nil
	}
	rows := strings.Join(arms, ` UNION ALL `)
	var set itemSet
	key := fmt.Sprint("waiting ", args)
	var err error
	set.n, err = once(r.counting, key, func() (n int, err error) {
		err = r.tx.Row(r.ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM (%s) AS g LIMIT %d) AS t`, rows, walk), args...).Scan(&n)
		return n, err
	})
	if err != nil {
		return nil, err
	}
	later, err := r.indexed(asked) // what was filed after the day is at most so many
	if set.n += later; err != nil || set.n >= min(walk, mostSought) {
		return nil, err
	}
	ids, filed := filedAs(asked, fits)
	set.ids = `SELECT p.item FROM (` + rows + `) AS g CROSS JOIN plan_pointer p WHERE p.book = g.book AND p.listing = g.listing UNION ` + ids
	set.args = append(args, filed...)
	whole := itemFilter{slices.Clone(filter.where), slices.Clone(filter.args)}
	if in := statesIn(r.q.State); in != nil { // the sums count all states
		whole.where, whole.args = whole.where[1:], whole.args[len(in):]
	}
	found, err := once(r.counting, fmt.Sprint("missing ", r.counted(), r.asOf, asked), func() (n int, err error) {
		query, args := r.selection(asked, set, whole)
		err = r.tx.Row(r.ctx, `SELECT count(*) FROM (`+query+`) AS t`, args...).Scan(&n)
		return n, err
	})
	if err != nil || found != n {
		return nil, err
	}
	return []itemSet{set}, nil
}

// narrow adds what is asked of an item beside its state and report.
func (r itemsReading) narrow(filter *itemFilter) {
	if r.q.Year != 0 {
		filter.and(`EXISTS (SELECT 1 FROM plan_pointer p JOIN plan_now n ON n.listing = p.listing
			JOIN plan_plan y ON y.book = n.book AND y.plan = n.plan WHERE p.item = s.item AND y.year = ?)`, r.q.Year)
	}
	if r.q.After != "" {
		filter.and(`s.item > ?`, r.q.After)
	}
}

// selection selects the items of a set, or with an empty one of the whole scope, that pass a filter.
func (r itemsReading) selection(asked []asking, set itemSet, filter itemFilter) (query string, args []any) {
	from, where := `plan_item_span s`, []string{}
	if set.ids != "" {
		from, args = `(`+set.ids+`) AS c CROSS JOIN plan_item_span s`, slices.Clone(set.args)
		where = append(where, `s.item = c.item`)
	}
	if r.q.Unit != "" && r.q.Circle != "" {
		where = append(where, `u.scope = ? AND u.seq = 0 AND s.item = u.item`)
		if set.ids != "" {
			from = strings.Replace(from, `CROSS JOIN plan_item_span s`, `CROSS JOIN plan_item_span s CROSS JOIN plan_item_span u`, 1)
		} else {
			from = `plan_item_span u CROSS JOIN plan_item_span s`
		}
	}
	from += ` JOIN plan_item_now i ON i.item = s.item`
	if r.reporting() {
		period, more := periodFor(asked, r.q.Period)
		from += ` LEFT JOIN plan_filing f ON f.listing = ` + itemOwnerSQL + `s.item AND f.period = ` + period
		args = append(args, more...)
	}
	if r.q.Unit != "" && r.q.Circle != "" {
		args = append(args, itemScope("", r.q.Unit, r.member))
	}
	day := string(r.asOf)
	// With seq only the key of the spans holds what is asked of them: it has the order of the page.
	where = append(where, `s.scope = ? AND s.seq >= 0 AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)`)
	args = append(args, r.scope(), day, day)
	where = append(where, filter.where...)
	return `SELECT s.item FROM ` + from + ` WHERE ` + strings.Join(where, ` AND `), append(args, filter.args...)
}
