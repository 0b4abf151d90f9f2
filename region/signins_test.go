package region_test

import (
	"context"
	"strings"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// TestTheRecordOfSignInsIsSealedInTheOwnBookOnly: by the node itself, once for each state of the record, and no circle hears of it.
func TestTheRecordOfSignInsIsSealedInTheOwnBookOnly(t *testing.T) {
	g := opens(t, "510900", "suining.example")
	ctx := context.Background()
	if err := g.say(func(ctx context.Context, w *node.Writing) error { return w.OpenBook(ctx, node.Self) }); err != nil {
		t.Fatal(err)
	}
	f := region.SignInsFacts{Lines: 12, Hash: strings.Repeat("ab", 32)}
	for range 2 {
		if err := region.SealSignIns(ctx, g.Node, f); err != nil {
			t.Fatal(err)
		}
	}
	f.Lines = 40
	if err := region.SealSignIns(ctx, g.Node, f); err != nil {
		t.Fatal(err)
	}
	var seals []region.SignInsFacts
	err := g.Store.Read(ctx, func(tx *store.Tx) (err error) {
		seals, err = region.SignInSeals(ctx, tx, g.Member)
		return err
	})
	if err != nil || len(seals) != 2 || seals[0].Lines != 12 || seals[1] != f {
		t.Errorf("sealed: %+v (%v)", seals, err)
	}
	says := func(circle, subject string, f region.SignInsFacts) error {
		_, err := g.Write(ctx, node.Request{Actor: node.Actor{Member: g.Member, Seat: string(region.Machine)}}, func(ctx context.Context, w *node.Writing) error {
			_, err := region.SignInsSealed.Say(ctx, w, node.Said[region.SignInsFacts, region.NoWords]{Circle: circle, Subjects: []string{subject}, Facts: f})
			return err
		})
		return err
	}
	for name, c := range map[string]struct {
		circle, subject, code string
		change                func(*region.SignInsFacts)
	}{
		"in a circle":    {"suitong", "sign-ins", "region.only-self", func(*region.SignInsFacts) {}},
		"of nothing":     {node.Self, "sign-ins", "region.sign-ins", func(f *region.SignInsFacts) { f.Lines = 0 }},
		"without a hash": {node.Self, "sign-ins", "region.sign-ins", func(f *region.SignInsFacts) { f.Hash = "" }},
		"about another":  {node.Self, "quorum", "region.sign-ins", func(*region.SignInsFacts) {}},
	} {
		wrong := f
		c.change(&wrong)
		if err := says(c.circle, c.subject, wrong); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	kindtest.Prove(t, g.Node)
	kindtest.Golden(t, g.Node, "testdata/golden-sign-ins.txt")
}
