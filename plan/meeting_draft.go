package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/rules/refuse"
	"liandong/store"
)

// MeetingDraft is a meeting that is being prepared, before anybody is told of it; or a change of one that was called.
type MeetingDraft struct {
	ID       string       `json:"id"`
	Meeting  string       `json:"meeting"` // that it changes; empty: a new one
	Group    string       `json:"group"`   // empty: of none
	Circle   string       `json:"circle"`  // with neighbours; empty: inside
	Convener string       `json:"convener"`
	Orgs     []string     `json:"orgs"`
	Members  []string     `json:"members"`
	Day      judge.Date   `json:"day"`
	Clock    string       `json:"clock"`
	Words    MeetingWords `json:"words"` // but for its points
	Points   []DraftPoint `json:"points"`
	Version  int64        `json:"-"` // grows with each change
	At       time.Time    `json:"-"`
}

// DraftPoint is a point of an agenda in the making.
type DraftPoint struct {
	Ground     AgendaGround `json:"ground"`
	Item       string       `json:"item"`       // as the view knows it, of whichever member
	Resolution string       `json:"resolution"` // as its entries say it
	Title      string       `json:"title"`
	Text       string       `json:"text"`
}

func (p DraftPoint) same(q DraftPoint) bool {
	return p.Resolution == q.Resolution && p.Item == q.Item && (p.Item+p.Resolution != "" || p.Title == q.Title)
}

const (
	draftOfMeeting = "meeting"
	draftOfMinutes = "minutes"
)

// NewMeetingDraft begins one and returns its id: of a group with those who belong to it.
func (d *Desk) NewMeetingDraft(ctx context.Context, actor node.Actor, m MeetingDraft) (string, error) {
	m.ID, m.Points = d.newID("d"), []DraftPoint{}
	if m.Convener == "" {
		m.Convener = actor.Org
	}
	if m.Group != "" {
		err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
			g, err := d.ownGroup(ctx, tx, m.Group)
			m.Group, m.Circle, m.Convener, m.Orgs, m.Members = g.ID, g.Circle, g.facts.Convener, g.facts.Orgs, g.facts.Members
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return m.ID, d.putDraft(ctx, m.ID, draftOfMeeting, m)
}

// ChangeMeeting begins a change of a meeting that was called and returns the draft's id.
func (d *Desk) ChangeMeeting(ctx context.Context, id string) (string, error) {
	var m *Meeting
	err := d.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = d.openMeeting(ctx, tx, id)
		return err
	})
	if err != nil {
		return "", err
	}
	n := m.change()
	n.ID = d.newID("d")
	return n.ID, d.putDraft(ctx, n.ID, draftOfMeeting, n)
}

// change is a meeting as a draft that changes it.
func (m *Meeting) change() MeetingDraft {
	n := MeetingDraft{
		Meeting: m.ID, Group: m.Group, Circle: m.Circle, Convener: m.facts.Convener, Orgs: m.facts.Orgs, Members: m.facts.Members,
		Day: m.Day, Clock: m.Clock, Words: m.Words, Points: []DraftPoint{},
	}
	for i, f := range m.facts.Agenda {
		p := DraftPoint{Ground: f.Ground, Item: f.Item, Resolution: f.Resolution}
		if i < len(m.Words.Points) {
			p.Title, p.Text = m.Words.Points[i].Title, m.Words.Points[i].Text
			if p.Item == "" {
				p.Item = m.Words.Points[i].Ref
			}
		}
		n.Points = append(n.Points, p)
	}
	n.Words.Points, n.Words.Reason = nil, ""
	return n
}

