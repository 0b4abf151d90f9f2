package demo

import (
	"fmt"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/judge"
)

// say makes a report's facts and words.
func (s *seeding) say(t *told) (plan.ReportFacts, plan.ReportWords) {
	w := t.work
	facts := plan.ReportFacts{
		Item: w.facts.Item, Period: t.period, Claim: judge.OnTime, Met: w.met(t), Parts: t.parts,
	}
	switch {
	case t.done:
		facts.Claim, facts.DoneOn = judge.Done, judge.Date(w.plot.done)
	case w.plot.risk > 0 && t.month >= w.plot.risk:
		facts.Claim = judge.AtRisk
	}
	var figures string
	facts.Figures, figures = w.figures(t)
	return facts, s.words(t, facts.Claim, figures)
}

func (s *seeding) words(t *told, claim judge.WorkState, figures string) plan.ReportWords {
	w, n := t.work, t.work.hash/11+uint32(t.month)
	support := "相关单位"
	if len(w.facts.Supports) > 0 {
		support = s.unitName(w.facts.Supports[0])
	}
	text := func(of string) string { return fill(of, w.title(), support, t.month) }
	said := plan.ReportWords{Progress: text(pick(w.text.months[t.month], n)) + figures}
	if t.done {
		said.Progress = text(pick(w.text.finals, n)) + figures
		return said
	}
	if t.support != "" {
		said.Progress += t.support + "配合完成当月要素保障事项。"
	}
	if claim == judge.AtRisk || t.month%3 == int(n/3)%3 {
		said.Problem = text(pick(w.text.problems, n/5))
	}
	if claim == judge.AtRisk && w.plot.problem != "" {
		said.Problem = w.plot.problem
	}
	if t.month > 1 {
		said.Next = text(pick(w.text.nexts, n/2))
	}
	return said
}

// met are the milestones that were reached since the month before was reported.
func (w *work) met(t *told) (all []plan.MetFacts) {
	var before judge.Date
	if t.month > 1 {
		before = w.filingDate(t.month - 1)
	}
	for _, m := range milestones {
		if m.title != w.title() || len(w.facts.Milestones) == 0 { // a neighbour's work may be called the same
			continue
		}
		for i, one := range m.all {
			if one.met != "" && one.met > before && one.met <= t.day {
				all = append(all, plan.MetFacts{Milestone: fmt.Sprintf("n%d", i+1), Day: one.met})
			}
		}
	}
	return all
}

// figures are the values of the item's indicators for a month, and the sentence that says them.
func (w *work) figures(t *told) (all []plan.FigureFacts, text string) {
	for i, k := range w.facts.Indicators {
		target, ok := hundredths(k.Target)
		if !ok || target == 0 {
			continue
		}
		value := target
		if !t.done {
			rate := k.Mode == "period" && !builds(w.words.Indicators[k.ID])
			value = w.reached(target, t.month, rate, i)
		}
		if t.less {
			value = value * 93 / 100
		}
		if whole(k.Unit) || !t.done && k.Unit == "%" && value > 100 {
			value -= value % 100
		}
		all = append(all, plan.FigureFacts{Indicator: k.ID, Value: decimal(value)})
		text += sentence(w.words.Indicators[k.ID], k, value, target, t)
	}
	return all, text
}

// reached is how far an indicator has come by the end of a month, in hundredths of its unit. A rate
// stands near its target from the beginning; an amount grows over the year, or until the work is due.
func (w *work) reached(target int64, month int, rate bool, n int) int64 {
	pace := 860 + int64((w.hash>>uint(3*n))%240) // in thousandths
	if w.plot.risk > 0 && month >= w.plot.risk {
		pace = pace * 7 / 10
	}
	if rate {
		return target * (700 + int64(month)*40*pace/1000) / 1000
	}
	months, m := int64(12), int64(month)
	if w.recurs() {
		return target * m / months
	}
	if due := w.due(); due != "" {
		months = int64(max(monthOf(string(due)), 5))
	}
	share := (m*m*40 + m*months*60) * 10 / (months * months) // slow at first
	return min(target*share*pace/1_000_000, target*97/100)
}

// builds says whether a rate is how much of a structure stands, which begins at nothing.
func builds(name string) bool {
	return strings.Contains(name, "工程") || strings.Contains(name, "主体") || strings.Contains(name, "路基")
}

// whole says whether an indicator counts things.
func whole(unit string) bool {
	return !strings.ContainsAny(unit, "%‰亩吨") && !strings.HasPrefix(unit, "亿") && !strings.HasPrefix(unit, "万") && unit != "公里" && unit != "千米" && unit != "平方米"
}

func sentence(name string, k plan.IndicatorFacts, value, target int64, t *told) string {
	if name == "" || strings.HasPrefix(name, "指标") {
		name = "完成"
	}
	amount := decimal(value) + k.Unit
	switch {
	case value == 0:
		return ""
	case t.done:
		return fmt.Sprintf("%s达到%s，完成年度目标。", name, amount)
	case k.Mode == "period":
		if builds(name) {
			name += "完成"
		}
		return fmt.Sprintf("%s%s，年度目标%s%s。", name, amount, decimal(target), k.Unit)
	}
	return fmt.Sprintf("截至%s，%s累计%s，占年度目标的%d%%。", t.day.ShortZh(), name, amount, value*100/target)
}

// hundredths reads a canonical decimal.
func hundredths(text string) (int64, bool) {
	before, after, _ := strings.Cut(text, ".")
	if len(after) > 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(before+after+strings.Repeat("0", 2-len(after)), 10, 64)
	return n, err == nil
}

// decimal writes hundredths as a canonical decimal.
func decimal(n int64) string {
	s := strconv.FormatInt(n/100, 10)
	if n%100 != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%02d", n%100), "0")
	}
	return s
}
