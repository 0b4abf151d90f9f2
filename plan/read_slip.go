package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// SlipID names a slip of any member's: "s-4c1d@510900".
type SlipID string

// SlipState is how far a slip is, on a day.
type SlipState string

// The states: 待签收, 办理中, 逾期未反馈, 待复核, 已销号, 已撤销.
const (
	SlipIsNew       SlipState = "new"
	SlipIsSigned    SlipState = "signed"
	SlipIsOverdue   SlipState = "overdue"
	SlipIsAnswered  SlipState = "answered"
	SlipIsDone      SlipState = "done"
	SlipIsCancelled SlipState = "cancelled"
)

// Slip is a supervision slip (督办单) with what became of it.
type Slip struct {
	ID      SlipID     `json:"id"`
	Slip    string     `json:"slip"` // as its entries say it
	Year    int        `json:"year"`
	Number  int        `json:"number"`
	Item    string     `json:"item"` // empty: of no item of this member's
	Listing string     `json:"listing"`
	Org     string     `json:"org"`    // unit that answers, of this member; empty: a neighbour
	Member  string     `json:"member"` // code of the neighbour that answers
	Unit    string     `json:"unit"`   // name of who answers
	By      string     `json:"by"`     // name of the member that issued it
	Ours    bool       `json:"ours"`   // this member issued it
	Ground  SlipGround `json:"ground"`
	Level   string     `json:"level"` // now
	Due     judge.Date `json:"due"`   // now
	First   judge.Date `json:"first"` // the day by which it was first to be answered
	Issued  judge.Date `json:"issued"`
	Words   SlipWords  `json:"words"`
	Erased  bool       `json:"erased"`
	Circle  string     `json:"circle"`
	Book    string     `json:"book"`
	Index   int64      `json:"index"`

	Signed   judge.Date  `json:"signed"`   // empty: not yet
	Answered judge.Date  `json:"answered"` // of the first answer
	State    SlipState   `json:"state"`
	Outcome  SlipOutcome `json:"outcome"`
	Closed   judge.Date  `json:"closed"`
	answer   int64       // index of the last, in the book of who is asked; -1: none
	Story    []SlipEvent `json:"story"`            // in order of time; of one slip only
	Acting   string      `json:"acting,omitempty"` // who issued it for whom; of one slip only, empty: for himself
}

// SlipEvent is one thing that happened to a slip.
type SlipEvent struct {
	Kind   string     `json:"kind"` // name of the kind, without version
	Day    judge.Date `json:"day"`
	Level  string     `json:"level"` // that it was raised to
	Due    judge.Date `json:"due"`
	Text   string     `json:"text"`
	Files  []ToldFile `json:"files,omitempty"`  // of an answer, in the order in which the entry names them
	Acting string     `json:"acting,omitempty"` // who said it for whom: 周禾（代陈岚）; empty: for himself
	Book   string     `json:"book"`
	Index  int64      `json:"index"`
	at     int64
}

// InTime says that the first answer came by the day by which it was first asked; known is false while that is still open.
func (s Slip) InTime(today judge.Date) (yes, known bool) {
	switch {
	case s.Outcome == SlipCancelled:
		return false, false
	case s.Answered != "":
		return s.Answered <= s.First, true
	}
	return false, today > s.First
}

// slipState is how a slip stands on a day: its last answer counts, unless that was returned. Both are indexes in the book of who is asked.
func slipState(outcome SlipOutcome, signed, due, today judge.Date, answer, returned int64) SlipState {
	switch {
	case outcome == SlipDone:
		return SlipIsDone
	case outcome == SlipCancelled:
		return SlipIsCancelled
	case answer > returned:
		return SlipIsAnswered
	case today > due:
		return SlipIsOverdue
	case signed != "":
		return SlipIsSigned
	}
	return SlipIsNew
}

