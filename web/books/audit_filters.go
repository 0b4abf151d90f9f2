package books

import (
	"context"
	"net/url"

	"liandong/web"
	"liandong/web/ui"
)

func kindOptions(ctx context.Context, kinds []string) []ui.Option {
	all := []ui.Option{{Value: "", Label: web.T(ctx, "books.audit.any")}}
	for _, k := range kinds {
		all = append(all, ui.Option{Value: k, Label: kindName(ctx, k)})
	}
	return all
}

func anyOf(ctx context.Context, options []option) []ui.Option {
	all := []ui.Option{{Value: "", Label: web.T(ctx, "books.audit.any")}}
	for _, o := range options {
		all = append(all, ui.Option{Value: o.Value, Label: o.Label})
	}
	return all
}

// nextPage is this page from a cursor on.
func nextPage(ctx context.Context, cursor string) string {
	u, err := url.Parse(ui.FrameOf(ctx).Here)
	if cursor == "" || err != nil {
		return ""
	}
	return ui.With(u, "after", cursor)
}
