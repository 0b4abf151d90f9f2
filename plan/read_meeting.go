package plan

import (
	"cmp"
	"context"
	"slices"
	"time"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/division"
	"liandong/rules/refuse"
	"liandong/store"
)

// MeetingState is how far a meeting is, on a day.
type MeetingState string

// The states: 待召开, 待印发纪要, 已印发纪要, 已取消.
const (
	MeetingIsCalled    MeetingState = "called"
	MeetingIsHeld      MeetingState = "held" // its day and hour have come, and its minutes are not issued
	MeetingIsMinuted   MeetingState = "minuted"
	MeetingIsCancelled MeetingState = "cancelled"
)

// Meeting is a meeting (会议) with what was answered and what it decided.
type Meeting struct {
	ID       string       `json:"id"`     // "m-4c1d@510900"
	Circle   string       `json:"circle"` // empty: inside
	Ours     bool         `json:"ours"`
	By       string       `json:"by"`    // name of the member that called it
	Group    string       `json:"group"` // empty: of none
	GroupIs  string       `json:"groupName"`
	Convener string       `json:"convener"` // name of the unit
	Day      judge.Date   `json:"day"`
	Clock    string       `json:"clock"`
	Called   judge.Date   `json:"called"` // the invitation as it stands
	Words    MeetingWords `json:"words"`
	Erased   bool         `json:"erased"`
	State    MeetingState `json:"state"`
	Reason   string       `json:"reason"` // why it was cancelled
	Asked    []Invited    `json:"asked"`
	Proposed []Proposal   `json:"proposed"`          // points that invited units propose; of one only
	Agenda   []AgendaLine `json:"agenda"`            // of one only
	Before   []Resolution `json:"before"`            // what earlier meetings of its group decided and what became of it; of one only
	Minutes  *Minutes     `json:"minutes,omitempty"` // nil: none yet
	Book     string       `json:"book"`
	Index    int64        `json:"index"`
	facts    MeetingFacts
}

// Caller is its convener with its member: 遂宁市发展改革委.
func (m Meeting) Caller() string { return division.Unit(m.By, m.Convener) }

// Facts are the meeting's as its newest entry says them.
func (m Meeting) Facts() MeetingFacts { return m.facts }

// Invited is one unit or neighbour with its answer.
type Invited struct {
	MeetingUnit
	Reply     MeetingReply `json:"reply"` // empty: none yet
	People    string       `json:"people"`
	Reason    string       `json:"reason"`
	Day       judge.Date   `json:"day"`
	Stale     bool         `json:"stale"` // it answered an invitation that was changed since
	Book      string       `json:"book"`
	Index     int64        `json:"index"`
	Was       bool         `json:"was"`       // it was there
	Confirmed judge.Date   `json:"confirmed"` // it agreed to the minutes; empty: not, or not yet
	Objected  judge.Date   `json:"objected"`  // it objected to them
	Objection string       `json:"objection"`
	Before    bool         `json:"before"`   // that was said to the minutes before they were corrected
	AnswerIn  string       `json:"answerIn"` // where it answered the minutes
	AnswerAt  int64        `json:"answerAt"`
}

// Proposal is a point that who is invited proposes, and what became of it.
type Proposal struct {
	MeetingUnit
	Words    AgendaWords `json:"words"`
	Day      judge.Date  `json:"day"`
	Answered bool        `json:"answered"`
	Accepted bool        `json:"accepted"`
	Reason   string      `json:"reason"`
	Book     string      `json:"book"`
	Index    int64       `json:"index"`
}

// AgendaLine is one point of an agenda with how its work stands today.
type AgendaLine struct {
	AgendaFacts
	AgendaWords
	Look *ItemLook `json:"look,omitempty"` // nil: it is about no item
}

// begun says that a meeting's day and hour are past, by the clock of China.
func begun(day judge.Date, clock string, now time.Time) bool {
	return string(day)+" "+clock <= now.In(judge.Beijing).Format("2006-01-02 15:04")
}

