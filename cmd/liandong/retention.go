package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/web/retention"
)

// keepRules reads KIND=DAYS. A kind that the node does not know is refused: a mistyped rule would keep everything.
func keepRules(n *node.Node, texts []string) (all []region.KeepRule, err error) {
	known := map[string]bool{}
	for _, m := range n.Modules() {
		for _, k := range m.Kinds {
			base, _, _ := strings.Cut(k.KindName(), "/")
			known[base] = true
		}
	}
	for _, text := range texts {
		r, err := keepRule(text)
		if err != nil || r.Days < 1 || !known[r.Kind] {
			return nil, fmt.Errorf("保存期限 %q 不对:写成 类别=天数,如 plan.report.filed=3650;类别见 docs/reference/kinds.md (a rule is KIND=DAYS)", text)
		}
		all = append(all, r)
	}
	return all, nil
}

// keepRule reads KIND=DAYS.
func keepRule(text string) (r region.KeepRule, err error) {
	kind, days, _ := strings.Cut(text, "=")
	r.Kind = kind
	r.Days, err = strconv.Atoi(days)
	return r, err
}

// retire erases the words whose time is over: as the administrator set it, else as the operator did.
func (a *app) retire(ctx context.Context) {
	rules, said, err := retention.Rules(ctx, a.folder.Node, a.keep)
	if err != nil { // with the operator's rules alone, what an entry keeps longer would be erased for good
		if ctx.Err() == nil {
			a.log.Error("read how long words are kept", "error", err)
		}
		return
	}
	for _, r := range rules {
		before := a.folder.Now().Add(-time.Duration(r.Days) * 24 * time.Hour)
		n, err := a.folder.EraseOlder(ctx, r.Kind, before, strings.TrimSuffix(fmt.Sprintf("保存期限 %d 天 (kept for %d days): %s", r.Days, r.Days, said.Source), ": "))
		if err != nil && ctx.Err() == nil {
			a.log.Error("erase words whose time is over", "kind", r.Kind, "error", err)
		}
		if n > 0 {
			a.log.Info("erased words whose time is over", "kind", r.Kind, "entries", n)
		}
	}
}

type retentionCommand struct {
	List retentionListCommand `cmd:"" help:"各类正文保存多久,到期多少 (how long words are kept, what is over)."`
	Set  retentionSetCommand  `cmd:"" help:"设定保存期限 (set it)."`
}

type retentionListCommand struct {
	reachFlags
	jsonFlag
}

func (retentionListCommand) Help() string {
	return `没有列出天数的一直保存。

例 (example):
  liandong retention list --dir /srv/liandong`
}

func (c retentionListCommand) Run(t *terminal) error {
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		out, err := get[retention.Kept](t, n, "/retention")
		return out, func() { t.sayKept(out) }, err
	})
}

func (t *terminal) sayKept(out retention.Kept) {
	for _, k := range out.Kinds {
		if k.Held == 0 && k.Days == 0 {
			continue
		}
		kept := "一直保存 (for ever)"
		if k.Days > 0 {
			kept = fmt.Sprintf("%d 天,已到期 %d 条,下一条 %s", k.Days, k.Over, k.Next)
		}
		t.say("%s: 现存 %d 条,%s", k.Kind, k.Held, kept)
	}
}

type retentionSetCommand struct {
	reachFlags
	Rule   []string `help:"类别=天数,可多次给出;没有给出的一直保存 (a rule; what is not named is kept for ever)." placeholder:"KIND=DAYS"`
	Source string   `help:"依据:规定名称或文号 (the rule that says so)." required:""`
	DryRun bool     `help:"只核对会删除什么,不写入 (say what would be erased; write nothing)."`
	Seen   *int64   `help:"--dry-run 给出的现行设定编号 (the entry that stood at the dry run)."`
	Over   *int     `help:"--dry-run 给出的删除条数;会删除更多的不设定 (how many the dry run said; if there are more, nothing is set)."`
	Yes    bool     `help:"已核对,知道到期的正文一小时内删除、不能恢复 (do it)."`
	jsonFlag
}

func (retentionSetCommand) Help() string {
	return `给出的是全部规则,以前设定的由它代替。先用 --dry-run 核对。

例 (example):
  liandong retention set --dir /srv/liandong --rule plan.report.filed=3650 --source 机关档案保存办法 --dry-run
  liandong retention set --dir /srv/liandong --rule plan.report.filed=3650 --source 机关档案保存办法 --seen=-1 --over=0 --yes`
}

func (c retentionSetCommand) Run(t *terminal) (err error) {
	in := retention.CheckRequest{Source: c.Source, Rules: []retention.Rule{}}
	for _, text := range c.Rule {
		r, err := keepRule(text)
		if err != nil {
			return fmt.Errorf("保存期限 %q 不对:写成 类别=天数 (a rule is KIND=DAYS)", text)
		}
		in.Rules = append(in.Rules, retention.Rule{Kind: r.Kind, Days: r.Days})
	}
	if !c.DryRun && (!c.Yes || c.Seen == nil || c.Over == nil) {
		return errUnsure
	}
	return c.ask(t, region.Administrator, c.JSON, func(n *caller) (any, func(), error) {
		if c.DryRun {
			out, err := call[retention.Kept](t, n, http.MethodPost, "/retention/check", in)
			return out, func() {
				t.sayKept(out)
				t.say("会删除 %d 条。核对无误,去掉 --dry-run,加上 (if so, set it with): --seen=%d --over=%d --yes", out.Over, out.Seen, out.Over)
			}, err
		}
		out, err := call[retention.Set](t, n, http.MethodPut, "/retention", retention.SetRequest{CheckRequest: in, Seen: *c.Seen, Over: *c.Over})
		return out, func() {
			for _, r := range out.Rules {
				t.say("%s: %d 天 (days)", r.Kind, r.Days)
			}
		}, err
	})
}
