package plantest_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWordsThatCameLateAreFound: the index passes entries whose words a neighbour did not hand on; when they
// come they are found, and no older text takes the place of a newer one.
func TestWordsThatCameLateAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("蔬菜生产带")
		kept := withhold(t, o, "蔬菜")
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		hits := func(text string) int {
			p, err := o.Search(ctx, plan.SearchQuery{Text: text, Viewer: plan.ViewerOf(o.As(region.Reader, "市发展改革委").Actor)})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, g := range p.Groups {
				n += len(g.Hits)
			}
			return n
		}
		if n := hits("蔬菜"); n != 0 {
			t.Fatalf("%d hits in words that are not here", n)
		}
		if err := o.CatchUpLateWords(ctx); err != nil {
			t.Fatal(err)
		}
		if n := hits("蔬菜"); n != 0 {
			t.Fatalf("%d hits before the words came", n)
		}
		facts := plan.ItemFacts{Item: item, Leads: []string{o.Units["市农业农村局"]}}
		if err := o.ReviseItem(ctx, o.Coordinator(), facts, plan.ItemWords{Title: "建设渝遂绵瓜果生产带"}); err != nil {
			t.Fatal(err)
		}
		if err := o.CatchUpSearch(ctx); err != nil {
			t.Fatal(err)
		}
		giveBack(t, o, kept)
		if err := o.CatchUpLateWords(ctx); err != nil {
			t.Fatal(err)
		}
		if n := hits("蔬菜"); n != 1 {
			t.Errorf("%d hits after the words came, want the row of the list", n)
		}
		if n := hits("瓜果"); n != 1 {
			t.Errorf("%d hits of the item's newer title, want it", n)
		}
		var left int
		err := s.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, `SELECT count(*) FROM plan_search_unread`).Scan(&left) })
		if err != nil || left != 0 {
			t.Errorf("%d entries still wait, %v", left, err)
		}
	})
}

type heldBack struct {
	book  string
	idx   int64
	words []byte
}

// withhold takes words with a text out of the books as if a neighbour had handed the entries on without them.
func withhold(t *testing.T, o *plantest.Office, text string) (all []heldBack) {
	t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT book, idx, words FROM book_entry WHERE words IS NOT NULL`)
		if err != nil {
			return err
		}
		said, err := store.Collect(rows, func(scan func(...any) error) (h heldBack, err error) {
			err = scan(&h.book, &h.idx, &h.words)
			return h, err
		})
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(said, func(h heldBack) bool { return !bytes.Contains(h.words, []byte(text)) })
		for _, h := range all {
			if _, err := tx.Exec(ctx, `UPDATE book_entry SET words = NULL, erased = ? WHERE book = ? AND idx = ?`, node.WordsWithheld, h.book, h.idx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(all) < 2 {
		t.Fatalf("%d words withheld, %v", len(all), err)
	}
	return all
}

func giveBack(t *testing.T, o *plantest.Office, all []heldBack) {
	t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Write(ctx, func(tx *store.Tx) error {
		for _, h := range all {
			if _, err := tx.Exec(ctx, `UPDATE book_entry SET words = ?, erased = 0 WHERE book = ? AND idx = ?`, h.words, h.book, h.idx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
