package main

import (
	"bytes"
	"fmt"
	"os"

	"liandong/book"
	"liandong/node"
	"liandong/store"
)

type proofCommand struct {
	Export proofExportCommand `cmd:"" help:"导出一条记录的证据 (export the proof of an entry)."`
	Verify proofVerifyCommand `cmd:"" help:"核对证据文件,不需要节点 (verify a proof; needs no node)."`
}

type proofExportCommand struct {
	folderFlags
	Book  string `help:"圈,如 suitong (circle of the book)." required:"" placeholder:"CIRCLE"`
	Index int64  `help:"第几条,从 0 起 (number of the entry, from 0)." required:""`
	Out   string `help:"写到此文件;不给则写到标准输出 (file to write)." placeholder:"FILE" type:"path"`
}

func (proofExportCommand) Help() string {
	return `证据含记录、正文、路径与签名账头,任何人可凭公钥核对。

例 (example):
  liandong proof export --dir /srv/liandong --book suitong --index 12 --out proof.json`
}

func (c proofExportCommand) Run(t *terminal) error {
	f, err := c.read(t)
	if err != nil {
		return err
	}
	defer f.Close()
	var e book.Evidence
	err = f.Store.Read(t.ctx, func(tx *store.Tx) (err error) {
		e, err = node.Evidence(t.ctx, tx, f.BookName(c.Book), c.Index, f.Name)
		return err
	})
	if err != nil {
		return err
	}
	b, err := e.Bytes()
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = t.out.Write(b)
		return err
	}
	if err := os.WriteFile(c.Out, b, 0o600); err != nil {
		return err
	}
	t.say("证据已写入 %s (proof written)", c.Out)
	return nil
}

type proofVerifyCommand struct {
	File string `arg:"" help:"证据文件 (file of the proof)." type:"path"`
	Key  string `help:"所信任的验证公钥;不给则用文件中的 (verifier key that you trust)." placeholder:"VKEY"`
	jsonFlag
}

func (proofVerifyCommand) Help() string {
	return `公钥应由对方成员另行告知 (liandong key);不给 --key 时,只能证明文件中公钥的持有人说过此话。
退出码:0 属实;1 不属实;2 无法运行。

例 (example):
  liandong proof verify proof.json --key 'suining.example/suitong+3f9ab8d1+AT…'`
}

func (c proofVerifyCommand) Run(t *terminal) error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	e, err := book.ReadEvidence(b)
	if err != nil {
		return broken{err}
	}
	r, err := e.Verify(c.Key)
	if err != nil {
		return broken{fmt.Errorf("证据不成立 (the proof does not hold): %w", err)}
	}
	if c.JSON {
		return t.json(proven(r))
	}
	return c.show(t, r)
}

// proven is a report as programs read it.
func proven(r book.Report) map[string]any {
	return map[string]any{
		"trusted": r.Trusted, "key": r.Key, "origin": r.Origin, "index": r.Index, "size": r.Size, "root": r.Root,
		"leaf": r.Leaf, "kind": r.Entry.Kind, "member": r.Entry.Member, "memberName": r.MemberName, "org": r.Entry.Org,
		"person": r.Entry.Person, "at": r.Entry.At, "facts": r.Entry.Facts, "words": r.Words, "text": r.Text,
	}
}

func (c proofVerifyCommand) show(t *terminal, r book.Report) error {
	t.say("属实 (the proof holds)")
	rows := [][]any{
		{"账本", r.Origin},
		{"第", fmt.Sprintf("%d 条,共 %d 条", r.Index, r.Size)},
		{"成员", fmt.Sprintf("%s(导出者称之为 %s)", r.Entry.Member, r.MemberName)},
		{"单位、人员", r.Entry.Org + " " + r.Entry.Person},
		{"时间", r.Entry.At.Format("2006-01-02 15:04:05.000 UTC")},
		{"类别", r.Entry.Kind},
		{"事实", string(bytes.TrimSpace(r.Entry.Facts))},
		{"正文", words(r)},
		{"公钥", r.Key},
	}
	if err := t.table(rows...); err != nil {
		return err
	}
	if !r.Trusted {
		t.say("注意:未给 --key,公钥来自证据文件本身,请向对方成员核实 (the key comes from the file itself)")
	}
	return nil
}

func words(r book.Report) string {
	switch r.Words {
	case "here":
		return r.Text
	case "erased":
		return "(已删除)"
	case "withheld":
		return "(不供本方阅)"
	}
	return "(无)"
}
