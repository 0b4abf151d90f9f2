package plan

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// PartFacts: how the list's member says that a neighbour's part of a row stands; an empty state withdraws what it said.
// The first cause is the version that it judges: the report that the neighbour accepted, or its claim where it has none.
type PartFacts struct {
	Listing string          `json:"listing"`
	Member  string          `json:"member"` // GB/T 2260 code of the neighbour
	State   judge.WorkState `json:"state"`
}

func (f *PartFacts) ids() []*string { return []*string{&f.Listing} }

// PartJudged 对邻方承担部分的认定: it holds for this row alone, from the day of the verdict or of the version that it names,
// whichever is later, until the neighbour accepts a later version.
var PartJudged = kind(node.Kind[PartFacts, ReasonWords]{
	Name: "plan.part.judged/1", Action: string(region.PlanVerdict),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ PartFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f PartFacts) error {
		if _, err := judge.ParseWorkState(string(f.State)); f.State != "" && err != nil {
			return refuse.New("plan.state", "state", string(f.State)).At("state")
		}
		if err := needListing(ctx, own, f.Listing); err != nil {
			return err
		}
		_, _, err := judgedOf(ctx, own, e, f)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f PartFacts) ([]string, error) {
		version, item, err := judgedOf(ctx, own, e, f)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO plan_part_verdict (book, idx, listing, item, of_book, of_idx, state, day) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			own.Index, f.Listing, item, bookOf(version), e.Causes[0].Index, string(f.State), string(max(dayOf(e), dayOf(version))))
		return []string{"l:" + f.Listing}, err
	},
})

// judgedOf is the entry that a verdict judges, and the neighbour's item that it is about.
func judgedOf(ctx context.Context, own *node.Own, e book.Entry, f PartFacts) (version book.Entry, item string, err error) {
	if version, err = own.Cause(ctx, e, 0); err != nil {
		return version, "", err
	}
	if version.Circle != e.Circle || version.Member != f.Member || version.Member == e.Member {
		return version, "", refuse.New("plan.part-version")
	}
	var report AcceptFacts
	var claimed ClaimFacts
	switch version.Kind {
	case ReportAccepted.Name:
		err, item = factsIn(version, &report), report.Report.Item
	case WorkClaimed.Name:
		err, item = factsIn(version, &claimed), claimed.Item
	}
	if err != nil || item == "" {
		return version, "", refuse.New("plan.part-version")
	}
	return version, item, nil
}

// VerdictObjected 异议: the member that was judged disagrees with the verdict, which is the first cause, and says why. It
// stands beside the verdict and changes nothing of it.
var VerdictObjected = &node.Kind[region.NoWords, ReasonWords]{
	Name: "plan.verdict.objected/1", Action: string(region.PlanObject),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ region.NoWords, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ region.NoWords) error {
		verdict, err := verdictOf(ctx, own, e)
		if err != nil {
			return err
		}
		var objections int
		err = own.Row(ctx, `SELECT count(*) FROM plan_objection WHERE book = ? AND of_book = ? AND of_idx = ?`,
			bookOf(verdict), e.Causes[0].Index).Scan(&objections)
		if err == nil && objections > 0 {
			err = refuse.New("plan.objected")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ region.NoWords) ([]string, error) {
		verdict, err := verdictOf(ctx, own, e)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO plan_objection (book, of_book, of_idx, day, idx) VALUES (?, ?, ?, ?, ?)`,
			bookOf(verdict), e.Causes[0].Index, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// verdictOf reads the verdict that an objection names: one of this circle on a part of the objecting member.
func verdictOf(ctx context.Context, own *node.Own, e book.Entry) (book.Entry, error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return cause, err
	}
	var f PartFacts
	if cause.Kind != PartJudged.Name || cause.Circle != e.Circle || factsIn(cause, &f) != nil || f.Member != e.Member {
		return cause, refuse.New("plan.not-judged")
	}
	return cause, nil
}

// partRows: item is the neighbour's, of_book and of_idx the version that was judged, or the verdict that is objected to.
const partRows = `
CREATE TABLE plan_part_verdict (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	listing TEXT NOT NULL,
	item TEXT NOT NULL,
	of_book TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	state TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_part_verdict_listing ON plan_part_verdict (listing, idx);
CREATE TABLE plan_objection (
	book TEXT NOT NULL,
	of_book TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, of_book, of_idx)
);
`
