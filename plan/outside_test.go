package plan_test

import (
	"context"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// circleText is all that a circle's book holds, entries and words.
func circleText(t *testing.T, o *plantest.Office, circle string) (text string, accepted int) {
	t.Helper()
	ctx := context.Background()
	err := o.Node().Store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT entry, words FROM book_entry WHERE book = ? ORDER BY idx`, o.Node().BookName(circle))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var entry, words []byte
			if err := rows.Scan(&entry, &words); err != nil {
				return err
			}
			if strings.Contains(string(entry), plan.ReportAccepted.Name) {
				accepted++
			}
			text += string(entry) + "\n" + string(words) + "\n"
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return text, accepted
}

const oneRoad = "序号,重点任务,牵头单位,完成时限\n1,完善城乡客运班线,市交通运输局,2022年9月\n"

// TestLinkingTellsACircleWhatItMissedAndNoMore: answers and parts stay inside also when an item is
// listed later; what was accepted while a row was not linked or not listed follows when it is again.
func TestLinkingTellsACircleWhatItMissedAndNoMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		o.Take(plan.ImportOptions{Plan: "chengyu", Year: 2022, Circle: "chengyu", Title: "工作要点"}, oneRoad)
		_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
		row, _ := o.Row("完善城乡客运班线")
		o.Day("2022-01-20")
		report := plan.ReportFacts{Item: road, Period: "2022-01", Claim: judge.OnTime}
		words := plan.ReportWords{Progress: "征地完成", Answers: map[string]string{"q": "内部答复甲"}}
		if _, err := o.File(ctx, o.As(region.Reporter, "市交通运输局"), report, words); err != nil {
			t.Fatal(err)
		}
		o.AcceptNow(road, "2022-01", false)
		link := func() {
			t.Helper()
			if err := o.Link(ctx, o.Coordinator(), row, []string{road}, "同一事项"); err != nil {
				t.Fatal(err)
			}
		}
		link()
		text, n := circleText(t, o, "chengyu")
		if n != 1 || !strings.Contains(text, "征地完成") || strings.Contains(text, "内部答复甲") {
			t.Fatalf("%d acceptances; the circle must hold the report and not the answer", n)
		}
		if err := o.Unlink(ctx, o.Coordinator(), row); err != nil {
			t.Fatal(err)
		}
		o.Day("2022-02-20")
		o.FileAs("市交通运输局", road, "2022-02", judge.OnTime, "路基开工")
		o.AcceptNow(road, "2022-02", false)
		if text, _ = circleText(t, o, "chengyu"); strings.Contains(text, "路基开工") {
			t.Error("a circle was told of an item that is not in its lists")
		}
		link()
		if text, n = circleText(t, o, "chengyu"); n != 2 || !strings.Contains(text, "路基开工") {
			t.Errorf("%d acceptances after linking again: the gap was not filled, or told twice", n)
		}
		o.Clean()
	})
}

// TestDroppedRowTellsItsCircleNoMore: after a row is out of the list, reports stay inside until it
// is in again.
func TestDroppedRowTellsItsCircleNoMore(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	opt := plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}
	o.Take(opt, suitongList)
	_, road := o.Row("加快推进遂渝高速公路扩容工程建设")
	lines := strings.SplitAfter(suitongList, "\n")
	own := opt
	own.Plan, own.Circle = "own", ""
	o.Take(own, suitongList) // held by the member's own list, too: it still owes reports
	o.Take(opt, lines[0]+strings.Join(lines[2:], ""))
	o.Day("2022-02-20")
	_, item := o.Row("加快推进遂渝高速公路扩容工程建设")
	if item != road {
		t.Fatalf("the own list points at %s, not at %s", item, road)
	}
	o.FileAs("市交通运输局", road, "2022-02", judge.OnTime, "不该出门的进展")
	o.AcceptNow(road, "2022-02", false)
	if text, _ := circleText(t, o, "suitong"); strings.Contains(text, "不该出门的进展") {
		t.Error("a dropped row told its circle")
	}
	o.Take(opt, suitongList)
	if text, _ := circleText(t, o, "suitong"); !strings.Contains(text, "不该出门的进展") {
		t.Error("back in the list, the circle was not told")
	}
	o.Clean()
}

// TestNobodyIssuesANeighboursList: a plan's id begins with its member's code.
func TestNobodyIssuesANeighboursList(t *testing.T) {
	o := plantest.New(t, storetest.OpenSQLite(t))
	_, err := o.Node().Write(context.Background(), o.Coordinator(), func(ctx context.Context, w *node.Writing) error {
		_, err := plan.PlanIssued.Say(ctx, w, node.Said[plan.PlanFacts, plan.PlanWords]{
			Circle: node.Self, Facts: plan.PlanFacts{Plan: "500152:work", Year: 2022, Cycle: judge.Month},
		})
		return err
	})
	if err == nil {
		t.Error("Suining issued a list in Tongnan's name")
	}
}
