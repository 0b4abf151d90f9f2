package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"liandong/plan/judge"
)

// itemSet is a query for the column item of the items that meet one thing that is asked, and few others.
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
	leastMet   = 500  // along the scope, before an index is asked after all
)

// itemFilter is what is asked of an item: s is its row of plan_item_span on the day.
type itemFilter struct {
	where []string
	args  []any
}

func (f *itemFilter) and(condition string, args ...any) {
	f.where, f.args = append(f.where, condition), append(f.args, args...)
}

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
	var filter itemFilter // in the order of what it costs to ask
	if in := statesIn(r.q.State); in != nil {
		set := itemSet{n: states[r.scope()].of(in)}
		set.ids, set.args = spansOn(`item FROM plan_item_span WHERE scope = ?`, r.scope(), in, r.asOf)
		sets = append(sets, set)
		met(states[r.counted()].of(in))
		places, args := places(in)
		filter.and(`s.state || '' IN (`+places+`)`, args...) // no index is to be taken for it: the page would be sorted
	}
	if r.q.Year != 0 {
		set, err := r.listedIn(r.q.Year, &filter)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
		met(set.n)
	}
	if r.reporting() {
		reports, err := r.unitReports([]string{r.counted()}, asked)
		if err != nil {
			return nil, err
		}
		n := reports[r.counted()].count(r.q.Filing)
		if n == 0 {
			return nil, nil
		}
		met(n)
		wanted, err := r.wantedReports(asked)
		if err != nil {
			return nil, err
		}
		var stand itemFilter
		r.stand(wanted, &stand)
		more, err := r.reported(wanted, n, r.walk(total, share, limit), stand)
		if err != nil {
			return nil, err
		}
		sets = append(sets, more...)
		filter.and(stand.where[0], stand.args...)
	}
	slices.SortStableFunc(sets, func(a, b itemSet) int { return cmp.Compare(a.n, b.n) })
	after := r.q.After
	if walk := r.walk(total, share, limit); len(sets) == 0 || sets[0].n > walk {
		until := ""
		if len(sets) > 0 { // if what is asked for is met together more seldom than each says, an index knows it sooner
			if until, err = r.further(after, max(leastMet, 4*walk/itemCost)); err != nil {
				return nil, err
			}
		}
		items, err = r.along(filter, after, until, limit)
		if err != nil || until == "" || len(items) == limit {
			return items, err
		}
		after = until
	}
	more, err := r.seek(sets, filter, after, limit-len(items))
	return append(items, more...), err
}

// along walks the items of the scope after one until another, or if that is empty to the end.
func (r itemsReading) along(filter itemFilter, after, until string, limit int) ([]string, error) {
	order := `s.item`
	if r.unitOfCircle() {
		order = `u.item`
	}
	query, args := r.selection(itemSet{}, filter, order, after)
	if until != "" {
		query, args = query+` AND `+order+` <= ?`, append(args, until)
	}
	// A limit that is an argument makes SQLite plan the query anew for each page.
	return r.texts(fmt.Sprintf(`%s ORDER BY %s LIMIT %d`, query, order, limit), args...)
}

// further is the item so many after another along the scope; "" if there are fewer.
func (r itemsReading) further(after string, items int) (string, error) {
	scope := r.scope()
	if r.unitOfCircle() {
		scope = itemScope("", r.q.Unit, r.member)
	}
	found, err := r.texts(fmt.Sprintf(`SELECT item FROM plan_item_span WHERE scope = ? AND item > ? AND seq = 0 ORDER BY item LIMIT 1 OFFSET %d`, items),
		scope, after)
	return first(found), err
}

// seek takes items from the first set, in order and more each time, until enough of them pass the filter.
func (r itemsReading) seek(sets []itemSet, filter itemFilter, after string, limit int) (items []string, err error) {
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
	for size := limit; ; size = min(4*size, mostSought) {
		some, err := r.texts(fmt.Sprintf(`SELECT DISTINCT c.item || '' FROM (%s) AS c WHERE %s ORDER BY 1 LIMIT %d`, sets[0].ids, where, size),
			slices.Concat(sets[0].args, []any{after}, more)...)
		if err != nil || len(some) == 0 {
			return items, err
		}
		in, args := padded(some)
		query, args := r.selection(itemSet{ids: `SELECT item FROM plan_item_now WHERE item IN (` + in + `)`, args: args}, filter, `s.item`, "")
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

func (r itemsReading) unitOfCircle() bool { return r.q.Unit != "" && r.q.Circle != "" }

// of is how many stand in some states.
func (c Counts) of(states []judge.WorkState) (n int) {
	for _, s := range states {
		n += c[s]
	}
	return n
}

// listedIn are the items in a list of a year.
func (r itemsReading) listedIn(year int, filter *itemFilter) (set itemSet, err error) {
	const rows = `plan_plan y CROSS JOIN plan_now n CROSS JOIN plan_pointer p`
	const joined = `n.plan = y.plan AND n.book = y.book AND p.listing = n.listing`
	filter.and(`EXISTS (SELECT 1 FROM plan_pointer p JOIN plan_now n ON n.listing = p.listing
		JOIN plan_plan y ON y.book = n.book AND y.plan = n.plan WHERE p.item = s.item AND y.year = ?)`, year)
	set.ids, set.args = `SELECT p.item FROM `+rows+` WHERE y.year = ? AND `+joined, []any{year}
	var lists []string
	for _, h := range r.heads {
		if h.Facts.Year == year {
			lists = append(lists, planScope(h.Facts.Plan, ""))
		}
	}
	counts, err := r.states(lists, judge.WorkStates())
	for _, c := range counts {
		set.n += c.Total()
	}
	return set, err
}

// selection selects the items of a set, or with an empty one of the whole scope, that pass a filter; those whose id, in a
// column of the query, comes after another.
func (r itemsReading) selection(set itemSet, filter itemFilter, column, after string) (query string, args []any) {
	from, where := `plan_item_span s`, []string{}
	if set.ids != "" {
		from, args = `(`+set.ids+`) AS c CROSS JOIN plan_item_span s`, slices.Clone(set.args)
		where = append(where, `s.item = c.item`)
	}
	switch {
	case r.unitOfCircle() && set.ids == "":
		from = `plan_item_span u CROSS JOIN plan_item_span s`
	case r.unitOfCircle():
		from += ` CROSS JOIN plan_item_span u`
	}
	if r.unitOfCircle() {
		where, args = append(where, `u.scope = ? AND u.seq = 0 AND s.item = u.item`), append(args, itemScope("", r.q.Unit, r.member))
	}
	day := string(r.asOf)
	// With seq only the key of the spans holds what is asked of them: it has the order of the page. An item of which nobody
	// said what it is has no row to show.
	where = append(where, `s.scope = ? AND s.seq >= 0 AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)`,
		`EXISTS (SELECT 1 FROM plan_item_now i WHERE i.item = s.item AND i.book <> '')`)
	args = append(args, r.scope(), day, day)
	if after != "" {
		where, args = append(where, column+` > ?`), append(args, after)
	}
	where = append(where, filter.where...)
	return `SELECT s.item FROM ` + from + ` WHERE ` + strings.Join(where, ` AND `), append(args, filter.args...)
}
