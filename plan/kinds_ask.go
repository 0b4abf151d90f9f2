package plan

import (
	"context"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// AskFacts: which members a row of a list asks to do its work, or their part of it.
type AskFacts struct {
	Listing string   `json:"listing"`
	Members []string `json:"members"` // GB/T 2260 codes, each once; none: nobody is asked any more
	// Alone: no unit of the list's own member leads the row, so that those who claim it do it alone.
	Alone bool `json:"alone"`
}

func (f *AskFacts) ids() []*string { return []*string{&f.Listing} }

// WorkAsked 请办: it stands beside the row in the book of the list's circle. A later entry on the same row replaces it,
// and with it the answers that it got.
var WorkAsked = kind(node.Kind[AskFacts, region.NoWords]{
	Name: "plan.asked/1", Action: string(region.PlanImport),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f AskFacts) error {
		if e.Circle == node.Self {
			return refuse.New("plan.not-self")
		}
		for i, m := range f.Members {
			if !book.IsMember(m) || m == e.Member || slices.Contains(f.Members[:i], m) {
				return refuse.New("plan.ask-member", "member", m).At("members")
			}
		}
		return needListing(ctx, own, f.Listing)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f AskFacts) ([]string, error) {
		if _, err := own.Exec(ctx, `DELETE FROM plan_ask WHERE book = ? AND listing = ?`, f.Listing); err != nil {
			return nil, err
		}
		for _, m := range f.Members {
			_, err := own.Exec(ctx, `INSERT INTO plan_ask (book, listing, member, alone, idx) VALUES (?, ?, ?, ?, ?)`,
				f.Listing, m, bit(f.Alone), own.Index)
			if err != nil {
				return nil, err
			}
		}
		return []string{"l:" + f.Listing}, nil
	},
})

// AskAgainFacts: which of the members that a row asks is asked once more.
type AskAgainFacts struct {
	Listing string `json:"listing"`
	Member  string `json:"member"`
}

func (f *AskAgainFacts) ids() []*string { return []*string{&f.Listing} }

// WorkAskedAgain 再次请办: one member that declined, or would do it by another day, is asked anew by the row as it stands now; what others
// answered holds. The answer that is over is its first cause.
var WorkAskedAgain = kind(node.Kind[AskAgainFacts, region.NoWords]{
	Name: "plan.asked.again/1", Action: string(region.PlanImport),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f AskAgainFacts) error {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		if cause.Kind != WorkDeclined.Name || cause.Circle != e.Circle || cause.Member != f.Member || len(cause.Causes) == 0 {
			return refuse.New("plan.not-declined")
		}
		err = needRow(ctx, own, `SELECT 1 FROM plan_ask WHERE book = ? AND listing = ? AND member = ? AND idx = ?`, f.Listing, f.Member, cause.Causes[0].Index)
		return refuseMissing(err, "plan.not-declined")
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f AskAgainFacts) ([]string, error) {
		var alone int
		if err := own.Row(ctx, `SELECT alone FROM plan_ask WHERE book = ? AND listing = ? AND member = ?`, f.Listing, f.Member).Scan(&alone); err != nil {
			return nil, err
		}
		_, err := own.Exec(ctx, `INSERT INTO plan_ask (book, listing, member, alone, idx) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (book, listing, member) DO UPDATE SET idx = excluded.idx`, f.Listing, f.Member, alone, own.Index)
		return []string{"l:" + f.Listing}, err
	},
})

// askIn reads what an asking entry asks of whom.
func askIn(e book.Entry) (f AskFacts, asks bool) {
	switch e.Kind {
	case WorkAsked.Name:
		return f, factsIn(e, &f) == nil
	case "plan.asked.again/1": // WorkAskedAgain, by its name: a kind cannot name one that names it
		var again AskAgainFacts
		if factsIn(e, &again) != nil {
			return f, false
		}
		return AskFacts{Listing: again.Listing, Members: []string{again.Member}}, true
	}
	return f, false
}

