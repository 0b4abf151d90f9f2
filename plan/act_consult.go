package plan

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// NewConsultation says whom a list in the making is sent to for comment, and until when.
type NewConsultation struct {
	Orgs    []string // units of this member
	Members []string // neighbours of the list's circle: GB/T 2260 codes
	Due     judge.Date
	Note    string
}

// Consult 征求意见: sends a list in the making, as it stands, for comment and returns the consultation's id. One that asked about it before ends: this
// is another round. Refused: plan.making-unknown, plan.making-no-rows, plan.consultation-to, plan.consultation-unit.
func (d *Desk) Consult(ctx context.Context, req node.Request, making string, n NewConsultation) (string, error) {
	if err := textsShort(map[string]string{"note": n.Note}); err != nil {
		return "", err
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := makingWith(ctx, w.Tx(), making)
		if err != nil {
			return err
		}
		if len(n.Orgs)+len(n.Members) == 0 {
			return refuse.New("plan.consultation-to").At("to")
		}
		if err := d.endConsultation(ctx, w, m, ConsultationClosedFacts{Outcome: ConsultationRepeated}, ""); err != nil {
			return err
		}
		f := ConsultationFacts{Consultation: d.newID("c"), Year: m.Year, Rows: len(m.Rows), Due: n.Due, Orgs: []string{}, Members: []string{}}
		if len(n.Orgs) > 0 {
			inside := f
			if inside.Orgs, err = d.unitsToAsk(ctx, w, n.Orgs); err != nil {
				return err
			}
			if err := sayConsultation(ctx, w, node.Self, m, inside, n.Note); err != nil {
				return err
			}
		}
		if len(n.Members) > 0 {
			if err := d.neighboursOf(ctx, w, m.Circle, n.Members); err != nil {
				return err
			}
			f.Members = slices.Clone(n.Members)
			if err := sayConsultation(ctx, w, m.Circle, m, f, n.Note); err != nil {
				return err
			}
		}
		w.Note(f.Consultation)
		_, err = w.Tx().Exec(ctx, `UPDATE plan_making SET consultation = ?, at = ? WHERE id = ?`, f.Consultation, w.Now().UnixMilli(), m.ID)
		return err
	})
	return receipt.Note, err
}

// unitsToAsk are units of this member's directory that may be asked for comment: neither closed nor standing for several.
func (d *Desk) unitsToAsk(ctx context.Context, w *node.Writing, orgs []string) ([]string, error) {
	known, err := region.Orgs(ctx, w.Tx())
	if err != nil {
		return nil, err
	}
	all := []string{}
	for _, org := range orgs {
		org = saidID(org)
		if !slices.ContainsFunc(known, func(o region.Org) bool { return o.ID == org && o.Side == d.node.Member && !o.Closed && !o.Group }) {
			return nil, refuse.New("plan.consultation-unit", "org", org).At("to")
		}
		all = append(all, org)
	}
	return all, nil
}

// makingWith is a list in the making that has rows.
func makingWith(ctx context.Context, tx *store.Tx, id string) (Making, error) {
	m, err := making(ctx, tx, id)
	if err == nil && len(m.Rows) == 0 {
		err = refuse.New("plan.making-no-rows").At("to")
	}
	return m, err
}

