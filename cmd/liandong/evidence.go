package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

type bookEvidenceCommand struct {
	File string `arg:"" help:"分叉证据文件 (file of fork evidence)." type:"path"`
	Key  string `help:"所信任的验证公钥 (verifier key that you trust)." placeholder:"VKEY"`
	Dir  string `help:"或:以此目录的节点所认可的公钥核对 (or: against the keys that the node of this folder recognises)." placeholder:"DIR" type:"path"`
	jsonFlag
}

func (bookEvidenceCommand) Help() string {
	return `证据含两个不可能属于同一本账的账头,由同一密钥签名,或由一把密钥和它换成的另一把签名;不需要节点即可核对。所信任的须是其中最先的一把。不给 --key 或 --dir 时,只能证明文件中公钥的持有人签过两者。
退出码:0 属实;1 不属实;2 无法运行。

例 (examples):
  liandong book verify-evidence fork.json --key 'tongnan.example/suitong+3f9ab8d1+AT…'
  liandong book verify-evidence fork.json --dir /srv/liandong --json`
}

func (c bookEvidenceCommand) Run(t *terminal) error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	f, err := book.ReadFork(b)
	if err != nil {
		return broken{err}
	}
	trusted := c.Key
	if c.Dir != "" {
		if trusted, err = c.recognised(t, f); err != nil {
			return err
		}
	}
	if err := f.Verify(trusted, region.RolledTo); err != nil {
		return broken{fmt.Errorf("证据不成立 (the evidence does not hold): %w", err)}
	}
	return c.show(t, f, trusted != "")
}

// recognised is the first key of the evidence if the node of the folder recognises or recognised it for that book, or if it is
// or was the node's own. What was signed under a key beyond where the node holds it good proves nothing: it may have been lost.
func (c bookEvidenceCommand) recognised(t *terminal, f book.Fork) (string, error) {
	folder, err := folderFlags{Dir: c.Dir}.read(t)
	if err != nil {
		return "", err
	}
	defer folder.Close()
	at := strings.LastIndex(f.Origin, "/")
	if at < 0 {
		return "", broken{book.ErrWrongOrigin}
	}
	origin, circle := f.Origin[:at], f.Origin[at+1:]
	until := map[string]int64{}
	know := func(keys []exchange.Key) {
		for _, k := range keys {
			until[k.Verifier] = k.Until
		}
	}
	err = folder.Store.Read(t.ctx, func(tx *store.Tx) error {
		name := folder.BookName(circle)
		all, err := region.Neighbours(t.ctx, tx, folder.Member, circle)
		if err != nil {
			return err
		}
		for _, n := range all {
			known, err := exchange.Recognised(t.ctx, tx, name, n.Member)
			if err != nil {
				return err
			}
			know(known)
		}
		own, _, err := node.Head(t.ctx, tx, name)
		if origin != folder.Origin || errors.Is(err, node.ErrNoBook) {
			return nil
		}
		if err != nil {
			return err
		}
		former, err := exchange.Rolled(t.ctx, tx, name)
		know(append(former, exchange.Key{Verifier: own.Key}))
		return err
	})
	if err != nil {
		return "", err
	}
	if _, known := until[f.Key]; !known {
		return "", broken{fmt.Errorf("证据不成立:%w;本方在圈 %s 认可的公钥中没有它最先的一把 (its first key is not one that this node recognises)", book.ErrOtherKey, circle)}
	}
	for _, s := range f.Signed() {
		if most := until[s.Key]; most != 0 && s.Size > most {
			return "", broken{fmt.Errorf("证据不成立:%w;本方只认可公钥 %s 至第 %d 条,其中的账头有 %d 条 (recognised only up to there)", book.ErrOtherKey, s.Key, most, s.Size)}
		}
	}
	return f.Key, nil
}

func (c bookEvidenceCommand) show(t *terminal, f book.Fork, trusted bool) error {
	heads, err := f.Heads()
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(map[string]any{
			"trusted": trusted, "origin": f.Origin, "key": f.Key, "otherKey": f.OtherKey, "index": f.Index,
			"one":   map[string]any{"size": heads[0].Size, "root": heads[0].Root, "leaf": f.One.Leaf},
			"other": map[string]any{"size": heads[1].Size, "root": heads[1].Root, "leaf": f.Other.Leaf},
		})
	}
	t.say("属实 (the evidence holds):账本 %s 的密钥持有人签署了两个不可能属于同一本账的账头。", f.Origin)
	rows := [][]any{{"", "条数", "根"}, {"账头一", heads[0].Size, heads[0].Root}, {"账头二", heads[1].Size, heads[1].Root}}
	if err := t.table(rows...); err != nil {
		return err
	}
	if f.Index < 0 {
		t.say("两者条数相同而根不同:其中至少一条记录不同 (one size, two roots)")
	} else {
		t.say("第 %d 条(从 0 起)不同 (this entry differs):", f.Index)
		t.say("  账头一之下的散列 %s", f.One.Leaf)
		t.say("  账头二之下的散列 %s", f.Other.Leaf)
	}
	t.say("公钥 %s", f.Key)
	if f.OtherKey != "" {
		t.say("账头二的公钥 %s,由前一把密钥的持有人在账中换成 (the key of the other head, to which the first was rolled)", f.OtherKey)
	}
	if !trusted {
		t.say("注意:未给 --key 或 --dir,公钥来自证据文件本身,请向该成员核实 (the key comes from the file itself)")
	}
	return nil
}
