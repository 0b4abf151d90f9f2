package main

import (
	"fmt"

	"liandong/node"
	"liandong/plan"
	"liandong/store"
)

type bookCommand struct {
	List     bookListCommand     `cmd:"" help:"列出本节点的账本 (list the books)."`
	Evidence bookEvidenceCommand `cmd:"" name:"verify-evidence" help:"核对分叉证据:某成员是否出示过两本不同的账 (check that a member showed two books)."`
	Verify   bookVerifyCommand   `cmd:"" help:"重算每个散列、签名、承诺与时间次序,并核对附件 (recompute and verify all books and attachments)."`
}

type bookListCommand struct {
	folderFlags
	jsonFlag
}

func (bookListCommand) Help() string {
	return `例 (examples):
  liandong book list --dir /srv/liandong
  liandong book list --dir /srv/liandong --json`
}

func (c bookListCommand) Run(t *terminal) error {
	f, err := c.read(t)
	if err != nil {
		return err
	}
	defer f.Close()
	books := []node.BookVerified{}
	err = f.Store.Read(t.ctx, func(tx *store.Tx) (err error) {
		books, err = node.Books(t.ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(books)
	}
	rows := [][]any{{"圈", "来源", "条数", "根"}}
	for _, b := range books {
		rows = append(rows, []any{b.Circle, b.Origin, b.Size, b.Root})
	}
	return t.table(rows...)
}

type bookVerifyCommand struct {
	folderFlags
	jsonFlag
	View bool `help:"并重放全部账本,与视图表逐行比较 (also compare the view with a replay)."`
}

func (bookVerifyCommand) Help() string {
	return `只读,可在服务运行时进行。退出码:0 完好;1 有破损,逐条指出;2 无法运行。

例 (examples):
  liandong book verify --dir /srv/liandong
  liandong book verify --dir /srv/liandong --view --json`
}

func (c bookVerifyCommand) Run(t *terminal) error {
	f, err := c.read(t)
	if err != nil {
		return c.unreadable(t, err)
	}
	defer f.Close()
	step, finish := t.progress("核对 (verify)")
	v, err := f.Verify(t.ctx, node.VerifyOptions{
		View: c.View, Attachments: plan.NewDesk(f.Node).VerifyFiles, Progress: step,
	})
	finish()
	if err != nil {
		return err
	}
	return c.show(t, v)
}

// unreadable: a file that the engine will not even open is broken, not a reason to give up.
func (c bookVerifyCommand) unreadable(t *terminal, err error) error {
	if !store.Damaged(err) {
		return err
	}
	return c.show(t, node.Verified{Faults: []node.Fault{{Index: -1, Code: node.FaultFile, What: "数据库文件损坏,请从备份恢复 (the file of the database is damaged; restore the backup): " + err.Error()}}})
}

func (c bookVerifyCommand) show(t *terminal, v node.Verified) error {
	if v.Faults == nil {
		v.Faults = []node.Fault{}
	}
	if c.JSON {
		if err := t.json(v); err != nil {
			return err
		}
	} else if err := c.list(t, v); err != nil {
		return err
	}
	if !v.Clean() {
		return broken{fmt.Errorf("发现 %d 处破损 (%d faults found)", len(v.Faults), len(v.Faults))}
	}
	return nil
}

func (c bookVerifyCommand) list(t *terminal, v node.Verified) error {
	for _, f := range v.Faults {
		where := f.Book
		if f.Index >= 0 {
			where = fmt.Sprintf("%s/%d", f.Book, f.Index)
		}
		t.say("破损 %s [%s] %s", where, f.Code, f.What)
	}
	if !v.Clean() {
		return nil
	}
	what := "账本 (books)"
	if c.View {
		what = "账本与视图 (books and view)"
	}
	t.say("%s 完好:%d 本,%d 条 (clean)", what, len(v.Books), v.Entries)
	return nil
}
