package plan

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Queue is what waits for a reviewer, oldest first.
type Queue struct {
	Rows  []QueueRow `json:"rows"`
	Total int        `json:"total"`
	Next  string     `json:"next,omitempty"` // cursor of the following page
}

// QueueRow is one filing that nobody answered yet.
type QueueRow struct {
	Item     string          `json:"item"`
	Title    string          `json:"title"`
	Period   judge.Period    `json:"period"`
	Index    int64           `json:"index"` // of the filing in the own book
	Org      string          `json:"org"`
	Name     string          `json:"name"` // of the unit
	Claim    judge.WorkState `json:"claim"`
	Day      judge.Date      `json:"day"`
	Progress string          `json:"progress"`
	Corrects bool            `json:"corrects"` // something was accepted for the period before
}

const queuePage = 50

// Queue reads a page of what waits for an answer; only seats that answer filings see it, and each
// what it may answer.
func (d *Desk) Queue(ctx context.Context, actor node.Actor, cursor string) (q Queue, err error) {
	if !region.May(region.Seat(actor.Seat), region.ReportReview) {
		return q, refuse.New("node.not-permitted")
	}
	after, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil {
		after = -1
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		reach, err := d.sightOf(ctx, tx, ViewerOf(actor))
		if err == nil {
			q, err = d.queue(ctx, tx, reach.scope(), after)
		}
		return err
	})
	return q, err
}

// queue is of the filings of one organisation, or of all if scope is empty.
func (d *Desk) queue(ctx context.Context, tx *store.Tx, scope string, after int64) (q Queue, err error) {
	self := d.node.BookName(node.Self)
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return q, err
	}
	if err := tx.Row(ctx, `SELECT count(*) FROM plan_waiting WHERE book = ? AND (? = '' OR org = ?)`, self, scope, scope).Scan(&q.Total); err != nil {
		return q, err
	}
	rows, err := tx.Query(ctx, `SELECT x.item, x.period, x.idx, x.org, x.claim, x.day, e.words, ie.words,
		CASE WHEN EXISTS (SELECT 1 FROM plan_accepted a WHERE a.item = x.item AND a.circle = '`+node.Self+`' AND a.book = x.book AND a.period = x.period) THEN 1 ELSE 0 END
		FROM plan_waiting x JOIN book_entry e ON e.book = x.book AND e.idx = x.idx
		JOIN plan_item i ON i.book = x.book AND i.item = x.item
		JOIN book_entry ie ON ie.book = i.book AND ie.idx = i.idx
		WHERE x.book = ? AND (? = '' OR x.org = ?) AND x.idx > ? ORDER BY x.idx LIMIT ?`, self, scope, scope, after, queuePage+1)
	if err != nil {
		return q, err
	}
	q.Rows, err = store.Collect(rows, func(scan func(...any) error) (r QueueRow, err error) {
		var raw, itemRaw []byte
		var corrects int
		err = scan(&r.Item, &r.Period, &r.Index, &r.Org, &r.Claim, &r.Day, &raw, &itemRaw, &corrects)
		if err != nil {
			return r, err
		}
		said, _, err := words[ReportWords](raw)
		if err != nil {
			return r, err
		}
		item, _, err := words[ItemWords](itemRaw)
		r.Name, r.Progress, r.Title, r.Corrects = names[r.Org], said.Progress, item.Title, corrects == 1
		return r, err
	})
	if len(q.Rows) > queuePage {
		q.Rows = q.Rows[:queuePage]
		q.Next = strconv.FormatInt(q.Rows[queuePage-1].Index, 10)
	}
	return q, err
}

// Reviewing is one filing beside what was said before it.
type Reviewing struct {
	Item, Title string
	Leads       []string
	Period      judge.Period
	State       judge.FilingState
	Reason      judge.Reason
	Cutoff      judge.Date
	Waits       bool  // nobody has answered the filing
	Filing      *Said // the newest
	Accepted    *Said // for this period, which the filing would replace
	Before      *Said // the filing for this period that the newest one corrects
	Last        *Said // of the period before
	Parts       []Said
	Lists       []ListRef // in which it counts, those of neighbours too
	Indicators  []IndicatorLine
	Milestones  []MilestoneLine
	Answers     []AnsweredQuestion
	Returned    *Said    // the newest return for this period; Words.Progress is its reason
	Next, Prev  *Waiting // in the queue; nil if none waits beside it
}

// AnsweredQuestion is what was asked before filing, and the answer.
type AnsweredQuestion struct {
	Question
	Answer string
}

// Waiting names a filing of the queue.
type Waiting struct {
	Item   string
	Period judge.Period
}

