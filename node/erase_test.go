package node_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// secretly says a thing in the book of the circle and returns its position.
func (p party) secretly(t testing.TB, why string) node.Position {
	t.Helper()
	return p.say(t, func(ctx context.Context, w *node.Writing) error {
		_, err := added.Say(ctx, w, node.Said[addFacts, addWords]{
			Circle: "suitong", Facts: addFacts{To: "bridge", N: 1}, Words: &addWords{Why: why},
		})
		return err
	}).Entries[0]
}

func (p party) erases(t testing.TB, indexes ...int64) node.Position {
	t.Helper()
	r, err := p.Erase(context.Background(), node.Request{Actor: node.Actor{Person: "p-1", Member: p.Member}},
		map[string]node.ErasedFacts{"suitong": {Indexes: indexes, Reason: node.EraseAsked}}, node.ErasedWords{Reference: "申请第 7 号"})
	if err != nil {
		t.Fatal(err)
	}
	return r.Entries[0]
}

// finish does at once what the node does by itself after a commit.
func (p party) finish(t testing.TB) {
	t.Helper()
	if err := p.FinishErasures(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func (p party) words(t testing.TB, name string, index int64) book.Words {
	t.Helper()
	var all []book.Beside
	err := p.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = node.Beside(context.Background(), tx, name, index, 1)
		return err
	})
	if err != nil || len(all) != 1 {
		t.Fatalf("words of %s/%d: %d, %v", name, index, len(all), err)
	}
	return all[0].Words
}

func (p party) erasures(t testing.TB) (all []node.Erasure) {
	t.Helper()
	err := p.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = node.Erasures(context.Background(), tx, "", 0, 10)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAnErasureIsCarriedOutByNeighbours: words go on both nodes, the neighbour confirms once, and nobody who still
// carries them brings them back.
func TestAnErasureIsCarriedOutByNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := twoParties(t, s)
		secret := tongnan.secretly(t, "王某的病历")
		old := tongnan.page(t, 0, 10)
		suining.receive(t, old)
		if w := suining.words(t, secret.Book, secret.Index); !bytes.Contains(w.Text, []byte("病历")) {
			t.Fatalf("before: %v %s", w.State, w.Text)
		}
		erasure := tongnan.erases(t, secret.Index)
		tongnan.finish(t)
		suining.receive(t, tongnan.page(t, 0, 10))
		for range 2 {
			suining.finish(t)
		}
		suining.receive(t, withWords(tongnan.page(t, 0, 10), old)) // of a neighbour that still carries them
		for _, p := range []party{suining, tongnan} {
			if w := p.words(t, secret.Book, secret.Index); w.State != book.WordsErased || w.Text != nil {
				t.Errorf("%s: %v %s", p.Member, w.State, w.Text)
			}
			if err := p.Rebuild(ctx, nil); err != nil {
				t.Fatal(err)
			}
			p.sameAsReplayed(t)
		}
		before := suining.page(t, 0, 100)
		suining.finish(t)
		if after := suining.page(t, 0, 100); len(after.Entries) != len(before.Entries) || len(after.Entries) != 2 {
			t.Errorf("the book of who confirms has %d entries and then %d, want its recognition and one confirmation", len(before.Entries), len(after.Entries))
		}
		tongnan.receive(t, before)
		all := tongnan.erasures(t)
		if len(all) != 1 || all[0].Index != erasure.Index || !all[0].Finished || all[0].Words.Reference != "申请第 7 号" ||
			len(all[0].Confirmed) != 1 || all[0].Confirmed[0].Member != "510900" || time.Since(all[0].Confirmed[0].At) > time.Hour {
			t.Errorf("erasures: %+v", all)
		}
		tongnan.sameAsReplayed(t)
	})
}

// TestWithheldWordsComeLateUnlessErased: a partial neighbour hands an entry on without its words.
func TestWithheldWordsComeLateUnlessErased(t *testing.T) {
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	kept, secret := tongnan.secretly(t, "路面完工"), tongnan.secretly(t, "王某的病历")
	whole := tongnan.page(t, 0, 10)
	partial := tongnan.page(t, 0, 10)
	for i := range partial.Beside {
		if partial.Beside[i].Words.State == book.WordsHere {
			partial.Beside[i].Words = book.Words{State: book.WordsWithheld}
		}
	}
	suining.receive(t, partial)
	tongnan.erases(t, secret.Index)
	suining.receive(t, tongnan.page(t, 3, 10))
	suining.receive(t, withWords(tongnan.page(t, 0, 10), whole))
	if w := suining.words(t, kept.Book, kept.Index); w.State != book.WordsHere {
		t.Errorf("words that came late: %v", w.State)
	}
	if w := suining.words(t, secret.Book, secret.Index); w.State != book.WordsErased {
		t.Errorf("words that were erased before they came: %v", w.State)
	}
	suining.sameAsReplayed(t)
	forged := withWords(tongnan.page(t, 0, 10), whole)
	forged.Beside[1].Words.Text = []byte(`{"why":"forged"}`)
	if _, err := suining.Receive(context.Background(), forged); err == nil {
		t.Error("words that do not match their commitment were taken over those that stand")
	}
}

