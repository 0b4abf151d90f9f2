package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/web/account"
)

// passphraseFlags say where the passphrase of the signing key comes from: a file, or a prompt on
// a terminal. It never stands on a command line, which others can read.
type passphraseFlags struct {
	PassphraseFile string `help:"口令文件,首行为口令;不给则在终端询问 (file whose first line is the passphrase)." placeholder:"FILE" type:"path"`
}

func (f passphraseFlags) read(t *terminal) (string, error) {
	if f.PassphraseFile != "" {
		b, err := os.ReadFile(f.PassphraseFile)
		if err != nil {
			return "", err
		}
		line, _, _ := strings.Cut(string(b), "\n")
		return strings.TrimSuffix(line, "\r"), nil
	}
	in, ok := t.in.(*os.File)
	if !ok || !isTerminal(in) {
		return "", errors.New("请用 --passphrase-file 给出口令 (give the passphrase by --passphrase-file)")
	}
	fmt.Fprint(t.err, "签名密钥的口令 (passphrase): ")
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(t.err)
	return string(b), err
}

// accountTables makes the tables that no module brings.
func accountTables(ctx context.Context, s *store.Store) error {
	_, err := account.Open(ctx, s, "", false)
	return err
}

type backupCommand struct {
	folderFlags
	Out     string `help:"备份文件 (file to write)." required:"" placeholder:"FILE" type:"path"`
	WithKey bool   `help:"连同签名密钥,以口令加密 (include the signing key, encrypted)."`
	passphraseFlags
	jsonFlag
}

func (backupCommand) Help() string {
	return `一个文件,含数据库某一时刻的全貌与全部附件;服务不必停止。签名密钥默认不在其中。

例 (examples):
  liandong backup --dir /srv/liandong --out /backup/liandong-2026-11-23.zip
  liandong backup --dir /srv/liandong --out key.zip --with-key --passphrase-file /root/passphrase`
}

func (c backupCommand) Run(t *terminal) error {
	o := node.BackupOptions{Prepare: accountTables}
	if c.WithKey {
		var err error
		if o.Passphrase, err = c.passphraseFlags.read(t); err != nil {
			return err
		}
		if len(o.Passphrase) < book.MinPassphrase {
			return broken{fmt.Errorf("口令至少 %d 字节 (the passphrase is too short)", book.MinPassphrase)}
		}
	}
	if _, err := os.Stat(c.Out); err == nil {
		return broken{fmt.Errorf("%s 已存在,没有覆盖 (the file exists; it was not overwritten)", c.Out)}
	}
	f, err := c.folderFlags.read(t)
	if err != nil {
		return err
	}
	defer f.Close()
	step, finish := t.progress("备份 (backup)")
	o.Progress = step
	m, err := f.Backup(t.ctx, c.Out, o)
	finish()
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(m)
	}
	t.say("已备份到 %s:%d 本账,%d 个文件 (backed up)", c.Out, len(m.Books), len(m.Files))
	if !m.Key {
		t.say("签名密钥不在备份中,请另行妥善保存 %s/key (the signing key is not in it)", c.Dir)
	}
	return nil
}

type restoreCommand struct {
	File string `arg:"" help:"备份文件 (file of the backup)." type:"existingfile"`
	folderFlags
	passphraseFlags
	jsonFlag
}

func (restoreCommand) Help() string {
	return `先核对备份的每个文件与每条记录,再放到新目录。恢复后的节点只读,直到用 liandong resume 恢复写入。
备份不论取自哪种数据库,都可恢复到 SQLite,或用 --store 恢复到空的 PostgreSQL 数据库。

例 (examples):
  liandong restore /backup/liandong-2026-11-23.zip --dir /srv/new
  liandong restore key.zip --dir /srv/new --passphrase-file /root/passphrase`
}

func (c restoreCommand) Run(t *terminal) error {
	o := node.RestoreOptions{Store: c.Store, Prepare: accountTables}
	if c.PassphraseFile != "" {
		var err error
		if o.Passphrase, err = c.passphraseFlags.read(t); err != nil {
			return err
		}
	}
	step, finish := t.progress("核对 (verify)")
	o.Progress = step
	m, err := node.Restore(t.ctx, c.File, c.Dir, modules(), o)
	finish()
	var bad *node.BadBackup
	if errors.As(err, &bad) || errors.Is(err, book.ErrPassphrase) {
		return broken{err}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(m)
	}
	t.say("已核对并恢复到 %s:%s %s,%d 本账,备份于 %s", c.Dir, m.Member, m.Name, len(m.Books), m.At.Format("2006-01-02 15:04:05 UTC"))
	for _, b := range m.Books {
		t.say("  %s %d 条,根 %s", b.Origin, b.Size, b.Root)
	}
	if _, err := os.Stat(c.Dir + "/key"); err != nil {
		t.say("备份中没有取出签名密钥:请把原来的 key 文件放回 %s/key,权限 0600 (put the signing key back)", c.Dir)
	}
	t.say("所有登录与未用的链接均已作废。备份里的接口令牌仍有效,包括备份之后收回的:请各自收回并重新生成 (renew the API tokens)")
	t.say("%s", resumeHint(c.Dir))
	return nil
}

func resumeHint(dir string) string {
	return fmt.Sprintf(`本节点现在只读 (the node only reads)。服务启动后会自行向各邻方取回备份之后的本方记录;都核对一致后运行:
     liandong resume --dir %s
  有邻方答复不了的,请逐一核对它们与见证方见过的本方账头不多于上列;若有更长的,勿恢复写入,先找回缺少的记录,
  否则同一账本会出现两个版本。确认没有更长的账头公布过,再运行:
     liandong resume --dir %s --nothing-published --reason '…'`, dir, dir)
}
