package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// clockRequest is the body of POST /api/v1/node/clock.
type clockRequest struct {
	Reason string `json:"reason" doc:"Why the clock is right; written into the books" maxLength:"2000"`
}

// clockConfirmed lists the confirming entries; none when no book doubts the clock.
type clockConfirmed struct {
	Entries []clockEntry `json:"entries"`
}

type clockEntry struct {
	Book  string `json:"book" doc:"The book, member and circle" example:"510900/suitong"`
	Index int64  `json:"index" doc:"Number in the book, from 0" example:"12"`
	Leaf  string `json:"leaf" doc:"RFC 6962 leaf hash, base64"`
}

// clockCall 时钟确认: the call behind the command.
func clockCall(calls *api.API, n *node.Node) {
	op := huma.Operation{
		OperationID: "confirm-clock", Method: http.MethodPost, Path: "/node/clock", Tags: []string{"node"},
		Summary:   "State that the clock is right although a book doubts it",
		Responses: api.Example(clockConfirmed{Entries: []clockEntry{{Book: "510900/self", Index: 12, Leaf: "J1fB…"}}}),
	}
	type body struct{ Body clockRequest }
	api.Register(calls, op, region.ClockConfirm, func(ctx context.Context, in *body) (*api.Answer[clockConfirmed], error) {
		r, err := n.ConfirmClock(ctx, node.Request{
			ID: web.RequestKeyOf(ctx), Print: []byte("clock\n" + in.Body.Reason), Actor: web.ActorOf(ctx),
		}, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		out := clockConfirmed{Entries: []clockEntry{}}
		for _, p := range r.Entries {
			out.Entries = append(out.Entries, clockEntry{Book: p.Book, Index: p.Index, Leaf: p.Leaf.String()})
		}
		return &api.Answer[clockConfirmed]{Body: out}, nil
	})
}

type clockCommand struct {
	Confirm clockConfirmCommand `cmd:"" help:"说明时钟无误及理由 (state that the clock is right, and why)."`
}

type clockConfirmCommand struct {
	reachFlags
	Reason string `help:"理由,写入账本 (reason, written into the books)." required:""`
	jsonFlag
}

func (clockConfirmCommand) Help() string {
	return `时钟比账本末条早五秒以上或晚七天以上时,节点拒绝写入;核实时钟之后用此命令确认。

例 (example):
  liandong clock confirm --dir /srv/liandong --reason '长假后开机,已与授时服务核对'`
}

func (c clockConfirmCommand) Run(t *terminal) (err error) {
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var r clockConfirmed
	if err := n.Call(t.ctx, http.MethodPost, "/api/v1/node/clock", clockRequest{Reason: c.Reason}, &r); err != nil {
		return err
	}
	if c.JSON {
		return t.json(r)
	}
	if len(r.Entries) == 0 {
		t.say("没有账本怀疑时钟,无需确认 (no book doubts the clock)")
	}
	for _, p := range r.Entries {
		t.say("已确认,记在 %s 第 %d 条 (confirmed)", p.Book, p.Index)
	}
	return nil
}
