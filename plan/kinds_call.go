package plan

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// CallFacts: of which list a report is asked for out of turn, and by which day.
type CallFacts struct {
	Plan     string     `json:"plan"`
	Day      judge.Date `json:"day"`      // by which it is due, that day included; the report's period
	Listings []string   `json:"listings"` // the rows asked; none: every row that is open on that day
}

// CallWords say what the coordinator asks for and why.
type CallWords struct {
	Text string `json:"text"`
}

// ReportCalled 临时调度: it stands in the book of the list and asks the leads of its rows for a report
// of the day, whatever the list's own cycle.
var ReportCalled = kind(node.Kind[CallFacts, CallWords]{
	Name: "plan.report.called/1", Action: string(region.PlanCall),
	Allow: func(_ context.Context, w *node.Writing, _ string, f CallFacts, said *CallWords) error {
		if today := judge.DateIn(w.Now(), judge.Beijing); f.Day != "" && f.Day < today {
			return refuse.New("plan.call-past", "day", string(f.Day)).At("day")
		}
		if said == nil || said.Text == "" {
			return refuse.New("plan.call-text").At("text")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f CallFacts) error {
		if f.Day == "" {
			return refuse.New("plan.day", "day", "").At("day")
		}
		if err := needDay(f.Day, "day"); err != nil {
			return err
		}
		err := needRow(ctx, own, `SELECT 1 FROM plan_plan WHERE book = ? AND plan = ?`, f.Plan)
		if err := refuseMissing(err, "plan.unknown", "plan", f.Plan); err != nil {
			return err
		}
		var calls int
		err = own.Row(ctx, `SELECT count(*) FROM plan_call WHERE book = ? AND plan = ? AND day = ?`, f.Plan, string(f.Day)).Scan(&calls)
		if err == nil && calls > 0 {
			return refuse.New("plan.call-twice", "day", string(f.Day)).At("day")
		}
		if err != nil {
			return err
		}
		return needRowsOf(ctx, own, f)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f CallFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_call (book, plan, day, called, whole, idx) VALUES (?, ?, ?, ?, ?, ?)`,
			f.Plan, string(f.Day), string(dayOf(e)), bit(len(f.Listings) == 0), own.Index)
		if err != nil {
			return nil, err
		}
		if len(f.Listings) == 0 {
			return []string{"p:" + f.Plan}, nil
		}
		var keys []string
		for _, l := range f.Listings {
			_, err := own.Exec(ctx, `INSERT INTO plan_call_row (book, plan, day, listing) VALUES (?, ?, ?, ?)`, f.Plan, string(f.Day), l)
			if err != nil {
				return nil, err
			}
			keys = append(keys, "l:"+l)
		}
		return keys, nil
	},
})

// needRowsOf: what a call names are rows of its list, each once, and none that was taken out of it.
func needRowsOf(ctx context.Context, own *node.Own, f CallFacts) error {
	seen := map[string]bool{}
	for _, l := range f.Listings {
		err := needRow(ctx, own, `SELECT 1 FROM plan_listing l
			LEFT JOIN plan_dropped d ON d.book = l.book AND d.listing = l.listing
			WHERE l.book = ? AND l.listing = ? AND l.plan = ? AND d.listing IS NULL`, l, f.Plan)
		if err := refuseMissing(err, "plan.call-row", "listing", l); err != nil {
			return err
		}
		if seen[l] {
			return refuse.New("plan.call-row-twice", "listing", l).At("listings")
		}
		seen[l] = true
	}
	return nil
}

// WithdrawFacts: which call is taken back.
type WithdrawFacts struct {
	Plan string     `json:"plan"`
	Day  judge.Date `json:"day"`
}

// CallWithdrawn 撤回调度, with its reason: nobody owes the report any more, and the same day may be
// called anew. What was filed for it stays in the books.
var CallWithdrawn = &node.Kind[WithdrawFacts, ReasonWords]{
	Name: "plan.report.uncalled/1", Action: string(region.PlanCall),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ WithdrawFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f WithdrawFacts) error {
		err := needRow(ctx, own, `SELECT 1 FROM plan_call WHERE book = ? AND plan = ? AND day = ?`, f.Plan, string(f.Day))
		return refuseMissing(err, "plan.call-unknown", "day", string(f.Day))
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f WithdrawFacts) ([]string, error) {
		rows, err := own.Query(ctx, `SELECT listing FROM plan_call_row WHERE book = ? AND plan = ? AND day = ?`, f.Plan, string(f.Day))
		if err != nil {
			return nil, err
		}
		keys, err := texts(rows)
		if err != nil {
			return nil, err
		}
		for i := range keys {
			keys[i] = "l:" + keys[i]
		}
		if len(keys) == 0 {
			keys = []string{"p:" + f.Plan}
		}
		for _, table := range []string{"plan_call_row", "plan_call"} {
			if _, err := own.Exec(ctx, `DELETE FROM `+table+` WHERE book = ? AND plan = ? AND day = ?`, f.Plan, string(f.Day)); err != nil {
				return nil, err
			}
		}
		return keys, nil
	},
}
