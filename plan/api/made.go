package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web/api"
)

// made are the calls that change a list in the making as a whole, and issue it.
func (c *calls) made() {
	api.Register(c.api, post("set-making", "/makings/{id}/head", "Change its title, key, year and circle",
		map[string]any{"title": exampleMaking.Title, "year": 2023, "circle": "suitong", "key": "suitong-2023"}, done{true}), region.PlanDraft, c.setMaking)
	api.Register(c.api, post("move-making-row", "/makings/{id}/rows/{row}/move", "Move a row up or down (移动)",
		map[string]any{"by": -1}, done{true}), region.PlanDraft, c.moveMakingRow)
	api.Register(c.api, post("drop-making-row", "/makings/{id}/rows/{row}/drop", "Take a row out (删除)", nil, done{true}), region.PlanDraft, c.dropMakingRow)
	issue := post("issue-making", "/makings/{id}/issue", "Issue the list (印发清单)",
		map[string]any{"number": "遂发改〔2023〕3号", "issued": "2023-01-12", "cycle": "month", "cutoff": 25},
		plan.Imported{Plan: "510900:suitong-2023", New: 24, Linked: 3, Units: 2, Links: []plan.LinkedRow{{Listing: "l-4c1d", Item: "i-77aa"}}})
	issue.Description = "With every proposal of its preview, as import-list: unknown units are the ones they come near to or become new ones, likely twins are linked. " +
		"On the page each of them can be decided beforehand. Refused while a comment of a consultation has no decision."
	api.Register(c.api, issue, region.PlanDraft, c.issueMaking)
}

// MakingRowPath names a row of a list in the making.
type MakingRowPath struct {
	MakingPath
	Row int `path:"row" doc:"Its number, which stays" example:"1"`
}

func (c *calls) setMaking(ctx context.Context, in *struct {
	MakingPath
	Body struct {
		Title  string `json:"title" minLength:"1"`
		Year   int    `json:"year"`
		Circle string `json:"circle,omitempty" doc:"Empty: the member's own list"`
		Key    string `json:"key,omitempty" doc:"Key that the list will have"`
	}
},
) (*api.Answer[done], error) {
	b := in.Body
	return isDone(c.desk.SetMaking(ctx, plan.Making{ID: in.ID, Title: b.Title, Year: b.Year, Circle: b.Circle, Plan: b.Key}))
}

func (c *calls) moveMakingRow(ctx context.Context, in *struct {
	MakingRowPath
	Body struct {
		By int `json:"by" enum:"-1,1" doc:"-1: up, 1: down"`
	}
},
) (*api.Answer[done], error) {
	return isDone(c.desk.MoveMakingRow(ctx, in.ID, in.Row, in.Body.By))
}

func (c *calls) dropMakingRow(ctx context.Context, in *MakingRowPath) (*api.Answer[done], error) {
	return isDone(c.desk.DropMakingRow(ctx, in.ID, in.Row))
}

func (c *calls) issueMaking(ctx context.Context, in *struct {
	MakingPath
	Body struct {
		Key    string      `json:"key,omitempty" doc:"Empty: as the making has it" example:"suitong-2023"`
		Number string      `json:"number,omitempty" doc:"发文字号"`
		Issued judge.Date  `json:"issued" doc:"Day of issue" example:"2023-01-12"`
		Cycle  judge.Cycle `json:"cycle" doc:"How often reports are due" example:"month"`
		Cutoff int         `json:"cutoff" minimum:"1" maximum:"31" doc:"Day of a period's last month by which reports are due"`
	}
},
) (*api.Answer[plan.Imported], error) {
	req, err := request(ctx, "issue-making", in)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if _, err := judge.ParseDate(string(b.Issued)); err != nil {
		return nil, refuse.New("plan.day", "day", string(b.Issued)).At("issued")
	}
	done, err := c.desk.IssueMaking(ctx, req, in.ID, plan.IssueOptions{
		Plan: b.Key, Number: b.Number, Issued: b.Issued, Cycle: b.Cycle, Rhythm: judge.Rhythm{CutoffDay: b.Cutoff},
	})
	return &api.Answer[plan.Imported]{Body: done}, absent(err)
}
