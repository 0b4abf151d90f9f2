package plan

import (
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

// knownReports say how the reports of an item stand of which nothing was ever sent back: what its rows tell then is as much as
// its acts do. All that are owed by now are accepted but for one period, for which nothing was filed, and those that wait for an answer.
type knownReports struct {
	unfiled judge.Period // "": none
	filed   []judge.Period
}

func (k *knownReports) accepted(p judge.Period) bool {
	return p != k.unfiled && !slices.Contains(k.filed, p)
}

// unitRow is a row of a list that holds an item of a unit.
type unitRow struct {
	ListRef
	item  string
	gap   judge.Date // as plan_now has it
	plain bool       // a row of this member for this item alone, of which nothing was sent back
	waits bool       // something of the item waits for an answer
}

// itemsOfUnit reads the items that a unit leads or supports and that stand in a list, in the
// order of the lists; what they and their rows are called is left to wordDuties.
func (d *Desk) itemsOfUnit(ctx context.Context, tx *store.Tx, org string, leads bool) ([]unitItem, error) {
	rows, err := d.rowsOfUnit(ctx, tx, org, leads)
	if err != nil {
		return nil, err
	}
	unfiled, err := d.callsOnRows(ctx, tx, rows, org, leads)
	if err != nil {
		return nil, err
	}
	var all []unitItem
	var of [][]*unitRow
	at := map[string]int{}
	alike := map[opening][]asking{}
	for i := range rows {
		row := &rows[i]
		row.plain = row.plain && !unfiled[row.Listing]
		n, seen := at[row.item]
		if !seen {
			n, at[row.item] = len(all), len(all)
			all, of = append(all, unitItem{id: row.item, alike: alike}), append(of, nil)
		}
		all[n].lists, of[n] = append(all[n].lists, row.ListRef), append(of[n], row)
	}
	waiting := map[string]*knownReports{}
	for i := range all {
		if all[i].known = all[i].knownBy(of[i], d.Today()); all[i].known != nil && of[i][0].waits {
			waiting[all[i].id] = all[i].known
		}
	}
	return all, d.joinFiled(ctx, tx, waiting)
}

// joinFiled joins the periods whose report waits for an answer and is not a correction of one that stays accepted.
func (d *Desk) joinFiled(ctx context.Context, tx *store.Tx, waiting map[string]*knownReports) error {
	for some := range slices.Chunk(sortedKeys(waiting), 512) {
		in, args := padded(some)
		rows, err := tx.Query(ctx, `SELECT w.item, w.period FROM plan_waiting w WHERE w.item IN (`+in+`) AND NOT EXISTS (
			SELECT 1 FROM plan_accepted a WHERE a.item = w.item AND a.book = ? AND a.period = w.period)`, append(args, d.node.BookName(node.Self))...)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var item string
			var p judge.Period
			err = scan(&item, &p)
			waiting[item].filed = append(waiting[item].filed, p)
			return none, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// knownBy is what rows alone say of an item's reports: one that owes all that the others owe, at the same cycle. It is nil where
// none does, or where there are more for which nothing was filed than one.
func (u unitItem) knownBy(rows []*unitRow, today judge.Date) *knownReports {
	whole, rhythm := rows[0], rows[0].rhythm
	for _, r := range rows {
		if !r.plain || r.Cycle != whole.Cycle {
			return nil
		}
		if whole.owed.from == "" || r.owed.from != "" && r.owed.from <= whole.owed.from && r.owed.until >= whole.owed.until {
			whole = r
		}
	}
	for _, r := range rows {
		if r.owed.from != "" && (r.owed.from < whole.owed.from || r.owed.until > whole.owed.until) {
			return nil
		}
	}
	if whole.gap == "" {
		return &knownReports{}
	}
	gap := judge.PeriodOf(whole.Cycle, whole.gap)
	if rhythm.Opens(gap) > today {
		return &knownReports{}
	}
	if next := gap.Next(); next == "" || next.First() >= whole.owed.until || rhythm.Opens(next) > today {
		return &knownReports{unfiled: gap}
	}
	return nil
}

func (d *Desk) rowsOfUnit(ctx context.Context, tx *store.Tx, org string, leads bool) ([]unitRow, error) {
	self := d.node.BookName(node.Self)
	lists, err := planRefs(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT u.item, n.book, n.listing, n.plan, n.circle, n.cycle, n.owed_from, n.owed_until, n.gap,
		CASE WHEN n.items <> 1 OR EXISTS (SELECT 1 FROM plan_returned r WHERE r.item = u.item)
			OR EXISTS (SELECT 1 FROM plan_claimed c WHERE c.listing = n.listing) THEN 0 ELSE 1 END,
		CASE WHEN EXISTS (SELECT 1 FROM plan_waiting w WHERE w.item = u.item) THEN 1 ELSE 0 END
		FROM plan_item_unit u CROSS JOIN plan_pointer pt CROSS JOIN plan_now n
		LEFT JOIN plan_dropped d ON d.book = n.book AND d.listing = n.listing
		WHERE u.book = ? AND u.org = ? AND u.leads = ? AND pt.item = u.item AND n.listing = pt.listing AND n.book = pt.book
		AND d.day IS NULL ORDER BY n.plan, n.ord, n.listing, pt.ord`, self, org, bit(leads))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (r unitRow, err error) {
		var book string
		var plain, waits int
		err = scan(&r.item, &book, &r.Listing, &r.Plan, &r.Circle, &r.Cycle, &r.owed.from, &r.owed.until, &r.gap, &plain, &waits)
		of := lists[book+" "+r.Plan]
		r.Title, r.rhythm, r.waits = of.Title, of.rhythm, waits == 1
		r.plain = plain == 1 && memberOfBook(book) == d.node.Member
		return r, err
	})
	return all, err
}

// planRefs are what all rows of a list share, by "BOOK PLAN".
func planRefs(ctx context.Context, tx *store.Tx) (map[string]ListRef, error) {
	rows, err := tx.Query(ctx, `SELECT p.book, p.plan, p.cutoff_day, p.ten_day_grace, p.open_days, e.words
		FROM plan_plan p JOIN book_entry e ON e.book = p.book AND e.idx = p.idx`)
	if err != nil {
		return nil, err
	}
	all := map[string]ListRef{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var book string
		var l ListRef
		var raw []byte
		if err := scan(&book, &l.Plan, &l.rhythm.CutoffDay, &l.rhythm.TenDayGrace, &l.rhythm.OpenDays, &raw); err != nil {
			return none, err
		}
		said, _, err := words[PlanWords](raw)
		l.Title = said.Title
		all[book+" "+l.Plan] = l
		return none, err
	})
	return all, err
}

// callsOnRows joins the calls that rows owe reports for, and says which rows have filed nothing for one of them.
func (d *Desk) callsOnRows(ctx context.Context, tx *store.Tx, rows []unitRow, org string, leads bool) (unfiled map[string]bool, err error) {
	called, err := tx.Query(ctx, `SELECT `+callColumns+` FROM plan_call c `+callJoins+` ORDER BY c.day, c.plan`)
	if err != nil {
		return nil, err
	}
	calls := map[string]Call{} // by "BOOK PLAN DAY"
	_, err = store.Collect(called, func(scan func(...any) error) (none struct{}, err error) {
		c, err := scanCall(scan)
		calls[c.Book+" "+c.Plan+" "+string(c.Day)] = c
		return none, err
	})
	if err != nil || len(calls) == 0 {
		return nil, err
	}
	asked, err := tx.Query(ctx, `SELECT n.listing, n.book, n.plan, a.day, CASE WHEN f.state IS NULL THEN 1 ELSE 0 END
		FROM plan_item_unit u CROSS JOIN plan_pointer pt CROSS JOIN plan_asked a CROSS JOIN plan_now n
		LEFT JOIN plan_filing f ON f.listing = a.owner AND f.period = a.day
		WHERE u.book = ? AND u.org = ? AND u.leads = ? AND pt.item = u.item AND a.owner = pt.listing AND a.scope = '' AND n.listing = a.owner
		ORDER BY a.day`, d.node.BookName(node.Self), org, bit(leads))
	if err != nil {
		return nil, err
	}
	of := map[string][]Call{}
	unfiled = map[string]bool{}
	_, err = store.Collect(asked, func(scan func(...any) error) (none struct{}, err error) {
		var listing, book, plan, day string
		var open int
		err = scan(&listing, &book, &plan, &day, &open)
		c, ok := calls[book+" "+plan+" "+day]
		if had := of[listing]; ok && (len(had) == 0 || had[len(had)-1].Day != c.Day) { // a row of several items of the unit comes several times
			of[listing] = append(had, c)
		}
		unfiled[listing] = unfiled[listing] || open == 1
		return none, err
	})
	for i := range rows {
		rows[i].calls = of[rows[i].Listing]
	}
	return unfiled, err
}

// historyOf reads the acts on some items, but for those whose reports are known without.
func (d *Desk) historyOf(ctx context.Context, tx *store.Tx, items []unitItem) (history, error) {
	done := history{acts: map[string][]act{}, known: map[string]*knownReports{}}
	var open []string
	for _, it := range items {
		if it.known != nil {
			done.known[it.id] = it.known
		} else {
			open = append(open, it.id)
		}
	}
	for some := range slices.Chunk(open, 512) {
		in, args := padded(some)
		acts, err := d.actsOf(ctx, tx, `x.item IN (`+in+`)`, args...)
		if err != nil {
			return done, err
		}
		for key, of := range acts.acts {
			done.acts[key] = of
		}
	}
	return done, nil
}

// standingShares are the parts that leads ask of a unit, which it has not declined and nobody took back.
func (d *Desk) standingShares(ctx context.Context, tx *store.Tx, org, which string, args ...any) ([]Share, error) {
	all, err := d.sharesWhere(ctx, tx, `s.org = ?`+which, append([]any{org}, args...)...)
	return slices.DeleteFunc(all, func(s Share) bool { return s.declined > s.Index || s.withdrawn > s.Index }), err
}

// shareFor is the id of the part that a unit is asked for, of an item for a period; empty: of none.
func (d *Desk) shareFor(ctx context.Context, tx *store.Tx, org, item string, p judge.Period) (string, error) {
	all, err := d.standingShares(ctx, tx, org, ` AND s.item = ?`, item)
	for _, s := range all {
		if covers(s.Once, s.From, p) {
			return s.ID, nil
		}
	}
	return "", err
}

// partsGiven are the reports of items ("ITEM@PERIOD") to which a unit has added something.
func (d *Desk) partsGiven(ctx context.Context, tx *store.Tx, org string, items []unitItem) (map[string]bool, error) {
	given := map[string]bool{}
	heired, err := inherited(ctx, tx, d.node.BookName(node.Self), org)
	if err != nil {
		return nil, err
	}
	theirs, units := places(heired)
	for some := range slices.Chunk(items, 512) {
		ids := make([]string, len(some))
		for i, it := range some {
			ids[i] = it.id
		}
		in, args := padded(ids)
		rows, err := tx.Query(ctx, `SELECT DISTINCT item, period FROM plan_part WHERE item IN (`+in+`) AND book || '' = ?
			AND org IN (`+theirs+`)`, slices.Concat(args, []any{d.node.BookName(node.Self)}, units)...)
		if err != nil {
			return nil, err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var item, period string
			err = scan(&item, &period)
			given[item+"@"+period] = true
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return given, nil
}

// wordDuties joins what items and rows are called, and why reports were sent back.
func (d *Desk) wordDuties(ctx context.Context, tx *store.Tx, all []Duty, done history) error {
	if err := d.whyReturned(ctx, tx, all, done); err != nil {
		return err
	}
	var items, listings []string
	for _, duty := range all {
		items = append(items, duty.Item)
		for _, l := range duty.Lists {
			listings = append(listings, l.Listing)
		}
	}
	self := d.node.BookName(node.Self)
	titles, err := wordsById[ItemWords](ctx, tx, `SELECT i.item, e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.book = ? AND i.item`, items, self)
	if err != nil {
		return err
	}
	rows, err := wordsById[ListingWords](ctx, tx, `SELECT n.listing, e.words FROM plan_now n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
		WHERE n.listing`, listings)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Title = titles[all[i].Item].Title
		for j := range all[i].Lists {
			l := &all[i].Lists[j]
			said := rows[l.Listing]
			l.Number, l.Wording, l.Deadline = said.Number, said.Title, said.Deadline
		}
	}
	return nil
}

// wordsById reads words by id; the query ends with the column of ids.
func wordsById[W any](ctx context.Context, tx *store.Tx, query string, ids []string, args ...any) (map[string]W, error) {
	all := map[string]W{}
	ids = slices.Compact(sortedTexts(ids))
	for some := range slices.Chunk(ids, 512) {
		in, more := padded(some)
		rows, err := tx.Query(ctx, query+` IN (`+in+`)`, slices.Concat(args, more)...)
		if err != nil {
			return nil, err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var id string
			var raw []byte
			if err := scan(&id, &raw); err != nil {
				return none, err
			}
			all[id], _, err = words[W](raw)
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