// ClaimFacts: by which item of its own a member does what it was asked. The asking entry is the first cause.
type ClaimFacts struct {
	Item string `json:"item"`
}

func (f *ClaimFacts) ids() []*string { return []*string{&f.Item} }

// WorkClaimed 认领: the asking row counts what is accepted of the item from then on. The first answer in the answering
// member's book counts; who wants another one asks again.
var WorkClaimed = kind(node.Kind[ClaimFacts, region.NoWords]{
	Name: "plan.claimed/1", Action: string(region.PlanImport),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ClaimFacts) error {
		if err := needItem(ctx, own, f.Item); err != nil {
			return err
		}
		_, err := askOf(ctx, own, e)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ClaimFacts) ([]string, error) {
		return answer(ctx, own, e, Claimed, f.Item, "")
	},
})

// DeclineFacts: a day by which the member would do it, where it proposes one.
type DeclineFacts struct {
	Deadline judge.Date `json:"deadline"` // empty: it does not do it
}

// WorkDeclined 谢绝或另议, with its reason: the member does not do it as it was asked.
var WorkDeclined = &node.Kind[DeclineFacts, ReasonWords]{
	Name: "plan.declined/1", Action: string(region.PlanImport),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ DeclineFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f DeclineFacts) error {
		if err := needDay(f.Deadline, "deadline"); err != nil {
			return err
		}
		_, err := askOf(ctx, own, e)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f DeclineFacts) ([]string, error) {
		return answer(ctx, own, e, Declined, "", f.Deadline)
	},
}

// Answer is what a member said to what it was asked.
type Answer string

// The answers; none was given as long as it is empty.
const (
	Claimed  Answer = "claimed"
	Declined Answer = "declined"
)

// askOf reads the asking entry that an answer names: one of this circle that asks this member, and that it has
// not answered yet.
func askOf(ctx context.Context, own *node.Own, e book.Entry) (AskFacts, error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return AskFacts{}, err
	}
	f, asks := askIn(cause)
	if !asks || cause.Circle != e.Circle || !slices.Contains(f.Members, e.Member) {
		return f, refuse.New("plan.not-asked")
	}
	var answers int
	err = own.Row(ctx, `SELECT count(*) FROM plan_answer WHERE book = ? AND listing = ? AND ask = ?`, f.Listing, e.Causes[0].Index).Scan(&answers)
	if err == nil && answers > 0 {
		err = refuse.New("plan.ask-answered")
	}
	return f, err
}

func answer(ctx context.Context, own *node.Own, e book.Entry, a Answer, item string, deadline judge.Date) ([]string, error) {
	f, err := askOf(ctx, own, e)
	if err != nil {
		return nil, err
	}
	_, err = own.Exec(ctx, `INSERT INTO plan_answer (book, listing, ask, answer, item, deadline, idx) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		f.Listing, e.Causes[0].Index, string(a), item, string(deadline), own.Index)
	return []string{"a:" + f.Listing}, err
}

// askRows: the listing of an answer is the neighbour's, and ask the index of its asking entry there.
const askRows = `
CREATE TABLE plan_ask (
	book TEXT NOT NULL,
	listing TEXT NOT NULL,
	member TEXT NOT NULL,
	alone BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, listing, member)
);
CREATE INDEX plan_ask_member ON plan_ask (member, listing);
CREATE TABLE plan_answer (
	book TEXT NOT NULL,
	listing TEXT NOT NULL,
	ask BIGINT NOT NULL,
	answer TEXT NOT NULL,
	item TEXT NOT NULL,
	deadline TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, listing, ask)
);
CREATE INDEX plan_answer_item ON plan_answer (item);
CREATE INDEX plan_answer_listing ON plan_answer (listing);
`

// claimedJoint are the items of neighbours that listings count now.
const claimedJoint = `
CREATE TABLE plan_claimed (
	listing TEXT NOT NULL,
	item TEXT NOT NULL,
	book TEXT NOT NULL,
	alone BIGINT NOT NULL,
	PRIMARY KEY (listing, item)
);
CREATE INDEX plan_claimed_item ON plan_claimed (item);
`
