package api

import (
	"context"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// FilingPath names the report of an item for a period.
type FilingPath struct {
	ItemPath
	Period string `path:"period" doc:"Period of the filing" example:"2022-06"`
}

func (c *calls) reviews() {
	queue := plan.Queue{Total: 1, Rows: []plan.QueueRow{{
		Item: "i-77aa", Title: "加快遂潼快捷通道建设", Period: "2022-06", Index: 88, Org: "o-4f", Name: "市交通运输局", Claim: judge.OnTime, Day: "2022-06-20", Progress: "完成路基工程的90%。",
	}}}
	api.Register(c.api, get("queue", "/queue", "Filings that nobody answered yet, oldest first", queue), region.ReportReview, c.queue)
	api.Register(c.api, post("accept", "/items/{item}/reports/{period}/accept", "Accept the newest filing into every circle's book (采用)",
		map[string]any{"seen": 88, "confirm": false}, exampleWritten), region.ReportReview, c.accept)
	api.Register(c.api, post("return", "/items/{item}/reports/{period}/return", "Return the newest filing with a reason (退回)",
		map[string]any{"seen": 88, "reason": "请补充本月完成投资额。"}, done{true}), region.ReportReview, c.giveBack)
}

func (c *calls) queue(ctx context.Context, in *struct {
	After string `query:"after" doc:"Value of next from the page before; empty for the first page"`
},
) (*api.Answer[plan.Queue], error) {
	q, err := c.desk.Queue(ctx, web.ActorOf(ctx), in.After)
	if q.Rows == nil {
		q.Rows = []plan.QueueRow{}
	}
	return &api.Answer[plan.Queue]{Body: q}, err
}

// Seen is which filing was read: one that came after it is not answered unread.
type Seen struct {
	Index *int64 `json:"seen,omitempty" doc:"Index of the filing that was read; without it the newest is answered, read or not"`
}

func (s Seen) index() int64 {
	if s.Index == nil {
		return plan.AnyFiling
	}
	return *s.Index
}

func (c *calls) accept(ctx context.Context, in *struct {
	FilingPath
	Body struct {
		Seen
		Confirm bool `json:"confirm,omitempty" doc:"A claim of done is true (销号)"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "accept", in)
	if err != nil {
		return nil, err
	}
	receipt, err := c.desk.AcceptSeen(ctx, req, in.Item, judge.Period(in.Period), in.Body.index(), in.Body.Confirm)
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}

func (c *calls) giveBack(ctx context.Context, in *struct {
	FilingPath
	Body struct {
		Seen
		Reason string `json:"reason" minLength:"1"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "return", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ReturnSeen(ctx, req, in.Item, judge.Period(in.Period), in.Body.index(), in.Body.Reason))
}