// What is said to a slip stands in the book of who is asked, of the same circle: inside in the same book.
const selectSlips = `SELECT s.slip, s.book, s.idx, h.origin, s.year, s.number, s.item, s.listing, s.org, s.member, s.ground, s.level, s.due, s.issued, COALESCE(c.outcome, ''), COALESCE(c.day, ''), e.words,
	COALESCE((SELECT g.day FROM plan_slip_signed g WHERE g.origin = h.origin AND g.slip_idx = s.idx AND g.book = CASE WHEN s.member = '' THEN s.book ELSE s.member || substr(s.book, 7) END), ''),
	COALESCE((SELECT min(a.day) FROM plan_slip_answer a WHERE a.origin = h.origin AND a.slip_idx = s.idx AND a.book = CASE WHEN s.member = '' THEN s.book ELSE s.member || substr(s.book, 7) END), ''),
	COALESCE((SELECT max(a.idx) FROM plan_slip_answer a WHERE a.origin = h.origin AND a.slip_idx = s.idx AND a.book = CASE WHEN s.member = '' THEN s.book ELSE s.member || substr(s.book, 7) END), -1),
	COALESCE((SELECT max(m.answer) FROM plan_slip_move m WHERE m.book = s.book AND m.slip = s.slip), -1),
	COALESCE((SELECT m.due FROM plan_slip_move m WHERE m.book = s.book AND m.slip = s.slip ORDER BY m.idx DESC LIMIT 1), ''),
	COALESCE((SELECT m.level FROM plan_slip_move m WHERE m.book = s.book AND m.slip = s.slip AND m.level <> '' ORDER BY m.idx DESC LIMIT 1), '')
	FROM plan_slip s JOIN book_head h ON h.book = s.book JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
	LEFT JOIN plan_slip_closed c ON c.book = s.book AND c.slip = s.slip `

func (d *Desk) slipsWhere(ctx context.Context, tx *store.Tx, which string, args ...any) ([]Slip, error) {
	rows, err := tx.Query(ctx, selectSlips+which, args...)
	if err != nil {
		return nil, err
	}
	today := d.Today()
	all, err := store.Collect(rows, func(scan func(...any) error) (s Slip, err error) {
		var origin, due, level string
		var said []byte
		var returned int64
		err = scan(&s.Slip, &s.Book, &s.Index, &origin, &s.Year, &s.Number, &s.Item, &s.Listing, &s.Org, &s.Member, &s.Ground, &s.Level, &s.First, &s.Issued,
			&s.Outcome, &s.Closed, &said, &s.Signed, &s.Answered, &s.answer, &returned, &due, &level)
		if err != nil {
			return s, err
		}
		by := memberOfBook(s.Book)
		s.ID, s.Circle, s.Ours = SlipID(idOf(by, s.Slip)), s.Book[len(by)+1:], by == d.node.Member
		s.By, s.Unit = region.MemberName(by), region.MemberName(s.Member)
		s.Due, s.Level = cmp.Or(judge.Date(due), s.First), cmp.Or(level, s.Level)
		s.State = slipState(s.Outcome, s.Signed, s.Due, today, s.answer, returned)
		s.Words, s.Erased, err = words[SlipWords](said)
		return s, err
	})
	if err != nil || len(all) == 0 { // as on most days of most people
		return nil, err
	}
	names, err := d.orgNames(ctx, tx)
	for i, s := range all {
		if s.Member == "" {
			all[i].Unit = cmp.Or(names[idOf(memberOfBook(s.Book), s.Org)], s.Org)
		}
	}
	return all, err
}

// slip reads one. Refused: plan.slip-unknown.
func (d *Desk) slip(ctx context.Context, tx *store.Tx, id SlipID) (Slip, error) {
	all, err := d.slipsWhere(ctx, tx, `WHERE s.slip = ? AND h.member = ?`, saidID(string(id)), cmp.Or(memberOf(string(id)), d.node.Member))
	if err != nil {
		return Slip{}, err
	}
	if len(all) == 0 {
		return Slip{}, refuse.New("plan.slip-unknown", "slip", string(id))
	}
	return all[0], nil
}

