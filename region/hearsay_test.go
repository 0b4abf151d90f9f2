package region_test

import (
	"context"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// as acts in the seat of a coordinator.
func (g government) as(act node.Act) error {
	_, err := g.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-2", Org: "o-1", Seat: "coordinator", Member: g.Member}}, act)
	return err
}

func (g government) records(f region.HearsayFacts, words region.HearsayWords, about ...string) (at node.Position, err error) {
	err = g.as(func(ctx context.Context, w *node.Writing) (err error) {
		at, err = region.HearsaySaid.Say(ctx, w, node.Said[region.HearsayFacts, region.HearsayWords]{
			Circle: "suitong", Subjects: about, Facts: f, Words: &words,
		})
		return err
	})
	return at, err
}

func (g government) answers(h region.Hearsay, confirmed bool, text string) error {
	return g.as(func(ctx context.Context, w *node.Writing) error {
		return region.AnswerHearsay(ctx, w, h, confirmed, text)
	})
}

func (g government) hearsays(t *testing.T) (all []region.Hearsay) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = region.Hearsays(context.Background(), tx, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (g government) waiting(t *testing.T) (n int) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		n, err = region.HearsayWaiting(context.Background(), tx, g.Member)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestALateMemberAnswersWhatWasRecordedOfIt: Suining records what Tongnan said by letter and telephone before it had a node. Tongnan joins
// late, reads Suining's book from its start, confirms one, contradicts another; Suining takes a third back.
func TestALateMemberAnswersWhatWasRecordedOfIt(t *testing.T) {
	suining := opens(t, "510900", "suining.example")
	f := region.HearsayFacts{Member: "500152", Source: region.ByTelephone, Day: "2022-05-12"}
	words := region.HearsayWords{Text: "潼南段征地已完成八成", Who: "潼南区交通局 办公室"}
	for name, c := range map[string]struct {
		change func(f *region.HearsayFacts, w *region.HearsayWords)
		code   string
	}{
		"of itself":     {func(f *region.HearsayFacts, _ *region.HearsayWords) { f.Member = "510900" }, "region.hearsay.oneself"},
		"of nobody":     {func(f *region.HearsayFacts, _ *region.HearsayWords) { f.Member = "潼南" }, "region.member-code"},
		"by rumour":     {func(f *region.HearsayFacts, _ *region.HearsayWords) { f.Source = "rumour" }, "region.hearsay.source"},
		"no day":        {func(f *region.HearsayFacts, _ *region.HearsayWords) { f.Day = "5月12日" }, "region.hearsay.day"},
		"a day ahead":   {func(f *region.HearsayFacts, _ *region.HearsayWords) { f.Day = "2999-01-01" }, "region.hearsay.day"},
		"no text":       {func(_ *region.HearsayFacts, w *region.HearsayWords) { w.Text = " " }, "region.hearsay.empty"},
		"nobody to ask": {func(_ *region.HearsayFacts, w *region.HearsayWords) { w.Who = "" }, "region.hearsay.who"},
	} {
		f, words := f, words
		c.change(&f, &words)
		if _, err := suining.records(f, words); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	for _, about := range []string{"l-1", "l-2", "l-3"} {
		if _, err := suining.records(f, words, about); err != nil {
			t.Fatal(err)
		}
	}
	if err := suining.as(func(ctx context.Context, w *node.Writing) error {
		return region.WithdrawHearsay(ctx, w, 99, "suitong", "误记")
	}); !refuse.Is(err, "region.hearsay.unknown") {
		t.Errorf("what was never recorded is withdrawn: %v", err)
	}
	all := suining.hearsays(t)
	if len(all) != 3 || !all[0].Waits() || all[0].Words != words || all[0].Of != "500152" {
		t.Fatalf("recorded: %+v", all)
	}
	third := all[0]
	if err := suining.answers(third, true, ""); !refuse.Is(err, "region.hearsay.not-ours") {
		t.Errorf("who recorded it confirms it: %v", err)
	}
	for i, want := range []string{"", "region.hearsay.unknown"} { // the second time it is withdrawn already
		err := suining.as(func(ctx context.Context, w *node.Writing) error {
			return region.WithdrawHearsay(ctx, w, third.Index, "suitong", "误记")
		})
		if want == "" && err != nil || want != "" && !refuse.Is(err, want) {
			t.Errorf("withdrawn, %d: %v", i, err)
		}
	}

	tongnan := opens(t, "500152", "tongnan.example") // it joins
	for _, err := range []error{
		tongnan.recognise(suining.facts(t, suining.key)), suining.recognise(tongnan.facts(t, tongnan.key)), tongnan.receive(t, suining),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := suining.records(f, words, "l-1"); !refuse.Is(err, "region.hearsay.joined") {
		t.Errorf("it speaks for itself now: %v", err)
	}
	theirs := tongnan.hearsays(t)
	if n := tongnan.waiting(t); len(theirs) != 3 || n != 2 {
		t.Fatalf("Tongnan reads %d of it, %d wait for it", len(theirs), n)
	}
	if err := tongnan.answers(theirs[1], false, " "); !refuse.Is(err, "region.hearsay.account") {
		t.Errorf("contradicted without its own account: %v", err)
	}
	for _, err := range []error{tongnan.answers(theirs[1], false, "只完成六成"), tongnan.answers(theirs[2], true, "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := tongnan.answers(theirs[2], false, "又不是"); !refuse.Is(err, "region.hearsay.answered") {
		t.Errorf("answered twice: %v", err)
	}
	if err := suining.receive(t, tongnan); err != nil {
		t.Fatal(err)
	}
	for _, g := range []government{suining, tongnan} {
		all := g.hearsays(t)
		if h := all[0]; !h.WasWrong || h.Withdrawn != "误记" || h.Waits() {
			t.Errorf("%s, withdrawn: %+v", g.Member, h)
		}
		if h := all[1]; !h.Answered || h.Confirmed || h.Account != "只完成六成" {
			t.Errorf("%s, contradicted: %+v", g.Member, h)
		}
		if h := all[2]; !h.Answered || !h.Confirmed {
			t.Errorf("%s, confirmed: %+v", g.Member, h)
		}
		if g.waiting(t) != 0 {
			t.Errorf("%s: something waits", g.Member)
		}
		kindtest.Prove(t, g.Node)
	}
	kindtest.Golden(t, suining.Node, "testdata/golden-hearsay.txt")
}
