package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// Asked is a row of a neighbour's list that asks this member, with the answer as far as there is one.
type Asked struct {
	Listing  string            `json:"listing" example:"l-4c1d@500152"`
	Plan     string            `json:"plan" example:"500152:suitong-2022"`
	Title    string            `json:"title" doc:"Of the list"`
	Circle   string            `json:"circle" example:"suitong"`
	Member   string            `json:"member" doc:"Name of the neighbour that asks"`
	Wording  plan.ListingWords `json:"wording" doc:"The row, in the list's words; empty when they were erased"`
	Deadline judge.Date        `json:"deadline,omitempty"`
	Alone    bool              `json:"alone,omitempty" doc:"No unit of the neighbour does it too"`
	Answer   plan.Answer       `json:"answer,omitempty" doc:"claimed or declined; none: it waits"`
	Item     string            `json:"item,omitempty" doc:"By which it was claimed"`
	Proposed judge.Date        `json:"proposed,omitempty" doc:"Another day, with a decline"`
	Reason   string            `json:"reason,omitempty" doc:"Of a decline"`
	Proof    string            `json:"proof" doc:"Address of the page that proves the asking"`
}

// AskedRow is one row that asks, with what it may be claimed by.
type AskedRow struct {
	Asked
	Candidates []Candidate `json:"candidates" doc:"Items of this member that may be the same work, the likeliest first"`
	Units      []Unit      `json:"units" doc:"That may lead it"`
}

// Candidate is an item that may be the same work as a row.
type Candidate struct {
	Item  string   `json:"item" example:"i-77aa"`
	Title string   `json:"title"`
	Score float64  `json:"score" doc:"How near the two are, from 0 to 1"`
	Lists []string `json:"lists" doc:"Titles of the lists it stands in"`
}

var exampleAsk = Asked{
	Listing: "l-4c1d@500152", Plan: "500152:suitong-2022", Title: "潼南区重点任务清单", Circle: "suitong", Member: "潼南区",
	Wording: plan.ListingWords{Title: "疏浚涪江遂宁段", Deadline: "6月底前"}, Deadline: "2022-06-30", Proof: "/proof/suitong/14?member=500152",
}

// claims are the calls on what neighbours ask of this member (认领), and on asking them.
func (c *calls) claims() {
	api.Register(c.api, get("asked", "/asked", "What neighbours' lists ask of this member; what waits for an answer first", []Asked{exampleAsk}), region.PlanRead, c.askedOfUs)
	api.Register(c.api, get("asked-row", "/asked/{listing}", "One row that asks, with what it may be claimed by",
		AskedRow{exampleAsk, []Candidate{{"i-77aa", "涪江疏浚工程", 0.87, []string{"涪江治理清单"}}}, []Unit{{"o-4f", "市水利局"}}}), region.PlanImport, c.askedRow)
	api.Register(c.api, post("claim", "/asked/{listing}/claim", "Take on what a neighbour's row asks, by an item or by a new one (认领)",
		map[string]any{"leads": []string{"o-4f"}}, exampleWritten), region.PlanImport, c.claim)
	api.Register(c.api, post("decline", "/asked/{listing}/decline", "Decline what a neighbour's row asks, with another day or without (退回)",
		map[string]any{"reason": "汛期不能施工", "deadline": "2022-10-31"}, exampleWritten), region.PlanImport, c.decline)
	api.Register(c.api, get("refused", "/refused", "Rows of this member's lists of this year and later that neighbours declined or would do by another day", []RefusedRow{exampleRefused}),
		region.PlanRead, c.refused)
	api.Register(c.api, post("ask-again", "/listings/{listing}/ask-again", "Ask a neighbour once more that declined, by the row as it stands (再次提请)",
		map[string]any{"member": "500152"}, exampleWritten), region.PlanImport, c.askAgain)
	api.Register(c.api, post("ask-neighbours", "/plans/{plan}/ask", "Ask the neighbours whose units a list names (请邻方承担)", nil, askedNow{3}), region.PlanImport, c.askNeighbours)
}

// RefusedRow is a row of this member's that a neighbour does not do as it was asked.
type RefusedRow struct {
	Listing  string            `json:"listing"`
	Plan     string            `json:"plan"`
	Title    string            `json:"title" doc:"Of the list"`
	Wording  plan.ListingWords `json:"wording"`
	Member   string            `json:"member" doc:"Code of who answered"`
	Proposed judge.Date        `json:"proposed,omitempty" doc:"The day that it proposes instead"`
	Reason   string            `json:"reason"`
	Proof    string            `json:"proof"`
}

