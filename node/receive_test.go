package node_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/store"
	"liandong/store/storetest"
)

// recognised is a kind by which a book recognises a neighbour's key.
type recognisedFacts struct {
	Member   string `json:"member"`
	Verifier string `json:"verifier"`
	Until    int64  `json:"until"`
}

var recognised = &node.Kind[recognisedFacts, addWords]{
	Name: "test.recognised/1", Action: "count",
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f recognisedFacts) ([]string, error) {
		return nil, own.Recognise(ctx, f.Member, f.Verifier, f.Until)
	},
}

// answered is a kind that answers an entry of another book: it adds what that one added.
var answered = &node.Kind[struct{}, addWords]{
	Name: "test.answered/1", Action: "count",
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ struct{}) error {
		_, err := own.Cause(ctx, e, 0)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ struct{}) ([]string, error) {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return nil, err
		}
		var f addFacts
		if err := book.DecodeFacts(cause.Facts, &f); err != nil {
			return nil, err
		}
		return added.Apply(ctx, own, e, f)
	},
}

// meeting is counting with what it takes to meet a neighbour.
var meeting = func() node.Module {
	m := counting
	m.Kinds = []node.AnyKind{added, recognised, answered, shown, heavy}
	return m
}()

type party struct {
	*node.Node
	key book.Key
}

// meets opens the node of a member in the circle suitong.
func meets(t testing.TB, s *store.Store, member, origin string) party {
	t.Helper()
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat(member, 8)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(context.Background(), node.Config{
		Identity: node.Identity{Member: member, Name: member, Origin: origin}, Key: key, Store: s,
		Modules: []node.Module{meeting},
		May:     func(node.Actor, string) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	p := party{n, key}
	p.say(t, func(ctx context.Context, w *node.Writing) error { return w.OpenBook(ctx, "suitong") })
	return p
}

func (p party) say(t testing.TB, act node.Act) node.Receipt {
	t.Helper()
	receipt, err := p.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Member: p.Member}}, act)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func (p party) verifier() string { return book.VerifierKey(p.OriginOf("suitong"), p.key.Public()) }

func (p party) recognises(t testing.TB, other party, until int64) {
	t.Helper()
	p.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := recognised.Say(ctx, w, node.Said[recognisedFacts, addWords]{
			Circle: "suitong", Facts: recognisedFacts{other.Member, other.verifier(), until},
		})
		return err
	})
}

// page reads a stretch of the own book as a neighbour gets it.
func (p party) page(t testing.TB, from int64, count int) node.Page {
	t.Helper()
	return p.pageOf(t, p.BookName("suitong"), from, count)
}

