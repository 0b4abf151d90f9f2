package letter

import "strings"

// Figures 总体情况: what the board counts for one list or for all of them, already counted.
// Within one list the states count its listings and their sum is Listings. For the whole they
// count items, each once, at the worst of its listings, and their sum is Items; that is what
// "without double counting" (去重) means.
type Figures struct {
	Lists    int // 清单, 1 for one list
	Listings int // 条目: rows of the lists
	Items    int // 事项: pieces of work, each once

	Planned  int // 未启动
	OnTime   int // 按计划推进
	AtRisk   int // 存在风险
	Late     int // 进度滞后
	Done     int // 按期完成
	DoneLate int // 逾期完成
	Dropped  int // 调整退出

	Due         int // 应报: reports due in the period
	FiledOnTime int // 按时报送
	FiledLate   int // 逾期补报
	Missed      int // 未报送
}

// Plus adds rows of the same list that were counted apart.
func (f Figures) Plus(o Figures) Figures {
	f.Listings, f.Items, f.Planned, f.OnTime = f.Listings+o.Listings, f.Items+o.Items, f.Planned+o.Planned, f.OnTime+o.OnTime
	f.AtRisk, f.Late, f.Done, f.DoneLate = f.AtRisk+o.AtRisk, f.Late+o.Late, f.Done+o.Done, f.DoneLate+o.DoneLate
	f.Dropped, f.Due = f.Dropped+o.Dropped, f.Due+o.Due
	f.FiledOnTime, f.FiledLate, f.Missed = f.FiledOnTime+o.FiledOnTime, f.FiledLate+o.FiledLate, f.Missed+o.Missed
	return f
}

// PlusReports adds the reports of another period; what was counted of the work stays.
func (f Figures) PlusReports(o Figures) Figures {
	f.Due, f.FiledOnTime, f.FiledLate, f.Missed = f.Due+o.Due, f.FiledOnTime+o.FiledOnTime, f.FiledLate+o.FiledLate, f.Missed+o.Missed
	return f
}

// AllDone is what was done on time or late.
func (f Figures) AllDone() int { return f.Done + f.DoneLate }

// DoneRate 完成率 is AllDone over what was not dropped; "—" of nothing.
func (f Figures) DoneRate() string {
	return rate(perMille(f.AllDone(), f.Planned+f.OnTime+f.AtRisk+f.Late+f.AllDone()))
}

// FiledRate 按时报送率 is FiledOnTime over Due; "—" of nothing.
func (f Figures) FiledRate() string { return rate(perMille(f.FiledOnTime, f.Due)) }

// perMille rounds half up, but says neither all nor none unless it is so: 1999 of 2000 is
// 99.9 %, not 100.0 %. -1 is "of nothing".
func perMille(n, of int) int {
	if of <= 0 {
		return -1
	}
	p := (2000*n + of) / (2 * of)
	if p == 1000 && n < of {
		return 999
	}
	if p == 0 && n > 0 {
		return 1
	}
	return p
}

func rate(perMille int) string {
	if perMille < 0 {
		return "—"
	}
	return itoa(perMille/10) + "." + itoa(perMille%10) + "%"
}

// fields names the figures as a draft's text uses them; prefix names the list.
func (f Figures) fields(prefix string, into map[string]string) {
	for name, n := range map[string]int{
		"清单数": f.Lists, "条目数": f.Listings, "事项数": f.Items,
		"未启动数": f.Planned, "正常数": f.OnTime, "风险数": f.AtRisk, "滞后数": f.Late,
		"完成数": f.AllDone(), "逾期完成数": f.DoneLate, "退出数": f.Dropped,
		"应报数": f.Due, "按时报送数": f.FiledOnTime, "已报数": f.FiledOnTime + f.FiledLate, "补报数": f.FiledLate, "未报数": f.Missed,
	} {
		into[prefix+name] = itoa(n)
	}
	into[prefix+"完成率"] = f.DoneRate()
	into[prefix+"报送率"] = f.FiledRate()
}

// changes names how the figures differ from those before, such as of 上月.
func (f Figures) changes(was Figures, before string, into map[string]string) {
	into["完成数较"+before] = change(f.AllDone()-was.AllDone(), "增加", "减少", "项")
	into["滞后数较"+before] = change(f.Late-was.Late, "增加", "减少", "项")
	into["风险数较"+before] = change(f.AtRisk-was.AtRisk, "增加", "减少", "项")
	into["报送率较"+before] = changedRate(perMille(f.FiledOnTime, f.Due), perMille(was.FiledOnTime, was.Due))
}

// changedRate compares the printed rates, so that a reader's own subtraction agrees.
func changedRate(now, then int) string {
	diff := now - then
	switch {
	case now < 0 || then < 0:
		return "无可比数据"
	case diff > 0:
		return "提高" + strings.TrimSuffix(rate(diff), "%") + "个百分点"
	case diff < 0:
		return "下降" + strings.TrimSuffix(rate(-diff), "%") + "个百分点"
	}
	return "持平"
}

func change(diff int, more, less, unit string) string {
	switch {
	case diff > 0:
		return more + itoa(diff) + unit
	case diff < 0:
		return less + itoa(-diff) + unit
	}
	return "持平"
}
