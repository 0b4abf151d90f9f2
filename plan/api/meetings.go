package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

var exampleMeeting = plan.Meeting{
	ID: "m-9d3a@510900", Circle: "suitong", Ours: true, By: "遂宁市", Convener: "市发展改革委", Day: "2022-06-24", Clock: "09:30", Called: "2022-06-17",
	Words: plan.MeetingWords{Title: "6月调度会", Kind: "调度会", Points: []plan.AgendaWords{}}, State: plan.MeetingIsCalled,
	Asked:  []plan.Invited{{MeetingUnit: plan.MeetingUnit{Who: "o-2", Name: "市交通运输局"}, Index: -1, AnswerAt: -1}},
	Agenda: []plan.AgendaLine{}, Proposed: []plan.Proposal{}, Before: []plan.Resolution{}, Book: "510900/suitong", Index: 130,
}

var exampleDrawn = plan.DrawnPoint{DraftPoint: plan.DraftPoint{Ground: plan.AgendaLate, Item: "i-77aa@510900", Title: "遂渝高速公路扩容"}, Day: "2022-06-30"}

// meetings are the calls of meetings and working groups (会议, 专班).
func (c *calls) meetings() {
	api.Register(c.api, get("meetings", "/meetings", "Meetings that the caller may read, those to come first", []plan.Meeting{exampleMeeting}), region.MeetingRead, c.allMeetings)
	api.Register(c.api, get("meeting", "/meetings/{id}", "One meeting with its agenda, answers, minutes and what earlier ones decided", exampleMeeting), region.MeetingRead, c.meeting)
	api.Register(c.api, get("groups", "/groups", "Working groups (专班) that the caller may read", []plan.Group{{
		ID: "g-1@510900", Ours: true, By: "遂宁市", Convener: "市发展改革委", Units: []plan.MeetingUnit{{Who: "o-2", Name: "市交通运输局"}}, Plans: []string{}, Since: "2022-06-02",
		Words: plan.GroupWords{Name: "交通专班"}, Contacts: []plan.Contact{}, History: []plan.GroupHappened{}, Book: "510900/self", Index: 12,
	}}), region.MeetingRead, c.groups)
	api.Register(c.api, post("draw-agenda", "/agendas", "What a meeting could speak of today (拟议程)", map[string]any{"circle": "suitong", "days": 15}, []plan.DrawnPoint{exampleDrawn}), region.PlanMeeting, c.drawAgenda)
	api.Register(c.api, post("call-meeting", "/meetings", "Send the invitation to a meeting (召开会议)", map[string]any{
		"group": "g-1", "title": "6月调度会", "day": "2022-06-24", "clock": "09:30", "points": []map[string]any{{"title": "遂渝高速公路扩容", "ground": "late", "item": "i-77aa"}},
	}, calledMeeting{"m-9d3a@510900"}), region.PlanMeeting, c.callMeeting)
	api.Register(c.api, post("reply-meeting", "/meetings/{id}/reply", "Answer an invitation (会议回执)", map[string]any{"reply": "comes", "people": "张演示（副局长）"}, done{true}), region.MeetingAnswer, c.replyMeeting)
	api.Register(c.api, post("propose-point", "/meetings/{id}/points", "Propose a point for the agenda (提出议题)", map[string]any{"title": "征地补偿"}, done{true}), region.MeetingAnswer, c.proposePoint)
	api.Register(c.api, post("issue-minutes", "/meetings/{id}/minutes", "Issue the minutes with their decisions (印发会议纪要)", map[string]any{
		"chair": "演示副市长", "present": []map[string]any{{"who": "o-2", "state": "present"}}, "points": []map[string]any{{"title": "遂渝高速公路扩容", "text": "听取了汇报"}},
		"resolutions": []map[string]any{{"text": "7月底前完成征地", "org": "o-2", "due": "2022-07-31", "follow": "new"}},
	}, done{true}), region.PlanMeeting, c.issueMinutes)
	api.Register(c.api, post("answer-minutes", "/meetings/{id}/answer", "Confirm minutes, or object to them (确认, 异议)", map[string]any{"agrees": true}, done{true}), region.MeetingAnswer, c.answerMinutes)
	api.Register(c.api, post("cancel-meeting", "/meetings/{id}/cancel", "Cancel a meeting (取消会议)", map[string]any{"reason": "合并召开"}, done{true}), region.PlanMeeting, c.cancelMeeting)
}

