package letter

import (
	"regexp"
	"strings"
)

// overallText 总体情况. What is nought is not told: the text is composed anew until somebody edits it.
func overallText(in BulletinInput) string {
	lines := []string{"截至{{截止日期}}，" + scopeText(in) + "其中，" + statesText(in.Total) + "，完成率{{完成率}}。"}
	if in.Total.Due > 0 {
		lines = append(lines, reportsText(in))
	}
	if in.Previous != nil {
		before := in.before()
		line := "与" + before + "相比，已完成事项{{完成数较" + before + "}}，进度滞后事项{{滞后数较" + before + "}}，存在风险事项{{风险数较" + before + "}}"
		if in.due() && in.Total.Due > 0 && in.Previous.Due > 0 {
			line += "，按时报送率{{报送率较" + before + "}}"
		}
		lines = append(lines, line+"。")
	}
	if len(in.Lists) > 1 {
		lines = append(lines, listsText(in))
	}
	return strings.Join(lines, "\n")
}

// scopeText names what is counted: of one list its name, of several how often work stands in them.
func scopeText(in BulletinInput) string {
	if len(in.Lists) == 1 && in.Total.Listings == in.Total.Items {
		return "《{{清单1.名称}}》共{{事项数}}项任务。"
	}
	return "纳入调度的{{清单数}}份清单共{{条目数}}条任务，去重后为{{事项数}}个事项（" + in.once("{{共办数}}") + "）。"
}

// once says what a piece of work is that is counted once. What several members do together is one of each of them: each reports its own part
// (docs/decisions/0009).
func (in BulletinInput) once(joint string) string {
	text := "同一事项列入多份清单的只计一次"
	if in.Joint > 0 {
		text += "，各方共同承担的" + joint + "条任务由各方分别报送，按各方各计一项"
	}
	return text
}

// outcomeText 目标完成情况, of a summary only.
func outcomeText(o Outcome, total Figures) string {
	var lines []string
	if o.Targets > 0 {
		lines = append(lines, "列入清单的量化目标{{目标数}}个，已达到{{达标数}}个，逐项情况见附表。")
	}
	if o.Steps > 0 {
		lines = append(lines, "工作节点{{节点数}}个，截至{{截止日期}}到期{{到期节点数}}个，已完成{{完成节点数}}个。")
	}
	if total.Items > total.AllDone() {
		lines = append(lines, "尚未完成的事项{{未完成数}}项。")
	}
	return strings.Join(lines, "\n")
}

func statesText(f Figures) string {
	done := "已完成{{完成数}}项"
	if f.DoneLate > 0 {
		done += "（含逾期完成{{逾期完成数}}项）"
	}
	parts := []string{done}
	for _, c := range []struct {
		n    int
		text string
	}{
		{f.OnTime, "正常推进{{正常数}}项"},
		{f.AtRisk, "存在风险{{风险数}}项"},
		{f.Late, "进度滞后{{滞后数}}项"},
		{f.Planned, "尚未启动{{未启动数}}项"},
		{f.Dropped, "另有调整退出{{退出数}}项"},
	} {
		if c.n > 0 {
			parts = append(parts, c.text)
		}
	}
	return strings.Join(parts, "，")
}

// reportsText: before the cut-off nobody is late, so there is no rate of reports in time yet.
func reportsText(in BulletinInput) string {
	n := in.counted()
	line := "{{月份}}应报送进展的事项{{应报数}}项"
	if in.Summary() {
		line = "{{月份}}应报送进展{{应报数}}项次（同一事项每报送一期计一项次）"
	}
	if !in.due() {
		return line + "，已报送{{已报数}}" + n + "，报送截止日为{{本期截止}}。"
	}
	line += "，按时报送{{按时报送数}}" + n + "，按时报送率{{报送率}}"
	if in.Total.FiledLate > 0 {
		line += "；逾期补报{{补报数}}" + n
	}
	if in.Total.Missed > 0 {
		line += "；" + in.missingWord() + "{{未报数}}" + n
	}
	return line + "。"
}

// missingWord: whether a report that another member did not accept was filed there is not known.
func (in BulletinInput) missingWord() string {
	if in.Shared {
		return "尚未采用"
	}
	return "未报送"
}

func listsText(in BulletinInput) string {
	var parts []string
	for i, l := range in.Lists {
		p := "{{" + listPrefix(i)
		text := "《" + p + "名称}}》" + p + "条目数}}条，已完成" + p + "完成数}}条"
		if l.Figures.Late > 0 {
			text += "、滞后" + p + "滞后数}}条"
		}
		switch {
		case l.Figures.Due == 0:
			text += "，" + in.span() + "不需报送进展"
		case in.due():
			text += "，按时报送率" + p + "报送率}}"
		}
		parts = append(parts, text)
	}
	return "分清单看，" + strings.Join(parts, "；") + "。"
}

// progressText 主要进展: chosen reports in their order, parted by GroupBy in the order of
// first appearance, counted 一是、二是 anew in each part.
func progressText(in BulletinInput) string {
	groups := group(in.Chosen, in.GroupBy)
	var lines []string
	for i, g := range groups {
		if g.name != "" {
			lines = append(lines, "（"+numeral(i+1)+"）"+g.name)
		}
		lines = append(lines, ordered(g.chosen, func(c Chosen) string { return c.Progress })...)
	}
	return strings.Join(lines, "\n")
}

type chosenGroup struct {
	name   string
	chosen []Chosen
}

