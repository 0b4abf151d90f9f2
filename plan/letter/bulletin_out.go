package letter

import (
	"regexp"
	"strings"
)

// Document is the bulletin as it will print, with what could not be filled by section key.
func (b Bulletin) Document() (Document, map[string][]UnknownField) {
	in := b.In
	d := Document{
		Head: in.Head, Urgency: in.Urgency, Number: in.Number, Title: b.Title(), To: in.To,
		Signer: in.Signer, Date: in.Date, CopyTo: in.CopyTo, PrintedBy: in.PrintedBy, PrintedOn: in.PrintedOn,
		Draft: in.Draft, Note: in.note(),
	}
	unknown := map[string][]UnknownField{}
	for i, s := range b.present() {
		text, bad := Fill(s.Text, b.Fields)
		if len(bad) > 0 {
			unknown[s.Key] = append(unknown[s.Key], bad...)
		}
		d.Body = append(d.Body, Heading{Level: 1, Text: numeral(i+1) + "、" + s.Title})
		d.Body = append(d.Body, prose(text)...)
		if s.Key == "overall" && len(in.Lists) > 0 {
			d.Body = append(d.Body, in.listChart())
		}
	}
	d.Annexes = in.annexes()
	return d, unknown
}

// Title of the bulletin: the given one or 关于2022年6月……推进情况的通报; of a summary 2022年上半年……工作总结.
func (b Bulletin) Title() string {
	if b.In.Title != "" {
		return b.In.Title
	}
	if b.In.Summary() {
		return chineseMonth(b.In.Month) + b.In.Subject + "工作总结"
	}
	return "关于" + chineseMonth(b.In.Month) + b.In.Subject + "推进情况的通报"
}

// note is the small line at the foot of each page.
func (in BulletinInput) note() string {
	var parts []string
	if in.AsOf != "" {
		parts = append(parts, "截至"+in.AsOf)
	}
	if in.Seen != "" {
		parts = append(parts, in.Seen)
	}
	if in.Demo {
		parts = append(parts, "演示数据")
	}
	return strings.Join(parts, "；")
}

var (
	secondLevel = regexp.MustCompile(`^（[一二三四五六七八九十]+）`)
	thirdLevel  = regexp.MustCompile(`^\d+[.．](?:\D|$)`)
	fourthLevel = regexp.MustCompile(`^（\d+）`)
	ordinal     = regexp.MustCompile(`^(?:[一二三四五六七八九十]+)是`)
)

// longestHeading in characters; a longer line of that look is a paragraph.
const longestHeading = 40

// prose makes blocks of a section's text, a paragraph a line.
func prose(text string) []Block {
	var out []Block
	for line := range strings.SplitSeq(plainBreaks(text), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, proseLine(line))
		}
	}
	return out
}

func proseLine(line string) Block {
	level := 0
	switch {
	case secondLevel.MatchString(line):
		level = 2
	case thirdLevel.MatchString(line):
		level = 3
	case fourthLevel.MatchString(line):
		level = 4
	}
	lead, rest := firstSentence(line)
	switch {
	case level > 0 && runes(lead) <= longestHeading && (rest != "" || !strings.HasSuffix(line, "。")):
		h := Heading{Level: level, Text: lead}
		if rest != "" {
			h.Then = []Span{{Text: rest}}
		}
		return h
	case ordinal.MatchString(line):
		if rest == "" || runes(lead) > longestHeading {
			lead = ordinal.FindString(line)
			rest = strings.TrimPrefix(line, lead)
		}
		return Paragraph{Spans: []Span{{Text: lead, Bold: true}, {Text: rest}}}
	}
	return Plain(line)
}

// firstSentence ends with its full stop; a line without one is all lead.
func firstSentence(line string) (lead, rest string) {
	if i := strings.Index(line, "。"); i >= 0 {
		i += len("。")
		return line[:i], line[i:]
	}
	return line, ""
}

// states in the order they are shown, with their colour in the chart.
var states = []struct {
	state State
	color string
	count func(Figures) int
}{
	{Done, "1F6F54", func(f Figures) int { return f.AllDone() }},
	{OnTime, "2E75B6", func(f Figures) int { return f.OnTime }},
	{AtRisk, "F2B233", func(f Figures) int { return f.AtRisk }},
	{Late, "C00000", func(f Figures) int { return f.Late }},
	{Planned, "BFBFBF", func(f Figures) int { return f.Planned }},
	{Dropped, "7F7F7F", func(f Figures) int { return f.Dropped }},
}

func (in BulletinInput) listChart() Chart {
	lists := in.Lists
	c := Chart{Title: "图1  各清单任务推进状态", Kind: StackedChart, Unit: "条"}
	for _, l := range lists {
		c.Categories = append(c.Categories, l.short())
	}
	for _, s := range states {
		series, any := Series{Name: in.label(s.state), Color: s.color}, false
		for _, l := range lists {
			n := s.count(l.Figures)
			any = any || n != 0
			series.Values = append(series.Values, itoa(n))
		}
		if any {
			c.Series = append(c.Series, series)
		}
	}
	if len(c.Series) == 0 { // nothing in any list: an axis with names, not a refusal
		c.Series = []Series{{Name: in.label(Planned), Values: make([]string, len(lists))}}
	}
	return c
}

