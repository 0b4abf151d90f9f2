package plan

import (
	"context"

	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// PartChange is what one side proposed of a neighbour's part of a row, with the other side's answer as far as there is one.
type PartChange struct {
	Listing   string         `json:"listing"`
	Title     string         `json:"title"`  // of the row
	Member    string         `json:"member"` // name of the member whose part it is
	By        string         `json:"by"`     // names of who proposed and who has to answer
	To        string         `json:"to"`
	Ours      bool           `json:"ours"`  // this member proposed it
	ForUs     bool           `json:"forUs"` // this member has to answer, and has not yet
	Deadline  judge.Deadline `json:"deadline"`
	Words     ChangeWords    `json:"words"`
	Erased    bool           `json:"erased"`
	Answered  bool           `json:"answered"`
	Accepted  bool           `json:"accepted"`
	Holds     bool           `json:"holds"` // its deadline or its target is the one that holds
	Reason    string         `json:"reason"`
	Book      string         `json:"book"` // of the proposal
	Index     int64          `json:"index"`
	AnswerIn  string         `json:"answerIn"` // book of the answer; empty: none yet
	AnswerIdx int64          `json:"answerIdx"`
}

// PartVerdict is what a list's member said of one version of a neighbour's part of its row.
type PartVerdict struct {
	Item            string          `json:"item"`
	Title           string          `json:"title"`
	Member          string          `json:"member"` // names: whose part, who judged
	By              string          `json:"by"`
	State           judge.WorkState `json:"state"`
	Reason          string          `json:"reason"`
	Day             judge.Date      `json:"day"`
	VersionIn       string          `json:"versionIn"` // book of the version that it judges
	VersionAt       int64           `json:"versionAt"`
	Over            bool            `json:"over"` // a later version was accepted, or a later verdict given
	Ours            bool            `json:"ours"` // it is on a part of this member's
	Book            string          `json:"book"`
	Index           int64           `json:"index"`
	Objection       string          `json:"objection"`
	ObjectionErased bool            `json:"objectionErased"`
	ObjectedIn      string          `json:"objectedIn"` // book of the objection; empty: none
	ObjectedAt      int64           `json:"objectedAt"`
}

// Part is a neighbour's part of a row: who does it by what, until when.
type Part struct {
	Code     string         `json:"code"`
	Member   string         `json:"member"`
	Item     string         `json:"item"` // empty: not claimed
	Title    string         `json:"title"`
	Deadline judge.Deadline `json:"deadline"`
	Agreed   bool           `json:"agreed"`   // both sides changed the deadline
	Target   string         `json:"target"`   // agreed; empty: the row's
	Version  int64          `json:"version"`  // index of the newest version that a verdict would judge; -1: none
	Judges   bool           `json:"judges"`   // this member may judge it
	Proposes bool           `json:"proposes"` // this member is one of the two that may propose
}

// TermsPage is a row between equals: its parts, what was proposed of them, and what was said of them.
type TermsPage struct {
	Listing  ListingRow    `json:"-"`
	Key      string        `json:"-"`
	Owner    string        `json:"owner"`
	Own      bool          `json:"own"`
	Parts    []Part        `json:"parts"`
	Changes  []PartChange  `json:"changes"`
	Verdicts []PartVerdict `json:"verdicts"`
}

// Terms reads how a row stands between its member and those it asks. Refused: plan.listing-unknown, plan.not-asked.
func (d *Desk) Terms(ctx context.Context, listing string) (p TermsPage, err error) {
	listing = d.ID(listing)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if p.Listing, err = listingByID(ctx, tx, listing); err != nil {
			return err
		}
		p.Owner, p.Own = region.MemberName(memberOf(listing)), memberOf(listing) == d.node.Member
		p.Key = d.PlanKey(p.Listing.Facts.Plan)
		if p.Parts, err = d.parts(ctx, tx, p.Listing); err != nil {
			return err
		}
		if len(p.Parts) == 0 {
			return refuse.New("plan.not-asked")
		}
		if p.Changes, err = d.changes(ctx, tx, `c.listing = ?`, listing); err != nil {
			return err
		}
		p.Verdicts, err = d.partVerdicts(ctx, tx, listing)
		return err
	})
	return p, err
}

