package plan

import (
	"bytes"
	"context"
	"errors"
	"reflect"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// SigningFacts: whether what an organisation reports is signed inside it before it is filed.
type SigningFacts struct {
	Org string `json:"org"`
	On  bool   `json:"on"`
	Own bool   `json:"own"` // who drafted a report may sign it himself
}

// SigningSet 审签设置, by the administrator, or by a reviewer for his own organisation. Until it is set nothing needs signing.
var SigningSet = &node.Kind[SigningFacts, region.NoWords]{
	Name: "plan.signing.set/1", Action: string(region.SigningWrite),
	Allow: func(_ context.Context, w *node.Writing, _ string, f SigningFacts, _ *region.NoWords) error {
		if region.Seat(w.Actor.Seat) != region.Administrator && f.Org != w.Actor.Org {
			return refuse.New("plan.signing-org").At("org")
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f SigningFacts) error {
		if !book.IsID(f.Org) {
			return refuse.New("plan.org-form", "org", f.Org).At("org")
		}
		return onlySelf(e)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SigningFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_signing (book, org, signed, own, idx) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (book, org) DO UPDATE SET signed = excluded.signed, own = excluded.own, idx = excluded.idx`, f.Org, bit(f.On), bit(f.Own), own.Index)
		return nil, err
	},
}

// ReportSubmitted 送审签: a report as it was drafted, for the head of the unit to sign. It counts as nothing until then; submitted again
// it replaces the earlier.
var ReportSubmitted = kind(node.Kind[ReportFacts, ReportWords]{
	Name: "plan.report.submitted/1", Action: string(region.ReportFile),
	Check: checkLeadReport,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_submitted (book, idx, item, period, org, day) VALUES (?, ?, ?, ?, ?, ?)`,
			own.Index, f.Item, string(f.Period), e.Org, string(dayOf(e)))
		return nil, err
	},
})

// ReportSigned 审签报送: a reviewer of the unit signs what was submitted, which is the first cause, and with that it is filed as it was drafted,
// in his name. What would be said otherwise is submitted anew.
var ReportSigned = kind(node.Kind[ReportFacts, ReportWords]{
	Name: "plan.report.signed/1", Action: string(region.ReportSign),
	Allow: func(ctx context.Context, w *node.Writing, _ string, f ReportFacts, said *ReportWords) error {
		return wordForWord(ctx, w.Tx(), w.Node().BookName(node.Self), idOf(w.Node().Member, f.Item), f, w.Actor.Org, said)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) error {
		if err := checkLeadReport(ctx, own, e, f); err != nil {
			return err
		}
		cause, err := needSubmission(ctx, own, e, ReturnFacts{Item: f.Item, Period: f.Period})
		if err != nil {
			return err
		}
		if !bytes.Equal(cause.Facts, e.Facts) {
			return refuse.New("plan.signed-otherwise")
		}
		return notOwnDraft(ctx, own, e, cause)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) ([]string, error) {
		if err := answerSubmission(ctx, own, e, true); err != nil {
			return nil, err
		}
		return applyFiling(ctx, own, e, f)
	},
})

// SubmissionReturned 审签退回: the drafter is to change it, and why.
var SubmissionReturned = kind(node.Kind[ReturnFacts, ReasonWords]{
	Name: "plan.submission.returned/1", Action: string(region.ReportSign),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ ReturnFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ReturnFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		_, err := needSubmission(ctx, own, e, f)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ ReturnFacts) ([]string, error) {
		return nil, answerSubmission(ctx, own, e, false)
	},
})

func answerSubmission(ctx context.Context, own *node.Own, e book.Entry, signed bool) error {
	_, err := own.Exec(ctx, `INSERT INTO plan_submission_answer (book, idx, of_idx, signed, day) VALUES (?, ?, ?, ?, ?)`,
		own.Index, e.Causes[0].Index, bit(signed), string(dayOf(e)))
	return err
}

// checkLeadReport: a report of the organisation that leads the item, in the own book.
func checkLeadReport(ctx context.Context, own *node.Own, e book.Entry, f ReportFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if err := checkReport(ctx, own, f); err != nil {
		return err
	}
	err := needRow(ctx, own, `SELECT 1 FROM plan_item_unit WHERE book = ? AND item = ? AND org = ? AND leads = 1`, f.Item, e.Org)
	return refuseMissing(err, "plan.report-not-lead", "item", f.Item)
}

