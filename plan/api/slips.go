package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

var exampleSlip = plan.Slip{
	ID: "s-4c1d@510900", Slip: "s-4c1d", Year: 2022, Number: 3, Item: "i-77aa@510900", Org: "o-2", Unit: "市交通运输局", By: "遂宁市", Ours: true,
	Ground: plan.SlipLate, Level: "blue", Due: "2022-06-27", First: "2022-06-27", Issued: "2022-06-20", Circle: "self", Book: "510900/self", Index: 812,
	Words: plan.SlipWords{Matter: "遂渝高速公路扩容", Demand: "说明原因，提出赶工措施"}, State: plan.SlipIsNew, Story: []plan.SlipEvent{},
}

// slips are the calls of supervision (督办).
func (c *calls) slips() {
	api.Register(c.api, get("slips", "/slips", "Supervision slips (督办单) that the caller may see, the open ones first", []plan.Slip{exampleSlip}), region.SlipRead, c.allSlips)
	api.Register(c.api, get("slip", "/slips/{id}", "One slip with its story", exampleSlip), region.SlipRead, c.slip)
	api.Register(c.api, get("slip-proposals", "/slip-proposals", "What the rule proposes (拟督办): late work and missed reports without an open slip", []plan.SlipProposal{{
		Item: "i-77aa@510900", Title: "遂渝高速公路扩容", Org: "o-2", Unit: "市交通运输局", Ground: plan.SlipLate, Since: "2022-07-01",
		Last: &plan.ClosedSlip{ID: "s-3b0c@510900", Year: 2022, Number: 2, Ground: plan.SlipLate, Issued: "2022-06-20", Closed: "2022-06-28", Outcome: plan.SlipDone, Reason: "措施到位"},
	}}), region.PlanSlip, c.slipProposals)
	api.Register(c.api, post("issue-slip", "/slips", "Issue a slip to a unit, or ask a neighbour (印发督办单, 商请)",
		map[string]any{"item": "i-77aa", "org": "o-2", "ground": "late", "matter": "遂渝高速公路扩容", "demand": "说明原因"}, issuedSlip{"s-4c1d"}), region.PlanSlip, c.issueSlip)
	api.Register(c.api, post("sign-slip", "/slips/{id}/sign", "Sign for a slip (签收)", map[string]any{}, done{true}), region.SlipAnswer, c.signSlip)
	api.Register(c.api, post("answer-slip", "/slips/{id}/answer", "Answer a slip (反馈)", map[string]any{"text": "已增加两个作业面"}, done{true}), region.SlipAnswer, c.answerSlip)
	api.Register(c.api, post("return-slip", "/slips/{id}/return", "Return an answer (退回)", map[string]any{"reason": "没有时间表", "days": 3}, done{true}), region.PlanSlip, c.returnSlip)
	api.Register(c.api, post("raise-slip", "/slips/{id}/raise", "Raise an overdue slip a step (升级)", map[string]any{"reason": "逾期未反馈"}, done{true}), region.PlanSlip, c.raiseSlip)
	api.Register(c.api, post("close-slip", "/slips/{id}/close", "Close a slip, or cancel one issued by mistake (销号, 撤销)",
		map[string]any{"outcome": "done", "reason": "措施到位"}, done{true}), region.PlanSlip, c.closeSlip)
}

// SlipPath names a slip in an address.
type SlipPath struct {
	ID string `path:"id" doc:"Id of the slip; without a member it is one of ours" example:"s-4c1d"`
}

func (p SlipPath) id() plan.SlipID { return plan.SlipID(p.ID) }

type issuedSlip struct {
	Slip string `json:"slip"`
}

func (c *calls) allSlips(ctx context.Context, in *struct {
	Open bool `query:"open" doc:"Only those that are not closed"`
},
) (*api.Answer[[]plan.Slip], error) {
	all, err := c.desk.Slips(ctx, plan.SlipQuery{Open: in.Open}, plan.ViewerOf(web.ActorOf(ctx)))
	if all == nil {
		all = []plan.Slip{}
	}
	return &api.Answer[[]plan.Slip]{Body: all}, err
}

