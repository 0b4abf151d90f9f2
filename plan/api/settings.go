package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

// Legend is what the lights of a list mean (图例). It changes how a state looks and never which it is:
// that follows from docs/reference/status.md.
type Legend struct {
	Plan   string       `json:"plan,omitempty" doc:"Id of the list; empty: the member's own legend, for lists without one"`
	Own    bool         `json:"own" doc:"Said for this list itself"`
	Lights []judge.Lamp `json:"lights" doc:"One for every state of the work"`
}

// Ladder is the steps of supervision (督办等级), from the lowest up.
type Ladder struct {
	Steps  []Step `json:"steps" minItems:"1" maxItems:"9"`
	Source string `json:"source,omitempty" doc:"The document that sets it"`
}

// Step is one step of the ladder.
type Step struct {
	Level string `json:"level" minLength:"1" example:"blue"`
	Name  string `json:"name,omitempty" doc:"Empty: by the interface's name of the level" example:"提醒"`
	Days  int    `json:"days" minimum:"1" doc:"Working days in which a slip of it is to be answered" example:"5"`
}

// settings are what is set for lists as a whole: lights and the ladder of supervision.
func (c *calls) settings() {
	legend := Legend{Plan: "510900:suitong-2022", Own: true, Lights: judge.DefaultLegend()}
	lights := map[string]any{"lights": judge.DefaultLegend()}
	api.Register(c.api, get("legend", "/legend", "What the lights mean for lists without a legend of their own (图例)", legend), region.PlanLegend, c.legend)
	api.Register(c.api, post("set-legend", "/legend", "Set it; without lights as it was at first", lights, done{true}), region.PlanLegend, c.setLegend)
	api.Register(c.api, get("plan-legend", "/plans/{plan}/legend", "What the lights of a list mean", legend), region.PlanLegend, c.planLegend)
	api.Register(c.api, post("set-plan-legend", "/plans/{plan}/legend", "Set what the lights of a list mean; without lights as they were at first", lights, done{true}), region.PlanLegend, c.setPlanLegend)
	ladder := Ladder{Steps: []Step{{"blue", "提醒", 5}, {"orange", "", 3}, {"red", "", 2}}, Source: "督查工作办法（演示数据）"}
	api.Register(c.api, get("ladder", "/slip-ladder", "The steps of supervision, from the lowest up (督办等级)", ladder), region.PlanLegend, c.ladder)
	api.Register(c.api, post("set-ladder", "/slip-ladder", "Set the steps of supervision; open slips keep theirs", ladder, done{true}), region.PlanLegend, c.setLadder)
}

// Lights are all of a legend.
type Lights struct {
	Lights judge.Legend `json:"lights,omitempty" doc:"One for every state of the work, in any order; none: as they were at first"`
}

func (c *calls) legend(ctx context.Context, _ *struct{}) (*api.Answer[Legend], error) {
	return c.legendOf(ctx, "")
}

func (c *calls) planLegend(ctx context.Context, in *PlanPath) (*api.Answer[Legend], error) {
	return c.legendOf(ctx, in.Plan)
}

func (c *calls) legendOf(ctx context.Context, list string) (*api.Answer[Legend], error) {
	p, err := c.desk.Legend(ctx, list)
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[Legend]{Body: Legend{Plan: p.Plan.Facts.Plan, Own: p.Own, Lights: p.Legend}}, nil
}

func (c *calls) setLegend(ctx context.Context, in *struct{ Body Lights }) (*api.Answer[done], error) {
	return c.light(ctx, "", in.Body)
}

func (c *calls) setPlanLegend(ctx context.Context, in *struct {
	PlanPath
	Body Lights
},
) (*api.Answer[done], error) {
	return c.light(ctx, in.Plan, in.Body)
}

func (c *calls) light(ctx context.Context, list string, l Lights) (*api.Answer[done], error) {
	req, err := request(ctx, "set-legend "+list, l)
	if err != nil {
		return nil, err
	}
	if len(l.Lights) == 0 {
		l.Lights = judge.DefaultLegend()
	}
	return isDone(c.desk.SetLegend(ctx, req, list, l.Lights))
}

func (c *calls) ladder(ctx context.Context, _ *struct{}) (*api.Answer[Ladder], error) {
	l, err := c.desk.Ladder(ctx)
	out := Ladder{Steps: []Step{}, Source: l.Source}
	for _, s := range l.Steps {
		out.Steps = append(out.Steps, Step(s))
	}
	return &api.Answer[Ladder]{Body: out}, err
}

func (c *calls) setLadder(ctx context.Context, in *struct{ Body Ladder }) (*api.Answer[done], error) {
	req, err := request(ctx, "set-ladder", in)
	if err != nil {
		return nil, err
	}
	l := plan.Ladder{Source: in.Body.Source}
	for _, s := range in.Body.Steps {
		l.Steps = append(l.Steps, plan.Step(s))
	}
	return isDone(c.desk.SetLadder(ctx, req, l))
}