// group leaves out what has no progress to tell; a single group needs no heading.
func group(chosen []Chosen, by Grouping) []chosenGroup {
	var out []chosenGroup
	at := map[string]int{}
	for _, c := range chosen {
		if tidy(c.Progress) == "" {
			continue
		}
		name := ""
		switch by {
		case ByList:
			name = oneLine(c.List)
		case BySection:
			name = leadingNumber.ReplaceAllString(oneLine(c.Section), "")
		}
		if name == "" && by != Ungrouped {
			name = "其他工作"
		}
		name = plainBraces(name)
		i, seen := at[name]
		if !seen {
			i = len(out)
			at[name] = i
			out = append(out, chosenGroup{name: name})
		}
		out[i].chosen = append(out[i].chosen, c)
	}
	if len(out) == 1 {
		out[0].name = ""
	}
	return out
}

// ordered writes 一是…二是… over those works of which something was said; one alone is not counted.
func ordered(chosen []Chosen, part func(Chosen) string) []string {
	var told [][]Chosen
	at := map[string]int{}
	for _, c := range chosen {
		if tidy(part(c)) == "" {
			continue
		}
		i, seen := at[c.Work]
		if seen && c.Work != "" {
			told[i] = append(told[i], c)
			continue
		}
		at[c.Work] = len(told)
		told = append(told, []Chosen{c})
	}
	lines := make([]string, len(told))
	for i, work := range told {
		order := numeral(i+1) + "是"
		if len(told) == 1 {
			order = ""
		}
		lines[i] = order + statement(work, part)
	}
	return lines
}

// statement: item. what was said (unit). Of a work that several do: what each said; what they said in the same words stands once.
func statement(work []Chosen, part func(Chosen) string) string {
	var said []string
	units := map[string][]string{}
	for _, c := range work {
		text := strings.TrimRight(tidy(part(c)), "。；;，,.")
		if _, seen := units[text]; !seen {
			said = append(said, text)
		}
		units[text] = append(units[text], plainBraces(oneLine(c.Unit)))
	}
	for i, text := range said {
		if by := strings.Trim(strings.Join(units[text], "、"), "、"); by != "" {
			said[i] += "（" + by + "）"
		}
	}
	text := strings.Join(said, "；") + "。"
	if item := plainBraces(oneLine(work[0].Item)); inLine(item) != "" {
		text = inLine(item) + "。" + text
	}
	return text
}

// inLine is a title within a sentence: without the stop that it may end with.
func inLine(title string) string { return strings.TrimRight(title, "。；;，,") }

// leadingNumber is what a reporter puts before his text and what would stand beside ours.
var leadingNumber = regexp.MustCompile(`^(?:[一二三四五六七八九十]+是[：:，,]?|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\([一二三四五六七八九十\d]+\)|\d+[.．、](?:\D|$))`)

// tidy makes one line of a report's words, without the number they began with and without
// anything that would be read as a field.
func tidy(s string) string {
	s = oneLine(plainBraces(plainBreaks(s)))
	if m := leadingNumber.FindString(s); m != "" {
		if strings.ContainsRune("0123456789", rune(m[0])) {
			m = m[:strings.IndexAny(m, ".．、")]
			_, rest, _ := cutRune(s[len(m):])
			return strings.TrimSpace(rest)
		}
		return strings.TrimSpace(strings.TrimPrefix(s, m))
	}
	return s
}

func cutRune(s string) (first rune, rest string, ok bool) {
	for i, r := range s {
		if i > 0 {
			return first, s[i:], true
		}
		first, ok = r, true
	}
	return first, "", ok
}

// problemsText 存在问题: late work and missing reports by figures, then what units said.
func problemsText(in BulletinInput) string {
	var lines []string
	if in.Total.Late+in.Total.AtRisk > 0 {
		var parts []string
		if in.Total.Late > 0 {
			parts = append(parts, "{{滞后数}}项进度滞后")
		}
		if in.Total.AtRisk > 0 {
			parts = append(parts, "{{风险数}}项存在风险")
		}
		lines = append(lines, "从推进进度看，"+strings.Join(parts, "、")+"，需重点关注。")
	}
	if units := missingUnits(in.Missing); len(units) > 0 {
		const named = 12 // more are in the table
		var names []string
		for _, u := range units[:min(named, len(units))] {
			names = append(names, plainBraces(oneLine(u.unit))+"（"+itoa(u.n)+in.counted()+"）")
		}
		etc := ""
		if len(units) > named {
			etc = "等"
		}
		lines = append(lines, "从报送情况看，{{未报单位数}}个单位的{{未报数}}"+in.counted()+"进展"+in.missingWord()+"，涉及"+strings.Join(names, "、")+etc+"。")
	}
	if said := ordered(in.Chosen, func(c Chosen) string { return c.Problem }); len(said) > 0 {
		lines = append(lines, "各单位反映的主要困难和问题：")
		lines = append(lines, said...)
	}
	if len(lines) == 0 {
		lines = append(lines, in.span()+"各项任务总体按计划推进，未发现突出问题。")
	}
	return strings.Join(lines, "\n")
}

// nextText 下一步: what units said they will do, then the cut-off of the next reports.
func nextText(in BulletinInput) string {
	lines := ordered(in.Chosen, func(c Chosen) string { return c.Next })
	if in.Total.Late+in.Total.AtRisk > 0 {
		lines = append(lines, "请进度滞后和存在风险事项的牵头单位逐项分析原因，明确补救措施和完成时间，在下期进展中一并报送。")
	}
	switch {
	case len(in.Missing) == 0:
	case in.Shared:
		lines = append(lines, "请进展尚未采用的单位尽快报送，所在成员尽快审核。")
	default:
		lines = append(lines, "请未报送进展的单位尽快补报。")
	}
	if in.NextDue != "" {
		lines = append(lines, "请各责任单位于{{下期截止}}前报送下期进展。")
	}
	return strings.Join(lines, "\n")
}
