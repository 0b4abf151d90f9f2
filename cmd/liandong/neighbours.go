package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/exchange/neighbours"
	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

type neighboursCommand struct {
	List    neighboursListCommand `cmd:"" default:"withargs" help:"各圈有谁、谁认可谁 (who recognises whom in which circle)."`
	Suspend suspendCommand        `cmd:"" help:"暂停往来 (suspend a member)."`
	Resume  resumeMemberCommand   `cmd:"" help:"恢复往来 (resume)."`
	Rolled  rolledCommand         `cmd:"" help:"认可邻方更换的密钥 (recognise the key that a neighbour rolled to)."`
}

type neighboursListCommand struct {
	folderFlags
	jsonFlag
}

func (neighboursListCommand) Help() string {
	return `只读,可在服务运行时进行。

例 (examples):
  liandong neighbours list --dir /srv/liandong
  liandong neighbours --dir /srv/liandong --json`
}

func (c neighboursListCommand) Run(t *terminal) error {
	f, err := c.read(t)
	if err != nil {
		return err
	}
	defer f.Close()
	var all []neighbours.Circle
	err = f.Store.Read(t.ctx, func(tx *store.Tx) (err error) {
		all, err = neighbours.Circles(t.ctx, tx, f.Node)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(all)
	}
	if len(all) == 0 {
		t.say("还没有圈。用 liandong join 接受邀请,或在“管理”页建圈 (no circle yet)")
		return nil
	}
	rows := [][]any{{"圈", "成员", "名称", "本方认可", "对方认可", "条数", "指纹"}}
	for _, circle := range all {
		for _, m := range circle.Members {
			rows = append(rows, []any{circle.Circle, m.Member, m.Name, oursText(circle, m), theirsText(m, f.Member), m.Size, cmp.Or(m.Fingerprint, "-")})
		}
	}
	return t.table(rows...)
}

func oursText(c neighbours.Circle, m neighbours.Member) string {
	switch {
	case m.Self && c.Left:
		return "本方,已退出"
	case m.Self:
		return "本方"
	case m.Left:
		return "已退出"
	case !m.Recognised:
		return "尚未认可"
	case m.Suspended:
		return "已暂停往来"
	case m.Rolled:
		return "已更换密钥"
	}
	return "已认可"
}

func theirsText(m neighbours.Member, us string) string {
	switch {
	case m.Self:
		return "-"
	case m.Others == nil:
		return "未知"
	}
	return map[neighbours.Seen]string{
		neighbours.SeenNot: "尚未认可", neighbours.SeenYes: "认可", neighbours.SeenElse: "另一把密钥", neighbours.SeenSuspended: "暂停往来",
	}[m.Others[us]]
}

// memberFlags name a member in a circle.
type memberFlags struct {
	reachFlags
	Member string `arg:"" help:"成员代码 (code of the member)." placeholder:"500152"`
	Circle string `help:"圈 (circle)." required:"" placeholder:"suitong"`
	jsonFlag
}

type suspendCommand struct {
	memberFlags
	Reason string `help:"原因,写入账本 (reason, written into the book)." required:""`
}

func (suspendCommand) Help() string {
	return `暂停后不再接收它的账本,也不再给它看本圈账本。已收到的都保留。

例 (example):
  liandong neighbours suspend 500152 --dir /srv/liandong --circle suitong --reason '对方节点被入侵,查明前暂停'`
}

func (c suspendCommand) Run(t *terminal) error {
	return c.write(t, "suspended", neighbours.SuspendRequest{Suspended: true, Reason: c.Reason}, "已暂停往来 (suspended)")
}

type resumeMemberCommand struct {
	memberFlags
	Reason string `help:"原因,写入账本 (reason, written into the book)." required:""`
}

func (resumeMemberCommand) Help() string {
	return `例 (example):
  liandong neighbours resume 500152 --dir /srv/liandong --circle suitong --reason '对方已重装'`
}

func (c resumeMemberCommand) Run(t *terminal) error {
	return c.write(t, "suspended", neighbours.SuspendRequest{Reason: c.Reason}, "已恢复往来 (resumed)")
}

type rolledCommand struct{ memberFlags }

func (rolledCommand) Help() string {
	return `更换由对方的旧密钥签名记在它自己的账本里,不必再核对指纹。

例 (example):
  liandong neighbours rolled 500152 --dir /srv/liandong --circle suitong`
}

func (c rolledCommand) Run(t *terminal) error {
	return c.write(t, "rolled", nil, "已认可新密钥 (the new key is recognised)")
}

// write makes a call about the member that writes.
func (f memberFlags) write(t *terminal, call string, in any, said string) error {
	return f.reachFlags.write(t, f.JSON, "/api/v1/exchange/neighbours/"+f.Circle+"/"+f.Member+"/"+call, in, said)
}

func (f reachFlags) write(t *terminal, asJSON bool, path string, in any, said string) (err error) {
	n, err := f.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var r neighbours.Written
	if err := n.Call(t.ctx, http.MethodPost, path, in, &r); err != nil {
		return err
	}
	if asJSON {
		return t.json(r)
	}
	t.say("%s", said)
	for _, e := range r.Entries {
		t.say("记在 %s 第 %d 条 (entry)", e.Book, e.Index)
	}
	return nil
}

type leaveCommand struct {
	reachFlags
	Circle string `help:"圈 (circle)." required:"" placeholder:"suitong"`
	Reason string `help:"原因,写入账本 (reason, written into the book)." required:""`
	jsonFlag
}

func (leaveCommand) Help() string {
	return `退出后本方不再在这个圈里说话,圈内各方不再向本方分派事项。此前的记录仍然有效;再次接受邀请即可重新加入。

例 (example):
  liandong leave --dir /srv/liandong --circle suitong --reason '协议到期'`
}

func (c leaveCommand) Run(t *terminal) error {
	return c.write(t, c.JSON, "/api/v1/exchange/circles/"+c.Circle+"/leave", neighbours.LeaveRequest{Reason: c.Reason}, "已退出 (left)")
}

// rollRequest is the body of POST /api/v1/node/key/roll.
type rollRequest struct {
	Reason string `json:"reason" doc:"Why; written into the book of every circle" maxLength:"2000"`
}

// rollCall 更换密钥: the call behind the command.
func rollCall(calls *api.API, f *node.Folder) {
	op := huma.Operation{
		OperationID: "roll-key", Method: http.MethodPost, Path: "/node/key/roll", Tags: []string{"node"},
		Summary:   "Put a new signing key in the place of the present one, and say so in the book of every circle",
		Responses: api.Example(neighbours.Written{Entries: []neighbours.Entry{{Book: "510900/suitong", Index: 12}}}),
	}
	type body struct{ Body rollRequest }
	api.Register(calls, op, region.KeyRoll, func(ctx context.Context, in *body) (*api.Answer[neighbours.Written], error) {
		r, err := region.RollKey(ctx, f, node.Request{
			ID: web.RequestKeyOf(ctx), Print: []byte("roll\n" + in.Body.Reason), Actor: web.ActorOf(ctx),
		}, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		return &api.Answer[neighbours.Written]{Body: neighbours.WrittenOf(r)}, nil
	})
}

type keyRollCommand struct {
	reachFlags
	Reason string `help:"原因,写入各圈账本 (reason, written into the book of every circle)." required:""`
	jsonFlag
}

func (keyRollCommand) Help() string {
	return `新密钥先记入各圈账本,再启用;旧密钥改名留在目录里 (key.until-…),请与备份一起保管。随后各邻方在“各方”页认可新密钥,
在此之前它们收不到本方新的记录。密钥泄露时先打电话请邻方暂停往来。

例 (example):
  liandong key roll --dir /srv/liandong --reason '例行更换'`
}

func (c keyRollCommand) Run(t *terminal) error {
	return c.write(t, c.JSON, "/api/v1/node/key/roll", rollRequest{Reason: c.Reason}, "已更换密钥,请立即另行备份 key 文件 (the key was rolled; back up the key file)")
}

type keyReplaceCommand struct {
	folderFlags
	Lost bool   `help:"声明:签名密钥已丢失,备份里也没有 (state that the signing key is lost)." xor:"how" required:""`
	With string `help:"换上此文件中的密钥,而不是新的 (take the key of this file)." xor:"how" required:"" placeholder:"FILE" type:"path"`
}

func (keyReplaceCommand) Help() string {
	return `须先停止服务,且目录中没有 key 文件;有备份的,请放回备份的密钥,不要用此命令。
各账头以新密钥重新签名,长度不变。随后给每个邻方重发邀请,并用电话核对指纹;此前的记录都仍然有效。
恢复的备份早于换密钥的,用 --with 给出换后的密钥:邻方已经认可它,不必重发邀请。

例 (example):
  liandong key replace --dir /srv/liandong --lost
  liandong key replace --dir /srv/new --with /backup/key`
}

func (c keyReplaceCommand) Run(t *terminal) error {
	clock, err := c.clock()
	if err != nil {
		return err
	}
	err = node.ReplaceKey(t.ctx, c.Dir, c.With, modules(), node.FolderOptions{Store: c.Store, May: region.Permit, Clock: clock})
	if errors.Is(err, node.ErrKeyHere) {
		return broken{err}
	}
	if err != nil {
		return err
	}
	if c.With != "" {
		t.say("已换上所给的密钥 (the key of the file was taken)")
		return nil
	}
	t.say("已换上新密钥。请立即另行备份 key 文件,并给每个邻方重发邀请 (replaced; back up the key file and invite each neighbour anew)")
	return nil
}
