package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/plan"
	"liandong/region"
	"liandong/store"
)

type bundleCommand struct {
	Export bundleExportCommand `cmd:"" help:"把一个圈的账本写成离线包,供网闸或光盘传递 (write a circle's books into files)."`
	Import bundleImportCommand `cmd:"" help:"导入离线包,与在线接收同样核对 (take bundles in, proven as over the network)."`
}

// attached are the attachments of the entries of all modules.
func attached(e book.Entry, words []byte) (all []exchange.Attachment) {
	for _, f := range plan.FilesNamed(e.Kind, words) {
		all = append(all, exchange.Attachment{Blob: f.Blob, Size: f.Size, Salt: f.Salt, Hash: f.Hash})
	}
	return all
}

type bundleExportCommand struct {
	folderFlags
	Circle string   `help:"哪个圈;只有一个圈有邻方时可不给 (circle)." placeholder:"CIRCLE"`
	To     []string `help:"只给这些成员,可多次给出;不给则给圈内所有认可的成员 (only for these members)." placeholder:"MEMBER"`
	Since  []string `help:"从何处起:以前的离线包(本方的,或对方的),或条数,或 成员=条数 (an earlier bundle, ours or theirs, or a size)." placeholder:"FILE|N|MEMBER=N"`
	Copies bool     `help:"连同本方所存的圈内其他成员账本 (also the copies of the circle's other books)."`
	Out    string   `help:"写到的文件;分段时后面的段为 名称-2、-3… (file to write)." required:"" placeholder:"FILE" type:"path"`
	Split  string   `help:"每段最大,如 650M、4G (largest part)." default:"4G" placeholder:"SIZE"`
	jsonFlag
}

func (bundleExportCommand) Help() string {
	return `包内有账头与见证、记录、正文、依据凭证、附件;内部账不在其中,也不给已退出或已暂停往来的成员。
包未加密,只供圈内成员,请按正文的密级保管。可在服务运行时进行;同时见证所收到的对方账头,附在包内。

例 (examples):
  liandong bundle export --dir /srv/liandong --circle suitong --out /media/usb/suitong.zip
  liandong bundle export --dir /srv/liandong --since /media/usb/suitong.zip --out suitong-2.zip --split 650M
  liandong bundle export --dir /srv/liandong --to 500152 --since 500152=300 --copies --out 500152.zip`
}

func (c bundleExportCommand) Run(t *terminal) (err error) {
	split, err := sizeOf(c.Split)
	if err != nil {
		return err
	}
	n, err := reachFlags{folderFlags: c.folderFlags}.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	f, err := c.read(t)
	if err != nil {
		return err
	}
	defer f.Close()
	circle, err := c.circle(t.ctx, f.Node)
	if err != nil {
		return err
	}
	since, err := c.since(f.Member)
	if err != nil {
		return err
	}
	step, finish := t.progress("导出 (export)")
	parts, m, err := exchange.Exporting{
		Node: f.Node, Circle: circle, To: c.To, Since: since, Copies: c.Copies, Out: c.Out, Split: split,
		Attached: attached, Cosign: n.cosign, Progress: step,
	}.Write(t.ctx)
	finish()
	switch {
	case errors.Is(err, os.ErrExist):
		return broken{fmt.Errorf("%s 已存在,没有覆盖 (the file exists; it was not overwritten)", c.Out)}
	case errors.Is(err, exchange.ErrNotMet), errors.Is(err, exchange.ErrNoRecipient):
		return broken{err}
	case err != nil:
		return err
	}
	return c.show(t, m, parts)
}

func (c bundleExportCommand) show(t *terminal, m exchange.Manifest, parts []exchange.Part) error {
	if c.JSON {
		return t.json(map[string]any{"id": m.ID, "from": m.From, "circle": m.Circle, "to": m.To, "cosigned": len(m.Cosignatures), "parts": parts})
	}
	t.say("%s %s 的离线包,圈 %s,只给 %s (for these members only):", m.From.Member, m.From.Name, m.Circle, strings.Join(m.To, "、"))
	rows := [][]any{{"文件", "字节", "内容", "SHA-256"}}
	for _, p := range parts {
		rows = append(rows, []any{p.File, p.Size, stretches(p.Books), p.SHA256})
	}
	return t.table(rows...)
}

func stretches(books []exchange.BundledBook) string {
	var all []string
	for _, b := range books {
		if b.From == b.To {
			all = append(all, fmt.Sprintf("%s 的账头(%d 条,没有新记录)", b.Member, b.Size))
			continue
		}
		all = append(all, fmt.Sprintf("%s 第 %d 至 %d 条", b.Member, b.From, b.To-1))
	}
	return strings.Join(all, ",")
}

// circle is the one asked for, or the only one with neighbours.
func (c bundleExportCommand) circle(ctx context.Context, n *node.Node) (circle string, err error) {
	if c.Circle != "" {
		return c.Circle, nil
	}
	var all []string
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err := node.Circles(ctx, tx, n.Member)
		if err != nil {
			return err
		}
		for _, one := range circles {
			neighbours, err := region.Neighbours(ctx, tx, n.Member, one)
			if err != nil {
				return err
			}
			if len(neighbours) > 0 {
				all = append(all, one)
			}
		}
		return nil
	})
	if err == nil && len(all) != 1 {
		err = broken{fmt.Errorf("请用 --circle 给出圈;有邻方的圈:%s (name the circle)", strings.Join(all, "、"))}
	}
	return strings.Join(all, ""), err
}

