package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"liandong/node"
)

// keepRule (保存期限) says how long the words of a kind are kept. There is none unless the operator sets it: how long
// what is kept is a matter of his rules, not of ours.
type keepRule struct {
	kind string // without version: plan.report.filed
	days int
}

// keepRules reads KIND=DAYS. A kind that the node does not know is refused: a mistyped rule would keep everything.
func keepRules(n *node.Node, texts []string) (all []keepRule, err error) {
	known := map[string]bool{}
	for _, m := range n.Modules() {
		for _, k := range m.Kinds {
			base, _, _ := strings.Cut(k.KindName(), "/")
			known[base] = true
		}
	}
	for _, text := range texts {
		kind, days, _ := strings.Cut(text, "=")
		r := keepRule{kind: kind}
		if r.days, err = strconv.Atoi(days); err != nil || r.days < 1 || !known[kind] {
			return nil, fmt.Errorf("保存期限 %q 不对:写成 类别=天数,如 plan.report.filed=3650;类别见 docs/reference/kinds.md (a rule is KIND=DAYS)", text)
		}
		all = append(all, r)
	}
	return all, nil
}

// retire erases the words whose time is over.
func (a *app) retire(ctx context.Context) {
	for _, r := range a.keep {
		before := a.folder.Now().Add(-time.Duration(r.days) * 24 * time.Hour)
		n, err := a.folder.EraseOlder(ctx, r.kind, before, fmt.Sprintf("保存期限 %d 天 (kept for %d days)", r.days, r.days))
		if err != nil && ctx.Err() == nil {
			a.log.Error("erase words whose time is over", "kind", r.kind, "error", err)
		}
		if n > 0 {
			a.log.Info("erased words whose time is over", "kind", r.kind, "entries", n)
		}
	}
}
