package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// CallMeeting 召开会议: sends the invitation as the draft stands, or its change, and returns the meeting's id. Refused: plan.meeting-draft-unknown.
func (d *Desk) CallMeeting(ctx context.Context, req node.Request, draft string) (string, error) {
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := meetingDraft(ctx, w.Tx(), draft)
		if err != nil {
			return err
		}
		if err := d.callMeeting(ctx, w, m); err != nil {
			return err
		}
		return dropDraft(ctx, w.Tx(), draft)
	})
	return receipt.Note, err
}

// CallAtOnce 召开会议 without a draft that is kept: of a group with those who belong to it, besides those named.
func (d *Desk) CallAtOnce(ctx context.Context, req node.Request, m MeetingDraft) (string, error) {
	if err := m.check(); err != nil {
		return "", err
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m := m // an act may run twice
		if m.Convener == "" {
			m.Convener = w.Actor.Org
		}
		if m.Group != "" {
			g, err := d.ownGroup(ctx, w.Tx(), m.Group)
			if err != nil {
				return err
			}
			m.Circle, m.Convener, m.Orgs = g.Circle, g.facts.Convener, append(slices.Clone(g.facts.Orgs), m.Orgs...)
			m.Members = append(slices.Clone(g.facts.Members), m.Members...)
		}
		return d.callMeeting(ctx, w, m)
	})
	return receipt.Note, err
}

// ChangeAtOnce 变更会议 without a draft that is kept: over says what is otherwise.
func (d *Desk) ChangeAtOnce(ctx context.Context, req node.Request, id string, over func(*MeetingDraft)) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		was, err := d.openMeeting(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		m := was.change()
		if over(&m); m.check() != nil {
			return m.check()
		}
		return d.callMeeting(ctx, w, m)
	})
	return err
}

// callMeeting says the calling of a meeting, or its change; the id is the receipt's note.
func (d *Desk) callMeeting(ctx context.Context, w *node.Writing, m MeetingDraft) error {
	f := MeetingFacts{
		Meeting: d.newID("m"), Convener: saidID(m.Convener), Orgs: saidAll(m.Orgs), Members: saidAll(m.Members), Day: m.Day, Clock: m.Clock, Agenda: []AgendaFacts{},
	}
	circle, said := bookCircle(m.Circle), m.Words
	said.Points = []AgendaWords{}
	if m.Group != "" {
		g, err := d.ownGroup(ctx, w.Tx(), m.Group)
		if err != nil {
			return err
		}
		f.Group, circle = saidID(g.ID), bookCircle(g.Circle)
	}
	if m.Meeting != "" {
		was, err := d.openMeeting(ctx, w.Tx(), m.Meeting)
		if err != nil {
			return err
		}
		if strings.TrimSpace(said.Reason) == "" {
			return refuse.New("plan.reason-missing").At("reason")
		}
		f.Meeting, circle = was.facts.Meeting, bookCircle(was.Circle)
	}
	f.Orgs = slices.DeleteFunc(f.Orgs, func(o string) bool { return o == f.Convener })
	if err := d.invitable(ctx, w, circle, f.Convener, f.Orgs, f.Members); err != nil {
		return err
	}
	subjects := []string{f.Meeting}
	for _, p := range m.Points {
		facts, words, err := d.agendaPoint(ctx, w.Tx(), circle, p)
		if err != nil {
			return err
		}
		f.Agenda, said.Points = append(f.Agenda, facts), append(said.Points, words)
		if facts.Item != "" && !slices.Contains(subjects, facts.Item) {
			subjects = append(subjects, facts.Item)
		}
	}
	w.Note(idOf(d.node.Member, f.Meeting))
	_, err := say(ctx, w, MeetingCalled, node.Said[MeetingFacts, MeetingWords]{Circle: circle, Subjects: subjects, Facts: f, Words: &said})
	return err
}

// agendaPoint is a point as it is said: an item that the book of the meeting does not have is named in the words only, if the circle knows it.
func (d *Desk) agendaPoint(ctx context.Context, tx *store.Tx, circle string, p DraftPoint) (f AgendaFacts, w AgendaWords, err error) {
	f, w = AgendaFacts{Ground: p.Ground, Resolution: saidID(p.Resolution)}, AgendaWords{Title: strings.TrimSpace(p.Title), Text: strings.TrimSpace(p.Text)}
	if p.Item == "" {
		return f, w, nil
	}
	if p.Item = d.ID(p.Item); memberOf(p.Item) != d.node.Member {
		w.Ref = p.Item
		return f, w, nil
	}
	var here int
	err = tx.Row(ctx, `SELECT count(*) FROM plan_item WHERE book = ? AND item = ?`, d.node.BookName(circle), p.Item).Scan(&here)
	if err == nil && here == 0 {
		return f, w, refuse.New("plan.meeting-item-inside").At("point")
	}
	f.Item = p.Item
	return f, w, err
}

