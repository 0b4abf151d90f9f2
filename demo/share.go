package demo

import (
	"context"
	"errors"

	"liandong/plan"
	"liandong/plan/judge"
)

// planShares plans an item that its lead splits among its three sections and a county: two parts came, one is waited for and one is late.
func (s *seeding) planShares() error {
	w := s.splitWork()
	if w == nil {
		return errors.New("no work to split")
	}
	const period, due = judge.Period("2022-06"), judge.Date("2022-06-17")
	asked := map[string]string{} // unit -> id
	ask := func(unit, text string, n plan.NewShare) {
		s.on(at("2022-06-10", 9, 20+len(s.events)%9), func(ctx context.Context) error {
			n.Item, n.Orgs, n.Period, n.Text = w.facts.Item, s.orgsOf(unit), period, text
			ids, err := s.desk.AskShare(ctx, s.reporter(w.lead()), n)
			if err == nil {
				asked[unit] = ids[0]
			}
			return err
		})
	}
	const building, planning, traffic, chuanshan = "市交通运输局建设管理科", "市交通运输局综合规划科", "市交通运输局运输管理科", "船山区"
	share := plan.NewShare{Due: due}
	if len(w.facts.Indicators) > 0 && w.facts.Indicators[0].Target != "" {
		share.Indicator, share.Target = w.facts.Indicators[0].ID, "1"
	}
	ask(building, "报本月工程形象进度和完成数。（演示数据）", share)
	ask(planning, "报前期手续办理和资金到位情况。（演示数据）", plan.NewShare{Due: due})
	ask(traffic, "报交通组织和群众出行保障情况。（演示数据）", plan.NewShare{Due: due})
	ask(chuanshan, "报境内征地拆迁和要素保障进展。（演示数据）", plan.NewShare{Once: true, Due: "2022-06-22"})
	answer := func(day, unit, text string, figures ...plan.FigureFacts) {
		s.on(at(day, 15, 10), func(ctx context.Context) error {
			org := s.orgsOf(unit)[0]
			_, err := s.desk.ReportShare(ctx, s.reporter(org), plan.ShareReportFacts{Share: asked[unit], Period: period, Figures: figures}, plan.ReportWords{Progress: text})
			return err
		})
	}
	var done []plan.FigureFacts
	if share.Indicator != "" {
		done = []plan.FigureFacts{{Indicator: share.Indicator, Value: "0.6"}}
	}
	answer("2022-06-15", building, "主体工程按计划推进，两个作业面同时施工。（演示数据）", done...)
	answer("2022-06-17", planning, "用地预审、环评已批复，本月到位资金按进度拨付。（演示数据）")
	return nil
}

// splitWork is a work of the printed reporter's unit whose June report is still to come.
func (s *seeding) splitWork() *work {
	for _, unit := range s.orgsOf(s.of.reporter) {
		for _, w := range s.works {
			if w.lead() == unit && w.monthly() && w.filingDay(6) > 20 && w.plot.done == "" && len(w.plot.missed) == 0 {
				return w
			}
		}
	}
	return nil
}
