package plan

import (
	"context"
	"database/sql"
	"errors"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// ReportFacts: what a lead says of an item for a period. Figures are canonical decimals in the
// indicator's unit.
type ReportFacts struct {
	Item    string          `json:"item"`
	Period  judge.Period    `json:"period"`
	Claim   judge.WorkState `json:"claim"`
	DoneOn  judge.Date      `json:"doneOn"` // with claim done: the day the work was done
	Figures []FigureFacts   `json:"figures"`
	Met     []MetFacts      `json:"met"`      // milestones reached
	Parts   []int64         `json:"parts"`    // indexes of the parts that the lead merged
	Longer  bool            `json:"composed"` // composed of shorter periods' reports and confirmed
}

// FigureFacts: one indicator's value.
type FigureFacts struct {
	Indicator string `json:"indicator"`
	Value     string `json:"value"`
}

// MetFacts: a milestone and the day it was reached.
type MetFacts struct {
	Milestone string     `json:"milestone"`
	Day       judge.Date `json:"day"`
}

// ReportWords are the three typed fields but for the figures, and what lies with them.
type ReportWords struct {
	Progress string            `json:"progress,omitempty"`
	Problem  string            `json:"problem,omitempty"`
	Next     string            `json:"next,omitempty"`
	Files    []FileRef         `json:"files,omitempty"`
	Answers  map[string]string `json:"answers,omitempty"` // to what was asked before filing, by question
	Reason   string            `json:"reason,omitempty"`  // why what was accepted is corrected
}

// FileRef binds an attachment by a salted hash.
type FileRef struct {
	Blob string    `json:"blob"` // its name in the folder of attachments
	Name string    `json:"name"`
	Type string    `json:"type"` // as sniffed, never as claimed
	Size int64     `json:"size"` // bytes
	Salt book.Salt `json:"salt"`
	Hash string    `json:"hash"` // SHA-256 of salt and content, hex
}

// ReportFiled 进展填报. It stands in the member's own book; a correction is filed again.
var ReportFiled = kind(node.Kind[ReportFacts, ReportWords]{
	Name: "plan.report.filed/1", Action: string(region.ReportFile),
	Allow: func(ctx context.Context, w *node.Writing, _ string, _ ReportFacts, _ *ReportWords) error {
		signed, err := signs(ctx, w.Tx(), w.Node().BookName(node.Self), w.Actor.Org)
		if err == nil && signed {
			err = refuse.New("plan.needs-signing")
		}
		return err
	},
	Check: checkLeadReport,
	Apply: applyFiling,
})

// applyFiling puts a report among those that wait for an answer.
func applyFiling(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) ([]string, error) {
	_, err := own.Exec(ctx, `INSERT INTO plan_filed (book, idx, item, period, org, claim, day)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		own.Index, f.Item, string(f.Period), e.Org, string(f.Claim), string(dayOf(e)))
	if err != nil {
		return nil, err
	}
	return []string{"f:" + f.Item + "@" + string(f.Period)}, storeFigures(ctx, own, f)
}

// PartFiled 协办填报: what a supporting unit adds for the lead to merge.
var PartFiled = kind(node.Kind[ReportFacts, ReportWords]{
	Name: "plan.part.filed/1", Action: string(region.ReportFile),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		if err := checkReport(ctx, own, f); err != nil {
			return err
		}
		err := needRow(ctx, own, `SELECT 1 FROM plan_item_unit WHERE book = ? AND item = ? AND org = ? AND leads = 0`,
			f.Item, e.Org)
		return refuseMissing(err, "plan.part-not-support", "item", f.Item)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_part (book, idx, item, period, org, day) VALUES (?, ?, ?, ?, ?, ?)`,
			own.Index, f.Item, string(f.Period), e.Org, string(dayOf(e)))
		return nil, err
	},
})

// ReturnFacts: which filing is sent back. It is the entry's first cause.
type ReturnFacts struct {
	Item   string       `json:"item"`
	Period judge.Period `json:"period"`
}

