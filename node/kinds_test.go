package node_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/node/kindtest"
	"liandong/store/storetest"
)

// filled has books of two circles whose entries count together.
func filled(t *testing.T) *node.Node {
	t.Helper()
	n := opened(t, storetest.OpenSQLite(t), &clock{now: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)})
	for i := range 40 {
		mustWrite(t, n, add([]string{node.Self, "suitong"}[i%2], fmt.Sprint(i%5), int64(i)))
	}
	return n
}

func TestKindsSeeTheirOwnBookOnly(t *testing.T) { kindtest.Prove(t, filled(t)) }

// TestProveFindsOffenders: the proof is worth nothing if it passes a kind that breaks the rules.
func TestProveFindsOffenders(t *testing.T) {
	honest := added.Apply
	defer func() { added.Apply = honest }()
	for _, c := range []struct {
		name  string
		apply func(ctx context.Context, own *node.Own, e book.Entry, f addFacts) ([]string, error)
	}{
		{"a row of another book", func(ctx context.Context, own *node.Own, e book.Entry, f addFacts) ([]string, error) {
			_, err := own.Exec(ctx, `INSERT INTO count_sum (book, id, n) VALUES ('510900/self', ? || ?, ?)
				ON CONFLICT (book, id) DO NOTHING`, f.To, f.N)
			return nil, err
		}},
		{"what other books say", func(ctx context.Context, own *node.Own, e book.Entry, f addFacts) ([]string, error) {
			_, err := own.Exec(ctx, `INSERT INTO count_sum (book, id, n)
				SELECT ?, ?, (SELECT COUNT(*) FROM count_sum) + ?
				ON CONFLICT (book, id) DO NOTHING`, f.To, f.N)
			return nil, err
		}},
		{"a key that is not projected", func(ctx context.Context, own *node.Own, e book.Entry, f addFacts) ([]string, error) {
			keys, err := honest(ctx, own, e, f)
			if own.Index%2 == 1 {
				keys = nil
			}
			return keys, err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			added.Apply = c.apply
			n := filled(t)
			watched := &failures{TB: t}
			kindtest.Prove(watched, n)
			if watched.n == 0 {
				t.Error("passed")
			}
		})
	}
}

// failures counts what would have failed a test.
type failures struct {
	testing.TB
	n int
}

func (f *failures) Errorf(string, ...any) { f.n++ }

func TestGoldenReplay(t *testing.T) {
	kindtest.Golden(t, filled(t), filepath.Join("testdata", "golden.txt"))
}
