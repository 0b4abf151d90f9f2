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
	"liandong/store"
)

// PassedFacts: whose work is another's from a day on.
type PassedFacts struct {
	From []string   `json:"from"` // ids of organisations, each once
	Into string     `json:"into"`
	Day  judge.Date `json:"day"` // the first on which it is its work
}

// PassedWords: the document that says so.
type PassedWords struct {
	Document string `json:"document"`
}

// WorkPassed 工作移交: what the organisations still owe of what this book asked of them is owed by the one that goes on: slips, parts,
// instructions, invitations, drafts for comment, reports that wait for a signature. What they did stays theirs. Items are said again
// after it with their new leads, and name this entry as their cause.
var WorkPassed = &node.Kind[PassedFacts, PassedWords]{
	Name: "plan.work.passed/1", Action: string(region.OrgMerge),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ PassedFacts, w *PassedWords) error {
		if w == nil || strings.TrimSpace(w.Document) == "" {
			return refuse.New("region.reform.document").At("document")
		}
		return nil
	},
	Check: func(_ context.Context, _ *node.Own, _ book.Entry, f PassedFacts) error {
		if len(f.From) == 0 || f.Day == "" || slices.Contains(f.From, f.Into) {
			return refuse.New("plan.passed-form").At("from")
		}
		if err := needDay(f.Day, "day"); err != nil {
			return err
		}
		return eachOnce(append([]string{f.Into}, f.From...))
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f PassedFacts) ([]string, error) {
		for _, from := range f.From {
			_, err := own.Exec(ctx, `INSERT INTO plan_passed (book, idx, from_org, into_org, day) VALUES (?, ?, ?, ?, ?)`, own.Index, from, f.Into, string(f.Day))
			if err != nil {
				return nil, err
			}
			for _, step := range passSteps {
				if _, err := own.Exec(ctx, wayOf+step, from, f.Into, own.Index, string(dayOf(e))); err != nil {
					return nil, err
				}
			}
		}
		return nil, nil
	},
}

// wayOf names the own book, the way of what passes and the entry that says it before a statement: the book is always the first argument.
const wayOf = `WITH way (book, from_org, into_org, idx, today) AS (SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT)) `

// The columns of wayOf, for statements that change one table.
const (
	wayBook = `(SELECT book FROM way)`
	wayFrom = `(SELECT from_org FROM way)`
	wayInto = `(SELECT into_org FROM way)`
)

