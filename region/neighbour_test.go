package region_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/node/kindtest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

type government struct {
	*node.Node
	key book.Key
}

func opens(t *testing.T, member, origin string) government {
	t.Helper()
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat(member, 8)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(context.Background(), node.Config{
		Identity: node.Identity{Member: member, Name: member, Origin: origin}, Key: key,
		Store: storetest.OpenSQLite(t), Modules: []node.Module{region.Module()}, May: region.Permit,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	g := government{n, key}
	if err := g.say(func(ctx context.Context, w *node.Writing) error {
		return region.OpenCircle(ctx, w, region.Circle{ID: "suitong", Name: "遂潼", Members: []string{"500152", "510900"}})
	}); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g government) say(act node.Act) error {
	_, err := g.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "administrator", Member: g.Member}}, act)
	return err
}

// facts are how g is recognised.
func (g government) facts(t *testing.T, key book.Key) region.RecognisedFacts {
	t.Helper()
	request, err := key.RequestKey()
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := key.Cosigner(g.Origin + "/witness")
	if err != nil {
		t.Fatal(err)
	}
	return region.RecognisedFacts{
		Member: g.Member, Origin: g.Origin, Key: region.KeyText(key.Public()), Witness: region.KeyText(cosigner.Public()),
		Request: region.KeyText(request.Public().(ed25519.PublicKey)),
	}
}

func (g government) recognise(f region.RecognisedFacts, causes ...node.Position) error {
	return g.say(func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
			Circle: "suitong", Facts: f, Words: &region.RecognisedWords{Name: "潼南区", Address: "https://tongnan.example"}, Causes: causes,
		})
		return err
	})
}

