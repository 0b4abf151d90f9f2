package plantest

import (
	"context"
	"fmt"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
)

// many writes the entries of an office with very many items.
type many struct {
	ctx   context.Context
	node  *node.Node
	items int
	more  []node.Module
	now   time.Time
}

func (m *many) item(i int) string { return fmt.Sprintf("i-%07d", i) }

func (m *many) lead(i int) string { return fmt.Sprintf("o-%d", 2+i%(ManyUnits-1)) }

// waits: one report of twenty of the last month is not answered yet.
func (m *many) waits(i int) bool { return i%20 == 7 }

// joint: one item of ten also stands in the list of the circle.
func (m *many) joint(i int) bool { return i%10 == 3 }

// list of an item and its place there.
func (m *many) list(i int) (key string, order int) {
	long := max(m.items/ManyLists, 1)
	return fmt.Sprintf("list-%d", min(i/long, ManyLists-1)), i%long + 1
}

func month(n int) judge.Period { return judge.Period(fmt.Sprintf("2022-%02d", n)) }

func (m *many) write(act node.Act) error {
	_, err := m.node.Write(m.ctx, node.Request{Actor: node.Actor{Person: "p-1", Org: "o-1", Seat: "setup", Member: "510900"}}, act)
	return err
}

// as lets the entries that follow come from another organisation.
func as(w *node.Writing, org string) { w.Actor.Org = org }

// day moves the clock, some days at a time as a running node does.
func (m *many) day(day judge.Date) error {
	to, err := time.ParseInLocation("2006-01-02", string(day), judge.Beijing)
	if err != nil {
		return err
	}
	for to = to.Add(9 * time.Hour); m.now.Before(to); {
		m.now = m.now.Add(min(5*24*time.Hour, to.Sub(m.now)))
		if err := m.node.Awake(m.ctx); err != nil {
			return err
		}
	}
	return nil
}

func (m *many) fill() error {
	if err := m.write(m.units); err != nil {
		return err
	}
	if err := m.each(m.open1); err != nil {
		return err
	}
	for n := 1; n <= Months; n++ {
		if err := m.day(month(n).First().AddDays(19)); err != nil {
			return err
		}
		report := func(w *node.Writing, i int) error { return m.report(w, i, n) }
		if err := m.each(report); err != nil {
			return err
		}
	}
	return m.day(ManyDay)
}