// passSteps are in this order: each leaves what is over as it is, and nothing is left with two owners.
var passSteps = []string{
	// Slips that are not closed.
	`UPDATE plan_slip SET org = ` + wayInto + ` WHERE book = ` + wayBook + ` AND org = ` + wayFrom + `
		AND NOT EXISTS (SELECT 1 FROM plan_slip_closed c WHERE c.book = plan_slip.book AND c.slip = plan_slip.slip)`,

	// Instructions that are not closed. Where the heir is named too and has answered while the other has not, its answer counts as
	// returned, for half of what it stands for now is unanswered. Where it is not, it takes over what was said as well, so that an
	// answer can still be returned to somebody.
	`INSERT INTO plan_instruction_return (book, instruction, org, due, day, idx)
		SELECT i.book, i.instruction, way.into_org, i.due, way.today, way.idx FROM plan_instruction i, way WHERE i.book = way.book AND ` + openInstruction + `
		AND EXISTS (SELECT 1 FROM plan_instruction_unit u WHERE u.book = i.book AND u.instruction = i.instruction AND u.org = way.from_org AND ` + unansweredInstruction + `)
		AND EXISTS (SELECT 1 FROM plan_instruction_unit u WHERE u.book = i.book AND u.instruction = i.instruction AND u.org = way.into_org AND NOT ` + unansweredInstruction + `)`,
	takeOver(`plan_instruction_signed`), takeOver(`plan_instruction_answer`), takeOver(`plan_instruction_return`),
	`INSERT INTO plan_instruction_unit (book, instruction, org, ord) SELECT u.book, u.instruction, way.into_org, u.ord FROM plan_instruction_unit u, way, plan_instruction i
		WHERE u.book = way.book AND u.org = way.from_org AND i.book = u.book AND i.instruction = u.instruction AND ` + openInstruction + `
		AND NOT EXISTS (SELECT 1 FROM plan_instruction_unit x WHERE x.book = u.book AND x.instruction = u.instruction AND x.org = way.into_org)`,
	`DELETE FROM plan_instruction_unit WHERE book = ` + wayBook + ` AND org = ` + wayFrom + ` AND EXISTS (SELECT 1 FROM plan_instruction i
		WHERE i.book = plan_instruction_unit.book AND i.instruction = plan_instruction_unit.instruction AND ` + openInstruction + `)`,

	// Parts of items: asked of the heir, and asked by it. What it would ask of itself is part of its own report.
	`UPDATE plan_share SET org = CASE WHEN org = ` + wayFrom + ` THEN ` + wayInto + ` ELSE org END, lead = CASE WHEN lead = ` + wayFrom + ` THEN ` + wayInto + ` ELSE lead END
		WHERE book = ` + wayBook + ` AND (org = ` + wayFrom + ` OR lead = ` + wayFrom + `)
		AND NOT EXISTS (SELECT 1 FROM plan_share_end x WHERE x.book = plan_share.book AND x.share = plan_share.share AND x.what = 'withdrawn' AND x.idx > plan_share.idx)`,
	`INSERT INTO plan_share_end (book, idx, share, what, day) SELECT s.book, way.idx, s.share, 'withdrawn', way.today FROM plan_share s, way
		WHERE s.book = way.book AND s.org = way.into_org AND s.lead = way.into_org
		AND NOT EXISTS (SELECT 1 FROM plan_share_end x WHERE x.book = s.book AND x.share = s.share AND x.what = 'withdrawn' AND x.idx > s.idx)`,

	// Invitations to meetings that are still to come or to be minuted, and who calls them.
	`INSERT INTO plan_meeting_to (book, meeting, who, neighbour) SELECT t.book, t.meeting, way.into_org, 0 FROM plan_meeting_to t, way, plan_meeting m
		WHERE t.book = way.book AND t.who = way.from_org AND t.neighbour = 0 AND m.book = t.book AND m.meeting = t.meeting AND ` + openMeeting + ` AND m.convener <> way.into_org
		AND NOT EXISTS (SELECT 1 FROM plan_meeting_to x WHERE x.book = t.book AND x.meeting = t.meeting AND x.who = way.into_org AND x.neighbour = 0)`,
	`DELETE FROM plan_meeting_to WHERE book = ` + wayBook + ` AND who = ` + wayFrom + ` AND neighbour = 0
		AND EXISTS (SELECT 1 FROM plan_meeting m WHERE m.book = plan_meeting_to.book AND m.meeting = plan_meeting_to.meeting AND ` + openMeeting + `)`,
	`DELETE FROM plan_meeting_to WHERE book = ` + wayBook + ` AND who = ` + wayInto + ` AND neighbour = 0
		AND EXISTS (SELECT 1 FROM plan_meeting m WHERE m.book = plan_meeting_to.book AND m.meeting = plan_meeting_to.meeting AND m.convener = ` + wayFrom + ` AND ` + openMeeting + `)`,
	`UPDATE plan_meeting SET convener = ` + wayInto + ` WHERE book = ` + wayBook + ` AND convener = ` + wayFrom + ` AND EXISTS (SELECT 1 FROM plan_meeting m
		WHERE m.book = plan_meeting.book AND m.meeting = plan_meeting.meeting AND ` + openMeeting + `)`,
	`INSERT INTO plan_minutes_present (book, meeting, who, neighbour) SELECT t.book, t.meeting, way.into_org, 0 FROM plan_minutes_present t, way
		WHERE t.book = way.book AND t.who = way.from_org AND t.neighbour = 0 AND ` + unconfirmed + `
		AND NOT EXISTS (SELECT 1 FROM plan_minutes_present x WHERE x.book = t.book AND x.meeting = t.meeting AND x.who = way.into_org AND x.neighbour = 0)`,
	`DELETE FROM plan_minutes_present WHERE book = ` + wayBook + ` AND who = ` + wayFrom + ` AND neighbour = 0 AND EXISTS (SELECT 1 FROM plan_minutes_present t
		WHERE t.book = plan_minutes_present.book AND t.meeting = plan_minutes_present.meeting AND t.who = plan_minutes_present.who AND t.neighbour = 0 AND ` + unconfirmed + `)`,
	`UPDATE plan_resolution SET org = ` + wayInto + ` WHERE book = ` + wayBook + ` AND org = ` + wayFrom,

	// Draft lists that are still open for comment and that the other has not commented on.
	`INSERT INTO plan_consultation_to (book, consultation, asked, idx) SELECT t.book, t.consultation, way.into_org, t.idx FROM plan_consultation_to t, way
		WHERE t.book = way.book AND t.asked = way.from_org AND ` + uncommented + `
		AND NOT EXISTS (SELECT 1 FROM plan_consultation_to x WHERE x.book = t.book AND x.consultation = t.consultation AND x.asked = way.into_org)`,
	`DELETE FROM plan_consultation_to WHERE book = ` + wayBook + ` AND asked = ` + wayFrom + ` AND EXISTS (SELECT 1 FROM plan_consultation_to t
		WHERE t.book = plan_consultation_to.book AND t.consultation = plan_consultation_to.consultation AND t.asked = plan_consultation_to.asked AND ` + uncommented + `)`,

	// Applications that nobody answered yet, and reports that wait for a signature.
	`UPDATE plan_amendment SET org = ` + wayInto + ` WHERE book = ` + wayBook + ` AND org = ` + wayFrom + `
		AND NOT EXISTS (SELECT 1 FROM plan_amendment_answer a WHERE a.book = plan_amendment.book AND a.amendment = plan_amendment.amendment)`,
	`UPDATE plan_submitted SET org = ` + wayInto + ` WHERE book = ` + wayBook + ` AND org = ` + wayFrom + ` AND idx IN (SELECT s.idx FROM plan_submitted s
		WHERE s.book = plan_submitted.book AND s.org = ` + wayFrom + ` AND ` + submissionWaits + `)`,

	// Whoever had its reports signed goes on so where the heir never said how it does it.
	`INSERT INTO plan_signing (book, org, signed, own, idx) SELECT s.book, way.into_org, s.signed, s.own, way.idx FROM plan_signing s, way
		WHERE s.book = way.book AND s.org = way.from_org AND s.signed = 1 AND NOT EXISTS (SELECT 1 FROM plan_signing x WHERE x.book = s.book AND x.org = way.into_org)`,
}

