package plantest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liandong/node"
	"liandong/node/kindtest"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

const bureau = "市发展改革委"

func groupOf(t *testing.T, o *plantest.Office, n plan.NewGroup) string {
	t.Helper()
	id, err := o.SetGroup(context.Background(), o.Coordinator(), "", n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func meetingOf(t *testing.T, o *plantest.Office, id string, v plan.Viewer) *plan.Meeting {
	t.Helper()
	m, err := o.Meeting(context.Background(), id, v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// prepared is a draft of a group's meeting on a day, with points.
func prepared(t *testing.T, o *plantest.Office, group string, day judge.Date, title string, points ...plan.DraftPoint) string {
	t.Helper()
	ctx := context.Background()
	id, err := o.NewMeetingDraft(ctx, o.Coordinator().Actor, plan.MeetingDraft{Group: group})
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.MeetingDraft(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	m.Day, m.Clock, m.Points = day, "08:30", points
	m.Words = plan.MeetingWords{Title: title, Kind: "调度会", Place: "市政府二会议室"}
	if err := o.SetMeetingDraft(ctx, m); err != nil {
		t.Fatal(err)
	}
	return id
}

func drawn(t *testing.T, o *plantest.Office, draft string, days int) (all []plan.DrawnPoint, told string) {
	t.Helper()
	all, err := o.DrawAgenda(context.Background(), draft, days, plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range all {
		texts = append(texts, string(p.Ground)+" "+p.Title)
	}
	return all, strings.Join(texts, "; ")
}

// TestAMeetingFromItsAgendaToTheNext: the agenda is drawn from what is late, applied for and near; it is called, moved, answered; the minutes make one
// decision a new row and tie another to an item; the next meeting opens with both, and the one that is done is not drawn any more.
func TestAMeetingFromItsAgendaToTheNext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		listing, road1 := o.Row("遂渝高速公路扩容")
		o.Day("2022-06-20")
		coordinator, transport, agri := o.Coordinator(), o.As(region.Reporter, road), o.As(region.Reporter, farm)
		if _, err := o.ProposeAmendment(ctx, transport, listing, plan.Amendment{Deadline: "明年3月底前", Reason: "征地未完成"}); err != nil {
			t.Fatal(err)
		}
		group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[road], o.Units[farm]}, Words: plan.GroupWords{Name: "遂渝交通工作专班", Duties: "统筹交通项目"}})
		id := prepared(t, o, group, "2022-06-24", "6月交通调度会")
		all, told := drawn(t, o, id, 15)
		if len(all) == 0 || all[0].Ground != plan.AgendaDisputed || !strings.Contains(all[0].Text, "征地未完成") || all[0].Item != road1 || all[0].Look == nil {
			t.Fatalf("drawn: %s", told)
		}
		if _, far := drawn(t, o, id, 366); !strings.Contains(far, "due ") || strings.Contains(told, "due ") {
			t.Errorf("within 15 days: %s\nwithin a year: %s", told, far)
		}
		m, err := o.MeetingDraft(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		m.TakePoints([]plan.DraftPoint{all[0].DraftPoint, all[0].DraftPoint, {Ground: plan.AgendaFree, Title: "下半年安排"}})
		if len(m.Points) != 2 {
			t.Fatalf("taken twice: %+v", m.Points)
		}
		if err := o.SetMeetingDraft(ctx, m); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "an older version", "plan.meeting-draft-newer", o.SetMeetingDraft(ctx, m))
		if again, told := drawn(t, o, id, 15); len(again) != len(all)-1 {
			t.Errorf("what stands on the agenda is drawn again: %s", told)
		}
		_, err = o.CallMeeting(ctx, transport, id)
		wantCode(t, "a reporter calls it", "node.not-permitted", err)
		meeting, err := o.CallMeeting(ctx, coordinator, id)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.CallMeeting(ctx, coordinator, id)
		wantCode(t, "called twice", "plan.meeting-draft-unknown", err)

		waits := func(when string, want map[string]int) {
			t.Helper()
			for name, r := range map[string]node.Request{"office": coordinator, "roads": transport, "farms": agri} {
				if todo, err := o.Todo(ctx, r.Actor); err != nil || todo.Meetings != want[name] {
					t.Errorf("%s: %d meetings wait for %s, want %d, %v", when, todo.Meetings, name, want[name], err)
				}
			}
		}
		waits("called", map[string]int{"roads": 1, "farms": 1})
		wantCode(t, "who is not invited", "plan.meeting-not-invited", o.ReplyMeeting(ctx, o.As(region.Reporter, "市教育和体育局"), meeting, plan.MeetingComes, plan.MeetingReplyWords{People: "某人"}))
		wantCode(t, "nobody comes", "plan.meeting-people", o.ReplyMeeting(ctx, transport, meeting, plan.MeetingComes, plan.MeetingReplyWords{}))
		wantCode(t, "excused for no reason", "plan.reason-missing", o.ReplyMeeting(ctx, agri, meeting, plan.MeetingExcused, plan.MeetingReplyWords{}))
		wantCode(t, "an auditor answers", "node.not-permitted", o.ReplyMeeting(ctx, o.As(region.Auditor, road), meeting, plan.MeetingComes, plan.MeetingReplyWords{People: "某人"}))
		wantCode(t, "comes", "", o.ReplyMeeting(ctx, transport, meeting, plan.MeetingComes, plan.MeetingReplyWords{People: "张演示（副局长）"}))
		wantCode(t, "proposes", "", o.ProposePoint(ctx, agri, meeting, plan.AgendaWords{Title: "青苗补偿标准"}))
		wantCode(t, "proposes more", "", o.ProposePoint(ctx, agri, meeting, plan.AgendaWords{Title: "食堂安排"}))
		waits("proposed", map[string]int{"farms": 1, "office": 1})
		got := meetingOf(t, o, meeting, plan.ViewerOf(coordinator.Actor))
		if len(got.Proposed) != 2 || got.Proposed[0].Name != farm {
			t.Fatalf("%+v", got.Proposed)
		}
		p, q := got.Proposed[0], got.Proposed[1]
		wantCode(t, "a unit decides", "node.not-permitted", o.AnswerPoint(ctx, agri, meeting, p.Book, p.Index, true, ""))
		wantCode(t, "taken", "", o.AnswerPoint(ctx, coordinator, meeting, p.Book, p.Index, true, ""))
		wantCode(t, "declined for no reason", "plan.reason-missing", o.AnswerPoint(ctx, coordinator, meeting, q.Book, q.Index, false, ""))
		wantCode(t, "declined", "", o.AnswerPoint(ctx, coordinator, meeting, q.Book, q.Index, false, "不属会议议题"))
		if seen := meetingOf(t, o, meeting, plan.ViewerOf(agri.Actor)); seen.Asked[0].People != "" || len(seen.Agenda) != 3 {
			t.Errorf("another unit reads who comes: %+v, %+v", seen.Asked, seen.Agenda)
		}
		_, err = o.Meeting(ctx, meeting, plan.ViewerOf(o.As(region.Reporter, "市教育和体育局").Actor))
		wantCode(t, "who is not invited reads", "plan.meeting-unknown", err)

		moved, err := o.ChangeMeeting(ctx, meeting)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.CallMeeting(ctx, coordinator, moved)
		wantCode(t, "moved for no reason", "plan.reason-missing", err)
		if m, err = o.MeetingDraft(ctx, moved); err != nil {
			t.Fatal(err)
		}
		m.Day, m.Words.Reason = "2022-06-23", "与省里会议冲突"
		if err := o.SetMeetingDraft(ctx, m); err != nil {
			t.Fatal(err)
		}
		if same, err := o.CallMeeting(ctx, coordinator, moved); err != nil || same != meeting {
			t.Fatalf("%s, %v", same, err)
		}
		if got = meetingOf(t, o, meeting, plan.ViewerOf(coordinator.Actor)); got.Day != "2022-06-23" || !got.Asked[0].Stale {
			t.Errorf("moved: %+v", got)
		}
		waits("moved", map[string]int{"roads": 1, "farms": 1})
		wantCode(t, "comes then too", "", o.ReplyMeeting(ctx, transport, meeting, plan.MeetingSubstitute, plan.MeetingReplyWords{People: "李演示（科长）"}))
		wantCode(t, "excused", "", o.ReplyMeeting(ctx, agri, meeting, plan.MeetingExcused, plan.MeetingReplyWords{Reason: "防汛值守"}))
		waits("answered", nil)

		n, err := o.MinutesDraft(ctx, meeting, plan.ViewerOf(coordinator.Actor))
		if err != nil || len(n.Points) != 3 || n.Present[0].Who != o.Units[plantest.UnitNames[0]] || n.Present[1].State != plan.WasSubstitute || n.Present[2].State != plan.WasExcused {
			t.Fatalf("%+v, %v", n, err)
		}
		n.Chair, n.Points[0].Text = "演示副市长", "会议听取了汇报。"
		n.Resolutions = []plan.DraftResolution{
			{Point: 1, Text: "7月15日前完成遂宁段征地", Org: o.Units[road], Supports: []string{o.Units[farm]}, Due: "2022-07-15", Follow: plan.FollowNew},
			{Point: 1, Text: "加快路基施工", Org: o.Units[road], Follow: road1},
			{Text: "会后补发材料", Follow: plan.FollowNone},
		}
		wantCode(t, "before it was held", "plan.minutes-early", o.IssueMinutes(ctx, coordinator, meeting, n))
		if err := o.SaveMinutes(ctx, meeting, n); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "saved over another's", "plan.meeting-draft-newer", o.SaveMinutes(ctx, meeting, n))
		o.Day("2022-06-23")
		waits("held", map[string]int{"office": 1})
		if n, err = o.MinutesDraft(ctx, meeting, plan.ViewerOf(coordinator.Actor)); err != nil || n.Version != 1 || len(n.Resolutions) != 3 {
			t.Fatalf("%+v, %v", n, err)
		}
		lacking := n
		lacking.Present = slices.Clone(n.Present)
		lacking.Present[1].State = ""
		wantCode(t, "whether a unit was there is not said", "plan.minutes-present", o.IssueMinutes(ctx, coordinator, meeting, lacking))
		lacking = n
		lacking.Chair = " "
		wantCode(t, "nobody in the chair", "plan.minutes-chair", o.IssueMinutes(ctx, coordinator, meeting, lacking))
		lacking = n
		lacking.Resolutions = []plan.DraftResolution{{Text: "没有单位的新事项", Follow: plan.FollowNew}}
		wantCode(t, "nobody does it", "plan.resolution-unit", o.IssueMinutes(ctx, coordinator, meeting, lacking))
		wantCode(t, "a unit issues them", "node.not-permitted", o.IssueMinutes(ctx, transport, meeting, n))
		if err := o.IssueMinutes(ctx, coordinator, meeting, n); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "issued twice", "plan.meeting-over", o.IssueMinutes(ctx, coordinator, meeting, n))
		list, err := o.List(ctx, plan.ListQuery{Plan: "meeting-2022"})
		if err != nil || len(list.Rows) != 1 || list.Rows[0].Words.Title != "7月15日前完成遂宁段征地" || list.Rows[0].LeadName != road ||
			list.Rows[0].Words.Deadline != "2022年7月15日前" || !strings.Contains(list.Rows[0].Words.Note, "6月交通调度会") {
			t.Fatalf("%+v, %v", list.Rows, err)
		}
		got = meetingOf(t, o, meeting, plan.ViewerOf(transport.Actor))
		if got.State != plan.MeetingIsMinuted || got.Minutes.Number != 1 || len(got.Minutes.Resolutions) != 3 || !got.Minutes.Resolutions[0].Open ||
			got.Minutes.Resolutions[2].Open || got.Minutes.Words.Points[0].Stood == "" {
			t.Errorf("%+v", got.Minutes)
		}
		story, err := o.Story(ctx, road1, "", plan.ViewerOf(transport.Actor))
		if err != nil || story.Events[0].Kind != "plan.meeting.minuted" || story.Events[0].Text != "加快路基施工" || !story.Events[0].Done {
			t.Errorf("the item's story: %+v, %v", story.Events, err)
		}
		for _, e := range mustStory(t, o, road1, o.As(region.Reader, bureau)) {
			if strings.HasPrefix(e.Kind, "plan.meeting") {
				t.Errorf("a reader reads %+v", e)
			}
		}
		waits("minuted", map[string]int{"roads": 1})
		wantCode(t, "who was not there", "plan.minutes-not-there", o.AnswerMinutes(ctx, agri, meeting, plan.AnyMinutes, true, ""))
		wantCode(t, "objects for no reason", "plan.reason-missing", o.AnswerMinutes(ctx, transport, meeting, plan.AnyMinutes, false, ""))
		wantCode(t, "objects", "", o.AnswerMinutes(ctx, transport, meeting, plan.AnyMinutes, false, "时限应为7月底"))
		waits("objected", nil)

		correctsMinutes(t, o, meeting, road1)
		waits("corrected", map[string]int{"roads": 1, "farms": 1})
		wantCode(t, "farms confirm what holds", "", o.AnswerMinutes(ctx, agri, meeting, plan.AnyMinutes, true, ""))
		wantCode(t, "roads object again", "", o.AnswerMinutes(ctx, transport, meeting, plan.AnyMinutes, false, "时限应为7月底"))
		waits("answered anew", nil)

		next := prepared(t, o, group, "2022-07-20", "7月交通调度会")
		o.Day("2022-07-18")
		all, told = drawn(t, o, next, 0)
		if !strings.HasPrefix(told, "open 7月15日前完成遂宁段征地; open 加快路基和桥梁施工; minutes ") || all[0].Look.Work.State != judge.Late {
			t.Errorf("the next agenda: %s", told)
		}
		m, err = o.MeetingDraft(ctx, next)
		if err != nil {
			t.Fatal(err)
		}
		m.TakePoints([]plan.DraftPoint{all[0].DraftPoint, all[2].DraftPoint})
		if err := o.SetMeetingDraft(ctx, m); err != nil {
			t.Fatal(err)
		}
		second, err := o.CallMeeting(ctx, coordinator, next)
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, "the minutes hold after all", "", o.AnswerMinutes(ctx, transport, meeting, plan.AnyMinutes, true, ""))
		item := list.Rows[0].Item
		o.FileAs(road, item, "2022-07", judge.Done, "征地全部完成。")
		o.AcceptNow(item, "2022-07", true)
		got = meetingOf(t, o, second, plan.ViewerOf(coordinator.Actor))
		if len(got.Before) != 3 || got.Before[0].Open || got.Before[0].Look.Progress != "征地全部完成。" || !got.Before[1].Open || got.Before[0].Look.Work.State != judge.DoneLate {
			t.Errorf("the next one opens with %+v", got.Before)
		}
		third := prepared(t, o, group, "2022-07-29", "再次调度")
		if _, told = drawn(t, o, third, 0); strings.Contains(told, "完成遂宁段征地") || strings.Contains(told, "minutes ") {
			t.Errorf("what is done is drawn: %s", told)
		}
		wantCode(t, "cancelled for no reason", "plan.reason-missing", o.CancelMeeting(ctx, coordinator, second, ""))
		wantCode(t, "cancelled", "", o.CancelMeeting(ctx, coordinator, second, "合并召开"))
		wantCode(t, "answered after that", "plan.meeting-over", o.ReplyMeeting(ctx, agri, second, plan.MeetingComes, plan.MeetingReplyWords{People: "某人"}))
		o.Clean()
		kindtest.Prove(t, o.Node())
		if t.Name() == "TestAMeetingFromItsAgendaToTheNext/sqlite" {
			kindtest.Golden(t, o.Node(), "testdata/golden-meeting.txt")
		}
	})
}