// each lets an act say of every item what it has to say, some hundred in a transaction.
func (m *many) each(say func(w *node.Writing, i int) error) error {
	const chunk = 500
	for from := 0; from < m.items; from += chunk {
		err := m.write(func(_ context.Context, w *node.Writing) error {
			for i := from; i < min(from+chunk, m.items); i++ {
				if err := say(w, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *many) units(ctx context.Context, w *node.Writing) error {
	if err := w.OpenBook(ctx, node.Self); err != nil {
		return err
	}
	err := region.OpenCircle(ctx, w, region.Circle{ID: manyCircle, Name: "遂潼一体化", Members: []string{"510900", "500152"}})
	if err != nil {
		return err
	}
	for i := range ManyUnits {
		id, name := fmt.Sprintf("o-%d", i+1), fmt.Sprintf("市第%d演示局", i)
		if i == 0 {
			name = "市发展改革委"
		}
		_, err := region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Subjects: []string{id},
			Facts: region.OrgFacts{Org: id, Side: "510900", Sort: i}, Words: &region.OrgWords{Name: name},
		})
		if err != nil {
			return err
		}
	}
	// Who names somebody is no new node: nothing is written when it first starts.
	_, err = region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
		Circle: node.Self, Facts: region.PersonFacts{Person: "p-1"}, Words: &region.PersonWords{Name: "演示"},
	})
	if err != nil {
		return err
	}
	return m.issue(ctx, w, manyCircle, "joint")
}

func (m *many) issue(ctx context.Context, w *node.Writing, circle, key string) error {
	id := "510900:" + key
	_, err := plan.PlanIssued.Say(ctx, w, node.Said[plan.PlanFacts, plan.PlanWords]{
		Circle: circle, Subjects: []string{id},
		Facts: plan.PlanFacts{Plan: id, Year: 2022, Cycle: judge.Month, Issued: "2022-01-10"},
		Words: &plan.PlanWords{Title: "2022年重点任务清单" + key + "（演示数据）", DocumentNo: "演示〔2022〕1号"},
	})
	return err
}

var (
	works     = []string{"加快推进", "统筹实施", "启动建设", "持续深化", "联合开展"}
	things    = []string{"高速公路扩容工程", "优质蔬菜生产基地", "创新产业园区规划", "跨省城际公交线路", "环境空气质量会商", "锂电产业集群", "职业教育联盟"}
	deadlines = []judge.Deadline{{Kind: judge.By, Date: "2022-06-30"}, {Kind: judge.By, Date: "2022-09-30"}, {Kind: judge.By, Date: "2022-12-31"}, {Kind: judge.Ongoing}}
)

func title(i int) string {
	return fmt.Sprintf("%s第%d号%s", works[i%len(works)], i, things[i/3%len(things)])
}

// open1 describes an item and puts it into its lists.
func (m *many) open1(w *node.Writing, i int) error {
	circles := []string{node.Self}
	if m.joint(i) {
		circles = append(circles, manyCircle)
	}
	for _, circle := range circles {
		if err := m.describe(w, circle, i); err != nil {
			return err
		}
	}
	key, order := m.list(i)
	if order == 1 {
		if err := m.issue(m.ctx, w, node.Self, key); err != nil {
			return err
		}
	}
	if err := m.enlist(w, node.Self, key, order, i); err != nil {
		return err
	}
	if m.joint(i) {
		return m.enlist(w, manyCircle, "joint", i/10+1, i)
	}
	return nil
}

func (m *many) describe(w *node.Writing, circle string, i int) error {
	f := plan.ItemFacts{
		Item: m.item(i), Leads: []string{m.lead(i)}, Supports: []string{m.lead(i + 1)},
		Milestones: []plan.MilestoneFacts{{ID: "m1", Day: "2022-04-30"}, {ID: "m2", Day: "2022-10-31"}}, Indicators: []plan.IndicatorFacts{},
	}
	words := plan.ItemWords{Title: title(i), Leader: "演示领导", Milestones: map[string]string{"m1": "完成前期工作", "m2": "主体完工"}}
	if m.measured(i) {
		f.Indicators = []plan.IndicatorFacts{{ID: "x1", Unit: "亿元", Target: "20", Direction: "up", Mode: "cumulative", Decimals: 2}}
		words.Indicators = map[string]string{"x1": "完成投资"}
	}
	_, err := plan.ItemOpened.Say(m.ctx, w, node.Said[plan.ItemFacts, plan.ItemWords]{
		Circle: circle, Subjects: []string{f.Item}, Facts: f, Words: &words,
	})
	return err
}

func (m *many) measured(i int) bool { return i%4 == 1 }

func (m *many) enlist(w *node.Writing, circle, key string, order, i int) error {
	f := plan.ListingFacts{
		Plan: "510900:" + key, Listing: fmt.Sprintf("l-%s-%07d", circle, i), Order: order,
		Items: []string{m.item(i)}, Deadline: deadlines[i%len(deadlines)],
	}
	_, err := plan.Listed.Say(m.ctx, w, node.Said[plan.ListingFacts, plan.ListingWords]{
		Circle: circle, Subjects: []string{f.Listing, m.item(i)}, Facts: f, Words: &plan.ListingWords{
			Number: fmt.Sprint(order), Section: []string{fmt.Sprintf("第%d部分", order%7+1)}, Title: title(i),
			Measures: "按月调度，按季通报，年底完成年度目标任务。", Target: "完成投资20亿元", Lead: []string{m.lead(i)}, Deadline: string(f.Deadline.Date),
		},
	})
	return err
}

// report files an item's report of a month and accepts it into every book where the item stands.
func (m *many) report(w *node.Writing, i, n int) error {
	f := plan.ReportFacts{Item: m.item(i), Period: month(n), Claim: judge.OnTime, Figures: []plan.FigureFacts{}, Met: []plan.MetFacts{}, Parts: []int64{}}
	if (i+n)%9 == 0 {
		f.Claim = judge.AtRisk
	}
	if n == 4 && i%6 != 0 {
		f.Met = append(f.Met, plan.MetFacts{Milestone: "m1", Day: "2022-04-18"})
	}
	if n == Months && i%10 == 1 {
		f.Claim, f.DoneOn = judge.Done, "2022-10-15"
	}
	if m.measured(i) {
		f.Figures = append(f.Figures, plan.FigureFacts{Indicator: "x1", Value: fmt.Sprint(n)})
	}
	words := plan.ReportWords{Progress: fmt.Sprintf("%d月完成年度任务的百分之%d，现场施工有序，资料已归档。", n, n*8), Next: "继续推进。"}
	as(w, m.lead(i))
	filed, err := plan.ReportFiled.Say(m.ctx, w, node.Said[plan.ReportFacts, plan.ReportWords]{
		Circle: node.Self, Subjects: []string{f.Item}, Facts: f, Words: &words,
	})
	as(w, "o-1")
	if err != nil || n == Months && m.waits(i) {
		return err
	}
	return m.accept(w, i, f, words, filed)
}

func (m *many) accept(w *node.Writing, i int, f plan.ReportFacts, words plan.ReportWords, filed node.Position) error {
	facts := plan.AcceptFacts{Report: f, Org: m.lead(i), Filed: judge.DateIn(m.now, judge.Beijing), Confirmed: f.Claim == judge.Done}
	said := node.Said[plan.AcceptFacts, plan.ReportWords]{
		Circle: node.Self, Subjects: []string{f.Item}, Causes: []node.Position{filed}, Facts: facts, Words: &words,
	}
	if _, err := plan.ReportAccepted.Say(m.ctx, w, said); err != nil || !m.joint(i) {
		return err
	}
	said.Circle, said.Causes = manyCircle, nil
	_, err := plan.ReportAccepted.Say(m.ctx, w, said)
	return err
}