// pageOf reads a stretch of a book as it stands here.
func (p party) pageOf(t testing.TB, name string, from int64, count int) node.Page {
	t.Helper()
	page := node.Page{Book: name, From: from}
	ctx := context.Background()
	err := p.Store.Read(ctx, func(tx *store.Tx) error {
		head, checkpoint, err := node.Head(ctx, tx, page.Book)
		if err != nil {
			return err
		}
		page.Head, page.Key = checkpoint, head.Key
		if page.Entries, err = node.Entries(ctx, tx, page.Book, from, count); err != nil {
			return err
		}
		page.Beside, err = node.Beside(ctx, tx, page.Book, from, count)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func (p party) receive(t testing.TB, page node.Page) int64 {
	t.Helper()
	size, err := p.Receive(context.Background(), page)
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// sameAsReplayed holds the tables to what the books add up to.
func (p party) sameAsReplayed(t testing.TB) {
	t.Helper()
	v, err := p.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Faults {
		t.Errorf("%s/%d [%s] %s", f.Book, f.Index, f.Code, f.What)
	}
}

func twoParties(t *testing.T, s *store.Store) (suining, tongnan party) {
	suining = meets(t, s, "510900", "suining.example")
	tongnan = meets(t, storetest.OpenSQLite(t), "500152", "tongnan.example")
	suining.recognises(t, tongnan, 0)
	tongnan.recognises(t, suining, 0)
	return suining, tongnan
}

func TestReceiveTakesANeighboursBook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		suining, tongnan := twoParties(t, s)
		for i := range 600 {
			tongnan.say(t, add("suitong", "bridge", int64(i)))
		}
		for _, step := range []struct {
			from  int64
			count int
			size  int64
		}{{0, 1, 1}, {0, 256, 256}, {100, 200, 300}, {300, 700, 601}, {0, 601, 601}} {
			if size := suining.receive(t, tongnan.page(t, step.from, step.count)); size != step.size {
				t.Fatalf("from %d: %d entries are here, want %d", step.from, size, step.size)
			}
			suining.sameAsReplayed(t)
		}
		if sum := total(t, suining.Node, "bridge"); sum != 600*599/2 {
			t.Errorf("the sum is %d", sum)
		}
		suining.say(t, add("suitong", "bridge", 1)) // its own book goes on
		suining.sameAsReplayed(t)
	})
}

func TestReceiveRefuses(t *testing.T) {
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	stranger := meets(t, storetest.OpenSQLite(t), "511500", "yibin.example")
	for i := range 9 {
		tongnan.say(t, add("suitong", "bridge", int64(i)))
	}
	stranger.say(t, add("suitong", "bridge", 1))
	suining.receive(t, tongnan.page(t, 0, 4))
	for _, c := range []struct {
		name   string
		change func(p *node.Page)
		want   error
	}{
		{"a stranger's book", func(p *node.Page) { *p = stranger.page(t, 0, 1) }, node.ErrUnrecognised},
		{"another member under the name", func(p *node.Page) { p.Book = "511500/suitong" }, node.ErrUnrecognised},
		{"entries are skipped", func(p *node.Page) { *p = tongnan.page(t, 5, 2) }, node.ErrGap},
		{"another entry than was here", func(p *node.Page) { *p = tongnan.page(t, 3, 7); p.Entries[0] = p.Entries[1] }, node.ErrOtherBook},
		{"a changed entry", func(p *node.Page) { p.Entries[5] = bytes.Replace(p.Entries[5], []byte(`bridge`), []byte(`badger`), 1) }, node.ErrOtherBook},
		{"other words", func(p *node.Page) { p.Beside[0].Words.Text = []byte(`{"why":"no"}`) }, node.ErrOtherWords},
		{"a head nobody signed", func(p *node.Page) { p.Head = bytes.Replace(p.Head, []byte("\n10\n"), []byte("\n11\n"), 1) }, book.ErrBadSignature},
		{"our own book while we write", func(p *node.Page) { *p = suining.page(t, 0, 1) }, node.ErrUnrecognised},
	} {
		page := tongnan.page(t, 4, 6)
		c.change(&page)
		if _, err := suining.Receive(context.Background(), page); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	suining.sameAsReplayed(t)
	if size := suining.receive(t, tongnan.page(t, 4, 6)); size != 10 {
		t.Errorf("after all that the book has %d entries here", size)
	}
	suining.sameAsReplayed(t)
}

func TestAKeyIsGoodUntilItWasRolled(t *testing.T) {
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	for i := range 4 {
		tongnan.say(t, add("suitong", "bridge", int64(i)))
	}
	suining.recognises(t, tongnan, 5)
	suining.receive(t, tongnan.page(t, 0, 5))
	tongnan.say(t, add("suitong", "bridge", 9))
	if _, err := suining.Receive(context.Background(), tongnan.page(t, 5, 1)); !errors.Is(err, node.ErrUnrecognised) {
		t.Errorf("a head beyond the roll: %v", err)
	}
}

func TestACauseTravelsBesideTheEntry(t *testing.T) {
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	yibin := meets(t, storetest.OpenSQLite(t), "511500", "yibin.example")
	yibin.recognises(t, suining, 0)
	yibin.recognises(t, tongnan, 0)
	said := tongnan.say(t, add("suitong", "road", 7)).Entries[0]
	suining.receive(t, tongnan.page(t, 0, 2))
	suining.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := answered.Say(ctx, w, node.Said[struct{}, addWords]{Circle: "suitong", Causes: []node.Position{said}})
		return err
	})
	suining.sameAsReplayed(t)

	page := suining.page(t, 0, 2) // yibin never saw the book of the cause
	bare := page
	bare.Beside = make([]book.Beside, 2)
	bare.Beside[0] = page.Beside[0]
	if _, err := yibin.Receive(context.Background(), bare); !errors.Is(err, node.ErrCauseAbsent) {
		t.Errorf("without the evidence: %v", err)
	}
	spoilt := suining.page(t, 0, 2)
	spoilt.Beside[1].Causes[0].Evidence.Inclusion = append(spoilt.Beside[1].Causes[0].Evidence.Inclusion, [32]byte{1})
	if _, err := yibin.Receive(context.Background(), spoilt); !errors.Is(err, node.ErrCauseAbsent) {
		t.Errorf("with evidence that does not hold: %v", err)
	}
	yibin.receive(t, page)
	if sum := total(t, yibin.Node, "road"); sum != 7 {
		t.Errorf("the answer adds %d, want what it answers: 7", sum)
	}
	yibin.sameAsReplayed(t)
}