// putDraft keeps a new draft.
func (d *Desk) putDraft(ctx context.Context, id, sort string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("draft of a %s: %w", sort, err)
	}
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO plan_meeting_draft (id, sort, body, version, at) VALUES (?, ?, ?, 1, ?)`, id, sort, string(text), d.node.Now().UnixMilli())
		return err
	})
}

// setDraft keeps a draft that stands in the version known. Where somebody changed it since, nothing is overwritten: plan.meeting-draft-newer.
func (d *Desk) setDraft(ctx context.Context, id string, known int64, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("draft of a meeting: %w", err)
	}
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE plan_meeting_draft SET body = ?, version = version + 1, at = ? WHERE id = ? AND version = ?`,
			string(text), d.node.Now().UnixMilli(), id, known)
		if err == nil && n == 0 {
			err = refuse.New("plan.meeting-draft-newer").At("title")
		}
		return err
	})
}

func readDraft(ctx context.Context, tx *store.Tx, id, sort string, into any) (version int64, at time.Time, err error) {
	var text string
	var ms int64
	err = tx.Row(ctx, `SELECT body, version, at FROM plan_meeting_draft WHERE id = ? AND sort = ?`, id, sort).Scan(&text, &version, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, at, refuse.New("plan.meeting-draft-unknown")
	}
	if err != nil {
		return 0, at, err
	}
	return version, time.UnixMilli(ms).UTC(), json.Unmarshal([]byte(text), into)
}

// MeetingDrafts are the meetings in preparation, the newest first.
func (d *Desk) MeetingDrafts(ctx context.Context) (all []MeetingDraft, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id FROM plan_meeting_draft WHERE sort = ? ORDER BY at DESC, id`, draftOfMeeting)
		if err != nil {
			return err
		}
		ids, err := texts(rows)
		if err != nil {
			return err
		}
		for _, id := range ids {
			m, err := meetingDraft(ctx, tx, id)
			if err != nil {
				return err
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// MeetingDraft reads one. Refused: plan.meeting-draft-unknown.
func (d *Desk) MeetingDraft(ctx context.Context, id string) (m MeetingDraft, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		m, err = meetingDraft(ctx, tx, id)
		return err
	})
	return m, err
}

func meetingDraft(ctx context.Context, tx *store.Tx, id string) (m MeetingDraft, err error) {
	version, at, err := readDraft(ctx, tx, id, draftOfMeeting, &m)
	m.Version, m.At = version, at
	return m, err
}

// SetMeetingDraft keeps a draft as somebody changed it. Refused: plan.meeting-draft-newer.
func (d *Desk) SetMeetingDraft(ctx context.Context, m MeetingDraft) error {
	if err := m.check(); err != nil {
		return err
	}
	return d.setDraft(ctx, m.ID, m.Version, m)
}

func (m MeetingDraft) check() error {
	err := textsShort(map[string]string{"title": m.Words.Title, "kind": m.Words.Kind, "place": m.Words.Place, "note": m.Words.Note, "reason": m.Words.Reason})
	if err != nil {
		return err
	}
	if len(m.Points) > mostPoints {
		return refuse.New("plan.meeting-points", "most", mostPoints).At("point")
	}
	for _, p := range m.Points {
		if strings.TrimSpace(p.Title) == "" {
			return refuse.New("plan.meeting-point").At("point")
		}
		if err := textsShort(map[string]string{"point": p.Title + p.Text}); err != nil {
			return err
		}
	}
	return nil
}

// DropMeetingDraft gives a meeting in preparation up.
func (d *Desk) DropMeetingDraft(ctx context.Context, id string) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error { return dropDraft(ctx, tx, id) })
}

func dropDraft(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM plan_meeting_draft WHERE id = ?`, id)
	return err
}

// TakePoints puts points behind those of a draft; what stands on it already is left out.
func (m *MeetingDraft) TakePoints(all []DraftPoint) {
	for _, p := range all {
		if !slices.ContainsFunc(m.Points, p.same) {
			m.Points = append(m.Points, p)
		}
	}
}

// MinutesDraft are minutes in the making.
type MinutesDraft struct {
	Chair       string            `json:"chair"`
	Recorder    string            `json:"recorder"`
	Present     []DraftPresent    `json:"present"`
	Points      []MinutesPoint    `json:"points"`
	Resolutions []DraftResolution `json:"resolutions"`
	Version     int64             `json:"-"` // 0: nothing was kept yet
}

