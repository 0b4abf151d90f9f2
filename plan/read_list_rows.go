package plan

import (
	"slices"
	"strings"

	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
)

// rowReading reads rows of one list.
type rowReading struct {
	counting
	q      ListQuery
	rhythm judge.Rhythm // of the period
	whole  int          // rows of the list
	total  int          // of these, what the unit leads if one is asked for
	states Counts       // how these stand
	report Reporting
	stood  map[string]judge.FilingSpan // how reports stand, by what was done with them: many rows share that
}

// page reads one page of rows: first which they are, by the joint tables' own indexes and that of
// words, then what they say.
func (r rowReading) page() (rows []Row, next string, err error) {
	asked, err := r.conditions()
	if err != nil {
		return nil, "", err
	}
	query, args, err := r.find(asked, r.q.Size+1)
	if err != nil {
		return nil, "", err
	}
	rows, err = r.rows(query, args)
	if err == nil && len(rows) > r.q.Size {
		rows = rows[:r.q.Size]
		next = cursor(rows[r.q.Size-1])
	}
	return rows, next, err
}

// past says that the as-of date is over: what was said since is not to be seen.
func (r rowReading) past() bool { return r.asOf < r.today }

// nothingFiled says that a filing state means that no report has come in.
func nothingFiled(s judge.FilingState) bool {
	return s == judge.NotDue || s == judge.Due || s == judge.Missed
}

// Rows may also be asked for by a group of filing states.
const (
	Owed     = judge.FilingState("owed")     // a report is owed, whether it came or not
	Reported = judge.FilingState("reported") // has come in and was not sent back: filed or accepted
	InTime   = judge.FilingState("in-time")  // first came in by the cut-off
)

// matches says whether a report that stands so is one of those asked for.
func matches(s judge.FilingState, onTime bool, asked judge.FilingState) bool {
	switch asked {
	case Owed:
		return true
	case Reported:
		return s == judge.Filed || s == judge.Accepted
	case InTime:
		return onTime && !nothingFiled(s)
	}
	return s == asked || nothingFiled(asked) && nothingFiled(s)
}

// rows reads what the rows say that a query finds, and how they stand.
func (r rowReading) rows(found string, args []any) ([]Row, error) {
	day, period := string(r.asOf), string(r.q.Period)
	// What a row does not need is not read: on days that are over, the newest report of today; where all owe, whom one was asked of.
	joined, lastWords, called, more := ``, `NULL`, `''`, []any{}
	if !r.past() {
		joined, lastWords = `LEFT JOIN book_entry w ON w.book = n.last_book AND w.idx = n.last_idx`, `w.words`
	}
	if adHoc(period) {
		joined += ` LEFT JOIN plan_asked c ON c.owner = n.listing AND c.scope = '' AND c.day = ?`
		called, more = `COALESCE(c.day, '')`, []any{period}
	}
	args = append(append(args, day, day, period), more...)
	rows, err := r.tx.Query(r.ctx, `SELECT n.listing, n.item, n.items, n.book, n.idx, n.lead, n.ord, n.owed_from, n.owed_until,
		n.last_period, n.last_book, n.last_idx, s.from_day, s.until_day, s.state, s.code, s.day, s.on_day, s.ref,
		COALESCE(f.steps, ''), COALESCE(f.on_time, 0), `+called+`, e.words, `+lastWords+`
		FROM (`+found+`) AS k CROSS JOIN plan_now n
		JOIN plan_span s ON s.listing = n.listing AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)
		LEFT JOIN plan_filing f ON f.listing = `+r.filed(`n.listing`)+` AND f.period = ?
		JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
		`+joined+`
		WHERE n.listing = k.listing ORDER BY k.ord, k.listing`, args...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, r.scan)
	if err != nil || !r.past() {
		return all, err
	}
	return all, r.lastBy(all)
}

