package plan

import (
	"fmt"
	"slices"

	"liandong/plan/judge"
	"liandong/store"
)

// agreed is a change of a neighbour's part of a row that one side proposed and the other accepted.
type agreed struct {
	member   string // whose part it is
	book     string // of the proposal
	idx      int64
	deadline judge.Deadline // Kind empty: it stays
	target   bool
	day      judge.Date // of the acceptance: it holds from then on
}

// agreedNow: the proposals on the present asking entry of a row that were accepted, the one that holds last. That does not
// hang on which came first: the rounds stand in the entries.
const agreedNow = `SELECT c.member, c.book, c.idx, c.deadline_kind, c.deadline, c.target, w.day FROM plan_ask a
	JOIN plan_change c ON c.listing = a.listing AND c.ask = a.idx AND c.member = a.member AND substr(c.book, 7) = substr(a.book, 7)
	JOIN plan_change_answer w ON w.of_book = c.book AND w.of_idx = c.idx AND w.book = c.addressee || substr(c.book, 7) AND w.accepted = 1
	WHERE a.book = ? AND a.listing = ?
	ORDER BY c.member, c.round, CASE WHEN substr(c.book, 1, 6) = substr(a.book, 1, 6) THEN 1 ELSE 0 END, c.idx`

// partVerdict is what the list's member said of one version of a neighbour's part.
type partVerdict struct {
	judge.Overrule
	item, book   string // of the version
	version, idx int64
}

// amongEquals says whether neighbours ever agreed on a change or judged a part: where nothing was, nothing more is looked for.
func (p *projector) amongEquals() (bool, error) {
	if p.equals == nil {
		var any int
		err := p.tx.Row(p.ctx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM plan_change_answer) OR EXISTS (SELECT 1 FROM plan_part_verdict)
			OR EXISTS (SELECT 1 FROM plan_agreed) THEN 1 ELSE 0 END`).Scan(&any)
		if err != nil {
			return false, err
		}
		equals := any == 1
		p.equals = &equals
	}
	return *p.equals, nil
}

// readEquals reads what was agreed of a row with neighbours, and what its member said of their parts.
func (p *projector) readEquals(l *listingFacts) error {
	if any, err := p.amongEquals(); err != nil || !any {
		return err
	}
	rows, err := p.tx.Query(p.ctx, agreedNow, l.book, l.id)
	if err != nil {
		return err
	}
	l.agreed, err = store.Collect(rows, func(scan func(...any) error) (a agreed, err error) {
		var target int
		err = scan(&a.member, &a.book, &a.idx, &a.deadline.Kind, &a.deadline.Date, &target, &a.day)
		a.target = target == 1
		return a, err
	})
	if err != nil {
		return err
	}
	rows, err = p.tx.Query(p.ctx, `SELECT item, of_book, of_idx, idx, state, day FROM plan_part_verdict WHERE book = ? AND listing = ? ORDER BY idx`,
		l.book, l.id)
	if err != nil {
		return err
	}
	l.onParts, err = store.Collect(rows, func(scan func(...any) error) (v partVerdict, err error) {
		err = scan(&v.item, &v.book, &v.version, &v.idx, &v.State, &v.Date)
		v.Ref = fmt.Sprint(v.idx)
		return v, err
	})
	return err
}

// deadlineOf is the deadline of an item's work in a row as known on a day: the row's, unless its member agreed on another one with
// the neighbour whose part it is.
func (l *listingFacts) deadlineOf(w claim, day judge.Date) judge.Deadline {
	deadline := l.deadline
	for _, a := range l.agreed {
		if a.member == memberOfBook(w.book) && a.deadline.Kind != "" && a.day <= day {
			deadline = a.deadline
		}
	}
	return deadline
}

// overrule is the verdict on an item's work in a row as known on a day: the latest on the row or on this part. One on a part
// judges one version, and ends with the next that the neighbour accepts, whoever heard of it when.
func (f *itemFacts) overrule(l *listingFacts, w claim, day judge.Date) (o judge.Overrule) {
	at := int64(-1)
	for _, v := range l.verdicts {
		if v.Date <= day {
			o, at = v, atoi(v.Ref)
		}
	}
	var part partVerdict
	for _, v := range l.onParts {
		if v.item == w.item && v.book == w.book && v.Date <= day {
			part = v
		}
	}
	if part.State != "" && part.idx > at && !f.acceptedAfter(part, day) {
		return part.Overrule
	}
	if o.State == "" {
		return judge.Overrule{}
	}
	return o
}

func (f *itemFacts) acceptedAfter(v partVerdict, day judge.Date) bool {
	return slices.ContainsFunc(f.accepted, func(a acceptedRow) bool {
		return a.book == v.book && a.idx > v.version && a.day <= day
	})
}

// storeAgreed keeps what holds of each neighbour's part of a row: the proposals that were accepted last.
func (p *projector) storeAgreed(l *listingFacts) error {
	if any, err := p.amongEquals(); err != nil || !any {
		return err
	}
	if !p.anew {
		if _, err := p.tx.Exec(p.ctx, `DELETE FROM plan_agreed WHERE listing = ?`, l.id); err != nil {
			return err
		}
	}
	now := map[string]agreedRow{}
	for _, a := range l.agreed {
		r := now[a.member]
		if a.deadline.Kind != "" {
			r.deadline, r.book, r.idx = a.deadline, a.book, a.idx
		}
		if a.target {
			r.targetBook, r.targetIdx = a.book, a.idx
		}
		now[a.member] = r
	}
	for _, member := range sortedKeys(now) {
		r := now[member]
		_, err := p.tx.Exec(p.ctx, `INSERT INTO plan_agreed (listing, member, book, deadline_kind, deadline, by_book, by_idx, target_book, target_idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, l.id, member, l.book, string(r.deadline.Kind), string(r.deadline.Date),
			r.book, r.idx, r.targetBook, r.targetIdx)
		if err != nil {
			return err
		}
	}
	return nil
}

type agreedRow struct {
	deadline         judge.Deadline
	book, targetBook string // of the proposals; empty: none
	idx, targetIdx   int64
}

// equalTurns are the days on which a part's deadline or verdict became known.
func (l *listingFacts) equalTurns(w claim) (days []judge.Date) {
	for _, a := range l.agreed {
		if a.member == memberOfBook(w.book) {
			days = append(days, a.day)
		}
	}
	for _, v := range l.onParts {
		if v.item == w.item {
			days = append(days, v.Date)
		}
	}
	return days
}

// agreedJoint: by_book and by_idx are the proposal whose deadline holds, target_book and target_idx the one whose target does.
const agreedJoint = `
CREATE TABLE plan_agreed (
	listing TEXT NOT NULL,
	member TEXT NOT NULL,
	book TEXT NOT NULL,
	deadline_kind TEXT NOT NULL,
	deadline TEXT NOT NULL,
	by_book TEXT NOT NULL,
	by_idx BIGINT NOT NULL,
	target_book TEXT NOT NULL,
	target_idx BIGINT NOT NULL,
	PRIMARY KEY (listing, member)
);
`
