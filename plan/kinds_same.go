package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

// SameFacts: a list of this member's and one of a neighbour's are one document (同一文件), and which of their rows are one. The
// neighbour's list is the first cause, as it stood when it was looked at.
type SameFacts struct {
	Plan string    `json:"plan"` // this member's
	With string    `json:"with"` // the neighbour's
	Rows []SameRow `json:"rows"` // none: it was said by mistake, and holds no more
}

// SameRow is one row in both lists.
type SameRow struct {
	Listing string `json:"listing"` // this member's
	Theirs  string `json:"theirs"`  // as the neighbour's entries name it
	// By are the members whose units do the work, as this member reads its row: GB/T 2260 codes, in order.
	By []string `json:"by"`
}

func (f *SameFacts) ids() (all []*string) {
	f.Rows = slices.Clone(f.Rows)
	for i := range f.Rows {
		all = append(all, &f.Rows[i].Listing)
	}
	return all
}

// ListsSame 认作同一清单: it stands beside the member's own list, and holds once the neighbour said so of its own. A later entry on
// the same two lists replaces it.
var ListsSame = kind(node.Kind[SameFacts, region.NoWords]{
	Name: "plan.same/1", Action: string(region.PlanImport),
	Check: checkSame,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f SameFacts) (keys []string, err error) {
		with, err := sameWith(ctx, own, e, f)
		if err != nil {
			return nil, err
		}
		var before int
		err = own.Row(ctx, `SELECT count(*) FROM plan_same WHERE book = ? AND plan = ? AND with_plan = ?`, f.Plan, f.With).Scan(&before)
		if err != nil {
			return nil, err
		}
		if _, err := own.Exec(ctx, `DELETE FROM plan_same WHERE book = ? AND plan = ? AND with_plan = ?`, f.Plan, f.With); err != nil {
			return nil, err
		}
		for _, r := range f.Rows {
			_, err := own.Exec(ctx, `INSERT INTO plan_same (book, plan, with_plan, listing, theirs, we_do, they_do, idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				f.Plan, f.With, r.Listing, idOf(with, r.Theirs), bit(slices.Contains(r.By, e.Member)), bit(slices.Contains(r.By, with)), own.Index)
			if err != nil {
				return nil, err
			}
		}
		if before == 0 && len(f.Rows) == 0 {
			return nil, nil
		}
		return []string{"p:" + f.Plan, "p:" + f.With}, nil // what stood before, and what stands now
	},
})

func checkSame(ctx context.Context, own *node.Own, e book.Entry, f SameFacts) error {
	with, err := sameWith(ctx, own, e, f)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range f.Rows {
		err := needRow(ctx, own, `SELECT 1 FROM plan_listing WHERE book = ? AND listing = ? AND plan = ?`, r.Listing, f.Plan)
		if err := refuseMissing(err, "plan.listing-unknown", "listing", r.Listing); err != nil {
			return err
		}
		if !book.IsID(r.Theirs) || seen[r.Listing] || seen[idOf(with, r.Theirs)] {
			return refuse.New("plan.same-row", "listing", r.Listing).At("rows")
		}
		seen[r.Listing], seen[idOf(with, r.Theirs)] = true, true
		if !slices.IsSorted(r.By) || slices.ContainsFunc(r.By, func(m string) bool { return !book.IsMember(m) }) {
			return refuse.New("plan.ask-member", "member", strings.Join(r.By, " ")).At("by")
		}
	}
	return nil
}

// sameWith is the member of the other list: its head in the same circle is the first cause.
func sameWith(ctx context.Context, own *node.Own, e book.Entry, f SameFacts) (string, error) {
	if e.Circle == node.Self {
		return "", refuse.New("plan.not-self")
	}
	err := needRow(ctx, own, `SELECT 1 FROM plan_plan WHERE book = ? AND plan = ?`, f.Plan)
	if err := refuseMissing(err, "plan.unknown", "plan", f.Plan); err != nil {
		return "", err
	}
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return "", err
	}
	var theirs PlanFacts
	if cause.Kind != PlanIssued.Name || cause.Circle != e.Circle || cause.Member == e.Member || factsIn(cause, &theirs) != nil || theirs.Plan != f.With {
		return "", refuse.New("plan.same-with", "plan", f.With).At("with")
	}
	return cause.Member, nil
}

// sameRows: listing is a row of the book's member, theirs one of the neighbour's, and we_do and they_do whether their units do the work,
// all as the book's member says.
const sameRows = `
CREATE TABLE plan_same (
	book TEXT NOT NULL,
	plan TEXT NOT NULL,
	with_plan TEXT NOT NULL,
	listing TEXT NOT NULL,
	theirs TEXT NOT NULL,
	we_do BIGINT NOT NULL,
	they_do BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, plan, with_plan, listing)
);
CREATE INDEX plan_same_listing ON plan_same (listing);
CREATE INDEX plan_same_theirs ON plan_same (theirs);
`