// takeOver gives what a unit said to open instructions to its heir where that is not named beside it.
func takeOver(table string) string {
	return `UPDATE ` + table + ` SET org = ` + wayInto + ` WHERE book = ` + wayBook + ` AND org = ` + wayFrom + ` AND EXISTS (SELECT 1 FROM plan_instruction i
		WHERE i.book = ` + table + `.book AND i.instruction = ` + table + `.instruction AND ` + openInstruction + `)
		AND NOT EXISTS (SELECT 1 FROM plan_instruction_unit u WHERE u.book = ` + table + `.book AND u.instruction = ` + table + `.instruction AND u.org = ` + wayInto + `)`
}

const (
	// unconfirmed: minutes to which, as they hold, unit t.who, who was there, said nothing yet.
	unconfirmed = `NOT EXISTS (SELECT 1 FROM plan_minutes_answer k JOIN plan_minutes y ON y.book = t.book AND y.meeting = t.meeting AND y.now_idx = k.of_idx
		WHERE k.book = t.book AND k.meeting = t.meeting AND k.who = t.who AND k.neighbour = 0)`
	openInstruction = `NOT EXISTS (SELECT 1 FROM plan_instruction_closed c WHERE c.book = i.book AND c.instruction = i.instruction)`
	// unansweredInstruction: of unit u, of whom an answer is waited for.
	unansweredInstruction = `COALESCE((SELECT max(a.idx) FROM plan_instruction_answer a WHERE a.book = u.book AND a.instruction = u.instruction AND a.org = u.org), -1)
		<= COALESCE((SELECT max(r.idx) FROM plan_instruction_return r WHERE r.book = u.book AND r.instruction = u.instruction AND r.org = u.org), -1)`
	openMeeting = `NOT EXISTS (SELECT 1 FROM plan_meeting_over o WHERE o.book = m.book AND o.meeting = m.meeting)
		AND NOT EXISTS (SELECT 1 FROM plan_minutes x WHERE x.book = m.book AND x.meeting = m.meeting)`
	// uncommented: a draft list that asks t.asked, is open, and got no comment of it.
	uncommented = `NOT EXISTS (SELECT 1 FROM plan_consultation_closed c WHERE c.book = t.book AND c.consultation = t.consultation)
		AND NOT EXISTS (SELECT 1 FROM plan_comment k JOIN plan_consultation n ON n.book = t.book AND n.consultation = t.consultation AND n.idx = k.of_idx
			WHERE k.book = t.book AND k.asked = t.asked)`
)

// passedRows: who does whose work since which entry.
const passedRows = `
CREATE TABLE plan_passed (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	from_org TEXT NOT NULL,
	into_org TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx, from_org)
);
CREATE INDEX plan_passed_into ON plan_passed (book, into_org, idx);
`

// standsFor says whether an organisation is one of those that an entry of index since named, or does the work of one since then.
func standsFor(ctx context.Context, own *node.Own, since int64, named []string, org string) (bool, error) {
	if slices.Contains(named, org) {
		return true, nil
	}
	if org == "" || len(named) == 0 {
		return false, nil
	}
	rows, err := own.Query(ctx, `SELECT from_org, into_org FROM plan_passed WHERE book = ? AND idx > ? ORDER BY idx, from_org`, since)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	heirs := slices.Clone(named)
	for rows.Next() { // in the order of the book: whoever took over from an heir is one
		var from, into string
		if err := rows.Scan(&from, &into); err != nil {
			return false, err
		}
		if slices.Contains(heirs, from) && !slices.Contains(heirs, into) {
			heirs = append(heirs, into)
		}
	}
	return slices.Contains(heirs, org), rows.Err()
}

// inherited are an organisation and those whose work it does, whoever they inherited it from included.
func inherited(ctx context.Context, tx *store.Tx, book, org string) ([]string, error) {
	all := []string{org}
	for at := 0; at < len(all); at++ {
		rows, err := tx.Query(ctx, `SELECT from_org FROM plan_passed WHERE book = ? AND into_org = ? ORDER BY idx, from_org`, book, all[at])
		if err != nil {
			return nil, err
		}
		from, err := texts(rows)
		if err != nil {
			return nil, err
		}
		for _, f := range from {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all, nil
}
