package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

// meetingsChanged are the calls of the convener on a meeting that was called.
func (c *calls) meetingsChanged() {
	api.Register(c.api, post("change-meeting", "/meetings/{id}/change", "Change a meeting that was called and send it again (变更会议); what is left out stays",
		map[string]any{"day": "2022-06-28", "reason": "与市委会议冲突"}, done{true}), region.PlanMeeting, c.changeMeeting)
	api.Register(c.api, post("answer-point", "/meetings/{id}/points/{member}/{circle}/{index}/answer", "Take a proposed point into the agenda, or decline it (议题答复)",
		map[string]any{"accepted": false, "reason": "下次会议再议"}, done{true}), region.PlanMeeting, c.answerPoint)
}

func (c *calls) changeMeeting(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Day     judge.Date  `json:"day,omitempty"`
		Clock   string      `json:"clock,omitempty" doc:"15:04, in Beijing"`
		Title   string      `json:"title,omitempty"`
		Place   string      `json:"place,omitempty"`
		Note    *string     `json:"note,omitempty"`
		Orgs    *[]string   `json:"orgs,omitempty" doc:"All units of this member that are invited"`
		Members *[]string   `json:"members,omitempty" doc:"All neighbours that are invited: GB/T 2260 codes"`
		Points  *[]apiPoint `json:"points,omitempty" doc:"The whole agenda"`
		Reason  string      `json:"reason" minLength:"1" doc:"Those who are invited read it"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "change-meeting", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return isDone(c.desk.ChangeAtOnce(ctx, req, in.ID, func(m *plan.MeetingDraft) {
		for to, said := range map[*string]string{&m.Clock: b.Clock, &m.Words.Title: b.Title, &m.Words.Place: b.Place} {
			if said != "" {
				*to = said
			}
		}
		if b.Day != "" {
			m.Day = b.Day
		}
		if b.Points != nil {
			m.Points = c.agenda(*b.Points)
		}
		set(&m.Words.Note, b.Note)
		set(&m.Orgs, b.Orgs)
		set(&m.Members, b.Members)
		m.Words.Reason = b.Reason
	}))
}

func (c *calls) answerPoint(ctx context.Context, in *struct {
	MeetingPath
	Member string `path:"member" doc:"Whose book the proposal stands in" example:"510900"`
	Circle string `path:"circle" doc:"Circle of that book; self: the own book" example:"self"`
	Index  int64  `path:"index" doc:"Number of the proposal in it" example:"91"`
	Body   struct {
		Accepted bool   `json:"accepted"`
		Reason   string `json:"reason,omitempty" doc:"Needed where it is declined"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "answer-point", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.AnswerPoint(ctx, req, in.ID, in.Member+"/"+in.Circle, in.Index, in.Body.Accepted, in.Body.Reason))
}