func TestErasureRefusals(t *testing.T) {
	_, tongnan := twoParties(t, storetest.OpenSQLite(t))
	one, two := tongnan.secretly(t, "甲"), tongnan.secretly(t, "乙")
	tongnan.erases(t, one.Index)
	for _, c := range []struct {
		name, code string
		facts      node.ErasedFacts
		reference  string
	}{
		{"no reference", "node.erase.reference-missing", node.ErasedFacts{Indexes: []int64{two.Index}, Reason: node.EraseAsked}, " "},
		{"a reason of one's own", "node.erase.reason", node.ErasedFacts{Indexes: []int64{two.Index}, Reason: "embarrassing"}, "x"},
		{"nothing named", "node.erase.count", node.ErasedFacts{Reason: node.EraseAsked}, "x"},
		{"twice in one", "node.erase.index", node.ErasedFacts{Indexes: []int64{two.Index, two.Index}, Reason: node.EraseAsked}, "x"},
		{"what is to come", "node.erase.index", node.ErasedFacts{Indexes: []int64{99}, Reason: node.EraseAsked}, "x"},
		{"no words", "node.erase.nothing", node.ErasedFacts{Indexes: []int64{0}, Reason: node.EraseAsked}, "x"},
		{"erased before", "node.erase.already", node.ErasedFacts{Indexes: []int64{one.Index}, Reason: node.EraseAsked}, "x"},
	} {
		_, err := tongnan.Erase(context.Background(), node.Request{}, map[string]node.ErasedFacts{"suitong": c.facts}, node.ErasedWords{Reference: c.reference})
		if !refuse.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	if w := tongnan.words(t, two.Book, two.Index); w.State != book.WordsHere {
		t.Errorf("after refusals: %v", w.State)
	}
}

// TestRetentionErasesWhatIsOld: what is younger or erased already stays as it is.
func TestRetentionErasesWhatIsOld(t *testing.T) {
	ctx := context.Background()
	c := &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)}
	n := opened(t, storetest.OpenSQLite(t), c)
	for range 2 {
		mustWrite(t, n, add("suitong", "bridge", 1))
	}
	c.Set(c.Now().Add(48 * time.Hour))
	mustWrite(t, n, add("suitong", "bridge", 1))
	limit := c.Now().Add(-24 * time.Hour)
	_, err := n.Erase(ctx, node.Request{Actor: someone}, map[string]node.ErasedFacts{"suitong": {Indexes: []int64{0}, Reason: node.EraseMistake}}, node.ErasedWords{Reference: "误填"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		if got, err := n.EraseOlder(ctx, "count.added", limit, "保存一天"); err != nil || got != want {
			t.Fatalf("%d were erased, %v; want %d", got, err, want)
		}
	}
	states := []book.WordsState{book.WordsErased, book.WordsErased, book.WordsHere}
	for i, want := range states {
		if w := (party{Node: n}).words(t, "510900/suitong", int64(i)); w.State != want {
			t.Errorf("entry %d: %v, want %v", i, w.State, want)
		}
	}
}

// withWords is a page with what lay beside its entries in an earlier copy.
func withWords(p, earlier node.Page) node.Page {
	copy(p.Beside, earlier.Beside)
	return p
}

// TestARestoreLearnsOfErasures: a node restored from a backup of before an erasure has the words again until it has read
// its own book at a neighbour, and writes only after that.
func TestARestoreLearnsOfErasures(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := twoParties(t, storetest.OpenSQLite(t))
	secret := suining.secretly(t, "王某的病历")
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := suining.Store.SnapshotTo(ctx, backup); err != nil {
		t.Fatal(err)
	}
	suining.erases(t, secret.Index)
	tongnan.receive(t, suining.page(t, 0, 10))
	s, err := store.Open(ctx, backup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	restored, err := node.Open(ctx, node.Config{
		Identity: suining.Identity, Key: suining.key, Store: s, Modules: []node.Module{meeting}, May: func(node.Actor, string) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(restored.Close)
	if err := restored.OnlyRead(ctx, "恢复自备份"); err != nil {
		t.Fatal(err)
	}
	back := party{restored, suining.key}
	if w := back.words(t, secret.Book, secret.Index); w.State != book.WordsHere {
		t.Fatalf("in the backup: %v", w.State)
	}
	back.receive(t, tongnan.pageOf(t, secret.Book, 0, 10))
	if w := back.words(t, secret.Book, secret.Index); w.State != book.WordsErased {
		t.Errorf("after the neighbour's copy was read: %v %s", w.State, w.Text)
	}
	back.finish(t)
	back.sameAsReplayed(t)
}