func (r rowReading) scan(scan func(...any) error) (row Row, err error) {
	var raw, last []byte
	var steps, called string
	var onTime int
	var owed window
	s := &row.Work
	err = scan(&row.Listing, &row.Item, &row.Items, &row.Book, &row.Index, &row.Lead, &row.order, &owed.from, &owed.until,
		&row.Last.Period, &row.Last.Book, &row.Last.Index, &s.From, &s.Until, &s.State,
		&s.Reason.Code, &s.Reason.Date, &s.Reason.On, &s.Reason.Ref, &steps, &onTime, &called, &raw, &last)
	if err != nil {
		return row, err
	}
	if row.Words, row.Erased, err = words[ListingWords](raw); err != nil {
		return row, err
	}
	if r.q.Period != "" {
		row.Owes = called != "" || !adHoc(string(r.q.Period)) && owed.holds(string(r.q.Period))
		row.Filing, row.onTime = r.filing(steps), onTime == 1
	}
	said, _, err := words[ReportWords](last)
	row.Last.Text = said.Progress
	return row, err
}

func (r rowReading) filing(steps string) judge.FilingSpan {
	s, ok := r.stood[steps]
	if !ok {
		s = filingAt(r.q.Period, r.rhythm, steps, r.asOf)
		r.stood[steps] = s
	}
	return s
}

// explain joins what the reasons refer to: a milestone's name, a verdict's reason.
func (r rowReading) explain(rows []Row) error {
	for i := range rows {
		row := &rows[i]
		why, err := whyOf(r.counting, row.Book, row.Item, row.Items, row.Listing, row.Work)
		if err != nil {
			return err
		}
		row.Why = why
	}
	return nil
}

// whyOf is the text that a span's reason refers to; empty if it refers to none or it is erased.
func whyOf(c counting, book, item string, items int, listing string, s judge.WorkSpan) (string, error) {
	switch s.Reason.Code {
	case judge.Overruled:
		return c.verdictReason(book, s.Reason.Ref)
	case judge.MilestoneNear, judge.MilestoneMissed:
		candidates := []string{item}
		if items > 1 {
			rows, err := c.tx.Query(c.ctx, `SELECT item FROM plan_pointer WHERE book = ? AND listing = ? ORDER BY ord`, book, listing)
			if err != nil {
				return "", err
			}
			if candidates, err = texts(rows); err != nil {
				return "", err
			}
		}
		for _, id := range candidates {
			name, err := c.milestoneName(book, id, s.Reason.Ref)
			if err != nil || name != "" {
				return name, err
			}
		}
	}
	return "", nil
}

// milestoneName is what an item's entry in a book calls a milestone; empty if it does not or is erased.
func (c counting) milestoneName(book, item, milestone string) (string, error) {
	rows, err := c.tx.Query(c.ctx, `SELECT e.words FROM plan_item i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.book = ? AND i.item = ?`, book, item)
	if err != nil {
		return "", err
	}
	names, err := store.Collect(rows, func(scan func(...any) error) (string, error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return "", err
		}
		w, _, err := words[struct{ Milestones map[string]string }](raw)
		return w.Milestones[milestone], err
	})
	return first(names), err
}

func (c counting) verdictReason(book, idx string) (string, error) {
	rows, err := c.tx.Query(c.ctx, `SELECT words FROM book_entry WHERE book = ? AND idx = ?`, book, atoi(idx))
	if err != nil {
		return "", err
	}
	found, err := store.Collect(rows, func(scan func(...any) error) (string, error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return "", err
		}
		w, _, err := words[ReasonWords](raw)
		return w.Reason, err
	})
	return strings.Join(found, ""), err
}

// atoi reads an index kept as text; what is none is one that no entry has.
func atoi(text string) (n int64) {
	if text == "" {
		return -1
	}
	for _, r := range text {
		if r < '0' || r > '9' || n > 1<<50 {
			return -1
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

// Rows may also be asked for by a group of work states.
const (
	Standing = judge.WorkState("standing") // all but the dropped
	Finished = judge.WorkState("finished") // done, in time or late
)

// statesIn are the states that a query asks for; nil is all.
func statesIn(asked judge.WorkState) []judge.WorkState {
	switch asked {
	case "":
		return nil
	case Standing:
		return slices.DeleteFunc(judge.WorkStates(), func(s judge.WorkState) bool { return s == judge.Dropped })
	case Finished:
		return []judge.WorkState{judge.Done, judge.DoneLate}
	}
	return []judge.WorkState{asked}
}

// checkState refuses a state that a query made up.
func checkState(state judge.WorkState) error {
	if state == "" || state == Standing || state == Finished {
		return nil
	}
	if _, err := judge.ParseWorkState(string(state)); err != nil {
		return refuse.New("plan.state", "state", string(state)).At("state")
	}
	return nil
}