// Widen 增加征求意见的单位: asks more units and neighbours about a draft list that is open, as it was sent. Refused as Consult is, and
// plan.consultation-asked where it asks one of them already.
func (d *Desk) Widen(ctx context.Context, req node.Request, id string, orgs, members []string) error {
	return d.ownConsultation(ctx, req, id, func(ctx context.Context, w *node.Writing, c *Consultation) error {
		if len(orgs)+len(members) == 0 {
			return refuse.New("plan.consultation-to").At("to")
		}
		inside, err := d.unitsToAsk(ctx, w, orgs)
		if err != nil {
			return err
		}
		outside := slices.Clone(members)
		circle := c.Circle
		if len(outside) > 0 {
			if circle == "" { // no neighbour is asked yet: it goes to those of the circle that the list is for
				all, err := makings(ctx, w.Tx(), `WHERE m.consultation = ?`, saidID(c.ID))
				if err != nil {
					return err
				}
				if len(all) > 0 {
					circle = all[0].Circle
				}
			}
			if err := d.neighboursOf(ctx, w, circle, outside); err != nil {
				return err
			}
		}
		for _, more := range []struct {
			circle string
			f      ConsultationWidenedFacts
		}{
			{node.Self, ConsultationWidenedFacts{Consultation: saidID(c.ID), Orgs: inside, Members: []string{}}},
			{circle, ConsultationWidenedFacts{Consultation: saidID(c.ID), Orgs: []string{}, Members: outside}},
		} {
			if len(more.f.Orgs)+len(more.f.Members) == 0 {
				continue
			}
			if err := widen(ctx, w, c, more.circle, more.f); err != nil {
				return err
			}
		}
		return nil
	})
}

// widen asks more in one book; where the draft list does not stand there yet, it is sent there as it was sent elsewhere.
func widen(ctx context.Context, w *node.Writing, c *Consultation, circle string, f ConsultationWidenedFacts) error {
	if c.head(circle) != nil {
		_, err := ConsultationWidened.Say(ctx, w, node.Said[ConsultationWidenedFacts, region.NoWords]{Circle: circle, Facts: f})
		return err
	}
	if c.Erased {
		return refuse.New("plan.consultation-erased").At("to")
	}
	m := Making{Title: c.Title}
	for _, l := range c.Rows {
		if l.Erased {
			return refuse.New("plan.consultation-erased").At("to")
		}
		m.Rows = append(m.Rows, MakingRow{Row: l.Row, Words: l.Words})
	}
	return sayConsultation(ctx, w, circle, m, ConsultationFacts{
		Consultation: f.Consultation, Year: c.Year, Rows: len(m.Rows), Due: c.Due, Orgs: f.Orgs, Members: f.Members,
	}, c.Note)
}

// neighboursOf refuses whom this member does not recognise in the circle.
func (d *Desk) neighboursOf(ctx context.Context, w *node.Writing, circle string, members []string) error {
	if circle == "" {
		return refuse.New("plan.consultation-circle").At("to")
	}
	for _, m := range members {
		known, err := region.NeighbourIn(ctx, w.Tx(), d.node.Member, circle, m)
		if err != nil {
			return err
		}
		if known == nil || known.Left || known.Suspended {
			return refuse.New("plan.consultation-stranger", "member", region.MemberName(m)).At("to")
		}
	}
	return nil
}

func sayConsultation(ctx context.Context, w *node.Writing, circle string, m Making, f ConsultationFacts, note string) error {
	_, err := ConsultationOpened.Say(ctx, w, node.Said[ConsultationFacts, ConsultationWords]{
		Circle: circle, Facts: f, Words: &ConsultationWords{Title: m.Title, Note: strings.TrimSpace(note)},
	})
	for i := 0; err == nil && i < len(m.Rows); i++ {
		_, err = ConsultationRow.Say(ctx, w, node.Said[ConsultationRowFacts, ListingWords]{
			Circle: circle, Facts: ConsultationRowFacts{Consultation: f.Consultation, Row: m.Rows[i].Row, Order: i + 1}, Words: &m.Rows[i].Words,
		})
	}
	return err
}