func mustStory(t *testing.T, o *plantest.Office, item string, r node.Request) []plan.Happening {
	t.Helper()
	story, err := o.Story(context.Background(), item, "", plan.ViewerOf(r.Actor))
	if err != nil {
		t.Fatal(err)
	}
	return story.Events
}

// TestAGroupChangesAndEnds: it keeps its history; telephones are masked for who does not need them; a change needs a reason.
func TestAGroupChangesAndEnds(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	coordinator := o.Coordinator()
	n := plan.NewGroup{Orgs: []string{o.Units[road]}, Plans: []string{"suitong"}, Words: plan.GroupWords{Name: "交通专班"}}
	_, err := o.SetGroup(ctx, o.As(region.Reporter, road), "", n)
	wantCode(t, "a reporter sets it up", "node.not-permitted", err)
	_, err = o.SetGroup(ctx, coordinator, "", plan.NewGroup{Words: n.Words})
	wantCode(t, "of nobody", "plan.meeting-nobody", err)
	_, err = o.SetGroup(ctx, coordinator, "", plan.NewGroup{Orgs: []string{"o-99"}, Words: n.Words})
	wantCode(t, "of no unit", "plan.meeting-unit", err)
	_, err = o.SetGroup(ctx, coordinator, "", plan.NewGroup{Orgs: n.Orgs, Members: []string{"500152"}, Words: n.Words})
	wantCode(t, "with a neighbour inside", "plan.meeting-circle", err)
	id := groupOf(t, o, n)
	_, err = o.SetGroup(ctx, coordinator, id, n)
	wantCode(t, "changed for no reason", "plan.reason-missing", err)
	n.Orgs, n.Words.Reason = append(n.Orgs, o.Units[farm]), "增补成员单位"
	if same, err := o.SetGroup(ctx, coordinator, id, n); err != nil || same != id {
		t.Fatalf("%s, %v", same, err)
	}
	wantCode(t, "a contact without a name", "plan.group-contact-name", o.SetContacts(ctx, coordinator, id, []plan.Contact{{Unit: road, Phone: "13800001234"}}))
	wantCode(t, "contacts", "", o.SetContacts(ctx, coordinator, id, []plan.Contact{{Unit: road, Name: "王演示", Phone: "13800001234"}, {}}))
	for seat, want := range map[region.Seat]string{region.Coordinator: "13800001234", region.Reporter: "13800001234", region.Auditor: "138****1234", region.Leader: "138****1234"} {
		g, err := o.Group(ctx, id, plan.ViewerOf(o.As(seat, road).Actor))
		if err != nil || len(g.Contacts) != 1 || g.Contacts[0].Phone != want {
			t.Errorf("%s reads %+v, %v", seat, g.Contacts, err)
		}
	}
	_, err = o.Group(ctx, id, plan.ViewerOf(o.As(region.Reporter, "市教育和体育局").Actor))
	wantCode(t, "another unit reads it", "plan.group-unknown", err)
	wantCode(t, "dissolved", "", o.DissolveGroup(ctx, coordinator, id, "任务完成"))
	_, err = o.NewMeetingDraft(ctx, coordinator.Actor, plan.MeetingDraft{Group: id})
	wantCode(t, "a meeting of it", "plan.group-unknown", err)
	g, err := o.Group(ctx, id, plan.ViewerOf(coordinator.Actor))
	if err != nil || g.Over == "" || g.Why != "任务完成" || len(g.History) != 4 || g.History[1].Text != "增补成员单位" || g.History[2].Text != "" {
		t.Errorf("%+v, %v", g, err)
	}
	kindtest.Prove(t, o.Node())
}

