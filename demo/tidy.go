package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
)

// twins are the same work in several lists, by the beginnings of the wordings: chengyu, suitong,
// chengduplain; "" where a list does not have it.
var twins = [][3]string{
	{"加快遂渝高速公路扩容", "遂渝高速扩容工程", "实施遂渝高速公路扩容改造"},
	{"推进双江航电枢纽", "涪江双江航电枢纽", ""},
	{"开展涪江右岸水资源", "涪江右岸水资源", ""},
	{"开行跨省城际公交", "开行遂潼跨省城际公交", ""},
	{"推动共建锂电产业集群", "", "打造千亿级锂电产业集群"},
	{"建设遂甘飞地产业园区", "", "推动园区开展飞地合作"},
	{"提高磷酸铁锂", "", "推进磷酸铁锂"},
	{"推动大型科研仪器共享", "", "共享大型科学仪器"},
	{"推出遂潼精品旅游线路", "推出遂潼精品旅游线路", ""},
	{"打造天府源、潼南绿", "共用天府源、潼南绿", ""},
	{"建设渝遂绵优质蔬菜", "共建优质蔬菜生产带", ""},
	{"推进农产品质量安全追溯", "建立农产品追溯互认", ""},
	{"参加成都平原空气质量", "", "参加平原城市空气质量"},
	{"开展遂潼大气污染联合监测", "大气污染联合监测", ""},
	{"建设四川区域协同发展总部基地", "", "共建四川区域协同发展总部基地"},
	{"深化银政企合作落实园区授信", "落实六家银行580亿元授信", ""},
	{"组织学校结对共建", "", "组织与成都学校结对"},
	{"推动遂宁中学与成都石室中学", "", "落实遂宁中学与石室中学"},
	{"推进异地就医直接结算", "医保异地结算全覆盖", "扩大异地就医直接结算"},
	{"推行社会保障卡一卡通", "推行一卡通一码通", "推广社保卡居民服务"},
	{"畅通社会保险关系", "社保关系转移接续", ""},
	{"开展跨区域就业服务", "联合举办招聘会", ""},
}

// tidy is what the coordinator does after the imports: links that were not proposed, milestones of
// the large works.
func (s *seeding) tidy(ctx context.Context) error {
	if err := s.until(ctx, at(tidiedOn, 14, 30)); err != nil || s.of.folder != "" {
		return err
	}
	for _, pair := range twins {
		if err := s.linkTwins(ctx, pair); err != nil {
			return err
		}
	}
	if err := s.readWorks(ctx); err != nil {
		return err
	}
	for _, m := range milestones {
		if err := s.addMilestones(ctx, m); err != nil {
			return fmt.Errorf("milestones of %s: %w", m.title, err)
		}
	}
	return s.readWorks(ctx)
}

var listKeys = [3]string{"chengyu", "suitong", "chengduplain"}

// familyOf is the place in twins of a row, -1 if it is the same work as no other.
func familyOf(r row) int {
	at := slices.Index(listKeys[:], r.plan)
	return slices.IndexFunc(twins, func(t [3]string) bool { return t[at] != "" && strings.HasPrefix(r.title, t[at]) })
}

func (s *seeding) linkTwins(ctx context.Context, family [3]string) error {
	var first *row
	for i, key := range listKeys {
		if family[i] == "" {
			continue
		}
		r := s.rowOf(key, family[i])
		switch {
		case r == nil:
			return fmt.Errorf("no row %q in %s", family[i], key)
		case first == nil:
			first = r
		case r.item != first.item:
			err := s.desk.Link(ctx, s.coordinator(), r.listing, []string{first.item}, "经核对为同一项工作，合并填报")
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seeding) rowOf(plan, prefix string) *row {
	for _, w := range s.works {
		for i, r := range w.rows {
			if r.plan == plan && strings.HasPrefix(r.title, prefix) {
				return &w.rows[i]
			}
		}
	}
	return nil
}

// steps are milestones (节点) with the day on which a report says that they were reached.
type steps struct {
	title string
	all   []step
}

type step struct {
	name     string
	due, met judge.Date
}

var milestones = []steps{
	{"加快遂渝高速公路扩容工程建设", []step{{"完成控制性工点征地拆迁", "2022-03-31", "2022-03-18"}, {"路基工程完成50%", "2022-06-30", ""}, {"路基工程完成80%", "2022-12-31", ""}}},
	{"推进双江航电枢纽工程建设", []step{{"二期围堰闭合", "2022-04-30", "2022-04-15"}, {"厂房混凝土浇筑到安装高程", "2022-09-30", ""}}},
	{"开展涪江右岸水资源配置工程前期工作", []step{{"可研报告通过审查", "2022-05-31", ""}, {"开工", "2022-09-30", ""}}},
	{"推进遂宁陆港型国家物流枢纽建设", []step{{"货场二期主体封顶", "2022-05-31", "2022-05-16"}, {"联调联试", "2022-10-31", ""}}},
	{"推进职业教育园区建设", []step{{"主体工程完工", "2022-05-31", "2022-06-15"}, {"首批学生入驻", "2022-08-31", ""}}},
	{"推行社会保障卡一卡通", []step{{"文旅、交通场景上线", "2022-03-31", "2022-03-21"}, {"政务服务场景上线", "2022-06-30", ""}}},
	{"落实川渝通办事项", []step{{"首批95项全部可办", "2022-03-31", "2022-03-20"}, {"第二批115项全部可办", "2022-09-30", ""}}},
}

func (s *seeding) addMilestones(ctx context.Context, m steps) error {
	w := s.workOf(m.title)
	if w == nil {
		return fmt.Errorf("no such item")
	}
	facts, words := w.facts, w.words
	facts.Milestones, words.Milestones = nil, map[string]string{}
	for i, one := range m.all {
		id := fmt.Sprintf("n%d", i+1)
		facts.Milestones = append(facts.Milestones, plan.MilestoneFacts{ID: id, Day: one.due})
		words.Milestones[id] = one.name
	}
	return s.desk.ReviseItem(ctx, s.coordinator(), facts, words)
}

func (s *seeding) workOf(title string) *work {
	for _, w := range s.works {
		for _, r := range w.rows {
			if r.title == title {
				return w
			}
		}
	}
	return nil
}
