package plan

import (
	"context"
	"database/sql"
	"errors"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Proposed is what somebody wants to be otherwise for a neighbour's part of a row.
type Proposed struct {
	Deadline judge.Deadline // Kind empty: it stays
	Words    ChangeWords    // Target empty: it stays
}

// ProposeChange proposes another deadline or target for a neighbour's part of a row: the list's member to the one that is
// asked, or that one to the list's member, for which member says nothing. Refused: plan.not-asked.
func (d *Desk) ProposeChange(ctx context.Context, req node.Request, listing, member string, p Proposed) (node.Receipt, error) {
	listing = d.ID(listing)
	owner := memberOf(listing)
	f := ChangeFacts{To: owner, Deadline: p.Deadline, Target: p.Words.Target != ""}
	part := d.node.Member
	var subjects []string
	if owner == d.node.Member {
		f.To, part, subjects = member, member, []string{listing}
	}
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		asked, err := askedBy(ctx, w.Tx(), listing, part)
		if err != nil {
			return err
		}
		f := f // an act may run twice
		err = w.Tx().Row(ctx, `SELECT COALESCE(max(round), 0) + 1 FROM plan_change WHERE listing = ? AND member = ? AND ask = ?`,
			listing, part, asked.at.Index).Scan(&f.Round)
		if err != nil {
			return err
		}
		_, err = say(ctx, w, ChangeProposed, node.Said[ChangeFacts, ChangeWords]{
			Circle: asked.row.Circle, Subjects: subjects, Causes: []node.Position{asked.at}, Facts: f, Words: &p.Words,
		})
		return err
	})
}

// AnswerChange accepts or refuses a proposal that is made to this member. Refused: plan.change-unknown where there is none
// on what is asked at present.
func (d *Desk) AnswerChange(ctx context.Context, req node.Request, book string, index int64, accepted bool, reason string) (node.Receipt, error) {
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		at := node.Position{Book: book, Index: index}
		err := w.Tx().Row(ctx, `SELECT e.leaf FROM plan_change c JOIN plan_ask a ON a.listing = c.listing AND a.idx = c.ask AND a.member = c.member
			JOIN book_entry e ON e.book = c.book AND e.idx = c.idx WHERE c.book = ? AND c.idx = ? AND c.addressee = ?`,
			book, index, d.node.Member).Scan(scanLeaf{&at})
		if err := refuseMissing(err, "plan.change-unknown"); err != nil {
			return err
		}
		s := node.Said[ChangeAnswerFacts, ReasonWords]{Circle: circleOfBook(book), Causes: []node.Position{at}, Facts: ChangeAnswerFacts{Accepted: accepted}}
		if reason != "" {
			s.Words = &ReasonWords{Reason: reason}
		}
		_, err = say(ctx, w, ChangeAnswered, s)
		return err
	})
}

// JudgePart is what this member says of a neighbour's part of its row; an empty state withdraws it. seen is the index of
// the version that whoever judges was shown: where the neighbour accepted another one since, plan.part-newer.
func (d *Desk) JudgePart(ctx context.Context, req node.Request, listing, item string, seen int64, state judge.WorkState, reason string) (node.Receipt, error) {
	listing = d.ID(listing)
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circle, err := d.circleOf(ctx, w, listing)
		if err != nil {
			return err
		}
		version, err := versionToJudge(ctx, w.Tx(), listing, item)
		if err != nil {
			return err
		}
		if version.Index != seen {
			return refuse.New("plan.part-newer")
		}
		_, err = say(ctx, w, PartJudged, node.Said[PartFacts, ReasonWords]{
			Circle: circle, Subjects: []string{listing}, Causes: []node.Position{version},
			Facts: PartFacts{Listing: listing, Member: memberOf(item), State: state}, Words: &ReasonWords{Reason: reason},
		})
		return err
	})
}

// versionToJudge is the latest that a neighbour accepted of the item by which it does its part of a row, or its claim.
func versionToJudge(ctx context.Context, tx *store.Tx, listing, item string) (at node.Position, err error) {
	err = tx.Row(ctx, `SELECT book FROM plan_claimed WHERE listing = ? AND item = ?`, listing, item).Scan(&at.Book)
	if err := refuseMissing(err, "plan.not-claimed"); err != nil {
		return at, err
	}
	err = tx.Row(ctx, `SELECT v.idx, e.leaf FROM (SELECT book, idx, 1 AS report FROM plan_accepted WHERE book = ? AND item = ?
			UNION ALL SELECT book, idx, 0 FROM plan_answer WHERE book = ? AND item = ? AND listing = ? AND answer = 'claimed') v
		JOIN book_entry e ON e.book = v.book AND e.idx = v.idx ORDER BY v.report DESC, v.idx DESC LIMIT 1`,
		at.Book, item, at.Book, item, listing).Scan(&at.Index, scanLeaf{&at})
	return at, refuseMissing(err, "plan.not-claimed")
}

// Object says why this member disagrees with a neighbour's verdict on its part (异议).
func (d *Desk) Object(ctx context.Context, req node.Request, book string, index int64, reason string) (node.Receipt, error) {
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		at := node.Position{Book: book, Index: index}
		err := w.Tx().Row(ctx, `SELECT e.leaf FROM plan_part_verdict v JOIN book_entry e ON e.book = v.book AND e.idx = v.idx
			WHERE v.book = ? AND v.idx = ? AND substr(v.of_book, 1, 6) = ?`, book, index, d.node.Member).Scan(scanLeaf{&at})
		if err := refuseMissing(err, "plan.not-judged"); err != nil {
			return err
		}
		_, err = say(ctx, w, VerdictObjected, node.Said[region.NoWords, ReasonWords]{
			Circle: circleOfBook(book), Causes: []node.Position{at}, Words: &ReasonWords{Reason: reason},
		})
		return err
	})
}

// askedBy is the asking entry by which a row asks a member, and the row.
func askedBy(ctx context.Context, tx *store.Tx, listing, member string) (a askedRow, err error) {
	err = tx.Row(ctx, `SELECT a.book, a.idx, e.leaf FROM plan_ask a JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		WHERE a.listing = ? AND a.member = ? ORDER BY a.book LIMIT 1`, listing, member).Scan(&a.at.Book, &a.at.Index, scanLeaf{&a.at})
	if errors.Is(err, sql.ErrNoRows) {
		return a, refuse.New("plan.not-asked")
	}
	if err != nil {
		return a, err
	}
	a.row, err = listingByID(ctx, tx, listing)
	return a, err
}
