package notices_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/node"
	"liandong/notice"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/notices"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/lang"
)

const list = `序号,工作任务,牵头单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,市交通运输局,年底前
2,推进智慧农业示范建设,市农业农村局,年底前
`

const roads, farms, office = "市交通运输局", "市农业农村局", "市发展改革委"

type told struct {
	*plantest.Office
	t      *testing.T
	source notice.Source
}

func open(t *testing.T, s *store.Store) told {
	t.Helper()
	o := plantest.New(t, s)
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, list)
	return told{o, t, notices.Source(o.Desk)}
}

// of are the matters that a seat is told by now, with their words.
func (o told) of(seat region.Seat, unit string) (all []notice.Matter, texts []string) {
	o.t.Helper()
	ctx := context.Background()
	all, err := o.source.Standing(ctx, node.Actor{Org: o.Units[unit], Seat: string(seat), Member: "510900"})
	if err != nil {
		o.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(m notice.Matter) bool { return m.Day > string(o.Today()) })
	if texts, err = o.source.Word(ctx, all); err != nil {
		o.t.Fatal(err)
	}
	return all, texts
}

// want checks what a seat is told: kind, day and words of each.
func (o told) want(name string, seat region.Seat, unit string, want ...string) {
	o.t.Helper()
	all, texts := o.of(seat, unit)
	var got []string
	for i, m := range all {
		got = append(got, m.Kind+" "+m.Day+" "+texts[i])
	}
	if !slices.Equal(got, want) {
		o.t.Errorf("%s: %s of %s is told\n%s\nwant\n%s", name, seat, unit, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAReportFromDueToAccepted: due soon three days before, late the day after and a week later, reviewed, sent back.
func TestAReportFromDueToAccepted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := open(t, s)
		_, road := o.Row("遂渝高速公路扩容")
		const due = "待报：加快推进遂渝高速公路扩容工程建设，2022年1月进展，2022年1月25日前"
		const late = "逾期未报：加快推进遂渝高速公路扩容工程建设，2022年1月进展，应于2022年1月25日前"
		o.Day("2022-01-21")
		o.want("too early", region.Reporter, roads)
		o.Day("2022-01-22")
		o.want("soon", region.Reporter, roads, "due 2022-01-22 "+due)
		o.want("another unit's own", region.Reporter, office)
		o.Day("2022-01-25")
		o.want("on the last day", region.Reporter, roads, "due 2022-01-22 "+due)
		o.Day("2022-01-26")
		o.want("late", region.Reporter, roads, "late 2022-01-26 "+late)
		o.Day("2022-02-01")
		o.want("not told again yet", region.Reporter, roads, "late 2022-01-26 "+late)
		o.Day("2022-02-02")
		o.want("told again after a week", region.Reporter, roads, "late 2022-02-02 "+late)
		o.FileAs(roads, road, "2022-01", judge.OnTime, "路基完成两成。")
		o.want("filed", region.Reporter, roads)
		o.want("to be reviewed", region.Coordinator, office, "review 2022-02-02 1 项填报等待审核")
		o.want("no review of other units' filings", region.Reviewer, farms)
		o.Day("2022-02-03")
		if err := o.Return(context.Background(), o.Coordinator(), road, "2022-01", "缺数据"); err != nil {
			t.Fatal(err)
		}
		o.Day("2022-02-05")
		o.want("sent back", region.Reporter, roads, "returned 2022-02-03 已退回，请重报：加快推进遂渝高速公路扩容工程建设，2022年1月进展")
		o.want("nothing to review", region.Coordinator, office)
		o.want("a reader has nothing to do", region.Reader, office)
	})
}

