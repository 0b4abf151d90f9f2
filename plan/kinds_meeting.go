package plan

import (
	"context"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// AgendaGround is why a point stands on an agenda.
type AgendaGround string

// The grounds: 滞后, 有风险, 有分歧, 临近时限, 上次议定, 纪要有异议, 参会单位提出, 自行列入.
const (
	AgendaLate     AgendaGround = "late"
	AgendaRisk     AgendaGround = "risk"
	AgendaDisputed AgendaGround = "disputed"
	AgendaDue      AgendaGround = "due"
	AgendaOpen     AgendaGround = "open"    // an earlier meeting decided it, and it is not done
	AgendaMinutes  AgendaGround = "minutes" // somebody objects to the minutes of an earlier meeting
	AgendaProposed AgendaGround = "proposed"
	AgendaFree     AgendaGround = "free"
)

// AgendaGrounds lists them in the order in which an agenda is drawn.
var AgendaGrounds = []AgendaGround{AgendaOpen, AgendaMinutes, AgendaDisputed, AgendaLate, AgendaRisk, AgendaDue, AgendaProposed, AgendaFree}

// mostPoints bounds an agenda, and what one meeting decides.
const mostPoints = 100

// AgendaFacts: one point of an agenda. Its words stand at the same place of the words.
type AgendaFacts struct {
	Ground     AgendaGround `json:"ground"`
	Item       string       `json:"item"`       // of the convening member, in the same book; empty: none, or a neighbour's
	Resolution string       `json:"resolution"` // decided by an earlier meeting that this point looks back on; empty: none
}

// AgendaWords are what a point is about. Ref is the item of a neighbour, which no entry of this member may name among its facts.
type AgendaWords struct {
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	Ref   string `json:"ref,omitempty"`
}

// MeetingFacts: when a meeting is, who calls it and who is invited: inside in the own book; with neighbours in their circle's.
type MeetingFacts struct {
	Meeting  string        `json:"meeting"`
	Group    string        `json:"group"`    // of the same book; empty: none
	Convener string        `json:"convener"` // a unit of the convening member
	Orgs     []string      `json:"orgs"`     // units of the convening member that are invited, each once
	Members  []string      `json:"members"`  // neighbours that are invited: GB/T 2260 codes, each once
	Day      judge.Date    `json:"day"`      // civil, in Beijing
	Clock    string        `json:"clock"`    // "15:04", in Beijing
	Agenda   []AgendaFacts `json:"agenda"`
}

func (f *MeetingFacts) ids() (all []*string) {
	f.Agenda = slices.Clone(f.Agenda)
	for i := range f.Agenda {
		all = append(all, &f.Agenda[i].Item)
	}
	return all
}

// MeetingWords are what the invitation (会议通知) says.
type MeetingWords struct {
	Title  string        `json:"title"`
	Kind   string        `json:"kind,omitempty"` // 联席会议, 调度会 …
	Place  string        `json:"place,omitempty"`
	Note   string        `json:"note,omitempty"`
	Reason string        `json:"reason,omitempty"` // why it is called anew
	Points []AgendaWords `json:"points"`
}

// MeetingCalled 召开会议: a later entry on the same meeting moves or changes it, and says why.
var MeetingCalled = kind(node.Kind[MeetingFacts, MeetingWords]{
	Name: "plan.meeting.called/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, w *node.Writing, _ string, f MeetingFacts, said *MeetingWords) error {
		if said == nil || strings.TrimSpace(said.Title) == "" {
			return refuse.New("plan.meeting-title").At("title")
		}
		if len(said.Points) != len(f.Agenda) {
			return refuse.New("plan.meeting-form").At("agenda")
		}
		if f.Day < judge.DateIn(w.Now(), judge.Beijing) {
			return refuse.New("plan.meeting-past", "day", string(f.Day)).At("day")
		}
		return nil
	},
	Check: checkMeeting,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f MeetingFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_meeting (book, meeting, grp, convener, day, clock, called, idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (book, meeting) DO UPDATE SET grp = excluded.grp, convener = excluded.convener, day = excluded.day, clock = excluded.clock,
			called = excluded.called, idx = excluded.idx`,
			f.Meeting, f.Group, f.Convener, string(f.Day), f.Clock, string(dayOf(e)), own.Index)
		if err != nil {
			return nil, err
		}
		if _, err := own.Exec(ctx, `DELETE FROM plan_meeting_to WHERE book = ? AND meeting = ?`, f.Meeting); err != nil {
			return nil, err
		}
		return nil, eachInvited("", f.Orgs, f.Members, func(who string, neighbour int) error {
			_, err := own.Exec(ctx, `INSERT INTO plan_meeting_to (book, meeting, who, neighbour) VALUES (?, ?, ?, ?)`, f.Meeting, who, neighbour)
			return err
		})
	},
})

func checkMeeting(ctx context.Context, own *node.Own, e book.Entry, f MeetingFacts) error {
	if !book.IsID(f.Meeting) || !book.IsID(f.Convener) || len(f.Agenda) > mostPoints {
		return refuse.New("plan.meeting-form").At("agenda")
	}
	if f.Day == "" {
		return refuse.New("plan.day", "day", "").At("day")
	}
	if err := needDay(f.Day, "day"); err != nil {
		return err
	}
	if _, err := time.Parse("15:04", f.Clock); err != nil || len(f.Clock) != len("15:04") {
		return refuse.New("plan.meeting-clock", "clock", f.Clock).At("clock")
	}
	if err := checkInvited(e, f.Convener, f.Orgs, f.Members); err != nil {
		return err
	}
	for _, p := range f.Agenda {
		if !slices.Contains(AgendaGrounds, p.Ground) || p.Resolution != "" && !book.IsID(p.Resolution) {
			return refuse.New("plan.meeting-form").At("agenda")
		}
		if p.Item != "" {
			if err := needItem(ctx, own, p.Item); err != nil {
				return err
			}
		}
	}
	if f.Group != "" {
		if err := needGroup(ctx, own, f.Group); err != nil {
			return err
		}
	}
	var over int
	err := own.Row(ctx, `SELECT count(*) FROM plan_meeting m WHERE m.book = ? AND m.meeting = ? AND (
		EXISTS (SELECT 1 FROM plan_meeting_over o WHERE o.book = m.book AND o.meeting = m.meeting) OR
		EXISTS (SELECT 1 FROM plan_minutes x WHERE x.book = m.book AND x.meeting = m.meeting))`, f.Meeting).Scan(&over)
	if err == nil && over > 0 {
		err = refuse.New("plan.meeting-over")
	}
	return err
}

// MeetingSaidFacts: which meeting, as its own entries say it; who is invited names its calling as the first cause too.
type MeetingSaidFacts struct {
	Meeting string `json:"meeting"`
}

// MeetingCancelled 取消会议, by who called it.
var MeetingCancelled = &node.Kind[MeetingSaidFacts, ReasonWords]{
	Name: "plan.meeting.cancelled/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ MeetingSaidFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f MeetingSaidFacts) error {
		return needMeeting(ctx, own, f.Meeting)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f MeetingSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_meeting_over (book, meeting, day, idx) VALUES (?, ?, ?, ?)`, f.Meeting, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// needMeeting: one of this book that is neither cancelled nor minuted.
func needMeeting(ctx context.Context, own *node.Own, meeting string) error {
	err := needRow(ctx, own, `SELECT 1 FROM plan_meeting m WHERE m.book = ? AND m.meeting = ?
		AND NOT EXISTS (SELECT 1 FROM plan_meeting_over o WHERE o.book = m.book AND o.meeting = m.meeting)
		AND NOT EXISTS (SELECT 1 FROM plan_minutes x WHERE x.book = m.book AND x.meeting = m.meeting)`, meeting)
	return refuseMissing(err, "plan.meeting-unknown", "meeting", meeting)
}

// invitedBy reads the calling that an entry names as its first cause: one that invites this organisation, or this member.
func invitedBy(ctx context.Context, own *node.Own, e book.Entry, meeting string) (f MeetingFacts, err error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return f, err
	}
	if cause.Kind != MeetingCalled.Name || cause.Circle != e.Circle || book.DecodeFacts(cause.Facts, &f) != nil || f.Meeting != meeting {
		return f, refuse.New("plan.meeting-not-invited")
	}
	invited, err := invites(ctx, own, e, cause.Member, f.Orgs, f.Members)
	if err == nil && !invited {
		err = refuse.New("plan.meeting-not-invited")
	}
	return f, err
}

// invites says whether who speaks in an entry is among units of a member and neighbours that its first cause names.
func invites(ctx context.Context, own *node.Own, e book.Entry, by string, orgs, members []string) (bool, error) {
	if by == e.Member {
		return standsFor(ctx, own, e.Causes[0].Index, orgs, e.Org)
	}
	return slices.Contains(members, e.Member), nil
}

// speaks is as whom an entry answers a member: as a unit of it, or as a neighbour.
func speaks(e book.Entry, by string) (who string, neighbour int) {
	if by == e.Member {
		return e.Org, 0
	}
	return e.Member, 1
}

// causedBy is the member whose entry the first cause of an entry is.
func causedBy(ctx context.Context, own *node.Own, e book.Entry) (string, error) {
	cause, err := own.Cause(ctx, e, 0)
	return cause.Member, err
}

// onlyForMember: to a neighbour the coordinator speaks; a unit does not speak for its member.
func onlyForMember(ctx context.Context, w *node.Writing, circle, meeting string) error {
	if circle == node.Self || region.May(region.Seat(w.Actor.Seat), region.PlanMeeting) {
		return nil
	}
	var ours int
	err := w.Tx().Row(ctx, `SELECT count(*) FROM plan_meeting WHERE book = ? AND meeting = ?`, w.Node().BookName(circle), meeting).Scan(&ours)
	if err == nil && ours == 0 {
		err = refuse.New("plan.meeting-not-invited")
	}
	return err
}

// MeetingReply is what an invited unit answers.
type MeetingReply string

// The replies: 参加, 派员代表, 请假.
const (
	MeetingComes      MeetingReply = "comes"
	MeetingSubstitute MeetingReply = "substitute"
	MeetingExcused    MeetingReply = "excused"
)

// MeetingReplies lists them in the order of the interface.
var MeetingReplies = []MeetingReply{MeetingComes, MeetingSubstitute, MeetingExcused}

// MeetingReplyFacts: whether who is invited comes.
type MeetingReplyFacts struct {
	Meeting string       `json:"meeting"`
	Reply   MeetingReply `json:"reply"`
}

// MeetingReplyWords: who comes, by name and office, or why nobody does.
type MeetingReplyWords struct {
	People string `json:"people,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// MeetingReplied 会议回执, by who is invited. The last counts; one to an earlier date of the meeting does not.
var MeetingReplied = &node.Kind[MeetingReplyFacts, MeetingReplyWords]{
	Name: "plan.meeting.replied/1", Action: string(region.MeetingAnswer),
	Allow: func(ctx context.Context, w *node.Writing, circle string, f MeetingReplyFacts, said *MeetingReplyWords) error {
		if err := onlyForMember(ctx, w, circle, f.Meeting); err != nil {
			return err
		}
		switch {
		case f.Reply == MeetingExcused && (said == nil || strings.TrimSpace(said.Reason) == ""):
			return refuse.New("plan.reason-missing").At("reason")
		case f.Reply != MeetingExcused && (said == nil || strings.TrimSpace(said.People) == ""):
			return refuse.New("plan.meeting-people").At("people")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f MeetingReplyFacts) error {
		if !slices.Contains(MeetingReplies, f.Reply) {
			return refuse.New("plan.meeting-reply", "reply", string(f.Reply)).At("reply")
		}
		_, err := invitedBy(ctx, own, e, f.Meeting)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f MeetingReplyFacts) ([]string, error) {
		by, err := causedBy(ctx, own, e)
		if err != nil {
			return nil, err
		}
		who, neighbour := speaks(e, by)
		_, err = own.Exec(ctx, `INSERT INTO plan_meeting_reply (book, idx, origin, of_idx, meeting, who, neighbour, reply, day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			own.Index, e.Causes[0].Origin, e.Causes[0].Index, f.Meeting, who, neighbour, string(f.Reply), string(dayOf(e)))
		return nil, err
	},
}

// PointProposed 提出议题, by who is invited. The calling is the first cause.
var PointProposed = &node.Kind[MeetingSaidFacts, AgendaWords]{
	Name: "plan.meeting.point.proposed/1", Action: string(region.MeetingAnswer),
	Allow: func(ctx context.Context, w *node.Writing, circle string, f MeetingSaidFacts, said *AgendaWords) error {
		if said == nil || strings.TrimSpace(said.Title) == "" {
			return refuse.New("plan.meeting-point").At("point")
		}
		return onlyForMember(ctx, w, circle, f.Meeting)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f MeetingSaidFacts) error {
		_, err := invitedBy(ctx, own, e, f.Meeting)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f MeetingSaidFacts) ([]string, error) {
		by, err := causedBy(ctx, own, e)
		if err != nil {
			return nil, err
		}
		who, neighbour := speaks(e, by)
		_, err = own.Exec(ctx, `INSERT INTO plan_meeting_point (book, idx, origin, meeting, who, neighbour, day, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			own.Index, e.Causes[0].Origin, f.Meeting, who, neighbour, string(dayOf(e)), e.At.UnixMilli())
		return nil, err
	},
}

// PointAnswerFacts: whether a proposed point, the first cause, is taken on the agenda.
type PointAnswerFacts struct {
	Meeting  string `json:"meeting"`
	Accepted bool   `json:"accepted"`
}

// PointAnswered 答复议题, by who called the meeting; what is declined says why. The last holds.
var PointAnswered = &node.Kind[PointAnswerFacts, ReasonWords]{
	Name: "plan.meeting.point.answered/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f PointAnswerFacts, w *ReasonWords) error {
		if f.Accepted {
			return nil
		}
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f PointAnswerFacts) error {
		point, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		var of MeetingSaidFacts
		if point.Kind != PointProposed.Name || point.Circle != e.Circle || book.DecodeFacts(point.Facts, &of) != nil || of.Meeting != f.Meeting {
			return refuse.New("plan.meeting-point-unknown")
		}
		return needMeeting(ctx, own, f.Meeting)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f PointAnswerFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_meeting_point_answer (book, origin, of_idx, accepted, day, idx) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (book, origin, of_idx) DO UPDATE SET accepted = excluded.accepted, day = excluded.day, idx = excluded.idx`,
			e.Causes[0].Origin, e.Causes[0].Index, bit(f.Accepted), string(dayOf(e)), own.Index)
		return nil, err
	},
}
