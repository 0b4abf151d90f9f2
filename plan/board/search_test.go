package board_test

import (
	"context"
	"net/url"
	"testing"

	"liandong/plan"
	"liandong/plan/board"
	"liandong/region"
	"liandong/web"
	"liandong/web/webtest"
)

// TestASearchLeadsToWhatWasSaidInside: to the slip, the leader's word and the draft's row, with who is asked or says it; who may not read them is told
// that nothing was found.
func TestASearchLeadsToWhatWasSaidInside(t *testing.T) {
	ctx := context.Background()
	o := opened(t)
	slip, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{
		Org: o.Units["市交通运输局"], Ground: plan.SlipOther, Words: plan.SlipWords{Matter: "跨线桥渗水", Demand: "查明渗水原因"},
	})
	if err != nil {
		t.Fatal(err)
	}
	word, err := o.GiveInstruction(ctx, o.As(region.Leader, "市发展改革委"), plan.NewInstruction{
		Orgs: []string{o.Units["市交通运输局"]}, Due: o.Today(), Words: plan.InstructionWords{Text: "渗水一事要查清", Leader: "演示市长"},
	})
	if err != nil {
		t.Fatal(err)
	}
	making, err := o.NewMaking(ctx, plan.Making{Title: "下年任务（演示数据）", Year: 2023}, []plan.ListingWords{{Number: "1", Title: "修缮跨线桥"}, {Number: "2", Title: "其他"}})
	if err != nil {
		t.Fatal(err)
	}
	draft, err := o.Consult(ctx, o.Coordinator(), making, plan.NewConsultation{Orgs: []string{o.Units["市交通运输局"]}, Due: o.Today()})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Comment(ctx, o.As(region.Reporter, "市交通运输局"), draft, map[int]string{2: "渗水治理请单列"}); err != nil {
		t.Fatal(err)
	}
	if err := o.Reindex(ctx); err != nil {
		t.Fatal(err)
	}
	r := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { board.Routes(s, o.Desk) }}
	at := "/search?q=" + url.QueryEscape("渗水")
	links := []string{
		"批示", `href="/instruction/` + word + `"`, "督办单", `href="/slip/` + slip + `@510900"`, "征求意见稿的意见", `href="/consultation/` + draft + `@510900#line-2"`, "市交通运输局",
	}
	r.Want("the office", r.Ask(o.Coordinator().Actor, at, nil), 200, links...)
	r.Want("who is asked", r.Ask(o.As(region.Reporter, "市交通运输局").Actor, at, nil), 200, links...)
	for _, who := range []struct {
		seat region.Seat
		unit string
	}{{region.Reporter, "市农业农村局"}, {region.Reader, "市交通运输局"}, {region.Reviewer, "市交通运输局"}} {
		for _, kind := range []string{"", "&kind=instruction", "&kind=slip", "&kind=comment"} {
			r.Want("who may not", r.Ask(o.As(who.seat, who.unit).Actor, at+kind, nil), 200, "没有找到")
		}
	}
}

// TestAnItemShowsTheMeasuresOfItsRows: 主要举措 that a list gives stands on the item's page.
func TestAnItemShowsTheMeasuresOfItsRows(t *testing.T) {
	o := opened(t)
	o.Take(plan.ImportOptions{Plan: "measures", Year: 2022, Title: "举措试验（演示数据）"}, "序号,工作任务,主要举措,牵头单位,完成时限\n1,新建遂潼三桥,分三段同时开工,市交通运输局,年底前\n")
	_, item := o.Row("新建遂潼三桥")
	r := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { board.Routes(s, o.Desk) }}
	r.Want("measures", r.Ask(o.As(region.Reader, "市农业农村局").Actor, "/item/"+item, nil), 200, "主要举措：", "分三段同时开工")
}

// TestAnAmendmentIsOneLineOfTheStory, with what was written together with it.
func TestAnAmendmentIsOneLineOfTheStory(t *testing.T) {
	o := opened(t)
	listing, item := o.Row("蔬菜生产带")
	if err := o.AmendListing(context.Background(), o.Coordinator(), listing, plan.Amendment{Deadline: "11月底前", Reason: "联席会议议定"}); err != nil {
		t.Fatal(err)
	}
	r := webtest.Room{T: t, Now: o.Node().Now, Routes: func(s *web.Site) { board.Routes(s, o.Desk) }}
	r.Want("the story", r.Ask(o.As(region.Reader, "市农业农村局").Actor, "/item/"+item, nil), 200, "调整时限、目标", "11月底前", "联席会议议定", "一并写入账本：", "列入清单")
}
