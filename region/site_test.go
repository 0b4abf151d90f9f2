package region_test

import (
	"context"
	"encoding/base64"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/node/kindtest"
	"liandong/region"
	"liandong/rules/mark"
	"liandong/rules/refuse"
	"liandong/store"
)

// TestTheSiteIsNamedByTheAdministratorInTheOwnBook: texts within their bounds, a mark that does nothing.
func TestTheSiteIsNamedByTheAdministratorInTheOwnBook(t *testing.T) {
	g := town(t)
	names := func(seat region.Seat, w region.SiteWords) error {
		return g.in("admin", seat, func(ctx context.Context, wr *node.Writing) error { return region.NameSite(ctx, wr, w) })
	}
	draws := func(seat region.Seat, f region.MarkFacts, picture string) error {
		return g.in("admin", seat, func(ctx context.Context, w *node.Writing) error {
			_, err := region.MarkSet.Say(ctx, w, node.Said[region.MarkFacts, region.MarkWords]{
				Circle: node.Self, Facts: f, Words: &region.MarkWords{Picture: base64.StdEncoding.EncodeToString([]byte(picture))},
			})
			return err
		})
	}
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h4v4z"/></svg>`
	walk(t, []step{
		{"a coordinator", names(region.Coordinator, region.SiteWords{Name: "平台"}), "node.not-permitted"},
		{"two lines", names(region.Administrator, region.SiteWords{Name: "平\n台"}), "region.site.line"},
		{"a telephone of nobody", names(region.Administrator, region.SiteWords{Phone: "12345"}), "region.site.office"},
		{"good", names(region.Administrator, region.SiteWords{Name: "遂潼联动平台", Office: "区域合作科", Phone: "12345"}), ""},
		{"a mark by the auditor", draws(region.Auditor, region.MarkFacts{Form: mark.SVG}, svg), "node.not-permitted"},
		{"a mark that is none", draws(region.Administrator, region.MarkFacts{Form: mark.SVG}, "GIF89a"), "region.mark.form"},
		{"another form than it is", draws(region.Administrator, region.MarkFacts{Form: mark.PNG}, svg), "region.mark.form"},
		{"a form that there is none of", draws(region.Administrator, region.MarkFacts{Form: "gif"}, svg), "region.mark.form"},
		{"a mark that does something", draws(region.Administrator, region.MarkFacts{Form: mark.SVG}, `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "region.mark.part"},
		{"a good mark", draws(region.Administrator, region.MarkFacts{Form: mark.SVG}, svg), ""},
	})
	err := g.Store.Read(context.Background(), func(tx *store.Tx) error {
		s, err := region.SiteOf(context.Background(), tx)
		if err != nil || s.Name != "遂潼联动平台" || s.Mark == "" {
			t.Errorf("%+v, %v", s, err)
		}
		b, form, err := region.MarkOf(context.Background(), tx, s.Mark)
		if err != nil || form != mark.SVG || string(b) != svg {
			t.Errorf("%q, %s, %v", b, form, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = g.in("admin", region.Administrator, func(ctx context.Context, w *node.Writing) error {
		if err := w.OpenBook(ctx, "suitong"); err != nil {
			return err
		}
		_, err := region.SiteNamed.Say(ctx, w, node.Said[region.NoWords, region.SiteWords]{Circle: "suitong", Words: &region.SiteWords{Name: "x"}})
		return err
	})
	if !refuse.Is(err, "region.only-self") {
		t.Errorf("in a circle's book: %v", err)
	}
	kindtest.Prove(t, g.Node)
	kindtest.Golden(t, g.Node, "testdata/golden-site.txt")
}

// TestHowLongWordsAreKept: within bounds, each kind once, by a rule that is named; what holds until it is replaced has no such time.
func TestHowLongWordsAreKept(t *testing.T) {
	g := town(t)
	keeps := func(seat region.Seat, source string, rules ...region.KeepRule) error {
		return g.in("admin", seat, func(ctx context.Context, w *node.Writing) error { return region.SetKeeping(ctx, w, rules, source) })
	}
	walk(t, []step{
		{"the auditor", keeps(region.Auditor, "档案规定", region.KeepRule{Kind: "region.note.said", Days: 365}), "node.not-permitted"},
		{"no source", keeps(region.Administrator, " ", region.KeepRule{Kind: "region.note.said", Days: 365}), "region.retention.source"},
		{"too short", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.note.said", Days: 364}), "region.retention.days"},
		{"too long", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.note.said", Days: 40_000}), "region.retention.days"},
		{"a kind that there is none of", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.note.sang", Days: 365}), "region.retention.kind"},
		{"the directory", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.org.named", Days: 365}), "region.retention.kind"},
		{"without words", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.security.set", Days: 365}), "region.retention.kind"},
		{"titles of what stands", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "plan.item.opened", Days: 3650}), "region.retention.kind"},
		{"twice", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.note.said", Days: 365}, region.KeepRule{Kind: "region.note.said", Days: 366}), "region.retention.kind"},
		{"two kinds", keeps(region.Administrator, "档案规定", region.KeepRule{Kind: "region.note.said", Days: 365}, region.KeepRule{Kind: "region.hearsay.said", Days: 3650}), ""},
		{"the last counts for all", keeps(region.Administrator, "档案规定（修订）", region.KeepRule{Kind: "region.note.said", Days: 730}), ""},
	})
	err := g.Store.Read(context.Background(), func(tx *store.Tx) error {
		k, err := region.KeepingOf(context.Background(), tx)
		if err != nil || len(k.Rules) != 1 || k.Rules[0] != (region.KeepRule{Kind: "region.note.said", Days: 730}) || k.Source != "档案规定（修订）" {
			t.Errorf("%+v, %v", k, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	kindtest.Prove(t, g.Node)
	kindtest.Golden(t, g.Node, "testdata/golden-retention.txt")
}

// TestWhatHoldsHasNoTime: Check refuses by its own table, whatever the node that wrote it let through; what is new is kept until it is named.
func TestWhatHoldsHasNoTime(t *testing.T) {
	for rule, want := range map[region.KeepRule]string{
		{Kind: "plan.item.opened", Days: 3650}:     "region.retention.kind",
		{Kind: "plan.listed", Days: 3650}:          "region.retention.kind",
		{Kind: "plan.share.asked", Days: 3650}:     "region.retention.kind",
		{Kind: "plan.group.set", Days: 3650}:       "region.retention.kind",
		{Kind: "region.org.named", Days: 3650}:     "region.retention.kind",
		{Kind: "plan.invented.said", Days: 3650}:   "region.retention.kind",
		{Kind: "plan.report.accepted", Days: 729}:  "region.retention.days",
		{Kind: "plan.slip.answered", Days: 364}:    "region.retention.days",
		{Kind: "plan.report.accepted", Days: 730}:  "",
		{Kind: "plan.slip.answered/1", Days: 3650}: "region.retention.kind",
	} {
		err := region.KeepSet.Check(t.Context(), nil, book.Entry{Circle: node.Self}, region.KeepFacts{Rules: []region.KeepRule{rule}})
		if want == "" && err != nil || want != "" && !refuse.Is(err, want) {
			t.Errorf("%v: %v, want %q", rule, err, want)
		}
	}
}