// Comment 反馈意见: what the actor's unit, or this member to a neighbour's draft, says of its rows (0: the list as a whole); no texts: 无意见. Said again
// it replaces what was said. Refused: plan.consultation-not-asked, plan.consultation-over.
func (d *Desk) Comment(ctx context.Context, req node.Request, id string, texts map[int]string) error {
	said := map[int]string{}
	for row, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			said[row] = text
		}
	}
	for row, text := range said {
		if err := textsShort(map[string]string{fmt.Sprintf("row-%d", row): text}); err != nil {
			return err
		}
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		c, err := d.consultation(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		if c.Outcome != "" {
			return refuse.New("plan.consultation-over")
		}
		asked, circle := w.Actor.Org, node.Self
		if !c.Ours {
			asked, circle = d.node.Member, c.Circle
		}
		head, as := c.head(circle), c.askedOf(asked)
		if head == nil || as == nil {
			return refuse.New("plan.consultation-not-asked")
		}
		rows := slices.Sorted(maps.Keys(said))
		for _, row := range rows {
			if row != 0 && c.Row(row) == nil {
				return refuse.New("plan.comment-rows").At("rows")
			}
		}
		at, err := positionOf(ctx, w.Tx(), head.Book, head.Index)
		if err != nil {
			return err
		}
		causes := []node.Position{at}
		if as.since != head.Index { // asked later than the others
			more, err := positionOf(ctx, w.Tx(), head.Book, as.since)
			if err != nil {
				return err
			}
			causes = append(causes, more)
		}
		if rows == nil {
			rows = []int{}
		}
		_, err = CommentGiven.Say(ctx, w, node.Said[CommentFacts, CommentWords]{
			Circle: circle, Causes: causes, Facts: CommentFacts{Rows: rows}, Words: &CommentWords{Texts: said},
		})
		return err
	})
	return err
}

// RowDecision 意见采纳 is what becomes of what was said of a row (0: of the list as a whole).
type RowDecision struct {
	Row      int
	Was      Decision // as who decides saw it; empty: undecided
	Decision Decision
	Reason   string // needed unless it is adopted
}

// DecideComment 意见采纳: what becomes of a comment, which book and index name. Refused: plan.comment-unknown, also where its author has said
// something else since; plan.comment-decided where a colleague has decided meanwhile.
func (d *Desk) DecideComment(ctx context.Context, req node.Request, id, book string, index int64, of RowDecision) error {
	if err := textsShort(map[string]string{"reason": of.Reason}); err != nil {
		return err
	}
	return d.ownConsultation(ctx, req, id, func(ctx context.Context, w *node.Writing, c *Consultation) error {
		said := c.comment(book, index, of.Row)
		if said == nil {
			return refuse.New("plan.comment-unknown").At("row")
		}
		if said.Decision != of.Was {
			return refuse.New("plan.comment-decided", "reason", said.Reason).At("decision")
		}
		at, err := positionOf(ctx, w.Tx(), book, index)
		if err != nil {
			return err
		}
		_, err = CommentDecided.Say(ctx, w, node.Said[DecisionFacts, ReasonWords]{
			Circle: circleOfBook(book), Causes: []node.Position{at},
			Facts: DecisionFacts{Consultation: saidID(c.ID), Row: of.Row, Decision: of.Decision}, Words: &ReasonWords{Reason: strings.TrimSpace(of.Reason)},
		})
		return err
	})
}

// WithdrawConsultation 撤回征求意见: nobody is asked any more. The list in the making stays.
func (d *Desk) WithdrawConsultation(ctx context.Context, req node.Request, id, reason string) error {
	return d.ownConsultation(ctx, req, id, func(ctx context.Context, w *node.Writing, c *Consultation) error {
		if err := closeConsultation(ctx, w, c, ConsultationClosedFacts{Outcome: ConsultationWithdrawn}, reason); err != nil {
			return err
		}
		_, err := w.Tx().Exec(ctx, `UPDATE plan_making SET consultation = '' WHERE consultation = ?`, saidID(c.ID))
		return err
	})
}

func (d *Desk) ownConsultation(ctx context.Context, req node.Request, id string, act func(context.Context, *node.Writing, *Consultation) error) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		c, err := d.consultation(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		if !c.Ours {
			return refuse.New("plan.not-ours", "member", memberOf(c.ID))
		}
		if c.Outcome != "" {
			return refuse.New("plan.consultation-over")
		}
		return act(ctx, w, c)
	})
	return err
}

// endConsultation ends the one that asks about a list in the making, in all its books; where none does, nothing.
func (d *Desk) endConsultation(ctx context.Context, w *node.Writing, m Making, f ConsultationClosedFacts, reason string) error {
	if m.Consultation == "" {
		return nil
	}
	c, err := d.consultation(ctx, w.Tx(), m.Consultation)
	if err != nil {
		return err
	}
	return closeConsultation(ctx, w, c, f, reason)
}

