package demo

import (
	"context"

	"liandong/plan"
)

// draftRows are those of a list in the making: what the two governments might add in the second half of the year. Invented.
var draftRows = []plan.ListingWords{
	{
		Number: "1", Section: []string{"一、基础设施"}, Title: "开行遂宁至潼南夜间城际公交", Target: "开行2条线，日均客流300人次", Lead: []string{"市交通运输局"},
		Sides: map[string]plan.Side{"500152": {Lead: []string{"区交通局"}}}, Deadline: "9月底前",
	},
	{
		Number: "2", Section: []string{"二、现代农业"}, Title: "共建遂潼柠檬良种繁育基地", Target: "育苗50万株", Lead: []string{"市农业农村局"},
		Sides: map[string]plan.Side{"500152": {Lead: []string{"区农业农村委"}}}, Deadline: "年底前",
	},
	{
		Number: "3", Section: []string{"三、公共服务"}, Title: "两地社区图书馆互借互还", Target: "接入30个社区", Lead: []string{"市文化广电旅游局"}, Support: []string{"市政务服务局"},
		Sides: map[string]plan.Side{"500152": {Lead: []string{"区文化旅游委"}}}, Deadline: "10月底前",
	},
}

// planDraft plans a list in the making that is out for comment: one unit has commented, one has no comments, the others and Tongnan are waited for.
func (s *seeding) planDraft() {
	org := map[string]string{}
	for _, u := range s.units {
		org[u.name] = u.id
	}
	var asked []string
	for _, name := range []string{"市交通运输局", "市农业农村局", "市文化广电旅游局"} {
		asked = append(asked, org[name])
	}
	var id string
	s.on(at("2022-06-16", 10, 15), func(ctx context.Context) error {
		making, err := s.desk.NewMaking(ctx, plan.Making{Title: "遂潼一体化2022年下半年增补任务（演示数据）", Plan: "suitong-2022-more", Year: 2022, Circle: "suitong"}, draftRows)
		if err != nil {
			return err
		}
		id, err = s.desk.Consult(ctx, s.coordinator(), making, plan.NewConsultation{
			Orgs: asked, Members: []string{"500152"}, Due: "2022-06-23", Note: "下半年拟增补三项任务，请研究并于6月23日前反馈。",
		})
		return err
	})
	s.on(at("2022-06-17", 15, 5), func(ctx context.Context) error {
		return s.desk.Comment(ctx, s.reporter(org["市农业农村局"]), id, map[int]string{2: "良种基地选址尚未批复，建议年底前改为“完成选址和一期育苗20万株”。"})
	})
	s.on(at("2022-06-17", 16, 30), func(ctx context.Context) error {
		return s.desk.Comment(ctx, s.reporter(org["市文化广电旅游局"]), id, nil)
	})
}
