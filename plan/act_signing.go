package plan

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// SetSigning 审签设置 of an organisation. Said again as it is, nothing is written.
func (d *Desk) SetSigning(ctx context.Context, req node.Request, f SigningFacts) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		orgs, err := region.Orgs(ctx, w.Tx())
		if err != nil {
			return err
		}
		for _, o := range orgs {
			if o.ID == f.Org && o.Side == d.node.Member && !o.Group {
				_, err := SigningSet.Say(ctx, w, node.Said[SigningFacts, region.NoWords]{Circle: node.Self, Subjects: []string{f.Org}, Facts: f})
				return err
			}
		}
		return refuse.New("region.org.unknown", "org", f.Org).At("org")
	})
	return err
}

// SignReport 审签: files what the actor's unit submitted last for an item and period, word for word. seen is the index of the submission
// that was read: another one is not signed unread.
func (d *Desk) SignReport(ctx context.Context, req node.Request, item string, p judge.Period, seen int64) (node.Receipt, error) {
	item = d.ID(item)
	return d.toSubmission(ctx, req, item, p, seen, func(ctx context.Context, w *node.Writing, at node.Position, f ReportFacts, said ReportWords) error {
		_, err := say(ctx, w, ReportSigned, node.Said[ReportFacts, ReportWords]{
			Circle: node.Self, Subjects: []string{item}, Causes: []node.Position{at}, Facts: f, Words: &said,
		})
		return err
	})
}

// ReturnSubmission 审签退回, with a reason.
func (d *Desk) ReturnSubmission(ctx context.Context, req node.Request, item string, p judge.Period, seen int64, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	item = d.ID(item)
	_, err := d.toSubmission(ctx, req, item, p, seen, func(ctx context.Context, w *node.Writing, at node.Position, _ ReportFacts, _ ReportWords) error {
		_, err := say(ctx, w, SubmissionReturned, node.Said[ReturnFacts, ReasonWords]{
			Circle: node.Self, Subjects: []string{item}, Causes: []node.Position{at},
			Facts: ReturnFacts{Item: item, Period: p}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}

// toSubmission acts on what the actor's unit submitted last for an item and period, if it waits and is what was read.
func (d *Desk) toSubmission(ctx context.Context, req node.Request, item string, p judge.Period, seen int64,
	act func(context.Context, *node.Writing, node.Position, ReportFacts, ReportWords) error,
) (node.Receipt, error) {
	if err := d.ours(item); err != nil {
		return node.Receipt{}, err
	}
	return d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		at := node.Position{Book: d.node.BookName(node.Self)}
		var raw, wordsRaw []byte
		err := w.Tx().Row(ctx, `SELECT s.idx, e.entry, e.words FROM plan_submitted s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
			WHERE s.book = ? AND s.item = ? AND s.period = ? AND s.org = ? AND `+submissionWaits, at.Book, item, string(p), w.Actor.Org).Scan(&at.Index, &raw, &wordsRaw)
		if errors.Is(err, sql.ErrNoRows) {
			return refuse.New("plan.not-submitted")
		}
		if err != nil {
			return err
		}
		if seen != AnyFiling && seen != at.Index {
			return refuse.New("plan.submission-newer")
		}
		at.Leaf = book.LeafHash(raw)
		var f ReportFacts
		if err := factsOf(raw, &f); err != nil {
			return err
		}
		said, _, err := words[ReportWords](wordsRaw)
		if err != nil {
			return err
		}
		return act(ctx, w, at, complete(f), said)
	})
}
