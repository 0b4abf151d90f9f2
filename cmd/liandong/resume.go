package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web/admin"
)

// asking lets the page tell what neighbours answered, and ask them.
func asking(f *exchange.Follower) admin.Neighbours {
	return admin.Neighbours{
		Answers: func(ctx context.Context, tx *store.Tx) (admin.Answers, error) {
			r, err := exchange.LastRecovery(ctx, tx)
			if err != nil || r.At.IsZero() {
				return admin.Answers{}, err
			}
			return admin.Answers{At: r.At, Lines: strings.Split(r.Statement(), "\n"), Complete: r.Complete()}, nil
		},
		Resume: func(ctx context.Context, req node.Request, reason string) error {
			_, _, err := f.Resume(ctx, req, reason)
			return err
		},
	}
}

type resumeCommand struct {
	folderFlags
	NothingPublished bool   `help:"不问邻方,由操作员声明:备份之后没有公布过更长的账头 (do not ask; state that no longer head was published)."`
	Reason           string `help:"依据,写入内部账;--nothing-published 时必给 (on what ground; written into the own book)."`
	jsonFlag
}

func (resumeCommand) Help() string {
	return `先向每个认可的邻方取回它存有而本节点缺少的本方记录,并问其见证到第几条。都已答复、且没有谁知道更长的账头,即恢复写入,答复记入内部账;
否则不恢复,并说明没有问到谁。邻方永远答复不了时,核实后用 --nothing-published 声明。可在服务运行时进行。

例 (examples):
  liandong resume --dir /srv/new
  liandong resume --dir /srv/new --nothing-published --reason '已与潼南区核对账头,均为 120 条'`
}

type resumeRequest struct {
	NothingPublished bool   `json:"nothingPublished"`
	Reason           string `json:"reason"`
}

// resumeResult is what the command prints as JSON. Recovery is nil where nobody was asked.
type resumeResult struct {
	Recovery *exchange.Recovery `json:"recovery"`
	Entries  []node.Position    `json:"entries"`
}

func (c resumeCommand) Run(t *terminal) (err error) {
	if c.NothingPublished && c.Reason == "" {
		return broken{errors.New("请用 --reason 写明依据 (give the reason)")}
	}
	n, err := reachFlags{folderFlags: c.folderFlags}.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var result resumeResult
	failed := n.Operate(t, "/operator/resume", resumeRequest{c.NothingPublished, c.Reason}, func(int64, int64) {}, &result)
	if c.JSON && (failed == nil || result.Recovery != nil) {
		return errors.Join(t.json(result), failed)
	}
	if failed != nil {
		return failed
	}
	if result.Recovery != nil {
		t.say("%s", result.Recovery.Statement())
	}
	t.say("已恢复写入,声明记在内部账 (the node writes again)")
	return nil
}

// resume acts as the operator without looking up his seats: a node that was built from its neighbours' copies has no own
// book that could give him any.
func (a *app) resume(r *http.Request, _ func(done, total int64)) (any, error) {
	var in resumeRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&in); err != nil {
		return nil, err
	}
	result := resumeResult{Entries: []node.Position{}}
	receipt, err := node.Receipt{}, error(nil)
	if in.NothingPublished {
		receipt, err = a.folder.Resume(r.Context(), operatorRequest(a.folder.Node), in.Reason)
	} else {
		var asked exchange.Recovery
		asked, receipt, err = a.follower.Resume(r.Context(), operatorRequest(a.folder.Node), in.Reason)
		result.Recovery = &asked
	}
	if err != nil {
		return result, err
	}
	result.Entries = receipt.Entries
	return result, found(r.Context(), a.folder.Node)
}

func operatorRequest(n *node.Node) node.Request {
	return node.Request{Actor: node.Actor{
		Person: operatorPerson, Org: officeOrg, Seat: string(region.Administrator), Member: n.Member,
	}}
}