func (d *Desk) parts(ctx context.Context, tx *store.Tx, l ListingRow) ([]Part, error) {
	rows, err := tx.Query(ctx, `SELECT a.member, COALESCE(c.item, ''), COALESCE(g.deadline_kind, ''), COALESCE(g.deadline, ''), e.words
		FROM plan_ask a LEFT JOIN plan_claimed c ON c.listing = a.listing AND c.book = a.member || substr(a.book, 7)
		LEFT JOIN plan_agreed g ON g.listing = a.listing AND g.member = a.member
		LEFT JOIN book_entry e ON e.book = g.target_book AND e.idx = g.target_idx
		WHERE a.book = ? AND a.listing = ? ORDER BY a.member`, l.Book, l.ID)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (p Part, err error) {
		var raw []byte
		if err := scan(&p.Code, &p.Item, &p.Deadline.Kind, &p.Deadline.Date, &raw); err != nil {
			return p, err
		}
		w, _, err := words[ChangeWords](raw)
		p.Target, p.Member, p.Version = w.Target, region.MemberName(p.Code), -1
		return p, err
	})
	for i := range all {
		p := &all[i]
		if p.Agreed = p.Deadline.Kind != ""; !p.Agreed {
			p.Deadline = l.Facts.Deadline
		}
		owner := memberOf(l.ID) == d.node.Member
		p.Proposes = owner || p.Code == d.node.Member
		if err != nil || p.Item == "" {
			continue
		}
		if p.Title, err = itemTitle(ctx, tx, p.Item); err != nil {
			return nil, err
		}
		version, failed := versionToJudge(ctx, tx, l.ID, p.Item)
		if failed == nil {
			p.Version, p.Judges = version.Index, owner
		} else if !refuse.Is(failed, "plan.not-claimed") {
			return nil, failed
		}
	}
	return all, err
}

// ChangesForUs are the proposals that wait for this member's answer, by list and row.
func (d *Desk) ChangesForUs(ctx context.Context) (all []PartChange, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.changes(ctx, tx, `c.addressee = ? AND w.book IS NULL`, d.node.Member)
		return err
	})
	return all, err
}

func (d *Desk) changes(ctx context.Context, tx *store.Tx, where string, arg string) ([]PartChange, error) {
	rows, err := tx.Query(ctx, `SELECT c.listing, c.member, c.addressee, c.deadline_kind, c.deadline, c.book, c.idx, e.words, l.words,
		COALESCE(w.accepted, 0), COALESCE(w.book, ''), COALESCE(w.idx, -1), we.words,
		CASE WHEN EXISTS (SELECT 1 FROM plan_agreed g WHERE g.listing = c.listing AND (g.by_book = c.book AND g.by_idx = c.idx
			OR g.target_book = c.book AND g.target_idx = c.idx)) THEN 1 ELSE 0 END
		FROM plan_change c JOIN plan_ask a ON a.listing = c.listing AND a.idx = c.ask AND a.member = c.member AND substr(a.book, 7) = substr(c.book, 7)
		JOIN plan_listing p ON p.book = a.book AND p.listing = a.listing JOIN book_entry l ON l.book = p.book AND l.idx = p.idx
		JOIN book_entry e ON e.book = c.book AND e.idx = c.idx
		LEFT JOIN plan_change_answer w ON w.of_book = c.book AND w.of_idx = c.idx AND w.book = c.addressee || substr(c.book, 7)
		LEFT JOIN book_entry we ON we.book = w.book AND we.idx = w.idx
		WHERE `+where+` ORDER BY p.plan, p.ord, c.listing, c.member, c.round, c.book LIMIT ?`, arg, mostAsked)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (c PartChange, err error) {
		var member, to string
		var accepted, holds int
		var raw, row, why []byte
		err = scan(&c.Listing, &member, &to, &c.Deadline.Kind, &c.Deadline.Date, &c.Book, &c.Index, &raw, &row,
			&accepted, &c.AnswerIn, &c.AnswerIdx, &why, &holds)
		if err != nil {
			return c, err
		}
		by := memberOfBook(c.Book)
		c.Member, c.By, c.To = region.MemberName(member), region.MemberName(by), region.MemberName(to)
		c.Answered, c.Accepted, c.Holds = c.AnswerIn != "", accepted == 1, holds == 1
		c.Ours, c.ForUs = by == d.node.Member, to == d.node.Member && !c.Answered
		if c.Words, c.Erased, err = words[ChangeWords](raw); err != nil {
			return c, err
		}
		head, _, err := words[ListingWords](row)
		if err != nil {
			return c, err
		}
		reason, _, err := words[ReasonWords](why)
		c.Title, c.Reason = head.Title, reason.Reason
		return c, err
	})
}