// openMeeting is one of this member's that is neither cancelled nor minuted.
func (d *Desk) openMeeting(ctx context.Context, tx *store.Tx, id string) (*Meeting, error) {
	m, err := d.meeting(ctx, tx, id)
	switch {
	case err != nil:
		return nil, err
	case !m.Ours:
		return nil, notOurs(memberOf(m.ID))
	case m.State == MeetingIsCancelled || m.State == MeetingIsMinuted:
		return nil, refuse.New("plan.meeting-over")
	}
	return m, nil
}

// CancelMeeting 取消会议.
func (d *Desk) CancelMeeting(ctx context.Context, req node.Request, id, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := d.openMeeting(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		_, err = MeetingCancelled.Say(ctx, w, node.Said[MeetingSaidFacts, ReasonWords]{
			Circle: bookCircle(m.Circle), Subjects: []string{m.facts.Meeting}, Facts: MeetingSaidFacts{m.facts.Meeting}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}

// ReplyMeeting 会议回执, of the actor's unit, or of this member to a neighbour's meeting. Refused: plan.meeting-not-invited, plan.meeting-over.
func (d *Desk) ReplyMeeting(ctx context.Context, req node.Request, id string, reply MeetingReply, said MeetingReplyWords) error {
	if err := textsShort(map[string]string{"people": said.People, "reason": said.Reason}); err != nil {
		return err
	}
	said.People, said.Reason = strings.TrimSpace(said.People), strings.TrimSpace(said.Reason)
	return d.saysToMeeting(ctx, req, id, func(ctx context.Context, w *node.Writing, m *Meeting, circle string, at node.Position) error {
		_, err := MeetingReplied.Say(ctx, w, node.Said[MeetingReplyFacts, MeetingReplyWords]{
			Circle: circle, Causes: []node.Position{at}, Facts: MeetingReplyFacts{m.facts.Meeting, reply}, Words: &said,
		})
		return err
	})
}

// ProposePoint 提出议题.
func (d *Desk) ProposePoint(ctx context.Context, req node.Request, id string, said AgendaWords) error {
	if err := textsShort(map[string]string{"point": said.Title, "point-text": said.Text}); err != nil {
		return err
	}
	said = AgendaWords{Title: strings.TrimSpace(said.Title), Text: strings.TrimSpace(said.Text)}
	return d.saysToMeeting(ctx, req, id, func(ctx context.Context, w *node.Writing, m *Meeting, circle string, at node.Position) error {
		_, err := PointProposed.Say(ctx, w, node.Said[MeetingSaidFacts, AgendaWords]{
			Circle: circle, Causes: []node.Position{at}, Facts: MeetingSaidFacts{m.facts.Meeting}, Words: &said,
		})
		return err
	})
}

// saysToMeeting lets who is invited say something to a meeting that is still to come or has no minutes yet.
func (d *Desk) saysToMeeting(ctx context.Context, req node.Request, id string, say func(context.Context, *node.Writing, *Meeting, string, node.Position) error) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := d.meeting(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		if d.AsInvited(m, w.Actor) == nil {
			return refuse.New("plan.meeting-not-invited")
		}
		if m.State == MeetingIsCancelled || m.State == MeetingIsMinuted {
			return refuse.New("plan.meeting-over")
		}
		at, err := positionOf(ctx, w.Tx(), m.Book, m.Index)
		if err != nil {
			return err
		}
		return say(ctx, w, m, bookCircle(m.Circle), at)
	})
	return err
}

// AnswerPoint 答复议题: a proposed point is taken on the agenda, or declined with a reason. Refused: plan.meeting-point-unknown.
func (d *Desk) AnswerPoint(ctx context.Context, req node.Request, id, book string, index int64, accepted bool, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := d.openMeeting(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(m.Proposed, func(p Proposal) bool { return p.Book == book && p.Index == index }) {
			return refuse.New("plan.meeting-point-unknown")
		}
		at, err := positionOf(ctx, w.Tx(), book, index)
		if err != nil {
			return err
		}
		_, err = PointAnswered.Say(ctx, w, node.Said[PointAnswerFacts, ReasonWords]{
			Circle: bookCircle(m.Circle), Causes: []node.Position{at}, Facts: PointAnswerFacts{m.facts.Meeting, accepted}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}