var exampleRefused = RefusedRow{
	Listing: "l-77aa@510900", Plan: "510900:suitong-2022", Title: "遂潼工作计划", Wording: plan.ListingWords{Title: "建设遂潼产业园", Deadline: "12月底前"},
	Member: "500152", Proposed: "2023-03-31", Reason: "本年度没有资金", Proof: "/proof/suitong/9?member=500152",
}

// AskedPath names a row that asks this member.
type AskedPath struct {
	Listing string `path:"listing" doc:"Id of the row" example:"l-4c1d@500152"`
}

type askedNow struct {
	Asked int `json:"asked" doc:"Rows that ask somebody now and did not before"`
}

func askedOf(a plan.Asked) Asked {
	return Asked{
		Listing: a.Listing, Plan: a.Plan, Title: a.PlanTitle, Circle: a.Circle, Member: a.Member, Wording: a.Words, Deadline: a.Deadline.Date,
		Alone: a.Alone, Answer: a.Answer, Item: a.Item, Proposed: a.Proposed, Reason: a.Reason, Proof: web.ProofHref(a.Book, a.Index),
	}
}

func (c *calls) askedOfUs(ctx context.Context, _ *struct{}) (*api.Answer[[]Asked], error) {
	all, err := c.desk.AskedOfUs(ctx)
	out := []Asked{}
	for _, a := range all {
		out = append(out, askedOf(a))
	}
	return &api.Answer[[]Asked]{Body: out}, err
}

func (c *calls) askedRow(ctx context.Context, in *AskedPath) (*api.Answer[AskedRow], error) {
	p, err := c.desk.AskedRow(ctx, in.Listing)
	if err != nil {
		return nil, absent(err)
	}
	out := AskedRow{Asked: askedOf(p.Asked), Candidates: []Candidate{}, Units: []Unit{}}
	for _, t := range p.Candidates {
		out.Candidates = append(out.Candidates, Candidate{t.Item, t.Title, t.Score, append([]string{}, t.Lists...)})
	}
	for _, u := range p.Units {
		out.Units = append(out.Units, Unit{u.ID, u.Name})
	}
	return &api.Answer[AskedRow]{Body: out}, nil
}

func (c *calls) claim(ctx context.Context, in *struct {
	AskedPath
	Body struct {
		Item  string   `json:"item,omitempty" doc:"An item of this member; none: a new one"`
		Leads []string `json:"leads,omitempty" doc:"Units that lead a new item"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "claim", in)
	if err != nil {
		return nil, err
	}
	receipt, err := c.desk.Claim(ctx, req, in.Listing, in.Body.Item, in.Body.Leads)
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}

func (c *calls) decline(ctx context.Context, in *struct {
	AskedPath
	Body struct {
		Reason   string     `json:"reason" minLength:"1"`
		Deadline judge.Date `json:"deadline,omitempty" doc:"The day that is proposed instead"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "decline", in)
	if err != nil {
		return nil, err
	}
	receipt, err := c.desk.Decline(ctx, req, in.Listing, in.Body.Reason, in.Body.Deadline)
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}

func (c *calls) askNeighbours(ctx context.Context, in *PlanPath) (*api.Answer[askedNow], error) {
	req, err := request(ctx, "ask-neighbours", in)
	if err != nil {
		return nil, err
	}
	n, err := c.desk.AskNeighbours(ctx, req, in.Plan)
	return &api.Answer[askedNow]{Body: askedNow{n}}, absent(err)
}

func (c *calls) refused(ctx context.Context, _ *struct{}) (*api.Answer[[]RefusedRow], error) {
	all, err := c.desk.RefusedByNeighbours(ctx)
	out := []RefusedRow{}
	for _, r := range all {
		out = append(out, RefusedRow{r.Listing, r.Plan, r.PlanTitle, r.Words, r.By, r.Proposed, r.Reason, web.ProofHref(r.Book, r.Index)})
	}
	return &api.Answer[[]RefusedRow]{Body: out}, err
}

func (c *calls) askAgain(ctx context.Context, in *struct {
	Listing string `path:"listing" doc:"Id of the row" example:"l-77aa@510900"`
	Body    struct {
		Member string `json:"member" minLength:"6" maxLength:"6" doc:"Code of the neighbour" example:"500152"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "ask-again", in)
	if err != nil {
		return nil, err
	}
	receipt, err := c.desk.AskAgain(ctx, req, in.Listing, in.Body.Member)
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}
