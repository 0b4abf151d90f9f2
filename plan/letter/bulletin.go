package letter

import (
	"slices"
	"strings"
)

// BulletinInput is a bulletin (月度通报) of one month, or a summary (半年总结、年度总结) of half a year or a year: what the plan room knows and
// what the coordinator chose. RULES 2.2 gives the rhythm, no form of its own for summaries: they have the bulletin's, with what came of targets.
type BulletinInput struct {
	Subject string // such as 2022年成渝地区双城经济圈建设重点任务; the default title is made of it
	Month   string // 2006-01; of a summary 2006-H1, 2006-H2 or 2006
	AsOf    string // 截至, civil date
	Seen    string // how far each member's book was seen, in words; "" if one book only
	Shared  bool   // over several members: only what was accepted is known of reports
	Cutoff  string // of the month's reports, civil date; "" if none is owed
	NextDue string // cut-off of the next reports, civil date; "" leaves the sentence out

	Head, Urgency, Number, Title, To string // as in Document; Title "" is made of Subject and Month
	Signer, Date                     string
	CopyTo                           []string
	PrintedBy, PrintedOn             string
	Draft, Demo                      bool // Demo: 演示数据 stands at the foot of each page

	Labels map[State]string // what a place calls the states; nil: by our own words

	Total    Figures
	Previous *Figures // of the month before, in a year's summary of its first half; nil leaves the comparison out
	Outcome  *Outcome // of a summary only
	Lists    []List
	Joint    int // rows that several members do together: one piece of work of each
	Chosen   []Chosen
	GroupBy  Grouping
	Missing  []Missing
	Sources  []Source
}

// Outcome 目标完成情况 of a summary: each piece of work once.
type Outcome struct {
	Targets, Met        int // 量化目标: those with a figure, and those reached
	Steps, Due, Reached int // 节点: all, due by the as-of day, reached
	Rows                []Aim
}

// Aim is a target with a figure, and what was reached of it. Share is a percentage as text; "" if nothing was reported.
type Aim struct {
	List, No, Item, Lead, Name string
	Target, Value, Share       string
	State                      State
}

// Summary says that it is of half a year or a year.
func (in BulletinInput) Summary() bool { return len(in.Month) != len("2006-01") || in.Month[5] == 'H' }

// before names what Previous is of.
func (in BulletinInput) before() string {
	if in.Summary() {
		return "上半年"
	}
	return "上月"
}

// span names the time it is of from within.
func (in BulletinInput) span() string {
	switch {
	case !in.Summary():
		return "本月"
	case strings.HasSuffix(in.Month, "H1"):
		return "上半年"
	case strings.HasSuffix(in.Month, "H2"):
		return "下半年"
	}
	return "全年"
}

// List 清单 of the month with its rows, in the list's own order.
type List struct {
	Title   string
	Short   string // for the chart; "" cuts Title
	Figures Figures
	Rows    []Row
}

// Row 条目 of a list as it stands at the as-of date. Percent is a decimal between 0 and 100.
type Row struct {
	No, Section, Title, Lead, Due string
	State                         State
	Why                           string // 原因: why it is judged so
	Percent                       string
	Progress, Problem, Next       string
	Filing                        string // 报送: filed on time, late, missed …
}

// State 状态 of work as the bulletin names it.
type State string

// The states of work; their words are the bulletin's.
const (
	Planned  State = "未启动"
	OnTime   State = "正常推进"
	AtRisk   State = "有风险"
	Late     State = "滞后"
	Done     State = "已完成"
	DoneLate State = "逾期完成"
	Dropped  State = "已取消"
)

// Chosen 选用 report: what one unit said on one item, as it goes into the prose.
type Chosen struct {
	Work                    string // which work it is of: what several say of one stands together; "": of one that nobody else speaks of
	List, Section           string
	Item, Unit              string
	Progress, Problem, Next string // each may be empty
}

// Grouping is by what 二、主要进展 is parted into （一）（二）.
type Grouping string

// The groupings. Ungrouped counts through from the first to the last.
const (
	Ungrouped Grouping = ""
	ByList    Grouping = "list"
	BySection Grouping = "section"
)

// label is what the state is called here.
func (in BulletinInput) label(s State) string {
	if l := in.Labels[s]; l != "" {
		return l
	}
	return string(s)
}

// due says whether the cut-off of the month's reports is over: before it nothing is late or missing.
func (in BulletinInput) due() bool { return in.Cutoff == "" || in.Cutoff < in.AsOf }

// Open says that reports are owed and their cut-off is not over: more of them may come, and none is late.
func (in BulletinInput) Open() bool { return in.Total.Due > 0 && !in.due() }

// counted is by what reports are counted: a month's by pieces of work, those of several months by 项次, once for each time that work reports.
func (in BulletinInput) counted() string {
	if in.Summary() {
		return "项次"
	}
	return "项"
}

// Missing 未按时报送: a report that was due and is not there.
type Missing struct{ Unit, List, No, Item, Due string }

