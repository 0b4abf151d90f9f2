package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"liandong/plan"
)

// planMeetings plans a working group with Tongnan and two meetings of it: one of 8 June that is minuted, with a decision tied to an item, one that became a
// row and one for Tongnan, and one of 24 June that is called and opens with what became of them. Invented.
func (s *seeding) planMeetings() error {
	n := slices.IndexFunc(s.works, func(w *work) bool { return w.title() == "开展涪江右岸水资源配置工程前期工作" })
	if n < 0 {
		return fmt.Errorf("no work that a meeting speaks of")
	}
	item := s.works[n].facts.Item
	orgs := s.orgsOf("市交通运输局", "市水利局", "市生态环境局")
	var group, first, second string
	s.on(at("2022-06-02", 10, 0), func(ctx context.Context) (err error) {
		group, err = s.desk.SetGroup(ctx, s.coordinator(), "", plan.NewGroup{
			Circle: joint, Orgs: orgs, Members: []string{"500152"}, Plans: []string{"suitong-2022"},
			Words: plan.GroupWords{Name: "遂潼互联互通工作专班（演示）", Duties: "统筹两地交通、水利项目，按月调度，协调争议。", Sides: map[string]string{"500152": "区交通局、区水利局"}},
		})
		if err != nil {
			return err
		}
		return s.desk.SetContacts(ctx, s.coordinator(), group, []plan.Contact{
			{Unit: "市交通运输局", Name: "周演示", Phone: "13900000001"}, {Unit: "市水利局", Name: "吴演示", Phone: "13900000002"}, {Unit: "潼南区", Name: "郑演示", Phone: "13900000003"},
		})
	})
	s.on(at("2022-06-02", 11, 0), func(ctx context.Context) (err error) {
		first, err = s.call(ctx, group, plan.MeetingDraft{
			Day: "2022-06-08", Clock: "14:30", Words: plan.MeetingWords{Title: "遂潼互联互通第二季度联席会议（演示）", Kind: "联席会议", Place: "遂宁市政府二会议室"},
			Points: []plan.DraftPoint{{Ground: plan.AgendaLate, Item: item, Title: "涪江右岸水资源配置工程"}, {Ground: plan.AgendaFree, Title: "下半年联合巡查安排"}},
		})
		return err
	})
	for i, who := range []string{"周演示（副局长）", "吴演示（副局长）", "孙演示（科长）"} {
		s.on(at("2022-06-06", 9, 10+i), func(ctx context.Context) error {
			reply := plan.MeetingComes
			if i == 2 {
				reply = plan.MeetingSubstitute
			}
			return s.desk.ReplyMeeting(ctx, s.reporter(orgs[i]), first, reply, plan.MeetingReplyWords{People: who})
		})
	}
	s.on(at("2022-06-09", 16, 0), func(ctx context.Context) error {
		m, err := s.desk.MinutesDraft(ctx, first, plan.ViewerOf(s.coordinator().Actor))
		if err != nil {
			return err
		}
		for i := range m.Present { // who did not answer came all the same
			m.Present[i].State = cmp.Or(m.Present[i].State, plan.WasPresent)
		}
		m.Chair, m.Recorder = "演示副市长", "演示协调员"
		m.Points[0].Text = "会议听取了前期工作情况，认为可研报告审查滞后主要是补充材料未齐，要求倒排工期。"
		m.Points[1].Text = "会议同意下半年两地按季度开展联合巡查，首次巡查由遂宁市组织。"
		m.Resolutions = []plan.DraftResolution{
			{Point: 1, Text: "6月底前补齐可研报告审查材料", Org: orgs[1], Due: "2022-06-30", Follow: item},
			{Point: 2, Text: "制定琼江联合巡查方案", Org: orgs[1], Supports: orgs[2:], Due: "2022-07-15", Follow: plan.FollowNew},
			{Point: 2, Text: "确定联合巡查的联络人员", Member: "500152", Side: "区水利局", Due: "2022-06-20", Follow: plan.FollowNone},
		}
		return s.desk.IssueMinutes(ctx, s.coordinator(), first, m)
	})
	s.on(at("2022-06-10", 9, 30), func(ctx context.Context) error {
		return s.desk.AnswerMinutes(ctx, s.reporter(orgs[0]), first, plan.AnyMinutes, true, "")
	})
	s.on(at("2022-06-10", 10, 0), func(ctx context.Context) error {
		return s.desk.AnswerMinutes(ctx, s.reporter(orgs[1]), first, plan.AnyMinutes, true, "")
	})
	s.on(at("2022-06-17", 16, 40), func(ctx context.Context) (err error) {
		second, err = s.call(ctx, group, plan.MeetingDraft{
			Day: "2022-06-24", Clock: "09:30", Words: plan.MeetingWords{Title: "遂潼互联互通6月调度会（演示）", Kind: "调度会", Place: "潼南区政务服务中心三会议室", Note: "请责任单位准备5分钟汇报材料。"},
			Points: []plan.DraftPoint{{Ground: plan.AgendaOpen, Item: item, Title: "涪江右岸水资源配置工程：审查材料补齐情况"}, {Ground: plan.AgendaFree, Title: "联合巡查方案"}},
		})
		return err
	})
	s.on(at("2022-06-18", 9, 5), func(ctx context.Context) error {
		return s.desk.ReplyMeeting(ctx, s.reporter(orgs[1]), second, plan.MeetingComes, plan.MeetingReplyWords{People: "吴演示（副局长）"})
	})
	return nil
}

// call sends the invitation to a meeting of a group.
func (s *seeding) call(ctx context.Context, group string, m plan.MeetingDraft) (string, error) {
	id, err := s.desk.NewMeetingDraft(ctx, s.coordinator().Actor, plan.MeetingDraft{Group: group})
	if err != nil {
		return "", err
	}
	draft, err := s.desk.MeetingDraft(ctx, id)
	if err != nil {
		return "", err
	}
	draft.Day, draft.Clock, draft.Words, draft.Points = m.Day, m.Clock, m.Words, m.Points
	if err := s.desk.SetMeetingDraft(ctx, draft); err != nil {
		return "", err
	}
	return s.desk.CallMeeting(ctx, s.coordinator(), id)
}

// confer has a neighbour confirm the minutes of the meetings at which it was; what it is invited to is left for a visitor to answer.
func (s *seeding) confer(ctx context.Context) error {
	all, err := s.desk.WaitingMeetings(ctx, s.coordinator().Actor)
	for _, m := range all {
		if err == nil && s.desk.MeetingWaits(&m, s.coordinator().Actor) == plan.StepConfirm {
			err = s.desk.AnswerMinutes(ctx, s.coordinator(), m.ID, plan.AnyMinutes, true, "")
		}
	}
	return err
}
