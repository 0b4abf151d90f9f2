package bulletin

import (
	"context"
	"maps"
	"slices"

	"liandong/plan/letter"
	"liandong/web"
	"liandong/web/ui"
)

// numerals number the sections of a bulletin, which has four.
var numerals = []string{"一", "二", "三", "四", "五", "六"}

// fields are the live figures that the text may name.
func fields(v editView) (all []ui.Fact) {
	for _, name := range slices.Sorted(maps.Keys(v.Draft.Fields)) {
		all = append(all, ui.Fact{Label: name, Value: v.Draft.Fields[name]})
	}
	return all
}

// clip shows the beginning of a report in the list of sources.
func clip(text string) string {
	const most = 90 // characters: two lines of the list
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// whyNot says what issuing waits for.
func whyNot(ctx context.Context, v editView) string {
	if n := v.Draft.Count(); n > letter.Limit {
		return web.T(ctx, "bulletin.too-long", "n", n, "limit", letter.Limit)
	}
	if len(unknown(v)) > 0 {
		return web.T(ctx, "bulletin.unknown")
	}
	return ""
}