// since reads from which entry on each member's book goes in.
func (c bundleExportCommand) since(own string) (map[string]int64, error) {
	all := map[string]int64{}
	for _, text := range c.Since {
		if size, err := strconv.ParseInt(text, 10, 64); err == nil {
			all[own] = size
			continue
		}
		member, number, ok := strings.Cut(text, "=")
		if size, err := strconv.ParseInt(number, 10, 64); ok && err == nil && book.IsMember(member) {
			all[member] = size
			continue
		}
		m, err := exchange.ReadBundle(text)
		if err != nil {
			return nil, fmt.Errorf("--since %s: %w", text, err)
		}
		for member, size := range m.Delivered(own) {
			all[member] = max(all[member], size)
		}
	}
	return all, nil
}

// sizeOf reads a size as people write it: 650M, 4G.
func sizeOf(text string) (int64, error) {
	unit := int64(1)
	number := strings.TrimRight(strings.ToUpper(text), "B")
	for suffix, size := range map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if rest, ok := strings.CutSuffix(number, suffix); ok {
			number, unit = rest, size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > 1<<20*(1<<30)/unit {
		return 0, fmt.Errorf("--split %s:应形如 650M 或 4G (a size such as 650M)", text)
	}
	return n*unit - 1, nil // 4G is what file systems with sizes of 32 bits take: a byte less
}

// cosign hands a submission to the node's own witness.
func (c *caller) cosign(ctx context.Context, submission []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/witness/add-checkpoint", bytes.NewReader(submission))
	if err != nil {
		return nil, err
	}
	answer, err := c.Do(r)
	if err != nil {
		return nil, fmt.Errorf("联系不上节点 (cannot reach the node): %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s", answer.Status, bytes.TrimSpace(body))
	}
	return body, err
}

type bundleImportCommand struct {
	folderFlags
	Files []string `arg:"" help:"离线包的各段,次序不限 (parts, in any order)." type:"existingfile"`
	jsonFlag
}

func (bundleImportCommand) Help() string {
	return `每条记录都须在对方签名的账头之下,正文须与承诺相符,与在线接收一样;不符的不写入。中断后重新导入即可,重复导入无害。
服务运行时由服务进程读取文件,须放在它读得到的地方。退出码:0 已全部在账;1 有不符、缺段或被拒绝的;2 无法运行。

例 (example):
  liandong bundle import --dir /srv/liandong /media/usb/suitong.zip /media/usb/suitong-2.zip`
}

func (c bundleImportCommand) Run(t *terminal) (err error) {
	n, err := reachFlags{folderFlags: c.folderFlags}.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	in := bundleRequest{}
	for _, path := range c.Files {
		full, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		in.Files = append(in.Files, full)
	}
	step, finish := t.progress("导入 (import)")
	var reports []exchange.PartReport
	failed := n.Operate(t, "/operator/bundle", in, step, &reports)
	finish()
	if c.JSON && reports != nil {
		err = t.json(reports)
	} else {
		for _, r := range reports {
			c.show(t, r)
		}
	}
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	if slices.ContainsFunc(reports, func(r exchange.PartReport) bool { return !r.Clean() }) {
		return broken{errors.New("有没有导入的内容,原因如上 (not all was taken; see above)")}
	}
	return nil
}

type bundleRequest struct {
	Files []string `json:"files"`
}

// importBundle takes the files in, as the process that serves the folder sees them.
func (a *app) importBundle(r *http.Request, step func(done, total int64)) (any, error) {
	var in bundleRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&in); err != nil {
		return nil, err
	}
	return exchange.Importing{Follower: a.follower, Attached: attached, Progress: step}.Files(r.Context(), in.Files)
}

var bundleStates = map[string]string{
	exchange.BundleTaken: "已导入", exchange.BundleHere: "已在账", exchange.BundleGap: "缺段",
	exchange.BundleStopped: "两本不同的账,停止接收", exchange.BundleRefused: "不符,未导入",
}

func (bundleImportCommand) show(t *terminal, r exchange.PartReport) {
	if r.From != "" {
		t.say("%s:%s %s 的离线包,圈 %s,第 %d 段,作于 %s", filepath.Base(r.File), r.From, r.FromName, r.Circle, r.Part, r.At.Format("2006-01-02 15:04:05 UTC"))
	} else {
		t.say("%s:", filepath.Base(r.File))
	}
	for _, b := range r.Books {
		t.say("  %s %s:%d → %d 条(账头 %d 条)%s", b.Book, bundleStates[b.State], b.Before, b.After, b.Size, dashed(b.Why))
	}
	if r.Attachments > 0 || r.Cosigned > 0 {
		t.say("  附件 %d 个,对方见证的本方账头 %d 个 (attachments, cosigned heads)", r.Attachments, r.Cosigned)
	}
	for _, p := range r.Problems {
		t.say("  %s", p)
	}
}

func dashed(why string) string {
	if why == "" {
		return ""
	}
	return " —— " + why
}
