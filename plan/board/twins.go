package board

import (
	"context"
	"fmt"

	"liandong/plan"
	"liandong/plan/twin"
	"liandong/web/ui"
)

func twinCrumbs(ctx context.Context, p plan.TwinsPage) []ui.Link {
	return []ui.Link{
		{Label: t(ctx, "overview.title"), Href: "/plan"},
		{Label: p.Plan.Words.Title, Href: "/plan/" + p.Key},
		{Label: p.Listing.Words.Title, Href: "/item/" + p.Item},
	}
}

func percent(score float64) string { return fmt.Sprintf("%.0f %%", 100*score) }

func reason(ctx context.Context, r twin.Reason) string {
	if english(ctx) {
		return r.En
	}
	return r.Zh
}

func dash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}
