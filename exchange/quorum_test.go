package exchange_test

import (
	"context"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

func (g *government) demands(t *testing.T, members int) {
	t.Helper()
	g.say(t, func(ctx context.Context, w *node.Writing) error { return region.SetQuorum(ctx, w, "suitong", members) })
}

func (g *government) quorum(t *testing.T) (q region.Quorum) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		q, err = region.QuorumOf(context.Background(), tx, g.Member, "suitong")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestACircleDemandsWhatAllItsMembersDo: no member binds another one, and whoever left binds nobody.
func TestACircleDemandsWhatAllItsMembersDo(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := neighbours(t)
	hears := func(g, of *government) {
		t.Helper()
		if _, err := g.follower(t).Once(ctx, "suitong", of.Member, g.of(t, of)); err != nil {
			t.Fatal(err)
		}
	}
	suining.demands(t, 2)
	hears(tongnan, suining)
	for _, g := range []*government{suining, tongnan} {
		if q := g.quorum(t); q.Members != 0 || len(q.Demands) != 2 {
			t.Errorf("%s: bound by one: %+v", g.Member, q)
		}
	}
	tongnan.demands(t, 1)
	hears(suining, tongnan)
	a, b := suining.quorum(t), tongnan.quorum(t)
	if a.Members != 1 || b.Members != 1 || !a.Since.Equal(b.Since) || a.Since.IsZero() {
		t.Errorf("%+v and %+v", a, b)
	}
	tongnan.demands(t, 0)
	hears(suining, tongnan)
	if q := suining.quorum(t); q.Members != 0 {
		t.Errorf("taken back: %+v", q)
	}
	_, err := suining.Write(ctx, node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: "510900"}},
		func(ctx context.Context, w *node.Writing) error { return region.SetQuorum(ctx, w, "suitong", -1) })
	if !refuse.Is(err, "region.quorum") {
		t.Errorf("fewer than none: %v", err)
	}
}