func (g government) neighbours(t *testing.T) (all []region.Neighbour) {
	t.Helper()
	err := g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = region.Neighbours(context.Background(), tx, g.Member, "suitong")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNeighboursAreRecognised(t *testing.T) {
	suining, tongnan := opens(t, "510900", "suining.example"), opens(t, "500152", "tongnan.example")
	f := tongnan.facts(t, tongnan.key)
	for name, c := range map[string]struct {
		change func(f *region.RecognisedFacts)
		code   string
	}{
		"itself":       {func(f *region.RecognisedFacts) { f.Member = "510900" }, "region.member.oneself"},
		"no code":      {func(f *region.RecognisedFacts) { f.Member = "潼南" }, "region.member-code"},
		"no origin":    {func(f *region.RecognisedFacts) { f.Origin = "a b" }, "region.member.origin-form"},
		"a short key":  {func(f *region.RecognisedFacts) { f.Key = "AAAA" }, "region.member.key-form"},
		"a negative":   {func(f *region.RecognisedFacts) { f.Until = -1 }, "region.member.until"},
		"no witness":   {func(f *region.RecognisedFacts) { f.Witness = "" }, "region.member.key-form"},
		"no requester": {func(f *region.RecognisedFacts) { f.Request = "" }, "region.member.key-form"},
	} {
		changed := f
		c.change(&changed)
		if err := suining.recognise(changed); !refuse.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if err := suining.recognise(f); err != nil {
		t.Fatal(err)
	}
	other := f
	other.Member = "511500"
	if err := suining.recognise(other); !refuse.Is(err, "region.member.origin-taken") {
		t.Errorf("one origin for two members: %v", err)
	}
	got := suining.neighbours(t)
	if len(got) != 1 || got[0].Name != "潼南区" || got[0].Address != "https://tongnan.example" || got[0].Suspended || got[0].Left ||
		got[0].Verifier("suitong") != book.VerifierKey("tongnan.example/suitong", tongnan.key.Public()) {
		t.Errorf("neighbours: %+v", got)
	}
	for _, suspended := range []bool{true, false} {
		if err := suining.suspend("500152", suspended); err != nil {
			t.Fatal(err)
		}
		if got := suining.neighbours(t); got[0].Suspended != suspended {
			t.Errorf("suspended: %v, want %v", got[0].Suspended, suspended)
		}
	}
	if err := suining.suspend("511500", true); !refuse.Is(err, "region.member.unrecognised") {
		t.Errorf("a stranger is suspended: %v", err)
	}
	kindtest.Prove(t, suining.Node)
}

func (g government) suspend(member string, suspended bool) error {
	return g.say(func(ctx context.Context, w *node.Writing) error {
		_, err := region.MemberSuspended.Say(ctx, w, node.Said[region.SuspendedFacts, region.ReasonWords]{
			Circle: "suitong", Facts: region.SuspendedFacts{Member: member, Suspended: suspended}, Words: &region.ReasonWords{Reason: "演练"},
		})
		return err
	})
}

// receive takes all that stands in the other's book of the circle.
func (g government) receive(t *testing.T, from government) error {
	t.Helper()
	ctx := context.Background()
	p := node.Page{Book: from.BookName("suitong")}
	err := from.Store.Read(ctx, func(tx *store.Tx) error {
		head, checkpoint, err := node.Head(ctx, tx, p.Book)
		if err != nil {
			return err
		}
		p.Head, p.Key = checkpoint, head.Key
		if p.Entries, err = node.Entries(ctx, tx, p.Book, 0, int(head.Size)); err != nil {
			return err
		}
		p.Beside, err = node.Beside(ctx, tx, p.Book, 0, int(head.Size))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Receive(ctx, p)
	return err
}

func TestAKeyIsRolledAndLost(t *testing.T) {
	suining, tongnan := opens(t, "510900", "suining.example"), opens(t, "500152", "tongnan.example")
	if err := suining.recognise(tongnan.facts(t, tongnan.key)); err != nil {
		t.Fatal(err)
	}
	newer, err := book.GenerateKey(strings.NewReader(strings.Repeat("newer", 8)))
	if err != nil {
		t.Fatal(err)
	}
	f := tongnan.facts(t, newer)
	var rolled node.Position
	if err := tongnan.say(func(ctx context.Context, w *node.Writing) (err error) {
		rolled, err = region.KeyRolled.Say(ctx, w, node.Said[region.RolledFacts, region.ReasonWords]{
			Circle: "suitong", Facts: region.RolledFacts{Key: f.Key, Witness: f.Witness, Request: f.Request}, Words: &region.ReasonWords{Reason: "例行更换"},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := suining.receive(t, tongnan); err != nil {
		t.Fatal(err)
	}
	f.Until = rolled.Index
	if err := suining.recognise(f, rolled); !refuse.Is(err, "region.member.other-roll") {
		t.Errorf("another size than that of the roll: %v", err)
	}
	f.Until = rolled.Index + 1
	strange := f
	strange.Key = suining.facts(t, suining.key).Key
	if err := suining.recognise(strange, rolled); !refuse.Is(err, "region.member.other-roll") {
		t.Errorf("another key than that of the roll: %v", err)
	}
	if err := suining.recognise(f, rolled); err != nil {
		t.Fatal(err)
	}
	if got := suining.neighbours(t); got[0].Key != region.KeyText(newer.Public()) {
		t.Errorf("recognised: %+v", got)
	}
	if err := suining.receive(t, tongnan); err != nil {
		t.Errorf("what was signed by the old key before the roll: %v", err)
	}
	if err := tongnan.say(func(ctx context.Context, w *node.Writing) error { // a thief goes on with the old key
		_, err := region.CircleLeft.Say(ctx, w, node.Said[region.LeftFacts, region.ReasonWords]{
			Circle: "suitong", Words: &region.ReasonWords{Reason: "假的"},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := suining.receive(t, tongnan); !errors.Is(err, node.ErrUnrecognised) {
		t.Errorf("a head beyond the roll under the old key: %v", err)
	}
	kindtest.Prove(t, suining.Node)
}

// TestAKeyLostBeforeAnythingWasRead: of a book of which nothing was read, no head under the lost key is good.
func TestAKeyLostBeforeAnythingWasRead(t *testing.T) {
	suining, thief := opens(t, "510900", "suining.example"), opens(t, "500152", "tongnan.example")
	if err := suining.recognise(thief.facts(t, thief.key)); err != nil {
		t.Fatal(err)
	}
	newer, err := book.GenerateKey(strings.NewReader(strings.Repeat("newer", 8)))
	if err != nil {
		t.Fatal(err)
	}
	if err := suining.recognise(thief.facts(t, newer)); err != nil { // read here as far as 0
		t.Fatal(err)
	}
	if err := suining.receive(t, thief); !errors.Is(err, node.ErrUnrecognised) {
		t.Errorf("a head under the lost key: %v", err)
	}
	kindtest.Prove(t, suining.Node)
}

func TestLeavingIsSeen(t *testing.T) {
	suining, tongnan := opens(t, "510900", "suining.example"), opens(t, "500152", "tongnan.example")
	if err := suining.recognise(tongnan.facts(t, tongnan.key)); err != nil {
		t.Fatal(err)
	}
	leave := func(ctx context.Context, w *node.Writing) error {
		_, err := region.CircleLeft.Say(ctx, w, node.Said[region.LeftFacts, region.ReasonWords]{
			Circle: "suitong", Words: &region.ReasonWords{Reason: "协议到期"},
		})
		return err
	}
	if err := tongnan.say(leave); err != nil {
		t.Fatal(err)
	}
	if err := suining.receive(t, tongnan); err != nil {
		t.Fatal(err)
	}
	if got := suining.neighbours(t); !got[0].Left {
		t.Errorf("left: %+v", got)
	}
	kindtest.Prove(t, suining.Node)
}