func TestAnEntryThatBreaksARuleIsSetAsideAlike(t *testing.T) {
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	yibin := meets(t, storetest.OpenSQLite(t), "511500", "yibin.example")
	yibin.recognises(t, tongnan, 0)
	b := forged(t, tongnan)
	aside := func(p party) (reasons string) {
		p.receive(t, b)
		ctx := context.Background()
		err := p.Store.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, `SELECT idx, reason FROM node_aside ORDER BY idx`)
			if err != nil {
				return err
			}
			all, err := store.Collect(rows, func(scan func(...any) error) (s string, err error) {
				var i int
				err = scan(&i, &s)
				return fmt.Sprintf("%d %.12s", i, s), err
			})
			reasons = strings.Join(all, "; ")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p.sameAsReplayed(t)
		if sum := total(t, p.Node, "bridge"); sum != 5 {
			t.Errorf("%s: the sum is %d, want what was valid: 5", p.Member, sum)
		}
		return reasons
	}
	want := "1 count.negati; 2 other-book; 3 time-order; 4 unknown-kind; 5 malformed: 第; 6 node.facts-m"
	if got := aside(suining); got != want {
		t.Errorf("set aside: %s, want %s", got, want)
	}
	if got := aside(yibin); got != want {
		t.Errorf("set aside elsewhere: %s, want %s", got, want)
	}
}

// forged is a book that tongnan signs although its own node would have refused most of it.
func forged(t *testing.T, tongnan party) node.Page {
	t.Helper()
	p := node.Page{Book: "500152/suitong", Key: tongnan.verifier()}
	tree := &book.Tree{}
	entry := func(member, at, kind, facts string) string {
		return `{"v":1,"kind":"` + kind + `","member":"` + member + `","circle":"suitong","org":"o-1","person":"p-1","at":"` + at +
			`","subjects":[],"facts":` + facts + `,"causes":[],"words":null}`
	}
	for _, raw := range []string{
		entry("500152", "2026-01-02T00:00:00.000Z", "count.added/1", `{"to":"bridge","n":2}`),
		entry("500152", "2026-01-02T00:00:00.000Z", "count.added/1", `{"to":"bridge","n":-1}`),
		entry("510900", "2026-01-02T00:00:00.000Z", "count.added/1", `{"to":"bridge","n":100}`),
		entry("500152", "2026-01-01T00:00:00.000Z", "count.added/1", `{"to":"bridge","n":100}`),
		entry("500152", "2026-01-02T00:00:00.000Z", "count.newer/2", `{}`),
		`{"v":1,"kind":"count.added/1","kind":"count.added/1"}`,
		entry("500152", "2026-01-02T00:00:00.000Z", "count.added/1", `{"to":"bridge","n":"1"}`),
		entry("500152", "2026-01-03T00:00:00.000Z", "count.added/1", `{"to":"bridge","n":3}`),
	} {
		p.Entries = append(p.Entries, []byte(raw))
		tree.Append(book.LeafHash([]byte(raw)))
	}
	p.Beside = make([]book.Beside, len(p.Entries))
	var err error
	p.Head, err = book.SignCheckpoint("tongnan.example/suitong", tree.Size(), tree.Root(), tongnan.key.Signer("tongnan.example/suitong"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
