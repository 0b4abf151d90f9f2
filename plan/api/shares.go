package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

var exampleShare = plan.ShareLine{
	Share: plan.Share{
		ID: "h-5b2c", Item: "i-77aa@510900", Title: "遂渝高速公路扩容", Org: "o-9", Name: "市交通运输局建设科", Lead: "o-2", LeadName: "市交通运输局",
		Text: "报路基进展", From: "2022-06", Ahead: 3, Day: "2022-06-13", Book: "510900/self", Index: 840,
	},
	Period: "2022-06", Due: "2022-06-21", State: plan.ShareIsAsked,
}

// askIn is whom a lead asks for what.
type askIn struct {
	ItemPath
	Body struct {
		Orgs      []string     `json:"orgs" minItems:"1" doc:"Whom to ask: sections of the unit, supporting units of the item, counties"`
		Period    judge.Period `json:"period" example:"2022-06"`
		Once      bool         `json:"once,omitempty" doc:"For this period only; else for every period from it on"`
		Due       judge.Date   `json:"due,omitempty" doc:"A working day before the unit's own last day; empty: three working days before"`
		Indicator string       `json:"indicator,omitempty" doc:"Of whose target a share is given, to one unit at a time"`
		Target    string       `json:"target,omitempty" doc:"That share; 3500万元 is understood where the unit is 亿元"`
		Text      string       `json:"text" minLength:"1" doc:"What is asked"`
		Share     string       `json:"share,omitempty" doc:"Id of a part that is asked again"`
	}
}

type askedShares struct {
	Shares []string `json:"shares" doc:"Ids of the parts, in the order of orgs"`
}

// SharePath names a part that is asked.
type SharePath struct {
	ID string `path:"id" doc:"Id of the part" example:"h-5b2c"`
}

// shares are the calls of the parts that a lead asks of its sections, of counties and of supporting units (分工).
func (c *calls) shares() {
	api.Register(c.api, get("shares", "/shares", "The parts asked of the caller's unit, and those that it asked of others, as long as they matter (分工)",
		plan.UnitShares{Ours: []plan.ShareLine{exampleShare}, Asked: []plan.ShareLine{}}), region.ShareRead, c.unitShares)
	api.Register(c.api, get("share", "/shares/{id}", "One part for a period, with what came of it", exampleShare), region.ShareRead, c.share)
	api.Register(c.api, post("ask-shares", "/items/{item}/shares", "Ask units for their parts of an item as its lead (分解任务)",
		map[string]any{"orgs": []string{"o-9"}, "period": "2022-06", "text": "报路基进展"}, askedShares{[]string{"h-5b2c"}}), region.PlanSplit, c.askShares)
	api.Register(c.api, post("report-share", "/shares/{id}/reports", "Report a part (报送分工)",
		map[string]any{"period": "2022-06", "progress": "路基完成七成", "figures": map[string]string{"k1": "9.5亿元"}}, exampleWritten), region.ShareAnswer, c.reportShare)
	api.Register(c.api, post("decline-share", "/shares/{id}/decline", "Decline a part (退回分工)", map[string]any{"reason": "不归我局"}, done{true}), region.ShareAnswer, c.declineShare)
	api.Register(c.api, post("withdraw-share", "/shares/{id}/withdraw", "Ask for a part no longer (撤回分工)", map[string]any{}, done{true}), region.PlanSplit, c.withdrawShare)
}

func (c *calls) unitShares(ctx context.Context, _ *struct{}) (*api.Answer[plan.UnitShares], error) {
	u, err := c.desk.UnitShares(ctx, web.ActorOf(ctx))
	if u.Ours == nil {
		u.Ours = []plan.ShareLine{}
	}
	if u.Asked == nil {
		u.Asked = []plan.ShareLine{}
	}
	return &api.Answer[plan.UnitShares]{Body: u}, err
}

func (c *calls) share(ctx context.Context, in *struct {
	SharePath
	Period string `query:"period" doc:"Empty: the one that runs"`
},
) (*api.Answer[plan.ShareLine], error) {
	l, _, err := c.desk.ShareOf(ctx, in.ID, judge.Period(in.Period), viewer(ctx))
	return &api.Answer[plan.ShareLine]{Body: l}, absent(err)
}

func (c *calls) askShares(ctx context.Context, in *askIn) (*api.Answer[askedShares], error) {
	req, err := request(ctx, "ask-shares", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	ids, err := c.desk.AskShare(ctx, req, plan.NewShare{
		Item: in.Item, Orgs: b.Orgs, Period: b.Period, Once: b.Once, Due: b.Due, Indicator: b.Indicator, Target: b.Target, Text: b.Text, Share: b.Share,
	})
	return &api.Answer[askedShares]{Body: askedShares{ids}}, absent(err)
}

func (c *calls) reportShare(ctx context.Context, in *struct {
	SharePath
	Body struct {
		Period   judge.Period      `json:"period" example:"2022-06"`
		Progress string            `json:"progress,omitempty"`
		Problem  string            `json:"problem,omitempty"`
		Figures  map[string]string `json:"figures,omitempty" doc:"By id of the item's indicator"`
		Files    []string          `json:"files,omitempty" doc:"Names of files sent before"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "report-share", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	l, indicators, err := c.desk.ShareOf(ctx, in.ID, b.Period, viewer(ctx))
	if err != nil {
		return nil, absent(err)
	}
	facts := plan.ShareReportFacts{Share: l.ID, Period: l.Period}
	if facts.Figures, err = figures(ctx, b.Figures, indicators); err != nil {
		return nil, err
	}
	files, err := c.sentFiles(ctx, b.Files)
	if err != nil {
		return nil, err
	}
	receipt, err := c.desk.ReportShare(ctx, req, facts, plan.ReportWords{Progress: b.Progress, Problem: b.Problem, Files: files})
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}

func (c *calls) declineShare(ctx context.Context, in *struct {
	SharePath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "decline-share", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.DeclineShare(ctx, req, in.ID, in.Body.Reason))
}

func (c *calls) withdrawShare(ctx context.Context, in *struct {
	SharePath
	Body struct {
		Reason string `json:"reason,omitempty"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "withdraw-share", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.WithdrawShare(ctx, req, in.ID, in.Body.Reason))
}
