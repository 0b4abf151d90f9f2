package node_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// counting is a module as small as can be: each entry adds to a subject's sum in its book, and
// the joint rows add the sums of all books.
type addFacts struct {
	To string `json:"to"`
	N  int64  `json:"n"`
}

type addWords struct {
	Why string `json:"why"`
}

var added = &node.Kind[addFacts, addWords]{
	Name: "count.added/1", Action: "count",
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f addFacts) error {
		if f.N < 0 {
			return refuse.New("count.negative").At("n")
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f addFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO count_sum (book, id, n) VALUES (?, ?, ?)
			ON CONFLICT (id, book) DO UPDATE SET n = count_sum.n + excluded.n`, f.To, f.N)
		return []string{f.To}, err
	},
}

var counting = node.Module{
	Name: "count", Kinds: []node.AnyKind{added},
	Rows:  `CREATE TABLE count_sum (book TEXT NOT NULL, id TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (id, book));`,
	Joint: `CREATE TABLE count_total (id TEXT PRIMARY KEY, n BIGINT NOT NULL);`,
	Project: func(ctx context.Context, tx *store.Tx, keys []string) error {
		for _, k := range keys {
			_, err := tx.Exec(ctx, `INSERT INTO count_total (id, n)
				SELECT id, CAST(SUM(n) AS BIGINT) FROM count_sum WHERE id = ? GROUP BY id
				ON CONFLICT (id) DO UPDATE SET n = excluded.n`, k)
			if err != nil {
				return err
			}
		}
		return nil
	},
}

var someone = node.Actor{Person: "p-1", Org: "o-1", Seat: "coordinator", Member: "510900"}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func opened(t testing.TB, s *store.Store, c *clock) *node.Node {
	t.Helper()
	key, err := book.GenerateKey(strings.NewReader(strings.Repeat("liandong", 8)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(context.Background(), node.Config{
		Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"},
		Key:      key, Store: s, Modules: []node.Module{counting}, Clock: c.Now,
		May: func(a node.Actor, action string) bool {
			return a.Seat == "coordinator" || a.Seat == node.Machine || action == "count"
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	for _, circle := range []string{node.Self, "suitong"} {
		if _, err := n.Write(context.Background(), node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
			return w.OpenBook(ctx, circle)
		}); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func add(circle, to string, amount int64) node.Act {
	return func(ctx context.Context, w *node.Writing) error {
		_, err := added.Say(ctx, w, node.Said[addFacts, addWords]{
			Circle: circle, Facts: addFacts{To: to, N: amount}, Words: &addWords{Why: "because"},
		})
		return err
	}
}

func total(t *testing.T, n *node.Node, id string) (sum int64) {
	t.Helper()
	ctx := context.Background()
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT n FROM count_total WHERE id = ?`, id).Scan(&sum)
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func onBoth(t *testing.T, f func(t *testing.T, n *node.Node, c *clock)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)}
		f(t, opened(t, s, c), c)
	})
}

func TestManyWritersOneTruth(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		ctx := context.Background()
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				for j := range 10 {
					circle := []string{node.Self, "suitong"}[j%2]
					if _, err := n.Write(ctx, node.Request{Actor: someone}, add(circle, "x", int64(i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := total(t, n, "x"); got != 10*40*39/2 {
			t.Errorf("total = %d", got)
		}
		clean(t, n)
	})
}

func clean(t *testing.T, n *node.Node) {
	t.Helper()
	r, err := n.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Clean() {
		t.Errorf("verify: %+v", r.Faults)
	}
}

func TestRefusalUndoesTheWholeRequestOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		ctx := context.Background()
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				_, err := n.Write(ctx, node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
					if err := add("suitong", "x", 1)(ctx, w); err != nil {
						return err
					}
					return add(node.Self, "x", int64(-(i%2)))(ctx, w)
				})
				if refuse.Is(err, "count.negative") != (i%2 == 1) {
					t.Errorf("request %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := total(t, n, "x"); got != 10 {
			t.Errorf("total = %d, want 10: a refused request left its first entry", got)
		}
		clean(t, n)
	})
}

func TestRetryGetsTheFirstAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		ctx := context.Background()
		req := node.Request{ID: "r-1", Print: []byte("one"), Actor: someone}
		first, err := n.Write(ctx, req, add(node.Self, "x", 5))
		if err != nil {
			t.Fatal(err)
		}
		second, err := n.Write(ctx, req, add(node.Self, "x", 5))
		if err != nil || !second.Again || fmt.Sprint(first.Entries) != fmt.Sprint(second.Entries) {
			t.Errorf("retry: %+v, %v; first %+v", second, err, first)
		}
		req.Print = []byte("two")
		if _, err := n.Write(ctx, req, add(node.Self, "x", 5)); !refuse.Is(err, "node.request-reused") {
			t.Errorf("another request under the same id: %v", err)
		}
		if total(t, n, "x") != 5 {
			t.Error("the retry was counted")
		}
	})
}

func TestDenyByDefault(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		_, err := n.ConfirmClock(context.Background(), node.Request{Actor: node.Actor{Person: "p-2", Seat: "reader"}}, "just so")
		if err != nil {
			t.Fatalf("nothing to confirm: %v", err)
		}
		n2 := &node.Kind[addFacts, addWords]{Name: "count.secret/1", Action: "no-such-line"}
		_, err = n.Write(context.Background(), node.Request{Actor: node.Actor{Person: "p-2", Seat: "reader"}}, func(ctx context.Context, w *node.Writing) error {
			_, err := n2.Say(ctx, w, node.Said[addFacts, addWords]{Circle: node.Self})
			return err
		})
		if !refuse.Is(err, "node.not-permitted") {
			t.Errorf("an action without a line in the table: %v", err)
		}
	})
}

func TestClockLeapsAreAskedAbout(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, c *clock) {
		ctx := context.Background()
		say := func() error {
			_, err := n.Write(ctx, node.Request{Actor: someone}, add(node.Self, "x", 1))
			return err
		}
		start := c.Now()
		for _, step := range []struct {
			remark string
			at     time.Duration
			want   string
		}{
			{"the first", 0, ""},
			{"a little back is taken, at the last entry's time", -4 * time.Second, ""},
			{"more than five seconds back", -6 * time.Second, "node.clock-behind"},
			{"a week ahead", 7 * 24 * time.Hour, ""},
			{"more than a week further", 15 * 24 * time.Hour, "node.clock-ahead"},
		} {
			c.Set(start.Add(step.at))
			err := say()
			if step.want == "" && err != nil || step.want != "" && !refuse.Is(err, step.want) {
				t.Errorf("%s: %v, want %q", step.remark, err, step.want)
			}
		}
		if _, err := n.ConfirmClock(ctx, node.Request{Actor: someone}, ""); !refuse.Is(err, "node.reason-missing") {
			t.Errorf("confirmed without a reason: %v", err)
		}
		if _, err := n.ConfirmClock(ctx, node.Request{Actor: someone}, "长假后开机"); err != nil {
			t.Fatal(err)
		}
		if err := say(); err != nil {
			t.Errorf("after the confirmation: %v", err)
		}
		c.Set(start.Add(10 * 24 * time.Hour))
		if err := say(); !refuse.Is(err, "node.clock-behind") {
			t.Errorf("back again: %v", err)
		}
		if _, err := n.ConfirmClock(ctx, node.Request{Actor: someone}, "时钟曾被调快"); err != nil {
			t.Fatal(err)
		}
		if err := say(); err != nil {
			t.Errorf("after the second confirmation: %v", err)
		}
		clean(t, n)
	})
}

func TestQuietWeekIsNoLeap(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, c *clock) {
		ctx := context.Background()
		for range 20 {
			c.Set(c.Now().Add(24 * time.Hour))
			if err := n.Awake(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := n.Write(ctx, node.Request{Actor: someone}, add(node.Self, "x", 1)); err != nil {
			t.Errorf("a node that was awake all the time: %v", err)
		}
	})
}

func TestRebuildGivesTheSameView(t *testing.T) {
	onBoth(t, func(t *testing.T, n *node.Node, _ *clock) {
		ctx := context.Background()
		for i := range 600 { // more than two tiles' worth
			if _, err := n.Write(ctx, node.Request{Actor: someone}, add("suitong", fmt.Sprint(i%7), int64(i))); err != nil {
				t.Fatal(err)
			}
		}
		before := total(t, n, "3")
		if err := n.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if after := total(t, n, "3"); after != before {
			t.Errorf("after the rebuild %d, before %d", after, before)
		}
		if _, err := n.Write(ctx, node.Request{Actor: someone}, add("suitong", "3", 1)); err != nil {
			t.Errorf("writing after a rebuild: %v", err)
		}
		clean(t, n)
	})
}