// ReportReturned 退回修改, with its reason.
var ReportReturned = kind(node.Kind[ReturnFacts, ReasonWords]{
	Name: "plan.report.returned/1", Action: string(region.ReportReview),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ ReturnFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ReturnFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		return newestFiling(ctx, own, e, f.Item, f.Period)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ReturnFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_returned (book, idx, filed, item, period, day)
			VALUES (?, ?, ?, ?, ?, ?)`, own.Index, e.Causes[0].Index, f.Item, string(f.Period), string(dayOf(e)))
		return []string{"f:" + f.Item + "@" + string(f.Period)}, err
	},
})

// AcceptFacts: what the coordinator took of a report. In the own book the filing is the first
// cause; in a circle's book there is none, for nothing else leaves the member.
type AcceptFacts struct {
	Report    ReportFacts `json:"report"`
	Org       string      `json:"org"`       // that filed
	Filed     judge.Date  `json:"filed"`     // day of the first filing for this period
	Confirmed bool        `json:"confirmed"` // a claim of done is confirmed
}

// ReportAccepted 采用.
var ReportAccepted = kind(node.Kind[AcceptFacts, ReportWords]{
	Name: "plan.report.accepted/1", Action: string(region.ReportReview),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f AcceptFacts) error {
		if f.Confirmed && f.Report.Claim != judge.Done {
			return refuse.New("plan.confirm-without-claim").At("confirmed")
		}
		if err := needDay(f.Filed, "filed"); err != nil {
			return err
		}
		if err := checkReport(ctx, own, f.Report); err != nil {
			return err
		}
		if e.Circle != node.Self {
			return nil
		}
		return newestFiling(ctx, own, e, f.Report.Item, f.Report.Period)
	},
	Apply: applyAccepted,
})

func applyAccepted(ctx context.Context, own *node.Own, e book.Entry, f AcceptFacts) ([]string, error) {
	cause := int64(-1)
	if len(e.Causes) > 0 {
		cause = e.Causes[0].Index
	}
	r := f.Report
	_, err := own.Exec(ctx, `INSERT INTO plan_accepted (book, idx, circle, item, period, period_last, org,
		claim, filed, day, done_on, confirmed, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		own.Index, e.Circle, r.Item, string(r.Period), string(r.Period.Last()), f.Org,
		string(r.Claim), string(f.Filed), string(dayOf(e)), string(r.DoneOn), bit(f.Confirmed), cause)
	if err != nil {
		return nil, err
	}
	for _, m := range r.Met {
		_, err := own.Exec(ctx, `INSERT INTO plan_met (book, idx, item, milestone, day) VALUES (?, ?, ?, ?, ?)`,
			own.Index, r.Item, m.Milestone, string(m.Day))
		if err != nil {
			return nil, err
		}
	}
	keys := []string{"r:" + r.Item, "f:" + r.Item + "@" + string(r.Period)}
	return keys, storeFigures(ctx, own, r)
}

func storeFigures(ctx context.Context, own *node.Own, f ReportFacts) error {
	for _, x := range f.Figures {
		_, err := own.Exec(ctx, `INSERT INTO plan_figure (book, idx, indicator, item, value) VALUES (?, ?, ?, ?, ?)`,
			own.Index, x.Indicator, f.Item, x.Value)
		if err != nil {
			return err
		}
	}
	return nil
}

// checkReport holds for filings, parts and acceptances alike: the item and all that the facts
// number must stand in this book.
func checkReport(ctx context.Context, own *node.Own, f ReportFacts) error {
	if _, err := judge.ParsePeriod(string(f.Period)); err != nil {
		return refuse.New("plan.period", "period", string(f.Period)).At("period")
	}
	if err := checkClaim(f); err != nil {
		return err
	}
	if err := needItem(ctx, own, f.Item); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, x := range f.Figures {
		if !canonicalDecimal(x.Value) || seen[x.Indicator] {
			return refuse.New("plan.figure-form", "indicator", x.Indicator).At("figures")
		}
		seen[x.Indicator] = true
		err := needRow(ctx, own, `SELECT 1 FROM plan_indicator WHERE book = ? AND item = ? AND indicator = ?`, f.Item, x.Indicator)
		if err := refuseMissing(err, "plan.indicator-unknown", "indicator", x.Indicator); err != nil {
			return err
		}
	}
	for _, m := range f.Met {
		if err := needDay(m.Day, "met"); err != nil || m.Day == "" || seen[m.Milestone] {
			return refuse.New("plan.milestone-form").At("met")
		}
		seen[m.Milestone] = true
		err := needRow(ctx, own, `SELECT 1 FROM plan_milestone WHERE book = ? AND item = ? AND milestone = ?`, f.Item, m.Milestone)
		if err := refuseMissing(err, "plan.milestone-unknown", "milestone", m.Milestone); err != nil {
			return err
		}
	}
	return nil
}

func checkClaim(f ReportFacts) error {
	switch f.Claim {
	case "", judge.OnTime, judge.AtRisk, judge.Done:
	default:
		return refuse.New("plan.claim", "claim", string(f.Claim)).At("claim")
	}
	return needDay(f.DoneOn, "doneOn")
}

// newestFiling: an answer names the newest filing of its item and period, and answers it once.
func newestFiling(ctx context.Context, own *node.Own, e book.Entry, item string, p judge.Period) error {
	if len(e.Causes) != 1 {
		return refuse.New("plan.answer-without-filing")
	}
	var newest, answers int64
	err := own.Row(ctx, `SELECT f.idx,
		(SELECT count(*) FROM plan_accepted a
			WHERE a.book = f.book AND a.item = f.item AND a.period = f.period AND a.cause = f.idx) +
		(SELECT count(*) FROM plan_returned r
			WHERE r.book = f.book AND r.item = f.item AND r.period = f.period AND r.filed = f.idx)
		FROM plan_filed f WHERE f.book = ? AND f.item = ? AND f.period = ? ORDER BY f.idx DESC LIMIT 1`,
		item, string(p)).Scan(&newest, &answers)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && newest != e.Causes[0].Index:
		return refuse.New("plan.filing-not-newest").At("period")
	case err == nil && answers > 0:
		return refuse.New("plan.filing-answered").At("period")
	}
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