// TestNeighboursMeet: a group of a circle meets; the neighbour's coordinator answers in his own book, proposes a point, is asked for what was decided, and
// confirms the minutes; the units invited here answer in the same circle's book, and nobody else speaks for a member.
func TestNeighboursMeet(t *testing.T) {
	ctx := context.Background()
	suining, tongnan := plantest.New(t, storetest.OpenSQLite(t)), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
	plantest.Meet(suining, tongnan)
	_, err := suining.SetGroup(ctx, suining.Coordinator(), "", plan.NewGroup{Circle: plantest.Circle, Members: []string{"511500"}, Words: plan.GroupWords{Name: "琼江专班"}})
	wantCode(t, "with a stranger", "plan.consultation-stranger", err)
	group := groupOf(t, suining, plan.NewGroup{
		Circle: plantest.Circle, Orgs: []string{suining.Units[road]}, Members: []string{"500152"},
		Words: plan.GroupWords{Name: "琼江治理工作专班", Sides: map[string]string{"500152": "区水利局"}},
	})
	id, err := suining.CallMeeting(ctx, suining.Coordinator(), prepared(t, suining, group, "2022-01-12", "琼江治理联席会议", plan.DraftPoint{Ground: plan.AgendaFree, Title: "琼江断面"}))
	if err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	there := tongnan.Coordinator()
	if todo, err := tongnan.Todo(ctx, there.Actor); err != nil || todo.Meetings != 1 {
		t.Errorf("%d meetings wait for Tongnan, %v", todo.Meetings, err)
	}
	wantCode(t, "a unit of the neighbour's", "plan.meeting-not-invited", tongnan.ReplyMeeting(ctx, tongnan.As(region.Reporter, road), id, plan.MeetingComes, plan.MeetingReplyWords{People: "某人"}))
	_, err = tongnan.Meeting(ctx, id, plan.ViewerOf(tongnan.As(region.Reporter, road).Actor))
	wantCode(t, "and it reads nothing", "plan.meeting-unknown", err)
	wantCode(t, "the neighbour", "", tongnan.ReplyMeeting(ctx, there, id, plan.MeetingComes, plan.MeetingReplyWords{People: "赵演示（区水利局局长）"}))
	wantCode(t, "proposes", "", tongnan.ProposePoint(ctx, there, id, plan.AgendaWords{Title: "上游来水调度"}))
	wantCode(t, "the neighbour cancels", "plan.not-ours", tongnan.CancelMeeting(ctx, there, id, "越权"))
	wantCode(t, "a unit here", "", suining.ReplyMeeting(ctx, suining.As(region.Reporter, road), id, plan.MeetingComes, plan.MeetingReplyWords{People: "张演示"}))
	suining.Hear(tongnan)
	got := meetingOf(t, suining, id, plan.ViewerOf(suining.Coordinator().Actor))
	if len(got.Asked) != 2 || got.Asked[0].Reply != plan.MeetingComes || got.Asked[1].Reply != plan.MeetingComes || got.Asked[1].Book != "500152/suitong" || len(got.Proposed) != 1 {
		t.Fatalf("%+v", got)
	}
	if err := suining.AnswerPoint(ctx, suining.Coordinator(), id, got.Proposed[0].Book, got.Proposed[0].Index, true, ""); err != nil {
		t.Fatal(err)
	}
	suining.Day("2022-01-12")
	tongnan.Day("2022-01-12")
	n, err := suining.MinutesDraft(ctx, id, plan.ViewerOf(suining.Coordinator().Actor))
	if err != nil || len(n.Points) != 2 {
		t.Fatalf("%+v, %v", n, err)
	}
	plantest.AllCame(&n)
	n.Chair = "演示主任"
	n.Resolutions = []plan.DraftResolution{
		{Text: "整治琼江潼南段", Member: "500152", Side: "区水利局", Due: "2022-06-30", Follow: plan.FollowNew},
		{Text: "整治琼江遂宁段", Org: suining.Units[road], Due: "2022-06-30", Follow: plan.FollowNew},
	}
	if err := suining.IssueMinutes(ctx, suining.Coordinator(), id, n); err != nil {
		t.Fatal(err)
	}
	tongnan.Hear(suining)
	if todo, err := tongnan.Todo(ctx, there.Actor); err != nil || todo.Meetings != 1 || todo.Asked != 1 {
		t.Fatalf("%d meetings and %d rows wait for Tongnan, %v", todo.Meetings, todo.Asked, err)
	}
	asked, err := tongnan.AskedOfUs(ctx)
	if err != nil || len(asked) != 1 {
		t.Fatalf("%+v, %v", asked, err)
	}
	if _, err := tongnan.Claim(ctx, there, asked[0].Listing, "", []string{tongnan.Units[road]}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "objects", "", tongnan.AnswerMinutes(ctx, there, id, plan.AnyMinutes, false, "时限应为9月底"))
	wantCode(t, "and agrees", "", tongnan.AnswerMinutes(ctx, there, id, plan.AnyMinutes, true, ""))
	wantCode(t, "a unit confirms for its member", "plan.minutes-not-there", tongnan.AnswerMinutes(ctx, tongnan.As(region.Reporter, road), id, plan.AnyMinutes, true, ""))
	suining.Hear(tongnan)
	for _, o := range []*plantest.Office{suining, tongnan} {
		got := meetingOf(t, o, id, plan.ViewerOf(o.Coordinator().Actor))
		r := got.Minutes.Resolutions
		if got.Asked[1].Confirmed != "2022-01-12" || got.Asked[1].Objected != "" || len(r) != 2 || r[0].Unit != "潼南区水利局" || r[0].Answer != "claimed" || !r[0].Open {
			t.Errorf("%s: %+v, %+v", o.Node().Name, got.Asked, r)
		}
		kindtest.Prove(t, o.Node())
	}
}

