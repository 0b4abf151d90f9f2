package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Consultation is a draft list that was sent for comment (征求意见稿), with what was said of it.
type Consultation struct {
	ID     string              `json:"id"` // "c-4c1d@510900"
	Title  string              `json:"title"`
	Note   string              `json:"note"`
	Erased bool                `json:"erased"`
	Year   int                 `json:"year"`
	Due    judge.Date          `json:"due"`
	Day    judge.Date          `json:"day"` // sent
	By     string              `json:"by"`  // name of the member that asks
	Ours   bool                `json:"ours"`
	Circle string              `json:"circle"` // whose neighbours are asked too; empty: none are
	Rows   []ConsultationLine  `json:"rows"`
	Whole  []RowComment        `json:"whole"` // of the list as a whole
	Asked  []ConsultationAsked `json:"asked"`

	Outcome   ConsultationOutcome `json:"outcome"` // empty: it is open
	Plan      string              `json:"plan"`    // that was issued
	Closed    judge.Date          `json:"closed"`
	Reason    string              `json:"reason"`
	Undecided int                 `json:"undecided"` // comments on rows without a decision

	heads []consultationHead
	at    int64
}

// consultationHead is an entry that opened it: one in each book.
type consultationHead struct {
	Book  string
	Index int64
}

// ConsultationLine is one row with the comments on it.
type ConsultationLine struct {
	Row      int          `json:"row"`
	Order    int          `json:"order"`
	Words    ListingWords `json:"words"`
	Erased   bool         `json:"erased"`
	Comments []RowComment `json:"comments"`
}

// RowComment is what one of those asked says of one row, and what became of it.
type RowComment struct {
	From     string     `json:"from"` // name
	Asked    string     `json:"asked"`
	Row      int        `json:"row"`
	Text     string     `json:"text"`
	Erased   bool       `json:"erased"`
	Day      judge.Date `json:"day"`
	Book     string     `json:"book"`
	Index    int64      `json:"index"`
	Decision Decision   `json:"decision"` // empty: none yet
	Reason   string     `json:"reason"`
}

// ConsultationAsked is one unit or neighbour that was asked.
type ConsultationAsked struct {
	Asked string     `json:"asked"` // id of a unit of this member, or code of a member
	Name  string     `json:"name"`
	Day   judge.Date `json:"day"`   // of its last comment; empty: silent so far
	Texts int        `json:"texts"` // rows commented on; 0 with a day: 无意见
	Late  bool       `json:"late"`  // it said so after the day asked for
	book  string
	idx   int64
	since int64 // index of the entry that asked
}

// Neighbour says that it is another member, not a unit of the one that asks.
func (a ConsultationAsked) Neighbour() bool { return book.IsMember(a.Asked) }

func (c *Consultation) head(circle string) *consultationHead {
	for i := range c.heads {
		if circleOfBook(c.heads[i].Book) == circle {
			return &c.heads[i]
		}
	}
	return nil
}

// Row is one of its rows, nil where there is none.
func (c *Consultation) Row(row int) *ConsultationLine {
	if at := slices.IndexFunc(c.Rows, func(l ConsultationLine) bool { return l.Row == row }); at >= 0 {
		return &c.Rows[at]
	}
	return nil
}

// askedOf is whom it asks under an id, nil where he is not asked.
func (c *Consultation) askedOf(asked string) *ConsultationAsked {
	if at := slices.IndexFunc(c.Asked, func(a ConsultationAsked) bool { return a.Asked == asked }); at >= 0 {
		return &c.Asked[at]
	}
	return nil
}

// Comments are all that was said, of the list as a whole first, then row by row.
func (c *Consultation) Comments() []RowComment {
	all := slices.Clone(c.Whole)
	for _, l := range c.Rows {
		all = append(all, l.Comments...)
	}
	return all
}

func (c *Consultation) comment(book string, index int64, row int) *RowComment {
	for _, one := range c.Comments() {
		if one.Book == book && one.Index == index && one.Row == row {
			return &one
		}
	}
	return nil
}

// Silent are those asked that have said nothing.
func (c *Consultation) Silent() (names []string) {
	for _, a := range c.Asked {
		if a.Day == "" {
			names = append(names, a.Name)
		}
	}
	return names
}

// Consultations lists those that a viewer may see, without their rows, the open ones first, then the newest.
func (d *Desk) Consultations(ctx context.Context, v Viewer) (all []*Consultation, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.consultations(ctx, tx, v, false)
		return err
	})
	return all, err
}

