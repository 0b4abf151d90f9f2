package plantest_test

import (
	"context"
	"slices"
	"testing"

	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

const amendRows = `序号,工作任务,年度目标,牵头单位,完成时限
1,新建遂潼大道遂宁段,完成投资12亿元,市交通运输局,6月底前
2,建设蚕桑基地,建成3个基地,市农业农村局,年底前
`

// TestAnIssuedListIsAmendedWithAReason: a unit asks, is refused, asks again and gets a yes; the office amends by itself; a revised file amends too. Row,
// item and the history say the same, and nothing changes before the yes.
func TestAnIssuedListIsAmendedWithAReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		o.Take(plan.ImportOptions{Plan: "amend", Year: 2022, Circle: "suitong", Title: "调整试验（演示数据）"}, amendRows)
		listing, item := o.Row("新建遂潼大道遂宁段")
		o.Day("2022-05-20")
		coordinator, transport := o.Coordinator(), o.As(region.Reporter, road)
		deadline := func() string {
			t.Helper()
			p, err := o.Item(ctx, item, "", plan.ViewerOf(coordinator.Actor))
			if err != nil {
				t.Fatal(err)
			}
			return p.Listings[0].Words.Deadline + " " + string(p.Listings[0].Deadline.Date)
		}
		ask := plan.Amendment{Deadline: "9月底前", Reason: "征地未完成"}
		for name, c := range map[string]struct {
			unit string
			seat region.Seat
			a    plan.Amendment
			code string
		}{
			"another unit":       {farm, region.Reporter, ask, "plan.amendment-not-lead"},
			"a reader":           {road, region.Reader, ask, "node.not-permitted"},
			"without a reason":   {road, region.Reporter, plan.Amendment{Deadline: "9月底前"}, "plan.amendment-reason"},
			"nothing":            {road, region.Reporter, plan.Amendment{Reason: "无"}, "plan.amendment-nothing"},
			"what stands":        {road, region.Reporter, plan.Amendment{Deadline: "6月底前", Reason: "一样"}, "plan.amendment-nothing"},
			"no deadline at all": {road, region.Reporter, plan.Amendment{Deadline: "尽快", Reason: "读不出"}, "plan.amendment-deadline"},
		} {
			_, err := o.ProposeAmendment(ctx, o.As(c.seat, c.unit), listing, c.a)
			wantCode(t, name, c.code, err)
		}
		id, err := o.ProposeAmendment(ctx, transport, listing, ask)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.ProposeAmendment(ctx, transport, listing, ask)
		wantCode(t, "asked twice", "plan.amendment-waiting", err)
		if todo, err := o.Todo(ctx, coordinator.Actor); err != nil || todo.Amendments != 1 {
			t.Errorf("%d wait, %v", todo.Amendments, err)
		}
		if got := deadline(); got != "6月底前 2022-06-30" {
			t.Errorf("before the answer: %s", got)
		}
		wantCode(t, "its own yes", "node.not-permitted", o.AnswerAmendment(ctx, transport, id, true, ""))
		wantCode(t, "a no without a reason", "plan.reason-missing", o.AnswerAmendment(ctx, coordinator, id, false, " "))
		wantCode(t, "a no", "", o.AnswerAmendment(ctx, coordinator, id, false, "请先报征地计划"))
		wantCode(t, "answered twice", "plan.amendment-unknown", o.AnswerAmendment(ctx, coordinator, id, true, ""))
		if got := deadline(); got != "6月底前 2022-06-30" {
			t.Errorf("after the no: %s", got)
		}
		ask.Target = "完成投资10亿元"
		if id, err = o.ProposeAmendment(ctx, transport, listing, ask); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "a yes", "", o.AnswerAmendment(ctx, coordinator, id, true, ""))
		if got := deadline(); got != "9月底前 2022-09-30" {
			t.Errorf("after the yes: %s", got)
		}
		p, err := o.Item(ctx, item, "", plan.ViewerOf(coordinator.Actor))
		if err != nil || len(p.Facts.Indicators) != 1 || p.Facts.Indicators[0].Target != "10" || p.Listings[0].Words.Target != "完成投资10亿元" {
			t.Errorf("target: %+v, %v", p.Facts.Indicators, err)
		}
		wantCode(t, "by a reporter", "node.not-permitted", o.AmendListing(ctx, transport, listing, plan.Amendment{Deadline: "10月底前", Reason: "越权"}))
		wantCode(t, "by the office", "", o.AmendListing(ctx, coordinator, listing, plan.Amendment{Deadline: "10月底前", Reason: "联席会议议定"}))
		revised := plan.ImportOptions{Plan: "amend", Reason: "遂潼办〔2022〕6号"}
		o.Take(revised, "序号,工作任务,年度目标,牵头单位,完成时限\n1,新建遂潼大道遂宁段,完成投资10亿元,市交通运输局,11月底前\n2,建设蚕桑基地,建成3个基地,市农业农村局,年底前\n")
		a, err := o.Amendments(ctx, listing, plan.ViewerOf(coordinator.Actor))
		if err != nil || len(a.Amended) != 3 || len(a.Asked) != 2 {
			t.Fatalf("%+v, %v", a, err)
		}
		for i, want := range []plan.AmendedWords{
			{WasDeadline: "10月底前", Deadline: "11月底前", Reason: "遂潼办〔2022〕6号"},
			{WasDeadline: "9月底前", Deadline: "10月底前", Reason: "联席会议议定"},
			{WasDeadline: "6月底前", Deadline: "9月底前", WasTarget: "完成投资12亿元", Target: "完成投资10亿元", Reason: "征地未完成"},
		} {
			if a.Amended[i].Words != want || a.Amended[i].Asked != (i == 2) {
				t.Errorf("%d: %+v", i, a.Amended[i])
			}
		}
		for i, want := range []plan.AskedAmendment{
			{Accepted: false, WasDeadline: "6月底前"},
			{Accepted: true, WasDeadline: "6月底前", WasTarget: "完成投资12亿元"},
		} {
			if got := a.Asked[i]; got.Accepted != want.Accepted || got.WasDeadline != want.WasDeadline || got.WasTarget != want.WasTarget {
				t.Errorf("application %d, what it was: %+v", i, got)
			}
		}
		if own, err := o.Amendments(ctx, listing, plan.ViewerOf(o.As(region.Reporter, farm).Actor)); err != nil || len(own.Asked) != 0 || own.Leads {
			t.Errorf("another unit reads %+v, %v", own.Asked, err)
		}
		story, err := o.Story(ctx, item, "", plan.ViewerOf(transport.Actor))
		kinds, parts, asked := map[string]int{}, []string{}, []plan.Changed{}
		for _, e := range story.Events {
			kinds[e.Kind]++
			if e.Kind == "plan.amendment.proposed" {
				asked = append(asked, e.Changed...)
			}
			if e.Kind == "plan.listing.amended" {
				parts = append(parts, "")
			}
			for _, with := range e.Parts {
				parts[len(parts)-1] += " " + with.Kind
			}
		}
		if err != nil || kinds["plan.listing.amended"] != 3 || kinds["plan.amendment.proposed"] != 2 || kinds["plan.amendment.answered"] != 1 ||
			kinds["plan.listed"] != 1 || kinds["plan.item.opened"] != 1 {
			t.Errorf("story: %v, %v", kinds, err) // one line for each amendment; the no is a line of its own
		}
		if want := []string{" plan.listed", " plan.listed", " plan.amendment.answered plan.item.opened plan.listed"}; !slices.Equal(parts, want) {
			t.Errorf("written together: %q, want %q", parts, want)
		}
		if want := []plan.Changed{{Field: "deadline", Was: "6月底前", Is: "9月底前"}, {Field: "target", Was: "完成投资12亿元", Is: "完成投资10亿元"}, {Field: "deadline", Was: "6月底前", Is: "9月底前"}}; !slices.Equal(asked, want) {
			t.Errorf("asked for: %+v", asked)
		}
		theirs, err := o.Story(ctx, item, "", plan.ViewerOf(o.As(region.Reader, farm).Actor))
		for _, e := range theirs.Events {
			for _, with := range e.Parts {
				if with.Kind == "plan.amendment.answered" {
					t.Error("a reader is told of the application's answer")
				}
			}
		}
		if err != nil || len(theirs.Events) == 0 {
			t.Errorf("a reader's story: %d, %v", len(theirs.Events), err)
		}
		kindtest.Prove(t, o.Node())
		kindtest.Golden(t, o.Node(), "testdata/golden-amend.txt")
		o.Clean()
	})
}

// TestNobodyAmendsANeighboursList: what a neighbour asked for is changed between equals, by proposal and answer.
func TestNobodyAmendsANeighboursList(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, askingRows)
	listing, _ := suining.Row("整治琼江")
	tongnan.Hear(suining)
	ref := listing
	wantCode(t, "a neighbour amends", "plan.not-ours", tongnan.AmendListing(ctx, tongnan.Coordinator(), ref, plan.Amendment{Deadline: "年底前", Reason: "越界"}))
	_, err := tongnan.ProposeAmendment(ctx, tongnan.As(region.Reporter, farm), ref, plan.Amendment{Deadline: "年底前", Reason: "越界"})
	wantCode(t, "a neighbour's unit applies", "plan.not-ours", err)
}