func (m *Meeting) asked(who string, neighbour bool) *Invited {
	if at := slices.IndexFunc(m.Asked, func(a Invited) bool { return a.Who == who && a.Neighbour == neighbour }); at >= 0 {
		return &m.Asked[at]
	}
	return nil
}

// AsInvited is an actor's own unit, or for a neighbour's meeting his member, among those invited; nil: it is not.
func (d *Desk) AsInvited(m *Meeting, actor node.Actor) *Invited {
	if m.Ours {
		return m.asked(actor.Org, false)
	}
	if !region.May(region.Seat(actor.Seat), region.PlanMeeting) {
		return nil
	}
	return m.asked(d.node.Member, true)
}

// Meetings lists those that a viewer may see, those to come first, the next one on top, then the newest.
func (d *Desk) Meetings(ctx context.Context, v Viewer) (all []Meeting, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.meetings(ctx, tx, v, ``)
		return err
	})
	return all, err
}

func (d *Desk) meetings(ctx context.Context, tx *store.Tx, v Viewer, which string, args ...any) ([]Meeting, error) {
	all, err := d.meetingsWhere(ctx, tx, which, args...)
	all = slices.DeleteFunc(all, func(m Meeting) bool { return !d.seesMeeting(m, v) })
	slices.SortStableFunc(all, func(a, b Meeting) int {
		if x, y := bit(a.State != MeetingIsCalled), bit(b.State != MeetingIsCalled); x != y || x == 0 {
			return cmp.Or(x-y, cmp.Compare(a.Day+" "+judge.Date(a.Clock), b.Day+" "+judge.Date(b.Clock)))
		}
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(b.Index, a.Index))
	})
	for i := range all {
		d.showMeeting(&all[i], v)
	}
	return all, err
}

// seesMeeting: meetings are for coordinators, leaders and auditors, and for the units that are invited and the convener.
func (d *Desk) seesMeeting(m Meeting, v Viewer) bool {
	return v.allSlips() || m.Ours && v.Org != "" && (v.Org == m.facts.Convener || m.asked(v.Org, false) != nil)
}

// showMeeting leaves out who comes for other units, and why others do not, but for those who see all and the convener.
func (d *Desk) showMeeting(m *Meeting, v Viewer) {
	if v.allSlips() || v.Org == m.facts.Convener {
		return
	}
	for i := range m.Asked {
		if a := &m.Asked[i]; a.Neighbour || a.Who != v.Org {
			a.People, a.Reason = "", ""
		}
	}
	m.Proposed = slices.DeleteFunc(m.Proposed, func(p Proposal) bool { return !p.Accepted && (p.Neighbour || p.Who != v.Org) })
}

// Meeting reads one with all that belongs to it. Refused: plan.meeting-unknown, also for one that is not the viewer's to see.
func (d *Desk) Meeting(ctx context.Context, id string, v Viewer) (m *Meeting, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if m, err = d.meeting(ctx, tx, id); err != nil {
			return err
		}
		if !d.seesMeeting(*m, v) {
			return refuse.New("plan.meeting-unknown", "meeting", id)
		}
		if err := d.readPoints(ctx, tx, m, v); err != nil {
			return err
		}
		d.showMeeting(m, v)
		return nil
	})
	return m, err
}

// meeting reads one with its answers. Refused: plan.meeting-unknown.
func (d *Desk) meeting(ctx context.Context, tx *store.Tx, id string) (*Meeting, error) {
	id = d.ID(id)
	all, err := d.meetingsWhere(ctx, tx, `WHERE m.meeting = ? AND h.member = ?`, saidID(id), memberOf(id))
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, refuse.New("plan.meeting-unknown", "meeting", id)
	}
	m := &all[0]
	m.Proposed, err = d.proposals(ctx, tx, *m)
	return m, err
}