func (c *calls) slip(ctx context.Context, in *SlipPath) (*api.Answer[plan.Slip], error) {
	s, err := c.desk.Slip(ctx, in.id(), plan.ViewerOf(web.ActorOf(ctx)))
	return &api.Answer[plan.Slip]{Body: s}, absent(err)
}

func (c *calls) slipProposals(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.SlipProposal], error) {
	all, err := c.desk.SlipProposals(ctx)
	if all == nil {
		all = []plan.SlipProposal{}
	}
	return &api.Answer[[]plan.SlipProposal]{Body: all}, err
}

// inSlip is a slip that is to be issued.
type inSlip struct {
	Item    string          `json:"item,omitempty" doc:"The item; empty where a neighbour is asked"`
	Listing string          `json:"listing,omitempty" doc:"The row by which a neighbour is asked"`
	Org     string          `json:"org,omitempty" doc:"The unit that answers"`
	Member  string          `json:"member,omitempty" doc:"The neighbour that answers: GB/T 2260 code"`
	Ground  plan.SlipGround `json:"ground" doc:"late, missed or other"`
	Level   string          `json:"level,omitempty" doc:"Step of the ladder; empty: the lowest"`
	Due     judge.Date      `json:"due,omitempty" doc:"Empty: the working days of the step from today"`
	Matter  string          `json:"matter" minLength:"1"`
	Basis   string          `json:"basis,omitempty"`
	Demand  string          `json:"demand" minLength:"1"`
	Signer  string          `json:"signer,omitempty"`
}

func (b inSlip) slip() plan.NewSlip {
	return plan.NewSlip{
		Item: b.Item, Listing: b.Listing, Org: b.Org, Member: b.Member, Ground: b.Ground, Level: b.Level, Due: b.Due,
		Words: plan.SlipWords{Matter: b.Matter, Basis: b.Basis, Demand: b.Demand, Signer: b.Signer},
	}
}

func (c *calls) issueSlip(ctx context.Context, in *struct{ Body inSlip }) (*api.Answer[issuedSlip], error) {
	req, err := request(ctx, "issue-slip", in)
	if err != nil {
		return nil, err
	}
	id, err := c.desk.IssueSlip(ctx, req, in.Body.slip())
	return &api.Answer[issuedSlip]{Body: issuedSlip{id}}, err
}

func (c *calls) signSlip(ctx context.Context, in *SlipPath) (*api.Answer[done], error) {
	req, err := request(ctx, "sign-slip", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.SignSlip(ctx, req, in.id()))
}

func (c *calls) answerSlip(ctx context.Context, in *struct {
	SlipPath
	Body struct {
		Text  string   `json:"text" minLength:"1"`
		Files []string `json:"files,omitempty" doc:"Names of files sent before"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "answer-slip", in)
	if err != nil {
		return nil, err
	}
	files, err := c.sentFiles(ctx, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.AnswerSlip(ctx, req, in.id(), in.Body.Text, files))
}

func (c *calls) returnSlip(ctx context.Context, in *struct {
	SlipPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
		Days   int    `json:"days" minimum:"1" maximum:"90" doc:"Working days in which another answer is waited for"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "return-slip", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ReturnSlip(ctx, req, in.id(), in.Body.Reason, in.Body.Days))
}

func (c *calls) raiseSlip(ctx context.Context, in *struct {
	SlipPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "raise-slip", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.RaiseSlip(ctx, req, in.id(), in.Body.Reason))
}

func (c *calls) closeSlip(ctx context.Context, in *struct {
	SlipPath
	Body struct {
		Outcome plan.SlipOutcome `json:"outcome" doc:"done or cancelled"`
		Reason  string           `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "close-slip", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.CloseSlip(ctx, req, in.id(), in.Body.Outcome, in.Body.Reason))
}