// consultations are those of Consultations; open only such as have not ended.
func (d *Desk) consultations(ctx context.Context, tx *store.Tx, v Viewer, open bool) ([]*Consultation, error) {
	which, args := `WHERE 1 = 1`, []any{}
	if !v.allSlips() {
		which, args = `JOIN plan_consultation_to t ON t.book = s.book AND t.consultation = s.consultation WHERE t.asked = ? AND h.member = ?`, []any{v.Org, d.node.Member}
	}
	if open {
		which += ` AND x.outcome IS NULL`
	}
	all, err := d.consultationsWhere(ctx, tx, which, args...)
	if err != nil || len(all) == 0 { // as on most days of most people
		return nil, err
	}
	names, err := d.orgNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if err := readAsked(ctx, tx, c, names); err != nil {
			return nil, err
		}
		if err := readComments(ctx, tx, c); err != nil {
			return nil, err
		}
		c.showTo(v)
	}
	slices.SortStableFunc(all, func(a, b *Consultation) int {
		return cmp.Or(bit(a.Outcome != "")-bit(b.Outcome != ""), cmp.Compare(b.at, a.at))
	})
	return all, nil
}

// consultationsWhere reads their heads; one that stands in two books is one.
func (d *Desk) consultationsWhere(ctx context.Context, tx *store.Tx, which string, args ...any) (all []*Consultation, err error) {
	rows, err := tx.Query(ctx, `SELECT s.consultation, s.book, s.idx, s.year, s.due, s.day, s.at, e.words, COALESCE(x.outcome, ''), COALESCE(x.plan, ''), COALESCE(x.day, ''), y.words
		FROM plan_consultation s JOIN book_head h ON h.book = s.book JOIN book_entry e ON e.book = s.book AND e.idx = s.idx
		LEFT JOIN plan_consultation_closed x ON x.book = s.book AND x.consultation = s.consultation
		LEFT JOIN book_entry y ON y.book = x.book AND y.idx = x.idx `+which+` ORDER BY s.book, s.idx`, args...)
	if err != nil {
		return nil, err
	}
	heads, err := store.Collect(rows, func(scan func(...any) error) (c Consultation, err error) {
		var h consultationHead
		var said, why []byte
		if err := scan(&c.ID, &h.Book, &h.Index, &c.Year, &c.Due, &c.Day, &c.at, &said, &c.Outcome, &c.Plan, &c.Closed, &why); err != nil {
			return c, err
		}
		c.ID, c.heads = idOf(memberOfBook(h.Book), c.ID), []consultationHead{h}
		w, erased, err := words[ConsultationWords](said)
		c.Title, c.Note, c.Erased = w.Title, w.Note, erased
		if err == nil && why != nil {
			c.Reason, err = slipText(why)
		}
		return c, err
	})
	byID := map[string]*Consultation{}
	for _, one := range heads {
		if c := byID[one.ID]; c != nil {
			c.heads = append(c.heads, one.heads...)
			continue
		}
		member := memberOf(one.ID)
		one.Ours, one.By = member == d.node.Member, region.MemberName(member)
		byID[one.ID] = &one
		all = append(all, &one)
	}
	for _, c := range all {
		for _, h := range c.heads {
			if circle := circleOfBook(h.Book); circle != node.Self {
				c.Circle = circle
			}
		}
	}
	return all, err
}