// asked is the book in which a slip is answered.
func (s Slip) asked() string {
	if s.Member == "" {
		return s.Book
	}
	return s.Member + "/" + s.Circle
}

// mostSlips bounds what a page lists.
const mostSlips = 500

// SlipQuery says which slips are wanted.
type SlipQuery struct {
	Open bool   // only those that are not closed
	Item string // of one item; empty: all
}

// Slips lists the slips that a viewer may see, the open ones first, then the newest: a coordinator, a leader and an auditor all, others those of
// their own organisation.
func (d *Desk) Slips(ctx context.Context, q SlipQuery, v Viewer) (all []Slip, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.slips(ctx, tx, q, v)
		return err
	})
	return all, err
}

func (d *Desk) slips(ctx context.Context, tx *store.Tx, q SlipQuery, v Viewer) ([]Slip, error) {
	which, args := `WHERE 1 = 1`, []any{}
	if !v.allSlips() {
		which, args = which+` AND s.org = ? AND h.member = ?`, append(args, v.Org, d.node.Member)
	}
	if q.Open {
		which += ` AND c.outcome IS NULL`
	}
	if q.Item != "" {
		which, args = which+` AND s.item = ?`, append(args, q.Item)
	}
	return d.slipsWhere(ctx, tx, which+` ORDER BY CASE WHEN c.outcome IS NULL THEN 0 ELSE 1 END, s.issued DESC, s.number DESC LIMIT `+strconv.Itoa(mostSlips), args...)
}

// allSlips says that a viewer sees the slips of all organisations, and those between members.
func (v Viewer) allSlips() bool {
	return v.Seat == region.Coordinator || v.Seat == region.Leader || v.Seat == region.Auditor
}

// Slip reads one slip with its story. Refused: plan.slip-unknown, also for one that is not the viewer's to see.
func (d *Desk) Slip(ctx context.Context, id SlipID, v Viewer) (s Slip, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if s, err = d.slip(ctx, tx, id); err != nil {
			return err
		}
		if !v.allSlips() && (!s.Ours || s.Org != v.Org || s.Org == "") {
			return refuse.New("plan.slip-unknown", "slip", string(id))
		}
		if s.Story, err = d.slipStory(ctx, tx, s); err == nil {
			err = d.markStandIns(ctx, tx, &s)
		}
		return err
	})
	return s, err
}

func (d *Desk) slipStory(ctx context.Context, tx *store.Tx, s Slip) (all []SlipEvent, err error) {
	add := func(query string, args ...any) {
		if err != nil {
			return
		}
		rows, wrong := tx.Query(ctx, query, args...)
		if err = wrong; err != nil {
			return
		}
		some, wrong := store.Collect(rows, func(scan func(...any) error) (e SlipEvent, err error) {
			var said []byte
			if err := scan(&e.Kind, &e.Book, &e.Index, &e.Day, &e.Level, &e.Due, &e.at, &said); err != nil {
				return e, err
			}
			e.Text, e.Files, err = d.instructionText(said) // of slips and of words: a text, or a reason, and files
			return e, err
		})
		all, err = append(all, some...), wrong
	}
	add(`SELECT 'plan.slip.signed', g.book, g.idx, g.day, '', '', 0, e.words FROM plan_slip_signed g JOIN book_head h ON h.origin = g.origin
		JOIN book_entry e ON e.book = g.book AND e.idx = g.idx WHERE h.book = ? AND g.slip_idx = ? AND g.book = ?`, s.Book, s.Index, s.asked())
	add(`SELECT 'plan.slip.answered', a.book, a.idx, a.day, '', '', a.at, e.words FROM plan_slip_answer a JOIN book_head h ON h.origin = a.origin
		JOIN book_entry e ON e.book = a.book AND e.idx = a.idx WHERE h.book = ? AND a.slip_idx = ? AND a.book = ?`, s.Book, s.Index, s.asked())
	add(`SELECT CASE WHEN m.level = '' THEN 'plan.slip.returned' ELSE 'plan.slip.raised' END, m.book, m.idx, m.day, m.level, m.due, m.at, e.words
		FROM plan_slip_move m JOIN book_entry e ON e.book = m.book AND e.idx = m.idx WHERE m.book = ? AND m.slip = ?`, s.Book, s.Slip)
	add(`SELECT 'plan.slip.closed', c.book, c.idx, c.day, '', '', 9223372036854775807, e.words
		FROM plan_slip_closed c JOIN book_entry e ON e.book = c.book AND e.idx = c.idx WHERE c.book = ? AND c.slip = ?`, s.Book, s.Slip)
	slices.SortStableFunc(all, func(a, b SlipEvent) int { return cmp.Compare(a.at, b.at) })
	return all, err
}

