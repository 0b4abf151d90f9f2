package main

import (
	"errors"
	"net/http"

	"liandong/node"
	"liandong/region"
)

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
	var r node.Receipt
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