// DraftPresent is who was there for one of those invited.
type DraftPresent struct {
	MeetingUnit
	State  Attendance `json:"state"`
	People string     `json:"people"`
}

// How a decision is followed: by a new item, by none, or by the item whose id stands instead.
const (
	FollowNew  = "new"
	FollowNone = "none"
)

// DraftResolution is a decision in the making.
type DraftResolution struct {
	Point    int        `json:"point"`
	Text     string     `json:"text"`
	Org      string     `json:"org"`    // unit of this member that does it
	Member   string     `json:"member"` // or the neighbour
	Side     string     `json:"side"`   // which unit of it, by name
	Supports []string   `json:"supports"`
	Due      judge.Date `json:"due"`
	Follow   string     `json:"follow"` // FollowNew, FollowNone, or the id of an item
}

// MinutesDraft reads the minutes that are being written of a meeting of this member's; where nothing was kept yet they begin with its
// agenda and its answers. Refused: plan.meeting-unknown, plan.meeting-over.
func (d *Desk) MinutesDraft(ctx context.Context, id string, v Viewer) (n MinutesDraft, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		m, err := d.openMeeting(ctx, tx, id)
		if err != nil {
			return err
		}
		version, _, err := readDraft(ctx, tx, minutesDraftID(m.ID), draftOfMinutes, &n)
		if n.Version = version; !refuse.Is(err, "plan.meeting-draft-unknown") {
			return err
		}
		if err := d.readPoints(ctx, tx, m, v); err != nil {
			return err
		}
		n = beginMinutes(m)
		return nil
	})
	return n, err
}

func minutesDraftID(meeting string) string { return "minutes:" + meeting }

func beginMinutes(m *Meeting) (n MinutesDraft) {
	for _, l := range m.Agenda {
		p := MinutesPoint{Title: l.Title}
		if l.Look != nil {
			p.Item = l.Look.Item
		}
		n.Points = append(n.Points, p)
	}
	n.Present = append(n.Present, DraftPresent{MeetingUnit: m.ConvenerUnit(), State: WasPresent})
	state := map[MeetingReply]Attendance{MeetingComes: WasPresent, MeetingSubstitute: WasSubstitute, MeetingExcused: WasExcused}
	for _, a := range m.Asked {
		if a.Stale { // it answered another invitation
			a.Reply, a.People = "", ""
		}
		n.Present = append(n.Present, DraftPresent{a.MeetingUnit, state[a.Reply], a.People})
	}
	return n
}

// ConvenerUnit is the unit that calls the meeting: it is not invited, and stands first among those who were there.
func (m *Meeting) ConvenerUnit() MeetingUnit {
	return MeetingUnit{Who: m.facts.Convener, Name: m.Convener}
}

// SaveMinutes keeps minutes in the making. Refused: plan.meeting-draft-newer.
func (d *Desk) SaveMinutes(ctx context.Context, id string, n MinutesDraft) error {
	if err := n.check(); err != nil {
		return err
	}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		_, err := d.openMeeting(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	if key := minutesDraftID(d.ID(id)); n.Version > 0 {
		return d.setDraft(ctx, key, n.Version, n)
	} else if err := d.putDraft(ctx, key, draftOfMinutes, n); err != nil {
		if _, again := d.MinutesDraft(ctx, id, Viewer{}); again == nil { // somebody was faster
			return refuse.New("plan.meeting-draft-newer").At("chair")
		}
		return err
	}
	return nil
}

func (n MinutesDraft) check() error {
	all := map[string]string{"chair": n.Chair, "recorder": n.Recorder}
	for i, p := range n.Points {
		all[fmt.Sprintf("text-%d", i)] = p.Text
	}
	for i, r := range n.Resolutions {
		all[fmt.Sprintf("decision-%d", i)] = r.Text
	}
	if len(n.Resolutions) > mostPoints || len(n.Points) > mostPoints {
		return refuse.New("plan.meeting-points", "most", mostPoints).At("chair")
	}
	return textsShort(all)
}