// TestAMeetingStandsInTheStoryOfANeighboursItem: what Suining calls a meeting on of Tongnan's item, and what is decided of it, stands in the story of
// that item on both nodes, for coordinators and for the unit that does it; no other unit reads it, and an item that was not spoken of has nothing.
func TestAMeetingStandsInTheStoryOfANeighboursItem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		suining, tongnan := plantest.New(t, s), plantest.Of(t, storetest.OpenSQLite(t), plantest.Tongnan)
		plantest.Meet(suining, tongnan)
		tongnan.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: plantest.Circle, Title: "遂潼工作计划"}, "序号,工作任务,牵头单位\n1,整治琼江潼南段,"+road+"\n2,修缮沿江步道,"+road+"\n")
		_, item := tongnan.Row("整治琼江潼南段")
		_, other := tongnan.Row("修缮沿江步道")
		suining.Hear(tongnan)
		group := groupOf(t, suining, plan.NewGroup{Circle: plantest.Circle, Orgs: []string{suining.Units[road]}, Members: []string{"500152"}, Words: plan.GroupWords{Name: "琼江专班"}})
		id, err := suining.CallMeeting(ctx, suining.Coordinator(), prepared(t, suining, group, "2022-01-12", "琼江治理联席会议", plan.DraftPoint{Ground: plan.AgendaFree, Item: item, Title: "潼南段进度"}))
		if err != nil {
			t.Fatal(err)
		}
		told := func(o *plantest.Office, of string, r node.Request) string {
			var all []string
			for _, h := range mustStory(t, o, of, r) {
				if strings.HasPrefix(h.Kind, "plan.meeting.") {
					all = append(all, h.Text)
				}
			}
			return strings.Join(all, "; ")
		}
		tongnan.Hear(suining)
		if got := told(tongnan, item, tongnan.Coordinator()); got != "琼江治理联席会议" {
			t.Errorf("called: %q", got)
		}
		suining.Day("2022-01-12")
		tongnan.Day("2022-01-12")
		n, err := suining.MinutesDraft(ctx, id, plan.ViewerOf(suining.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		plantest.AllCame(&n)
		n.Chair, n.Points[0].Text = "演示主任", "会议听取了潼南段情况。"
		n.Resolutions = []plan.DraftResolution{{Point: 1, Text: "三月底前完成清淤", Member: "500152", Side: "区水利局", Follow: item}}
		if err := suining.IssueMinutes(ctx, suining.Coordinator(), id, n); err != nil {
			t.Fatal(err)
		}
		tongnan.Hear(suining)
		const want = "三月底前完成清淤; 琼江治理联席会议"
		for remark, c := range map[string]struct {
			o       *plantest.Office
			of      string
			r       node.Request
			expects string
		}{
			"who does it, at home":           {tongnan, item, tongnan.As(region.Reporter, road), want},
			"its coordinator":                {tongnan, item, tongnan.Coordinator(), want},
			"the convening coordinator":      {suining, item, suining.Coordinator(), want},
			"a unit that was invited":        {suining, item, suining.As(region.Reporter, road), want},
			"another unit at home":           {tongnan, item, tongnan.As(region.Reporter, farm), ""},
			"another unit of the convener":   {suining, item, suining.As(region.Reporter, farm), ""},
			"a reader":                       {tongnan, item, tongnan.As(region.Reader, road), ""},
			"an item that was not spoken of": {tongnan, other, tongnan.Coordinator(), ""},
		} {
			if got := told(c.o, c.of, c.r); got != c.expects {
				t.Errorf("%s reads %q, want %q", remark, got, c.expects)
			}
		}
	})
}
