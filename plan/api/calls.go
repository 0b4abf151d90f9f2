package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

var exampleCall = plan.Call{
	Plan: "510900:suitong-2022", Title: exampleList.Title, Day: "2022-06-15", Called: "2022-06-08", Whole: true,
	Text: "迎接省督查，请报截至昨日的进度", Book: "510900/suitong", Index: 52,
}

// asked are the calls for reports out of turn.
func (c *calls) asked() {
	api.Register(c.api, get("plan-calls", "/plans/{plan}/calls", "Reports asked for out of turn (临时调度), the latest due first",
		[]plan.Call{exampleCall}), region.PlanRead, c.planCalls)
	api.Register(c.api, post("call", "/plans/{plan}/calls", "Ask the leads of a list for a report by a day (临时调度)",
		map[string]any{"day": "2022-06-15", "text": exampleCall.Text, "listings": []string{"l-4c1d"}}, done{true}), region.PlanCall, c.call)
	api.Register(c.api, post("withdraw-call", "/plans/{plan}/calls/{day}/withdraw", "Take a call for reports back (撤回调度)",
		map[string]any{"reason": "督查改期"}, done{true}), region.PlanCall, c.withdrawCall)
}

func (c *calls) planCalls(ctx context.Context, in *struct {
	PlanPath
	AsOf
},
) (*api.Answer[[]plan.Call], error) {
	p, err := c.desk.List(ctx, plan.ListQuery{Plan: in.Plan, AsOf: judge.Date(in.Day), Size: 1})
	if err != nil {
		return nil, absent(err)
	}
	if p.Calls == nil {
		p.Calls = []plan.Call{}
	}
	return &api.Answer[[]plan.Call]{Body: p.Calls}, nil
}

func (c *calls) call(ctx context.Context, in *struct {
	PlanPath
	Body struct {
		Day      string   `json:"day" doc:"By which the report is due, that day included; it is the report's period" example:"2022-06-15"`
		Text     string   `json:"text" minLength:"1" doc:"What is asked, and why"`
		Listings []string `json:"listings,omitempty" doc:"Ids of the rows asked; none: all open rows"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "call", in)
	if err != nil {
		return nil, err
	}
	_, err = c.desk.Call(ctx, req, plan.CallFacts{Plan: in.Plan, Day: judge.Date(in.Body.Day), Listings: in.Body.Listings}, in.Body.Text)
	return isDone(err)
}

func (c *calls) withdrawCall(ctx context.Context, in *struct {
	PlanPath
	Day  string `path:"day" doc:"By which the report was due" example:"2022-06-15"`
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "withdraw-call", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.Uncall(ctx, req, in.Plan, judge.Date(in.Day), in.Body.Reason))
}
