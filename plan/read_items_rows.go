package plan

import (
	"cmp"
	"slices"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// page reads one page: first which items it shows, then what they say.
func (r itemsReading) page() (rows []ItemRow, next string, err error) {
	asked, err := r.asked()
	if err != nil {
		return nil, "", err
	}
	found, err := r.find(asked, r.q.Size+1)
	if err != nil || len(found) == 0 {
		return nil, "", err
	}
	if len(found) > r.q.Size {
		found = found[:r.q.Size]
		next = found[r.q.Size-1]
	}
	reports, err := r.reportsOf(found, asked)
	if err != nil {
		return nil, "", err
	}
	owed, err := r.owedBy(found)
	if err != nil {
		return nil, "", err
	}
	in, items := padded(found)
	day := string(r.asOf)
	read, err := r.tx.Query(r.ctx, `SELECT s.item, i.leads, i.lists,
		s.state, s.code, s.day, s.on_day, s.ref, e.words
		FROM plan_item_now i CROSS JOIN plan_item_span s
		JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.item IN (`+in+`) AND s.scope = ? AND s.item = i.item AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)
		ORDER BY s.item`, append(items, r.scope(), day, day)...)
	if err != nil {
		return nil, "", err
	}
	rows, err = store.Collect(read, func(scan func(...any) error) (ItemRow, error) { return r.scan(scan, asked, reports, owed) })
	return rows, next, err
}

func (r itemsReading) scan(scan func(...any) error, asked []asking, reports map[string]itemReport, owed map[string]owing) (w ItemRow, err error) {
	var leads string
	var raw []byte
	err = scan(&w.Item, &leads, &w.Lists, &w.Work.State, &w.Work.Reason.Code, &w.Work.Reason.Date,
		&w.Work.Reason.On, &w.Work.Reason.Ref, &raw)
	if err != nil {
		return w, err
	}
	for org := range strings.FieldsSeq(leads) {
		w.Leads = append(w.Leads, ItemUnit{org, r.d.apart(org, cmp.Or(r.names[org], saidID(org)))})
	}
	for _, a := range asked { // the first report that stands as asked is why the item is shown
		report := reports[w.Item+"@"+string(a.period)]
		if of := owed[w.Item]; !report.called && (a.period.Cycle() != of.cycle || !of.holds(string(a.period))) {
			continue
		}
		stands := filingAt(a.period, a.rhythm, report.steps, r.asOf)
		if r.q.Filing == "" || matches(stands.State, report.onTime, r.q.Filing) {
			w.Period, w.Filing = a.period, stands
			break
		}
	}
	said, _, err := words[ItemWords](raw)
	w.Title = said.Title
	return w, err
}

// owing is for which periods of a cycle an item owes reports.
type owing struct {
	cycle judge.Cycle
	stretches
}

// owedBy reads for which periods some items owe reports, as the scope has it.
func (r itemsReading) owedBy(items []string) (map[string]owing, error) {
	in, args := padded(items)
	rows, err := r.tx.Query(r.ctx, `SELECT item, cycle, owed_from, owed_until FROM plan_item_owed
		WHERE scope = ? AND item IN (`+in+`) ORDER BY item, owed_from`, append([]any{r.scope()}, args...)...)
	if err != nil {
		return nil, err
	}
	all := map[string]owing{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var item string
		var cycle judge.Cycle
		var w window
		err = scan(&item, &cycle, &w.from, &w.until)
		all[item] = owing{cycle, append(all[item].stretches, w)}
		return none, err
	})
	return all, err
}

// itemReport is the report of an item for a period: whether it was called for, and what was done with it.
type itemReport struct {
	steps          string
	onTime, called bool
}

// reportsOf reads the reports of some items for the periods asked for, by "ITEM@PERIOD".
func (r itemsReading) reportsOf(items []string, asked []asking) (map[string]itemReport, error) {
	all := map[string]itemReport{}
	if len(asked) == 0 {
		return all, nil
	}
	periods := make([]any, len(asked))
	for i, a := range asked {
		periods[i] = string(a.period)
	}
	// The periods go by an expression, so that the key is sought by item.
	err := r.eachOf(items, r.owner, `SELECT listing, period, steps, on_time FROM plan_filing WHERE period || '' IN (`+marks(len(periods))+`) AND listing`,
		periods, func(item, period, steps string, onTime bool) {
			all[item+"@"+period] = itemReport{steps: steps, onTime: onTime}
		})
	if call := asked[len(asked)-1]; err == nil && call.called() {
		err = r.eachOf(items, itemOwner, `SELECT owner, day, '', 0 FROM plan_asked WHERE scope = ? AND day = ? AND owner`,
			[]any{r.scope(), string(call.period)}, func(item, period, _ string, _ bool) {
				report := all[item+"@"+period]
				report.called = true
				all[item+"@"+period] = report
			})
	}
	return all, err
}

// eachOf reads rows of owner, period, steps and on_time by a query that ends with the column of owners, those that stand for
// some items.
func (r itemsReading) eachOf(items []string, owner func(item string) string, query string, args []any,
	take func(item, period, steps string, onTime bool),
) error {
	owners, of := make([]string, len(items)), map[string]string{}
	for i, item := range items {
		owners[i] = owner(item)
		of[owners[i]] = item
	}
	in, more := padded(owners)
	rows, err := r.tx.Query(r.ctx, query+` IN (`+in+`)`, slices.Concat(args, more)...)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var by, period, steps string
		var onTime int
		err = scan(&by, &period, &steps, &onTime)
		take(of[by], period, steps, onTime == 1)
		return none, err
	})
	return err
}
