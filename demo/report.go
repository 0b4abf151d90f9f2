package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// event is one act of one person at one time.
type event struct {
	at  time.Time
	act func(context.Context) error
}

// report lays out who does what when, and then does it in the order of time. What would lie after
// the demonstration's start has not happened yet.
func (s *seeding) report(ctx context.Context) error {
	for _, w := range s.works {
		if s.persons[w.lead()] == "" {
			return fmt.Errorf("nobody reports for %s", w.title())
		}
		for month := 1; month <= 6; month++ {
			s.planMonth(w, month)
		}
	}
	if s.of.folder == "" {
		s.planAside()
		s.planDraft()
		if err := s.planMeetings(); err != nil {
			return err
		}
		if err := s.planWords(); err != nil {
			return err
		}
		if err := s.planShares(); err != nil {
			return err
		}
		if err := s.planSigning(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(s.events, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range s.events {
		if !e.at.Before(Start) {
			break
		}
		if err := s.until(ctx, e.at); err != nil {
			return err
		}
		if err := e.act(ctx); err != nil {
			return fmt.Errorf("%s: %w", e.at.Format(time.DateTime), err)
		}
	}
	return nil
}

func (s *seeding) on(t time.Time, act func(context.Context) error) {
	s.events = append(s.events, event{t, act})
}

// told is what a lead says of a work for one period.
type told struct {
	work    *work
	period  judge.Period
	month   int // that the texts are of
	day     judge.Date
	done    bool
	parts   []int64
	support string // unit whose part was merged
	less    bool   // a correction: the figures were too great
}

// planMonth plans one month of an item, or at the end of a quarter the quarter of an item that no
// monthly list holds.
func (s *seeding) planMonth(w *work, month int) {
	p := w.plot
	if p.done != "" && month > monthOf(p.done) || slices.Contains(p.missed, month) {
		return
	}
	t := &told{work: w, period: judge.Period(fmt.Sprintf("2022-%02d", month)), month: month}
	if !w.monthly() {
		if month%3 != 0 {
			return
		}
		t.period = judge.PeriodOf(judge.Quarter, t.period.First())
	}
	t.day = w.filingDate(month)
	t.done = p.done != "" && month == monthOf(p.done)
	filed := at(string(t.day), 9, int(w.hash%420))
	if unit := s.helper(w, month); unit != "" {
		s.on(filed.Add(-26*time.Hour), func(ctx context.Context) error { return s.addPart(ctx, t, unit) })
	}
	s.on(filed, func(ctx context.Context) error { return s.file(ctx, t) })
	if slices.Contains(p.back, month) {
		returned := filed.Add(23 * time.Hour)
		s.on(returned, func(ctx context.Context) error { return s.sendBack(ctx, t) })
		if filed = returned.Add(25 * time.Hour); month == 6 {
			return // the unit has not answered yet
		}
		s.on(filed, func(ctx context.Context) error { return s.file(ctx, t) })
	}
	days := 1 + w.hash/420%2
	accepted := filed.Add(time.Duration(days) * 24 * time.Hour)
	s.on(accepted, func(ctx context.Context) error { return s.accept(ctx, t) })
	if month == 3 && w.monthly() && w.in("chengduplain") {
		s.on(accepted.Add(2*time.Hour), func(ctx context.Context) error { return s.compose(ctx, t) })
	}
}

func monthOf(day string) int { return int(day[5]-'0')*10 + int(day[6]-'0') }

func (w *work) filingDate(month int) judge.Date {
	return judge.Date(fmt.Sprintf("2022-%02d-%02d", month, w.filingDay(month)))
}

// filingDay is the day of the month on which the lead files.
func (w *work) filingDay(month int) int {
	n := int(w.hash/7) + month*5
	switch {
	case slices.Contains(w.plot.late, month):
		return 26 + n%3
	case w.plot.done != "" && month == monthOf(w.plot.done):
		return max(15+n%2, int(w.plot.done[8]-'0')*10+int(w.plot.done[9]-'0')) + 1
	case slices.Contains(w.plot.back, month):
		return 15 + n%3
	case month == 3 && w.in("chengduplain"):
		return 16 + n%5
	}
	return 15 + n%10
}

// helper is the supporting unit that adds a part, "" if none does.
func (s *seeding) helper(w *work, month int) string {
	if month < 3 || w.hash%5 != 0 || !w.monthly() || len(w.facts.Supports) > 4 {
		return ""
	}
	for _, u := range w.facts.Supports {
		if s.persons[u] != "" {
			return u
		}
	}
	return ""
}

func (s *seeding) addPart(ctx context.Context, t *told, unit string) error {
	receipt, err := s.desk.FilePart(ctx, s.reporter(unit), plan.ReportFacts{Item: t.work.facts.Item, Period: t.period},
		plan.ReportWords{Progress: fill(pick(partTexts, t.work.hash+uint32(t.month)), t.work.title(), s.unitName(unit), t.month)})
	if err != nil {
		return fmt.Errorf("part of %s: %w", t.work.title(), err)
	}
	t.parts, t.support = []int64{receipt.Entries[0].Index}, s.unitName(unit)
	return nil
}

func (s *seeding) file(ctx context.Context, t *told) error {
	facts, words := s.say(t)
	if err := s.fileAnswered(ctx, t, facts, words, "已与业务台账核对，数据无误。"); err != nil {
		return fmt.Errorf("report of %s for %s: %w", t.work.title(), t.period, err)
	}
	return nil
}

// fileAnswered files, and answers what is asked before filing if something is.
func (s *seeding) fileAnswered(ctx context.Context, t *told, f plan.ReportFacts, words plan.ReportWords, answer string) error {
	lead := s.reporter(t.work.lead())
	_, err := s.desk.File(ctx, lead, f, words)
	if !refuse.Is(err, "plan.question-open") {
		return err
	}
	questions, err := s.desk.Ask(ctx, f)
	if err != nil {
		return err
	}
	words.Answers = map[string]string{}
	for _, q := range questions {
		words.Answers[q.ID] = answer
	}
	_, err = s.desk.File(ctx, lead, f, words)
	return err
}

func (s *seeding) sendBack(ctx context.Context, t *told) error {
	reason := pick(returnTexts, t.work.hash+uint32(t.month))
	if err := s.desk.Return(ctx, s.reviewer(), t.work.facts.Item, t.period, reason); err != nil {
		return fmt.Errorf("return %s for %s: %w", t.work.title(), t.period, err)
	}
	return nil
}

// accept is the reviewer's; a claim of done is confirmed by the coordinator.
func (s *seeding) accept(ctx context.Context, t *told) error {
	who := s.reviewer()
	if t.done || t.work.hash%3 == 0 {
		who = s.coordinator()
	}
	if _, err := s.desk.Accept(ctx, who, t.work.facts.Item, t.period, t.done); err != nil {
		return fmt.Errorf("accept %s for %s: %w", t.work.title(), t.period, err)
	}
	return nil
}

// compose confirms a quarter's report that is made from the months'.
func (s *seeding) compose(ctx context.Context, t *told) error {
	quarter := judge.PeriodOf(judge.Quarter, t.period.First())
	lead := s.reporter(t.work.lead())
	c, err := s.desk.Compose(ctx, lead.Actor, t.work.facts.Item, quarter)
	if err == nil {
		_, err = s.desk.File(ctx, lead, c.Facts, c.Words)
	}
	if err == nil {
		_, err = s.desk.Accept(ctx, s.reviewer(), t.work.facts.Item, quarter, false)
	}
	if err != nil {
		return fmt.Errorf("compose %s for %s: %w", t.work.title(), quarter, err)
	}
	return nil
}

// planAside plans what happens once: corrections after acceptance and the coordinator's verdicts.
func (s *seeding) planAside() {
	s.correct("建设蔬菜核心示范基地", "2022-06-08", "原填报将船山区两个乡镇面积重复计入，本次予以更正。", true)
	s.correct("发展直播电商和跨境电商", "2022-06-17", "省级平台回传数据调整，更正5月零售额。", false)
	s.verdict("推动园区开展飞地合作", "chengduplain", "2022-05-31", judge.Late, "第二批土地指标6月底前难以落实，9月底场平800亩已无法按期完成。")
	s.verdict("推进工业互联网标识解析应用", "chengyu", "2022-06-06", judge.AtRisk, "接入企业数连续两月低于序时进度，单位未预警，经会商认定为有风险。")
	s.slip("推动园区开展飞地合作", "chengduplain", "2022-06-01", plan.SlipWords{
		Matter: "遂甘园区9月底场平800亩进度滞后", Basis: "《成都平原经济区一体化发展2022年遂宁市重点任务清单》", Demand: "说明土地指标落实情况，提出赶工措施和时间表。",
		Signer: "陈岚（演示）",
	}, "第二批土地指标已与成都市对接，拟分两年安排；先行场平500亩，9月底前完成，其余明年6月底前完成。")
	s.slip("制定园区成本共担利益共享办法", "suitong", "2022-06-13", plan.SlipWords{
		Matter: "园区成本共担利益共享办法逾期未出台", Basis: "遂潼一体办〔2022〕2号", Demand: "说明未按期出台的原因和报审时间。", Signer: "陈岚（演示）",
	}, "")
	s.hearsay("推动园区开展飞地合作", "chengduplain", "2022-06-10", region.HearsayFacts{Member: "510100", Source: region.ByLetter, Day: "2022-06-09"},
		region.HearsayWords{Text: "同意第二批土地指标分两年安排，合作协议修改稿6月底前返回。", Who: "成都市发展改革委来函，成发改函〔2022〕118号（演示数据）"})
}

// slip supervises the lead of a row; with an answer it is signed for on the next day and answered on the third, else it waits.
func (s *seeding) slip(title, list, day string, words plan.SlipWords, answer string) {
	r := s.rowOf(list, title)
	var id string
	s.on(at(day, 9, 40), func(ctx context.Context) (err error) {
		if r == nil {
			return errors.New("no row " + title)
		}
		id, err = s.desk.IssueSlip(ctx, s.coordinator(), plan.NewSlip{Item: r.item, Org: s.leadOf(r), Ground: plan.SlipLate, Words: words})
		return err
	})
	if answer == "" {
		return
	}
	next := judge.Date(day).AddDays(1)
	s.on(at(string(next), 10, 5), func(ctx context.Context) error { return s.desk.SignSlip(ctx, s.reporter(s.leadOf(r)), plan.SlipID(id)) })
	s.on(at(string(next.AddDays(1)), 16, 20), func(ctx context.Context) error {
		return s.desk.AnswerSlip(ctx, s.reporter(s.leadOf(r)), plan.SlipID(id), answer, nil)
	})
}

// leadOf is the unit that leads the work of a row.
func (s *seeding) leadOf(r *row) string {
	for _, w := range s.works {
		for i := range w.rows {
			if &w.rows[i] == r {
				return w.lead()
			}
		}
	}
	return ""
}

// hearsay records what a member without a node said of a row.
func (s *seeding) hearsay(title, list, day string, f region.HearsayFacts, words region.HearsayWords) {
	r := s.rowOf(list, title)
	s.on(at(day, 10, 15), func(ctx context.Context) error {
		if r == nil {
			return errors.New("no row " + title)
		}
		id, _, _ := strings.Cut(r.listing, "@")
		_, err := s.desk.Node().Write(ctx, s.coordinator(), func(ctx context.Context, w *node.Writing) error {
			_, err := region.HearsaySaid.Say(ctx, w, node.Said[region.HearsayFacts, region.HearsayWords]{
				Circle: list, Subjects: []string{id}, Facts: f, Words: &words,
			})
			return err
		})
		return err
	})
}

// correct files a period again after it was accepted.
func (s *seeding) correct(title, day, why string, accept bool) {
	w := s.workOf(title)
	t := &told{work: w, period: "2022-05", month: 5, day: w.filingDate(5), less: true}
	s.on(at(day, 11, 20), func(ctx context.Context) error {
		facts, words := s.say(t)
		words.Reason = why
		if err := s.fileAnswered(ctx, t, facts, words, why); err != nil {
			return fmt.Errorf("correct %s: %w", title, err)
		}
		return nil
	})
	if accept {
		s.on(at(day, 17, 5), func(ctx context.Context) error { return s.accept(ctx, t) })
	}
}

func (s *seeding) verdict(title, list, day string, state judge.WorkState, reason string) {
	r := s.rowOf(list, title)
	s.on(at(day, 16, 40), func(ctx context.Context) error {
		if r == nil {
			return errors.New("no row " + title)
		}
		return s.desk.GiveVerdict(ctx, s.coordinator(), r.listing, state, reason)
	})
}

func (s *seeding) unitName(id string) string {
	i := slices.IndexFunc(s.units, func(u unit) bool { return u.id == id })
	if i < 0 {
		return "有关单位"
	}
	return s.units[i].name
}

func pick[T any](all []T, n uint32) T { return all[int(n)%len(all)] }

var returnTexts = []string{
	"请补充与年度目标对应的数据，说明占比和同比情况。",
	"进展与上月基本相同，请写清本月新开展的工作和成效。",
	"数据与统计部门口径不一致，请核对后重新报送。",
	"存在问题一栏过于笼统，请具体到事项、责任单位和解决时限。",
}

var partTexts = []string{
	"{协}已按分工完成{月}配合任务，提供相关数据和资料，协调事项2项。",
	"{协}安排专人对接，完成{月}联合审查，意见已书面反馈牵头单位。",
	"{协}配合开展现场工作，{月}办结要素保障事项3项。",
}
