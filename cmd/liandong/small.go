package main

import (
	"runtime/debug"

	"liandong/node"
	"liandong/store"
)

type rebuildCommand struct{ folderFlags }

func (rebuildCommand) Help() string {
	return `须先停止服务。重新生成在一个事务内完成,中断则保持原样。

例 (example):
  liandong rebuild --dir /srv/liandong`
}

func (c rebuildCommand) Run(t *terminal) error {
	f, err := c.own(t)
	if err != nil {
		return err
	}
	defer f.Close()
	step, finish := t.progress("重新生成 (rebuild)")
	err = f.Rebuild(t.ctx, step)
	finish()
	if err != nil {
		return err
	}
	t.say("视图已由账本重新生成 (the view was made anew)")
	return nil
}

type keyCommand struct {
	Show    keyShowCommand    `cmd:"" default:"withargs" help:"各账本的验证公钥 (verifier keys of the books)."`
	Replace keyReplaceCommand `cmd:"" help:"密钥丢失后换一把 (another signing key in the place of a lost one)."`
	Roll    keyRollCommand    `cmd:"" help:"更换签名密钥 (roll the signing key)."`
}

type keyShowCommand struct {
	folderFlags
	jsonFlag
}

func (keyShowCommand) Help() string {
	return `请把公钥经另一渠道告知各成员,他们据此核对本方账本与证据。

例 (example):
  liandong key show --dir /srv/liandong`
}

func (c keyShowCommand) Run(t *terminal) error {
	f, err := c.read(t)
	if err != nil {
		return err
	}
	defer f.Close()
	var books []node.BookVerified
	err = f.Store.Read(t.ctx, func(tx *store.Tx) (err error) {
		books, err = node.Books(t.ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	keys := []string{}
	for _, b := range books {
		if b.Member != f.Member {
			continue
		}
		keys = append(keys, b.Key)
		if second, err := f.SM2Key(b.Origin); err != nil {
			return err
		} else if second != "" {
			keys = append(keys, second)
		}
	}
	if c.JSON {
		return t.json(keys)
	}
	for _, k := range keys {
		t.say("%s", k)
	}
	return nil
}

type versionCommand struct{ jsonFlag }

// Help shows how scripts ask.
func (versionCommand) Help() string { return "例 (example):\n  liandong version --json" }

func (c versionCommand) Run(t *terminal) error {
	v := map[string]string{"version": "devel", "go": "", "revision": ""}
	if info, ok := debug.ReadBuildInfo(); ok {
		v["go"] = info.GoVersion
		if info.Main.Version != "" {
			v["version"] = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v["revision"] = s.Value
			}
		}
	}
	if c.JSON {
		return t.json(v)
	}
	t.say("liandong %s %s (%s)", v["version"], v["revision"], v["go"])
	return nil
}
