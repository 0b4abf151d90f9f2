package account

import (
	"context"
	"strings"
	"time"

	"liandong/region"
	"liandong/web"
	"liandong/web/ui"
)

func scopeOptions(ctx context.Context, scopes []region.Action) []ui.Option {
	var all []ui.Option
	for _, s := range scopes {
		all = append(all, ui.Option{Value: string(s), Label: actionName(ctx, s)})
	}
	return all
}

func scopeNames(ctx context.Context, scopes []region.Action) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = actionName(ctx, s)
	}
	return strings.Join(names, web.T(ctx, "account.list-comma"))
}

func dayOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: "30", Label: web.T(ctx, "account.tokens.d30")},
		{Value: "90", Label: web.T(ctx, "account.tokens.d90")},
		{Value: "365", Label: web.T(ctx, "account.tokens.d365")},
	}
}

func seenText(ctx context.Context, seen time.Time) string {
	if seen.IsZero() {
		return web.T(ctx, "account.tokens.never")
	}
	return ui.Clock(seen)
}
