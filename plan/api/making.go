package api

import (
	"context"
	"strconv"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
)

var exampleMaking = plan.Making{ID: "m-4c1d", Title: "遂潼一体化2023年重点任务", Plan: "suitong-2023", Year: 2023, Circle: "suitong", Count: 1, Rows: []plan.MakingRow{
	{Row: 1, Order: 1, Version: 1, Words: plan.ListingWords{Number: "1", Title: "建成遂渝高速公路扩容遂宁段", Lead: []string{"市交通运输局"}, Deadline: "9月底前"}},
}}

var exampleConsultation = plan.Consultation{
	ID: "c-4c1d@510900", Title: "遂潼一体化2023年重点任务", Year: 2023, Due: "2022-12-27", Day: "2022-12-20", By: "遂宁市", Ours: true, Circle: "suitong", Undecided: 1,
	Asked: []plan.ConsultationAsked{{Asked: "o-2", Name: "市交通运输局", Day: "2022-12-22", Texts: 1}},
	Rows: []plan.ConsultationLine{{Row: 1, Order: 1, Words: plan.ListingWords{Title: "建成遂渝高速公路扩容遂宁段", Deadline: "6月底前"}, Comments: []plan.RowComment{
		{From: "市交通运输局", Asked: "o-2", Row: 1, Text: "建议改为9月底前", Day: "2022-12-22", Book: "510900/self", Index: 900},
	}}},
	Whole: []plan.RowComment{},
}

// making are the calls on which a list is made (清单编制) and sent for comment (征求意见).
func (c *calls) making() {
	api.Register(c.api, get("makings", "/makings", "Lists in the making (编制中的清单), without their rows", []plan.Making{exampleMaking}), region.PlanDraft, c.makings)
	api.Register(c.api, get("making", "/makings/{id}", "A list in the making with its rows", exampleMaking), region.PlanDraft, c.oneMaking)
	api.Register(c.api, post("begin-making", "/makings", "Begin a list with rows, or with those of another list (制定清单)",
		map[string]any{"title": "遂潼一体化2023年重点任务", "year": 2023, "circle": "suitong", "plan": "suitong-2022", "unfinished": true}, exampleMaking), region.PlanDraft, c.beginMaking)
	api.Register(c.api, post("set-making-row", "/makings/{id}/rows", "Add a row, or change one in the version known",
		map[string]any{"row": 1, "version": 1, "words": exampleMaking.Rows[0].Words}, madeRow{1}), region.PlanDraft, c.setMakingRow)
	api.Register(c.api, post("drop-making", "/makings/{id}/drop", "Give a list in the making up (作废)", map[string]any{}, done{true}), region.PlanDraft, c.dropMaking)
	api.Register(c.api, post("consult", "/makings/{id}/consult", "Send it for comment as it stands (征求意见)",
		map[string]any{"orgs": []string{"o-2"}, "members": []string{"500152"}, "due": "2022-12-27"}, sentDraft{"c-4c1d"}), region.PlanDraft, c.consult)
	api.Register(c.api, get("consultations", "/consultations", "Draft lists sent for comment (征求意见稿) that the caller may see, the open ones first", []plan.Consultation{exampleConsultation}),
		region.PlanDraftRead, c.consultations)
	api.Register(c.api, get("consultation", "/consultations/{id}", "One draft list with its rows and comments", exampleConsultation), region.PlanDraftRead, c.consultation)
	api.Register(c.api, post("widen-consultation", "/consultations/{id}/recipients", "Ask more units and neighbours about an open draft list, as it was sent (增加征求意见的单位)",
		map[string]any{"orgs": []string{"o-3"}, "members": []string{"500152"}}, done{true}), region.PlanDraft, c.widenConsultation)
	api.Register(c.api, post("comment", "/consultations/{id}/comment", "Comment for the caller's unit, or for this member on a neighbour's draft; no texts: no comments (反馈意见, 无意见)",
		map[string]any{"texts": map[string]string{"0": "建议按季度调度", "1": "建议改为9月底前"}}, done{true}), region.PlanComment, c.comment)
	api.Register(c.api, post("decide-comment", "/consultations/{id}/decide", "Decide what becomes of a comment (意见采纳)",
		map[string]any{"book": "510900/self", "index": 900, "row": 1, "decision": "adopted"}, done{true}), region.PlanDraft, c.decideComment)
	api.Register(c.api, post("withdraw-consultation", "/consultations/{id}/withdraw", "Withdraw a consultation (撤回征求意见)", map[string]any{"reason": "会议改期"}, done{true}),
		region.PlanDraft, c.withdrawConsultation)
}

