package bulletin

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/web"
	"liandong/web/lang"
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

// proof is the address of the entry that stands at a position.
func proof(at node.Position) string {
	_, circle, _ := strings.Cut(at.Book, "/")
	return "/proof/" + url.PathEscape(circle) + "/" + strconv.FormatInt(at.Index, 10)
}

// makeKey names what is made of a period: a month's bulletin, or a summary.
func makeKey(p judge.Period) string {
	if p.Cycle() == judge.Month {
		return "bulletin.make"
	}
	return "bulletin.make.summary"
}

// monthName is the month in the reader's language.
func monthName(ctx context.Context, m judge.Period) string {
	return lang.Pick(ctx, m.Zh(), m.En())
}

func listOptions(ctx context.Context, b *plan.BulletinPage) (all []ui.Option) {
	for _, l := range b.Lists {
		o := ui.Option{Value: l.Plan, Label: l.Title}
		if l.Circle == node.Self {
			o.Hint = web.T(ctx, "bulletin.lists.inside")
		}
		all = append(all, o)
	}
	return all
}

func listValues(b *plan.BulletinPage) (all []string) {
	for _, l := range b.Lists {
		if l.Chosen {
			all = append(all, l.Plan)
		}
	}
	return all
}

// countedHere leads to the rows of a figure where the bulletin takes in all lists of its scope: of
// some lists only there is no such page.
func countedHere(b *plan.BulletinPage, field string) string {
	for _, l := range b.Lists {
		if !l.Chosen {
			return ""
		}
	}
	return figureLink(b, field)
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
