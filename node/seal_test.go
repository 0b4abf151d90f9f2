package node_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

type shownFacts struct {
	Key []byte `json:"key"`
}

// shown is a kind by which a book shows its member's sealing key.
var shown = &node.Kind[shownFacts, addWords]{
	Name: "test.shown/1", Action: "count",
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f shownFacts) ([]string, error) {
		return nil, own.ShowSealing(ctx, node.SealHPKE, f.Key)
	},
}

func (p party) shows(t testing.TB) {
	t.Helper()
	key, err := p.SealingKey()
	if err != nil {
		t.Fatal(err)
	}
	p.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := shown.Say(ctx, w, node.Said[shownFacts, addWords]{Circle: "suitong", Facts: shownFacts{key.Public()}})
		return err
	})
}

// confides says a thing to some members of the circle only.
func (p party) confides(circle, why string, to ...string) (node.Position, error) {
	r, err := p.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Member: p.Member}}, func(ctx context.Context, w *node.Writing) error {
		_, err := added.Say(ctx, w, node.Said[addFacts, addWords]{
			Circle: circle, Facts: addFacts{To: "bridge", N: 1}, Words: &addWords{Why: why}, To: to,
		})
		return err
	})
	if err != nil {
		return node.Position{}, err
	}
	return r.Entries[0], nil
}

func (p party) plain(t testing.TB, at node.Position) (plain node.Plain) {
	t.Helper()
	err := p.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		_, plain, err = p.PlainAt(context.Background(), tx, at.Book, at.Index)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestWordsForNamedMembersOnly: of three nodes all keep and prove the words, and two read them, until they are erased.
func TestWordsForNamedMembersOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := twoParties(t, s)
		yibin := meets(t, storetest.OpenSQLite(t), "511500", "yibin.example")
		yibin.recognises(t, suining, 0)
		if _, err := suining.confides("suitong", "尚无公钥", "500152"); !refuse.Is(err, "node.seal.no-key") {
			t.Errorf("to a member without a key: %v", err)
		}
		if _, err := suining.confides(node.Self, "内部", "500152"); !refuse.Is(err, "node.seal.self") {
			t.Errorf("in the own book: %v", err)
		}
		tongnan.shows(t)
		suining.receive(t, tongnan.page(t, 0, 10))
		at, err := suining.confides("suitong", "只告诉潼南", "500152", "500152")
		if err != nil {
			t.Fatal(err)
		}
		page := suining.page(t, 0, 10)
		if strings.Contains(string(page.Beside[at.Index].Words.Text), "潼南") {
			t.Error("the words travel openly")
		}
		for _, c := range []struct {
			party
			state string
		}{{suining, node.PlainHere}, {tongnan, node.PlainHere}, {yibin, node.PlainNotOurs}} {
			if c.Member != "510900" {
				c.receive(t, page)
			}
			p := c.plain(t, at)
			if p.State != c.state || (p.State == node.PlainHere) != bytes.Contains(p.Text, []byte("只告诉潼南")) || strings.Join(p.To, " ") != "510900 500152" {
				t.Errorf("%s reads %s %s for %v, want %s", c.Member, p.State, p.Text, p.To, c.state)
			}
			if w := c.words(t, at.Book, at.Index); w.State != book.WordsHere {
				t.Errorf("%s carries them in state %v", c.Member, w.State)
			}
			c.sameAsReplayed(t)
		}
		suining.erases(t, at.Index)
		page = suining.page(t, 0, 10)
		for _, c := range []party{suining, tongnan, yibin} {
			if c.Member != "510900" {
				c.receive(t, page)
			}
			if p := c.plain(t, at); p.State != node.PlainErased || p.Text != nil {
				t.Errorf("%s after the erasure: %s %s", c.Member, p.State, p.Text)
			}
		}
	})
}
