package plan

import (
	"context"
	"fmt"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// ChangeFacts: what of a row that asks a neighbour shall be otherwise for that neighbour's part. The asking entry is the
// first cause; the row is the one that it names.
type ChangeFacts struct {
	To       string         `json:"to"`       // GB/T 2260 code of who has to answer: the list's member, or the one that is asked
	Deadline judge.Deadline `json:"deadline"` // Kind empty: the deadline stays
	Target   bool           `json:"target"`   // the words give another target
	// Round is one more than that of the latest proposal on the same part that the author knows, from 1. Of those that
	// were accepted the highest holds, whatever came first; the list's member's where both made one of the same round.
	Round int `json:"round"`
}

// ChangeWords say what and why.
type ChangeWords struct {
	Deadline string `json:"deadline,omitempty"` // as a person would write it: 9月底前
	Target   string `json:"target,omitempty"`
	Reason   string `json:"reason"`
}

// mostRounds bounds how often a part may be argued about: no number makes the next one impossible by itself.
const mostRounds = 1_000_000

// ChangeProposed 提议变更: another deadline or target for a neighbour's part of a row, by either side. It changes nothing
// until the other side accepts it by an entry of its own.
var ChangeProposed = &node.Kind[ChangeFacts, ChangeWords]{
	Name: "plan.change.proposed/1", Action: string(region.PlanChange),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f ChangeFacts, w *ChangeWords) error {
		if w == nil || w.Reason == "" {
			return refuse.New("plan.reason-missing").At("reason")
		}
		if f.Target != (w.Target != "") {
			return refuse.New("plan.change-nothing").At("target")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ChangeFacts) error {
		if err := checkChange(f); err != nil {
			return err
		}
		part, ask, err := partOf(ctx, own, e, f)
		if err != nil {
			return err
		}
		var before int
		err = own.Row(ctx, `SELECT COALESCE(max(round), 0) FROM plan_change WHERE book = ? AND listing = ? AND member = ? AND ask = ?`,
			ask.Listing, part, e.Causes[0].Index).Scan(&before)
		if err == nil && f.Round <= before {
			err = refuse.New("plan.change-round", "round", fmt.Sprint(f.Round))
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ChangeFacts) ([]string, error) {
		part, ask, err := partOf(ctx, own, e, f)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO plan_change (book, idx, listing, ask, member, addressee, round, deadline_kind, deadline, target)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, own.Index, ask.Listing, e.Causes[0].Index, part, f.To, f.Round,
			string(f.Deadline.Kind), string(f.Deadline.Date), bit(f.Target))
		return []string{"a:" + ask.Listing}, err
	},
}

func checkChange(f ChangeFacts) error {
	if f.Deadline.Kind == "" && !f.Target {
		return refuse.New("plan.change-nothing").At("deadline")
	}
	if f.Round < 1 || f.Round > mostRounds {
		return refuse.New("plan.change-round", "round", fmt.Sprint(f.Round))
	}
	kinds := []judge.DeadlineKind{"", judge.By, judge.EveryMonth, judge.EveryQuarter, judge.Ongoing, judge.Unclear}
	if !slices.Contains(kinds, f.Deadline.Kind) || (f.Deadline.Kind == judge.By) != (f.Deadline.Date != "") {
		return refuse.New("plan.day", "day", string(f.Deadline.Date)).At("deadline")
	}
	return needDay(f.Deadline.Date, "deadline")
}

// partOf is the asked member whose part a proposal is about, and the asking entry that it names. The proposal is made by
// one of the two to the other.
func partOf(ctx context.Context, own *node.Own, e book.Entry, f ChangeFacts) (part string, ask AskFacts, err error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return "", ask, err
	}
	ask, asks := askIn(cause)
	if !asks || cause.Circle != e.Circle {
		return "", ask, refuse.New("plan.not-asked")
	}
	part = e.Member
	if e.Member == cause.Member {
		part = f.To
	} else if f.To != cause.Member {
		return "", ask, refuse.New("plan.change-to", "member", f.To).At("to")
	}
	if !slices.Contains(ask.Members, part) {
		return "", ask, refuse.New("plan.not-asked")
	}
	return part, ask, nil
}

// ChangeAnswerFacts: whether the proposal, its first cause, holds from now on.
type ChangeAnswerFacts struct {
	Accepted bool `json:"accepted"`
}

// ChangeAnswered 答复提议: by the member that the proposal is made to, once. A refusal says why.
var ChangeAnswered = &node.Kind[ChangeAnswerFacts, ReasonWords]{
	Name: "plan.change.answered/1", Action: string(region.PlanChange),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f ChangeAnswerFacts, w *ReasonWords) error {
		if f.Accepted {
			return nil
		}
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ ChangeAnswerFacts) error {
		cause, err := proposalOf(ctx, own, e)
		if err != nil {
			return err
		}
		var answers int
		err = own.Row(ctx, `SELECT count(*) FROM plan_change_answer WHERE book = ? AND of_book = ? AND of_idx = ?`,
			bookOf(cause), e.Causes[0].Index).Scan(&answers)
		if err == nil && answers > 0 {
			err = refuse.New("plan.change-answered")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ChangeAnswerFacts) ([]string, error) {
		cause, err := proposalOf(ctx, own, e)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO plan_change_answer (book, of_book, of_idx, accepted, day, idx) VALUES (?, ?, ?, ?, ?, ?)`,
			bookOf(cause), e.Causes[0].Index, bit(f.Accepted), string(dayOf(e)), own.Index)
		return []string{fmt.Sprintf("c:%s/%d", bookOf(cause), e.Causes[0].Index)}, err
	},
}

// bookOf is the name of the book in which an entry stands.
func bookOf(e book.Entry) string { return e.Member + "/" + e.Circle }

// proposalOf reads the proposal that an answer names: one of this circle that is made to the answering member.
func proposalOf(ctx context.Context, own *node.Own, e book.Entry) (book.Entry, error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return cause, err
	}
	var f ChangeFacts
	if cause.Kind != ChangeProposed.Name || cause.Circle != e.Circle || factsIn(cause, &f) != nil || f.To != e.Member {
		return cause, refuse.New("plan.change-unknown")
	}
	return cause, nil
}

// changeRows: member is the asked one whose part it is, addressee who has to answer; the listing may be a neighbour's.
// An answer names the proposal by its book and index.
const changeRows = `
CREATE TABLE plan_change (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	listing TEXT NOT NULL,
	ask BIGINT NOT NULL,
	member TEXT NOT NULL,
	addressee TEXT NOT NULL,
	round BIGINT NOT NULL,
	deadline_kind TEXT NOT NULL,
	deadline TEXT NOT NULL,
	target BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_change_listing ON plan_change (listing, ask, member);
CREATE TABLE plan_change_answer (
	book TEXT NOT NULL,
	of_book TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	accepted BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, of_book, of_idx)
);
`
