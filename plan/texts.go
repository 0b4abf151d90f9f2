package plan

import (
	"context"
	"embed"
	"strings"

	"liandong/plan/sheet"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// RefusalText says in the reader's language why a file is not read at all, and what to do.
func RefusalText(ctx context.Context, no *sheet.Refusal) string {
	return lang.Pick(ctx, no.Message+no.Suggestion, strings.ToUpper(no.English[:1])+no.English[1:]+".")
}