// MakingPath names a list in the making in an address.
type MakingPath struct {
	ID string `path:"id" doc:"Id of the list in the making" example:"m-4c1d"`
}

// ConsultationPath names a consultation in an address.
type ConsultationPath struct {
	ID string `path:"id" doc:"Id of the consultation; without a member it is one of ours" example:"c-4c1d"`
}

type madeRow struct {
	Row int `json:"row"`
}

type sentDraft struct {
	Consultation string `json:"consultation"`
}

func (c *calls) makings(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.Making], error) {
	all, err := c.desk.Makings(ctx)
	if all == nil {
		all = []plan.Making{}
	}
	for i := range all {
		all[i].Rows = []plan.MakingRow{}
	}
	return &api.Answer[[]plan.Making]{Body: all}, err
}

func (c *calls) oneMaking(ctx context.Context, in *MakingPath) (*api.Answer[plan.Making], error) {
	m, err := c.desk.Making(ctx, in.ID)
	if m.Rows == nil {
		m.Rows = []plan.MakingRow{}
	}
	return &api.Answer[plan.Making]{Body: m}, absent(err)
}

func (c *calls) beginMaking(ctx context.Context, in *struct {
	Body struct {
		Title      string              `json:"title" minLength:"1"`
		Year       int                 `json:"year"`
		Circle     string              `json:"circle,omitempty" doc:"Empty: the member's own list"`
		Key        string              `json:"key,omitempty" doc:"Key that the list will have"`
		Rows       []plan.ListingWords `json:"rows,omitempty"`
		Plan       string              `json:"plan,omitempty" doc:"A list whose rows it begins with instead"`
		Unfinished bool                `json:"unfinished,omitempty" doc:"Of these only those whose work is not done"`
	}
},
) (*api.Answer[plan.Making], error) {
	b, rows := in.Body, in.Body.Rows
	if b.Plan != "" {
		_, read, err := c.desk.RowsOfPlan(ctx, b.Plan, b.Unfinished)
		if err != nil {
			return nil, absent(err)
		}
		rows = read
	}
	id, err := c.desk.NewMaking(ctx, plan.Making{Title: b.Title, Year: b.Year, Circle: b.Circle, Plan: b.Key}, rows)
	if err != nil {
		return nil, err
	}
	return c.oneMaking(ctx, &MakingPath{id})
}

func (c *calls) setMakingRow(ctx context.Context, in *struct {
	MakingPath
	Body struct {
		Row     int               `json:"row,omitempty" doc:"0: a new one at the end"`
		Version int64             `json:"version,omitempty" doc:"That the caller knows"`
		Words   plan.ListingWords `json:"words"`
	}
},
) (*api.Answer[madeRow], error) {
	row, err := c.desk.SetMakingRow(ctx, in.ID, in.Body.Row, in.Body.Version, in.Body.Words)
	return &api.Answer[madeRow]{Body: madeRow{row}}, absent(err)
}

func (c *calls) dropMaking(ctx context.Context, in *MakingPath) (*api.Answer[done], error) {
	return isDone(absent(c.desk.DropMaking(ctx, in.ID)))
}