// MeetingPath names a meeting in an address.
type MeetingPath struct {
	ID string `path:"id" doc:"Id of the meeting" example:"m-9d3a@510900"`
}

type calledMeeting struct {
	Meeting string `json:"meeting"`
}

func (c *calls) allMeetings(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.Meeting], error) {
	all, err := c.desk.Meetings(ctx, viewer(ctx))
	if all == nil {
		all = []plan.Meeting{}
	}
	return &api.Answer[[]plan.Meeting]{Body: all}, err
}

func (c *calls) meeting(ctx context.Context, in *MeetingPath) (*api.Answer[*plan.Meeting], error) {
	m, err := c.desk.Meeting(ctx, in.ID, viewer(ctx))
	return &api.Answer[*plan.Meeting]{Body: m}, absent(err)
}

func (c *calls) groups(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.Group], error) {
	all, err := c.desk.Groups(ctx, viewer(ctx))
	if all == nil {
		all = []plan.Group{}
	}
	return &api.Answer[[]plan.Group]{Body: all}, err
}

func (c *calls) drawAgenda(ctx context.Context, in *struct {
	Body struct {
		Group  string `json:"group,omitempty" doc:"Of a group's meeting: its id"`
		Circle string `json:"circle,omitempty" doc:"Of a meeting with neighbours: their circle; empty: inside"`
		Days   int    `json:"days,omitempty" doc:"Within how many days what is due counts" minimum:"0" maximum:"366"`
	}
},
) (*api.Answer[[]plan.DrawnPoint], error) {
	all, err := c.desk.DrawFor(ctx, plan.MeetingDraft{Group: in.Body.Group, Circle: in.Body.Circle}, in.Body.Days, viewer(ctx))
	if all == nil {
		all = []plan.DrawnPoint{}
	}
	return &api.Answer[[]plan.DrawnPoint]{Body: all}, absent(err)
}

func (c *calls) callMeeting(ctx context.Context, in *struct {
	Body struct {
		Group   string     `json:"group,omitempty" doc:"Id of the group; its units are invited"`
		Circle  string     `json:"circle,omitempty" doc:"Of a meeting of no group with neighbours: their circle"`
		Orgs    []string   `json:"orgs,omitempty" doc:"Units of this member that are invited"`
		Members []string   `json:"members,omitempty" doc:"Neighbours that are invited: GB/T 2260 codes"`
		Day     judge.Date `json:"day"`
		Clock   string     `json:"clock" doc:"15:04, in Beijing"`
		Title   string     `json:"title" minLength:"1"`
		Kind    string     `json:"kind,omitempty"`
		Place   string     `json:"place,omitempty"`
		Note    string     `json:"note,omitempty"`
		Points  []apiPoint `json:"points,omitempty" doc:"The agenda"`
	}
},
) (*api.Answer[calledMeeting], error) {
	req, err := request(ctx, "call-meeting", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	m := plan.MeetingDraft{
		Group: b.Group, Circle: b.Circle, Orgs: b.Orgs, Members: b.Members, Day: b.Day, Clock: b.Clock,
		Words: plan.MeetingWords{Title: b.Title, Kind: b.Kind, Place: b.Place, Note: b.Note},
	}
	m.Points = c.agenda(b.Points)
	id, err := c.desk.CallAtOnce(ctx, req, m)
	return &api.Answer[calledMeeting]{Body: calledMeeting{id}}, absent(err)
}

// agenda is that of a call, with the ids of its items as the room has them.
func (c *calls) agenda(points []apiPoint) (all []plan.DraftPoint) {
	for _, p := range points {
		point := plan.DraftPoint{Ground: p.Ground, Resolution: p.Resolution, Title: p.Title, Text: p.Text}
		if p.Ground == "" {
			point.Ground = plan.AgendaFree
		}
		if p.Item != "" {
			point.Item = c.desk.ID(p.Item)
		}
		all = append(all, point)
	}
	return all
}

// apiPoint is a point of an agenda as a call gives it.
type apiPoint struct {
	Ground     plan.AgendaGround `json:"ground,omitempty" doc:"Why it stands there; empty: free"`
	Item       string            `json:"item,omitempty" doc:"The item it is about"`
	Resolution string            `json:"resolution,omitempty" doc:"The earlier decision it looks back on"`
	Title      string            `json:"title" minLength:"1"`
	Text       string            `json:"text,omitempty"`
}

func (c *calls) replyMeeting(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Reply  plan.MeetingReply `json:"reply" doc:"comes, substitute or excused"`
		People string            `json:"people,omitempty" doc:"Who comes, by name and office"`
		Reason string            `json:"reason,omitempty" doc:"Why nobody comes"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "reply-meeting", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ReplyMeeting(ctx, req, in.ID, in.Body.Reply, plan.MeetingReplyWords{People: in.Body.People, Reason: in.Body.Reason}))
}

func (c *calls) proposePoint(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Title string `json:"title" minLength:"1"`
		Text  string `json:"text,omitempty"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "propose-point", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ProposePoint(ctx, req, in.ID, plan.AgendaWords{Title: in.Body.Title, Text: in.Body.Text}))
}

