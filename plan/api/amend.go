package api

import (
	"context"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

var exampleAsked = plan.AskedAmendment{
	ID: "a-4c1d", Listing: "l-77aa@510900", Item: "i-77aa@510900", Plan: "510900:suitong-2022", List: "遂潼工作计划", Row: plan.ListingWords{Number: "1", Title: "新建遂潼大道遂宁段"},
	Org: "o-2", Unit: "市交通运输局", Words: plan.ChangeWords{Deadline: "9月底前", Reason: "征地未完成"}, WasDeadline: "6月底前", Day: "2022-05-20", Index: 900,
}

// amendments are the calls on which issued lists are amended (清单调整).
func (c *calls) amendments() {
	api.Register(c.api, get("amendments", "/amendments", "Applications for an amendment (调整申请) without an answer; of a unit its own", []plan.AskedAmendment{exampleAsked}), region.PlanRead, c.waitingAmendments)
	api.Register(c.api, get("listing-amendments", "/listings/{listing}/amendments", "What was amended of a row and why, and what is applied for", rowAmendments{
		Amended: []plan.Amended{{Day: "2022-05-20", Words: plan.AmendedWords{WasDeadline: "6月底前", Deadline: "9月底前", Reason: "征地未完成"}, Book: "510900/suitong", Index: 41}},
		Asked:   []plan.AskedAmendment{exampleAsked},
	}), region.PlanRead, c.rowAmendments)
	api.Register(c.api, post("amend-listing", "/listings/{listing}/amend", "Give a row another deadline or target (调整)",
		map[string]any{"deadline": "9月底前", "reason": "联席会议议定"}, done{true}), region.PlanImport, c.amendListing)
	api.Register(c.api, post("apply-amendment", "/listings/{listing}/apply", "Ask for another deadline or target of a row that the caller's unit leads (申请调整)",
		map[string]any{"deadline": "9月底前", "reason": "征地未完成"}, appliedFor{"a-4c1d"}), region.PlanAmend, c.applyAmendment)
	api.Register(c.api, post("answer-amendment", "/amendments/{id}/answer", "Answer an application; with a yes the row is amended (审批)",
		map[string]any{"accepted": true}, done{true}), region.PlanImport, c.answerAmendment)
}

type appliedFor struct {
	Amendment string `json:"amendment"`
}

type rowAmendments struct {
	Amended []plan.Amended        `json:"amended" doc:"Newest first"`
	Asked   []plan.AskedAmendment `json:"asked" doc:"That the caller may see; without an answer first"`
}

type amendmentBody struct {
	Deadline string `json:"deadline,omitempty" doc:"As a list words it: 9月底前; empty: it stays"`
	Target   string `json:"target,omitempty" doc:"Empty: it stays"`
	Reason   string `json:"reason" minLength:"1"`
}

func (b amendmentBody) amendment() plan.Amendment { return plan.Amendment(b) }

func (c *calls) waitingAmendments(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.AskedAmendment], error) {
	all, err := c.desk.WaitingAmendments(ctx, plan.ViewerOf(web.ActorOf(ctx)))
	if all == nil {
		all = []plan.AskedAmendment{}
	}
	return &api.Answer[[]plan.AskedAmendment]{Body: all}, err
}

func (c *calls) rowAmendments(ctx context.Context, in *ListingPath) (*api.Answer[rowAmendments], error) {
	p, err := c.desk.Amendments(ctx, in.Listing, plan.ViewerOf(web.ActorOf(ctx)))
	out := rowAmendments{append([]plan.Amended{}, p.Amended...), append([]plan.AskedAmendment{}, p.Asked...)}
	return &api.Answer[rowAmendments]{Body: out}, absent(err)
}

func (c *calls) amendListing(ctx context.Context, in *struct {
	ListingPath
	Body amendmentBody
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "amend-listing", in)
	if err != nil {
		return nil, err
	}
	return isDone(absent(c.desk.AmendListing(ctx, req, in.Listing, in.Body.amendment())))
}

func (c *calls) applyAmendment(ctx context.Context, in *struct {
	ListingPath
	Body amendmentBody
},
) (*api.Answer[appliedFor], error) {
	req, err := request(ctx, "apply-amendment", in)
	if err != nil {
		return nil, err
	}
	id, err := c.desk.ProposeAmendment(ctx, req, in.Listing, in.Body.amendment())
	return &api.Answer[appliedFor]{Body: appliedFor{id}}, absent(err)
}

func (c *calls) answerAmendment(ctx context.Context, in *struct {
	ID   string `path:"id" doc:"Id of the application"`
	Body struct {
		Accepted bool   `json:"accepted"`
		Reason   string `json:"reason,omitempty" doc:"Needed where it is refused"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "answer-amendment", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.AnswerAmendment(ctx, req, in.ID, in.Body.Accepted, in.Body.Reason))
}