// waitingChanges counts the proposals that wait for this member's answer.
func (d *Desk) waitingChanges(ctx context.Context, tx *store.Tx) (n int, err error) {
	err = tx.Row(ctx, `SELECT count(*) FROM plan_change c JOIN plan_ask a ON a.listing = c.listing AND a.idx = c.ask AND a.member = c.member
		AND substr(a.book, 7) = substr(c.book, 7) JOIN plan_listing p ON p.book = a.book AND p.listing = a.listing
		WHERE c.addressee = ? AND NOT EXISTS (SELECT 1 FROM plan_change_answer w
			WHERE w.of_book = c.book AND w.of_idx = c.idx AND w.book = c.addressee || substr(c.book, 7))`, d.node.Member).Scan(&n)
	return n, err
}

// partVerdicts are what was said of the parts of a row, newest first.
func (d *Desk) partVerdicts(ctx context.Context, tx *store.Tx, listing string) ([]PartVerdict, error) {
	rows, err := tx.Query(ctx, `SELECT v.book, v.idx, v.item, v.state, v.day, v.of_book, v.of_idx, e.words, COALESCE(o.book, ''), COALESCE(o.idx, -1), oe.words,
		CASE WHEN EXISTS (SELECT 1 FROM plan_accepted x WHERE x.book = v.of_book AND x.item = v.item AND x.idx > v.of_idx)
			OR EXISTS (SELECT 1 FROM plan_part_verdict y WHERE y.book = v.book AND y.listing = v.listing AND y.item = v.item AND y.idx > v.idx) THEN 1 ELSE 0 END
		FROM plan_part_verdict v JOIN book_entry e ON e.book = v.book AND e.idx = v.idx
		LEFT JOIN plan_objection o ON o.of_book = v.book AND o.of_idx = v.idx AND o.book = v.of_book
		LEFT JOIN book_entry oe ON oe.book = o.book AND oe.idx = o.idx
		WHERE v.listing = ? ORDER BY v.idx DESC LIMIT ?`, listing, mostAsked)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (v PartVerdict, err error) {
		var raw, objection []byte
		var over int
		err = scan(&v.Book, &v.Index, &v.Item, &v.State, &v.Day, &v.VersionIn, &v.VersionAt, &raw, &v.ObjectedIn, &v.ObjectedAt, &objection, &over)
		if err != nil {
			return v, err
		}
		v.Over, v.Ours = over == 1, memberOfBook(v.VersionIn) == d.node.Member
		v.Member, v.By = region.MemberName(memberOfBook(v.VersionIn)), region.MemberName(memberOfBook(v.Book))
		w, _, err := words[ReasonWords](raw)
		if err != nil {
			return v, err
		}
		o, erased, err := words[ReasonWords](objection)
		v.Reason, v.Objection, v.ObjectionErased = w.Reason, o.Reason, erased && v.ObjectedIn != ""
		return v, err
	})
	for i := range all {
		if err == nil {
			all[i].Title, err = itemTitle(ctx, tx, all[i].Item)
		}
	}
	return all, err
}