// consultation reads one with all that was said. Refused: plan.consultation-unknown.
func (d *Desk) consultation(ctx context.Context, tx *store.Tx, id string) (*Consultation, error) {
	id = d.ID(id)
	all, err := d.consultationsWhere(ctx, tx, `WHERE s.consultation = ? AND h.member = ?`, saidID(id), memberOf(id))
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, refuse.New("plan.consultation-unknown", "consultation", id)
	}
	c := all[0]
	names, err := d.orgNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := readAsked(ctx, tx, c, names); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT r.row_id, r.ord, e.words FROM plan_consultation_row r JOIN book_entry e ON e.book = r.book AND e.idx = r.idx
		WHERE r.book = ? AND r.consultation = ? ORDER BY r.ord, r.row_id`, c.heads[0].Book, saidID(c.ID))
	if err != nil {
		return nil, err
	}
	if c.Rows, err = store.Collect(rows, func(scan func(...any) error) (l ConsultationLine, err error) {
		var said []byte
		if err := scan(&l.Row, &l.Order, &said); err != nil {
			return l, err
		}
		l.Words, l.Erased, err = words[ListingWords](said)
		return l, err
	}); err != nil {
		return nil, err
	}
	return c, readComments(ctx, tx, c)
}

// Consultation reads one as a viewer may see it: a unit sees what it said itself and what became of that. Refused: plan.consultation-unknown.
func (d *Desk) Consultation(ctx context.Context, id string, v Viewer) (c *Consultation, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if c, err = d.consultation(ctx, tx, id); err != nil {
			return err
		}
		if !v.allSlips() && (!c.Ours || c.askedOf(v.Org) == nil) {
			return refuse.New("plan.consultation-unknown", "consultation", id)
		}
		c.showTo(v)
		return nil
	})
	return c, err
}

// showTo leaves out what other units said and who else is asked, but for those who see all.
func (c *Consultation) showTo(v Viewer) {
	if v.allSlips() {
		return
	}
	others := func(one RowComment) bool { return one.Asked != v.Org }
	c.Whole = slices.DeleteFunc(c.Whole, others)
	for i := range c.Rows {
		c.Rows[i].Comments = slices.DeleteFunc(c.Rows[i].Comments, others)
	}
	c.Asked = slices.DeleteFunc(c.Asked, func(a ConsultationAsked) bool { return a.Asked != v.Org })
}

// readAsked reads whom it asks, organisations by their names (orgNames), and what each said last.
func readAsked(ctx context.Context, tx *store.Tx, c *Consultation, names map[string]string) error {
	for _, h := range c.heads {
		rows, err := tx.Query(ctx, `SELECT t.asked, COALESCE(m.book, ''), COALESCE(m.idx, -1), COALESCE(m.texts, 0), COALESCE(m.day, ''), t.idx
			FROM plan_consultation_to t JOIN book_head h ON h.book = t.book
			LEFT JOIN plan_comment m ON m.origin = h.origin AND m.of_idx = ? AND m.asked = t.asked
			AND m.idx = (SELECT max(n.idx) FROM plan_comment n WHERE n.book = m.book AND n.origin = m.origin AND n.of_idx = m.of_idx AND n.asked = m.asked)
			WHERE t.book = ? AND t.consultation = ? ORDER BY t.asked`, h.Index, h.Book, saidID(c.ID))
		if err != nil {
			return err
		}
		some, err := store.Collect(rows, func(scan func(...any) error) (a ConsultationAsked, err error) {
			err = scan(&a.Asked, &a.book, &a.idx, &a.Texts, &a.Day, &a.since)
			a.Late = a.Day > c.Due
			return a, err
		})
		if err != nil {
			return err
		}
		for i, a := range some {
			if circleOfBook(h.Book) == node.Self {
				some[i].Name = cmp.Or(names[idOf(memberOfBook(h.Book), a.Asked)], a.Asked)
			} else {
				some[i].Name = region.MemberName(a.Asked)
			}
		}
		c.Asked = append(c.Asked, some...)
	}
	return nil
}

// readComments reads what each said last, and what became of it.
func readComments(ctx context.Context, tx *store.Tx, c *Consultation) error {
	for _, a := range c.Asked {
		if a.Texts == 0 {
			continue
		}
		said, erased, err := wordsAt[CommentWords](ctx, tx, a.book, a.idx)
		if err != nil {
			return err
		}
		decided, err := decisionsOn(ctx, tx, c, a)
		if err != nil {
			return err
		}
		rows, err := rowsOfComment(ctx, tx, a)
		if err != nil {
			return err
		}
		for _, row := range rows {
			one := RowComment{From: a.Name, Asked: a.Asked, Row: row, Text: said.Texts[row], Erased: erased, Day: a.Day, Book: a.book, Index: a.idx}
			if x, ok := decided[row]; ok {
				one.Decision, one.Reason = x.Decision, x.Reason
			} else {
				c.Undecided++
			}
			if l := c.Row(row); l != nil {
				l.Comments = append(l.Comments, one)
			} else if row == 0 {
				c.Whole = append(c.Whole, one)
			}
		}
	}
	return nil
}

func rowsOfComment(ctx context.Context, tx *store.Tx, a ConsultationAsked) ([]int, error) {
	var raw []byte
	if err := tx.Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, a.book, a.idx).Scan(&raw); err != nil {
		return nil, err
	}
	var f CommentFacts
	err := factsOf(raw, &f)
	return f.Rows, err
}

// decisionsOn are the decisions on one comment, by row.
func decisionsOn(ctx context.Context, tx *store.Tx, c *Consultation, a ConsultationAsked) (map[int]RowComment, error) {
	rows, err := tx.Query(ctx, `SELECT x.row_id, x.decision, e.words FROM plan_comment_decision x JOIN book_head h ON h.origin = x.origin
		JOIN book_entry e ON e.book = x.book AND e.idx = x.idx
		WHERE h.book = ? AND x.of_idx = ? AND substr(x.book, 1, 6) = ?`, a.book, a.idx, memberOf(c.ID))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (r RowComment, err error) {
		var said []byte
		if err := scan(&r.Row, &r.Decision, &said); err != nil {
			return r, err
		}
		r.Reason, err = slipText(said)
		return r, err
	})
	by := map[int]RowComment{}
	for _, r := range all {
		by[r.Row] = r
	}
	return by, err
}
