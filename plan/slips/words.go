package slips

import (
	"context"
	"strconv"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func titleOfNew(ctx context.Context, v newView) string {
	if v.Member != "" {
		return t(ctx, "new.request")
	}
	return t(ctx, "new")
}

// titleOf: between members nobody supervises; it is a request.
func titleOf(ctx context.Context, s plan.Slip) string {
	if s.Member != "" {
		return t(ctx, "request.title")
	}
	return t(ctx, "slip.title")
}

func matter(ctx context.Context, s plan.Slip) string {
	if s.Erased {
		return t(ctx, "erased")
	}
	return s.Words.Matter
}

func grounds(ctx context.Context) (all []ui.Option) {
	for _, g := range plan.SlipGrounds {
		all = append(all, ui.Option{Value: string(g), Label: t(ctx, "ground."+string(g))})
	}
	return all
}

func levels(ctx context.Context, l plan.Ladder) (all []ui.Option) {
	for _, s := range l.Steps {
		all = append(all, ui.Option{Value: s.Level, Label: stepName(ctx, l, s.Level), Hint: t(ctx, "level.days", "n", s.Days)})
	}
	return all
}

// answers says that the reader may sign for and answer a slip: its unit's reporter, or this member's coordinator a neighbour's.
func answers(ctx context.Context, v slipView) bool {
	actor := web.ActorOf(ctx)
	if v.Outcome != "" || !web.May(ctx, region.SlipAnswer) {
		return false
	}
	return v.Ours && v.Org != "" && v.Org == actor.Org || !v.Ours && v.Member == actor.Member && web.May(ctx, region.PlanSlip)
}

// typed is what was typed into a form that was not accepted.
func (v slipView) typed(under string) string {
	if v.Under == under {
		return v.Text
	}
	return ""
}

func happening(ctx context.Context, v slipView, e plan.SlipEvent) ui.Happening {
	h := ui.Happening{What: t(ctx, "event."+e.Kind, "level", stepName(ctx, v.Ladder, e.Level), "due", ui.Date(ctx, string(e.Due))), Who: ui.Date(ctx, string(e.Day)), Proof: web.ProofHref(e.Book, e.Index)}
	if e.Acting != "" {
		h.Who += " · " + e.Acting
	}
	switch e.Kind {
	case "plan.slip.answered":
		h.Tone, h.Icon = ui.Info, "send"
	case "plan.slip.returned":
		h.Tone, h.Icon = ui.Risk, "arrow-back-up"
	case "plan.slip.raised":
		h.Tone, h.Icon = ui.Late, "arrow-up"
	case "plan.slip.closed":
		h.Tone, h.Icon = ui.Good, "checks"
	default:
		h.Icon = "pencil"
	}
	return h
}

// lastSlip is how the last slip of an item ended.
func lastSlip(ctx context.Context, c plan.ClosedSlip) string {
	of := plan.Slip{Year: c.Year, Number: c.Number}
	return t(ctx, "last."+string(c.Outcome), "number", number(of), "day", ui.Date(ctx, string(c.Closed)), "ground", t(ctx, "ground."+string(c.Ground)), "reason", c.Reason)
}

func (v ladderView) step(i int) plan.Step {
	if i < len(v.Steps) {
		return v.Steps[i]
	}
	return plan.Step{}
}

func (v ladderView) days(i int) string {
	if s := v.step(i); s.Days > 0 {
		return strconv.Itoa(s.Days)
	}
	return ""
}
