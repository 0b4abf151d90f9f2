package api

import (
	"context"
	"slices"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

var exampleSubmitted = plan.Submitted{
	Said: plan.Said{Index: 910, Org: "o-2", Day: "2022-06-20", Facts: plan.ReportFacts{Item: "i-77aa@510900", Period: "2022-06", Claim: judge.OnTime}, Words: plan.ReportWords{Progress: "完成路基工程的90%"}},
	Item: "i-77aa@510900", Title: "加快遂潼快捷通道建设", Person: "周禾（演示）", Waits: true,
}

// signing are the calls of what is signed inside a unit before it is filed (审签).
func (c *calls) signing() {
	api.Register(c.api, get("to-sign", "/signing", "Reports of the caller's unit that wait for a signature (待审签)", []plan.Submitted{exampleSubmitted}), region.ReportSign, c.toSign)
	api.Register(c.api, post("sign-report", "/items/{item}/reports/{period}/sign", "Sign a report of the caller's unit and file it, word for word (审签报送)",
		map[string]any{"seen": 910}, exampleWritten), region.ReportSign, c.signReport)
	api.Register(c.api, post("unsign-report", "/items/{item}/reports/{period}/unsigned", "Return a report to its drafter instead of signing it (审签退回)",
		map[string]any{"reason": "写清楚哪一段", "seen": 910}, done{true}), region.ReportSign, c.returnSubmission)
	api.Register(c.api, get("signing-setting", "/units/{org}/signing", "Whether an organisation's reports are signed before they are filed (审签设置)",
		plan.SigningFacts{Org: "o-2", On: true}), region.SigningWrite, c.signingSetting)
	api.Register(c.api, post("set-signing", "/units/{org}/signing", "Whether an organisation's reports are signed before they are filed (审签设置)",
		map[string]any{"on": true, "own": false}, done{true}), region.SigningWrite, c.setSigning)
}

// SubmissionPath names a report that waits for a signature.
type SubmissionPath struct {
	Item   string `path:"item" doc:"Id of the item" example:"i-77aa"`
	Period string `path:"period" doc:"The period" example:"2022-06"`
}

func (c *calls) toSign(ctx context.Context, _ *struct{}) (*api.Answer[[]plan.Submitted], error) {
	all, err := c.desk.ToSign(ctx, web.ActorOf(ctx))
	if all == nil {
		all = []plan.Submitted{}
	}
	return &api.Answer[[]plan.Submitted]{Body: all}, err
}

// seenOf is the submission that the caller read; whichever, where he does not say.
func seenOf(n *int64) int64 {
	if n == nil {
		return plan.AnyFiling
	}
	return *n
}

func (c *calls) signReport(ctx context.Context, in *struct {
	SubmissionPath
	Body struct {
		Seen *int64 `json:"seen,omitempty" doc:"Index of the submission that was read: another one is not signed unread"`
	}
},
) (*api.Answer[Written], error) {
	req, err := request(ctx, "sign-report", in)
	if err != nil {
		return nil, err
	}
	receipt, err := c.desk.SignReport(ctx, req, in.Item, judge.Period(in.Period), seenOf(in.Body.Seen))
	if err != nil {
		return nil, absent(err)
	}
	return written(receipt), nil
}

func (c *calls) returnSubmission(ctx context.Context, in *struct {
	SubmissionPath
	Body struct {
		Reason string `json:"reason" minLength:"1"`
		Seen   *int64 `json:"seen,omitempty" doc:"Index of the submission that was read"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "unsign-report", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.ReturnSubmission(ctx, req, in.Item, judge.Period(in.Period), seenOf(in.Body.Seen), in.Body.Reason))
}

// signingSetting is read by who may set it: the administrator, and a reviewer for his own organisation.
func (c *calls) signingSetting(ctx context.Context, in *struct {
	Org string `path:"org" doc:"Id of the organisation" example:"o-2"`
},
) (*api.Answer[plan.SigningFacts], error) {
	all, err := c.desk.SigningUnits(ctx, web.ActorOf(ctx))
	if err == nil && !slices.ContainsFunc(all, func(o region.Org) bool { return o.ID == in.Org }) {
		err = web.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	f, err := c.desk.SigningOf(ctx, in.Org)
	return &api.Answer[plan.SigningFacts]{Body: f}, err
}

func (c *calls) setSigning(ctx context.Context, in *struct {
	Org  string `path:"org" doc:"Id of the organisation" example:"o-2"`
	Body struct {
		On  bool `json:"on" doc:"Signed first"`
		Own bool `json:"own,omitempty" doc:"Who drafted a report may sign it"`
	}
},
) (*api.Answer[done], error) {
	req, err := request(ctx, "set-signing", in)
	if err != nil {
		return nil, err
	}
	return isDone(c.desk.SetSigning(ctx, req, plan.SigningFacts{Org: in.Org, On: in.Body.On, Own: in.Body.Own}))
}