func (c *calls) consult(ctx context.Context, in *struct {
	MakingPath
	Body struct {
		Orgs    []string   `json:"orgs,omitempty" doc:"Units of this member"`
		Members []string   `json:"members,omitempty" doc:"Neighbours of the list's circle: GB/T 2260 codes"`
		Due     judge.Date `json:"due" doc:"Day by which comments are asked for"`
		Note    string     `json:"note,omitempty"`
	}
},
) (*api.Answer[sentDraft], error) {
	req, err := request(ctx, "consult", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	id, err := c.desk.Consult(ctx, req, in.ID, plan.NewConsultation{Orgs: b.Orgs, Members: b.Members, Due: b.Due, Note: b.Note})
	return &api.Answer[sentDraft]{Body: sentDraft{id}}, absent(err)
}

func (c *calls) widenConsultation(ctx context.Context, in *struct {
	ConsultationPath
	Body struct {
		Orgs    []string `json:"orgs,omitempty" doc:"Units of this member"`
		Members []string `json:"members,omitempty" doc:"Neighbours of the list's circle: GB/T 2260 codes"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "widen-consultation", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.Widen(ctx, req, in.ID, in.Body.Orgs, in.Body.Members))
}

func (c *calls) consultations(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.Consultation], error) {
	all, err := c.desk.Consultations(ctx, plan.ViewerOf(web.ActorOf(ctx)))
	out := make([]plan.Consultation, 0, len(all))
	for _, one := range all {
		out = append(out, filledOut(one))
	}
	return &api.Answer[[]plan.Consultation]{Body: out}, err
}

func (c *calls) consultation(ctx context.Context, in *ConsultationPath) (*api.Answer[plan.Consultation], error) {
	one, err := c.desk.Consultation(ctx, in.ID, plan.ViewerOf(web.ActorOf(ctx)))
	if err != nil {
		return nil, absent(err)
	}
	return &api.Answer[plan.Consultation]{Body: filledOut(one)}, nil
}

func (c *calls) comment(ctx context.Context, in *struct {
	ConsultationPath
	Body struct {
		Texts map[string]string `json:"texts,omitempty" doc:"By row; 0 is the list as a whole; none: no comments"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "comment", in)
	if err != nil {
		return nil, err
	}
	texts := map[int]string{}
	for name, text := range in.Body.Texts {
		row, err := strconv.Atoi(name)
		if err != nil {
			return nil, refuse.New("plan.comment-rows").At("texts")
		}
		texts[row] = text
	}
	return isDone(absent(c.desk.Comment(ctx, req, in.ID, texts)))
}

func (c *calls) decideComment(ctx context.Context, in *struct {
	ConsultationPath
	Body struct {
		Book     string        `json:"book" doc:"Of the comment"`
		Index    int64         `json:"index" doc:"Of the comment"`
		Row      int           `json:"row" doc:"0: the list as a whole"`
		Was      plan.Decision `json:"was,omitempty" doc:"As it was decided before; left out: not yet. Refused if a colleague has decided otherwise"`
		Decision plan.Decision `json:"decision" doc:"adopted, partly or declined"`
		Reason   string        `json:"reason,omitempty" doc:"Needed unless it is adopted"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "decide-comment", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return isDone(absent(c.desk.DecideComment(ctx, req, in.ID, b.Book, b.Index,
		plan.RowDecision{Row: b.Row, Was: b.Was, Decision: b.Decision, Reason: b.Reason})))
}

func (c *calls) withdrawConsultation(ctx context.Context, in *struct {
	ConsultationPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "withdraw-consultation", in)
	if err != nil {
		return nil, err
	}
	return isDone(absent(c.desk.WithdrawConsultation(ctx, req, in.ID, in.Body.Reason)))
}

// filledOut has empty lists where there is nothing: callers count them.
func filledOut(one *plan.Consultation) plan.Consultation {
	c := *one
	c.Rows, c.Whole, c.Asked = append([]plan.ConsultationLine{}, c.Rows...), append([]plan.RowComment{}, c.Whole...), append([]plan.ConsultationAsked{}, c.Asked...)
	for i := range c.Rows {
		c.Rows[i].Comments = append([]plan.RowComment{}, c.Rows[i].Comments...)
	}
	return c
}
