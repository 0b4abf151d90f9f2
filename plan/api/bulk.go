package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web/api"
)

// bulk are the calls that take many rows at once. Each row ends where a call on it alone ends.
func (c *calls) bulk() {
	report := map[string]any{"item": "i-77aa", "period": "2022-06", "claim": "on-time", "progress": exampleSaid.Progress, "figures": exampleSaid.Figures}
	api.Register(c.api, many("report-many", "/bulk/reports", "File many reports as the lead unit (批量填报)",
		map[string]any{"reports": []any{report}}, exampleMany(exampleWritten)), region.ReportFile, c.reportMany)
	api.Register(c.api, many("review-many", "/bulk/reviews", "Accept or return many filings (批量采用, 退回)",
		map[string]any{"reviews": []any{
			map[string]any{"item": "i-77aa", "period": "2022-06", "seen": 88, "accept": true},
			map[string]any{"item": "i-81c0", "period": "2022-06", "seen": 90, "reason": "请补充本月完成投资额。"},
		}}, exampleMany(exampleWritten)), region.ReportReview, c.reviewMany)
	slip := map[string]any{"item": "i-77aa", "org": "o-2", "ground": "late", "matter": "遂渝高速公路扩容", "demand": "说明原因"}
	api.Register(c.api, many("issue-slips", "/bulk/slips", "Issue many slips (批量印发督办单)",
		map[string]any{"slips": []any{slip}}, exampleMany(issuedSlip{"s-4c1d"})), region.PlanSlip, c.issueSlips)
}

// many describes a call on many rows.
func many(id, path, summary string, in, out any) huma.Operation {
	op := post(id, path, summary, in, out)
	op.MaxBodyBytes = api.MostManyBytes
	op.Description = "All rows stand, or none: where some are wrong the call is refused with api.rows-refused, and rows of the problem " +
		"says for each of them its index, the code and the fields. With partial=true the good ones are taken, each as a request of its own. At most 500 rows and 8 MiB."
	return op
}

func exampleMany[T any](answer T) api.Many[T] {
	return api.Many[T]{Done: 1, Rows: []api.Did[T]{{Index: 0, Answer: &answer}}}
}

// SaidOf is a report with the item that it is of.
type SaidOf struct {
	Item string `json:"item" doc:"Id of the item" example:"i-77aa"`
	Said
}

func (c *calls) reportMany(ctx context.Context, in *struct {
	api.Partial
	Body struct {
		Reports []SaidOf `json:"reports" minItems:"1" maxItems:"500"`
	}
},
) (*api.Answer[api.Many[Written]], error) {
	rows := make([]api.Row[Written], len(in.Body.Reports))
	for i, said := range in.Body.Reports {
		facts, words, err := c.read(ctx, &inSaid{ItemPath{said.Item}, said.Said})
		rows[i] = api.Row[Written]{Print: said, Err: err, Do: func(ctx context.Context, req node.Request) (Written, error) {
			r, err := c.desk.FileSeen(ctx, req, facts, words, said.newest())
			return writtenOf(r), err
		}}
	}
	return api.Each(ctx, c.desk.Node(), "report-many", in.Partial.Partial, rows, func(err error) error { return absent(asked(err)) })
}

// Review is an answer to a filing.
type Review struct {
	Item   string       `json:"item" doc:"Id of the item" example:"i-77aa"`
	Period judge.Period `json:"period" example:"2022-06"`
	Seen
	Accept  bool   `json:"accept,omitempty" doc:"false: it is returned, and needs a reason"`
	Confirm bool   `json:"confirm,omitempty" doc:"With accept: a claim of done is true (销号)"`
	Reason  string `json:"reason,omitempty" doc:"Why it is returned"`
}

func (c *calls) reviewMany(ctx context.Context, in *struct {
	api.Partial
	Body struct {
		Reviews []Review `json:"reviews" minItems:"1" maxItems:"500"`
	}
},
) (*api.Answer[api.Many[Written]], error) {
	rows := make([]api.Row[Written], len(in.Body.Reviews))
	for i, said := range in.Body.Reviews {
		rows[i] = api.Row[Written]{Print: said, Do: func(ctx context.Context, req node.Request) (Written, error) { return c.review(ctx, req, said) }}
		if said.Accept == (said.Reason != "") {
			rows[i].Err = refuse.New("api.review-either").At("reason")
		}
	}
	return api.Each(ctx, c.desk.Node(), "review-many", in.Partial.Partial, rows, absent)
}

func (c *calls) review(ctx context.Context, req node.Request, said Review) (Written, error) {
	if said.Accept {
		r, err := c.desk.AcceptSeen(ctx, req, said.Item, said.Period, said.index(), said.Confirm)
		return writtenOf(r), err
	}
	return writtenOf(node.Receipt{}), c.desk.ReturnSeen(ctx, req, said.Item, said.Period, said.index(), said.Reason)
}

func (c *calls) issueSlips(ctx context.Context, in *struct {
	api.Partial
	Body struct {
		Slips []inSlip `json:"slips" minItems:"1" maxItems:"500"`
	}
},
) (*api.Answer[api.Many[issuedSlip]], error) {
	rows := make([]api.Row[issuedSlip], len(in.Body.Slips))
	for i, said := range in.Body.Slips {
		rows[i] = api.Row[issuedSlip]{Print: said, Do: func(ctx context.Context, req node.Request) (issuedSlip, error) {
			id, err := c.desk.IssueSlip(ctx, req, said.slip())
			return issuedSlip{id}, err
		}}
	}
	return api.Each(ctx, c.desk.Node(), "issue-slips", in.Partial.Partial, rows, absent)
}