// slipText is what an entry about a slip says in words, of whichever kind.
func slipText(raw []byte) (string, error) {
	if raw == nil {
		return "", nil
	}
	said, _, err := words[struct {
		Text   string `json:"text"`
		Reason string `json:"reason"`
	}](raw)
	return cmp.Or(said.Text, said.Reason), err
}

// SlipRate is how a unit answered its slips.
type SlipRate struct {
	Unit       string
	All        int // that were to be answered by today, or were
	InTime     int
	Open, Late int // open now; of these overdue
}

// SlipRates are the units' rates of slips answered in time (按时办结率), of this member's own slips, the worst first.
func SlipRates(all []Slip, today judge.Date) []SlipRate {
	by := map[string]*SlipRate{}
	for _, s := range all {
		if !s.Ours || s.Outcome == SlipCancelled {
			continue
		}
		r := by[s.Unit]
		if r == nil {
			r = &SlipRate{Unit: s.Unit}
			by[s.Unit] = r
		}
		if s.Outcome == "" {
			r.Open++
		}
		if s.State == SlipIsOverdue {
			r.Late++
		}
		if yes, known := s.InTime(today); known {
			r.All++
			if yes {
				r.InTime++
			}
		}
	}
	rates := make([]SlipRate, 0, len(by))
	for _, r := range by {
		rates = append(rates, *r)
	}
	slices.SortFunc(rates, func(a, b SlipRate) int {
		return cmp.Or(cmp.Compare(a.InTime*max(b.All, 1), b.InTime*max(a.All, 1)), cmp.Compare(b.All, a.All), strings.Compare(a.Unit, b.Unit))
	})
	return rates
}

// SlipProposal is a slip that the rule proposes (拟督办): of work that is late, or of a report that was missed.
type SlipProposal struct {
	Item   string       `json:"item"`
	Title  string       `json:"title"`
	Org    string       `json:"org"`
	Unit   string       `json:"unit"`
	Ground SlipGround   `json:"ground"`
	Since  judge.Date   `json:"since"` // late since; of a missed report its cut-off
	Period judge.Period `json:"period"`
	Last   *ClosedSlip  `json:"last,omitempty"` // that was closed last on this item; nil: there was none
}

// ClosedSlip is how the last slip of an item ended, for who is to decide on another.
type ClosedSlip struct {
	ID      SlipID      `json:"id"`
	Year    int         `json:"year"`
	Number  int         `json:"number"`
	Ground  SlipGround  `json:"ground"`
	Issued  judge.Date  `json:"issued"`
	Closed  judge.Date  `json:"closed"`
	Outcome SlipOutcome `json:"outcome"`
	Reason  string      `json:"reason"`
}

