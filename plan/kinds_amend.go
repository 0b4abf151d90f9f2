package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// AmendedFacts: what of a row of an issued list is otherwise from now on. The row's new version (Listed) stands beside it.
type AmendedFacts struct {
	Listing  string         `json:"listing"`
	Was      judge.Deadline `json:"was"`
	Deadline judge.Deadline `json:"deadline"` // as Was where it stays
	Target   bool           `json:"target"`   // the words give another target
	// Asked says that a unit asked for it: the list owner's yes.
	Asked bool `json:"asked"`
}

func (f *AmendedFacts) ids() []*string { return []*string{&f.Listing} }

// AmendedWords say what it was, what it is, and why.
type AmendedWords struct {
	WasDeadline string `json:"wasDeadline,omitempty"`
	Deadline    string `json:"deadline,omitempty"`
	WasTarget   string `json:"wasTarget,omitempty"`
	Target      string `json:"target,omitempty"`
	Reason      string `json:"reason"`
}

// ListingAmended 调整清单事项: another deadline or target of a row, with its reason, by the list's member.
var ListingAmended = kind(node.Kind[AmendedFacts, AmendedWords]{
	Name: "plan.listing.amended/1", Action: string(region.PlanImport),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ AmendedFacts, w *AmendedWords) error {
		if w == nil || strings.TrimSpace(w.Reason) == "" {
			return refuse.New("plan.amendment-reason").At("reason")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f AmendedFacts) error {
		for _, d := range []judge.Deadline{f.Was, f.Deadline} {
			if err := checkDeadline(d); err != nil {
				return err
			}
		}
		if f.Was == f.Deadline && !f.Target {
			return refuse.New("plan.amendment-nothing").At("deadline")
		}
		return needListing(ctx, own, f.Listing)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f AmendedFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_amended (book, idx, listing, was_kind, was, deadline_kind, deadline, target, asked, day)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, own.Index, f.Listing, string(f.Was.Kind), string(f.Was.Date), string(f.Deadline.Kind), string(f.Deadline.Date),
			bit(f.Target), bit(f.Asked), string(dayOf(e)))
		return nil, err
	},
})

// checkDeadline: one that a list may have.
func checkDeadline(d judge.Deadline) error {
	kinds := []judge.DeadlineKind{judge.By, judge.EveryMonth, judge.EveryQuarter, judge.Ongoing, judge.Unclear}
	if !slices.Contains(kinds, d.Kind) || (d.Kind == judge.By) != (d.Date != "") {
		return refuse.New("plan.day", "day", string(d.Date)).At("deadline")
	}
	return needDay(d.Date, "deadline")
}

// AmendmentFacts: what a unit wants to be otherwise of a row that it leads. Amendment names it for its answer.
type AmendmentFacts struct {
	Amendment string         `json:"amendment"`
	Listing   string         `json:"listing"`
	Item      string         `json:"item"`     // by which the unit does it
	Deadline  judge.Deadline `json:"deadline"` // Kind empty: it stays
	Target    bool           `json:"target"`   // the words give another target
}

func (f *AmendmentFacts) ids() []*string { return []*string{&f.Listing, &f.Item} }

// AmendmentProposed 申请调整: by the lead unit, in the own book; nothing changes before the list's office says yes.
var AmendmentProposed = kind(node.Kind[AmendmentFacts, ChangeWords]{
	Name: "plan.amendment.proposed/1", Action: string(region.PlanAmend),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f AmendmentFacts, w *ChangeWords) error {
		if w == nil || strings.TrimSpace(w.Reason) == "" {
			return refuse.New("plan.amendment-reason").At("reason")
		}
		if f.Target != (w.Target != "") {
			return refuse.New("plan.amendment-nothing").At("target")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f AmendmentFacts) error {
		if e.Circle != node.Self || !book.IsID(f.Amendment) || !isID(f.Listing) {
			return refuse.New("plan.amendment-form").At("amendment")
		}
		if f.Deadline.Kind == "" && !f.Target {
			return refuse.New("plan.amendment-nothing").At("deadline")
		}
		if f.Deadline.Kind != "" {
			if err := checkDeadline(f.Deadline); err != nil {
				return err
			}
		}
		if err := needItem(ctx, own, f.Item); err != nil {
			return err
		}
		var taken int
		err := own.Row(ctx, `SELECT count(*) FROM plan_amendment WHERE book = ? AND amendment = ?`, f.Amendment).Scan(&taken)
		if err == nil && taken > 0 {
			err = refuse.New("plan.amendment-form").At("amendment")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f AmendmentFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_amendment (book, amendment, listing, item, org, deadline_kind, deadline, target, day, at, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.Amendment, f.Listing, f.Item, e.Org, string(f.Deadline.Kind), string(f.Deadline.Date), bit(f.Target),
			string(dayOf(e)), e.At.UnixMilli(), own.Index)
		return nil, err
	},
})

// AmendmentAnswerFacts: what the list's office says.
type AmendmentAnswerFacts struct {
	Amendment string `json:"amendment"`
	Accepted  bool   `json:"accepted"`
}

// AmendmentAnswered 审批调整申请: once; a refusal says why. With a yes the row is amended in the same transaction.
var AmendmentAnswered = &node.Kind[AmendmentAnswerFacts, ReasonWords]{
	Name: "plan.amendment.answered/1", Action: string(region.PlanImport),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f AmendmentAnswerFacts, w *ReasonWords) error {
		if f.Accepted {
			return nil
		}
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f AmendmentAnswerFacts) error {
		err := needRow(ctx, own, `SELECT 1 FROM plan_amendment a WHERE a.book = ? AND a.amendment = ?
			AND NOT EXISTS (SELECT 1 FROM plan_amendment_answer b WHERE b.book = a.book AND b.amendment = a.amendment)`, f.Amendment)
		return refuseMissing(err, "plan.amendment-unknown")
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f AmendmentAnswerFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_amendment_answer (book, amendment, accepted, day, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Amendment, bit(f.Accepted), string(dayOf(e)), own.Index)
		return nil, err
	},
}

// amendRows: amendments stand in the list's book; what units ask for and the answers in the own book, whatever book the list stands in.
const amendRows = `
CREATE TABLE plan_amended (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	listing TEXT NOT NULL,
	was_kind TEXT NOT NULL,
	was TEXT NOT NULL,
	deadline_kind TEXT NOT NULL,
	deadline TEXT NOT NULL,
	target BIGINT NOT NULL,
	asked BIGINT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_amended_listing ON plan_amended (listing);
CREATE TABLE plan_amendment (
	book TEXT NOT NULL,
	amendment TEXT NOT NULL,
	listing TEXT NOT NULL,
	item TEXT NOT NULL,
	org TEXT NOT NULL,
	deadline_kind TEXT NOT NULL,
	deadline TEXT NOT NULL,
	target BIGINT NOT NULL,
	day TEXT NOT NULL,
	at BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, amendment)
);
CREATE INDEX plan_amendment_listing ON plan_amendment (listing);
CREATE TABLE plan_amendment_answer (
	book TEXT NOT NULL,
	amendment TEXT NOT NULL,
	accepted BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, amendment)
);
`