func (c *calls) issueMinutes(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Chair       string            `json:"chair" minLength:"1"`
		Recorder    string            `json:"recorder,omitempty"`
		Present     []apiPresent      `json:"present" doc:"Everybody who was invited"`
		Points      []apiMinutesPoint `json:"points,omitempty"`
		Resolutions []apiResolution   `json:"resolutions,omitempty" doc:"What was decided"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "issue-minutes", in)
	if err != nil {
		return nil, err
	}
	n := plan.MinutesDraft{Chair: in.Body.Chair, Recorder: in.Body.Recorder}
	for _, p := range in.Body.Present {
		n.Present = append(n.Present, plan.DraftPresent{MeetingUnit: plan.MeetingUnit{Who: p.Who, Neighbour: p.Neighbour}, State: p.State, People: p.People})
	}
	for _, p := range in.Body.Points {
		point := plan.MinutesPoint{Title: p.Title, Text: p.Text}
		if p.Item != "" {
			point.Item = c.desk.ID(p.Item)
		}
		n.Points = append(n.Points, point)
	}
	for _, r := range in.Body.Resolutions {
		n.Resolutions = append(n.Resolutions, plan.DraftResolution{Point: r.Point, Text: r.Text, Org: r.Org, Member: r.Member, Side: r.Side, Supports: r.Supports, Due: r.Due, Follow: r.Follow})
	}
	return isDone(c.desk.IssueMinutes(ctx, req, in.ID, n))
}

type apiPresent struct {
	Who       string          `json:"who" doc:"Id of a unit, or code of a neighbour"`
	Neighbour bool            `json:"neighbour,omitempty"`
	State     plan.Attendance `json:"state" doc:"present, substitute, excused or absent"`
	People    string          `json:"people,omitempty"`
}

type apiMinutesPoint struct {
	Title string `json:"title" minLength:"1"`
	Text  string `json:"text,omitempty"`
	Item  string `json:"item,omitempty"`
}

type apiResolution struct {
	Point    int        `json:"point,omitempty" doc:"Place of the point among the points, from 1"`
	Text     string     `json:"text" minLength:"1"`
	Org      string     `json:"org,omitempty" doc:"The unit that does it"`
	Member   string     `json:"member,omitempty" doc:"Or the neighbour"`
	Side     string     `json:"side,omitempty" doc:"Which unit of the neighbour, by name"`
	Supports []string   `json:"supports,omitempty"`
	Due      judge.Date `json:"due,omitempty"`
	Follow   string     `json:"follow,omitempty" doc:"new: a new item; none; or the id of the item it is tied to"`
}

func (c *calls) answerMinutes(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Agrees bool   `json:"agrees"`
		Reason string `json:"reason,omitempty" doc:"Of an objection"`
		Seen   *int64 `json:"seen,omitempty" doc:"now of the minutes that were read: where they were corrected since, nothing is recorded; left out: as they hold"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "answer-minutes", in)
	if err != nil {
		return nil, err
	}
	seen := plan.AnyMinutes
	if in.Body.Seen != nil {
		seen = *in.Body.Seen
	}
	return isDone(c.desk.AnswerMinutes(ctx, req, in.ID, seen, in.Body.Agrees, in.Body.Reason))
}

func (c *calls) cancelMeeting(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "cancel-meeting", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.CancelMeeting(ctx, req, in.ID, in.Body.Reason))
}
