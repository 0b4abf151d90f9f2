package node_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store/storetest"
)

// many asks for each amount as a request of its own, all of them part of one.
func many(n *node.Node, key string, amounts []int64, seen *[]node.Receipt) (node.Receipt, error) {
	return n.Write(context.Background(), node.Request{ID: key, Actor: someone}, func(ctx context.Context, w *node.Writing) error {
		*seen = nil // the act may be run again
		for _, amount := range amounts {
			r, err := n.Write(w.Join(ctx), node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
				w.Note("one of many")
				return add("suitong", "x", amount)(ctx, w)
			})
			if err != nil {
				return err
			}
			*seen = append(*seen, r)
		}
		return nil
	})
}

// TestJoinedRequestsStandOrFallTogether: each part has its own receipt, the whole has all entries and one answer under its key, and one
// part that is refused leaves nothing of the others.
func TestJoinedRequestsStandOrFallTogether(t *testing.T) {
	n := opened(t, storetest.OpenSQLite(t), &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
	var parts []node.Receipt
	whole, err := many(n, "k", []int64{1, 2, 4}, &parts)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Entries) != 3 || whole.Note != "" || len(parts) != 3 {
		t.Fatalf("%+v of %+v", whole, parts)
	}
	for i, p := range parts {
		if len(p.Entries) != 1 || p.Entries[0] != whole.Entries[i] || p.Note != "one of many" {
			t.Errorf("part %d: %+v", i, p)
		}
	}
	if got := total(t, n, "x"); got != 7 {
		t.Errorf("%d", got)
	}
	again, err := many(n, "k", []int64{1, 2, 4}, &parts)
	if err != nil || !again.Again || !slices.Equal(again.Entries, whole.Entries) || total(t, n, "x") != 7 {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	if _, err := many(n, "l", []int64{8, -1, 16}, &parts); !refuse.Is(err, "count.negative") {
		t.Errorf("a part that is refused: %v", err)
	}
	if got := total(t, n, "x"); got != 7 {
		t.Errorf("something of a refused request stands: %d", got)
	}
	_, err = n.Write(context.Background(), node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
		other := someone
		other.Person = "p-other"
		_, err := n.Write(w.Join(ctx), node.Request{Actor: other}, add("suitong", "x", 1))
		return err
	})
	if err == nil || total(t, n, "x") != 7 {
		t.Errorf("one person's request took another's: %v", err)
	}
}