func (d *Desk) meetingsWhere(ctx context.Context, tx *store.Tx, which string, args ...any) ([]Meeting, error) {
	rows, err := tx.Query(ctx, `SELECT m.book, m.idx, m.day, m.clock, m.called, e.entry, e.words, COALESCE(o.day, ''), oe.words, ge.words,
		COALESCE(x.idx, -1), COALESCE(x.now_idx, -1), COALESCE(x.year, 0), COALESCE(x.number, 0), COALESCE(x.day, ''), xe.entry, xe.words
		FROM plan_meeting m JOIN book_head h ON h.book = m.book JOIN book_entry e ON e.book = m.book AND e.idx = m.idx
		LEFT JOIN plan_meeting_over o ON o.book = m.book AND o.meeting = m.meeting LEFT JOIN book_entry oe ON oe.book = o.book AND oe.idx = o.idx
		LEFT JOIN plan_group g ON g.book = m.book AND g.grp = m.grp LEFT JOIN book_entry ge ON ge.book = g.book AND ge.idx = g.idx
		LEFT JOIN plan_minutes x ON x.book = m.book AND x.meeting = m.meeting LEFT JOIN book_entry xe ON xe.book = x.book AND xe.idx = x.now_idx
		`+which+` ORDER BY m.book, m.day, m.idx`, args...)
	if err != nil {
		return nil, err
	}
	now := d.node.Now()
	all, err := store.Collect(rows, func(scan func(...any) error) (m Meeting, err error) {
		var over judge.Date
		var raw, said, why, group, minuted, minutes []byte
		x := Minutes{}
		err = scan(&m.Book, &m.Index, &m.Day, &m.Clock, &m.Called, &raw, &said, &over, &why, &group, &x.Index, &x.Now, &x.Year, &x.Number, &x.Day, &minuted, &minutes)
		if err != nil {
			return m, err
		}
		if err := factsOf(raw, &m.facts); err != nil {
			return m, err
		}
		member := memberOfBook(m.Book)
		m.ID, m.Group = idOf(member, m.facts.Meeting), idOf(member, m.facts.Group)
		m.By, m.Ours = region.MemberName(member), member == d.node.Member
		if m.Circle = circleOfBook(m.Book); m.Circle == node.Self {
			m.Circle = ""
		}
		g, _, err := words[GroupWords](group)
		if err != nil {
			return m, err
		}
		m.GroupIs = g.Name
		if m.Reason, err = slipText(why); err != nil {
			return m, err
		}
		if x.Index >= 0 {
			x.Book = m.Book
			now, err := readMinuted(minuted, minutes)
			if err != nil {
				return m, err
			}
			x.facts, x.Words, x.Erased, x.Corrections = now.facts, now.words, now.erased, []CorrectedMinutes{}
			m.Minutes = &x
		}
		switch {
		case over != "":
			m.State = MeetingIsCancelled
		case m.Minutes != nil:
			m.State = MeetingIsMinuted
		case begun(m.Day, m.Clock, now):
			m.State = MeetingIsHeld
		default:
			m.State = MeetingIsCalled
		}
		m.Words, m.Erased, err = words[MeetingWords](said)
		return m, err
	})
	if err != nil || len(all) == 0 { // as on most days of most people
		return nil, err
	}
	names, err := d.orgNames(ctx, tx)
	for i := range all {
		if err == nil {
			err = d.finishMeeting(ctx, tx, &all[i], names)
		}
	}
	return all, err
}