func (l List) short() string {
	const most = 14
	name := l.Short
	if name == "" {
		name = l.Title
	}
	if rs := []rune(oneLine(name)); len(rs) > most {
		return string(rs[:most-1]) + "…"
	}
	return oneLine(name)
}

// annexes 附表: figures by list, work that is late or at risk, reports that are missing.
func (in BulletinInput) annexes() []Annex {
	var out []Annex
	if len(in.Lists) > 0 {
		out = append(out, Annex{Title: "各清单推进和报送情况表", Wide: true, Body: []Block{in.listTable()}})
	}
	if t := in.aimTable(); len(t.Rows) > 0 {
		out = append(out, Annex{Title: "量化目标完成情况表", Wide: true, Body: []Block{t}})
	}
	if t := in.lateTable(); len(t.Rows) > 0 {
		out = append(out, Annex{Title: "进度滞后和存在风险任务情况表", Wide: true, Body: []Block{t}})
	}
	if len(in.Missing) > 0 {
		out = append(out, Annex{Title: "未按时报送情况表", Body: []Block{in.missingTable()}})
	}
	return out
}

func (in BulletinInput) listTable() Table {
	t := Table{Columns: []Column{{Title: "清单", Width: 18}}}
	t.Columns = append(t.Columns, Column{Title: "任务数", Align: Right, Width: 5})
	for _, s := range []State{Done, OnTime, AtRisk, Late, Planned, Dropped} {
		t.Columns = append(t.Columns, Column{Title: in.label(s), Align: Right, Width: 5})
	}
	t.Columns = append(t.Columns, Column{Title: "完成率", Align: Right, Width: 6}, Column{Title: "报送率", Align: Right, Width: 6})
	for _, l := range in.Lists {
		t.Rows = append(t.Rows, figureRow(oneLine(l.Title), l.Figures.Listings, l.Figures))
	}
	if len(in.Lists) > 1 {
		t.Rows = append(t.Rows, figureRow("合计（去重）", in.Total.Items, in.Total))
		t.Total = true
		t.Note = "注：各清单按条目计；合计按事项计，" + in.once(itoa(in.Joint)) + "，状态取其各清单中最差者，故不等于各清单之和。"
	}
	return t
}

func figureRow(name string, count int, f Figures) []string {
	return []string{
		name, itoa(count), itoa(f.AllDone()), itoa(f.OnTime), itoa(f.AtRisk), itoa(f.Late),
		itoa(f.Planned), itoa(f.Dropped), f.DoneRate(), f.FiledRate(),
	}
}

func (in BulletinInput) lateTable() Table {
	t := Table{Columns: []Column{
		{Title: "序号", Align: Center, Width: 4},
		{Title: "清单", Width: 9},
		{Title: "编号", Align: Center, Width: 4},
		{Title: "任务", Width: 15},
		{Title: "牵头单位", Width: 8},
		{Title: "完成时限", Align: Center, Width: 7},
		{Title: "状态", Align: Center, Width: 5},
		{Title: "原因", Width: 12},
	}}
	for _, l := range in.Lists {
		for _, r := range l.Rows {
			if r.State == Late || r.State == AtRisk {
				t.Rows = append(t.Rows, []string{itoa(len(t.Rows) + 1), l.short(), r.No, oneLine(r.Title), oneLine(r.Lead), r.Due, in.label(r.State), oneLine(r.Why)})
			}
		}
	}
	return t
}

// aimTable has a row for each target with a figure; of a month's bulletin none.
func (in BulletinInput) aimTable() Table {
	t := Table{Columns: []Column{
		{Title: "序号", Align: Center, Width: 4},
		{Title: "清单", Width: 9},
		{Title: "编号", Align: Center, Width: 4},
		{Title: "任务", Width: 14},
		{Title: "牵头单位", Width: 8},
		{Title: "指标", Width: 9},
		{Title: "目标", Align: Right, Width: 6},
		{Title: "完成", Align: Right, Width: 6},
		{Title: "完成率", Align: Right, Width: 6},
		{Title: "状态", Align: Center, Width: 5},
	}}
	if in.Outcome == nil {
		return t
	}
	for i, a := range in.Outcome.Rows {
		t.Rows = append(t.Rows, []string{
			itoa(i + 1), oneLine(a.List), a.No, oneLine(a.Item), oneLine(a.Lead), oneLine(a.Name), a.Target, a.Value, a.Share, in.label(a.State),
		})
	}
	return t
}

func (in BulletinInput) missingTable() Table {
	t := Table{Columns: []Column{
		{Title: "序号", Align: Center, Width: 4},
		{Title: "责任单位", Width: 8},
		{Title: "清单", Width: 9},
		{Title: "编号", Align: Center, Width: 4},
		{Title: "任务", Width: 13},
		{Title: "应报日期", Align: Center, Width: 6},
	}}
	for i, m := range in.Missing {
		t.Rows = append(t.Rows, []string{itoa(i + 1), oneLine(m.Unit), oneLine(m.List), m.No, oneLine(m.Item), chineseDay(m.Due)})
	}
	return t
}
