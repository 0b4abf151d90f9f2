package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web/api"
)

// minutesCorrected are the call that corrects issued minutes (更正).
func (c *calls) minutesCorrected() {
	api.Register(c.api, post("correct-minutes", "/meetings/{id}/minutes/corrections", "Correct issued minutes (更正会议纪要); what is left out stays. Items that decisions became are amended, not corrected",
		map[string]any{"seen": 131, "reason": "时限记录有误", "resolutions": []map[string]any{{"at": 1, "due": "2022-08-31"}}}, done{true}), region.PlanMeeting, c.correctMinutes)
}

type correctedLine struct {
	At     int              `json:"at" minimum:"1" doc:"Line of the attendance, from 1; the first is the convener's unit"`
	State  *plan.Attendance `json:"state,omitempty" doc:"present, substitute, excused or absent"`
	People *string          `json:"people,omitempty"`
}

type correctedPoint struct {
	At    int     `json:"at" minimum:"1" doc:"Place of the point, from 1"`
	Title *string `json:"title,omitempty"`
	Text  *string `json:"text,omitempty"`
}

type correctedDecision struct {
	At       int         `json:"at" minimum:"1" doc:"Place of the decision, from 1"`
	Text     *string     `json:"text,omitempty"`
	Org      *string     `json:"org,omitempty" doc:"The unit that does it"`
	Member   *string     `json:"member,omitempty" doc:"Or the neighbour"`
	Side     string      `json:"side,omitempty" doc:"Which unit of the neighbour, by name"`
	Supports *[]string   `json:"supports,omitempty"`
	Due      *judge.Date `json:"due,omitempty" doc:"Empty: none is set"`
}

func (c *calls) correctMinutes(ctx context.Context, in *struct {
	MeetingPath
	Body struct {
		Seen        int64               `json:"seen" doc:"now of the minutes that were read: what was corrected since is not overwritten"`
		Reason      string              `json:"reason" minLength:"1"`
		Chair       *string             `json:"chair,omitempty"`
		Recorder    *string             `json:"recorder,omitempty"`
		Present     []correctedLine     `json:"present,omitempty"`
		Points      []correctedPoint    `json:"points,omitempty"`
		Resolutions []correctedDecision `json:"resolutions,omitempty"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "correct-minutes", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	holds, err := c.desk.CorrectionOf(ctx, in.ID)
	if err != nil {
		return nil, absent(err)
	}
	for _, l := range b.Present {
		if l.At > len(holds.Present) {
			return nil, refuse.New("plan.correction-place", "at", l.At).At("present")
		}
	}
	for _, p := range b.Points {
		if p.At > len(holds.Points) {
			return nil, refuse.New("plan.correction-place", "at", p.At).At("points")
		}
	}
	for _, r := range b.Resolutions {
		if r.At > len(holds.Resolutions) {
			return nil, refuse.New("plan.correction-place", "at", r.At).At("resolutions")
		}
	}
	return isDone(c.desk.CorrectMinutes(ctx, req, in.ID, func(n *plan.MinutesCorrection) {
		n.Seen, n.Reason = b.Seen, b.Reason
		set(&n.Chair, b.Chair)
		set(&n.Recorder, b.Recorder)
		for _, l := range b.Present {
			set(&n.Present[l.At-1].State, l.State)
			set(&n.Present[l.At-1].People, l.People)
		}
		for _, p := range b.Points {
			set(&n.Points[p.At-1].Title, p.Title)
			set(&n.Points[p.At-1].Text, p.Text)
		}
		for _, r := range b.Resolutions {
			r.over(&n.Resolutions[r.At-1])
		}
	}))
}

// over says what is otherwise in a decision: who names a unit takes it from the neighbour, and the other way round.
func (r correctedDecision) over(d *plan.DraftResolution) {
	set(&d.Text, r.Text)
	if r.Org != nil {
		d.Org, d.Member = *r.Org, ""
	}
	if r.Member != nil {
		d.Org, d.Member = "", *r.Member
	}
	d.Side = r.Side
	set(&d.Supports, r.Supports)
	set(&d.Due, r.Due)
}
