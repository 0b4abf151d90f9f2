package plantest_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// A reporter finds the filing of his unit, however many newer ones of other units have the word.
func TestOwnFilingsAreNotCrowdedOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, vegetables := o.Row("蔬菜生产带")
		_, motorway := o.Row("遂渝高速公路扩容")
		_, lithium := o.Row("锂电产业")
		o.Day("2022-02-20")
		o.FileAs("市农业农村局", vegetables, "2022-02", judge.OnTime, "本月稳步推进")
		for month := 2; month <= 11; month++ { // twenty filings, more than are read at once
			o.Day(judge.Date(fmt.Sprintf("2022-%02d-21", month)))
			period := judge.Period(fmt.Sprintf("2022-%02d", month))
			o.FileAs("市交通运输局", motorway, period, judge.OnTime, "本月稳步推进")
			o.FileAs("市经济和信息化局", lithium, period, judge.OnTime, "本月稳步推进")
		}
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			remark string
			unit   string
			hits   int
			more   bool
		}{
			{"its only one is the oldest", "市农业农村局", 1, false},
			{"more than are shown", "市交通运输局", 8, true},
			{"nothing of its own", "市教育和体育局", 0, false},
		} {
			p, err := o.Search(ctx, plan.SearchQuery{Text: "稳步推进", Viewer: plan.ViewerOf(o.As(region.Reporter, c.unit).Actor)})
			if err != nil {
				t.Fatal(err)
			}
			hits, more := 0, false
			for _, g := range p.Groups {
				hits, more = hits+len(g.Hits), more || g.More
			}
			if hits != c.hits || more != c.more {
				t.Errorf("%s: %d hits, more %v; want %d, %v", c.remark, hits, more, c.hits, c.more)
			}
		}
	})
}

// lines takes what is logged.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default: // one is enough
	}
	return len(p), nil
}

// An index that does not keep up says so in the log.
func TestAnIndexThatFailsSaysSo(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	err := o.Node().Store.Write(ctx, func(tx *store.Tx) error { return tx.Script(ctx, `DROP TABLE plan_search_at`) })
	if err != nil {
		t.Fatal(err)
	}
	logged := make(lines, 1)
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(logged, nil)))
	defer slog.SetDefault(before)
	stop, err := o.FollowSearch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	select {
	case line := <-logged:
		if !strings.Contains(line, "index of words") || !strings.Contains(line, "plan_search_at") {
			t.Errorf("logged %s", line)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing was logged")
	}
}

// An index whose marks were words that people type is made anew.
func TestAnIndexWithWordsForMarksIsMadeAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		add, find := `INSERT INTO plan_search_terms (rowid, terms) VALUES (1000000, ?)`, `SELECT count(*) FROM plan_search_terms WHERE plan_search_terms MATCH '"kind0listing"'`
		if s.Dialect == store.Postgres {
			add, find = `INSERT INTO plan_search_terms (doc, terms) VALUES (1000000, array_to_tsvector(ARRAY[?]))`, `SELECT count(*) FROM plan_search_terms WHERE terms @@ CAST('kind0listing' AS tsquery)`
		}
		former := func() (n int) {
			if err := s.Read(ctx, func(tx *store.Tx) error { return tx.Row(ctx, find).Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := s.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, add, "kind0listing")
			return err
		})
		if err != nil || former() != 1 {
			t.Fatalf("the former index: %d, %v", former(), err)
		}
		stop, err := o.FollowSearch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		for end := time.Now().Add(10 * time.Second); former() > 0; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the former index stands")
			}
		}
	})
}