// needSubmission: the first cause is what the entry's organisation submitted last for an item and period, and it waits.
func needSubmission(ctx context.Context, own *node.Own, e book.Entry, f ReturnFacts) (cause book.Entry, err error) {
	if cause, err = own.Cause(ctx, e, 0); err != nil {
		return cause, err
	}
	if cause.Kind != ReportSubmitted.Name || cause.Circle != e.Circle {
		return cause, refuse.New("plan.not-submitted")
	}
	ours, err := standsFor(ctx, own, e.Causes[0].Index, []string{cause.Org}, e.Org)
	if err != nil || !ours {
		return cause, errors.Join(err, refuse.New("plan.not-submitted"))
	}
	var newest int64
	err = own.Row(ctx, `SELECT COALESCE(max(s.idx), -1) FROM plan_submitted s WHERE s.book = ? AND s.item = ? AND s.period = ? AND s.org = ? AND `+submissionWaits,
		f.Item, string(f.Period), e.Org).Scan(&newest)
	if err == nil && newest != e.Causes[0].Index {
		err = refuse.New("plan.not-submitted")
	}
	return cause, err
}

// submissionWaits is the condition that a submission s is the newest of its kind, unanswered, and nothing was filed since.
const submissionWaits = `s.idx = (SELECT max(x.idx) FROM plan_submitted x WHERE x.book = s.book AND x.item = s.item AND x.period = s.period AND x.org = s.org)
	AND NOT EXISTS (SELECT 1 FROM plan_submission_answer a WHERE a.book = s.book AND a.of_idx = s.idx)
	AND NOT EXISTS (SELECT 1 FROM plan_filed f WHERE f.book = s.book AND f.item = s.item AND f.period = s.period AND f.idx > s.idx)`

// notOwnDraft: nobody signs what he drafted himself, or had drafted in his name, unless the organisation's setting lets him.
func notOwnDraft(ctx context.Context, own *node.Own, e, cause book.Entry) error {
	var may int
	err := own.Row(ctx, `SELECT COALESCE(max(own), 0) FROM plan_signing WHERE book = ? AND org = ?`, e.Org).Scan(&may)
	if err != nil || may == 1 {
		return err
	}
	for _, signer := range node.Persons(e) {
		for _, drafter := range node.Persons(cause) {
			if signer != "" && signer == drafter {
				return refuse.New("plan.signing-own")
			}
		}
	}
	return nil
}

// wordForWord: what is signed is what was submitted. Facts are compared for ever by Check; words are here.
func wordForWord(ctx context.Context, tx *store.Tx, own, item string, f ReportFacts, org string, said *ReportWords) error {
	var raw []byte
	err := tx.Row(ctx, `SELECT e.words FROM plan_submitted s JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		WHERE s.book = ? AND s.item = ? AND s.period = ? AND s.org = ? AND `+submissionWaits, own, item, string(f.Period), org).Scan(&raw)
	if err != nil {
		return refuseMissing(err, "plan.not-submitted")
	}
	submitted, erased, err := words[ReportWords](raw)
	if err == nil && (erased || said == nil || !reflect.DeepEqual(submitted, *said)) {
		err = refuse.New("plan.signed-otherwise")
	}
	return err
}

// signs says whether an organisation has its reports signed before they are filed.
func signs(ctx context.Context, tx *store.Tx, own, org string) (bool, error) {
	var on int
	err := tx.Row(ctx, `SELECT COALESCE(max(signed), 0) FROM plan_signing WHERE book = ? AND org = ?`, own, org).Scan(&on)
	return on == 1, err
}

// signingRows all belong to own books.
const signingRows = `
CREATE TABLE plan_signing (
	book TEXT NOT NULL,
	org TEXT NOT NULL,
	signed BIGINT NOT NULL,
	own BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, org)
);
CREATE TABLE plan_submitted (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	item TEXT NOT NULL,
	period TEXT NOT NULL,
	org TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_submitted_item ON plan_submitted (item, period, org, idx);
CREATE INDEX plan_submitted_org ON plan_submitted (org, idx);
CREATE TABLE plan_submission_answer (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	of_idx BIGINT NOT NULL,
	signed BIGINT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_submission_answer_of ON plan_submission_answer (book, of_idx);
`