// Reviewing reads the newest filing of an item and period for those who answer it.
func (d *Desk) Reviewing(ctx context.Context, actor node.Actor, item string, period judge.Period) (*Reviewing, error) {
	if !region.May(region.Seat(actor.Seat), region.ReportReview) {
		return nil, refuse.New("node.not-permitted")
	}
	r := &Reviewing{Item: d.ID(item), Period: period}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error { return d.fillReview(ctx, tx, actor, r) })
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (d *Desk) fillReview(ctx context.Context, tx *store.Tx, actor node.Actor, r *Reviewing) error {
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return err
	}
	f := &FilingForm{Item: r.Item, Period: r.Period}
	facts, said, err := d.describe(ctx, tx, f, names)
	if err != nil {
		return err
	}
	it := unitItem{id: r.Item}
	if it.lists, err = listsOf(ctx, tx, r.Item); err != nil {
		return err
	}
	done, err := d.actsOf(ctx, tx, `x.item = ?`, r.Item)
	if err != nil {
		return err
	}
	if err := f.choose(it, done, d.Today()); err != nil {
		return err
	}
	if f.Theirs, err = listsElsewhere(ctx, tx, r.Item, r.Period); err != nil {
		return err
	}
	if err := d.readSaid(ctx, tx, node.Actor{}, f, done, names); err != nil {
		return err
	}
	if f.Current == nil {
		return refuse.New("plan.nothing-filed", "period", string(r.Period)).At("period")
	}
	if err := d.mayAnswer(ctx, tx, actor, f.Current.Org); err != nil {
		return err
	}
	if err := d.readValues(ctx, tx, f, facts, said); err != nil {
		return err
	}
	r.Title, r.Leads, r.State, r.Reason, r.Cutoff = f.Title, f.Leads, f.State, f.Reason, f.Cutoff
	r.Filing, r.Accepted, r.Last, r.Parts, r.Lists = f.Current, f.Accepted, f.Last, f.Parts, f.Counts()
	r.Indicators, r.Milestones, r.Returned = f.Indicators, f.Milestones, f.Returned
	if r.Before, err = d.filedBefore(ctx, tx, done.of(r.Item, r.Period), names); err != nil {
		return err
	}
	if err := d.readAnswers(ctx, tx, r); err != nil {
		return err
	}
	return d.readWaiting(ctx, tx, actor, r)
}

// filedBefore is the filing before the newest one.
func (d *Desk) filedBefore(ctx context.Context, tx *store.Tx, acts []act, names map[string]string) (*Said, error) {
	newest := true
	for _, a := range slices.Backward(acts) {
		if a.What != judge.Filed {
			continue
		}
		if !newest {
			return d.saidAt(ctx, tx, a.idx, names)
		}
		newest = false
	}
	return nil, nil
}

// Old is what the filing is read beside: what it corrects, or else the report of the period before.
func (r *Reviewing) Old() *Said {
	switch {
	case r.Accepted != nil:
		return r.Accepted
	case r.Before != nil:
		return r.Before
	}
	return r.Last
}

func (d *Desk) readAnswers(ctx context.Context, tx *store.Tx, r *Reviewing) error {
	questions, err := d.ask(ctx, tx, r.Filing.Facts)
	for _, q := range questions {
		if a := r.Filing.Words.Answers[q.ID]; a != "" {
			r.Answers = append(r.Answers, AnsweredQuestion{q, a})
		}
	}
	return err
}

// readWaiting finds out whether the filing waits, and which ones stand beside it in the queue: the
// first that was filed after it, or else the oldest, and the last that was filed before it.
func (d *Desk) readWaiting(ctx context.Context, tx *store.Tx, actor node.Actor, r *Reviewing) error {
	reach, err := d.sightOf(ctx, tx, ViewerOf(actor))
	if err != nil {
		return err
	}
	one := func(which string, args ...any) (*Waiting, error) {
		w := &Waiting{}
		err := tx.Row(ctx, `SELECT item, period FROM plan_waiting WHERE book = ? AND (? = '' OR org = ?) AND `+which+` LIMIT 1`,
			append([]any{d.node.BookName(node.Self), reach.scope(), reach.scope()}, args...)...).Scan(&w.Item, &w.Period)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		return w, err
	}
	self, err := one(`idx = ?`, r.Filing.Index)
	if err != nil {
		return err
	}
	r.Waits = self != nil
	if r.Prev, err = one(`idx < ? ORDER BY idx DESC`, r.Filing.Index); err != nil {
		return err
	}
	if r.Next, err = one(`idx > ? ORDER BY idx`, r.Filing.Index); err != nil || r.Next != nil {
		return err
	}
	r.Next, err = one(`idx < ? ORDER BY idx`, r.Filing.Index)
	return err
}