// TestASlip is told to its unit when it is issued and when it is overdue, and to the office when it is answered.
func TestASlip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := open(t, s)
		ctx := context.Background()
		_, road := o.Row("遂渝高速公路扩容")
		id, err := o.IssueSlip(ctx, o.Coordinator(), plan.NewSlip{
			Item: road, Org: o.Units[roads], Ground: plan.SlipOther, Level: "blue", Words: plan.SlipWords{Matter: "管线迁改", Demand: "说明原因"},
		})
		if err != nil {
			t.Fatal(err)
		}
		o.want("issued", region.Reporter, roads, "slip 2022-01-10 督办单：管线迁改，2022年1月17日前反馈")
		o.want("another unit does not hear of it", region.Reporter, farms)
		o.want("the office waits", region.Coordinator, office)
		all, _ := o.of(region.Reporter, roads)
		if !all[0].Urgent || all[0].Href != "/slip/"+id+"@510900" {
			t.Errorf("%+v", all[0])
		}
		o.Day("2022-01-18")
		o.want("overdue", region.Reporter, roads, "slip-late 2022-01-18 督办单逾期：管线迁改，应于2022年1月17日前反馈")
		if err := o.AnswerSlip(ctx, o.As(region.Reporter, roads), plan.SlipID(id), "已迁改", nil); err != nil {
			t.Fatal(err)
		}
		o.want("answered", region.Reporter, roads)
		o.want("to be checked", region.Coordinator, office, "slip-check 2022-01-18 督办单已反馈，等待复核：管线迁改")
	})
}

// TestAnApplicationIsTold: that of a lead unit for another deadline, to the list's office alone, until it is answered.
func TestAnApplicationIsTold(t *testing.T) {
	o := open(t, storetest.OpenSQLite(t))
	ctx := context.Background()
	row, _ := o.Row("遂渝高速公路扩容")
	o.Day("2022-01-10")
	id, err := o.ProposeAmendment(ctx, o.As(region.Reporter, roads), row, plan.Amendment{Deadline: "明年3月底前", Reason: "征地未完成"})
	if err != nil {
		t.Fatal(err)
	}
	o.want("applied", region.Coordinator, office, "amendment 2022-01-10 1 份调整时限、目标的申请等待审批")
	o.want("the unit itself", region.Reporter, roads)
	if err := o.AnswerAmendment(ctx, o.Coordinator(), id, true, ""); err != nil {
		t.Fatal(err)
	}
	o.want("answered", region.Coordinator, office)
}

// TestANeighbourAsks: the coordinator is told of each row, from the day on which it was asked, until it is answered.
func TestANeighbourAsks(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	suining.Take(plan.ImportOptions{Plan: "suitong-2022", Year: 2022, Circle: plantest.Circle, Title: "遂潼任务"}, "序号,工作任务,牵头单位,完成时限\n1,整治琼江潼南段,潼南区：区水利局,6月底前\n")
	river, _ := suining.Row("整治琼江")
	tongnan.Hear(suining)
	o := told{tongnan, t, notices.Source(tongnan.Desk)}
	waits := func(seat region.Seat) []string {
		t.Helper()
		all, err := o.source.Standing(ctx, node.Actor{Org: o.Units[office], Seat: string(seat), Member: "500152"})
		if err != nil {
			t.Fatal(err)
		}
		texts, err := o.source.Word(ctx, all)
		if err != nil {
			t.Fatal(err)
		}
		return texts
	}
	if got := waits(region.Coordinator); !slices.Equal(got, []string{"邻方商请：整治琼江潼南段，2022年6月30日前完成，等待答复"}) {
		t.Errorf("%q", got)
	}
	if got := waits(region.Reviewer); len(got) != 0 {
		t.Errorf("a reviewer is told %q", got)
	}
	if _, err := tongnan.Decline(ctx, tongnan.Coordinator(), river, "本年度没有资金", ""); err != nil {
		t.Fatal(err)
	}
	if got := waits(region.Coordinator); len(got) != 0 {
		t.Errorf("after the answer: %q", got)
	}
}

