package plan

import (
	"context"
	"encoding/json"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// MeetingStep is what an actor has to do next with a meeting.
type MeetingStep string

// The steps: none, 报送回执, 答复议题, 写纪要, 确认纪要.
const (
	NoStep      MeetingStep = ""
	StepReply   MeetingStep = "reply"
	StepPoints  MeetingStep = "points"
	StepMinutes MeetingStep = "minutes"
	StepConfirm MeetingStep = "confirm"
)

// MeetingWaits is what a meeting waits for an actor to do.
func (d *Desk) MeetingWaits(m *Meeting, actor node.Actor) MeetingStep {
	seat := region.Seat(actor.Seat)
	if a := d.AsInvited(m, actor); a != nil && region.May(seat, region.MeetingAnswer) {
		switch {
		case m.State == MeetingIsCalled && (a.Reply == "" || a.Stale):
			return StepReply
		case m.State == MeetingIsMinuted && a.Was && (a.Confirmed == "" && a.Objected == "" || a.Before):
			return StepConfirm
		}
	}
	if !m.Ours || !region.May(seat, region.PlanMeeting) {
		return NoStep
	}
	if m.State == MeetingIsHeld {
		return StepMinutes
	}
	for _, p := range m.Proposed {
		if m.State == MeetingIsCalled && !p.Answered {
			return StepPoints
		}
	}
	return NoStep
}

// WaitingMeetings are the meetings whose next step is an actor's.
func (d *Desk) WaitingMeetings(ctx context.Context, actor node.Actor) (all []Meeting, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.meetingsThatWait(ctx, tx, actor)
		return err
	})
	return all, err
}

// mayWait leaves out at once what waits for nobody any more: whoever opens his day does not read every meeting there ever was. With minutes a
// meeting waits for a unit, or for a neighbour, that was there and has not answered them as they hold.
const mayWait = `WHERE o.day IS NULL AND (x.idx IS NULL OR EXISTS (SELECT 1 FROM plan_minutes_present p
	WHERE p.book = m.book AND p.meeting = m.meeting AND (p.neighbour = 0 AND p.who = ? OR p.neighbour = 1 AND p.who = ?)
	AND NOT EXISTS (SELECT 1 FROM plan_minutes_answer a WHERE a.origin = h.origin AND a.meeting = p.meeting AND a.who = p.who AND a.neighbour = p.neighbour AND a.of_idx = x.now_idx)))`

func (d *Desk) meetingsThatWait(ctx context.Context, tx *store.Tx, actor node.Actor) (waiting []Meeting, err error) {
	all, err := d.meetings(ctx, tx, ViewerOf(actor), mayWait, actor.Org, d.node.Member)
	for _, m := range all {
		if err == nil && m.Ours && m.State == MeetingIsCalled {
			m.Proposed, err = d.proposals(ctx, tx, m)
		}
		if d.MeetingWaits(&m, actor) != NoStep {
			waiting = append(waiting, m)
		}
	}
	return waiting, err
}

// isMeeting: the kinds of what is said about groups and meetings.
func isMeeting(kind string) bool {
	return strings.HasPrefix(kind, "plan.meeting.") || strings.HasPrefix(kind, "plan.minutes.") || strings.HasPrefix(kind, "plan.group.")
}

// seesMeetingEntry: what is said about a meeting is for those who see the meeting, what is said of a group for those who see the group; its contacts only
// for coordinators and for the group's own units. What another unit answers is for coordinators, leaders and auditors.
func (r sight) seesMeetingEntry(ctx context.Context, tx *store.Tx, e book.Entry) (bool, error) {
	if !region.May(r.Seat, region.MeetingRead) {
		return false, nil
	}
	if r.allSlips() { // a leader and an auditor telephone nobody, of their own unit's groups either
		return r.Seat == region.Coordinator || e.Kind != GroupContacts.Name && e.Kind != ContactPassed.Name, nil
	}
	if e.Kind == MeetingReplied.Name || e.Kind == PointProposed.Name || e.Kind == MinutesAnswered.Name || e.Kind == CorrectionAnswered.Name {
		return e.Member == r.member && e.Org == r.Org, nil
	}
	var f struct{ Meeting, Group string }
	if json.Unmarshal(e.Facts, &f) != nil || e.Member != r.member || r.Org == "" {
		return false, nil
	}
	name := e.Member + "/" + e.Circle
	var n int
	if strings.HasPrefix(e.Kind, "plan.group.") {
		err := tx.Row(ctx, `SELECT count(*) FROM plan_group_of WHERE book = ? AND grp = ? AND who = ? AND neighbour = 0`, name, f.Group, r.Org).Scan(&n)
		return n > 0, err
	}
	err := tx.Row(ctx, `SELECT count(*) FROM plan_meeting m WHERE m.book = ? AND m.meeting = ? AND (m.convener = ? OR EXISTS (
		SELECT 1 FROM plan_meeting_to t WHERE t.book = m.book AND t.meeting = m.meeting AND t.who = ? AND t.neighbour = 0))`, name, f.Meeting, r.Org, r.Org).Scan(&n)
	return n > 0, err
}

// tellMeeting says in the story of an item what a meeting said of it: that it stood on an agenda, or what was decided.
func (s storyReading) tellMeeting(h *Happening, e book.Entry, raw []byte) error {
	switch e.Kind {
	case MeetingCalled.Name:
		w, _, err := words[MeetingWords](raw)
		h.Text = w.Title
		return err
	case MinutesIssued.Name:
		var f MinutesFacts
		if err := factsIn(e, &f); err != nil {
			return err
		}
		w, _, err := words[MinutesWords](raw)
		var said []string
		for i, r := range f.Resolutions {
			if i < len(w.Resolutions) && (r.Item == s.item || w.Resolutions[i].Ref == s.item) {
				said = append(said, w.Resolutions[i].Text)
				h.Done = true // it was decided on, not only spoken of
			}
		}
		for _, p := range w.Points {
			if len(said) == 0 && p.Item == s.item {
				said = append(said, p.Text)
			}
		}
		h.Text = strings.Join(said, "\n")
		return err
	case MinutesCorrected.Name:
		c, err := s.correctionOf(told{book: h.Places[0].Book, entry: e, words: raw})
		h.Text, h.Erased = c.Reason, h.Erased || c.Erased
		for _, t := range c.Texts {
			if t.Item == s.item {
				h.changed("minutes."+string(t.Part), t.Was, t.Is)
			}
		}
		return err
	}
	return nil
}

// correctionOf reads a correction of minutes with what held before it, its first cause in the same book.
func (s storyReading) correctionOf(t told) (c CorrectedMinutes, err error) {
	if len(t.entry.Causes) == 0 {
		return c, nil
	}
	var raw, said []byte
	err = s.tx.Row(s.ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`, t.book, t.entry.Causes[0].Index).Scan(&raw, &said)
	if err != nil {
		return c, err
	}
	was, err := readMinuted(raw, said)
	if err != nil {
		return c, err
	}
	var f CorrectionFacts
	if err := factsIn(t.entry, &f); err != nil {
		return c, err
	}
	is := minutedAt{facts: f.minutes()}
	if is.words, is.erased, err = words[MinutesWords](t.words); err == nil {
		err = c.read(t.entry, t.words, was, is, namesOf(s.orgs, t.entry.Member))
	}
	return c, err
}