func closeConsultation(ctx context.Context, w *node.Writing, c *Consultation, f ConsultationClosedFacts, reason string) error {
	f.Consultation = saidID(c.ID)
	for _, h := range c.heads {
		_, err := ConsultationClosed.Say(ctx, w, node.Said[ConsultationClosedFacts, ReasonWords]{
			Circle: circleOfBook(h.Book), Facts: f, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// IssueOptions are what a list has that its draft has not.
type IssueOptions struct {
	Plan   string // key
	Number string // 发文字号
	Issued judge.Date
	Cycle  judge.Cycle
	Rhythm judge.Rhythm
}

// PrepareIssue makes a file of a list in the making and leads it to the preview of the import, where units, dates and the same work in other lists
// are seen before it is issued (ConfirmDraft). Refused: plan.comments-open as long as a comment has no decision.
func (d *Desk) PrepareIssue(ctx context.Context, owner node.Actor, id string, o IssueOptions) (*Draft, error) {
	var m Making
	err := d.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if m, err = makingWith(ctx, tx, id); err != nil || m.Consultation == "" {
			return err
		}
		c, err := d.consultation(ctx, tx, m.Consultation)
		if err == nil && c.Undecided > 0 {
			err = refuse.New("plan.comments-open", "n", c.Undecided).At("plan")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	key := cmp.Or(o.Plan, m.Plan)
	if key == "" {
		return nil, refuse.New("plan.key-missing").At("plan")
	}
	content, _, err := sheet.Bytes(ctx, sheet.Source{}, m.asSheet(d.node.Member), nil)
	if err != nil {
		return nil, fmt.Errorf("write the list that is to be issued: %w", err)
	}
	return d.KeepDraft(ctx, owner, m.Title+".xlsx", bytes.Clone(content), ImportOptions{
		Plan: key, Year: m.Year, Circle: m.Circle, Title: m.Title, Number: o.Number, Issued: o.Issued, Cycle: o.Cycle, Rhythm: o.Rhythm, Making: m.ID,
	})
}

// IssueMaking 印发清单: issues a list in the making with every proposal of its preview, as ImportFile does. Asked again it says what was written.
func (d *Desk) IssueMaking(ctx context.Context, req node.Request, id string, o IssueOptions) (Imported, error) {
	dr, err := d.PrepareIssue(ctx, req.Actor, id, o)
	if refuse.Is(err, "plan.making-unknown") { // it ended when it was issued
		return imported(d.node.Write(ctx, req, func(context.Context, *node.Writing) error { return err }))
	}
	if err != nil {
		return Imported{}, err
	}
	p, err := d.PreviewDraft(ctx, dr)
	if err == nil {
		err = errors.Join(p.ready(), p.asked())
	}
	if err != nil {
		return Imported{}, errors.Join(err, d.DiscardDraft(ctx, dr))
	}
	c := p.EveryProposal()
	done, err := d.Import(ctx, req, p, c)
	if err != nil {
		return Imported{}, errors.Join(err, d.DiscardDraft(ctx, dr))
	}
	return done, d.settle(ctx, dr, done)
}

// made ends what led to a list that is issued: its consultation, and the list in the making.
func (i *importing) made(ctx context.Context) error {
	id := i.preview.Options.Making
	if id == "" {
		return nil
	}
	m, err := making(ctx, i.w.Tx(), id)
	if refuse.Is(err, "plan.making-unknown") { // it was issued before
		return nil
	}
	if err != nil {
		return err
	}
	if err := i.desk.endConsultation(ctx, i.w, m, ConsultationClosedFacts{Outcome: ConsultationIssued, Plan: i.preview.Options.Plan}, ""); err != nil {
		return err
	}
	if _, err := i.w.Tx().Exec(ctx, `INSERT INTO plan_making_issued (making, plan) VALUES (?, ?)`, id, i.preview.Options.Plan); err != nil {
		return err
	}
	return dropMaking(ctx, i.w.Tx(), id)
}