// Source of what the bulletin says: the entry that anyone can ask a proof of.
type Source struct {
	Item, Unit, Period string
	Book               string
	Entry              string // number of the entry in the book
	Hash               string
	FiledAt            string
}

// Section of the draft: Text is what people edit, a paragraph a line, figures as fields.
// Lines that begin with （一）, 1. or （1） become headings if they are short, and 一是…。 is
// printed strong. A section without text is left out and the others are numbered on.
type Section struct {
	Key   string // overall, progress, problems, next
	Title string // without its number
	Text  string
}

// Bulletin is the draft of a month: its sections and the figures they are filled with.
type Bulletin struct {
	In       BulletinInput
	Sections []Section
	Fields   map[string]string
}

// Compose writes the first draft of the month's prose.
func Compose(in BulletinInput) Bulletin {
	sections := []Section{
		{"overall", "总体情况", overallText(in)},
		{"progress", "主要进展", progressText(in)},
		{"problems", "存在问题", problemsText(in)},
		{"next", "下一步工作", nextText(in)},
	}
	if in.Outcome != nil {
		sections = slices.Insert(sections, 1, Section{"outcome", "目标完成情况", outcomeText(*in.Outcome, in.Total)})
	}
	return Resume(in, sections)
}

// Resume puts sections that people edited together with the present figures.
func Resume(in BulletinInput, sections []Section) Bulletin {
	return Bulletin{In: in, Sections: sections, Fields: fieldsOf(in)}
}

// Text is the whole prose as a reader will count it, filled, and what could not be filled.
// At of an unknown field counts from the beginning of its section's text; the map is by
// section key.
func (b Bulletin) Text() (string, map[string][]UnknownField) {
	var all strings.Builder
	unknown := map[string][]UnknownField{}
	for i, s := range b.present() {
		text, bad := Fill(s.Text, b.Fields)
		if len(bad) > 0 {
			unknown[s.Key] = append(unknown[s.Key], bad...)
		}
		all.WriteString(numeral(i+1) + "、" + s.Title + "\n" + strings.TrimSpace(text) + "\n")
	}
	return all.String(), unknown
}

// Count 字数 of the filled prose; the title and the tables are not counted. Compare Limit.
func (b Bulletin) Count() int {
	text, _ := b.Text()
	return Count(text)
}

func (b Bulletin) present() []Section {
	var out []Section
	for _, s := range b.Sections {
		if strings.TrimSpace(s.Text) != "" {
			out = append(out, s)
		}
	}
	return out
}

func fieldsOf(in BulletinInput) map[string]string {
	f := map[string]string{
		"截止日期": chineseDate(in.AsOf), "月份": chineseMonth(in.Month), "下期截止": chineseDate(in.NextDue), "本期截止": chineseDate(in.Cutoff),
		"共办数": itoa(in.Joint), "未报单位数": itoa(len(missingUnits(in.Missing))),
	}
	in.Total.fields("", f)
	if in.Previous != nil {
		in.Total.changes(*in.Previous, in.before(), f)
	}
	if o := in.Outcome; o != nil {
		for name, n := range map[string]int{"目标数": o.Targets, "达标数": o.Met, "节点数": o.Steps, "到期节点数": o.Due, "完成节点数": o.Reached} {
			f[name] = itoa(n)
		}
		f["未完成数"] = itoa(in.Total.Items - in.Total.AllDone())
	}
	for i, l := range in.Lists {
		prefix := listPrefix(i)
		f[prefix+"名称"] = l.Title
		l.Figures.fields(prefix, f)
	}
	return f
}

// listPrefix begins the field names of the i-th list: 清单1.完成数.
func listPrefix(i int) string { return "清单" + itoa(i+1) + "." }

// chineseMonth prints 2022-06 as 2022年6月, 2022-H1 as 2022年上半年 and 2022 as 2022年.
func chineseMonth(month string) string {
	year, half, ok := strings.Cut(month, "-H")
	switch {
	case ok && half == "1":
		return year + "年上半年"
	case ok:
		return year + "年下半年"
	case len(month) == len("2006"):
		return month + "年"
	}
	day := chineseDate(month + "-01")
	if whole, ok := strings.CutSuffix(day, "1日"); ok {
		return whole
	}
	return month
}

// chineseDay prints 2022-06-25 as 6月25日, for tables whose year stands in the title.
func chineseDay(day string) string {
	whole := chineseDate(day)
	if _, short, ok := strings.Cut(whole, "年"); ok {
		return short
	}
	return whole
}

// unitCount is how many reports one unit owes.
type unitCount struct {
	unit string
	n    int
}

// missingUnits counts by unit, in the order of first appearance.
func missingUnits(missing []Missing) []unitCount {
	var out []unitCount
	at := map[string]int{}
	for _, m := range missing {
		i, seen := at[m.Unit]
		if !seen {
			i = len(out)
			at[m.Unit] = i
			out = append(out, unitCount{unit: m.Unit})
		}
		out[i].n++
	}
	return out
}