// finishMeeting joins names, and what was answered to the invitation and to the minutes.
func (d *Desk) finishMeeting(ctx context.Context, tx *store.Tx, m *Meeting, names map[string]string) error {
	member := memberOfBook(m.Book)
	if err := readInvited(ctx, tx, m); err != nil {
		return err
	}
	m.Convener = cmp.Or(names[idOf(member, m.facts.Convener)], m.facts.Convener)
	for _, u := range unitsOf(member, m.facts.Orgs, m.facts.Members, names) {
		m.Asked = append(m.Asked, Invited{MeetingUnit: u, Index: -1, AnswerAt: -1})
	}
	rows, err := tx.Query(ctx, `SELECT r.who, r.neighbour, r.reply, r.day, r.of_idx, r.book, r.idx, e.words FROM plan_meeting_reply r
		JOIN book_head h ON h.origin = r.origin JOIN book_entry e ON e.book = r.book AND e.idx = r.idx
		WHERE h.book = ? AND r.meeting = ? ORDER BY r.book, r.idx`, m.Book, m.facts.Meeting)
	if err != nil {
		return err
	}
	_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
		var r Invited
		var neighbour int
		var of int64
		var said []byte
		if err := scan(&r.Who, &neighbour, &r.Reply, &r.Day, &of, &r.Book, &r.Index, &said); err != nil {
			return none, err
		}
		a := m.asked(r.Who, neighbour == 1)
		if a == nil {
			return none, nil
		}
		w, _, err := words[MeetingReplyWords](said)
		a.Reply, a.Day, a.Book, a.Index, a.Stale, a.People, a.Reason = r.Reply, r.Day, r.Book, r.Index, of != m.Index, w.People, w.Reason
		return none, err
	})
	if err != nil || m.Minutes == nil {
		return err
	}
	if err := d.readCorrections(ctx, tx, m, names); err != nil {
		return err
	}
	return readConfirmations(ctx, tx, m, unitsOf(member, m.Minutes.facts.Orgs, m.Minutes.facts.Members, names))
}

// readInvited takes who calls, who is invited and who was there from the rows: since the invitation a unit may have passed into another.
func readInvited(ctx context.Context, tx *store.Tx, m *Meeting) error {
	err := tx.Row(ctx, `SELECT convener FROM plan_meeting WHERE book = ? AND meeting = ?`, m.Book, m.facts.Meeting).Scan(&m.facts.Convener)
	if err != nil {
		return err
	}
	lists := map[string]*[]string{`plan_meeting_to`: &m.facts.Orgs}
	if m.Minutes != nil {
		lists[`plan_minutes_present`] = &m.Minutes.facts.Orgs
	}
	for table, orgs := range lists {
		rows, err := tx.Query(ctx, `SELECT who FROM `+table+` WHERE book = ? AND meeting = ? AND neighbour = 0 ORDER BY who`, m.Book, m.facts.Meeting)
		if err != nil {
			return err
		}
		now, err := texts(rows)
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(slices.Clone(*orgs), func(o string) bool { return !slices.Contains(now, o) })
		for _, o := range now {
			if !slices.Contains(kept, o) {
				kept = append(kept, o)
			}
		}
		*orgs = kept
	}
	return nil
}

// proposals are the points that were proposed for a meeting, in order of time.
func (d *Desk) proposals(ctx context.Context, tx *store.Tx, m Meeting) ([]Proposal, error) {
	rows, err := tx.Query(ctx, `SELECT p.who, p.neighbour, p.day, p.book, p.idx, e.words, COALESCE(a.accepted, -1), y.words FROM plan_meeting_point p
		JOIN book_head h ON h.origin = p.origin JOIN book_entry e ON e.book = p.book AND e.idx = p.idx JOIN book_head q ON q.book = p.book
		LEFT JOIN plan_meeting_point_answer a ON a.book = h.book AND a.origin = q.origin AND a.of_idx = p.idx
		LEFT JOIN book_entry y ON y.book = a.book AND y.idx = a.idx
		WHERE h.book = ? AND p.meeting = ? ORDER BY p.at, p.book, p.idx`, m.Book, m.facts.Meeting)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (p Proposal, err error) {
		var neighbour, accepted int
		var said, why []byte
		if err := scan(&p.Who, &neighbour, &p.Day, &p.Book, &p.Index, &said, &accepted, &why); err != nil {
			return p, err
		}
		p.Neighbour, p.Answered, p.Accepted = neighbour == 1, accepted >= 0, accepted == 1
		if p.Words, _, err = words[AgendaWords](said); err == nil {
			p.Reason, err = slipText(why)
		}
		return p, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := d.orgNames(ctx, tx)
	for i := range all {
		p := &all[i]
		if p.Name = region.MemberName(p.Who); !p.Neighbour {
			p.Name = cmp.Or(names[idOf(memberOfBook(m.Book), p.Who)], p.Who)
		}
	}
	return all, err
}