// TestWordsInTheReadersLanguage, and what is erased has none.
func TestWordsInTheReadersLanguage(t *testing.T) {
	o := open(t, storetest.OpenSQLite(t))
	_, road := o.Row("遂渝高速公路扩容")
	m := []notice.Matter{
		{Kind: "due", Ref: road, Period: "2022-01", Due: "2022-01-25"},
		{Kind: "slip", Ref: "s-none@510900", Due: "2022-01-25"},
		{Kind: "review", N: 1},
		{Kind: "asked-open", Ref: "l-none@500152"},
	}
	got, err := o.source.Word(lang.In(context.Background(), lang.En), m)
	want := []string{
		"Report due: 加快推进遂渝高速公路扩容工程建设, January 2022, by 25 January 2022", "Slip: (erased), answer by 25 January 2022",
		"1 filing waits for review", "A neighbour asks: (erased), waits for your answer",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestAMeeting is told when it is called, on the day before it to who comes, to the office when minutes are to be written, and to who was there when they are issued.
func TestAMeeting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		coordinator := o.Coordinator()
		draft, err := o.NewMeetingDraft(ctx, coordinator.Actor, plan.MeetingDraft{Orgs: []string{o.Units[roads], o.Units[farms]}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := o.MeetingDraft(ctx, draft)
		if err != nil {
			t.Fatal(err)
		}
		d.Day, d.Clock, d.Words.Title = "2022-01-13", "08:30", "交通调度会"
		if err := o.SetMeetingDraft(ctx, d); err != nil {
			t.Fatal(err)
		}
		id, err := o.CallMeeting(ctx, coordinator, draft)
		if err != nil {
			t.Fatal(err)
		}
		const invited = "meeting-reply 2022-01-10 会议通知：交通调度会，2022年1月13日08:30，请报送回执"
		o.want("called", region.Reporter, roads, invited)
		o.want("a reader", region.Reader, roads)
		o.want("the convener is not told yet", region.Coordinator, office)
		if err := o.ReplyMeeting(ctx, o.As(region.Reporter, roads), id, plan.MeetingComes, plan.MeetingReplyWords{People: "张演示"}); err != nil {
			t.Fatal(err)
		}
		if err := o.ReplyMeeting(ctx, o.As(region.Reporter, farms), id, plan.MeetingExcused, plan.MeetingReplyWords{Reason: "防汛"}); err != nil {
			t.Fatal(err)
		}
		o.want("answered", region.Reporter, roads)
		all, err := o.source.Standing(ctx, o.As(region.Reporter, roads).Actor)
		if err != nil || !slices.ContainsFunc(all, func(m notice.Matter) bool { return m.Kind == "meeting" && m.Due == "2022-01-13" && m.Clock == "08:30" }) {
			t.Errorf("its calendar has %+v, %v", all, err)
		}
		o.Day("2022-01-12")
		o.want("the day before", region.Reporter, roads, "meeting 2022-01-12 会议：交通调度会，2022年1月13日08:30")
		o.want("who does not come", region.Reporter, farms)
		o.want("the convener", region.Coordinator, office, "meeting 2022-01-12 会议：交通调度会，2022年1月13日08:30")
		o.Day("2022-01-13")
		o.want("held", region.Coordinator, office, "meeting-minutes 2022-01-13 会议待写纪要：交通调度会，2022年1月13日召开")
		n, err := o.MinutesDraft(ctx, id, plan.ViewerOf(coordinator.Actor))
		if err != nil {
			t.Fatal(err)
		}
		plantest.AllCame(&n)
		n.Chair = "演示副市长"
		if err := o.IssueMinutes(ctx, coordinator, id, n); err != nil {
			t.Fatal(err)
		}
		o.want("issued", region.Reporter, roads, "meeting-confirm 2022-01-13 会议纪要等待确认：交通调度会，2022年1月13日召开")
		o.want("who was not there", region.Reporter, farms)
		o.want("the office has done", region.Coordinator, office)
		correct := func(chair string) {
			t.Helper()
			if err := o.CorrectMinutes(ctx, coordinator, id, func(n *plan.MinutesCorrection) { n.Chair, n.Reason = chair, "笔误" }); err != nil {
				t.Fatal(err)
			}
		}
		correct("王演示")
		const again = "meeting-corrected 2022-01-13 会议纪要已更正：交通调度会，2022年1月13日召开"
		o.want("corrected", region.Reporter, roads, again)
		o.want("who was not there got them too", region.Reporter, farms, again)
		o.want("who was not invited", region.Reporter, "市教育和体育局")
		o.want("the office corrected them itself", region.Coordinator, office)
		if err := o.AnswerMinutes(ctx, o.As(region.Reporter, roads), id, plan.AnyMinutes, true, ""); err != nil {
			t.Fatal(err)
		}
		o.want("confirmed", region.Reporter, roads)
		o.Day("2022-01-15")
		correct("李演示")
		o.want("corrected again", region.Reporter, roads, "meeting-corrected 2022-01-15 会议纪要已更正：交通调度会，2022年1月13日召开")
		o.Day("2022-01-22")
		o.want("told, a week ago", region.Reporter, farms, "due 2022-01-22 待报：推进智慧农业示范建设，2022年1月进展，2022年1月25日前")
	})
}
