package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"liandong/book"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestWhoReadsAFilingAndWhoAnswersIt: by seat and unit, reading and answering go by one rule.
func TestWhoReadsAFilingAndWhoAnswersIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		o.Day("2022-02-20")
		_, road := o.Row(motorway)
		const unit, other, office = "市交通运输局", "市教育和体育局", "市发展改革委"
		o.FileAs(unit, road, "2022-02", judge.OnTime, "完成征地拆迁。")
		for _, c := range []struct {
			remark string
			seat   region.Seat
			unit   string
			may    bool
		}{
			{"the coordinator, wherever he sits", region.Coordinator, other, true},
			{"a reviewer of the coordinating office", region.Reviewer, office, true},
			{"a reviewer of the unit that filed", region.Reviewer, unit, true},
			{"a reviewer of another unit", region.Reviewer, other, false},
		} {
			req := o.As(c.seat, c.unit)
			want := map[bool]int{true: 1}[c.may]
			if q, err := o.Queue(ctx, req.Actor, ""); err != nil || q.Total != want || len(q.Rows) != want {
				t.Errorf("%s: the queue has %d rows of %d, %v", c.remark, len(q.Rows), q.Total, err)
			}
			if s, err := o.Story(ctx, road, "", plan.ViewerOf(req.Actor)); err != nil || strings.Contains(fmt.Sprintf("%+v", s), "征地拆迁") != c.may {
				t.Errorf("%s: the filing in the story: %+v, %v", c.remark, s, err)
			}
			if day, err := o.Todo(ctx, req.Actor); err != nil || day.Review.Filings != want {
				t.Errorf("%s: my day has %d filings, %v", c.remark, day.Review.Filings, err)
			}
			if r, err := o.Reviewing(ctx, req.Actor, road, "2022-02"); (err == nil && r.Waits) != c.may || !c.may && !refuse.Is(err, "plan.not-your-review") {
				t.Errorf("%s: reading: %v", c.remark, err)
			}
		}
		stranger := o.As(region.Reviewer, other)
		if _, err := o.Accept(ctx, stranger, road, "2022-02", false); !refuse.Is(err, "plan.not-your-review") {
			t.Errorf("accepting another's: %v", err)
		}
		if err := o.Return(ctx, stranger, road, "2022-02", "x"); !refuse.Is(err, "plan.not-your-review") {
			t.Errorf("returning another's: %v", err)
		}
		if _, err := o.Accept(ctx, o.As(region.Reviewer, unit), road, "2022-02", false); err != nil {
			t.Errorf("accepting one's own: %v", err)
		}
	})
}

// TestWhatAnEntryNamesHasItsName: entries name items, rows and lists by id, readers know them by title.
func TestWhatAnEntryNamesHasItsName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		listing, road := o.Row(motorway)
		listing, road = strings.TrimSuffix(listing, "@510900"), strings.TrimSuffix(road, "@510900") // as entries have them
		facts := fmt.Sprintf(`{"listing":%q,"items":[%q],"plan":"510900:suitong"}`, listing, road)
		err := s.Read(ctx, func(tx *store.Tx) error {
			names, err := o.NamesIn(ctx, tx, book.Entry{Member: "510900", Circle: "suitong", Facts: []byte(facts)})
			for _, id := range []string{listing, road} {
				if !strings.Contains(names[id], motorway) {
					t.Errorf("%s is called %q", id, names[id])
				}
			}
			if names["510900:suitong"] != "遂潼工作计划" {
				t.Errorf("the list is called %q", names["510900:suitong"])
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