// SlipProposals lists what the rule proposes: work that is late today and reports missed in the newest period, of items of this member that
// have no open slip. A report whose missing was the matter of a slip that was closed is not proposed again: one slip for one matter (一事一单, RULES 2.1). Work
// that is late still after its slip was closed is, with how that ended.
func (d *Desk) SlipProposals(ctx context.Context) (all []SlipProposal, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT DISTINCT s.item FROM plan_slip s
			LEFT JOIN plan_slip_closed c ON c.book = s.book AND c.slip = s.slip WHERE c.slip IS NULL AND s.item <> ''`)
		if err != nil {
			return err
		}
		open, err := texts(rows)
		if err != nil {
			return err
		}
		closed, err := d.closedSlips(ctx, tx)
		if err != nil {
			return err
		}
		for _, q := range []ItemsQuery{{State: judge.Late, Size: mostSlips}, {Filing: judge.Missed, Size: mostSlips}} {
			page, err := d.items(ctx, tx, q)
			if err != nil {
				return fmt.Errorf("what the rule proposes: %w", err)
			}
			for _, r := range page.Rows {
				if q.Filing != "" && r.Filing.State != judge.Missed { // the filter takes in what may still come in time
					continue
				}
				if len(r.Leads) == 0 || memberOf(r.Item) != d.node.Member || slices.Contains(open, r.Item) {
					continue
				}
				p := SlipProposal{Item: r.Item, Title: r.Title, Org: saidID(r.Leads[0].Org), Unit: r.Leads[0].Name, Ground: SlipLate, Since: lateSince(r.Work)}
				if q.Filing != "" {
					p.Ground, p.Period, p.Since = SlipMissed, r.Period, r.Filing.From
				}
				ended := closed[r.Item]
				if p.Ground == SlipMissed && slices.ContainsFunc(ended, func(c ClosedSlip) bool {
					return c.Ground == SlipMissed && c.Outcome == SlipDone && c.Issued >= p.Since
				}) {
					continue
				}
				if len(ended) > 0 {
					p.Last = &ended[len(ended)-1]
				}
				open = append(open, r.Item) // one slip for one matter, the graver ground
				all = append(all, p)
			}
		}
		return nil
	})
	return all, err
}

// closedSlips are the slips of this member's items that were closed, by item, in the order of their ends.
func (d *Desk) closedSlips(ctx context.Context, tx *store.Tx) (map[string][]ClosedSlip, error) {
	rows, err := tx.Query(ctx, `SELECT s.item, s.slip, s.year, s.number, s.ground, s.issued, c.day, c.outcome, e.words FROM plan_slip_closed c
		JOIN plan_slip s ON s.book = c.book AND s.slip = c.slip JOIN book_entry e ON e.book = c.book AND e.idx = c.idx
		WHERE s.item <> '' AND s.book = ? ORDER BY c.idx`, d.node.BookName(node.Self))
	if err != nil {
		return nil, err
	}
	by := map[string][]ClosedSlip{}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var c ClosedSlip
		var item, slip string
		var said []byte
		if err := scan(&item, &slip, &c.Year, &c.Number, &c.Ground, &c.Issued, &c.Closed, &c.Outcome, &said); err != nil {
			return none, err
		}
		c.ID = SlipID(idOf(d.node.Member, slip))
		c.Reason, err = slipText(said)
		by[item] = append(by[item], c)
		return none, err
	})
	return by, err
}

// slipsWaiting counts what waits for an actor: slips of his organisation to sign or to answer; for a coordinator those to check, to raise, and of
// neighbours' to answer.
func (d *Desk) slipsWaiting(ctx context.Context, tx *store.Tx, actor node.Actor) (n int, err error) {
	all, err := d.slips(ctx, tx, SlipQuery{Open: true}, ViewerOf(actor))
	for _, s := range all {
		if d.SlipWaits(s, actor) {
			n++
		}
	}
	return n, err
}

// SlipWaits says that the next step of a slip is an actor's.
func (d *Desk) SlipWaits(s Slip, actor node.Actor) bool {
	switch {
	case s.Outcome != "":
		return false
	case s.Member == d.node.Member: // a neighbour's, for this member's coordinator
		return s.State != SlipIsAnswered && region.May(region.Seat(actor.Seat), region.PlanSlip)
	case s.Ours && region.May(region.Seat(actor.Seat), region.PlanSlip):
		return s.State == SlipIsAnswered || s.State == SlipIsOverdue
	}
	return s.Ours && s.Org == actor.Org && s.State != SlipIsAnswered && region.May(region.Seat(actor.Seat), region.SlipAnswer)
}
