package api

import (
	"context"
	"slices"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/api"
)

var exampleInstruction = plan.Instruction{
	ID: "w-9d3a", Year: 2022, Number: 3, Source: plan.InstructionOwn, Leader: "p-lingdao", Item: "i-77aa@510900", ItemTitle: "遂渝高速公路扩容",
	Day: "2022-06-20", Due: "2022-06-27", Words: plan.InstructionWords{Text: "请抓紧征地，一周内报结果", Leader: "演示市长", Files: []plan.FileRef{}},
	Units: []plan.InstructionUnit{{Org: "o-2", Name: "市交通运输局", Due: "2022-06-27", State: plan.InstructionIsNew}}, State: plan.InstructionIsNew,
	Book: "510900/self", Index: 830, Story: []plan.InstructionEvent{},
}

// instructions are the calls of what leaders say (批示).
func (c *calls) instructions() {
	api.Register(c.api, get("instructions", "/instructions", "Leaders' words (批示) that the caller may read, the open ones first", []plan.Instruction{exampleInstruction}), region.InstructRead, c.allInstructions)
	api.Register(c.api, get("instruction", "/instructions/{id}", "One leader's word with its story", exampleInstruction), region.InstructRead, c.instruction)
	api.Register(c.api, get("needs-word", "/glance", "The leader's screen: how the work went, what needs his word, what came back (一览)", plan.LeaderPage{
		AsOf: "2022-07-01", Course: []plan.CoursePoint{{Month: "2022-06", Day: "2022-06-30", Done: 12, Late: 3}}, Late: 1,
		Needs: []plan.WordNeeded{{Item: "i-77aa@510900", Title: "遂渝高速公路扩容", Units: []plan.ItemUnit{{Org: "o-2@510900", Name: "市交通运输局"}}, Since: "2022-07-01"}},
		Words: []plan.Instruction{exampleInstruction},
	}), region.LeaderRead, c.glance)
	api.Register(c.api, post("give-instruction", "/instructions", "Give one's own word as a leader, or enter one from paper with its scan (批示)",
		map[string]any{"item": "i-77aa", "orgs": []string{"o-2"}, "due": "2022-06-27", "text": "请抓紧征地，一周内报结果"}, givenInstruction{"w-9d3a"}), region.PlanInstruct, c.giveInstruction)
	api.Register(c.api, post("sign-instruction", "/instructions/{id}/sign", "Sign for a leader's word (签收)", map[string]any{}, done{true}), region.InstructAnswer, c.signInstruction)
	api.Register(c.api, post("answer-instruction", "/instructions/{id}/answer", "Answer a leader's word (回复)", map[string]any{"text": "征地完成九成"}, done{true}), region.InstructAnswer, c.answerInstruction)
	api.Register(c.api, post("return-instruction", "/instructions/{id}/return", "Return a unit's answer (退回重办)",
		map[string]any{"org": "o-2", "reason": "还差一成", "due": "2022-06-30"}, done{true}), region.PlanInstruct, c.returnInstruction)
	api.Register(c.api, post("close-instruction", "/instructions/{id}/close", "Close a leader's word, or cancel one entered by mistake (办结, 撤销)",
		map[string]any{"outcome": "done", "reason": "已办结"}, done{true}), region.PlanInstruct, c.closeInstruction)
	for _, s := range []struct {
		id, path, of string
		get          func(context.Context, *submissionIn) (*api.File, error)
	}{
		{"item-submission", "/items/{id}/submission", "an item", func(ctx context.Context, in *submissionIn) (*api.File, error) {
			return c.submission(ctx, plan.SubmissionQuery{Item: in.ID, To: in.To})
		}},
		{"list-submission", "/plans/{id}/submission", "a list", func(ctx context.Context, in *submissionIn) (*api.File, error) {
			return c.submission(ctx, plan.SubmissionQuery{Plan: in.ID, To: in.To})
		}},
	} {
		op := get(s.id, s.path, "The one page about "+s.of+" that is laid before a leader, as docx (呈阅件)", nil)
		op.Responses = api.Binary(letter.DocxType)
		api.Register(c.api, op, region.LeaderRead, s.get)
	}
}

// InstructionPath names a leader's word in an address.
type InstructionPath struct {
	ID string `path:"id" doc:"Id of the word" example:"w-9d3a"`
}

type givenInstruction struct {
	Instruction string `json:"instruction"`
}

type submissionIn struct {
	ID string `path:"id" doc:"Id of the item, or key of the list"`
	To string `query:"to" doc:"Whom it is laid before; empty: left to be written in by hand"`
}

func (c *calls) allInstructions(ctx context.Context, in *struct {
	Open bool   `query:"open" doc:"Only those that are not closed"`
	Item string `query:"item" doc:"Only those about an item"`
	Plan string `query:"plan" doc:"Only those about a list: its key"`
},
) (*api.Answer[[]plan.Instruction], error) {
	all, err := c.desk.Instructions(ctx, plan.InstructionQuery{Open: in.Open, Item: in.Item, Plan: in.Plan}, viewer(ctx))
	if all == nil {
		all = []plan.Instruction{}
	}
	return &api.Answer[[]plan.Instruction]{Body: all}, err
}

