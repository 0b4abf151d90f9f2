package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web/api"
)

// EntryPath names an entry of a book of a circle.
type EntryPath struct {
	Member string `path:"member" doc:"GB/T 2260 code of the member whose book it is" example:"500152"`
	Circle string `path:"circle" example:"suitong"`
	Index  int64  `path:"index" minimum:"0"`
}

func (p EntryPath) book() string { return p.Member + "/" + p.Circle }

func (c *calls) terms() {
	api.Register(c.api, get("terms", "/listings/{listing}/terms", "A row between its member and those it asks: parts, proposals, verdicts and objections", plan.TermsPage{}), region.PlanRead, c.readTerms)
	api.Register(c.api, get("changesForUs", "/changes", "Proposals of neighbours that wait for this member's answer", []plan.PartChange{}), region.PlanRead, c.changesForUs)
	api.Register(c.api, post("propose", "/listings/{listing}/changes", "Propose another deadline or target of a neighbour's part of a row (提议变更)",
		map[string]any{"member": "500152", "deadline": "2022-09-30", "reason": "汛期不能施工"}, done{true}), region.PlanChange, c.propose)
	api.Register(c.api, post("answerChange", "/changes/{member}/{circle}/{index}/answer", "Accept or refuse a neighbour's proposal (答复提议)",
		map[string]any{"accepted": true}, done{true}), region.PlanChange, c.answerChange)
	api.Register(c.api, post("judgePart", "/listings/{listing}/parts/{item}/verdict", "Judge the version of a neighbour's part that was seen (认定)",
		map[string]any{"version": 41, "state": "at-risk", "reason": "尚未开工"}, done{true}), region.PlanVerdict, c.judgePart)
	api.Register(c.api, post("object", "/verdicts/{member}/{circle}/{index}/objection", "Object to a verdict on this member's part (异议)",
		map[string]any{"reason": "机械在下游作业"}, done{true}), region.PlanObject, c.object)
}

func (c *calls) readTerms(ctx context.Context, in *ListingPath) (*api.Answer[plan.TermsPage], error) {
	p, err := c.desk.Terms(ctx, in.Listing)
	if err != nil {
		return nil, err
	}
	return &api.Answer[plan.TermsPage]{Body: p}, nil
}

func (c *calls) changesForUs(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.PartChange], error) {
	all, err := c.desk.ChangesForUs(ctx)
	if err != nil {
		return nil, err
	}
	return &api.Answer[[]plan.PartChange]{Body: all}, nil
}

func (c *calls) propose(ctx context.Context, in *struct {
	ListingPath
	Body struct {
		Member   string `json:"member,omitempty" doc:"Whose part it is; empty: this member's own, of a neighbour's row"`
		Deadline string `json:"deadline,omitempty" doc:"Last day in time; empty: it stays"`
		Target   string `json:"target,omitempty" doc:"Empty: it stays"`
		Reason   string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "propose", in)
	if err != nil {
		return nil, err
	}
	p := plan.Proposed{Words: plan.ChangeWords{Target: in.Body.Target, Reason: in.Body.Reason}}
	if in.Body.Deadline != "" {
		p.Deadline = judge.Deadline{Kind: judge.By, Date: judge.Date(in.Body.Deadline)}
	}
	_, err = c.desk.ProposeChange(ctx, req, in.Listing, in.Body.Member, p)
	return isDone(err)
}

func (c *calls) answerChange(ctx context.Context, in *struct {
	EntryPath
	Body struct {
		Accepted bool   `json:"accepted"`
		Reason   string `json:"reason,omitempty" doc:"Needed where it is refused"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "answerChange", in)
	if err != nil {
		return nil, err
	}
	_, err = c.desk.AnswerChange(ctx, req, in.book(), in.Index, in.Body.Accepted, in.Body.Reason)
	return isDone(err)
}

func (c *calls) judgePart(ctx context.Context, in *struct {
	ListingPath
	Item string `path:"item" doc:"The neighbour's item that does the part" example:"i-77aa@500152"`
	Body struct {
		Version int64  `json:"version" minimum:"0" doc:"Index of the version that was seen, from the row's terms"`
		State   string `json:"state,omitempty" doc:"Empty: the verdict is withdrawn" example:"at-risk"`
		Reason  string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "judgePart", in)
	if err != nil {
		return nil, err
	}
	_, err = c.desk.JudgePart(ctx, req, in.Listing, in.Item, in.Body.Version, judge.WorkState(in.Body.State), in.Body.Reason)
	return isDone(err)
}

func (c *calls) object(ctx context.Context, in *struct {
	EntryPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "object", in)
	if err != nil {
		return nil, err
	}
	_, err = c.desk.Object(ctx, req, in.book(), in.Index, in.Body.Reason)
	return isDone(err)
}
