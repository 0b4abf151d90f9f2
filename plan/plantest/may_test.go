package plantest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"liandong/book"
	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// A part is for its own unit and for the lead that merges it, wherever one may look: in the story,
// by a search, as a file, as the proof of its entry. What is filed is for all units of the item.
func TestAPartIsNotForOtherSupportingUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		_, item := o.Row("创新产业园区")
		o.Day("2022-02-20")
		part := partOf(t, o, item, "市交通运输局", "园区道路红线已划定")
		o.FileAs("市发展改革委", item, "2022-02", judge.OnTime, "总体规划形成初稿")
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			remark      string
			seat        region.Seat
			unit        string
			part, filed bool
		}{
			{"lead", region.Reporter, "市发展改革委", true, true},
			{"its own unit", region.Reporter, "市交通运输局", true, true},
			{"another supporting unit", region.Reporter, "市经济和信息化局", false, true},
			{"has nothing to do with it", region.Reporter, "市教育和体育局", false, false},
			{"reviews for the office that keeps the lists", region.Reviewer, plantest.UnitNames[0], true, true},
			{"reviews for another supporting unit", region.Reviewer, "市经济和信息化局", false, true},
			{"reviews for a unit that has nothing to do with it", region.Reviewer, "市教育和体育局", false, false},
			{"audits", region.Auditor, "市教育和体育局", true, true},
			{"only reads, of its own unit", region.Reader, "市交通运输局", false, false},
		} {
			actor := o.As(c.seat, c.unit).Actor
			if got := ways(t, o, actor, item, "红线", part); got != allWays(c.part) {
				t.Errorf("%s: the part is seen %s, want %s", c.remark, got, allWays(c.part))
			}
			if got := inStory(t, o, actor, item, "初稿"); got != c.filed {
				t.Errorf("%s: the filing is in the story: %v", c.remark, got)
			}
		}
	})
}

func allWays(may bool) string {
	return fmt.Sprintf("story %v search %v file %v proof %v", may, may, may, may)
}

// partOf files a part with a file, and says where it stands.
func partOf(t *testing.T, o *plantest.Office, item, unit, text string) int64 {
	t.Helper()
	ctx := context.Background()
	req := o.As(region.Reporter, unit)
	file, err := o.Attach(ctx, req.Actor, "红线.txt", strings.NewReader("演示数据"), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	done, err := o.FilePart(ctx, req, plan.ReportFacts{Item: item, Period: "2022-02"}, plan.ReportWords{Progress: text, Files: []plan.FileRef{file}})
	if err != nil {
		t.Fatal(err)
	}
	return done.Entries[0].Index
}

// ways are those on which an actor gets to see a part.
func ways(t *testing.T, o *plantest.Office, actor node.Actor, item, text string, index int64) string {
	t.Helper()
	ctx := context.Background()
	hits, err := o.Search(ctx, plan.SearchQuery{Text: text, Viewer: plan.ViewerOf(actor)})
	if err != nil {
		t.Fatal(err)
	}
	_, f, err := o.OpenFile(ctx, actor, o.Node().BookName(node.Self), index, 0)
	if err == nil {
		f.Close()
	}
	return fmt.Sprintf("story %v search %v file %v proof %v",
		inStory(t, o, actor, item, text), len(hits.Groups) > 0, err == nil, proved(t, o, actor, index))
}

func inStory(t *testing.T, o *plantest.Office, actor node.Actor, item, text string) bool {
	t.Helper()
	s, err := o.Story(context.Background(), item, "", plan.ViewerOf(actor))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(fmt.Sprintf("%+v", s), text)
}

func proved(t *testing.T, o *plantest.Office, actor node.Actor, index int64) (may bool) {
	t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		var raw []byte
		err := tx.Row(ctx, `SELECT entry FROM book_entry WHERE book = ? AND idx = ?`, o.Node().BookName(node.Self), index).Scan(&raw)
		if err != nil {
			return err
		}
		e, err := book.Scan(raw)
		if err != nil {
			return err
		}
		may, err = o.MayRead(ctx, tx, actor, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return may
}
