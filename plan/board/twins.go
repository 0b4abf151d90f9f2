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

// unlinkAddress asks before an item is taken from a row.
func unlinkAddress(listing, item string) string {
	return "/listing/" + listing + "/unlink?item=" + item
}

// howOptions are the two ways in which a row that stands for its own item may be linked.
func howOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: linkInstead, Label: t(ctx, "link.instead"), Hint: t(ctx, "link.instead.hint")},
		{Value: linkAlso, Label: t(ctx, "link.also"), Hint: t(ctx, "link.also.hint")},
	}
}