func (c *calls) instruction(ctx context.Context, in *InstructionPath) (*api.Answer[plan.Instruction], error) {
	i, err := c.desk.Instruction(ctx, in.ID, viewer(ctx))
	return &api.Answer[plan.Instruction]{Body: i}, absent(err)
}

func (c *calls) glance(ctx context.Context, _ *struct{}) (*api.Answer[plan.LeaderPage], error) {
	p, err := c.desk.Leader(ctx, web.ActorOf(ctx))
	if p.Needs == nil {
		p.Needs = []plan.WordNeeded{}
	}
	if p.Words == nil {
		p.Words = []plan.Instruction{}
	}
	return &api.Answer[plan.LeaderPage]{Body: p}, err
}

// sentFiles finds the files that a body names: what the caller sent before, each.
func (c *calls) sentFiles(ctx context.Context, names []string) ([]plan.FileRef, error) {
	files, err := c.desk.Uploaded(ctx, web.ActorOf(ctx).Person, names)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !slices.ContainsFunc(files, func(f plan.FileRef) bool { return f.Blob == name }) {
			return nil, refuse.New("plan.file-gone", "name", name).At("files")
		}
	}
	return files, nil
}

func (c *calls) giveInstruction(ctx context.Context, in *struct {
	Body struct {
		Item   string     `json:"item,omitempty" doc:"The item it is about"`
		Plan   string     `json:"plan,omitempty" doc:"Or key of the list it is about"`
		Orgs   []string   `json:"orgs" minItems:"1" doc:"The units that sign for it and answer"`
		Day    judge.Date `json:"day,omitempty" doc:"Of one from paper: when the leader gave it; empty: today"`
		Due    judge.Date `json:"due" doc:"By which it is to be answered"`
		Text   string     `json:"text" minLength:"1"`
		Leader string     `json:"leader,omitempty" doc:"Name and office under the word; a leader's own may leave it out"`
		By     string     `json:"by,omitempty" doc:"Of one from paper: id of the leader, if he has a seat here"`
		Files  []string   `json:"files,omitempty" doc:"Names of files sent before; one from paper needs its scan"`
	}
},
) (*api.Answer[givenInstruction], error) {
	req, err := request(ctx, "give-instruction", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	files, err := c.sentFiles(ctx, b.Files)
	if err != nil {
		return nil, err
	}
	id, err := c.desk.GiveInstruction(ctx, req, plan.NewInstruction{
		Item: b.Item, Plan: b.Plan, Orgs: b.Orgs, Day: b.Day, Due: b.Due, By: b.By,
		Words: plan.InstructionWords{Text: b.Text, Leader: b.Leader, Files: files},
	})
	return &api.Answer[givenInstruction]{Body: givenInstruction{id}}, err
}

func (c *calls) signInstruction(ctx context.Context, in *InstructionPath) (*api.Answer[done], error) {
	req, err := request(ctx, "sign-instruction", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.SignInstruction(ctx, req, in.ID))
}

func (c *calls) answerInstruction(ctx context.Context, in *struct {
	InstructionPath
	Body struct {
		Text  string   `json:"text" minLength:"1"`
		Files []string `json:"files,omitempty" doc:"Names of files sent before"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "answer-instruction", in)
	if err != nil {
		return nil, err
	}
	files, err := c.sentFiles(ctx, in.Body.Files)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.AnswerInstruction(ctx, req, in.ID, in.Body.Text, files))
}

func (c *calls) returnInstruction(ctx context.Context, in *struct {
	InstructionPath
	Body struct {
		Org    string     `json:"org" doc:"The unit whose answer does not do"`
		Reason string     `json:"reason" minLength:"1"`
		Due    judge.Date `json:"due" doc:"By which another is waited for"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "return-instruction", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ReturnInstruction(ctx, req, in.ID, in.Body.Org, in.Body.Reason, in.Body.Due))
}

func (c *calls) closeInstruction(ctx context.Context, in *struct {
	InstructionPath
	Body struct {
		Outcome plan.InstructionOutcome `json:"outcome" doc:"done or cancelled"`
		Reason  string                  `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "close-instruction", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.CloseInstruction(ctx, req, in.ID, in.Body.Outcome, in.Body.Reason))
}

func (c *calls) submission(ctx context.Context, q plan.SubmissionQuery) (*api.File, error) {
	s, err := c.desk.Submission(ctx, q, viewer(ctx))
	if err != nil {
		return nil, absent(err)
	}
	s.Demo = c.api.Demo()
	content, err := s.Docx()
	return api.FileOf(s.FileName(), letter.DocxType, content), err
}
